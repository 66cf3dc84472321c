package outlook_test

import (
	"fmt"
	"math"
	"slices"
	"sync"
	"testing"

	"github.com/getij/getij/internal/outlook"
	"github.com/getij/getij/internal/reference/regions"
	"github.com/getij/getij/internal/region"
)

// report are the assumptions of the reference study.
var report = outlook.Assumptions{
	DrivewayDetached: 0.90, DrivewaySemiDetached: 0.55, DrivewayTerraced: 0.10, DrivewayApartment: 0.03,
	HomeShareCars: 0.19, HomeShareVans: 0.09, HomeChargingShare: 0.892444,
	DriversAtHome2024: 0.67, HybridsPerElectricCar: 0.57, SecondPointShare: 0.10,
	UseDetached: 1.56, UseSemiDetached: 1.16, UseTerraced: 1.02, UseApartment: 0.70,
}

// country is the built-in map with the national figures that follow from it.
type country struct {
	*regions.Map
	national *outlook.National
	byName   map[string]*regions.Gemeente
	code     map[string]*regions.Gemeente
}

var loadCountry = sync.OnceValues(func() (*country, error) {
	m, err := regions.Load()
	if err != nil {
		return nil, err
	}
	c := &country{Map: m, byName: map[string]*regions.Gemeente{}, code: map[string]*regions.Gemeente{}}
	var codes []string
	var figures []outlook.Figures
	for i := range m.Gemeenten {
		g := &m.Gemeenten[i]
		c.byName[g.Name], c.code[g.Code] = g, g
		codes, figures = append(codes, g.Code), append(figures, figuresOf(g.Counts))
	}
	c.national, err = outlook.NewNational(codes, figures, &report)
	return c, err
})

func nederland(t testing.TB) *country {
	t.Helper()
	c, err := loadCountry()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func figuresOf(c regions.Counts) outlook.Figures {
	f := outlook.Unknown()
	f.Detached, f.SemiDetached = float64(c.Detached), float64(c.SemiDetached)
	f.Terraced, f.Apartment = float64(c.Terraced), float64(c.Apartment)
	f.Households, f.Cars, f.Vans = float64(c.Households), float64(c.Cars), float64(c.Vans)
	return f
}

// known are figures of which only those set are known.
func known(set func(f *outlook.Figures)) outlook.Figures {
	f := outlook.Unknown()
	set(&f)
	return f
}

// part is a region with its figures.
type part struct {
	region.Region
	figures outlook.Figures
}

func cbs(code string, f outlook.Figures) part {
	return part{region.Region{Code: code, Name: "name of " + code, Level: region.LevelOf(code)}, f}
}

// forecast is the outlook of some regions.
func forecast(t testing.TB, own *outlook.Own, parts ...part) *outlook.Forecast {
	t.Helper()
	f, err := tryForecast(t, own, parts...)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func tryForecast(t testing.TB, own *outlook.Own, parts ...part) (*outlook.Forecast, error) {
	t.Helper()
	c := nederland(t)
	var list []region.Region
	figures := map[string]outlook.Figures{}
	provincieOf, names := map[string]string{}, map[string]string{}
	for i := range c.Gemeenten {
		provincieOf[c.Gemeenten[i].Code], names[c.Gemeenten[i].Code] = c.Gemeenten[i].ProvinceCode, c.Gemeenten[i].Name
	}
	for _, p := range parts {
		list = append(list, p.Region)
		figures[p.Code] = p.figures
	}
	set, err := region.NewSet(list, region.SetOptions{ProvincieOf: provincieOf, Names: names})
	if err != nil {
		t.Fatal(err)
	}
	inOrder := make([]outlook.Figures, set.Len())
	for i := range inOrder {
		f, given := figures[set.At(i).Code]
		if !given {
			f = outlook.Unknown()
		}
		inOrder[i] = f
	}
	return outlook.New(set, inOrder, c.national, &report, own)
}

// The built-in country as 342 gemeenten and as 13,934 buurten.
var (
	gemeentenOnce sync.Once
	buurtenOnce   sync.Once
	ofGemeenten   *outlook.Forecast
	ofBuurten     *outlook.Forecast
)

func byGemeente(t testing.TB) *outlook.Forecast {
	t.Helper()
	gemeentenOnce.Do(func() {
		var parts []part
		for _, g := range nederland(t).Gemeenten {
			parts = append(parts, part{region.Region{Code: g.Code, Name: g.Name, Level: region.Gemeente}, figuresOf(g.Counts)})
		}
		ofGemeenten = forecast(t, nil, parts...)
	})
	return ofGemeenten
}

func byBuurt(t testing.TB) *outlook.Forecast {
	t.Helper()
	buurtenOnce.Do(func() {
		var parts []part
		for _, b := range nederland(t).Buurten {
			parts = append(parts, part{region.Region{Code: b.Code, Name: b.Name, Level: region.Buurt}, figuresOf(b.Counts)})
		}
		ofBuurten = forecast(t, nil, parts...)
	})
	return ofBuurten
}

func yearOf(t testing.TB, f *outlook.Forecast, year int, scenario string) *outlook.Year {
	t.Helper()
	y, err := f.Year(year, scenario)
	if err != nil {
		t.Fatal(err)
	}
	return y
}

func ratesOf(t testing.TB, f *outlook.Forecast, year float64, scenario string) *outlook.Rates {
	t.Helper()
	r, err := f.Rates(year, scenario)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// at is a region's place.
func at(t testing.TB, f *outlook.Forecast, code string) int {
	t.Helper()
	i, ok := f.Set.Index(code)
	if !ok {
		t.Fatalf("region %s is not in the set", code)
	}
	return i
}

// share fails unless got is within a share of want.
func share(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance*want) {
		t.Errorf("%s: %.9g, want %.9g within %g %%", what, got, want, 100*tolerance)
	}
}

func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance) {
		t.Errorf("%s: %.12g, want %.12g", what, got, want)
	}
}

// The report's chapter 4: 10 million cars and 1.2 million vans, all electric,
// and 4.5 GW at 2 kW a point.
func TestTheCountryHas2250000HomeChargePointsIn2050(t *testing.T) {
	for name, f := range map[string]*outlook.Forecast{"gemeenten": byGemeente(t), "buurten": byBuurt(t)} {
		y := yearOf(t, f, 2050, "mid")
		share(t, "home charge points, "+name, y.PointsByRegion[0], 2_250_000, 0.001)
		share(t, "dwellings with a driveway, "+name, f.Base.Homes[0].WithDriveway, 2_200_000, 0.005)
		share(t, "cars, "+name, y.CarsByRegion[0], 10_000_000, 1e-6)
		share(t, "vans, "+name, y.VansByRegion[0], 1_200_000, 1e-6)
		near(t, "electric share of cars", y.ElectricShareCars, 1, 1e-9)
		near(t, "electric share of vans", y.ElectricShareVans, 1, 1e-9)
		// Their demand: 19 % of the cars' and 9 % of the vans'.
		near(t, "home share of the cars' demand", y.PointsCars*report.HomeChargingShare/y.Cars, 0.19, 1e-9)
		near(t, "home share of the vans' demand", y.PointsVans*report.HomeChargingShare/y.Vans, 0.09, 1e-9)
	}
}

// The country's points follow from the report's shares alone; what is left is
// the rounding of its home charging share (0.892444 for 0.8924444...) in the
// assumptions, and of leaves to thousandths, which stays far below one point.
func TestRoundingOfLeavesDoesNotShow(t *testing.T) {
	want := (0.19*10e6 + 0.09*1.2e6) / report.HomeChargingShare
	near(t, "the country's points by the report's shares", want, 2_250_001, 0.2)
	y := yearOf(t, byGemeente(t), 2050, "mid")
	near(t, "in 342 gemeenten", y.PointsByRegion[0], want, 342*2*0.0005)
	// In buurten Weert differs: TestAGemeenteHasTheSamePointsInParts.
	b := yearOf(t, byBuurt(t), 2050, "mid")
	weert := b.PointsByRegion[at(t, byBuurt(t), "GM0988")] - y.PointsByRegion[at(t, byGemeente(t), "GM0988")]
	near(t, "in 13,934 buurten, Weert apart", b.PointsByRegion[0]-weert, want, 0.1)
}

// 67 % of electric drivers charge at home in 2024, when 5 % of the cars are
// electric and 3 % more plug-in hybrids; in 2050 19 % of the demand is left at home.
func TestTheHomeShareOfCarsFallsFrom60To19Percent(t *testing.T) {
	before := 1.0
	for year := 2024; year <= outlook.LastYear; year++ {
		r := ratesOf(t, byGemeente(t), float64(year), "mid")
		if r.HomeShareCars >= before || r.PlugInShareCars < r.ElectricShareCars {
			t.Errorf("%d: home share %.4f after %.4f; %.4f of cars are electric, %.4f have a plug", year, r.HomeShareCars, before, r.ElectricShareCars, r.PlugInShareCars)
		}
		before = r.HomeShareCars
		switch year {
		case 2024:
			near(t, "points per car with a plug in 2024", r.PointsCars/(r.Cars*r.PlugInShareCars), 0.67, 1e-9)
			near(t, "home share in 2024", r.HomeShareCars, 0.67*report.HomeChargingShare, 1e-9)
			near(t, "electric share of cars in 2024", r.ElectricShareCars, 0.05, 1e-9)
			near(t, "cars with a plug in 2024", r.PlugInShareCars, 0.05+0.57*0.95*0.05, 1e-9)
			near(t, "electric share of vans in 2024", r.ElectricShareVans, 0.03, 1e-9)
		case 2035:
			near(t, "electric share of cars in 2035", r.ElectricShareCars, 0.5, 1e-9)
		case 2050:
			near(t, "home share in 2050", r.HomeShareCars, 0.19, 1e-9)
			near(t, "cars with a plug in 2050", r.PlugInShareCars, 1, 1e-9)
		}
	}
}

// CBS: 330,000 electric cars and 187,000 plug-in hybrids on 1 January 2023; 944,000
// with a plug on 1 January 2025, a third more than a year earlier.
func TestCarsWithAPlugAreThoseThatCBSCounted(t *testing.T) {
	for year, want := range map[float64]float64{2023: 517_000, 2024: 708_000, 2025: 944_000} {
		r := ratesOf(t, byGemeente(t), year, "mid")
		share(t, fmt.Sprintf("cars with a plug on 1 January %.0f", year), r.Cars*r.PlugInShareCars, want, 0.1)
	}
}

// NAL: an estimated 384,200 private charge points at the end of April 2023, and
// 674,000 private and public ones at the end of March 2024, most of them private.
// Nothing is fitted to either.
func TestTheStartIsWithin10PercentOfTheChargePointsOfApril2023(t *testing.T) {
	for _, scenario := range outlook.Scenarios() {
		r := ratesOf(t, byGemeente(t), 2023+4.0/12, scenario)
		t.Logf("%s: %.0f home charge points at the end of April 2023", scenario, r.PointsCars+r.PointsVans)
		share(t, "home charge points at the end of April 2023, "+scenario, r.PointsCars+r.PointsVans, 384_200, 0.1)
		r = ratesOf(t, byGemeente(t), 2024.25, scenario)
		if n := r.PointsCars + r.PointsVans; n < 674_000/2 || n > 674_000 {
			t.Errorf("%s: %.0f home charge points in March 2024, of 674,000 in all", scenario, n)
		}
	}
}

// A study may say that people with a driveway are not ahead of the others.
func TestWithoutALeadDrivewaysFollowTheFleet(t *testing.T) {
	a := report
	a.DriversAtHome2024 = a.HomeShareCars / a.HomeChargingShare
	f := byGemeente(t)
	even, err := outlook.New(f.Set, slices.Repeat([]outlook.Figures{known(func(f *outlook.Figures) { f.Dwellings = 100 })}, f.Set.Len()), nederland(t).national, &a, nil)
	if err != nil {
		t.Fatal(err)
	}
	for year := outlook.FirstYear; year <= outlook.LastYear; year++ {
		near(t, fmt.Sprintf("home share in %d", year), ratesOf(t, even, float64(year), "mid").HomeShareCars, 0.19, 1e-9)
	}
}

// The scenarios end in 2050; what comes after is like it.
func TestYearsAfterTheLastAreLikeIt(t *testing.T) {
	f := byGemeente(t)
	if a, b := *ratesOf(t, f, 2050, "high"), *ratesOf(t, f, 2100, "high"); a != b {
		t.Errorf("%+v in 2100, %+v in 2050", b, a)
	}
}

func TestScenariosAreInOrderAndPointsRiseEveryYear(t *testing.T) {
	for name, f := range map[string]*outlook.Forecast{"gemeenten": byGemeente(t), "buurten": byBuurt(t)} {
		last := map[string][]float64{}
		for year := outlook.FirstYear; year <= outlook.LastYear; year++ {
			var fewer []float64
			for _, scenario := range outlook.Scenarios() {
				points := yearOf(t, f, year, scenario).PointsByRegion
				if fewer != nil && points[0] <= fewer[0] {
					t.Errorf("%s, %d: %s has %.0f points, the scenario below it %.0f", name, year, scenario, points[0], fewer[0])
				}
				if before := last[scenario]; before != nil && points[0] <= before[0] {
					t.Errorf("%s, %s: %.0f points in %d, %.0f the year before", name, scenario, points[0], year, before[0])
				}
				for i, v := range points {
					if fewer != nil && v < fewer[i] || last[scenario] != nil && v < last[scenario][i] {
						t.Fatalf("%s in %d, %s: %.3f points is fewer than in the scenario below or the year before", f.Set.At(i).Code, year, scenario, v)
					}
				}
				fewer, last[scenario] = points, points
			}
		}
		if low, high := last["low"][0], last["high"][0]; low > 0.95*2.25e6 || high < 1.03*2.25e6 {
			t.Errorf("%s: 2050 spans only %.0f to %.0f points", name, low, high)
		}
	}
}

// whole is a figure in thousandths; it fails where there are finer ones.
func whole(t *testing.T, v float64) int64 {
	n := math.Round(1000 * v)
	if v != n/1000 || v < 0 {
		t.Fatalf("%.17g is not a number of thousandths, 0 or more", v)
	}
	return int64(n)
}

// sumsAgree checks that every region's figure is exactly the sum of its parts'.
func sumsAgree(t *testing.T, set *region.Set, what string, values []float64) {
	t.Helper()
	parts := make([]int64, len(values))
	for i, v := range values {
		if p := set.Parent(i); p >= 0 {
			parts[p] += whole(t, v)
		}
	}
	for i, sum := range parts {
		if len(set.Children(i)) > 0 && sum != whole(t, values[i]) {
			t.Errorf("%s: %s has %.3f, its parts add up to %.3f", what, set.At(i).Code, values[i], float64(sum)/1000)
		}
	}
}

func yearSumsAgree(t *testing.T, f *outlook.Forecast, y *outlook.Year) {
	t.Helper()
	for what, values := range map[string][]float64{
		"cars": y.CarsByRegion, "vans": y.VansByRegion,
		"points for cars": y.PointsCarsByRegion, "points for vans": y.PointsVansByRegion, "points": y.PointsByRegion,
	} {
		sumsAgree(t, f.Set, fmt.Sprintf("%s, %d, %s", what, y.Year, y.Scenario), values)
	}
	for i, v := range y.PointsByRegion {
		if whole(t, v) != whole(t, y.PointsCarsByRegion[i])+whole(t, y.PointsVansByRegion[i]) {
			t.Fatalf("%s in %d, %s: %.3f points, of which %.3f for cars and %.3f for vans", f.Set.At(i).Code, y.Year, y.Scenario, v, y.PointsCarsByRegion[i], y.PointsVansByRegion[i])
		}
	}
}

func homeSumsAgree(t *testing.T, f *outlook.Forecast) {
	t.Helper()
	for what, field := range map[string]func(h *outlook.Home) float64{
		"dwellings":       func(h *outlook.Home) float64 { return h.Dwellings },
		"with a driveway": func(h *outlook.Home) float64 { return h.WithDriveway },
		"cars":            func(h *outlook.Home) float64 { return h.Cars },
		"vans":            func(h *outlook.Home) float64 { return h.Vans },
	} {
		values := make([]float64, f.Set.Len())
		for i := range values {
			values[i] = field(&f.Base.Homes[i])
		}
		sumsAgree(t, f.Set, what+", today", values)
	}
}

func TestEveryLevelAddsUpExactly(t *testing.T) {
	f := byBuurt(t)
	if levels := f.Set.Levels(); len(levels) != 5 {
		t.Fatalf("the levels are %v, want all five", levels)
	}
	homeSumsAgree(t, f)
	for i, h := range f.Base.Homes {
		if h.WithDriveway > h.Dwellings {
			t.Errorf("%s: %+v has more with a driveway than in all", f.Set.At(i).Code, h)
		}
	}
	for _, scenario := range outlook.Scenarios() {
		for year := outlook.FirstYear; year <= outlook.LastYear; year++ {
			yearSumsAgree(t, f, yearOf(t, f, year, scenario))
		}
	}
}

// Dwellings are those of the table, to the last one.
func TestDwellingsAreTheTables(t *testing.T) {
	c, f := nederland(t), byGemeente(t)
	for i := range c.Gemeenten {
		g := &c.Gemeenten[i]
		if got, want := f.Base.Homes[at(t, f, g.Code)].Dwellings, float64(g.Counts.Dwellings()); got != want && g.Name != "Weert" {
			t.Errorf("%s has %.3f dwellings, want %.0f", g.Name, got, want)
		}
	}
	// Weert's dwellings by type are a quarter of its households.
	weert := c.byName["Weert"].Counts
	if got := f.Base.Homes[at(t, f, "GM0988")].Dwellings; got != float64(weert.Households) || weert.Dwellings() > weert.Households/3 {
		t.Errorf("Weert has %.0f dwellings; the table has %d by type and %d households", got, weert.Dwellings(), weert.Households)
	}
	if f.Changes.TooFewTypes != 1 {
		t.Errorf("%d gemeenten were scaled up to their households, want Weert", f.Changes.TooFewTypes)
	}
}

func TestUnknownScenariosAndFiguresForOtherRegionsAreErrors(t *testing.T) {
	f := byGemeente(t)
	for _, try := range []func() error{
		func() error { _, err := f.Rates(2030, "middle"); return err },
		func() error { _, err := f.Year(2030, "middle"); return err },
	} {
		if err := try(); err == nil || err.Error() != `scenario "middle" is unknown: use low, mid or high` {
			t.Errorf("got %v", err)
		}
	}
	_, err := outlook.New(f.Set, make([]outlook.Figures, 3), nederland(t).national, &report, nil)
	if want := fmt.Sprintf("3 figures were given for %d regions", f.Set.Len()); err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	gap := figuresOf(nederland(t).Gemeenten[0].Counts)
	gap.Vans = math.NaN()
	_, err = outlook.NewNational([]string{"GM0014"}, []outlook.Figures{gap}, &report)
	if err == nil || err.Error() != "gemeente GM0014 of the national table lacks households, cars or vans" {
		t.Errorf("got %v", err)
	}
}

// Gemeenten that live equally spaciously have an order of their own, so that the
// order of the table does not decide which of them are peers.
func TestTheOrderOfTheNationalTableDoesNotMatter(t *testing.T) {
	var codes []string
	var figures []outlook.Figures
	for i := range 60 {
		codes = append(codes, fmt.Sprintf("GM%04d", i+1))
		figures = append(figures, known(func(f *outlook.Figures) {
			f.Detached, f.SemiDetached, f.Terraced, f.Apartment = 25000, 25000, 25000, 25000
			f.Households, f.Cars, f.Vans = 100000, float64(50000+1000*i), float64(5000+100*i)
		}))
	}
	set, err := region.NewSet([]region.Region{{Code: "X1", Name: "a region without cars", Level: "own"}}, region.SetOptions{})
	if err != nil {
		t.Fatal(err)
	}
	unknown := known(func(f *outlook.Figures) {
		f.Detached, f.SemiDetached, f.Terraced, f.Apartment, f.Households = 25, 25, 25, 25, 100
	})
	own, of := 0, make([]outlook.Figures, set.Len())
	for i := range of {
		if of[i] = outlook.Unknown(); set.At(i).Code == "X1" {
			own, of[i] = i, unknown
		}
	}
	cars := func() float64 {
		national, err := outlook.NewNational(codes, figures, &report)
		if err != nil {
			t.Fatal(err)
		}
		f, err := outlook.New(set, of, national, &report, nil)
		if err != nil {
			t.Fatal(err)
		}
		return f.Base.Homes[own].Cars
	}
	forward := cars()
	slices.Reverse(codes)
	slices.Reverse(figures)
	if backward := cars(); math.Abs(forward-backward) > 1e-9*forward {
		t.Errorf("%g cars, and %g with the table the other way round", forward, backward)
	}
}
