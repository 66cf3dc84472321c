package home_test

import (
	"fmt"
	"testing"

	"github.com/getij/getij/dispatch"
	"github.com/getij/getij/internal/home"
)

// A year by its totals is the year: what a home does without its car is remembered for homes
// and contracts that share it, and for no others.
func TestTotalsAreThoseOfTheWholeYear(t *testing.T) {
	totals := home.Solver{TotalsOnly: true} // one for all, so that nothing may be left of the home before
	var whole home.Solver
	homes := []*home.Home{randomHome(0), randomHome(1), randomHome(2)}
	homes[1].NetKW = homes[0].NetKW
	for t, sun := range year.SolarFraction { // it feeds in more than it takes
		homes[2].NetKW[t] -= 10 * sun
	}
	feeders := 0
	for _, h := range homes {
		h.Fit()
	}
	for _, contract := range contracts {
		prices := pricesOf(t, contract)
		powers := *prices
		powers.PowerEURPerKWMonth = 3
		for i, h := range homes {
			for _, mode := range []dispatch.Mode{dispatch.Regular, dispatch.V2G} {
				where := fmt.Sprintf("home %d, %s, %s: ", i, contract.Name, mode)
				wantKW, want, err := whole.Year(h, axis, prices, mode, nil)
				if err != nil {
					t.Fatal(where, err)
				}
				gotKW, got, err := totals.Year(h, axis, prices, mode, nil)
				if err != nil {
					t.Fatal(where, err)
				}
				near(t, where+"cost, EUR", got.TotalEUR(), want.TotalEUR(), 1e-8)
				near(t, where+"charged, kWh", got.ChargedKWh, want.ChargedKWh, 1e-8)
				near(t, where+"discharged, kWh", got.DischargedKWh, want.DischargedKWh, 1e-8)
				near(t, where+"fed in, kWh", got.FedInKWh, want.FedInKWh, 1e-8)
				near(t, where+"own solar power, kWh", got.OwnSolarKWh, want.OwnSolarKWh, 1e-8)
				near(t, where+"taken less fed in, kWh", got.NetKWh, want.NetKWh, 1e-8)
				if want.NetKWh < 1e-6 {
					feeders++
				}
				for k := range wantKW {
					if d := gotKW[k] - wantKW[k]; d > 1e-8 || d < -1e-8 {
						t.Fatalf("%sstep %d: %g kW, want %g", where, k, gotKW[k], wantKW[k])
					}
				}
			}
		}
		if _, y, err := totals.Year(homes[0], axis, &powers, dispatch.Regular, nil); err != nil || y.HighestKW == 0 {
			t.Errorf("%s: a highest power of %g kW where it has a price, %v", contract.Name, y.HighestKW, err)
		}
	}
	if feeders == 0 {
		t.Error("no home's net metering binds: the test lost its strength")
	}
}
