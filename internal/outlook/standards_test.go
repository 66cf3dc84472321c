package outlook_test

import (
	"math"
	"testing"

	"github.com/getij/getij/internal/outlook"
)

// 100 points until 2026, 20 more each year from 2027 on; old ones last 10 years, and
// nothing feeds in before 2029.
func TestPointsThatCanDischargeAreTheNewAndTheReplaced(t *testing.T) {
	var points []float64
	for year := outlook.FirstYear; year <= outlook.LastYear; year++ {
		points = append(points, 100+20*max(0, float64(year-2026)))
	}
	share := outlook.CanDischarge(points, 2027, 2029, 10)
	for year, want := range map[int]float64{
		2025: 0, 2027: 0, 2028: 0,
		2029: 1 - 70.0/160, // three tenths of the old are replaced
		2035: 1 - 10.0/280,
		2036: 1, 2050: 1,
	} {
		if got := share[year-outlook.FirstYear]; math.Abs(got-want) > 1e-12 {
			t.Errorf("%d: %g, want %g", year, got, want)
		}
	}
	for i := 1; i < len(share); i++ {
		if share[i] < share[i-1] {
			t.Errorf("the share falls in %d", outlook.FirstYear+i)
		}
	}
}
