package seriesfile

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/getij/getij/internal/dataset"
	"github.com/getij/getij/internal/reference"
	"github.com/getij/getij/internal/series"
)

// pricesLike writes a year of prices with the built-in means of 2024 by month and hour,
// higher and lower by turns from day to day.
func pricesLike(year int, month func(m int) int, plus float64) string {
	known, _ := reference.MonthHours()
	var b strings.Builder
	b.WriteString("utc_start,eur_per_mwh")
	y := series.NewYear(year)
	for h := range int(y.Start.AddDate(1, 0, 0).Sub(y.Start).Hours()) {
		at := y.Start.Add(time.Duration(h) * time.Hour)
		local := at.In(series.Amsterdam())
		day := float64(local.Day()%2*40 - 20)
		fmt.Fprintf(&b, "\n%s,%.2f", at.UTC().Format(time.RFC3339), known[month(int(local.Month())-1)][local.Hour()]+day+plus)
	}
	return b.String() + "\n"
}

func TestPricesOfAnotherYearOrMonthAreDoubted(t *testing.T) {
	same := func(m int) int { return m }
	imp, err := read(t, dataset.Prices, Options{}, pricesLike(2024, same, 0))
	if err != nil {
		t.Fatal(err)
	}
	if notes := strings.Join(imp.Report.Notes, "; "); strings.Contains(notes, "not those of the Dutch") {
		t.Errorf("the prices of 2024 themselves are doubted: %s", notes)
	}
	wantError(t, dataset.Prices, pricesLike(2023, same, 0), Options{}, "January 2023 has those of January 2024", "another year", "--accept-implausible")
	wantError(t, dataset.Prices, pricesLike(2024, func(m int) int { return (m + 6) % 12 }, 0), Options{}, "January 2024 has those of July 2024", "another order")
	if _, err := read(t, dataset.Prices, Options{Implausible: true}, pricesLike(2023, same, 0)); err != nil {
		t.Error(err)
	}
	if imp, err = read(t, dataset.Prices, Options{}, pricesLike(2024, same, 20)); err != nil {
		t.Fatal(err)
	}
	if notes := strings.Join(imp.Report.Notes, "; "); !strings.Contains(notes, "not those of the Dutch day-ahead market in 2024 in 12 of 12 months") || !strings.Contains(notes, "20.4 EUR/MWh off") {
		t.Errorf("a markup of 20 EUR/MWh is not noted: %s", notes)
	}
	if _, err = read(t, dataset.Prices, Options{}, pricesLike(2022, same, 90)); err != nil {
		t.Errorf("prices of the same shape on another level: %v", err)
	}
}
