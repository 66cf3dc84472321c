package inputs

import (
	"fmt"
	"math/rand/v2"

	"github.com/getij/getij/internal/household"
)

// What homes have or not is drawn: a number that stands for each.
const (
	SolarPanels = 0x501a2
	HeatPumps   = 0x4ea70
)

// Has draws whether a home has something that a share of the homes have: with a larger share
// the same homes have it, and others.
func Has(seed, what uint64, home int, share float64) bool {
	return rand.New(rand.NewPCG(seed^what, uint64(home))).Float64() < share
}

func (r *Workbench) hasHeatPump(home int) bool {
	if r.HeatPump != nil {
		return r.HeatPump(home)
	}
	return Has(r.Study.Seed, HeatPumps, home, r.Study.Home.HeatPumpShare)
}

// HeatPumpKW is the power of a home's heat pump, if it has one.
func (r *Workbench) HeatPumpKW(home int) []float64 {
	return r.weather().Draw(r.Study.Home.HeatPumpKWh, r.Study.Seed, home)
}

func (r *Workbench) weather() *household.Heat {
	r.heatOnce.Do(func() { r.heat = household.NewHeat(r.Axis, r.Study.Seed) })
	return r.heat
}

// addHeatPumps makes the mean load of homes one with their heat pumps, and says what they
// are.
func (r *Workbench) addHeatPumps(pumps int) {
	if pumps == 0 {
		return
	}
	share := float64(pumps) / float64(r.Study.Homes)
	r.LoadKW = Plus(r.LoadKW, r.weather().MeanKW(r.Study.Home.HeatPumpKWh), share)
	coldest := r.heat.Celsius[0]
	for _, c := range r.heat.Celsius {
		coldest = min(coldest, c)
	}
	r.heatNote = fmt.Sprintf("%d of %d homes have a heat pump of some %.0f kWh a year, in weather drawn around the normals of De Bilt, whose coldest day has %.1f degrees; it is not the weather of prices and solar power (docs/street.md)", pumps, r.Study.Homes, r.Study.Home.HeatPumpKWh, coldest)
}

// Plus is a series with a share of another added.
func Plus(kW, other []float64, share float64) []float64 {
	out := make([]float64, len(kW))
	for t, v := range kW {
		out[t] = v + share*other[t]
	}
	return out
}
