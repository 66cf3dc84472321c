package home

import (
	"context"
	"fmt"
	"math/rand/v2"
	"runtime"

	"github.com/getij/getij/dispatch"
	"github.com/getij/getij/internal/foresight"
	"github.com/getij/getij/internal/series"
	"github.com/getij/getij/internal/tariff"
)

// Departures is how a year's cars left, against their charge at departure. Energies are
// stored.
type Departures struct {
	Short      int     // sessions that ended with less, by more than shortKWh
	Short5     int     // by more than 5 kWh
	MissingKWh float64 // in all
	LargestKWh float64 // of one session
	AboveKWh   float64 // taken along beyond it, which saves nothing
	PenaltyEUR float64 // on what is missing
}

// shortKWh is what a car may lack and still leave as wanted: rounding, and less than a
// kilometre.
const shortKWh = 0.1

// certainEURPerKWh is the price of a missing kWh in the plan of a car whose departure is
// known: beyond any price of energy, so that nothing is missing that could be there.
const certainEURPerKWh = 100

// plan is a home's planning from what it knows, and its scratch memory.
type plan struct {
	policy  dispatch.Policy
	leaving dispatch.Departure
	problem dispatch.Problem
	market  *foresight.Market
	of      *tariff.Prices // that market knows
	storage []float64
	net     []float64
}

// planned is the year of a home that does not know everything: in every session it plans
// from what it knows, does what the plan says, and plans anew when it knows more. Net
// metering is settled over the year: a home that would feed in more than it takes plans
// at whichever price of what is netted, all or none, is the better for it.
func (s *Solver) planned(h *Home, axis *series.Axis, prices *tariff.Prices, mode dispatch.Mode, power []float64) ([]float64, Year, error) {
	if s.plan.of != prices {
		s.plan.of, s.plan.market = prices, foresight.NewMarket(axis, prices)
	}
	first := len(power)
	power, y, err := s.plannedAt(h, axis, prices, 0, mode, power)
	if err != nil || prices.NettedEURPerKWh == 0 || y.NetKWh >= 0 {
		y.NettedEURPerKWh = prices.NettedEURPerKWh
		return power, y, err
	}
	y.CostEUR -= prices.NettedEURPerKWh * y.NetKWh // it is due on nothing
	bare := s.shifted(prices, -prices.NettedEURPerKWh)
	other, z, err := s.plannedAt(h, axis, bare, -prices.NettedEURPerKWh, mode, nil)
	if err != nil {
		return power, y, err
	}
	if z.NetKWh > 0 {
		z.CostEUR += prices.NettedEURPerKWh * z.NetKWh
		z.NettedEURPerKWh = prices.NettedEURPerKWh
	}
	if z.TotalEUR()+z.Departures.PenaltyEUR < y.TotalEUR()+y.Departures.PenaltyEUR {
		power, y = append(power[:first], other...), z
	}
	return power, y, nil
}

// plannedAt plans at the contract's prices moved by an amount: prices are those.
func (s *Solver) plannedAt(h *Home, axis *series.Axis, prices *tariff.Prices, moved float64, mode dispatch.Mode, power []float64) ([]float64, Year, error) {
	var y Year
	first := len(power)
	s.StoredEURPerKWh = s.StoredEURPerKWh[:0]
	know := h.Knowledge
	target := h.Car.DepartureSoC * h.Car.BatteryKWh
	s.plan.start(h, mode, target)
	said := rand.New(rand.NewPCG(know.Seed, 0x5a1d))
	var habit foresight.Habit
	for i, ses := range h.Sessions {
		runtime.Gosched() // a server's pages come before the laboratory's next session
		e := expectation{know: know, depart: ses.Depart}
		switch know.Departure {
		case foresight.Stated:
			e.stated = foresight.State(ses.Depart, know.StatedErrorHours, said.Float64())
		case foresight.Learned:
			e.learned = habit.Chances(know.Before)
		}
		stored := max(0, target-h.Charger.OneWayEfficiency()*ses.EnergyKWh)
		s.plan.problem.Battery.MinKWh = min(h.Car.MinSoC*h.Car.BatteryKWh, stored)
		for now := ses.Arrive; now < ses.Depart; {
			s.plan.problem.Battery.StartKWh = stored
			if err := s.plan.make(h, axis, &e, now, moved); err != nil {
				return power, y, fmt.Errorf("session %d, from %s: %w", i+1, axis.Time(ses.Arrive).Format("2006-01-02T15:04Z"), err)
			}
			until := min(ses.Depart, now+s.plan.policy.Steps(), now+series.QuartersPerDay)
			if know.Prices == foresight.DayAhead {
				until = min(until, s.plan.market.NextPublication(now))
			}
			for t := now; t < until; t++ {
				// Whether the home feeds in by itself is seen when it does.
				if h.NetKW[t] >= 0 {
					s.plan.problem.ExportEURPerKWh[t-now] = prices.StorageExportEURPerKWh[t]
				} else {
					s.plan.problem.ExportEURPerKWh[t-now] = prices.ExportEURPerKWh[t]
				}
				m := s.plan.policy.Move(t-now, stored, h.NetKW[t])
				stored = m.StoredKWh
				s.StoredEURPerKWh = append(s.StoredEURPerKWh, s.plan.policy.WorthEURPerKWh(t-now, stored))
				y.ChargedKWh += m.ChargeKW * series.StepHours
				y.DischargedKWh += m.DischargeKW * series.StepHours
				if m.Bent {
					y.BeyondLimit++
				}
				power = append(power, m.ChargeKW-m.DischargeKW)
			}
			now = until
		}
		y.Departures.add(target-stored, know.MissingEURPerKWh)
		y.PluggedSteps += ses.Steps()
		habit.Add(axis, ses)
	}
	y.Sessions = len(h.Sessions)
	y.wear(h)
	s.settle(h, axis, prices, power[first:], &y)
	return power, y, nil
}

func (d *Departures) add(missingKWh, eurPerKWh float64) {
	if missingKWh < 0 {
		d.AboveKWh -= missingKWh
		return
	}
	d.MissingKWh += missingKWh
	d.PenaltyEUR += missingKWh * eurPerKWh
	d.LargestKWh = max(d.LargestKWh, missingKWh)
	if missingKWh > shortKWh {
		d.Short++
	}
	if missingKWh > 5 {
		d.Short5++
	}
}

// start sets what is the same in all plans of a year.
func (p *plan) start(h *Home, mode dispatch.Mode, targetKWh float64) {
	eta := h.Charger.OneWayEfficiency()
	p.problem.StepHours, p.problem.Mode = series.StepHours, mode
	p.problem.Charger = dispatch.Charger{
		ChargeKW: h.Charger.ChargeKW, DischargeKW: h.Charger.DischargeKW,
		ChargeEfficiency: eta, DischargeEfficiency: eta,
	}
	p.problem.Grid = dispatch.Grid{ImportLimit: dispatch.LimitKW(h.ConnectionKW), ExportLimit: dispatch.LimitKW(h.ConnectionKW)}
	p.problem.Battery = dispatch.Battery{MaxKWh: h.Car.BatteryKWh, EndKWh: targetKWh, WearEURPerKWh: h.Car.WearEURPerKWh}
	price := h.Knowledge.MissingEURPerKWh
	if h.Knowledge.Departure != foresight.Stated && h.Knowledge.Departure != foresight.Learned {
		price = certainEURPerKWh
	}
	p.leaving.Penalty = append(p.leaving.Penalty[:0], dispatch.Kink{StoredKWh: targetKWh, EURPerKWh: price})
}

// expectation is what is known of a session's end.
type expectation struct {
	know    *foresight.Knowledge
	stated  foresight.Statement
	learned *foresight.Chances
	depart  int // of a departure that is known alone
}

// make plans at a step, from what is known then.
func (p *plan) make(h *Home, axis *series.Axis, e *expectation, now int, moved float64) error {
	hazard := p.leaving.Hazard[:0]
	switch e.know.Departure {
	case foresight.Stated:
		hazard = e.stated.Hazard(axis, now, hazard)
	case foresight.Learned:
		hazard = e.learned.Hazard(axis, now, hazard)
	default:
		for range e.depart - now {
			hazard = append(hazard, 0)
		}
	}
	n := len(hazard)
	p.leaving.Hazard = hazard
	q := &p.problem
	imp, exp := q.ImportEURPerKWh[:0], q.ExportEURPerKWh[:0]
	if e.know.Prices == foresight.DayAhead {
		imp, exp, p.storage = p.market.Expect(now, n, imp, exp, p.storage[:0])
		p.net = foresight.Persist(h.NetKW, now, n, p.net[:0])
		q.NetLoadKW = p.net
	} else {
		imp, exp = append(imp, p.of.ImportEURPerKWh[now:now+n]...), append(exp, p.of.ExportEURPerKWh[now:now+n]...)
		p.storage = append(p.storage[:0], p.of.StorageExportEURPerKWh[now:now+n]...)
		q.NetLoadKW = h.NetKW[now : now+n]
	}
	for t := range imp {
		if q.NetLoadKW[t] >= 0 {
			exp[t] = p.storage[t]
		}
		imp[t] += moved
		exp[t] = min(exp[t]+moved, imp[t]) // of means, rounding may be above
	}
	q.ImportEURPerKWh, q.ExportEURPerKWh = imp, exp
	return p.policy.Build(context.Background(), q, &p.leaving)
}
