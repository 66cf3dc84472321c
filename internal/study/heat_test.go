package study_test

import (
	"math"
	"strings"
	"testing"

	"github.com/getij/getij/internal/assume"
	"github.com/getij/getij/internal/study"
)

// In a run the homes that are drawn have a heat pump beside their load, and the mean home
// has its share of one.
func TestARunHasHeatPumps(t *testing.T) {
	load := func(share string) (kWh float64, notes string) {
		s, err := assume.Load("", []string{"homes=20", "modes=[regular]", "contracts=[{kind: single}]", "home.heat_pump_share=" + share})
		if err != nil {
			t.Fatal(err)
		}
		r, err := study.RunProfiles(t.Context(), s, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, kW := range r.LoadKW {
			kWh += kW / 4
		}
		return kWh, strings.Join(r.Manifest.Notes, "\n")
	}
	without, notes := load("0")
	if strings.Contains(notes, "heat pump") {
		t.Errorf("without heat pumps the notes tell of some:\n%s", notes)
	}
	with, notes := load("1")
	if math.Abs(with-without-3000) > 1 || !strings.Contains(notes, "20 of 20 homes have a heat pump") {
		t.Errorf("a heat pump adds %.1f kWh to the mean home, 3,000 were expected; notes:\n%s", with-without, notes)
	}
}
