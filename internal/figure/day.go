package figure

import (
	"fmt"
	"math"
)

// DayProfiles shows mean power over the day, one panel beside the other (below
// each other if Narrow), all on one scale of kW per home.
type DayProfiles struct {
	Frame
	Panels []DayPanel // at least one
	Step   bool       // steps of a quarter of an hour instead of a line
	Fill   bool       // fill to the zero line, red above and blue below; best with one series
}

// A DayPanel is one day, such as the mean January day.
type DayPanel struct {
	Title  string
	Series []Series // at least one, of 96 quarters
}

// A Series is a line of power.
type Series struct {
	Label string    // at the line's end; empty: none
	KW    []float64 // kW per home, a value per quarter of an hour, positive charging; NaN: missing
	Style LineStyle
}

// Scene lays the chart out. It fails if there is no panel, if a series does not
// have 96 values, or if none has any.
func (d DayProfiles) Scene() (*Scene, error) {
	if len(d.Panels) == 0 {
		return nil, fmt.Errorf("figure: DayProfiles.Panels: empty")
	}
	lo, hi := math.Inf(1), math.Inf(-1)
	for i, p := range d.Panels {
		l, h, err := seriesRange(fmt.Sprintf("DayProfiles.Panels[%d].Series", i), p.Series, 96)
		if err != nil {
			return nil, err
		}
		lo, hi = min(lo, l), max(hi, h)
	}
	if lo > hi {
		return nil, fmt.Errorf("figure: DayProfiles.Panels: no value in any series")
	}
	c, y, err := begin(d.Frame, "DayProfiles")
	if err != nil {
		return nil, err
	}
	height, columns := 340.0, len(d.Panels)
	if c.narrow {
		height, columns = 230, 1
	}
	a := c.powerAxis(lo, hi, height, c.words.Power)
	// Panels share the width; each keeps room for its labels.
	const gap = 28
	each := (c.W - 2*c.margin - a.gutter - gap*float64(columns-1)) / float64(columns)
	sides := make([][]sideLabel, len(d.Panels))
	room := 0.0
	for i, p := range d.Panels {
		for _, s := range p.Series {
			sides[i] = append(sides[i], sideLabel{text: s.Label, style: s.Style})
		}
		room = max(room, c.sideRoom(sides[i], each*0.3))
	}
	if room == 0 {
		room = c.width(c.tick, "24") / 2
	}
	p := plot{
		x: c.margin + a.gutter, w: each - room, h: height,
		xhi: 24, bottom: a.at[0], high: a.at[len(a.at)-1],
	}
	var desc []string
	for i, panel := range d.Panels {
		if i == 0 || c.narrow {
			p.x, p.y = c.margin+a.gutter, y
		} else {
			p.x, p.y = p.x+each+gap, y
		}
		bottom := c.dayPanel(&p, a, panel, sides[i], d, i == 0 || c.narrow)
		desc = append(desc, c.describeSeries(panel.Title, panel.Series)...)
		if c.narrow || i == len(d.Panels)-1 {
			y = bottom + 22
		}
	}
	return c.end(y-22, desc), nil
}

// dayPanel draws a panel from p.y down and returns the y below it.
func (c *canvas) dayPanel(p *plot, a powerAxis, panel DayPanel, side []sideLabel, d DayProfiles, named bool) float64 {
	var titles []string
	for _, other := range d.Panels {
		titles = append(titles, other.Title)
	}
	if rows := tallest(c.heading, p.w, titles...); rows > 0 {
		p.y = c.block(c.heading, p.x, p.y, p.w, rows, panel.Title) + 5
	}
	window := (p.px(eveningFrom) + p.px(eveningTo)) / 2
	left := p.x - a.gutter
	if named || !c.narrow {
		// A long unit gets a line of its own, in every panel alike.
		if left+c.width(c.axis, a.unit) > window-c.width(c.axis, c.words.Evening)/2-8 {
			if named {
				c.text(c.axis, left, p.y+c.axis.size, Start, a.unit)
			}
			p.y += c.axis.size + 5
		} else if named {
			c.text(c.axis, left, p.y+c.axis.size, Start, a.unit)
		}
	}
	c.text(c.axis, window, p.y+c.axis.size, Middle, c.words.Evening)
	p.y += c.axis.size + 13
	c.drawEvening(*p, 0)
	c.drawPowerAxis(*p, a, named)
	c.drawSeries(*p, panel.Series, 0, d.Step, d.Fill, 1)
	for i, s := range panel.Series {
		side[i].end(*p, quarters(s.KW, 0, d.Step))
	}
	c.drawSide(p.x+p.w, p.y-c.axis.size-6, p.y+p.h+8, side)
	c.drawHours(*p, c.hourStep(p.w))
	y := p.y + p.h + 12 + c.tick.size
	c.text(c.axis, p.x+p.w/2, y+c.axis.size+4, Middle, c.words.LocalTime)
	return y + c.axis.size + 8
}

// seriesRange checks series of n values each and finds their range, which is
// empty (lo > hi) if all values are missing.
func seriesRange(field string, series []Series, n int) (lo, hi float64, err error) {
	if len(series) == 0 {
		return 0, 0, fmt.Errorf("figure: %s: empty", field)
	}
	lo, hi = math.Inf(1), math.Inf(-1)
	for i, s := range series {
		name := fmt.Sprintf("%s[%d].KW", field, i)
		if len(s.KW) != n {
			return 0, 0, fmt.Errorf("figure: %s: %d values, want %d", name, len(s.KW), n)
		}
		_, l, h, err := values(name, s.KW)
		if err != nil {
			return 0, 0, err
		}
		lo, hi = min(lo, l), max(hi, h)
	}
	return lo, hi, nil
}

// drawSeries draws fills, the zero line and the lines; hour is where the first
// quarter starts on the panel's axis, weight the part of a line's own width.
func (c *canvas) drawSeries(p plot, series []Series, hour float64, step, fill bool, weight float64) {
	pieces := make([][][]Point, len(series))
	for i, s := range series {
		pieces[i] = runs(quarters(s.KW, hour, step))
		if !fill {
			continue
		}
		for _, sign := range []float64{1, -1} {
			var areas [][]Point
			for _, run := range pieces[i] {
				areas = append(areas, toZero(run, sign)...)
			}
			if len(areas) == 0 {
				continue
			}
			st := Style{Class: s.Style.classes("fig-area"), Fill: "#d6604d", Opacity: 0.35}
			if sign < 0 {
				st.Fill = "#4393c3"
			}
			c.Add(Path{p.place(areas), true, st})
		}
	}
	c.zeroLine(p)
	for i, s := range series {
		if len(pieces[i]) > 0 {
			st := s.Style.stroke()
			st.Tip = s.Label
			st.Width *= weight
			c.Add(Path{Subs: p.place(pieces[i]), Style: st})
		}
	}
}

// describeSeries says in words how far each series goes.
func (c *canvas) describeSeries(title string, series []Series) []string {
	var out []string
	for _, s := range series {
		n, lo, hi, err := values("", s.KW)
		if n == 0 || err != nil {
			continue
		}
		name := title
		if title != "" && s.Label != "" {
			name += ", "
		}
		out = append(out, fmt.Sprintf("%s%s: %s … %s kW", name, s.Label, c.words.signed(lo, 2), c.words.signed(hi, 2)))
	}
	return out
}
