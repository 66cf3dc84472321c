package street

import (
	"math"
	"strings"
	"testing"

	"github.com/getij/getij/internal/tariff"
)

// Four homes take 10 kW and their cars 44 where all charge in the cheap hours; a street
// that carries 40 makes them take turns, for no more than they can see, and the rules that
// are simpler cost more or do not hold.
func TestACoordinatedStreetKeepsItsCapacity(t *testing.T) {
	in := flatStreet(4)
	in.CapacityKW = 40
	found, err := Run(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	c, err := Coordinate(t.Context(), in, found, in.Cases[1])
	if err != nil {
		t.Fatal(err)
	}
	first, alone := &c.Ways[0], c.Of(WayAlone)
	if u := alone.Use(40); u.PeakKW != 54 || u.HoursBeyond != 2 {
		t.Errorf("alone: %+v", u)
	}
	if u := first.Use(40); u.PeakKW > 40+withinKW || u.HoursBeyond != 0 {
		t.Errorf("coordinated: %+v", u)
	}
	// 88 kWh fit into 30 kW for the six cheap hours: nothing is dearer.
	if math.Abs(first.Total()-alone.Total()) > c.GapEUR()+1e-9 || c.GapEUR() > 0.02 || c.ExcessKWh > 1e-3 {
		t.Errorf("coordination costs EUR %g with a gap of %g, nothing was expected", first.Total()-alone.Total(), c.GapEUR())
	}
	for _, w := range c.Ways {
		if w.Name != WayRegular && w.Total() < c.BoundEUR-1e-6 && w.Use(40).KWhBeyond == 0 {
			t.Errorf("%s keeps the capacity for EUR %g, less than the bound of %g", w.Name, w.Total(), c.BoundEUR)
		}
	}
	// Each home may take its own load and a quarter of 30 kW.
	if u := c.Of(WayShare).Use(40); u.PeakKW > 40+withinKW {
		t.Errorf("equal shares: %+v", u)
	}
	for step, kW := range c.Of(WayEvening).KW {
		if q := in.Axis.Clock[step].QuarterOfDay; q >= 68 && q < 84 && math.Abs(kW-10) > 1e-9 {
			t.Fatalf("%g kW in the evening's step %d, without charging 10 was expected", kW, step)
		}
	}
}

// Where the cars are steered by what one price cannot express, that is said.
func TestStreetsThatCannotBeCoordinatedAreRefused(t *testing.T) {
	in := flatStreet(2)
	found, err := Run(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Coordinate(t.Context(), in, found, in.Cases[0]); err == nil || !strings.Contains(err.Error(), "regular charging follows no price") {
		t.Errorf("regular charging: %v", err)
	}
	for key, p := range map[string]tariff.Prices{
		"contracts.power_tariff_eur_per_kw_month": {PowerEURPerKWMonth: 1},
		"contracts.power_bands_kw":                {Bands: []tariff.Band{{KW: 50}}},
		"contracts.feed_in_tiers_from_kwh":        {FeedInTiers: []tariff.FeedInTier{{EURPerKWh: 0.1}}},
	} {
		tied, prices := in.Cases[1], *in.Cases[1].Prices
		prices.PowerEURPerKWMonth, prices.Bands, prices.FeedInTiers = p.PowerEURPerKWMonth, p.Bands, p.FeedInTiers
		tied.Prices = &prices
		if _, err := Coordinate(t.Context(), in, found, tied); err == nil || !strings.Contains(err.Error(), key) {
			t.Errorf("%s: %v", key, err)
		}
	}
	in.Pool[0].Charger.IdleLossKW, in.Pool[1].Charger.IdleLossKW = 0.1, 0.1
	if _, err := Coordinate(t.Context(), in, found, in.Cases[1]); err == nil || !strings.Contains(err.Error(), "idle_loss_kw") {
		t.Errorf("idle loss: %v", err)
	}
}
