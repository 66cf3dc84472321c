package seriesfile

import (
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/getij/getij/internal/dataset"
	"github.com/getij/getij/internal/foreign/table"
)

// whole reads a file to its end; false where there is an error.
func (r *reading) whole(t *testing.T, name string, content io.Reader) (*Import, bool) {
	t.Helper()
	s, err := table.New(t.Context(), name, content, mostBytes)
	if err != nil {
		return nil, false
	}
	if _, err := r.readSource(s); err != nil {
		return nil, false
	}
	imp, err := r.finish()
	return imp, err == nil
}

// fuzzFormat reads whatever bytes come in as each of some formats: the end is an
// error or evenly spaced series of finite numbers, all of the same times.
func fuzzFormat(f *testing.F, kind dataset.Kind, options []Options, seeds ...string) {
	for _, s := range seeds {
		b, err := os.ReadFile(filepath.Join("testdata", s))
		if err != nil {
			f.Fatal(err)
		}
		for i := range options {
			f.Add(string(b), uint8(i))
			f.Add(string(b[:len(b)/2]), uint8(i))
		}
	}
	f.Fuzz(func(t *testing.T, content string, option uint8) {
		r, err := newReading(kind, options[int(option)%len(options)])
		if err != nil {
			t.Fatal(err)
		}
		imp, ok := r.whole(t, "file", strings.NewReader(content))
		if !ok {
			return
		}
		first := imp.Series[0].Series
		if first.Every != 15*time.Minute && first.Every != 30*time.Minute && first.Every != time.Hour {
			t.Fatalf("values every %s", first.Every)
		}
		if imp.Report.Rows < 1 || imp.Unit == "" || imp.Report.Format == "" {
			t.Fatalf("reported %+v", imp.Report)
		}
		for _, n := range imp.Series {
			s := n.Series
			if !s.Start.Equal(first.Start) || s.Start.Location() != time.UTC || s.Every != first.Every || len(s.Values) != len(first.Values) || len(s.Values) == 0 {
				t.Fatalf("%s has %d values every %s from %s", n.Name, len(s.Values), s.Every, s.Start)
			}
			for i, v := range s.Values {
				if math.IsNaN(v) || math.IsInf(v, 0) {
					t.Fatalf("%s has %g at %d", n.Name, v, i)
				}
			}
		}
		for _, fact := range imp.Report.Facts {
			if math.IsNaN(fact.Value) || math.IsInf(fact.Value, 0) {
				t.Fatalf("fact %+v", fact)
			}
		}
	})
}

func FuzzPriceTables(f *testing.F) {
	fuzzFormat(f, dataset.Prices, []Options{{}, {Format: "price-table"}, {Format: "entsoe-csv"}},
		"dutch_doubled.csv", "dutch_utc.csv", "entsoe_new_cet.csv", "entsoe_old_spring.csv", "plain_switch.csv", "days_between.csv", "days_across.csv")
}

func FuzzPricesXML(f *testing.F) {
	fuzzFormat(f, dataset.Prices, []Options{{Format: "entsoe-xml"}}, "entsoe_api_autumn.xml", "entsoe_api_switch_2025.xml", "entsoe_api_refusal.xml")
}

func FuzzPricesJSON(f *testing.F) {
	fuzzFormat(f, dataset.Prices, []Options{{Format: "energy-charts"}, {Format: "price-json"}}, "energy_charts.json", "price_list.json")
}

func FuzzProfiles(f *testing.F) {
	fuzzFormat(f, dataset.Load, []Options{{}, {Format: "mffbas"}, {Format: "fractions"}, {Format: "mffbas", FeedIn: true}}, "mffbas_iso.csv", "mffbas_van_tot.csv", "edsn_fractions.csv")
}

func FuzzMeters(f *testing.F) {
	fuzzFormat(f, dataset.Load, []Options{
		{},
		{Format: "meter"},
		{Format: "registers"},
		{Format: "registers", FeedIn: true},
		{FillGaps: true, SpreadDays: true, Implausible: true},
		{Start: "2024-01-01", Step: 15, Implausible: true},
		{DateOrder: "mdy", Meters: PerFile, Map: map[string]string{"home": "EAN"}},
	},
		"meters_ean_columns.csv", "meters_ean_rows.csv", "registers_p1.csv", "registers_p4.csv", "load_days.csv", "load_registers_rows.csv", "load_without_times.csv", "load_parts_across.csv", "load_turned.csv", "load_numbered.csv")
}

func FuzzMetersJSON(f *testing.F) {
	fuzzFormat(f, dataset.Load, []Options{{}, {FillGaps: true, SpreadDays: true, Implausible: true}, {FeedIn: true, Implausible: true}},
		"load_details.json", "load_lists.json")
}

func FuzzSolar(f *testing.F) {
	fuzzFormat(f, dataset.Solar, []Options{{}, {Format: "ned-csv"}, {Format: "ned-json"}, {Format: "pvgis"}, {Format: "solar-table"}, {Format: "pvgis", Unit: "kwh"}, {Format: "solar-json"}},
		"ned.csv", "ned_api.json", "pvgis.csv", "capacity_percent.csv", "solaredge.json")
}
