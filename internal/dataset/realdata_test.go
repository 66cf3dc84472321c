package dataset

import (
	"crypto/sha256"
	"encoding/hex"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// sharedData is the folder of real files beside the module.
func sharedData(t *testing.T, file string) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for ; ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		if dir == filepath.Dir(dir) {
			t.Fatal("no go.mod above the test")
		}
	}
	data := filepath.Join(dir, "..", "shared", "data")
	if _, err := os.Stat(data); err != nil {
		t.Skipf("the real files are not here: %v", err)
	}
	return filepath.Join(data, file)
}

func TestRealSeries(t *testing.T) {
	utc := func(text string) time.Time {
		v, err := time.Parse("2006-01-02T15:04Z", text)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	for _, c := range []struct {
		file      string
		kind      Kind
		column    string
		values    int
		every     time.Duration
		start     string
		sum, near float64
	}{
		{"prices/nl_day_ahead_2024_hourly.csv", Prices, "eur_per_mwh", 8784, time.Hour, "2023-12-31T23:00Z", 77.29 * 8784, 0.005 * 8784},
		{"load/edsn_e1a_2015_quarter_hour.csv", Load, "E1A", 35040, 15 * time.Minute, "2014-12-31T23:00Z", 1, 1e-3},
		{"load/e1a_2023_hourly.csv", Load, "e1a_fraction", 8760, time.Hour, "2022-12-31T23:00Z", 1, 1e-3},
		{"solar/ned_solar_nl_2024_hourly.csv", Solar, "mw", 8784, time.Hour, "2024-01-01T00:00Z", 24.73e6, 0.01e6}, // MWh
	} {
		t.Run(c.file, func(t *testing.T) {
			path := sharedData(t, c.file)
			s, rep, err := ReadSeries(path, c.kind)
			if err != nil {
				t.Fatal(err)
			}
			if len(s.Values) != c.values || s.Every != c.every || !s.Start.Equal(utc(c.start)) || rep.Column != c.column {
				t.Errorf("%d values of %s every %v from %s, want %d of %s every %v from %s", len(s.Values), rep.Column, s.Every, stamp(s.Start), c.values, c.column, c.every, c.start)
			}
			if len(rep.Mends) > 0 || rep.Rows != c.values {
				t.Errorf("%d rows, mended %+v: the file is clean and has %d", rep.Rows, rep.Mends, c.values)
			}
			sum := 0.0
			for _, v := range s.Values {
				sum += v
			}
			if math.Abs(sum-c.sum) > c.near {
				t.Errorf("the values add up to %.6g, want %.6g", sum, c.sum)
			}
			raw, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if want := sha256.Sum256(raw); rep.SHA256 != hex.EncodeToString(want[:]) {
				t.Errorf("sha256 %s is not the file's", rep.SHA256)
			}
		})
	}
}

func TestRealPricesOf2024(t *testing.T) {
	s, _, err := ReadSeries(sharedData(t, "prices/nl_day_ahead_2024_hourly.csv"), Prices)
	if err != nil {
		t.Fatal(err)
	}
	negative, lowest, highest := 0, math.Inf(1), math.Inf(-1)
	for _, v := range s.Values {
		if v < 0 {
			negative++
		}
		lowest, highest = min(lowest, v), max(highest, v)
	}
	if negative != 458 || lowest != -200 || highest != 872.96 {
		t.Errorf("%d negative hours from %g to %g EUR/MWh, want 458 from -200 to 872.96", negative, lowest, highest)
	}
}

func TestRealSessionsOfTrondheim(t *testing.T) {
	records, rep, err := ReadSessions(sharedData(t, "sessions/trondheim_home_sessions.csv"))
	if err != nil {
		t.Fatal(err)
	}
	users := map[string]bool{}
	for _, r := range records {
		users[r.User] = true
	}
	if len(records) != 6743 || rep.Rows != 6743 || len(users) != 96 {
		t.Errorf("%d sessions of %d users, want 6,743 of 96", len(records), len(users))
	}
}

// The export as it comes has its own column names: the error lists them.
func TestRealExportNeedsItsPriceColumnNamed(t *testing.T) {
	_, _, err := ReadSeries(sharedData(t, "prices/entsoe_nl_day_ahead_2024_raw.csv"), Prices)
	if err == nil || !strings.Contains(err.Error(), "(its columns are time, DA_price): name the price column eur_per_mwh") {
		t.Errorf("got %v", err)
	}
}
