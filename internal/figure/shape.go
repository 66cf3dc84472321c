package figure

import (
	"math"
	"slices"
)

// corners are a rectangle as a polygon.
func (r Rect) corners() []Point {
	return []Point{{r.X, r.Y}, {r.X + r.W, r.Y}, {r.X + r.W, r.Y + r.H}, {r.X, r.Y + r.H}}
}

// A box4 is a place that is taken.
type box4 struct{ x0, y0, x1, y1 float64 }

func (a box4) meets(b box4) bool {
	return a.x0 < b.x1 && b.x0 < a.x1 && a.y0 < b.y1 && b.y0 < a.y1
}

// hatch fills polygons (even-odd) with lines at 45 degrees, gap px apart. Lines
// of their own rather than a pattern: they look alike in both formats and need
// no ids. Lines of neighbouring polygons continue each other.
func hatch(rings [][]Point, gap float64) [][]Point {
	lo, hi := math.Inf(1), math.Inf(-1)
	for _, ring := range rings {
		for _, q := range ring {
			lo, hi = min(lo, q.X+q.Y), max(hi, q.X+q.Y)
		}
	}
	gap *= math.Sqrt2
	var lines [][]Point
	// On a line u = x + y is constant; v = x - y runs along it.
	for u := math.Ceil(lo/gap) * gap; u < hi; u += gap {
		var cuts []float64
		for _, ring := range rings {
			for i, b := range ring {
				a := ring[(i+len(ring)-1)%len(ring)]
				ua, ub := a.X+a.Y, b.X+b.Y
				if (ua <= u) != (ub <= u) {
					share := (u - ua) / (ub - ua)
					cuts = append(cuts, a.X-a.Y+share*((b.X-b.Y)-(a.X-a.Y)))
				}
			}
		}
		slices.Sort(cuts)
		for i := 0; i+1 < len(cuts); i += 2 {
			lines = append(lines, []Point{
				{(u + cuts[i]) / 2, (u - cuts[i]) / 2},
				{(u + cuts[i+1]) / 2, (u - cuts[i+1]) / 2},
			})
		}
	}
	return lines
}

// inside tells whether a point is inside a ring (even-odd).
func inside(q Point, ring []Point) bool {
	in := false
	for i, b := range ring {
		a := ring[(i+len(ring)-1)%len(ring)]
		if (a.Y <= q.Y) != (b.Y <= q.Y) && q.X < a.X+(q.Y-a.Y)/(b.Y-a.Y)*(b.X-a.X) {
			in = !in
		}
	}
	return in
}

// area is the signed area of a ring and its centroid.
func area(ring []Point) (size float64, centroid Point) {
	if len(ring) == 0 {
		return 0, centroid
	}
	// Relative to the first point, against cancellation in far coordinates.
	o := ring[0]
	var sx, sy float64
	for i, b := range ring {
		a := ring[(i+len(ring)-1)%len(ring)]
		cross := (a.X-o.X)*(b.Y-o.Y) - (b.X-o.X)*(a.Y-o.Y)
		size += cross / 2
		sx += (a.X + b.X - 2*o.X) * cross / 6
		sy += (a.Y + b.Y - 2*o.Y) * cross / 6
	}
	if size == 0 {
		return 0, o
	}
	return size, Point{o.X + sx/size, o.Y + sy/size}
}
