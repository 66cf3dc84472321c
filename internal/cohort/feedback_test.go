package cohort_test

import (
	"math"
	"testing"

	"github.com/getij/getij/dispatch"
	"github.com/getij/getij/internal/cohort"
	"github.com/getij/getij/internal/home"
	"github.com/getij/getij/internal/series"
	"github.com/getij/getij/internal/session"
	"github.com/getij/getij/internal/tariff"
)

// Two quarter-hours, the first EUR 0.20 dearer: regular charging takes all in the first.
// Where both cost the same in the end, 0.30 - k x = 0.10 + k x for a power x in the second.
func TestCarsShareTwoQuarterHoursUntilBothCostTheSame(t *testing.T) {
	axis := &series.Axis{Year: 2024, Clock: []series.Clock{{Month: 1, QuarterOfDay: 68}, {Month: 1, QuarterOfDay: 69}}}
	var homes []*home.Home
	for range 3 {
		h := &home.Home{
			NetKW: []float64{0, 0}, ConnectionKW: 20,
			Car:      home.Car{BatteryKWh: 50, DepartureSoC: 0.9},
			Charger:  home.Charger{ChargeKW: 11, RoundTripEfficiency: 1},
			Sessions: []session.Session{{Arrive: 0, Depart: 2, EnergyKWh: 2}},
		}
		h.Fit()
		homes = append(homes, h)
	}
	for _, x := range []struct{ slope, want float64 }{{0.02, 5}, {0.05, 2}, {0.001, 8}} {
		e, err := cohort.Settle(t.Context(), &cohort.Input{Axis: axis, Homes: homes}, &cohort.Feedback{
			Mode: dispatch.Smart, EURPerKWhPerKW: x.slope, StopEUR: 1e-9,
			Prices: func(more []float64) (*tariff.Prices, error) {
				p := &tariff.Prices{ImportEURPerKWh: []float64{0.30 + x.slope*more[0], 0.10 + x.slope*more[1]}}
				p.ExportEURPerKWh = p.ImportEURPerKWh
				p.StorageExportEURPerKWh = p.ExportEURPerKWh
				return p, nil
			},
		})
		if err != nil {
			t.Fatal(err)
		}
		if math.Abs(e.MoreKW[1]-x.want) > 1e-3 || math.Abs(e.MoreKW[0]+x.want) > 1e-3 {
			t.Errorf("at a slope of %g: %.4f kW more in the second, expected %.4f", x.slope, e.MoreKW[1], x.want)
		}
		if gap := e.Prices.ImportEURPerKWh[0] - e.Prices.ImportEURPerKWh[1]; x.want < 8 && math.Abs(gap) > 1e-4 {
			t.Errorf("at a slope of %g the first is EUR %.6f dearer", x.slope, gap)
		}
	}
}
