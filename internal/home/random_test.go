package home_test

import (
	"math/rand/v2"
	"testing"

	"github.com/getij/getij/internal/home"
	"github.com/getij/getij/internal/reference"
	"github.com/getij/getij/internal/series"
	"github.com/getij/getij/internal/session"
	"github.com/getij/getij/internal/tariff"
)

var (
	axis = series.NewYear(2024)
	year = reference.NewYear(axis)
	load = reference.Load(axis)
)

// contracts are one of each kind, and the settings that decide what feeding in
// earns.
var contracts = []tariff.Contract{
	{Name: "single", Kind: tariff.Single, ImportEURPerKWh: 0.30, FeedInCostEURPerKWh: 0.13, EnergyTaxEURPerKWh: 0.1228, VAT: 0.21, NetMetering: true},
	{Name: "dual", Kind: tariff.Dual, HighEURPerKWh: 0.32, LowEURPerKWh: 0.28, LowFromHour: 23, LowToHour: 7, FeedInCostEURPerKWh: 0.13, NetMetering: true},
	{Name: "dynamic", Kind: tariff.Dynamic, EnergyTaxEURPerKWh: 0.1228, VAT: 0.21, NetMetering: true},
	{Name: "dynamic-without-netting", Kind: tariff.Dynamic, EnergyTaxEURPerKWh: 0.1228, VAT: 0.21},
	{Name: "dynamic-with-refund", Kind: tariff.Dynamic, EnergyTaxEURPerKWh: 0.1228, VAT: 0.21, EnergyTaxRefundOnStorage: true},
	{Name: "dynamic-with-grid-tariff", Kind: tariff.Dynamic, EnergyTaxEURPerKWh: 0.1228, VAT: 0.21, GridTariff: tariff.GridTariff{Weekday: &[24]float64{17: 0.1, 18: 0.1, 19: 0.1, 20: 0.1}}, GridTariffOnExport: true},
}

func pricesOf(t testing.TB, c tariff.Contract) *tariff.Prices {
	t.Helper()
	p, err := c.Prices(axis, year.DayAheadEURPerMWh)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// randomHome draws a home that is hard in the ways real ones are: more or less
// solar than load, a small or large car and charger, a connection that binds
// now and then, sessions of a quarter to several days with any energy. It is
// not fitted yet.
func randomHome(seed uint64) *home.Home {
	r := rand.New(rand.NewPCG(seed, 1))
	between := func(low, high float64) float64 { return low + (high-low)*r.Float64() }
	h := &home.Home{
		NetKW:        make([]float64, axis.Len()),
		ConnectionKW: between(1, 12),
		Car:          home.Car{BatteryKWh: between(20, 110), MinSoC: between(0, 0.3), DepartureSoC: between(0.5, 1)},
		Charger:      home.Charger{ChargeKW: between(2, 22), DischargeKW: between(0, 22), RoundTripEfficiency: between(0.6, 1)},
	}
	loads, solar := between(0, 3), between(0, 8)
	for t := range h.NetKW {
		h.NetKW[t] = loads*load[t]*between(0.2, 1.8) - solar*year.SolarFraction[t]
	}
	for at := r.IntN(200); ; {
		steps := 1 + r.IntN(80)
		if r.IntN(10) == 0 {
			steps = 1 + r.IntN(400)
		}
		if at+steps > axis.Len() {
			return h
		}
		h.Sessions = append(h.Sessions, session.Session{Arrive: at, Depart: at + steps, EnergyKWh: between(0, 90) * r.Float64()})
		at += steps + r.IntN(300)*r.IntN(2)
	}
}

// carPower spreads the power of a home's sessions over the year. It panics where
// the trace is not as long as the sessions.
func carPower(h *home.Home, power []float64) []float64 {
	car := make([]float64, axis.Len())
	for _, s := range h.Sessions {
		copy(car[s.Arrive:s.Depart], power[:s.Steps()])
		power = power[s.Steps():]
	}
	if len(power) > 0 {
		panic("the power trace is longer than the sessions")
	}
	return car
}
