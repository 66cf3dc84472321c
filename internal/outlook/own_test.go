package outlook_test

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/getij/getij/internal/outlook"
	"github.com/getij/getij/internal/region"
)

// withOwn is the forecast of the built-in buurten with a user's own.
func withOwn(t testing.TB, points map[string]map[int]float64) *outlook.Forecast {
	t.Helper()
	model := byBuurt(t)
	figures := make([]outlook.Figures, model.Set.Len())
	for i := range figures {
		figures[i] = outlook.Unknown()
	}
	for _, b := range nederland(t).Buurten {
		figures[at(t, model, b.Code)] = figuresOf(b.Counts)
	}
	f, err := outlook.New(model.Set, figures, nederland(t).national, &report, &outlook.Own{Points: points})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestAnOwnForecastIsHitInItsYears(t *testing.T) {
	model := byBuurt(t)
	own := map[string]map[int]float64{
		"GM0344":     {2030: 12345.678, 2050: 60000},
		"PV29":       {2030: 10000.001},
		"XW001402":   {2030: 0},
		"XB00140101": {2030: 0.001},
	}
	f := withOwn(t, own)
	for _, scenario := range outlook.Scenarios() {
		y := yearOf(t, f, 2030, scenario)
		for code, years := range own {
			if got := y.PointsByRegion[at(t, f, code)]; got != years[2030] {
				t.Errorf("%s: %.3f points in %s, want %.3f", scenario, got, code, years[2030])
			}
		}
		yearSumsAgree(t, f, y)
		// The rest of the country is the model's.
		for _, code := range []string{"GM0363", "PV27", "XW001403"} {
			if got, want := y.PointsByRegion[at(t, f, code)], yearOf(t, model, 2030, scenario).PointsByRegion[at(t, f, code)]; got != want {
				t.Errorf("%s: %.3f points in %s, the model has %.3f", scenario, got, code, want)
			}
		}
	}
	if got := yearOf(t, f, 2050, "low").PointsByRegion[at(t, f, "GM0344")]; got != 60000 {
		t.Errorf("%.3f points in Utrecht in 2050, want 60,000", got)
	}
}

// A national forecast over 13,934 buurten loses nothing to their rounding.
func TestAnOwnForecastOfTheCountryIsHitToTheLastThousandth(t *testing.T) {
	f := withOwn(t, map[string]map[int]float64{"NL00": {2025: 300000, 2040: 1_234_567.891}})
	for year, want := range map[int]float64{2025: 300000, 2040: 1_234_567.891} {
		y := yearOf(t, f, year, "mid")
		if got := y.PointsByRegion[0]; got != want {
			t.Errorf("%d: %.3f points, want %.3f", year, got, want)
		}
		yearSumsAgree(t, f, y)
	}
}

// The total is the user's; which buurt and how many for vans follows the model.
func TestAnOwnForecastIsSpreadAsTheModelIs(t *testing.T) {
	const want = 90000
	f, model := withOwn(t, map[string]map[int]float64{"GM0344": {2040: want}}), byBuurt(t)
	y, m := yearOf(t, f, 2040, "mid"), yearOf(t, model, 2040, "mid")
	utrecht := at(t, f, "GM0344")
	factor := want / m.PointsByRegion[utrecht]
	if factor < 1.5 {
		t.Fatalf("the model has %.0f points in Utrecht: this test shows nothing", m.PointsByRegion[utrecht])
	}
	leaves := 0
	for i := range f.Set.Len() {
		if f.Set.At(i).Level != region.Buurt || region.GemeenteCode(f.Set.At(i).Code) != "GM0344" {
			continue
		}
		leaves++
		near(t, "for cars in "+f.Set.At(i).Code, y.PointsCarsByRegion[i], factor*m.PointsCarsByRegion[i], 0.0005*factor+0.001)
		near(t, "for vans in "+f.Set.At(i).Code, y.PointsVansByRegion[i], factor*m.PointsVansByRegion[i], 0.0005*factor+0.001)
		if y.CarsByRegion[i] != m.CarsByRegion[i] {
			t.Errorf("%s: the cars changed", f.Set.At(i).Code)
		}
	}
	if leaves < 20 {
		t.Fatalf("Utrecht has %d buurten", leaves)
	}
}

func TestAnOwnForecastIsInterpolatedBetweenItsYears(t *testing.T) {
	f := withOwn(t, map[string]map[int]float64{"GM0344": {2030: 10000, 2040: 30000, 2045: 20000}})
	i := at(t, f, "GM0344")
	for year, want := range map[int]float64{2030: 10000, 2031: 12000, 2035: 20000, 2039: 28000, 2040: 30000, 2042: 26000, 2045: 20000} {
		for _, scenario := range outlook.Scenarios() {
			if got := yearOf(t, f, year, scenario).PointsByRegion[i]; got != want {
				t.Errorf("%d, %s: %.3f points, want %.3f", year, scenario, got, want)
			}
		}
	}
}

// Before its first and after its last year a forecast keeps the model's course,
// at its own level.
func TestAnOwnForecastKeepsTheModelsCourseOutsideItsYears(t *testing.T) {
	model, own := byBuurt(t), map[int]float64{2030: 10000, 2040: 30000}
	f := withOwn(t, map[string]map[int]float64{"GM0344": own})
	i := at(t, f, "GM0344")
	for _, scenario := range outlook.Scenarios() {
		course := func(year int) float64 { return yearOf(t, model, year, scenario).PointsByRegion[i] }
		for year, nearest := range map[int]int{2025: 2030, 2029: 2030, 2041: 2040, 2050: 2040} {
			want := own[nearest] * course(year) / course(nearest)
			// The model's own figures are sums of 119 rounded buurten.
			share(t, fmt.Sprintf("points in %d, %s", year, scenario), yearOf(t, f, year, scenario).PointsByRegion[i], want, 2e-5)
		}
	}
}

// One year is enough, also one outside the outlook.
func TestAnOwnForecastOfOneYearSetsTheLevel(t *testing.T) {
	model := byBuurt(t)
	i := at(t, model, "GM0344")
	for year, given := range map[int]float64{2024: 2000, 2060: 30000} {
		f := withOwn(t, map[string]map[int]float64{"GM0344": {year: given}})
		then := yearOf(t, model, min(year, outlook.LastYear), "mid").PointsByRegion[i]
		for _, in := range []int{2025, 2050} {
			want := given * yearOf(t, model, in, "mid").PointsByRegion[i] / then
			share(t, fmt.Sprintf("points in %d by one figure of %d", in, year), yearOf(t, f, in, "mid").PointsByRegion[i], want, 1e-4)
		}
	}
}

// Where the model has no points at all there is nothing to share out by: parts
// get the same.
func TestAnOwnForecastOfARegionWithoutDriveways(t *testing.T) {
	flats := known(func(f *outlook.Figures) { f.Dwellings, f.WithDriveway, f.Cars, f.Vans = 100, 0, 30, 3 })
	own := &outlook.Own{Points: map[string]map[int]float64{"GM0344": {2030: 10}}}
	f := forecast(t, own, cbs("BU03440101", flats), cbs("BU03440102", flats), cbs("BU03440103", flats))
	for _, year := range []int{2025, 2030, 2050} {
		y := yearOf(t, f, year, "mid")
		if got := fmt.Sprint(y.PointsByRegion[at(t, f, "BU03440101"):]); got != "[3.333 3.334 3.333]" {
			t.Errorf("%d: the three parts of 10 points have %s", year, got)
		}
		yearSumsAgree(t, f, y)
	}
}

// Any total over any parts is hit, and no part is below zero.
func TestAnyOwnForecastIsHit(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		var list []part
		for n := range rapid.IntRange(1, 30).Draw(r, "parts") {
			list = append(list, cbs(fmt.Sprintf("BU0344%02d%02d", n%4, n), known(func(f *outlook.Figures) {
				f.Dwellings = float64(rapid.IntRange(0, 3000).Draw(r, "dwellings"))
			})))
		}
		total := rapid.Int64Range(0, 1e9).Draw(r, "thousandths of points")
		code := rapid.SampledFrom([]string{"NL00", "PV26", "GM0344"}).Draw(r, "region")
		year := rapid.IntRange(outlook.FirstYear, outlook.LastYear).Draw(r, "year")
		f := forecast(t, &outlook.Own{Points: map[string]map[int]float64{code: {year: float64(total) / 1000}}}, list...)
		y := yearOf(t, f, year, "mid")
		if got := whole(t, y.PointsByRegion[at(t, f, code)]); got != total {
			r.Fatalf("%d thousandths of a point, want %d", got, total)
		}
		yearSumsAgree(t, f, y)
	})
}

func TestAnOwnForecastThatDoesNotFitIsAnError(t *testing.T) {
	homes := known(func(f *outlook.Figures) { f.Dwellings = 100 })
	try := func(points map[string]map[int]float64) error {
		_, err := tryForecast(t, &outlook.Own{Points: points}, cbs("BU03440101", homes), cbs("BU03440102", homes), cbs("BU03630101", homes))
		return err
	}
	for _, c := range []struct {
		points map[string]map[int]float64
		want   string
	}{
		{map[string]map[int]float64{"GM0344": {2030: 1}, "BU03440101": {2030: 1}}, "the own forecast has both BU03440101 and GM0344, which holds it: give one level per area"},
		{map[string]map[int]float64{"NL00": {2030: 1}, "BU03440101": {2040: 1}}, "the own forecast has both BU03440101 and NL00, which holds it: give one level per area"},
		{map[string]map[int]float64{"GM0998": {2030: 1}}, "the own forecast has region GM0998, which is not among the study's regions"},
		{map[string]map[int]float64{"Utrecht": {2030: 1}}, "the own forecast has region Utrecht, which is not among the study's regions"},
		{map[string]map[int]float64{"GM0344": {2030: -1}}, "the own forecast has -1 charge points for GM0344 in 2030: 0 or more was expected"},
		{map[string]map[int]float64{"GM0344": {2030: math.NaN()}}, "the own forecast has NaN charge points for GM0344 in 2030: 0 or more was expected"},
		{map[string]map[int]float64{"GM0344": {}}, "the own forecast has no year for GM0344"},
	} {
		if err := try(c.points); err == nil || err.Error() != c.want {
			t.Errorf("got %v, want %s", err, c.want)
		}
	}
	// Neighbours and other branches are fine.
	if err := try(map[string]map[int]float64{"BU03440101": {2030: 1}, "WK036301": {2030: 1}}); err != nil {
		t.Error(err)
	}
}

// Areas of a user's own, such as those of substations, lie under the land side
// by side with CBS's regions.
func TestRegionsOfAnOwnLevelLieUnderTheLand(t *testing.T) {
	homes := func(n float64) outlook.Figures {
		return known(func(f *outlook.Figures) { f.Dwellings, f.Cars = n, n })
	}
	f := forecast(t, &outlook.Own{Points: map[string]map[int]float64{"OS 2": {2030: 250}}},
		part{region.Region{Code: "OS 1", Name: "Noord", Level: "onderstation"}, homes(10000)},
		part{region.Region{Code: "OS 2", Name: "Zuid", Level: "onderstation"}, homes(5000)},
		cbs("GM0344", homes(150000)))
	if got := f.Set.Levels(); !slices.Equal(got, []region.Level{region.Land, region.Provincie, region.Gemeente, "onderstation"}) {
		t.Errorf("levels %v", got)
	}
	y := yearOf(t, f, 2050, "mid")
	one, two, land := at(t, f, "OS 1"), at(t, f, "OS 2"), at(t, f, "NL00")
	if f.Set.Parent(one) != land || f.Set.Parent(two) != land || y.PointsByRegion[one] < 1000 {
		t.Errorf("OS 1 lies under %d and has %.0f points", f.Set.Parent(one), y.PointsByRegion[one])
	}
	homeSumsAgree(t, f)
	yearSumsAgree(t, f, y)
	if got := yearOf(t, f, 2030, "low").PointsByRegion[two]; got != 250 {
		t.Errorf("%.3f points in OS 2 in 2030, want 250", got)
	}
	if f.Changes.NoVans != 3 || f.Changes.NoTypes != 3 || f.Changes.NoCars != 0 {
		t.Errorf("counted %+v", f.Changes)
	}
}
