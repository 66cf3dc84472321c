package study_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/getij/getij/internal/result"
	"github.com/getij/getij/internal/study"
	"github.com/getij/getij/internal/witness"
)

// Two homes' years, computed again by HiGHS from the result folder alone, cost the same
// to the cent: without net metering, and with it settled over the year, of a home that
// takes more than it feeds in, and of one whose car makes it feed in as much; and with
// wear and a cap on discharging.
func TestAnotherProgramComputesTheSameYearFromTheFolder(t *testing.T) {
	long(t)
	python := witness.Python(t, "scipy.optimize", "python3-scipy")
	settled, capped := false, false
	for solar, wear := range map[string]string{"2500": "0", "7000": "0", "3000": "0.03"} {
		most := map[string]string{"0": "0", "0.03": "500"}[wear]
		dir := t.TempDir()
		r, err := study.Run(t.Context(), loadStudy(t, "", "homes=2", "modes=[regular, smart, v2g]", "home.solar_kwh_per_year="+solar, "car.wear_eur_per_kwh="+wear, "car.discharge_cap_kwh_per_year="+most,
			"contracts=[{name: dynamic, kind: dynamic}, {name: later, kind: dynamic, rules: 2027-01-01}]"), nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := r.Write(t.Context(), dir, result.Version{Version: "test"}); err != nil {
			t.Fatal(err)
		}
		out, err := exec.CommandContext(t.Context(), python, "../../bench/recompute.py", dir, "1", "2").Output()
		if err != nil {
			t.Fatal(err)
		}
		compared := 0
		for dec := json.NewDecoder(bytes.NewReader(out)); dec.More(); compared++ {
			var again struct {
				Home           int
				Contract, Mode string
				Cost           float64 `json:"energy_cost_eur"`
				Wear           float64 `json:"wear_eur"`
				Net            float64 `json:"net_kwh"`
			}
			if err := dec.Decode(&again); err != nil {
				t.Fatal(err)
			}
			for _, c := range r.Cases {
				if c.Contract != again.Contract || c.Mode.String() != again.Mode {
					continue
				}
				h := c.Homes[again.Home-1]
				if math.Abs(h.TotalEUR()-again.Cost-again.Wear) > 0.005 {
					t.Errorf("%s kWh of solar, wear %s, home %d, %s: EUR %.4f, computed again %.4f", solar, wear, again.Home, c.Name(), h.TotalEUR(), again.Cost+again.Wear)
				}
				capped = capped || h.WearEUR > 0 && h.CapEURPerKWh > 0
				settled = settled || c.Contract == "dynamic" && h.NettedEURPerKWh < r.Prices[0].NettedEURPerKWh
			}
		}
		if compared != 12 {
			t.Errorf("%d years were computed again, 2 homes x 2 contracts x 3 ways to charge were expected", compared)
		}
	}
	if !capped {
		t.Error("no cap binds")
	}
	if !settled {
		t.Error("no home feeds in as much as it takes: the settlement of net metering was not tested")
	}
}

// Peaks of gemeenten, computed again from the folder alone: from dwelling types and
// their use, mean profiles and charge points.
func TestAnotherProgramComputesTheSamePeaksFromTheFolder(t *testing.T) {
	long(t)
	python := witness.Python(t, "scipy.optimize", "python3-scipy")
	dir := t.TempDir()
	r, err := study.Run(t.Context(), loadStudy(t, "", "homes=2", "modes=[regular, v2g]", "contracts=[{name: dynamic, kind: dynamic}]", "potential.adoption=0.4"), nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Write(t.Context(), dir, result.Version{Version: "test"}); err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), python, "../../bench/recompute.py", dir, "regions").Output()
	if err != nil {
		t.Fatal(err)
	}
	again := map[string]map[string]any{}
	key := func(of func(name string) any) string { return fmt.Sprint(of("code"), of("mode"), of("season")) }
	for dec := json.NewDecoder(bytes.NewReader(out)); dec.More(); {
		var a map[string]any
		if err := dec.Decode(&a); err != nil {
			t.Fatal(err)
		}
		again[key(func(name string) any { return a[name] })] = a
	}
	compared := 0
	eachRow(t, filepath.Join(dir, "potential_seasons.csv"), func(row map[string]string) {
		a := again[key(func(name string) any { return row[name] })]
		if row["level"] != "gemeente" {
			return
		}
		compared++
		for _, name := range []string{"evening_peak_kw_without_ev", "evening_peak_kw_regular", "evening_peak_kw", "night_peak_kw"} {
			if got, want := number(t, row[name]), a[name].(float64); !(math.Abs(got-want) <= 0.01+1e-5*math.Abs(want)) {
				t.Errorf("%s, %s, %s: %s is %.3f, computed again %.3f", row["name"], row["mode"], row["season"], name, got, want)
			}
		}
	})
	if compared != 342*3 || len(again) != compared {
		t.Errorf("%d rows were compared, of %d that were computed again: 342 gemeenten x 3 seasons were expected", compared, len(again))
	}
	equivalents := 0
	eachRow(t, filepath.Join(dir, "charge_points.csv"), func(row map[string]string) {
		a := again[row["code"]+"v2gwinter"]
		if a == nil || row["year"] != "2050" {
			return
		}
		equivalents++
		if got, want := number(t, row["home_equivalents"]), a["home_equivalents"].(float64); !(math.Abs(got-want) <= 0.001) {
			t.Errorf("%s has %.3f home equivalents, computed again %.3f", row["name"], got, want)
		}
	})
	if equivalents != 342 {
		t.Errorf("home equivalents of %d gemeenten were compared", equivalents)
	}
}

// eachRow reads a CSV file row by row.
func eachRow(t *testing.T, path string, row func(map[string]string)) {
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
	for _, values := range rows[1:] {
		m := map[string]string{}
		for k, name := range rows[0] {
			m[name] = values[k]
		}
		row(m)
	}
}

func number(t *testing.T, text string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(text, 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}
