package coordinate

import (
	"context"
	"fmt"
	"runtime"
	"slices"

	"github.com/getij/getij/dispatch"
	"github.com/getij/getij/internal/cohort"
	"github.com/getij/getij/internal/tied"
)

// Group is what is coordinated.
type Group struct {
	StepHours float64
	// ImportEURPerKWh and ExportEURPerKWh are the prices of sessions without their own.
	ImportEURPerKWh, ExportEURPerKWh []float64
	BaseKW                           []float64 // of the group without its cars
	MostKW, MostFeedInKW             float64   // that it may take and feed in, both 0 or more
	Sessions                         []Session
	ToleranceEUR                     float64 // the gap at which the search ends
	Progress                         func(round int)
}

// Session is a car that is plugged in from a step of the group on, without prices at those
// of the group.
type Session = tied.Session

// Schedule is one session's.
type Schedule = tied.Schedule

// Plan is a schedule for every session, and the proof of how good they are.
type Plan struct {
	Schedules []Schedule
	LoadKW    []float64 // of the group with its cars
	// CostEUR is what the sessions cost together, and FreeEUR what they would without limits.
	CostEUR, FreeEUR float64
	// BoundEUR is what they cost at least within the limits, excess at its price included.
	BoundEUR float64
	// SignalEURPerKWh is the price on top of the tariff at which the bound was found: above
	// 0 where cars would take too much, below 0 where they would feed in too much.
	SignalEURPerKWh []float64
	// ExcessKWh is what is beyond the limits; ExcessKW is per step. Without any, the plan
	// keeps the limits. ExcessEURPerKWh is its price: the signal goes no further.
	ExcessKWh, ExcessEURPerKWh float64
	ExcessKW                   []float64
	Rounds, Solved             int // Solved counts sessions
}

// GapEUR is how much cheaper a plan could be at most, excess at its price.
func (p *Plan) GapEUR() float64 {
	return p.CostEUR + p.ExcessEURPerKWh*p.ExcessKWh - p.BoundEUR
}

// Solve coordinates a group.
func Solve(ctx context.Context, g *Group) (*Plan, error) {
	s, err := newSearch(g)
	if err != nil {
		return nil, err
	}
	n := len(g.BaseKW)
	plan := &Plan{
		SignalEURPerKWh: make([]float64, n), Schedules: make([]Schedule, len(g.Sessions)), LoadKW: make([]float64, n), ExcessKW: make([]float64, n),
		ExcessEURPerKWh: s.excessEURPerKWh,
	}
	if plan.FreeEUR, err = s.evaluate(ctx, plan.SignalEURPerKWh, plan.Schedules); err != nil {
		return nil, err
	}
	plan.BoundEUR, plan.Solved = plan.FreeEUR, len(g.Sessions)
	if s.load(plan); s.excess(plan) > tied.RoundingKW {
		if err := s.coordinate(ctx, plan); err != nil {
			return nil, err
		}
		s.load(plan)
	}
	s.count(plan)
	return plan, nil
}

// search is what is known of a group. All slices are per step.
type search struct {
	*Group
	// What all cars together may take and feed in, kW; below 0 where the homes alone are
	// beyond a limit.
	up, down []float64
	binds    []bool // whether one of these can
	workers  []worker

	excessEURPerKWh float64
}

// worker has the memory of one goroutine.
type worker struct {
	solver   dispatch.Solver
	schedule dispatch.Schedule
	imp, exp []float64
}

func newSearch(g *Group) (*search, error) {
	n := len(g.BaseKW)
	if len(g.ImportEURPerKWh) != n || len(g.ExportEURPerKWh) != n {
		return nil, fmt.Errorf("the group has %d import and %d export prices for the %d steps of its load", len(g.ImportEURPerKWh), len(g.ExportEURPerKWh), n)
	}
	if !(g.MostKW >= 0 && g.MostFeedInKW >= 0) {
		return nil, fmt.Errorf("the group's limits are %g kW taken and %g kW fed in: 0 or more was expected", g.MostKW, g.MostFeedInKW)
	}
	s := &search{Group: g, workers: make([]worker, runtime.GOMAXPROCS(0)), up: make([]float64, n), down: make([]float64, n)}
	if n == 0 {
		return nil, fmt.Errorf("the group has no steps: a load and prices per step were expected")
	}
	for t, base := range g.BaseKW {
		s.up[t], s.down[t] = g.MostKW-base, g.MostFeedInKW+base
	}
	for i := range g.Sessions {
		x := &g.Sessions[i]
		p := &x.Problem
		switch m := len(p.NetLoadKW); {
		case x.From < 0 || m == 0 || x.From+m > n:
			return nil, fmt.Errorf("session %d has steps %d to %d of the group's %d", i+1, x.From, x.From+m, n)
		case p.Mode == dispatch.Regular:
			return nil, fmt.Errorf("session %d charges regularly, which no price moves: smart, v2h or v2g was expected", i+1)
		case len(p.Threshold.ImportKW) > 0 || p.StepHours != g.StepHours:
			return nil, fmt.Errorf("session %d has a threshold, or steps of %g hours in a group of %g", i+1, p.StepHours, g.StepHours)
		}
	}
	s.excessEURPerKWh = tied.ExcessEURPerKWh(g.ImportEURPerKWh, g.ExportEURPerKWh, g.Sessions)
	return s, nil
}

// evaluate solves all sessions at a signal and finds the bound there. It keeps the
// schedules, if they have a place.
func (s *search) evaluate(ctx context.Context, signal []float64, keep []Schedule) (float64, error) {
	n := len(signal)
	imp, exp := make([]float64, n), make([]float64, n) // a ranked year keeps them
	for t, p := range signal {
		imp[t], exp[t] = s.ImportEURPerKWh[t]+p, s.ExportEURPerKWh[t]+p
	}
	years := map[dispatch.Charger]*dispatch.Year{}
	for i := range s.Sessions {
		p := &s.Sessions[i].Problem
		if k := p.Charger; years[k] == nil && p.ImportEURPerKWh == nil {
			year, err := dispatch.NewYear(imp, exp, &k)
			if err != nil {
				return 0, err
			}
			years[k] = year
		}
	}
	values := make([]float64, len(s.Sessions))
	err := cohort.Parallel(ctx, len(s.workers), len(values), func(w, i int) error {
		x, k := &s.Sessions[i], &s.workers[w]
		own := tied.Of(signal, x)
		if err := k.solve(x, years[x.Problem.Charger], own); err != nil {
			return fmt.Errorf("session %d: %w", i+1, err)
		}
		values[i] = k.schedule.CostEUR
		for t, p := range own { // the home's own load at the tariff
			values[i] -= s.StepHours * p * x.Problem.NetLoadKW[t]
		}
		if keep != nil {
			keep[i] = Schedule{ChargeKW: slices.Clone(k.schedule.ChargeKW), DischargeKW: slices.Clone(k.schedule.DischargeKW), CostEUR: k.schedule.CostEUR}
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	sum := 0.0
	for t, p := range signal {
		sum -= s.StepHours * (max(p, 0)*s.up[t] + max(-p, 0)*s.down[t])
	}
	for _, x := range values {
		sum += x
	}
	return sum, nil
}

// solve solves a session at prices moved by a signal.
func (k *worker) solve(x *Session, year *dispatch.Year, signal []float64) error {
	p := x.Problem
	if p.ImportEURPerKWh == nil {
		return k.solver.SolveIn(year, x.From, &p, &k.schedule)
	}
	k.imp, k.exp = k.imp[:0], k.exp[:0]
	for t, more := range signal {
		k.imp, k.exp = append(k.imp, p.ImportEURPerKWh[t]+more), append(k.exp, p.ExportEURPerKWh[t]+more)
	}
	p.ImportEURPerKWh, p.ExportEURPerKWh = k.imp, k.exp
	return k.solver.Solve(&p, &k.schedule)
}

// prices are a session's.
func (s *search) prices(x *Session) (imp, exp []float64) {
	if x.Problem.ImportEURPerKWh != nil {
		return x.Problem.ImportEURPerKWh, x.Problem.ExportEURPerKWh
	}
	return tied.Of(s.ImportEURPerKWh, x), tied.Of(s.ExportEURPerKWh, x)
}

// storage takes up a session.
func (s *search) storage(i int) *tied.Storage {
	x := &s.Sessions[i]
	imp, exp := s.prices(x)
	return tied.NewStorage(i, x, imp, exp)
}

// over is how far a step is beyond the limits at a load of all cars.
func (s *search) over(t int, kW float64) float64 { return max(kW-s.up[t], -kW-s.down[t], 0) }
