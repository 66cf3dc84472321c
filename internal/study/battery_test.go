package study

import (
	"reflect"
	"testing"

	"github.com/getij/getij/dispatch"
	"github.com/getij/getij/internal/assume"
	"github.com/getij/getij/internal/cohort"
	"github.com/getij/getij/internal/dataset"
	"github.com/getij/getij/internal/inputs"
	"github.com/getij/getij/internal/profiles"
)

// A home with a battery takes hundreds of times as long: a run says so before it begins, and
// varies the assumptions of some of its homes.
func TestHomesWithABatteryAreFewAtTheEndsOfRanges(t *testing.T) {
	for _, c := range []struct {
		settings []string
		band     int
		minutes  float64 // of a run's processor time
	}{
		{nil, 100, 0},
		{[]string{"home.battery_kwh=10"}, 20, 12.6},
		{[]string{"home.battery_kwh=10", "homes=5"}, 5, 1.75},
		{[]string{"home.battery_kwh=10", "modes=[regular]"}, 20, 0},
	} {
		s, err := assume.Load("", c.settings)
		if err != nil {
			t.Fatal(err)
		}
		if got := bandHomes(s); got != c.band {
			t.Errorf("%v: ranges are of %d homes, %d expected", c.settings, got, c.band)
		}
		if got := BatterySeconds(s, true) / 60; got < 0.99*c.minutes || got > 1.01*c.minutes {
			t.Errorf("%v: %.2f minutes are expected to be said, %.2f are", c.settings, c.minutes, got)
		}
	}
}

// What homes do under the study's own assumptions is not computed again for the band.
func TestTheBandBeginsWithWhatTheRunFound(t *testing.T) {
	s, err := assume.Load("", []string{"homes=2"})
	if err != nil {
		t.Fatal(err)
	}
	r := &workbench{Workbench: inputs.New(s, dataset.Files{})}
	homes, cases, err := profiles.Inputs(t.Context(), r.Workbench, true)
	if err != nil {
		t.Fatal(err)
	}
	results, err := cohort.Run(t.Context(), &cohort.Input{Axis: r.Axis, Homes: homes, Cases: cases, Seed: s.Seed, StoredValue: true})
	if err != nil {
		t.Fatal(err)
	}
	again, err := r.tables(t.Context(), homes, s, ofV2G(cases), nil)
	if err != nil {
		t.Fatal(err)
	}
	if found := r.byMonth(results); len(found) != len(s.Contracts) || !reflect.DeepEqual(found, again) {
		t.Errorf("the tables of %s computed again are others", dispatch.V2G)
	}
}
