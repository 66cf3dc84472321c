package seriesfile

import (
	"cmp"
	"slices"
	"time"

	"github.com/getij/getij/internal/series"
)

// sort puts rows in the order of time, where no two have the same: of months that were
// put together by their names, say. Rows back by up to an hour are those of autumn, and
// rows that all run backwards are turned round later.
func (p *rows) sort(r *reading) error {
	naive := p.naive
	if p.anyRow || p.backwards() {
		return nil
	}
	back := 0
	for i := 1; i < len(p.at); i++ {
		if d := p.at[i-1] - p.at[i]; d > 3600 || d > 0 && !naive[i] {
			back++
		}
	}
	if back == 0 || slices.Contains(naive, true) && slices.Contains(naive, false) {
		return nil
	}
	order := make([]int, len(p.at))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(p.at[a], p.at[b]) })
	for i := 1; i < len(order); i++ {
		if p.at[order[i]] == p.at[order[i-1]] {
			return nil // which comes first cannot be told: inOrder says where
		}
	}
	for i := 1; i < len(p.at); i++ {
		if p.at[i] < p.at[i-1] {
			r.rep.Mend("row before the one above it in time, rows put in order", r.where(p, i, p.wallText(i, naive[i])))
		}
	}
	p.moved = true
	p.at, p.line, p.step = picked(p.at, order), picked(p.line, order), picked(p.step, order)
	for c := range p.values {
		p.values[c] = picked(p.values[c], order)
	}
	p.firstText, p.lastText = p.wallText(0, naive[0]), p.wallText(len(p.at)-1, naive[0])
	return nil
}

// wallText is the time of a row as a clock shows it.
func (p *rows) wallText(i int, naive bool) string {
	at := time.Unix(p.at[i], 0).UTC()
	if !naive {
		at = at.In(series.Amsterdam())
	}
	return at.Format("2006-01-02 15:04")
}

func picked[T any](list []T, order []int) []T {
	if list == nil {
		return nil
	}
	out := make([]T, len(order))
	for i, k := range order {
		out[i] = list[k]
	}
	return out
}

// mostOff is how far from an even time a meter may be read, and be taken as on it.
const mostOff = 60

// onTheGrid puts times that are up to a minute off an even time on it, as of meters that
// are read a few seconds late: all rows of a file, or none.
func (p *rows) onTheGrid(r *reading) {
	if len(p.at) < 3 {
		return
	}
	steps := make([]int64, 0, len(p.at)-1)
	for i := 1; i < len(p.at); i++ {
		steps = append(steps, p.at[i]-p.at[i-1])
	}
	slices.Sort(steps)
	middle, grid := steps[len(steps)/2], int64(0)
	for _, g := range []int64{300, 900, 1800, 3600} {
		if middle > g-mostOff && middle < g+mostOff {
			grid = g
		}
	}
	if grid == 0 {
		return
	}
	most, off := int64(0), 0
	moved := make([]int64, len(p.at))
	for i, at := range p.at {
		moved[i] = (at + grid/2) / grid * grid
		d := max(at-moved[i], moved[i]-at)
		if d > mostOff || d >= grid/5 || i > 0 && moved[i] <= moved[i-1] {
			return
		}
		if most = max(most, d); d > 0 {
			off++
		}
	}
	if off == 0 {
		return
	}
	p.at = moved
	r.note("%d times of %s are up to %d seconds off the even quarter or hour: they are taken as on it", off, p.file, most)
}
