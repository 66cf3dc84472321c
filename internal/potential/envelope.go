package potential

import (
	"math"
	"sort"

	"github.com/getij/getij/internal/series"
)

// envelope answers the largest value of
//
//	dwellings x base + points x car
//
// over many cells. Divided by the dwellings each cell is a straight line in the
// points per dwelling, so only the cells on the upper envelope of these lines can
// be the largest, a few out of hundreds.
type envelope struct {
	lines []line    // by rising slope
	from  []float64 // points per dwelling from which lines[i] is the largest
}

type line struct{ base, car float64 }

// newEnvelope takes the cells that are in the window. Sign -1 looks for the most
// negative cell and answers it as a positive number.
func newEnvelope(base, car *series.MonthTable, in func(month, quarter int) bool, sign float64) *envelope {
	var all []line
	for month := range base {
		for q := range base[month] {
			if in(month, q) {
				all = append(all, line{sign * base[month][q], sign * car[month][q]})
			}
		}
	}
	sort.Slice(all, func(i, j int) bool {
		if all[i].car != all[j].car {
			return all[i].car < all[j].car
		}
		return all[i].base < all[j].base
	})
	e := &envelope{}
	for _, l := range all {
		for len(e.lines) > 0 {
			top := e.lines[len(e.lines)-1]
			if l.base >= top.base { // larger from 0 points on
				e.pop()
				continue
			}
			if from := (top.base - l.base) / (l.car - top.car); from <= e.from[len(e.from)-1] {
				e.pop()
				continue
			}
			break
		}
		from := 0.0
		if n := len(e.lines); n > 0 {
			top := e.lines[n-1]
			from = (top.base - l.base) / (l.car - top.car)
		}
		e.lines, e.from = append(e.lines, l), append(e.from, from)
	}
	return e
}

func (e *envelope) pop() {
	e.lines, e.from = e.lines[:len(e.lines)-1], e.from[:len(e.from)-1]
}

// at is the largest value, NaN for a nil envelope.
func (e *envelope) at(dwellings, points float64) float64 {
	if e == nil {
		return math.NaN()
	}
	i := len(e.lines) - 1
	if dwellings > 0 {
		ratio := points / dwellings
		for i > 0 && e.from[i] > ratio {
			i--
		}
	}
	return dwellings*e.lines[i].base + points*e.lines[i].car
}
