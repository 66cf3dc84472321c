package study_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/parquet-go/parquet-go"

	"github.com/getij/getij/dispatch"
	"github.com/getij/getij/internal/result"
	"github.com/getij/getij/internal/study"
)

// files of a result folder as the contract has them; figures and report.html are
// of package report.
var files = []string{
	"charge_points.csv", "charge_points.parquet", "coincidence.csv", "datapackage.json", "findings.json", "heatmap.csv", "homes.csv", "manifest.json",
	"potential.csv", "potential.gpkg", "potential.parquet", "potential.xlsx", "potential_seasons.csv", "prices.csv", "prices.parquet",
	"profiles.csv", "profiles.parquet", "sessions.csv", "study.yaml", "summary.json", "week.csv",
}

// TestTheResultFolder runs one study on one processor for all that is to be said
// of its files.
func TestTheResultFolder(t *testing.T) {
	processors := runtime.GOMAXPROCS(1)
	r, err := runSmall()
	runtime.GOMAXPROCS(processors)
	if err != nil {
		t.Fatal(err)
	}
	dir := folderOf(t, r)
	for name, check := range map[string]func(*testing.T, *result.Result, string){
		"is complete":                                 folderIsComplete,
		"is the same from the same study":             sameAgain,
		"holds the study, which runs again":           studyRunsAgain,
		"has the year's profiles, as Parquet and CSV": profilesCoverTheYear,
		"has tables that agree with each other":       tablesAgree,
		"has every group's coincidence":               coincidenceIsWhole,
		"says how it came about":                      manifestSaysHow,
		"describes every table for programs":          tablesAreDescribed,
	} {
		t.Run(name, func(t *testing.T) { check(t, r, dir) })
	}
}

func folderIsComplete(t *testing.T, _ *result.Result, dir string) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
		if info, err := e.Info(); err != nil || info.Size() == 0 {
			t.Errorf("%s is empty: %v", e.Name(), err)
		}
	}
	if !slices.Equal(names, files) {
		t.Errorf("the folder holds\n%v\nwant\n%v", names, files)
	}
	for name, want := range map[string]string{
		"heatmap.csv":     "contract,mode,month,quarter_of_day,kw_per_home",
		"week.csv":        "contract,mode,quarter_of_week,kw_per_home",
		"coincidence.csv": "contract,mode,homes,peak_charge_kw_p5,peak_charge_kw_p50,peak_charge_kw_p95,peak_discharge_kw_p5,peak_discharge_kw_p50,peak_discharge_kw_p95",
		"homes.csv":       "home,contract,mode,charged_kwh,discharged_kwh,fed_in_kwh,own_solar_kwh,energy_cost_eur,saving_vs_regular_eur,evening_mean_kw,sessions,plugged_in_share,net_kwh,netted_eur_per_kwh,wear_eur,equivalent_full_cycles,discharging_hours,cap_eur_per_kwh,month_peak_kw,power_tariff_eur,power_band_kw,power_band_eur,home_fed_in_kwh,feed_in_fee_eur,gap_eur",
		"profiles.csv":    "utc_start,dynamic_regular_kw,dynamic_v2g_kw,later_regular_kw,later_v2g_kw,home_load_kw,home_solar_kw",
	} {
		if got := strings.Join(readTable(t, dir, name).header, ","); got != want {
			t.Errorf("%s has the columns\n%s\nwant\n%s", name, got, want)
		}
	}
}

// The same study gives the same bytes, whatever the number of processors.
func sameAgain(t *testing.T, _ *result.Result, first string) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(5))
	r, err := runSmall()
	if err != nil {
		t.Fatal(err)
	}
	again := folderOf(t, r)
	for _, name := range files {
		switch name {
		case "manifest.json", "potential.gpkg", "potential.xlsx":
			continue // they hold the time at which they were written
		}
		if readFile(t, again, name) != readFile(t, first, name) {
			t.Errorf("%s differs on 5 processors", name)
		}
	}
}

// study.yaml of a folder is the study: run again it gives the same figures.
func studyRunsAgain(t *testing.T, r *result.Result, dir string) {
	s := loadStudy(t, filepath.Join(dir, "study.yaml"))
	if got, want := written(t, s), readFile(t, dir, "study.yaml"); got != want {
		t.Errorf("read and written\n%s\nwant\n%s", got, want)
	}
	again, err := study.RunProfiles(t.Context(), s, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i, c := range again.Cases {
		if a, b := fmt.Sprint(asJSON(t, c.Summary)), fmt.Sprint(asJSON(t, r.Cases[i].Summary)); a != b {
			t.Errorf("%s is %s, was %s", c.Name(), a, b)
		}
	}
}

func asJSON(t testing.TB, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func profilesCoverTheYear(t *testing.T, r *result.Result, dir string) {
	c := readTable(t, dir, "profiles.csv")
	if len(c.rows) != 35136 {
		t.Fatalf("%d rows, 2024 has 35,136 quarter-hours", len(c.rows))
	}
	for i, row := range c.rows {
		if want := r.Axis.Time(i).Format("2006-01-02T15:04:05Z"); row[0] != want {
			t.Fatalf("row %d starts at %s, want %s", i+2, row[0], want)
		}
	}
	f, err := os.Open(filepath.Join(dir, "profiles.parquet"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	p := parquet.NewReader(f)
	var names []string
	for _, path := range p.Schema().Columns() {
		names = append(names, path[0])
	}
	if !slices.Equal(names, c.header) {
		t.Fatalf("Parquet has the columns\n%v\nCSV\n%v", names, c.header)
	}
	buffer := make([]parquet.Row, 500)
	i := 0
	for {
		n, err := p.ReadRows(buffer)
		for _, row := range buffer[:n] {
			if got := time.UnixMilli(row[0].Int64()).UTC(); !got.Equal(r.Axis.Time(i)) {
				t.Fatalf("row %d of Parquet starts at %s", i+1, got)
			}
			for k := 1; k < len(row); k++ {
				if csv := c.value(c.rows[i], names[k]); math.Abs(row[k].Double()-csv) > 0.5e-6+1e-12 {
					t.Fatalf("row %d, %s: %g in Parquet and %g in CSV", i+1, names[k], row[k].Double(), csv)
				}
			}
			i++
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if i != len(c.rows) {
		t.Errorf("Parquet has %d rows, CSV %d", i, len(c.rows))
	}
}

// Every table says the same as the profiles, averaged anew by the local clock,
// and as the homes.
func tablesAgree(t *testing.T, r *result.Result, dir string) {
	profiles, heatmap, week, homes := readTable(t, dir, "profiles.csv"), readTable(t, dir, "heatmap.csv"), readTable(t, dir, "week.csv"), readTable(t, dir, "homes.csv")
	var summary result.Summary
	if err := json.Unmarshal([]byte(readFile(t, dir, "summary.json")), &summary); err != nil {
		t.Fatal(err)
	}
	if summary.Study != "small" || summary.Year != 2024 || summary.Homes != 10 || summary.Seed != 1 || summary.Steps != 35136 || len(summary.Cases) != 4 {
		t.Fatalf("summary.json says %+v", summary)
	}
	amsterdam, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		t.Fatal(err)
	}
	clock := make([]time.Time, len(profiles.rows))
	for i, row := range profiles.rows {
		utc, err := time.Parse(time.RFC3339, row[0])
		if err != nil {
			t.Fatal(err)
		}
		clock[i] = utc.In(amsterdam)
	}
	quarter := func(c time.Time) int { return c.Hour()*4 + c.Minute()/15 }
	if len(heatmap.rows) != 4*12*96 || len(week.rows) != 4*7*96 || len(homes.rows) != 4*10 {
		t.Fatalf("%d cells of the heat map, %d of the week, %d homes", len(heatmap.rows), len(week.rows), len(homes.rows))
	}
	regular := map[string]result.CaseSummary{}
	for n, s := range summary.Cases {
		name := s.Contract + "_" + s.Mode
		kw := profiles.column(name + "_kw")
		mean := map[string]float64{}
		count := map[string]float64{}
		add := func(cell string, v float64) { mean[cell] += v; count[cell]++ }
		energy := 0.0
		for i, v := range kw {
			c := clock[i]
			add(fmt.Sprintf("month %d %d", c.Month(), quarter(c)), v)
			add(fmt.Sprintf("week %d", (int(c.Weekday())+6)%7*96+quarter(c)), v)
			if c.Hour() >= 17 && c.Hour() < 21 {
				add("evening", v)
			}
			energy += v / 4
		}
		for cell := range mean {
			mean[cell] /= count[cell]
		}
		const rounded = 1.1e-6 // two roundings to a milliwatt
		low, high := 0.0, 0.0
		for _, row := range heatmap.rows[n*12*96:][:12*96] {
			if heatmap.at(row, "contract") != s.Contract || heatmap.at(row, "mode") != s.Mode {
				t.Fatalf("the heat map has %v where %s was expected", row, name)
			}
			v := heatmap.value(row, "kw_per_home")
			near(t, name+", heat map", v, mean["month "+heatmap.at(row, "month")+" "+heatmap.at(row, "quarter_of_day")], rounded)
			low, high = min(low, v), max(high, v)
		}
		for _, row := range week.rows[n*7*96:][:7*96] {
			near(t, name+", week", week.value(row, "kw_per_home"), mean["week "+week.at(row, "quarter_of_week")], rounded)
		}
		near(t, name+", evening", s.EveningMeanKW, mean["evening"], rounded)
		near(t, name+", largest charge", s.PeakChargeKW, high, rounded)
		near(t, name+", largest discharge", s.PeakDischargeKW, -low, rounded)
		near(t, name+", charged less discharged, kWh", s.ChargedKWh-s.DischargedKWh, energy, 8784*rounded)

		sum := map[string]float64{}
		for i, row := range homes.rows[n*10:][:10] {
			if homes.at(row, "home") != strconv.Itoa(i+1) || homes.at(row, "contract") != s.Contract || homes.at(row, "mode") != s.Mode {
				t.Fatalf("homes.csv has %v where home %d of %s was expected", row, i+1, name)
			}
			for _, column := range homes.header[3:] {
				sum[column] += homes.value(row, column) / 10
			}
		}
		if s.SavingVsRegularEUR == nil {
			t.Fatalf("%s has no saving", name)
		}
		for column, want := range map[string]float64{
			"charged_kwh": s.ChargedKWh, "discharged_kwh": s.DischargedKWh, "fed_in_kwh": s.FedInKWh, "own_solar_kwh": s.OwnSolarKWh,
			"energy_cost_eur": s.EnergyCostEUR, "saving_vs_regular_eur": *s.SavingVsRegularEUR,
			"evening_mean_kw": s.EveningMeanKW, "sessions": s.Sessions, "plugged_in_share": s.PluggedInShare,
		} {
			near(t, name+", mean "+column+" of the homes", sum[column], want, 0.6e-3)
		}
		if s.Mode == "regular" {
			regular[s.Contract] = s
		}
		near(t, name+", saving", *s.SavingVsRegularEUR, regular[s.Contract].EnergyCostEUR-s.EnergyCostEUR, 1e-9)
	}
	if len(regular) != 2 {
		t.Errorf("regular charging was found under %v", slices.Collect(maps.Keys(regular)))
	}
	load, solar := profiles.column("home_load_kw"), profiles.column("home_solar_kw")
	near(t, "load, kWh", sumOf(load)/4, r.Study.Home.LoadKWhPerYear, 0.01)
	near(t, "solar, kWh", sumOf(solar)/4, r.Study.Home.SolarKWhPerYear, 0.01)
}

func sumOf(values []float64) (sum float64) {
	for _, v := range values {
		sum += v
	}
	return sum
}

func coincidenceIsWhole(t *testing.T, r *result.Result, dir string) {
	c := readTable(t, dir, "coincidence.csv")
	i := 0
	for _, k := range r.Cases {
		for _, homes := range []string{"1", "2", "5", "10", "20", "50", "100", "200", "500", "1000"} {
			row := c.rows[i]
			if c.at(row, "contract") != k.Contract || c.at(row, "mode") != k.Mode.String() || c.at(row, "homes") != homes {
				t.Fatalf("row %d is %v, want %s with %s homes", i+2, row, k.Name(), homes)
			}
			if discharges := c.value(row, "peak_discharge_kw_p50") > 0; discharges != (k.Mode == dispatch.V2G) {
				t.Errorf("row %d: %s peaks at %s kW of discharge", i+2, k.Name(), c.at(row, "peak_discharge_kw_p50"))
			}
			i++
		}
	}
	if i != len(c.rows) {
		t.Errorf("%d rows, want %d", len(c.rows), i)
	}
}

func manifestSaysHow(t *testing.T, r *result.Result, dir string) {
	var m result.Manifest
	if err := json.Unmarshal([]byte(readFile(t, dir, "manifest.json")), &m); err != nil {
		t.Fatal(err)
	}
	if m.Program != "getij" || m.Version != "1.2.3" || m.Commit != "abc" || m.Study != "small" || m.Seed != 1 || m.Written.IsZero() {
		t.Errorf("got %+v", m)
	}
	var kinds, stages []string
	for i, in := range m.Inputs {
		kinds = append(kinds, in.Kind)
		if len(in.SHA256) != 64 || in.SHA256 != r.Manifest.Inputs[i].SHA256 || in.Source == "" || in.Mends == nil {
			t.Errorf("%s: %+v", in.Kind, in)
		}
		if synthetic := i < 4; in.Synthetic != synthetic {
			t.Errorf("%s is synthetic: %v", in.Kind, in.Synthetic)
		}
	}
	if !slices.Equal(kinds, []string{"prices", "load", "solar", "sessions", "regions"}) {
		t.Errorf("the inputs are %v", kinds)
	}
	for _, s := range m.Stages {
		stages = append(stages, s.Name)
	}
	if !slices.Contains(stages, "optimisation") || !slices.Contains(stages, "files") || !(m.WallSeconds > 0) {
		t.Errorf("the stages are %v in %g s", stages, m.WallSeconds)
	}
	if m.Changes.SessionsTotal < 10*100 || m.Changes.SessionsTotalKWh < 10*2000 || m.Changes != r.Manifest.Changes {
		t.Errorf("the changes are %+v", m.Changes)
	}
}

// A folder that was changed or copied in part is not read as results.
func TestAFolderIsWhatItsManifestLists(t *testing.T) {
	r, err := runSmall()
	if err != nil {
		t.Fatal(err)
	}
	dir := folderOf(t, r)
	folder, err := result.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	listed := map[string]result.File{}
	for _, f := range folder.Manifest.Files {
		listed[f.Name] = f
	}
	for _, name := range files {
		if name == result.ManifestFile {
			continue
		}
		content := readFile(t, dir, name)
		sum := sha256.Sum256([]byte(content))
		if want := (result.File{Name: name, Bytes: int64(len(content)), SHA256: hex.EncodeToString(sum[:])}); listed[name] != want {
			t.Errorf("the manifest lists %+v, want %+v", listed[name], want)
		}
		delete(listed, name)
	}
	if len(listed) > 0 {
		t.Errorf("the manifest lists %v, which are not there", listed)
	}
	path := filepath.Join(dir, "week.csv")
	content := readFile(t, path)
	opens := func(want string) {
		t.Helper()
		if _, err := result.Open(dir); err == nil || err.Error() != want {
			t.Errorf("got %v\nwant %s", err, want)
		}
	}
	if err := os.WriteFile(path, []byte(content[:100]), 0o644); err != nil {
		t.Fatal(err)
	}
	opens(fmt.Sprintf("%s has 100 bytes, its manifest says %d: it was changed, or copied in part; copy the folder again, or run the study again", path, len(content)))
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	opens(dir + " lacks week.csv, which its manifest lists: was it copied in part? copy it again, or run the study again")
	manifest := readFile(t, dir, result.ManifestFile)
	if err := os.WriteFile(filepath.Join(dir, result.ManifestFile), []byte(strings.Replace(manifest, "week.csv", "../week.csv", 1)), 0o644); err != nil {
		t.Fatal(err)
	}
	opens(filepath.Join(dir, result.ManifestFile) + ` lists "../week.csv", which is not in the folder`)
}

// datapackage.json has every table of the folder with the columns that are in it.
func tablesAreDescribed(t *testing.T, _ *result.Result, dir string) {
	var p struct {
		Schema    string `json:"$schema"`
		Name      string
		Resources []struct {
			Name, Type, Path, Format, Description string
			Schema                                struct {
				Fields []struct{ Name, Type, Unit, Description, Description_NL string }
			}
		}
	}
	if err := json.Unmarshal([]byte(readFile(t, dir, "datapackage.json")), &p); err != nil {
		t.Fatal(err)
	}
	if p.Schema != "https://datapackage.org/profiles/2.0/datapackage.json" || p.Name != "small" {
		t.Errorf("%+v", p)
	}
	described := map[string]bool{}
	for _, x := range p.Resources {
		if described[x.Path] || x.Type != "table" || x.Description == "" || !strings.HasSuffix(x.Path, "."+x.Format) {
			t.Errorf("%+v", x)
		}
		described[x.Path] = true
		var names, columns []string
		for _, f := range x.Schema.Fields {
			names = append(names, f.Name)
			if f.Description == "" || f.Description_NL == "" || (f.Unit == "kW") != strings.Contains(f.Name, "kw") && f.Unit != "EUR/kWh" && f.Unit != "kWh" {
				t.Errorf("%s: %+v", x.Path, f)
			}
		}
		if x.Format == "csv" {
			c := readTable(t, dir, x.Path)
			columns = c.header
			for k, f := range x.Schema.Fields {
				value := c.rows[0][k]
				_, number := strconv.ParseFloat(value, 64)
				_, instant := time.Parse(time.RFC3339, value)
				if f.Type == "number" && number != nil && value != "" || f.Type == "integer" && number != nil || f.Type == "datetime" && instant != nil || f.Type == "string" && instant == nil {
					t.Errorf("%s: %s is %q, not a %s", x.Path, f.Name, value, f.Type)
				}
			}
		} else {
			columns = parquetColumns(t, filepath.Join(dir, x.Path))
		}
		if !slices.Equal(names, columns) {
			t.Errorf("%s has the columns\n%v\ndescribed are\n%v", x.Path, columns, names)
		}
	}
	for _, name := range files {
		if table := strings.HasSuffix(name, ".csv") || strings.HasSuffix(name, ".parquet"); described[name] != table {
			t.Errorf("%s is described: %v", name, described[name])
		}
	}
}

func parquetColumns(t *testing.T, path string) (names []string) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for _, path := range parquet.NewReader(f).Schema().Columns() {
		names = append(names, path[0])
	}
	return names
}
