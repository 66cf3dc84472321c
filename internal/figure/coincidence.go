package figure

import (
	"fmt"
	"math"
	"slices"
	"strconv"
)

// Coincidence shows how the peak per home falls with the number of homes that
// share a cable: charging up, feeding in down, the median as a line in a band.
type Coincidence struct {
	Frame
	Homes     []int             // numbers of homes, rising, from 1; at least two
	Modes     []CoincidenceMode // at least one
	MarkHomes int               // a vertical mark at this number of homes, such as 40; 0: none

	adoption *Adoption // whose figure it is, if not its own
}

// A CoincidenceMode is a way to charge.
type CoincidenceMode struct {
	Label  string
	Style  LineStyle
	Charge []Percentile // peak of charging, kW per home, positive, one per number of homes; empty: none
	FeedIn []Percentile // peak of feeding in, kW per home, negative (so P5 is the deepest), one per number of homes; empty: none
}

// Scene lays the chart out. It fails if numbers of homes do not rise, if a
// series does not have one value for each of them, or if percentiles are out
// of order or have the wrong sign.
func (k Coincidence) Scene() (*Scene, error) {
	lo, hi, err := k.check()
	if err != nil {
		return nil, err
	}
	c, y, err := begin(k.Frame, "Coincidence")
	if err != nil {
		return nil, err
	}
	height := 380.0
	if c.narrow {
		height = 320
	}
	unit, below := c.words.peak, c.words.homes
	if k.adoption != nil {
		unit, below = c.words.streetPeak, k.adoption.Below
		c.words.ofHomes()
	}
	a := c.powerAxis(lo, hi, height, unit)
	var side []sideLabel
	for _, m := range k.Modes {
		for _, band := range [][]Percentile{m.Charge, m.FeedIn} {
			if len(band) > 0 {
				side = append(side, sideLabel{text: m.Label, style: m.Style})
			}
		}
	}
	room := max(c.sideRoom(side, c.W*0.22), 14)
	c.text(c.axis, c.margin, y+c.axis.size, Start, a.unit)
	y += c.axis.size + 10
	if k.MarkHomes > 0 {
		y += c.axis.size + 4
	}
	p := plot{
		x: c.margin + a.gutter, y: y, w: c.W - 2*c.margin - a.gutter - room, h: height,
		xlo: k.at(k.Homes[0]), xhi: k.at(k.Homes[len(k.Homes)-1]),
		bottom: a.at[0], high: a.at[len(a.at)-1],
	}
	c.drawPowerAxis(p, a, true)
	if k.adoption != nil {
		c.adoptionAxis(p, k)
	} else {
		c.homesAxis(p, k.Homes)
	}
	c.coincidenceBands(p, k)
	c.zeroLine(p)
	c.readCoincidence(p, k)
	n := 0
	for _, m := range k.Modes {
		for _, band := range [][]Percentile{m.Charge, m.FeedIn} {
			if len(band) == 0 {
				continue
			}
			middle := k.bandLine(band, 1)
			st := m.Style.stroke()
			st.Tip = m.Label
			if pieces := runs(middle); len(pieces) > 0 {
				c.Add(Path{Subs: p.place(pieces), Style: st})
			}
			side[n].end(p, middle)
			n++
		}
	}
	c.drawSide(p.x+p.w, p.y-4, p.y+p.h+4, side)
	if at := math.Log10(float64(k.MarkHomes)); k.MarkHomes > 0 && at >= p.xlo && at <= p.xhi {
		mark := fmt.Sprintf(c.words.street, k.MarkHomes)
		x, half := p.px(at), c.width(c.axis, mark)/2
		c.Add(Line{x, p.y - 4, x, p.y + p.h, Style{Class: "fig-mark", Stroke: soft, Width: 1, Dash: []float64{2, 3}}})
		c.text(c.axis, min(max(x, c.margin+half), c.W-c.margin-half), p.y-8, Middle, mark)
	}
	y = p.y + p.h + 12 + c.tick.size
	c.text(c.axis, p.x+p.w/2, y+c.axis.size+4, Middle, below)
	y = c.lines(c.foot, y+c.axis.size+16, 1.4, c.words.band)
	return c.end(y, c.describeCoincidence(k)), nil
}

// check finds the range of all values.
func (k Coincidence) check() (lo, hi float64, err error) {
	if len(k.Homes) < 2 {
		return 0, 0, fmt.Errorf("figure: Coincidence.Homes: %d numbers, want at least 2", len(k.Homes))
	}
	for i, n := range k.Homes {
		if n < 1 && k.adoption == nil || n < 0 || (i > 0 && n <= k.Homes[i-1]) {
			return 0, 0, fmt.Errorf("figure: Coincidence.Homes[%d]: %d does not rise from 1", i, n)
		}
	}
	if len(k.Modes) == 0 {
		return 0, 0, fmt.Errorf("figure: Coincidence.Modes: empty")
	}
	if k.MarkHomes < 0 {
		return 0, 0, fmt.Errorf("figure: Coincidence.MarkHomes: %d", k.MarkHomes)
	}
	found := false
	for i, m := range k.Modes {
		for s, band := range [][]Percentile{m.Charge, m.FeedIn} {
			field := fmt.Sprintf("Coincidence.Modes[%d].%s", i, [2]string{"Charge", "FeedIn"}[s])
			if len(band) != 0 && len(band) != len(k.Homes) {
				return 0, 0, fmt.Errorf("figure: %s: %d values for %d numbers of homes", field, len(band), len(k.Homes))
			}
			for j, q := range band {
				if err := q.check(fmt.Sprintf("%s[%d]", field, j)); err != nil {
					return 0, 0, err
				}
				if (s == 0 && q.P5 < 0) || (s == 1 && q.P95 > 0) {
					return 0, 0, fmt.Errorf("figure: %s[%d]: wrong sign (charging is positive, feeding in negative)", field, j)
				}
				if q.whole() {
					found, lo, hi = true, min(lo, q.P5), max(hi, q.P95)
				}
			}
		}
	}
	if !found {
		return 0, 0, fmt.Errorf("figure: Coincidence.Modes: no value")
	}
	return lo, hi, nil
}

// at is the place of a number on the axis.
func (k Coincidence) at(n int) float64 {
	if k.adoption != nil {
		return float64(n)
	}
	return math.Log10(float64(n))
}

// bandLine is one curve of a band over the numbers of homes.
func (k Coincidence) bandLine(band []Percentile, which int) []Point {
	out := make([]Point, len(band))
	for i, q := range band {
		out[i] = Point{k.at(k.Homes[i]), q.three()[which]}
	}
	return out
}

func (c *canvas) coincidenceBands(p plot, k Coincidence) {
	for _, m := range k.Modes {
		for _, band := range [][]Percentile{m.Charge, m.FeedIn} {
			areas := between(
				k.bandLine(band, 0),
				k.bandLine(band, 2))
			if len(areas) > 0 {
				c.Add(Path{p.place(areas), true, Style{Class: m.Style.classes("fig-band"), Fill: m.Style.filled().Color, Opacity: 0.16}})
			}
		}
	}
}

// readCoincidence fills the table and marks a box for every number of homes.
func (c *canvas) readCoincidence(p plot, k Coincidence) {
	c.Cursor = CursorLine
	of, decimals := c.words.of, 2
	if k.adoption != nil {
		of, decimals = k.adoption.Of, 1
	}
	c.Table = Table{{Label: of}}
	calendar := k.adoption != nil && k.adoption.Calendar
	for _, n := range k.Homes {
		if calendar {
			c.Table[0].Text = append(c.Table[0].Text, strconv.Itoa(n))
		} else {
			c.Table[0].Values = append(c.Table[0].Values, float64(n))
		}
	}
	var readings []Reading
	for _, m := range k.Modes {
		for i, band := range [][]Percentile{m.Charge, m.FeedIn} {
			if len(band) == 0 {
				continue
			}
			name := m.Label + ", " + [2]string{c.words.charging, c.words.discharging}[i]
			readings = append(readings, m.Style.reading(m.Label, len(c.Table)+1))
			readings[len(readings)-1].Band = true
			for j, name := range [3]string{name + ", p5", name + ", p50", name + ", p95"} {
				column := Column{Label: name, Unit: "kW", Decimals: decimals, Power: true, Homes: k.adoption != nil}
				for _, q := range band {
					column.Values = append(column.Values, q.three()[j])
				}
				c.Table = append(c.Table, column)
			}
		}
	}
	at := make([]float64, len(k.Homes))
	for i, n := range k.Homes {
		at[i] = p.px(k.at(n))
	}
	c.markPoints(p, at, func(i int) string {
		if calendar {
			return strconv.Itoa(k.Homes[i])
		}
		return of + ": " + c.words.number(float64(k.Homes[i]), 0)
	}, readings)
}

// homesAxis labels powers of ten, and 2 and 5 times those where they fit.
func (c *canvas) homesAxis(p plot, homes []int) {
	var taken []box4
	for _, m := range [...]int{1, 2, 5} {
		for n := m; n <= homes[len(homes)-1]; n *= 10 {
			if n < homes[0] {
				continue
			}
			x, s := p.px(math.Log10(float64(n))), c.words.number(float64(n), 0)
			c.Add(Line{x, p.y + p.h, x, p.y + p.h + 5, Style{Class: "fig-rule", Stroke: rule, Width: 1}})
			half := c.width(c.tick, s)/2 + 4
			place := box4{x - half, 0, x + half, 1}
			if !slices.ContainsFunc(taken, place.meets) {
				taken = append(taken, place)
				c.text(c.tick, x, p.y+p.h+8+c.tick.size, Middle, s)
			}
		}
	}
}

func (c *canvas) describeCoincidence(k Coincidence) []string {
	var out []string
	for _, m := range k.Modes {
		for i, band := range [][]Percentile{m.Charge, m.FeedIn} {
			if len(band) == 0 || !band[0].whole() || !band[len(band)-1].whole() {
				continue
			}
			out = append(out, fmt.Sprintf("%s, %s: %s kW (%d) … %s kW (%d)", m.Label,
				[2]string{c.words.charging, c.words.discharging}[i],
				c.words.signed(band[0].P50, 2), k.Homes[0],
				c.words.signed(band[len(band)-1].P50, 2), k.Homes[len(k.Homes)-1]))
		}
	}
	return out
}
