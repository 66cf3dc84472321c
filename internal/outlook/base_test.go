package outlook_test

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/getij/getij/internal/outlook"
	"github.com/getij/getij/internal/reference/regions"
	"github.com/getij/getij/internal/region"
)

// spacious is the share of detached and semi-detached dwellings.
func spacious(c regions.Counts) float64 {
	return float64(c.Detached+c.SemiDetached) / float64(c.Dwellings())
}

// like are the 24 gemeenten that live most alike, by that share.
func (c *country) like(g *regions.Gemeente) []*regions.Gemeente {
	var others []*regions.Gemeente
	for i := range c.Gemeenten {
		if o := &c.Gemeenten[i]; o != g {
			others = append(others, o)
		}
	}
	slices.SortStableFunc(others, func(a, b *regions.Gemeente) int {
		return cmp.Compare(math.Abs(spacious(a.Counts)-spacious(g.Counts)), math.Abs(spacious(b.Counts)-spacious(g.Counts)))
	})
	return others[:24]
}

func median(list []*regions.Gemeente, value func(*regions.Gemeente) float64) float64 {
	var values []float64
	for _, g := range list {
		values = append(values, value(g))
	}
	slices.Sort(values)
	return (values[len(values)/2-1] + values[len(values)/2]) / 2
}

// Where leasing companies register, cars per dwelling are far above those of like
// gemeenten; without a rule points per dwelling with a driveway would be above
// them too.
func TestLeaseGemeentenDoNotStandOut(t *testing.T) {
	c, f := nederland(t), byGemeente(t)
	unmended := func(g *regions.Gemeente) float64 {
		n := g.Counts
		return float64(n.Cars) / float64(n.Dwellings())
	}
	for _, year := range []int{2030, 2050} {
		y := yearOf(t, f, year, "mid")
		points := func(g *regions.Gemeente) float64 {
			i := at(t, f, g.Code)
			return y.PointsByRegion[i] / f.Base.Homes[i].WithDriveway
		}
		for _, name := range []string{"Weert", "Houten", "Almere", "Haarlemmermeer", "Wierden", "Amersfoort", "Breda"} {
			g := c.byName[name]
			like := c.like(g)
			ratio, was := points(g)/median(like, points), unmended(g)/median(like, unmended)
			t.Logf("%s, %d: %.2f points per dwelling with a driveway, %.2f times that of similar gemeenten; %.2f cars per dwelling as registered, %.2f times", name, year, points(g), ratio, unmended(g), was)
			if ratio < 0.85 || ratio > 1.15 {
				t.Errorf("%s has %.2f times the points per dwelling with a driveway of similar gemeenten in %d, want 0.85 to 1.15", name, ratio, year)
			}
			if was < 1.35 {
				t.Errorf("%s would have %.2f times the cars per dwelling of similar gemeenten without the rule: this test shows nothing", name, was)
			}
		}
		for i := range c.Gemeenten { // nor does any other
			g := &c.Gemeenten[i]
			if r := points(g) / median(c.like(g), points); r > 1.35 {
				t.Errorf("%s has %.2f times the points per dwelling with a driveway of similar gemeenten in %d", g.Name, r, year)
			}
		}
	}
}

func TestTheLeaseRuleNamesItsGemeenten(t *testing.T) {
	for name, f := range map[string]*outlook.Forecast{"gemeenten": byGemeente(t), "buurten": byBuurt(t)} {
		if got, want := fmt.Sprint(f.Changes.LeaseCars), "[Almere Wierden Amersfoort Houten Haarlemmermeer Breda]"; got != want {
			t.Errorf("%s: cars from peers in %s, want %s", name, got, want)
		}
		if got, want := fmt.Sprint(f.Changes.LeaseVans), "[Almere Wierden Barneveld Amersfoort Houten Renswoude Haarlemmermeer Ouder-Amstel Westland]"; got != want {
			t.Errorf("%s: vans from peers in %s, want %s", name, got, want)
		}
	}
	// The rule for parts of a gemeente counts no gemeenten.
	if c := byGemeente(t).Changes; c.SmallLeaseCars != 0 || c.SmallLeaseVans != 0 {
		t.Errorf("of gemeenten %d and %d are counted as small regions", c.SmallLeaseCars, c.SmallLeaseVans)
	}
	f := byBuurt(t)
	cars, vans := 0, 0
	for i, why := range f.Base.Mended {
		if f.Set.At(i).Level == region.Buurt {
			if why&outlook.LeaseCars != 0 {
				cars++
			}
			if why&outlook.LeaseVans != 0 {
				vans++
			}
		}
	}
	if c := f.Changes; c.SmallLeaseCars != cars || c.SmallLeaseVans != vans || cars == 0 {
		t.Errorf("%d and %d buurten are counted, %d and %d are marked", c.SmallLeaseCars, c.SmallLeaseVans, cars, vans)
	}
}

// Vehicles of lessors drive all over the country: what the rule takes away in a
// few gemeenten is in the others.
func TestTheLeaseRuleKeepsTheCountrysVehicles(t *testing.T) {
	cars, vans := 0, 0
	for _, g := range nederland(t).Gemeenten {
		cars += g.Counts.Cars
		vans += g.Counts.Vans
	}
	for name, f := range map[string]*outlook.Forecast{"gemeenten": byGemeente(t), "buurten": byBuurt(t)} {
		near(t, "cars today, "+name, f.Base.Homes[0].Cars, float64(cars), 0.2)
		near(t, "vans today, "+name, f.Base.Homes[0].Vans, float64(vans), 0.2)
	}
}

// A business park in a gemeente that is ordinary as a whole: its cars are those
// of the other parts.
func TestCarsOfABusinessParkGoToTheRestOfItsGemeente(t *testing.T) {
	homes := func(dwellings, cars float64) outlook.Figures {
		return known(func(f *outlook.Figures) {
			f.Detached, f.SemiDetached, f.Terraced, f.Apartment = 0.1*dwellings, 0.2*dwellings, 0.5*dwellings, 0.2*dwellings
			f.Households, f.Cars, f.Vans = dwellings, cars, 0.1*dwellings
		})
	}
	f := forecast(t, nil, cbs("BU03070101", homes(20, 2000)), cbs("BU03070102", homes(9980, 9000)))
	park, rest := f.Base.Homes[at(t, f, "BU03070101")], f.Base.Homes[at(t, f, "BU03070102")]
	if park.Cars > 40 || f.Changes.SmallLeaseCars != 1 || f.Changes.SmallLeaseVans != 0 || len(f.Changes.LeaseCars) != 0 {
		t.Errorf("%.0f cars at 20 homes; %+v", park.Cars, f.Changes)
	}
	spread := byGemeente(t).Base.Homes[0].Cars / 8.5694e6 // vehicles of lessors elsewhere
	share(t, "cars of both parts", park.Cars+rest.Cars, 11000*spread, 1e-3)
}

// A gemeente has the same points whether it comes as one region or in parts:
// exactly, but for the rounding of each part. Only in Weert, where dwellings by
// type are known of a quarter of the households, each part is scaled up by its
// own households.
func TestAGemeenteHasTheSamePointsInParts(t *testing.T) {
	f, parts := byGemeente(t), byBuurt(t)
	for _, scenario := range outlook.Scenarios() {
		for _, year := range []int{2025, 2035, 2050} {
			one, many := yearOf(t, f, year, scenario), yearOf(t, parts, year, scenario)
			for _, i := range f.Set.OfLevel(region.Gemeente) {
				g := f.Set.At(i)
				got, want := many.PointsByRegion[at(t, parts, g.Code)], one.PointsByRegion[i]
				if g.Name == "Weert" {
					share(t, "points of Weert in parts", got, want, 0.01)
				} else if math.Abs(got-want) > 0.1 { // Amsterdam has 458 parts, each off by half a thousandth at most, twice
					t.Errorf("%s, %d, %s: %.3f points in parts, %.3f as one region", g.Name, year, scenario, got, want)
				}
			}
		}
	}
}

// The same for any division and whatever is unknown, in a gemeente of lessors
// and in an ordinary one.
func TestAnyDivisionOfAGemeenteHasTheSamePoints(t *testing.T) {
	c := nederland(t)
	rapid.Check(t, func(r *rapid.T) {
		g := c.byName[rapid.SampledFrom([]string{"Houten", "Utrecht", "Staphorst"}).Draw(r, "gemeente")]
		noTypes, noCars := rapid.Bool().Draw(r, "types unknown"), rapid.Bool().Draw(r, "cars unknown")
		var list []part
		all := outlook.Figures{WithDriveway: math.NaN()}
		for n := range rapid.IntRange(1, 8).Draw(r, "parts") {
			count := func(what string, most float64) float64 {
				return math.Round(rapid.Float64Range(0.05*most, most).Draw(r, fmt.Sprintf("%s %d", what, n+1)))
			}
			f := outlook.Figures{
				WithDriveway: math.NaN(),
				Detached:     count("detached", 300), SemiDetached: count("semi-detached", 400), Terraced: count("terraced", 900), Apartment: count("apartment", 900),
				Cars: count("cars", 9000), Vans: count("vans", 900),
			}
			f.Dwellings = f.Detached + f.SemiDetached + f.Terraced + f.Apartment
			f.Households = math.Round(f.Dwellings * rapid.Float64Range(0.8, 1.2).Draw(r, fmt.Sprintf("households %d", n+1)))
			for to, from := range map[*float64]float64{
				&all.Dwellings: f.Dwellings, &all.Detached: f.Detached, &all.SemiDetached: f.SemiDetached, &all.Terraced: f.Terraced,
				&all.Apartment: f.Apartment, &all.Households: f.Households, &all.Cars: f.Cars, &all.Vans: f.Vans,
			} {
				*to += from
			}
			list = append(list, cbs(fmt.Sprintf("BU%s01%02d", g.Code[2:], n), f))
		}
		whole := cbs(g.Code, all)
		whole.Name = g.Name
		for _, p := range append([]*part{&whole}, pointers(list)...) {
			if noTypes {
				p.figures.Detached, p.figures.SemiDetached, p.figures.Terraced, p.figures.Apartment = math.NaN(), math.NaN(), math.NaN(), math.NaN()
			}
			if noCars {
				p.figures.Cars = math.NaN()
			}
		}
		one, many := forecast(t, nil, whole), forecast(t, nil, list...)
		got, want := yearOf(t, many, 2050, "mid"), yearOf(t, one, 2050, "mid")
		for what, v := range map[string][2]float64{
			"points": {got.PointsByRegion[0], want.PointsByRegion[0]}, "cars": {got.CarsByRegion[0], want.CarsByRegion[0]},
			"with a driveway": {many.Base.Homes[0].WithDriveway, one.Base.Homes[0].WithDriveway},
		} {
			// Today's figures are rounded too, and grow until 2050.
			if math.Abs(v[0]-v[1]) > 0.005*float64(len(list)) {
				r.Fatalf("%s: %.3f in %d parts, %.3f as one region", what, v[0], len(list), v[1])
			}
		}
		if a, b := fmt.Sprint(many.Changes.LeaseCars, many.Changes.LeaseVans), fmt.Sprint(one.Changes.LeaseCars, one.Changes.LeaseVans); a != b {
			r.Fatalf("vehicles from peers: %s in parts, %s as one region", a, b)
		}
	})
}

func pointers(list []part) (out []*part) {
	for i := range list {
		out = append(out, &list[i])
	}
	return out
}

// drivewaysOf is what a mix of types has by the report's shares.
func drivewaysOf(detached, semi, terraced, apartment float64) float64 {
	return 0.90*detached + 0.55*semi + 0.10*terraced + 0.03*apartment
}

func TestWhatIsMissingIsCompletedAndCounted(t *testing.T) {
	utrecht := nederland(t).byName["Utrecht"].Counts
	n := float64(utrecht.Dwellings())
	mix := [4]float64{float64(utrecht.Detached) / n, float64(utrecht.SemiDetached) / n, float64(utrecht.Terraced) / n, float64(utrecht.Apartment) / n}
	usual := drivewaysOf(mix[0], mix[1], mix[2], mix[3])
	rest, each := mix[2]+mix[3], n/float64(utrecht.Households)
	for _, c := range []struct {
		name                    string
		figures                 outlook.Figures
		dwellings, withDriveway float64
		changes                 outlook.Changes
	}{
		{
			"all is known",
			outlook.Figures{Dwellings: 1000, Detached: 100, SemiDetached: 200, Terraced: 300, Apartment: 400, WithDriveway: math.NaN(), Households: 1100, Cars: 900, Vans: 90},
			1000, drivewaysOf(100, 200, 300, 400),
			outlook.Changes{},
		},
		{
			"types give the mix, dwellings the number",
			outlook.Figures{Dwellings: 2000, Detached: 100, SemiDetached: 200, Terraced: 300, Apartment: 400, WithDriveway: math.NaN(), Households: 1100, Cars: 900, Vans: 90},
			2000, 2 * drivewaysOf(100, 200, 300, 400),
			outlook.Changes{},
		},
		{
			"dwellings by type alone", known(func(f *outlook.Figures) {
				f.Detached, f.SemiDetached, f.Terraced, f.Apartment, f.Cars, f.Vans = 100, 200, 300, 400, 900, 90
			}),
			1000, drivewaysOf(100, 200, 300, 400),
			outlook.Changes{},
		},
		{
			"households alone, with the dwellings that Utrecht has for each", known(func(f *outlook.Figures) { f.Households = 1000 }),
			1000 * each, 1000 * each * usual,
			outlook.Changes{NoDwellings: 1, NoTypes: 1, NoCars: 1, NoVans: 1},
		},
		{
			"dwellings alone", known(func(f *outlook.Figures) { f.Dwellings = 1000 }),
			1000, 1000 * usual,
			outlook.Changes{NoTypes: 1, NoCars: 1, NoVans: 1},
		},
		{
			"the other types share what is left by the gemeente's mix", known(func(f *outlook.Figures) {
				f.Dwellings, f.Detached, f.SemiDetached, f.Cars, f.Vans = 1000, 300, 100, 900, 90
			}),
			1000, drivewaysOf(300, 100, 600*mix[2]/rest, 600*mix[3]/rest),
			outlook.Changes{NoTypes: 1},
		},
		{
			"known types that fill the dwellings leave none", known(func(f *outlook.Figures) {
				f.Dwellings, f.Detached, f.SemiDetached, f.Cars, f.Vans = 1000, 600, 600, 900, 90
			}),
			1000, drivewaysOf(500, 500, 0, 0),
			outlook.Changes{NoTypes: 1},
		},
		{
			"types that are all 0 are no mix", known(func(f *outlook.Figures) {
				f.Dwellings, f.Detached, f.SemiDetached, f.Terraced, f.Apartment, f.Cars, f.Vans = 1000, 0, 0, 0, 0, 900, 90
			}),
			1000, 1000 * usual,
			outlook.Changes{NoTypes: 1},
		},
		{
			"types of half the households", known(func(f *outlook.Figures) {
				f.Detached, f.SemiDetached, f.Terraced, f.Apartment, f.Households, f.Cars, f.Vans = 50, 100, 150, 200, 1000, 900, 90
			}),
			1000, drivewaysOf(100, 200, 300, 400),
			outlook.Changes{TooFewTypes: 1},
		},
		{
			"types of most households", known(func(f *outlook.Figures) {
				f.Detached, f.SemiDetached, f.Terraced, f.Apartment, f.Households, f.Cars, f.Vans = 70, 140, 210, 280, 1000, 900, 90
			}),
			700, drivewaysOf(70, 140, 210, 280),
			outlook.Changes{},
		},
		{
			"a driveway analysis", known(func(f *outlook.Figures) { f.Dwellings, f.WithDriveway, f.Cars, f.Vans = 1000, 321, 900, 90 }),
			1000, 321,
			outlook.Changes{NoTypes: 1}, // of household use
		},
		{
			"a driveway analysis beside types",
			outlook.Figures{Dwellings: 1000, Detached: 1000, WithDriveway: 12, Households: 1000, Cars: 900, Vans: 90},
			1000, 12,
			outlook.Changes{},
		},
		{
			"more driveways than dwellings", known(func(f *outlook.Figures) { f.Dwellings, f.WithDriveway, f.Cars, f.Vans = 1000, 1500, 900, 90 }),
			1000, 1000,
			outlook.Changes{NoTypes: 1, Driveways: 1},
		},
		{
			"no dwellings", known(func(f *outlook.Figures) { f.Dwellings, f.Cars, f.Vans = 0, 0, 0 }),
			0, 0,
			outlook.Changes{},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := forecast(t, nil, cbs("BU03440101", c.figures))
			h := f.Base.Homes[at(t, f, "BU03440101")]
			near(t, "dwellings", h.Dwellings, c.dwellings, 0.0005)
			near(t, "with a driveway", h.WithDriveway, c.withDriveway, 0.0005)
			if got, want := fmt.Sprintf("%+v", f.Changes), fmt.Sprintf("%+v", c.changes); got != want {
				t.Errorf("counted %s, want %s", got, want)
			}
		})
	}
}

// Cars and vans that are unknown are as many per household as the gemeente has,
// where leasing companies register as many as its like have.
func TestUnknownVehiclesAreThoseOfTheGemeente(t *testing.T) {
	c, f := nederland(t), byGemeente(t)
	for _, name := range []string{"Utrecht", "Staphorst", "Houten"} {
		g := c.byName[name]
		own := forecast(t, nil,
			cbs("BU"+g.Code[2:]+"0101", known(func(f *outlook.Figures) { f.Households = 300 })),
			cbs("BU"+g.Code[2:]+"0102", known(func(f *outlook.Figures) { f.Households = 700 })))
		perHousehold := func(f *outlook.Forecast, households float64) (cars, vans float64) {
			h := f.Base.Homes[at(t, f, g.Code)]
			return h.Cars / households, h.Vans / households
		}
		gotCars, gotVans := perHousehold(own, 1000)
		cars, vans := perHousehold(f, float64(g.Counts.Households))
		near(t, "cars per household in "+name, gotCars, cars, 1e-5)
		near(t, "vans per household in "+name, gotVans, vans, 1e-5)
		if cars > 2 {
			t.Errorf("%s has %.2f cars per household", name, cars)
		}
		if ch := own.Changes; ch.NoCars != 2 || ch.NoVans != 2 || ch.NoDwellings != 2 || ch.NoTypes != 2 {
			t.Errorf("%s: counted %+v", name, ch)
		}
	}
}

// A region that lies in no gemeente of the national table lives as the country
// does, and keeps as many cars as its like.
func TestARegionOfNoKnownGemeenteIsLikeTheCountry(t *testing.T) {
	land := byGemeente(t).Base.Homes[0]
	f := forecast(t, nil, part{region.Region{Code: "A", Level: "onderstation"}, known(func(f *outlook.Figures) { f.Dwellings = 1e6 })})
	share(t, "share with a driveway", f.Base.Homes[0].WithDriveway/1e6, land.WithDriveway/land.Dwellings, 1e-6)
	if cars := f.Base.Homes[0].Cars / 1e6; cars < 0.9 || cars > 1.4 {
		t.Errorf("%.2f cars per dwelling", cars)
	}
}

func TestARegionOfWhichNothingIsKnownIsEmpty(t *testing.T) {
	f := forecast(t, nil, cbs("BU03440101", outlook.Unknown()), cbs("BU03440102", known(func(f *outlook.Figures) { f.Households = 1000 })),
		cbs("BU03440103", known(func(f *outlook.Figures) { f.Cars = 500 })))
	if f.Changes.NothingKnown != 2 {
		t.Errorf("%d regions are counted, want 2", f.Changes.NothingKnown)
	}
	y := yearOf(t, f, 2050, "high")
	for _, code := range []string{"BU03440101", "BU03440103"} {
		i := at(t, f, code)
		if f.Base.Homes[i] != (outlook.Home{}) || y.PointsByRegion[i] != 0 || y.CarsByRegion[i] != 0 {
			t.Errorf("%s has %+v and %.3f points", code, f.Base.Homes[i], y.PointsByRegion[i])
		}
	}
	if y.PointsByRegion[0] != y.PointsByRegion[at(t, f, "BU03440102")] || y.PointsByRegion[0] == 0 {
		t.Errorf("the country has %.3f points, its only known buurt %.3f", y.PointsByRegion[0], y.PointsByRegion[at(t, f, "BU03440102")])
	}
}

func TestRegionsOfWhichNothingIsKnownAtAllAreAnError(t *testing.T) {
	_, err := tryForecast(t, nil, cbs("BU03440101", outlook.Unknown()), cbs("BU03440102", known(func(f *outlook.Figures) { f.Cars = 500 })))
	const want = "none of the 2 regions has a number of dwellings or of households: a column with one of them was expected (dwellings, or CBS's woningvoorraad or aantal_huishoudens)"
	if err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	_, err = tryForecast(t, nil, cbs("BU03440101", known(func(f *outlook.Figures) { f.Dwellings = math.Inf(1) })))
	if err == nil || err.Error() != "region BU03440101 has +Inf, which is not a number of homes or vehicles" {
		t.Errorf("got %v", err)
	}
}

// Regions of any tree with any gaps: sums agree, and parts are parts.
func TestAnyRegionsAddUp(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		var list []part
		some := false
		for n := range rapid.IntRange(1, 12).Draw(r, "regions") {
			count := func(what string) float64 {
				if rapid.Bool().Draw(r, what+" unknown") {
					return math.NaN()
				}
				return float64(rapid.IntRange(0, 50000).Draw(r, what)) / 10
			}
			f := outlook.Figures{
				Dwellings: count("dwellings"), Detached: count("detached"), SemiDetached: count("semi-detached"), Terraced: count("terraced"),
				Apartment: count("apartment"), WithDriveway: count("with a driveway"), Households: count("households"), Cars: count("cars"), Vans: count("vans"),
			}
			some = some || !math.IsNaN(f.Dwellings+f.Households)
			if rapid.Bool().Draw(r, "own level") {
				list = append(list, part{region.Region{Code: fmt.Sprintf("station %d", n), Level: "onderstation"}, f})
			} else {
				gemeente := rapid.SampledFrom([]string{"0344", "0321", "9999"}).Draw(r, "gemeente")
				if gemeente == "9999" {
					list = append(list, part{region.Region{Code: fmt.Sprintf("area %d", n), Level: "wijkraad", Parent: "GM0321"}, f})
					continue
				}
				list = append(list, cbs(fmt.Sprintf("BU%s%02d%02d", gemeente, n%3, n), f))
			}
		}
		if !some {
			list = append(list, cbs("BU03449999", known(func(f *outlook.Figures) { f.Dwellings = 10 })))
		}
		f := forecast(t, nil, list...)
		homeSumsAgree(t, f)
		for i, h := range f.Base.Homes {
			if h.WithDriveway > h.Dwellings {
				r.Fatalf("%s: %+v", f.Set.At(i).Code, h)
			}
		}
		yearSumsAgree(t, f, yearOf(t, f, rapid.IntRange(outlook.FirstYear, outlook.LastYear).Draw(r, "year"), rapid.SampledFrom(outlook.Scenarios()).Draw(r, "scenario")))
	})
}
