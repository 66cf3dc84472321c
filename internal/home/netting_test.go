package home_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/getij/getij/dispatch"
	"github.com/getij/getij/internal/home"
	"github.com/getij/getij/internal/series"
	"github.com/getij/getij/internal/tariff"
)

// yearCost settles a year from the meter alone: every step at its prices less what
// is netted, and that on what the home takes more than it feeds in.
func yearCost(h *home.Home, car []float64, p *tariff.Prices) (cost, netKWh float64) {
	for t := range car {
		kwh := (h.NetKW[t] + car[t]) * series.StepHours
		netKWh += kwh
		price := p.ImportEURPerKWh[t]
		if kwh < 0 {
			price = p.ExportEURPerKWh[t]
		}
		cost += kwh * (price - p.NettedEURPerKWh)
	}
	return cost + p.NettedEURPerKWh*max(0, netKWh), netKWh
}

// at are a contract's prices with what is netted at m, and nothing left to settle.
func at(p *tariff.Prices, m float64) *tariff.Prices {
	q := &tariff.Prices{ImportEURPerKWh: make([]float64, axis.Len()), ExportEURPerKWh: make([]float64, axis.Len())}
	for t := range p.ImportEURPerKWh {
		q.ImportEURPerKWh[t] = p.ImportEURPerKWh[t] - p.NettedEURPerKWh + m
		q.ExportEURPerKWh[t] = p.ExportEURPerKWh[t] - p.NettedEURPerKWh + m
	}
	q.StorageExportEURPerKWh = q.ExportEURPerKWh
	return q
}

// The taxes of net metering are due on what a home takes more than it feeds in over
// the year. Whatever the price m between 0 and the tax, the year at prices P + m
// costs no more than the settled year (weak duality); at the m that is found it
// costs the same, which proves the optimum.
func TestNetMeteringIsSettledOverTheYearExactly(t *testing.T) {
	var solver home.Solver
	takers, feeders, equal := 0, 0, 0
	for i := range uint64(8) {
		h := randomHome(i)
		h.Fit()
		for _, c := range contracts[:3] {
			p := pricesOf(t, c)
			_, plain, err := solver.Year(h, axis, at(p, p.NettedEURPerKWh), dispatch.V2G, nil)
			if err != nil {
				t.Fatal(err)
			}
			_, untaxed, err := solver.Year(h, axis, at(p, 0), dispatch.V2G, nil)
			if err != nil {
				t.Fatal(err)
			}
			// A home with more and with less solar, and three between, where both are
			// as large: the car's losses tip the balance.
			between := func(w float64) float64 { return w*plain.NetKWh + (1-w)*untaxed.NetKWh }
			for _, less := range []float64{untaxed.NetKWh + 500, between(0.1), between(0.5), between(0.9), plain.NetKWh - 500} {
				g := *h
				g.NetKW = make([]float64, axis.Len())
				for t := range g.NetKW {
					g.NetKW[t] = h.NetKW[t] - less/(float64(axis.Len())*series.StepHours)
				}
				g.ConnectionKW = 1000 // the shift leaves every session as it was
				power, y, err := solver.Year(&g, axis, p, dispatch.V2G, nil)
				if err != nil {
					t.Fatal(err)
				}
				where := fmt.Sprintf("home %d, %s, %.1f kWh less", i, c.Name, less)
				cost, net := yearCost(&g, carPower(&g, power), p)
				near(t, where+": cost against the meter", y.CostEUR, cost, 1e-7)
				near(t, where+": taken less fed in", y.NetKWh, net, 1e-7)
				for _, m := range []float64{0, 0.25, 0.5, 0.75, 1} {
					if _, bound, err := solver.Year(&g, axis, at(p, m*p.NettedEURPerKWh), dispatch.V2G, nil); err != nil {
						t.Fatal(err)
					} else if bound.CostEUR > y.CostEUR+1e-7 {
						t.Errorf("%s: %.9f EUR, but no schedule is below %.9f", where, y.CostEUR, bound.CostEUR)
					}
				}
				_, bound, err := solver.Year(&g, axis, at(p, y.NettedEURPerKWh), dispatch.V2G, nil)
				if err != nil {
					t.Fatal(err)
				}
				near(t, where+": cost against the bound", y.CostEUR, bound.CostEUR, 1e-7)
				switch {
				case math.Abs(y.NetKWh) < 1e-6:
					equal++
				case y.NetKWh > 0:
					takers++
					near(t, where+": netted", y.NettedEURPerKWh, p.NettedEURPerKWh, 0)
				default:
					feeders++
					near(t, where+": netted", y.NettedEURPerKWh, 0, 0)
				}
			}
		}
	}
	if takers == 0 || feeders == 0 || equal < 5 {
		t.Errorf("%d homes take more, %d feed in more, %d both as much: each was expected", takers, feeders, equal)
	}
}

func TestSolarBeyondOwnUseEarnsTheBarePrice(t *testing.T) {
	h := reportHome(-0.5, 17.25) // feeds in all year
	for _, c := range contracts[:3] {
		p := pricesOf(t, c)
		_, y, err := new(home.Solver).Year(h, axis, p, dispatch.Regular, nil)
		if err != nil {
			t.Fatal(err)
		}
		bare := c
		bare.NetMetering = false
		want := 0.0
		for _, price := range pricesOf(t, bare).ExportEURPerKWh {
			want -= 0.5 * series.StepHours * price
		}
		near(t, c.Name+": cost of a year of feeding in, EUR", y.CostEUR, want, 1e-6)
	}
}
