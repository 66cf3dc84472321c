package study_test

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/getij/getij/internal/assume"
	"github.com/getij/getij/internal/result"
	"github.com/getij/getij/internal/study"
)

// near holds a number to a tolerance, in its own unit.
func near(t testing.TB, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance) {
		t.Errorf("%s: %.9g, want %.9g", what, got, want)
	}
}

// small is a study of ten homes, a block of the sum and a part of one, in two
// regions.
var small = []string{
	"study=small", "homes=10", "data.regions=testdata/regions.csv",
	"modes=[regular, v2g]", "contracts=[{kind: dynamic}, {name: later, kind: dynamic, net_metering: false}]",
}

func runSmall() (*result.Result, error) {
	s, err := assume.Load("", small)
	if err != nil {
		return nil, err
	}
	return study.Run(context.Background(), s, nil)
}

func folderOf(t testing.TB, r *result.Result) string {
	t.Helper()
	dir := t.TempDir()
	if err := r.Write(t.Context(), dir, result.Version{Version: "1.2.3", Commit: "abc"}); err != nil {
		t.Fatal(err)
	}
	return dir
}

func readFile(t testing.TB, path ...string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(path...))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// table is a CSV file of a result folder.
type table struct {
	t      testing.TB
	name   string
	header []string
	rows   [][]string
}

func readTable(t testing.TB, path ...string) *table {
	t.Helper()
	all, err := csv.NewReader(strings.NewReader(readFile(t, path...))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return &table{t, path[len(path)-1], all[0], all[1:]}
}

func (c *table) at(row []string, column string) string {
	c.t.Helper()
	k := slices.Index(c.header, column)
	if k < 0 {
		c.t.Fatalf("%s has no column %s: %v", c.name, column, c.header)
	}
	return row[k]
}

func (c *table) value(row []string, column string) float64 {
	c.t.Helper()
	v, err := strconv.ParseFloat(c.at(row, column), 64)
	if err != nil {
		c.t.Fatalf("%s, %s: %v", c.name, column, err)
	}
	return v
}

// column is a column of numbers.
func (c *table) column(name string) (out []float64) {
	c.t.Helper()
	for _, row := range c.rows {
		out = append(out, c.value(row, name))
	}
	return out
}

func TestAnotherSeedGivesOtherHomes(t *testing.T) {
	settings := []string{"homes=2", "modes=[regular]", "contracts=[{kind: dynamic}]"}
	var charged []float64
	for _, seed := range []string{"seed=1", "seed=2"} {
		r, err := study.RunProfiles(t.Context(), loadStudy(t, "", append(settings, seed)...), nil)
		if err != nil {
			t.Fatal(err)
		}
		charged = append(charged, r.Cases[0].Summary.ChargedKWh)
	}
	if charged[0] == charged[1] {
		t.Errorf("both seeds charge %g kWh", charged[0])
	}
}

// A study without regular charging has nothing to save against.
func TestWithoutRegularThereIsNoSaving(t *testing.T) {
	r, err := study.RunProfiles(t.Context(), loadStudy(t, "", "homes=1", "modes=[smart]", "contracts=[{kind: single}]"), nil)
	if err != nil {
		t.Fatal(err)
	}
	dir := folderOf(t, r)
	if !strings.Contains(readFile(t, dir, "summary.json"), `"saving_vs_regular_eur": null`) || !strings.Contains(readFile(t, dir, "summary.json"), `"potential": null`) {
		t.Errorf("summary.json is\n%s", readFile(t, dir, "summary.json"))
	}
	homes := readTable(t, dir, "homes.csv")
	if got := homes.at(homes.rows[0], "saving_vs_regular_eur"); got != "" {
		t.Errorf("the saving in homes.csv is %q", got)
	}
}

func TestARunStopsWhenItIsCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	_, err := study.Run(ctx, loadStudy(t, "", "homes=500", "data.regions=testdata/regions.csv"), func(stage string, _, _ int) {
		if stage == "optimising" {
			cancel()
		}
	})
	if !errors.Is(err, context.Canceled) || errors.As(err, new(*assume.InputError)) {
		t.Errorf("got %v", err)
	}
}

// Money can be computed again from what the folder holds: a home's year at its
// prices, as the home bears the netted taxes.
func TestMoneyFollowsFromThePricesInTheFolder(t *testing.T) {
	long(t)
	for name, solar := range map[string]string{"a home that takes more than it feeds in": "2500", "a home that feeds in more": "9000"} {
		t.Run(name, func(t *testing.T) {
			r, err := study.Run(t.Context(), loadStudy(t, "", "homes=1", "home.solar_kwh_per_year="+solar, "data.regions=testdata/regions.csv", "modes=[regular, v2g]",
				"contracts=[{kind: dynamic, net_metering: true}, {name: later, kind: dynamic, net_metering: false}, {name: refund, kind: dynamic, net_metering: false, energy_tax_refund_on_storage: true}, {kind: single}]"), nil)
			if err != nil {
				t.Fatal(err)
			}
			dir := folderOf(t, r)
			profiles, prices, homes := readTable(t, dir, "profiles.csv"), readTable(t, dir, "prices.csv"), readTable(t, dir, "homes.csv")
			var summary result.Summary
			if err := json.Unmarshal([]byte(readFile(t, dir, "summary.json")), &summary); err != nil {
				t.Fatal(err)
			}
			netted := map[string]float64{}
			for _, c := range summary.Contracts {
				netted[c.Contract] = c.NettedEURPerKWh
			}
			if netted["dynamic"] <= 0.1 || netted["later"] != 0 {
				t.Errorf("netted are %v", netted)
			}
			load, solar := profiles.column("home_load_kw"), profiles.column("home_solar_kw")
			for _, row := range homes.rows {
				contract, mode := homes.at(row, "contract"), homes.at(row, "mode")
				car := profiles.column(contract + "_" + mode + "_kw")
				imp, exp, storage := prices.column(contract+"_import_eur_per_kwh"), prices.column(contract+"_export_eur_per_kwh"), prices.column(contract+"_storage_export_eur_per_kwh")
				by := homes.value(row, "netted_eur_per_kwh") - netted[contract]
				cost, net := 0.0, 0.0
				for i := range car {
					home := load[i] - solar[i]
					kwh := (home + car[i]) / 4
					net += kwh
					price := imp[i]
					if kwh < 0 && home >= 0 {
						price = storage[i]
					} else if kwh < 0 {
						price = exp[i]
					}
					cost += kwh * (price + by)
				}
				near(t, contract+", "+mode+", EUR", cost, homes.value(row, "energy_cost_eur"), 0.02)
				near(t, contract+", "+mode+", net kWh", net, homes.value(row, "net_kwh"), 0.02)
			}
			if !slices.Contains(prices.header, "dynamic_v2g_stored_eur_per_kwh") || slices.Contains(prices.header, "dynamic_regular_stored_eur_per_kwh") {
				t.Errorf("the columns are %v", prices.header)
			}
			// Read back, the same.
			again, err := result.Open(dir)
			if err != nil {
				t.Fatal(err)
			}
			for k, p := range again.Prices {
				want := r.Prices[k]
				if p.Contract != want.Contract || p.NettedEURPerKWh != want.NettedEURPerKWh || !slices.Equal(p.ImportEURPerKWh, want.ImportEURPerKWh) ||
					!slices.Equal(p.ExportEURPerKWh, want.ExportEURPerKWh) || !slices.Equal(p.StorageExportEURPerKWh, want.StorageExportEURPerKWh) {
					t.Errorf("the prices of %s are read as others", want.Contract)
				}
			}
			for k, c := range again.Cases {
				want := r.Cases[k]
				if !slices.EqualFunc(c.StoredEURPerKWh, want.StoredEURPerKWh, func(a, b float64) bool { return a == b || math.IsNaN(a) && math.IsNaN(b) }) {
					t.Errorf("%s: what stored energy is worth is read as other", c.Name())
				}
			}
		})
	}
}

// Not every dwelling of a region has panels: the mean one has a share of the
// solar output, and with none it feeds in nothing by itself.
func TestTheMeanDwellingHasAShareOfTheSolarPanels(t *testing.T) {
	for share, feeds := range map[string]bool{"0": false, "1": true} {
		s, err := assume.Load("", []string{"homes=1", "modes=[v2g]", "contracts=[{name: single, kind: single}]", "potential.dwellings_with_solar=" + share})
		if err != nil {
			t.Fatal(err)
		}
		r, err := study.RunProfiles(t.Context(), s, nil)
		if err != nil {
			t.Fatal(err)
		}
		p, lowest := r.Profile("single"), math.Inf(1)
		for m := range p.Load {
			for q := range p.Load[m] {
				lowest = min(lowest, p.Load[m][q]-p.Solar[m][q])
			}
		}
		if (lowest < 0) != feeds {
			t.Errorf("with %s of the dwellings having panels the mean dwelling takes %.3f kW at least", share, lowest)
		}
	}
}
