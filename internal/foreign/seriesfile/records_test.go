package seriesfile

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/getij/getij/internal/dataset"
)

// hoursOf joins n records that are written by their time.
func hoursOf(n int, record func(i int, at time.Time) string) string {
	var all []string
	for i := range n {
		all = append(all, record(i, time.Date(2024, 6, 1, i, 0, 0, 0, time.UTC)))
	}
	return strings.Join(all, ",")
}

// The prices are 80, 81, 82 EUR/MWh from 2024-06-01 00:00 UTC on.
func TestPricesInJSON(t *testing.T) {
	kwh := func(i int) string { return fmt.Sprintf("%.3f", 0.080+float64(i)/1000) }
	for name, file := range map[string]string{
		"EnergyZero": `{"Prices":[` + hoursOf(3, func(i int, at time.Time) string {
			return fmt.Sprintf(`{"price":%s,"readingDate":"%s"}`, kwh(i), at.Format(time.RFC3339))
		}) + `],"intervalType":4,"average":0.08,"fromDate":"2024-05-31T22:00:00Z","tillDate":"2024-06-01T21:59:59.999Z"}`,
		"Frank Energie": `{"data":{"marketPricesGas":[` + hoursOf(3, func(i int, at time.Time) string {
			return fmt.Sprintf(`{"from":"%s","till":"%s","marketPrice":0.4,"marketPriceTax":0.1,"energyTaxPrice":0.7}`, at.Format(time.RFC3339), at.Add(time.Hour).Format(time.RFC3339))
		}) + `],"marketPricesElectricity":[` + hoursOf(3, func(i int, at time.Time) string {
			return fmt.Sprintf(`{"energyTaxPrice":0.13,"from":"%s","till":"%s","marketPriceTax":0.02,"marketPrice":%s,"sourcingMarkupPrice":0.01}`, at.Format("2006-01-02T15:04:05.000Z"), at.Add(time.Hour).Format(time.RFC3339), kwh(i))
		}) + `]}}`,
		"Tibber": `{"data":{"viewer":{"homes":[{"currentSubscription":{"priceInfo":{"today":[` + hoursOf(2, func(i int, at time.Time) string {
			return fmt.Sprintf(`{"total":0.3,"energy":%s,"tax":0.2,"startsAt":"%s"}`, kwh(i), at.Add(2*time.Hour).Format("2006-01-02T15:04:05.000")+"+02:00")
		}) + `],"tomorrow":[{"total":0.3,"energy":0.082,"tax":0.2,"startsAt":"2024-06-01T04:00:00.000+02:00"}]}}}]}}}`,
		"aWATTar": `{"object":"list","data":[` + hoursOf(3, func(i int, at time.Time) string {
			return fmt.Sprintf(`{"start_timestamp":%d,"end_timestamp":%d,"marketprice":%d,"unit":"Eur/MWh"}`, at.UnixMilli(), at.Add(time.Hour).UnixMilli(), 80+i)
		}) + `],"url":"/v1/marketdata"}`,
		"Elering": `{"success":true,"data":{"ee":[` + hoursOf(3, func(_ int, at time.Time) string {
			return fmt.Sprintf(`{"timestamp":%d,"price":5}`, at.Unix())
		}) + `],"nl":[` + hoursOf(3, func(i int, at time.Time) string {
			return fmt.Sprintf(`{"timestamp":%d,"price":%d.0}`, at.Unix(), 80+i)
		}) + `]}}`,
		"SMARD": `{"meta_data":{"version":1},"series":[` + hoursOf(3, func(i int, at time.Time) string {
			return fmt.Sprintf(`[%d,%d]`, at.UnixMilli(), 80+i)
		}) + `]}`,
		"by area": `{"records":[` + hoursOf(3, func(i int, at time.Time) string {
			return fmt.Sprintf(`{"HourUTC":"%s","HourDK":"x","PriceArea":"DK1","SpotPriceDKK":500,"SpotPriceEUR":1},{"HourUTC":"%[1]s","PriceArea":"NL","SpotPriceDKK":600,"SpotPriceEUR":%d}`, at.Format("2006-01-02T15:04:05"), 80+i)
		}) + `]}`,
		"nested": `{"base":[` + hoursOf(3, func(i int, at time.Time) string {
			return fmt.Sprintf(`{"start":"%s","end":"%s","price":{"value":"%s","currency":"EUR"}}`, at.Format(time.RFC3339), at.Add(time.Hour).Format(time.RFC3339), kwh(i))
		}) + `]}`,
	} {
		t.Run(name, func(t *testing.T) {
			imp, err := read(t, dataset.Prices, Options{}, file)
			if err != nil {
				t.Fatal(err)
			}
			s := imp.Series[0].Series
			if got := fmt.Sprint(s.Start.Format(time.RFC3339), s.Every, s.Values); got != "2024-06-01T00:00:00Z1h0m0s [80 81 82]" {
				t.Errorf("read as %s (%s)", got, imp.Report.Unit)
			}
		})
	}
}

func TestJSONThatHoldsNoPrices(t *testing.T) {
	wantError(t, dataset.Prices, `{"a":[{"b":1},{"b":2}],"c":3}`, Options{}, "no column of times among c, b")
	wantError(t, dataset.Prices, `{"error":"unauthorized"}`, Options{}, "without a list of times and values")
	wantError(t, dataset.Prices, `{"currency":"NOK","p":[`+hoursOf(3, func(_ int, at time.Time) string {
		return fmt.Sprintf(`{"start":"%s","price":500}`, at.Format(time.RFC3339))
	})+`]}`, Options{}, "NOK", "EUR")
	wantError(t, dataset.Prices, `{"p":[{"start":"2024-06-01T00:00:00Z","price":"much"},{"start":"2024-06-01T01:00:00Z","price":80}]}`, Options{}, "no column of numbers", "start, price")
}

// A table with many areas, of which the first rows are not of the one that is wanted.
func TestAnAreaFurtherDownIsNotOverlooked(t *testing.T) {
	var b strings.Builder
	b.WriteString("Country,Datetime (UTC),Price (EUR/MWhe)\n")
	for i, country := range []string{"Austria", "Netherlands"} {
		for h := range 300 {
			fmt.Fprintf(&b, "%s,%s,%d\n", country, time.Date(2024, 6, 1, h, 0, 0, 0, time.UTC).Format("2006-01-02 15:04:05"), 10+70*i)
		}
	}
	wantError(t, dataset.Prices, b.String(), Options{}, "Netherlands", "--area")
	imp, err := read(t, dataset.Prices, Options{Area: "NL"}, b.String())
	if err != nil {
		t.Fatal(err)
	}
	if got := fact(t, imp, "mean"); got != 80 || len(imp.Series[0].Series.Values) != 300 {
		t.Errorf("mean %g of %d values, want 80 of 300", got, len(imp.Series[0].Series.Values))
	}
}

func TestUnixTimeIsATimeWhereThereIsNoOther(t *testing.T) {
	var b strings.Builder
	b.WriteString("timestamp,price_eur_per_mwh\n")
	for h := range 24 {
		fmt.Fprintf(&b, "%d,%d\n", time.Date(2024, 6, 1, h, 0, 0, 0, time.UTC).Unix(), 50+h)
	}
	imp, err := read(t, dataset.Prices, Options{}, b.String())
	if err != nil {
		t.Fatal(err)
	}
	if s := imp.Series[0].Series; s.Start.Format(time.RFC3339) != "2024-06-01T00:00:00Z" || len(s.Values) != 24 || s.Values[23] != 73 {
		t.Errorf("%+v", s)
	}
}
