package street

import (
	"context"
	"math"
	"slices"

	"github.com/getij/getij/internal/cohort"
	"github.com/getij/getij/internal/series"
)

// year is what one street does with a number of charge points.
type year struct{ peak, feedIn, hours, hoursFeedIn, kWh, kWhFeedIn float64 }

// reach widens the year to a power.
func (y *year) reach(high, low float64) {
	y.peak, y.feedIn = max(y.peak, high), max(y.feedIn, -low)
}

// beyond counts what is above the capacity.
func (y *year) beyond(kW []float64, capacity float64) {
	for _, v := range kW {
		if v > capacity {
			y.hours += series.StepHours
			y.kWh += (v - capacity) * series.StepHours
		} else if -v > capacity {
			y.hoursFeedIn += series.StepHours
			y.kWhFeedIn += (-v - capacity) * series.StepHours
		}
	}
}

// join adds another part of the same year.
func (y *year) join(o *year) {
	y.reach(o.peak, -o.feedIn)
	y.hours, y.hoursFeedIn = y.hours+o.hours, y.hoursFeedIn+o.hoursFeedIn
	y.kWh, y.kWhFeedIn = y.kWh+o.kWh, y.kWhFeedIn+o.kWhFeedIn
}

func yearOf(kW []float64, capacity float64) (y year) {
	for part := range slices.Chunk(kW, partSteps) {
		high, low := reached(part)
		y.reach(high, low)
		if high > capacity || -low > capacity {
			y.beyond(part, capacity)
		}
	}
	return y
}

// reached is the highest and the lowest power.
func reached(kW []float64) (high, low float64) {
	high, low = math.Inf(-1), math.Inf(1)
	for _, v := range kW {
		if v > high {
			high = v
		}
		if v < low {
			low = v
		}
	}
	return high, low
}

// addReached adds, and is [reached] of the sum.
func addReached(sum, kW []float64) (high, low float64) {
	high, low = math.Inf(-1), math.Inf(1)
	kW = kW[:len(sum)]
	for t := range sum {
		v := sum[t] + kW[t]
		sum[t] = v
		if v > high {
			high = v
		}
		if v < low {
			low = v
		}
	}
	return high, low
}

func add(sum, kW []float64) {
	for t, v := range kW {
		sum[t] += v
	}
}

// partSteps are the steps that streets are grown in at a time: with those the pool's homes
// are in a processor's cache.
const partSteps = 1024

func (in *Input) parts() int { return (in.Axis.Len() + partSteps - 1) / partSteps }

// part is what the streets do in a part of the year.
type part struct {
	years [][]year // by street, then number of charge points
	fits  []int    // by street: charge points with which it holds, -1 if not even with none
}

// grow gives the homes of every street charge points, one after another. It also returns
// each street's peak with those that were asked for.
func (r *runner) grow(ctx context.Context, c cohort.Case) (*Case, []float64, error) {
	parts := make([]part, r.parts())
	sums := make([][]float64, len(r.solvers))
	err := r.parallel(ctx, len(parts), func(worker, k int) error {
		if sums[worker] == nil {
			sums[worker] = make([]float64, partSteps)
		}
		from := k * partSteps
		to := min(from+partSteps, r.Axis.Len())
		p := part{make([][]year, r.Draws), make([]int, r.Draws)}
		for draw := range r.Draws {
			sum := sums[worker][:to-from]
			copy(sum, r.bares[draw][from:to])
			p.years[draw], p.fits[draw] = r.growPart(sum, draw, from, to)
		}
		parts[k] = p
		return nil
	})
	if err != nil {
		return nil, nil, err
	}
	years, fits := parts[0].years, parts[0].fits
	for _, p := range parts[1:] {
		for draw := range years {
			fits[draw] = min(fits[draw], p.fits[draw])
			for k := range years[draw] {
				years[draw][k].join(&p.years[draw][k])
			}
		}
	}
	slices.Sort(fits)
	out := &Case{Contract: c.Contract, Mode: c.Mode, Fit: fits[int(MayFail*float64(r.Draws))]}
	var peaks []float64
	for k, n := range r.counts {
		row, own := r.row(n, func(draw int) *year { return &years[draw][k] })
		if n == r.ChargePoints {
			peaks = own
		}
		out.Growth = append(out.Growth, row)
	}
	return out, peaks, nil
}

// blockSteps are the steps in which a car is looked at as one: mostly it does nothing. A
// part of the year is a whole number of blocks.
const blockSteps = 32

// active says in which blocks of the year a car charges or discharges.
func active(carKW []float64) (out []bool) {
	for block := range slices.Chunk(carKW, blockSteps) {
		out = append(out, slices.ContainsFunc(block, func(kW float64) bool { return kW != 0 }))
	}
	return out
}

// growPart gives the homes of a street charge points, in a part of the year.
func (r *runner) growPart(sum []float64, draw, from, to int) (years []year, fits int) {
	homes := r.streets[draw]
	years, fits = make([]year, len(r.counts)), len(homes)
	for start := from; start < to; start += blockSteps {
		end := min(start+blockSteps, to)
		block := sum[start-from : end-from]
		y := r.blockYear(block, nil)
		holds, given := y.holds(), 0
		blockFits := -1
		if holds {
			blockFits = 0
		}
		for k, n := range r.counts {
			for ; given < n; given++ {
				if i := homes[given]; r.active[i][start/blockSteps] {
					y = r.blockYear(block, r.car[i][start:end])
					holds = holds && y.holds()
				}
				if holds {
					blockFits = given + 1
				}
			}
			years[k].join(&y)
		}
		fits = min(fits, blockFits)
	}
	return years, fits
}

// blockYear adds a car to a block, if one is given, and counts what the street does in it.
func (r *runner) blockYear(block, carKW []float64) (y year) {
	var high, low float64
	if carKW == nil {
		high, low = reached(block)
	} else {
		high, low = addReached(block, carKW)
	}
	y.reach(high, low)
	if high > r.CapacityKW || -low > r.CapacityKW {
		y.beyond(block, r.CapacityKW)
	}
	return y
}

// holds says whether the street is never beyond its capacity.
func (y *year) holds() bool { return y.hours+y.hoursFeedIn == 0 }

// row sums up what the streets do with a number of charge points, and returns their peaks.
func (r *runner) row(chargePoints int, of func(draw int) *year) (Row, []float64) {
	values := make([]float64, r.Draws)
	spread := func(value func(*year) float64) Spread {
		for i := range values {
			values[i] = value(of(i))
		}
		return cohort.SpreadOf(values)
	}
	peaks, holding := make([]float64, r.Draws), 0
	for i := range peaks {
		y := of(i)
		if peaks[i] = y.peak; y.hours+y.hoursFeedIn == 0 {
			holding++
		}
	}
	return Row{
		ChargePoints: chargePoints, Holding: float64(holding) / float64(r.Draws),
		PeakKW:            spread(func(y *year) float64 { return y.peak }),
		FeedInKW:          spread(func(y *year) float64 { return y.feedIn }),
		HoursBeyond:       spread(func(y *year) float64 { return y.hours }),
		HoursBeyondFeedIn: spread(func(y *year) float64 { return y.hoursFeedIn }),
		KWhBeyond:         spread(func(y *year) float64 { return y.kWh }),
		KWhBeyondFeedIn:   spread(func(y *year) float64 { return y.kWhFeedIn }),
	}, peaks
}
