package coordinate

import (
	"math"
	"slices"
)

// mend raises the signal where the cars are beyond the limits, and moves the weights, until
// they are within or nothing that was found so far helps.
func (s *search) mend() {
	centre, stiffness, margin := slices.Clone(s.centre), slices.Clone(s.stiffness), slices.Clone(s.margin)
	copy(s.centre, s.signal)
	for t := range s.stiffness {
		s.stiffness[t] = max(s.stiffness[t], s.firm)
	}
	for helps, k := true, 0; helps && k < mostMends; k++ {
		helps = false
		s.sweeps(s.most)
		s.sum()
		s.sweep++
		for t, kW := range s.load {
			if over := s.over(t, kW); over > roundingKW {
				helps = helps || math.Abs(s.centre[t]) < ExcessEURPerKWh
				s.centre[t] = s.signalAt(t, kW)
				s.stiffness[t] *= 1.3
				s.margin[t] += over
				s.set(t)
			}
		}
	}
	s.centre, s.stiffness, s.margin = centre, stiffness, margin
}

// keep goes from the plan that is kept towards the weights, as far as the limits allow, if
// that is cheaper with what is beyond them at its price. A mean of two plans is one.
func (s *search) keep() {
	share := 1.0
	if s.keptEUR < math.Inf(1) {
		for t, kW := range s.load {
			over := s.over(t, kW)
			if over <= max(roundingKW, s.over(t, s.kept[t])) || math.Abs(s.centre[t]) == ExcessEURPerKWh {
				continue
			}
			room := s.up[t] - s.kept[t]
			if kW < 0 {
				room = s.down[t] + s.kept[t]
			}
			share = min(share, max(0, room)/(max(0, room)+over))
		}
	}
	eur := 0.0
	for i := range s.cars {
		for _, x := range s.cars[i].columns {
			eur += x.costEUR * (x.kept + share*(x.weight-x.kept))
		}
	}
	for t, kW := range s.load {
		eur += ExcessEURPerKWh * s.StepHours * s.over(t, s.kept[t]+share*(kW-s.kept[t]))
	}
	if eur >= s.keptEUR {
		return
	}
	s.keptEUR = eur
	for i := range s.cars {
		for k := range s.cars[i].columns {
			x := &s.cars[i].columns[k]
			x.kept += share * (x.weight - x.kept)
		}
	}
	for t, kW := range s.load {
		s.kept[t] += share * (kW - s.kept[t])
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
