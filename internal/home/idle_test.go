package home_test

import (
	"math/rand/v2"
	"testing"

	"github.com/getij/getij/dispatch"
	"github.com/getij/getij/internal/home"
)

// Power that a charger loses whenever it is on costs: more than at one efficiency, never less
// than the bound, and the bound of a freer way to charge is never higher.
func TestALossAtAnyPowerIsPaidAndBounded(t *testing.T) {
	r := rand.New(rand.NewPCG(21, 22))
	var solver home.Solver
	open, net, sum := 0.0, map[string]int{}, 0.0
	for i := range 60 {
		y := randomSmallYear(r)
		y.prices.PowerEURPerKWMonth, y.prices.Bands, y.prices.FeedInTiers = 0, nil, nil
		for step := range y.prices.ImportEURPerKWh { // losing energy must not pay
			for _, p := range [][]float64{y.prices.ImportEURPerKWh, y.prices.ExportEURPerKWh, y.prices.StorageExportEURPerKWh} {
				p[step] = max(p[step], y.prices.NettedEURPerKWh)
			}
		}
		y.home.ConnectionKW = 40
		c := &y.home.Charger
		loss := (1 - c.OneWayEfficiency()) * min(c.ChargeKW, c.DischargeKW) * r.Float64()
		before := 0.0
		for k, mode := range []dispatch.Mode{dispatch.Smart, dispatch.V2H, dispatch.V2G} {
			c.IdleLossKW = 0
			_, flat, err := solver.Year(y.home, y.axis, y.prices, mode, nil)
			if err != nil {
				t.Fatal(err)
			}
			c.IdleLossKW = loss
			power, got, err := solver.Year(y.home, y.axis, y.prices, mode, nil)
			if err != nil {
				t.Fatalf("year %d, %s: %v", i, mode, err)
			}
			bound := got.TotalEUR() - got.GapEUR
			if got.GapEUR < -1e-9 || bound < flat.TotalEUR()-1e-9 {
				t.Errorf("year %d, %s: EUR %.9f, at least %.9f; at one efficiency %.9f", i, mode, got.TotalEUR(), bound, flat.TotalEUR())
			}
			if k > 0 && bound > before+1e-9 && y.prices.NettedEURPerKWh == 0 {
				t.Errorf("year %d: %s is bound by EUR %.9f, and a way with less freedom by %.9f", i, mode, bound, before)
			}
			before = bound
			open += got.GapEUR
			sum += got.TotalEUR()
			if y.prices.NettedEURPerKWh > 0 {
				if flat.NetKWh < 0 {
					net["feeds in more"]++
				}
				cost, kwh := yearCost(y.home, carPower(y.home, power)[:len(y.home.NetKW)], y.prices)
				near(t, "cost from the meter", cost, got.CostEUR, 1e-9)
				near(t, "taken less fed in", kwh, got.NetKWh, 1e-9)
			}
		}
	}
	t.Logf("EUR %.3f of %.1f left open, net metering: %v", open, sum, net)
	if net["feeds in more"] == 0 {
		t.Error("no home feeds in more than it takes: the test lost its strength")
	}
}

func TestRegularChargingPaysTheLossToo(t *testing.T) {
	h := randomHome(3)
	h.ConnectionKW, h.Charger = 60, home.Charger{ChargeKW: 11, DischargeKW: 11, RoundTripEfficiency: 0.85}
	h.Fit()
	p := pricesOf(t, contracts[0])
	var solver home.Solver
	_, flat, err := solver.Year(h, axis, p, dispatch.Regular, nil)
	if err != nil {
		t.Fatal(err)
	}
	h.Charger.IdleLossKW = 0.2
	h.Fit()
	_, got, err := solver.Year(h, axis, p, dispatch.Regular, nil)
	if err != nil {
		t.Fatal(err)
	}
	// At full power the efficiency is the same: only a session's last quarter-hour is below.
	more := got.ChargedKWh - flat.ChargedKWh
	if most := float64(len(h.Sessions)) * 0.25 * 0.2 / h.Charger.OneWayEfficiency(); more <= 0 || more > most || got.GapEUR != 0 {
		t.Errorf("%.3f kWh more is charged, more than 0 and at most %.3f were expected", more, most)
	}
}
