package tied

import (
	"slices"

	"github.com/getij/getij/dispatch"
)

// Session is a car that is plugged in from a step on.
type Session struct {
	From    int
	Problem dispatch.Problem // without prices: at those that all share
}

// Schedule is one session's.
type Schedule struct {
	ChargeKW, DischargeKW []float64
	CostEUR               float64
}

// Of is the part of a slice per step in which a session's car is plugged in.
func Of[T any](perStep []T, x *Session) []T {
	return perStep[x.From : x.From+len(x.Problem.NetLoadKW)]
}

// ExcessEURPerKWh is the price of a kWh beyond a limit: so dear that it is used only where
// hardly anything else helps. It is EUR 10, or more where wear and prices are high: a kWh
// less beyond a limit takes the discharge of a kWh, and charging it again at the highest
// price where it earned the lowest. Four times that, as one car may need another. Only
// kWh that are avoided by running others to and fro for their losses can be dearer.
func ExcessEURPerKWh(imp, exp []float64, sessions []Session) float64 {
	const least, times = 10, 4
	low, high, wear, lost := min(0, slices.Min(exp)), max(0, slices.Max(imp)), 0.0, 1.0
	for i := range sessions {
		p := &sessions[i].Problem
		if len(p.ImportEURPerKWh) > 0 {
			low, high = min(low, slices.Min(p.ExportEURPerKWh)), max(high, slices.Max(p.ImportEURPerKWh))
		}
		if k := &p.Charger; k.DischargeKW > 0 {
			wear, lost = max(wear, p.Battery.WearEURPerKWh), max(lost, 1/(k.ChargeEfficiency*k.DischargeEfficiency))
		}
	}
	return max(least, times*(wear+lost*high-low))
}

// RoundingKW beyond a limit counts as within.
const RoundingKW = 1e-6
