package seriesfile

import (
	"math"
	"time"

	"github.com/getij/getij/internal/foreign/clock"
	"github.com/getij/getij/internal/series"
)

const (
	// fewDays tell whether a counter begins anew each day; of them a few may fall, as when
	// a device restarts.
	fewDays        = 3
	shareOfFalling = 0.05
	// fewOfDay are the values of a day that tell whether it rises.
	fewOfDay = 6
)

// localDay is the number of the day of an instant by the Dutch clock.
func localDay(at int64) int64 {
	_, offset := time.Unix(at, 0).In(series.Amsterdam()).Zone()
	return (at + int64(offset)) / 86400
}

// dayCounter tells values that rise within each day and begin anew on the next: what was
// made or used since midnight. What panels make falls each afternoon, and what homes take
// falls again and again.
func (p *rows) dayCounter() bool {
	if len(p.values) != 1 {
		return false
	}
	days, falling, anew, n := 0, 0, 0, 0
	rises, falls := 0, false
	day, last, first := int64(math.MinInt64), math.NaN(), 0.0
	end := func() {
		if n >= fewOfDay && last > first {
			days++
			if falls {
				falling++
			}
		}
	}
	for i, v := range p.values[0] {
		if math.IsNaN(v) {
			continue
		}
		if d := localDay(p.at[i]); d != day {
			end()
			if v < last {
				anew++
			}
			day, n, first, falls = d, 0, v, false
		} else if v < last {
			falls = true
		} else if v > last {
			rises++
		}
		last = v
		n++
	}
	end()
	return days >= fewDays && float64(falling) <= shareOfFalling*float64(days) && anew >= days-1-days/10 && rises >= fewDays*days
}

// runOn makes one counter of one that begins anew each day.
func (p *rows) runOn(r *reading) {
	before, last := 0.0, math.NaN()
	for i, v := range p.values[0] {
		if math.IsNaN(v) {
			continue
		}
		if v < last && localDay(p.at[i]) != localDay(p.at[i-1]) {
			before += last
		}
		last = v
		p.values[0][i] = math.Round((before+v)*1e6) / 1e6
	}
	r.note("the values of %s begin anew each day, and rise until midnight: the energy of each interval is taken from their differences", p.file)
}

// fromCounter takes the output of panels from the readings of a counter. Where the file
// has none while the sun is down, the counter stands still.
func (p *rows) fromCounter(r *reading) error {
	if err := p.arrange(r); err != nil {
		return err
	}
	if p.dayCounter() {
		p.runOn(r)
	} else {
		r.note("the values of %s rise like meter readings: what was made is taken from their differences", p.file)
	}
	every := int64(p.step[0])
	down := func(at int64) bool { return elevation(time.Unix(at+every/2, 0)) < sunDown }
	out := newRows(p.file, 1)
	for i, at := range p.at {
		if i > 0 && at-p.at[i-1] < 24*3600 && allDown(p.at[i-1]+every, at-every, every, down) {
			for from := p.at[i-1] + every; from < at; from += every {
				r.rep.Mend("no reading while the sun is down, taken as the one before", r.where(p, i, clock.Stamp(from)))
				if err := out.add(from, p.lineOf(i-1), p.values[0][i-1]); err != nil {
					return err
				}
			}
		}
		if err := out.add(at, p.lineOf(i), p.values[0][i]); err != nil {
			return err
		}
	}
	out.skipped = p.skipped
	*p = *out
	return p.differences(r)
}
