package coordinate

import (
	"math"
	"slices"
)

// mend moves the weights within the limits at the signal of the bound: the method of
// multipliers on the columns that are there. Each step towards that is tried as a plan.
func (s *search) mend(best *Plan) {
	centre, stiffness := slices.Clone(s.centre), slices.Clone(s.stiffness)
	copy(s.centre, best.SignalEURPerKWh)
	for t := range s.stiffness {
		s.stiffness[t] = s.firm
	}
	s.mendKW /= 2
	s.marginKW = s.mendKW
	for range mostMends {
		s.sweep++
		for t := range s.load {
			s.set(t)
		}
		s.sweeps(s.most)
		s.sum()
		if s.keep(); s.settled(best) {
			break
		}
		for t, kW := range s.load {
			s.centre[t] = s.signalAt(t, kW)
		}
	}
	s.centre, s.stiffness, s.marginKW = centre, stiffness, 0
}

// settled says whether the plan that is kept is as good as was asked for, and within the
// limits.
func (s *search) settled(best *Plan) bool {
	return s.keptEUR-best.BoundEUR <= s.ToleranceEUR && s.keptOverKW <= roundingKW
}

// keep goes from the plan that is kept towards the weights, as far as that is cheaper with
// what is beyond the limits at its price: a mean of two plans is one.
func (s *search) keep() {
	weights, kept := 0.0, 0.0
	for i := range s.cars {
		for _, x := range s.cars[i].columns {
			weights += x.costEUR * x.weight
			kept += x.costEUR * x.kept
		}
	}
	eur := func(share float64) float64 { // convex
		over := 0.0
		for t, kW := range s.load {
			over += s.over(t, s.kept[t]+share*(kW-s.kept[t]))
		}
		return kept + share*(weights-kept) + ExcessEURPerKWh*s.StepHours*over
	}
	share, least := 1.0, eur(1)
	if s.keptEUR < math.Inf(1) {
		const golden = 0.618033988749895
		low, high := 0.0, 1.0
		for range 25 {
			a, b := high-golden*(high-low), low+golden*(high-low)
			if eur(a) < eur(b) {
				high = b
			} else {
				low = a
			}
		}
		if x := eur(low); x < least {
			share, least = low, x
		}
	}
	if least >= s.keptEUR {
		return
	}
	s.keptEUR = least
	for i := range s.cars {
		for k := range s.cars[i].columns {
			x := &s.cars[i].columns[k]
			x.kept += share * (x.weight - x.kept)
		}
	}
	s.keptOverKW = 0
	for t, kW := range s.load {
		s.kept[t] += share * (kW - s.kept[t])
		s.keptOverKW = max(s.keptOverKW, s.over(t, s.kept[t]))
	}
}

// plan makes a plan of what is kept, and counts what it costs.
func (s *search) plan(p *Plan) *Plan {
	n := len(s.BaseKW)
	p.Schedules, p.LoadKW, p.ExcessKW = make([]Schedule, len(s.cars)), make([]float64, n), make([]float64, n)
	for i := range s.cars {
		p.Schedules[i] = s.mean(&s.cars[i])
		p.CostEUR += p.Schedules[i].CostEUR
		load := s.of(p.LoadKW, &s.cars[i])
		for t := range load {
			load[t] += p.Schedules[i].ChargeKW[t] - p.Schedules[i].DischargeKW[t]
		}
	}
	for t, kW := range p.LoadKW {
		if over := s.over(t, kW); over > roundingKW {
			p.ExcessKW[t] = over
			p.ExcessKWh += over * s.StepHours
		}
		p.LoadKW[t] += s.BaseKW[t]
	}
	return p
}

// mean is the mean of a session's columns.
func (s *search) mean(c *car) Schedule {
	p := &c.Problem
	n := len(p.NetLoadKW)
	out := Schedule{ChargeKW: make([]float64, n), DischargeKW: make([]float64, n)}
	for k := range c.columns {
		x := &c.columns[k]
		if x.kept == 0 {
			continue
		}
		for t, kW := range x.powerKW {
			both := 0.0
			if x.bothKW != nil {
				both = x.bothKW[t]
			}
			out.ChargeKW[t] += x.kept * (both + max(0, kW))
			out.DischargeKW[t] += x.kept * (both + max(0, -kW))
		}
	}
	imp, exp := p.ImportEURPerKWh, p.ExportEURPerKWh
	if imp == nil {
		imp, exp = s.of(s.ImportEURPerKWh, c), s.of(s.ExportEURPerKWh, c)
	}
	for t, net := range p.NetLoadKW {
		kW, price := net+out.ChargeKW[t]-out.DischargeKW[t], imp[t]
		if kW < 0 {
			price = exp[t]
		}
		out.CostEUR += s.StepHours * (kW*price + p.Battery.WearEURPerKWh*out.DischargeKW[t])
	}
	return out
}
