package potential_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/getij/getij/internal/potential"
)

// The few steps that are kept say the highest quarter-hour of the whole year, whatever
// the region and the share that takes part, and when it is.
func TestTheHighestQuarterHourIsThatOfTheWholeYear(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	var years [4][]float64 // load, solar, this way, regular
	for k := range years {
		for range 3000 {
			years[k] = append(years[k], []float64{0, 0, -1, 0}[k]+3*r.Float64()*r.Float64())
		}
	}
	steps := potential.HighestSteps(years[0], years[1], years[2], years[3])
	if len(steps.List) > 1000 {
		t.Errorf("%d of 3000 steps are kept", len(steps.List))
	}
	for range 500 {
		h := potential.Homes{Dwellings: 1000 * r.Float64()}
		h.Equivalents = h.Dwellings * (0.5 + r.Float64())
		points, adoption := 1000*r.Float64(), []float64{0, r.Float64(), 1}[r.IntN(3)]
		want, at := math.Inf(-1), -1
		for i := range years[0] {
			if kw := h.Equivalents*years[0][i] - h.Dwellings*years[1][i] + points*(adoption*years[2][i]+(1-adoption)*years[3][i]); kw > want {
				want, at = kw, i
			}
		}
		if kw, step := steps.Highest(h, points, adoption); kw != want || step != at {
			t.Fatalf("%+v with %g points, %g of them taking part: %g kW in step %d, want %g in %d", h, points, adoption, kw, step, want, at)
		}
	}
}

// Without regular charging in the study it is known only when all take part.
func TestTheHighestQuarterHourNeedsRegularChargingWhereNotAllTakePart(t *testing.T) {
	steps := potential.HighestSteps([]float64{1, 2}, []float64{0, 0}, []float64{3, 1}, nil)
	h := potential.Homes{Dwellings: 1, Equivalents: 1}
	if kw, at := steps.Highest(h, 1, 1); kw != 4 || at != 0 {
		t.Errorf("all: %g kW in step %d, want 4 in 0", kw, at)
	}
	if kw, at := steps.Highest(h, 1, 0.5); !math.IsNaN(kw) || at != -1 {
		t.Errorf("half: %g kW in step %d, want none", kw, at)
	}
	if kw, at := (*potential.Steps)(nil).Highest(h, 1, 1); !math.IsNaN(kw) || at != -1 {
		t.Errorf("no steps: %g kW in step %d, want none", kw, at)
	}
}
