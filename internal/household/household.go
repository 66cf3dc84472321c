// Package household draws loads of single homes around the mean of many: as spread out,
// as jumpy and as little alike as those of metered homes, so that a street of some of
// them has the peaks that real streets have.
//
// What enters: the mean load and a seed. What leaves: a home's load per quarter-hour in
// kW, whose mean over many homes is what entered.
//
// A home's load is the mean times what the home uses of it, times a factor of its own
// that is gamma-distributed with mean 1 in every quarter-hour. The factor follows a
// normal process: a habit by the time of day that lasts all year, and what passes within
// the hour. Large homes are less jumpy than small ones. The few numbers below are
// calibrated on the statistics of 72 metered homes in tables/, which the tests hold
// them to.
package household

import (
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/mathext"

	"github.com/getij/getij/internal/series"
)

const (
	// useSigma is the spread of homes' yearly use, lognormal.
	useSigma = 0.42
	// baseShare of a home's load never varies of its own: a refrigerator, a router.
	baseShare = 0.06
	// shape is the gamma distribution's, for a home of mean use, and shapePower how it
	// grows with use.
	shape, shapePower = 0.90, 0.7
	// habitShare is the habit's part of the variance, and habitQuarters how far apart
	// two times of the day are before it differs.
	habitShare, habitQuarters = 0.20, 6.0
	// memory is how much of what passes is left after a quarter-hour.
	memory = 0.63
)

// Draw draws the load of a home in kW, around a mean load per quarter-hour of the axis.
// The same seed and number give the same home.
func Draw(axis *series.Axis, meanKW []float64, seed uint64, number int) []float64 {
	r := rand.New(rand.NewPCG(seed^0x10ad, uint64(number)))
	use := math.Exp(useSigma*r.NormFloat64() - useSigma*useSigma/2)
	factor := newFactor(shape * math.Pow(use, shapePower))
	habit := drawHabit(r)
	out := make([]float64, len(meanKW))
	passing, fresh := r.NormFloat64(), math.Sqrt(1-memory*memory)
	drawn, wanted := 0.0, 0.0
	for t, mean := range meanKW {
		passing = memory*passing + fresh*r.NormFloat64()
		z := math.Sqrt(habitShare)*habit[axis.Clock[t].QuarterOfDay] + math.Sqrt(1-habitShare)*passing
		out[t] = mean * (baseShare + (1-baseShare)*factor.at(z))
		drawn += out[t]
		wanted += mean * use
	}
	if drawn > 0 { // what the home uses in the year is drawn once, not again by its habits
		for t := range out {
			out[t] *= wanted / drawn
		}
	}
	return out
}

// drawHabit draws a smooth function of the time of day with variance 1 over homes: waves
// of which the fast ones are small.
func drawHabit(r *rand.Rand) (habit [series.QuartersPerDay]float64) {
	const waves = 12
	var weight [waves]float64
	total := 0.0
	for k := range weight {
		w := 2 * math.Pi * float64(k) * habitQuarters / series.QuartersPerDay
		weight[k] = math.Exp(-w * w / 2)
		if k > 0 {
			weight[k] *= 2
		}
		total += weight[k]
	}
	for k, w := range weight {
		size := math.Sqrt(w / total)
		a, b := r.NormFloat64(), r.NormFloat64()
		for q := range habit {
			sin, cos := math.Sincos(2 * math.Pi * float64(k*q) / series.QuartersPerDay)
			habit[q] += size * (a*cos + b*sin)
		}
	}
	return habit
}

// factor makes a gamma-distributed number of mean 1 of a normal one, by a table.
type factor [2*mostZ/stepZ + 1]float64

const (
	mostZ = 6
	stepZ = 0.0625
)

func newFactor(shape float64) *factor {
	var f factor
	for i := range f {
		z := float64(i)*stepZ - mostZ
		if z < 0 {
			f[i] = mathext.GammaIncRegInv(shape, math.Erfc(-z/math.Sqrt2)/2) / shape
		} else {
			f[i] = mathext.GammaIncRegCompInv(shape, math.Erfc(z/math.Sqrt2)/2) / shape
		}
	}
	return &f
}

func (f *factor) at(z float64) float64 {
	x := min(max((z+mostZ)/stepZ, 0), float64(len(f)-1)-1e-9)
	i := int(x)
	return f[i] + (x-float64(i))*(f[i+1]-f[i])
}
