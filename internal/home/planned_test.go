package home_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/getij/getij/dispatch"
	"github.com/getij/getij/internal/foresight"
	"github.com/getij/getij/internal/home"
	"github.com/getij/getij/internal/series"
	"github.com/getij/getij/internal/session"
	"github.com/getij/getij/internal/tariff"
)

// mornings are chances to leave of a car of which nothing is known yet.
var mornings = func() *foresight.Chances {
	var c foresight.Chances
	for k := range c {
		for q := range c[k] {
			c[k][q] = 0.005
			if q >= 7*4 && q < 10*4 {
				c[k][q] = 0.15
			}
		}
	}
	return &c
}()

func knowing(prices foresight.Prices, departure foresight.Departure) *foresight.Knowledge {
	return &foresight.Knowledge{Prices: prices, Departure: departure, MissingEURPerKWh: 0.69, StatedErrorHours: 1, Before: mornings, Seed: 1}
}

func yearOf(t *testing.T, h *home.Home, k *foresight.Knowledge, p *tariff.Prices, mode dispatch.Mode) (home.Year, []float64) {
	t.Helper()
	var solver home.Solver
	other := *h
	other.Knowledge = k
	power, y, err := solver.Year(&other, axis, p, mode, nil)
	if err != nil {
		t.Fatal(err)
	}
	return y, carPower(h, power)
}

// positive is a home whose prices never fall below 0: then nobody gains by leaving with
// more than is wanted, and knowing everything is the best there is.
func positive(t *testing.T, c tariff.Contract) *tariff.Prices {
	t.Helper()
	dayAhead := slices.Clone(year.DayAheadEURPerMWh)
	for i := range dayAhead {
		dayAhead[i] = max(dayAhead[i], 1)
	}
	p, err := c.Prices(axis, dayAhead)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// fewHomes is how many random homes are drawn: one under -short.
func fewHomes() int {
	if testing.Short() {
		return 1
	}
	return 3
}

// Whoever knows more never pays more, what is missing at departure counted: for every
// home, contract and way to charge.
func TestKnowingEverythingIsNeverDearer(t *testing.T) {
	for i := range fewHomes() {
		h := randomHome(uint64(i))
		h.Fit()
		for _, c := range contracts {
			if c.Kind != tariff.Dynamic {
				continue
			}
			p := positive(t, c)
			for _, mode := range []dispatch.Mode{dispatch.Smart, dispatch.V2H, dispatch.V2G}[i:] {
				known, _ := yearOf(t, h, nil, p, mode)
				for _, k := range []*foresight.Knowledge{
					knowing(foresight.DayAhead, foresight.Known), knowing(foresight.Perfect, foresight.Stated),
					knowing(foresight.Perfect, foresight.Learned), knowing(foresight.DayAhead, foresight.Learned),
				} {
					y, _ := yearOf(t, h, k, p, mode)
					cost := y.CostEUR + y.Departures.PenaltyEUR
					if netted := p.NettedEURPerKWh * max(0, -known.NetKWh); cost < known.CostEUR-netted-1e-6 {
						t.Errorf("home %d, %s, %s, prices %s, departure %s: %.6f EUR, and %.6f knowing everything", i, c.Name, mode, k.Prices, k.Departure, cost, known.CostEUR)
					}
				}
			}
		}
	}
}

// A known departure is met whatever the prices turn out to be, where the load is that of
// the day before; where it is not, a connection that binds may leave too little.
func TestAKnownDepartureIsMet(t *testing.T) {
	for i := range fewHomes() {
		h := randomHome(uint64(i))
		for step := range h.NetKW {
			h.NetKW[step] = h.NetKW[step%96]
		}
		for h.Sessions[0].Arrive < 96 { // the first day has none before it
			h.Sessions = h.Sessions[1:]
		}
		h.Fit()
		for _, mode := range []dispatch.Mode{dispatch.Smart, dispatch.V2H, dispatch.V2G} {
			y, _ := yearOf(t, h, knowing(foresight.DayAhead, foresight.Known), pricesOf(t, contracts[3]), mode)
			if y.Departures.MissingKWh > 1e-6 {
				t.Errorf("home %d, %s: %g kWh are missing although the departure is known", i, mode, y.Departures.MissingKWh)
			}
		}
	}
}

// A home that states departures without error, at a price of a missing kWh beyond all
// others, does what one does that knows them.
func TestASureStatementIsAKnownDeparture(t *testing.T) {
	for i := range fewHomes() {
		h := randomHome(uint64(i))
		h.Fit()
		p := positive(t, contracts[3])
		for _, mode := range []dispatch.Mode{dispatch.Smart, dispatch.V2G} {
			k := knowing(foresight.Perfect, foresight.Stated)
			k.StatedErrorHours, k.MissingEURPerKWh = 0, 50
			known, _ := yearOf(t, h, nil, p, mode)
			y, _ := yearOf(t, h, k, p, mode)
			near(t, fmt.Sprintf("home %d, %s: cost, EUR", i, mode), y.CostEUR, known.CostEUR, 1e-6)
			near(t, fmt.Sprintf("home %d, %s: missing, kWh", i, mode), y.Departures.MissingKWh, 0, 1e-6)
		}
	}
}

// Energy balances with what is missing and what is taken along; the cost is the meter's.
func TestPlannedEnergyBalances(t *testing.T) {
	for i := range fewHomes() {
		h := randomHome(uint64(i))
		h.Fit()
		eta := h.Charger.OneWayEfficiency()
		for _, c := range contracts {
			p := pricesOf(t, c)
			y, car := yearOf(t, h, knowing(foresight.DayAhead, foresight.Learned), p, dispatch.V2G)
			driven, net, cost := 0.0, 0.0, 0.0
			for _, s := range h.Sessions {
				driven += eta * s.EnergyKWh
			}
			near(t, c.Name+": energy stored less given back, kWh", y.ChargedKWh*eta-y.DischargedKWh/eta, driven-y.Departures.MissingKWh+y.Departures.AboveKWh, 1e-6)
			for step, kw := range car {
				exchange := h.NetKW[step] + kw
				net += exchange * series.StepHours
				price := p.ImportEURPerKWh[step]
				if exchange < 0 && h.NetKW[step] < 0 {
					price = p.ExportEURPerKWh[step]
				} else if exchange < 0 {
					price = p.StorageExportEURPerKWh[step]
				}
				cost += exchange * series.StepHours * price
			}
			cost += p.NettedEURPerKWh * max(0, -net) // what is netted is due on no less than nothing
			near(t, c.Name+": cost, EUR", y.CostEUR, cost, 1e-6)
		}
	}
}

// What comes later does not change what was done before: prices that are not published
// yet, loads, the end of the session in hand, later sessions.
func TestNoDecisionKnowsTheFuture(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 1))
	for i := range fewHomes() {
		h := randomHome(uint64(i))
		h.Fit()
		for _, c := range contracts {
			if c.NetMetering {
				continue // the year's settlement is known to be a net taker's or not
			}
			p := pricesOf(t, c)
			k := knowing(foresight.DayAhead, foresight.Learned)
			for _, mode := range []dispatch.Mode{dispatch.Smart, dispatch.V2G} {
				_, before := yearOf(t, h, k, p, mode)
				for range 2 {
					now := 96*30 + r.IntN(96*300)
					changed := *h
					changed.NetKW = slices.Clone(h.NetKW)
					for s := now; s < axis.Len(); s++ {
						changed.NetKW[s] += 0.5 * r.NormFloat64()
					}
					changed.Sessions = nil
					for _, s := range h.Sessions {
						if s.Depart > now {
							if s.Arrive < now {
								s.Depart = min(max(now, s.Depart+r.IntN(60)-30), axis.Len())
								changed.Sessions = append(changed.Sessions, s)
							}
							break
						}
						changed.Sessions = append(changed.Sessions, s)
					}
					if n := len(changed.Sessions); n > 0 {
						for at := max(now, changed.Sessions[n-1].Depart) + 20; at+62 < axis.Len(); at += 90 {
							changed.Sessions = append(changed.Sessions, session.Session{Arrive: at, Depart: at + 1 + r.IntN(60)})
						}
					}
					published := now
					for d := axis.Clock[now-1].YearDay; published < axis.Len() && axis.Clock[published].YearDay <= d; {
						published++
					}
					if axis.Clock[now-1].QuarterOfDay >= 13*4 {
						for d := int(axis.Clock[now-1].YearDay) + 1; published < axis.Len() && int(axis.Clock[published].YearDay) <= d; {
							published++
						}
					}
					moved := tariff.Prices{DayAhead: p.DayAhead, ImportEURPerKWh: slices.Clone(p.ImportEURPerKWh), ExportEURPerKWh: slices.Clone(p.ExportEURPerKWh), StorageExportEURPerKWh: slices.Clone(p.StorageExportEURPerKWh)}
					for s := published; s < axis.Len(); s++ {
						by := 0.2 * r.NormFloat64()
						moved.ImportEURPerKWh[s] += by
						moved.ExportEURPerKWh[s] += by
						moved.StorageExportEURPerKWh[s] += by
					}
					_, after := yearOf(t, &changed, k, &moved, mode)
					for s := range now {
						if before[s] != after[s] {
							t.Fatalf("home %d, %s, %s: what changed after step %d changed the car's power at step %d from %g to %g kW", i, c.Name, mode, now, s, before[s], after[s])
						}
					}
					if slices.Equal(before[now:], after[now:]) {
						t.Fatalf("home %d, %s, %s: the change after step %d changed nothing: the test lost its strength", i, c.Name, mode, now)
					}
				}
			}
		}
	}
}

// The dearer a missing kWh, the less is missing and the less is left of the saving.
func TestASurerDepartureCostsMore(t *testing.T) {
	h := randomHome(1)
	h.Fit()
	p := positive(t, contracts[2])
	missing, cost := math.Inf(1), math.Inf(-1)
	for _, price := range []float64{0.3, 0.69, 3, 30} {
		k := knowing(foresight.Perfect, foresight.Learned)
		k.MissingEURPerKWh = price
		y, _ := yearOf(t, h, k, p, dispatch.V2G)
		if y.Departures.MissingKWh > missing {
			t.Errorf("at %g EUR/kWh %g kWh are missing, at less %g", price, y.Departures.MissingKWh, missing)
		}
		if y.CostEUR < cost {
			t.Errorf("at %g EUR/kWh energy costs %g EUR, at less %g", price, y.CostEUR, cost)
		}
		missing, cost = y.Departures.MissingKWh, y.CostEUR
	}
}
