package population

import (
	"context"
	"fmt"
	"slices"

	"github.com/getij/getij/dispatch"
	"github.com/getij/getij/internal/cohort"
	"github.com/getij/getij/internal/home"
	"github.com/getij/getij/internal/table"
)

// worker computes parts, one after the other. One per goroutine.
type worker struct {
	*Input
	*frame
	maker  *maker
	solver home.Solver
	ranked []*home.Ranked // by case
	done   func(homes int)

	kW      [][]float64 // by case: sum of a region's homes so far, per step
	figures []figures
	power   []float64
	pool    []*sums
	order   []int // years by the number of a region's homes

	blocks                   []block // of the part, a region without parts each
	regions, homes, profiles table.Rows
	emit                     func(table.Rows) error // of profiles
}

// block are the values of a region's homes, of which a year has the first.
type block struct {
	discharged, saving [][]float32 // by case
	homes              []int       // by year
	weight             []float64   // points that a home counts for, by year
}

// rankedCases ranks the prices of each contract once, for all workers.
func rankedCases(in *Input, plain *home.Home) ([]*home.Ranked, error) {
	out := make([]*home.Ranked, len(in.Cases))
	for c := range in.Cases {
		if c > 0 && in.Cases[c].Prices == in.Cases[c-1].Prices {
			out[c] = out[c-1]
			continue
		}
		var err error
		if out[c], err = home.Rank(in.Cases[c].Prices, plain.Charger); err != nil {
			return nil, fmt.Errorf("contract %s: %w", in.Cases[c].Contract, err)
		}
	}
	return out, nil
}

func newWorker(in *Input, f *frame, ranked []*home.Ranked, done func(homes int)) *worker {
	w := &worker{Input: in, frame: f, maker: newMaker(in), ranked: ranked, done: done, figures: make([]figures, len(in.Cases))}
	w.solver.TotalsOnly = true
	for range in.Cases {
		w.kW = append(w.kW, make([]float64, in.Axis.Len()))
	}
	return w
}

// profileRows is how many rows are written at once.
const profileRows = 1 << 16

// computed is a part's tables but for its profiles, which are handed out on the way.
type computed struct{ regions, homes, quarters table.Rows }

// part computes a part. emit takes rows of profiles, before it is called again.
func (w *worker) part(ctx context.Context, p *Part, emit func(table.Rows) error) (*computed, error) {
	w.blocks, w.emit = w.blocks[:0], emit
	w.regions, w.homes, w.profiles = RegionsTable().NewRows(0), HomesTable().NewRows(p.Homes*len(w.cases)), ProfilesTable().NewRows(0)
	all := w.take()
	defer w.give(all)
	for _, i := range p.units {
		s, err := w.region(ctx, i)
		if err != nil {
			return nil, err
		}
		all.add(s)
		w.give(s)
	}
	if err := w.flush(0); err != nil {
		return nil, err
	}
	quarters := QuartersTable().NewRows(len(all.watts) * w.axis.Len())
	w.addQuarters(quarters, p.Under, all)
	return &computed{w.regions, w.homes, quarters}, nil
}

// flush hands out the profiles that have come together, if more than some.
func (w *worker) flush(more int) error {
	if n := len(w.profiles[0].Text); n == 0 || n <= more {
		return nil
	}
	err := w.emit(w.profiles)
	w.profiles = ProfilesTable().NewRows(0)
	return err
}

func (w *worker) take() *sums {
	if n := len(w.pool); n > 0 {
		s := w.pool[n-1]
		w.pool = w.pool[:n-1]
		s.clear()
		return s
	}
	return w.newSums()
}

func (w *worker) give(s *sums) { w.pool = append(w.pool, s) }

// region computes a region and all below it.
func (w *worker) region(ctx context.Context, i int) (*sums, error) {
	first, s := len(w.blocks), w.take()
	if children := w.Set.Children(i); len(children) == 0 {
		if err := w.leaf(ctx, i, s); err != nil {
			return nil, err
		}
	} else {
		for _, c := range children {
			below, err := w.region(ctx, c)
			if err != nil {
				return nil, err
			}
			s.add(below)
			w.give(below)
		}
	}
	r, h := w.Set.At(i), &w.Base.Homes[i]
	d := &described{
		code: r.Code, name: r.Name, level: string(r.Level), parent: r.Parent, dwellings: h.Dwellings, equivalents: h.Equivalents,
		sums: s, homes: make([]int, len(w.Years)),
		spreads: func(c, y int) (cohort.Spread, cohort.Spread) { return spreads(w.blocks[first:], c, y) },
	}
	for y := range w.Years {
		d.points = append(d.points, w.Years[y].PointsByRegion[i])
		for _, b := range w.blocks[first:] {
			d.homes[y] += b.homes[y]
		}
	}
	w.addRegion(w.regions, d)
	if slices.Max(d.homes) > 0 {
		w.addProfiles(w.profiles, r.Code, s)
	}
	return s, w.flush(profileRows)
}

// spreads are those of the homes of some regions.
func spreads(blocks []block, c, y int) (discharged, saving cohort.Spread) {
	of := func(values func(*block) []float32) cohort.Spread {
		var all []counted
		for i := range blocks {
			b := &blocks[i]
			for _, v := range values(b)[:b.homes[y]] {
				all = append(all, counted{v, b.weight[y]})
			}
		}
		return spread(all)
	}
	return of(func(b *block) []float32 { return b.discharged[c] }), of(func(b *block) []float32 { return b.saving[c] })
}

// leaf computes the homes of a region. The homes of the years with fewer are the first.
func (w *worker) leaf(ctx context.Context, i int, s *sums) error {
	w.maker.begin(i)
	b := block{discharged: make([][]float32, len(w.cases)), saving: make([][]float32, len(w.cases))}
	w.order = w.order[:0]
	for y := range w.Years {
		n := w.Input.homes(i, y)
		weight := 0.0
		if n > 0 {
			weight = w.Years[y].PointsByRegion[i] * w.Adoption / float64(n)
		}
		b.homes, b.weight, w.order = append(b.homes, n), append(b.weight, weight), append(w.order, y)
	}
	slices.SortStableFunc(w.order, func(x, y int) int { return b.homes[x] - b.homes[y] })
	for c := range w.cases {
		clear(w.kW[c])
	}
	clear(w.figures)
	code := w.Set.At(i).Code
	n := 0
	for _, y := range w.order {
		for ; n < b.homes[y]; n++ {
			if err := ctx.Err(); err != nil {
				return err
			}
			if err := w.home(code, n, &b); err != nil {
				return fmt.Errorf("region %s, home %d: %w", code, n+1, err)
			}
			w.done(1)
		}
		for c := range w.cases {
			s.scaled(w.at(c, y), w.kW[c], &w.figures[c], b.weight[y])
		}
	}
	w.blocks = append(w.blocks, b)
	return nil
}

// home computes a home and adds it to its region.
func (w *worker) home(code string, number int, b *block) error {
	h := w.maker.home(number)
	solar := 0
	if h.Solar {
		solar = 1
	}
	regularEUR := 0.0
	for c := range w.Input.Cases {
		x := &w.Input.Cases[c]
		w.solver.Ranked = w.ranked[c]
		power, year, err := w.solver.Year(h.Home, w.axis, x.Prices, x.Mode, w.power[:0])
		if err != nil {
			return fmt.Errorf("contract %s, %s: %w", x.Contract, x.Mode, err)
		}
		w.power = power
		if x.Mode == dispatch.Regular {
			regularEUR = year.TotalEUR()
		}
		saving := regularEUR - year.TotalEUR() - year.Departures.PenaltyEUR
		w.figures[c].addHome(&year, saving)
		for _, ses := range h.Sessions {
			to := w.kW[c][ses.Arrive:ses.Depart]
			for t, kW := range power[:len(to)] {
				to[t] += kW
			}
			power = power[len(to):]
		}
		b.discharged[c] = append(b.discharged[c], float32(year.DischargedKWh))
		b.saving[c] = append(b.saving[c], float32(saving))
		w.homes.Add(code, x.Contract, x.Mode.String(), number+1, h.Dwelling.String(), solar, year.ChargedKWh, year.DischargedKWh, year.FedInKWh, year.TotalEUR(), saving)
	}
	return nil
}
