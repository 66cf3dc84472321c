package dispatch

import (
	"fmt"
	"math"
)

// feasibilityTolerance is how far (kW) a schedule may be off a limit and still
// count as keeping it.
const feasibilityTolerance = 1e-7

// Certify checks a schedule without trusting how it was found. It verifies that
// every power and energy keeps the problem's limits, recomputes the cost, and
// returns the duality gap in EUR: the recomputed cost less a lower bound on the
// cost of any schedule, built from the schedule's marginal values. A gap of 0
// (up to rounding) proves that no cheaper schedule exists.
//
// The bound is the Lagrangian dual of the storage equation: with multipliers
// mu_t, every schedule costs at least
//
//	sum_t min_{c,d} (cost_t(c,d) - mu_t*x_t(c,d))
//	+ mu_n*s_n - mu_1*s_0 + sum_{t<n} min_{s_min<=s<=s_max} (mu_t - mu_{t+1})*s
//
// A Regular schedule has no marginal values and cannot be certified.
func Certify(p *Problem, sched *Schedule) (gapEUR float64, err error) {
	if err := p.check(); err != nil {
		return 0, err
	}
	n := len(p.ImportEURPerKWh)
	mu := sched.MarginalEURPerKWh
	if len(mu) != n || len(sched.ChargeKW) != n || len(sched.DischargeKW) != n || len(sched.StoredKWh) != n {
		return 0, fmt.Errorf("the schedule does not have %d charge, discharge, stored and marginal values, as the problem has steps", n)
	}
	bat := &p.Battery
	stored := bat.StartKWh
	cost, bound := 0.0, mu[n-1]*bat.EndKWh-mu[0]*bat.StartKWh
	turnover := 0.0 // the household's money and the car's, whose difference the cost is
	tol := 100 * p.toleranceKWh()
	importKW, exportKW := p.Grid.limits()
	var st step
	var corners []vertex
	for t := range n {
		st.set(p, t, importKW, exportKW)
		c, d := sched.ChargeKW[t], sched.DischargeKW[t]
		if err := p.keepsLimits(&st, c, d); err != nil {
			return 0, fmt.Errorf("step %d: %w", t, err)
		}
		stored += p.StepHours * (p.Charger.ChargeEfficiency*c - d/p.Charger.DischargeEfficiency)
		switch s := sched.StoredKWh[t]; {
		case !(math.Abs(s-stored) <= tol):
			return 0, fmt.Errorf("step %d: stored_kwh is %g, but the powers lead to %g", t, s, stored)
		case s < bat.MinKWh-tol || s > bat.MaxKWh+tol:
			return 0, fmt.Errorf("step %d: stored_kwh is %g, outside %g to %g", t, s, bat.MinKWh, bat.MaxKWh)
		}
		cost += p.exchangeCost(&st, c, d)
		price := max(math.Abs(p.ImportEURPerKWh[t])+p.Threshold.EURPerKWh, math.Abs(p.ExportEURPerKWh[t]))
		turnover += p.StepHours * price * (math.Abs(st.net) + c + d)

		least := math.Inf(1)
		corners = p.appendCorners(corners[:0], &st)
		for _, q := range corners {
			least = min(least, q.cost-mu[t]*q.x)
		}
		bound += least
		if t < n-1 {
			jump := mu[t] - mu[t+1]
			bound += min(jump*bat.MinKWh, jump*bat.MaxKWh)
		}
	}
	if math.Abs(stored-bat.EndKWh) > tol {
		return 0, fmt.Errorf("the battery ends at %g kWh instead of %g", stored, bat.EndKWh)
	}
	if tol := 1e-9*(1+math.Abs(cost)) + 0x1p-52*turnover; math.Abs(cost-sched.CostEUR) > tol {
		return 0, fmt.Errorf("cost_eur is %.12g, but the powers cost %.12g", sched.CostEUR, cost)
	}
	return cost - bound, nil
}

// appendCorners lists the corners of the powers that are allowed in a step, and
// their crossings with the kink of the cost, by brute force: of every two lines
// that bound them, the crossing is one of the corners where it is on the right
// side of all others. It shares nothing with the solver's own way to them.
func (p *Problem) appendCorners(at []vertex, s *step) []vertex {
	pc, pd := p.Charger.ChargeKW, p.Charger.DischargeKW
	type line struct{ c, d, most float64 } // c*charge + d*discharge <= most
	lines := [...]line{
		{pd, pc, pc * pd}, // one inverter
		{1, 0, pc},
		{0, 1, p.modeDischargeKW(s.net)},
		{1, -1, max(0, s.importKW-s.net)},
		{-1, 1, max(0, s.exportKW+s.net)},
		{-1, 0, 0},
		{0, -1, 0},
		{1, -1, -s.net},          // the meter's kink: it bounds nothing
		{1, -1, s.above - s.net}, // nor does the threshold's
	}
	const rounding = 1e-13
	limits := lines[:len(lines)-2]
	for i, a := range lines {
		for _, b := range lines[i+1:] {
			det := a.c*b.d - b.c*a.d
			if det == 0 || math.IsInf(a.most, 1) || math.IsInf(b.most, 1) {
				continue
			}
			charge, discharge := (a.most*b.d-b.most*a.d)/det, (a.c*b.most-b.c*a.most)/det
			allowed := charge >= -rounding*pc && discharge >= -rounding*pd
			charge, discharge = max(charge, 0), max(discharge, 0)
			for _, l := range limits {
				cc, dd := l.c*charge, l.d*discharge
				allowed = allowed && cc+dd-l.most <= rounding*(math.Abs(cc)+math.Abs(dd)+l.most)
			}
			if allowed {
				at = append(at, p.vertex(s, charge, discharge))
			}
		}
	}
	return at
}

func (p *Problem) keepsLimits(s *step, c, d float64) error {
	const tol = feasibilityTolerance
	share := 0.0
	if p.Charger.ChargeKW > 0 {
		share += c / p.Charger.ChargeKW
	}
	if p.Charger.DischargeKW > 0 {
		share += d / p.Charger.DischargeKW
	}
	up, down := max(0, s.importKW-s.net), max(0, s.exportKW+s.net)
	switch {
	case !(c >= 0 && c <= p.Charger.ChargeKW+tol):
		return fmt.Errorf("charge_kw is %g, outside 0 to %g", c, p.Charger.ChargeKW)
	case !(d >= 0 && d <= p.Charger.DischargeKW+tol):
		return fmt.Errorf("discharge_kw is %g, outside 0 to %g", d, p.Charger.DischargeKW)
	case share > 1+tol:
		return fmt.Errorf("charging at %g kW and discharging at %g kW do not fit in one inverter's time", c, d)
	case d > p.modeDischargeKW(s.net)+tol:
		return fmt.Errorf("discharge_kw is %g, but mode %s allows %g", d, p.Mode, p.modeDischargeKW(s.net))
	case c-d > up+tol:
		return fmt.Errorf("net load %g kW and the car's %g kW exceed the import limit of %g kW", s.net, c-d, s.importKW)
	case d-c > down+tol:
		return fmt.Errorf("net load %g kW and the car's %g kW exceed the export limit of %g kW", s.net, c-d, s.exportKW)
	}
	return nil
}
