package figure

import (
	"fmt"
	"math"
	"slices"
	"strconv"
)

// Growth shows amounts that add up over the years, such as home charge points
// of cars and vans, as stacked areas named at their end.
type Growth struct {
	Frame
	Years []int        // rising; at least two
	Areas []GrowthArea // from the bottom up; at least one
	Lines []GrowthLine // totals in other scenarios
	Unit  string       // what is counted, such as "home charge points"
	Mark  int          // an upright line at this year; 0: none

	Height float64 // of the panel in px; 0: chosen
}

// A GrowthArea is one layer.
type GrowthArea struct {
	Label string
	Style LineStyle
	Count []float64 // one per year, not negative; NaN: missing
}

// A GrowthLine is a total in another scenario.
type GrowthLine struct {
	Label string
	Count []float64 // one per year; NaN: missing
}

// Scene lays the chart out. It fails if years do not rise, if a series does not
// have one value per year, or if a count is negative.
func (g Growth) Scene() (*Scene, error) {
	most, err := g.check()
	if err != nil {
		return nil, err
	}
	c, y, err := begin(g.Frame, "Growth")
	if err != nil {
		return nil, err
	}
	height := 340.0
	if c.narrow {
		height = 260
	}
	if g.Height > 0 {
		height = g.Height
	}
	// Large numbers count in thousands or millions, said once above the axis.
	unit, per := g.Unit, 1.0
	switch {
	case most >= 1e6:
		per, unit = 1e6, join(g.Unit, c.words.million)
	case most >= 1e4:
		per, unit = 1e3, join(g.Unit, c.words.thousand)
	}
	at, decimals := ticks(0, most/per, max(2, int(height/60)))
	sums := g.sums()
	var side []sideLabel
	for i, a := range g.Areas {
		text := a.Label + " " + c.words.number(last(a.Count)/per, decimalsFor(most/per))
		side = append(side, sideLabel{text: text, style: a.Style})
		if math.IsNaN(last(a.Count)) || math.IsNaN(last(sums[i+1])) {
			side[i].text = ""
		}
	}
	extra := append([]GrowthLine{{c.words.total, sums[len(g.Areas)]}}, g.Lines...)
	for _, l := range extra {
		text := ""
		if v := last(l.Count); !math.IsNaN(v) && l.Label != "" {
			text = l.Label + " " + c.words.number(v/per, decimalsFor(most/per))
		}
		side = append(side, sideLabel{text: text, style: LineStyle{Class: "fig-scenario", Color: soft, Text: soft}})
	}
	side[len(g.Areas)].style = LineStyle{Class: "fig-total"}
	if len(g.Areas) == 1 {
		// The one area is the total.
		side[1].text = ""
	}
	room := max(c.sideRoom(side, c.W*0.24), 20)
	var labels []string
	for _, v := range at {
		labels = append(labels, c.words.number(v, decimals))
	}
	gutter := c.widest(c.tick, labels...) + 8
	c.text(c.axis, c.margin, y+c.axis.size, Start, unit)
	y += c.axis.size + 14
	p := plot{
		x: c.margin + gutter, y: y, w: c.W - 2*c.margin - gutter - room, h: height,
		xlo: float64(g.Years[0]), xhi: float64(g.Years[len(g.Years)-1]), high: at[len(at)-1] * per,
	}
	for i, v := range at {
		c.Add(Line{p.x, p.py(v * per), p.x + p.w, p.py(v * per), Style{Class: "fig-grid", Stroke: hair, Width: 1}})
		c.middle(c.tick, p.x-8, p.py(v*per), End, labels[i])
	}
	c.growthAreas(p, g, sums)
	c.zeroLine(p)
	c.yearAxis(p, g.Years)
	c.readGrowth(p, g, sums[len(g.Areas)], unit, per)
	for i := range g.Areas {
		side[i].x, side[i].y = p.x+p.w, p.py((last(sums[i])+last(sums[i+1]))/2)
	}
	for i, l := range extra {
		side[len(g.Areas)+i].x, side[len(g.Areas)+i].y = p.x+p.w, p.py(last(l.Count))
	}
	c.drawSide(p.x+p.w, p.y-10, p.y+p.h+6, side)
	var desc []string
	for _, l := range side {
		if l.text != "" {
			desc = append(desc, l.text)
		}
	}
	desc = append([]string{fmt.Sprintf("%d–%d, %s", g.Years[0], g.Years[len(g.Years)-1], unit)}, desc...)
	return c.end(p.y+p.h+12+c.tick.size, desc), nil
}

// readGrowth fills the table and marks a box for every year.
func (c *canvas) readGrowth(p plot, g Growth, total []float64, unit string, per float64) {
	c.Cursor = CursorLine
	years := Column{Label: c.words.year}
	for _, year := range g.Years {
		years.Text = append(years.Text, strconv.Itoa(year))
	}
	c.Table = Table{years}
	var readings []Reading
	add := func(label, class string, count []float64) {
		readings = append(readings, Reading{Label: label, Column: len(c.Table), Class: class})
		column := Column{Label: label, Unit: unit, Decimals: decimalsFor(p.high/per) + 1}
		for _, v := range count {
			column.Values = append(column.Values, v/per)
		}
		c.Table = append(c.Table, column)
	}
	for _, a := range g.Areas {
		add(a.Label, a.Style.classes("fig-line"), a.Count)
	}
	if len(g.Areas) > 1 {
		add(c.words.total, "fig-line", total)
	}
	for _, l := range g.Lines {
		add(l.Label, "fig-line fig-scenario", l.Count)
	}
	at := make([]float64, len(g.Years))
	for i, year := range g.Years {
		at[i] = p.px(float64(year))
	}
	flat := p
	flat.bottom, flat.high = 0, 0 // in a stack a value has no height of its own
	c.markPoints(flat, at, func(i int) string { return years.Text[i] }, readings)
	if at := slices.Index(g.Years, g.Mark); at >= 0 {
		x := p.px(float64(g.Mark))
		c.Add(Line{x, p.y, x, p.y + p.h, Style{Class: "fig-year", Stroke: soft, Width: 1, Dash: []float64{2, 2}}})
		if !math.IsNaN(total[at]) {
			c.Add(Circle{x, p.py(total[at]), 4, Style{Class: g.Areas[len(g.Areas)-1].Style.classes("fig-dot"), Fill: g.Areas[len(g.Areas)-1].Style.filled().Color, Stroke: ground, Width: 1.5}})
		}
	}
}

// check finds the largest total.
func (g Growth) check() (most float64, err error) {
	if len(g.Years) < 2 {
		return 0, fmt.Errorf("figure: Growth.Years: %d years, want at least 2", len(g.Years))
	}
	for i := 1; i < len(g.Years); i++ {
		if g.Years[i] <= g.Years[i-1] {
			return 0, fmt.Errorf("figure: Growth.Years[%d]: %d does not rise", i, g.Years[i])
		}
	}
	if len(g.Areas) == 0 {
		return 0, fmt.Errorf("figure: Growth.Areas: empty")
	}
	found := false
	check := func(field string, count []float64) error {
		if len(count) != len(g.Years) {
			return fmt.Errorf("figure: %s: %d values for %d years", field, len(count), len(g.Years))
		}
		n, lo, hi, err := values(field, count)
		if err != nil {
			return err
		}
		if n > 0 && lo < 0 {
			return fmt.Errorf("figure: %s: %g is negative", field, lo)
		}
		if n > 0 {
			found, most = true, max(most, hi)
		}
		return nil
	}
	for i, a := range g.Areas {
		if err := check(fmt.Sprintf("Growth.Areas[%d].Count", i), a.Count); err != nil {
			return 0, err
		}
	}
	for i, l := range g.Lines {
		if err := check(fmt.Sprintf("Growth.Lines[%d].Count", i), l.Count); err != nil {
			return 0, err
		}
	}
	for _, v := range g.sums()[len(g.Areas)] {
		if v > most {
			most = v
		}
	}
	switch {
	case !found:
		return 0, fmt.Errorf("figure: Growth.Areas: no value in any year")
	case most == 0: // nothing, all the time, has an axis too
		most = 1
	}
	return most, nil
}

// sums are the heights of the borders between the areas, from the bottom. A
// year in which one area is missing has no total, so it is missing in all.
func (g Growth) sums() [][]float64 {
	out := make([][]float64, len(g.Areas)+1)
	for i := range out {
		out[i] = make([]float64, len(g.Years))
	}
	for y := range g.Years {
		sum := 0.0
		for _, a := range g.Areas {
			sum += a.Count[y]
		}
		if math.IsNaN(sum) {
			for i := range out {
				out[i][y] = sum
			}
			continue
		}
		for i, a := range g.Areas {
			out[i+1][y] = out[i][y] + a.Count[y]
		}
	}
	return out
}

func (c *canvas) growthAreas(p plot, g Growth, sums [][]float64) {
	line := func(vs []float64) []Point {
		out := make([]Point, len(vs))
		for i, v := range vs {
			out[i] = Point{float64(g.Years[i]), v}
		}
		return out
	}
	for i, a := range g.Areas {
		if areas := between(line(sums[i]), line(sums[i+1])); len(areas) > 0 {
			c.Add(Path{p.place(areas), true, Style{
				Class: a.Style.classes("fig-area"), Fill: a.Style.filled().Color, Tip: a.Label,
			}})
		}
	}
	for i := range g.Areas {
		if pieces := runs(line(sums[i+1])); len(pieces) > 0 && i < len(g.Areas)-1 {
			c.Add(Path{Subs: p.place(pieces), Style: Style{Class: "fig-mark", Stroke: ground, Width: 1}})
		}
	}
	for _, l := range g.Lines {
		if pieces := runs(line(l.Count)); len(pieces) > 0 {
			// A light bed keeps the dashes visible above dark areas.
			c.Add(Path{Subs: p.place(pieces), Style: Style{Class: "fig-bed", Stroke: ground, Width: 3.5, Opacity: 0.9}})
			c.Add(Path{Subs: p.place(pieces), Style: Style{
				Class: "fig-line fig-scenario", Stroke: ink, Width: 1.4, Dash: []float64{5, 4}, Tip: l.Label,
			}})
		}
	}
}

// yearAxis labels as many years as fit, at a distance that meets both ends if
// there is one.
func (c *canvas) yearAxis(p plot, years []int) {
	first, end := years[0], years[len(years)-1]
	every := 0
	for _, n := range []int{1, 2, 5, 10, 20, 50, 100} {
		if p.w/float64(end-first)*float64(n) < c.width(c.tick, "2050")+14 {
			continue
		}
		if every == 0 || (end-first)%every != 0 && (end-first)%n == 0 {
			every = n
		}
	}
	every = max(every, 1)
	for year := (first + every - 1) / every * every; year <= end; year += every {
		x := p.px(float64(year))
		c.Add(Line{x, p.y + p.h, x, p.y + p.h + 5, Style{Class: "fig-rule", Stroke: rule, Width: 1}})
		c.text(c.tick, x, p.y+p.h+8+c.tick.size, Middle, strconv.Itoa(year))
	}
}

// join puts a unit behind a name.
func join(name, unit string) string {
	if name == "" {
		return unit
	}
	return name + ", " + unit
}
