package seriesfile

import (
	"encoding/csv"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/getij/getij/internal/dataset"
	"github.com/getij/getij/internal/reference"
	"github.com/getij/getij/internal/series"
	"github.com/getij/getij/internal/witness"
)

// plainPrices writes hourly prices from an instant on, as a study reads them.
func plainPrices(from time.Time, eurPerMWh []float64) string {
	var b strings.Builder
	b.WriteString("utc_start,eur_per_mwh\n")
	for i, v := range eurPerMWh {
		fmt.Fprintf(&b, "%s,%g\n", from.Add(time.Duration(i)*time.Hour).Format(time.RFC3339), v)
	}
	return b.String()
}

// year2024 is a year with the daily shapes of 2024: the built-in one.
func year2024(t *testing.T) (time.Time, []float64) {
	t.Helper()
	axis := series.NewYear(2024)
	var hourly []float64
	for i, v := range reference.NewYear(axis).DayAheadEURPerMWh {
		if i%4 == 0 {
			hourly = append(hourly, v)
		}
	}
	return time.Date(2023, 12, 31, 23, 0, 0, 0, time.UTC), hourly
}

// shiftedFrom moves the values from 31 March on by what hours says of their number.
func shiftedFrom(values []float64, hours func(i int) int) []float64 {
	const change = 90*24 + 1
	out := slices.Clone(values)
	for i := change; i < len(out); i++ {
		out[i] = values[i-hours(i)]
	}
	return out
}

func notes(t *testing.T, imp *Import, word string) (n int) {
	t.Helper()
	for _, note := range imp.Report.Notes {
		if strings.Contains(note, word) {
			n++
		}
	}
	return n
}

func TestPricesThatAreShiftedFromTheChangeOfTheClock(t *testing.T) {
	from, year := year2024(t)
	for name, hours := range map[string]func(int) int{
		"3 hours": func(int) int { return 3 }, "2 hours": func(int) int { return 2 }, "none": func(int) int { return 0 },
		"1 to 3 hours": func(i int) int { return 1 + (i-90*24)/2200 },
	} {
		file := plainPrices(from, shiftedFrom(year, hours))
		imp, err := read(t, dataset.Prices, Options{}, file)
		if hours(4400) == 0 {
			if err != nil || notes(t, imp, "daily shape") > 0 {
				t.Errorf("prices as they are: %v, %v", err, imp)
			}
			continue
		}
		for _, word := range []string{"daily shape", "h late", "--zone", "--accept-implausible"} {
			if err == nil || !strings.Contains(err.Error(), word) {
				t.Errorf("%s: %q is not in %v", name, word, err)
			}
		}
		if strings.Contains(fmt.Sprint(err), "March 2024") {
			t.Errorf("%s: March is as it should be: %v", name, err)
		}
		if _, err := read(t, dataset.Prices, Options{Implausible: true}, file); err != nil {
			t.Errorf("%s: refused, though a person knows: %v", name, err)
		}
	}
	// One hour is within what years differ by: it is told.
	imp, err := read(t, dataset.Prices, Options{}, plainPrices(from, shiftedFrom(year, func(int) int { return 1 })))
	if err != nil {
		t.Fatal(err)
	}
	if notes(t, imp, "1 h late") != 1 {
		t.Errorf("one hour late: %q", imp.Report.Notes)
	}
}

// Real years have the shape that they should have, and are told so when they are moved.
func TestTheShapeOfRealPrices(t *testing.T) {
	for _, c := range []struct {
		file   string
		column int
	}{{"prices/nl_day_ahead_2024_hourly.csv", 2}, {"prices/entsoe_nl_day_ahead_2024_raw.csv", 1}, {"prices/entsoe_web_no1_2025_quarter_hour.csv", 3}} {
		imp, err := Read(t.Context(), dataset.Prices, []string{witness.Real(t, c.file)}, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if n := notes(t, imp, "daily shape"); n > 0 {
			t.Errorf("%s: %q", c.file, imp.Report.Notes)
		}
	}
	f, err := os.Open(witness.Real(t, "prices/nl_day_ahead_2024_hourly.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var year []float64
	for _, row := range rows[1:] {
		v, err := strconv.ParseFloat(row[2], 64)
		if err != nil {
			t.Fatal(err)
		}
		year = append(year, v)
	}
	from := time.Date(2023, 12, 31, 23, 0, 0, 0, time.UTC)
	for hours := range 4 {
		imp, err := read(t, dataset.Prices, Options{}, plainPrices(from, shiftedFrom(year, func(int) int { return hours })))
		switch {
		case hours == 0 && (err != nil || notes(t, imp, "daily shape") > 0):
			t.Errorf("as it is: %v, %v", err, imp)
		case hours == 1 && (err != nil || notes(t, imp, "1 h late") != 1):
			t.Errorf("an hour late: %v, %v", err, imp)
		case hours > 1 && (err == nil || !strings.Contains(err.Error(), fmt.Sprintf("%d h late", hours))):
			t.Errorf("%d hours late: %v", hours, err)
		}
	}
}

func TestPricesOfNoMarket(t *testing.T) {
	from, year := year2024(t)
	flat, low := slices.Clone(year), slices.Clone(year)
	for i := range flat {
		flat[i] = year[i/24*24]
		low[i] /= 100
	}
	wantError(t, dataset.Prices, plainPrices(from, low), Options{Unit: "eur_per_mwh"}, "mean of", "--unit")
	wantError(t, dataset.Prices, plainPrices(from.Add(5*time.Hour), flat), Options{}, "the price of the hour before", "fixed tariff")
}

// The first half of the year in EUR/MWh, the second in ct/kWh without a word.
func TestNeighbouringFilesOfOtherUnits(t *testing.T) {
	from, year := year2024(t)
	cents := slices.Clone(year[4000:])
	for i := range cents {
		cents[i] /= 10
	}
	wantJoined := func(second string) error {
		_, err := read(t, dataset.Prices, Options{Unit: "eur_per_mwh"}, plainPrices(from, year[:4000]), second)
		return err
	}
	if err := wantJoined(plainPrices(from.Add(4000*time.Hour), year[4000:])); err != nil {
		t.Errorf("the same year in two files: %v", err)
	}
	if err := wantJoined(plainPrices(from.Add(4000*time.Hour), cents)); err == nil || !strings.Contains(err.Error(), "same unit") {
		t.Errorf("the second half in cents: %v", err)
	}
}
