package home

import (
	"errors"
	"fmt"
	"math"

	"github.com/getij/getij/dispatch"
	"github.com/getij/getij/internal/series"
	"github.com/getij/getij/internal/tariff"
)

// What ties a home's sessions together gets a price, the sessions are solved one by one
// at that price, and the price is moved until the tie is met. Ties are nested: the cap
// on what is discharged (cap.go) outside, the tiers of what is fed in (tiers.go) and net
// metering (netting.go) within, and the months' highest powers inmost (peaks.go). At each level the cost at a price is a concave
// function of that price, of which every schedule found gives a line from above; the set
// of schedules is convex, so a weighted mean of two is one too.

// Mode is a way to charge.
type Mode = dispatch.Mode

// search is one home's year under one contract.
type search struct {
	*Solver
	h      *Home
	axis   *series.Axis
	prices *tariff.Prices
	tiers  []tariff.FeedInTier // of which the prices per kWh count
	limit  *threshold          // of a subscription
	// free, if not nil, is the year of a mode without either, and without a cap.
	free     *candidate
	freeMode Mode
	// ceilingEUR, if not 0, is a cost from which on a year is of no use: then errDear ends
	// the search, with a candidate whose bound says so.
	ceilingEUR float64
}

var errDear = errors.New("the year costs more than one that is known")

// candidate is a year's schedules, found at one price of what is netted and one of what
// is discharged. Of the year's figures CostEUR is what is to be paid, whatever the prices
// were, but that netted kWh stand at their price as long as they are not settled.
type candidate struct {
	netted     float64 // EUR/kWh
	discharged float64 // EUR/kWh, on top of wear
	fedIn      float64 // EUR/kWh of the home's feed-in
	beyond     float64 // kWh above a subscription's limit, for which the car cannot make room
	power      []float64
	battery    []float64 // kW of the home's battery by step of the year; nil: it has none
	year       Year
	boundEUR   float64 // no schedule's value at these prices is below
}

// value is what the year costs at its prices.
func (c *candidate) value() float64 {
	return c.year.TotalEUR() + c.discharged*c.year.DischargedKWh + beyondEURPerKWh*c.beyond
}

// line is what a schedule costs at a price: value at that price, slope per unit of it.
type line struct{ price, value, slope float64 }

func (l line) at(price float64) float64 { return l.value + l.slope*(price-l.price) }

// mostCuts bounds the search; the function has a kink per change of a schedule, and each
// cut leaves the one nearest.
const mostCuts = 200

// cut finds the top of a concave function of a price, between a candidate low whose line
// rises and a candidate high whose line falls: where the two lines cross the sessions are
// solved again, until the crossing is on the function itself. It returns the two lines
// that cross there and the candidate found there.
func cut(what string, low, high candidate, of func(*candidate) line, at func(price float64) (candidate, error)) (_, _, touch candidate, err error) {
	for range mostCuts {
		l, h := of(&low), of(&high)
		// Rounding may put a crossing just below the lower price: a fee below 0 would make
		// feeding in pay more than taking costs.
		price := max(l.price, (h.at(0)-l.at(0))/(l.slope-h.slope))
		if touch, err = at(price); err != nil {
			return low, high, touch, err
		}
		top, found := l.at(price), of(&touch)
		// What the candidate itself leaves open, no crossing can close.
		open := max(0, touch.value()-touch.boundEUR)
		if found.value >= top-1e-12*math.Max(1, math.Abs(top))-open {
			return low, high, touch, nil
		}
		if found.slope > 0 {
			low = touch
		} else {
			high = touch
		}
	}
	return low, high, touch, fmt.Errorf("%s was not settled in %d steps", what, mostCuts)
}

// pay settles a mean's year: net metering and the tiers of what is fed in too.
func (q *search) pay(c *candidate) {
	q.settle(q.h, q.axis, q.prices, c.power, &c.year)
	if c.year.NetKWh < 0 { // what is netted is due on nothing
		c.year.CostEUR -= q.prices.NettedEURPerKWh * c.year.NetKWh
	}
	c.year.CostEUR += perKWhEUR(q.tiers, c.year.HomeFedInKWh)
}

// mean is the mean of two schedules, w of the first. What depends on prices is left to
// settle.
func (q *search) mean(a, b *candidate, w float64) candidate {
	out := candidate{netted: a.netted, discharged: a.discharged, year: a.year, power: make([]float64, len(a.power))}
	mean := func(x, y float64) float64 { return w*x + (1-w)*y }
	for i := range out.power {
		out.power[i] = mean(a.power[i], b.power[i])
	}
	for t := range a.battery {
		out.battery = append(out.battery, mean(a.battery[t], b.battery[t]))
	}
	out.beyond = mean(a.beyond, b.beyond)
	out.year.ChargedKWh = mean(a.year.ChargedKWh, b.year.ChargedKWh)
	out.year.DischargedKWh = mean(a.year.DischargedKWh, b.year.DischargedKWh)
	out.year.wear(q.h)
	return out
}
