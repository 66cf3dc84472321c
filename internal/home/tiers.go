package home

import "github.com/getij/getij/internal/tariff"

// A fee g on what the home feeds in over the year, E(x), of which each kWh more costs as
// much or more, is a price f of every kWh fed in. With C(x) the year's cost:
//
//	minimise C(x) + g(E(x))   =   max over f >= 0 of  min_x [C(x) + f E(x)] - g*(f)
//
// f is the price of the tier in which E lies; where E is below the tier's begin at its
// price, and above it at that of the tier before, E stays at that begin, at a price
// between the two where the schedule jumps. There the mean of both schedules is optimal:
// both have the least C + f E, which is convex, and so has every mean of them; as C and E
// are convex each, E is straight between the two.
//
// A limit on E is a last tier in which each kWh costs more than any schedule saves.

// beyondEURPerKWh is what is paid in the search for energy beyond a limit that must hold:
// more than any price of energy, so that nothing is beyond where that can be.
const beyondEURPerKWh = 1000

// beyondKWh is what is taken for rounding of such a limit.
const beyondKWh = 1e-6

// perKWhEUR is what the tiers' prices per kWh come to in a year.
func perKWhEUR(tiers []tariff.FeedInTier, kWh float64) (eur float64) {
	for k, tier := range tiers {
		to := kWh
		if k+1 < len(tiers) {
			to = min(to, tiers[k+1].FromKWh)
		}
		eur += tier.EURPerKWh * max(0, to-tier.FromKWh)
	}
	return eur
}

// tiered finds the cheapest year with the tiers' prices per kWh, at a price on what is
// discharged.
func (q *search) tiered(mode Mode, perDischargedEUR float64, power []float64) (candidate, error) {
	plain := func() (candidate, error) {
		if q.free != nil && q.limit == nil && perDischargedEUR == 0 && mode == q.freeMode {
			q.StoredEURPerKWh = append(q.StoredEURPerKWh[:0], q.freeStored...)
			return *q.free, nil
		}
		return q.netted(mode, perDischargedEUR, power)
	}
	if len(q.tiers) == 0 {
		return plain()
	}
	at := func(fee float64) (candidate, error) {
		if fee == 0 {
			return plain()
		}
		charged := *q
		charged.prices = q.withFee(q.prices, fee)
		c, err := charged.netted(mode, perDischargedEUR, nil)
		c.fedIn = fee
		return c, err
	}
	// least is what a year costs that feeds in no more than a tier's begin.
	least := func(c *candidate, begin float64) float64 {
		return c.boundEUR + perKWhEUR(q.tiers, begin) - c.fedIn*begin
	}
	c, err := at(q.tiers[0].EURPerKWh)
	for k := 0; err == nil; k++ {
		tier := q.tiers[k]
		if k+1 == len(q.tiers) || c.year.HomeFedInKWh <= q.tiers[k+1].FromKWh {
			// g lies on or above its line in this tier.
			c.boundEUR = least(&c, tier.FromKWh)
			c.year.CostEUR += perKWhEUR(q.tiers, c.year.HomeFedInKWh) - c.fedIn*c.year.HomeFedInKWh
			return c, nil
		}
		begin, price := q.tiers[k+1].FromKWh, q.tiers[k+1].EURPerKWh
		limited := func(fee float64) (candidate, error) {
			next, err := at(fee)
			if err == nil && price == beyondEURPerKWh && q.ceilingEUR != 0 {
				if eur := least(&next, begin); eur >= q.ceilingEUR {
					next.boundEUR, err = eur, errDear
				}
			}
			return next, err
		}
		step := 1.0
		if price == beyondEURPerKWh && q.ceilingEUR != 0 { // about where it costs too much
			step = 2 * (q.ceilingEUR - least(&c, begin)) / (c.year.HomeFedInKWh - begin)
		}
		// To a limit the price rises step by step: few schedules need a high one.
		for fee := min(price, c.fedIn+step); ; fee = min(price, 4*fee) {
			var next candidate
			if next, err = limited(fee); err != nil {
				return next, err
			}
			if next.year.HomeFedInKWh < begin {
				return q.atBegin(begin, c, next, limited)
			}
			if c = next; fee == price {
				break
			}
		}
	}
	return c, err
}

// atBegin finds the year that feeds in just what a tier begins at, between two that feed
// in more and less.
func (q *search) atBegin(begin float64, more, less candidate, at func(fee float64) (candidate, error)) (candidate, error) {
	of := func(c *candidate) line {
		return line{c.fedIn, c.value() - c.fedIn*begin, c.year.HomeFedInKWh - begin}
	}
	more, less, touch, err := cut("the year's feed-in", more, less, of, at)
	if err != nil {
		return touch, err
	}
	out := q.mean(&more, &less, (begin-less.year.HomeFedInKWh)/(more.year.HomeFedInKWh-less.year.HomeFedInKWh))
	out.netted, out.fedIn = touch.netted, touch.fedIn
	q.pay(&out)
	out.boundEUR = touch.boundEUR + perKWhEUR(q.tiers, begin) - touch.fedIn*begin
	return out, nil
}

// withFee are prices with a fee on each kWh fed in.
func (s *Solver) withFee(p *tariff.Prices, fee float64) *tariff.Prices {
	less := func(to, from []float64) []float64 {
		to = to[:0]
		for _, eur := range from {
			to = append(to, eur-fee)
		}
		return to
	}
	charged := *p
	s.feeExport = less(s.feeExport, p.ExportEURPerKWh)
	charged.ExportEURPerKWh, charged.StorageExportEURPerKWh = s.feeExport, s.feeExport
	if &p.StorageExportEURPerKWh[0] != &p.ExportEURPerKWh[0] {
		s.feeStorage = less(s.feeStorage, p.StorageExportEURPerKWh)
		charged.StorageExportEURPerKWh = s.feeStorage
	}
	return &charged
}
