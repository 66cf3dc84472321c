package potential_test

import (
	"math"
	"testing"

	"github.com/getij/getij/internal/potential"
	"github.com/getij/getij/internal/series"
)

// table fills every cell by month (0 for January) and quarter of the day.
func table(value func(month, quarter int) float64) *series.MonthTable {
	t := new(series.MonthTable)
	for m := range t {
		for q := range t[m] {
			t[m][q] = value(m, q)
		}
	}
	return t
}

// A winter peak is compared with what is fed in in winter, and the night that
// pays for it is told.
func TestASeasonIsJudgedByItself(t *testing.T) {
	winter := func(m int) bool { return m < 2 || m > 9 }
	p := &potential.Profile{
		Base: table(func(m, q int) float64 {
			if winter(m) && inEvening(q) {
				return 1
			}
			return 0.4
		}),
		Regular: table(func(_, q int) float64 {
			if inEvening(q) {
				return 0.8
			}
			return 0.1
		}),
	}
	v2g := table(func(m, q int) float64 {
		switch {
		case inEvening(q) && winter(m):
			return -0.5
		case inEvening(q):
			return -2
		case q < 8: // the night
			return 3
		}
		return 0
	})
	const dwellings, points = 1000, 200
	want := map[string]potential.Seasonal{
		potential.Winter: {EveningMeanKW: -0.5, LargestDischargeKW: 0.5, EveningMW: 0.1, LargestMW: 0.1, EveningPeakWithoutMW: 1, EveningPeakRegularMW: 1.16, EveningPeakMW: 0.9, NightPeakMW: 1},
		potential.Summer: {EveningMeanKW: -2, LargestDischargeKW: 2, EveningMW: 0.4, LargestMW: 0.4, EveningPeakWithoutMW: 0.4, EveningPeakRegularMW: 0.56, EveningPeakMW: 0, NightPeakMW: 1},
		potential.WholeYear: {
			EveningMeanKW: -(121*0.5 + 245*2) / 366, LargestDischargeKW: 2, EveningMW: 0.2 * (121*0.5 + 245*2) / 366, LargestMW: 0.4,
			EveningPeakWithoutMW: 1, EveningPeakRegularMW: 1.16, EveningPeakMW: 0.9, NightPeakMW: 1,
		},
	}
	for _, s := range potential.Seasons() {
		got, w := p.Seasonal(2024, s, v2g, dwellings, points, 1), want[s.Name]
		for _, f := range []struct {
			what      string
			got, want float64
		}{
			{"evening mean, kW", got.EveningMeanKW, w.EveningMeanKW},
			{"largest feed-in, kW", got.LargestDischargeKW, w.LargestDischargeKW},
			{"evening, MW", got.EveningMW, w.EveningMW},
			{"largest, MW", got.LargestMW, w.LargestMW},
			{"evening peak without cars, MW", got.EveningPeakWithoutMW, w.EveningPeakWithoutMW},
			{"evening peak regular, MW", got.EveningPeakRegularMW, w.EveningPeakRegularMW},
			{"evening peak, MW", got.EveningPeakMW, w.EveningPeakMW},
			{"night peak, MW", got.NightPeakMW, w.NightPeakMW},
		} {
			if math.Abs(f.got-f.want) > 1e-12 {
				t.Errorf("%s: %s is %.6f, want %.6f", s.Name, f.what, f.got, f.want)
			}
		}
	}
}

// Who does not take part charges as regular; nobody taking part feeds in nothing.
func TestASeasonFollowsAdoption(t *testing.T) {
	p := &potential.Profile{Base: table(func(int, int) float64 { return 0.5 }), Regular: table(func(int, int) float64 { return 1 })}
	v2g := table(func(int, int) float64 { return -2 })
	for adoption, want := range map[float64][2]float64{0: {0, 0.7}, 0.5: {0.2, 0.4}, 1: {0.4, 0.1}} {
		got := p.Seasonal(2023, potential.Seasons()[1], v2g, 1000, 200, adoption)
		if math.Abs(got.EveningMW-want[0]) > 1e-12 || math.Abs(got.EveningPeakMW-want[1]) > 1e-12 {
			t.Errorf("adoption %g: %.3f MW fed in, evening peak %.3f, want %v", adoption, got.EveningMW, got.EveningPeakMW, want)
		}
	}
	without := &potential.Profile{Base: p.Base}
	if got := without.Seasonal(2023, potential.Seasons()[0], v2g, 1000, 200, 1); !math.IsNaN(got.EveningPeakRegularMW) || math.IsNaN(got.EveningPeakMW) {
		t.Errorf("without regular charging: %+v", got)
	}
}
