package study

import (
	"database/sql"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"
	"github.com/xuri/excelize/v2"

	"github.com/getij/getij/internal/foreign/regionfile"
	"github.com/getij/getij/internal/outlook"
	"github.com/getij/getij/internal/reference/regions"
	"github.com/getij/getij/internal/region"
	"github.com/getij/getij/internal/result"
	"github.com/getij/getij/internal/witness"
)

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
	// Its findings are stored in the words of before; one is told no more.
	now := slices.Clone(r.Findings.Findings)
	for i := range r.Findings.Findings {
		r.Findings.Findings[i].EN, r.Findings.Findings[i].NL = "Its cars feed in.", "Haar auto's leveren terug."
	}
	gone := result.Finding{About: "pays", Key: "pays.of_before", EN: "It paid once.", NL: "Ooit loonde het."}
	r.Findings.Findings = append(r.Findings.Findings, gone)
	if err := errors.Join(os.Mkdir(out, 0o755), r.Write(t.Context(), out, result.Version{Version: "test"})); err != nil {
		t.Fatal(err)
	}
	folder, err := result.Open(out)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range append(now, gone) {
		if got := folder.Findings.Findings[i]; got.EN != want.EN || got.NL != want.NL {
			t.Errorf("%s is read as\n%s\nnot\n%s", want.Key, got.EN, want.EN)
		}
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
