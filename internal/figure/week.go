package figure

import (
	"fmt"
	"math"
)

// WeekProfiles shows the mean week from Monday to Sunday. Narrow breaks it
// after Thursday.
type WeekProfiles struct {
	Frame
	Series []Series // at least one, of 672 quarters from Monday 00:00 local time
	Unit   string   // of values that are no power; empty: kW per home
}

// Scene lays the chart out. It fails if there is no series, if one does not
// have 672 values, or if none has any.
func (w WeekProfiles) Scene() (*Scene, error) {
	lo, hi, err := seriesRange("WeekProfiles.Series", w.Series, 7*96)
	if err != nil {
		return nil, err
	}
	if lo > hi {
		return nil, fmt.Errorf("figure: WeekProfiles.Series: no value in any series")
	}
	c, y, err := begin(w.Frame, "WeekProfiles")
	if err != nil {
		return nil, err
	}
	height, days := 320.0, [][2]int{{0, 7}}
	if c.narrow {
		height, days = 200, [][2]int{{0, 4}, {4, 7}}
	}
	unit := c.words.power
	if w.Unit != "" {
		unit, height = w.Unit, height*2/3
	}
	a := c.powerAxis(lo, hi, height, unit)
	if w.Unit != "" {
		a = c.valueAxis(lo, hi, height, unit)
	}
	c.Table, c.Cursor = Table{{Label: c.words.time}}, CursorLine
	for d := range 7 {
		for q := range 96 {
			c.Table[0].Text = append(c.Table[0].Text, c.words.days[d]+" "+clock(q)+"–"+clock(q+1))
		}
	}
	for _, s := range w.Series {
		c.Table = append(c.Table, Column{Label: s.Label, Unit: unit, Decimals: 3, Power: w.Unit == "", Values: s.KW})
	}
	var side []sideLabel
	for _, s := range w.Series {
		side = append(side, sideLabel{text: s.Label, style: s.Style})
	}
	// On a phone the last days are fewer, so their labels have room already.
	room := c.sideRoom(side, c.W*0.18)
	longest := c.W - 2*c.margin - a.gutter
	if c.narrow {
		longest = min(longest, (longest-room)*4/3)
	} else {
		longest -= room
	}
	day := math.Floor(longest / float64(days[0][1]-days[0][0]))
	for i, d := range days {
		c.text(c.axis, c.margin, y+c.axis.size, Start, a.unit)
		y += c.axis.size + 13
		p := plot{
			x: c.margin + a.gutter, y: y, w: day * float64(d[1]-d[0]), h: height,
			xlo: float64(24 * d[0]), xhi: float64(24 * d[1]), bottom: a.at[0], high: a.at[len(a.at)-1],
		}
		part := make([]Series, len(w.Series))
		mark := Mark{X: p.x, Y: p.y, W: p.w, H: p.h, N: 96 * (d[1] - d[0]), Row: 96 * d[0], Named: true, Bottom: p.bottom, Top: p.high}
		for j, s := range w.Series {
			part[j] = Series{Label: s.Label, KW: s.KW[96*d[0] : 96*d[1]], Style: s.Style}
			mark.Readings = append(mark.Readings, s.Style.reading(s.Label, j+1))
			side[j].end(p, quarters(part[j].KW, p.xlo))
		}
		for n := d[0]; n < d[1]; n++ {
			c.drawEvening(p, float64(24*n+eveningFrom), float64(24*n+eveningTo))
		}
		c.Marks = append(c.Marks, mark)
		c.drawPowerAxis(p, a, true)
		for n := d[0]; n <= d[1]; n++ {
			x := p.px(float64(24 * n))
			c.Add(Line{x, p.y, x, p.y + p.h + 6, Style{Class: "fig-rule", Stroke: rule, Width: 0.8}})
		}
		c.drawSeries(p, part, nil, p.xlo, 0.75)
		for n := d[0]; n < d[1]; n++ {
			c.text(c.heading, p.px(float64(24*n+12)), p.y+p.h+10+c.heading.size, Middle, c.words.shortDays[n])
		}
		y += height + 14 + c.heading.size
		if i == len(days)-1 {
			c.drawSide(p.x+p.w, p.y-4, p.y+p.h+8, side)
			// What the shading means, under the days.
			x := p.x
			c.Add(Rect{x, y + 9, 14, 14, Style{Class: "fig-evening", Fill: evening, Stroke: hair, Width: 1}})
			c.middle(c.axis, x+20, y+16, Start, c.words.evening+", "+c.words.localTime)
			y += 24
		} else {
			y += 18
		}
	}
	return c.end(y, c.describeSeries("", w.Series, unit, 2)), nil
}
