package seriesfile

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/getij/getij/internal/foreign/clock"
	"github.com/getij/getij/internal/foreign/table"
)

// readFile adds the parts of one file, and returns its hash. Of a workbook the sheet
// asked for is read, or else the sheets that hold what is read.
func (r *reading) readFile(ctx context.Context, path string) (sum string, err error) {
	r.path = path
	s, err := table.OpenSheet(ctx, path, r.opt.Sheet, mostBytes)
	if err != nil {
		return "", err
	}
	if len(s.Sheets) < 2 || r.opt.Sheet != "" {
		defer s.Close()
		return r.readSource(s)
	}
	all := s.Sheets
	if err := s.Close(); err != nil {
		return "", err
	}
	names, err := r.chooseSheets(ctx, path, all)
	if err != nil {
		return "", err
	}
	r.many = r.many || len(names) > 1
	for _, name := range names {
		if sum, err = r.readSheet(ctx, path, name); err != nil {
			return "", err
		}
	}
	return sum, nil
}

func (r *reading) readSheet(ctx context.Context, path, name string) (string, error) {
	s, err := table.OpenSheet(ctx, path, name, mostBytes)
	if err != nil {
		return "", err
	}
	defer s.Close()
	s.Name += ", sheet " + table.Redact(name)
	return r.readSource(s)
}

// chooseSheets finds the sheets of a workbook that are read: the first that is
// recognised, of hours or parts of them where there is one, and those with the same
// columns. It says which, and why.
func (r *reading) chooseSheets(ctx context.Context, path string, all []string) ([]string, error) {
	type seen struct {
		name, header string
		days         bool
	}
	var fit []seen
	var firstErr error
	file := ""
	for _, name := range all {
		s, err := table.OpenSheet(ctx, path, name, mostBytes)
		if err != nil {
			continue // an empty sheet
		}
		file = s.Name
		if _, _, err = r.recognise(s); err == nil {
			_, err = r.layoutOf(s)
		}
		if err == nil {
			err = notPowerName(r.kind, name)
		}
		if err == nil {
			fit = append(fit, seen{name, strings.Join(s.Header(), "\t"), r.daily(s)})
		} else if firstErr == nil {
			firstErr = err
		}
		if err := s.Close(); err != nil {
			return nil, err
		}
	}
	if len(fit) == 0 {
		if firstErr == nil {
			firstErr = fmt.Errorf("%s has no sheet with rows", file)
		}
		return nil, fmt.Errorf("none of the sheets %s is recognised: %w", table.Redact(strings.Join(all, ", ")), firstErr)
	}
	first := fit[max(slices.IndexFunc(fit, func(s seen) bool { return !s.days }), 0)]
	var take, left []string
	for _, name := range all {
		if slices.ContainsFunc(fit, func(s seen) bool { return s.name == name && s.header == first.header && s.days == first.days }) {
			take = append(take, name)
		} else {
			left = append(left, name)
		}
	}
	why := "the only one that is recognised"
	switch {
	case len(take) > 1:
		why = "they have the same columns"
	case len(fit) > 1 && first.name != fit[0].name:
		why = "the first with hours or parts of them"
	case len(fit) > 1:
		why = "the first that is recognised"
	}
	said := fmt.Sprintf("of the sheets of %s %s is read (%s)", file, table.Redact(strings.Join(take, ", ")), why)
	if len(left) > 0 {
		said += fmt.Sprintf("; left out: %s. Ask for another with --sheet", table.Redact(strings.Join(left, ", ")))
	}
	r.note("%s", said)
	return take, nil
}

// daily tells a table whose first rows are a day or more apart.
func (r *reading) daily(s *table.File) bool {
	l, err := r.layoutOf(s)
	if err != nil || l.time < 0 || l.clock >= 0 {
		return false
	}
	reader := clock.Reader{Order: l.order}
	last, n := int64(0), 0
	for _, rec := range s.Below() {
		if l.time >= len(rec) {
			continue
		}
		start, _, _ := clock.CutRange(rec[l.time])
		at, _, err := reader.Read(start)
		if err != nil {
			continue
		}
		if d := at - last; n > 0 && d > -dayLong && d < dayLong && d != 0 {
			return false
		}
		last = at
		n++
	}
	return n > 1
}

// dayLong is the shortest day in seconds, that of 23 hours.
const dayLong = 23 * 3600
