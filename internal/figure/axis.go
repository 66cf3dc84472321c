package figure

import (
	"math"
	"slices"
	"strconv"
	"strings"
)

// A plot maps values to places in a rectangle of the sheet.
type plot struct {
	x, y, w, h             float64 // px
	xlo, xhi, bottom, high float64 // values at the left, right, bottom and top edge
}

func (p plot) px(v float64) float64 { return p.x + (v-p.xlo)/(p.xhi-p.xlo)*p.w }
func (p plot) py(v float64) float64 { return p.y + (p.high-v)/(p.high-p.bottom)*p.h }

// ticks are round values about target apart steps that cover lo..hi, and the
// decimals they need. A range without width is widened.
func ticks(lo, hi float64, target int) (at []float64, decimals int) {
	if hi <= lo {
		lo, hi = lo-0.5, hi+0.5
	}
	raw := (hi - lo) / float64(target)
	power := math.Pow(10, math.Floor(math.Log10(raw)))
	step := 10 * power
	for _, m := range [...]float64{1, 2, 2.5, 5} {
		if raw <= m*power*1.0001 {
			step = m * power
			break
		}
	}
	for first := math.Floor(lo/step + 1e-9); ; first++ {
		v := first * step
		at = append(at, v)
		if v >= hi-step*1e-6 {
			break
		}
	}
	for decimals < 6 && math.Abs(step-round(step, decimals)) > step*1e-6 {
		decimals++
	}
	return at, decimals
}

// round rounds to a number of decimals.
func round(v float64, decimals int) float64 {
	p := math.Pow(10, float64(decimals))
	return math.Round(v*p) / p
}

// ceilPretty is the smallest round number not below v > 0.
func ceilPretty(v float64) float64 {
	power := math.Pow(10, math.Floor(math.Log10(v)))
	for _, m := range [...]float64{1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8} {
		if v <= m*power*1.0001 {
			return m * power
		}
	}
	return 10 * power
}

// A powerAxis is the vertical axis of power, shared by the panels of a figure.
type powerAxis struct {
	at     []float64
	labels []string
	gutter float64 // px left of a panel
	words  [2]string
	unit   string // above the axis
}

// powerAxis lays out the axis for values lo..hi on panels h px high.
func (c *canvas) powerAxis(lo, hi, h float64, unit string) powerAxis {
	// About 50 px a step.
	at, decimals := ticks(min(lo, 0), max(hi, 0), max(2, int(h/50)))
	a := powerAxis{at: at, unit: unit}
	for _, v := range at {
		a.labels = append(a.labels, c.words.signed(v, decimals))
	}
	a.gutter = c.widest(c.tick, a.labels...) + 8
	// The signs in words run along the axis where both parts are long enough,
	// and stand beside the unit otherwise.
	top, bottom := at[len(at)-1], at[0]
	up, down := top/(top-bottom)*h, -bottom/(top-bottom)*h
	fits := func(space float64, s string) bool {
		return space < 1 || c.width(c.heading, s)+8 <= space
	}
	if fits(up, c.words.charging) && fits(down, c.words.discharging) {
		if up >= 1 {
			a.words[0] = c.words.charging
		}
		if down >= 1 {
			a.words[1] = c.words.discharging
		}
		a.gutter += c.heading.size + 8
		return a
	}
	parts := []string{unit}
	if up >= 1 {
		parts = append(parts, "+ "+c.words.charging)
	}
	if down >= 1 {
		parts = append(parts, "− "+c.words.discharging)
	}
	a.unit = strings.Join(parts, ", ")
	return a
}

// valueAxis is the axis of values that are no power: their signs have no words.
func (c *canvas) valueAxis(lo, hi, h float64, unit string) powerAxis {
	at, decimals := ticks(min(lo, 0), max(hi, 0), max(2, int(h/50)))
	a := powerAxis{at: at, unit: unit}
	for _, v := range at {
		a.labels = append(a.labels, c.words.number(v, decimals))
	}
	a.gutter = c.widest(c.tick, a.labels...) + 8
	return a
}

// drawPowerAxis draws the grid and the axis of a panel. The zero line goes on
// top of the data, with zeroLine.
func (c *canvas) drawPowerAxis(p plot, a powerAxis, named bool) {
	for _, v := range a.at {
		c.Add(Line{p.x, p.py(v), p.x + p.w, p.py(v), Style{Class: "fig-grid", Stroke: hair, Width: 1}})
	}
	if !named {
		return
	}
	for i, v := range a.at {
		c.middle(c.tick, p.x-8, p.py(v), End, a.labels[i])
	}
	x := p.x - a.gutter + c.heading.size*0.8
	for i, word := range a.words {
		if word == "" {
			continue
		}
		r, feedingIn := c.directionRoles()
		middle := (p.y + p.py(0)) / 2
		if i == 1 {
			r, middle = feedingIn, (p.py(0)+p.y+p.h)/2
		}
		c.Add(Text{
			X: x, Y: middle, S: word, Size: r.size, Bold: true, Anchor: Middle, Rotate: -90,
			Style: Style{Class: r.class, Fill: r.fill},
		})
	}
}

// directionRoles are the words charging and feeding in, in their colours.
func (c *canvas) directionRoles() (charging, feedingIn role) {
	return c.heading.in(LineStyle{Class: "fig-charging", Color: ChargingColor}),
		c.heading.in(LineStyle{Class: "fig-feeding-in", Color: FeedingInColor})
}

func (c *canvas) zeroLine(p plot) {
	c.Add(Line{p.x, p.py(0), p.x + p.w, p.py(0), Style{Class: "fig-zero", Stroke: ink, Width: 1.2}})
}

// Hours of the evening window, the peak of the Dutch grid.
const (
	eveningFrom = 17
	eveningTo   = 21
)

// drawEvening shades an evening window.
func (c *canvas) drawEvening(p plot, from, to float64) {
	c.Add(Rect{p.px(from), p.y, p.px(to) - p.px(from), p.h, Style{Class: "fig-evening", Fill: evening}})
}

// drawHours labels the hours of a day of quarters that start at the times, every
// 3 h, or every 6 h where labels would touch.
func (c *canvas) drawHours(p plot, times []string) {
	every, y := 3, p.y+p.h
	if p.w/8 < c.width(c.tick, "00")+6 {
		every = 6
	}
	var labels []Item
	add := func(i int, hour int) {
		x := p.px(float64(i) / 4)
		c.Add(Line{x, y, x, y + 5, Style{Class: "fig-rule", Stroke: rule, Width: 1}})
		labels = append(labels, Text{
			X: x, Y: y + 8 + c.tick.size, S: strconv.Itoa(hour), Size: c.tick.size, Anchor: Middle,
			Style: Style{Class: c.tick.class, Fill: c.tick.fill},
		})
	}
	for h := 0; h < 24; h += every {
		if i := slices.Index(times, clock(4*h)); i >= 0 {
			add(i, h)
		}
	}
	add(len(times), 24)
	c.Add(labels...)
}
