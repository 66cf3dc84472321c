package dispatch

import (
	"fmt"
	"math"
)

// A charger loses some power however little it moves: fans, pumps, switching. With L kW of
// such idle loss a step of charge power c or discharge power d changes stored energy by
//
//	h*(a*c - L)  for c > 0,   -h*(d/b + L)  for d > 0,   0 for neither
//
// where a and b are such that the problem's efficiencies are those at full power; without
// either it may be on, for any part of the step, and lose up to h*L, which pays where prices
// are negative. So the efficiency falls at low power, and resting costs nothing: the cost f_t
// of a step as a function of the change in stored energy x is not convex. The solver takes
// its convex hull instead. The lowest sum of hulls is a bound that no schedule is below, and
// is found exactly, as without idle loss; its changes in stored energy, each made at one
// power for the whole step, are a schedule. Few of them lie between the corners of a hull,
// so the two are close; how close is what SolveIdle returns beside the schedule.

// idle is a charger with idle loss.
type idle struct {
	p                *Problem
	lossKW           float64
	perCharge, perDi float64 // stored kWh per kWh at the meter, and the reverse, without the loss
}

func newIdle(p *Problem, lossKW float64) (idle, error) {
	c := &p.Charger
	l := idle{p, lossKW, 1, 1}
	if !(lossKW >= 0) {
		return l, &InputError{"idle loss", -1, lossKW, "0 or more kW was expected"}
	}
	const most = 1 + 1e-12
	if c.ChargeKW > 0 {
		if l.perCharge = c.ChargeEfficiency + lossKW/c.ChargeKW; l.perCharge > most {
			return l, &InputError{"idle loss", -1, lossKW, fmt.Sprintf("at most %g kW was expected: more is lost than the efficiency at %g kW leaves", (1-c.ChargeEfficiency)*c.ChargeKW, c.ChargeKW)}
		}
	}
	if c.DischargeKW > 0 {
		perKWh := 1/c.DischargeEfficiency - lossKW/c.DischargeKW
		if perKWh*most < 1 {
			return l, &InputError{"idle loss", -1, lossKW, fmt.Sprintf("at most %g kW was expected: more is lost than the efficiency at %g kW leaves", (1/c.DischargeEfficiency-1)*c.DischargeKW, c.DischargeKW)}
		}
		l.perDi = 1 / perKWh
	}
	return l, nil
}

// StoredKW is how fast the battery fills at a charge power above 0, with an idle loss: below
// 0 the loss is more than what is charged.
func (c *Charger) StoredKW(lossKW, chargeKW float64) float64 {
	return (c.ChargeEfficiency+lossKW/c.ChargeKW)*chargeKW - lossKW
}

// vertex is a power of the car, above 0 when it charges.
func (l *idle) vertex(s *step, kW float64) vertex {
	v := vertex{charge: max(0, kW), discharge: max(0, -kW)}
	switch {
	case kW > 0:
		v.x = l.p.StepHours * (l.perCharge*kW - l.lossKW)
	case kW < 0:
		v.x = l.p.StepHours * (kW/l.perDi - l.lossKW)
	}
	v.cost = l.p.exchangeCost(s, v.charge, v.discharge)
	return v
}

// hull is the convex hull of a step's cost: of resting, of its largest powers and of those at
// which the cost has a kink. Between these it is straight.
func (l *idle) hull(v *vertices, s *step) {
	rest := l.vertex(s, 0)
	v.at[0], v.at[1], v.n = rest, rest, 2
	v.at[1].x = -l.p.StepHours * l.lossKW // on, at no power
	try := func(kW float64) {
		if kW != 0 && kW <= s.chargeMax && kW >= -s.dischargeMax {
			v.at[v.n] = l.vertex(s, kW)
			v.n++
		}
	}
	try(-s.dischargeMax)
	try(s.chargeMax)
	try(-s.net)
	if !math.IsInf(s.above, 1) {
		try(s.above - s.net)
	}
	v.hull(l.p)
}

// power is the cheapest power of a step that changes stored energy by x.
func (l *idle) power(s *step, x float64) (chargeKW, dischargeKW float64) {
	storedKW := x / l.p.StepHours
	charge := min(max(0, (storedKW+l.lossKW)/l.perCharge), s.chargeMax)
	const rounding = 1e-9
	switch {
	case storedKW > rounding:
		return charge, 0
	case storedKW < -l.lossKW:
		return 0, min(-(storedKW+l.lossKW)*l.perDi, s.dischargeMax)
	case storedKW < -rounding && l.p.exchangeCost(s, charge, 0) < l.p.exchangeCost(s, 0, 0):
		return charge, 0
	}
	return 0, 0 // it rests, or is on for a part of the step
}

// SolveIdle is [Solver.Solve] for a charger that loses lossKW at any power, and nothing while
// it rests; the problem's efficiencies are those at full power. A step has one power: it
// is not split in time. It returns a bound below which no such schedule costs, and the
// schedule's cost is that of real losses: what lies between is what is left open.
// [Certify] does not know idle losses.
func (s *Solver) SolveIdle(p *Problem, lossKW float64, out *Schedule) (boundEUR float64, err error) {
	if err := p.check(); err != nil {
		return 0, err
	}
	l, err := newIdle(p, lossKW)
	if err != nil {
		return 0, err
	}
	n := len(p.ImportEURPerKWh)
	out.resize(n)
	if p.Mode == Regular {
		err := p.solveRegular(&l, out)
		return out.CostEUR, err
	}
	s.room(n)
	sMin, sMax := p.Battery.MinKWh, p.Battery.MaxKWh
	importKW, exportKW := p.Grid.limits()
	w := &s.value
	w.reset(nil)
	s.runs = s.runs[:0]
	low, high := p.Battery.StartKWh, p.Battery.StartKWh
	var st step
	var v vertices
	for t := range n {
		st.set(p, t, importKW, exportKW)
		if st.bent {
			out.BentSteps++
		}
		l.hull(&v, &st)
		r := run{
			from: t, to: t + 1, imp: st.imp, exp: st.exp, alone: true, firstPiece: len(s.pieces),
			xMin: v.at[0].x, atMin: math.Inf(-1), atMax: math.Inf(1),
		}
		for i := 1; i < v.n; i++ {
			dx := v.at[i].x - v.at[i-1].x
			q := piece{slope: (v.at[i].cost - v.at[i-1].cost) / dx, width: dx, rank: noRank}
			s.pieces = append(s.pieces, q)
			w.insert(q, i-1)
		}
		low += r.xMin
		high += v.at[v.n-1].x
		if t < n-1 && high > sMax {
			r.atMax, high = w.cutHigh(high-sMax), sMax
		}
		if t < n-1 && low < sMin {
			r.atMin, low = w.cutLow(sMin-low), sMin
		}
		s.runs = append(s.runs, r)
	}
	lowest, highest := max(low, sMin), min(high, sMax)
	end := p.Battery.EndKWh
	if tol := p.toleranceKWh(); !(end >= lowest-tol && end <= highest+tol) {
		return 0, &InfeasibleError{EndKWh: end, LowestKWh: lowest, HighestKWh: highest}
	}
	end = min(max(end, lowest), highest)
	s.backward(p, end, w.slopeAt(end-low))

	stored := p.Battery.StartKWh
	for t := range s.runs {
		r := &s.runs[t]
		st.set(p, t, importKW, exportKW)
		l.hull(&v, &st)
		next := r.goal(stored)
		c, d := l.power(&st, next-stored)
		out.ChargeKW[t], out.DischargeKW[t], out.StoredKWh[t], out.MarginalEURPerKWh[t] = c, d, next, r.marginal
		out.CostEUR += p.exchangeCost(&st, c, d)
		boundEUR += v.cost(next - stored)
		stored = next
	}
	return boundEUR, checkFinite(0 * (out.CostEUR + boundEUR + stored))
}

// cost interpolates between the two corners around x.
func (v *vertices) cost(x float64) float64 {
	i := 1
	for i < v.n-1 && x > v.at[i].x {
		i++
	}
	if v.n == 1 {
		return v.at[0].cost
	}
	a, b := &v.at[i-1], &v.at[i]
	w := min(max((x-a.x)/(b.x-a.x), 0), 1)
	return a.cost + w*(b.cost-a.cost)
}

// charge is the most power, and what it stores, until what is missing is in.
func (l *idle) charge(s *step, missingKWh float64) (kW, kWh float64) {
	kWh = min(max(0, l.vertex(s, s.chargeMax).x), max(0, missingKWh))
	kW, _ = l.power(s, kWh)
	return kW, kWh
}
