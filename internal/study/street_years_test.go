package study_test

import (
	"math"
	"strings"
	"testing"

	"github.com/getij/getij/internal/assume"
	"github.com/getij/getij/internal/result"
	"github.com/getij/getij/internal/study"
)

// smallStreet computes a street that is soon done.
func smallStreet(t *testing.T, settings ...string) (*result.Street, error) {
	t.Helper()
	s, err := assume.Load("", append([]string{"modes=[regular]", "street.homes=20", "street.draws=2"}, settings...))
	if err != nil {
		return nil, err
	}
	return study.Street(t.Context(), s, nil)
}

// The street's charge points follow the outlook: of the country, of a gemeente, of the
// dwellings that have driveways.
func TestAStreetHasTheChargePointsOfTheOutlook(t *testing.T) {
	points := func(settings ...string) (first, last int) {
		r, err := smallStreet(t, append(settings, "street.homes=100", "street.years=[2025, 2050]")...)
		if err != nil {
			t.Fatal(err)
		}
		y := r.Cases[0].Years
		if len(y) != 26 || y[25].Year != 2050 {
			t.Fatalf("%d years", len(y))
		}
		return y[0].ChargePoints, y[25].ChargePoints
	}
	first, last := points()
	if first < 5 || first > 9 || last < 25 || last > 30 { // 2.25 million points on 8.3 million dwellings in 2050
		t.Errorf("of 100 homes in the country %d have a charge point in 2025, and %d in 2050", first, last)
	}
	if _, utrecht := points("street.region=GM0344"); utrecht >= last {
		t.Errorf("%d homes in Utrecht have a charge point in 2050, and %d in the country: cities have fewer driveways", utrecht, last)
	}
	_, detached := points("street.dwelling=detached")
	_, flats := points("street.dwelling=apartment")
	if detached < 70 || flats > 3 { // 90 and 3 % have a driveway
		t.Errorf("%d of 100 detached dwellings have a charge point in 2050, and %d of 100 apartments", detached, flats)
	}
}

func TestSharesByYearAreStraightBetweenThem(t *testing.T) {
	r, err := smallStreet(t, "street.years=[2030, 2034]", "street.charge_point_share_by_year=[0.1, 0.5]", "street.solar_share_by_year=[0, 1]")
	if err != nil {
		t.Fatal(err)
	}
	y := r.Cases[0].In(2032)
	if y == nil || y.ChargePoints != 6 || y.Solar != 0.5 {
		t.Errorf("in 2032 the street has %+v, 6 charge points and panels on half of its homes were expected", y)
	}
	first, last := r.Cases[0].In(2030), r.Cases[0].In(2034)
	if first.FeedInKW.P50 != 0 || last.FeedInKW.P50 < 10 {
		t.Errorf("it feeds in %g kW without panels and %g with one on every roof", first.FeedInKW.P50, last.FeedInKW.P50)
	}
	if text := r.YearsVerdict(); !strings.Contains(text, "charge points that the study gives (2 in 2030, 10 in 2034)") {
		t.Error(text)
	}
}

func TestStreetsInNoRegionAreRefused(t *testing.T) {
	for _, c := range []struct{ setting, want string }{
		{"street.region=Utrecht", "Utrecht is "},
		{"street.region=BU03440000", "end at gemeenten"},
		{"street.dwelling=castle", "detached"},
		{"street.years=[2030, 2030]", "rise"},
		{"street.solar_share_by_year=[0.5]", "6 shares"},
	} {
		if _, err := smallStreet(t, c.setting); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, an error with %q was expected", c.setting, err, c.want)
		}
	}
	if _, err := smallStreet(t, "street.region=GM0344", "street.years=[2030]", "street.charge_point_share_by_year=[0.5]"); err == nil || !strings.Contains(err.Error(), "one or the other") {
		t.Errorf("a region and shares of its own: %v", err)
	}
}

// With heat pumps a street takes more in winter, and it is said in which weather.
func TestAStreetHasHeatPumps(t *testing.T) {
	r, err := smallStreet(t, "street.charge_point_share=0", "street.solar_share=0", "street.years=[2025, 2026]", "street.heat_pump_share_by_year=[0, 1]", "street.charge_point_share_by_year=[0, 0]")
	if err != nil {
		t.Fatal(err)
	}
	with, err := smallStreet(t, "street.charge_point_share=0", "street.solar_share=0", "street.heat_pump_share=1")
	if err != nil {
		t.Fatal(err)
	}
	before, after, now := r.Cases[0].Years[0].PeakKW.P50, r.Cases[0].Years[1].PeakKW.P50, with.Cases[0].At(0).PeakKW.P50
	if math.Abs(after-now) > 1e-9 {
		t.Errorf("with a heat pump in each home the street takes %g kW in the year that they come, and %g where they are there", after, now)
	}
	if rise := (after - before) / 20; rise < 0.7 || rise > 2.1 { // not all of it at the hour of the highest load
		t.Errorf("heat pumps add %.2f kW a home to the highest quarter-hour", rise)
	}
	if notes := strings.Join(with.Manifest.Notes, "\n"); !strings.Contains(notes, "100 of 100 homes have a heat pump") {
		t.Errorf("the notes do not tell the heat pumps:\n%s", notes)
	}
}
