package figure

import (
	"fmt"
	"math"
)

// Distributions compares two sets of values, quantity by quantity: the share of
// each set at or below a value. Three panels side by side (below each other if
// Narrow), one legend.
type Distributions struct {
	Frame
	First, Second       string // names of the two sets
	FirstLook, LastLook LineStyle
	Panels              []Distribution // at least one
}

// A Distribution is one quantity.
type Distribution struct {
	Title, Unit string
	Every       float64   // distance of the labels along X; 0: chosen
	Remark      string    // such as a distance in numbers, below the title
	X           []float64 // rising values, at least two
	First       []float64 // shares at X, 0 to 1
	Second      []float64
}

func (d Distributions) check() error {
	if len(d.Panels) == 0 {
		return fmt.Errorf("figure: Distributions.Panels: empty")
	}
	for i, p := range d.Panels {
		field := fmt.Sprintf("Distributions.Panels[%d]", i)
		if len(p.X) < 2 || len(p.First) != len(p.X) || len(p.Second) != len(p.X) {
			return fmt.Errorf("figure: %s: %d values of X, %d and %d shares: as many of each, at least 2, were expected", field, len(p.X), len(p.First), len(p.Second))
		}
		for k := range p.X {
			if !finite(p.X[k]) || k > 0 && p.X[k] <= p.X[k-1] {
				return fmt.Errorf("figure: %s.X[%d]: %g does not rise", field, k, p.X[k])
			}
			for _, v := range [2]float64{p.First[k], p.Second[k]} {
				if !math.IsNaN(v) && !(v >= 0 && v <= 1+1e-9) {
					return fmt.Errorf("figure: %s: %g is not a share at X[%d]", field, v, k)
				}
			}
		}
	}
	return nil
}

// Scene lays the chart out. It fails if there is no panel, or if a panel's values
// do not rise or have no share each.
func (d Distributions) Scene() (*Scene, error) {
	if err := d.check(); err != nil {
		return nil, err
	}
	c, y, err := begin(d.Frame, "Distributions")
	if err != nil {
		return nil, err
	}
	columns, height, gap := min(3, len(d.Panels)), 190.0, 30.0
	if c.narrow {
		columns, height = 1, 170
	}
	y = c.legend(y, []string{d.First, d.Second}, []LineStyle{d.FirstLook, d.LastLook})
	shares := []string{c.words.number(0, 0) + " %", c.words.number(50, 0) + " %", c.words.number(100, 0) + " %"}
	gutter := c.widest(c.tick, shares...) + 8
	each := (c.W - 2*c.margin - gap*float64(columns-1)) / float64(columns)
	titles, remarks := 0, 0
	for _, p := range d.Panels {
		titles = max(titles, tallest(c.heading, each, p.Title))
		remarks = max(remarks, tallest(c.axis, each, p.Remark))
	}
	var desc []string
	for i, panel := range d.Panels {
		x := c.margin + float64(i%columns)*(each+gap)
		top := c.block(c.heading, x, y, each, titles, panel.Title)
		top = c.block(c.axis, x, top+2, each, remarks, panel.Remark) + 10
		p := plot{
			x: x + gutter, y: top, w: each - gutter - c.tick.size, h: height,
			xlo: panel.X[0], xhi: panel.X[len(panel.X)-1], high: 1,
		}
		c.distribution(p, panel, d, shares)
		if i%columns == columns-1 || i == len(d.Panels)-1 {
			y = p.y + p.h + 12 + c.tick.size + c.axis.size + 26
		}
		desc = append(desc, panel.Title+": "+panel.Remark)
	}
	return c.end(y-22, desc), nil
}

func (c *canvas) distribution(p plot, panel Distribution, d Distributions, shares []string) {
	for i, s := range shares {
		at := p.py(float64(i) / 2)
		c.Add(Line{p.x, at, p.x + p.w, at, Style{Class: "fig-grid", Stroke: hair, Width: 1}})
		c.middle(c.tick, p.x-8, at, End, s)
	}
	at, decimals := ticks(p.xlo, p.xhi, max(2, int(p.w/60)))
	if panel.Every > 0 {
		at, decimals = nil, 0
		for v := math.Ceil(p.xlo/panel.Every) * panel.Every; v <= p.xhi*(1+1e-9); v += panel.Every {
			at = append(at, v)
		}
	}
	for _, v := range at {
		if v < p.xlo-1e-9 || v > p.xhi*(1+1e-9) {
			continue
		}
		x := p.px(v)
		c.Add(Line{x, p.y + p.h, x, p.y + p.h + 5, Style{Class: "fig-rule", Stroke: rule, Width: 1}})
		c.text(c.tick, x, p.y+p.h+8+c.tick.size, Middle, c.words.number(v, decimals))
	}
	c.text(c.axis, p.x+p.w/2, p.y+p.h+14+c.tick.size+c.axis.size, Middle, panel.Unit)
	for k, shares := range [][]float64{panel.First, panel.Second} {
		look, name := d.FirstLook, d.First
		if k == 1 {
			look, name = d.LastLook, d.Second
		}
		curve := make([]Point, len(panel.X))
		for i, v := range panel.X {
			curve[i] = Point{v, shares[i]}
		}
		st := look.stroke()
		st.Tip = name
		if pieces := runs(curve); len(pieces) > 0 {
			c.Add(Path{Subs: p.place(pieces), Style: st})
		}
	}
}

// legend writes names beside pieces of their lines and returns the y below.
func (c *canvas) legend(y float64, names []string, looks []LineStyle) float64 {
	const dash = 34
	x, row := c.margin, c.label.size*1.6
	for i, name := range names {
		if w := dash + 8 + c.width(c.label, name); x > c.margin && x+w > c.W-c.margin {
			x, y = c.margin, y+row
		}
		at := y + c.label.size*0.65
		c.Add(Line{x, at, x + dash, at, looks[i].stroke()})
		c.middle(c.label.in(looks[i]), x+dash+8, at, Start, name)
		x += dash + 8 + c.width(c.label, name) + 24
	}
	return y + row + 4
}
