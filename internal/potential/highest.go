package potential

import (
	"cmp"
	"math"
	"slices"
)

// Step is a quarter-hour of the study's year, in kW: the mean dwelling's load and solar
// output, and what a charge point takes that takes part and one that charges as regular.
type Step struct {
	At                        int // its place in the year
	Load, Solar, Car, Regular float64
}

// Steps are those quarter-hours of the year that may be a region's highest.
type Steps struct {
	List         []Step
	KnowsRegular bool
}

// HighestSteps picks from a year the steps that may be the highest of a region, whatever
// its homes, its charge points and the share of these that takes part: a step that
// another exceeds in all terms is not. regular is nil where it is not known.
func HighestSteps(load, solar, car, regular []float64) *Steps {
	out := &Steps{KnowsRegular: regular != nil}
	for t := range load {
		s := Step{t, load[t], solar[t], car[t], 0}
		if out.KnowsRegular {
			s.Regular = regular[t]
		}
		if slices.ContainsFunc(out.List, func(k Step) bool { return k.covers(&s) }) {
			continue
		}
		out.List = append(slices.DeleteFunc(out.List, func(k Step) bool { return s.covers(&k) }), s)
	}
	slices.SortFunc(out.List, func(a, b Step) int { return cmp.Or(cmp.Compare(b.Load, a.Load), a.At-b.At) })
	return out
}

// covers says that the other step is higher in no region.
func (s *Step) covers(other *Step) bool {
	return s.Load >= other.Load && s.Solar <= other.Solar && s.Car >= other.Car && s.Regular >= other.Regular
}

// Highest is a region's highest quarter-hour of the year, with all of its homes and cars
// like the study's mean, when a share of the cars takes part and the others charge as
// regular: kW and the step, NaN and -1 where it cannot be known.
func (s *Steps) Highest(h Homes, points, adoption float64) (kw float64, at int) {
	if s == nil || len(s.List) == 0 || !s.KnowsRegular && adoption < 1 {
		return math.NaN(), -1
	}
	kw, at = math.Inf(-1), -1
	for i := range s.List {
		x := &s.List[i]
		v := h.Equivalents*x.Load - h.Dwellings*x.Solar + points*(adoption*x.Car+(1-adoption)*x.Regular)
		if v > kw {
			kw, at = v, x.At
		}
	}
	return kw, at
}
