package potential

import (
	"cmp"
	"math"
	"slices"

	"github.com/getij/getij/internal/series"
)

// Homes are a region's dwellings: how many there are, and as how many mean dwellings
// they use electricity.
type Homes struct{ Dwellings, Equivalents float64 }

// envelope answers the largest value of
//
//	equivalents x load - dwellings x solar + points x car
//
// over many cells. None of the three amounts is negative, so a cell can only be the
// largest if no other is as large in all three terms: a few out of hundreds.
type envelope struct{ cells []cell }

// cell is what one more of each adds, kW.
type cell struct{ load, solar, car float64 }

// newEnvelope takes the cells that are in the window. Sign -1 looks for the most
// negative cell and answers it as a positive number.
func newEnvelope(p *Profile, car *series.MonthTable, in func(month, quarter int) bool, sign float64) *envelope {
	var all []cell
	for month := range p.Load {
		for q := range p.Load[month] {
			if in(month, q) {
				all = append(all, cell{sign * p.Load[month][q], -sign * p.Solar[month][q], sign * car[month][q]})
			}
		}
	}
	// A cell that is as large in all terms comes first.
	slices.SortFunc(all, func(a, b cell) int {
		return cmp.Or(cmp.Compare(b.load, a.load), cmp.Compare(b.solar, a.solar), cmp.Compare(b.car, a.car))
	})
	e := &envelope{}
	for _, c := range all {
		if !slices.ContainsFunc(e.cells, func(k cell) bool { return k.solar >= c.solar && k.car >= c.car }) {
			e.cells = append(e.cells, c)
		}
	}
	return e
}

// at is the largest value, NaN for a nil envelope.
func (e *envelope) at(h Homes, points float64) float64 {
	if e == nil {
		return math.NaN()
	}
	largest := math.Inf(-1)
	for _, c := range e.cells {
		largest = max(largest, h.Equivalents*c.load+h.Dwellings*c.solar+points*c.car)
	}
	return largest
}
