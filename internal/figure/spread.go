package figure

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// Spread shows how far homes differ: per case a line from the 5th to the 95th
// percentile with a dot at the median, the values printed. Panels stand side by
// side (below each other if Narrow), each with its own unit.
type Spread struct {
	Frame
	Cases  []SpreadCase  // the rows; at least one
	Panels []SpreadPanel // at least one
	Foot   string        // how to read a line; empty: as of homes
}

// A SpreadCase is a row.
type SpreadCase struct {
	Label string
	Style LineStyle
}

// A SpreadPanel is one quantity.
type SpreadPanel struct {
	Title    string       // such as "Discharged"
	Unit     string       // such as "kWh per home per year"
	Decimals int          // of the printed values
	Values   []Percentile // one per case
	Homes    [][]float64  // per case the value of every home, drawn as strokes; may be empty
}

// A Percentile is the spread of a quantity over homes or draws. A missing one
// has NaN.
type Percentile struct {
	P5, P50, P95 float64
}

// check wants P5 <= P50 <= P95 where there are values.
func (q Percentile) check(field string) error {
	for _, v := range [3]float64{q.P5, q.P50, q.P95} {
		if math.IsInf(v, 0) {
			return fmt.Errorf("figure: %s is infinite", field)
		}
	}
	if q.P5 > q.P50 || q.P50 > q.P95 || q.P5 > q.P95 {
		return fmt.Errorf("figure: %s: percentiles %g, %g, %g are not in order", field, q.P5, q.P50, q.P95)
	}
	return nil
}

func (q Percentile) three() [3]float64 { return [3]float64{q.P5, q.P50, q.P95} }

// whole tells whether nothing is missing.
func (q Percentile) whole() bool { return finite(q.P5, q.P50, q.P95) }

// Scene lays the chart out. It fails if there is no case or panel, if a panel
// does not have one value per case, or if percentiles are out of order.
func (s Spread) Scene() (*Scene, error) {
	if len(s.Cases) == 0 {
		return nil, fmt.Errorf("figure: Spread.Cases: empty")
	}
	if len(s.Panels) == 0 {
		return nil, fmt.Errorf("figure: Spread.Panels: empty")
	}
	for i, p := range s.Panels {
		if len(p.Values) != len(s.Cases) {
			return nil, fmt.Errorf("figure: Spread.Panels[%d].Values: %d values for %d cases", i, len(p.Values), len(s.Cases))
		}
		if p.Decimals < 0 || p.Decimals > 6 {
			return nil, fmt.Errorf("figure: Spread.Panels[%d].Decimals: %d", i, p.Decimals)
		}
		if len(p.Homes) > 0 && len(p.Homes) != len(s.Cases) {
			return nil, fmt.Errorf("figure: Spread.Panels[%d].Homes: %d lists for %d cases", i, len(p.Homes), len(s.Cases))
		}
		for j, homes := range p.Homes {
			if _, _, _, err := values(fmt.Sprintf("Spread.Panels[%d].Homes[%d]", i, j), homes); err != nil {
				return nil, err
			}
		}
		for j, q := range p.Values {
			if err := q.check(fmt.Sprintf("Spread.Panels[%d].Values[%d]", i, j)); err != nil {
				return nil, err
			}
		}
	}
	c, y, err := begin(s.Frame, "Spread")
	if err != nil {
		return nil, err
	}
	c.Table, c.Cursor = s.table(c.words), CursorRow
	names := 0.0
	most := c.W * 0.3
	for _, k := range s.Cases {
		names = max(names, c.widest(c.label, wrap(k.Label, c.label.size, true, most)...)+14)
	}
	const gap = 36
	w := (c.W - 2*c.margin - names - gap*float64(len(s.Panels)-1)) / float64(len(s.Panels))
	bottom := y
	for i := range s.Panels {
		x0 := c.margin + names + float64(i)*(w+gap)
		x1 := x0 + w
		if c.narrow {
			x0, x1, y = c.margin+names, c.W-c.margin, bottom
		}
		below, err := c.spreadPanel(s, i, y, x0, x1, most)
		if err != nil {
			return nil, err
		}
		bottom = max(bottom, below)
		if c.narrow && i < len(s.Panels)-1 {
			bottom += 18
		}
	}
	bottom = c.lines(c.foot, bottom+12, 1.4, cmp.Or(s.Foot, c.words.spread))
	return c.end(bottom, c.describeSpread(s)), nil
}

// table has a row per case and three columns per panel.
func (s Spread) table(w words) Table {
	out := Table{{Label: w.mode}}
	for _, k := range s.Cases {
		out[0].Text = append(out[0].Text, k.Label)
	}
	for _, panel := range s.Panels {
		for j, part := range []string{w.low, w.middle, w.high} {
			column := Column{Label: named(panel.Title, part), Unit: panel.Unit, Decimals: panel.Decimals}
			for _, q := range panel.Values {
				column.Values = append(column.Values, q.three()[j])
			}
			out = append(out, column)
		}
	}
	return out
}

// spreadRow is the height of a row in px: values stand above the line.
const spreadRow = 44

func (c *canvas) spreadPanel(s Spread, at int, y, x0, x1, most float64) (float64, error) {
	panel, head, labelled := s.Panels[at], x0, c.narrow || at == 0
	if c.narrow {
		head = c.margin
	}
	titles, units := []string{panel.Title}, []string{panel.Unit}
	if !c.narrow {
		// Neighbours start their rows level.
		for _, other := range s.Panels {
			titles, units = append(titles, other.Title), append(units, other.Unit)
		}
	}
	y = c.block(c.heading, head, y, x1-head, tallest(c.heading, x1-head, titles...), panel.Title)
	y = math.Round(c.block(c.axis, head, y+1, x1-head, tallest(c.axis, x1-head, units...), panel.Unit) + 4)

	print := func(v float64) string { return c.words.number(v, panel.Decimals) }
	bold := c.value
	bold.bold = true
	// Zero belongs to the axis: most of these quantities are amounts.
	marks := []rowMark{{v: 0}}
	lo, hi := 0.0, 0.0
	for k, q := range panel.Values {
		if !q.whole() {
			continue
		}
		if len(panel.Homes) > 0 && len(panel.Homes[k]) > 0 {
			least, most := slices.Min(panel.Homes[k]), slices.Max(panel.Homes[k])
			marks = append(marks, rowMark{v: least}, rowMark{v: most})
			lo, hi = min(lo, least), max(hi, most)
		}
		half := c.width(bold, print(q.P50))/2 + 2
		marks = append(marks,
			rowMark{v: q.P5, left: c.width(c.tick, print(q.P5)) + 9},
			rowMark{v: q.P50, left: half, right: half},
			rowMark{v: q.P95, right: c.width(c.tick, print(q.P95)) + 9})
		lo, hi = min(lo, q.P5), max(hi, q.P95)
	}
	p, ok := fitRows(marks, x0, x1)
	if !ok {
		return 0, fmt.Errorf("figure: Spread.Width: no room for the values in %g px", c.W)
	}
	if lo == hi {
		hi = 1
	}
	p.y, p.h = y, spreadRow*float64(len(s.Cases))+4
	c.drawRowAxis(p, [][2]float64{{p.y, p.y + p.h}}, lo, hi, c.words.number)
	first := 1 + 3*at
	for i, k := range s.Cases {
		c.Marks = append(c.Marks, Mark{
			X: x0, Y: y + spreadRow*float64(i), W: x1 - x0, H: spreadRow, N: 1, Row: i, Title: named(k.Label, panel.Title),
			Readings: []Reading{{Label: "p95", Column: first + 2}, {Label: "p50", Column: first + 1}, {Label: "p5", Column: first}},
		})
		at := y + spreadRow*float64(i) + spreadRow*0.62
		if labelled {
			lines := wrap(k.Label, c.label.size, true, most)
			for j, line := range lines {
				offset := (float64(j) - float64(len(lines)-1)/2) * c.label.size * 1.2
				c.middle(c.label.in(k.Style), c.margin, at+offset, Start, line)
			}
		}
		q := panel.Values[i]
		if !q.whole() {
			c.over(c.value, p.px(0)+8, at, Start, "–")
			continue
		}
		st := k.Style.filled()
		if len(panel.Homes) > 0 {
			var strokes [][]Point
			for _, v := range panel.Homes[i] {
				strokes = append(strokes, []Point{{p.px(v), at - 6}, {p.px(v), at + 6}})
			}
			c.Add(Path{Subs: strokes, Style: Style{Class: k.Style.classes("fig-home"), Stroke: st.Color, Width: 1, Opacity: 0.25}})
		}
		c.Add(
			Line{p.px(q.P5), at, p.px(q.P95), at, Style{Class: k.Style.classes("fig-bar"), Stroke: st.Color, Width: 3}},
			Line{p.px(q.P5), at - 5, p.px(q.P5), at + 5, Style{Class: k.Style.classes("fig-bar"), Stroke: st.Color, Width: 1.5}},
			Line{p.px(q.P95), at - 5, p.px(q.P95), at + 5, Style{Class: k.Style.classes("fig-bar"), Stroke: st.Color, Width: 1.5}},
			Circle{p.px(q.P50), at, 5.5, Style{Class: k.Style.classes("fig-dot"), Fill: st.Color, Stroke: ground, Width: 1.5}},
		)
		c.over(bold, p.px(q.P50), at-14, Middle, print(q.P50))
		if print(q.P5) == print(q.P95) { // one value for all
			continue
		}
		c.over(c.tick, p.px(q.P5)-6, at, End, print(q.P5))
		c.over(c.tick, p.px(q.P95)+6, at, Start, print(q.P95))
	}
	return p.y + p.h + 10 + c.tick.size, nil
}

// describeSpread says the values in words.
func (c *canvas) describeSpread(s Spread) []string {
	var out []string
	for _, panel := range s.Panels {
		for i, q := range panel.Values {
			if !q.whole() {
				continue
			}
			out = append(out, fmt.Sprintf("%s, %s: %s (%s … %s) %s", panel.Title, s.Cases[i].Label,
				c.words.number(q.P50, panel.Decimals), c.words.number(q.P5, panel.Decimals),
				c.words.number(q.P95, panel.Decimals), panel.Unit))
		}
	}
	return out
}
