package home_test

import (
	"testing"

	"github.com/getij/getij/dispatch"
	"github.com/getij/getij/internal/home"
)

// Wear is weighed: the year costs no more than going on as without it, no less than
// that year itself, and less is discharged.
func TestWearIsWeighed(t *testing.T) {
	const wear = 0.05
	var solver home.Solver
	for i := range uint64(4) {
		h := randomHome(i)
		h.Fit()
		for _, c := range contracts {
			p := pricesOf(t, c)
			_, free, err := solver.Year(h, axis, p, dispatch.V2G, nil)
			if err != nil {
				t.Fatal(err)
			}
			worn := *h
			worn.Car.WearEURPerKWh = wear
			_, y, err := solver.Year(&worn, axis, p, dispatch.V2G, nil)
			if err != nil {
				t.Fatal(err)
			}
			near(t, "wear, EUR", y.WearEUR, wear*y.DischargedKWh, 1e-9)
			near(t, "full cycles", y.FullCycles*h.Car.BatteryKWh*h.Charger.OneWayEfficiency(), y.DischargedKWh, 1e-6)
			if asBefore := free.CostEUR + wear*free.DischargedKWh; y.TotalEUR() > asBefore+1e-6 || y.CostEUR < free.CostEUR-1e-6 || y.DischargedKWh > free.DischargedKWh+1e-6 {
				t.Errorf("home %d, %s: EUR %.6f and %.6f of wear for %.3f kWh; without wear EUR %.6f for %.3f kWh", i, c.Name, y.CostEUR, y.WearEUR, y.DischargedKWh, free.CostEUR, free.DischargedKWh)
			}
		}
	}
}
