package server

import (
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
)

// Borders that are cut off at a tile run along its edge: without the points in between, and
// without those that only go to and fro, they enclose the same.
func TestABorderWithoutPointsBetweenEnclosesTheSame(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	left := 0
	for range 2000 {
		var r orb.Ring
		for range 3 + random.IntN(12) {
			r = append(r, orb.Point{float64(random.IntN(4)), float64(random.IntN(4))})
		}
		r = append(r, r[0])
		want := planar.Area(r)
		got := straight(r.Clone())
		if len(got) < 4 {
			if want != 0 {
				t.Fatalf("%v encloses %g, and nothing is left of it", r, want)
			}
			continue
		}
		left++
		if area := planar.Area(got); area != want || got[0] != got[len(got)-1] {
			t.Fatalf("%v encloses %g, as %v it encloses %g", r, want, got, area)
		}
		for i := 1; i < len(got); i++ {
			a, b, c := got[i-1], got[i], got[1]
			if i+1 < len(got) {
				c = got[i+1]
			}
			if (b[0]-a[0])*(c[1]-a[1]) == (b[1]-a[1])*(c[0]-a[0]) {
				t.Fatalf("%v has a point between others: %v of %v", got, b, r)
			}
		}
	}
	if left < 1000 {
		t.Errorf("only %d rings enclose anything: the test shows little", left)
	}
}
