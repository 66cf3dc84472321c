package home

import (
	"fmt"
	"math"

	"github.com/getij/getij/dispatch"
	"github.com/getij/getij/internal/series"
	"github.com/getij/getij/internal/tariff"
)

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
// at a kink of D, found by cutting the lines through both sides, and the mean of
// the two schedules with N = 0 is optimal: its cost is D there, and that equality
// is the proof.

// candidate is a year's schedules at one price of what is netted.
type candidate struct {
	m     float64 // EUR/kWh
	power []float64
	year  Year
}

// line is the value at price m of the line that touches D at the candidate.
func (c *candidate) line(m float64) float64 { return c.year.CostEUR + c.year.NetKWh*(m-c.m) }

// mostCuts bounds the search; D has a kink per change of a schedule, and each cut
// leaves the one nearest.
const mostCuts = 200

// netted solves a year whose net metering does not cover all that is fed in, given
// its year at the full prices.
func (s *Solver) netted(h *Home, axis *series.Axis, prices *tariff.Prices, mode dispatch.Mode, full candidate) (candidate, error) {
	at := func(m float64) (c candidate, err error) {
		c.m = m
		c.power, c.year, err = s.year(h, axis, s.shifted(prices, m-prices.NettedEURPerKWh), mode, nil)
		return c, err
	}
	low, err := at(0)
	if err != nil || low.year.NetKWh <= 0 {
		return low, err
	}
	high := full
	for range mostCuts {
		m := (high.line(0) - low.line(0)) / (low.year.NetKWh - high.year.NetKWh)
		cut, err := at(m)
		if err != nil {
			return cut, err
		}
		bound := low.line(m)
		if cut.year.CostEUR >= bound-1e-12*math.Max(1, math.Abs(bound)) {
			return s.mixed(h, axis, prices, low, high, m), nil
		}
		if cut.year.NetKWh > 0 {
			low = cut
		} else {
			high = cut
		}
	}
	return low, fmt.Errorf("net metering was not settled in %d steps", mostCuts)
}

// mixed is the mean of two schedules at which the home takes as much as it feeds in.
func (s *Solver) mixed(h *Home, axis *series.Axis, prices *tariff.Prices, low, high candidate, m float64) candidate {
	w := -high.year.NetKWh / (low.year.NetKWh - high.year.NetKWh) // of low
	out := candidate{m: m, year: low.year, power: make([]float64, len(low.power))}
	mean := func(a, b float64) float64 { return w*a + (1-w)*b }
	for i := range out.power {
		out.power[i] = mean(low.power[i], high.power[i])
	}
	out.year.ChargedKWh = mean(low.year.ChargedKWh, high.year.ChargedKWh)
	out.year.DischargedKWh = mean(low.year.DischargedKWh, high.year.DischargedKWh)
	s.settle(h, axis, s.shifted(prices, m-prices.NettedEURPerKWh), out.power, &out.year)
	return out
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
	to.StorageExportEURPerKWh = to.ExportEURPerKWh
	return to
}
