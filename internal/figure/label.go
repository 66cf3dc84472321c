package figure

import (
	"cmp"
	"math"
	"slices"
)

// A sideLabel names a series beside its end.
type sideLabel struct {
	x, y  float64 // px, where the series ends
	text  string
	style LineStyle
	lines []string
}

// end takes the place of the last value of a curve.
func (l *sideLabel) end(p plot, curve []Point) {
	l.y = math.NaN()
	for _, q := range curve {
		if !math.IsNaN(q.Y) {
			l.x, l.y = p.px(q.X), p.py(q.Y)
		}
	}
}

// sideGap is the room in px between a panel and its labels: the leader.
const sideGap = 12

// sideRoom is the width in px that labels beside a panel need, and the labels
// broken into lines no longer than most px.
func (c *canvas) sideRoom(labels []sideLabel, most float64) float64 {
	w := 0.0
	for i := range labels {
		labels[i].lines = wrap(labels[i].text, c.label.size, true, most)
		w = max(w, c.widest(c.label, labels[i].lines...))
	}
	if w == 0 {
		return 0
	}
	return w + sideGap + 2
}

// drawSide writes the labels right of x between top and bottom, each as near to
// its y as the others allow, with a leader to where it belongs.
func (c *canvas) drawSide(x, top, bottom float64, labels []sideLabel) {
	leading := c.label.size * 1.2
	labels = slices.DeleteFunc(slices.Clone(labels), func(l sideLabel) bool {
		return len(l.lines) == 0 || math.IsNaN(l.y)
	})
	slices.SortStableFunc(labels, func(a, b sideLabel) int { return cmp.Compare(a.y, b.y) })
	want, height := make([]float64, len(labels)), make([]float64, len(labels))
	for i, l := range labels {
		want[i], height[i] = l.y, float64(len(l.lines))*leading+1
	}
	at := apart(want, height, top, bottom)
	for i, l := range labels {
		st := l.style.filled()
		c.Add(Path{
			Subs:  [][]Point{{{l.x + 2, l.y}, {x + sideGap - 3, at[i]}}},
			Style: Style{Class: l.style.classes("fig-rule"), Stroke: st.Color, Width: 1, Opacity: 0.6},
		})
	}
	for i, l := range labels {
		for j, line := range l.lines {
			offset := (float64(j) - float64(len(l.lines)-1)/2) * leading
			c.middle(c.label.in(l.style), x+sideGap, at[i]+offset, Start, line)
		}
	}
}

// apart moves boxes of the given heights, sorted by the middle they want, so
// that none overlap and all stay within lo..hi if they fit at all, with the
// least squared displacement (pool adjacent violators).
func apart(want, height []float64, lo, hi float64) []float64 {
	n := len(want)
	// Less the heights before it, every box only has to be in order.
	shift := make([]float64, n)
	for i := 1; i < n; i++ {
		shift[i] = shift[i-1] + (height[i-1]+height[i])/2
	}
	type pool struct {
		sum float64
		n   int
	}
	var pools []pool
	for i := range want {
		pools = append(pools, pool{want[i] - shift[i], 1})
		for k := len(pools); k > 1 && pools[k-2].sum*float64(pools[k-1].n) > pools[k-1].sum*float64(pools[k-2].n); k-- {
			pools[k-2] = pool{pools[k-2].sum + pools[k-1].sum, pools[k-2].n + pools[k-1].n}
			pools = pools[:k-1]
		}
	}
	at := make([]float64, 0, n)
	for _, p := range pools {
		for range p.n {
			at = append(at, p.sum/float64(p.n))
		}
	}
	if n == 0 {
		return at
	}
	first, last := lo+height[0]/2, hi-height[n-1]/2-shift[n-1]
	for i := range at {
		at[i] = max(min(at[i], last), first) + shift[i]
	}
	return at
}
