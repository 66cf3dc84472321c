package potential_test

import (
	"math"
	"testing"

	"github.com/getij/getij/internal/potential"
)

// A triangle from 0 over 1 to 4: half its values lie below 4 - sqrt(6), and its
// standard deviation is sqrt(13/18).
func TestAnAssumptionIsMostLikelyWhereTheStudyHasIt(t *testing.T) {
	f := potential.Factor{Low: 0, Value: 1, High: 4}
	near(t, "standard deviation", f.SD(), math.Sqrt(13.0/18))
	sum, below, lowest, highest := 0.0, 0.0, math.Inf(1), math.Inf(-1)
	for _, row := range potential.Draws([]potential.Factor{f}) {
		v := row[0]
		sum += v / potential.DrawCount
		if v < 4-math.Sqrt(6) {
			below += 1.0 / potential.DrawCount
		}
		lowest, highest = min(lowest, v), max(highest, v)
	}
	if math.Abs(sum-5.0/3) > 1e-3 || math.Abs(below-0.5) > 1e-3 || lowest < 0 || highest > 4 {
		t.Errorf("the draws have mean %g, %g of them below the median, and run from %g to %g", sum, below, lowest, highest)
	}
	for _, certain := range []potential.Factor{{Low: 2, Value: 2, High: 2}, {Low: 0, Value: 0, High: 1}, {Low: 0, Value: 1, High: 1}} {
		for _, row := range potential.Draws([]potential.Factor{certain}) {
			if row[0] < certain.Low || row[0] > certain.High {
				t.Fatalf("%+v is drawn as %g", certain, row[0])
			}
		}
	}
}

// Assumptions are drawn each for itself: the sum of two has the variance of both.
func TestAssumptionsAreDrawnIndependently(t *testing.T) {
	f := []potential.Factor{{Low: -1, Value: 0, High: 1}, {Low: -1, Value: 0, High: 1}}
	variance := 0.0
	for _, row := range potential.Draws(f) {
		variance += (row[0] + row[1]) * (row[0] + row[1]) / potential.DrawCount
	}
	if want := 2 * f[0].SD() * f[0].SD(); math.Abs(variance-want) > 0.05*want {
		t.Errorf("the sum has variance %g, want %g", variance, want)
	}
}

func TestPercentilesAreInterpolated(t *testing.T) {
	values := make([]float64, 101)
	for i := range values {
		values[i] = float64(100 - i)
	}
	if p5, p95 := potential.Percentiles(values); p5 != 5 || p95 != 95 {
		t.Errorf("0 to 100 has percentiles %g and %g", p5, p95)
	}
}

// An effect is the figure at both ends, the other assumptions as the study has them.
func TestWhatMattersMostComesFirst(t *testing.T) {
	f := []potential.Factor{{Key: "little", Low: 0, Value: 1, High: 2}, {Key: "not", Low: 0, Value: 1, High: 9}, {Key: "much", Low: 1, Value: 2, High: 5}}
	got := potential.Effects(f, func(v []float64) float64 { return v[0] * v[2] * v[2] })
	if got[0].Key != "much" || got[0].AtLow != 1 || got[0].AtHigh != 25 || got[1].Key != "little" || got[1].AtLow != 0 || got[1].AtHigh != 8 || got[2].AtLow != got[2].AtHigh {
		t.Errorf("%+v", got)
	}
}

// A region has the country's band, and what is its own adds up by squares.
func TestARegionsBandIsThatOfTheCountryAndItsOwn(t *testing.T) {
	b := potential.Band{P5: 0.6, P95: 1.4}
	p5, p95 := b.At(0, 0)
	near(t, "p5 of the country", p5, 0.6)
	near(t, "p95 of the country", p95, 1.4)
	b.Spread = 0.3
	p5, p95 = b.At(1.2, 0)
	near(t, "p5", p5, 0) // 1 - 1.3
	near(t, "p95", p95, 1.5)
	if p5, p95 := (potential.Band{}).At(1, 1); !math.IsNaN(p5) || !math.IsNaN(p95) {
		t.Errorf("no band: %g to %g", p5, p95)
	}
}
