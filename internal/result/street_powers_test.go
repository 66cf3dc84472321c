package result_test

import (
	"encoding/json"
	"math"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/getij/getij/internal/result"
	"github.com/getij/getij/internal/series"
	"github.com/getij/getij/internal/witness"
)

// pandasReads does what docs/street.md says before the table is handed to a power-flow
// program, and takes the values of all columns at a row's number.
const pandasReads = `
import json, sys
import pandas as pd

kw = pd.read_csv(sys.argv[1], index_col=0, parse_dates=True)
steps = (kw / 1000).reset_index(drop=True)
print(json.dumps({
    "columns": list(kw.columns), "minutes": sorted({t.total_seconds() / 60 for t in kw.index.to_series().diff().dropna()}),
    "zone": str(kw.index.tz), "start": kw.index[0].isoformat(), "rows": [int(steps.index[0]), int(steps.index[-1])],
    "mw": [list(steps.loc[t, list(kw.columns)].values) for t in (0, 1, int(steps.index[-1]))],
}))
`

// The powers of homes are read by pandas as the docs say: a row a quarter-hour, counted from
// 0, and a column a home.
func TestPandasReadsTheHomesOfAStreet(t *testing.T) {
	python := witness.Python(t, "pandas", "python3-pandas")
	axis := series.NewYear(2023)
	p := &result.StreetPowers{Axis: axis, NetKW: make([][]float64, 3), CarKW: make([][]float64, 3)}
	for i := range p.NetKW {
		for s := range axis.Len() {
			p.NetKW[i] = append(p.NetKW[i], float64(i)+float64(s)/1024)
		}
	}
	for range axis.Len() {
		p.CarKW[1] = append(p.CarKW[1], -11)
	}
	path := filepath.Join(t.TempDir(), "powers.csv")
	if err := p.Write(path); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), python, "-c", pandasReads, path)
	cmd.Stderr = t.Output()
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Columns     []string
		Minutes     []float64
		Zone, Start string
		Rows        []int
		MW          [][]float64
	}
	if err := json.Unmarshal(out, &got); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	last := axis.Len() - 1
	if len(got.Columns) != 3 || got.Columns[0] != "home_1" || len(got.Minutes) != 1 || got.Minutes[0] != 15 || got.Zone != "UTC" || got.Start != "2022-12-31T23:00:00+00:00" || got.Rows[0] != 0 || got.Rows[1] != last {
		t.Errorf("pandas reads %+v", got)
	}
	for k, step := range []int{0, 1, last} {
		for i, mw := range got.MW[k] {
			want := float64(i) + float64(step)/1024
			if i == 1 {
				want -= 11
			}
			if math.Abs(1000*mw-want) > 1e-3 {
				t.Errorf("home %d, step %d: %g MW, %g kW were written", i+1, step, mw, want)
			}
		}
	}
}
