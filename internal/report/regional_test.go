package report

import (
	"strings"
	"testing"

	"github.com/getij/getij/internal/assume"
)

// A hybrid has a charge point and does not discharge: while there are many the megawatts are too
// high, and the page says of which years and by how much.
func TestYearsWithManyHybridsAreSaidToCountThem(t *testing.T) {
	years := []yearRow{{Year: 2025, Electric: 0.05}, {Year: 2035, Electric: 0.5}, {Year: 2050, Electric: 1}}
	o := &assume.Outlook{ChargePoints: assume.Model, HybridsPerElectricCar: 0.6}
	// 0.6 x 0.95 = 0.57 hybrids to an electric car are 36 % of both, 0.3 are 23 %.
	if got := hybrids(o, years); !strings.Contains(got, "they are 36 % in 2025, 23 % in 2035.") {
		t.Errorf("it says: %s", got)
	}
	for what, o := range map[string]*assume.Outlook{
		"a study without hybrids": {ChargePoints: assume.Model},
		"charge points of a file": {ChargePoints: "points.csv", HybridsPerElectricCar: 0.6},
	} {
		if got := hybrids(o, years); got != "" {
			t.Errorf("%s: %s", what, got)
		}
	}
	if got := hybrids(o, years[2:]); got != "" {
		t.Errorf("when all cars are electric: %s", got)
	}
}
