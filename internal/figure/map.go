package figure

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// A Map colours regions by a value, in a few classes from pale yellow (little)
// to dark blue (much), with round borders and about as many regions in each. Regions without a value are hatched. Circles can show a
// second, absolute amount by their area.
type Map struct {
	Frame
	Regions []Region // at least one
	Legend  string   // what the value is, with its unit, such as "MW per municipality"
	Unit    string   // unit in tooltips, such as "MW"
	Circles string   // what the circles are, with their unit; empty: no circles
	Aside   string   // a remark beside the map, such as "schematic boundaries"
}

// A Region is one area of a [Map].
type Region struct {
	Name   string    // for the tooltip
	Rings  [][]Point // outsides and holes in any order and direction; projected coordinates in one unit, y up (such as RD New in metres)
	Value  float64   // NaN: no data
	Circle float64   // amount shown by a circle's area, not negative; 0 or NaN: none
}

// Scene lays the map out. It fails if a region has no ring of three points or
// a coordinate is not finite.
func (m Map) Scene() (*Scene, error) {
	values, err := m.check()
	if err != nil {
		return nil, err
	}
	c, y, err := begin(m.Frame, "Map")
	if err != nil {
		return nil, err
	}
	l := mapLayout{canvas: c, Map: m, breaks: prettyBreaks(values, classes)}
	l.legendTexts()
	legend := max(150, l.legendWidth())
	width, height := c.W-2*c.margin-legend-28, 640.0
	if c.narrow {
		width, height = c.W-2*c.margin, 480
	}
	l.fit(c.margin, y, width, height)
	// Map and legend stand in the middle together.
	x := c.margin
	if !c.narrow {
		space := (c.W - l.w - 64 - legend) / 2
		l.x, x = max(c.margin, space), min(c.W-c.margin-legend, c.W-space-legend)
	}
	l.draw()
	var below float64
	if c.narrow {
		below = l.legendAt(x, y+l.h+14)
	} else {
		below = max(y+l.h, l.legendAt(x, y+6))
	}
	return c.end(below, l.describe()), nil
}

// check validates the input and lists the values that are there.
func (m Map) check() (vs []float64, err error) {
	if len(m.Regions) == 0 {
		return nil, fmt.Errorf("figure: Map.Regions: empty")
	}
	for i, r := range m.Regions {
		if math.IsInf(r.Value, 0) {
			return nil, fmt.Errorf("figure: Map.Regions[%d].Value is infinite", i)
		}
		if math.IsInf(r.Circle, 0) || r.Circle < 0 {
			return nil, fmt.Errorf("figure: Map.Regions[%d].Circle: %g", i, r.Circle)
		}
		if !math.IsNaN(r.Value) {
			vs = append(vs, r.Value)
		}
		if len(r.Rings) == 0 {
			return nil, fmt.Errorf("figure: Map.Regions[%d].Rings: empty", i)
		}
		for j, ring := range r.Rings {
			if len(ring) < 3 {
				return nil, fmt.Errorf("figure: Map.Regions[%d].Rings[%d]: %d points, want at least 3", i, j, len(ring))
			}
			for _, q := range ring {
				if !finite(q.X, q.Y) {
					return nil, fmt.Errorf("figure: Map.Regions[%d].Rings[%d]: a coordinate is not finite", i, j)
				}
			}
		}
	}
	return vs, nil
}

// classes is how many there are at most.
const classes = 6

// prettyBreaks chooses round borders that put about as many values in each of
// a number of classes: quantiles, rounded to 1 or 2 figures. Missing values
// (NaN) do not count; equal borders merge, so there may be fewer classes.
func prettyBreaks(vs []float64, classes int) []float64 {
	sorted := slices.DeleteFunc(slices.Clone(vs), func(v float64) bool { return !finite(v) })
	slices.Sort(sorted)
	if len(sorted) == 0 || sorted[0] == sorted[len(sorted)-1] {
		return nil
	}
	var breaks []float64
	for k := 1; k < classes; k++ {
		at := float64(k) / float64(classes) * float64(len(sorted)-1)
		i := min(int(at), len(sorted)-2)
		b := nearPretty(sorted[i] + (at-float64(i))*(sorted[i+1]-sorted[i]))
		// Every class keeps a value below and above its border.
		if b > sorted[0] && b <= sorted[len(sorted)-1] && (len(breaks) == 0 || b > breaks[len(breaks)-1]) {
			breaks = append(breaks, b)
		}
	}
	return breaks
}

// nearPretty is the round number nearest to v.
func nearPretty(v float64) float64 {
	if v == 0 {
		return 0
	}
	power := math.Pow(10, math.Floor(math.Log10(math.Abs(v))))
	best := math.Copysign(power, v)
	for _, m := range [...]float64{1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 7, 8, 10} {
		if b := math.Copysign(m*power, v); math.Abs(b-v) < math.Abs(best-v) {
			best = b
		}
	}
	return best
}

// Circles are orange, apart from every class; the largest has this radius in
// parts of the longer side of the map, less where many circles would hide it.
const (
	circleColor Color = "#ea6a0a"
	maxCircle         = 0.036
	// mostCovered bounds the surface of all circles, in parts of the drawing.
	mostCovered = 0.07
)

type mapLayout struct {
	*canvas
	Map
	breaks   []float64
	classes  []string // from the highest class down
	noData   bool
	x, y     float64 // px of the upper left corner of the map
	w, h     float64 // px
	origin   Point   // projected coordinates of that corner
	scale    float64 // px per unit
	circle   float64 // amount of the largest circle
	circles  float64 // of all together
	decimals int
}

// class of a value, counted from the highest.
func (l *mapLayout) class(v float64) int {
	k := len(l.breaks)
	for _, b := range l.breaks {
		if v >= b {
			k--
		}
	}
	return k
}

// colour of class k, counted from the highest.
func (l *mapLayout) colour(k int) Color {
	n := len(l.breaks)
	if n == 0 {
		return Sequential(0.6)
	}
	return Sequential(float64(n-k) / float64(n))
}

// fit finds the scale and puts the map in the middle of its room.
func (l *mapLayout) fit(x, y, width, height float64) {
	lo, hi := l.Regions[0].Rings[0][0], l.Regions[0].Rings[0][0]
	for _, r := range l.Regions {
		for _, ring := range r.Rings {
			for _, q := range ring {
				lo = Point{min(lo.X, q.X), min(lo.Y, q.Y)}
				hi = Point{max(hi.X, q.X), max(hi.Y, q.Y)}
			}
		}
	}
	dx, dy := hi.X-lo.X, hi.Y-lo.Y
	l.scale = min(width/max(dx, dy*1e-3), height/max(dy, dx*1e-3))
	if !finite(l.scale) {
		l.scale = 1
	}
	l.w, l.h = dx*l.scale, dy*l.scale
	l.x, l.y = x+(width-l.w)/2, y
	l.origin = Point{lo.X, hi.Y}
}

func (l *mapLayout) at(q Point) Point {
	return Point{l.x + (q.X-l.origin.X)*l.scale, l.y + (l.origin.Y-q.Y)*l.scale}
}

// grid is the distance in px to which corners of regions snap. Neighbours snap
// alike, so no slivers open.
const grid = 0.2

// polygon is a region on the sheet: corners on the grid, points that say
// nothing dropped, outsides and holes in opposite directions.
func (l *mapLayout) polygon(rings [][]Point) [][]Point {
	var out [][]Point
	for _, ring := range rings {
		var r []Point
		for _, q := range ring {
			p := l.at(q)
			p = Point{math.Round(p.X/grid) * grid, math.Round(p.Y/grid) * grid}
			if len(r) == 0 || p != r[len(r)-1] {
				r = append(r, p)
			}
		}
		for len(r) > 1 && r[0] == r[len(r)-1] {
			r = r[:len(r)-1]
		}
		if len(r) > 2 {
			out = append(out, r)
		}
	}
	for i, ring := range out {
		depth := 0
		for j, other := range out {
			if i != j && inside(ring[0], other) {
				depth++
			}
		}
		if size, _ := area(ring); (size > 0) != (depth%2 == 0) {
			slices.Reverse(ring)
		}
	}
	return out
}

func (l *mapLayout) draw() {
	border := 0.6
	if l.narrow {
		border = 0.4
	}
	type spot struct {
		Point
		amount float64
		tip    string
	}
	var spots []spot
	var hatching [][]Point
	// By class, so that equal colours share their attributes in the file.
	for k := -1; k <= len(l.breaks); k++ {
		for _, r := range l.Regions {
			missing := math.IsNaN(r.Value)
			if missing != (k < 0) || (!missing && l.class(r.Value) != k) {
				continue
			}
			rings := l.polygon(r.Rings)
			if len(rings) == 0 {
				continue
			}
			st := Style{Class: "fig-region", Fill: "#f3f4f6", Stroke: ground, Width: border, Tip: l.tip(r)}
			if missing {
				hatching = append(hatching, hatch(rings, 4)...)
			} else {
				st.Fill = l.colour(k)
			}
			l.Add(Path{rings, true, st})
			if l.Circles != "" && r.Circle > 0 {
				spots = append(spots, spot{largest(rings), r.Circle, l.tip(r)})
			}
		}
		if k < 0 && len(hatching) > 0 {
			l.Add(Path{Subs: hatching, Style: Style{Class: "fig-hatch", Stroke: rule, Width: 0.7}})
		}
	}
	slices.SortStableFunc(spots, func(a, b spot) int { return cmp.Compare(b.amount, a.amount) })
	for _, s := range spots {
		l.Add(Circle{s.X, s.Y, l.radius(s.amount), Style{
			Class: "fig-circle", Fill: circleColor, Stroke: ground, Width: 0.8, Opacity: 0.85, Tip: s.tip,
		}})
	}
}

func (l *mapLayout) radius(amount float64) float64 {
	largest := min(maxCircle*max(l.w, l.h), math.Sqrt(mostCovered*l.w*l.h*l.circle/(math.Pi*l.circles)))
	return largest * math.Sqrt(amount/l.circle)
}

// largest is the centroid of the largest ring.
func largest(rings [][]Point) Point {
	best, at := -1.0, Point{}
	for _, ring := range rings {
		if size, centroid := area(ring); math.Abs(size) > best {
			best, at = math.Abs(size), centroid
		}
	}
	return at
}

func (l *mapLayout) tip(r Region) string {
	value := l.words.noData
	if !math.IsNaN(r.Value) {
		value = l.words.number(r.Value, min(l.decimals+1, 3))
		if l.Unit != "" {
			value += " " + l.Unit
		}
	}
	if r.Name == "" {
		return value
	}
	return r.Name + ": " + value
}

// describe names the extremes.
func (l *mapLayout) describe() []string {
	var least, most *Region
	n := 0
	for i := range l.Regions {
		r := &l.Regions[i]
		if math.IsNaN(r.Value) {
			continue
		}
		n++
		if least == nil || r.Value < least.Value {
			least = r
		}
		if most == nil || r.Value > most.Value {
			most = r
		}
	}
	out := []string{fmt.Sprintf("%s, %d/%d", l.Legend, n, len(l.Regions))}
	if n > 0 {
		out = append(out, l.tip(*most), l.tip(*least))
	}
	return out
}
