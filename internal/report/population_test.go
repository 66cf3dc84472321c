package report

import (
	"testing"

	"github.com/getij/getij/internal/result"
)

// The chapter is of the way to charge with most freedom, in whatever order a study has them.
func TestOwnHomesAreToldOfTheFreestWay(t *testing.T) {
	cases := []*result.PopulationCase{{Mode: "v2g"}, {Mode: "smart"}, {Mode: "regular"}}
	if c := freestOf(cases); c.Mode != "v2g" {
		t.Errorf("it is of %s", c.Mode)
	}
}

// What cars take on an evening is not called a negative feed-in, nor what homes get feed-in.
func TestAnEveningIsGivenOrTaken(t *testing.T) {
	for mw, want := range map[float64]string{-1850: "take 1.85 GW", 220: "give 0.22 GW to their homes and the grid"} {
		if got := given(mw); got != want {
			t.Errorf("%g MW: %s", mw, got)
		}
	}
}
