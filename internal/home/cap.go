package home

import (
	"math"

	"github.com/getij/getij/dispatch"
)

// A cap on what is discharged in a year, such as a maker's warranty sets, is a price
// p >= 0 on each discharged kWh. With C(x) the year's cost and E(x) what it discharges
// less the cap:
//
//	minimise C(x) where E(x) <= 0   =   max over p >= 0 of  min_x  C(x) + p E(x)
//
// A home that stays below the cap at p = 0 has p = 0. Else E changes its sign at a price
// where the schedule jumps, and the mean of both schedules with E = 0 meets the cap
// exactly; the value there is the bound that proves it. At a price high enough nothing
// is discharged: that schedule, smart charging, is the line from which the search starts.

// mostDischargedKWh is the cap of a year: that in kWh or in hours at full power,
// whichever is lower.
func (h *Home) mostDischargedKWh() float64 {
	most := math.Inf(1)
	if h.Car.MostDischargedKWh != nil {
		most = *h.Car.MostDischargedKWh
	}
	if h.Car.MostDischargedHours != nil {
		most = min(most, *h.Car.MostDischargedHours*h.Charger.DischargeKW)
	}
	return most
}

// capRounding is how far (share) a year may be above its cap by rounding.
const capRounding = 1e-12

// capped finds the cheapest year that keeps the cap, given the cheapest one without.
func (q *search) capped(mode Mode, free candidate) (candidate, error) {
	most := q.h.mostDischargedKWh()
	if free.year.DischargedKWh <= most*(1+capRounding) {
		return free, nil
	}
	none, err := q.tiered(dispatch.Smart, 0, nil)
	if err != nil {
		return none, err
	}
	of := func(c *candidate) line {
		return line{c.discharged, c.value() - c.discharged*most, c.year.DischargedKWh - most}
	}
	low, high, touch, err := cut("the cap on discharging", free, none, of, func(p float64) (candidate, error) {
		return q.tiered(mode, p, nil)
	})
	if err != nil {
		return touch, err
	}
	out := q.mean(&low, &high, (most-high.year.DischargedKWh)/(low.year.DischargedKWh-high.year.DischargedKWh))
	out.netted, out.discharged, out.fedIn = touch.netted, touch.discharged, touch.fedIn
	q.pay(&out)
	out.boundEUR = touch.boundEUR - touch.discharged*most
	return out, nil
}
