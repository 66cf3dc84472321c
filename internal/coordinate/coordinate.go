package coordinate

import (
	"context"
	"fmt"
	"math"
	"runtime"
	"slices"

	"github.com/getij/getij/dispatch"
	"github.com/getij/getij/internal/cohort"
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
	MostRounds                       int     // it ends in any case; 0: after 200
	Progress                         func(round int)
}

// Session is a car that is plugged in from a step of the group on.
type Session struct {
	From    int
	Problem dispatch.Problem // without prices: at those of the group
}

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
	// ExcessKWh is what is beyond the limits, or what the cars add to what is beyond them
	// without cars; ExcessKW is per step. Without any, the plan keeps the limits.
	ExcessKWh      float64
	ExcessKW       []float64
	Rounds, Solved int // Solved counts sessions
}

// Schedule is one session's: a weighted mean of schedules that the solver found.
type Schedule struct {
	ChargeKW, DischargeKW []float64
	CostEUR               float64
}

// ExcessEURPerKWh is the price of a kWh beyond the limits: the signal goes no further.
const ExcessEURPerKWh = 10

// GapEUR is how much cheaper a plan could be at most, excess at its price.
func (p *Plan) GapEUR() float64 {
	return p.CostEUR + ExcessEURPerKWh*p.ExcessKWh - p.BoundEUR
}

const (
	mostRounds = 200
	roundingKW = 1e-6 // beyond a limit, that counts as within
)

// Solve coordinates a group.
func Solve(ctx context.Context, g *Group) (*Plan, error) {
	s, err := newSearch(g)
	if err != nil {
		return nil, err
	}
	best := &Plan{BoundEUR: math.Inf(-1)}
	if best.FreeEUR, err = s.evaluate(ctx, best); err != nil {
		return nil, err
	}
	if s.start(); s.excess() <= roundingKW {
		s.keep()
		return s.plan(best), nil
	}
	most := g.MostRounds
	if most == 0 {
		most = mostRounds
	}
	centre, promise, mended := best.FreeEUR, g.ToleranceEUR/2, 0
	for {
		best.Rounds++
		model := s.master()
		value, err := s.evaluate(ctx, best)
		if err != nil {
			return nil, err
		}
		if g.Progress != nil {
			g.Progress(best.Rounds)
		}
		s.stiffen()
		if value >= centre+0.1*(model-centre) {
			copy(s.centre, s.signal)
			centre = value
			s.most = max(leastSweeps, s.most/2)
		} else { // closer to the centre, and more exactly
			s.most = min(2*s.most, max(mostSweeps, carSweeps/len(s.cars)))
			if value < centre {
				for t := range s.stiffness {
					s.stiffness[t] = max(0.8*s.stiffness[t], s.firm/mostStiff)
				}
			}
		}
		if last := best.Rounds == most; last || model-best.BoundEUR <= promise || best.Rounds%mendRounds == 0 {
			s.mend(best)
			mended++
			if last || s.settled(best) || mended >= enoughMends && s.keptEUR-best.BoundEUR <= g.ToleranceEUR {
				return s.plan(best), nil
			}
			promise = max(min(promise, model-best.BoundEUR)/2, g.ToleranceEUR/64)
		}
	}
}

// search is the state of a search. All slices are per step but cars.
type search struct {
	*Group
	up, down   []float64 // kW that all cars together may take, and feed in
	load       []float64 // kW of all cars, by the columns' weights
	centre     []float64 // EUR/kWh
	signal     []float64 // EUR/kWh
	stiffness  []float64 // EUR/kWh that the signal rises per kW beyond the limits
	firm       float64   // stiffness at the start
	beyond     []float64 // kW, in the round before
	cars       []car
	parts      [][]*car  // that share no step, and last those that cross them
	mendKW     float64   // the margin of the next mending, twice
	marginKW   float64   // by which the weights shall keep farther within
	keptOverKW float64   // of the plan that is kept, at most
	kept       []float64 // load of the plan that is kept
	keptEUR    float64   // what that costs at most, excess at its price
	sweep      int
	most       int   // sweeps of a round
	changed    []int // by block of steps: the sweep in which its signal last did
	workers    []worker
}

// car is a session and what is known of it.
type car struct {
	*Session
	columns  []column
	solvedAt []float64 // signal at which it was last solved
	value    float64   // EUR that it costs at least there, the home's own load at the tariff
	moved    int       // sweep after which its weights were settled
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
	s := &search{Group: g, workers: make([]worker, runtime.GOMAXPROCS(0)), changed: make([]int, n/blockSteps+1)}
	for _, a := range []*[]float64{&s.up, &s.down, &s.load, &s.centre, &s.signal, &s.stiffness, &s.kept, &s.beyond} {
		*a = make([]float64, n)
	}
	for t, base := range g.BaseKW {
		s.up[t], s.down[t] = max(0, g.MostKW-base), max(0, g.MostFeedInKW+base)
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
		s.cars = append(s.cars, car{Session: x})
	}
	s.divide()
	return s, nil
}

// start sets the scales of the search by what cars without limits are beyond them.
func (s *search) start() {
	price := 0.01
	s.most = leastSweeps
	for _, p := range s.ImportEURPerKWh {
		price += math.Abs(p) / float64(len(s.load))
	}
	s.keptEUR = math.Inf(1)
	most := s.excess()
	s.mendKW = most / 500
	s.firm = price / max(most, roundingKW)
	for t := range s.stiffness {
		s.stiffness[t] = s.firm
	}
}

// evaluate solves the sessions at the signal, each that was not solved at the same before,
// and finds the bound there.
func (s *search) evaluate(ctx context.Context, best *Plan) (float64, error) {
	n := len(s.signal)
	imp, exp := make([]float64, n), make([]float64, n) // a ranked year keeps them
	for t, p := range s.signal {
		imp[t], exp[t] = s.ImportEURPerKWh[t]+p, s.ExportEURPerKWh[t]+p
	}
	years := map[dispatch.Charger]*dispatch.Year{}
	var todo []int
	for i := range s.cars {
		c := &s.cars[i]
		if c.solvedAt != nil && slices.Equal(c.solvedAt, s.of(s.signal, c)) {
			continue
		}
		todo = append(todo, i)
		if k := c.Problem.Charger; years[k] == nil && c.Problem.ImportEURPerKWh == nil {
			year, err := dispatch.NewYear(imp, exp, &k)
			if err != nil {
				return 0, err
			}
			years[k] = year
		}
	}
	err := cohort.Parallel(ctx, len(s.workers), len(todo), func(w, i int) error {
		c, k := &s.cars[todo[i]], &s.workers[w]
		if err := k.solve(c, years[c.Problem.Charger], s.of(s.signal, c)); err != nil {
			return fmt.Errorf("session %d: %w", todo[i]+1, err)
		}
		c.solvedAt = append(c.solvedAt[:0], s.of(s.signal, c)...)
		c.add(&k.schedule)
		return nil
	})
	if err != nil {
		return 0, err
	}
	best.Solved += len(todo)
	value := s.limits()
	for i := range s.cars {
		value += s.cars[i].value
	}
	if value > best.BoundEUR {
		best.BoundEUR, best.SignalEURPerKWh = value, append(best.SignalEURPerKWh[:0], s.signal...)
	}
	return value, nil
}

// solve solves a session at prices moved by a signal.
func (k *worker) solve(c *car, year *dispatch.Year, signal []float64) error {
	p := c.Problem
	if p.ImportEURPerKWh == nil {
		return k.solver.SolveIn(year, c.From, &p, &k.schedule)
	}
	k.imp, k.exp = k.imp[:0], k.exp[:0]
	for t, more := range signal {
		k.imp, k.exp = append(k.imp, p.ImportEURPerKWh[t]+more), append(k.exp, p.ExportEURPerKWh[t]+more)
	}
	p.ImportEURPerKWh, p.ExportEURPerKWh = k.imp, k.exp
	return k.solver.Solve(&p, &k.schedule)
}

// limits is the part of the bound that the limits leave at the signal.
func (s *search) limits() (eur float64) {
	for t, p := range s.signal {
		eur -= s.StepHours * (max(p, 0)*s.up[t] + max(-p, 0)*s.down[t])
	}
	return eur
}

// of is the part of a slice in which a car is plugged in.
func (s *search) of(perStep []float64, c *car) []float64 {
	return perStep[c.From : c.From+len(c.Problem.NetLoadKW)]
}
