// Package street computes a group of homes behind one transformer or cable, nobody
// minding the others: how high it loads it in both directions, for each contract and
// way to charge, as more of its homes get a charge point.
//
// What enters: a pool of homes, each with a load of its own, their cases and the
// street's capacity. What leaves: a row per case and number of charge points, over many
// streets that are drawn from the pool. Power in kW of the whole street, positive is
// taken from the grid.
package street

import (
	"context"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strconv"
	"sync/atomic"

	"github.com/getij/getij/dispatch"
	"github.com/getij/getij/internal/cohort"
	"github.com/getij/getij/internal/home"
	"github.com/getij/getij/internal/series"
)

// Input is what Run computes.
type Input struct {
	Axis         *series.Axis
	Pool         []*home.Home // fitted; streets are drawn from them
	Cases        []cohort.Case
	Seed         uint64
	Homes        int // of a street, at most those of the pool
	ChargePoints int // of a street, at most its homes
	Draws        int // streets
	CapacityKW   float64
	Progress     func(done, total int) // nil, or called from several goroutines
	Coordinating func(round int)       // nil, or called after each round of a coordination
	// Years are calendar years by their order, and Has what the homes of the pool have in
	// it; Home makes one of them, fitted, with what it has then. All unset: no years.
	Years []Year
	Has   []State
	Home  func(number int, has State) *home.Home

	Powers *Powers // nil, or whose powers are asked for
}

// Case is a contract and a way to charge.
type Case struct {
	Contract string
	Mode     dispatch.Mode
	Growth   []Row // by rising number of charge points, from 0
	// Fit is the largest number of charge points up to which 95 % of the streets are
	// never beyond the capacity; -1 where they are without any.
	Fit   int
	Years []YearRow // if any were asked for
	// Of the middle street, with the charge points that were asked for.
	KW []float64 // per step
}

// Row is what streets with a number of charge points do in the year.
type Row struct {
	ChargePoints     int
	PeakKW, FeedInKW Spread // highest quarter-hour of each street; fed in is positive
	// Beyond the capacity, in either direction.
	HoursBeyond, HoursBeyondFeedIn Spread
	KWhBeyond, KWhBeyondFeedIn     Spread
	// Holding is the share of the streets that are never beyond it, in either
	// direction; without cars some are not.
	Holding float64
}

// Spread is a distribution over the drawn streets.
type Spread = cohort.Spread

// DurationPoints is the number of parts in which a duration curve is told.
const DurationPoints = 200

// Duration is the duration curve: the power that is reached or passed in a share of the
// year, from the highest quarter-hour to the lowest.
func (c *Case) Duration() []float64 {
	sorted := slices.Clone(c.KW)
	slices.Sort(sorted)
	slices.Reverse(sorted)
	out := make([]float64, DurationPoints+1)
	for i := range out {
		out[i] = sorted[i*(len(sorted)-1)/DurationPoints]
	}
	return out
}

// mostRows bounds how many numbers of charge points are computed.
const mostRows = 41

// counts are the numbers of charge points that are computed: evenly spread, and the one
// that was asked for.
func (in *Input) counts() (out []int) {
	every := (in.Homes + mostRows - 2) / (mostRows - 1)
	for n := 0; n <= in.Homes; n += every {
		out = append(out, n)
	}
	out = append(out, in.ChargePoints, in.Homes)
	slices.Sort(out)
	return slices.Compact(out)
}

// Result is all cases.
type Result struct {
	Cases []*Case
	// Middle is the street, of those drawn, whose peak with regular charging (where there
	// is none, with the first case) and the charge points that were asked for is the
	// median; BareKW is its load without cars.
	Middle int
	BareKW []float64
}

// Run computes all cases. Results do not depend on the number of processors.
func Run(ctx context.Context, in *Input) (*Result, error) {
	if in.Homes > len(in.Pool) || in.ChargePoints > in.Homes {
		return nil, fmt.Errorf("streets of %d homes with %d charge points cannot be drawn from %d homes", in.Homes, in.ChargePoints, len(in.Pool))
	}
	r := &runner{Input: in, counts: in.counts(), total: len(in.Cases) * (len(in.Pool) + in.parts())}
	r.solvers = make([]home.Solver, runtime.GOMAXPROCS(0))
	r.power = make([][]float64, len(r.solvers))
	r.car, r.active = make([][]float64, len(in.Pool)), make([][]bool, len(in.Pool))
	for i := range r.car {
		r.car[i] = make([]float64, in.Axis.Len())
	}
	if err := r.draw(ctx); err != nil {
		return nil, err
	}
	out := &Result{Cases: make([]*Case, len(in.Cases)), Middle: -1}
	var regular *Case
	for _, i := range in.order() {
		c := in.Cases[i]
		if c.Mode == dispatch.Regular && regular != nil { // the same under any contract
			same := *regular
			same.Contract = c.Contract
			out.Cases[i] = &same
			r.count(len(in.Pool) + in.parts())
			continue
		}
		if err := r.solve(ctx, c); err != nil {
			return nil, err
		}
		done, peaks, err := r.grow(ctx, c)
		if err != nil {
			return nil, err
		}
		if out.Middle < 0 {
			out.Middle = middle(peaks)
			out.BareKW = slices.Clone(r.bares[out.Middle])
		}
		done.KW = slices.Clone(out.BareKW)
		for _, i := range r.streets[out.Middle][:in.ChargePoints] {
			add(done.KW, r.car[i])
		}
		if in.Powers.is(c) {
			if err := r.lend(out.Middle); err != nil {
				return nil, err
			}
		}
		if done.Years, err = r.grown(ctx, c); err != nil {
			return nil, err
		}
		if c.Mode == dispatch.Regular {
			regular = done
		}
		out.Cases[i] = done
	}
	return out, nil
}

// order is that in which cases are computed: regular charging decides which street is the
// middle one, wherever a study lists it.
func (in *Input) order() []int {
	order := make([]int, len(in.Cases))
	for i := range order {
		order[i] = i
	}
	if i := slices.IndexFunc(in.Cases, func(c cohort.Case) bool { return c.Mode == dispatch.Regular }); i > 0 {
		order = slices.Insert(slices.Delete(order, i, i+1), 0, i)
	}
	return order
}

// middle is the place of the median.
func middle(values []float64) int {
	sorted := slices.Clone(values)
	slices.Sort(sorted)
	return slices.Index(values, sorted[len(sorted)/2])
}

type runner struct {
	*Input
	counts  []int
	solvers []home.Solver // one a worker, as the others
	streets [][]int       // homes of each; the first get charge points
	bares   [][]float64   // kW of each street without cars
	car     [][]float64   // per home of the pool: its car's power per step
	active  [][]bool      // and whether it does anything in each block
	power   [][]float64
	// standing are the streets' loads on their way through the years.
	standing [][]float64
	done     atomic.Int64
	total    int
}

// Street is a draw of homes of the pool; the first get charge points.
func (in *Input) Street(draw int) []int {
	return rand.New(rand.NewPCG(in.Seed^0x57ee7, uint64(draw))).Perm(len(in.Pool))[:in.Homes]
}

// draw draws the streets, and sums their homes without cars.
func (r *runner) draw(ctx context.Context) error {
	r.streets, r.bares = make([][]int, r.Draws), make([][]float64, r.Draws)
	return cohort.Parallel(ctx, len(r.solvers), r.Draws, func(_, draw int) error {
		r.streets[draw], r.bares[draw] = r.Street(draw), make([]float64, r.Axis.Len())
		for _, i := range r.streets[draw] {
			add(r.bares[draw], r.Pool[i].NetKW)
		}
		return nil
	})
}

// solve computes the power of every car of the pool.
func (r *runner) solve(ctx context.Context, c cohort.Case) error {
	if c.Mode != dispatch.Regular {
		ranked, err := home.Rank(c.Prices, r.Pool[0].Charger)
		if err != nil {
			return fmt.Errorf("contract %s: %w", c.Contract, err)
		}
		for i := range r.solvers {
			r.solvers[i].Ranked = ranked
		}
	}
	return r.parallel(ctx, len(r.Pool), func(worker, i int) error {
		if err := r.carOf(worker, r.Pool[i], c, r.car[i]); err != nil {
			return fmt.Errorf("home %d, contract %s, %s: %w", i+1, c.Contract, c.Mode, err)
		}
		r.active[i] = active(r.car[i])
		return nil
	})
}

// carOf computes the power of a home's car per step.
func (r *runner) carOf(worker int, h *home.Home, c cohort.Case, kW []float64) (err error) {
	r.power[worker], _, err = r.solvers[worker].Year(h, r.Axis, c.Prices, c.Mode, r.power[worker][:0])
	if err != nil {
		return err
	}
	clear(kW)
	own := r.power[worker]
	for _, s := range h.Sessions {
		copy(kW[s.Arrive:s.Depart], own)
		own = own[s.Steps():]
	}
	return nil
}

// MayFail is the share of the drawn streets that need not hold for a number of charge
// points to fit.
const MayFail = 0.05

// Fits is Fit in a word: a number, or none.
func (c *Case) Fits() string {
	if c.Fit < 0 {
		return "none"
	}
	return strconv.Itoa(c.Fit)
}

// At is the row of a number of charge points that was computed.
func (c *Case) At(chargePoints int) *Row {
	for i := range c.Growth {
		if c.Growth[i].ChargePoints == chargePoints {
			return &c.Growth[i]
		}
	}
	return nil
}

// parallel does work on all workers and counts it as progress.
func (r *runner) parallel(ctx context.Context, n int, work func(worker, i int) error) error {
	return cohort.Parallel(ctx, len(r.solvers), n, func(worker, i int) error {
		err := work(worker, i)
		r.count(1)
		return err
	})
}

// count counts work that is done.
func (r *runner) count(n int) {
	if done := r.done.Add(int64(n)); r.Progress != nil {
		r.Progress(int(done), r.total)
	}
}
