package home_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/getij/getij/dispatch"
	"github.com/getij/getij/internal/home"
	"github.com/getij/getij/internal/series"
)

// A battery makes no home's year dearer, whatever the car does; a car with more freedom
// makes it no dearer either; and each year is within a cent of its bound. The second home's
// connection is so small that battery and car need all of it at times, where rounding ends
// the search sooner.
func TestAHomeBatteryBesideTheCar(t *testing.T) {
	var solver home.Solver
	prices := pricesOf(t, contracts[len(contracts)-1])
	for seed := range uint64(2) {
		if seed > 0 && testing.Short() {
			break
		}
		h := randomHome(seed)
		h.Fit()
		own := *h
		own.Battery = &home.Battery{KWh: 10, KW: 5, RoundTripEfficiency: 0.9}
		before, most := 0.0, []float64{0.01, 0.5}[seed]
		for i, mode := range []dispatch.Mode{dispatch.Regular, dispatch.Smart, dispatch.V2G} {
			_, y, err := solver.Year(&own, axis, prices, mode, nil)
			if err != nil {
				t.Fatal(err)
			}
			_, none, err := solver.Year(h, axis, prices, mode, nil)
			if err != nil {
				t.Fatal(err)
			}
			where := fmt.Sprintf("home %d, %s", seed, mode)
			t.Logf("%s: EUR %.2f a year, %.2f without a battery, gap %.4f", where, y.TotalEUR(), none.TotalEUR(), y.GapEUR)
			if y.TotalEUR() > none.TotalEUR() || y.GapEUR > most || y.GapEUR < -1e-6 {
				t.Errorf("%s: EUR %.4f with a battery and %.4f without, gap %.4f", where, y.TotalEUR(), none.TotalEUR(), y.GapEUR)
			}
			if i > 0 && y.TotalEUR() > before+most {
				t.Errorf("%s costs EUR %.4f, and the mode before %.4f", where, y.TotalEUR(), before)
			}
			near(t, where+": what the car took less what it gave, kWh at the battery", y.ChargedKWh*own.Charger.OneWayEfficiency()-y.DischargedKWh/own.Charger.OneWayEfficiency(),
				none.ChargedKWh*own.Charger.OneWayEfficiency()-none.DischargedKWh/own.Charger.OneWayEfficiency(), 1e-3)
			before = y.TotalEUR()
		}
	}
}

// Net metering is settled with a battery as without: where the home's year would end just
// below nothing taken, the mean of two years is within a cent of the bound.
func TestNetMeteringIsSettledWithABattery(t *testing.T) {
	var solver home.Solver
	prices := pricesOf(t, contracts[2])
	h := randomHome(0)
	h.Fit()
	h.Battery = &home.Battery{KWh: 10, KW: 5, RoundTripEfficiency: 0.9}
	_, y, err := solver.Year(h, axis, prices, dispatch.Smart, nil)
	if err != nil {
		t.Fatal(err)
	}
	perStep := (y.NetKWh + 40) / float64(axis.Len()) / series.StepHours // it feeds in some kWh more than it takes
	for i := range h.NetKW {
		h.NetKW[i] -= perStep
	}
	for _, mode := range []dispatch.Mode{dispatch.Smart, dispatch.Regular} {
		if mode == dispatch.Regular && testing.Short() {
			break
		}
		_, y, err := solver.Year(h, axis, prices, mode, nil)
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%s: EUR %.4f, %.4f kWh net at EUR %.4f, gap %.6f", mode, y.TotalEUR(), y.NetKWh, y.NettedEURPerKWh, y.GapEUR)
		if y.GapEUR > 0.01 || y.GapEUR < -1e-6 {
			t.Errorf("%s: EUR %.4f is EUR %.4f above its bound", mode, y.TotalEUR(), y.GapEUR)
		}
		if mode == dispatch.Smart && (math.Abs(y.NetKWh) > 1e-6 || y.NettedEURPerKWh <= 0 || y.NettedEURPerKWh >= prices.NettedEURPerKWh) {
			t.Errorf("%.4f kWh net at EUR %.4f, which does not bind: the test shows nothing", y.NetKWh, y.NettedEURPerKWh)
		}
	}
}
