package coordinate

import (
	"context"
	"math"
	"slices"

	"github.com/getij/getij/dispatch"
	"github.com/getij/getij/internal/cohort"
)

// column is a schedule that the solver found for a session, and its weight in the plan.
type column struct {
	powerKW []float64 // charged less discharged
	bothKW  []float64 // charged and discharged in the same step; nil: never
	costEUR float64   // at the tariff
	weight  float64
	kept    float64 // weight in the plan that is kept
	unused  int     // rounds
}

const (
	mostUnused  = 4     // rounds that a column without weight is kept
	leastSweeps = 6     // of a round: a signal that is not exact is good enough at first
	mostSweeps  = 24    // of a round in large groups
	carSweeps   = 10000 // of a round, of all cars, in small ones
	mostStiff   = 100   // times the stiffness at the start, and as much less
	mendRounds  = 25    // after which a plan is tried in any case
	enoughMends = 4     // tries to be within the limits where that may not be possible
	mostMends   = 30    // rises of the signal to mend a plan
	settledEUR  = 1e-9  // of a column against another, and per kWh of a signal
)

// add adds the schedule that was found at c.solvedAt as a column, unless one of the
// session's is as good there, and sets what the session costs at least.
func (c *car) add(found *dispatch.Schedule) {
	p := &c.Problem
	x := column{powerKW: make([]float64, len(c.solvedAt)), costEUR: found.CostEUR}
	c.value = found.CostEUR
	for t, signal := range c.solvedAt {
		charge, discharge := found.ChargeKW[t], found.DischargeKW[t]
		x.powerKW[t] = charge - discharge
		if charge > 0 && discharge > 0 {
			if x.bothKW == nil {
				x.bothKW = make([]float64, len(c.solvedAt))
			}
			x.bothKW[t] = min(charge, discharge)
		}
		c.value -= p.StepHours * signal * p.NetLoadKW[t]
		x.costEUR -= p.StepHours * signal * (p.NetLoadKW[t] + x.powerKW[t])
	}
	if len(c.columns) == 0 {
		x.weight = 1
	}
	for i := range c.columns {
		if c.columns[i].at(p.StepHours, c.solvedAt) <= c.value+settledEUR {
			return
		}
	}
	c.columns, c.moved = append(c.columns, x), 0
}

// at is what a column costs at a signal, the home's own load at the tariff.
func (x *column) at(stepHours float64, signal []float64) float64 {
	var a, b, c, d float64 // four sums do not wait for each other
	u := x.powerKW
	for len(u) >= 4 && len(signal) >= 4 {
		a += signal[0] * u[0]
		b += signal[1] * u[1]
		c += signal[2] * u[2]
		d += signal[3] * u[3]
		u, signal = u[4:], signal[4:]
	}
	for t, kW := range u {
		a += signal[t] * kW
	}
	return x.costEUR + stepHours*(a+b+c+d)
}

// blockSteps are the steps of which it is known together whether their signal changed;
// partBlocks the blocks of a part of the year that one worker sweeps.
const (
	blockSteps = 16
	partBlocks = 256 // six weeks of quarter-hours
)

// divide divides the cars into parts that share no step, in order of time.
func (s *search) divide() {
	parts := len(s.changed)/partBlocks + 1
	s.parts = make([][]*car, parts+1)
	for i := range s.cars {
		c := &s.cars[i]
		part := c.From / blockSteps / partBlocks
		if (c.From+len(c.Problem.NetLoadKW)-1)/blockSteps/partBlocks != part {
			part = parts // crosses
		}
		s.parts[part] = append(s.parts[part], c)
	}
	for _, part := range s.parts {
		slices.SortStableFunc(part, func(a, b *car) int { return a.From - b.From })
	}
}

// signalAt is the signal of a step at a load of all cars.
func (s *search) signalAt(t int, kW float64) float64 {
	if p := s.centre[t] + s.stiffness[t]*(kW-max(0, s.up[t]-s.marginKW)); p > 0 {
		return min(p, ExcessEURPerKWh)
	}
	if p := s.centre[t] + s.stiffness[t]*(kW+max(0, s.down[t]-s.marginKW)); p < 0 {
		return max(p, -ExcessEURPerKWh)
	}
	return 0
}

// set sets the signal of a step by its load.
func (s *search) set(t int) {
	p := s.signalAt(t, s.load[t])
	if math.Abs(p-s.signal[t]) > settledEUR {
		s.changed[t/blockSteps] = s.sweep
	}
	s.signal[t] = p
}

// touched says whether a session's signal changed since its weights were settled.
func (s *search) touched(c *car) bool {
	last := (c.From + len(c.Problem.NetLoadKW) - 1) / blockSteps
	for _, sweep := range s.changed[c.From/blockSteps : last+1] {
		if sweep >= c.moved {
			return true
		}
	}
	return false
}

// master moves the weights towards the lowest cost, sets the signal there and returns the
// model's value at it.
func (s *search) master() float64 {
	for i := range s.cars {
		c := &s.cars[i]
		for k := range c.columns {
			if x := &c.columns[k]; x.weight > 0 || x.kept > 0 {
				x.unused = 0
			} else {
				x.unused++
			}
		}
		c.columns = slices.DeleteFunc(c.columns, func(x column) bool { return x.unused > mostUnused })
	}
	s.sum()
	s.sweep++
	for t := range s.load {
		s.set(t)
	}
	s.sweeps(s.most)
	model := s.limits()
	for i := range s.cars {
		least := math.Inf(1)
		for k := range s.cars[i].columns {
			least = min(least, s.cars[i].columns[k].at(s.StepHours, s.of(s.signal, &s.cars[i])))
		}
		model += least
	}
	return model
}

// sweeps moves the weights of all sessions, until that gains little or that often.
func (s *search) sweeps(most int) {
	gains := make([]float64, len(s.parts))
	first := 0.0
	for k := range most {
		s.sweep++
		run := func(_, part int) error {
			gains[part] = 0
			for _, c := range s.parts[part] {
				if len(c.columns) > 1 && s.touched(c) {
					if gain := s.move(c); gain > 0 {
						gains[part] += gain
					} else {
						c.moved = s.sweep
					}
				}
			}
			return nil
		}
		crossing := len(s.parts) - 1
		_ = cohort.Parallel(context.Background(), len(s.workers), crossing, run)
		_ = run(0, crossing)
		gain := 0.0
		for _, x := range gains {
			gain += x
		}
		if k == 0 {
			first = gain
		}
		if gain < 1e-5*s.ToleranceEUR || gain < 0.01*first {
			return
		}
	}
}

// move moves weight from a session's dearest column to its cheapest, until their costs are
// the same at the signal that follows, and returns what that gains at first order.
func (s *search) move(c *car) float64 {
	signal, load := s.of(s.signal, c), s.of(s.load, c)
	to, from := 0, -1
	least, most := math.Inf(1), math.Inf(-1)
	for k := range c.columns {
		x := &c.columns[k]
		eur := x.at(s.StepHours, signal)
		if eur < least {
			to, least = k, eur
		}
		if x.weight > 0 && eur > most {
			from, most = k, eur
		}
	}
	if most-least < settledEUR {
		return 0
	}
	a, b := &c.columns[from], &c.columns[to]
	slope := func(weight float64) float64 { // EUR per weight, rising
		sum := 0.0
		for t, kW := range b.powerKW {
			if d := kW - a.powerKW[t]; d != 0 {
				sum += d * s.signalAt(c.From+t, load[t]+weight*d)
			}
		}
		return b.costEUR - a.costEUR + s.StepHours*sum
	}
	weight := a.weight
	if high := slope(weight); high > 0 { // less than all: by false position, as Illinois does
		low, lowAt, highAt := least-most, 0.0, weight
		for range 8 {
			weight = lowAt - low*(highAt-lowAt)/(high-low)
			switch f := slope(weight); {
			case math.Abs(f) < 1e-3*(most-least):
				low, high, lowAt, highAt = f, f, weight, weight
			case f < 0:
				low, lowAt, high = f, weight, high/2
			default:
				high, highAt, low = f, weight, low/2
			}
			if lowAt == highAt {
				break
			}
		}
	}
	for t, kW := range b.powerKW {
		if d := kW - a.powerKW[t]; d != 0 {
			load[t] += weight * d
			s.set(c.From + t)
		}
	}
	b.weight += weight
	if a.weight -= weight; a.weight < 1e-12 {
		b.weight, a.weight = b.weight+a.weight, 0
	}
	return weight * (most - least)
}

// stiffen lets the signal rise faster where the load stays beyond the limits.
func (s *search) stiffen() {
	for t, kW := range s.load {
		over := s.over(t, kW)
		if over > roundingKW && over > 0.5*s.beyond[t] && math.Abs(s.signal[t]) < ExcessEURPerKWh {
			s.stiffness[t] = min(1.2*s.stiffness[t], s.firm*mostStiff)
		}
		s.beyond[t] = over
	}
}

// over is how far a step is beyond the limits at a load of all cars.
func (s *search) over(t int, kW float64) float64 { return max(kW-s.up[t], -kW-s.down[t], 0) }

// sum adds up the load of all cars anew.
func (s *search) sum() {
	clear(s.load)
	for i := range s.cars {
		c := &s.cars[i]
		load := s.of(s.load, c)
		for k := range c.columns {
			if w := c.columns[k].weight; w > 0 {
				for t, kW := range c.columns[k].powerKW {
					load[t] += w * kW
				}
			}
		}
	}
}

// excess is how far the group is beyond its limits at most.
func (s *search) excess() (mostKW float64) {
	s.sum()
	for t, kW := range s.load {
		mostKW = max(mostKW, s.over(t, kW))
	}
	return mostKW
}
