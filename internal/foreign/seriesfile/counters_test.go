package seriesfile

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/getij/getij/internal/dataset"
)

// made is the energy of all series of solar output in MWh.
func made(t *testing.T, content string) float64 {
	t.Helper()
	imp, err := read(t, dataset.Solar, Options{}, content)
	if err != nil {
		t.Fatal(err)
	}
	return totalOf(imp) * imp.Series[0].Series.Every.Hours()
}

func TestACounterOfSolarOutput(t *testing.T) {
	plain := func(_ int, share float64) string { return fmt.Sprintf("%.3f", 4*share) }
	want := made(t, panels("kwh", 0, plain))
	if want < 3 {
		t.Fatalf("%g MWh a year", want)
	}
	counter, today, day := 8123.0, 0.0, -1
	ever := func(_ int, share float64) string {
		counter += math.Round(4000*share) / 1000
		return fmt.Sprintf("%.3f", counter)
	}
	total := panels("total_production_kwh", 1, ever) // a reading is of the begin of its hour
	daily := panels("E-Today(kWh)", 1, func(i int, share float64) string {
		if d := (i + 1) / 24; d != day {
			day, today = d, 0
		}
		today += math.Round(4000*share) / 1000
		return fmt.Sprintf("%.3f", today)
	})
	// Inverters that are off at night write no rows.
	var off strings.Builder
	for i, line := range strings.SplitAfter(total, "\n") {
		if h := (i - 1) % 24; i == 0 || h > 1 && h < 23 {
			off.WriteString(line)
		}
	}
	// The day's counter stands at 0 at night, which some write on some days only.
	newest := strings.SplitAfter(daily, "\n")
	for i, line := range newest {
		if i/24%2 == 1 {
			newest[i] = strings.Replace(line, ",0.000\n", ",\n", 1)
		}
	}
	some := strings.Join(newest, "")
	slices.Reverse(newest[1 : len(newest)-1])
	for name, content := range map[string]string{
		"ever": total, "of the day": daily, "without nights": off.String(),
		"some zeros": some, "newest first": strings.Join(newest, ""),
	} {
		if got := made(t, content); math.Abs(got-want) > 0.003*want {
			t.Errorf("%s: %g MWh, want %g", name, got, want)
		}
	}
	wantError(t, dataset.Solar, panels("vermogen kW", 1, func(_ int, share float64) string {
		counter += 4 * share
		return fmt.Sprintf("%.3f", counter)
	}), Options{}, "readings of a counter")
}

func TestACounterOfTheDayOfLoad(t *testing.T) {
	today := 0.0
	content := lines("time,verbruik vandaag kWh", time.Hour, 24*7, func(_ int, at time.Time) string {
		if at.In(time.FixedZone("CEST", 7200)).Hour() == 0 {
			today = 0
		}
		today += 0.25
		return fmt.Sprintf("%.2f", today)
	})
	wantError(t, dataset.Load, content, Options{}, "begins anew", "--format registers")
	wantTotal(t, content, Options{Format: "registers"}, 0.25*(24*7-1))
}

func TestAMinusBehindItsNumber(t *testing.T) {
	content := "Tijd;Prijs (EUR/MWh)\n"
	for h := range 24 {
		content += fmt.Sprintf("01-06-2024 %02d:00;%s\n", h, []string{"12,5-", "1.062,5", "40,0"}[h%3])
	}
	imp, err := read(t, dataset.Prices, Options{Implausible: true}, content)
	if err != nil {
		t.Fatal(err)
	}
	if v := imp.Series[0].Series.Values; v[0] != -12.5 || v[1] != 1062.5 || v[2] != 40 {
		t.Errorf("prices %v", v[:3])
	}
}
