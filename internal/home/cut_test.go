package home

import "testing"

// A crossing that rounding puts just below the lower price is taken there: a fee is never
// below 0, with which feeding in would pay more than taking costs.
func TestACrossingIsNotBelowTheLowerPrice(t *testing.T) {
	of := func(c *candidate) line { return line{c.fedIn, c.year.CostEUR, c.year.HomeFedInKWh} }
	at := func(price, eur, slope float64) candidate {
		return candidate{fedIn: price, boundEUR: eur, year: Year{CostEUR: eur, HomeFedInKWh: slope}}
	}
	low := at(0, 1500, 900)
	high := at(1, 1500-2e-13-100, -100) // crosses at 0, less what rounding leaves
	_, _, touch, err := cut("a test", low, high, of, func(price float64) (candidate, error) {
		if price < 0 {
			t.Errorf("solved at a price of %g", price)
		}
		return at(price, 1500, 900), nil
	})
	if err != nil || touch.fedIn != 0 {
		t.Errorf("found at %g: %v", touch.fedIn, err)
	}
}
