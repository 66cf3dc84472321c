package figure

import (
	"fmt"
	"math"
)

// Contracts compares contracts and ways to charge: left what the energy costs,
// right the mean power in the evening (below each other if Narrow), a row per
// case, every value printed.
type Contracts struct {
	Frame
	Contracts []Contract // at least one
	More      Table      // further columns of the table, a row per case
}

// A Contract is a group of rows.
type Contract struct {
	Label string
	Modes []ContractMode // at least one
}

// A ContractMode is one case.
type ContractMode struct {
	Label     string
	Style     LineStyle
	CostEUR   float64 // EUR per home per year, negative: earned; NaN: missing
	EveningKW float64 // mean kW per home from 17 to 21 h, positive charging, negative feeding in; NaN: missing
}

// Scene lays the chart out. It fails if a contract has no modes, or if a value
// is infinite.
func (k Contracts) Scene() (*Scene, error) {
	if len(k.Contracts) == 0 {
		return nil, fmt.Errorf("figure: Contracts.Contracts: empty")
	}
	var cost, kw []float64
	for i, contract := range k.Contracts {
		if len(contract.Modes) == 0 {
			return nil, fmt.Errorf("figure: Contracts.Contracts[%d].Modes: empty", i)
		}
		for j, mode := range contract.Modes {
			field := fmt.Sprintf("Contracts.Contracts[%d].Modes[%d]", i, j)
			if math.IsInf(mode.CostEUR, 0) {
				return nil, fmt.Errorf("figure: %s.CostEUR is infinite", field)
			}
			if math.IsInf(mode.EveningKW, 0) {
				return nil, fmt.Errorf("figure: %s.EveningKW is infinite", field)
			}
			cost, kw = append(cost, mode.CostEUR), append(kw, mode.EveningKW)
		}
	}
	c, y, err := begin(k.Frame, "Contracts")
	if err != nil {
		return nil, err
	}
	l := contractLayout{canvas: c, contracts: k.Contracts}
	for _, contract := range k.Contracts {
		for _, mode := range contract.Modes {
			l.names = max(l.names, c.width(c.label, mode.Label)+12)
		}
	}
	panels := [2]contractPanel{
		{c.words.cost, c.words.costUnit, cost, 0, false},
		{c.words.meanPower + " " + c.words.evening, c.words.power, kw, 2, true},
	}
	for _, p := range panels {
		l.titles, l.units = append(l.titles, p.title), append(l.units, p.unit)
	}
	c.Table, c.Cursor = Table{
		{Label: c.words.contract},
		{Label: c.words.mode},
		{Label: panels[0].title, Unit: panels[0].unit, Decimals: 2, Values: cost},
		{Label: panels[1].title, Unit: panels[1].unit, Decimals: 3, Power: true, Values: kw},
	}, CursorRow
	for _, contract := range k.Contracts {
		for _, mode := range contract.Modes {
			c.Table[0].Text, c.Table[1].Text = append(c.Table[0].Text, contract.Label), append(c.Table[1].Text, mode.Label)
		}
	}
	c.Table = append(c.Table, k.More...)
	if c.narrow {
		for _, p := range panels {
			if y, err = l.panel(p, y, c.margin+l.names, c.W-c.margin, true); err != nil {
				return nil, err
			}
			y += 18
		}
		y -= 18
	} else {
		gap := 44.0
		w := (c.W - 2*c.margin - l.names - gap) / 2
		left := c.margin + l.names
		var bottom [2]float64
		for i, p := range panels {
			if bottom[i], err = l.panel(p, y, left, left+w, i == 0); err != nil {
				return nil, err
			}
			left += w + gap
		}
		y = max(bottom[0], bottom[1])
	}
	var desc []string
	for _, contract := range k.Contracts {
		for _, mode := range contract.Modes {
			desc = append(desc, fmt.Sprintf("%s, %s: %s EUR, %s kW", contract.Label, mode.Label,
				l.print(mode.CostEUR, 0, false), l.print(mode.EveningKW, 2, true)))
		}
	}
	return c.end(y, desc), nil
}

type contractLayout struct {
	*canvas
	contracts []Contract
	names     float64 // px of the column of names
	titles    []string
	units     []string
}

type contractPanel struct {
	title, unit string
	values      []float64
	decimals    int
	power       bool // signs said in words, dots instead of bars
}

// print writes a value, or a dash for a missing one.
func (l *contractLayout) print(v float64, decimals int, signed bool) string {
	switch {
	case math.IsNaN(v):
		return "–"
	case signed:
		return l.words.signed(v, decimals)
	}
	return l.words.number(v, decimals)
}

// Heights of a row and of the heading of a group, in px.
const (
	contractRow   = 25
	contractGroup = 30
)

// panel draws one panel between x0 and x1 and returns the y below it.
func (l *contractLayout) panel(k contractPanel, y, x0, x1 float64, labelled bool) (float64, error) {
	head := x0
	if l.narrow {
		head = l.margin
	}
	titles, units := []string{k.title}, []string{k.unit}
	if !l.narrow {
		titles, units = l.titles, l.units
	}
	y = l.block(l.heading, head, y, x1-head, tallest(l.heading, x1-head, titles...), k.title)
	y = math.Round(l.block(l.axis, head, y+1, x1-head, tallest(l.axis, x1-head, units...), k.unit) + 4)

	marks := []rowMark{{v: 0}}
	lo, hi := 0.0, 0.0
	for _, v := range k.values {
		if math.IsNaN(v) {
			continue
		}
		w := l.width(l.value, l.print(v, k.decimals, k.power)) + 12
		if v < 0 {
			marks = append(marks, rowMark{v: v, left: w})
		} else {
			marks = append(marks, rowMark{v: v, right: w})
		}
		lo, hi = min(lo, v), max(hi, v)
	}
	p, ok := fitRows(marks, x0, x1)
	if !ok {
		return 0, fmt.Errorf("figure: Contracts.Width: no room for the rows in %g px", l.W)
	}
	p.y = y
	var groups [][2]float64
	for _, contract := range l.contracts {
		top := y + p.h + contractGroup - 2
		p.h += contractGroup + contractRow*float64(len(contract.Modes))
		groups = append(groups, [2]float64{top, y + p.h + 2})
	}
	if lo == hi {
		hi = 1
	}
	print := l.words.number
	if k.power {
		print = l.words.signed
	}
	l.drawRowAxis(p, groups, lo, hi, print)
	i := 0
	for _, contract := range l.contracts {
		if labelled {
			l.text(l.heading, l.margin, y+contractGroup-9, Start, contract.Label)
		}
		y += contractGroup
		for _, mode := range contract.Modes {
			if labelled {
				l.middle(l.label.in(mode.Style), l.margin, y+contractRow/2, Start, mode.Label)
			}
			l.row(p, k, mode.Style, k.values[i], y+contractRow/2)
			l.Marks = append(l.Marks, Mark{
				X: x0 - l.names, Y: y, W: x1 - x0 + l.names, H: contractRow, N: 1, Row: i, Title: named(contract.Label, mode.Label),
				Readings: []Reading{{Label: l.Table[2].Label, Column: 2}, {Label: l.Table[3].Label, Column: 3}},
			})
			y += contractRow
			i++
		}
	}
	y += 8 + l.tick.size
	if k.power {
		y = l.directions(p, lo, hi, y+6)
	}
	return y, nil
}

// row draws one value: a bar, or a stem with a dot for power.
func (l *contractLayout) row(p plot, k contractPanel, style LineStyle, v, y float64) {
	s := l.print(v, k.decimals, k.power)
	if math.IsNaN(v) {
		l.over(l.value, p.px(0)+8, y, Start, s)
		return
	}
	st, x := style.filled(), p.px(v)
	if k.power {
		l.Add(
			Line{p.px(0), y, x, y, Style{Class: style.classes("fig-bar"), Stroke: st.Color, Width: 2.5}},
			Circle{x, y, 5, Style{Class: style.classes("fig-dot"), Fill: st.Color}},
		)
	} else {
		l.Add(Rect{min(x, p.px(0)), y - 7, math.Abs(x - p.px(0)), 14, Style{Class: style.classes("fig-bar"), Fill: st.Color}})
	}
	if v < 0 {
		l.over(l.value, x-9, y, End, s)
	} else {
		l.over(l.value, x+9, y, Start, s)
	}
}

// directions says under the axis what either side of zero means.
func (l *contractLayout) directions(p plot, lo, hi, y float64) float64 {
	charging, feedingIn := l.directionRoles()
	right, left := l.words.charging+" →", "← "+l.words.discharging
	zero := p.px(0)
	// Near an edge the words move in, as far as they need to.
	rightAt := min(zero+8, p.x+p.w-l.width(charging, right))
	leftAt := max(zero-8, p.x+l.width(feedingIn, left))
	if lo < 0 && hi > 0 && rightAt < leftAt+8 {
		// Not enough room side by side: the ends of the panel.
		rightAt, leftAt = p.x+p.w-l.width(charging, right), p.x+l.width(feedingIn, left)
	}
	if hi > 0 {
		l.text(charging, rightAt, y+charging.size, Start, right)
	}
	if lo < 0 {
		l.text(feedingIn, leftAt, y+feedingIn.size, End, left)
	}
	return y + charging.size + 4
}
