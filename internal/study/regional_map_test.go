package study

import (
	"fmt"
	"math"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/getij/getij/internal/outlook"
	"github.com/getij/getij/internal/potential"
	"github.com/getij/getij/internal/reference/regions"
	"github.com/getij/getij/internal/region"
	"github.com/getij/getij/internal/result"
	"github.com/getij/getij/internal/sample"
	"github.com/getij/getij/internal/witness"
)

// Adoption and power per charge point change MW and peaks, not points.
func TestPotentialOfTheReferenceStudyByAdoption(t *testing.T) {
	r := regionalResult(t)
	whole := func(s potential.Settings) potential.Region {
		m, err := potential.New(of(r).profile, s)
		if err != nil {
			t.Fatal(err)
		}
		g := *of(r)
		g.model = m
		_, p, err := g.year(2050, "mid")
		if err != nil {
			t.Fatal(err)
		}
		return p()[0]
	}
	one := whole(potential.Settings{KW: 2, Adoption: 1})
	half, none := whole(potential.Settings{KW: 2, Adoption: 0.5}), whole(potential.Settings{KW: 2})
	if half.MW != one.MW/2 || none.MW != 0 || half.Points != one.Points {
		t.Errorf("%g MW at adoption 1, %g at 0.5, %g at 0", one.MW, half.MW, none.MW)
	}
	if none.EveningPeakV2G != none.EveningPeakRegular || none.ReliefKW != 0 {
		t.Errorf("without adoption the evening peak is %g kW with V2G and %g as regular", none.EveningPeakV2G, none.EveningPeakRegular)
	}
	// Many homes' evening: V2G takes away more than the cars bring.
	if !(one.EveningPeakV2G < one.EveningPeakSmart && one.EveningPeakSmart < one.EveningPeakRegular && one.EveningPeakWithout < one.EveningPeakRegular) || one.ReliefKW < 1e6 {
		t.Errorf("evening peaks: %.0f MW without cars, %.0f regular, %.0f smart, %.0f V2G", one.EveningPeakWithout/1000, one.EveningPeakRegular/1000, one.EveningPeakSmart/1000, one.EveningPeakV2G/1000)
	}
	// The study's own value is that of its summary, by season.
	p := r.Summary.Potential
	for _, season := range potential.Seasons() {
		got := whole(potential.Settings{Rule: potential.Computed, Season: season, Adoption: 1})
		if want := -p.Season(p.Contract, "v2g", season.Name).EveningMeanKW; got.KWPerPoint != want || want < 0.3 {
			t.Errorf("%s: %g kW per point, the mean evening has %g", season.Name, got.KWPerPoint, want)
		}
	}
	if got := whole(potential.Settings{Rule: potential.Report, Adoption: 1}); got.MW != one.MW {
		t.Errorf("the report's rule makes %g MW, 2 kW a point %g", got.MW, one.MW)
	}
	computed := whole(potential.Settings{Rule: potential.Computed, Adoption: 1})
	// Of small groups more is left than of large ones, per home.
	coincidence, err := potential.New(of(r).profile, potential.Settings{Rule: potential.Coincidence, Adoption: 1})
	if err != nil {
		t.Fatal(err)
	}
	before := math.Inf(1)
	for _, n := range []float64{1, 5, 40, 300, 1e6} {
		kw := coincidence.Region(potential.Homes{Dwellings: 3 * n, Equivalents: 3 * n}, n, math.NaN(), potential.Band{}).KWPerPoint
		if kw > before || kw < computed.KWPerPoint {
			t.Errorf("%g homes count for %.2f kW each, fewer for %.2f", n, kw, before)
		}
		before = kw
	}
}

func TestNotesSayWhatWasMendedInTheRegions(t *testing.T) {
	notes := strings.Join(regionalResult(t).Manifest.Notes, "\n")
	for _, want := range []string{
		"the map is schematic: gemeenten are real with their figures of 2023",
		"regions: 40 with dwelling types for far fewer dwellings than households: scaled up to the households",
		"leasing companies register cars in Almere, Wierden, Amersfoort, Houten, Haarlemmermeer, Breda: the number of similar gemeenten is used there",
		"leasing companies register vans in Almere, Wierden, Barneveld, ",
	} {
		if !strings.Contains(notes, want) {
			t.Errorf("no note %q in\n%s", want, notes)
		}
	}
}

// Gemeenten are what a map of the country shows; simplified, their borders still
// cover it.
func TestOutlinesOfTheMapAreSimplifiedTogether(t *testing.T) {
	level, outlines, err := regionalResult(t).Regions.MapLevel()
	if err != nil || level != "gemeente" {
		t.Fatalf("the map shows %q, %v", level, err)
	}
	area := func(toleranceM float64) (m2 float64, points int) {
		list, err := region.Simplify(outlines, toleranceM)
		if err != nil {
			t.Fatal(err)
		}
		if len(list) != 342 || list[0].Code != regionalResult(t).Regions.Code[13] {
			t.Fatalf("%d outlines", len(list))
		}
		for _, r := range list {
			m2 += region.AreaM2(r.Geometry)
			for _, p := range r.Geometry {
				for _, ring := range p {
					points += len(ring)
				}
			}
		}
		return m2, points
	}
	m2, points := area(0)
	simple, fewer := area(500)
	if math.Abs(simple-m2) > 0.01*m2 || fewer > points/2 {
		t.Errorf("%d points cover %.0f km2, simplified %d cover %.0f", points, m2/1e6, fewer, simple/1e6)
	}
}

// Real files as the regions of a study. What they bring decides what comes out:
//
//   - wijken 2022 have dwellings and borders: types, households and vehicles come
//     from their gemeente (2023). They have 1.2 % more dwellings than the table of
//     2023 has by type, so as many more with a driveway, cars and points.
//   - gemeenten 2023 have households: all else is the built-in table's, and so is
//     the country's total.
//   - the buurten of 2016 of grid operator Stedin have dwellings by type and cars,
//     for 30 % of the country's dwellings, in its most urban part: 22 % of the
//     driveways and of the points.
func TestRealRegionsRunAsAStudy(t *testing.T) {
	long(t)
	for _, c := range []struct {
		file                    string
		levels                  string
		regions, gemeenten      int
		dwellings, withDriveway float64
		cars, points            float64
		changes                 string
		vintage                 int
		crs                     region.CRS
		withMap                 bool
		gemeente                string
		gemeentePoints          float64
	}{
		{
			"cbs_wijken_2022_rd.gpkg", "[land provincie gemeente wijk]", 1 + 12 + 345 + 3340, 345, 8_045_580, 2_230_000, 10_124_000, 2_277_000,
			"types 3309, cars 3340, vans 3340", 2022, region.RDNew, true, "GM0200", 24_680,
		},
		{
			"cbs_gemeenten_2023.geojson", "[land provincie gemeente]", 1 + 12 + 342, 342, 7_949_576, 2_203_450, 10_000_000, 2_250_001,
			"dwellings 342, types 342, cars 342, vans 342", 2023, region.WGS84, true, "GM0200", 24_477,
		},
		{
			"buurt_2016_stedin_dwellings_cars.csv", "[land gemeente wijk buurt]", 1 + 131 + 870 + 3386, 131, 2_366_386, 496_000, 2_634_000, 500_100,
			"vans 3386", 2016, 0, false, "GM0599", 26_970,
		},
	} {
		t.Run(c.file, func(t *testing.T) {
			r := runRegional(t, "potential.kw_per_charge_point=report", "data.regions="+witness.Real(t, "regions/"+c.file))
			g := of(r)
			if got := fmt.Sprint(g.Set.Levels()); got != c.levels || g.Set.Len() != c.regions || len(g.Set.OfLevel(region.Gemeente)) != c.gemeenten {
				t.Errorf("%d regions, %d gemeenten, levels %s; want %d, %d, %s", g.Set.Len(), len(g.Set.OfLevel(region.Gemeente)), got, c.regions, c.gemeenten, c.levels)
			}
			if got := imputed(r); got != c.changes {
				t.Errorf("imputed: %s; want %s", got, c.changes)
			}
			y := regionalYear(t, r, 2050, "mid")
			home := g.forecast.Base.Homes[0]
			at, ok := g.Set.Index(c.gemeente)
			if !ok {
				t.Fatalf("no %s", c.gemeente)
			}
			for _, v := range []struct {
				what      string
				got, want float64
			}{
				{"dwellings", home.Dwellings, c.dwellings},
				{"with a driveway", home.WithDriveway, c.withDriveway},
				{"cars in 2050", y.CarsByRegion[0], c.cars},
				{"points in 2050", y.PointsByRegion[0], c.points},
				{"points in 2050 of " + c.gemeente, y.PointsByRegion[at], c.gemeentePoints},
				{"MW", y.Potential[0].MW, 2 * c.points / 1000},
			} {
				if math.Abs(v.got-v.want) > 0.002*v.want {
					t.Errorf("%s: %.0f, want %.0f", v.what, v.got, v.want)
				}
			}
			regionsHoldTogether(t, r)
			level, _, err := r.Regions.MapLevel()
			if err != nil {
				t.Fatal(err)
			}
			if ok := level != ""; ok != c.withMap || g.CRS != c.crs || g.Set.At(g.Set.Len()-1).Vintage != c.vintage || g.Schematic {
				t.Errorf("map %v, %v, of %d", level, g.CRS, g.Set.At(g.Set.Len()-1).Vintage)
			}
		})
	}
}

// imputed are the counts of what a regions file lacked.
func imputed(r *result.Result) string {
	ch := &of(r).forecast.Changes
	var changes []string
	for _, x := range []struct {
		what string
		n    int
	}{{"dwellings", ch.NoDwellings}, {"types", ch.NoTypes}, {"cars", ch.NoCars}, {"vans", ch.NoVans}, {"nothing", ch.NothingKnown}, {"too few types", ch.TooFewTypes}, {"driveways", ch.Driveways}} {
		if x.n > 0 {
			changes = append(changes, fmt.Sprintf("%s %d", x.what, x.n))
		}
	}
	return strings.Join(changes, ", ")
}

// regionsHoldTogether asserts what is so of any regions.
func regionsHoldTogether(t *testing.T, r *result.Result) {
	t.Helper()
	g, y := of(r), regionalYear(t, r, 2050, "mid")
	sums := map[region.Level]int64{}
	for i, v := range y.PointsByRegion {
		sums[g.Set.At(i).Level] += int64(math.Round(1000 * v))
	}
	for level, sum := range sums {
		if sum != sums[region.Land] {
			t.Errorf("%s adds up to %d thousandths of a point, the land has %d", level, sum, sums[region.Land])
		}
	}
	for i, h := range g.forecast.Base.Homes {
		if rounding := 0.001 * float64(g.Set.Len()); y.PointsCarsByRegion[i] > 1.1*h.WithDriveway+rounding || y.PointsVansByRegion[i] > h.WithDriveway+rounding {
			t.Errorf("%s: %.3f points for cars and %.3f for vans at %.3f driveways", g.Set.At(i).Code, y.PointsCarsByRegion[i], y.PointsVansByRegion[i], h.WithDriveway)
		}
	}
}

// The built-in regions as files of three kinds, each with less than the built-in
// table has. What is left out is made up for, so that each gemeente comes to what
// it has in the reference study:
//
//   - gemeenten with households alone: all else is the built-in table's;
//   - wijken with dwellings alone: types and households are their gemeente's,
//     vehicles its number per household;
//   - buurten with dwellings by type and cars, of a third of the gemeenten: vans are
//     their gemeente's.
func TestMadeRegionsComeToWhatTheBuiltInOnesDo(t *testing.T) {
	long(t)
	m, err := regions.Load()
	if err != nil {
		t.Fatal(err)
	}
	counts, inDwellings := map[string]regions.Counts{}, 0
	for i := range m.Gemeenten {
		counts[m.Gemeenten[i].Code] = m.Gemeenten[i].Counts
		if sample.InDwellings(i) {
			for k := range m.Buurten {
				if m.Buurten[k].Gemeente == m.Gemeenten[i].Code {
					inDwellings++
				}
			}
		}
	}
	builtIn := regionalResult(t)
	points := regionalYear(t, builtIn, 2050, "mid").PointsByRegion
	for _, c := range []struct {
		file      string
		gemeenten int
		levels    string
		changes   string
		vintage   int
		crs       region.CRS
		withMap   bool
		dwellings func(regions.Counts) int
		share     func(regions.Counts) float64 // of its points in the reference study
		tolerance float64
	}{
		{
			"cbs_gemeenten_2023.geojson", 342, "[land provincie gemeente]", "dwellings 342, types 342, cars 342, vans 342", 2023, region.WGS84, true,
			func(c regions.Counts) int {
				if fewTypes(c) {
					return c.Households
				}
				return c.Dwellings()
			},
			func(regions.Counts) float64 { return 1 }, 0.005,
		},
		{
			"cbs_wijken_2022_rd.gpkg", 342, "[land provincie gemeente wijk]", "types 1759, cars 1759, vans 1759", 2022, region.RDNew, true,
			func(c regions.Counts) int { return c.Dwellings() },
			func(c regions.Counts) float64 {
				if fewTypes(c) {
					return float64(c.Dwellings()) / float64(c.Households)
				}
				return 1
			}, 0.005,
		},
		{
			"buurt_2016_stedin_dwellings_cars.csv", 114, "[land provincie gemeente wijk buurt]", fmt.Sprintf("vans %d", inDwellings), 2016, 0, false,
			func(c regions.Counts) int { return c.Dwellings() },
			func(regions.Counts) float64 { return 1 }, 0.005,
		},
	} {
		t.Run(c.file, func(t *testing.T) {
			r := runRegional(t, "data.regions="+sample.File(t, "regions/"+c.file))
			g, y := of(r), regionalYear(t, r, 2050, "mid")
			list := g.Set.OfLevel(region.Gemeente)
			if got := fmt.Sprint(g.Set.Levels()); len(list) != c.gemeenten || got != c.levels || imputed(r) != c.changes {
				t.Errorf("%d gemeenten, levels %s, imputed %s; want %d, %s, %s", len(list), got, imputed(r), c.gemeenten, c.levels, c.changes)
			}
			dwellings, compared, ownCars, leasing := 0, 0, !strings.Contains(c.changes, "cars"), g.forecast.Changes.LeaseCars
			for _, i := range list {
				code := g.Set.At(i).Code
				at, ok := of(builtIn).Set.Index(code)
				if !ok {
					t.Fatalf("no gemeente %s is built in", code)
				}
				dwellings += c.dwellings(counts[code])
				want := points[at] * c.share(counts[code])
				// Near the limit beyond which cars are a leasing company's, cars per
				// dwelling and per household may lie on either side.
				if name := g.Set.At(i).Name; slices.Contains(leasing, name) != slices.Contains(of(builtIn).forecast.Changes.LeaseCars, name) && ownCars {
					continue
				}
				compared++
				if got := y.PointsByRegion[i]; math.Abs(got-want) > c.tolerance*want {
					t.Errorf("%s: %.1f points in 2050, want %.1f", code, got, want)
				}
			}
			if compared < len(list)*95/100 {
				t.Errorf("only %d of %d gemeenten were compared", compared, len(list))
			}
			if got := g.forecast.Base.Homes[0].Dwellings; math.Abs(got-float64(dwellings)) > 0.5 {
				t.Errorf("%.3f dwellings, the file has %d", got, dwellings)
			}
			regionsHoldTogether(t, r)
			level, _, err := r.Regions.MapLevel()
			if err != nil {
				t.Fatal(err)
			}
			if ok := level != ""; ok != c.withMap || g.CRS != c.crs || g.Set.At(g.Set.Len()-1).Vintage != c.vintage || g.Schematic {
				t.Errorf("map %v, %v, of %d", level, g.CRS, g.Set.At(g.Set.Len()-1).Vintage)
			}
		})
	}
}

// fewTypes says whether dwellings by type are known of a part of the households
// only, as of Weert's.
func fewTypes(c regions.Counts) bool { return 10*c.Dwellings() < 6*c.Households }

// BenchmarkRegional is the outlook and the potential of the 16,048 regions of
// the built-in map, 13,934 of them buurten, in 26 years and three scenarios.
func BenchmarkRegional(b *testing.B) {
	g := of(regionalResult(b))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for b.Loop() {
		for _, scenario := range outlook.Scenarios() {
			for year := outlook.FirstYear; year <= outlook.LastYear; year++ {
				_, p, err := g.year(year, scenario)
				if err != nil {
					b.Fatal(err)
				}
				p()
			}
		}
	}
	runtime.ReadMemStats(&after)
	b.ReportMetric(b.Elapsed().Seconds()/float64(b.N), "s")
	b.ReportMetric(float64(after.TotalAlloc-before.TotalAlloc)/float64(b.N)/1e6, "MB-allocated")
	b.ReportMetric(float64(after.HeapSys)/1e6, "MB-heap")
	b.ReportMetric(0, "ns/op")
}

// Household use by type moves peaks between regions; those of the country, and all
// megawatts, stay.
func TestUseByTypeLeavesTheCountryAsItIs(t *testing.T) {
	long(t)
	alike := runRegional(t, "home.use_detached=1", "home.use_semi_detached=1", "home.use_terraced=1", "home.use_apartment=1")
	byType := runRegional(t)
	was, is := regionalYear(t, alike, 2050, "mid"), regionalYear(t, byType, 2050, "mid")
	for code, bounds := range map[string][2]float64{"NL00": {1 - 1e-6, 1 + 1e-6}, "GM0363": {0.70, 0.80}, "GM1681": {1.25, 1.35}} {
		i, ok := of(byType).Set.Index(code)
		if !ok {
			t.Fatalf("no %s", code)
		}
		if got := is.Potential[i].EveningPeakWithout / was.Potential[i].EveningPeakWithout; !(got > bounds[0] && got < bounds[1]) {
			t.Errorf("%s: the evening peak without cars is %.6f of what it is with the same use everywhere, %g to %g were expected", code, got, bounds[0], bounds[1])
		}
		if got, want := is.Potential[i].MW, was.Potential[i].MW; got != want {
			t.Errorf("%s: %g MW, with the same use everywhere %g", code, got, want)
		}
	}
}
