package seriesfile

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/getij/getij/internal/dataset"
	"github.com/getij/getij/internal/sample"
	"github.com/getij/getij/internal/series"
)

func fact(t *testing.T, imp *Import, name string) float64 {
	t.Helper()
	for _, f := range imp.Report.Facts {
		if f.Name == name {
			return f.Value
		}
	}
	t.Fatalf("no fact %q among %+v", name, imp.Report.Facts)
	return 0
}

func TestAYearOfPrices(t *testing.T) {
	sample.OnBoth(t, func(t *testing.T, data sample.Data) {
		mean, negative, smallest, largest := 77.29, 458.0, -200.0, 872.96 // of the real year
		if data.Made {
			mean, negative, smallest, largest = 0, 0, math.Inf(1), math.Inf(-1)
			start := series.NewYear(2024).Start
			for h := range 8784 {
				v := sample.Price(start.Add(time.Duration(h) * time.Hour))
				mean, smallest, largest = mean+v/8784, min(smallest, v), max(largest, v)
				if v < 0 {
					negative++
				}
			}
		}
		path, export := data.File(t, "prices/nl_day_ahead_2024_hourly.csv"), data.File(t, "prices/entsoe_nl_day_ahead_2024_raw.csv")
		clean, err := Read(t.Context(), dataset.Prices, []string{path}, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if len(clean.Report.Mends) > 0 || clean.Report.Strict() != nil {
			t.Errorf("the clean file was mended: %+v", clean.Report.Mends)
		}
		if got := fact(t, clean, "mean"); math.Abs(got-mean) > 0.005 {
			t.Errorf("mean %g, want %g", got, mean)
		}
		if n := fact(t, clean, "negative prices"); n != negative {
			t.Errorf("%g negative prices, want %g", n, negative)
		}
		if fact(t, clean, "smallest") != smallest || fact(t, clean, "largest") != largest {
			t.Errorf("not from %g to %g", smallest, largest)
		}
		if fact(t, clean, "rows with a value on 2024-03-31, a day of 23 hours") != 23 || fact(t, clean, "rows with a value on 2024-10-27, a day of 25 hours") != 25 {
			t.Error("the days of the clock have not 23 and 25 rows")
		}
		raw, err := Read(t.Context(), dataset.Prices, []string{export}, Options{})
		if err != nil {
			t.Fatal(err)
		}
		same(t, raw, clean)
		if m := raw.Report.Mends; len(m) != 1 || m[0].What != "repeated row dropped" || m[0].Count != 4 || raw.Report.Strict() == nil {
			t.Errorf("the export has 4 repeated rows, mended were %+v", m)
		}
		both, err := Read(t.Context(), dataset.Prices, []string{path, export}, Options{})
		if err != nil {
			t.Fatal(err)
		}
		same(t, both, clean)
	})
}

// The same year in the formats of the sources gives the same series, to the bit.
func TestTheSameYearInEveryFormat(t *testing.T) {
	sample.OnBoth(t, sameInEveryFormat)
}

func sameInEveryFormat(t *testing.T, data sample.Data) {
	clean, err := Read(t.Context(), dataset.Prices, []string{data.File(t, "prices/nl_day_ahead_2024_hourly.csv")}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	s := clean.Series[0].Series
	for name, content := range map[string]string{
		"ENTSO-E XML, A01":         yearXML(s, "A01"),
		"ENTSO-E XML, A03":         yearXML(s, "A03"),
		"Energy-Charts JSON":       yearJSON(t, s),
		"Dutch site, UTC column":   yearDutch(s, true),
		"Dutch site, wall clock":   yearDutch(s, false),
		"ENTSO-E export, old":      yearExport(s, "02.01.2006 15:04", series.Amsterdam(), `"MTU (CET/CEST)"`),
		"ENTSO-E export, UTC":      yearExport(s, "02/01/2006 15:04:05", time.UTC, `"MTU (UTC)"`),
		"plain, quarters":          yearPlain(s, 4),
		"plain, backwards in time": backwardsPlain(yearPlain(s, 1)),
	} {
		t.Run(name, func(t *testing.T) {
			got, err := read(t, dataset.Prices, Options{}, content)
			if err != nil {
				t.Fatal(err)
			}
			if len(got.Report.Mends) > 0 {
				t.Errorf("mended %+v", got.Report.Mends)
			}
			if name == "plain, quarters" {
				for i, v := range got.Series[0].Series.Values {
					if v != s.Values[i/4] {
						t.Fatalf("quarter %d is %g, want %g", i, v, s.Values[i/4])
					}
				}
				return
			}
			same(t, got, clean)
		})
	}
}

func yearXML(s *series.Series, curve string) string {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0"?><Publication_MarketDocument xmlns="urn:x"><type>A44</type>`)
	loc := series.Amsterdam()
	for i := 0; i < len(s.Values); {
		start := s.Start.Add(time.Duration(i) * time.Hour)
		end := start.In(loc).AddDate(0, 0, 1).UTC()
		fmt.Fprintf(&b, "<TimeSeries><in_Domain.mRID>10YNL----------L</in_Domain.mRID><currency_Unit.name>EUR</currency_Unit.name><price_Measure_Unit.name>MWH</price_Measure_Unit.name><curveType>%s</curveType><Period><timeInterval><start>%s</start><end>%s</end></timeInterval><resolution>PT60M</resolution>\n",
			curve, start.Format("2006-01-02T15:04Z"), end.Format("2006-01-02T15:04Z"))
		for k := 0; start.Add(time.Duration(k) * time.Hour).Before(end); k++ {
			if curve == "A03" && k > 0 && s.Values[i] == s.Values[i-1] {
				i++
				continue
			}
			fmt.Fprintf(&b, "<Point><position>%d</position><price.amount>%.2f</price.amount></Point>", k+1, s.Values[i])
			i++
		}
		b.WriteString("</Period></TimeSeries>\n")
	}
	b.WriteString("</Publication_MarketDocument>\n")
	return b.String()
}

func yearJSON(t *testing.T, s *series.Series) string {
	t.Helper()
	seconds := make([]int64, len(s.Values))
	for i := range seconds {
		seconds[i] = s.Start.Add(time.Duration(i) * s.Every).Unix()
	}
	b, err := json.Marshal(map[string]any{"license_info": "CC BY 4.0", "unix_seconds": seconds, "price": s.Values, "unit": "EUR / MWh", "deprecated": false})
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func yearDutch(s *series.Series, withUTC bool) string {
	var b strings.Builder
	b.WriteString("datum_nl;prijs_excl_belastingen\n")
	if withUTC {
		b.Reset()
		b.WriteString("datum_nl;datum_utc;prijs_excl_belastingen\n")
	}
	for i, v := range s.Values {
		at := s.Start.Add(time.Duration(i) * s.Every)
		b.WriteString(at.In(series.Amsterdam()).Format("2006-01-02 15:04:05;"))
		if withUTC {
			b.WriteString(at.Format("2006-01-02 15:04:05;"))
		}
		b.WriteString(strings.ReplaceAll(fmt.Sprintf("%.5f\n", v/1000), ".", ","))
	}
	return b.String()
}

func yearExport(s *series.Series, layout string, loc *time.Location, mtu string) string {
	var b strings.Builder
	b.WriteString(mtu + `,"Day-ahead Price [EUR/MWh]"` + "\n")
	for i, v := range s.Values {
		at := s.Start.Add(time.Duration(i) * s.Every)
		fmt.Fprintf(&b, "\"%s - %s\",\"%.2f\"\n", at.In(loc).Format(layout), at.Add(time.Hour).In(loc).Format(layout), v)
	}
	return b.String()
}

func yearPlain(s *series.Series, parts int) string {
	var b strings.Builder
	b.WriteString("utc_start,eur_per_mwh\n")
	for i, v := range s.Values {
		for k := range parts {
			fmt.Fprintf(&b, "%s,%.2f\n", s.Start.Add(time.Duration(i)*s.Every+time.Duration(k)*s.Every/time.Duration(parts)).Format(time.RFC3339), v)
		}
	}
	return b.String()
}

func backwardsPlain(content string) string {
	lines := strings.Split(strings.TrimSpace(content), "\n")
	slices.Reverse(lines[1:])
	return strings.Join(lines, "\n") + "\n"
}

func TestAYearOfLoadAndSolar(t *testing.T) {
	hours := 0.0 // of full load, of the made year
	for h := range 8784 {
		hours += sample.Solar(time.Date(2024, 1, 1, h, 0, 0, 0, time.UTC))
	}
	for _, c := range []struct {
		file    string
		kind    dataset.Kind
		unit    string
		values  int
		every   time.Duration
		from    string
		fact    string
		is, off float64 // of the real file
		made    float64 // of the made file, but for its roundings
	}{
		{"load/edsn_e1a_2015_quarter_hour.csv", dataset.Load, "fraction", 35040, 15 * time.Minute, "2014-12-31T23:00Z", "sum of the fractions", 1, 1e-3, 1},
		{"load/e1a_2023_hourly.csv", dataset.Load, "fraction", 8760, time.Hour, "2022-12-31T23:00Z", "sum of the fractions", 1, 1e-3, 1},
		{"solar/ned_solar_nl_2024_hourly.csv", dataset.Solar, "capacity_factor", 8784, time.Hour, "2024-01-01T00:00Z", "full-load hours", 1126.8, 0.1, hours},
	} {
		t.Run(c.file, func(t *testing.T) {
			sample.OnBoth(t, func(t *testing.T, data sample.Data) {
				want, off := c.is, c.off
				if data.Made {
					want, off = c.made, 1e-5*c.made
				}
				imp, err := Read(t.Context(), c.kind, []string{data.File(t, c.file)}, Options{})
				if err != nil {
					t.Fatal(err)
				}
				s := imp.Series[0].Series
				if imp.Unit != c.unit || len(s.Values) != c.values || s.Every != c.every || imp.Report.From != c.from || len(imp.Report.Mends) > 0 {
					t.Errorf("%d values of %s every %s from %s, mended %+v", len(s.Values), imp.Unit, s.Every, imp.Report.From, imp.Report.Mends)
				}
				if got := fact(t, imp, c.fact); math.Abs(got-want) > off {
					t.Errorf("%s is %.9g, want %.9g", c.fact, got, want)
				}
			})
		})
	}
	t.Run("solar in megawatts", func(t *testing.T) {
		sample.OnBoth(t, func(t *testing.T, data sample.Data) {
			want, off := 24.73e6, 0.01e6
			if data.Made {
				want, off = sample.SolarMW*hours, 1
			}
			imp, err := Read(t.Context(), dataset.Solar, []string{data.File(t, "solar/ned_solar_nl_2024_hourly.csv")}, Options{Column: "mw"})
			if err != nil {
				t.Fatal(err)
			}
			if got := fact(t, imp, "total"); imp.Unit != "mw" || math.Abs(got-want) > off {
				t.Errorf("%g MWh of %s, want %g", got, imp.Unit, want)
			}
		})
	})
}

// Ten homes on a wall clock that shows 24 hours on every day.
func TestHomesOnAWallClock(t *testing.T) {
	sample.OnBoth(t, func(t *testing.T, data sample.Data) {
		path := data.File(t, "load/zonnedael_2013_sample10_wh_quarter_hour.csv")
		imp, err := Read(t.Context(), dataset.Load, []string{path}, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if len(imp.Series) != 10 || imp.Unit != "kwh" || imp.Report.Rows != 35040 || imp.Report.From != "2012-12-31T23:00Z" || imp.Report.To != "2013-12-31T23:00Z" {
			t.Fatalf("%d series of %s, reported %+v", len(imp.Series), imp.Unit, imp.Report)
		}
		if m := imp.Report.Mends; len(m) != 2 || m[0].Count != 4 || m[0].Where[0] != "row 8554, 2013-03-31 02:00" || m[1].Count != 1 || m[1].Where[0] != "2013-10-27T01:00Z to 2013-10-27T02:00Z" {
			t.Errorf("mended %+v", m)
		}
		f, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		rows, err := csv.NewReader(f).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		// 1 July is in summer, 1 February in winter time.
		for _, c := range []struct{ wall, utc string }{{"2013-07-01T18:00:00", "2013-07-01T16:00:00Z"}, {"2013-02-01T18:00:00", "2013-02-01T17:00:00Z"}, {"2013-12-31T23:45:00", "2013-12-31T22:45:00Z"}} {
			at, err := time.Parse(time.RFC3339, c.utc)
			if err != nil {
				t.Fatal(err)
			}
			i := slices.IndexFunc(rows, func(r []string) bool { return r[0] == c.wall })
			for home, n := range imp.Series {
				got := n.Series.Values[at.Sub(n.Series.Start)/n.Series.Every]
				if want := rows[i][home+1]; fmt.Sprintf("%.0f", got*1000) != want || n.Name != fmt.Sprintf("home_%d", home+1) {
					t.Errorf("%s at %s is %g kWh, want %s Wh", n.Name, c.utc, got, want)
				}
			}
		}
		var text strings.Builder
		if err := imp.Report.Text(&text); err != nil {
			t.Fatal(err)
		}
		if err := write(&text, &Import{Series: imp.Series}); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(text.String(), "meter_") {
			t.Error("the meters are named")
		}
	})
}

func TestFilesOfAnotherKindAreRefused(t *testing.T) {
	sample.OnBoth(t, func(t *testing.T, data sample.Data) {
		for file, kind := range map[string]dataset.Kind{
			"sessions/trondheim_home_sessions.csv":             dataset.Prices,
			"prices/nl_day_ahead_2024_hourly.csv":              dataset.Load,
			"load/zonnedael_2013_sample10_wh_quarter_hour.csv": dataset.Prices,
			"load/edsn_e1a_2015_quarter_hour.csv":              dataset.Solar,
			"regions/buurt_2016_stedin_dwellings_cars.csv":     dataset.Load,
			"regions/ermelo_cbs_buurten.gpkg":                  dataset.Load,
			"driveway/input-v5_kadastralekaart_perceel.gml":    dataset.Prices,
			"regions/cbs_gemeenten_2023.geojson":               dataset.Solar,
			"solar/ned_solar_nl_2024_hourly.csv":               dataset.Load,
			"prices/entsoe_nl_day_ahead_2024_raw.csv":          dataset.Solar,
		} {
			path := data.File(t, file)
			imp, err := Read(t.Context(), kind, []string{path}, Options{})
			if err == nil {
				t.Errorf("%s was read as %s: %+v", file, kind, imp.Report)
				continue
			}
			if !strings.Contains(err.Error(), filepath.Base(file)) {
				t.Errorf("%s: %v", file, err)
			}
			t.Log(err)
		}
	})
}
