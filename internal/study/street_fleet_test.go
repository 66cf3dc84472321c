package study_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/getij/getij/internal/assume"
	"github.com/getij/getij/internal/result"
	"github.com/getij/getij/internal/study"
)

// depot is six vans that come back at 17:00 on weekdays and leave at 7:00, with 22 kWh to
// charge, behind a connection.
func depot(t *testing.T, coordinate string, settings ...string) (*result.Street, error) {
	t.Helper()
	var b strings.Builder
	b.WriteString("user_id,arrival_local,departure_local,energy_kwh\n")
	for day := time.Date(2024, 1, 2, 0, 0, 0, 0, time.UTC); day.Year() == 2024; day = day.AddDate(0, 0, 1) {
		if next := day.AddDate(0, 0, 1); day.Weekday() >= time.Monday && day.Weekday() <= time.Thursday && next.Year() == 2024 {
			for van := range 6 {
				fmt.Fprintf(&b, "van%d,%s 17:00,%s 07:00,22\n", van, day.Format("2006-01-02"), next.Format("2006-01-02"))
			}
		}
	}
	file := filepath.Join(t.TempDir(), "vans.csv")
	if err := os.WriteFile(file, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := assume.Load("", append([]string{
		"modes=[regular, smart]", "contracts=[{kind: dynamic, rules: 2027-01-01}]", "data.sessions=" + file, "homes=6",
		"home.load_kwh_per_year=0", "street.solar_share=0", "street.homes=6", "street.charge_point_share=1", "street.capacity_kva=25", "street.power_factor=1", "street.draws=3",
	}, settings...))
	if err != nil {
		t.Fatal(err)
	}
	s.Street.Coordinate = coordinate
	return study.Street(t.Context(), s, nil)
}

// All vans charge at five, which the connection cannot carry; coordinated they all leave full.
func TestVansAtADepotShareItsConnection(t *testing.T) {
	r, err := depot(t, "dynamic/smart")
	if err != nil {
		t.Fatal(err)
	}
	regular := streetCase(t, r, "dynamic", "regular")
	if row := regular.At(6); row.PeakKW.P50 != 66 || row.Holding != 0 || regular.Fit != 2 {
		t.Errorf("on arrival six vans take %g kW, and %d fit behind 25 kW: 66 and 2 were expected", row.PeakKW.P50, regular.Fit)
	}
	if way := &r.Coordination.Ways[0]; way.Use(25).PeakKW > 25.1 || r.Coordination.ExcessKWh > 0.01 {
		t.Errorf("coordinated they take %g kW, and %g kWh do not fit", way.Use(25).PeakKW, r.Coordination.ExcessKWh)
	}
	if r.Manifest.PluggedEvening < 0.4 || r.Manifest.PluggedEvening > 0.6 || len(r.Cases[0].Years) > 0 {
		t.Errorf("%g of them are plugged in from 17 to 21 h, 4 of 7 days were expected; %d years", r.Manifest.PluggedEvening, len(r.Cases[0].Years))
	}
	for _, want := range []string{"6 vehicles behind 25 kW", "66 kW", "fit with"} {
		if !strings.Contains(r.Verdict(), want) {
			t.Errorf("the verdict does not say %q: %s", want, r.Verdict())
		}
	}
	if strings.Contains(r.Verdict(), "street") || !strings.Contains(r.Title(), "a fleet of 6 vehicles") {
		t.Errorf("vans are told as a street: %s: %s", r.Title(), r.Verdict())
	}
}

func TestFleetsThatMakeNoSenseAreRefused(t *testing.T) {
	for setting, want := range map[string]string{
		"modes=[regular, v2h]":        "no home to discharge into",
		"street.charge_point_share=0": "some charge points",
		"street.region=GM0344":        "charge_point_share_by_year",
	} {
		if _, err := depot(t, "", setting); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, an error with %q was expected", setting, err, want)
		}
	}
}
