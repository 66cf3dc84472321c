package study_test

import (
	"strings"
	"testing"
)

// A street whose chargers are all of one power is that of a study with this charger, and
// one of several lies between.
func TestAStreetHasChargersAndCarsOfSeveralKinds(t *testing.T) {
	peak := func(settings ...string) float64 {
		r, err := smallStreet(t, append(settings, "street.charge_point_share=1", "street.draws=5", "street.years=[2050]")...)
		if err != nil {
			t.Fatal(err)
		}
		return r.Cases[0].At(20).PeakKW.P50
	}
	slow := peak("street.charger_kw=[3.7]", "street.charger_shares=[1]", "street.battery_kwh=[40]", "street.battery_shares=[1]")
	if same := peak("charger.charge_kw=3.7", "charger.discharge_kw=3.7", "car.battery_kwh=40"); slow != same {
		t.Errorf("20 homes with chargers of 3.7 kW and cars of 40 kWh peak at %g kW drawn, and at %g set", slow, same)
	}
	fast := peak()
	if mixed := peak("street.charger_kw=[3.7, 11]", "street.charger_shares=[0.5, 0.5]"); !(slow < mixed && mixed < fast) {
		t.Errorf("the street peaks at %g kW with chargers of 3.7 kW, %g with 11 kW and %g with half of each", slow, fast, mixed)
	}
}

func TestChargersThatCannotBeDrawnAreRefused(t *testing.T) {
	for setting, want := range map[string]string{
		"street.charger_kw=[3.7, 11]":   "2 shares, one for each of street.charger_kw",
		"street.battery_shares=[1]":     "0 shares, one for each of street.battery_kwh",
		"street.charger_shares=[1, -1]": "0 to 1",
	} {
		if _, err := smallStreet(t, setting); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, an error with %q was expected", setting, err, want)
		}
	}
	if _, err := smallStreet(t, "street.charger_kw=[3.7, 11]", "street.charger_shares=[0.5, 0.4]"); err == nil || !strings.Contains(err.Error(), "add up to 1") {
		t.Errorf("shares of 0.9 together: %v", err)
	}
	for connection, most := range map[string]string{"17.25": "at most 22 kW", "55": "at most 55 kW"} {
		if _, err := smallStreet(t, "home.connection_kw="+connection, "street.charger_kw=[11, 500]", "street.charger_shares=[0.5, 0.5]"); err == nil || !strings.Contains(err.Error(), most) {
			t.Errorf("a charger of 500 kW behind a connection of %s kW: %v", connection, err)
		}
	}
	if _, err := smallStreet(t, "charger.idle_loss_kw=0.4", "street.charger_kw=[3.7]", "street.charger_shares=[1]"); err == nil || !strings.Contains(err.Error(), "idle_loss") {
		t.Errorf("an idle loss that a small charger has no room for: %v", err)
	}
}
