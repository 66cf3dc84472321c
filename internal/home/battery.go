package home

import (
	"fmt"
	"math"
	"slices"

	"github.com/getij/getij/dispatch"
	"github.com/getij/getij/internal/series"
	"github.com/getij/getij/internal/tariff"
	"github.com/getij/getij/internal/tied"
)

// Battery is a home's own, beside the car. It charges from the sun and the grid and gives to
// the home, the car and the grid, at the lowest cost of all the home exchanges, whatever the
// car's mode. It begins and ends the year half full.
type Battery struct {
	KWh, KW             float64 // power at the meter side, both ways
	RoundTripEfficiency float64
}

// gapEUR is the gap at which the search of a year ends.
const gapEUR = 1e-4

// batteryYear solves a year of a home with a battery at given prices: car and battery
// together, or the battery alone where the car charges regularly.
func (s *Solver) batteryYear(h *Home, axis *series.Axis, prices *tariff.Prices, mode dispatch.Mode, power []float64) ([]float64, Year, error) {
	first := len(power)
	var y Year
	alone := *h
	alone.Battery = nil
	eta := math.Sqrt(h.Battery.RoundTripEfficiency)
	m := &tied.Meter{
		StepHours: series.StepHours, ImportEURPerKWh: prices.ImportEURPerKWh, ConnectionKW: h.ConnectionKW, ToleranceEUR: gapEUR,
		NetKW: slices.Clone(h.NetKW), ExportEURPerKWh: slices.Clone(s.exportPrices(h, prices, 0, axis.Len())),
		Battery: dispatch.Battery{MaxKWh: h.Battery.KWh, StartKWh: h.Battery.KWh / 2, EndKWh: h.Battery.KWh / 2},
		Charger: dispatch.Charger{ChargeKW: h.Battery.KW, DischargeKW: h.Battery.KW, ChargeEfficiency: eta, DischargeEfficiency: eta},
	}
	if mode == dispatch.Regular {
		var err error
		if power, _, err = s.solveYear(&alone, axis, prices, mode, 0, nil, power); err != nil {
			return power, y, err
		}
		car := power[first:]
		for _, ses := range h.Sessions {
			for t := range ses.Steps() {
				m.NetKW[ses.Arrive+t] += car[t]
			}
			car = car[ses.Steps():]
		}
	} else {
		for i, ses := range h.Sessions {
			p := h.Problem(mode, i)
			p.Grid = dispatch.Grid{}
			m.Cars = append(m.Cars, tied.Session{From: ses.Arrive, Problem: p})
		}
	}
	plan, err := tied.SolveMeter(m)
	if err != nil {
		return power, y, err
	}
	if plan.ExcessKWh > mostExcessKWh {
		return power, y, fmt.Errorf("battery and car are %g kWh beyond the connection of %g kW in the year: a larger one was expected", plan.ExcessKWh, h.ConnectionKW)
	}
	for i := range plan.Cars {
		for t, c := range plan.Cars[i].ChargeKW {
			d := plan.Cars[i].DischargeKW[t]
			power = append(power, c-d)
			y.ChargedKWh += c * series.StepHours
			y.DischargedKWh += d * series.StepHours
		}
	}
	s.StoredEURPerKWh = append(s.StoredEURPerKWh[:0], plan.WorthEURPerKWh...)
	y.Sessions = len(h.Sessions)
	if mode == dispatch.Regular {
		for _, kW := range power[first:] {
			y.ChargedKWh += kW * series.StepHours
		}
	}
	for _, ses := range h.Sessions {
		y.PluggedSteps += ses.Steps()
	}
	y.wear(h)
	s.batteryKW = s.batteryKW[:0]
	for t, c := range plan.Battery.ChargeKW {
		s.batteryKW = append(s.batteryKW, c-plan.Battery.DischargeKW[t])
	}
	s.settle(h.beside(s.batteryKW), axis, prices, power[first:], &y)
	y.CostEUR = plan.CostEUR - y.WearEUR
	if mode == dispatch.Regular {
		y.CostEUR = plan.CostEUR
	}
	s.openEUR, s.beyond = plan.GapEUR(), 0
	return power, y, nil
}

// beside is a home whose net load has a battery's power in it, and h itself without one.
func (h *Home) beside(batteryKW []float64) *Home {
	if batteryKW == nil {
		return h
	}
	out := *h
	out.Battery, out.NetKW = nil, slices.Clone(h.NetKW)
	for t, kW := range batteryKW {
		out.NetKW[t] += kW
	}
	return &out
}

// mostExcessKWh of a year beyond a connection is rounding.
const mostExcessKWh = 1e-3
