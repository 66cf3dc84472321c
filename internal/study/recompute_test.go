package study_test

import (
	"bytes"
	"encoding/json"
	"math"
	"os/exec"
	"testing"

	"github.com/getij/getij/internal/result"
	"github.com/getij/getij/internal/study"
	"github.com/getij/getij/internal/witness"
)

// Two homes' years, computed again by HiGHS from the result folder alone, cost the same
// to the cent: without net metering, and with it settled over the year, of a home that
// takes more than it feeds in, and of one whose car makes it feed in as much.
func TestAnotherProgramComputesTheSameYearFromTheFolder(t *testing.T) {
	long(t)
	python := witness.Python(t, "scipy.optimize", "python3-scipy")
	settled := false
	for _, solar := range []string{"2500", "7000"} {
		dir := t.TempDir()
		r, err := study.Run(t.Context(), loadStudy(t, "", "homes=2", "modes=[regular, smart, v2g]", "home.solar_kwh_per_year="+solar,
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

				if math.Abs(h.CostEUR-again.Cost) > 0.005 {
					t.Errorf("%s kWh of solar, home %d, %s: EUR %.4f, computed again %.4f", solar, again.Home, c.Name(), h.CostEUR, again.Cost)
				}
				settled = settled || c.Contract == "dynamic" && h.NettedEURPerKWh < r.Prices[0].NettedEURPerKWh
			}
		}
		if compared != 12 {
			t.Errorf("%d years were computed again, 2 homes x 2 contracts x 3 ways to charge were expected", compared)
		}
	}
	if !settled {
		t.Error("no home feeds in as much as it takes: the settlement of net metering was not tested")
	}
}
