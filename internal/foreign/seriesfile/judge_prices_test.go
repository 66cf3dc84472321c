package seriesfile

import (
	"encoding/csv"
	"fmt"
	"math"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/getij/getij/internal/dataset"
	"github.com/getij/getij/internal/witness"
)

// pricesOf is a table of 40 days of prices between 5 and 14, whose mean is 9.5, and
// of one other price.
func pricesOf(header string, other float64) string {
	return lines(header, time.Hour, 24*40, func(i int, _ time.Time) string {
		if i == 100 {
			return fmt.Sprint(other)
		}
		return fmt.Sprint(5 + i%10)
	})
}

func wantMean(t *testing.T, content string, opt Options, want float64) {
	t.Helper()
	imp, err := read(t, dataset.Prices, opt, content)
	if err != nil {
		t.Fatal(err)
	}
	if got := fact(t, imp, "mean"); math.Abs(got-want) > 1e-6 {
		t.Errorf("mean %g EUR/MWh, want %g", got, want)
	}
}

func TestCentsWithoutALabelAreAskedAbout(t *testing.T) {
	file := pricesOf("time,price", 5)
	wantError(t, dataset.Prices, file, Options{}, "mean is 9.5", "--unit ct_per_kwh", "--unit eur_per_mwh")
	wantMean(t, file, Options{Unit: "ct_per_kwh"}, 95)
	wantMean(t, file, Options{Unit: "eur_per_mwh"}, 9.5)
	wantMean(t, pricesOf("time,price ct/kWh", 5), Options{}, 95)
}

func TestOtherMoneyIsNotEUR(t *testing.T) {
	for _, name := range []string{"price_gbp_per_mwh", "Price (NOK/MWh)", "spot price £/MWh"} {
		file := pricesOf("time,"+name, 5)
		wantError(t, dataset.Prices, file, Options{}, name, "EUR", "--unit")
		wantMean(t, file, Options{Unit: "eur_per_mwh"}, 9.5)
	}
	both := lines("time,price_gbp_per_mwh,price_eur_per_mwh", time.Hour, 48, func(i int, _ time.Time) string { return "60,70" })
	wantMean(t, both, Options{}, 70)
}

func TestNoMarketHasThatPrice(t *testing.T) {
	for _, price := range []float64{95000, -501} {
		file := pricesOf("time,eur_per_mwh", price)
		wantError(t, dataset.Prices, file, Options{}, fmt.Sprintf("%g EUR/MWh at 2024-06-05T04:00Z", price), "1 of 960", "--accept-implausible")
		wantMean(t, file, Options{Implausible: true}, (9.5*960-5+price)/960)
	}
}

// The mean of the real year that is told by size, from its rows.
func TestRealPricesWithoutALabel(t *testing.T) {
	path := witness.Real(t, "prices/entsoe_nl_day_ahead_2024_raw.csv")
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	byTime := map[string]float64{} // some rows are repeated
	for _, row := range rows[1:] {
		if byTime[row[0]], err = strconv.ParseFloat(row[1], 64); err != nil {
			t.Fatal(err)
		}
	}
	mean := 0.0
	for _, v := range byTime {
		mean += v / float64(len(byTime))
	}
	imp, err := Read(t.Context(), dataset.Prices, []string{path}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got := fact(t, imp, "mean"); math.Abs(got-mean) > 1e-6 {
		t.Errorf("mean %g, want %g", got, mean)
	}
}
