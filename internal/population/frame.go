package population

import (
	"math"
	"slices"
	"time"

	"github.com/getij/getij/dispatch"
	"github.com/getij/getij/internal/cohort"
	"github.com/getij/getij/internal/potential"
	"github.com/getij/getij/internal/series"
	"github.com/getij/getij/internal/table"
)

// frame is what the tables of all regions have in common.
type frame struct {
	axis    *series.Axis
	years   []int
	cases   []CaseName
	regular []int   // of each case, the regular charging of its contract
	rest    float64 // charge points that do not take part, for each that does
	// The mean household's load, and the output of the mean dwelling's panels.
	loadKW, solarKW []float64

	cells     []int // of each step, its place in a profile
	cellSteps []float64
	evenings  [3][]int // steps of 17:00-21:00 in winter, in summer and of the whole year
}

// A profile has a cell for each month, type of day and quarter of the day.
const profileCells = 12 * 2 * series.QuartersPerDay

var dayTypes = [2]string{"weekday", "weekend"}

func newFrame(axis *series.Axis, p *Plan, loadKW, solarKW []float64) *frame {
	f := &frame{
		axis: axis, years: p.Years, cases: p.Cases, rest: (1 - p.Adoption) / p.Adoption, loadKW: loadKW, solarKW: solarKW,
		cells: make([]int, axis.Len()), cellSteps: make([]float64, profileCells),
	}
	for c, name := range p.Cases {
		for r := c; r >= 0; r-- {
			if p.Cases[r].Contract == name.Contract && p.Cases[r].Mode == dispatch.Regular.String() {
				f.regular = append(f.regular, r)
				break
			}
		}
	}
	var seasons [3]potential.Season
	for i, name := range []string{potential.Winter, potential.Summer, potential.WholeYear} {
		seasons[i], _ = potential.SeasonNamed(name)
	}
	for t, k := range axis.Clock {
		weekend := 0
		if k.Weekend() {
			weekend = 1
		}
		f.cells[t] = ((int(k.Month)-1)*2+weekend)*series.QuartersPerDay + int(k.QuarterOfDay)
		f.cellSteps[f.cells[t]]++
		if k.QuarterOfDay < series.EveningFrom || k.QuarterOfDay >= series.EveningTo {
			continue
		}
		for i := range seasons {
			if slices.Contains(seasons[i].Months, time.Month(k.Month)) {
				f.evenings[i] = append(f.evenings[i], t)
			}
		}
	}
	return f
}

// at is the place of a case and year among sums.
func (f *frame) at(c, year int) int { return c*len(f.years) + year }

func (f *frame) newSums() *sums { return newSums(len(f.cases)*len(f.years), f.axis.Len()) }

// described is a region with all that a table says of it.
type described struct {
	code, name, level, parent string
	dwellings, equivalents    float64
	points                    []float64 // by year
	homes                     []int
	sums                      *sums
	spreads                   func(c, year int) (discharged, saving cohort.Spread)
}

// extremes are the highest and the lowest value and their steps, the first of equals.
func extremes(n int, at func(t int) float64) (high, low float64, highAt, lowAt int) {
	high, low = math.Inf(-1), math.Inf(1)
	for t := range n {
		v := at(t)
		if v > high {
			high, highAt = v, t
		}
		if v < low {
			low, lowAt = v, t
		}
	}
	return high, low, highAt, lowAt
}

// addRegion adds a region's rows.
func (f *frame) addRegion(to table.Rows, r *described) {
	without := make([]float64, f.axis.Len())
	for t := range without {
		without[t] = r.equivalents*f.loadKW[t] - r.dwellings*f.solarKW[t]
	}
	for c, name := range f.cases {
		for y, year := range f.years {
			k := f.at(c, y)
			cars, regular, sum := r.sums.watts[k], r.sums.watts[f.at(f.regular[c], y)], &r.sums.figures[k]
			discharged, saving := r.spreads(c, y)
			row := []any{
				r.code, year, name.Contract, name.Mode, r.name, r.level, r.parent, r.points[y], r.homes[y],
				sum.charged / perThousand, sum.discharged / perThousand, sum.fedIn / perThousand, sum.ownSolar / perThousand, sum.cost / perThousand, sum.saving / perThousand,
				discharged.P5, discharged.P50, discharged.P95, saving.P5, saving.P50, saving.P95,
			}
			for _, steps := range f.evenings {
				mean := 0.0
				for _, t := range steps {
					mean += cars[t]
				}
				row = append(row, mean/perThousand/float64(len(steps)))
			}
			time := func(of float64, t int) time.Time {
				if of == 0 { // no car does anything
					return time.Time{}
				}
				return f.axis.Time(t)
			}
			high, low, highAt, lowAt := extremes(len(cars), func(t int) float64 { return cars[t] })
			row = append(row, high/perThousand, time(high, highAt), low/perThousand, time(low, lowAt))
			high, low, highAt, lowAt = extremes(len(cars), func(t int) float64 { return without[t] + (cars[t]+f.rest*regular[t])/perThousand })
			row = append(row, high, time(high, highAt), low, time(low, lowAt))
			to.Add(append(row, slices.Max(without))...)
		}
	}
}

// begin begins rows of a case and year: the columns that all tables of regions begin with.
func (f *frame) begin(to table.Rows, code string, c, y, rows int) {
	to[0].Text = appendSame(to[0].Text, code, rows)
	to[1].Integer = appendSame(to[1].Integer, f.years[y], rows)
	to[2].Text = appendSame(to[2].Text, f.cases[c].Contract, rows)
	to[3].Text = appendSame(to[3].Text, f.cases[c].Mode, rows)
}

func appendSame[T any](to []T, v T, n int) []T {
	for range n {
		to = append(to, v)
	}
	return to
}

// addProfiles adds a region's profiles.
func (f *frame) addProfiles(to table.Rows, code string, s *sums) {
	mean := make([]float64, profileCells)
	for c := range f.cases {
		for y := range f.years {
			clear(mean)
			for t, w := range s.watts[f.at(c, y)] {
				mean[f.cells[t]] += w
			}
			f.begin(to, code, c, y, profileCells)
			for cell, w := range mean {
				day := cell / series.QuartersPerDay
				to[4].Integer = append(to[4].Integer, day/2+1)
				to[5].Text = append(to[5].Text, dayTypes[day%2])
				to[6].Integer = append(to[6].Integer, cell%series.QuartersPerDay)
				to[7].Real = append(to[7].Real, w/perThousand/f.cellSteps[cell])
			}
		}
	}
}

// addQuarters adds sums per quarter-hour.
func (f *frame) addQuarters(to table.Rows, code string, s *sums) {
	for c := range f.cases {
		for y := range f.years {
			f.begin(to, code, c, y, f.axis.Len())
			for t, w := range s.watts[f.at(c, y)] {
				to[4].Time = append(to[4].Time, f.axis.Time(t))
				to[5].Real = append(to[5].Real, w/perThousand)
			}
		}
	}
}
