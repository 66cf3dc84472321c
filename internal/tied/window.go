package tied

import (
	"context"
	"fmt"
	"math"
	"runtime"
	"slices"

	"github.com/getij/getij/dispatch"
)

// A window decides on a week at most and looks some days ahead: a home's battery is full or
// empty more often than that, and what comes after such a moment does not change what came
// before.
const windowHours, aheadHours = 168, 60

// windows plans the home in one window after another.
func (s *meter) windows() error {
	steps, ahead := int(windowHours/s.StepHours), int(aheadHours/s.StepHours)
	for at := (handover{stored: s.Battery.StartKWh}); at.step < len(s.NetKW); {
		runtime.Gosched() // a server's pages come before the next window
		to := s.unplugged(at.step + steps)
		next, err := s.window(at, to, s.unplugged(to+ahead))
		if err != nil {
			return err
		}
		next.stored = at.stored
		for t := at.step; t < next.step; t++ {
			next.stored += s.StepHours * (s.Charger.ChargeEfficiency*s.plan.Battery.ChargeKW[t] - s.plan.Battery.DischargeKW[t]/s.Charger.DischargeEfficiency)
		}
		next.stored = min(max(next.stored, s.Battery.MinKWh), s.Battery.MaxKWh)
		at = next
	}
	return s.bound()
}

// handover is where a window begins: what the battery has stored there and, where it is
// empty or full, what that was worth to the window before.
type handover struct {
	step   int
	stored float64 // kWh
	side   side
	worth  float64 // EUR per stored kWh
}

// side is the bound that a battery is at.
type side int

const (
	between side = iota
	empty
	full
)

// window decides on steps to one or, better, to the last one before it at which the battery
// is empty or full, with what comes ahead in sight, and returns where the next begins.
func (s *meter) window(at handover, to, ahead int) (handover, error) {
	next, err := s.windowFrom(at, to, ahead)
	if err == nil && at.side != between && !s.repay(at, &next) {
		at.side = between // what it was worth does not hold
		return s.windowFrom(at, to, ahead)
	}
	return next, err
}

// repay takes what a window bought or sold before its first step out of what the battery
// does soon after, as it is worth the same there, and says whether that is possible.
func (s *meter) repay(at handover, next *handover) bool {
	b, k, m := &s.plan.Battery, &s.Charger, &s.Battery
	planned, owed := at.stored+s.lent, s.lent // kWh
	for t := at.step; t < next.step && owed != 0; t++ {
		planned += s.StepHours * (k.ChargeEfficiency*b.ChargeKW[t] - b.DischargeKW[t]/k.DischargeEfficiency)
		kW := s.power(t)
		up, down := s.room(t)
		if less := min(b.DischargeKW[t], owed*k.DischargeEfficiency/s.StepHours, up-kW); owed > 0 && less > 0 {
			b.DischargeKW[t] -= less
			owed -= s.StepHours * less / k.DischargeEfficiency
		} else if less := min(b.ChargeKW[t], -owed/k.ChargeEfficiency/s.StepHours, kW+down); owed < 0 && less > 0 {
			b.ChargeKW[t] -= less
			owed += s.StepHours * less * k.ChargeEfficiency
		}
		if math.Abs(owed) < RoundingKW/100 {
			owed = 0
		}
		if left := planned - owed; left < m.MinKWh-RoundingKW/10 || left > m.MaxKWh+RoundingKW/10 {
			return false
		}
	}
	return owed == 0
}

func (s *meter) windowFrom(at handover, to, ahead int) (handover, error) {
	from, end := at.step, at.stored
	if ahead == len(s.NetKW) {
		end = s.Battery.EndKWh
	}
	ties := false
	for t := from; t < ahead; t++ {
		ties = ties || s.tied(t)
	}
	w := &window{fixed: make([]float64, ahead-from)}
	var battery *Storage
	take := func(index, first int, problem dispatch.Problem) error {
		x := NewStorage(index, &Session{From: first - from, Problem: problem}, problem.ImportEURPerKWh, problem.ExportEURPerKWh)
		if ties && x.Free() {
			if index == theBattery {
				battery = x
			}
			w.Storages = append(w.Storages, x)
			return nil
		}
		if err := s.solver.Solve(&problem, &s.found); err != nil {
			return err
		}
		for t, kW := range s.found.ChargeKW {
			w.fixed[first-from+t] += kW - s.found.DischargeKW[t]
		}
		s.keep(index, first, to, s.found.ChargeKW, s.found.DischargeKW)
		return nil
	}
	if err := take(theBattery, from, s.battery(from, ahead, at.stored, end, free)); err != nil {
		return at, fmt.Errorf("the battery from step %d on: %w", from, err)
	}
	for t := from; t < ahead; t++ {
		if i := s.plugged[t]; i >= 0 && s.Cars[i].From == t {
			if err := take(i, t, s.car(i, free)); err != nil {
				return at, fmt.Errorf("car session %d: %w", i+1, err)
			}
		}
	}
	lead := 0
	if battery != nil && at.side != between {
		lead = 1
		battery.lead(at)
		for _, x := range w.Storages[1:] {
			x.From++
		}
		w.Row = []int{NoTie}
	}
	for t := from; t < ahead; t++ {
		if !s.tied(t) {
			w.Row = append(w.Row, NoTie)
			continue
		}
		w.Row = append(w.Row, len(w.Ties))
		w.Ties = append(w.Ties, s.tie(t, w.fixed[t-from]))
	}
	w.Chain = true
	w.Start()
	if err := w.Run(context.Background(), s.ToleranceEUR, nil); err != nil {
		return at, err
	}
	next := handover{step: to}
	s.lent = 0
	if battery != nil {
		if next = s.handover(battery, at, to, ahead, lead); lead == 1 {
			s.lent = battery.steps[0].stored - at.stored
		}
	}
	for t := from; t < next.step; t++ {
		if k := w.Row[lead+t-from]; k != NoTie {
			s.plan.PriceEURPerKWh[t] = w.Ties[k].Price / s.StepHours
		}
	}
	for _, x := range w.Storages {
		charge, give := x.Powers()
		first := from + x.From - lead
		if x == battery {
			charge, give, first = charge[lead:], give[lead:], from
		}
		s.keep(x.Index, first, next.step, charge, give)
	}
	return next, nil
}

// window is a search over some days.
type window struct {
	Search
	fixed []float64 // kW of what has no choice
}

// handover finds the last step, to one, before which no car is plugged in any more and the
// battery is empty or full; without one it is the last.
func (s *meter) handover(battery *Storage, at handover, to, ahead, lead int) handover {
	next := handover{step: to}
	if to == ahead {
		return next
	}
	for t := to; t > at.step+(to-at.step)/2; t-- {
		if s.plugged[t] >= 0 && s.plugged[t] == s.plugged[t-1] {
			continue
		}
		n := &battery.steps[lead+t-1-at.step]
		switch {
		case n.notEmpty.slack < atBoundKWh && n.notEmpty.price > boundEURPerKWh:
			return handover{step: t, side: empty, worth: n.worth}
		case n.notFull.slack < atBoundKWh && n.notFull.price > boundEURPerKWh:
			return handover{step: t, side: full, worth: n.worth}
		}
	}
	return next
}

// A battery is at a bound where it is nearer than atBoundKWh and would gain more than
// boundEURPerKWh beyond it.
const atBoundKWh, boundEURPerKWh = 1e-5, 1e-4

// dearerEURPerKWh is how much dearer than it was worth a window buys at its beginning, or
// cheaper sells, so that it hardly does.
const dearerEURPerKWh = 1e-4

// lead puts a step before a storage's first in which an empty battery could buy what it
// begins with at what that was worth to the window before, and a full one sell it. It hardly
// does, and its worth goes on where that of the window before ended.
func (x *Storage) lead(at handover) {
	n := node{upKW: x.chargeKW, eurPerKW: (at.worth + dearerEURPerKWh) * x.perCharge}
	if at.side == full {
		n = node{gives: true, mostKW: x.chargeKW, downKW: x.chargeKW, eurPerKW: (at.worth - dearerEURPerKWh) * x.perGive}
	}
	x.steps = slices.Insert(x.steps, 0, n)
}
