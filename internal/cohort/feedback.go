package cohort

import (
	"context"
	"fmt"
	"runtime"

	"github.com/getij/getij/dispatch"
	"github.com/getij/getij/internal/home"
	"github.com/getij/getij/internal/series"
	"github.com/getij/getij/internal/tariff"
)

// Feedback is a market whose price follows what the cars of a country do: at a price each
// home charges as is best for it alone, all of them together move the price, and so on to
// a price at which no home gains by charging otherwise. It is found by Frank and Wolfe's
// method: each round every home finds its best year at the price that all make, and goes a
// part of the way towards it. Years of a home are a convex set, so a part of the way is a
// year too; how far is best follows from how much the homes would gain and how far the
// price would move.
type Feedback struct {
	Contract string
	Mode     dispatch.Mode
	// Prices are the contract's where the cars' mean power per home is higher by moreKW,
	// in each step, than with regular charging.
	Prices func(moreKW []float64) (*tariff.Prices, error)
	// EURPerKWhPerKW is by how much the import price rises at most with that power.
	EURPerKWhPerKW float64
	// StopEUR is the gain per home and year below which nothing is changed any more.
	StopEUR float64
}

// mostFeedbackRounds bounds the search.
const mostFeedbackRounds = 400

// Equilibrium is where prices and cars agree.
type Equilibrium struct {
	Prices *tariff.Prices
	Power  [][]float64 // of each home during its sessions, for Case.Given
	// GainEUR is, by round, what a home could gain in a year by charging otherwise at the
	// prices of that round, mean over homes. The last is what is left.
	GainEUR []float64
	MoreKW  []float64 // than with regular charging, mean over homes, per step
}

// Settle finds the equilibrium of a market with feedback. The mode is not Regular, and
// homes know everything.
func Settle(ctx context.Context, in *Input, f *Feedback) (*Equilibrium, error) {
	w := in.Workers
	if w <= 0 {
		w = runtime.GOMAXPROCS(0)
	}
	r := &runner{Input: in, workers: w, inBlock: blockOf(len(in.Homes)), solvers: make([]home.Solver, w)}
	r.power, r.blocks = make([][]float64, len(in.Homes)), make([][]float64, (len(in.Homes)+r.inBlock-1)/r.inBlock)
	none := make([]float64, in.Axis.Len())
	out := &Equilibrium{MoreKW: none}
	var err error
	if out.Prices, err = f.Prices(none); err != nil {
		return nil, err
	}
	// years solves all homes and returns their mean power and what they cost.
	years := func(mode dispatch.Mode) (meanKW, cost []float64, err error) {
		cost = make([]float64, len(in.Homes))
		if mode != dispatch.Regular {
			ranked, err := home.Rank(out.Prices, in.Homes[0].Charger)
			if err != nil {
				return nil, nil, fmt.Errorf("contract %s: %w", f.Contract, err)
			}
			for i := range r.solvers {
				r.solvers[i].Ranked = ranked
			}
		}
		err = r.parallel(ctx, len(r.blocks), func(worker, b int) error {
			for i := b * r.inBlock; i < min((b+1)*r.inBlock, len(r.Homes)); i++ {
				var y home.Year
				var err error
				if r.power[i], y, err = r.solvers[worker].Year(r.Homes[i], r.Axis, out.Prices, mode, r.power[i][:0]); err != nil {
					return fmt.Errorf("home %d, contract %s, %s: %w", i+1, f.Contract, mode, err)
				}
				cost[i] = y.TotalEUR()
			}
			return ctx.Err()
		})
		return r.meanOf(r.power), cost, err
	}
	regular, _, err := years(dispatch.Regular)
	if err != nil {
		return nil, err
	}
	for {
		best, cost, err := years(f.Mode)
		if err != nil {
			return nil, err
		}
		if out.Power == nil { // all begin with what is best at the price of before
			out.Power, r.power = r.power, make([][]float64, len(in.Homes))
			if err := out.move(f, best, regular); err != nil {
				return nil, err
			}
			continue
		}
		gain := 0.0
		for i, h := range in.Homes {
			_, y := r.solvers[0].Play(h, in.Axis, out.Prices, out.Power[i])
			gain += (y.TotalEUR() - cost[i]) / float64(len(in.Homes))
		}
		out.GainEUR = append(out.GainEUR, gain)
		if gain <= f.StopEUR {
			return out, nil
		}
		if len(out.GainEUR) == mostFeedbackRounds {
			return nil, fmt.Errorf("contract %s: prices and cars did not come to agree in %d rounds: a home could still gain EUR %.2f a year; a smaller prices.feedback_eur_per_mwh_per_gw is easier to settle", f.Contract, mostFeedbackRounds, gain)
		}
		now, bend := r.meanOf(out.Power), 0.0
		for t := range best {
			d := best[t] - now[t]
			bend += f.EURPerKWhPerKW * d * d * series.StepHours
		}
		part := 1.0
		if bend > gain {
			part = gain / bend
		}
		for i := range out.Power {
			for t := range out.Power[i] {
				out.Power[i][t] += part * (r.power[i][t] - out.Power[i][t])
			}
		}
		if err := out.move(f, r.meanOf(out.Power), regular); err != nil {
			return nil, err
		}
	}
}

// move takes the prices that the cars' mean power makes.
func (e *Equilibrium) move(f *Feedback, meanKW, regularKW []float64) (err error) {
	e.MoreKW = make([]float64, len(meanKW))
	for t := range meanKW {
		e.MoreKW[t] = meanKW[t] - regularKW[t]
	}
	e.Prices, err = f.Prices(e.MoreKW)
	return err
}

// meanOf is the mean power of homes, in blocks as everywhere.
func (r *runner) meanOf(power [][]float64) []float64 {
	out := make([]float64, r.Axis.Len())
	block := make([]float64, r.Axis.Len())
	for b := range r.blocks {
		clear(block)
		for i := b * r.inBlock; i < min((b+1)*r.inBlock, len(r.Homes)); i++ {
			addPower(block, r.Homes[i], power[i], 1)
		}
		for t, kw := range block {
			out[t] += kw / float64(len(r.Homes))
		}
	}
	return out
}
