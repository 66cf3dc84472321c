// Package foresight is what a home can know when it decides: when its car will leave,
// and what energy will cost.
//
// What enters: the home's sessions until now, the contract's prices per step, and what
// the driver says. What leaves: chances to leave per step, prices and net loads that are
// known or expected. Nothing here reads a step, or a session's end, that lies beyond
// what is known at the time; [Statement] alone is told the departure, as the driver knows.
package foresight

import (
	"math"

	"github.com/getij/getij/internal/series"
	"github.com/getij/getij/internal/session"
)

// Departure is how the end of a session is known.
type Departure string

// The ways to know a departure.
const (
	Known   Departure = "known"   // as it will be
	Stated  Departure = "stated"  // as the driver says, with an error
	Learned Departure = "learned" // from the home's own earlier sessions
)

// Prices is how far prices, and the home's own load and solar power, are known.
type Prices string

// The ways to know prices.
const (
	Perfect  Prices = "perfect"   // all of them
	DayAhead Prices = "day_ahead" // as published: until the end of tomorrow, from 13:00
)

// Knowledge is what a home knows. The zero value, and nil, is everything.
type Knowledge struct {
	Prices    Prices
	Departure Departure
	// MissingEURPerKWh is what each stored kWh costs that is missing at departure.
	MissingEURPerKWh float64
	// StatedErrorHours is the standard deviation of what drivers state.
	StatedErrorHours float64
	// Before is what is known of departures before the first session.
	Before *Chances
	Seed   uint64 // of the home's statements
}

// Everything says whether nothing is left to chance.
func (k *Knowledge) Everything() bool {
	return k == nil || k.Prices != DayAhead && (k.Departure == Known || k.Departure == "")
}

// Chances are those to leave at the start of a quarter of the day, of a car that is
// plugged in until then, on working days and in weekends.
type Chances [2][series.QuartersPerDay]float64

// Habit counts a car's departures so far: how often it was there until a quarter of the
// day, and how often it left then.
type Habit struct {
	there, left Chances
}

func kind(c series.Clock) int {
	if c.Weekend() {
		return 1
	}
	return 0
}

// Add takes up a session that has ended. One that ends with the year is cut off there.
func (h *Habit) Add(axis *series.Axis, s session.Session) {
	for t := s.Arrive + 1; t <= s.Depart && t < axis.Len(); t++ {
		c := axis.Clock[t]
		h.there[kind(c)][c.QuarterOfDay]++
		if t == s.Depart {
			h.left[kind(c)][c.QuarterOfDay]++
		}
	}
}

const (
	// near is how many quarters either way lend their departures to a quarter, the
	// farther the less: a few dozen departures do not tell 7:45 from 8:00.
	//
	// beforeWeight is how many days what was known before counts for.
	//
	// Of what was tried on sampled homes and on Trondheim's users (0, 2, 4 and 8; 3, 6
	// and 12) the saving with V2G differs by 3 EUR a year at most. Chances that follow the
	// hour of arrival and the time since, too, gain 20 EUR for sampled homes, which are
	// drawn like that, and lose 10 for real users, whose own habits they see less of.
	near         = 4
	beforeWeight = 6
)

// Chances are the counts as chances, together with what was known before.
func (h *Habit) Chances(before *Chances) *Chances {
	var out Chances
	for k := range out {
		for q := range out[k] {
			var there, left, weight float64
			for d := -near; d <= near; d++ {
				w := float64(near + 1 - max(d, -d))
				i := (q + d + series.QuartersPerDay) % series.QuartersPerDay
				there += w * h.there[k][i]
				left += w * h.left[k][i]
				weight += w
			}
			there, left = there/weight, left/weight
			if before != nil {
				there, left = there+beforeWeight, left+beforeWeight*before[k][q]
			}
			if there > 0 {
				out[k][q] = left / there
			}
		}
	}
	return &out
}

// OfMany are the chances over many homes, each with its year of sessions.
func OfMany(axis *series.Axis, homes int, sessions func(home int) []session.Session) *Chances {
	var h Habit
	for i := range homes {
		for _, s := range sessions(i) {
			h.Add(axis, s)
		}
	}
	return h.Chances(nil)
}

// LongestPlan is for how many steps a learned plan looks ahead.
const LongestPlan = 2 * series.QuartersPerDay

// Hazard appends the chances to leave at the start of each step from a step on, of a car
// that is there during the first, for as long as a plan looks ahead.
func (c *Chances) Hazard(axis *series.Axis, from int, out []float64) []float64 {
	for t := from; t < min(from+LongestPlan, axis.Len()); t++ {
		h := 0.0
		if t > from {
			h = c[kind(axis.Clock[t])][axis.Clock[t].QuarterOfDay]
		}
		out = append(out, h)
	}
	return out
}

// furthest is how many standard deviations a statement may be off.
const furthest = 2.5

// Statement is a departure as a driver states it: about a step, and how far off it may be.
type Statement struct {
	about, sd float64 // steps
}

// State makes the statement of a departure, with an error drawn from 0 to 1.
func State(depart int, errorHours, u float64) Statement {
	sd := errorHours / series.StepHours
	least, most := normal(-furthest), normal(furthest)
	z := math.Sqrt2 * math.Erfinv(2*(least+u*(most-least))-1)
	return Statement{float64(depart) + sd*z, sd}
}

// normal is the chance that a standard normal value is below z.
func normal(z float64) float64 { return math.Erfc(-z/math.Sqrt2) / 2 }

// Hazard appends the chances that follow from a statement, of a car that is there during
// the first step, until the last step at which the departure may be.
func (s Statement) Hazard(axis *series.Axis, from int, out []float64) []float64 {
	last := min(int(math.Floor(s.about+furthest*s.sd+0.5)), axis.Len())
	// below is the share of departures until the end of a step.
	below := func(t int) float64 {
		if t >= last {
			return 1
		}
		z := (float64(t) + 0.5 - s.about) / s.sd
		return min(max((normal(z)-normal(-furthest))/(normal(furthest)-normal(-furthest)), 0), 1)
	}
	out = append(out, 0)
	left := 1 - below(from)
	for t := from + 1; t < last; t++ {
		still := 1 - below(t)
		h := 1.0
		if left > 0 {
			h = 1 - still/left
		}
		out = append(out, h)
		left = still
	}
	return out
}
