package region

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
	"pgregory.net/rapid"
)

const (
	meshX, meshY = 150000.0, 450000.0
	meshSide     = 1000.0
)

// newMesh makes n x n regions whose wavy borders, of `waves` halvings, are shared
// point by point.
func newMesh(seed uint64, n, waves int) []Region {
	random := rand.New(rand.NewPCG(seed, 1))
	corner := map[[2]int]orb.Point{}
	for i := range n + 1 {
		for j := range n + 1 {
			corner[[2]int{i, j}] = orb.Point{
				meshX + meshSide*(float64(i)+0.3*(random.Float64()-0.5)),
				meshY + meshSide*(float64(j)+0.3*(random.Float64()-0.5)),
			}
		}
	}
	lines := map[[4]int][]orb.Point{}
	line := func(a, b [2]int) []orb.Point { // from a up to, not including, b
		key, turned := [4]int{a[0], a[1], b[0], b[1]}, false
		if a[0] > b[0] || a[1] > b[1] {
			key, turned = [4]int{b[0], b[1], a[0], a[1]}, true
		}
		points := lines[key]
		if points == nil {
			points = []orb.Point{corner[[2]int{key[0], key[1]}], corner[[2]int{key[2], key[3]}]}
			for range waves {
				var finer []orb.Point
				for i := 1; i < len(points); i++ {
					p, q := points[i-1], points[i]
					off := 0.15 * (random.Float64() - 0.5)
					mid := orb.Point{(p[0]+q[0])/2 - off*(q[1]-p[1]), (p[1]+q[1])/2 + off*(q[0]-p[0])}
					finer = append(finer, p, mid)
				}
				points = append(finer, points[len(points)-1])
			}
			lines[key] = points
		}
		out := append([]orb.Point(nil), points...)
		if turned {
			for i, j := 0, len(out)-1; i < j; i, j = i+1, j-1 {
				out[i], out[j] = out[j], out[i]
			}
		}
		return out[:len(out)-1]
	}
	var regions []Region
	for i := range n {
		for j := range n {
			var ring orb.Ring
			for _, side := range [][2][2]int{
				{{i, j}, {i + 1, j}},
				{{i + 1, j}, {i + 1, j + 1}},
				{{i + 1, j + 1}, {i, j + 1}},
				{{i, j + 1}, {i, j}},
			} {
				ring = append(ring, line(side[0], side[1])...)
			}
			ring = append(ring, ring[0])
			code := fmt.Sprintf("BU00%02d00%02d", i, j)
			regions = append(regions, Region{Code: code, Level: Buurt, Geometry: orb.MultiPolygon{{ring}}})
		}
	}
	return regions
}

func totalAreaM2(regions []Region) float64 {
	var sum float64
	for _, r := range regions {
		sum += AreaM2(r.Geometry)
	}
	return sum
}

// Whatever the tolerance, regions still fit: together they cover what their
// outline covers, once, and the outline has no holes.
func TestSimplifyKeepsSharedBordersShared(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		mesh := newMesh(rapid.Uint64().Draw(t, "seed"), rapid.IntRange(1, 5).Draw(t, "n"), rapid.IntRange(0, 5).Draw(t, "waves"))
		tolerance := rapid.Float64Range(0, 5000).Draw(t, "tolerance_m")
		before := fmt.Sprint(mesh)
		out, err := Simplify(mesh, tolerance)
		if err != nil {
			t.Fatal(err)
		}
		if fmt.Sprint(mesh) != before {
			t.Fatal("the input was changed")
		}
		if before, after := points(mesh), points(out); after > before {
			t.Fatalf("%d points became %d", before, after)
		}
		var geometries []orb.MultiPolygon
		for _, r := range out {
			if err := Check(r.Code, r.Geometry, RDNew); err != nil {
				t.Fatal(err)
			}
			if len(r.Geometry) != 1 || planar.Area(r.Geometry[0][0]) <= 0 {
				t.Fatalf("%s collapsed: %v", r.Code, r.Geometry)
			}
			geometries = append(geometries, r.Geometry)
		}
		whole := Dissolve(geometries)
		if len(whole) != 1 || len(whole[0]) != 1 {
			t.Fatalf("the outline has %d parts", len(whole))
		}
		if a, b := totalAreaM2(out), AreaM2(whole); math.Abs(a-b) > 1e-6*b {
			t.Fatalf("regions cover %v m2, their outline %v m2", a, b)
		}
	})
}

func TestSimplifyIslandsAndHoles(t *testing.T) {
	outer := square(0, 0, 1000)
	filled, pond := square(100, 100, 20), square(500, 500, 20)
	regions := []Region{
		{Code: "a", Level: "zone", Geometry: orb.MultiPolygon{{outer, filled, pond}, {square(2000, 0, 10)}}},
		{Code: "b", Level: "zone", Geometry: orb.MultiPolygon{{filled.Clone()}}},
		{Code: "c", Level: "zone"}, // a region without geometry passes
	}
	out, err := Simplify(regions, 100)
	if err != nil {
		t.Fatal(err)
	}
	if g := out[0].Geometry; len(g) != 2 || len(g[0]) != 3 || len(g[1]) != 1 {
		t.Errorf("a became %v", g)
	}
	// Smaller than the tolerance, but at least a triangle stays.
	if g := out[1].Geometry; len(g) != 1 || len(g[0][0]) < 4 || AreaM2(g) <= 0 {
		t.Errorf("b became %v", g)
	}
	if hole := (orb.MultiPolygon{{out[0].Geometry[0][1]}}); AreaM2(hole) != AreaM2(out[1].Geometry) {
		t.Error("the hole and what fills it are no longer the same")
	}
	if out[2].Geometry != nil {
		t.Error("geometry out of nothing")
	}
}

// A thin peninsula over a near border: simplified alone, one would cross the other.
func TestSimplifyDoesNotCross(t *testing.T) {
	a := orb.Ring{{0, 0}, {1000, 0}, {1000, 100}, {500, 101}, {0, 100}, {0, 0}}
	b := orb.Ring{{450, 300}, {500, 103}, {550, 300}, {450, 300}}
	regions := []Region{{Code: "a", Geometry: orb.MultiPolygon{{a}}}, {Code: "b", Geometry: orb.MultiPolygon{{b}}}}
	bump := orb.Ring{{0, 0}, {1000, 0}, {1000, 100}, {600, 100}, {500, 20}, {400, 100}, {0, 100}, {0, 0}}
	nose := orb.Ring{{490, 300}, {490, 60}, {510, 60}, {510, 300}, {490, 300}}
	regions = append(regions, Region{Code: "c", Geometry: shift(bump, 5000)}, Region{Code: "d", Geometry: shift(nose, 5000)})
	out, err := Simplify(regions, 90)
	if err != nil {
		t.Fatal(err)
	}
	if !refined(regions, 90) {
		t.Error("nothing was refined: the test shows nothing")
	}
	for _, p := range out[3].Geometry[0][0] {
		if Contains(out[2].Geometry, p) {
			t.Errorf("d's corner %v lies in c", p)
		}
	}
}

// An island in a bay: with the bay cut off it would lie on the land, though no
// borders cross.
func TestSimplifyDoesNotPassOverIslands(t *testing.T) {
	coast := orb.Ring{{0, 0}, {1000, 0}, {1000, 1000}, {600, 1000}, {500, 800}, {400, 1000}, {0, 1000}, {0, 0}}
	island := orb.Ring{{490, 950}, {510, 950}, {500, 960}, {490, 950}}
	regions := []Region{{Code: "coast", Geometry: orb.MultiPolygon{{coast}}}, {Code: "island", Geometry: orb.MultiPolygon{{island}}}}
	out, err := Simplify(regions, 200)
	if err != nil {
		t.Fatal(err)
	}
	if !refined(regions, 200) || Contains(out[0].Geometry, orb.Point{500, 955}) {
		t.Errorf("the island lies on the coast: %v", out[0].Geometry)
	}
}

// refined says whether a border is kept in more detail than the tolerance asks for.
func refined(regions []Region, toleranceM float64) bool {
	var geometries []orb.MultiPolygon
	for _, r := range regions {
		geometries = append(geometries, r.Geometry)
	}
	s := newSimplifier(newTopology(geometries), toleranceM)
	s.refine()
	return slices.ContainsFunc(s.step, func(n int) bool { return n > 0 })
}

func points(regions []Region) (n int) {
	for _, r := range regions {
		for _, polygon := range r.Geometry {
			for _, ring := range polygon {
				n += len(ring)
			}
		}
	}
	return n
}

func shift(ring orb.Ring, dx float64) orb.MultiPolygon {
	ring = ring.Clone()
	for i := range ring {
		ring[i][0] += dx
	}
	return orb.MultiPolygon{{ring}}
}

func TestSimplifyRefuses(t *testing.T) {
	var open *RingError
	_, err := Simplify([]Region{{Code: "x", Geometry: orb.MultiPolygon{{square(0, 0, 1)[:4]}}}}, 0)
	if !errors.As(err, &open) || open.Code != "x" {
		t.Error(err)
	}
	if _, err := Simplify(nil, math.NaN()); err == nil {
		t.Error("a tolerance that is no number")
	}
}

// Any rings at all, crossing and repeating, must come through without a panic.
func TestSimplifyAndDissolveSurviveAnything(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var regions []Region
		var geometries []orb.MultiPolygon
		for i := range rapid.IntRange(1, 4).Draw(t, "regions") {
			var polygon orb.Polygon
			for range rapid.IntRange(1, 3).Draw(t, "rings") {
				var ring orb.Ring
				for range rapid.IntRange(3, 9).Draw(t, "points") {
					ring = append(ring, orb.Point{float64(rapid.IntRange(0, 4).Draw(t, "x")), float64(rapid.IntRange(0, 4).Draw(t, "y"))})
				}
				polygon = append(polygon, append(ring, ring[0]))
			}
			regions = append(regions, Region{Code: fmt.Sprint(i), Geometry: orb.MultiPolygon{polygon}})
			geometries = append(geometries, orb.MultiPolygon{polygon})
		}
		if _, err := Simplify(regions, 1.5); err != nil {
			t.Fatal(err)
		}
		Dissolve(geometries)
	})
}

func TestDissolve(t *testing.T) {
	// A ring of eight squares around an empty ninth, and two that touch in a corner.
	var around []orb.MultiPolygon
	for i := range 3 {
		for j := range 3 {
			if i != 1 || j != 1 {
				r := square(float64(i)*10, float64(j)*10, 10)
				if (i+j)%2 == 0 {
					r.Reverse()
				}
				around = append(around, orb.MultiPolygon{{r}})
			}
		}
	}
	if got := Dissolve(around); len(got) != 1 || len(got[0]) != 2 || AreaM2(got) != 800 {
		t.Errorf("%v", got)
	}
	if got := Dissolve([]orb.MultiPolygon{{{square(0, 0, 10)}}, {{square(10, 10, 10)}}}); len(got) != 2 || AreaM2(got) != 200 {
		t.Errorf("%v", got)
	}
	// An island in the empty ninth, over the middle of it.
	island := orb.MultiPolygon{{square(14, 14, 2)}}
	if got := Dissolve(append(around, island)); len(got) != 2 || len(got[0]) != 2 || len(got[1]) != 1 {
		t.Errorf("%v", got)
	}
	if got := Dissolve(nil); len(got) != 0 {
		t.Errorf("%v", got)
	}
	s, err := NewSet(newMesh(7, 3, 2), SetOptions{})
	if err != nil {
		t.Fatal(err)
	}
	d := s.Dissolved()
	for _, level := range d.Levels() {
		var sum float64
		for _, i := range d.OfLevel(level) {
			sum += AreaM2(d.At(i).Geometry)
		}
		if want := AreaM2(d.At(0).Geometry); math.Abs(sum-want) > 1e-6*want || want < 8e6 {
			t.Errorf("%s covers %v m2, the land %v m2", level, sum, want)
		}
	}
	if s.At(0).Geometry != nil {
		t.Error("the set itself was changed")
	}
}
