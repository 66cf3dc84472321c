package potential_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/getij/getij/internal/outlook"
	"github.com/getij/getij/internal/potential"
	"github.com/getij/getij/internal/series"
)

const (
	z95 = 1.6448536269514722
)

// cells makes a table of what a function says.
func cells(value func(month, quarter int) float64) *series.MonthTable {
	t := new(series.MonthTable)
	for m := range t {
		for q := range t[m] {
			t[m][q] = value(m, q)
		}
	}
	return t
}

// spreadKW are the homes' discharges in the cell of the largest mean discharge:
// many do nothing, some much. Mean 2 kW.
var spreadKW = []float64{0, 0, 0, 0, 0.5, 0.5, 1, 1.5, 1.5, 2, 2, 2, 2.5, 2.5, 3, 3, 3.5, 4, 5, 5.5}

// evening is a study in which cars charge from 18:00 as regular, at night when
// smart, and discharge 2 kW in the evenings of January with V2G.
func evening() *potential.Profile {
	in := func(q, from, to int) bool { return q >= 4*from && q < 4*to }
	return &potential.Profile{
		Year: 2024,
		Load: cells(func(m, q int) float64 {
			if in(q, 17, 21) {
				return 0.8 - 0.01*float64(m)
			}
			return 0.3
		}),
		Solar: cells(func(m, q int) float64 {
			if in(q, 11, 15) {
				return 1.3 - 0.1*float64(m)
			}
			return 0
		}),
		Regular: cells(func(_, q int) float64 {
			if in(q, 18, 20) {
				return 1
			}
			return 0.1
		}),
		Smart: cells(func(_, q int) float64 {
			if in(q, 1, 5) {
				return 1.5
			}
			return 0.05
		}),
		V2G: cells(func(m, q int) float64 {
			switch {
			case m == 0 && in(q, 18, 20):
				return -2
			case in(q, 18, 20):
				return -1
			case in(q, 1, 5):
				return 2.5
			}
			return 0
		}),
		AtPeakKW: spreadKW,
		Coincidence: []potential.Group{
			{Homes: 1, P5KW: 10, P50KW: 11, P95KW: 11},
			{Homes: 10, P5KW: 7, P50KW: 8, P95KW: 9},
			{Homes: 100, P5KW: 4.5, P50KW: 5, P95KW: 5.5},
			{Homes: 1000, P5KW: 3.5, P50KW: 3.6, P95KW: 3.7},
		},
	}
}

func model(t testing.TB, p *potential.Profile, s potential.Settings) *potential.Model {
	t.Helper()
	m, err := potential.New(p, s)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// certain is a country's figure that is no assumption.
var certain = potential.Band{P5: 1, P95: 1}

// mean are dwellings that use as much as the mean one.
func mean(dwellings float64) potential.Homes {
	return potential.Homes{Dwellings: dwellings, Equivalents: dwellings}
}

// regionOf is the potential of a region without a known capacity.
func regionOf(m *potential.Model, dwellings, points float64) potential.Region {
	return m.Region(mean(dwellings), points, math.NaN(), certain)
}

func near(t *testing.T, what string, got, want float64) {
	t.Helper()
	if !(math.Abs(got-want) <= 1e-9*max(1, math.Abs(want))) {
		t.Errorf("%s: %.12g, want %.12g", what, got, want)
	}
}

func TestMegawattsArePointsTimesAdoptionTimesPower(t *testing.T) {
	for _, adoption := range []float64{0, 0.25, 0.5, 1} {
		m := model(t, evening(), potential.Settings{Rule: potential.Fixed, KW: 2, Adoption: adoption})
		for _, points := range []float64{0, 1, 750.125, 2_250_000} {
			r := regionOf(m, 3*points, points)
			near(t, "MW", r.MW, points*adoption*2/1000)
			near(t, "kW per point", r.KWPerPoint, 2)
			near(t, "points", r.Points, points)
		}
	}
	// The report's 4.5 GW.
	full := model(t, evening(), potential.Settings{KW: 2, Adoption: 1})
	half := model(t, evening(), potential.Settings{KW: 2, Adoption: 0.5})
	none := model(t, evening(), potential.Settings{KW: 2, Adoption: 0})
	if f, h, n := regionOf(full, 8e6, 2.25e6).MW, regionOf(half, 8e6, 2.25e6).MW, regionOf(none, 8e6, 2.25e6).MW; f != 4500 || h != 2250 || n != 0 {
		t.Errorf("adoption 1, 0.5 and 0 give %g, %g and %g MW, want 4500, 2250 and 0", f, h, n)
	}
}

func TestMegawattsAreLinearInAdoption(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		adoption := rapid.Float64Range(0, 1).Draw(r, "adoption")
		points := rapid.Float64Range(0, 1e6).Draw(r, "points")
		kw := rapid.Float64Range(0, 11).Draw(r, "kW")
		one := regionOf(model(t, evening(), potential.Settings{KW: kw, Adoption: 1}), 0, points)
		some := regionOf(model(t, evening(), potential.Settings{KW: kw, Adoption: adoption}), 0, points)
		if math.Abs(some.MW-adoption*one.MW) > 1e-9 {
			r.Fatalf("%g MW at adoption %g, %g at 1", some.MW, adoption, one.MW)
		}
	})
}

// january is a season of one month: evening() discharges 2 kW for half of the window.
var january = potential.Season{Name: "January", Months: []time.Month{time.January}}

// A computed point counts for what it discharges on the mean evening of the season;
// without a season of the whole year, by days.
func TestComputedPowerIsTheMeanEveningOfTheSeason(t *testing.T) {
	settings := potential.Settings{Rule: potential.Computed, Season: january, Adoption: 1}
	r := regionOf(model(t, evening(), settings), 300, 100)
	near(t, "kW per point", r.KWPerPoint, 1)
	near(t, "MW", r.MW, 0.1)
	mean, days := 0.0, 0.0
	for m, inMonth := range []float64{31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31} {
		for q := range 16 {
			mean -= inMonth * evening().V2G[m][68+q] / 16
		}
		days += inMonth
	}
	r = regionOf(model(t, evening(), potential.Settings{Rule: potential.Computed, Adoption: 1}), 300, 100)
	near(t, "kW per point over the year", r.KWPerPoint, mean/days)
	charging := evening()
	charging.V2G = cells(func(int, int) float64 { return 0.4 })
	r = regionOf(model(t, charging, settings), 300, 100)
	if r.KWPerPoint != 0 || r.MW != 0 {
		t.Errorf("cars that never discharge count for %g kW each, %g MW", r.KWPerPoint, r.MW)
	}
}

// The report's rule counts 2 kW, also where the cars never discharge.
func TestTheReportsRuleKnowsNoContract(t *testing.T) {
	charging := evening()
	charging.V2G = cells(func(int, int) float64 { return 0.4 })
	for _, p := range []*potential.Profile{evening(), charging} {
		near(t, "MW", regionOf(model(t, p, potential.Settings{Rule: potential.Report, Season: january, Adoption: 0.5}), 300, 100).MW, 0.1)
	}
}

// bruteForce is the largest cell of a window, in plain sight.
func bruteForce(p *potential.Profile, car *series.MonthTable, homes potential.Homes, points, sign float64, in func(q int) bool) float64 {
	largest := math.Inf(-1)
	for m := range car {
		for q := range car[m] {
			if in(q) {
				largest = max(largest, sign*(homes.Equivalents*p.Load[m][q]-homes.Dwellings*p.Solar[m][q]+points*car[m][q]))
			}
		}
	}
	return largest
}

func InEvening(q int) bool { return q >= 17*4 && q < 21*4 }
func atNight(q int) bool   { return q >= 21*4 || q < 7*4 }
func anytime(int) bool     { return true }

// Peaks are the largest of all cells for any homes and any number of points;
// values repeat, so that cells tie, and are negative as often as not.
func TestPeaksAreTheLargestCell(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		draw := rand.New(rand.NewPCG(rapid.Uint64().Draw(r, "seed"), 0))
		values := rapid.SampledFrom([]int{1, 2, 5, 1000, 1 << 20}).Draw(r, "different values")
		table := func() *series.MonthTable {
			return cells(func(int, int) float64 { return float64(draw.IntN(values)-values/2) / 64 })
		}
		p := &potential.Profile{Load: table(), Solar: table(), Regular: table(), Smart: table(), V2G: table()}
		adoption := rapid.SampledFrom([]float64{0, 0.3, 1}).Draw(r, "adoption")
		m := model(t, p, potential.Settings{KW: 2, Adoption: adoption})
		mixed := func(mode *series.MonthTable) *series.MonthTable {
			return cells(func(m, q int) float64 { return adoption*mode[m][q] + (1-adoption)*p.Regular[m][q] })
		}
		for range 20 {
			amount := rapid.OneOf(rapid.Just(0.0), rapid.Just(1.0), rapid.Float64Range(0, 1e5))
			homes, points := potential.Homes{Dwellings: amount.Draw(r, "dwellings"), Equivalents: amount.Draw(r, "equivalents")}, amount.Draw(r, "points")
			got := m.Region(homes, points, math.NaN(), certain)
			for what, v := range map[string][2]float64{
				"evening without electric cars": {got.EveningPeakWithout, bruteForce(p, new(series.MonthTable), homes, points, 1, InEvening)},
				"evening, regular":              {got.EveningPeakRegular, bruteForce(p, p.Regular, homes, points, 1, InEvening)},
				"evening, smart":                {got.EveningPeakSmart, bruteForce(p, mixed(p.Smart), homes, points, 1, InEvening)},
				"evening, V2G":                  {got.EveningPeakV2G, bruteForce(p, mixed(p.V2G), homes, points, 1, InEvening)},
				"night, V2G":                    {got.NightPeakV2G, bruteForce(p, mixed(p.V2G), homes, points, 1, atNight)},
				"highest, V2G":                  {got.HighestV2G, bruteForce(p, mixed(p.V2G), homes, points, 1, anytime)},
				"feed-in, V2G":                  {got.FeedIn, max(0, bruteForce(p, mixed(p.V2G), homes, points, -1, anytime))},
				"relief":                        {got.ReliefKW, got.EveningPeakRegular - got.EveningPeakV2G},
			} {
				if size := (homes.Dwellings + homes.Equivalents + points) * float64(values); !(math.Abs(v[0]-v[1]) <= 1e-12*size) {
					r.Fatalf("%s, %+v and %g points: %.12g kW, the largest cell is %.12g", what, homes, points, v[0], v[1])
				}
			}
		}
	})
}

func TestAnEveningInFigures(t *testing.T) {
	r := regionOf(model(t, evening(), potential.Settings{KW: 2, Adoption: 1}), 300, 100)
	near(t, "evening peak without electric cars, January", r.EveningPeakWithout, 300*0.8)
	near(t, "with regular charging", r.EveningPeakRegular, 300*0.8+100*1)
	near(t, "with smart charging", r.EveningPeakSmart, 300*0.8+100*0.05)
	near(t, "with V2G, before 18:00", r.EveningPeakV2G, 300*0.8)
	near(t, "relief", r.ReliefKW, 100)
	near(t, "night peak", r.NightPeakV2G, 300*0.3+100*2.5)
	near(t, "highest of the day", r.HighestV2G, 300*0.3+100*2.5)
	near(t, "feed-in, at noon in January", r.FeedIn, 300*1)
	// More points than homes feed in more in the evening than the sun at noon.
	r = regionOf(model(t, evening(), potential.Settings{KW: 2, Adoption: 1}), 10, 100)
	near(t, "feed-in of 100 points", r.FeedIn, 100*2-10*0.8)
}

// Flats use less than houses: their evening peak is lower by as much. The sun on the
// roofs is that of the dwellings, whatever is used below.
func TestHouseholdUseMovesTheLoadAndNotTheSun(t *testing.T) {
	m := model(t, evening(), potential.Settings{KW: 2, Adoption: 1})
	flats, houses := m.Region(potential.Homes{Dwellings: 300, Equivalents: 210}, 100, math.NaN(), certain), m.Region(potential.Homes{Dwellings: 300, Equivalents: 450}, 100, math.NaN(), certain)
	for what, v := range map[string][2]float64{
		"evening peak of flats":  {flats.EveningPeakWithout, 210 * 0.8},
		"evening peak of houses": {houses.EveningPeakWithout, 450 * 0.8},
		"flats, regular":         {flats.EveningPeakRegular, 210*0.8 + 100},
		"houses, night with V2G": {houses.NightPeakV2G, 450*0.3 + 100*2.5},
		"feed-in of flats":       {flats.FeedIn, 300*1.3 - 210*0.3},
		"feed-in of houses":      {houses.FeedIn, 300*1.3 - 450*0.3},
		"MW":                     {flats.MW, houses.MW},
	} {
		near(t, what, v[0], v[1])
	}
}

// Charge points that do not take part charge as regular.
func TestWithoutAdoptionAllChargeAsRegular(t *testing.T) {
	m := model(t, evening(), potential.Settings{KW: 2, Adoption: 0})
	for _, size := range [][2]float64{{300, 100}, {0, 40}, {7, 0}, {1e6, 123.456}} {
		r := regionOf(m, size[0], size[1])
		if r.EveningPeakSmart != r.EveningPeakRegular || r.EveningPeakV2G != r.EveningPeakRegular || r.ReliefKW != 0 {
			t.Errorf("%v: evening peaks of %g kW regular, %g smart and %g V2G", size, r.EveningPeakRegular, r.EveningPeakSmart, r.EveningPeakV2G)
		}
		near(t, "night peak", r.NightPeakV2G, bruteForce(evening(), evening().Regular, mean(size[0]), size[1], 1, atNight))
		if r.MW != 0 || r.MWP5 != 0 || r.MWP95 != 0 {
			t.Errorf("%v: %g MW, %g to %g", size, r.MW, r.MWP5, r.MWP95)
		}
	}
}

func TestARegionsBandIsOfTheSpreadOfItsHomesToo(t *testing.T) {
	m := model(t, evening(), potential.Settings{KW: 2, Adoption: 1})
	half := func(points float64) float64 {
		r := regionOf(m, 0, points)
		near(t, "middle of the band", (r.MWP5+r.MWP95)/2, r.MW)
		return (r.MWP95 - r.MWP5) / 2
	}
	sd := 0.0
	for _, kw := range spreadKW {
		sd += (kw - 2) * (kw - 2) / float64(len(spreadKW)-1)
	}
	near(t, "half the band of 100 homes", half(100), z95*math.Sqrt(100*sd)/1000)
	near(t, "of 400 homes, twice as wide", half(400), 2*half(100))
	near(t, "of 2.25 million homes", half(2.25e6), 150*half(100))
	// A fixed power of half the study's has half its spread; half the adoption is
	// half the homes.
	fixed := regionOf(model(t, evening(), potential.Settings{KW: 1, Adoption: 1}), 0, 100)
	near(t, "half the band at 1 kW", (fixed.MWP95-fixed.MWP5)/2, half(100)/2)
	some := regionOf(model(t, evening(), potential.Settings{KW: 2, Adoption: 0.25}), 0, 400)
	near(t, "half the band of a quarter of 400", (some.MWP95-some.MWP5)/2, half(100))
}

func TestTheBandHoldsTheValueAndIsNeverBelowZero(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		p := evening()
		p.AtPeakKW = rapid.SliceOfN(rapid.Float64Range(-1, 11), 2, 30).Draw(r, "kW of homes")
		mean := 0.0
		for _, kw := range p.AtPeakKW {
			mean += kw
		}
		s := potential.Settings{
			Rule: rapid.SampledFrom([]potential.Rule{potential.Fixed, potential.Computed, potential.Coincidence, potential.Report}).Draw(r, "rule"),
			KW:   rapid.Float64Range(0, 11).Draw(r, "kW"), Adoption: rapid.Float64Range(0, 1).Draw(r, "adoption"),
		}
		v := regionOf(model(t, p, s), 10, rapid.Float64Range(0, 5000).Draw(r, "points"))
		if s.Rule != potential.Coincidence && mean <= 0 {
			if !math.IsNaN(v.MWP5) || !math.IsNaN(v.MWP95) {
				r.Fatalf("homes that do not discharge on the whole have a band of %g to %g MW", v.MWP5, v.MWP95)
			}
			return
		}
		if !(0 <= v.MWP5 && v.MWP5 <= v.MW && v.MW <= v.MWP95) {
			r.Fatalf("%g MW has a band of %g to %g", v.MW, v.MWP5, v.MWP95)
		}
	})
	few := regionOf(model(t, evening(), potential.Settings{KW: 2, Adoption: 1}), 0, 1)
	if few.MWP5 != 0 || few.MW != 0.002 || few.MWP95 < 0.004 {
		t.Errorf("one home: %g MW, %g to %g", few.MW, few.MWP5, few.MWP95)
	}
}

func TestHomesThatAreAllAlikeHaveNoBand(t *testing.T) {
	p := evening()
	p.AtPeakKW = []float64{2, 2, 2, 2}
	r := regionOf(model(t, p, potential.Settings{KW: 2, Adoption: 1}), 0, 250)
	if r.MWP5 != r.MW || r.MWP95 != r.MW {
		t.Errorf("%g MW has a band of %g to %g", r.MW, r.MWP5, r.MWP95)
	}
	p.AtPeakKW = []float64{2} // of one home the spread is unknown, not zero
	r = regionOf(model(t, p, potential.Settings{KW: 2, Adoption: 1}), 0, 250)
	if !math.IsNaN(r.MWP5) || !math.IsNaN(r.MWP95) || r.MW != 0.5 {
		t.Errorf("%g MW has a band of %g to %g", r.MW, r.MWP5, r.MWP95)
	}
}

// The band against groups drawn from the homes: the sums' 5th and 95th
// percentiles.
func TestTheBandIsThatOfDrawnGroups(t *testing.T) {
	m := model(t, evening(), potential.Settings{KW: 2, Adoption: 1})
	draw := rand.New(rand.NewPCG(1, 2))
	for _, n := range []int{30, 300, 3000} {
		sums := make([]float64, 4000)
		for i := range sums {
			for range n {
				sums[i] += spreadKW[draw.IntN(len(spreadKW))] / 1000
			}
		}
		slices.Sort(sums)
		r := regionOf(m, 0, float64(n))
		width := r.MWP95 - r.MWP5
		if p5, p95 := sums[len(sums)/20], sums[len(sums)*19/20]; math.Abs(r.MWP5-p5) > 0.06*width || math.Abs(r.MWP95-p95) > 0.06*width {
			t.Errorf("%d homes: the band is %.4f to %.4f MW, drawn groups have %.4f to %.4f", n, r.MWP5, r.MWP95, p5, p95)
		}
	}
}

func TestCoincidenceIsInterpolatedByTheLogarithmOfTheGroup(t *testing.T) {
	m := model(t, evening(), potential.Settings{Rule: potential.Coincidence, Adoption: 1})
	for _, c := range []struct{ points, p5, p50, p95 float64 }{
		{0, 10, 11, 11}, // level below the smallest group
		{0.5, 10, 11, 11},
		{1, 10, 11, 11},
		{math.Sqrt(10), 8.5, 9.5, 10}, // halfway by the logarithm
		{10, 7, 8, 9},
		{math.Sqrt(1000), 5.75, 6.5, 7.25},
		{100, 4.5, 5, 5.5},
		{1000, 3.5, 3.6, 3.7},
		{2_250_000, 3.5, 3.6, 3.7}, // and beyond the largest
	} {
		r := regionOf(m, 0, c.points)
		near(t, fmt.Sprintf("kW per point of %g", c.points), r.KWPerPoint, c.p50)
		near(t, "MW", r.MW, c.points*c.p50/1000)
		near(t, "MW, p5", r.MWP5, c.points*c.p5/1000)
		near(t, "MW, p95", r.MWP95, c.points*c.p95/1000)
	}
	// Half the points of a group of twice the size take part.
	half := regionOf(model(t, evening(), potential.Settings{Rule: potential.Coincidence, Adoption: 0.5}), 0, 200)
	near(t, "kW per point of half of 200", half.KWPerPoint, 5)
	near(t, "MW of half of 200", half.MW, 0.5)
}

// What the study did not compute is unknown, not zero.
func TestModesThatWereNotComputedAreUnknown(t *testing.T) {
	all := func(p *potential.Profile, adoption float64) potential.Region {
		return model(t, p, potential.Settings{KW: 2, Adoption: adoption}).Region(mean(300), 100, 1000, certain)
	}
	known := func(values ...float64) (out string) {
		for _, v := range values {
			if math.IsNaN(v) {
				out += "-"
			} else {
				out += "x"
			}
		}
		return out
	}
	for _, c := range []struct {
		name     string
		drop     func(p *potential.Profile)
		adoption float64
		// without, regular, smart, V2G; night; relief; highest, feed-in; both shares; band
		want string
	}{
		{"all", func(*potential.Profile) {}, 1, "xxxx x x xx xx xx"},
		{"no smart", func(p *potential.Profile) { p.Smart = nil }, 1, "xx-x x x xx xx xx"},
		{"no V2G", func(p *potential.Profile) { p.V2G, p.AtPeakKW = nil, nil }, 1, "xxx- - - -- -- --"},
		{"no regular", func(p *potential.Profile) { p.Regular = nil }, 1, "x-xx x - xx xx xx"},
		{"no regular, for those who do not take part", func(p *potential.Profile) { p.Regular = nil }, 0.5, "x--- - - -- -- xx"},
	} {
		p := evening()
		c.drop(p)
		r := all(p, c.adoption)
		got := known(r.EveningPeakWithout, r.EveningPeakRegular, r.EveningPeakSmart, r.EveningPeakV2G) + " " + known(r.NightPeakV2G) + " " + known(r.ReliefKW) +
			" " + known(r.HighestV2G, r.FeedIn) + " " + known(r.CapacityShareImport, r.CapacityShareFeedIn) + " " + known(r.MWP5, r.MWP95)
		if got != c.want {
			t.Errorf("%s: known are %s, want %s", c.name, got, c.want)
		}
		near(t, "MW without a profile, "+c.name, r.MW, 100*c.adoption*2/1000)
	}
}

// The report's yardstick: a substation of 630 kVA.
func TestSharesOfACapacity(t *testing.T) {
	m := model(t, evening(), potential.Settings{KW: 2, Adoption: 1})
	r := m.Region(mean(300), 100, 630, certain)
	near(t, "share of the capacity at night", r.CapacityShareImport, 340.0/630)
	near(t, "share of the capacity feeding in", r.CapacityShareFeedIn, 300.0/630)
	near(t, "capacity", r.CapacityKW, 630)
	if r = regionOf(m, 300, 100); !math.IsNaN(r.CapacityShareImport) || !math.IsNaN(r.CapacityShareFeedIn) {
		t.Errorf("an unknown capacity is used for %g and %g", r.CapacityShareImport, r.CapacityShareFeedIn)
	}
}

func TestAYearIsItsRegionsInOrder(t *testing.T) {
	m := model(t, evening(), potential.Settings{KW: 2, Adoption: 0.5})
	y := &outlook.Year{PointsByRegion: []float64{130, 100, 30}}
	homes, capacity := []potential.Homes{{Dwellings: 400, Equivalents: 380}, {Dwellings: 300, Equivalents: 240}, {Dwellings: 100, Equivalents: 140}}, []float64{math.NaN(), 630, 250}
	got := m.Year([]potential.Region{{Points: 42}}, y, homes, capacity, certain, nil)
	if len(got) != 4 || got[0].Points != 42 {
		t.Fatalf("%d regions, the first %+v: want the caller's own kept and three more", len(got), got[0])
	}
	for i := range homes {
		if a, b := fmt.Sprintf("%+v", got[i+1]), fmt.Sprintf("%+v", m.Region(homes[i], y.PointsByRegion[i], capacity[i], certain)); a != b {
			t.Errorf("region %d is %s in the year, %s by itself", i, a, b)
		}
	}
	if sum := got[2].MW + got[3].MW; sum != got[1].MW {
		t.Errorf("the parts have %g MW, the whole %g", sum, got[1].MW)
	}
	for _, r := range m.Year(nil, y, homes, nil, certain, []float64{0.1, 0.2, 0.3}) {
		if !math.IsNaN(r.CapacityKW) {
			t.Errorf("a region has a capacity of %g kW, none was given", r.CapacityKW)
		}
		if r.MWP95 <= r.MW {
			t.Errorf("a region that may lie off the country has a band of %g to %g MW around %g", r.MWP5, r.MWP95, r.MW)
		}
	}
}

func TestWrongSettingsAreErrors(t *testing.T) {
	for _, c := range []struct {
		profile  func(p *potential.Profile)
		settings potential.Settings
		want     string
	}{
		{nil, potential.Settings{KW: 2, Adoption: 1.01}, "adoption is 1.01: a share from 0 to 1 was expected"},
		{nil, potential.Settings{KW: 2, Adoption: -0.1}, "adoption is -0.1: a share from 0 to 1 was expected"},
		{nil, potential.Settings{KW: 2, Adoption: math.NaN()}, "adoption is NaN: a share from 0 to 1 was expected"},
		{nil, potential.Settings{KW: -2, Adoption: 1}, "the power per charge point is -2 kW: 0 or more was expected"},
		{nil, potential.Settings{KW: math.NaN(), Adoption: 1}, "the power per charge point is NaN kW: 0 or more was expected"},
		{func(p *potential.Profile) { p.Coincidence = nil }, potential.Settings{Rule: potential.Coincidence, Adoption: 1}, "the power per charge point is to be taken from the coincidence curve, which needs the mode v2g: add it to the study's modes, or give a number of kW"},
		{nil, potential.Settings{Rule: 7, Adoption: 1}, "rule 7 for the power per charge point is unknown"},
	} {
		p := evening()
		if c.profile != nil {
			c.profile(p)
		}
		if _, err := potential.New(p, c.settings); err == nil || err.Error() != c.want {
			t.Errorf("got %v, want %s", err, c.want)
		}
	}
}
