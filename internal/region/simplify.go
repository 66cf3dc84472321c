package region

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
	"github.com/peterstace/simplefeatures/rtree"
)

// Simplify removes detail from the borders of regions in RD New: corners whose
// triangle is smaller than the square of the tolerance. Each piece of
// border between two junctions is simplified once, so what two regions share they
// still share point by point: no gaps, no slivers, and points where three regions
// meet do not move. Pieces that would cross another, or collapse a ring, are done
// again with less tolerance until they do not. Regions without geometry pass
// through; the input is not changed.
//
// Regions must come from one file at one level. For several levels simplify the
// finest and let [Set.Dissolved] make the others.
func Simplify(regions []Region, toleranceM float64) ([]Region, error) {
	if !(toleranceM >= 0) {
		return nil, fmt.Errorf("simplify: a tolerance of %v m: expected a number of at least 0", toleranceM)
	}
	geometries := make([]orb.MultiPolygon, len(regions))
	for i, r := range regions {
		if r.Geometry == nil {
			continue
		}
		if err := Check(r.Code, r.Geometry, RDNew); err != nil {
			return nil, err
		}
		geometries[i] = r.Geometry
	}
	s := newSimplifier(newTopology(geometries), toleranceM)
	s.refine()
	out := slices.Clone(regions)
	for i := range out {
		if out[i].Geometry != nil {
			out[i].Geometry = s.geometry(i)
		}
	}
	return out, nil
}

// simplifier keeps, per arc, the area ranking of its points, how often its limit
// was lowered, and the points now left.
type simplifier struct {
	t       *topology
	limitM2 float64
	areas   [][]float64
	step    []int
	kept    [][]int32
}

// A refined arc's limit is divided by 16 each step (a quarter of the tolerance);
// at the last step the arc keeps all its points.
const lastStep = 4

func newSimplifier(t *topology, toleranceM float64) *simplifier {
	s := &simplifier{
		t: t, limitM2: toleranceM * toleranceM,
		areas: make([][]float64, len(t.arcs)), step: make([]int, len(t.arcs)), kept: make([][]int32, len(t.arcs)),
	}
	var line []orb.Point
	for i, a := range t.arcs {
		line = line[:0]
		for _, id := range a.points {
			line = append(line, t.points[id])
		}
		s.areas[i] = effectiveAreas(line)
		s.cut(i)
	}
	return s
}

// cut sets the points that arc i keeps at its step.
func (s *simplifier) cut(i int) {
	limit := s.limitM2 / math.Pow(16, float64(s.step[i]))
	if s.step[i] == lastStep {
		limit = 0
	}
	kept := s.kept[i][:0]
	for k, id := range s.t.arcs[i].points {
		if s.areas[i][k] >= limit {
			kept = append(kept, id)
		}
	}
	s.kept[i] = kept
}

func (s *simplifier) all(arc int32) []int32  { return s.t.arcs[arc].points }
func (s *simplifier) left(arc int32) []int32 { return s.kept[arc] }

// geometry rebuilds region i from what its arcs keep, outer rings
// counterclockwise and holes clockwise.
func (s *simplifier) geometry(i int) orb.MultiPolygon {
	mp := orb.MultiPolygon{}
	for _, polygon := range s.t.rings[i] {
		var out orb.Polygon
		for k, uses := range polygon {
			if len(uses) == 0 {
				if k == 0 {
					break
				}
				continue
			}
			ring := s.t.ring(uses, s.left)
			if (planar.Area(ring) < 0) != (k > 0) {
				ring.Reverse()
			}
			out = append(out, ring)
		}
		if len(out) > 0 {
			mp = append(mp, out)
		}
	}
	return mp
}

// refine lowers the limit of arcs until no ring is collapsed or turned over, no
// two pieces of border cross or lie on each other and none has moved to the other
// side of another, or until those that still do are back at full detail (and so
// did in the input).
func (s *simplifier) refine() {
	suspect := make([]bool, len(s.t.arcs)) // changed since the last look
	for i := range suspect {
		suspect[i] = true
	}
	for {
		bad := make([]bool, len(s.t.arcs))
		s.markCollapsed(bad)
		s.markCrossings(suspect, bad)
		s.markSwept(bad)
		changed := false
		for i := range bad {
			suspect[i] = false
			if bad[i] && s.step[i] < lastStep {
				before := len(s.kept[i])
				for s.step[i] < lastStep && len(s.kept[i]) == before {
					s.step[i]++
					s.cut(i)
				}
				suspect[i] = len(s.kept[i]) != before
				changed = changed || suspect[i]
			}
		}
		if !changed {
			return
		}
	}
}

func (s *simplifier) markCollapsed(bad []bool) {
	for _, region := range s.t.rings {
		for _, polygon := range region {
			for _, uses := range polygon {
				if len(uses) == 0 {
					continue
				}
				now, was := s.t.ring(uses, s.left), s.t.ring(uses, s.all)
				if len(now) < 4 || planar.Area(now)*planar.Area(was) <= 0 {
					for _, u := range uses {
						bad[u.arc] = true
					}
				}
			}
		}
	}
}

// markSwept finds arcs that passed over a point of another border on their way
// to being straight: an island that was in the sea would now lie on the land,
// without any crossing.
func (s *simplifier) markSwept(bad []bool) {
	var items []rtree.BulkItem
	for _, kept := range s.kept {
		for _, id := range kept {
			p := s.t.points[id]
			items = append(items, rtree.BulkItem{Box: rtree.Box{MinX: p[0], MinY: p[1], MaxX: p[0], MaxY: p[1]}, RecordID: int(id)})
		}
	}
	tree := rtree.BulkLoad(items)
	var passed orb.Ring // the border as it was, closed by the straight line that replaces it
	for i, kept := range s.kept {
		points := s.t.arcs[i].points
		if len(kept) == len(points) {
			continue
		}
		next := 0
		for k := 1; k < len(kept); k++ {
			passed = append(passed[:0], s.t.points[points[next]])
			for next++; points[next] != kept[k]; next++ {
				passed = append(passed, s.t.points[points[next]])
			}
			passed = append(passed, s.t.points[kept[k]], passed[0])
			if len(passed) > 3 && s.holdsPoint(tree, passed, kept[k-1], kept[k]) {
				bad[i] = true
			}
		}
	}
}

// holdsPoint tells whether a point that is still in use lies inside the ring, the
// two ends of its straight side left aside.
func (s *simplifier) holdsPoint(tree *rtree.RTree, ring orb.Ring, a, b int32) bool {
	surface := orb.MultiPolygon{{ring}}
	bound := ring.Bound()
	box := rtree.Box{MinX: bound.Min[0], MinY: bound.Min[1], MaxX: bound.Max[0], MaxY: bound.Max[1]}
	found := errors.New("found") // ends the search
	return tree.RangeSearch(box, func(id int) error {
		if id != int(a) && id != int(b) && Contains(surface, s.t.points[id]) {
			return found
		}
		return nil
	}) != nil
}

// segment is a straight piece of a simplified arc, by point numbers.
type segment struct{ arc, a, b int32 }

func (s *simplifier) markCrossings(suspect, bad []bool) {
	var segments []segment
	var items []rtree.BulkItem
	for i, kept := range s.kept {
		for k := 1; k < len(kept); k++ {
			g := segment{arc: int32(i), a: kept[k-1], b: kept[k]}
			items = append(items, rtree.BulkItem{Box: s.box(g), RecordID: len(segments)})
			segments = append(segments, g)
		}
	}
	tree := rtree.BulkLoad(items)
	for at, g := range segments {
		if !suspect[g.arc] {
			continue
		}
		// The callback never fails, so neither does the search.
		_ = tree.RangeSearch(s.box(g), func(id int) error {
			if id != at && s.conflict(g, segments[id]) {
				bad[g.arc], bad[segments[id].arc] = true, true
			}
			return nil
		})
	}
}

func (s *simplifier) box(g segment) rtree.Box {
	p, q := s.t.points[g.a], s.t.points[g.b]
	return rtree.Box{
		MinX: math.Min(p[0], q[0]), MinY: math.Min(p[1], q[1]),
		MaxX: math.Max(p[0], q[0]), MaxY: math.Max(p[1], q[1]),
	}
}

// conflict tells whether two segments meet anywhere but in a common end.
func (s *simplifier) conflict(g, h segment) bool {
	if g.a == h.b || g.b == h.a && g.a != h.a {
		h.a, h.b = h.b, h.a
	}
	if g.b == h.b && g.a != h.a {
		g.a, g.b, h.a, h.b = g.b, g.a, h.b, h.a
	}
	a, b, c, d := s.t.points[g.a], s.t.points[g.b], s.t.points[h.a], s.t.points[h.b]
	if g.a == h.a {
		along := (b[0]-a[0])*(d[0]-a[0]) + (b[1]-a[1])*(d[1]-a[1])
		return turn(a, b, d) == 0 && along > 0
	}
	if turn(a, b, c)*turn(a, b, d) > 0 || turn(c, d, a)*turn(c, d, b) > 0 {
		return false
	}
	return true // boxes overlap, so collinear segments overlap too or touch
}

// turn is positive when c lies left of the line from a to b, 0 on it.
func turn(a, b, c orb.Point) float64 {
	v := (b[0]-a[0])*(c[1]-a[1]) - (b[1]-a[1])*(c[0]-a[0])
	switch {
	case v > 0:
		return 1
	case v < 0:
		return -1
	}
	return 0
}
