package figure

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// A Heatmap shows mean power by month (rows) and quarter of the day (columns):
// red charging, blue feeding in, light at 0. Several panels stand below each
// other, hour under hour, and share one scale.
type Heatmap struct {
	Frame
	Panels   []HeatPanel // at least one
	Of       string      // what several panels are, such as "Contract"
	Tooltips bool        // a tooltip on every cell ("Jan 17:15: −0.93 kW"); SVG about 5 times larger
}

// A HeatPanel is one table of mean power.
type HeatPanel struct {
	Label string          // above the table, such as a contract; may be empty
	KW    [12][96]float64 // kW per home by month from January and local quarter of the day; NaN: missing
}

// Scene lays the chart out. It fails if there is no panel, if no cell has a
// value or if one is infinite.
func (h Heatmap) Scene() (*Scene, error) {
	limit, err := h.limit()
	if err != nil {
		return nil, err
	}
	c, y, err := begin(h.Frame, "Heatmap")
	if err != nil {
		return nil, err
	}
	m := heatLayout{canvas: c, limit: limit, tooltips: h.Tooltips && !h.Bare}
	for i := range m.colours {
		m.colours[i] = Diverging(float64(i-colourSteps) / colourSteps)
	}
	m.rowHeight = 28
	if c.narrow {
		m.rowHeight = 22
	}
	if len(h.Panels) > 1 {
		m.rowHeight = 15
	}
	left := c.margin + c.widest(c.tick, c.words.shortMonths...) + 8
	// The scale stands right of the tables, on a phone below them.
	m.scaleTicks()
	right := c.W - c.margin
	if c.narrow {
		right -= max(0, c.width(c.tick, "24")/2-c.margin)
	} else {
		right -= 28 + m.scaleWidth()
	}
	left = math.Ceil(left)
	m.plot = plot{x: left, w: math.Floor(right - left), h: 12 * m.rowHeight, xhi: 24, high: 0, bottom: 12}
	y = math.Ceil(y + c.axis.size + 4)
	top := y
	c.Table, c.Cursor = h.table(c.words), CursorCell
	var desc []string
	for i, p := range h.Panels {
		if p.Label != "" {
			y = c.block(c.heading, m.x, y-4, m.w, 1, p.Label) + 4
			// A long label leaves a line to the name of the window.
			if i == 0 && m.x+c.width(c.heading, p.Label) > m.px(eveningFrom)-8 {
				y += c.axis.size + 4
			}
		}
		y = math.Ceil(y)
		m.y = y
		m.panel(p, i == 0)
		m.read(i, h.Panels)
		desc = append(desc, m.describe(p))
		y += m.h
		if i < len(h.Panels)-1 {
			y += 14
		}
	}
	m.drawHours(m.plot, DayPanel{}.times())
	y += 12 + c.tick.size
	c.text(c.axis, m.x+m.w/2, y+c.axis.size+4, Middle, c.words.localTime)
	y += c.axis.size + 6
	if c.narrow {
		y = m.scaleBelow(y + 12)
	} else {
		m.scaleBeside(m.x+m.w+28, top, min(m.y+m.h-top, 360))
	}
	return c.end(y, desc), nil
}

// table has a row per panel and quarter, a column per month.
func (h Heatmap) table(w words) Table {
	times := quarterNames(DayPanel{}.times())
	panel, time := Column{Label: h.Of}, Column{Label: w.time}
	months := make([]Column, 12)
	for i, p := range h.Panels {
		time.Text = append(time.Text, times...)
		panel.Text = append(panel.Text, slices.Repeat([]string{p.Label}, 96)...)
		for m := range months {
			months[m].Values = append(months[m].Values, h.Panels[i].KW[m][:]...)
		}
	}
	for m := range months {
		months[m].Label, months[m].Unit, months[m].Decimals, months[m].Power = w.shortMonths[m], w.power, 3, true
	}
	if len(h.Panels) == 1 {
		return append(Table{time}, months...)
	}
	return append(Table{panel, time}, months...)
}

// read marks the cells of panel i; what is read out is a moment in every panel.
func (m *heatLayout) read(i int, panels []HeatPanel) {
	for month := range 12 {
		mark := Mark{
			X: m.x, Y: m.y + float64(month)*m.rowHeight, W: m.w, H: m.rowHeight, N: 96,
			Row: 96 * i, Title: m.words.months[month], Named: true,
		}
		for k, p := range panels {
			mark.Readings = append(mark.Readings, Reading{Label: p.Label, Column: len(m.Table) - 12 + month, Row: 96 * (k - i)})
		}
		m.Marks = append(m.Marks, mark)
	}
}

// limit is the end of the scale in kW.
func (h Heatmap) limit() (float64, error) {
	if len(h.Panels) == 0 {
		return 0, fmt.Errorf("figure: Heatmap.Panels: empty")
	}
	count, most := 0, 0.0
	for i, p := range h.Panels {
		for m := range p.KW {
			n, lo, hi, err := values(fmt.Sprintf("Heatmap.Panels[%d].KW[%d]", i, m), p.KW[m][:])
			if err != nil {
				return 0, err
			}
			if count += n; n > 0 {
				most = max(most, -lo, hi)
			}
		}
	}
	switch {
	case count == 0:
		return 0, fmt.Errorf("figure: Heatmap.Panels: no value in any cell")
	case most == 0:
		return 1, nil
	}
	return ceilPretty(most), nil
}

type heatLayout struct {
	*canvas
	plot
	limit     float64
	rowHeight float64
	tooltips  bool
	colours   [2*colourSteps + 1]Color

	at     []float64 // ticks of the scale
	labels []string
}

// edge is where a quarter starts, on half pixels: no seams at twice the size.
func (m *heatLayout) edge(quarter int) float64 {
	return math.Round(2*(m.x+float64(quarter)*m.w/96)) / 2
}

// row is the box of n quarters of a month.
func (m *heatLayout) row(month, quarter, n int) Rect {
	x := m.edge(quarter)
	return Rect{X: x, Y: m.y + float64(month)*m.rowHeight, W: m.edge(quarter+n) - x, H: m.rowHeight}
}

// colourSteps is the number of colours on either side of zero.
const colourSteps = 64

// colour of a power.
func (m *heatLayout) colour(kw float64) Color {
	return m.colours[int(min(max(math.Round(kw/m.limit*colourSteps), -colourSteps), colourSteps))+colourSteps]
}

func (m *heatLayout) panel(p HeatPanel, first bool) {
	m.cells(p)
	m.missing(p)
	m.Add(Rect{m.x, m.y, m.w, m.h, Style{Class: "fig-rule", Stroke: hair, Width: 1}})
	window := m.row(0, 4*eveningFrom, 4*(eveningTo-eveningFrom))
	window.H, window.Style = m.h, Style{Class: "fig-mark", Stroke: soft, Width: 1.2}
	m.Add(window)
	if first {
		// Above the first panel, beside its label.
		m.text(m.axis, window.X+window.W/2, m.y-5, Middle, m.words.evening)
	}
	// Low rows have no room for every name.
	every := 1
	if m.rowHeight < m.tick.size*1.3 {
		every = 3
	}
	for month := 0; month < 12; month += every {
		m.middle(m.tick, m.x-8, m.y+(float64(month)+0.5)*m.rowHeight, End, m.words.shortMonths[month])
	}
	m.mark(p)
}

// cells paints the table: a rectangle per cell if it has a tooltip, one path
// per colour otherwise.
func (m *heatLayout) cells(p HeatPanel) {
	byColour := map[Color][][]Point{}
	for month, row := range p.KW {
		for q := 0; q < 96; {
			if math.IsNaN(row[q]) {
				q++
				continue
			}
			fill, n := m.colour(row[q]), 1
			if m.tooltips {
				tip := fmt.Sprintf("%s %s: %s kW", m.words.shortMonths[month], clock(q), m.words.number(row[q], 2))
				cell := m.row(month, q, 1)
				cell.Style = Style{Class: "fig-cell", Fill: fill, Crisp: true, Tip: tip}
				m.Add(cell)
				q++
				continue
			}
			for q+n < 96 && !math.IsNaN(row[q+n]) && m.colour(row[q+n]) == fill {
				n++
			}
			byColour[fill] = append(byColour[fill], m.row(month, q, n).corners())
			q += n
		}
	}
	colours := make([]Color, 0, len(byColour))
	for fill := range byColour {
		colours = append(colours, fill)
	}
	slices.Sort(colours)
	for _, fill := range colours {
		m.Add(Path{byColour[fill], true, Style{Class: "fig-cell", Fill: fill, Crisp: true}})
	}
}

// missing hatches the cells without a value.
func (m *heatLayout) missing(p HeatPanel) {
	var lines [][]Point
	for month, row := range p.KW {
		for q := 0; q < 96; {
			n := 0
			for q+n < 96 && math.IsNaN(row[q+n]) {
				n++
			}
			if n > 0 {
				lines = append(lines, hatch([][]Point{m.row(month, q, n).corners()}, 5)...)
			}
			q += n + 1
		}
	}
	if len(lines) > 0 {
		m.Add(Path{Subs: lines, Style: Style{Class: "fig-hatch", Stroke: rule, Width: 0.8, Tip: m.words.noData}})
	}
}

// An extreme is the cell with the strongest power of a sign.
type extreme struct {
	month, quarter int
	kw             float64
}

// extremes are the strongest charging and feeding in, where there is any that
// does not round to 0.
func extremes(p HeatPanel) []extreme {
	most, least := extreme{}, extreme{}
	for month, row := range p.KW {
		for q, v := range row {
			if v > most.kw {
				most = extreme{month, q, v}
			}
			if v < least.kw {
				least = extreme{month, q, v}
			}
		}
	}
	var out []extreme
	for _, e := range []extreme{most, least} {
		if math.Abs(e.kw) >= 0.005 {
			out = append(out, e)
		}
	}
	return out
}

// mark frames the extreme cells and writes their value beside them.
func (m *heatLayout) mark(p HeatPanel) {
	r := m.label
	var taken []box4
	var cells []Rect
	for _, e := range extremes(p) {
		cell := m.row(e.month, e.quarter, 1)
		cell.X, cell.W, cell.Style = cell.X-1, cell.W+2, Style{Class: "fig-mark", Stroke: ink, Width: 1.6}
		m.Add(cell)
		cells = append(cells, cell)
		taken = append(taken, box4{cell.X, cell.Y, cell.X + cell.W, cell.Y + cell.H})
	}
	for i, e := range extremes(p) {
		cell, s := cells[i], m.words.signed(e.kw, 2)
		width, h := m.width(r, s)+6, r.size*1.1
		// Right, left, and the rows below and above, inside the table.
		for _, at := range []Point{
			{cell.X + cell.W + 3, cell.Y + cell.H/2},
			{cell.X - 3 - width, cell.Y + cell.H/2},
			{cell.X + cell.W + 3, cell.Y + cell.H/2 + h},
			{cell.X + cell.W + 3, cell.Y + cell.H/2 - h},
			{cell.X - 3 - width, cell.Y + cell.H/2 + h},
			{cell.X - 3 - width, cell.Y + cell.H/2 - h},
		} {
			b := box4{at.X, at.Y - h/2, at.X + width, at.Y + h/2}
			inside := b.x0 >= m.x && b.x1 <= m.x+m.w && b.y0 >= m.y-2 && b.y1 <= m.y+m.h+2
			if inside && !slices.ContainsFunc(taken, b.meets) {
				taken = append(taken, b)
				// Dark on white in every theme, as the cells below it are.
				m.Add(Text{
					X: at.X + 3, Y: at.Y + 0.36*r.size, S: s, Size: r.size, Bold: r.bold, Halo: ground,
					Style: Style{Class: "fig-extreme", Fill: ink},
				})
				break
			}
		}
	}
}

// scaleTicks chooses the labels of the scale: both ends, the halves and 0.
func (m *heatLayout) scaleTicks() {
	decimals := 0
	for decimals < 3 && math.Abs(m.limit/2-round(m.limit/2, decimals)) > m.limit*1e-6 {
		decimals++
	}
	for _, share := range []float64{-1, -0.5, 0, 0.5, 1} {
		m.at = append(m.at, share*m.limit)
		m.labels = append(m.labels, m.words.signed(share*m.limit, decimals))
	}
}

func (m *heatLayout) scaleWidth() float64 {
	return max(18+8+m.widest(m.tick, m.labels...), m.width(m.axis, m.words.power),
		m.width(m.heading, m.words.charging), m.width(m.heading, m.words.discharging))
}

func (m *heatLayout) scaleBeside(x, y, h float64) {
	charging, feedingIn := m.directionRoles()
	m.text(m.axis, x, y+m.axis.size-3, Start, m.words.power)
	m.text(charging, x, y+m.axis.size+m.heading.size+3, Start, m.words.charging)
	m.text(feedingIn, x, y+h, Start, m.words.discharging)
	top := math.Ceil(y + m.axis.size + m.heading.size + 14)
	strips := int((y + h - m.heading.size - 10 - top) / 3)
	for i := range strips {
		share := 1 - 2*(float64(i)+0.5)/float64(strips)
		m.Add(Rect{x, top + 3*float64(i), 18, 3, Style{Class: "fig-swatch", Fill: Diverging(share), Crisp: true}})
	}
	length := 3 * float64(strips)
	m.Add(Rect{x, top, 18, length, Style{Class: "fig-rule", Stroke: rule, Width: 0.8}})
	for i, v := range m.at {
		at := top + length*(1-v/m.limit)/2
		m.Add(Line{x + 18, at, x + 22, at, Style{Class: "fig-rule", Stroke: rule, Width: 1}})
		m.middle(m.tick, x+26, at, Start, m.labels[i])
	}
}

func (m *heatLayout) scaleBelow(y float64) float64 {
	charging, feedingIn := m.directionRoles()
	// The unit between the words, or above them where it does not fit.
	side := max(m.width(feedingIn, m.words.discharging), m.width(charging, m.words.charging)) + 8
	if m.width(m.axis, m.words.power)/2+side > m.w/2 {
		m.text(m.axis, m.x, y+m.axis.size, Start, m.words.power)
		y += m.axis.size + 7
	} else {
		m.text(m.axis, m.x+m.w/2, y+m.heading.size, Middle, m.words.power)
	}
	m.text(feedingIn, m.x, y+m.heading.size, Start, m.words.discharging)
	m.text(charging, m.x+m.w, y+m.heading.size, End, m.words.charging)
	y = math.Ceil(y + m.heading.size + 7)
	for i := range 96 {
		share := -1 + 2*(float64(i)+0.5)/96
		m.Add(Rect{m.x + float64(i)*m.w/96, y, m.w / 96, 14, Style{Class: "fig-swatch", Fill: Diverging(share), Crisp: true}})
	}
	m.Add(Rect{m.x, y, m.w, 14, Style{Class: "fig-rule", Stroke: rule, Width: 0.8}})
	for i, v := range m.at {
		m.text(m.tick, m.x+m.w*(1+v/m.limit)/2, y+18+m.tick.size, [...]Anchor{Start, Middle, Middle, Middle, End}[i], m.labels[i])
	}
	return y + 20 + m.tick.size
}

// describe says in words what the panel shows.
func (m *heatLayout) describe(p HeatPanel) string {
	var parts []string
	for _, e := range extremes(p) {
		word := m.words.charging
		if e.kw < 0 {
			word = m.words.discharging
		}
		parts = append(parts, fmt.Sprintf("%s %s kW (%s %s)", word,
			m.words.number(math.Abs(e.kw), 2), m.words.shortMonths[e.month], clock(e.quarter)))
	}
	s := strings.Join(parts, ", ")
	if p.Label != "" {
		s = p.Label + ": " + s
	}
	return s
}

// clock is the time at which a quarter of the day starts.
func clock(quarter int) string {
	return fmt.Sprintf("%02d:%02d", quarter/4, quarter%4*15)
}
