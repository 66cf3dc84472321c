package home

import (
	"github.com/getij/getij/internal/series"
	"github.com/getij/getij/internal/tariff"
)

// What a home does without its car is the same for all homes with its net load, and what
// the car adds to it is 0 in most quarter-hours. So where only totals are asked for, a year
// is that of the home alone, kept for the next home, and the steps in which the car does
// something.

// onlyTotals says whether a contract's year can be settled by its totals.
func (s *Solver) onlyTotals(prices *tariff.Prices) bool {
	return s.TotalsOnly && prices.PowerEURPerKWMonth == 0 && len(prices.Bands)+len(prices.FeedInTiers) == 0
}

// alone is a home's year without its car, in kW times steps and what these cost.
type alone struct {
	netKW, importEUR, exportEUR *float64 // the first of each: whose it is
	net, cost                   float64
}

// mostAlone is for how many homes alone it is remembered: types of dwellings, with panels
// and without, under some contracts.
const mostAlone = 32

// alone finds the year without the car.
func (s *Solver) alone(h *Home, prices *tariff.Prices) alone {
	a := alone{netKW: &h.NetKW[0], importEUR: &prices.ImportEURPerKWh[0], exportEUR: &prices.ExportEURPerKWh[0]}
	passing := prices == s.moved // its prices change in place
	for i := range s.known {
		if k := &s.known[i]; !passing && k.netKW == a.netKW && k.importEUR == a.importEUR && k.exportEUR == a.exportEUR {
			return *k
		}
	}
	for t, kW := range h.NetKW {
		a.net += kW
		if kW < 0 {
			a.cost += kW * prices.ExportEURPerKWh[t]
		} else {
			a.cost += kW * prices.ImportEURPerKWh[t]
		}
	}
	switch {
	case passing:
	case len(s.known) < mostAlone:
		s.known = append(s.known, a)
	default:
		s.known[s.oldest] = a
		s.oldest = (s.oldest + 1) % mostAlone
	}
	return a
}

// settleTotals is settle for totals alone.
func (s *Solver) settleTotals(h *Home, prices *tariff.Prices, power []float64, y *Year) {
	a := s.alone(h, prices)
	net, cost, exported, solarUsed := a.net, a.cost, 0.0, 0.0
	for _, ses := range h.Sessions {
		homeKW := h.NetKW[ses.Arrive:ses.Depart]
		imp, exp, storage := prices.ImportEURPerKWh[ses.Arrive:ses.Depart], prices.ExportEURPerKWh[ses.Arrive:ses.Depart], prices.StorageExportEURPerKWh[ses.Arrive:ses.Depart]
		for t, car := range power[:len(homeKW)] {
			if car == 0 {
				continue
			}
			home := homeKW[t]
			exchange := home + car
			net += car
			switch {
			case home >= 0 && exchange >= 0:
				cost += car * imp[t]
			case home >= 0:
				cost += exchange*storage[t] - home*imp[t]
				exported -= exchange
			case exchange >= 0:
				cost += exchange*imp[t] - home*exp[t]
				solarUsed -= home
			default:
				cost += car * exp[t]
				if car < 0 {
					exported -= car
				} else {
					solarUsed += car
				}
			}
		}
		power = power[len(homeKW):]
	}
	y.FedInKWh, y.OwnSolarKWh = exported*series.StepHours, solarUsed*series.StepHours
	y.CostEUR, y.NetKWh = cost*series.StepHours, net*series.StepHours
}
