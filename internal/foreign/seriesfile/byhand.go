package seriesfile

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/getij/getij/internal/foreign/clock"
	"github.com/getij/getij/internal/foreign/table"
)

// What a person says about a file: which columns are what, the order of dates, and the
// times of rows that have none.

// The keys of Options.Map.
const (
	mapTime  = "time"
	mapClock = "clock"
	mapValue = "value"
	mapHome  = "home"
)

// Fields are what columns of a table can be: the keys of Options.Map.
func Fields() []string { return []string{mapTime, mapClock, mapValue, mapHome} }

// mapped checks Options.Map, of which value is the same as Options.Column.
func (o *Options) mapped() error {
	for _, key := range slices.Sorted(maps.Keys(o.Map)) {
		if !slices.Contains(Fields(), key) {
			return fmt.Errorf("a column cannot be mapped to %q: %s was expected", key, strings.Join(Fields(), ", "))
		}
	}
	if v := o.Map[mapValue]; v != "" {
		if o.Column != "" && o.Column != v {
			return fmt.Errorf("the values are in column %q and in column %q: name one", o.Column, v)
		}
		o.Column = v
	}
	if o.Map[mapClock] != "" && o.Map[mapTime] == "" {
		return errors.New("a column of times of day is named, but not the one of the days: map time too")
	}
	return nil
}

// startTime is the first time of rows that have none.
type startTime struct {
	at   int64
	wall bool // it has no offset
}

// startAndStep reads Options.Start and Options.Step.
func (o *Options) startAndStep() (startTime, time.Duration, error) {
	if o.Start == "" && o.Step == 0 {
		return startTime{}, 0, nil
	}
	if o.Start == "" || o.Step != 15 && o.Step != 30 && o.Step != 60 {
		return startTime{}, 0, errors.New("for rows without times, their start (such as 2024-01-01T00:00+01:00) and their step (15, 30 or 60 minutes) were expected, both")
	}
	if len(o.Map) > 0 && o.Map[mapTime] != "" {
		return startTime{}, 0, errors.New("a start and a column of times are named: one of them was expected")
	}
	at, offset, err := new(clock.Reader).Read(o.Start)
	if err != nil {
		return startTime{}, 0, fmt.Errorf("the start is %q: %w", o.Start, err)
	}
	return startTime{at, !offset}, time.Duration(o.Step) * time.Minute, nil
}

// counted is the time of the next row without one. The rows go on evenly, also where
// the clock jumps.
func (r *reading) counted() (at int64, wall bool) {
	at = r.start.at
	if r.start.wall {
		zone := r.zone
		if zone == clock.Unsaid {
			zone = clock.Local
		}
		at, _, _ = zone.Instants(at)
	}
	at += int64(r.counts) * int64(r.step/time.Second)
	r.counts++
	return at, false
}

// headed gives names to the columns of a table without a header, and makes one column
// of rows that a person says have values only.
func (r *reading) headed(s *table.File) error {
	r.counts = 0
	if r.opt.Start != "" {
		s.AsOneColumn()
	}
	if !s.HasRows() {
		return nil
	}
	first := s.Records[0]
	bare := len(first) > 1 && (isTime(first[0]) || epochCell.MatchString(first[0])) || r.opt.Start != ""
	for i, c := range first {
		if i > 0 || r.opt.Start != "" {
			v, err := table.Number(c, s.MayComma())
			bare = bare && err == nil && (i > 0 || !math.IsNaN(v))
		}
	}
	if !bare {
		return nil
	}
	var names []string
	for i := range first {
		name := "column " + strconv.Itoa(i+1)
		if i == 0 && r.opt.Start == "" {
			name = "time"
		} else if len(first) <= 2 {
			name = "value"
		}
		names = append(names, name)
	}
	s.Unheaded(names)
	r.note("%s has no header: its columns are called %s", s.Name, strings.Join(names, ", "))
	return nil
}

var epochCell = regexp.MustCompile(`^1[0-9]{9}([0-9]{3})?$`)

// secondHeader takes a second row of a header for a part of it: below cells that are
// merged over several columns, of which the first has the text.
func (r *reading) secondHeader(s *table.File) {
	r.subheader = nil
	l, err := r.layoutOf(s)
	if err != nil || l.time < 0 || len(s.Below()) < 2 {
		return
	}
	row := s.Below()[0]
	if l.time < len(row) && row[l.time] != "" {
		return
	}
	named := 0
	for c, cell := range row {
		if cell == "" || isUnit(cell) {
			continue
		}
		if _, err := table.Number(cell, s.MayComma()); err == nil || isTime(cell) || c >= len(s.Header()) || table.IsTotal([]string{cell}) {
			return
		}
		named++
	}
	if named == 0 {
		return
	}
	header, above := slices.Clone(s.Header()), ""
	for c := range header {
		if header[c] != "" {
			above = header[c]
		}
		if c < len(row) && row[c] != "" {
			header[c] = strings.TrimSpace(above + " " + row[c])
		}
	}
	r.subheader = slices.Clone(row)
	s.Records = slices.Delete(s.Records, s.Top+1, s.Top+2)
	s.Records[s.Top] = header
}

// unitsRow takes a row of units below the header, such as ";kWh", for a part of it.
func (r *reading) unitsRow(s *table.File) {
	l, err := r.layoutOf(s)
	if err != nil || l.time < 0 || len(s.Below()) < 2 {
		return
	}
	row, units := s.Below()[0], 0
	for c, cell := range row {
		switch {
		case cell == "":
		case c == l.time || !isUnit(cell):
			return
		default:
			units++
		}
	}
	if units == 0 {
		return
	}
	header := slices.Clone(s.Header())
	for c, cell := range row {
		if cell != "" && c < len(header) && energyUnitIn(header[c]) == "" {
			header[c] += " (" + strings.Trim(cell, "()[] ") + ")"
		}
	}
	s.Records = slices.Delete(s.Records, s.Top+1, s.Top+2)
	s.Records[s.Top] = header
}

// isUnit tells the name of a unit, or of none.
func isUnit(cell string) bool {
	w := strings.Trim(strings.ToLower(cell), "()[] ")
	return notPower.MatchString(w) || energyUnits.FindString(w) == w && w != "" || w == "eur" || w == "€" || w == "°c" || w == "c" || w == "-"
}

// namedTime is a layout whose times a person names.
func (r *reading) namedTime(s *table.File, l layout, name string) (layout, error) {
	if l.time = s.Column(name); l.time < 0 {
		return l, fmt.Errorf("%s has no column %q: its columns are %s", s.Name, name, table.List(s.Header()))
	}
	l.order = r.orderIn(s, l.time)
	cell := s.First(l.time)
	start, _, isRange := clock.CutRange(cell)
	_, _, err := (&clock.Reader{Order: l.order}).Read(start)
	if _, _, moment := (&clock.Reader{Moments: true}).Read(cell); err != nil && moment == nil {
		l.unix, err = true, nil
	}
	if err != nil {
		return l, fmt.Errorf("%s has no times in column %q (%q): %w", s.Name, name, table.Redact(cell), err)
	}
	h := strings.ToLower(name)
	l.ranges, l.end, l.zone = isRange, endWords.MatchString(h) && !startWords.MatchString(h), clock.ZoneIn(h)
	if l.unix {
		l.zone = clock.UTC
	}
	if r.zone != clock.Unsaid {
		l.zone = r.zone
	} else if l.zone == clock.Unsaid {
		l.zone = clock.Local
	}
	if other := r.opt.Map[mapClock]; other != "" {
		c := s.Column(other)
		if c < 0 {
			return l, fmt.Errorf("%s has no column %q: its columns are %s", s.Name, other, table.List(s.Header()))
		}
		l.clock = c
		if !clock.IsTimeOfDay(clockStart(s.First(c))) {
			l.countParts(s)
		}
		return l, nil
	}
	l.timesOfDay(s)
	return l, nil
}

// orderIn is the order of day and month in a column: the one a person says; or the only
// one that fits; or where both do, the one by which the rows lie closer together.
func (r *reading) orderIn(s *table.File, c int) clock.Order {
	switch r.opt.DateOrder {
	case "dmy":
		return clock.DayFirst
	case "mdy":
		return clock.MonthFirst
	}
	var cells []string
	for _, rec := range s.Below() {
		if c < len(rec) {
			start, _, _ := clock.CutRange(rec[c])
			cells = append(cells, start)
		}
	}
	order, err := clock.OrderIn(cells)
	if err == nil && order == clock.MonthFirst || err != nil && widest(cells, clock.MonthFirst) < widest(cells, clock.DayFirst) {
		return clock.MonthFirst
	}
	return clock.DayFirst
}

// widest is the largest step between times, in seconds.
func widest(cells []string, order clock.Order) (most int64) {
	reader := clock.Reader{Order: order}
	last, any := int64(0), false
	for _, c := range cells {
		at, _, err := reader.Read(c)
		if err != nil {
			continue
		}
		if any {
			most = max(most, at-last, last-at)
		}
		last, any = at, true
	}
	return most
}
