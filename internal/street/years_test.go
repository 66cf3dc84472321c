package street

import (
	"math"
	"slices"
	"testing"

	"github.com/getij/getij/internal/home"
)

// later adds years to a street: charge points, and which homes of the pool have solar
// panels, of 2 kW at any time, in each.
func later(in *Input, points []int, solar [][]State) {
	in.Has = make([]State, len(in.Pool))
	for i, n := range points {
		in.Years = append(in.Years, Year{Year: 2025 + i, ChargePoints: n, Has: solar[i]})
	}
	in.Home = func(i int, has State) *home.Home {
		h := *in.Pool[i]
		if has&Solar != 0 {
			h.NetKW = slices.Clone(h.NetKW)
			for t := range h.NetKW {
				h.NetKW[t] -= 2
			}
		}
		h.Fit()
		return &h
	}
}

// A year in which nothing but the number of charge points is other than now is a row of
// the street's growth.
func TestAYearIsTheStreetWithItsChargePoints(t *testing.T) {
	in := flatStreet(6)
	in.Homes, in.ChargePoints, in.CapacityKW = 4, 4, 33
	bare := make([]State, 6)
	later(in, []int{1, 1, 3, 4}, [][]State{bare, bare, bare, bare})
	r, err := Run(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range r.Cases {
		if len(c.Years) != 4 {
			t.Fatalf("%s has %d years", c.Mode, len(c.Years))
		}
		for _, y := range c.Years {
			if row := c.At(y.ChargePoints); y.Row != *row {
				t.Errorf("%s in %d: %+v, with as many charge points %+v", c.Mode, y.Year, y.Row, *row)
			}
		}
	}
}

// Panels that come with the years lower what the street takes, and the cars of homes that
// did not change stay as they were.
func TestHomesGetPanelsOverTheYears(t *testing.T) {
	in := flatStreet(2) // 3 kW without cars, 25 while both charge
	in.CapacityKW = 24
	later(in, []int{2, 2, 1}, [][]State{{0, 0}, {0, Solar}, {Solar, Solar}})
	r, err := Run(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range r.Cases {
		var peaks []float64
		for _, y := range c.Years {
			peaks = append(peaks, y.PeakKW.P50)
		}
		if want := []float64{25, 23, 10}; slices.ContainsFunc([]int{0, 1, 2}, func(i int) bool { return math.Abs(peaks[i]-want[i]) > 1e-9 }) {
			t.Errorf("%s: the street's peaks are %v over the years, %v were expected", c.Mode, peaks, want)
		}
		if y := c.FailsFrom(MayFail); y != 2025 || !(c.In(2026).Holding == 1) {
			t.Errorf("%s: the street fails from %d on, and %g of the streets hold in 2026", c.Mode, y, c.In(2026).Holding)
		}
	}
}

// Of twenty streets one may fail; with two of them the street fails.
func TestAStreetFailsWithMoreThanOneInTwenty(t *testing.T) {
	c := Case{Years: []YearRow{{Year: 2030, Row: Row{Holding: 0.95}}, {Year: 2031, Row: Row{Holding: 0.9}}, {Year: 2032, Row: Row{Holding: 0.4}}}}
	if a, b := c.FailsFrom(MayFail), c.FailsFrom(0.5); a != 2031 || b != 2032 {
		t.Errorf("it fails from %d on, half of the streets from %d", a, b)
	}
	if never := (&Case{Years: c.Years[:1]}).FailsFrom(MayFail); never != 0 {
		t.Errorf("a street that holds fails from %d on", never)
	}
}
