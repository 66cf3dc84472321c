package study

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/getij/getij/internal/assume"
)

// A mean home hides when a kettle boils: with loads of their own homes discharge more into
// themselves (V2H), and together they use what they are drawn around.
func TestHomesWithLoadsOfTheirOwnDischargeMoreIntoThemselves(t *testing.T) {
	long(t)
	discharged, used := map[string]float64{}, map[string]float64{}
	for _, meters := range []string{assume.None, assume.Drawn} {
		s, err := assume.Load("", []string{"homes=40", "data.meters=" + meters, "modes=[regular,v2h]"})
		if err != nil {
			t.Fatal(err)
		}
		r, err := RunProfiles(t.Context(), s, nil)
		if err != nil {
			t.Fatal(err)
		}
		told := slices.ContainsFunc(r.Manifest.Notes, func(n string) bool { return strings.Contains(n, "drawn around the mean") })
		if told != (meters == assume.Drawn) {
			t.Errorf("meters %s: notes tell of drawn loads: %v", meters, told)
		}
		for _, c := range r.Cases {
			if c.Contract == "dynamic_2027" && c.Mode.String() == "v2h" {
				discharged[meters] = c.Summary.DischargedKWh
			}
		}
		for _, kW := range r.LoadKW {
			used[meters] += kW / 4
		}
	}
	if discharged[assume.Drawn] < 1.05*discharged[assume.None] {
		t.Errorf("drawn homes discharge %.0f kWh into themselves, mean ones %.0f", discharged[assume.Drawn], discharged[assume.None])
	}
	if ratio := used[assume.Drawn] / used[assume.None]; math.Abs(ratio-1) > 0.2 { // of 40 homes with a spread of 0.44
		t.Errorf("drawn homes use %.2f of what they are drawn around", ratio)
	}
}
