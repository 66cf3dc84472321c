package figure

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// DayProfiles shows power over the day, as many panels beside each other as have
// room, all on one scale.
type DayProfiles struct {
	Frame
	Panels     []DayPanel // at least one
	Columns    int        // most panels beside each other; 0: all
	Height     float64    // of a panel in px; 0: chosen
	Unit       string     // of all values; empty: kW per home
	NoPower    bool       // the values are no power, such as prices
	Unlabelled bool       // no names at the lines' ends: small multiples
	Taking     bool       // of homes, which take more than their cars charge
	Limit      float64    // a capacity, drawn on both sides of zero; 0: none
	More       Table      // further columns of the table
}

// A DayPanel is one day, such as the mean January day.
type DayPanel struct {
	Title  string
	Series []Series  // at least one
	Times  []string  // local start of each quarter, such as 17:15; nil: the 96 of a day without a clock change
	Base   []float64 // what fills run from; nil: zero
}

// A Series is a line of power.
type Series struct {
	Label string    // at the line's end; empty: none
	KW    []float64 // a value per quarter of an hour, positive charging; NaN: missing
	Style LineStyle
	Fill  bool // to the base, red above and blue below
}

// leastPanel is the width in px below which panels go below each other.
const leastPanel = 220

// Scene lays the chart out. It fails if there is no panel, if a series does not
// have a value per quarter, or if none has any.
func (d DayProfiles) Scene() (*Scene, error) {
	lo, hi, err := d.check()
	if err != nil {
		return nil, err
	}
	c, y, err := begin(d.Frame, "DayProfiles")
	if err != nil {
		return nil, err
	}
	l := dayLayout{canvas: c, DayProfiles: d, height: 340, decimals: decimalsFor(max(hi, -lo))}
	if c.narrow {
		l.height = 230
	}
	if d.Height > 0 {
		l.height = d.Height
	}
	unit := d.Unit
	if unit == "" {
		unit = c.words.power
	}
	if d.Limit > 0 && d.Limit <= 2*hi { // one far above would flatten the rest
		hi, l.limit = max(hi, d.Limit), true
	}
	if d.Taking {
		c.words.ofHomes()
	}
	l.axis = c.powerAxis(lo, hi, l.height, unit)
	if d.NoPower {
		l.axis = c.valueAxis(lo, hi, l.height, unit)
	}
	const gap = 28
	inner := c.W - 2*c.margin - l.axis.gutter
	room := c.width(c.tick, "24") / 2
	for _, p := range d.Panels {
		var side []sideLabel
		for _, s := range p.Series {
			if d.Unlabelled {
				s.Label = ""
			}
			side = append(side, sideLabel{text: s.Label, style: s.Style})
		}
		room = max(room, c.sideRoom(side, min(inner*0.3, 160)))
		l.sides = append(l.sides, side)
	}
	columns := len(d.Panels)
	if d.Columns > 0 {
		columns = min(columns, d.Columns)
	}
	columns = max(1, min(columns, int((inner+gap)/(leastPanel+room+gap))))
	each := (inner - gap*float64(columns-1)) / float64(columns)
	l.heads(each - room)
	p := plot{w: each - room, h: l.height, bottom: l.axis.at[0], high: l.axis.at[len(l.axis.at)-1]}
	c.Table, c.Cursor = l.table(unit), CursorLine
	var desc []string
	bottom := y
	for i, panel := range d.Panels {
		if i%columns == 0 {
			if i > 0 {
				bottom += 22
			}
			p.x, y = c.margin+l.axis.gutter, bottom
		} else {
			p.x += each + gap
		}
		p.y = y
		bottom = l.panel(&p, i, i%columns == 0)
		desc = append(desc, c.describeSeries(panel.Title, panel.Series, unit, l.decimals)...)
	}
	return c.end(bottom, desc), nil
}

type dayLayout struct {
	*canvas
	DayProfiles
	axis     powerAxis
	height   float64
	limit    bool // the limit is on the scale
	decimals int
	sides    [][]sideLabel
	titles   int      // lines of the panels' titles
	unit     []string // lines
	beside   bool     // the window's name stands beside the unit
}

func (d DayProfiles) check() (lo, hi float64, err error) {
	if len(d.Panels) == 0 {
		return 0, 0, fmt.Errorf("figure: DayProfiles.Panels: empty")
	}
	if !finite(d.Limit, d.Height) || d.Limit < 0 || d.Height < 0 {
		return 0, 0, fmt.Errorf("figure: DayProfiles: limit %g, height %g", d.Limit, d.Height)
	}
	lo, hi = math.Inf(1), math.Inf(-1)
	for i, p := range d.Panels {
		n := len(p.times())
		l, h, err := seriesRange(fmt.Sprintf("DayProfiles.Panels[%d].Series", i), p.Series, n)
		if err != nil {
			return 0, 0, err
		}
		if p.Base != nil && len(p.Base) != n {
			return 0, 0, fmt.Errorf("figure: DayProfiles.Panels[%d].Base: %d values, want %d", i, len(p.Base), n)
		}
		lo, hi = min(lo, l), max(hi, h)
	}
	if lo > hi {
		return 0, 0, fmt.Errorf("figure: DayProfiles.Panels: no value in any series")
	}
	return lo, hi, nil
}

// times are the local starts of the quarters.
func (p DayPanel) times() []string {
	if p.Times != nil {
		return p.Times
	}
	out := make([]string, 96)
	for q := range out {
		out[q] = clock(q)
	}
	return out
}

// heads measures what stands above the panels, so that all start level.
func (l *dayLayout) heads(w float64) {
	var titles []string
	for _, p := range l.Panels {
		titles = append(titles, p.Title)
	}
	l.titles = tallest(l.heading, w, titles...)
	l.unit = wrap(l.axis.unit, l.canvas.axis.size, false, w+l.axis.gutter)
	window := l.axis.gutter + w*(eveningFrom+eveningTo)/2/24 - l.width(l.canvas.axis, l.words.evening)/2
	l.beside = len(l.unit) == 1 && l.width(l.canvas.axis, l.axis.unit) < window-8
}

// panel draws panel i from p.y down and returns the y below it.
func (l *dayLayout) panel(p *plot, i int, named bool) float64 {
	panel, small := l.Panels[i], l.canvas.axis
	times := panel.times()
	p.xlo, p.xhi = 0, float64(len(times))/4
	if l.titles > 0 {
		p.y = l.block(l.heading, p.x, p.y, p.w, l.titles, panel.Title) + 5
	}
	if named {
		l.block(small, p.x-l.axis.gutter, p.y, math.Inf(1), 0, strings.Join(l.unit, "\n"))
	}
	from, to := slices.Index(times, clock(4*eveningFrom)), slices.Index(times, clock(4*eveningTo))
	room := float64(max(len(l.unit)-1, 0)) * small.size * 1.25
	if !l.beside && !l.Unlabelled {
		room += small.size + 5
	}
	p.y += room
	evening := from >= 0 && to > from
	if evening && !l.Unlabelled {
		l.text(small, p.px(float64(from+to)/8), p.y+small.size, Middle, l.words.evening)
	}
	p.y += small.size + 13
	if evening {
		l.drawEvening(*p, float64(from)/4, float64(to)/4)
	}
	l.drawPowerAxis(*p, l.axis, named)
	l.drawSeries(*p, panel.Series, panel.Base, 0, 1)
	if l.Limit > 0 {
		l.drawLimit(*p)
	}
	side := l.sides[i]
	mark := Mark{X: p.x, Y: p.y, W: p.w, H: p.h, N: len(times), Title: panel.Title, Named: true, Bottom: p.bottom, Top: p.high}
	column := 1
	for _, before := range l.Panels[:i] {
		column += len(before.Series)
	}
	for k, s := range panel.Series {
		side[k].end(*p, quarters(s.KW, 0))
		mark.Readings = append(mark.Readings, s.Style.reading(s.Label, column+k))
	}
	l.Marks = append(l.Marks, mark)
	l.drawSide(p.x+p.w, p.y-small.size-6, p.y+p.h+8, side)
	l.drawHours(*p, times)
	y := p.y + p.h + 12 + l.tick.size
	if l.Unlabelled {
		return y
	}
	l.text(small, p.x+p.w/2, y+small.size+4, Middle, l.words.localTime)
	return y + small.size + 8
}

// drawLimit draws a capacity on both sides of zero, or says that it is out of
// sight.
func (l *dayLayout) drawLimit(p plot) {
	v := l.words.number(l.Limit, l.decimals) + " " + l.Unit
	if !l.limit {
		l.over(l.canvas.axis, p.x+4, p.y+8, Start, fmt.Sprintf(l.words.beyond, v))
		return
	}
	for _, at := range []float64{l.Limit, -l.Limit} {
		if at >= p.bottom {
			l.Add(Line{p.x, p.py(at), p.x + p.w, p.py(at), Style{Class: "fig-limit", Stroke: limitColor, Width: 1.6, Dash: []float64{8, 3, 2, 3}}})
		}
	}
	y := p.py(l.Limit) - 8
	if y < p.y+l.canvas.axis.size { // no room above
		y += 17
	}
	l.over(l.canvas.axis, p.x+4, y, Start, l.words.capacity+" "+v)
}

// table has a row per quarter and a column per series and panel.
func (l *dayLayout) table(unit string) Table {
	names := Column{Label: l.words.time}
	longest := slices.MaxFunc(l.Panels, func(a, b DayPanel) int { return len(a.times()) - len(b.times()) })
	names.Text = quarterNames(longest.times())
	out := Table{names}
	for _, p := range l.Panels {
		for _, s := range p.Series {
			out = append(out, Column{Label: named(p.Title, s.Label), Unit: unit, Decimals: l.decimals + 1, Power: !l.NoPower, Homes: !l.NoPower && (l.Taking || s.Style.Class == HomeStyle().Class), Values: Numbers(s.KW)})
		}
	}
	return append(out, l.More...)
}

// named joins what is there of a panel's and a series' name.
func named(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), ", ")
}

// quarterNames are those of quarters that start at the times; the hour that comes
// twice when the clock goes back is told apart.
func quarterNames(times []string) []string {
	out := make([]string, len(times))
	for i, start := range times {
		hour, _ := strconv.Atoi(start[:2])
		minute, _ := strconv.Atoi(start[3:])
		end := clock(4*hour + minute/15 + 1)
		out[i] = start + "–" + end
		if slices.Index(times, start) < i {
			out[i] += " (2)"
		}
	}
	return out
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
func (c *canvas) drawSeries(p plot, series []Series, base []float64, hour, weight float64) {
	for _, s := range series {
		if !s.Fill {
			continue
		}
		from := base
		if from == nil {
			from = make([]float64, len(s.KW))
		}
		low, high := quarters(from, hour), quarters(s.KW, hour)
		for i, st := range []Style{
			{Class: "fig-area fig-up", Fill: "#d6604d", Opacity: 0.35},
			{Class: "fig-area fig-down", Fill: "#4393c3", Opacity: 0.35},
		} {
			if areas := gap(low, high, float64(1-2*i)); len(areas) > 0 {
				c.Add(Path{p.place(areas), true, st})
			}
		}
	}
	c.zeroLine(p)
	for _, s := range series {
		if pieces := runs(quarters(s.KW, hour)); len(pieces) > 0 {
			st := s.Style.stroke()
			st.Tip = s.Label
			st.Width *= weight
			c.Add(Path{Subs: p.place(pieces), Style: st})
		}
	}
}

// describeSeries says in words how far each series goes.
func (c *canvas) describeSeries(title string, series []Series, unit string, decimals int) []string {
	var out []string
	for _, s := range series {
		n, lo, hi, err := values("", s.KW)
		if n == 0 || err != nil {
			continue
		}
		out = append(out, fmt.Sprintf("%s: %s … %s %s", named(title, s.Label), c.words.signed(lo, decimals), c.words.signed(hi, decimals), unit))
	}
	return out
}
