package figure

import (
	"fmt"
	"math"
	"strings"
)

// Widths of a figure in px when a [Frame] names none.
const (
	WideWidth   = 960
	NarrowWidth = 390
)

// The narrowest sheets in px on which the charts still fit.
const (
	minWidth     = 320
	minWidthBare = 120 // small multiples
)

// narrowBelow is the width in px below which panels go below each other.
const narrowBelow = 600

// Frame is what all charts share: the words around the picture, its width and
// its language.
type Frame struct {
	ID       string   // stem of the ids in the SVG; empty: derived from the content
	Title    string   // bold, above
	Subtitle string   // below the title
	Note     string   // source and remarks, below the picture
	Width    float64  // px; 0: WideWidth
	Language Language // empty: English
	// Bare leaves out title, subtitle, note, margins and tooltips, for a page that
	// has them round the picture.
	Bare bool
}

// A role is a kind of text.
type role struct {
	class string
	size  float64
	bold  bool
	fill  Color
}

// A canvas is a scene in the making.
type canvas struct {
	Scene
	words  words
	narrow bool
	margin float64
	note   string

	title, subtitle, heading, axis, tick, value, label, foot role
}

// begin checks the frame and writes the head; it returns the canvas and the y
// below which the chart may start. name is the chart's, for errors.
func begin(f Frame, name string) (c *canvas, y float64, err error) {
	width, least := f.Width, float64(minWidth)
	if width == 0 {
		width = WideWidth
	}
	if f.Bare {
		least = minWidthBare
	}
	if !finite(width) || width < least || width > 10000 {
		return nil, 0, fmt.Errorf("figure: %s.Width: %g px, want %g to 10000", name, f.Width, least)
	}
	c = &canvas{narrow: width < narrowBelow, margin: 24, note: f.Note}
	if c.words, err = f.Language.words(); err != nil {
		return nil, 0, fmt.Errorf("figure: %s.Language: %w", name, err)
	}
	big, mid, small := 19.0, 14.0, 13.0
	if c.narrow {
		c.margin, big, mid, small = 16, 17, 13, 12
	}
	c.ID, c.Title, c.W, c.Bare = f.ID, f.Title, width, f.Bare
	c.title = role{"fig-title", big, true, ink}
	c.subtitle = role{"fig-subtitle", mid, false, soft}
	c.heading = role{"fig-heading", mid, true, ink}
	c.axis = role{"fig-axis", small, false, soft}
	c.tick = role{"fig-tick", small, false, soft}
	c.value = role{"fig-value", small, false, ink}
	c.label = role{"fig-label", small, true, ink}
	c.foot = role{"fig-note", small, false, faint}

	if f.Bare {
		c.margin, c.note = 0, ""
		return c, 0, nil
	}
	// The sheet itself; end gives it its height.
	c.Add(Rect{W: width, Style: Style{Class: "fig-ground", Fill: ground}})
	y = c.margin
	y = c.lines(c.title, y, 1.25, f.Title)
	if f.Title != "" && f.Subtitle != "" {
		y += 2
	}
	y = c.lines(c.subtitle, y, 1.35, f.Subtitle)
	return c, math.Ceil(y + 14), nil
}

// lines writes wrapped text from y down and returns the y below it.
func (c *canvas) lines(r role, y, leading float64, s string) float64 {
	for _, line := range wrap(s, r.size, r.bold, c.W-2*c.margin) {
		c.text(r, c.margin, y+r.size, Start, line)
		y += r.size * leading
	}
	return y
}

// tallest counts the lines of the text that wraps into most lines.
func tallest(r role, width float64, texts ...string) int {
	n := 0
	for _, s := range texts {
		n = max(n, len(wrap(s, r.size, r.bold, width)))
	}
	return n
}

// block writes wrapped text at x and leaves room for a number of lines, so that
// what follows starts level in neighbouring panels. It returns the y below.
func (c *canvas) block(r role, x, y, width float64, room int, s string) float64 {
	lines := wrap(s, r.size, r.bold, width)
	for i, line := range lines {
		c.text(r, x, y+r.size+float64(i)*r.size*1.25, Start, line)
	}
	return y + float64(max(room, len(lines)))*r.size*1.25
}

// end writes the note below y, closes the sheet and returns the scene. desc is
// the alternative text.
func (c *canvas) end(y float64, desc []string) *Scene {
	if c.note != "" {
		y = c.lines(c.foot, y+14, 1.4, c.note)
	}
	c.H = math.Ceil(y + max(c.margin*0.75, 4))
	if !c.Bare {
		sheet := c.Items[0].(Rect)
		sheet.H = c.H
		c.Items[0] = sheet
	}
	c.Desc = strings.Join(desc, "; ")
	return &c.Scene
}

// text puts a text with its baseline at y.
func (c *canvas) text(r role, x, y float64, a Anchor, s string) {
	if s == "" {
		return
	}
	c.Add(Text{
		X: x, Y: y, S: s, Size: r.size, Bold: r.bold, Anchor: a,
		Style: Style{Class: r.class, Fill: r.fill},
	})
}

// middle puts a text with its middle at height y.
func (c *canvas) middle(r role, x, y float64, a Anchor, s string) {
	c.text(r, x, y+0.36*r.size, a, s)
}

// width is the length in px of a text in a role.
func (c *canvas) width(r role, s string) float64 { return textWidth(s, r.size, r.bold) }

// widest is the length in px of the longest of some texts.
func (c *canvas) widest(r role, texts ...string) float64 {
	w := 0.0
	for _, s := range texts {
		w = max(w, c.width(r, s))
	}
	return w
}

// in is the role in another colour and with a class more.
func (r role) in(l LineStyle) role {
	r.fill = l.filled().Text
	r.class = l.classes(r.class)
	return r
}

// over is a text above a grid, on a rim of the ground.
func (c *canvas) over(r role, x, y float64, a Anchor, s string) {
	c.Add(Text{
		X: x, Y: y + 0.36*r.size, S: s, Size: r.size, Bold: r.bold, Anchor: a, Halo: ground,
		Style: Style{Class: r.class + " fig-over", Fill: r.fill},
	})
}

// values counts the finite values and finds their range; an infinite one is an
// error that names field.
func values(field string, vs []float64) (n int, lo, hi float64, err error) {
	lo, hi = math.Inf(1), math.Inf(-1)
	for i, v := range vs {
		if math.IsInf(v, 0) {
			return 0, 0, 0, fmt.Errorf("figure: %s[%d] is infinite", field, i)
		}
		if !math.IsNaN(v) {
			n, lo, hi = n+1, min(lo, v), max(hi, v)
		}
	}
	return n, lo, hi, nil
}
