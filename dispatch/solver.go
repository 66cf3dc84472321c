package dispatch

import (
	"context"
	"errors"
	"math"
)

// Solver solves problems one after another and reuses its scratch memory. The
// zero value is ready. It must not be used by two goroutines at once.
type Solver struct {
	steps  []solved
	pieces []piece // of all steps, in order
	value  value
}

// solved is what the solver remembers of one step.
type solved struct {
	step
	firstPiece   int     // where its pieces start in Solver.pieces
	xMin         float64 // largest discharge, in stored kWh (<= 0)
	atMin, atMax float64 // slopes at which W_t was cut at the empty and full end
	low, high    float64 // stored energy after the step from which the rest can be optimal
	xLow, xHigh  float64 // change in stored energy that is optimal at the marginal value
	next         float64 // stored energy where it is next settled: full, empty or the end
}

// Solve writes the schedule of lowest cost (for Regular: the uncontrolled one)
// into out. The error is an [*InputError] or an [*InfeasibleError], and out is
// then not usable.
func (s *Solver) Solve(p *Problem, out *Schedule) error {
	return s.SolveContext(context.Background(), p, out)
}

// stepsBetweenLooks is how many steps are solved between two looks at a context:
// far below a millisecond.
const stepsBetweenLooks = 4096

// SolveContext is [Solver.Solve] for long problems: it looks at ctx every few
// thousand steps, and returns its error when it is done before the solver.
func (s *Solver) SolveContext(ctx context.Context, p *Problem, out *Schedule) error {
	if err := p.check(); err != nil {
		return err
	}
	n := len(p.ImportEURPerKWh)
	out.resize(n)
	if p.Mode == Regular {
		return p.solveRegular(out)
	}
	if cap(s.steps) < n {
		s.steps = make([]solved, n)
	}
	s.steps = s.steps[:n]
	end, marginal, err := s.forward(ctx, p, out)
	if err != nil {
		return err
	}
	s.backward(p, end, marginal, out.MarginalEURPerKWh)
	return s.fill(p, out)
}

// checkFinite is the last thing before an answer leaves: 0 times a sum of all
// its numbers is 0, unless one of them is not finite.
func checkFinite(zeroTimesAll float64) error {
	if zeroTimesAll == 0 {
		return nil
	}
	return errors.New("the schedule holds a number that is not finite: this is a mistake of the solver, please report it with the problem")
}

func (o *Schedule) resize(n int) {
	for _, a := range [...]*[]float64{&o.ChargeKW, &o.DischargeKW, &o.StoredKWh, &o.MarginalEURPerKWh} {
		if cap(*a) < n {
			*a = make([]float64, n)
		}
		*a = (*a)[:n]
	}
	o.CostEUR, o.BentSteps, o.ThresholdEURPerKW = 0, 0, o.ThresholdEURPerKW[:0]
}

// forward builds W_1..W_n, remembering each step's pieces and the slopes of the
// cuts. It returns the end that will be met (p's, or the end of W_n's domain
// where p's is beyond it by rounding) and the slope of W_n there.
func (s *Solver) forward(ctx context.Context, p *Problem, out *Schedule) (end, marginal float64, err error) {
	sMin, sMax := p.Battery.MinKWh, p.Battery.MaxKWh
	importKW, exportKW := p.Grid.limits()
	w := &s.value
	w.reset()
	pieces := s.pieces[:0]
	low, high := p.Battery.StartKWh, p.Battery.StartKWh // W_t's domain
	for t := range s.steps {
		if t%stepsBetweenLooks == stepsBetweenLooks-1 {
			if err := ctx.Err(); err != nil {
				return 0, 0, err
			}
		}
		r := &s.steps[t]
		r.set(p, t, importKW, exportKW)
		if r.bent {
			out.BentSteps++
		}
		r.firstPiece = len(pieces)
		var xMax float64
		pieces, r.xMin, xMax = p.appendPieces(pieces, &r.step)
		for i, q := range pieces[r.firstPiece:] {
			w.insert(q, i)
		}
		low += r.xMin
		high += xMax
		if t == len(s.steps)-1 {
			break // the last cut is at the end itself
		}
		r.atMin, r.atMax = math.Inf(-1), math.Inf(1)
		if high > sMax {
			r.atMax = w.cutHigh(high - sMax)
			high = sMax
		}
		if low < sMin {
			r.atMin = w.cutLow(sMin - low)
			low = sMin
		}
	}
	s.pieces = pieces

	lowest, highest := max(low, sMin), min(high, sMax)
	end = p.Battery.EndKWh
	if tol := p.toleranceKWh(); !(end >= lowest-tol && end <= highest+tol) {
		return 0, 0, &InfeasibleError{EndKWh: end, LowestKWh: lowest, HighestKWh: highest}
	}
	end = min(max(end, lowest), highest)
	return end, w.slopeAt(end - low), nil
}

// backward finds the marginal value of every step, the changes in stored energy
// that are optimal at that value, and the stored energies from which the steps
// after can still be optimal.
func (s *Solver) backward(p *Problem, end, marginal float64, mu []float64) {
	sMin, sMax := p.Battery.MinKWh, p.Battery.MaxKWh
	low, high, settled := end, end, end
	pieces := s.pieces
	for t := len(s.steps) - 1; t >= 0; t-- {
		r := &s.steps[t]
		mu[t] = marginal
		r.low, r.high, r.next = low, high, settled

		x := r.xMin
		own := pieces[r.firstPiece:]
		pieces = pieces[:r.firstPiece]
		for len(own) > 0 && own[0].slope < marginal {
			x += own[0].width
			own = own[1:]
		}
		r.xLow = x
		for len(own) > 0 && own[0].slope == marginal {
			x += own[0].width
			own = own[1:]
		}
		r.xHigh = x
		if t == 0 {
			return
		}
		low, high = max(low-r.xHigh, sMin), min(high-r.xLow, sMax)
		// The value may jump only where the battery is full (it is worth more
		// later) or empty (it was worth more before).
		switch before := &s.steps[t-1]; {
		case marginal > before.atMax:
			marginal = before.atMax
			low, high, settled = sMax, sMax, sMax
		case marginal < before.atMin:
			marginal = before.atMin
			low, high, settled = sMin, sMin, sMin
		}
	}
}

// fill walks forward. Where a step's change is free at the marginal value it
// charges, or discharges, as much as what comes after allows; where it could do
// either it goes straight to where the battery is next settled, so that nothing
// is cycled for no gain.
func (s *Solver) fill(p *Problem, out *Schedule) error {
	stored, zero := p.Battery.StartKWh, 0.0
	for t := range s.steps {
		r := &s.steps[t]
		var next float64
		switch {
		case r.xLow >= 0:
			next = stored + r.xHigh
		case r.xHigh <= 0:
			next = stored + r.xLow
		default:
			next = min(max(r.next, stored+r.xLow), stored+r.xHigh)
		}
		next = min(max(next, r.low), r.high)
		c, d := p.power(&r.step, next-stored)
		out.ChargeKW[t], out.DischargeKW[t] = c, d
		out.StoredKWh[t] = next
		out.CostEUR += p.exchangeCost(&r.step, c, d)
		if len(p.Threshold.ImportKW) > 0 {
			saved := r.extra * p.StepHours * p.aboveShare(&r.step, out.MarginalEURPerKWh[t])
			out.ThresholdEURPerKW = append(out.ThresholdEURPerKW, saved)
		}
		zero += 0 * (next + out.MarginalEURPerKWh[t])
		stored = next
	}
	return checkFinite(zero + 0*out.CostEUR)
}

// solveRegular charges at full power until the end energy is in.
func (p *Problem) solveRegular(out *Schedule) error {
	stored, end := p.Battery.StartKWh, p.Battery.EndKWh
	kWhPerKW := p.StepHours * p.Charger.ChargeEfficiency
	importKW, exportKW := p.Grid.limits()
	var st step
	for t := range p.ImportEURPerKWh {
		st.set(p, t, importKW, exportKW)
		if st.bent {
			out.BentSteps++
		}
		c := min(max(0, (end-stored)/kWhPerKW), st.chargeMax)
		stored += c * kWhPerKW
		out.ChargeKW[t], out.DischargeKW[t] = c, 0
		out.StoredKWh[t] = stored
		out.CostEUR += p.exchangeCost(&st, c, 0)
	}
	out.MarginalEURPerKWh = out.MarginalEURPerKWh[:0]
	// All that can be infinite or no number is in the sums.
	if err := checkFinite(0 * (out.CostEUR + stored)); err != nil {
		return err
	}
	if tol := p.toleranceKWh(); math.Abs(stored-end) > tol || end > p.Battery.MaxKWh+tol {
		return &InfeasibleError{EndKWh: end, LowestKWh: p.Battery.StartKWh, HighestKWh: min(stored, p.Battery.MaxKWh)}
	}
	return nil
}
