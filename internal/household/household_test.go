package household

import (
	"encoding/csv"
	"math"
	"os"
	"slices"
	"strconv"
	"testing"

	"github.com/getij/getij/internal/reference"
	"github.com/getij/getij/internal/series"
)

// facts reads a table of figures, by its first column.
func facts(t *testing.T, name string) map[string][]string {
	t.Helper()
	file, err := os.Open("tables/" + name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	r := csv.NewReader(file)
	r.Comment = '#'
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][]string{}
	for _, row := range rows[1:] {
		out[row[0]] = row[1:]
	}
	return out
}

func number(t *testing.T, text string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(text, 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// street draws homes of a mean of 3,500 kWh, in 2013 as the metered ones were.
func street(t *testing.T, homes int, seed uint64) [][]float64 {
	t.Helper()
	axis := series.NewYear(2013)
	mean, err := series.ToKW(reference.Load(axis), 3500)
	if err != nil {
		t.Fatal(err)
	}
	var out [][]float64
	for i := range homes {
		out = append(out, Draw(axis, mean, seed, i))
	}
	return out
}

func mean(x []float64) (m float64) {
	for _, v := range x {
		m += v
	}
	return m / float64(len(x))
}

// correlation is that of x with y, of the same length.
func correlation(x, y []float64) float64 {
	mx, my := mean(x), mean(y)
	var xy, xx, yy float64
	for i := range x {
		xy += (x[i] - mx) * (y[i] - my)
		xx += (x[i] - mx) * (x[i] - mx)
		yy += (y[i] - my) * (y[i] - my)
	}
	return xy / math.Sqrt(xx*yy)
}

func median(x []float64) float64 {
	slices.Sort(x)
	return x[len(x)/2]
}

// measured are the statistics that the metered homes have a table of.
func measured(homes [][]float64) map[string]float64 {
	var spread, quarter, day, other, use []float64
	for i, h := range homes {
		m := mean(h)
		variance := 0.0
		for _, v := range h {
			variance += (v - m) * (v - m) / float64(len(h))
		}
		use = append(use, m)
		spread = append(spread, math.Sqrt(variance)/m)
		quarter = append(quarter, correlation(h[1:], h[:len(h)-1]))
		day = append(day, correlation(h[96:], h[:len(h)-96]))
		for _, o := range homes[:min(i, 5)] {
			other = append(other, correlation(h, o))
		}
	}
	total := mean(use)
	slices.Sort(use)
	at := func(share float64) float64 { return use[int(math.Round(share*float64(len(use)-1)))] / total }
	return map[string]float64{
		"sd_over_mean_median": median(spread), "autocorrelation_15min_median": median(quarter),
		"autocorrelation_24h_median": median(day), "correlation_between_homes_median": median(other),
		"use_relative_to_mean_p5": at(0.05), "use_relative_to_mean_p25": at(0.25), "use_relative_to_mean_p50": at(0.5),
		"use_relative_to_mean_p75": at(0.75), "use_relative_to_mean_p95": at(0.95),
	}
}

// Drawn homes are as spread out, as jumpy, as regular and as little alike as 72 metered
// ones: shares within 0.12, correlations within 0.05.
func TestDrawnHomesAreLikeMeteredOnes(t *testing.T) {
	table := facts(t, "household_load_statistics.csv")
	homes := street(t, 300, 1)
	for key, got := range measured(homes) {
		want, within := number(t, table[key][0]), 0.12
		if key != "sd_over_mean_median" && key[:3] != "use" {
			within = 0.05
		}
		t.Logf("%-34s metered %.3f, drawn %.3f", key, want, got)
		if math.Abs(got-want) > within {
			t.Errorf("%s is %.3f for drawn homes, and %.3f for metered ones", key, got, want)
		}
	}
}

// The yearly peak per home of a group falls with its size as that of metered homes does,
// within 10 %.
func TestDrawnStreetsPeakAsMeteredOnesDo(t *testing.T) {
	homes, groups := street(t, 300, 1), 200
	if testing.Short() {
		groups = 50
	}
	for size, row := range facts(t, "household_peak_by_group_size.csv") {
		n, err := strconv.Atoi(size)
		if err != nil {
			t.Fatal(err)
		}
		got, want := peakOf(homes, n, groups), number(t, row[1])
		t.Logf("%2d homes: metered %.2f kW a home, drawn %.2f", n, want, got)
		if math.Abs(got/want-1) > 0.10 {
			t.Errorf("%d homes peak at %.2f kW a home, and metered ones at %.2f", n, got, want)
		}
	}
}

// The mean of many homes is the mean that they are drawn around.
func TestDrawnHomesKeepTheMean(t *testing.T) {
	axis := series.NewYear(2024)
	want, err := series.ToKW(reference.Load(axis), 3500)
	if err != nil {
		t.Fatal(err)
	}
	homes := 1000
	if testing.Short() {
		homes = 250
	}
	sum := 0.0
	for i := range homes {
		sum += mean(Draw(axis, want, 3, i)) / float64(homes)
	}
	if got, within := sum/mean(want), 3*0.44/math.Sqrt(float64(homes)); math.Abs(got-1) > within { // three standard errors of a spread of 0.44
		t.Errorf("%d homes use %.3f of the mean that they are drawn around", homes, got)
	}
}

func TestTheSameSeedDrawsTheSameHome(t *testing.T) {
	axis := series.NewYear(2024)
	flat := slices.Repeat([]float64{0.4}, axis.Len())
	a, b, other := Draw(axis, flat, 1, 5), Draw(axis, flat, 1, 5), Draw(axis, flat, 1, 6)
	if !slices.Equal(a, b) || slices.Equal(a, other) {
		t.Error("the same seed and number must give the same home, and another number another")
	}
}
