package session

import (
	"math/rand/v2"
	"testing"
)

// The factor that years are scaled by is that of a bisection that asks at every step.
func TestABracketSparesQuestionsAlone(t *testing.T) {
	s := &Sampler{driving: Driving{MostKWh: 60, ChargeKW: 11}}
	s.tables.Energy = Exceedance{Value: []float64{0, 10, 30, 100}, Share: []float64{1, 0.6, 0.2, 0}}
	r := rand.New(rand.NewPCG(3, 14))
	for range 300 {
		year, most := make([]drawn, 1+r.IntN(200)), 0.0
		for i := range year {
			year[i] = drawn{Session{Depart: 1 + r.IntN(60)}, r.Float64(), 0.3 + 2*r.Float64()}
			most += s.driving.most(year[i].Steps())
		}
		yearKWh := most * []float64{0, r.Float64() / 10, r.Float64(), 0.9999, 1.1}[r.IntN(5)]
		got := s.drive(year, yearKWh)
		high := asked(s, year, yearKWh)
		for i, d := range year {
			limit := s.driving.most(d.Steps())
			if want := scaled(s.published(&year[i], limit), limit, high*d.scale); got[i].EnergyKWh != want {
				t.Fatalf("session %d of %d has %.17g kWh, want %.17g", i, len(year), got[i].EnergyKWh, want)
			}
		}
	}
}

// asked is the factor by bisection alone.
func asked(s *Sampler, year []drawn, yearKWh float64) float64 {
	sum := func(factor float64) (sum float64) {
		for i := range year {
			limit := s.driving.most(year[i].Steps())
			sum += scaled(s.published(&year[i], limit), limit, factor*year[i].scale)
		}
		return sum
	}
	low, high := 0.0, 1.0
	for high < 1e9 && sum(high) < yearKWh {
		low, high = high, 2*high
	}
	for range 60 {
		if mid := (low + high) / 2; sum(mid) < yearKWh {
			low = mid
		} else {
			high = mid
		}
	}
	if yearKWh == 0 {
		return 0
	}
	return high
}
