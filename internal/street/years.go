package street

import (
	"context"
	"fmt"
	"slices"

	"github.com/getij/getij/internal/cohort"
	"github.com/getij/getij/internal/home"
)

// State is what a home of the pool has besides its load, a bit for each.
type State uint8

// The bits.
const (
	Solar    State = 1 << iota // panels on the roof
	HeatPump                   // an electric one, without another source of heat
)

// Shares are of the homes, for people.
type Shares struct{ Solar, HeatPump float64 }

// Year is a calendar year of the outlook: how many charge points the street has then, and
// what each home of the pool has.
type Year struct {
	Year         int
	ChargePoints int
	Shares
	Has []State // per home of the pool
}

// YearRow is what streets do with what they have in a calendar year.
type YearRow struct {
	Year int
	Shares
	Row
}

// FailsFrom is the first year in which more than a share of the streets are beyond the
// capacity; 0 where there is none.
func (c *Case) FailsFrom(share float64) int {
	for i := range c.Years {
		if 1-c.Years[i].Holding > share+1e-9 {
			return c.Years[i].Year
		}
	}
	return 0
}

// Fails says whether more than 5 % of the streets are beyond the capacity.
func (r *Row) Fails() bool { return 1-r.Holding > MayFail+1e-9 }

// In is the row of a calendar year; nil where that was not computed.
func (c *Case) In(year int) *YearRow {
	for i := range c.Years {
		if c.Years[i].Year == year {
			return &c.Years[i]
		}
	}
	return nil
}

// standing are the streets of a case as they stand in one year, on the way to the next.
type standing struct {
	homes  []*home.Home // the pool
	car    [][]float64  // per home of the pool
	has    []State
	points int
	sums   [][]float64 // kW, per street
	years  []year
	known  bool // years has what they do
}

// grown follows the streets through the years: from one to the next only what some of
// their homes get is added, and only the cars of homes that changed are solved again.
func (r *runner) grown(ctx context.Context, c cohort.Case) ([]YearRow, error) {
	if len(r.Years) == 0 {
		return nil, nil
	}
	if r.standing == nil {
		r.standing = make([][]float64, r.Draws)
		for i := range r.standing {
			r.standing[i] = make([]float64, r.Axis.Len())
		}
	}
	s := &standing{homes: slices.Clone(r.Pool), car: slices.Clone(r.car), has: slices.Clone(r.Has), sums: r.standing, years: make([]year, r.Draws)}
	for draw, sum := range s.sums {
		copy(sum, r.bares[draw])
	}
	var out []YearRow
	for i := range r.Years {
		y := &r.Years[i]
		changed, err := r.turn(ctx, c, s, y)
		if err != nil {
			return nil, err
		}
		row := YearRow{Year: y.Year, Shares: y.Shares}
		if i > 0 && !changed {
			row.Row = out[i-1].Row
		} else {
			row.Row, _ = r.row(y.ChargePoints, func(draw int) *year { return &s.years[draw] })
		}
		out = append(out, row)
	}
	return out, nil
}

// turn gives the homes what they have in a year, and says whether that changed any.
func (r *runner) turn(ctx context.Context, c cohort.Case, s *standing, y *Year) (changed bool, err error) {
	homes, cars := make([]*home.Home, len(s.homes)), make([][]float64, len(s.homes))
	err = cohort.Parallel(ctx, len(r.solvers), len(homes), func(worker, i int) error {
		if y.Has[i] == s.has[i] {
			return nil
		}
		homes[i], cars[i] = r.Home(i, y.Has[i]), make([]float64, r.Axis.Len())
		if err := r.carOf(worker, homes[i], c, cars[i]); err != nil {
			return fmt.Errorf("home %d, contract %s, %s, %d: %w", i+1, c.Contract, c.Mode, y.Year, err)
		}
		return nil
	})
	if err != nil {
		return false, err
	}
	changed = s.points != y.ChargePoints || !slices.Equal(s.has, y.Has) || !s.known
	if changed {
		err = cohort.Parallel(ctx, len(r.solvers), r.Draws, func(_, draw int) error {
			sum := s.sums[draw]
			for place, i := range r.streets[draw] {
				if homes[i] != nil {
					add(sum, homes[i].NetKW)
					take(sum, s.homes[i].NetKW)
				}
				now, before := place < y.ChargePoints, place < s.points
				car := s.car[i]
				if cars[i] != nil {
					car = cars[i]
				}
				if before && (!now || cars[i] != nil) {
					take(sum, s.car[i])
				}
				if now && (!before || cars[i] != nil) {
					add(sum, car)
				}
			}
			s.years[draw] = yearOf(sum, r.CapacityKW)
			return nil
		})
	}
	for i, h := range homes {
		if h != nil {
			s.homes[i], s.car[i] = h, cars[i]
		}
	}
	s.points, s.known = y.ChargePoints, true
	copy(s.has, y.Has)
	return changed, err
}

func take(sum, kW []float64) {
	for t, v := range kW {
		sum[t] -= v
	}
}
