package household

import (
	"encoding/csv"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/getij/getij/internal/docs"
	"github.com/getij/getij/internal/witness"
)

// tenMeters reads ten of the 72 metered homes, kW, scaled to 3,500 kWh a home.
func tenMeters(t *testing.T) [][]float64 {
	t.Helper()
	path := witness.Real(t, "load/zonnedael_2013_sample10_wh_quarter_hour.csv")
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	homes := make([][]float64, len(rows[0])-1)
	total := 0.0
	for _, row := range rows[1:] {
		for i, text := range row[1:] {
			kWh := number(t, text) / 1000
			homes[i], total = append(homes[i], 4*kWh), total+kWh
		}
	}
	if len(homes) != 10 || len(homes[0]) != 35040 {
		t.Fatalf("%s has %d homes of %d quarter-hours, 10 of 35,040 were expected", path, len(homes), len(homes[0]))
	}
	for i := range homes {
		for k := range homes[i] {
			homes[i][k] *= 3500 * float64(len(homes)) / total
		}
	}
	return homes
}

// peakOf is the median yearly peak per home of groups of n of the homes.
func peakOf(homes [][]float64, n, groups int) float64 {
	r := rand.New(rand.NewPCG(1, uint64(n)))
	var peaks []float64
	for range groups {
		sum := make([]float64, len(homes[0]))
		for _, i := range r.Perm(len(homes))[:n] {
			for k, v := range homes[i] {
				sum[k] += v
			}
		}
		peaks = append(peaks, slices.Max(sum)/float64(n))
	}
	return median(peaks)
}

// Drawn homes stand beside 72 metered ones and ten of these in docs/street.md, to which the
// tables are held; the ten are read from a file that the project does not have.
func TestDocsSetDrawnHomesBesideMeteredOnes(t *testing.T) {
	if testing.Short() {
		t.Skip("long: it runs without -short")
	}
	ten, drawn := tenMeters(t), street(t, 300, 1)
	statistics, peaks := facts(t, "household_load_statistics.csv"), facts(t, "household_peak_by_group_size.csv")
	var b strings.Builder
	sizes := []string{"1", "2", "5", "10", "20", "40", "60", "72"}
	fmt.Fprintf(&b, "| yearly peak per home of a group, kW, at 3,500 kWh a home | %s homes |\n|---|%s\n", strings.Join(sizes, " | "), strings.Repeat("---|", len(sizes)))
	line := func(name string, cell func(n int) string) {
		fmt.Fprintf(&b, "| %s |", name)
		for _, size := range sizes {
			fmt.Fprintf(&b, " %s |", cell(int(number(t, size))))
		}
		b.WriteString("\n")
	}
	line("72 metered, median", func(n int) string { return fmt.Sprintf("%.2f", number(t, peaks[fmt.Sprint(n)][1])) })
	line("ten of them, median", func(n int) string {
		if n > len(ten) {
			return ""
		}
		return fmt.Sprintf("%.2f", peakOf(ten, n, 200))
	})
	line("drawn, median of 200 groups", func(n int) string { return fmt.Sprintf("%.2f", peakOf(drawn, n, 200)) })
	b.WriteString("\n| of quarter-hours and homes | 72 metered | ten of them | drawn |\n|---|---|---|---|\n")
	ofTen, ofDrawn := measured(ten), measured(drawn)
	for _, x := range []struct{ key, name string }{
		{"sd_over_mean_median", "standard deviation over mean, median"},
		{"autocorrelation_15min_median", "correlation with the quarter-hour before, median"},
		{"autocorrelation_24h_median", "correlation with the day before, median"},
		{"correlation_between_homes_median", "correlation between two homes, median"},
		{"use_relative_to_mean_p5", "use of the year to the mean, p5"},
		{"use_relative_to_mean_p50", "use of the year to the mean, p50"},
		{"use_relative_to_mean_p95", "use of the year to the mean, p95"},
	} {
		fmt.Fprintf(&b, "| %s | %.2f | %.2f | %.2f |\n", x.name, number(t, statistics[x.key][0]), ofTen[x.key], ofDrawn[x.key])
	}
	docs.Hold(t, "street.md", "meters", b.String())
}
