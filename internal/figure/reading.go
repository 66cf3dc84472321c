package figure

import (
	"math"
	"strconv"
)

// A Table is what a figure shows, column by column, as long as each other.
type Table []Column

// A Column has words or numbers.
type Column struct {
	Label    string   `json:"label"`
	Unit     string   `json:"unit,omitempty"`
	Decimals int      `json:"decimals,omitempty"` // that are worth reading; values keep more
	Power    bool     `json:"power,omitempty"`    // positive is charging, negative discharging
	Homes    bool     `json:"homes,omitempty"`    // of power that is of more than cars: positive is taking, negative feeding in
	Text     []string `json:"text,omitempty"`
	Values   Numbers  `json:"values,omitempty"`
}

// Numbers are written in seven figures, NaN as null.
type Numbers []float64

// MarshalJSON writes the list.
func (n Numbers) MarshalJSON() ([]byte, error) {
	b := []byte{'['}
	for i, v := range n {
		if i > 0 {
			b = append(b, ',')
		}
		switch {
		case !finite(v):
			b = append(b, "null"...)
		case math.Abs(v) < 1e-9: // rounding, such as 0.3-0.1-0.2
			b = append(b, '0')
		default:
			b = strconv.AppendFloat(b, v, 'g', 7, 64)
		}
	}
	return append(b, ']'), nil
}

// A Mark is a place that can be read: N boxes of one width side by side, each of
// which stands for a row of the table.
type Mark struct {
	X        float64   `json:"x"` // px, upper left corner
	Y        float64   `json:"y"`
	W        float64   `json:"w"` // of all boxes
	H        float64   `json:"h"`
	N        int       `json:"n"`
	Row      int       `json:"row"`             // of the first box; the next ones follow
	Title    string    `json:"title,omitempty"` // of all boxes
	Named    bool      `json:"named,omitempty"` // the table's last column of words has a name for each box
	Readings []Reading `json:"readings"`
	// Bottom and Top are the values at these edges, where values have a height.
	Bottom float64 `json:"bottom,omitempty"`
	Top    float64 `json:"top,omitempty"`
}

// A Reading is a value of a box.
type Reading struct {
	Label  string `json:"label,omitempty"`
	Column int    `json:"column"`
	Row    int    `json:"row,omitempty"`  // further down than the box's own
	Band   bool   `json:"band,omitempty"` // the columns before and after it are its limits
	Class  string `json:"class,omitempty"`
	Dash   string `json:"dash,omitempty"`
}

// A Cursor is how a page shows which box is read.
type Cursor string

// The cursors.
const (
	CursorCell Cursor = "cell" // a frame round the box
	CursorLine Cursor = "line" // an upright line, with dots on the values
	CursorRow  Cursor = "row"  // a tint
)

// reading is a series' value in a column.
func (l LineStyle) reading(label string, column int) Reading {
	return Reading{Label: label, Column: column, Class: l.classes("fig-line"), Dash: dashes(l.Dash)}
}

// markPoints marks a box round each x of a panel, a row of the table each.
func (c *canvas) markPoints(p plot, at []float64, title func(int) string, readings []Reading) {
	for i, x := range at {
		half := min(x, c.W-x)
		for _, j := range []int{i - 1, i + 1} {
			if j >= 0 && j < len(at) {
				half = min(half, math.Abs(at[j]-x)/2)
			}
		}
		c.Marks = append(c.Marks, Mark{
			X: x - half, Y: p.y, W: 2 * half, H: p.h, N: 1, Row: i, Title: title(i), Readings: readings, Bottom: p.bottom, Top: p.high,
		})
	}
}
