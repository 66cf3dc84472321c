package study

import (
	"context"
	"database/sql"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/parquet-go/parquet-go"
	"github.com/xuri/excelize/v2"

	"github.com/getij/getij/internal/assume"
	"github.com/getij/getij/internal/foreign/regionfile"
	"github.com/getij/getij/internal/outlook"
	"github.com/getij/getij/internal/potential"
	"github.com/getij/getij/internal/reference/regions"
	"github.com/getij/getij/internal/region"
	"github.com/getij/getij/internal/result"
	"github.com/getij/getij/internal/sample"
	"github.com/getij/getij/internal/witness"
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

func regionalResult(t testing.TB) *result.Result {
	t.Helper()
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
	if testing.Short() {
		t.Skip("long: it runs without -short")
	}
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

// A study of the 342 gemeenten without outlines: its folder as `getij run` leaves
// it. The Parquet files have every year and scenario.
func TestRegionalFolder(t *testing.T) {
	m, err := regions.Load()
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	text.WriteString("code,name,households,dwellings_detached,dwellings_semi_detached,dwellings_terraced,dwellings_apartment,cars,vans\n")
	for i := range m.Gemeenten {
		n := &m.Gemeenten[i].Counts
		fmt.Fprintf(&text, "%s,%q,%d,%d,%d,%d,%d,%d,%d\n", m.Gemeenten[i].Code, m.Gemeenten[i].Name, n.Households, n.Detached, n.SemiDetached, n.Terraced, n.Apartment, n.Cars, n.Vans)
	}
	dir := t.TempDir()
	gemeenten := filepath.Join(dir, "gemeenten.csv")
	if err := os.WriteFile(gemeenten, []byte(text.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	r := runRegional(t, "data.regions="+gemeenten, "outlook.scenario=high", "potential.kw_per_charge_point=computed", "potential.adoption=0.3")
	out := filepath.Join(dir, "results")
	if err := errors.Join(os.Mkdir(out, 0o755), r.Write(t.Context(), out, result.Version{Version: "test"})); err != nil {
		t.Fatal(err)
	}
	folder, err := result.Open(out)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"charge_points.csv", "charge_points.parquet", "potential.csv", "potential.parquet", "potential.gpkg", "potential.xlsx", "summary.json"} {
		if info, err := os.Stat(filepath.Join(out, name)); err != nil || info.Size() == 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
	const count = 1 + 12 + 342
	files := map[string]*regionalTable{}
	for _, name := range []string{"charge_points", "potential"} {
		files[name] = readRegionalCSV(t, filepath.Join(out, name+".csv"))
		path := filepath.Join(out, name+".parquet")
		rows := yearsOfParquet(t, path)
		for _, scenario := range []string{"low", "mid", "high"} {
			for year := 2025; year <= 2050; year++ {
				if n := rows[fmt.Sprintf("%s %d", scenario, year)]; n != count {
					t.Errorf("%s has %d rows of %s in %d, want %d", name, n, scenario, year, count)
				}
			}
		}
		if len(rows) != 26*3 {
			t.Errorf("%s has %d years and scenarios, want 26 times 3", name, len(rows))
		}
		sameAsCSV(t, folder, name, "high", files[name])
	}
	// Years and scenarios that are in no CSV file follow from the forecast.
	chain, err := folder.Regions.Chain(5, 1, "cars")
	if err != nil {
		t.Fatal(err)
	}
	for _, scenario := range outlook.Scenarios() {
		for _, year := range []int{2026, 2033, 2049} {
			p, err := folder.Regions.Year(year, scenario)
			if err != nil {
				t.Fatal(err)
			}
			y := regionalYear(t, r, year, scenario)
			if !slices.Equal(p.Column("home_charge_points"), y.PointsByRegion) || !slices.Equal(p.Column("cars"), y.CarsByRegion) || chain[scenario]["cars"][year-2025] != y.CarsByRegion[5] {
				t.Errorf("%s in %d differs from the forecast", scenario, year)
			}
		}
	}
	if _, err := folder.Regions.Year(2051, "mid"); err == nil || err.Error() != filepath.Join(out, "charge_points.parquet")+" has no rows of scenario mid in 2051" {
		t.Errorf("got %v", err)
	}
	// A computed power has no end of decimals: a row is off by half a watt at most.
	k, sums := files["potential"].column(t, "potential_mw"), map[string]int64{}
	for _, row := range files["potential"].rows {
		sums[row[4]+" "+row[2]] += millionths(t, row[k])
	}
	for key, sum := range sums {
		if d := sum - sums[key[:4]+" land"]; d < -172 || d > 172 {
			t.Errorf("%s adds up to %d W, the country has %d", key, sum, sums[key[:4]+" land"])
		}
	}
	if land := files["potential"].find(t, "NL00", "2050"); land["adoption"] != "0.3" || land["scenario"] != "high" {
		t.Errorf("%v", land)
	}
}

// sameAsCSV compares a Parquet file with the CSV file of the same columns.
func sameAsCSV(t *testing.T, folder *result.Result, name, scenario string, table *regionalTable) {
	t.Helper()
	p := folder.Regions
	for _, year := range result.FileYears() {
		y, err := p.Year(year, scenario)
		if err != nil {
			t.Fatal(err)
		}
		i := 0
		for _, row := range table.rows {
			if row[4] != strconv.Itoa(year) {
				continue
			}
			if p.Code[i] != row[0] || p.Name[i] != row[1] || p.Level[i] != row[2] || p.Parent[i] != row[3] || row[5] != scenario {
				t.Fatalf("%s, row %d of %d: %s %s %s %s, the CSV file has %v", name, i, year, p.Code[i], p.Name[i], p.Level[i], p.Parent[i], row[:6])
			}
			for k, column := range table.columns[6:] {
				got, want := y.Column(column)[i], numberIn(t, row[6+k])
				// Single precision holds about seven digits; what adds up is in double.
				tolerance := 1.2e-7 * math.Abs(want)
				if slices.Contains(regionalSums, column) {
					tolerance = 0
				}
				if got != want && !(math.Abs(got-want) <= tolerance) && !(math.IsNaN(got) && math.IsNaN(want)) {
					t.Fatalf("%s, %s in %d: %s is %v, the CSV file has %v", name, row[0], year, column, got, want)
				}
			}
			i++
		}
		if i != p.Len() || 6*i != len(table.rows) {
			t.Errorf("%s has %d regions in %d, the CSV file %d rows", name, p.Len(), year, i)
		}
	}
}

// yearsOfParquet counts rows by scenario and year.
func yearsOfParquet(t *testing.T, path string) map[string]int {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	type row struct {
		Year     int32  `parquet:"year"`
		Scenario string `parquet:"scenario"`
	}
	in := parquet.NewGenericReader[row](f)
	defer in.Close()
	out, rows := map[row]int{}, make([]row, 1<<14)
	for {
		n, err := in.Read(rows)
		for from := 0; from < n; { // runs of the same year
			to := from
			for to < n && rows[to] == rows[from] {
				to++
			}
			key := rows[from]
			key.Scenario = strings.Clone(key.Scenario)
			out[key] += to - from
			from = to
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	named := map[string]int{}
	for key, n := range out {
		named[fmt.Sprintf("%s %d", key.Scenario, key.Year)] = n
	}
	return named
}

// regionalGeoPackage reads the file as QGIS would, and as SQLite.
func regionalGeoPackage(t *testing.T, r *result.Result, path string, mw *regionalTable) {
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for level := range regionalLevels {
		rows, err := db.Query(`SELECT code, potential_mw_2050, home_charge_points_2030, evening_peak_kw_v2g_2050, scenario FROM potential_` + level)
		if err != nil {
			t.Fatal(err)
		}
		got := map[string][3]float64{}
		for rows.Next() {
			var code, scenario string
			var v [3]float64
			if err := rows.Scan(&code, &v[0], &v[1], &v[2], &scenario); err != nil {
				t.Fatal(err)
			}
			if got[code] = v; scenario != "mid" {
				t.Errorf("%s: scenario %q", code, scenario)
			}
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
		met := 0
		power, points, peak := mw.column(t, "potential_mw"), mw.column(t, "home_charge_points"), mw.column(t, "evening_peak_kw_v2g")
		for _, row := range mw.rows {
			for year, c := range map[string][2]int{"2050": {0, power}, "2030": {1, points}} {
				if row[2] == level && row[4] == year {
					met++
					if v := got[row[0]]; v[c[0]] != numberIn(t, row[c[1]]) || year == "2050" && v[2] != numberIn(t, row[peak]) {
						t.Fatalf("%s: %v, potential.csv has %v", row[0], v, row)
					}
				}
			}
		}
		if met != 2*regionalLevels[level] || len(got) != regionalLevels[level] {
			t.Errorf("%s: %d rows, %d compared", level, len(got), met)
		}
	}
	// Today's figures are those that the study read, and borders are there.
	data, err := regionfile.Read(t.Context(), path, regionfile.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(data.Layers) != len(regionalLevels) {
		t.Fatalf("%d layers", len(data.Layers))
	}
	for li := range data.Layers {
		l := &data.Layers[li]
		vintage := 2023
		if l.Level == region.Wijk || l.Level == region.Buurt {
			vintage = 0 // invented: of no year
		}
		if len(l.Regions) != regionalLevels[string(l.Level)] || l.CRS != region.RDNew || l.Vintage != vintage {
			t.Errorf("layer %s: %d regions in %v of %d", l.Name, len(l.Regions), l.CRS, l.Vintage)
		}
		if l.Level == region.Land {
			continue // has no figures of its own
		}
		for name, figure := range map[string]func(*outlook.Figures) float64{
			"cars": func(f *outlook.Figures) float64 { return f.Cars }, "vans": func(f *outlook.Figures) float64 { return f.Vans },
			"households":          func(f *outlook.Figures) float64 { return f.Households },
			"dwellings_detached":  func(f *outlook.Figures) float64 { return f.Detached },
			"dwellings_apartment": func(f *outlook.Figures) float64 { return f.Apartment },
		} {
			values, ok := l.Values(name)
			if !ok {
				t.Errorf("layer %s has no %s", l.Name, name)
				continue
			}
			for i := range l.Regions {
				at, _ := of(r).Set.Index(l.Regions[i].Code)
				if want := figure(&of(r).Figures[at]); values[i] != want {
					t.Fatalf("%s of %s: %g, want %g", name, l.Regions[i].Code, values[i], want)
				}
			}
		}
	}
	regionalOGR(t, path)
}

// regionalOGR opens the file with GDAL, on which QGIS stands.
func regionalOGR(t *testing.T, path string) {
	out, err := exec.CommandContext(t.Context(), witness.Program(t, "ogrinfo", "gdal-bin"), "-ro", "-so", "-al", path).CombinedOutput()
	if err != nil || strings.Contains(string(out), "Warning") {
		t.Fatalf("%v: %s", err, out)
	}
	layers := strings.Split(string(out), "Layer name: ")[1:]
	if len(layers) != len(regionalLevels) {
		t.Fatalf("ogrinfo lists %d layers: %s", len(layers), out)
	}
	extent := regexp.MustCompile(`Extent: \(([0-9.]+), ([0-9.]+)\) - \(([0-9.]+), ([0-9.]+)\)`)
	for _, l := range layers {
		name, _, _ := strings.Cut(l, "\n")
		want := regionalLevels[strings.TrimPrefix(name, "potential_")]
		for _, text := range []string{
			fmt.Sprintf("Feature Count: %d\n", want), "Geometry: Multi Polygon\n", `ID["EPSG",28992]]`, "FID Column = fid\n", "Geometry Column = geom\n",
			"code: String", "name: String", "level: String", "vintage: Integer", "cars: Real", "home_charge_points_2025: Real", "potential_mw_2050: Real", "evening_peak_kw_v2g_2050: Real",
		} {
			if !strings.Contains(l, text) {
				t.Errorf("layer %s: no %q in %s", name, text, l)
			}
		}
		e := extent.FindStringSubmatch(l)
		if e == nil {
			t.Fatalf("layer %s has no extent: %s", name, l)
		}
		// Dutch land from Cadzand to the Dollard, from Eijsden to Rottum.
		west, south, east, north := numberIn(t, e[1]), numberIn(t, e[2]), numberIn(t, e[3]), numberIn(t, e[4])
		if west < 10_000 || south < 305_000 || east > 280_000 || north > 622_000 || east-west < 250_000 || north-south < 290_000 {
			t.Errorf("layer %s spans %v", name, e[0])
		}
	}
}

// Export then import gives the same figures.
func regionalRoundTrip(t *testing.T, r *result.Result, path string) {
	again := runRegional(t, "data.regions="+path)
	if n := of(again).Set.Len(); n != regionalCount || of(again).CRS != region.RDNew || !of(again).Schematic {
		t.Fatalf("%d regions in %v", n, of(again).CRS)
	}
	for _, year := range []int{2025, 2050} {
		for _, scenario := range outlook.Scenarios() {
			got, want := regionalYear(t, again, year, scenario), regionalYear(t, r, year, scenario)
			for i := range want.PointsByRegion {
				if of(again).Set.At(i).Code != of(r).Set.At(i).Code || got.PointsByRegion[i] != want.PointsByRegion[i] ||
					got.CarsByRegion[i] != want.CarsByRegion[i] || got.VansByRegion[i] != want.VansByRegion[i] || of(again).homes[i] != of(r).homes[i] {
					t.Fatalf("%s in %d, %s: %.3f points, before %.3f", of(r).Set.At(i).Code, year, scenario, got.PointsByRegion[i], want.PointsByRegion[i])
				}
			}
		}
	}
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
	return &computedYear{y, p}
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

func regionalWorkbook(t *testing.T, path string, summary *result.Summary, chain, mw *regionalTable) {
	x, err := excelize.OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	if got := strings.Join(x.GetSheetList(), ", "); got != "Totals, Top regions, Regions, Assumptions, Scenarios, Method and sources" {
		t.Errorf("the sheets are %s", got)
	}
	sheet := func(name string) (head []string, rows [][]string) {
		all, err := x.GetRows(name, excelize.Options{RawCellValue: true})
		if err != nil || len(all) < 5 {
			t.Fatalf("sheet %s: %d rows, %v", name, len(all), err)
		}
		return all[3], all[4:]
	}
	cell := func(head, row []string, name string) string {
		k := slices.Index(head, name)
		if k < 0 {
			t.Fatalf("no column %q among %q", name, head)
		}
		return row[k]
	}
	same := func(what, got string, want float64) {
		t.Helper()
		if v := numberIn(t, got); !(math.Abs(v-want) <= 1e-6*max(1, math.Abs(want))) {
			t.Errorf("%s: %s, want %g", what, got, want)
		}
	}
	head, totals := sheet("Totals")
	if len(totals) != 3*6 {
		t.Errorf("%d totals, want six years of three scenarios", len(totals))
	}
	met := 0
	for _, row := range totals {
		if row[1] != "mid" {
			continue
		}
		met++
		c, p := chain.find(t, "NL00", row[0]), mw.find(t, "NL00", row[0])
		for name, want := range map[string]string{
			"Cars": c["cars"], "Vans": c["vans"], "Electric share, cars": c["electric_share_cars"], "Home charge points": c["home_charge_points"], "Flexible power, MW": p["potential_mw"],
			"Low (p5), MW": p["potential_mw_p5"], "High (p95), MW": p["potential_mw_p95"],
		} {
			same(name+" in "+row[0], cell(head, row, name), numberIn(t, want))
		}
		same("evening peak with V2G in "+row[0], cell(head, row, "Evening peak, V2G, MW"), numberIn(t, p["evening_peak_kw_v2g"])/1000)
		if row[0] == "2050" {
			same("flexible power of the summary", cell(head, row, "Flexible power, MW"), 1000*summary.Potential.FlexiblePowerGW)
			same("points of the summary", cell(head, row, "Home charge points"), summary.Potential.HomeChargePoints)
		}
	}
	if met != 6 {
		t.Errorf("%d years of mid", met)
	}
	head, top := sheet("Top regions")
	if len(top) != 50 {
		t.Errorf("%d top regions, want 50", len(top))
	}
	for i, g := range summary.Potential.TopGemeenten {
		if top[i][0] != g.Code || top[i][1] != g.Name {
			t.Errorf("number %d is %v, want %+v", i+1, top[i][:2], g)
		}
		same("MW of "+g.Name, cell(head, top[i], "Flexible power, MW"), g.MW)
	}
	head, every := sheet("Regions")
	sum := 0.0
	for _, row := range every {
		sum += numberIn(t, cell(head, row, "Flexible power, MW"))
	}
	if len(every) != 342 {
		t.Errorf("%d gemeenten", len(every))
	}
	same("MW of all gemeenten", strconv.FormatFloat(sum, 'f', -1, 64), 1000*summary.Potential.FlexiblePowerGW)
	all, err := x.GetRows("Method and sources")
	if err != nil {
		t.Fatal(err)
	}
	text := fmt.Sprint(all)
	for _, want := range []string{"MW = home charge points x adoption x kW per charge point / 1000", "the map is schematic", "leasing companies register cars in Almere"} {
		if !strings.Contains(text, want) {
			t.Errorf("the method does not say %q", want)
		}
	}
}

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
		return p[0]
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
	if testing.Short() {
		t.Skip("long: it runs without -short")
	}
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
	if testing.Short() {
		t.Skip("long: it runs without -short")
	}
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

// A file may have borders but no figures.
func TestRegionsWithoutFiguresAreRefused(t *testing.T) {
	sample.OnBoth(t, func(t *testing.T, data sample.Data) {
		buurten := 16
		if data.Made {
			buurten = 21
		}
		path := data.File(t, "regions/ermelo_cbs_buurten.gpkg")
		_, err := tryRegional("data.regions=" + path)
		want := fmt.Sprintf("data.regions: %s: none of the %d regions has a number of dwellings or of households: a column with one of them was expected (dwellings, or CBS's woningvoorraad or aantal_huishoudens)", path, buurten)
		if err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
		if _, ok := errors.AsType[*assume.InputError](err); !ok {
			t.Errorf("%T is not wrong input", err)
		}
	})
}

// Areas of substations: a user's own codes, level and capacities.
func TestOwnRegionsWithCapacities(t *testing.T) {
	r := runRegional(t, "data.regions=testdata/substations.csv", "study=stations", "potential.kw_per_charge_point=computed")
	dir := t.TempDir()
	if err := r.Write(t.Context(), dir, result.Version{Version: "test"}); err != nil {
		t.Fatal(err)
	}
	mw, chain := readRegionalCSV(t, filepath.Join(dir, "potential.csv")), readRegionalCSV(t, filepath.Join(dir, "charge_points.csv"))
	if got := chain.find(t, "OS-01", "2030"); got["name"] != "Station Noord, weide" || got["level"] != "onderstation" || got["parent"] != "NL00" || got["dwellings"] != "4200" || len(chain.rows) != 6*4 {
		t.Errorf("%v", got)
	}
	// 0.90 of 900, 0.55 of 1,400, 0.10 of 1,500 and 0.03 of 400.
	if got := chain.find(t, "OS-01", "2050")["dwellings_with_driveway"]; got != "1742" {
		t.Errorf("%s dwellings with a driveway, want 1742", got)
	}
	for _, year := range []string{"2025", "2030", "2035", "2040", "2045", "2050"} {
		var points, power int64
		for _, code := range []string{"OS-01", "OS-02", "OS-03"} {
			row := mw.find(t, code, year)
			points += millionths(t, row["home_charge_points"])
			power += millionths(t, row["potential_mw"])
			capacity, share, feedIn := numberIn(t, row["capacity_kw"]), numberIn(t, row["capacity_share_import"]), numberIn(t, row["capacity_share_feed_in"])
			if code == "OS-02" {
				if row["capacity_kw"] != "" || row["capacity_share_import"] != "" || row["capacity_share_feed_in"] != "" {
					t.Errorf("%s in %s has no known capacity, yet %v", code, year, row)
				}
				continue
			}
			if math.Abs(share-numberIn(t, row["highest_kw_v2g"])/capacity) > 2e-6 || math.Abs(feedIn-numberIn(t, row["feed_in_peak_kw_v2g"])/capacity) > 2e-6 || share <= 0 {
				t.Errorf("%s in %s: shares %g and %g of %g kW, with %s and %s kW", code, year, share, feedIn, capacity, row["highest_kw_v2g"], row["feed_in_peak_kw_v2g"])
			}
		}
		land := mw.find(t, "NL00", year)
		if points != millionths(t, land["home_charge_points"]) {
			t.Errorf("%s: %d millionths of a point, the land has %s", year, points, land["home_charge_points"])
		}
		// kW of a computed power have no end of decimals: half a watt a row.
		if d := power - millionths(t, land["potential_mw"]); d < -2 || d > 2 {
			t.Errorf("%s: the stations add up to %d W, the land has %s MW", year, power, land["potential_mw"])
		}
	}
	// Nothing to draw, and the file opens all the same.
	if level, _, err := r.Regions.MapLevel(); err != nil || level != "" {
		t.Errorf("a map of %s without borders, %v", level, err)
	}
	data, err := regionfile.Read(t.Context(), filepath.Join(dir, "potential.gpkg"), regionfile.Options{})
	if err != nil {
		t.Fatal(err)
	}
	last := data.Layers[len(data.Layers)-1]
	capacity, _ := last.Values("capacity_kw")
	if last.Level != "onderstation" || len(last.Regions) != 3 || capacity[0] != 12000 || !math.IsNaN(capacity[1]) || capacity[2] != 630 {
		t.Errorf("layer %s: %d regions, capacities %v", last.Name, len(last.Regions), capacity)
	}
	// The summary's largest regions are the user's.
	s := r.Summary.Potential
	if len(s.TopGemeenten) != 3 || s.TopGemeenten[0].Code != "OS-01" || s.TopGemeenten[2].Code != "OS-03" {
		t.Errorf("%+v", s.TopGemeenten)
	}
}

// A driveway analysis in the regions file replaces the shares by dwelling type.
func TestADrivewayAnalysisInTheRegionsFileIsUsed(t *testing.T) {
	file := filepath.Join(t.TempDir(), "regions.csv")
	text := "code,dwellings,dwellings_detached,dwellings_with_driveway\nBU03440101,1000,1000,40\nBU03440102,1000,1000,\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	g := of(runRegional(t, "data.regions="+file))
	for code, want := range map[string]float64{"BU03440101": 40, "BU03440102": 900} {
		i, _ := g.Set.Index(code)
		if got := g.forecast.Base.Homes[i].WithDriveway; got != want {
			t.Errorf("%s: %g dwellings with a driveway, want %g", code, got, want)
		}
	}
}

// runOwnForecast writes a file of charge points and runs a study of three stations
// with it.
func runOwnForecast(t *testing.T, text string) (*result.Result, error) {
	t.Helper()
	stations, err := os.ReadFile("testdata/substations.csv")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for name, content := range map[string]string{
		"stations.csv": string(stations), "points.csv": text,
		"study.yaml": "study: own\nhomes: 1\nmodes: [v2g]\ncontracts: [{name: single, kind: single}]\ndata: {regions: stations.csv}\noutlook: {charge_points: points.csv}\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s, err := assume.Load(filepath.Join(dir, "study.yaml"), nil)
	if err != nil {
		t.Fatal(err)
	}
	return Run(t.Context(), s, nil)
}

func TestAnOwnForecastFileReplacesTheModel(t *testing.T) {
	r, err := runOwnForecast(t, "\ufeffyear, code ,remark,home_charge_points\n2030,OS-01,\"a, b\",500\n2040, OS-01 ,,1500.5\n2050,OS-03,,40\n")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		code string
		year int
		want float64
	}{{"OS-01", 2030, 500}, {"OS-01", 2035, 1000.25}, {"OS-01", 2040, 1500.5}, {"OS-03", 2050, 40}} {
		for _, scenario := range outlook.Scenarios() {
			y := regionalYear(t, r, c.year, scenario)
			i, _ := of(r).Set.Index(c.code)
			if got := y.PointsByRegion[i]; got != c.want || y.Potential[i].Points != c.want {
				t.Errorf("%s in %d, %s: %.3f points, want %.3f", c.code, c.year, scenario, got, c.want)
			}
		}
	}
	in := r.Manifest.Inputs[len(r.Manifest.Inputs)-1]
	if in.Kind != "charge points" || in.File != "points.csv" || in.Rows != 3 || len(in.SHA256) != 64 {
		t.Errorf("the input is listed as %+v", in)
	}
}

func TestAnOwnForecastFileWithAFaultIsRefused(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"", "points.csv is empty: a file with values was expected"},
		{"code,year\nOS-01,2030\n", "points.csv has no column home_charge_points (its columns are code, year): the columns code, year, home_charge_points were expected"},
		{"code;year;home_charge_points\nOS-01;2030;1\n", `points.csv has no comma in its header "code;year;home_charge_points": columns separated by commas, with a decimal point, were expected`},
		{"code,year,home_charge_points\n", "points.csv has a header but no rows"},
		{"code,year,home_charge_points\nOS-01,2030,1\nOS-01,next,2\n", `points.csv, row 3, year is "next": a year such as 2035 was expected`},
		{"code,year,home_charge_points\nOS-01,20300,2\n", `points.csv, row 2, year is "20300": a year such as 2035 was expected`},
		{"code,year,home_charge_points\nOS-01,2030,-2\n", `points.csv, row 2, home_charge_points is "-2": a number of charge points, 0 or more, was expected`},
		{"code,year,home_charge_points\nOS-01,2030,\n", `points.csv, row 2, home_charge_points is "": a number of charge points, 0 or more, was expected`},
		{"code,year,home_charge_points\nOS-01,2030,NaN\n", `points.csv, row 2, home_charge_points is "NaN": a number of charge points, 0 or more, was expected`},
		{"code,year,home_charge_points\nOS-01,2030,1\nOS-02,2030,1\nOS-01,2030,2\n", "points.csv, row 4 gives OS-01 in 2030 again: one row per region and year was expected"},
		{"code,year,home_charge_points\nOS-01,2030\n", "points.csv, row 2 has 2 of the header's 3 columns (is the file cut off?): complete or remove the row"},
		{"code,year,home_charge_points\nOS-09,2030,1\n", "points.csv: the own forecast has region OS-09, which is not among the study's regions"},
		{"code,year,home_charge_points\nOS-01,2030,1\nNL00,2030,1\n", "points.csv: the own forecast has both OS-01 and NL00, which holds it: give one level per area"},
	} {
		_, err := runOwnForecast(t, c.text)
		if want := "outlook.charge_points: " + c.want; err == nil || err.Error() != want {
			t.Errorf("got  %v\nwant %s", err, want)
		}
		if _, ok := errors.AsType[*assume.InputError](err); !ok {
			t.Errorf("%T is not wrong input", err)
		}
	}
}

func TestAnOwnForecastFileThatIsAbsentIsRefused(t *testing.T) {
	_, err := tryRegional("data.regions=testdata/substations.csv", "outlook.charge_points=testdata/absent.csv")
	if err == nil || err.Error() != "outlook.charge_points: open testdata/absent.csv: no such file or directory" {
		t.Errorf("got %v", err)
	}
}

// BenchmarkRegional is the outlook and the potential of the 16,048 regions of
// the built-in map, 13,934 of them buurten, in 26 years and three scenarios.
func BenchmarkRegional(b *testing.B) {
	g := of(regionalResult(b))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for b.Loop() {
		for _, scenario := range outlook.Scenarios() {
			for year := outlook.FirstYear; year <= outlook.LastYear; year++ {
				if _, _, err := g.year(year, scenario); err != nil {
					b.Fatal(err)
				}
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
