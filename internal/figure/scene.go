package figure

import (
	"fmt"
	"hash/fnv"
	"math"
)

// A Point is a place on the sheet in px, x to the right and y down (in a
// [Region]: projected coordinates, y up).
type Point struct{ X, Y float64 }

// A Scene is one drawing: a sheet and the items on it, in painting order.
type Scene struct {
	ID    string  // stem of the ids in the SVG; empty: derived from the content
	Title string  // short alternative text
	Desc  string  // long alternative text
	W, H  float64 // size of the sheet in px
	Items []Item
	Bare  bool // part of a page that says what the picture shows: no words for assistive technology, no tooltips

	// What a page reads out where the pointer or the keyboard is.
	Table  Table
	Marks  []Mark
	Cursor Cursor
}

// An Item is one of [Rect], [Line], [Circle], [Path] and [Text].
type Item interface {
	look() Style
	extent() (x0, y0, x1, y1 float64)
}

// Style is how an item looks. The zero Style paints nothing.
type Style struct {
	Class   string    // CSS classes
	Fill    Color     // empty: not filled
	Stroke  Color     // empty: no outline
	Width   float64   // outline width in px
	Dash    []float64 // lengths of dashes and gaps in px; empty: solid
	Opacity float64   // above 0 and below 1: translucent; 0 means opaque
	Crisp   bool      // edges on whole device pixels: no seams between cells
	Tip     string    // tooltip; empty: none
}

func (s Style) look() Style { return s }

// A Rect is an upright rectangle with its upper left corner at X, Y.
type Rect struct {
	X, Y, W, H float64
	Style
}

// A Line is a straight line.
type Line struct {
	X1, Y1, X2, Y2 float64
	Style
}

// A Circle has its centre at X, Y and radius R.
type Circle struct {
	X, Y, R float64
	Style
}

// A Path is a set of polylines, or of polygons when Closed. Polygons fill by
// the non-zero rule: a hole must run the other way round than its outside.
type Path struct {
	Subs   [][]Point
	Closed bool
	Style
}

// Anchor says which end of a text stands at its X.
type Anchor int

// Anchors of a text.
const (
	Start Anchor = iota
	Middle
	End
)

// A Text is one line of text with its baseline at Y.
type Text struct {
	X, Y   float64
	S      string
	Size   float64 // px
	Bold   bool
	Anchor Anchor
	Rotate float64 // degrees clockwise about X, Y
	Halo   Color   // empty: none; else a rim that keeps it readable above data
	Style
}

// Add puts items on top of what is there.
func (s *Scene) Add(items ...Item) { s.Items = append(s.Items, items...) }

func (r Rect) extent() (x0, y0, x1, y1 float64) { return r.X, r.Y, r.X + r.W, r.Y + r.H }

func (l Line) extent() (x0, y0, x1, y1 float64) {
	return min(l.X1, l.X2), min(l.Y1, l.Y2), max(l.X1, l.X2), max(l.Y1, l.Y2)
}

func (c Circle) extent() (x0, y0, x1, y1 float64) {
	return c.X - c.R, c.Y - c.R, c.X + c.R, c.Y + c.R
}

func (p Path) extent() (x0, y0, x1, y1 float64) {
	first := true
	for _, sub := range p.Subs {
		for _, q := range sub {
			if first {
				x0, y0, x1, y1, first = q.X, q.Y, q.X, q.Y, false
			}
			// min and max let a NaN through, so check sees it.
			x0, y0, x1, y1 = min(x0, q.X), min(y0, q.Y), max(x1, q.X), max(y1, q.Y)
		}
	}
	return x0, y0, x1, y1
}

// extent of a text is the box of its ink: ascenders to descenders.
func (t Text) extent() (x0, y0, x1, y1 float64) {
	w := textWidth(t.S, t.Size, t.Bold)
	left := -w * float64(t.Anchor) / 2
	top, bottom := -ascent*t.Size, descent*t.Size
	sin, cos := math.Sincos(t.Rotate * math.Pi / 180)
	x0, y0, x1, y1 = math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
	for _, q := range [4]Point{{left, top}, {left + w, top}, {left, bottom}, {left + w, bottom}} {
		x, y := t.X+q.X*cos-q.Y*sin, t.Y+q.X*sin+q.Y*cos
		x0, y0, x1, y1 = min(x0, x), min(y0, y), max(x1, x), max(y1, y)
	}
	return x0, y0, x1, y1
}

// check finds what no writer may write: a sheet or an item without a finite
// place, or a colour that is none.
func (s *Scene) check() error {
	if !finite(s.W, s.H) || s.W <= 0 || s.H <= 0 {
		return fmt.Errorf("figure: Scene: sheet of %g x %g px", s.W, s.H)
	}
	for i, it := range s.Items {
		st := it.look()
		x0, y0, x1, y1 := it.extent()
		if !finite(x0, y0, x1, y1, st.Width, st.Opacity) || !finite(st.Dash...) {
			return fmt.Errorf("figure: Scene.Items[%d] (%T %s): not at a finite place", i, it, st.Class)
		}
		colours := []Color{st.Fill, st.Stroke}
		if t, ok := it.(Text); ok {
			colours = append(colours, t.Halo)
		}
		for _, c := range colours {
			if err := c.check(); err != nil {
				return fmt.Errorf("figure: Scene.Items[%d] (%T %s): %w", i, it, st.Class, err)
			}
		}
	}
	return nil
}

// stem is the ID, or one made from everything that is drawn: the same drawing
// always gets the same one, two different drawings on a page do not clash.
func (s *Scene) stem() string {
	if s.ID != "" {
		return s.ID
	}
	h := fnv.New64a()
	fmt.Fprintf(h, "%q %q %v %v %v", s.Title, s.Desc, s.W, s.H, s.Items)
	return fmt.Sprintf("fig-%012x", h.Sum64()>>16)
}

func finite(vs ...float64) bool {
	for _, v := range vs {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return false
		}
	}
	return true
}
