package figure

import (
	"math"
	"slices"
)

// legendTexts names the classes, from the highest down, and finds the largest
// circle.
func (l *mapLayout) legendTexts() {
	for _, b := range l.breaks {
		for l.decimals < 4 && math.Abs(b-round(b, l.decimals)) > math.Abs(b)*1e-6 {
			l.decimals++
		}
	}
	lo, hi := math.Inf(1), math.Inf(-1)
	for _, r := range l.Regions {
		if math.IsNaN(r.Value) {
			l.noData = true
			continue
		}
		lo, hi = min(lo, r.Value), max(hi, r.Value)
	}
	for _, r := range l.Regions {
		if r.Circle > 0 {
			l.circle = max(l.circle, r.Circle)
			l.circles += r.Circle
		}
	}
	print := func(v float64) string { return l.words.number(v, l.decimals) }
	n := len(l.breaks)
	switch {
	case n > 0:
		l.classes = append(l.classes, "≥ "+print(l.breaks[n-1]))
		for i := n - 1; i > 0; i-- {
			l.classes = append(l.classes, print(l.breaks[i-1])+" – "+print(l.breaks[i]))
		}
		l.classes = append(l.classes, "< "+print(l.breaks[0]))
	case lo <= hi:
		l.classes = []string{l.words.number(lo, decimalsFor(math.Abs(lo)))}
	}
}

func (l *mapLayout) legendWidth() float64 {
	w := l.widest(l.tick, append(slices.Clone(l.classes), l.words.noData)...) + 34
	for _, s := range []string{l.Legend, l.Circles, l.Aside} {
		w = max(w, l.widest(l.axis, wrap(s, l.axis.size, true, 170)...))
	}
	return w
}

// column writes wrapped text in the legend and returns the y below it.
func (l *mapLayout) column(r role, x, y float64, s string) float64 {
	most := 178.0
	if l.narrow {
		most = l.W - 2*l.margin
	}
	for _, line := range wrap(s, r.size, r.bold, most) {
		l.text(r, x, y+r.size, Start, line)
		y += r.size * 1.35
	}
	return y
}

// legendAt draws the legend and returns the y below it.
func (l *mapLayout) legendAt(x, y float64) float64 {
	bold := l.axis
	bold.bold, bold.fill = true, ink
	top := y
	y = l.column(bold, x, y, l.Legend) + 8
	const row = 22.0
	for k, s := range l.classes {
		l.Add(Rect{x, y, 24, row - 3, Style{Class: "fig-swatch", Fill: l.colour(k)}})
		l.middle(l.tick, x+34, y+(row-3)/2, Start, s)
		y += row
	}
	if l.noData {
		if len(l.classes) > 0 {
			y += 6
		}
		l.Add(Rect{x, y, 24, row - 3, Style{Class: "fig-swatch", Fill: "#f3f4f6"}})
		l.Add(Path{Subs: hatch([][]Point{Rect{X: x, Y: y, W: 24, H: row - 3}.corners()}, 4), Style: Style{Class: "fig-hatch", Stroke: rule, Width: 0.7}})
		l.middle(l.tick, x+34, y+(row-3)/2, Start, l.words.noData)
		y += row
	}
	if l.Circles != "" && l.circle > 0 {
		if l.narrow {
			// Beside the classes.
			y = max(y, l.circleLegend(bold, l.W/2, top))
		} else {
			y = l.circleLegend(bold, x, y+18)
		}
	}
	if l.Aside != "" {
		y = l.column(l.foot, x, y+12, l.Aside)
	}
	return y
}

// circleLegend draws nested circles of round amounts.
func (l *mapLayout) circleLegend(bold role, x, y float64) float64 {
	most := 178.0
	if l.narrow {
		most = l.W/2 - l.margin
	}
	for _, line := range wrap(l.Circles, bold.size, true, most) {
		l.text(bold, x, y+bold.size, Start, line)
		y += bold.size * 1.35
	}
	y += 8
	large := nearPretty(l.circle * 0.9)
	if large > l.circle {
		large = nearPretty(l.circle * 0.7)
	}
	r := l.radius(large)
	bottom := y + 2*r
	for i, share := range []float64{1, 0.4, 0.1} {
		amount := nearPretty(large * share)
		q := l.radius(amount)
		l.Add(Circle{x + r, bottom - q, q, Style{Class: "fig-circle", Fill: circleColor, Stroke: ground, Width: 0.8, Opacity: 0.85}})
		decimals := decimalsFor(amount)
		for decimals > 0 && amount == round(amount, decimals-1) {
			decimals--
		}
		at := y + 4 + float64(i)*(l.tick.size+4)
		l.Add(Line{x + r, bottom - 2*q, x + 2*r + 10, at, Style{Class: "fig-rule", Stroke: rule, Width: 0.7}})
		l.middle(l.tick, x+2*r+14, at, Start, l.words.number(amount, decimals))
	}
	return max(bottom, y+3*(l.tick.size+4)) + 4
}
