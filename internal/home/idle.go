package home

import (
	"github.com/getij/getij/dispatch"
)

// A charger that loses power whenever it is on has costs that are not convex: the mean of
// two schedules costs more than the mean of their costs. So what ties sessions together
// cannot be met by mixing, and caps and a price of the month's highest power are refused
// (assume). Net metering is settled as where prices are not known: a home that would feed
// in more than it takes has the better of two years, one that plans with what is netted
// and one that plans without. The bound is proven still: no year's cost is below the
// lowest sum of the sessions' bounds at any price of what is netted.

// brings is the power that counts of a charge power, against the energies of sessions,
// which are those at full power.
func (c Charger) brings(kW float64) float64 {
	if c.IdleLossKW == 0 || kW == 0 {
		return kW
	}
	eta := c.OneWayEfficiency()
	full := dispatch.Charger{ChargeKW: c.ChargeKW, ChargeEfficiency: eta}
	return max(0, full.StoredKW(c.IdleLossKW, kW)/eta)
}

// solve solves a session into s.schedule.
func (s *Solver) solve(p *dispatch.Problem, h *Home) error {
	if h.Charger.IdleLossKW == 0 {
		return s.dispatch.Solve(p, &s.schedule)
	}
	bound, err := s.dispatch.SolveIdle(p, h.Charger.IdleLossKW, &s.schedule)
	s.openEUR += s.schedule.CostEUR - bound
	return err
}

// betterOfTwo is the year of a home whose charger loses power at any power: the better of one
// with what is netted and one without.
func (q *search) betterOfTwo(mode Mode, power []float64) ([]float64, Year, error) {
	first, tax := len(power), q.prices.NettedEURPerKWh
	best, err := q.year(mode, tax, 0, power)
	if err != nil {
		return power, best.year, err
	}
	bound := best.boundEUR
	best.year.NettedEURPerKWh = tax
	if tax != 0 && best.year.NetKWh < 0 {
		best.year.CostEUR -= tax * best.year.NetKWh // it is due on nothing
		low, err := q.year(mode, 0, 0, nil)
		if err != nil {
			return power, low.year, err
		}
		bound = max(bound, low.boundEUR)
		low.year.CostEUR += tax * max(0, low.year.NetKWh)
		if low.year.TotalEUR() < best.year.TotalEUR() {
			best = low
		}
	}
	if mode != dispatch.Regular {
		best.year.GapEUR = best.year.TotalEUR() - bound
	}
	return append(power[:first], best.power...), best.year, nil
}
