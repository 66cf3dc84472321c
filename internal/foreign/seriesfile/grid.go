package seriesfile

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/getij/getij/internal/foreign/clock"

	"github.com/getij/getij/internal/dataset"
	"github.com/getij/getij/internal/series"
)

// rows are what a format's reader hands over of one file, or of one home in it.
type rows struct {
	file   string
	unit   string
	name   string      // of the column of prices of which nothing says the unit
	at     []int64     // start, seconds since 1970, UTC
	step   []int32     // seconds that each row holds for; nil when the spacing tells
	line   []int32     // in the file, from lineFrom on, see lineOf
	values [][]float64 // by column, NaN where empty
	ids    []string    // of the columns' homes, when the file tells them; never written out
	sub    []string    // what tells the rows of one home apart: a kind, a register
	home   bool        // one home without a name
	// firstText and lastText are the times of the first and last row as written.
	firstText, lastText string
	dayEnds             bool    // an hour of 24 was among the times
	anyRow              bool    // the format has no order of rows
	skipped             []int64 // wall-clock times that the clock skips in spring, dropped
	parts               []int32 // the numbers of the parts of their days, see countedOn
	naive               []bool  // while they are read: the time has no offset
	lineFrom            int32
	moved               bool // rows changed places
	// shared: at, line and step are also those of other parts, see shareWith.
	shared    bool
	lead      *rows // whose times these follow so far, see follows
	firstLine int32
}

func newRows(file string, columns int) *rows {
	return &rows{file: file, values: make([][]float64, columns)}
}

// add appends a row of values, which it does not keep.
func (p *rows) add(at int64, line int, values ...float64) error {
	if (len(p.at)+1)*len(p.values) > mostValues {
		return fmt.Errorf("%s has over %d values, a year of quarter-hours of 500 homes: split it", p.file, mostValues)
	}
	p.own()
	p.at = append(p.at, at)
	p.line = append(p.line, int32(line)-p.lineFrom)
	for i, v := range values {
		p.values[i] = append(p.values[i], v)
	}
	return nil
}

// dropEmpty leaves out the rows without any value, and counts the empty values.
func (p *rows) dropEmpty() (empty int) {
	n := 0
	for i := range p.at {
		has := false
		for _, c := range p.values {
			if math.IsNaN(c[i]) {
				empty++
			} else {
				has = true
			}
		}
		if !has {
			continue
		}
		if n < i {
			p.own()
			p.at[n], p.line[n] = p.at[i], p.line[i]
			if p.step != nil {
				p.step[n] = p.step[i]
			}
			for _, c := range p.values {
				c[n] = c[i]
			}
		}
		n++
	}
	p.cut(n)
	return empty
}

func (p *rows) cut(n int) {
	p.at, p.line = p.at[:n], p.line[:n]
	if p.step != nil {
		p.step = p.step[:n]
	}
	for i, c := range p.values {
		p.values[i] = c[:n]
	}
}

// inOrder checks the order of rows, where a format has one.
func (p *rows) inOrder(r *reading) error {
	if p.anyRow {
		return nil
	}
	for i := 1; i < len(p.at); i++ {
		if p.at[i] < p.at[i-1] {
			return fmt.Errorf("%s, row %d is at %s, before row %d at %s: sort the rows by time (are they in another time zone than was read?)%s", p.file, p.lineOf(i), clock.Stamp(p.at[i]), p.lineOf(i-1), clock.Stamp(p.at[i-1]), p.ofHomes(r))
		}
	}
	return nil
}

// ofHomes is the way out where rows may be of several homes that nothing was seen to tell
// apart.
func (p *rows) ofHomes(r *reading) string {
	if r.kind != dataset.Load || p.ids != nil {
		return ""
	}
	return "; where they are of several homes, name the column that tells them apart (--map home=...)"
}

func (p *rows) overlaps(o *rows) bool {
	a0, a1, b0, b1 := slices.Min(p.at), slices.Max(p.at), slices.Min(o.at), slices.Max(o.at)
	return min(a1, b1)-max(a0, b0) > 24*3600
}

const hour = int32(3600)

// spacing finds how long each row holds, from the times alone. A file has one
// spacing, the smallest; except that prices may be hourly for at least a day
// and quarter-hourly for the rest.
func (p *rows) spacing(kind dataset.Kind) error {
	if p.step != nil || len(p.at) < 2 {
		return nil
	}
	fine, at := int64(math.MaxInt64), 0
	for i := 1; i < len(p.at); i++ {
		if d := p.at[i] - p.at[i-1]; d > 0 && d < fine {
			fine, at = d, i
		}
	}
	if fine == math.MaxInt64 {
		return nil // one instant: the grid finds the repeats
	}
	if fine != 900 && fine != 1800 && fine != 3600 {
		return fmt.Errorf("%s, rows %d and %d are %s apart: quarter-hourly, half-hourly or hourly values were expected", p.file, p.lineOf(at-1), p.lineOf(at), time.Duration(fine)*time.Second)
	}
	step := make([]int32, len(p.at))
	for i := range step {
		step[i] = int32(fine)
	}
	if fine == 3600 {
		p.step = step
		return nil
	}
	for i := 0; i < len(p.at)-1; {
		j, steps := i, 0 // a run of rows on the hour, from i to j
		for j+1 < len(p.at) && p.at[j]%3600 == 0 {
			d := p.at[j+1] - p.at[j]
			if d%3600 != 0 || d > int64(dataset.LongestGap/time.Second)+3600 {
				break
			}
			if d > 0 {
				steps++
			}
			j++
		}
		if steps >= 23 {
			if kind != dataset.Prices {
				return fmt.Errorf("%s is hourly from row %d to %d and every %d minutes elsewhere: values of one spacing were expected", p.file, p.lineOf(i), p.lineOf(j), fine/60)
			}
			for k := i; k < j; k++ {
				step[k] = hour
			}
			if j == len(p.at)-1 {
				step[j] = hour
			}
		}
		i = max(j, i+1)
	}
	p.step = step
	return nil
}

// grid joins the parts of the same homes to evenly spaced series.
type grid struct {
	r     *reading
	parts []*rows
	names []string // of the columns' homes
	homes int      // of the whole import
	every int64
	start int64
	cells [][]float64
	gaps  []string // longer than are interpolated, in words
	// broken are the columns with such gaps.
	broken map[int]bool
}

// ref is a row of a part.
type ref struct{ part, row int32 }

func (g *grid) build() ([]*series.Series, error) {
	if err := g.settleSpacing(); err != nil {
		return nil, err
	}
	if g.even() {
		g.cells = g.parts[0].values
	} else if err := g.walk(g.order()); err != nil {
		return nil, err
	}
	if err := g.fill(); err != nil {
		return nil, err
	}
	var out []*series.Series
	for _, c := range g.cells {
		out = append(out, &series.Series{Start: time.Unix(g.start, 0).UTC(), Every: time.Duration(g.every) * time.Second, Values: c})
	}
	return out, nil
}

// settleSpacing finds the start of all parts, and the spacing that they have.
func (g *grid) settleSpacing() error {
	var fine int32 = math.MaxInt32
	n, first, last := 0, int64(math.MaxInt64), int64(math.MinInt64)
	for _, p := range g.parts {
		if err := p.spacing(g.r.kind); err != nil {
			return err
		}
		for _, s := range p.step {
			if s != 900 && s != 1800 && s != 3600 {
				return fmt.Errorf("%s holds values of %s: of a quarter, half or whole hour was expected", p.file, time.Duration(s)*time.Second)
			}
			fine = min(fine, s)
		}
		for _, at := range p.at {
			first, last = min(first, at), max(last, at)
		}
		n += len(p.at)
	}
	if fine == math.MaxInt32 {
		if n == 0 || first == last {
			return fmt.Errorf("%s has %d rows with a value: a year was expected", g.parts[0].file, n)
		}
		fine = hour
	}
	for _, p := range g.parts {
		if p.step == nil { // a single row
			p.step = make([]int32, len(p.at))
			for i := range p.step {
				p.step[i] = fine
			}
		}
		if slices.Max(p.step) != fine && g.r.kind != dataset.Prices {
			return fmt.Errorf("%s holds hourly values and others every %d minutes: values of one spacing were expected", p.file, fine/60)
		}
	}
	g.every, g.start = int64(fine), first
	return nil
}

// order sorts the rows of all parts by time.
func (g *grid) order() []ref {
	n := 0
	for _, p := range g.parts {
		n += len(p.at)
	}
	order := make([]ref, 0, n)
	for i, p := range g.parts {
		for k := range p.at {
			order = append(order, ref{int32(i), int32(k)})
		}
	}
	slices.SortStableFunc(order, func(a, b ref) int { return cmp.Compare(g.at(a), g.at(b)) })
	return order
}

func (g *grid) at(r ref) int64    { return g.parts[r.part].at[r.row] }
func (g *grid) step(r ref) int64  { return int64(g.parts[r.part].step[r.row]) }
func (g *grid) file(r ref) string { return g.parts[r.part].file }
func (g *grid) line(r ref) int    { return g.parts[r.part].lineOf(int(r.row)) }

// walk lays the rows out on the grid, NaN where there is none.
func (g *grid) walk(order []ref) error {
	columns := len(g.parts[0].values)
	for _, p := range g.parts {
		if len(p.values) != columns {
			return fmt.Errorf("%s has %d columns of values and %s %d: the same homes were expected", g.parts[0].file, columns, p.file, len(p.values))
		}
	}
	g.cells = make([][]float64, columns)
	next, last := g.start, order[0]
	hours, firstFine := 0, int64(0)
	for i, r := range order {
		at, step := g.at(r), g.step(r)
		if i > 0 && at == g.at(last) && step == g.step(last) {
			if err := g.repeat(last, r); err != nil {
				return err
			}
			continue
		}
		switch missing := at - next; {
		case missing < 0:
			return fmt.Errorf("%s, row %d at %s lies within what row %d of %s at %s holds for (%d minutes): keep the hourly or the quarter-hourly values of this time", g.file(r), g.line(r), clock.Stamp(at), g.line(last), g.file(last), clock.Stamp(g.at(last)), g.step(last)/60)
		case missing%g.every != 0:
			return fmt.Errorf("%s, row %d is %s after row %d, but the rows are %s apart: evenly spaced rows were expected", g.file(r), g.line(r), time.Duration(at-g.at(last))*time.Second, g.line(last), time.Duration(g.every)*time.Second)
		case missing > int64(g.longest()/time.Second):
			between := fmt.Sprintf("between rows %d and %d", g.line(last), g.line(r))
			if g.r.many {
				between = fmt.Sprintf("between row %d of %s and row %d of %s", g.line(last), g.file(last), g.line(r), g.file(r))
			}
			g.gaps = append(g.gaps, fmt.Sprintf("from %s to %s (%s)", clock.Stamp(next), clock.Stamp(at), between))
		case missing > 0:
			g.extend(missing, nil, 0)
		}
		g.extend(step, g.parts[r.part].values, int(r.row))
		if step > g.every {
			hours++
		} else if firstFine == 0 {
			firstFine = at
		}
		next, last = at+step, r
	}
	if len(g.gaps) > 0 {
		return g.tooLong()
	}
	if hours > 0 {
		g.r.note("%d hourly values are repeated over their parts, as the file turns to values every %d minutes at %s", hours, g.every/60, clock.Stamp(firstFine))
	}
	return nil
}

// mostGapsTold bounds the gaps that an error names.
const mostGapsTold = 10

// tooLong is the error about all gaps that are longer than are interpolated.
func (g *grid) tooLong() error {
	do := "gaps of up to 2 hours between values are interpolated, fill longer ones"
	if g.homes > 1 {
		do += " or leave the homes out (--leave-out)"
	}
	do += g.r.orFill()
	return gapsError(g.parts[0].file, "values", g.gaps, do)
}

// orFill is the switch that fills gaps of load.
func (r *reading) orFill() string {
	if r.kind != dataset.Load || r.opt.FillGaps {
		return ""
	}
	return ", or have them filled from the weeks beside them (--fill-gaps)"
}

// gapsError names the gaps of a file.
func gapsError(file, what string, gaps []string, do string) error {
	told, more := gaps[:min(len(gaps), mostGapsTold)], ""
	if len(gaps) > len(told) {
		more = fmt.Sprintf(", and %d more", len(gaps)-len(told))
	}
	if len(gaps) == 1 {
		return fmt.Errorf("%s has no %s %s: %s", file, what, told[0], do)
	}
	return fmt.Errorf("%s has no %s in %d periods: %s%s: %s", file, what, len(gaps), strings.Join(told, ", "), more, do)
}

// longestFilled is the longest gap that is filled from the weeks beside it.
const longestFilled = 14 * 24 * time.Hour

// longest is the longest gap that is filled.
func (g *grid) longest() time.Duration {
	if g.r.opt.FillGaps {
		return longestFilled
	}
	return dataset.LongestGap
}

// fillWeek fills values from i to j with those of the same hours of the nearest whole
// number of weeks before, or after, that is not in the gap; not where a value is missing.
func (g *grid) fillWeek(v []float64, i, j int) bool {
	week := int(7 * 24 * time.Hour / time.Second / time.Duration(g.every))
	if !g.r.opt.FillGaps || j-i > int(longestFilled/time.Second/time.Duration(g.every)) {
		return false
	}
	back := (j - i + week - 1) / week * week
	for _, by := range []int{-back, back} {
		if i+by < 0 || j+by > len(v) || slices.ContainsFunc(v[i+by:j+by], math.IsNaN) {
			continue
		}
		copy(v[i:j], v[i+by:j+by])
		return true
	}
	return false
}

// extend adds cells for some seconds: a row's values, or NaN.
func (g *grid) extend(seconds int64, values [][]float64, row int) {
	for c := range g.cells {
		v := math.NaN()
		if values != nil {
			v = values[c][row]
		}
		for range seconds / g.every {
			g.cells[c] = append(g.cells[c], v)
		}
	}
}

// repeat drops row b, that has the time of row a, when it holds the same.
func (g *grid) repeat(a, b ref) error {
	for c := range g.cells {
		was := &g.cells[c][len(g.cells[c])-1]
		v := g.parts[b.part].values[c][b.row]
		switch {
		case math.IsNaN(v) || v == *was:
		case math.IsNaN(*was):
			for k := range g.step(a) / g.every {
				g.cells[c][len(g.cells[c])-1-int(k)] = v
			}
		default:
			return fmt.Errorf("%s, row %d repeats the time %s of row %d of %s with another value (%g, not %g)%s: keep one of the two%s", g.file(b), g.line(b), clock.Stamp(g.at(b)), g.line(a), g.file(a), v, *was, g.of(c), g.parts[b.part].ofHomes(g.r))
		}
	}
	g.r.rep.Mend("repeated row dropped", g.r.where(g.parts[b.part], int(b.row), clock.Stamp(g.at(b))))
	return nil
}

// of names a home when there are several.
func (g *grid) of(column int) string {
	if g.homes == 1 {
		return ""
	}
	return " in " + g.names[column]
}

// fill interpolates what is missing.
func (g *grid) fill() error {
	type run struct{ from, to int }
	in := map[run][]int{} // columns
	for c, v := range g.cells {
		for i := 0; i < len(v); i++ {
			if !math.IsNaN(v[i]) {
				continue
			}
			j := i
			for j < len(v) && math.IsNaN(v[j]) {
				j++
			}
			if int64(j-i)*g.every > int64(dataset.LongestGap/time.Second) && i > 0 && j < len(v) && g.fillWeek(v, i, j) {
				g.r.rep.Mend("gap filled with the same hours of the week before, or after", fmt.Sprintf("%s to %s%s", g.cell(i), g.cell(j), g.of(c)))
				i = j
				continue
			}
			if int64(j-i)*g.every > int64(dataset.LongestGap/time.Second) || i == 0 || j == len(v) {
				g.gaps = append(g.gaps, fmt.Sprintf("from %s to %s%s", g.cell(i), g.cell(j), g.of(c)))
				if g.broken == nil {
					g.broken = map[int]bool{}
				}
				g.broken[c] = true
				i = j
				continue
			}
			for k := i; k < j; k++ {
				v[k] = v[i-1] + (v[j]-v[i-1])*float64(k-i+1)/float64(j-i+1)
			}
			in[run{i, j}] = append(in[run{i, j}], c)
			i = j
		}
	}
	if len(g.gaps) > 0 {
		return g.tooLong()
	}
	runs := make([]run, 0, len(in))
	for r := range in {
		runs = append(runs, r)
	}
	slices.SortFunc(runs, func(a, b run) int { return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to)) })
	for _, r := range runs {
		where := fmt.Sprintf("%s to %s", g.cell(r.from), g.cell(r.to))
		switch n := len(in[r]); {
		case g.homes == 1 || n == g.homes:
		case n == 1:
			where += g.of(in[r][0])
		default:
			where += fmt.Sprintf(" in %d homes", n)
		}
		g.r.rep.Mend("gap interpolated", where)
	}
	return nil
}

func (g *grid) cell(i int) string { return clock.Stamp(g.start + int64(i)*g.every) }
