package home_test

import (
	"fmt"
	"math"
	"strings"
	"sync"
	"testing"

	"github.com/getij/getij/dispatch"
	"github.com/getij/getij/internal/home"
	"github.com/getij/getij/internal/series"
	"github.com/getij/getij/internal/session"
	"github.com/getij/getij/internal/tariff"
)

const randomHomes = 6

// outcome is one year of one home.
type outcome struct {
	home.Year
	home     *home.Home
	mode     dispatch.Mode
	contract string
	number   int // of the home
	prices   *tariff.Prices
	car      []float64 // kW per step of the year
}

// outcomes are the years of random homes under every contract and mode.
var outcomes = sync.OnceValues(func() (all []*outcome, err error) {
	var solver home.Solver
	for i := range randomHomes {
		h := randomHome(uint64(i))
		h.Fit()
		for _, c := range contracts {
			prices, err := c.Prices(axis, year.DayAheadEURPerMWh)
			if err != nil {
				return nil, err
			}
			for _, mode := range dispatch.Modes() {
				power, y, err := solver.Year(h, axis, prices, mode, nil)
				if err != nil {
					return nil, fmt.Errorf("home %d, %s, %s: %w", i, c.Name, mode, err)
				}
				all = append(all, &outcome{Year: y, home: h, mode: mode, contract: c.Name, number: i, prices: prices, car: carPower(h, power)})
			}
		}
	}
	return all, nil
})

func eachYear(t *testing.T, check func(t *testing.T, o *outcome)) {
	all, err := outcomes()
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range all {
		t.Run(fmt.Sprintf("home %d, %s, %s", o.number, o.contract, o.mode), func(t *testing.T) { check(t, o) })
	}
}

func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance) {
		t.Errorf("%s: %.9g, want %.9g", what, got, want)
	}
}

// What the car took in, less losses, is what it drove.
func TestEnergyBalances(t *testing.T) {
	eachYear(t, func(t *testing.T, o *outcome) {
		eta := o.home.Charger.OneWayEfficiency()
		driven := 0.0
		for _, s := range o.home.Sessions {
			driven += eta * s.EnergyKWh
		}
		near(t, "energy stored less energy given back, kWh", o.ChargedKWh*eta-o.DischargedKWh/eta, driven, 1e-6)
		net := 0.0
		for _, kw := range o.car {
			net += kw * series.StepHours
		}
		near(t, "charged less discharged, against the power trace, kWh", o.ChargedKWh-o.DischargedKWh, net, 1e-6)
	})
}

// The year's cost is what the meter says, step by step, plugged in or not.
func TestCostIsTheMeterTimesThePrice(t *testing.T) {
	eachYear(t, func(t *testing.T, o *outcome) {
		cost := 0.0
		for i, net := range o.home.NetKW {
			kWh := (net + o.car[i]) * series.StepHours
			price := o.prices.ImportEURPerKWh[i]
			if kWh < 0 && net < 0 {
				price = o.prices.ExportEURPerKWh[i]
			} else if kWh < 0 {
				price = o.prices.StorageExportEURPerKWh[i]
			}
			cost += kWh * price
		}
		near(t, "cost, EUR", o.CostEUR, cost, 1e-6)
	})
}

// The same cost from the optimiser's side: what each session costs by itself,
// plus the home alone between sessions.
func TestCostIsTheSessionsPlusTheIdleSteps(t *testing.T) {
	var solver dispatch.Solver
	var schedule dispatch.Schedule
	eachYear(t, func(t *testing.T, o *outcome) {
		h, cost := o.home, 0.0
		plugged := make([]bool, axis.Len())
		eta := math.Sqrt(h.Charger.RoundTripEfficiency)
		for _, s := range h.Sessions {
			export := make([]float64, s.Steps())
			for k := range export {
				i := s.Arrive + k
				plugged[i] = true
				if export[k] = o.prices.ExportEURPerKWh[i]; h.NetKW[i] >= 0 {
					export[k] = o.prices.StorageExportEURPerKWh[i]
				}
			}
			lowest, departure := h.Car.MinSoC*h.Car.BatteryKWh, h.Car.DepartureSoC*h.Car.BatteryKWh
			arrival := max(0, departure-eta*s.EnergyKWh)
			err := solver.Solve(&dispatch.Problem{
				StepHours:       0.25,
				ImportEURPerKWh: o.prices.ImportEURPerKWh[s.Arrive:s.Depart], ExportEURPerKWh: export, NetLoadKW: h.NetKW[s.Arrive:s.Depart],
				Battery: dispatch.Battery{MinKWh: min(lowest, arrival), MaxKWh: h.Car.BatteryKWh, StartKWh: arrival, EndKWh: departure},
				Charger: dispatch.Charger{ChargeKW: h.Charger.ChargeKW, DischargeKW: h.Charger.DischargeKW, ChargeEfficiency: eta, DischargeEfficiency: eta},
				Grid:    dispatch.Grid{ImportLimit: dispatch.LimitKW(h.ConnectionKW), ExportLimit: dispatch.LimitKW(h.ConnectionKW)},
				Mode:    o.mode,
			}, &schedule)
			if err != nil {
				t.Fatalf("the session at step %d: %v", s.Arrive, err)
			}
			cost += schedule.CostEUR
		}
		for i, net := range h.NetKW {
			if !plugged[i] {
				cost += 0.25 * (max(0, net)*o.prices.ImportEURPerKWh[i] + min(0, net)*o.prices.ExportEURPerKWh[i])
			}
		}
		near(t, "cost, EUR", o.CostEUR, cost, 1e-6)
	})
}

func TestMoreFreedomNeverCostsMore(t *testing.T) {
	cheapest := math.Inf(1) // of the modes before; Modes lists them by freedom
	eachYear(t, func(t *testing.T, o *outcome) {
		if o.mode == dispatch.Regular {
			cheapest = math.Inf(1)
		}
		if o.CostEUR > cheapest+1e-6 {
			t.Errorf("%s costs %.6f EUR, a mode with less freedom %.6f", o.mode, o.CostEUR, cheapest)
		}
		cheapest = min(cheapest, o.CostEUR)
	})
}

// Regular: full power, or what the connection leaves, from arrival until the
// energy is in, and nothing after.
func TestRegularChargesAtFullPowerFromArrival(t *testing.T) {
	eachYear(t, func(t *testing.T, o *outcome) {
		if o.mode != dispatch.Regular {
			return
		}
		for n, s := range o.home.Sessions {
			left := s.EnergyKWh
			for i := s.Arrive; i < s.Depart; i++ {
				full := max(0, min(o.home.Charger.ChargeKW, o.home.ConnectionKW-o.home.NetKW[i]))
				want := min(full, left/series.StepHours)
				if math.Abs(o.car[i]-want) > 1e-6 {
					t.Fatalf("session %d, step %d of %d: %.6f kW with %.6f kWh to go, want %.6f", n+1, i-s.Arrive+1, s.Steps(), o.car[i], left, want)
				}
				left -= want * series.StepHours
			}
			if left > 1e-6 {
				t.Fatalf("session %d ends %.6f kWh short of its energy", n+1, left)
			}
		}
	})
}

func TestV2HNeverMakesTheMeterRunBack(t *testing.T) {
	eachYear(t, func(t *testing.T, o *outcome) {
		if o.mode != dispatch.V2H {
			return
		}
		for i, net := range o.home.NetKW {
			if meter := net + o.car[i]; meter < min(0, net)-1e-9 {
				t.Fatalf("step %d: the meter reads %.6f kW with the car and %.6f without", i, meter, net)
			}
		}
		if o.FedInKWh > 1e-9 {
			t.Errorf("%.6f kWh of the car reached the grid", o.FedInKWh)
		}
	})
}

func TestOnlyV2GAndV2HDischarge(t *testing.T) {
	discharged := map[dispatch.Mode]float64{}
	eachYear(t, func(t *testing.T, o *outcome) {
		discharged[o.mode] += o.DischargedKWh
		if (o.mode == dispatch.Regular || o.mode == dispatch.Smart) && (o.DischargedKWh != 0 || o.FedInKWh != 0) {
			t.Errorf("%s discharged %g kWh, %g of them into the grid", o.mode, o.DischargedKWh, o.FedInKWh)
		}
	})
	if discharged[dispatch.V2H] == 0 || discharged[dispatch.V2G] <= discharged[dispatch.V2H] {
		t.Errorf("v2h discharged %.0f kWh, v2g %.0f: want some, and more with v2g", discharged[dispatch.V2H], discharged[dispatch.V2G])
	}
}

// What the car sends to the grid is part of what it discharges, what it takes
// from own solar power part of what it charges, and both are the difference
// that the car makes to what the home feeds in.
func TestFedInAndOwnSolarAreSharesOfWhatTheCarMoves(t *testing.T) {
	eachYear(t, func(t *testing.T, o *outcome) {
		var fedIn, ownSolar, surplus float64
		for i, net := range o.home.NetKW {
			with, without := max(0, -net-o.car[i])*series.StepHours, max(0, -net)*series.StepHours
			fedIn += max(0, with-without)
			ownSolar += max(0, without-with)
			surplus += without
		}
		near(t, "fed in, kWh", o.FedInKWh, fedIn, 1e-6)
		near(t, "own solar, kWh", o.OwnSolarKWh, ownSolar, 1e-6)
		for _, part := range []struct {
			what, of       string
			share, ofWhole float64
		}{
			{"fed in", "discharged", o.FedInKWh, o.DischargedKWh},
			{"own solar used", "charged", o.OwnSolarKWh, o.ChargedKWh},
			{"own solar used", "fed in by the home alone", o.OwnSolarKWh, surplus},
		} {
			if part.share < 0 || part.share > part.ofWhole+1e-6 {
				t.Errorf("%.6f kWh %s, of %.6f %s", part.share, part.what, part.ofWhole, part.of)
			}
		}
	})
}

// Power stays within charger and connection; where the home alone is beyond
// the connection, the car makes it no worse.
func TestPowerKeepsTheLimits(t *testing.T) {
	bent := 0
	eachYear(t, func(t *testing.T, o *outcome) {
		h, beyond := o.home, 0
		for _, s := range h.Sessions {
			for i := s.Arrive; i < s.Depart; i++ {
				net, car := h.NetKW[i], o.car[i]
				if car > h.Charger.ChargeKW+1e-9 || car < -h.Charger.DischargeKW-1e-9 {
					t.Fatalf("step %d: the car takes %.6f kW, its charger does %.2f and -%.2f", i, car, h.Charger.ChargeKW, h.Charger.DischargeKW)
				}
				if high, low := max(h.ConnectionKW, net), min(-h.ConnectionKW, net); net+car > high+1e-9 || net+car < low-1e-9 {
					t.Fatalf("step %d: the meter reads %.6f kW, outside %.3f to %.3f", i, net+car, low, high)
				}
				if math.Abs(net) > h.ConnectionKW {
					beyond++
				}
			}
		}
		if o.BeyondLimit != beyond {
			t.Errorf("%d steps counted as beyond the connection, there are %d", o.BeyondLimit, beyond)
		}
		bent += beyond
	})
	if bent == 0 {
		t.Error("no random home was ever beyond its connection: the test shows nothing")
	}
}

func TestEveningAndPluggedTimeAreCounted(t *testing.T) {
	localHour, amsterdam := make([]int, axis.Len()), series.Amsterdam()
	for i := range localHour {
		localHour[i] = axis.Time(i).In(amsterdam).Hour()
	}
	eachYear(t, func(t *testing.T, o *outcome) {
		sum, n, plugged := 0.0, 0, 0
		for i, hour := range localHour {
			if hour >= 17 && hour < 21 {
				sum += o.car[i]
				n++
			}
		}
		for _, s := range o.home.Sessions {
			plugged += s.Steps()
		}
		near(t, "mean power 17:00-21:00, kW", o.EveningKW, sum/float64(n), 1e-9)
		if o.PluggedSteps != plugged || o.Sessions != len(o.home.Sessions) {
			t.Errorf("%d steps in %d sessions, want %d in %d", o.PluggedSteps, o.Sessions, plugged, len(o.home.Sessions))
		}
	})
}

func TestPowerIsAppendedAndNothingElseAllocated(t *testing.T) {
	h := randomHome(1)
	h.Fit()
	var solver home.Solver
	prices := pricesOf(t, contracts[4]) // with its own export prices for storage
	power, _, err := solver.Year(h, axis, prices, dispatch.V2G, []float64{42})
	if err != nil || power[0] != 42 {
		t.Fatalf("the trace starts with %v, %v: want the caller's own values kept", power[:1], err)
	}
	allocations := testing.AllocsPerRun(3, func() {
		if power, _, err = solver.Year(h, axis, prices, dispatch.V2G, power[:0]); err != nil {
			t.Fatal(err)
		}
	})
	if allocations > 0 {
		t.Errorf("a second year allocates %.0f times", allocations)
	}
}

func TestAHomeThatWasNotFittedIsAnErrorThatNamesTheSession(t *testing.T) {
	h := &home.Home{
		NetKW: make([]float64, axis.Len()), ConnectionKW: 17.25,
		Car: home.Car{BatteryKWh: 70, MinSoC: 0.1, DepartureSoC: 0.9}, Charger: home.Charger{ChargeKW: 11, DischargeKW: 11, RoundTripEfficiency: 0.85},
		Sessions: []session.Session{{Arrive: 0, Depart: 40, EnergyKWh: 20}, {Arrive: 96, Depart: 97, EnergyKWh: 20}},
	}
	_, _, err := new(home.Solver).Year(h, axis, pricesOf(t, contracts[0]), dispatch.Smart, nil)
	for _, want := range []string{"session 2", "2024-01-01T23:00Z", "cannot be reached", "not fitted"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want it to say %q", err, want)
		}
	}
}
