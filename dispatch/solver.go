package dispatch

import (
	"context"
	"errors"
	"math"
)

// Solver solves problems one after another and reuses its scratch memory. The
// zero value is ready. It must not be used by two goroutines at once.
type Solver struct {
	runs   []run
	pieces []piece // of all runs, in order
	most   []mostKW
	value  value
	plain  []plainRun // of a plain session
}

// run is steps after each other that are solved as one: their pieces have the same
// slopes. Energy charged in one and discharged in another brings nothing, and what is
// charged, or discharged, in all together can be spread over them within the battery's
// bounds. So W is cut, and the marginal value may jump, between runs alone.
type run struct {
	from, to     int     // its steps
	imp, exp     float64 // EUR/kWh
	alone        bool    // one step, in which burning matters or that has a threshold
	firstPiece   int     // where its pieces start in Solver.pieces
	xMin         float64 // largest discharge, in stored kWh (<= 0)
	atMin, atMax float64 // slopes at which W was cut at the empty and full end
	marginal     float64 // value of one more stored kWh
	low, high    float64 // stored energy after the run from which the rest can be optimal
	xLow, xHigh  float64 // change in stored energy that is optimal at the marginal value
	may, must    way     // what is worth it at the marginal value, and what is without a tie
	next         float64 // stored energy where it is next settled: full, empty or the end
}

// mostPieces is what a step can have: the corners where burning matters, less one.
const mostPieces = len(vertices{}.at) - 1

// mostKW is the most power of a step, limits and mode applied.
type mostKW struct{ charge, discharge float64 }

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
	return s.solve(ctx, p, nil, 0, out)
}

// solve solves a problem that is checked. Its first step is step at of a window, if any.
func (s *Solver) solve(ctx context.Context, p *Problem, ranked *window, at int, out *Schedule) error {
	n := len(p.ImportEURPerKWh)
	out.resize(n)
	if p.Mode == Regular {
		return p.solveRegular(nil, out)
	}
	s.room(n)
	end, marginal, err := s.forward(ctx, p, ranked, at, out)
	if err != nil {
		return err
	}
	s.backward(p, end, marginal)
	return s.fill(p, out)
}

// room makes room for so many steps.
func (s *Solver) room(n int) {
	if cap(s.runs) < n {
		s.most, s.runs, s.pieces = make([]mostKW, n), make([]run, n), make([]piece, mostPieces*n)
	}
	s.most, s.pieces = s.most[:n], s.pieces[:0]
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

// forward builds W after every run, remembering each run's pieces and the slopes of
// the cuts. It returns the end that will be met (p's, or the end of W's domain where
// p's is beyond it by rounding) and the slope of W there.
func (s *Solver) forward(ctx context.Context, p *Problem, ranked *window, at int, out *Schedule) (end, marginal float64, err error) {
	sMin, sMax := p.Battery.MinKWh, p.Battery.MaxKWh
	importKW, exportKW := p.Grid.limits()
	w := &s.value
	w.reset(ranked)
	s.runs = s.runs[:0]
	low, high := p.Battery.StartKWh, p.Battery.StartKWh // W's domain
	n := len(p.ImportEURPerKWh)
	look := stepsBetweenLooks
	ranks := &unranked
	for t := 0; t < n; {
		if t >= look {
			if err := ctx.Err(); err != nil {
				return 0, 0, err
			}
			look = t + stepsBetweenLooks
		}
		s.runs = s.runs[:len(s.runs)+1]
		r := &s.runs[len(s.runs)-1]
		r.from, r.firstPiece = t, len(s.pieces)
		r.imp, r.exp = p.ImportEURPerKWh[t], p.ExportEURPerKWh[t]
		r.atMin, r.atMax = math.Inf(-1), math.Inf(1)
		r.xLow, r.xHigh, r.may, r.must = 0, 0, 0, 0
		sum, bent := s.gather(p, r, importKW, exportKW)
		out.BentSteps += bent
		t = r.to
		var xMax float64
		if r.alone {
			var st step
			st.set(p, r.from, importKW, exportKW)
			s.pieces, r.xMin, xMax = p.stepPieces(s.pieces, &st)
		} else {
			if ranked != nil {
				ranks = &ranked.ranks[at+r.from]
			}
			s.pieces, r.xMin, xMax = p.appendPieces(s.pieces, r.imp, r.exp, &sum, ranks)
		}
		for i, q := range s.pieces[r.firstPiece:] {
			w.insert(q, i)
		}
		low += r.xMin
		high += xMax
		if t == n {
			break // the last cut is at the end itself
		}
		if high > sMax {
			r.atMax = w.cutHigh(high - sMax)
			high = sMax
		}
		if low < sMin {
			r.atMin = w.cutLow(sMin - low)
			low = sMin
		}
	}

	if end, err = p.reachable(low, high); err != nil {
		return 0, 0, err
	}
	return end, w.slopeAt(end - low), nil
}

// reachable is the end that will be met, of those from low to high.
func (p *Problem) reachable(low, high float64) (end float64, err error) {
	lowest, highest := max(low, p.Battery.MinKWh), min(high, p.Battery.MaxKWh)
	end = p.Battery.EndKWh
	if tol := p.toleranceKWh(); !(end >= lowest-tol && end <= highest+tol) {
		return 0, &InfeasibleError{EndKWh: end, LowestKWh: lowest, HighestKWh: highest}
	}
	return min(max(end, lowest), highest), nil
}

// gather finds the steps of a run from its first on, and their powers.
func (s *Solver) gather(p *Problem, r *run, importKW, exportKW float64) (sum powers, bent int) {
	onePrice, above, byStep := r.imp == r.exp, len(p.Threshold.ImportKW) > 0, p.hasStepLimits()
	up, down := importKW, exportKW
	feedsIn := p.NetLoadKW[r.from] < 0
	for t := r.from; t < len(p.NetLoadKW); t++ {
		net := p.NetLoadKW[t]
		if t > r.from && (p.ImportEURPerKWh[t] != r.imp || p.ExportEURPerKWh[t] != r.exp || !onePrice && (net < 0) != feedsIn) {
			break
		}
		if byStep {
			up, down = p.stepLimits(t, importKW, exportKW)
		}
		charge, discharge, over := p.mostKW(net, up, down)
		alone := above || p.burningMatters(r.exp, discharge)
		if alone && t > r.from {
			break
		}
		if over {
			bent++
		}
		s.most[t] = mostKW{charge, discharge}
		r.to = t + 1
		if r.alone = alone; alone {
			break
		}
		if onePrice {
			sum.toGrid += discharge
			sum.fromGrid += charge
		} else {
			sum.add(net, charge, discharge)
		}
	}
	return sum, bent
}

// backward finds the marginal value of every run, the changes in stored energy
// that are optimal at that value, and the stored energies from which the runs
// after can still be optimal.
func (s *Solver) backward(p *Problem, end, marginal float64) {
	sMin, sMax := p.Battery.MinKWh, p.Battery.MaxKWh
	low, high, settled := end, end, end
	pieces := s.pieces
	for i := len(s.runs) - 1; i >= 0; i-- {
		r := &s.runs[i]
		r.marginal, r.low, r.high, r.next = marginal, low, high, settled

		own := pieces[r.firstPiece:]
		pieces = pieces[:r.firstPiece]
		r.free(own)
		if i == 0 {
			return
		}
		low, high = max(low-r.xHigh, sMin), min(high-r.xLow, sMax)
		// The value may jump only where the battery is full (it is worth more
		// later) or empty (it was worth more before).
		switch before := &s.runs[i-1]; {
		case marginal > before.atMax:
			marginal = before.atMax
			low, high, settled = sMax, sMax, sMax
		case marginal < before.atMin:
			marginal = before.atMin
			low, high, settled = sMin, sMin, sMin
		}
	}
}

// free finds the changes in stored energy that are optimal at the marginal value.
// It counts from doing nothing, so that what rounding leaves is not taken for power.
func (r *run) free(own []piece) {
	if r.alone {
		x := r.xMin
		for len(own) > 0 && own[0].slope < r.marginal {
			x += own[0].width
			own = own[1:]
		}
		r.xLow = x
		for len(own) > 0 && own[0].slope == r.marginal {
			x += own[0].width
			own = own[1:]
		}
		r.xHigh = x
		return
	}
	for i := range own {
		q := &own[i]
		switch charges := q.way >= fromSolar; {
		case q.slope == r.marginal:
			r.may |= q.way
			if charges {
				r.xHigh += q.width
			} else {
				r.xLow -= q.width
			}
		case charges && q.slope < r.marginal:
			r.may, r.must = r.may|q.way, r.must|q.way
			r.xLow += q.width
			r.xHigh += q.width
		case !charges && q.slope > r.marginal:
			r.may, r.must = r.may|q.way, r.must|q.way
			r.xLow -= q.width
			r.xHigh -= q.width
		}
	}
}

// fill walks forward. Where a step's change is free at the marginal value it
// charges, or discharges, as much as what comes after allows; where it could do
// either it goes straight to where the battery is next settled, so that nothing
// is cycled for no gain.
func (s *Solver) fill(p *Problem, out *Schedule) error {
	stored, zero := p.Battery.StartKWh, 0.0
	for i := range s.runs {
		r := &s.runs[i]
		stored = s.fillRun(p, r, stored, out)
		for t := r.from; t < r.to; t++ {
			out.MarginalEURPerKWh[t] = r.marginal
		}
		zero += 0 * (stored + r.marginal + r.low + r.high + r.imp + r.exp)
	}
	return checkFinite(zero + 0*out.CostEUR)
}

func (s *Solver) fillRun(p *Problem, r *run, stored float64, out *Schedule) float64 {
	switch {
	case r.alone:
		return s.single(p, r, stored, out)
	case r.xLow == 0 && r.xHigh == 0:
		return s.idle(p, r, stored, out)
	case r.xLow >= 0:
		return s.charge(p, r, stored, out)
	case r.xHigh <= 0:
		return s.discharge(p, r, stored, out)
	}
	goal := r.goal(stored)
	if r.low, r.high = goal, goal; goal >= stored {
		r.xLow = 0
		return s.charge(p, r, stored, out)
	}
	r.xHigh = 0
	return s.discharge(p, r, stored, out)
}

// goal is where a run ends that could charge or discharge.
func (r *run) goal(stored float64) float64 {
	next := stored
	switch {
	case r.xLow >= 0:
		next += r.xHigh
	case r.xHigh <= 0:
		next += r.xLow
	default:
		next = min(max(r.next, stored+r.xLow), stored+r.xHigh)
	}
	return min(max(next, r.low), r.high)
}

// single fills a run of one step in which burning matters or that has a threshold.
func (s *Solver) single(p *Problem, r *run, stored float64, out *Schedule) float64 {
	var st step
	importKW, exportKW := p.Grid.limits()
	st.set(p, r.from, importKW, exportKW)
	next := r.goal(stored)
	c, d := p.power(&st, next-stored)
	out.ChargeKW[r.from], out.DischargeKW[r.from], out.StoredKWh[r.from] = c, d, next
	out.CostEUR += p.exchangeCost(&st, c, d)
	if len(p.Threshold.ImportKW) > 0 {
		saved := st.extra * p.StepHours * p.aboveShare(&st, r.marginal)
		out.ThresholdEURPerKW = append(out.ThresholdEURPerKW, saved)
	}
	return next
}

// idle fills a run in which the car does nothing.
func (s *Solver) idle(p *Problem, r *run, stored float64, out *Schedule) float64 {
	stored = min(max(stored, r.low), r.high)
	impEUR, expEUR := r.imp*p.StepHours, r.exp*p.StepHours // per kW
	cost := out.CostEUR
	for t := r.from; t < r.to; t++ {
		out.ChargeKW[t], out.DischargeKW[t], out.StoredKWh[t] = 0, 0, stored
		if net := p.NetLoadKW[t]; net > 0 {
			cost += net * impEUR
		} else {
			cost += net * expEUR
		}
	}
	out.CostEUR = cost
	return stored
}

// charge fills a run of charging: in every step the most that is worth it, unless what
// must be charged after, or the battery, leaves less. It compares instead of using min
// and max, whose care for NaN costs more than all else here.
func (s *Solver) charge(p *Problem, r *run, stored float64, out *Schedule) float64 {
	kWhPerKW := p.kWhPerChargeKW()
	solarAlone := r.may&fromGrid == 0
	mustGrid, mustSolar := r.must&fromGrid != 0, r.must&fromSolar != 0
	impEUR, expEUR := r.imp*p.StepHours, r.exp*p.StepHours
	sMax, after, cost := p.Battery.MaxKWh, r.xLow, out.CostEUR
	net, most := p.NetLoadKW[r.from:r.to], s.most[r.from:r.to]
	chargeKW, dischargeKW, storedKWh := out.ChargeKW[r.from:r.to], out.DischargeKW[r.from:r.to], out.StoredKWh[r.from:r.to]
	for i := range net {
		net, kW := net[i], most[i].charge
		solarKW := 0.0
		if net < 0 {
			if solarKW = -net; solarKW > kW {
				solarKW = kW
			}
		}
		switch {
		case mustGrid:
			after -= kW * kWhPerKW
		case mustSolar:
			after -= solarKW * kWhPerKW
		}
		if solarAlone {
			kW = solarKW
		}
		next := stored + kW*kWhPerKW
		high := r.high - after
		if high > sMax {
			high = sMax
		}
		if i == len(chargeKW)-1 {
			if high = r.high; next < r.low {
				next = r.low
			}
		}
		if next > high {
			next = high
			if less := (next - stored) / kWhPerKW; less < kW {
				kW = less
			}
			if kW < 0 {
				kW = 0
			}
		}
		chargeKW[i], dischargeKW[i], storedKWh[i] = kW, 0, next
		if y := net + kW; y > 0 {
			cost += y * impEUR
		} else {
			cost += y * expEUR
		}
		stored = next
	}
	out.CostEUR = cost
	return stored
}

// discharge fills a run of discharging, as charge one of charging.
func (s *Solver) discharge(p *Problem, r *run, stored float64, out *Schedule) float64 {
	kWhPerKW := p.kWhPerDischargeKW()
	homeAlone := r.may&toGrid == 0
	mustGrid, mustHome := r.must&toGrid != 0, r.must&intoHome != 0
	impEUR, expEUR, wearEUR := r.imp*p.StepHours, r.exp*p.StepHours, p.Battery.WearEURPerKWh*p.StepHours
	sMin, after, cost := p.Battery.MinKWh, r.xHigh, out.CostEUR
	net, most := p.NetLoadKW[r.from:r.to], s.most[r.from:r.to]
	chargeKW, dischargeKW, storedKWh := out.ChargeKW[r.from:r.to], out.DischargeKW[r.from:r.to], out.StoredKWh[r.from:r.to]
	for i := range net {
		net, kW := net[i], most[i].discharge
		homeKW := 0.0
		if net > 0 {
			if homeKW = net; homeKW > kW {
				homeKW = kW
			}
		}
		switch {
		case mustGrid:
			after += kW * kWhPerKW
		case mustHome:
			after += homeKW * kWhPerKW
		}
		if homeAlone {
			kW = homeKW
		}
		next := stored - kW*kWhPerKW
		low := r.low - after
		if low < sMin {
			low = sMin
		}
		if i == len(chargeKW)-1 {
			if low = r.low; next > r.high {
				next = r.high
			}
		}
		if next < low {
			next = low
			if less := (stored - next) / kWhPerKW; less < kW {
				kW = less
			}
			if kW < 0 {
				kW = 0
			}
		}
		chargeKW[i], dischargeKW[i], storedKWh[i] = 0, kW, next
		if y := net - kW; y > 0 {
			cost += y*impEUR + kW*wearEUR
		} else {
			cost += y*expEUR + kW*wearEUR
		}
		stored = next
	}
	out.CostEUR = cost
	return stored
}
