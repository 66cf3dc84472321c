package outlook

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

func TestSCurvesGoThroughTheirThreePoints(t *testing.T) {
	settings, err := Settings()
	if err != nil {
		t.Fatal(err)
	}
	scenarios, err := readScenarios()
	if err != nil {
		t.Fatal(err)
	}
	met := 0
	for _, s := range settings {
		c := scenarios[s.Scenario].electricCars
		switch s.Quantity {
		case "electric_share_vans":
			c = scenarios[s.Scenario].electricVans
		case "cars", "vans":
			continue
		}
		met++
		if got := c.at(float64(s.Year)); math.Abs(got-s.Value) > 1e-9 {
			t.Errorf("scenario %s, %s: %.12f in %d, want %g", s.Scenario, s.Quantity, got, s.Year, s.Value)
		}
	}
	if met != 18 {
		t.Errorf("%d points were looked at, want three of two curves in three scenarios", met)
	}
}

// The scenarios of the report's figures: 5 % of cars in 2024, half in 2035, all
// in 2050.
func TestSharesRiseTowardsTheirEnd(t *testing.T) {
	scenarios, err := readScenarios()
	if err != nil {
		t.Fatal(err)
	}
	for name, s := range scenarios {
		for what, c := range map[string]sCurve{"cars": s.electricCars, "vans": s.electricVans} {
			before := 0.0
			for year := 2024; year <= 2120; year++ {
				share := c.at(float64(year))
				if share < before || share > 1 || year <= LastYear && share == before {
					t.Fatalf("scenario %s, %s: %.9f in %d after %.9f", name, what, share, year, before)
				}
				before = share
			}
		}
	}
	if mid := scenarios["mid"].electricCars; math.Abs(mid.at(2035)-0.5) > 1e-9 || mid.at(2051) != 1 {
		t.Errorf("mid: %g in 2035 and %g in 2051, want 0.5 and 1", mid.at(2035), mid.at(2051))
	}
}

// Three points of a logistic curve determine it.
func TestAnSCurveIsFoundBackFromThreeOfItsPoints(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := sCurve{
			top:    rapid.Float64Range(0.5, 1).Draw(t, "top"),
			rate:   rapid.Float64Range(0.15, 0.5).Draw(t, "rate"),
			middle: rapid.Float64Range(2030, 2042).Draw(t, "middle"),
		}
		var p []point
		for _, year := range []int{2024, rapid.IntRange(2030, 2042).Draw(t, "year"), 2050} {
			p = append(p, point{year, want.at(float64(year))})
		}
		got, err := newSCurve(p)
		if err != nil {
			t.Fatal(err)
		}
		for year := 2020; year <= 2060; year++ {
			if g, w := got.at(float64(year)), want.at(float64(year)); math.Abs(g-w) > 1e-6 {
				t.Fatalf("through %v: %.9f in %d, want %.9f", p, g, year, w)
			}
		}
	})
}

func TestPointsThatNoSCurveGoesThroughAreAnError(t *testing.T) {
	for _, c := range []struct {
		points []point
		want   string
	}{
		{[]point{{2024, 0.05}, {2035, 0.06}, {2050, 0.9}}, "no S-curve goes through [{2024 0.05} {2035 0.06} {2050 0.9}]"}, // faster than exponential
		{[]point{{2024, 1e-9}, {2025, 0.5}, {2050, 0.9}}, "no S-curve goes through [{2024 1e-09} {2025 0.5} {2050 0.9}]"},  // a step, then a slope
		{[]point{{2024, 0.05}, {2035, 0.05}, {2050, 1}}, "three rising shares are needed, got [{2024 0.05} {2035 0.05} {2050 1}]"},
		{[]point{{2024, 0.5}, {2035, 0.4}, {2050, 1}}, "three rising shares are needed, got [{2024 0.5} {2035 0.4} {2050 1}]"},
		{[]point{{2024, 0.05}, {2050, 1}}, "three rising shares are needed, got [{2024 0.05} {2050 1}]"},
		{[]point{{2024, math.NaN()}, {2035, 0.5}, {2050, 1}}, "three rising shares are needed, got [{2024 NaN} {2035 0.5} {2050 1}]"},
	} {
		if _, err := newSCurve(c.points); err == nil || err.Error() != c.want {
			t.Errorf("got %v, want %s", err, c.want)
		}
	}
}
