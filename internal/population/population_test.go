package population_test

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"

	"github.com/getij/getij/internal/assume"
	"github.com/getij/getij/internal/population"
	"github.com/getij/getij/internal/region"
	"github.com/getij/getij/internal/result"
	"github.com/getij/getij/internal/sample"
	"github.com/getij/getij/internal/study"
	"github.com/getij/getij/internal/table"
)

// few is a population of some homes of some gemeenten.
func few(t testing.TB, share float64, years []int, settings ...string) (*population.Input, *population.Plan) {
	t.Helper()
	return prepared(t, share, years, append(settings, "data.regions="+sample.FewGemeenten(t))...)
}

// prepared is a population of the built-in study: some homes of every gemeente.
func prepared(t testing.TB, share float64, years []int, settings ...string) (*population.Input, *population.Plan) {
	t.Helper()
	s, err := assume.Load("", settings)
	if err != nil {
		t.Fatal(err)
	}
	in, plan, err := study.Population(t.Context(), s, &study.PopulationOptions{Share: share, Years: years}, result.Version{Version: "test"})
	if err != nil {
		t.Fatal(err)
	}
	return in, plan
}

var all = population.Shard{Number: 1, Of: 1}

func silent(int, int) {}

// compute makes a finished folder, in shards.
func compute(t *testing.T, in *population.Input, plan *population.Plan, workers, shards int) *population.Folder {
	t.Helper()
	f, err := population.Begin(t.TempDir(), plan, []byte("study: test\n"))
	if err != nil {
		t.Fatal(err)
	}
	for i := range shards {
		if err := f.Compute(t.Context(), in, population.Shard{Number: shards - i, Of: shards}, workers, silent); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.Finish(t.Context()); err != nil {
		t.Fatal(err)
	}
	return f
}

// contents are the files below a folder by name.
func contents(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	out := map[string][]byte{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err == nil {
			out[name], err = os.ReadFile(path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// sameBytes says whether two folders have the same files.
func sameBytes(t *testing.T, a, b string) {
	t.Helper()
	want, got := contents(t, a), contents(t, b)
	for name := range want {
		if !bytes.Equal(want[name], got[name]) {
			t.Errorf("%s differs, or is in one folder alone", name)
		}
	}
	if len(want) != len(got) {
		t.Errorf("%d files and %d", len(want), len(got))
	}
}

func TestAPopulationIsTheSameOnAnyNumberOfWorkersAndInAnyShards(t *testing.T) {
	in, plan := few(t, 0.003, nil)
	one := compute(t, in, plan, 1, 1)
	sameBytes(t, one.Dir, compute(t, in, plan, 16, 1).Dir)
	sameBytes(t, one.Dir, compute(t, in, plan, 2, 7).Dir)
}

// hasBorders reads the map as any program reads GeoParquet: each row has the border of its
// region, in degrees.
func hasBorders(t *testing.T, in *population.Input, f *population.Folder, rows int) {
	t.Helper()
	path := filepath.Join(f.Dir, population.MapFile)
	type row struct {
		Code     string `parquet:"code"`
		Geometry []byte `parquet:"geometry"`
	}
	read, err := parquet.ReadFile[row](path)
	if err != nil {
		t.Fatal(err)
	}
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		t.Fatal(err)
	}
	whole, err := parquet.OpenFile(file, info.Size())
	if err != nil {
		t.Fatal(err)
	}
	var geo struct {
		Version       string
		PrimaryColumn string `json:"primary_column"`
		Columns       map[string]struct{ Encoding string }
	}
	text, _ := whole.Lookup("geo")
	if err := json.Unmarshal([]byte(text), &geo); err != nil || geo.Version != "1.1.0" || geo.Columns[geo.PrimaryColumn].Encoding != "WKB" {
		t.Errorf("what the file says of its geometry: %q, %v", text, err)
	}
	borders := 0
	for _, r := range read {
		i, _ := in.Set.Index(r.Code)
		g, err := wkb.Unmarshal(r.Geometry)
		if err != nil {
			t.Fatalf("border of %s: %v", r.Code, err)
		}
		got, want := g.(orb.MultiPolygon), in.Set.At(i).Geometry
		if len(got) != len(want) {
			t.Fatalf("border of %s: %d polygons, %d were expected", r.Code, len(got), len(want))
		}
		if len(got) > 0 {
			borders++
			if at := got[0][0][0]; !region.InWGS84(at) || in.InDegrees && at != want[0][0][0] || !in.InDegrees && at != region.RDToWGS84(want[0][0][0]) {
				t.Fatalf("border of %s begins at %v", r.Code, at)
			}
		}
	}
	if len(read) != rows || borders < rows/2 {
		t.Errorf("%d rows, %d with a border, of %d", len(read), borders, rows)
	}
}

// Energies, money and the power of every quarter-hour are those of the gemeenten, exactly;
// peaks are not, as they fall at different times.
func TestRegionsAddUp(t *testing.T) {
	in, plan := prepared(t, 0.0003, []int{2050}) // whose regions have borders
	f := compute(t, in, plan, 0, 1)
	rows, err := population.RegionsTable().ReadCSV(filepath.Join(f.Dir, population.CSVFile))
	if err != nil {
		t.Fatal(err)
	}
	hasBorders(t, in, f, len(rows[0].Text))
	level, contractMode := rows[5].Text, func(i int) string { return rows[2].Text[i] + rows[3].Text[i] + string(rune(rows[1].Integer[i])) }
	for _, name := range []string{"home_charge_points", "charged_kwh", "discharged_kwh", "fed_in_kwh", "cost_eur", "saving_eur", "evening_winter_kw"} {
		column := columnOf(t, rows, name)
		sums := map[string]map[string]float64{}
		for i := range level {
			k := contractMode(i)
			if sums[k] == nil {
				sums[k] = map[string]float64{}
			}
			sums[k][level[i]] += column[i]
		}
		for k, s := range sums {
			tolerance := 1e-7 * math.Abs(s["land"])
			if name == "evening_winter_kw" {
				tolerance = 1 // rounding of each region's mean to a watt
			}
			if math.Abs(s["land"]-s["provincie"]) > tolerance || math.Abs(s["land"]-s["gemeente"]) > tolerance {
				t.Errorf("%s, %s: the country has %.3f, its provincies %.3f, their gemeenten %.3f", name, k, s["land"], s["provincie"], s["gemeente"])
			}
		}
	}
	for i, p := range columnOf(t, rows, "saving_eur_per_home_p50") {
		if rows[3].Text[i] == "v2g" && level[i] != "gemeente" && !(p > 20) {
			t.Errorf("half of the homes of %s save under EUR %.0f with V2G", rows[4].Text[i], p)
		}
	}
}

// What is missing in cars that leave early costs a penalty, which their homes save less by.
func TestAPenaltyIsOffWhatHomesSave(t *testing.T) {
	in, plan := few(t, 0.0006, nil, "departure.knowledge=stated")
	f := compute(t, in, plan, 0, 1)
	rows, err := population.RegionsTable().ReadCSV(filepath.Join(f.Dir, population.CSVFile))
	if err != nil {
		t.Fatal(err)
	}
	points, cost, saving := columnOf(t, rows, "home_charge_points"), columnOf(t, rows, "cost_eur"), columnOf(t, rows, "saving_eur")
	regular := map[string]float64{}
	for i, code := range rows[0].Text {
		if rows[3].Text[i] == "regular" {
			regular[code] = cost[i]
			continue
		}
		if penalty := (regular[code] - cost[i] - saving[i]) / points[i]; rows[5].Text[i] == "land" && !(penalty > 2 && penalty < 50) {
			t.Errorf("costs are EUR %.2f lower than what is saved: a penalty of some euros on the kWh that are missing was expected", penalty)
		}
	}
	if len(regular) < 2 || 2*len(regular) != len(cost) {
		t.Errorf("%d regions charge as regular, of %d rows", len(regular), len(cost))
	}
}

func columnOf(t *testing.T, rows table.Rows, name string) []float64 {
	t.Helper()
	for k, c := range population.RegionsTable().Columns {
		if c.Name == name {
			return rows[k].Real
		}
	}
	t.Fatalf("there is no column %s", name)
	return nil
}

// A file of buurten: wijken and gemeenten are computed in their part, the provincie and the
// country from all of it.
func TestBuurtenAddUpToWijkenAndGemeenten(t *testing.T) {
	file := filepath.Join(t.TempDir(), "buurten.csv")
	text := "code,name,households,dwellings_detached,dwellings_semi_detached,dwellings_terraced,dwellings_apartment,cars,vans\n"
	for _, code := range []string{"BU03440101", "BU03440102", "BU03440201", "BU03450101", "BU03450102"} {
		text += code + "," + code + ",200,40,60,60,40,230,20\n"
	}
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	in, plan := prepared(t, 1, []int{2035, 2050}, "data.regions="+file)
	f := compute(t, in, plan, 0, 1)
	rows, err := population.RegionsTable().ReadCSV(filepath.Join(f.Dir, population.CSVFile))
	if err != nil {
		t.Fatal(err)
	}
	parent, mode := rows[6].Text, rows[3].Text
	fedIn, homes := columnOf(t, rows, "fed_in_kwh"), rows[8].Integer
	found := 0
	for i, code := range rows[0].Text {
		sum, people, parts := 0.0, 0, 0
		for k := range rows[0].Text {
			if parent[k] == code && mode[k] == mode[i] && rows[1].Integer[k] == rows[1].Integer[i] {
				sum, people, parts = sum+fedIn[k], people+homes[k], parts+1
			}
		}
		if parts == 0 {
			continue
		}
		found++
		if math.Abs(sum-fedIn[i]) > 1e-6 || people != homes[i] {
			t.Errorf("%s, %s in %d: %d homes that feed in %.3f kWh, its parts have %d with %.3f", code, mode[i], rows[1].Integer[i], homes[i], fedIn[i], people, sum)
		}
		if mode[i] == "v2g" && !(fedIn[i] > 0) {
			t.Errorf("%s feeds in nothing with V2G", code)
		}
	}
	if want := 2 * 2 * (1 + 1 + 2 + 3); found != want { // land, provincie, gemeenten, wijken
		t.Errorf("%d rows have parts, %d were expected", found, want)
	}
}

func TestAHomeIsTheSameInEveryYearAndShare(t *testing.T) {
	read := func(share float64, years ...int) map[string]float64 {
		in, plan := few(t, share, years)
		f := compute(t, in, plan, 0, 1)
		out := map[string]float64{}
		paths, err := filepath.Glob(filepath.Join(f.Dir, "homes", "*.parquet"))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range paths {
			rows, err := population.HomesTable().ReadParquet(path)
			if err != nil {
				t.Fatal(err)
			}
			for i, code := range rows[0].Text {
				out[code+rows[2].Text[i]+string(rune(rows[3].Integer[i]))] = rows[9].Real[i]
			}
		}
		return out
	}
	fewer, many := read(0.002, 2030), read(0.006, 2040, 2050)
	if len(fewer) < 50 || len(many) <= len(fewer) {
		t.Fatalf("%d and %d homes: more of a larger share were expected", len(fewer), len(many))
	}
	for name, cost := range fewer {
		if many[name] != cost {
			t.Errorf("home %s costs EUR %g, and EUR %g in a larger share", name, cost, many[name])
		}
	}
}

func TestAFolderOfAnotherPopulationIsRefused(t *testing.T) {
	_, plan := prepared(t, 0.0003, nil)
	dir := t.TempDir()
	if _, err := population.Begin(dir, plan, nil); err != nil {
		t.Fatal(err)
	}
	_, other := prepared(t, 0.0004, []int{2040}, "seed=2")
	_, err := population.Begin(dir, other, nil)
	for _, want := range []string{"the share of the homes (0.03 and 0.04 %)", "the years", "the assumptions of the study", "--out"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: %q was expected", err, want)
		}
	}
}

func TestAGapIsNamed(t *testing.T) {
	in, plan := few(t, 0.0006, nil)
	f, err := population.Begin(t.TempDir(), plan, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Compute(t.Context(), in, population.Shard{Number: 1, Of: 2}, 0, silent); err != nil {
		t.Fatal(err)
	}
	err = f.Finish(t.Context())
	for _, want := range []string{"parts", "missing", plan.Name(1), "--resume"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: %q was expected", err, want)
		}
	}
	if err := f.Compute(t.Context(), in, all, 0, silent); err != nil {
		t.Fatal(err)
	}
	if err := f.Finish(t.Context()); err != nil {
		t.Error(err)
	}
}
