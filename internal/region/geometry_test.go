package region

import (
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

func square(x, y, side float64) orb.Ring {
	return orb.Ring{{x, y}, {x + side, y}, {x + side, y + side}, {x, y + side}, {x, y}}
}

func TestAreaAndLabel(t *testing.T) {
	hole := square(155400, 463400, 200)
	mp := orb.MultiPolygon{{square(155000, 463000, 1000), hole}, {square(157000, 463000, 1000)}}
	if a := AreaM2(mp); a != 1e6-4e4+1e6 {
		t.Errorf("area %v", a)
	}
	p, ok := LabelPoint(mp)
	if !ok || !Contains(mp, p) {
		t.Errorf("label %v", p)
	}
	for _, ring := range []orb.Ring{mp[0][0], hole} { // direction does not matter
		ring.Reverse()
		if again, _ := LabelPoint(mp); math.Abs(again[0]-p[0]) > 1e-6 || AreaM2(mp) != 1e6-4e4+1e6 {
			t.Errorf("label %v of %g m2 after turning a ring, %v before", again, AreaM2(mp), p)
		}
	}
	if _, ok := LabelPoint(nil); ok {
		t.Error("label in nothing")
	}
	u := orb.MultiPolygon{{{{0, 0}, {9, 0}, {9, 9}, {8, 9}, {8, 1}, {1, 1}, {1, 9}, {0, 9}, {0, 0}}}}
	if p, ok := LabelPoint(u); !ok || !Contains(u, p) {
		t.Errorf("label %v of a U", p)
	}
}

func TestCheckAndMend(t *testing.T) {
	var open *RingError
	ring := square(155000, 463000, 100)[:4]
	err := Check("BU00140101", orb.MultiPolygon{{square(155000, 463000, 500), ring}}, RDNew)
	if !errors.As(err, &open) || open.Ring != 1 || open.GapM != 100 || !strings.Contains(err.Error(), "BU00140101, polygon 1, ring 2 does not close: first and last point are 100.000 m apart") {
		t.Error(err)
	}
	degrees := ToWGS84(orb.MultiPolygon{{ring}})
	if err := Check("x", degrees, WGS84); !errors.As(err, &open) || math.Abs(open.GapM-100) > 0.01 {
		t.Error(err)
	}
	var empty *EmptyGeometryError
	if !errors.As(Check("x", nil, RDNew), &empty) || !errors.As(Check("x", orb.MultiPolygon{{}}, RDNew), &empty) {
		t.Error("empty geometry was accepted")
	}
	if err := Check("x", orb.MultiPolygon{{{{0, 0}, {math.NaN(), 0}, {1, 1}, {0, 0}}}}, RDNew); !errors.As(err, &open) {
		t.Error(err)
	}
	if err := Check("x", orb.MultiPolygon{{{{0, 0}, {1, 0}, {0, 0}}}}, RDNew); !errors.As(err, &open) {
		t.Error(err)
	}

	nearly := orb.Ring{{0, 0}, {0, 0}, {100, 0}, {100, 100}, {0, 100}, {0, 0.4}}
	mended, mends := Mend(orb.MultiPolygon{{nearly, {{5, 5}, {6, 6}, {5, 5}}}, {{{1, 1}, {2, 2}, {1, 1}}, square(1, 1, 1)}}, RDNew)
	if mends != (Mends{ClosedRings: 1, RepeatedPoints: 1, DroppedRings: 3}) || len(mended) != 1 || len(mended[0]) != 1 {
		t.Errorf("%+v %v", mends, mended)
	}
	if err := Check("x", mended, RDNew); err != nil {
		t.Error(err)
	}
	wide, mends := Mend(orb.MultiPolygon{{append(orb.Ring(nil), ring...)}}, RDNew)
	if mends != (Mends{}) || Check("x", wide, RDNew) == nil {
		t.Errorf("a gap of 100 m was closed: %+v", mends)
	}
}

// Regions that share borders divide the plane: a point is in exactly one, also
// when it lies on a border or a corner.
func TestAPointLiesInOneRegion(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := newMesh(rapid.Uint64().Draw(t, "seed"), 5, 3)
		var geometries []orb.MultiPolygon
		for _, r := range m {
			geometries = append(geometries, r.Geometry)
		}
		for range 20 {
			p := orb.Point{rapid.Float64Range(meshX, meshX+5*meshSide).Draw(t, "x_m"), rapid.Float64Range(meshY, meshY+5*meshSide).Draw(t, "y_m")}
			if rapid.Bool().Draw(t, "on a corner") {
				ring := geometries[rapid.IntRange(0, len(geometries)-1).Draw(t, "region")][0][0]
				p = ring[rapid.IntRange(0, len(ring)-1).Draw(t, "corner")]
			}
			in := 0
			for _, g := range geometries {
				if Contains(g, p) {
					in++
				}
			}
			edge := p[0] <= meshX+meshSide/2 || p[1] <= meshY+meshSide/2 || p[0] >= meshX+4.5*meshSide || p[1] >= meshY+4.5*meshSide
			if in > 1 || in == 0 && !edge {
				t.Fatalf("%v is in %d regions", p, in)
			}
		}
		for _, g := range geometries {
			if Contains(g, orb.Point{math.NaN(), 0}) || Contains(g, orb.Point{0, 0}) {
				t.Fatal("found a region outside")
			}
		}
	})
}
