package figure

import (
	"fmt"
	"math"
)

// Duration shows duration curves: the power that is reached or passed in so many hours of
// the year, from the highest quarter-hour to the lowest.
type Duration struct {
	Frame
	Series     []Series // falling, at even parts of the year; at least one, all as long
	Hours      float64  // of the year
	CapacityKW float64  // in both directions; 0: none
	Unit       string   // of the power
	Below, Of  string   // under the axis, and before a number of hours
}

// Scene lays the chart out. It fails if there is no series, or if one has other than two
// values or more, as many as the others.
func (d Duration) Scene() (*Scene, error) {
	if len(d.Series) == 0 || len(d.Series[0].KW) < 2 {
		return nil, fmt.Errorf("figure: Duration.Series: at least one of two values was expected")
	}
	if !(d.CapacityKW >= 0) || !(d.Hours > 0) || !finite(d.CapacityKW, d.Hours) {
		return nil, fmt.Errorf("figure: Duration: capacity %g kW, %g hours", d.CapacityKW, d.Hours)
	}
	lo, hi, err := seriesRange("Duration.Series", d.Series, len(d.Series[0].KW))
	if err != nil {
		return nil, err
	}
	if lo > hi {
		return nil, fmt.Errorf("figure: Duration.Series: no value in any series")
	}
	c, y, err := begin(d.Frame, "Duration")
	if err != nil {
		return nil, err
	}
	height := 340.0
	if c.narrow {
		height = 280
	}
	if d.CapacityKW <= 1.5*hi { // one far above would flatten the rest
		hi = max(hi, d.CapacityKW)
	}
	c.words.ofHomes()
	a := c.powerAxis(lo, hi, height, d.Unit)
	var side []sideLabel
	for _, s := range d.Series {
		side = append(side, sideLabel{text: s.Label, style: s.Style})
	}
	room := max(c.sideRoom(side, c.W*0.22), 14)
	c.text(c.axis, c.margin, y+c.axis.size, Start, a.unit)
	y += c.axis.size + 10
	p := plot{
		x: c.margin + a.gutter, y: y, w: c.W - 2*c.margin - a.gutter - room, h: height,
		xhi: d.Hours, bottom: a.at[0], high: a.at[len(a.at)-1],
	}
	c.drawPowerAxis(p, a, true)
	c.hoursAxis(p)
	c.drawCapacity(p, d.CapacityKW)
	c.zeroLine(p)
	var desc []string
	n := len(d.Series[0].KW)
	at := func(i int) float64 { return d.Hours * float64(i) / float64(n-1) }
	for i, s := range d.Series {
		curve := make([]Point, n)
		for k, kW := range s.KW {
			curve[k] = Point{at(k), kW}
		}
		st := s.Style.stroke()
		st.Tip = s.Label
		c.Add(Path{Subs: p.place(runs(curve)), Style: st})
		side[i].end(p, curve)
		desc = append(desc, fmt.Sprintf("%s: %s … %s %s", s.Label, c.words.signed(s.KW[0], 1), c.words.signed(s.KW[n-1], 1), d.Unit))
	}
	c.drawSide(p.x+p.w, p.y-4, p.y+p.h+4, side)
	c.readDuration(p, d, at)
	y = p.y + p.h + 12 + c.tick.size
	c.text(c.axis, p.x+p.w/2, y+c.axis.size+4, Middle, d.Below)
	return c.end(y+c.axis.size+8, desc), nil
}

// hoursAxis labels hours of the year.
func (c *canvas) hoursAxis(p plot) {
	at, _ := ticks(0, p.xhi, max(2, int(p.w/90)))
	for _, v := range at {
		if v > p.xhi {
			continue
		}
		c.Add(Line{p.px(v), p.y + p.h, p.px(v), p.y + p.h + 5, Style{Class: "fig-rule", Stroke: rule, Width: 1}})
		c.text(c.tick, p.px(v), p.y+p.h+8+c.tick.size, Middle, c.words.number(v, 0))
	}
}

// drawCapacity draws a capacity on both sides of zero, where it is on the scale.
func (c *canvas) drawCapacity(p plot, capacity float64) {
	for _, kW := range [...]float64{capacity, -capacity} {
		if y := p.py(kW); kW != 0 && y > p.y && y < p.y+p.h {
			c.Add(Line{p.x, y, p.x + p.w, y, Style{Class: "fig-limit", Stroke: limitColor, Width: 1.6, Dash: []float64{8, 3, 2, 3}}})
			if kW > 0 {
				c.over(c.axis, p.x+p.w-4, y-9, End, c.words.capacity+" "+c.words.number(kW, 0)+" kW")
			}
		}
	}
}

// readDuration fills the table and marks a box for every part of the year.
func (c *canvas) readDuration(p plot, d Duration, at func(int) float64) {
	c.Cursor = CursorLine
	c.Table = Table{{Label: d.Of, Unit: "h"}}
	n := len(d.Series[0].KW)
	places := make([]float64, n)
	for i := range places {
		c.Table[0].Values = append(c.Table[0].Values, math.Round(at(i)))
		places[i] = p.px(at(i))
	}
	var readings []Reading
	for _, s := range d.Series {
		readings = append(readings, s.Style.reading(s.Label, len(c.Table)))
		c.Table = append(c.Table, Column{Label: s.Label, Unit: d.Unit, Decimals: 1, Power: true, Homes: true, Values: Numbers(s.KW)})
	}
	c.markPoints(p, places, func(i int) string { return d.Of + ": " + c.words.number(at(i), 0) + " h" }, readings)
}
