package figure

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Tradeoff sets what the energy costs against a peak of power: a panel per peak, a
// mark per way to charge, a line through the marks of a variant from the least free
// way to the freest, which has the variant's number. Groups stand below each other on
// the same axes.
type Tradeoff struct {
	Frame
	Peaks  []string // titles of the panels, at least one
	Groups []TradeoffGroup
	More   Table // further columns of the table, a row per case
}

// A TradeoffGroup is a contract.
type TradeoffGroup struct {
	Label    string
	Variants []TradeoffVariant // at least one
}

// A TradeoffVariant is a line. The same variant has the same label in every group.
type TradeoffVariant struct {
	Label string
	Cases []TradeoffCase // from the least free way to charge to the freest, at least one
}

// A TradeoffCase is a mark in every panel.
type TradeoffCase struct {
	Label   string
	Mode    string    // regular, smart, v2h or v2g
	CostEUR float64   // EUR per home per year
	PeakKW  []float64 // kW per home, one per panel
}

// tradeoffMark is a case in the panels.
type tradeoffMark struct {
	TradeoffCase
	group, variant string
	number         int // of the variant
	row            int
	freest         bool // of its variant
}

// Scene lays the chart out. It fails if a group or a variant is empty, if a case has
// not one peak per panel, or if a value is not a number.
func (k Tradeoff) Scene() (*Scene, error) {
	groups, names, err := k.marks()
	if err != nil {
		return nil, err
	}
	c, y, err := begin(k.Frame, "Tradeoff")
	if err != nil {
		return nil, err
	}
	l := tradeoffLayout{canvas: c, Tradeoff: k}
	y = l.key(y, slices.Concat(groups...), names)

	columns, height, gap := len(k.Peaks), 270.0, 20.0
	if c.narrow {
		columns, height = 1, 230
	}
	l.axes(slices.Concat(groups...), height)
	w := (c.W - 2*c.margin - l.y.gutter - gap*float64(columns-1) - 4) / float64(columns)
	for i, group := range groups {
		if i > 0 {
			y += 12
		}
		if len(groups) > 1 {
			y = l.block(l.title, l.margin, y, c.W-2*c.margin, 1, k.Groups[i].Label) + 4
		}
		for from := 0; from < len(k.Peaks); from += columns {
			row := k.Peaks[from:min(from+columns, len(k.Peaks))]
			y = l.row(plot{x: c.margin + l.y.gutter, y: y, w: w, h: height}, gap, row, from, group)
		}
	}
	c.Cursor = CursorCell
	var desc []string
	for _, m := range slices.Concat(groups...) {
		var peaks []string
		for i, kw := range m.PeakKW {
			peaks = append(peaks, fmt.Sprintf("%s %s kW", k.Peaks[i], c.words.number(kw, 2)))
		}
		desc = append(desc, fmt.Sprintf("%s: %s EUR, %s", m.name(), c.words.number(m.CostEUR, 0), strings.Join(peaks, ", ")))
	}
	return c.end(y, desc), nil
}

// marks numbers the variants by their names and checks the values.
func (k Tradeoff) marks() (groups [][]tradeoffMark, names []string, err error) {
	if len(k.Peaks) == 0 || len(k.Groups) == 0 {
		return nil, nil, fmt.Errorf("figure: Tradeoff.Peaks or Groups: empty")
	}
	rows := 0
	for g, group := range k.Groups {
		if len(group.Variants) == 0 {
			return nil, nil, fmt.Errorf("figure: Tradeoff.Groups[%d].Variants: empty", g)
		}
		var marks []tradeoffMark
		for v, variant := range group.Variants {
			if len(variant.Cases) == 0 {
				return nil, nil, fmt.Errorf("figure: Tradeoff.Groups[%d].Variants[%d].Cases: empty", g, v)
			}
			n := slices.Index(names, variant.Label)
			if n < 0 {
				n, names = len(names), append(names, variant.Label)
			}
			for i, one := range variant.Cases {
				field := fmt.Sprintf("Tradeoff.Groups[%d].Variants[%d].Cases[%d]", g, v, i)
				if len(one.PeakKW) != len(k.Peaks) {
					return nil, nil, fmt.Errorf("figure: %s.PeakKW: %d values for %d panels", field, len(one.PeakKW), len(k.Peaks))
				}
				if !finite(one.CostEUR) || !finite(one.PeakKW...) {
					return nil, nil, fmt.Errorf("figure: %s: not a number", field)
				}
				marks = append(marks, tradeoffMark{one, group.Label, variant.Label, n + 1, rows, i == len(variant.Cases)-1})
				rows++
			}
		}
		groups = append(groups, marks)
	}
	return groups, names, nil
}

// name says which case a mark is.
func (m *tradeoffMark) name() string { return named(named(m.variant, m.group), m.Label) }

type tradeoffLayout struct {
	*canvas
	Tradeoff
	y            powerAxis
	money, power axisRange
}

// key writes what the marks and the numbers stand for, and fills the table.
func (l *tradeoffLayout) key(y float64, marks []tradeoffMark, names []string) float64 {
	x, leading := l.margin, l.label.size*1.6
	right := l.W - l.margin
	y += leading / 2
	var seen []string
	for _, m := range marks {
		if slices.Contains(seen, m.Label) {
			continue
		}
		seen = append(seen, m.Label)
		w := 20 + l.width(l.label, m.Label)
		if x > l.margin && x+w > right {
			x, y = l.margin, y+leading
		}
		l.symbol(m.Mode, x+6, y)
		l.middle(l.label.in(ModeStyle(m.Mode)), x+18, y, Start, m.Label)
		x += w + 16
	}
	x, y = l.margin, y+leading
	for i, name := range names {
		number := strconv.Itoa(i + 1)
		indent := l.width(l.label, number) + 6
		lines := wrap(name, l.value.size, false, right-l.margin-indent)
		w := indent + l.widest(l.value, lines...)
		if x > l.margin && x+w > right {
			x, y = l.margin, y+leading
		}
		l.middle(l.label, x, y, Start, number)
		for j, line := range lines {
			if j > 0 {
				y += l.value.size * 1.25
			}
			l.middle(l.value, x+indent, y, Start, line)
		}
		x += w + 18
	}
	l.Table = Table{{Label: l.words.contract}, {Label: l.words.variant}, {Label: l.words.mode}, {Label: l.words.cost, Unit: l.words.costUnit, Decimals: 2}}
	for _, peak := range l.Peaks {
		l.Table = append(l.Table, Column{Label: peak, Unit: l.words.power, Decimals: 3})
	}
	for _, m := range marks {
		for i, text := range []string{m.group, m.variant, m.Label} {
			l.Table[i].Text = append(l.Table[i].Text, text)
		}
		for i, v := range append([]float64{m.CostEUR}, m.PeakKW...) {
			l.Table[3+i].Values = append(l.Table[3+i].Values, v)
		}
	}
	l.Table = append(l.Table, l.More...)
	return y + leading/2 + 12
}

// axes finds the ranges that all panels share: power from 0, money where it is, and
// room for marks and numbers at the ends.
func (l *tradeoffLayout) axes(marks []tradeoffMark, height float64) {
	lo, hi := math.Inf(1), math.Inf(-1)
	least, most := 0.0, 0.0
	for _, m := range marks {
		lo, hi = min(lo, m.CostEUR), max(hi, m.CostEUR)
		least, most = min(least, slices.Min(m.PeakKW)), max(most, slices.Max(m.PeakKW))
	}
	if least == most {
		most = 1
	}
	room := max((hi-lo)*0.09, 10)
	l.money = axisWithin(lo-room, hi+room, 4)
	l.power = axisWithin(least, most*1.1, int(height/40))
	var labels []string
	for _, v := range l.power.at {
		labels = append(labels, l.words.number(v, l.power.decimals))
	}
	l.y = powerAxis{at: l.power.at, labels: labels, gutter: l.widest(l.tick, labels...) + 8}
}

// An axisRange runs from one value to another, with ticks inside.
type axisRange struct {
	lo, hi   float64
	at       []float64
	decimals int
}

func axisWithin(lo, hi float64, target int) axisRange {
	at, decimals := ticks(lo, hi, target)
	at = slices.DeleteFunc(at, func(v float64) bool { return v < lo || v > hi })
	return axisRange{lo, hi, at, decimals}
}

// row draws panels beside each other and returns the y below them.
func (l *tradeoffLayout) row(p plot, gap float64, titles []string, first int, marks []tradeoffMark) float64 {
	p.y = l.block(l.axis, l.margin, p.y, l.W-2*l.margin, 1, l.words.power) + 2
	p.y += l.heading.size*1.25*float64(tallest(l.heading, p.w, titles...)) + 4
	p.xlo, p.xhi, p.bottom, p.high = l.money.lo, l.money.hi, l.power.lo, l.power.hi
	below := p.y + p.h
	for i, title := range titles {
		top := p.y - l.heading.size*1.25*float64(len(wrap(title, l.heading.size, true, p.w))) - 4
		l.block(l.heading, p.x, top, p.w, 1, title)
		l.drawPowerAxis(p, l.y, i == 0)
		below = l.moneyAxis(p)
		l.panel(p, first+i, marks)
		p.x += p.w + gap
	}
	return below
}

// moneyAxis draws the axis of money below a panel.
func (l *tradeoffLayout) moneyAxis(p plot) float64 {
	right := p.x - 12 // end of the last label
	for _, v := range l.money.at {
		x, s := p.px(v), l.words.number(v, l.money.decimals)
		l.Add(Line{x, p.y, x, p.y + p.h, Style{Class: "fig-grid", Stroke: hair, Width: 1}})
		if half := l.width(l.tick, s) / 2; x-half >= right && x+half <= p.x+p.w+2 {
			l.text(l.tick, x, p.y+p.h+6+l.tick.size, Middle, s)
			right = x + half + 8
		}
	}
	l.Add(Line{p.x, p.y + p.h, p.x + p.w, p.y + p.h, Style{Class: "fig-rule", Stroke: rule, Width: 1}})
	y := p.y + p.h + 6 + l.tick.size + 4
	return l.block(l.axis, p.x, y, p.w, 1, "← "+l.words.cheaper+" · "+l.words.costUnit) + 8
}

// panel draws one peak: lines, marks on them, and the variants' numbers.
func (l *tradeoffLayout) panel(p plot, peak int, marks []tradeoffMark) {
	at := func(m tradeoffMark) Point { return Point{p.px(m.CostEUR), p.py(m.PeakKW[peak])} }
	if p.bottom < 0 {
		l.zeroLine(p)
	}
	var line []Point
	for _, m := range marks {
		line = append(line, at(m))
		if m.freest {
			if len(line) > 1 {
				l.Add(Path{Subs: [][]Point{line}, Style: Style{Class: "fig-rule", Stroke: rule, Width: 1.2}})
			}
			line = nil
		}
	}
	// The freest way last, above the others.
	order := slices.Clone(marks)
	slices.SortStableFunc(order, func(a, b tradeoffMark) int { return cmp.Compare(modeOrder(a.Mode), modeOrder(b.Mode)) })
	for _, m := range order {
		q := at(m)
		l.symbol(m.Mode, q.X, q.Y)
		l.Marks = append(l.Marks, Mark{
			X: q.X - 7, Y: q.Y - 7, W: 14, H: 14, N: 1, Row: m.row, Title: m.name(),
			Readings: []Reading{{Label: l.words.cost, Column: 3}, {Label: l.Peaks[peak], Column: 4 + peak}},
		})
	}
	l.numbers(p, at, marks)
}

func modeOrder(mode string) int { return slices.Index([]string{Regular, Smart, V2H, V2G}, mode) }

// symbol draws a mark: a shape for each way to charge, besides its colour.
func (c *canvas) symbol(mode string, x, y float64) {
	look := ModeStyle(mode)
	full := Style{Class: look.classes("fig-dot"), Fill: look.filled().Color}
	switch mode {
	case Regular:
		c.Add(Circle{x, y, 4.5, Style{Class: "fig-ground", Fill: ground}}, Circle{x, y, 4.5, Style{Class: look.classes("fig-line"), Stroke: look.filled().Color, Width: 2}})
	case Smart:
		c.Add(Rect{x - 4, y - 4, 8, 8, full})
	case V2H:
		c.Add(Path{Subs: [][]Point{{{x, y - 5.5}, {x + 5.5, y}, {x, y + 5.5}, {x - 5.5, y}}}, Closed: true, Style: full})
	default:
		c.Add(Circle{x, y, 5, full})
	}
}

// numbers writes the variants' numbers at their freest way to charge, those at one
// place together, each where no other text is and, if there is room, no mark.
func (l *tradeoffLayout) numbers(p plot, at func(tradeoffMark) Point, marks []tradeoffMark) {
	type tag struct {
		at   Point
		text string
	}
	var tags []tag
	var dots []box4
	for _, m := range marks {
		q := at(m)
		dots = append(dots, box4{q.X - 6, q.Y - 6, q.X + 6, q.Y + 6})
		if !m.freest {
			continue
		}
		near := func(t tag) bool { return math.Hypot(t.at.X-q.X, t.at.Y-q.Y) < 3 }
		if i := slices.IndexFunc(tags, near); i >= 0 {
			tags[i].text += ", " + strconv.Itoa(m.number)
		} else {
			tags = append(tags, tag{q, strconv.Itoa(m.number)})
		}
	}
	var taken []box4
	for _, t := range tags {
		w, h := l.width(l.label, t.text)+4, l.label.size+2
		free := func(b box4, dotsToo bool) bool {
			return b.x0 >= p.x && b.x1 <= p.x+p.w && b.y0 >= p.y && b.y1 <= p.y+p.h &&
				!slices.ContainsFunc(taken, b.meets) && !(dotsToo && slices.ContainsFunc(dots, b.meets))
		}
		place, ok := around(t.at, w, h, func(b box4) bool { return free(b, true) })
		if !ok {
			if place, ok = around(t.at, w, h, func(b box4) bool { return free(b, false) }); !ok {
				continue // more numbers than the panel holds; the table has them
			}
		}
		taken = append(taken, place)
		middle := Point{(place.x0 + place.x1) / 2, (place.y0 + place.y1) / 2}
		// A number that had to go further keeps a line to its mark.
		if dx, dy := middle.X-t.at.X, middle.Y-t.at.Y; math.Abs(dx) > w/2+8 || math.Abs(dy) > h/2+8 {
			l.Add(Line{t.at.X, t.at.Y, min(max(t.at.X, place.x0), place.x1), min(max(t.at.Y, place.y0), place.y1), Style{Class: "fig-rule", Stroke: rule, Width: 1}})
		}
		l.over(l.label, middle.X, middle.Y, Middle, t.text)
	}
}

// around finds the nearest place for a box round a point that is free.
func around(q Point, w, h float64, free func(box4) bool) (box4, bool) {
	for gap := 6.0; gap < 200; gap += 4 {
		for _, d := range []Point{{0, -1}, {-1, 0}, {0, 1}, {1, 0}, {-1, -1}, {1, -1}, {-1, 1}, {1, 1}} {
			x, y := q.X+d.X*(gap+w/2), q.Y+d.Y*(gap+h/2)
			if b := (box4{x - w/2, y - h/2, x + w/2, y + h/2}); free(b) {
				return b, true
			}
		}
	}
	return box4{}, false
}
