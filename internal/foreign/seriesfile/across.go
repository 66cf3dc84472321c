package seriesfile

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/getij/getij/internal/foreign/table"
)

// Tables with parts of the day, or times, as columns.

// isLabel tells a column that says of what the rows are.
func isLabel(name string) bool {
	name = plainWords(strings.TrimSpace(name))
	for _, names := range []interface{ MatchString(string) bool }{homeIDWords, kindNames, unitNamed, registerNames, meterNumbers, areaName, moneyName} {
		if names.MatchString(name) {
			return true
		}
	}
	return false
}

// partsBelow gives a table with a row for each day, and a column for each part of it, a
// row for each part. Columns that say of what the rows are stay; others, such as of the
// day's sum, are left out.
func (r *reading) partsBelow(s *table.File, h headings) error {
	t := s.Table()
	t.CSV.LazyQuotes = true
	var names, above []string
	for range h.top + 1 {
		rec, err := t.Next()
		if err != nil {
			return err
		}
		names = slices.Clone(rec)
		above = append(above, rec...)
	}
	for i := range names {
		names[i] = strings.Clone(names[i])
	}
	above = slices.Clone(above)
	if h.top+1 < len(s.Records) {
		above = append(above, s.Records[h.top+1]...)
	}
	var labels []int
	var other []string
	for c, name := range names {
		switch {
		case c == h.day || slices.Contains(h.parts.cols, c) || name == "":
		case isLabel(name):
			labels = append(labels, c)
		default:
			other = append(other, name)
		}
	}
	if len(other) > 0 {
		r.note("columns beside the parts of the day are left out: %s", table.List(other))
	}
	header := []string{timeName(strings.Join(above, " "))}
	if !h.parts.clock {
		header = append(header, cmp.Or(map[int]string{quartersIn: "pte", halvesIn: "half hour"}[partsIn(len(h.parts.cols))], "hour"))
	}
	for _, c := range labels {
		header = append(header, names[c])
	}
	header = append(header, r.valueName(s, above))
	return s.Expand(header, t.Line, func() (rows [][]string, place int, err error) {
		for len(rows) == 0 {
			rec, err := t.Next()
			if err != nil {
				return nil, 0, err
			}
			if rows, err = r.partsOfDay(t, h, names, rec, labels); err != nil {
				return nil, 0, err
			}
		}
		return rows, t.Line, nil
	})
}

// partsOfDay are the rows that a row of a day becomes: none where it has no values.
func (r *reading) partsOfDay(t *table.Table, h headings, names, rec []string, labels []int) (rows [][]string, err error) {
	where := fmt.Sprintf("row %d", t.Line)
	if r.many {
		where = t.Name + ", " + where
	}
	var filled []int // of the parts
	for i, c := range h.parts.cols {
		if c < len(rec) && rec[c] != "" {
			filled = append(filled, i)
		}
	}
	day := ""
	if h.day < len(rec) {
		day = rec[h.day]
	}
	switch {
	case len(filled) == 0:
		return nil, nil
	case isDay(day):
	case slices.Equal(trimmed(rec), trimmed(names)):
		r.rep.Mend("header inside the file left out", where)
		return nil, nil
	case table.IsTotal(rec):
		r.rep.Mend("row of totals left out", where)
		return nil, nil
	default:
		return nil, t.RowError(names[h.day], day, "a day was expected")
	}
	if m := dayCell.FindStringSubmatch(day); m != nil {
		day = m[1]
	} else if packedDay.MatchString(day) {
		day = day[:4] + "-" + day[4:6] + "-" + day[6:]
	}
	for _, i := range filled {
		row := []string{day, h.parts.texts[i]}
		if h.parts.clock {
			row = []string{day + " " + h.parts.texts[i]}
		}
		for _, c := range labels {
			if c < len(rec) {
				row = append(row, rec[c])
			} else {
				row = append(row, "")
			}
		}
		rows = append(rows, append(row, rec[h.parts.cols[i]]))
	}
	return rows, nil
}

// calculated is how the kinds of rows begin that Home Assistant computes from others.
const calculated = "calculated_"

// acrossSeries is a row of a table whose columns are times.
type acrossSeries struct {
	name  string
	kind  string // of what it is, where a column says it
	cells []string
}

// turned gives a table with a row for each series and a column for each time a row for
// each time and a column for each series. Series of one kind, as of two tariffs, are
// added up where a column says their kinds and units.
func (r *reading) turned(s *table.File, h headings, all [][]string, places []int) (rows [][]string, at []int, err error) {
	names := all[h.top]
	var times, labels []int
	kind, unit := -1, -1
	for c, name := range names {
		switch {
		case isMoment(name):
			times = append(times, c)
		case name == "" && c > 0:
		default:
			labels = append(labels, c)
			if kindNames.MatchString(plainWords(name)) {
				kind = c
			}
			if unitNamed.MatchString(plainWords(name)) {
				unit = c
			}
		}
	}
	var list []acrossSeries
	for i, rec := range all[h.top+1:] {
		one := acrossSeries{cells: make([]string, len(times))}
		for k, c := range times {
			if c < len(rec) {
				one.cells[k] = rec[c]
			}
		}
		if !slices.ContainsFunc(one.cells, func(c string) bool { return c != "" }) {
			continue
		}
		if kind >= 0 && kind < len(rec) && strings.HasPrefix(rec[kind], calculated) && !allWords.MatchString(plainWords(rec[kind])) {
			r.note("rows of %q in %s are left out: they say where a part of others came from", table.Redact(rec[kind]), s.Name)
			continue
		}
		var words []string
		for _, c := range labels {
			if c < len(rec) && rec[c] != "" && c != unit && (kind < 0 || c == kind) {
				words = append(words, rec[c])
			}
		}
		if kind >= 0 && kind < len(rec) {
			one.kind = rec[kind]
		}
		if one.name = strings.Join(words, " "); one.name == "" {
			return nil, nil, fmt.Errorf("%s, row %d does not say of what it is: names in the columns before the times were expected", s.Name, places[h.top+1+i])
		}
		if unit >= 0 && unit < len(rec) && rec[unit] != "" {
			one.name += " (" + rec[unit] + ")"
		}
		k := slices.IndexFunc(list, func(o acrossSeries) bool { return o.name == one.name })
		switch {
		case k < 0:
			list = append(list, one)
		case kind < 0:
			return nil, nil, fmt.Errorf("%s, row %d has the name of a row above: rows with names of their own were expected", s.Name, places[h.top+1+i])
		default:
			if err := list[k].add(s, one); err != nil {
				return nil, nil, err
			}
			r.note("rows of %q in %s are added up", table.Redact(one.name), s.Name)
		}
	}
	header := []string{"time"}
	for _, one := range list {
		header = append(header, one.name)
	}
	rows, at = [][]string{header}, []int{places[h.top]}
	for k, c := range times {
		row := []string{names[c]}
		for _, one := range list {
			row = append(row, one.cells[k])
		}
		rows, at = append(rows, row), append(at, places[h.top])
	}
	return rows, at, nil
}

// add adds up cells of two series; an empty one counts as none beside the other.
func (a *acrossSeries) add(s *table.File, b acrossSeries) error {
	for k, cell := range b.cells {
		switch {
		case table.Missing(cell):
		case table.Missing(a.cells[k]):
			a.cells[k] = cell
		default:
			x, err1 := table.Number(a.cells[k], s.MayComma())
			y, err2 := table.Number(cell, s.MayComma())
			if err := cmp.Or(err1, err2); err != nil {
				return fmt.Errorf("%s has %q and %q in rows of %q: %w", s.Name, table.Redact(a.cells[k]), table.Redact(cell), table.Redact(a.name), err)
			}
			a.cells[k] = fmt.Sprint(x + y)
		}
	}
	return nil
}
