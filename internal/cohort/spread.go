package cohort

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
)

// Spread is a distribution by three of its percentiles.
type Spread struct {
	P5, P50, P95 float64
}

// SpreadOf computes percentiles with linear interpolation. It sorts values.
func SpreadOf(values []float64) Spread {
	slices.Sort(values)
	at := func(share float64) float64 {
		x := share * float64(len(values)-1)
		i := int(x)
		if i+1 >= len(values) {
			return values[len(values)-1]
		}
		return values[i] + (x-float64(i))*(values[i+1]-values[i])
	}
	return Spread{at(0.05), at(0.50), at(0.95)}
}

// Coincidence is how high the yearly peak per home of a group of homes is, over
// groups drawn from the cohort with replacement. Groups that are not small
// against the cohort lean on the same homes: then the cohort is too small for
// the tail of the curve.
type Coincidence struct {
	Homes           int
	PeakChargeKW    Spread // per home, positive
	PeakDischargeKW Spread // per home, positive
}

// GroupSizes are the sizes that studies report.
func GroupSizes() []int { return []int{1, 2, 5, 10, 20, 50, 100, 200, 500, 1000} }

// draws is how many groups of a size are drawn: fewer of the large ones, whose
// peaks differ little.
func draws(size, homes int) int {
	switch {
	case size == 1:
		return homes // each home once
	case size <= 5:
		return 200
	case size <= 20:
		return 100
	case size <= 100:
		return 60
	default:
		return 30
	}
}

func (r *runner) coincidence(ctx context.Context) ([]Coincidence, error) {
	var out []Coincidence
	sums := make([][]float64, r.workers)
	for _, size := range r.Groups {
		groups, of := r.drawn(size)
		type peaks struct{ charge, discharge float64 }
		found := make([]peaks, len(groups))
		err := r.parallel(ctx, len(groups), func(worker, k int) error {
			if sums[worker] == nil {
				sums[worker] = make([]float64, r.Axis.Len())
			}
			sum := sums[worker]
			clear(sum)
			for members := groups[k]; len(members) > 0; {
				times := 1
				for times < len(members) && members[times] == members[0] {
					times++
				}
				r.addTo(sum, members[0], float64(times))
				members = members[times:]
			}
			var low, high float64 // slices.Min and Max heed NaN, of which there is none: five times slower
			for _, kw := range sum {
				if kw > high {
					high = kw
				} else if kw < low {
					low = kw
				}
			}
			found[k] = peaks{high / float64(size), max(0, -low) / float64(size)}
			return nil
		})
		if err != nil {
			return nil, err
		}
		charge, discharge := make([]float64, len(of)), make([]float64, len(of))
		for draw, k := range of {
			charge[draw], discharge[draw] = found[k].charge, found[k].discharge
		}
		out = append(out, Coincidence{size, SpreadOf(charge), SpreadOf(discharge)})
	}
	return out, nil
}

// drawn are the groups of a size that differ, and which of them each draw is: of few homes
// the same group is drawn many times.
func (r *runner) drawn(size int) (groups [][]int, of []int) {
	known := map[string]int{}
	for draw := range draws(size, len(r.Homes)) {
		members := r.group(size, draw)
		key := fmt.Sprint(members)
		k, ok := known[key]
		if !ok {
			k = len(groups)
			known[key] = k
			groups = append(groups, members)
		}
		of = append(of, k)
	}
	return groups, of
}

// group lists the homes of a draw in order, a home as often as it was drawn: the same groups
// for every case.
func (r *runner) group(size, draw int) []int {
	if size == 1 {
		return []int{draw}
	}
	rng := rand.New(rand.NewPCG(r.Seed, uint64(size)<<32|uint64(draw)))
	members := make([]int, size)
	for i := range members {
		members[i] = rng.IntN(len(r.Homes))
	}
	slices.Sort(members)
	return members
}
