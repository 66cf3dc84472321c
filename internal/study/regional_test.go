package study

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/getij/getij/internal/assume"
	"github.com/getij/getij/internal/outlook"
	"github.com/getij/getij/internal/potential"
	"github.com/getij/getij/internal/region"
	"github.com/getij/getij/internal/result"
)

// regionalSettings make a study quick: regions do not depend on the number of homes.
func regionalSettings(homes int, more ...string) []string {
	return append([]string{fmt.Sprintf("homes=%d", homes), "modes=[regular, smart, v2g]", "contracts=[{name: dynamic, kind: dynamic}]"}, more...)
}

// regionalReference is the reference study with few homes and every level of the
// built-in map.
var regionalReference = sync.OnceValues(func() (*result.Result, error) {
	s, err := assume.Load("", regionalSettings(4, "data.regions=schematic"))
	if err != nil {
		return nil, err
	}
	return Run(context.Background(), s, nil)
})

// of are the regions of a run, as it computes them.
func of(r *result.Result) *regional { return r.Regions.Source.(*computed).regional }

// long leaves a test that only computes to the full run.
func long(t testing.TB) {
	t.Helper()
	if testing.Short() {
		t.Skip("long: it runs without -short")
	}
}

// regionalResult is for the full run alone: 16,000 regions take seconds.
func regionalResult(t testing.TB) *result.Result {
	t.Helper()
	long(t)
	r, err := regionalReference()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// regionalTable is a CSV file of the result folder.
type regionalTable struct {
	columns []string
	rows    [][]string
}

func readRegionalCSV(t *testing.T, path string) *regionalTable {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return &regionalTable{rows[0], rows[1:]}
}

func (c *regionalTable) column(t *testing.T, name string) int {
	t.Helper()
	k := slices.Index(c.columns, name)
	if k < 0 {
		t.Fatalf("no column %s among %v", name, c.columns)
	}
	return k
}

// find is the row of a region and year.
func (c *regionalTable) find(t *testing.T, code, year string) map[string]string {
	t.Helper()
	for _, row := range c.rows {
		if row[0] == code && row[4] == year {
			out := map[string]string{}
			for k, name := range c.columns {
				out[name] = row[k]
			}
			return out
		}
	}
	t.Fatalf("no row of %s in %s", code, year)
	return nil
}

// millionths reads a number of the files in whole millionths, as it stands there.
func millionths(t *testing.T, text string) int64 {
	whole, fraction, _ := strings.Cut(text, ".")
	n, err := strconv.ParseInt(whole+(fraction + "000000")[:6], 10, 64)
	if err != nil || len(fraction) > 6 {
		t.Fatalf("%q is not a decimal number with at most six decimals", text)
	}
	return n
}

// numberIn reads a cell, NaN for an empty one.
func numberIn(t *testing.T, text string) float64 {
	if text == "" {
		return math.NaN()
	}
	v, err := strconv.ParseFloat(text, 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

const (
	contractChain = "code,name,level,parent,year,scenario,dwellings,dwellings_with_driveway,cars,vans,electric_share_cars,electric_share_vans," +
		"home_charge_points_cars,home_charge_points_vans,home_charge_points"
	contractPotential = "code,name,level,parent,year,scenario,adoption,home_charge_points,kw_per_charge_point,potential_mw,potential_mw_p5,potential_mw_p95," +
		"evening_peak_kw_without_ev,evening_peak_kw_regular,evening_peak_kw_smart,evening_peak_kw_v2g,night_peak_kw_v2g"
)

// regionalSums are the columns that add up over regions.
var regionalSums = []string{
	"dwellings", "dwellings_with_driveway", "cars", "vans", "home_charge_points_cars", "home_charge_points_vans", "home_charge_points",
	"potential_mw",
}

// regionalLevels are the levels of the built-in map with their numbers of regions.
var regionalLevels = map[string]int{"land": 1, "provincie": 12, "gemeente": 342, "wijk": 1759, "buurt": 13934}

const regionalCount = 1 + 12 + 342 + 1759 + 13934

func TestTheBuiltInMapStopsAtGemeentenUnlessAsked(t *testing.T) {
	says := func(r *result.Result) string { return strings.Join(r.Manifest.Notes, "; ") }
	real := runRegional(t)
	if got := real.Regions.Levels(); !slices.Equal(got, []string{"land", "provincie", "gemeente"}) || strings.Contains(says(real), "invented") {
		t.Errorf("the reference has %v and says %q", got, says(real))
	}
	all := regionalResult(t)
	if n := all.Regions.Len(); n != regionalCount || !strings.Contains(says(all), "wijken and buurten are invented: they exist nowhere") {
		t.Errorf("schematic: %d regions, and %q", n, says(all))
	}
	for i, code := range all.Regions.Code {
		invented := all.Regions.Level[i] == "wijk" || all.Regions.Level[i] == "buurt"
		if looks := strings.HasPrefix(code, "WK") || strings.HasPrefix(code, "BU"); looks || invented != region.Invented(code) || invented != strings.Contains(all.Regions.Name[i], ", invented ") {
			t.Fatalf("%s %s, %s", code, all.Regions.Name[i], all.Regions.Level[i])
		}
	}
	// What gemeenten have does not depend on what is invented in them.
	year := func(r *result.Result) map[string]float64 {
		y, err := r.Regions.Year(2050, "mid")
		if err != nil {
			t.Fatal(err)
		}
		points := map[string]float64{}
		for i, code := range r.Regions.Code {
			if !region.Invented(code) {
				points[code] = y.Column("home_charge_points")[i]
			}
		}
		return points
	}
	b := year(all)
	for code, points := range year(real) {
		allowed := 0.05 // thousandths are shared out over the buurten
		if code == "GM0988" || code == "PV31" || code == "NL00" {
			allowed = 12 // in Weert the types of three dwellings out of four are not known
		}
		if math.Abs(points-b[code]) > allowed {
			t.Errorf("%s has %v charge points, with invented buurten %v", code, points, b[code])
		}
	}
}

// At the report's 2 kW a thousandth of a point is 2 W, so that what is printed adds up
// with nothing rounded.
func TestByTheReportsRuleEveryLevelAddsUpToTheLastWatt(t *testing.T) {
	long(t)
	r := runRegional(t, "data.regions=schematic", "potential.kw_per_charge_point=report")
	y, err := r.Regions.Year(2050, "mid")
	if err != nil {
		t.Fatal(err)
	}
	watts := map[string]int64{}
	for i, mw := range y.Column("potential_mw") {
		watts[r.Regions.Level[i]] += int64(math.Round(1e6 * mw))
	}
	if len(watts) != len(regionalLevels) || watts["land"] == 0 {
		t.Fatalf("levels: %v", watts)
	}
	for level, sum := range watts {
		if sum != watts["land"] {
			t.Errorf("%s adds up to %d W, the country has %d", level, sum, watts["land"])
		}
	}
}

// The regional files of the reference study, one by one.
func TestRegionalFilesOfTheReferenceStudy(t *testing.T) {
	r, dir := regionalResult(t), t.TempDir()
	path := func(name string) string { return filepath.Join(dir, name) }
	few := *r.Regions // all 78 years and scenarios are a matter for a smaller study, TestRegionalFolder
	few.Years = result.FileYears()
	r = &result.Result{Study: r.Study, Axis: r.Axis, Manifest: r.Manifest, Summary: r.Summary, LoadKW: r.LoadKW, SolarKW: r.SolarKW, Prices: r.Prices, Cases: r.Cases, Regions: &few}
	if err := r.Write(t.Context(), dir, result.Version{Version: "test"}); err != nil {
		t.Fatal(err)
	}
	folder, err := result.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	chain, mw := readRegionalCSV(t, path("charge_points.csv")), readRegionalCSV(t, path("potential.csv"))
	var summary result.Summary // as a reader gets it
	raw, err := os.ReadFile(path("summary.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, &summary); err != nil {
		t.Fatal(err)
	}

	t.Run("4.5 GW in 2050 by the report's rule, what the winter evening gives by the study's", func(t *testing.T) {
		p := summary.Potential
		if p.Year != 2050 || p.Scenario != "mid" || p.Adoption != 1 || p.Report.KWPerChargePoint != 2 || p.Regions != regionalCount || !p.Schematic {
			t.Errorf("%s", raw)
		}
		if math.Abs(p.Report.FlexiblePowerGW-4.5) > 0.03*4.5 || math.Abs(p.HomeChargePoints-2_250_000) > 0.001*2_250_000 {
			t.Errorf("%.3f GW of %.0f points, want 4.5 and 2,250,000", p.Report.FlexiblePowerGW, p.HomeChargePoints)
		}
		land := mw.find(t, "NL00", "2050")
		if got := 1e9 * p.FlexiblePowerGW; math.Round(got) != float64(millionths(t, land["potential_mw"])) {
			t.Errorf("%.9f GW in the summary, %s MW in potential.csv", p.FlexiblePowerGW, land["potential_mw"])
		}
		if !(*p.FlexiblePowerP5 < p.FlexiblePowerGW && p.FlexiblePowerGW < *p.FlexiblePowerP95) {
			t.Errorf("%g GW has a band of %g to %g", p.FlexiblePowerGW, *p.FlexiblePowerP5, *p.FlexiblePowerP95)
		}
	})

	t.Run("the ten gemeenten with most", func(t *testing.T) {
		code, level, year, power := mw.column(t, "code"), mw.column(t, "level"), mw.column(t, "year"), mw.column(t, "potential_mw")
		var all []int64
		byCode := map[string]string{}
		for _, row := range mw.rows {
			if row[level] == "gemeente" && row[year] == "2050" {
				all = append(all, millionths(t, row[power]))
				byCode[row[code]] = row[power]
			}
		}
		slices.Sort(all)
		slices.Reverse(all)
		if len(summary.Potential.TopGemeenten) != 10 {
			t.Fatalf("%+v", summary.Potential.TopGemeenten)
		}
		for i, g := range summary.Potential.TopGemeenten {
			if int64(math.Round(1e6*g.MW)) != all[i] || millionths(t, byCode[g.Code]) != all[i] || g.Name == "" {
				t.Errorf("number %d is %+v; potential.csv has %s MW for it and %d W in this place", i+1, g, byCode[g.Code], all[i])
			}
		}
	})

	t.Run("columns and rows", func(t *testing.T) {
		for name, c := range map[string]struct {
			file *regionalTable
			want string
		}{"charge_points.csv": {chain, contractChain}, "potential.csv": {mw, contractPotential}} {
			if got := strings.Join(c.file.columns, ","); !strings.HasPrefix(got+",", c.want+",") {
				t.Errorf("%s begins with %s, want %s", name, got, c.want)
			}
			if len(c.file.rows) != 6*regionalCount {
				t.Errorf("%s has %d rows, want six years of %d regions", name, len(c.file.rows), regionalCount)
			}
			count := map[string]int{}
			for _, row := range c.file.rows {
				count[row[2]+" "+row[4]+" "+row[5]]++
			}
			for _, year := range []string{"2025", "2030", "2035", "2040", "2045", "2050"} {
				for level, want := range regionalLevels {
					if n := count[level+" "+year+" mid"]; n != want {
						t.Errorf("%s has %d rows of level %s in %s, want %d", name, n, level, year, want)
					}
				}
			}
			if len(count) != 6*len(regionalLevels) {
				t.Errorf("%s: %d kinds of rows: %v", name, len(count), count)
			}
		}
	})

	// What the files print, not what the program holds.
	t.Run("every level adds up to the country, MW as far as a watt a region is rounded", func(t *testing.T) {
		met := 0
		for _, file := range []*regionalTable{chain, mw} {
			for _, name := range file.columns {
				if !slices.Contains(regionalSums, name) {
					continue
				}
				met++
				k, sums := file.column(t, name), map[string]int64{}
				for _, row := range file.rows {
					sums[row[4]+" "+row[2]] += millionths(t, row[k])
				}
				if len(sums) != 6*len(regionalLevels) {
					t.Fatalf("%d sums", len(sums))
				}
				for key, sum := range sums {
					rounded := int64(0) // in millionths
					if name == "potential_mw" {
						rounded = int64(1+regionalLevels[key[5:]]) / 2
					}
					if land := sums[key[:4]+" land"]; max(sum-land, land-sum) > rounded || land == 0 {
						t.Errorf("%s in %s adds up to %d millionths, the country has %d", name, key, sum, land)
					}
				}
			}
		}
		if met != len(regionalSums)+1 { // home_charge_points is in both files
			t.Errorf("%d columns were added up", met)
		}
	})

	// Each step follows from those before it.
	t.Run("the chain", func(t *testing.T) {
		row := chain.find(t, "NL00", "2050")
		for name, want := range map[string]float64{"cars": 10e6, "vans": 1.2e6, "electric_share_cars": 1, "electric_share_vans": 1, "dwellings_with_driveway": 2.2e6} {
			if got := numberIn(t, row[name]); math.Abs(got-want) > 0.005*want {
				t.Errorf("%s: %g, want %g", name, got, want)
			}
		}
		for _, c := range chain.rows {
			if cars, vans, both := millionths(t, c[12]), millionths(t, c[13]), millionths(t, c[14]); cars+vans != both {
				t.Fatalf("%v: points for cars and vans do not add up", c)
			}
			if numberIn(t, c[7]) > numberIn(t, c[6]) {
				t.Fatalf("%v: more driveways than dwellings", c)
			}
		}
	})

	t.Run("Parquet", func(t *testing.T) {
		sameAsCSV(t, folder, "charge_points", "mid", chain)
		sameAsCSV(t, folder, "potential", "mid", mw)
	})
	t.Run("GeoPackage", func(t *testing.T) { regionalGeoPackage(t, r, path("potential.gpkg"), mw) })
	t.Run("GeoPackage as the regions of a study", func(t *testing.T) { regionalRoundTrip(t, r, path("potential.gpkg")) })
	t.Run("XLSX", func(t *testing.T) { regionalWorkbook(t, path("potential.xlsx"), &summary, chain, mw) })
}

// computedYear is what a run computes of a year and scenario.
type computedYear struct {
	*outlook.Year
	Potential []potential.Region
}

func regionalYear(t testing.TB, r *result.Result, year int, scenario string) *computedYear {
	t.Helper()
	y, p, err := of(r).year(year, scenario)
	if err != nil {
		t.Fatal(err)
	}
	return &computedYear{y, p()}
}

// runRegional runs the reference study with two homes and some settings.
func runRegional(t testing.TB, settings ...string) *result.Result {
	t.Helper()
	r, err := tryRegional(settings...)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func tryRegional(settings ...string) (*result.Result, error) {
	s, err := assume.Load("", append(regionalSettings(2, "modes=[v2g]"), settings...))
	if err != nil {
		return nil, err
	}
	return Run(context.Background(), s, nil)
}
