package figure

import (
	"fmt"
	"math"
)

// Tornado shows what each of several changes does to a power: a bar from where it is
// now to where the change brings it, the strongest first, blue towards feeding in and
// red towards charging.
type Tornado struct {
	Frame
	KW   float64      // now
	Rows []TornadoRow // in their order
	Room int          // rows to leave room for; less than there are rows: as many as there are
}

// A TornadoRow is one thing that is changed.
type TornadoRow struct {
	Label string
	Ends  []TornadoEnd // one or two
}

// A TornadoEnd is a change.
type TornadoEnd struct {
	Label string
	KW    float64
}

// Scene lays the chart out. It fails if a power is not finite or a row has no end.
func (k Tornado) Scene() (*Scene, error) {
	lo, hi := k.KW, k.KW
	for i, row := range k.Rows {
		if len(row.Ends) < 1 || len(row.Ends) > 2 {
			return nil, fmt.Errorf("figure: Tornado.Rows[%d].Ends: %d, want 1 or 2", i, len(row.Ends))
		}
		for _, end := range row.Ends {
			lo, hi = min(lo, end.KW), max(hi, end.KW)
		}
	}
	if !finite(lo, hi) {
		return nil, fmt.Errorf("figure: Tornado: a power is not finite")
	}
	if least := max(0.05, 0.05*math.Abs(k.KW)); hi-lo < least {
		lo, hi = k.KW-least, k.KW+least
	}
	c, y, err := begin(k.Frame, "Tornado")
	if err != nil {
		return nil, err
	}
	// Names stand beside the bars, on a phone above them.
	left, height, middle := c.margin, 42.0, 29.0
	if !c.narrow {
		names := 0.0
		for _, row := range k.Rows {
			names = max(names, c.width(c.value, row.Label))
		}
		left, height, middle = c.margin+max(120, names)+14, 26, 13
	}
	marks := []rowMark{{v: lo}, {v: hi}}
	for _, row := range k.Rows {
		for i, end := range row.Ends {
			if w := c.width(c.tick, end.Label) + 8; k.toLeft(row, i) {
				marks = append(marks, rowMark{v: end.KW, left: w})
			} else {
				marks = append(marks, rowMark{v: end.KW, right: w})
			}
		}
	}
	p, ok := fitRows(marks, left, c.W-c.margin)
	if !ok {
		return nil, fmt.Errorf("figure: Tornado.Width: no room for the values in %g px", c.W)
	}
	bold := c.value
	bold.bold = true
	now := fmt.Sprintf(c.words.now, c.words.signed(k.KW, 2))
	half := c.width(bold, now) / 2
	c.text(bold, min(max(p.px(k.KW), c.margin+half), c.W-c.margin-half), y+bold.size, Middle, now)
	p.y, p.h = y+bold.size+10, height*float64(max(k.Room, len(k.Rows)))
	c.drawRowAxis(p, [][2]float64{{p.y, p.y + p.h}}, lo, hi, c.words.signed)
	c.Cursor = CursorRow
	c.Table = Table{{Label: c.words.assumption}, {Label: c.words.value}, {Label: c.words.meanPower + " " + c.words.evening}, {Label: c.words.difference}}
	for j := 2; j < 4; j++ {
		c.Table[j].Unit, c.Table[j].Decimals, c.Table[j].Power = c.words.power, 3, j == 2
	}
	var desc []string
	for i, row := range k.Rows {
		at := p.y + height*float64(i)
		if c.narrow {
			c.text(c.value, c.margin, at+14, Start, row.Label)
		} else {
			c.middle(c.value, left-10, at+middle, End, row.Label)
		}
		mark := Mark{X: c.margin, Y: at, W: c.W - 2*c.margin, H: height, N: 1, Row: len(c.Table[0].Text), Title: row.Label}
		for j, end := range row.Ends {
			c.tornadoBar(p, k, row, j, at+middle)
			mark.Readings = append(mark.Readings, Reading{Label: end.Label, Column: 2, Row: j})
			c.Table[0].Text, c.Table[1].Text = append(c.Table[0].Text, row.Label), append(c.Table[1].Text, end.Label)
			c.Table[2].Values, c.Table[3].Values = append(c.Table[2].Values, end.KW), append(c.Table[3].Values, end.KW-k.KW)
			desc = append(desc, fmt.Sprintf("%s, %s: %s kW", row.Label, end.Label, c.words.signed(end.KW, 2)))
		}
		c.Marks = append(c.Marks, mark)
	}
	c.Add(Line{p.px(k.KW), p.y - 4, p.px(k.KW), p.y + p.h, Style{Class: "fig-zero", Stroke: ink, Width: 1.2}})
	y = p.y + p.h + 10 + c.tick.size
	c.text(c.axis, (left+c.W-c.margin)/2, y+c.axis.size, Middle, c.words.meanPower+" "+c.words.evening+", "+c.words.power)
	y += c.axis.size + 8
	charging, feedingIn := c.directionRoles()
	c.text(feedingIn, left, y+feedingIn.size, Start, "← "+c.words.discharging)
	c.text(charging, c.W-c.margin, y+charging.size, End, c.words.charging+" →")
	return c.end(y+charging.size, desc), nil
}

// toLeft tells on which side the value of an end stands. Of two ends on one side of
// now only the further has a value there.
func (k Tornado) toLeft(row TornadoRow, i int) bool {
	return row.Ends[i].KW < k.KW || row.Ends[i].KW == k.KW && i == 0
}

func (c *canvas) tornadoBar(p plot, k Tornado, row TornadoRow, i int, y float64) {
	end, x, now := row.Ends[i], p.px(row.Ends[i].KW), p.px(k.KW)
	st := Style{Class: "fig-bar fig-up", Fill: "#d6604d"}
	if end.KW < k.KW {
		st = Style{Class: "fig-bar fig-down", Fill: "#4393c3"}
	}
	c.Add(Rect{min(x, now), y - 7, max(1, math.Abs(x-now)), 14, st})
	other := len(row.Ends) - 1 - i
	if other != i && k.toLeft(row, i) == k.toLeft(row, other) {
		if far, own := math.Abs(row.Ends[other].KW-k.KW), math.Abs(end.KW-k.KW); far > own || far == own && i == 1 {
			return
		}
	}
	if k.toLeft(row, i) {
		c.over(c.tick, x-5, y, End, end.Label)
	} else {
		c.over(c.tick, x+5, y, Start, end.Label)
	}
}
