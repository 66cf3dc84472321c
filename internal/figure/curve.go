package figure

import (
	"math"
	"slices"
)

// runs cuts points where a value is missing (y is NaN).
func runs(points []Point) [][]Point {
	var out [][]Point
	start := -1
	for i, q := range points {
		switch {
		case math.IsNaN(q.Y) && start >= 0:
			out = append(out, points[start:i])
			start = -1
		case !math.IsNaN(q.Y) && start < 0:
			start = i
		}
	}
	if start >= 0 {
		out = append(out, points[start:])
	}
	return out
}

// quarters is the curve of mean powers per quarter of an hour from hour start,
// through the middles of the quarters.
func quarters(kw []float64, start float64) []Point {
	out := make([]Point, len(kw))
	for i, v := range kw {
		out[i] = Point{start + float64(i)/4 + 0.125, v}
	}
	return out
}

// place maps runs of values to places on the sheet. A value on its own between
// two gaps becomes a dash of 2 px: it would not show otherwise.
func (p plot) place(pieces [][]Point) [][]Point {
	out := make([][]Point, len(pieces))
	for i, piece := range pieces {
		if len(piece) == 1 {
			x, y := p.px(piece[0].X), p.py(piece[0].Y)
			out[i] = []Point{{x - 1, y}, {x + 1, y}}
			continue
		}
		for _, q := range piece {
			out[i] = append(out[i], Point{p.px(q.X), p.py(q.Y)})
		}
	}
	return out
}

// gap is the area between two curves over the same x where the second is above
// the first (sign 1) or below it (sign -1), as polygons cut where they cross.
func gap(low, high []Point, sign float64) [][]Point {
	var out [][]Point
	var there, back []Point
	closeArea := func() {
		if len(there) > 1 {
			slices.Reverse(back)
			out = append(out, append(there, back...))
		}
		there, back = nil, nil
	}
	before := math.NaN()
	for i := range low {
		d := sign * (high[i].Y - low[i].Y)
		if before*d < 0 {
			share := before / (before - d)
			a, b := high[i-1], high[i]
			at := Point{a.X + share*(b.X-a.X), a.Y + share*(b.Y-a.Y)}
			there, back = append(there, at), append(back, at)
		}
		if d > 0 {
			if before == 0 {
				there, back = append(there, high[i-1]), append(back, low[i-1])
			}
			there, back = append(there, high[i]), append(back, low[i])
		} else {
			if d == 0 && before > 0 {
				there, back = append(there, high[i]), append(back, low[i])
			}
			closeArea()
		}
		before = d
	}
	closeArea()
	return out
}

// between is the area between two curves over the same x, as polygons; a
// missing value on either side leaves a gap.
func between(low, high []Point) [][]Point {
	both := make([]Point, len(low))
	for i := range low {
		both[i] = low[i]
		if math.IsNaN(high[i].Y) {
			both[i].Y = math.NaN()
		}
	}
	var out [][]Point
	i := 0
	for _, run := range runs(both) {
		for math.IsNaN(both[i].Y) {
			i++
		}
		area := append([]Point(nil), run...)
		for j := i + len(run) - 1; j >= i; j-- {
			area = append(area, high[j])
		}
		out = append(out, area)
		i += len(run)
	}
	return out
}

// last is the last value that is there, or NaN.
func last(vs []float64) float64 {
	for _, v := range slices.Backward(vs) {
		if !math.IsNaN(v) {
			return v
		}
	}
	return math.NaN()
}
