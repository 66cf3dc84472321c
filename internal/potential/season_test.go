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
		Year:  2024,
		Solar: new(series.MonthTable),
		Load: table(func(m, q int) float64 {
			if winter(m) && InEvening(q) {
				return 1
			}
			return 0.4
		}),
		Regular: table(func(_, q int) float64 {
			if InEvening(q) {
				return 0.8
			}
			return 0.1
		}),
	}
	v2g := table(func(m, q int) float64 {
		switch {
		case InEvening(q) && winter(m):
			return -0.5
		case InEvening(q):
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
		got, w := p.Way(s, v2g, nil, 1).Of(mean(dwellings), points), want[s.Name]
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
	p := &potential.Profile{Year: 2023, Load: table(func(int, int) float64 { return 0.5 }), Solar: new(series.MonthTable), Regular: table(func(int, int) float64 { return 1 })}
	v2g := table(func(int, int) float64 { return -2 })
	for adoption, want := range map[float64][2]float64{0: {0, 0.7}, 0.5: {0.2, 0.4}, 1: {0.4, 0.1}} {
		got := p.Way(potential.Seasons()[1], v2g, nil, adoption).Of(mean(1000), 200)
		if math.Abs(got.EveningMW-want[0]) > 1e-12 || math.Abs(got.EveningPeakMW-want[1]) > 1e-12 {
			t.Errorf("adoption %g: %.3f MW fed in, evening peak %.3f, want %v", adoption, got.EveningMW, got.EveningPeakMW, want)
		}
	}
	without := &potential.Profile{Load: p.Load, Solar: p.Solar}
	if got := without.Way(potential.Seasons()[0], v2g, nil, 1).Of(mean(1000), 200); !math.IsNaN(got.EveningPeakRegularMW) || math.IsNaN(got.EveningPeakMW) {
		t.Errorf("without regular charging: %+v", got)
	}
}

// A group of cars feeds in more at once than its mean evening: by its size, whatever
// the region's dwellings.
func TestWhatAGroupFeedsInAtOnceFollowsItsSize(t *testing.T) {
	p := &potential.Profile{Year: 2024, Load: table(func(int, int) float64 { return 0.5 }), Solar: new(series.MonthTable), Regular: table(func(int, int) float64 { return 1 })}
	v2g := table(func(int, int) float64 { return -1 })
	groups := []potential.Group{{Homes: 1, P5KW: 8, P50KW: 10, P95KW: 11}, {Homes: 100, P5KW: 3, P50KW: 4, P95KW: 5}}
	w := p.Way(potential.Seasons()[1], v2g, groups, 0.5)
	if w.LargestGroup() != 100 {
		t.Errorf("the largest group has %g", w.LargestGroup())
	}
	for _, c := range []struct{ points, mw, p5, p95, evening float64 }{
		{2, 0.010, 0.008, 0.011, 0.001}, // one car takes part
		{20, 0.070, 0.055, 0.080, 0.010},
		{20000, 40, 30, 50, 10},
	} {
		got := w.Of(mean(30), c.points)
		for _, f := range [][2]float64{{got.AtOnceMW, c.mw}, {got.AtOnceMWP5, c.p5}, {got.AtOnceMWP95, c.p95}, {got.EveningMW, c.evening}} {
			if math.Abs(f[0]-f[1]) > 1e-9 {
				t.Errorf("%g points: %+v, want %+v", c.points, got, c)
			}
		}
	}
	if none := p.Way(potential.Seasons()[1], v2g, nil, 1).Of(mean(30), 20); !math.IsNaN(none.AtOnceMW) {
		t.Errorf("without a curve %g MW at once", none.AtOnceMW)
	}
}
