package study

import (
	"math/rand/v2"

	"github.com/getij/getij/internal/assume"
	"github.com/getij/getij/internal/home"
	"github.com/getij/getij/internal/series"
)

// ownCars draws the charger and the car of each home of a street's pool; nil where all have
// the study's.
func ownCars(s *assume.Study) func(home int) *assume.Study {
	k := &s.Street
	if len(k.ChargerKW)+len(k.BatteryKWh) == 0 {
		return nil
	}
	kinds := make([][]*assume.Study, max(1, len(k.ChargerKW))) // one of each: homes of a kind share it
	for i := range kinds {
		for j := range max(1, len(k.BatteryKWh)) {
			kinds[i] = append(kinds[i], s.StreetHome(i, j))
		}
	}
	return func(home int) *assume.Study {
		r := rand.New(rand.NewPCG(s.Seed^0xca25, uint64(home)))
		charger, car := r.Float64(), r.Float64()
		return kinds[drawnPlace(charger, k.ChargerShares)][drawnPlace(car, k.BatteryShares)]
	}
}

// drawnPlace is the place in a list of shares that a number from 0 to 1 falls on.
func drawnPlace(x float64, shares []float64) int {
	last := 0
	for i, share := range shares {
		if share > 0 {
			last = i
		}
		if x -= share; x < 0 {
			return i
		}
	}
	return last // of rounding
}

// pluggedEvening is the share of 17:00-21:00, all days, that cars of the pool are plugged in.
func pluggedEvening(axis *series.Axis, pool []*home.Home) float64 {
	cars := make([]float64, axis.Len())
	for _, h := range pool {
		for _, x := range h.Sessions {
			for t := x.Arrive; t < x.Depart; t++ {
				cars[t] += 1 / float64(len(pool))
			}
		}
	}
	return axis.EveningMean(cars)
}
