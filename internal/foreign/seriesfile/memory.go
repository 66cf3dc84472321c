package seriesfile

import (
	"os"
	"slices"

	"github.com/getij/getij/internal/dataset"
)

// A year of 500 homes has 17.6 million values, 141 MB: there is room for them once.

const (
	// measuredRows are the first rows, by whose length the number of all is estimated.
	measuredRows = 64
	// fewValues need no estimate.
	fewValues = 1_000_000
)

// reserve makes room for the rows of a large file at once, by the size of the file and
// that of a row so far: growing piece by piece needs more than twice the memory.
func (p *rows) reserve(path string, bytesSoFar int) {
	info, err := os.Stat(path)
	if err != nil || bytesSoFar == 0 {
		return
	}
	// The rest of the rows may be a little shorter.
	n := int(1.02 * float64(info.Size()) / (float64(bytesSoFar) / float64(len(p.at))))
	n = min(n, mostValues/len(p.values)+1)
	if n <= len(p.at) || n*len(p.values) < fewValues {
		return
	}
	for c, v := range p.values {
		p.values[c] = append(make([]float64, 0, n), v...)
	}
	p.at, p.line = slices.Grow(p.at, n-len(p.at)), slices.Grow(p.line, n-len(p.line))
}

// even tells rows that follow each other without a gap, a repeat or another spacing:
// their values are the series.
func (g *grid) even() bool {
	if len(g.parts) != 1 {
		return false
	}
	p := g.parts[0]
	for i, at := range p.at {
		if at != g.start+int64(i)*g.every || int64(p.step[i]) != g.every {
			return false
		}
	}
	return !slices.ContainsFunc(p.values, func(v []float64) bool { return len(v) != len(p.at) })
}

// lean takes off parts what they need no longer: room for more rows, and times of their
// own where they are those of the part before, as of many homes over the same year.
func (r *reading) lean(parts []*rows) {
	if r.kind != dataset.Load {
		return
	}
	for _, p := range parts {
		for c, v := range p.values {
			if cap(v) > len(v)+len(v)/50 {
				p.values[c] = append(make([]float64, 0, len(v)), v...)
			}
		}
		if p.spacing(r.kind) != nil {
			return // the grid will say it
		}
		if o := r.times; o != nil && slices.Equal(p.at, o.at) && slices.Equal(p.line, o.line) && slices.Equal(p.step, o.step) {
			p.at, p.line, p.step = o.at, o.line, o.step
		}
		r.times = p
	}
}
