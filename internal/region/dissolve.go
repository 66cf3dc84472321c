package region

import (
	"cmp"
	"math"
	"slices"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
)

// Dissolve joins polygons that share borders point by point into one surface
// without the borders between them. Outer rings come counterclockwise, largest
// first, holes clockwise.
func Dissolve(geometries []orb.MultiPolygon) orb.MultiPolygon {
	t := newTopology(geometries)
	rings := t.link(t.outline())
	var outers []orb.Polygon
	var holes []orb.Ring
	for _, ring := range rings {
		switch a := planar.Area(ring); {
		case a > 0:
			outers = append(outers, orb.Polygon{ring})
		case a < 0:
			holes = append(holes, ring)
		}
	}
	bySize := func(a, b orb.Ring) int {
		return cmp.Or(-cmp.Compare(math.Abs(planar.Area(a)), math.Abs(planar.Area(b))),
			cmp.Compare(a[0][0], b[0][0]), cmp.Compare(a[0][1], b[0][1]))
	}
	slices.SortFunc(outers, func(a, b orb.Polygon) int { return bySize(a[0], b[0]) })
	slices.SortFunc(holes, bySize)
	for _, hole := range holes {
		inside, ok := LabelPoint(orb.MultiPolygon{{hole}})
		if !ok {
			continue
		}
		// The smallest outer ring around it; an island in the hole is smaller than it.
		for k := len(outers) - 1; k >= 0; k-- {
			if planar.Area(outers[k][0]) > -planar.Area(hole) && Contains(orb.MultiPolygon{{outers[k][0]}}, inside) {
				outers[k] = append(outers[k], hole)
				break
			}
		}
	}
	return outers
}

// outline lists the arcs that have the surface on one side only, each directed so
// that the surface lies to its left.
func (t *topology) outline() []use {
	all := func(arc int32) []int32 { return t.arcs[arc].points }
	var outline []use
	for _, region := range t.rings {
		for _, polygon := range region {
			for k, uses := range polygon {
				if len(uses) == 0 {
					continue
				}
				turned := (planar.Area(t.ring(uses, all)) < 0) != (k > 0)
				for _, u := range uses {
					if t.arcs[u.arc].uses%2 == 1 {
						outline = append(outline, use{u.arc, u.reverse != turned})
					}
				}
			}
		}
	}
	return outline
}

// link joins directed arcs end to end into rings that visit no junction twice.
func (t *topology) link(outline []use) []orb.Ring {
	from := make(map[int32][]use) // arcs by the point where they start
	for _, u := range outline {
		from[t.start(u)] = append(from[t.start(u)], u)
	}
	all := func(arc int32) []int32 { return t.arcs[arc].points }
	var rings []orb.Ring
	for _, first := range outline {
		next := first
		if !slices.Contains(from[t.start(next)], next) {
			continue // already in a ring
		}
		var path []use
		for {
			at := t.start(next)
			from[at] = slices.DeleteFunc(from[at], func(u use) bool { return u == next })
			path = append(path, next)
			end := t.start(use{next.arc, !next.reverse})
			// A point met before on this path closes a ring: take it off.
			for k, p := range slices.Backward(path) {
				if t.start(p) == end {
					rings = append(rings, t.ring(path[k:], all))
					path = path[:k]
					break
				}
			}
			if len(path) == 0 || len(from[end]) == 0 {
				break
			}
			next = t.leftmost(next, from[end])
		}
	}
	return rings
}

// start is the point where a directed arc begins.
func (t *topology) start(u use) int32 {
	points := t.arcs[u.arc].points
	if u.reverse {
		return points[len(points)-1]
	}
	return points[0]
}

// leftmost picks the arc that turns most to the left after in, so that surfaces
// that touch in a point stay apart.
func (t *topology) leftmost(in use, out []use) use {
	back := t.heading(use{in.arc, !in.reverse})
	return slices.MinFunc(out, func(a, b use) int {
		return cmp.Compare(clockwise(back, t.heading(a)), clockwise(back, t.heading(b)))
	})
}

// heading is the angle at which a directed arc leaves its first point.
func (t *topology) heading(u use) float64 {
	points := t.arcs[u.arc].points
	a, b := points[0], points[1]
	if n := len(points); u.reverse {
		a, b = points[n-1], points[n-2]
	}
	return math.Atan2(t.points[b][1]-t.points[a][1], t.points[b][0]-t.points[a][0])
}

func clockwise(from, to float64) float64 {
	angle := math.Mod(from-to, 2*math.Pi)
	if angle <= 0 {
		angle += 2 * math.Pi
	}
	return angle
}

// Dissolved returns a copy of s in which every region without geometry whose
// parts all have one gets theirs joined, from the leaves up. Made with the
// geometry of simplified buurten, all levels share the same borders.
func (s *Set) Dissolved() *Set {
	out := *s
	out.regions = slices.Clone(s.regions)
	for _, i := range s.bottomUp {
		if out.regions[i].Geometry != nil || len(s.children[i]) == 0 {
			continue
		}
		var parts []orb.MultiPolygon
		for _, c := range s.children[i] {
			if g := out.regions[c].Geometry; g != nil {
				parts = append(parts, g)
			}
		}
		if len(parts) == len(s.children[i]) {
			out.regions[i].Geometry = Dissolve(parts)
		}
	}
	return &out
}
