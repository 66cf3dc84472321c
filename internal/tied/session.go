package tied

import "github.com/getij/getij/dispatch"

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
// nothing else helps.
const ExcessEURPerKWh = 10

// RoundingKW beyond a limit counts as within.
const RoundingKW = 1e-6
