package dispatch

import (
	"math"
	"math/rand/v2"
)

// RandomProblem draws a session that is hard in the ways real ones are: hourly
// prices with ties, negative prices, solar surplus, tight limits, one step.
// Whatever it draws is a valid problem; its end may be out of reach.
func RandomProblem(r *rand.Rand) *Problem {
	n := 1 + r.IntN(400)
	if r.IntN(3) > 0 {
		n = 1 + r.IntN(40)
	}
	p := &Problem{
		StepHours:       []float64{0.25, 0.25, 0.25, 1, 1.0 / 12}[r.IntN(5)],
		ImportEURPerKWh: make([]float64, n),
		ExportEURPerKWh: make([]float64, n),
		NetLoadKW:       make([]float64, n),
		Mode:            []Mode{V2G, V2G, V2G, V2H, Smart}[r.IntN(5)],
	}
	priceKind, exportKind, netKind := r.IntN(6), r.IntN(6), r.IntN(4)
	imp, exp := 0.0, 0.0
	for t := range n {
		if t%4 == 0 || priceKind == 1 { // hourly unless quarter-hourly
			switch priceKind {
			case 0, 1:
				imp = 0.05 + 0.4*r.Float64()
			case 2: // around zero, either sign
				imp = 0.3 * r.NormFloat64()
			case 3: // few levels: many ties
				imp = 0.1 * float64(r.IntN(5)-1)
			case 4:
				imp = 0.3
			case 5:
				imp = -0.2 * r.Float64()
			}
			switch exportKind {
			case 0:
				exp = imp
			case 1:
				exp = imp - 0.13
			case 2:
				exp = imp - 0.5*r.Float64()
			case 3:
				exp = min(imp, 0)
			case 4:
				exp = min(imp, 0.15*r.NormFloat64())
			case 5:
				exp = min(imp, 0.05)
			}
		}
		p.ImportEURPerKWh[t], p.ExportEURPerKWh[t] = imp, exp
		switch netKind {
		case 0:
			p.NetLoadKW[t] = 2 * r.Float64()
		case 1:
			p.NetLoadKW[t] = 3 * r.NormFloat64()
		case 2:
			p.NetLoadKW[t] = -3 * r.Float64()
		}
	}
	capacity := 5 + 95*r.Float64()
	b := &p.Battery
	b.MinKWh, b.MaxKWh = 0.1*capacity*float64(r.IntN(3)), capacity
	within := func() float64 {
		switch r.IntN(6) {
		case 0:
			return b.MinKWh
		case 1:
			return b.MaxKWh
		default:
			return b.MinKWh + (b.MaxKWh-b.MinKWh)*r.Float64()
		}
	}
	b.StartKWh = within()
	c := &p.Charger
	c.ChargeKW, c.DischargeKW = 11, 11
	if r.IntN(3) == 0 {
		c.ChargeKW, c.DischargeKW = 22*r.Float64(), 22*r.Float64()
	}
	switch r.IntN(8) {
	case 0:
		c.DischargeKW = 0
	case 1:
		c.ChargeKW = 0
	}
	c.ChargeEfficiency, c.DischargeEfficiency = math.Sqrt(0.85), math.Sqrt(0.85)
	switch r.IntN(5) {
	case 0:
		c.ChargeEfficiency, c.DischargeEfficiency = 1, 1
	case 1:
		c.ChargeEfficiency, c.DischargeEfficiency = 0.5+0.5*r.Float64(), 0.5+0.5*r.Float64()
	}
	if r.IntN(2) == 0 {
		p.Grid = Grid{ImportLimit: LimitKW(17.25), ExportLimit: LimitKW(17.25)}
		if r.IntN(2) == 0 {
			p.Grid = Grid{ImportLimit: LimitKW(5 * r.Float64()), ExportLimit: LimitKW(5 * r.Float64())}
		}
	}
	// An end within reach of full power either way, most of the time.
	reach := float64(n) * p.StepHours
	low := max(b.MinKWh, b.StartKWh-reach*c.DischargeKW/c.DischargeEfficiency)
	if p.Mode == Smart {
		low = b.StartKWh
	}
	high := min(b.MaxKWh, b.StartKWh+reach*c.ChargeKW*c.ChargeEfficiency)
	switch r.IntN(5) {
	case 0:
		b.EndKWh = high
	case 1:
		b.EndKWh = low
	case 2:
		b.EndKWh = b.StartKWh
	default:
		b.EndKWh = low + (high-low)*r.Float64()
	}
	return p
}

// RandomTiedProblem is a random problem, one in two with wear or a threshold, one in four
// with limits by step.
func RandomTiedProblem(r *rand.Rand) *Problem {
	p := LimitSteps(RandomProblem(r), r, 4)
	if r.IntN(2) == 0 {
		p.Battery.WearEURPerKWh = 0.2 * r.Float64() * float64(r.IntN(2))
		p.Threshold.EURPerKWh = []float64{0.05, 1, 12}[r.IntN(3)] * r.Float64()
		kW := 12 * r.Float64()
		for t := range p.NetLoadKW {
			if r.IntN(30) == 0 {
				kW = 12 * r.Float64() * float64(r.IntN(2))
			}
			p.Threshold.ImportKW = append(p.Threshold.ImportKW, kW)
			if r.IntN(10) == 0 { // the home alone is at it
				p.Threshold.ImportKW[t] = max(0, p.NetLoadKW[t])
			}
		}
	}
	return p
}

// LimitSteps gives one problem in so many limits that come and go over its steps, in one
// direction or in both.
func LimitSteps(p *Problem, r *rand.Rand, oneIn int) *Problem {
	if r.IntN(oneIn) > 0 {
		return p
	}
	drawn := func() []float64 {
		kW := math.Inf(1)
		out := make([]float64, len(p.NetLoadKW))
		for t := range out {
			if t == 0 || r.IntN(8) == 0 {
				kW = []float64{math.Inf(1), 0, 4, 12 * r.Float64()}[r.IntN(4)]
			}
			out[t] = kW
		}
		return out
	}
	which := r.IntN(3)
	if which != 0 {
		p.StepLimits.ImportKW = drawn()
	}
	if which != 1 {
		p.StepLimits.ExportKW = drawn()
	}
	return p
}
