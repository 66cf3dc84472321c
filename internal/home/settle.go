package home

import (
	"github.com/getij/getij/internal/series"
	"github.com/getij/getij/internal/tariff"
)

// dischargingKW is the power from which a car discharges: below is rounding.
const dischargingKW = 1e-6

// tally is what a home exchanges in a year, in kW times steps, and what it costs.
type tally struct {
	exported, solarUsed, evening, net, fedIn, cost float64
	highest                                        [months]float64
	discharging                                    int // steps
}

// away adds steps in which the car is away.
func (a *tally) away(h *Home, axis *series.Axis, prices *tariff.Prices, from, to int) {
	net, cost, fedIn := a.net, a.cost, a.fedIn
	clock, imp, exp := axis.Clock[from:to], prices.ImportEURPerKWh[from:to], prices.ExportEURPerKWh[from:to]
	for t, kW := range h.NetKW[from:to] {
		net += kW
		if kW < 0 {
			cost += kW * exp[t]
			fedIn -= kW
			continue
		}
		cost += kW * imp[t]
		if m := clock[t].Month - 1; kW > a.highest[m] {
			a.highest[m] = kW
		}
	}
	a.net, a.cost, a.fedIn = net, cost, fedIn
}

// plugged adds the steps of a session, with the car's power in each.
func (a *tally) plugged(h *Home, axis *series.Axis, prices *tariff.Prices, from int, power []float64) {
	for i, car := range power {
		t := from + i
		home := h.NetKW[t]
		if q := axis.Clock[t].QuarterOfDay; q >= series.EveningFrom && q < series.EveningTo {
			a.evening += car
		}
		// What the car adds to the home's feed-in, or takes out of it.
		if more := max(0, -home-car) - max(0, -home); more > 0 {
			a.exported += more
		} else {
			a.solarUsed -= more
		}
		a.net += home + car
		if car < -dischargingKW {
			a.discharging++
		}
		if m := axis.Clock[t].Month - 1; home+car > a.highest[m] {
			a.highest[m] = home + car
		}
		switch exchange := home + car; {
		case exchange >= 0:
			a.cost += exchange * prices.ImportEURPerKWh[t]
		case home >= 0:
			a.cost += exchange * prices.StorageExportEURPerKWh[t]
			a.fedIn -= exchange
		default:
			a.cost += exchange * prices.ExportEURPerKWh[t]
			a.fedIn -= exchange
		}
	}
}

// settle walks through the whole year and adds up what the home exchanges.
func (s *Solver) settle(h *Home, axis *series.Axis, prices *tariff.Prices, power []float64, y *Year) {
	if s.totals {
		s.settleTotals(h, prices, power, y)
		return
	}
	var a tally
	next := 0
	for _, ses := range h.Sessions {
		a.away(h, axis, prices, next, ses.Arrive)
		a.plugged(h, axis, prices, ses.Arrive, power[:ses.Steps()])
		power, next = power[ses.Steps():], ses.Depart
	}
	a.away(h, axis, prices, next, axis.Len())
	y.FedInKWh = a.exported * series.StepHours
	y.OwnSolarKWh = a.solarUsed * series.StepHours
	y.CostEUR = a.cost * series.StepHours
	y.HomeFedInKWh = a.fedIn * series.StepHours
	y.MonthPeakKW, y.HighestKW = 0, 0
	for _, kW := range a.highest {
		y.MonthPeakKW += kW / months
		y.HighestKW = max(y.HighestKW, kW)
	}
	y.PowerTariffEUR = prices.PowerEURPerKWMonth * y.MonthPeakKW * months
	y.CostEUR += y.PowerTariffEUR
	y.DischargingHours = float64(a.discharging) * series.StepHours
	y.NetKWh = a.net * series.StepHours
	y.EveningKW = a.evening / float64(axis.Days()*(series.EveningTo-series.EveningFrom))
}
