package region

import (
	"math"

	"github.com/paulmach/orb"
	"github.com/peterstace/simplefeatures/rtree"
)

// Locator finds the region in which a point lies. It is read-only after New and
// safe for concurrent use.
type Locator struct {
	tree  *rtree.RTree
	parts []part
}

// part is one polygon, its edges sorted into level strips so that a search reads
// only the edges near the point's height.
type part struct {
	region  int
	bound   orb.Bound
	perM    float64 // strips per metre (or degree)
	edges   [][2]orb.Point
	strips  []int32 // edge numbers, strip after strip
	firstOf []int32 // where each strip starts in strips, and the end
}

// edgesPerStrip balances memory against time: long borders are cut into as many
// strips as give about this many edges each.
const edgesPerStrip = 8

// NewLocator indexes geometries, all in one coordinate system; nil ones are
// never found.
func NewLocator(geometries []orb.MultiPolygon) *Locator {
	l := &Locator{}
	var items []rtree.BulkItem
	for r, mp := range geometries {
		for _, polygon := range mp {
			if len(polygon) == 0 {
				continue
			}
			b := polygon.Bound()
			items = append(items, rtree.BulkItem{
				Box:      rtree.Box{MinX: b.Min[0], MinY: b.Min[1], MaxX: b.Max[0], MaxY: b.Max[1]},
				RecordID: len(l.parts),
			})
			l.parts = append(l.parts, newPart(r, polygon, b))
		}
	}
	l.tree = rtree.BulkLoad(items)
	return l
}

func newPart(region int, polygon orb.Polygon, bound orb.Bound) part {
	p := part{region: region, bound: bound}
	for _, ring := range polygon {
		for i := 1; i < len(ring); i++ {
			if ring[i-1][1] != ring[i][1] { // level edges never cross a level line
				p.edges = append(p.edges, [2]orb.Point{ring[i-1], ring[i]})
			}
		}
	}
	n := max(1, len(p.edges)/edgesPerStrip)
	if height := bound.Max[1] - bound.Min[1]; height > 0 {
		p.perM = float64(n) / height
	}
	count := make([]int32, n+1)
	each := func(visit func(strip int, edge int32)) {
		for e, ab := range p.edges {
			from, to := p.strip(math.Min(ab[0][1], ab[1][1]), n), p.strip(math.Max(ab[0][1], ab[1][1]), n)
			for s := from; s <= to; s++ {
				visit(s, int32(e))
			}
		}
	}
	each(func(s int, _ int32) { count[s+1]++ })
	for s := range n {
		count[s+1] += count[s]
	}
	p.firstOf = append([]int32(nil), count...)
	p.strips = make([]int32, count[n])
	each(func(s int, e int32) { p.strips[count[s]] = e; count[s]++ })
	return p
}

func (p *part) strip(y float64, n int) int {
	return min(n-1, max(0, int((y-p.bound.Min[1])*p.perM)))
}

func (p *part) contains(at orb.Point) bool {
	s := p.strip(at[1], len(p.firstOf)-1)
	inside := false
	for _, e := range p.strips[p.firstOf[s]:p.firstOf[s+1]] {
		if x, crosses := crossing(p.edges[e][0], p.edges[e][1], at[1]); crosses && at[0] < x {
			inside = !inside
		}
	}
	return inside
}

// Find returns the position of the geometry that contains p, or -1. When several
// overlap there it is the first of them.
func (l *Locator) Find(p orb.Point) int {
	found := -1
	if !finite(p) {
		return found
	}
	box := rtree.Box{MinX: p[0], MinY: p[1], MaxX: p[0], MaxY: p[1]}
	// The callback never fails, so neither does the search.
	_ = l.tree.RangeSearch(box, func(id int) error {
		part := &l.parts[id]
		if (found < 0 || part.region < found) && part.contains(p) {
			found = part.region
		}
		return nil
	})
	return found
}
