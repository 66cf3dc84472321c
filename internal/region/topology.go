package region

import (
	"math"

	"github.com/paulmach/orb"
)

// topology holds polygons as arcs: pieces of border between two junctions, stored
// once however many rings use them. A junction is a point where borders meet or
// part; a ring without any is one closed arc.
type topology struct {
	points []orb.Point
	arcs   []arc
	// rings[region][polygon][ring] lists the arcs of a ring in order.
	rings [][][][]use
}

type arc struct {
	points []int32 // first and last are junctions, or equal in a closed arc
	uses   int
}

// use is an arc in a ring, walked forwards or backwards.
type use struct {
	arc     int32
	reverse bool
}

// pair is the two neighbours of a point along a border, the smaller first.
type pair struct{ a, b int32 }

func newTopology(geometries []orb.MultiPolygon) *topology {
	t := &topology{}
	rings := t.number(geometries)
	junction := t.junctions(rings)
	first := make(map[pair]int32) // an arc by its first two points in its own direction
	t.rings = make([][][][]use, len(rings))
	for r := range rings {
		t.rings[r] = make([][][]use, len(rings[r]))
		for p := range rings[r] {
			t.rings[r][p] = make([][]use, len(rings[r][p]))
			for k, ring := range rings[r][p] {
				t.rings[r][p][k] = t.cut(ring, junction, first)
			}
		}
	}
	return t
}

// number replaces points by numbers, equal points by equal ones. A ring loses its
// repeated points and its closing point.
func (t *topology) number(geometries []orb.MultiPolygon) [][][][]int32 {
	numbers := make(map[orb.Point]int32)
	rings := make([][][][]int32, len(geometries))
	for r, mp := range geometries {
		rings[r] = make([][][]int32, len(mp))
		for p, polygon := range mp {
			rings[r][p] = make([][]int32, len(polygon))
			for k, ring := range polygon {
				ids := make([]int32, 0, len(ring))
				for _, q := range ring {
					q[0] += 0 // -0 becomes 0
					q[1] += 0
					id, ok := numbers[q]
					if !ok {
						id = int32(len(t.points))
						numbers[q] = id
						t.points = append(t.points, q)
					}
					if n := len(ids); n == 0 || ids[n-1] != id {
						ids = append(ids, id)
					}
				}
				if n := len(ids); n > 1 && ids[0] == ids[n-1] {
					ids = ids[:n-1]
				}
				rings[r][p][k] = ids
			}
		}
	}
	return rings
}

// junctions marks the points that do not have the same two neighbours wherever
// they occur.
func (t *topology) junctions(rings [][][][]int32) []bool {
	seen := make([]pair, len(t.points))
	for i := range seen {
		seen[i].a = -1
	}
	junction := make([]bool, len(t.points))
	for _, region := range rings {
		for _, polygon := range region {
			for _, ring := range polygon {
				n := len(ring)
				for i, id := range ring {
					around := pair{ring[(i+n-1)%n], ring[(i+1)%n]}
					if around.a > around.b {
						around.a, around.b = around.b, around.a
					}
					if seen[id].a < 0 {
						seen[id] = around
					} else if seen[id] != around {
						junction[id] = true
					}
				}
			}
		}
	}
	return junction
}

// cut divides a ring into arcs, finding those that another ring has already made.
func (t *topology) cut(ring []int32, junction []bool, first map[pair]int32) []use {
	n := len(ring)
	if n < 3 { // no surface
		return nil
	}
	start, whole := 0, true
	for i, id := range ring {
		if junction[id] {
			start, whole = i, false
			break
		}
	}
	if whole { // the same start in whichever ring it is met
		for i, id := range ring {
			if id < ring[start] {
				start = i
			}
		}
	}
	var uses []use
	piece := []int32{ring[start]}
	for i := 1; i <= n; i++ {
		id := ring[(start+i)%n]
		piece = append(piece, id)
		if i == n || junction[id] {
			uses = append(uses, t.arc(piece, first))
			piece = []int32{id}
		}
	}
	return uses
}

// arc finds or stores a piece of border. Between junctions every point has two
// neighbours only, so the first two points tell an arc from all others.
func (t *topology) arc(piece []int32, first map[pair]int32) use {
	n := len(piece)
	forward, backward := pair{piece[0], piece[1]}, pair{piece[n-1], piece[n-2]}
	if at, ok := first[forward]; ok {
		t.arcs[at].uses++
		return use{arc: at}
	}
	if at, ok := first[backward]; ok {
		t.arcs[at].uses++
		return use{arc: at, reverse: true}
	}
	at := int32(len(t.arcs))
	t.arcs = append(t.arcs, arc{points: piece, uses: 1})
	first[forward] = at
	return use{arc: at}
}

// walk visits a ring's points in order, the closing point included, with each
// arc's points taken from of.
func walk(uses []use, of func(arc int32) []int32, visit func(id int32)) {
	for k, u := range uses {
		points := of(u.arc)
		n := len(points)
		for i := range points {
			if i == 0 && k > 0 {
				continue
			}
			if u.reverse {
				visit(points[n-1-i])
			} else {
				visit(points[i])
			}
		}
	}
}

func (t *topology) ring(uses []use, of func(arc int32) []int32) orb.Ring {
	var ring orb.Ring
	walk(uses, of, func(id int32) { ring = append(ring, t.points[id]) })
	return ring
}

// triangleM2 is the surface of the triangle of three points.
func triangleM2(a, b, c orb.Point) float64 {
	return math.Abs((b[0]-a[0])*(c[1]-a[1])-(c[0]-a[0])*(b[1]-a[1])) / 2
}
