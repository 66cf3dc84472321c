package seriesfile

import (
	"slices"

	"github.com/getij/getij/internal/foreign/clock"
)

// endsOfDays turns times into starts where they are ends: a file of whole days that
// begins one interval after midnight and ends at midnight (00:15 ... 24:00).
func (p *rows) endsOfDays(r *reading, l layout) error {
	begin := clock.TimeOfDay(p.firstText)
	whole := begin > 0 && begin <= int64(hour) && clock.TimeOfDay(p.lastText) == 0
	if l.end || l.ranges || !whole && !p.dayEnds {
		return nil
	}
	if err := p.inOrder(r); err != nil {
		return err
	}
	if err := p.spacing(r.kind); err != nil || len(p.step) == 0 {
		return err
	}
	step := int64(slices.Min(p.step))
	whole = whole && begin == step && p.at[len(p.at)-1]-p.at[0]+step >= 24*3600
	if !whole && !p.dayEnds {
		return nil
	}
	return p.shiftEnds(r)
}

// shiftEnds turns times that are ends into starts.
func (p *rows) shiftEnds(r *reading) error {
	if err := p.spacing(r.kind); err != nil || len(p.step) == 0 {
		return err
	}
	p.own()
	step := int64(slices.Min(p.step))
	for i := range p.at {
		p.at[i] -= step
	}
	r.note("the times of %s are the ends of their intervals", p.file)
	return nil
}
