package home

import "github.com/getij/getij/internal/tariff"

// Net metering is settled over the year: what is netted per kWh (taxes and fees)
// is due on what the home takes less what it feeds in, and on nothing when it feeds
// in more. With x the car's schedules, P the prices less that amount T, and N(x)
// the year's taken less fed in:
//
//	minimise  sum_t P_t exchange_t + T max(0, N(x))
//	       =  max over 0 <= m <= T of  min_x  sum_t (P_t + m) exchange_t
//
// The inner minimum, D(m), is what the sessions cost one by one at prices P + m; it
// is concave, with slope N. A home that still takes more at m = T pays T on it all; one
// that still feeds in more at m = 0 pays nothing. Between the two N changes its sign
// at a kink of D, found by cutting the lines through both sides (ties.go), and the mean
// of the two schedules with N = 0 is optimal: its cost is D there, and that equality
// is the proof.

// netted finds the cheapest year, net metering settled, at a price on what is
// discharged. It appends the power to power where net metering does not bind.
func (q *search) netted(mode Mode, perDischargedEUR float64, power []float64) (candidate, error) {
	tax := q.prices.NettedEURPerKWh
	full, err := q.year(mode, tax, perDischargedEUR, power)
	if err != nil || full.year.NetKWh >= 0 || tax == 0 {
		return full, err
	}
	low, err := q.year(mode, 0, perDischargedEUR, nil)
	if err != nil || low.year.NetKWh <= 0 {
		return low, err
	}
	at := func(c *candidate) line { return line{c.netted, c.value(), c.year.NetKWh} }
	low, high, touch, err := cut("net metering", low, full, at, func(m float64) (candidate, error) {
		return q.year(mode, m, perDischargedEUR, nil)
	})
	if err != nil {
		return low, err
	}
	// At N = 0 the cost is the same at any price of what is netted.
	out := q.mean(&low, &high, -high.year.NetKWh/(low.year.NetKWh-high.year.NetKWh))
	out.netted = touch.netted
	q.settle(q.h.beside(out.battery), q.axis, q.shifted(q.prices, touch.netted-tax), out.power, &out.year)
	out.boundEUR = touch.boundEUR
	return out, nil
}

// shifted are prices plus an amount, for energy taken and fed in alike.
func (s *Solver) shifted(p *tariff.Prices, by float64) *tariff.Prices {
	if s.moved == nil {
		s.moved = &tariff.Prices{}
	}
	to := s.moved
	to.ImportEURPerKWh, to.ExportEURPerKWh = to.ImportEURPerKWh[:0], to.ExportEURPerKWh[:0]
	for t := range p.ImportEURPerKWh {
		to.ImportEURPerKWh = append(to.ImportEURPerKWh, p.ImportEURPerKWh[t]+by)
		to.ExportEURPerKWh = append(to.ExportEURPerKWh, p.ExportEURPerKWh[t]+by)
	}
	to.StorageExportEURPerKWh, to.PowerEURPerKWMonth = to.ExportEURPerKWh, p.PowerEURPerKWMonth
	return to
}
