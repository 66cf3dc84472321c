package region

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
)

// CRS is a coordinate reference system by its EPSG number.
type CRS int

// The two systems this package knows.
const (
	RDNew CRS = 28992
	WGS84 CRS = 4326
)

func (c CRS) String() string { return fmt.Sprintf("EPSG:%d", int(c)) }

// ToWGS84 returns a copy of RD New polygons in WGS84. Points that were equal stay
// equal, so shared borders stay shared.
func ToWGS84(mp orb.MultiPolygon) orb.MultiPolygon { return mapPoints(mp, RDToWGS84) }

// ToRD returns a copy of WGS84 polygons in RD New.
func ToRD(mp orb.MultiPolygon) orb.MultiPolygon { return mapPoints(mp, WGS84ToRD) }

func mapPoints(mp orb.MultiPolygon, f func(orb.Point) orb.Point) orb.MultiPolygon {
	out := mp.Clone()
	for _, polygon := range out {
		for _, ring := range polygon {
			for i, p := range ring {
				ring[i] = f(p)
			}
		}
	}
	return out
}

// Check reports the first thing that keeps mp from being a surface: no polygon at
// all ([EmptyGeometryError]), or a ring that is open, has fewer than three
// corners or a coordinate that is no number ([RingError]). Rings that touch
// themselves are let through: CBS files have them where a region narrows to a point.
func Check(code string, mp orb.MultiPolygon, crs CRS) error {
	if len(mp) == 0 {
		return &EmptyGeometryError{Code: code}
	}
	for i, polygon := range mp {
		if len(polygon) == 0 {
			return &EmptyGeometryError{Code: code}
		}
		for j, ring := range polygon {
			bad := RingError{Code: code, Polygon: i, Ring: j}
			for _, p := range ring {
				if !finite(p) {
					bad.Want = fmt.Sprintf("numbers, got the point %v", p)
					return &bad
				}
			}
			if len(ring) > 0 && ring[0] != ring[len(ring)-1] {
				bad.GapM = gapM(ring, crs)
				bad.Want = "the first point again at the end"
				return &bad
			}
			if len(ring) < 4 {
				bad.Want = fmt.Sprintf("at least 4 points, the last equal to the first, got %d", len(ring))
				return &bad
			}
		}
	}
	return nil
}

// Mends counts what Mend changed.
type Mends struct {
	ClosedRings    int `json:"closed_rings"`
	RepeatedPoints int `json:"repeated_points"`
	DroppedRings   int `json:"dropped_rings"`
}

// Add adds other to m.
func (m *Mends) Add(other Mends) {
	m.ClosedRings += other.ClosedRings
	m.RepeatedPoints += other.RepeatedPoints
	m.DroppedRings += other.DroppedRings
}

// CloseToleranceM is the gap up to which Mend closes a ring.
const CloseToleranceM = 1.0

// Mend closes rings that are open by at most CloseToleranceM, removes points that
// repeat the one before, and drops rings left with fewer than three corners (a
// polygon goes with its outer ring). It works in place where nothing changes
// shape, and returns mp and the counts.
func Mend(mp orb.MultiPolygon, crs CRS) (orb.MultiPolygon, Mends) {
	var mends Mends
	for i, polygon := range mp {
		kept := polygon[:0]
		for j, ring := range polygon {
			before := len(ring)
			ring = slices.Compact(ring)
			mends.RepeatedPoints += before - len(ring)
			if n := len(ring); n > 2 && ring[0] != ring[n-1] && gapM(ring, crs) <= CloseToleranceM {
				ring = append(ring[:n:n], ring[0])
				mends.ClosedRings++
			}
			if closed := len(ring) > 0 && ring[0] == ring[len(ring)-1]; closed && len(ring) < 4 || len(ring) == 0 {
				mends.DroppedRings++
				if j == 0 {
					mends.DroppedRings += len(polygon) - 1
					break
				}
				continue
			}
			kept = append(kept, ring)
		}
		mp[i] = kept
	}
	return slices.DeleteFunc(mp, func(p orb.Polygon) bool { return len(p) == 0 }), mends
}

func finite(p orb.Point) bool {
	return !math.IsNaN(p[0]-p[0]) && !math.IsNaN(p[1]-p[1])
}

func gapM(ring orb.Ring, crs CRS) float64 {
	a, b := ring[0], ring[len(ring)-1]
	if crs == WGS84 {
		a, b = WGS84ToRD(a), WGS84ToRD(b)
	}
	return math.Hypot(a[0]-b[0], a[1]-b[1])
}

// AreaM2 is the surface in square metres of polygons in RD New, holes taken off.
// The plane's scale is between 0.9999 and 1.0001 of true length in the country.
func AreaM2(mp orb.MultiPolygon) float64 { return planar.Area(mp) }

// LabelPoint is a point inside the region, for a label or a marker: the centroid
// when it lies inside, else the middle of the widest of sixteen level cuts
// through the largest polygon.
func LabelPoint(mp orb.MultiPolygon) (orb.Point, bool) {
	c, area := planar.CentroidArea(mp)
	if area == 0 || Contains(mp, c) {
		return c, area != 0
	}
	largest := slices.MaxFunc(mp, func(a, b orb.Polygon) int {
		return cmp.Compare(AreaM2(orb.MultiPolygon{a}), AreaM2(orb.MultiPolygon{b}))
	})
	bound := largest.Bound()
	var best orb.Point
	widest := 0.0
	var cuts []float64
	for k := range 16 {
		y := bound.Min[1] + (float64(k)+0.5)/16*(bound.Max[1]-bound.Min[1])
		cuts = cuts[:0]
		for _, ring := range largest {
			for i := 1; i < len(ring); i++ {
				if x, crosses := crossing(ring[i-1], ring[i], y); crosses {
					cuts = append(cuts, x)
				}
			}
		}
		slices.Sort(cuts)
		for i := 1; i < len(cuts); i += 2 {
			if w := cuts[i] - cuts[i-1]; w > widest {
				widest = w
				best = orb.Point{(cuts[i] + cuts[i-1]) / 2, y}
			}
		}
	}
	return best, widest > 0
}

// crossing gives x where the line from a to b meets height y. A line holds its
// lower end and not its upper one, and is always followed upwards, so that two
// regions that share it compute the very same x: every point is in one of them.
func crossing(a, b orb.Point, y float64) (x float64, crosses bool) {
	if (a[1] > y) == (b[1] > y) {
		return 0, false
	}
	if a[1] > b[1] {
		a, b = b, a
	}
	return a[0] + (y-a[1])/(b[1]-a[1])*(b[0]-a[0]), true
}

// Contains tells whether p lies in mp, by the even-odd rule. A point on a border
// that two regions share is in exactly one of them.
func Contains(mp orb.MultiPolygon, p orb.Point) bool {
	inside := false
	for _, polygon := range mp {
		for _, ring := range polygon {
			for i := 1; i < len(ring); i++ {
				if x, crosses := crossing(ring[i-1], ring[i], p[1]); crosses && p[0] < x {
					inside = !inside
				}
			}
		}
	}
	return inside
}
