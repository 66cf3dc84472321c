package figure

import "math"

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

// quarters is the curve of mean powers per quarter of an hour from hour start:
// as steps, or as a line through the middles of the quarters.
func quarters(kw []float64, start float64, step bool) []Point {
	var out []Point
	for i, v := range kw {
		x := start + float64(i)/4
		if step {
			out = append(out, Point{x, v}, Point{x + 0.25, v})
			continue
		}
		out = append(out, Point{x + 0.125, v})
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

// toZero is the area between a run of values and 0, above 0 (sign 1) or below
// it (sign -1), as polygons.
func toZero(run []Point, sign float64) [][]Point {
	var out [][]Point
	var open []Point
	closeArea := func(x float64) {
		if len(open) > 1 {
			out = append(out, append(open, Point{x, 0}))
		}
		open = nil
	}
	for i, q := range run {
		if i > 0 {
			a := run[i-1]
			if (a.Y < 0) != (q.Y < 0) && a.Y != q.Y {
				x := a.X + (q.X-a.X)*a.Y/(a.Y-q.Y)
				if sign*a.Y > 0 {
					closeArea(x)
				} else {
					open = []Point{{x, 0}}
				}
			}
		}
		if sign*q.Y > 0 {
			if open == nil {
				open = []Point{{q.X, 0}}
			}
			open = append(open, q)
			continue
		}
		closeArea(q.X)
	}
	if n := len(run); n > 0 {
		closeArea(run[n-1].X)
	}
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
	for i := len(vs) - 1; i >= 0; i-- {
		if !math.IsNaN(vs[i]) {
			return vs[i]
		}
	}
	return math.NaN()
}
