// Package cohort computes many homes in parallel and what they do together:
// mean power, tables by month and week, the spread over homes, and how the peak
// per home falls with the size of a group (coincidence).
//
// Results do not depend on the number of workers, to the last bit: every home
// writes to its own place and sums are taken in blocks of fixed size.
package cohort

import (
	"context"
	"fmt"
	"math"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/getij/getij/dispatch"
	"github.com/getij/getij/internal/home"
	"github.com/getij/getij/internal/series"
	"github.com/getij/getij/internal/tariff"
)

// Case is a contract and a way to charge.
type Case struct {
	Contract string
	Mode     dispatch.Mode
	Prices   *tariff.Prices
	// Given, if not nil, is each home's power during its sessions, which is then not
	// chosen at these prices but an equilibrium's.
	Given [][]float64
}

// Input is what Run computes.
type Input struct {
	Axis    *series.Axis
	Homes   []*home.Home // fitted
	Cases   []Case
	Seed    uint64
	Workers int // 0: one per processor
	// StoredValue asks for StoredEURPerKWh.
	StoredValue bool
	// Groups are the sizes for which coincidence is computed; none skips it.
	Groups []int
	// Progress, if not nil, is called from several goroutines with the number
	// of home-years done and in all.
	Progress func(done, total int)
}

// Result is one case over all homes.
type Result struct {
	Contract string
	Mode     dispatch.Mode
	MeanKW   []float64 // the cars' mean power per home, per step
	// StoredEURPerKWh is what one more kWh in the battery is worth per step, the mean
	// over the homes whose car is plugged in, NaN where none is; nil for Regular, and
	// where it was not asked for.
	StoredEURPerKWh []float64
	Homes           []home.Year
	// Day is the distribution over homes of the mean power per quarter of day.
	Day [series.QuartersPerDay]Spread
	// AtPeakKW is each home's mean discharge, positive, in the cell (month,
	// quarter of the day) in which the mean home discharges most.
	AtPeakKW []float64
	// Coincidence has one entry per group size, in Input's order.
	Coincidence []Coincidence
}

// blockOf is the size of the blocks in which homes are summed, which one worker computes:
// of few homes each is its own, so that all workers have some.
func blockOf(homes int) int {
	if homes <= 32 {
		return 1
	}
	return 8
}

// Run computes all cases. It stops early when ctx ends.
func Run(ctx context.Context, in *Input) ([]*Result, error) {
	if len(in.Homes) == 0 {
		return nil, fmt.Errorf("a cohort needs at least one home")
	}
	w := in.Workers
	if w <= 0 {
		w = runtime.GOMAXPROCS(0)
	}
	r := &runner{Input: in, workers: w, total: len(in.Cases) * len(in.Homes)}
	r.power = make([][]float64, len(in.Homes))
	r.inBlock = blockOf(len(in.Homes))
	r.blocks = make([][]float64, (len(in.Homes)+r.inBlock-1)/r.inBlock)
	r.solvers = make([]home.Solver, w)
	if in.StoredValue {
		r.values, r.plugged = make([][]float64, len(r.blocks)), make([]float64, in.Axis.Len())
		for _, h := range in.Homes {
			for _, s := range h.Sessions {
				for t := s.Arrive; t < s.Depart; t++ {
					r.plugged[t]++
				}
			}
		}
	}
	var results []*Result
	var regular *Result
	var ranked *tariff.Prices
	for _, c := range in.Cases {
		if c.Mode != dispatch.Regular && c.Prices != ranked {
			ranked = c.Prices
			prices, err := home.Rank(c.Prices, in.Homes[0].Charger)
			if err != nil {
				return nil, fmt.Errorf("contract %s: %w", c.Contract, err)
			}
			for i := range r.solvers {
				r.solvers[i].Ranked = prices
			}
		}
		res, err := r.run(ctx, c)
		if err != nil {
			return nil, err
		}
		if c.Mode == dispatch.Regular && regular != nil {
			res.Coincidence = regular.Coincidence // the same power under any contract
		} else if res.Coincidence, err = r.coincidence(ctx); err != nil {
			return nil, err
		}
		if c.Mode == dispatch.Regular {
			regular = res
		}
		results = append(results, res)
	}
	return results, nil
}

// runner holds the memory that cases reuse.
type runner struct {
	*Input
	workers int
	inBlock int // homes
	total   int
	done    atomic.Int64
	power   [][]float64 // per home: the car's power during its sessions
	blocks  [][]float64 // per block of homes: the sum of power per step
	solvers []home.Solver
	values  [][]float64 // per block of homes: the sum of the value of stored energy
	plugged []float64   // homes whose car is plugged in, per step
}

func (r *runner) run(ctx context.Context, c Case) (*Result, error) {
	res := &Result{
		Contract: c.Contract, Mode: c.Mode,
		MeanKW: make([]float64, r.Axis.Len()),
		Homes:  make([]home.Year, len(r.Homes)),
	}
	days := make([][series.QuartersPerDay]float64, len(r.Homes))
	err := r.parallel(ctx, len(r.blocks), func(worker, b int) error {
		if r.blocks[b] == nil {
			r.blocks[b] = make([]float64, r.Axis.Len())
		}
		clear(r.blocks[b])
		if r.values != nil {
			if r.values[b] == nil {
				r.values[b] = make([]float64, r.Axis.Len())
			}
			clear(r.values[b])
		}
		for i := b * r.inBlock; i < min((b+1)*r.inBlock, len(r.Homes)); i++ {
			var err error
			r.power[i], res.Homes[i], err = r.solvers[worker].Year(r.Homes[i], r.Axis, c.Prices, c.Mode, r.power[i][:0])
			if err != nil {
				return fmt.Errorf("home %d, contract %s, %s: %w", i+1, c.Contract, c.Mode, err)
			}
			if c.Given != nil {
				best := res.Homes[i]
				r.power[i], res.Homes[i] = r.solvers[worker].Play(r.Homes[i], r.Axis, c.Prices, append(r.power[i][:0], c.Given[i]...))
				res.Homes[i].NettedEURPerKWh, res.Homes[i].CapEURPerKWh = best.NettedEURPerKWh, best.CapEURPerKWh
				res.Homes[i].GapEUR = res.Homes[i].TotalEUR() - best.TotalEUR() + best.GapEUR
			}
			r.addTo(r.blocks[b], i, 1)
			if r.values != nil {
				r.addValues(r.values[b], i, r.solvers[worker].StoredEURPerKWh)
			}
			days[i] = r.day(i)
			if done := r.done.Add(1); r.Progress != nil {
				r.Progress(int(done), r.total)
			}
			if ctx.Err() != nil {
				return ctx.Err()
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	for _, sum := range r.blocks {
		for t, kw := range sum {
			res.MeanKW[t] += kw
		}
	}
	for t := range res.MeanKW {
		res.MeanKW[t] /= float64(len(r.Homes))
	}
	if r.values != nil && c.Mode != dispatch.Regular {
		res.StoredEURPerKWh = r.meanValue()
	}
	res.AtPeakKW = r.atPeak(res.MeanKW)
	values := make([]float64, len(r.Homes))
	for q := range res.Day {
		for i := range days {
			values[i] = days[i][q]
		}
		res.Day[q] = SpreadOf(values)
	}
	return res, nil
}

// addTo adds a home's power, times its weight, to a sum per step.
func (r *runner) addTo(sum []float64, home int, weight float64) {
	addPower(sum, r.Homes[home], r.power[home], weight)
}

func addPower(sum []float64, h *home.Home, power []float64, weight float64) {
	for _, s := range h.Sessions {
		for t, kw := range power[:s.Steps()] {
			sum[s.Arrive+t] += weight * kw
		}
		power = power[s.Steps():]
	}
}

// addValues adds a home's value of stored energy, step by step of its sessions.
func (r *runner) addValues(sum []float64, home int, values []float64) {
	if len(values) == 0 {
		return // regular charging
	}
	for _, s := range r.Homes[home].Sessions {
		for t, v := range values[:s.Steps()] {
			sum[s.Arrive+t] += v
		}
		values = values[s.Steps():]
	}
}

func (r *runner) meanValue() []float64 {
	out := make([]float64, r.Axis.Len())
	for _, sum := range r.values {
		for t, v := range sum {
			out[t] += v
		}
	}
	for t := range out {
		if out[t] /= r.plugged[t]; r.plugged[t] == 0 {
			out[t] = math.NaN()
		}
	}
	return out
}

// day is a home's mean power per quarter of the day.
func (r *runner) day(home int) (mean [series.QuartersPerDay]float64) {
	power := r.power[home]
	for _, s := range r.Homes[home].Sessions {
		for t, kw := range power[:s.Steps()] {
			mean[r.Axis.Clock[s.Arrive+t].QuarterOfDay] += kw
		}
		power = power[s.Steps():]
	}
	for q := range mean {
		mean[q] /= float64(r.Axis.Days())
	}
	return mean
}

// atPeak is each home's mean discharge in the cell in which the mean discharges
// most.
func (r *runner) atPeak(mean []float64) []float64 {
	month, quarter := r.Axis.ByMonth(mean).Lowest()
	in := make([]bool, r.Axis.Len())
	n := 0
	for t, c := range r.Axis.Clock {
		if in[t] = int(c.Month) == month+1 && int(c.QuarterOfDay) == quarter; in[t] {
			n++
		}
	}
	out := make([]float64, len(r.Homes))
	for i, h := range r.Homes {
		power := r.power[i]
		for _, s := range h.Sessions {
			for t, kw := range power[:s.Steps()] {
				if in[s.Arrive+t] {
					out[i] -= kw / float64(n)
				}
			}
			power = power[s.Steps():]
		}
	}
	return out
}

func (r *runner) parallel(ctx context.Context, n int, work func(worker, i int) error) error {
	return Parallel(ctx, r.workers, n, work)
}

// Parallel calls work for 0 <= i < n on the workers and returns the first error
// by index, so that errors too do not depend on the workers.
func Parallel(ctx context.Context, workers, n int, work func(worker, i int) error) error {
	errs := make([]error, n)
	var next atomic.Int64
	var failed atomic.Bool
	var wg sync.WaitGroup
	for worker := range min(workers, n) {
		wg.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= n || failed.Load() {
					return
				}
				if errs[i] = ctx.Err(); errs[i] == nil {
					errs[i] = work(worker, i)
				}
				if errs[i] != nil {
					failed.Store(true)
				}
			}
		})
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
