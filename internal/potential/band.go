package potential

import (
	"math"
	"math/rand/v2"
	"slices"
)

// Band is how uncertain a figure of megawatts is: its 5th and 95th percentile over
// the plausible ranges of the assumptions, relative to it. The zero Band is none.
type Band struct {
	P5, P95 float64 // of the country's figure
	// Spread is how far a region may lie off the country, as a share and as its own
	// 5th and 95th percentile lie from the middle.
	Spread float64
}

// At is the band of a region whose homes differ, too, by so much down and up, as shares:
// what is independent adds up by squares. NaN for the zero Band.
func (b Band) At(down, up float64) (p5, p95 float64) {
	if b.P95 == 0 {
		return math.NaN(), math.NaN()
	}
	middle, half := (b.P5+b.P95)/2, (b.P95-b.P5)/2
	with := func(homes float64) float64 { return math.Hypot(math.Hypot(half, b.Spread), homes) }
	return max(0, middle-with(down)), middle + with(up)
}

// Factor is an assumption that may lie anywhere from Low to High, most likely at the
// study's own Value, with a density that falls in straight lines to the ends.
type Factor struct {
	Key              string
	Low, Value, High float64
}

// at is the value below which a share u lies.
func (f *Factor) at(u float64) float64 {
	width := f.High - f.Low
	if width == 0 {
		return f.Value
	}
	if peak := (f.Value - f.Low) / width; u <= peak {
		return f.Low + math.Sqrt(u*width*(f.Value-f.Low))
	}
	return f.High - math.Sqrt((1-u)*width*(f.High-f.Value))
}

// SD is the standard deviation.
func (f *Factor) SD() float64 {
	a, b, c := f.Low, f.High, f.Value
	return math.Sqrt((a*a + b*b + c*c - a*b - a*c - b*c) / 18)
}

// DrawCount is how often all assumptions are drawn.
const DrawCount = 4000

// Draws are values of all factors at once: DrawCount rows. Each factor's values lie
// evenly over its distribution (a Latin hypercube), in an order of its own that is
// always the same.
func Draws(factors []Factor) [][]float64 {
	rows, all := make([][]float64, DrawCount), make([]float64, DrawCount*len(factors))
	for i := range rows {
		rows[i], all = all[:len(factors)], all[len(factors):]
	}
	for k := range factors {
		r := rand.New(rand.NewPCG(0xba4d, uint64(k)))
		for i, place := range r.Perm(DrawCount) {
			rows[i][k] = factors[k].at((float64(place) + 0.5) / DrawCount)
		}
	}
	return rows
}

// Percentiles are the 5th and the 95th of some values, which it sorts.
func Percentiles(values []float64) (p5, p95 float64) {
	slices.Sort(values)
	at := func(share float64) float64 {
		x := share * float64(len(values)-1)
		i := int(x)
		return values[i] + (x-float64(i))*(values[i+1]-values[i])
	}
	return at(0.05), at(0.95)
}

// Effect is how far an assumption moves a figure alone, from one end of its range to
// the other.
type Effect struct {
	Factor
	AtLow, AtHigh float64 // the figure
}

// Effects are those of all factors, largest first.
func Effects(factors []Factor, figure func(values []float64) float64) []Effect {
	values := make([]float64, len(factors))
	for k := range factors {
		values[k] = factors[k].Value
	}
	var out []Effect
	for k, f := range factors {
		e := Effect{Factor: f}
		values[k] = f.Low
		e.AtLow = figure(values)
		values[k] = f.High
		e.AtHigh = figure(values)
		values[k] = f.Value
		out = append(out, e)
	}
	slices.SortStableFunc(out, func(a, b Effect) int {
		x, y := math.Abs(a.AtHigh-a.AtLow), math.Abs(b.AtHigh-b.AtLow)
		switch {
		case x > y:
			return -1
		case x < y:
			return 1
		}
		return 0
	})
	return out
}
