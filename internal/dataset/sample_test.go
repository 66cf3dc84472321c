package dataset

import (
	"crypto/sha256"
	"encoding/hex"
	"math"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/getij/getij/internal/sample"
	"github.com/getij/getij/internal/series"
)

// sumOf adds up a made series over the hours of a year, from its formula.
func sumOf(from time.Time, hours int, f func(time.Time) float64) (sum float64) {
	for h := range hours {
		sum += f(from.Add(time.Duration(h) * time.Hour))
	}
	return sum
}

func TestFilesOfSeriesAreReadWhole(t *testing.T) {
	utc := func(text string) time.Time {
		v, err := time.Parse("2006-01-02T15:04Z", text)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	year := series.NewYear(2024)
	made := map[string]float64{ // their sums
		"prices/nl_day_ahead_2024_hourly.csv": sumOf(year.Start, 8784, sample.Price),
		"load/edsn_e1a_2015_quarter_hour.csv": 1,
		"load/e1a_2023_hourly.csv":            1,
		"solar/ned_solar_nl_2024_hourly.csv":  sample.SolarMW * sumOf(utc("2024-01-01T00:00Z"), 8784, sample.Solar),
	}
	for _, c := range []struct {
		file      string
		kind      Kind
		column    string
		values    int
		every     time.Duration
		start     string
		sum, near float64 // of the real file
	}{
		{"prices/nl_day_ahead_2024_hourly.csv", Prices, "eur_per_mwh", 8784, time.Hour, "2023-12-31T23:00Z", 77.29 * 8784, 0.005 * 8784},
		{"load/edsn_e1a_2015_quarter_hour.csv", Load, "E1A", 35040, 15 * time.Minute, "2014-12-31T23:00Z", 1, 1e-3},
		{"load/e1a_2023_hourly.csv", Load, "e1a_fraction", 8760, time.Hour, "2022-12-31T23:00Z", 1, 1e-3},
		{"solar/ned_solar_nl_2024_hourly.csv", Solar, "mw", 8784, time.Hour, "2024-01-01T00:00Z", 24.73e6, 0.01e6}, // MWh
	} {
		t.Run(c.file, func(t *testing.T) {
			sample.OnBoth(t, func(t *testing.T, data sample.Data) {
				path := data.File(t, c.file)
				s, rep, err := ReadSeries(t.Context(), path, c.kind)
				if err != nil {
					t.Fatal(err)
				}
				if len(s.Values) != c.values || s.Every != c.every || !s.Start.Equal(utc(c.start)) || rep.Column != c.column {
					t.Errorf("%d values of %s every %v from %s, want %d of %s every %v from %s", len(s.Values), rep.Column, s.Every, stamp(s.Start), c.values, c.column, c.every, c.start)
				}
				if len(rep.Mends) > 0 || rep.Rows != c.values {
					t.Errorf("%d rows, mended %+v: the file is clean and has %d", rep.Rows, rep.Mends, c.values)
				}
				sum, want, near := 0.0, c.sum, c.near
				if data.Made {
					want, near = made[c.file], 1e-4
				}
				for _, v := range s.Values {
					sum += v
				}
				if math.Abs(sum-want) > near {
					t.Errorf("the values add up to %.9g, want %.9g", sum, want)
				}
				raw, err := os.ReadFile(path)
				if err != nil {
					t.Fatal(err)
				}
				if want := sha256.Sum256(raw); rep.SHA256 != hex.EncodeToString(want[:]) {
					t.Errorf("sha256 %s is not the file's", rep.SHA256)
				}
			})
		})
	}
}

func TestNegativePricesAreKept(t *testing.T) {
	sample.OnBoth(t, func(t *testing.T, data sample.Data) {
		s, _, err := ReadSeries(t.Context(), data.File(t, "prices/nl_day_ahead_2024_hourly.csv"), Prices)
		if err != nil {
			t.Fatal(err)
		}
		count := func(values []float64) (negative int, lowest, highest float64) {
			lowest, highest = math.Inf(1), math.Inf(-1)
			for _, v := range values {
				if v < 0 {
					negative++
				}
				lowest, highest = min(lowest, v), max(highest, v)
			}
			return negative, lowest, highest
		}
		negative, lowest, highest := 458, -200.0, 872.96
		if data.Made {
			values := make([]float64, 8784)
			for h := range values {
				values[h] = sample.Price(s.Start.Add(time.Duration(h) * time.Hour))
			}
			if negative, lowest, highest = count(values); negative < 100 {
				t.Fatalf("only %d made prices are negative", negative)
			}
		}
		if n, l, h := count(s.Values); n != negative || l != lowest || h != highest {
			t.Errorf("%d negative hours from %g to %g EUR/MWh, want %d from %g to %g", n, l, h, negative, lowest, highest)
		}
	})
}

func TestSessionsOfManyUsersAreReadWhole(t *testing.T) {
	sample.OnBoth(t, func(t *testing.T, data sample.Data) {
		records, rep, err := ReadSessions(t.Context(), data.File(t, "sessions/trondheim_home_sessions.csv"))
		if err != nil {
			t.Fatal(err)
		}
		users := map[string]bool{}
		for _, r := range records {
			users[r.User] = true
		}
		want, of := 6743, 96
		if data.Made {
			want, of = len(sample.Sessions()), sample.SessionUsers
		}
		if len(records) != want || rep.Rows != want || len(users) != of {
			t.Errorf("%d sessions of %d users, want %d of %d", len(records), len(users), want, of)
		}
	})
}

// An export as it comes has its own column names: the error lists them.
func TestAnExportNeedsItsPriceColumnNamed(t *testing.T) {
	sample.OnBoth(t, func(t *testing.T, data sample.Data) {
		_, _, err := ReadSeries(t.Context(), data.File(t, "prices/entsoe_nl_day_ahead_2024_raw.csv"), Prices)
		if err == nil || !strings.Contains(err.Error(), "(its columns are time, DA_price): name the price column eur_per_mwh") {
			t.Errorf("got %v", err)
		}
	})
}
