package seriesfile

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/getij/getij/internal/foreign/clock"
	"github.com/getij/getij/internal/foreign/table"
)

// sameSum is how near a number without a time must be to the sum of those above it:
// programs round it.
const sameSum = 1e-4

// asides are rows between those of values that hold none: empty ones, totals, and the
// header once more, as where files were put together.
type asides struct {
	r      *reading
	t      *table.Table
	l      layout
	cols   []int
	header []string
	sums   []float64
	bare   []float64 // the sums of the digits without points and commas
}

func newAsides(r *reading, t *table.Table, l layout, cols []int) *asides {
	t.Short = true
	a := &asides{r: r, t: t, l: l, cols: cols, sums: make([]float64, len(cols)), bare: make([]float64, len(cols))}
	for _, h := range l.header {
		a.header = append(a.header, strings.TrimSpace(h))
	}
	return a
}

// count adds up the values of a row.
func (a *asides) count(rec []string, values []float64) {
	for i, v := range values {
		if !math.IsNaN(v) {
			a.sums[i] += v
			a.bare[i] += bareNumber(rec[a.cols[i]])
		}
	}
}

// bareNumber is the number that the digits of a cell make up without points and commas.
func bareNumber(cell string) (v float64) {
	for _, c := range []byte(cell) {
		if c >= '0' && c <= '9' {
			v = 10*v + float64(c-'0')
		}
	}
	if strings.HasPrefix(cell, "-") || strings.HasSuffix(cell, "-") {
		return -v
	}
	return v
}

// leaves tells that a row is left out, and counts it. A row that is short for another
// reason is an error, and so is one without a time.
func (a *asides) leaves(rec []string) (bool, error) {
	short := a.t.Shortage()
	if a.l.time < 0 {
		return false, short
	}
	when := ""
	if a.l.time < len(rec) {
		when = rec[a.l.time]
	}
	if short == nil && when != "" && when[0] >= '0' && when[0] <= '9' {
		return false, nil // nearly all rows
	}
	where := fmt.Sprintf("row %d", a.t.Line)
	if a.r.many {
		where = a.t.Name + ", " + where
	}
	switch {
	case !slices.ContainsFunc(rec, func(c string) bool { return c != "" }):
		return true, nil
	case short == nil && when == "" && !slices.ContainsFunc(rec, func(c string) bool { return c != "" && !isUnit(c) }):
		return true, nil // the units below the header
	case a.r.subheader != nil && a.t.Line <= mostAboveValues && slices.Equal(trimmed(rec), trimmed(a.r.subheader)):
		return true, nil
	case slices.Equal(trimmed(rec), trimmed(a.header)):
		a.r.rep.Mend("header inside the file left out", where)
		return true, nil
	case !isTime(when) && table.IsTotal(rec):
		a.r.rep.Mend("row of totals left out", where)
		return true, nil
	case short != nil:
		return false, short
	case when == "" && a.noValues(rec):
		a.r.rep.Mend("row without a time and a value left out", where)
		return true, nil
	case when == "" && a.addsUp(rec):
		a.r.rep.Mend("row of totals left out", where)
		return true, nil
	case when != "" && !isTime(when) && a.looksHeader(rec):
		return false, fmt.Errorf("%s has another table from row %d on, with the columns %s: split the file there, and import the part that is wanted", a.t.Name, a.t.Line, table.List(slices.Clone(rec)))
	}
	return false, nil
}

// mostAboveValues is how far down a second row of a header may stand.
const mostAboveValues = 30

func trimmed(rec []string) []string {
	for len(rec) > 0 && rec[len(rec)-1] == "" {
		rec = rec[:len(rec)-1]
	}
	return rec
}

func isTime(text string) bool {
	start, _, _ := clock.CutRange(text)
	_, _, err := (&clock.Reader{}).Read(start)
	return err == nil
}

func (a *asides) noValues(rec []string) bool {
	return !slices.ContainsFunc(a.cols, func(c int) bool { return !table.Missing(rec[c]) })
}

// addsUp tells that the values of a row are the sums of those above; also where marks
// stand before thousands.
func (a *asides) addsUp(rec []string) bool {
	for i, c := range a.cols {
		v, err := table.Number(rec[c], a.t.MayComma())
		if err != nil || math.IsNaN(v) {
			return false
		}
		bare := bareNumber(rec[c])
		if math.Abs(v-a.sums[i]) > sameSum*math.Abs(a.sums[i]) && math.Abs(bare-a.bare[i]) > sameSum*math.Abs(a.bare[i]) {
			return false
		}
	}
	return true
}

// looksHeader tells a row of several words, where values stand otherwise.
func (a *asides) looksHeader(rec []string) bool {
	words := 0
	for _, c := range rec {
		if _, err := table.Number(c, a.t.MayComma()); err != nil && !isTime(c) {
			words++
		}
	}
	return words > 1 && slices.ContainsFunc(a.cols, func(c int) bool {
		_, err := table.Number(rec[c], a.t.MayComma())
		return err != nil
	})
}
