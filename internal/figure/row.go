package figure

import "math"

// A rowMark is a value in a row chart with the room in px its text needs.
type rowMark struct{ v, left, right float64 }

// fitRows maps values to px between x0 and x1 as wide as the texts beside the
// marks allow. Missing values do not count.
func fitRows(marks []rowMark, x0, x1 float64) (plot, bool) {
	scale := math.Inf(1)
	for _, a := range marks {
		for _, b := range marks {
			if b.v > a.v {
				scale = min(scale, (x1-x0-a.left-b.right)/(b.v-a.v))
			}
		}
	}
	if math.IsInf(scale, 1) {
		scale = 1
	}
	if scale <= 0 {
		return plot{}, false
	}
	left := math.Inf(-1)
	for _, a := range marks {
		if !math.IsNaN(a.v) {
			left = max(left, x0+a.left-scale*a.v)
		}
	}
	return plot{x: x0, w: x1 - x0, xlo: (x0 - left) / scale, xhi: (x1 - left) / scale, high: 1}, true
}

// drawRowAxis draws a light vertical grid behind the groups of rows, each from
// one y to another, for values between lo and hi, and labels it below. Only
// ticks whose labels, written by print, stay inside get one.
func (c *canvas) drawRowAxis(p plot, groups [][2]float64, lo, hi float64, print func(float64, int) string) {
	at, decimals := ticks(lo, hi, max(2, int(p.w/110)))
	var shown []float64
	for _, v := range at {
		x, half := p.px(v), c.width(c.tick, print(v, decimals))/2
		if x < p.x-0.5 || x > p.x+p.w+0.5 {
			continue
		}
		for _, g := range groups {
			c.Add(Line{x, g[0], x, g[1], Style{Class: "fig-grid", Stroke: hair, Width: 1}})
		}
		if x-half >= p.x-6 && x+half <= p.x+p.w+6 {
			shown = append(shown, v)
		}
	}
	for _, v := range shown {
		c.text(c.tick, p.px(v), p.y+p.h+6+c.tick.size, Middle, print(v, decimals))
	}
	if lo <= 0 && hi >= 0 {
		for _, g := range groups {
			c.Add(Line{p.px(0), g[0], p.px(0), g[1], Style{Class: "fig-zero", Stroke: ink, Width: 1.2}})
		}
	}
}

// decimalsFor are the decimals that show values up to most in about three
// figures.
func decimalsFor(most float64) int {
	switch {
	case most >= 100:
		return 0
	case most >= 10:
		return 1
	}
	return 2
}
