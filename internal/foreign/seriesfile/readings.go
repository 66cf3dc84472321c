package seriesfile

import (
	"fmt"
	"math"

	"github.com/getij/getij/internal/foreign/clock"
)

const (
	longFile  = 20 // values: enough to tell readings by their never falling
	shortFile = 3  // enough where they also stand far above what they rise by
	farAbove  = 100
	// risesPerFall tells readings from a device that is on and off: it falls as often as
	// it rises.
	risesPerFall = 5
)

// readings tells meter readings from energy per interval by their values: of at
// least so many they do not fall, but for 1 in 20 or one, and rise; in a short file
// they also stand far above what they rise by.
func readings(values []float64, least int) bool {
	last, n, up, down := math.NaN(), 0, 0, 0
	level, rise := math.Inf(1), 0.0
	for _, v := range values {
		if math.IsNaN(v) {
			continue
		}
		n++
		if v > last {
			up++
			rise = max(rise, v-last)
		} else if v < last {
			down++
		}
		level, last = min(level, v), v
	}
	switch {
	case n < least || up <= risesPerFall*down || longFile*down > n && down > 1:
		return false
	case n >= longFile && longFile*down <= n:
		return risesEnough(n, up, level, rise)
	}
	return down == 0 && level > farAbove*rise
}

// risesEnough tells readings from energy that hardly changes: they rise in 1 of 20 values,
// or stand far above what they rise by.
func risesEnough(n, up int, level, rise float64) bool {
	return longFile*up >= n || level > farAbove*rise
}

// mendReadings takes out false readings: one row that leaps or falls, while the next
// goes on from the one before. What was used is spread evenly over its two intervals.
func (p *rows) mendReadings(r *reading) {
	for _, v := range p.values {
		for i := 1; i+1 < len(v); i++ {
			before, after := v[i-1], v[i+1]
			if !(after >= before) || !(v[i] < before || v[i] > after) {
				continue
			}
			r.rep.Mend("false reading, replaced by one between its neighbours", r.where(p, i, fmt.Sprintf("%s, %.8g between %.8g and %.8g", clock.Stamp(p.at[i]), v[i], before, after)))
			v[i] = before + (after-before)*float64(p.at[i]-p.at[i-1])/float64(max(p.at[i+1]-p.at[i-1], 1))
		}
	}
}

// allReadings tells that all columns are readings.
func allReadings(parts []*rows) bool {
	for _, p := range parts {
		for _, v := range p.values {
			if !readings(v, shortFile) {
				return false
			}
		}
	}
	return true
}

// risesOnly is an error about readings that fall again and again, as counters that begin
// anew each day do, or energy that rises from morning to night.
func risesOnly(parts []*rows, name string) error {
	const most, share = 3, 100
	for _, p := range parts {
		for _, v := range p.values {
			last, n, falls, row := math.NaN(), 0, 0, 0
			for i, x := range v {
				if math.IsNaN(x) {
					continue
				}
				if n++; x < last {
					if falls++; falls == 1 {
						row = p.lineOf(i)
					}
				}
				last = x
			}
			if falls > most && falls*share > n {
				return fmt.Errorf("%s rises like meter readings, but falls %d times in %d values, first in row %d: is it a counter that begins anew (--format registers), or energy per interval (--format meter)?", name, falls, n, row)
			}
		}
	}
	return nil
}
