package seriesfile

import (
	"fmt"
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

// room is how many values there may be besides those of files before; all in all a year of
// quarter-hours of 500 homes, or as many prices as a study reads.
func (r *reading) room() int {
	if r.kind == dataset.Prices {
		return mostOfOne - r.total
	}
	return mostValues - r.total
}

// tooMany is the error about a file with more values than there is room for, where those
// before it have some.
func tooMany(kind dataset.Kind, file string, before int) error {
	what, most := "values, a year of quarter-hours of 500 homes", mostValues
	if kind == dataset.Prices {
		what, most = "prices, 28 years of quarter-hours, which is what a study reads", mostOfOne
	}
	with := ""
	if before > 0 {
		with = fmt.Sprintf(", with the %d of the files before,", before)
	}
	return fmt.Errorf("%s has%s over %d %s: import the years or homes that are wanted", file, with, most, what)
}

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
		if o := r.times; o != nil && p.shared && p.step == nil && len(p.at) == len(o.at) && &p.at[0] == &o.at[0] {
			p.step = o.step
		}
		if p.spacing(r.kind) != nil {
			return // the grid will say it
		}
		if r.times != nil {
			p.shareWith(r.times)
		}
		r.times = p
	}
}

// lineOf is the row of the file that a row is of.
func (p *rows) lineOf(i int) int { return int(p.line[i] + p.lineFrom) }

// shareWith takes the times of another part where they are the same, and its rows stand as
// far apart in the file, as of many homes over the same year.
func (p *rows) shareWith(o *rows) {
	if p == o || len(p.at) != len(o.at) || len(p.at) == 0 {
		return
	}
	by := p.line[0] - o.line[0]
	for i := range p.at {
		if p.at[i] != o.at[i] || p.line[i]-o.line[i] != by {
			return
		}
	}
	if !slices.Equal(p.step, o.step) {
		return
	}
	p.lineFrom += by
	p.at, p.line, p.step = o.at, o.line, o.step
	p.shared, o.shared = true, true
}

// own gives a part times that it may change.
func (p *rows) own() {
	if p.shared {
		p.at, p.line, p.step, p.shared = slices.Clone(p.at), slices.Clone(p.line), slices.Clone(p.step), false
	}
}

// follow makes a part, whose first row stands on a line, one that has the times of another
// as long as its rows have.
func (p *rows) follow(lead *rows, line int) {
	p.lead, p.firstLine = lead, int32(line)
	for c := range p.values {
		p.values[c] = make([]float64, 0, len(lead.at))
	}
}

// read adds a row as it stands in a file; numbered tells that its part of the day has a
// number.
func (p *rows) read(at int64, line int, naive, numbered bool, number int32, values []float64) error {
	if o, k := p.lead, len(p.values[0]); o != nil {
		if k < len(o.at) && o.at[k] == at && o.naive[k] == naive && (!numbered || o.parts[k] == number) && int32(line)-p.firstLine == o.line[k]-o.line[0] {
			for i, v := range values {
				p.values[i] = append(p.values[i], v)
			}
			return nil
		}
		p.leave()
	}
	if err := p.add(at, line, values...); err != nil {
		return err
	}
	if p.naive = append(p.naive, naive); numbered {
		p.parts = append(p.parts, number)
	}
	return nil
}

// likeFirst gives a part that followed the first to its end the times that this has now,
// unless rows of it were dropped or changed places. lead are those that it was read with.
func (p *rows) likeFirst(first, lead *rows) bool {
	n := len(lead.at)
	if len(p.values[0]) != n || len(first.at) != n || first.moved {
		return false
	}
	p.at, p.line, p.step, p.dayEnds = first.at, first.line, first.step, first.dayEnds
	p.lineFrom = first.lineFrom + p.firstLine - lead.line[0]
	p.lead, p.shared, first.shared = nil, true, true
	return true
}

// leave gives a part that follows another times of its own.
func (p *rows) leave() {
	o, k := p.lead, len(p.values[0])
	if o == nil {
		return
	}
	p.lead = nil
	p.at, p.line, p.naive = slices.Clone(o.at[:k]), slices.Clone(o.line[:k]), slices.Clone(o.naive[:k])
	if o.parts != nil {
		p.parts = slices.Clone(o.parts[:k])
	}
	p.lineFrom = p.firstLine - o.line[0]
}

// times are those of a part while they are as read.
func (p *rows) times() *rows {
	return &rows{at: slices.Clone(p.at), line: slices.Clone(p.line), naive: slices.Clone(p.naive), parts: slices.Clone(p.parts)}
}
