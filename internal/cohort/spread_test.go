package cohort

import (
	"runtime"
	"testing"

	"github.com/getij/getij/internal/home"
)

// A group is its own homes: of ten times the homes, ten times the groups of one.
func TestGroupsOfACountryFitInMemory(t *testing.T) {
	const homes = 20_000
	r := &runner{Input: &Input{Homes: make([]*home.Home, homes)}}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	groups, of := r.drawn(1)
	large, _ := r.drawn(1000)
	runtime.ReadMemStats(&after)
	if len(groups) != homes || len(of) != homes || len(large[0]) != 1000 {
		t.Errorf("%d groups in %d draws of one, the first large one of %d homes", len(groups), len(of), len(large[0]))
	}
	if used := after.TotalAlloc - before.TotalAlloc; used > 500*homes {
		t.Errorf("%d bytes a home", used/homes)
	}
}
