package session

import (
	"math"
	"testing"
)

func weighted(values, weights []float64) *sample { return &sample{value: values, weight: weights} }

func TestDistanceIsTheLargestGapBetweenCumulativeShares(t *testing.T) {
	one := []float64{1, 1, 1, 1}
	for _, c := range []struct {
		a, b *sample
		want float64
	}{
		{weighted([]float64{1, 2, 3, 4}, one), weighted([]float64{1, 2, 3, 4}, one), 0},
		{weighted([]float64{1, 2, 3, 4}, one), weighted([]float64{5, 6, 7, 8}, one), 1},
		{weighted([]float64{1, 2, 3, 4}, one), weighted([]float64{3, 4, 5, 6}, one), 0.5},
		// A weight of 3 is three times the same value.
		{weighted([]float64{1, 2}, []float64{3, 1}), weighted([]float64{1, 1, 1, 2}, one), 0},
		{weighted([]float64{1, 2}, []float64{3, 1}), weighted([]float64{1, 2}, []float64{1, 1}), 0.25},
	} {
		if got := distance(c.a, c.b); math.Abs(got-c.want) > 1e-12 {
			t.Errorf("distance of %v and %v is %g, want %g", c.a, c.b, got, c.want)
		}
	}
}

func TestRankCorrelation(t *testing.T) {
	one := []float64{1, 1, 1, 1}
	for _, c := range []struct {
		a, b []float64
		want float64
	}{
		{[]float64{1, 2, 3, 4}, []float64{1, 8, 27, 64}, 1},
		{[]float64{1, 2, 3, 4}, []float64{4, 3, 2, 1}, -1},
		{[]float64{1, 1, 2, 2}, []float64{1, 2, 1, 2}, 0},
	} {
		if got := spearman(c.a, c.b, one); math.Abs(got-c.want) > 1e-12 {
			t.Errorf("%v and %v correlate by %g, want %g", c.a, c.b, got, c.want)
		}
	}
}

// What a pool says of arrivals and plugged-in time adds up: all arrivals are one a
// week, and plugged-in time is the mean duration.
func TestAPoolKeepsArrivalsAndTime(t *testing.T) {
	sessions := []observed{{5, 10, 1}, {671, 3, 1}, {300, 700, 1}, {480, 1, 1}, {2, 1500, 1}}
	p := newPool(sessions)
	arrivals, plugged, steps := 0.0, 0.0, 0.0
	for k := range p.arrivals {
		arrivals += p.arrivals[k]
		plugged += p.plugged[k]
	}
	for _, s := range sessions {
		steps += float64(s.steps) / float64(len(sessions))
	}
	if math.Abs(arrivals-1) > 1e-9 || math.Abs(plugged+1-steps) > 1e-9 {
		t.Errorf("%g arrivals, plugged in for %g quarters, of which the sessions last %g", arrivals, plugged+1, steps)
	}
	for k := range p.arrivals {
		n := 0.0
		for _, s := range sessions {
			spread(s.quarter, func(at int, share float64) {
				if at == k {
					n += share / float64(len(sessions))
				}
			})
		}
		if math.Abs(n-p.arrivals[k]) > 1e-12 {
			t.Fatalf("quarter %d has %g of the arrivals, the sessions give %g", k, p.arrivals[k], n)
		}
	}
}
