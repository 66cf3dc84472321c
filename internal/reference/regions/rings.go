package regions

import (
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
)

type edge struct{ from, to int32 }

// dissolve returns the outline of faces that share borders: the edges left
// after cancelling each against its reverse, linked into rings.
func (m *mesh) dissolve(rings []ring) []ring {
	walked := map[edge]bool{}
	for _, r := range rings {
		for i, from := range r {
			e := edge{from, r[(i+1)%len(r)]}
			if back := (edge{e.to, e.from}); walked[back] {
				delete(walked, back)
			} else {
				walked[e] = true
			}
		}
	}
	next := map[int32][]int32{}
	var order []edge // as the faces come: maps have no order
	for _, r := range rings {
		for i, from := range r {
			if e := (edge{from, r[(i+1)%len(r)]}); walked[e] {
				next[from] = append(next[from], e.to)
				order = append(order, e)
			}
		}
	}
	var out []ring
	for _, start := range order {
		if !walked[start] {
			continue
		}
		var r ring
		for e := start; walked[e]; {
			delete(walked, e)
			r = append(r, e.from)
			e = edge{e.to, m.leftmost(e, next[e.to], walked)}
		}
		out = append(out, r)
	}
	return out
}

// leftmost picks the way on from an edge. Where an outline touches itself there
// are several, and the sharpest turn to the left keeps its rings apart.
func (m *mesh) leftmost(e edge, ways []int32, walked map[edge]bool) int32 {
	best := int32(-1)
	for _, to := range ways {
		open := walked[edge{e.to, to}]
		if open && (best < 0 || m.furtherLeft(e, to, best)) {
			best = to
		}
	}
	return best
}

// furtherLeft tells whether the turn from e to a is more to the left than to b.
func (m *mesh) furtherLeft(e edge, a, b int32) bool {
	from, at := m.vertices[e.from], m.vertices[e.to]
	leftA, leftB := cross(from, at, m.vertices[a]) > 0, cross(from, at, m.vertices[b]) > 0
	if leftA != leftB {
		return leftA
	}
	return cross(at, m.vertices[b], m.vertices[a]) > 0
}

// cross is positive if c lies to the left of the line from a to b.
func cross(a, b, c orb.Point) float64 {
	return (b[0]-a[0])*(c[1]-a[1]) - (b[1]-a[1])*(c[0]-a[0])
}

// polygon closes the rings and puts each hole in the outer ring around it.
func (m *mesh) polygon(rings []ring) orb.MultiPolygon {
	var polygons orb.MultiPolygon
	var holes []orb.Ring
	for _, r := range rings {
		closed := make(orb.Ring, len(r)+1)
		for i, v := range r {
			closed[i] = m.vertices[v]
		}
		closed[len(r)] = closed[0]
		if closed.Orientation() == orb.CCW {
			polygons = append(polygons, orb.Polygon{closed})
		} else {
			holes = append(holes, closed)
		}
	}
	for _, hole := range holes {
		middle := orb.Point{(hole[0][0] + hole[1][0]) / 2, (hole[0][1] + hole[1][1]) / 2}
		for i, p := range polygons {
			if planar.RingContains(p[0], middle) {
				polygons[i] = append(p, hole)
				break
			}
		}
	}
	return polygons
}
