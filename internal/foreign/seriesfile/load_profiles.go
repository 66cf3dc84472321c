package seriesfile

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/getij/getij/internal/foreign/clock"
	"github.com/getij/getij/internal/foreign/table"
)

// readProfiles reads MFFBAS's standard profiles: rows of descriptions, then per
// quarter-hour one or more columns of time and a column per profile, such as
// 1.00_E1A_AZI_A: category E1A; AZI connections without feed-in, AMI with; A
// taken, I fed in. The first column is the end of the quarter in fixed UTC+1;
// or the first two are its start and end.
func readProfiles(r *reading, s *table.File) ([]*rows, error) {
	s.Top = slices.IndexFunc(s.Records, func(rec []string) bool {
		return slices.ContainsFunc(rec, func(c string) bool { return strings.EqualFold(c, "versienr") || profileCell.MatchString(c) })
	})
	if s.Top < 0 {
		return nil, fmt.Errorf("%s has no row with a cell Versienr or a profile such as 1.00_E1A_AZI_A: the table of MFFBAS was expected", s.Name)
	}
	names := s.Header()
	col, err := r.profileColumn(s, names)
	if err != nil {
		return nil, err
	}
	first := slices.IndexFunc(s.Below(), func(rec []string) bool { return len(rec) > 0 && rec[0] != "" && rec[0][0] >= '0' && rec[0][0] <= '9' })
	if first < 0 {
		return nil, fmt.Errorf("%s has no rows of quarter-hours below its header: a time was expected in the first column", s.Name)
	}
	row := s.Below()[first]
	l := layout{header: names, clock: -1, zone: clock.Winter, end: true}
	if len(row) > 1 && strings.IndexByte(row[0], '-') == 2 { // van;tot
		if _, _, err := new(clock.Reader).Read(row[1]); err == nil {
			l.end = false
			l.zone = clock.WinterOrLocal
		}
	}
	l.zone = cmp.Or(r.zone, l.zone)
	t := s.Table()
	if err := t.SkipHeader(); err != nil {
		return nil, err
	}
	for range first {
		t.Columns = 0 // rows of descriptions may be short
		if _, err := t.Next(); err != nil {
			return nil, err
		}
	}
	t.Columns = len(row)
	if col >= len(row) {
		return nil, fmt.Errorf("%s has %d columns in row %d, the header %d (is the file cut off?)", s.Name, len(row), t.Line+1, len(names))
	}
	parts, err := r.body(t, l, []int{col}, -1, nil)
	if err != nil {
		return nil, err
	}
	r.columns.Add("%s", names[col])
	parts[0].unit = fraction
	if r.opt.Unit == "" {
		r.units.Add("fraction of a year per interval (standard profiles are)")
		return parts, nil
	}
	return parts, r.energies(parts, names[col])
}

// profileColumn is the column asked for, in full or without its version, or the
// household profile E1A of homes without feed-in, of the newest version.
func (r *reading) profileColumn(s *table.File, names []string) (int, error) {
	var known []string
	for _, n := range names {
		if profileCell.MatchString(n) || fractionName.MatchString(n) {
			known = append(known, n)
		}
	}
	want := []string{"E1A_AZI_A", "E1A_A", "E1A"}
	switch {
	case r.opt.Column != "":
		want = []string{r.opt.Column}
	case r.opt.FeedIn:
		want = []string{"E1A_AMI_I", "E1A_AZI_I", "E1A_I"}
	}
	for _, w := range want {
		at, version := -1, ""
		for i, n := range names {
			v, rest, ok := strings.Cut(n, "_")
			if strings.EqualFold(n, w) || ok && profileCell.MatchString(n) && strings.EqualFold(rest, w) {
				if at < 0 || v > version {
					at, version = i, v
				}
			}
		}
		if at >= 0 {
			r.feedIn = r.opt.FeedIn
			if len(known) > 1 {
				r.note("%s has the profiles %s", s.Name, table.List(known))
			}
			return at, nil
		}
	}
	return 0, fmt.Errorf("%s has no profile %s: its columns are %s", s.Name, want[0], table.List(known))
}

// readFractions reads tables of profile fractions, as EDSN published them: a time
// and a column per profile.
func readFractions(r *reading, s *table.File) ([]*rows, error) {
	l, err := r.layoutOf(s)
	if err != nil {
		return nil, err
	}
	numeric := l.numeric(s)
	col := -1
	if r.opt.Column != "" || len(numeric) != 1 {
		var err error
		if col, err = r.profileColumn(s, l.header); err != nil {
			return nil, err
		}
	} else {
		col = numeric[0]
	}
	parts, err := r.rowsOf(s, l, []int{col}, -1, nil)
	if err != nil {
		return nil, err
	}
	if err := parts[0].endsOfDays(r, l); err != nil {
		return nil, err
	}
	r.columns.Add("%s", table.Redact(l.header[col]))
	return parts, r.energies(parts, l.header[col])
}
