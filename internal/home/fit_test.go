package home_test

import (
	"math"
	"testing"

	"github.com/getij/getij/dispatch"
	"github.com/getij/getij/internal/home"
	"github.com/getij/getij/internal/series"
	"github.com/getij/getij/internal/session"
	"github.com/getij/getij/internal/tariff"
)

// reportHome has the report's car and charger: 63 kWh from empty to 90 %, which
// take 68.33 kWh at the meter.
func reportHome(netKW, connectionKW float64, sessions ...session.Session) *home.Home {
	h := &home.Home{
		NetKW: make([]float64, axis.Len()), ConnectionKW: connectionKW,
		Car:      home.Car{BatteryKWh: 70, MinSoC: 0.10, DepartureSoC: 0.90},
		Charger:  home.Charger{ChargeKW: 11, DischargeKW: 11, RoundTripEfficiency: 0.85},
		Sessions: sessions,
	}
	for t := range h.NetKW {
		h.NetKW[t] = netKW
	}
	return h
}

func TestEnergiesThatDoNotFitAreCutAndCounted(t *testing.T) {
	full := 63 / math.Sqrt(0.85) // at the meter
	for _, c := range []struct {
		name          string
		net, limit    float64
		steps         int
		energy, after float64
		cuts          home.Cuts
	}{
		{"fits", 0, 17.25, 48, 20, 20, home.Cuts{}},
		{"fits exactly in time", 0, 17.25, 4, 11, 11, home.Cuts{}},
		{"no energy", 0, 17.25, 4, 0, 0, home.Cuts{}},
		{"too short", 0, 17.25, 5, 20, 13.75, home.Cuts{Time: 1, TimeKWh: 6.25}},
		{"more than the battery holds", 0, 17.25, 48, 80, full, home.Cuts{Battery: 1, BatteryKWh: 80 - full}},
		{"both", 0, 17.25, 4, 80, 11, home.Cuts{Battery: 1, BatteryKWh: 80 - full, Time: 1, TimeKWh: full - 11}},
		{"the home leaves 6 kW of its connection", 2, 8, 4, 20, 6, home.Cuts{Time: 1, TimeKWh: 14}},
		{"the home is beyond its connection", 5, 3, 48, 20, 0, home.Cuts{Time: 1, TimeKWh: 20}},
		{"solar leaves room for full power", -4, 8, 4, 20, 11, home.Cuts{Time: 1, TimeKWh: 9}},
	} {
		h := reportHome(c.net, c.limit, session.Session{Arrive: 100, Depart: 100 + c.steps, EnergyKWh: c.energy})
		got := h.Fit()
		if got.Time != c.cuts.Time || got.Battery != c.cuts.Battery || math.Abs(got.TimeKWh-c.cuts.TimeKWh) > 1e-9 || math.Abs(got.BatteryKWh-c.cuts.BatteryKWh) > 1e-9 {
			t.Errorf("%s: cut %+v, want %+v", c.name, got, c.cuts)
		}
		if e := h.Sessions[0].EnergyKWh; math.Abs(e-c.after) > 1e-9 {
			t.Errorf("%s: %.6f kWh left, want %.6f", c.name, e, c.after)
		}
		if again := h.Fit(); again.Time+again.Battery != 0 && again.TimeKWh+again.BatteryKWh > 1e-9 {
			t.Errorf("%s: a fitted home was cut again: %+v", c.name, again)
		}
		for _, mode := range dispatch.Modes() {
			if _, _, err := new(home.Solver).Year(h, axis, pricesOf(t, contracts[2]), mode, nil); err != nil {
				t.Errorf("%s: %s after fitting: %v", c.name, mode, err)
			}
		}
	}
}

func TestCutsOfManySessionsAddUp(t *testing.T) {
	h := reportHome(0, 17.25,
		session.Session{Arrive: 0, Depart: 48, EnergyKWh: 80}, session.Session{Arrive: 50, Depart: 51, EnergyKWh: 80}, session.Session{Arrive: 60, Depart: 90, EnergyKWh: 10})
	got := h.Fit()
	if got.Battery != 2 || got.Time != 1 {
		t.Errorf("cut %+v, want 2 by the battery and 1 by time", got)
	}
	got.Add(home.Cuts{Time: 1, Battery: 2, TimeKWh: 3, BatteryKWh: 4})
	if got.Battery != 4 || got.Time != 2 {
		t.Errorf("added up to %+v", got)
	}
}

// The home alone takes 5 kW of a 3 kW connection for four quarters: the car
// waits, may help with V2G, and the quarters are counted.
func TestAConnectionSmallerThanTheLoadBendsAndIsCounted(t *testing.T) {
	h := reportHome(1, 3, session.Session{Arrive: 0, Depart: 96, EnergyKWh: 10})
	for i := range 4 {
		h.NetKW[i] = 5
	}
	if cuts := h.Fit(); cuts != (home.Cuts{}) {
		t.Fatalf("10 kWh fit in the 23 hours after: %+v", cuts)
	}
	flat := &tariff.Prices{ImportEURPerKWh: make([]float64, axis.Len()), ExportEURPerKWh: make([]float64, axis.Len())}
	for i := range axis.Len() {
		flat.ImportEURPerKWh[i], flat.ExportEURPerKWh[i] = 0.3, 0.1
		if i < 4 {
			flat.ImportEURPerKWh[i] = 0.6
		}
	}
	flat.StorageExportEURPerKWh = flat.ExportEURPerKWh
	for _, c := range []struct {
		mode  dispatch.Mode
		first float64 // the car's power while the home is beyond its connection
	}{{dispatch.Regular, 0}, {dispatch.Smart, 0}, {dispatch.V2H, -5}, {dispatch.V2G, -5}} {
		power, y, err := new(home.Solver).Year(h, axis, flat, c.mode, nil)
		if err != nil {
			t.Fatal(err)
		}
		if y.BeyondLimit != 4 {
			t.Errorf("%s: %d quarters counted beyond the connection, want 4", c.mode, y.BeyondLimit)
		}
		if math.Abs(power[0]-c.first) > 1e-9 {
			t.Errorf("%s: the car takes %.3f kW while the home is beyond its connection, want %.3f", c.mode, power[0], c.first)
		}
		for i, kw := range power[4:] {
			if 1+kw > 3+1e-9 {
				t.Fatalf("%s: the meter reads %.3f kW at quarter %d of a 3 kW connection", c.mode, 1+kw, i+4)
			}
		}
	}
}

// The refund of energy tax is for stored energy: it is paid where the home
// feeds nothing in by itself, and only there.
func TestRefundPricesHoldOnlyWhereTheHomeFeedsNothingIn(t *testing.T) {
	const imported, export, storage = 0.30, 0.05, 0.29
	for _, c := range []struct {
		name  string
		net   float64
		sells bool
	}{{"home takes", 0.5, true}, {"home takes nothing", 0, true}, {"home feeds in", -0.5, false}} {
		h := reportHome(c.net, 17.25, session.Session{Arrive: 0, Depart: 40})
		p := &tariff.Prices{
			ImportEURPerKWh: make([]float64, axis.Len()), ExportEURPerKWh: make([]float64, axis.Len()), StorageExportEURPerKWh: make([]float64, axis.Len()),
		}
		for i := range axis.Len() {
			p.ImportEURPerKWh[i], p.ExportEURPerKWh[i], p.StorageExportEURPerKWh[i] = imported, export, storage
			if i >= 20 && i < 40 { // cheap enough to buy back after selling at the refunded price
				p.ImportEURPerKWh[i], p.ExportEURPerKWh[i], p.StorageExportEURPerKWh[i] = 0.10, 0.05, 0.05
			}
		}
		_, y, err := new(home.Solver).Year(h, axis, p, dispatch.V2G, nil)
		if err != nil {
			t.Fatal(err)
		}
		// Twenty quarters sell at most 5 h x 11 kW, of 56 kWh stored.
		if sold := y.FedInKWh > 40; sold != c.sells {
			t.Errorf("%s: %.1f kWh of the battery sold; sold at the refunded price: %v, want %v", c.name, y.FedInKWh, sold, c.sells)
		}
		// The home between sessions never earns the refund: only steps with a
		// car that discharges do.
		idle := (float64(axis.Len()) - 40) * series.StepHours * (max(0, c.net)*imported + min(0, c.net)*export)
		during := y.CostEUR - idle
		if c.sells && during > -5 || !c.sells && during < -1 {
			t.Errorf("%s: the session costs %.2f EUR", c.name, during)
		}
	}
}

// The lowest state of charge bounds discharging alone: a car that comes home with
// less is charged from there, drives the same, and is not discharged below that.
func TestTheLowestChargeBoundsDischargingAlone(t *testing.T) {
	p := pricesOf(t, contracts[2])
	for _, c := range []struct{ minSoC, energy, lowest float64 }{{0.1, 20, 7}, {0.3, 20, 21}, {0.3, 60, 63 - 60*math.Sqrt(0.85)}} {
		h := reportHome(0, 17.25, session.Session{Arrive: 10000, Depart: 10800, EnergyKWh: c.energy})
		h.Car.MinSoC = c.minSoC
		if cuts := h.Fit(); cuts != (home.Cuts{}) {
			t.Fatalf("a lowest charge of %g cuts %+v of what is driven", c.minSoC, cuts)
		}
		power, y, err := new(home.Solver).Year(h, axis, p, dispatch.V2G, nil)
		if err != nil {
			t.Fatal(err)
		}
		eta := h.Charger.OneWayEfficiency()
		near(t, "driven, kWh", y.ChargedKWh*eta-y.DischargedKWh/eta, eta*c.energy, 1e-9)
		stored, lowest := 63-eta*c.energy, 63.0
		for _, kw := range power {
			if kw > 0 {
				stored += eta * kw / 4
			} else {
				stored += kw / eta / 4
			}
			lowest = min(lowest, stored)
		}
		near(t, "lowest charge, kWh", lowest, c.lowest, 1e-6)
	}
}
