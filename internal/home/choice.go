package home

import (
	"errors"
	"fmt"
	"math"

	"github.com/getij/getij/dispatch"
	"github.com/getij/getij/internal/series"
	"github.com/getij/getij/internal/tariff"
)

// A subscription by bands of power, and a sum a year by tiers of feed-in, are steps: no
// price finds the best. But within a band, and up to the end of a tier, the year is convex:
// the highest power and the year's feed-in are limits, which other ties' prices meet
// exactly. So each pair of a band and a tier is a year of its own, and the cheapest of
// them, their prices included, is the optimum. Where a looser limit's year already costs
// as much, a tighter one, which never costs less, is not solved.

// highestKW is what a limit may be passed by for rounding.
const highestKW = 1e-6

// bandOf is the first band that carries a power, or how many there are.
func bandOf(bands []tariff.Band, kW float64) int {
	for b := range bands {
		if kW <= bands[b].KW+highestKW {
			return b
		}
	}
	return len(bands)
}

// tierOf is the last tier that begins below a year's feed-in.
func tierOf(tiers []tariff.FeedInTier, kWh float64) int {
	for k := len(tiers) - 1; k > 0; k-- {
		if kWh > tiers[k].FromKWh+beyondKWh {
			return k
		}
	}
	return 0
}

// choice is the search over bands and tiers.
type choice struct {
	*search
	mode      Mode
	bands     []tariff.Band // and behind them one without a limit, which nobody can have
	tiers     []tariff.FeedInTier
	awayKW    float64 // the home's highest import while the car is away
	best      candidate
	bestEUR   float64
	boundEUR  float64
	reachedKW float64 // of the last year that did not fit its band
}

// pair is the cheapest year in a band and up to the end of a tier; where it was not
// solved, what it costs at least.
type pair struct {
	solved              bool
	year                candidate
	leastEUR, leastPure float64 // by a looser pair's cost, and by its bound
	// Of a pair up to toKWh: with a limit lower by a kWh it costs at least feeEUR more.
	toKWh, feeEUR float64
}

// upTo is what a pair costs at least with a lower limit on the year's feed-in.
func (p *pair) upTo(kWh float64) float64 {
	if p.feeEUR == 0 || math.IsInf(p.leastPure, 0) {
		return p.leastPure
	}
	return p.leastPure + p.feeEUR*(p.toKWh-kWh)
}

// chosen finds the cheapest year of a contract with bands or tiers.
func (s *Solver) chosen(h *Home, axis *series.Axis, full *tariff.Prices, mode Mode) (candidate, error) {
	plain := *full
	plain.Bands, plain.FeedInTiers = nil, nil
	q := &search{Solver: s, h: h, axis: axis, prices: &plain}
	if mode == dispatch.Regular {
		c, err := q.netted(mode, 0, nil)
		if err == nil {
			err = q.bill(full, mode, &c)
		}
		return c, err
	}
	c := choice{search: q, mode: mode, tiers: full.FeedInTiers, bestEUR: math.Inf(1), boundEUR: math.Inf(1)}
	for _, kW := range new(peakSearch).unplugged(q.h, q.axis) {
		c.awayKW = max(c.awayKW, kW)
	}
	unlimited := tariff.Band{KW: math.Inf(1)}
	if len(full.Bands) > 0 {
		unlimited.EURPerYear = math.Inf(1)
	}
	c.bands = append(append(c.bands, full.Bands...), unlimited)
	if len(c.tiers) == 0 {
		c.tiers = []tariff.FeedInTier{{}}
	}
	free, err := q.netted(mode, 0, nil)
	if err != nil {
		return free, err
	}
	q.free, q.freeMode, s.freeStored = &free, mode, append(s.freeStored[:0], s.StoredEURPerKWh...)
	if err := c.all(); err != nil {
		return c.best, err
	}
	if math.IsInf(c.bestEUR, 1) {
		return c.best, noBand(mode, c.reachedKW, full.Bands)
	}
	c.best.boundEUR = c.boundEUR
	q.StoredEURPerKWh = append(q.StoredEURPerKWh[:0], s.kept...)
	return c.best, q.bill(full, mode, &c.best)
}

// all goes through the pairs, from the loosest to the tightest limits.
func (c *choice) all() error {
	row := make([]pair, len(c.bands)+1) // of the tier above; the last is behind all bands
	for b := range row {
		row[b].leastEUR, row[b].leastPure = math.Inf(-1), math.Inf(-1)
	}
	last := len(c.tiers) - 1
	for k := last; k >= 0; k-- {
		if k < last && c.tiers[k].EURPerYear == c.tiers[k+1].EURPerYear {
			continue // to end in this tier brings nothing
		}
		for b := len(c.bands) - 1; b >= 0; b-- {
			if err := c.solve(k, b, &row[b], &row[b+1]); err != nil {
				return err
			}
		}
	}
	return nil
}

// solve finds the cheapest year of tier k and band b: at is the pair of that band and the
// tier above, wider that of the next band and this tier.
func (c *choice) solve(k, b int, at, wider *pair) error {
	band, toKWh := c.bands[b], math.Inf(1)
	if k+1 < len(c.tiers) {
		toKWh = c.tiers[k+1].FromKWh
	}
	sum := band.EURPerYear + c.tiers[k].EURPerYear
	for _, p := range []*pair{wider, at} {
		if p.solved && p.year.year.HighestKW <= band.KW+highestKW && p.year.year.HomeFedInKWh <= toKWh+beyondKWh {
			*at = *p
			c.consider(&at.year, sum)
			return nil
		}
	}
	pure := max(at.upTo(toKWh), wider.leastPure)
	*at = pair{leastEUR: max(at.leastEUR, wider.leastEUR, pure), leastPure: pure}
	if c.awayKW > band.KW+highestKW {
		c.reachedKW = c.awayKW
		at.leastEUR, at.leastPure = math.Inf(1), math.Inf(1)
	}
	if first := k == len(c.tiers)-1 && b == len(c.bands)-1; at.leastEUR+sum >= c.bestEUR && !first {
		c.boundEUR = min(c.boundEUR, at.leastPure+sum)
		return nil
	}
	c.search.tiers, c.limit = upTo(c.tiers, toKWh), nil
	if !math.IsInf(band.KW, 1) {
		c.limit = &threshold{eurPerKWh: beyondEURPerKWh, hard: true}
		for m := range c.limit.kW {
			c.limit.kW[m] = band.KW
		}
	}
	c.ceilingEUR = 0
	if k < len(c.tiers)-1 && !math.IsInf(c.bestEUR, 1) {
		c.ceilingEUR = c.bestEUR - sum
	}
	year, err := c.tied(c.mode, nil)
	fees := perKWhEUR(c.search.tiers, toKWh) // no less than 0 where it feeds in less
	if errors.Is(err, errDear) {
		at.leastEUR, at.leastPure = max(at.leastEUR, year.boundEUR), max(at.leastPure, year.boundEUR)
		if fees == 0 {
			at.toKWh, at.feeEUR = toKWh, year.fedIn
		}
		c.boundEUR = min(c.boundEUR, at.leastPure+sum)
		return nil
	}
	if err != nil {
		return err
	}
	if year.beyond > beyondKWh || year.year.HomeFedInKWh > toKWh+beyondKWh {
		if year.beyond > beyondKWh {
			c.reachedKW = year.year.HighestKW
		}
		at.leastEUR, at.leastPure = math.Inf(1), math.Inf(1)
		return nil
	}
	*at = pair{solved: true, year: year, leastEUR: year.year.TotalEUR(), leastPure: year.boundEUR}
	if fees == 0 && year.fedIn > 0 {
		at.toKWh, at.feeEUR = toKWh, year.fedIn
	}
	c.consider(&at.year, sum)
	return nil
}

// consider keeps a year that is cheaper than those before.
func (c *choice) consider(y *candidate, sumEUR float64) {
	c.boundEUR = min(c.boundEUR, y.boundEUR+sumEUR)
	if eur := y.year.TotalEUR() + sumEUR; eur < c.bestEUR {
		c.best, c.bestEUR = *y, eur
		c.kept = append(c.kept[:0], c.StoredEURPerKWh...)
	}
}

// upTo are the tiers that have a price per kWh, with a limit on the year's feed-in; none
// where there is neither.
func upTo(tiers []tariff.FeedInTier, kWh float64) (out []tariff.FeedInTier) {
	priced := false
	for _, tier := range tiers {
		if n := len(out); tier.FromKWh < kWh && (n == 0 || out[n-1].EURPerKWh != tier.EURPerKWh) {
			out = append(out, tier)
			priced = priced || tier.EURPerKWh > 0
		}
	}
	if !math.IsInf(kWh, 1) {
		return append(out, tariff.FeedInTier{FromKWh: kWh, EURPerKWh: beyondEURPerKWh})
	}
	if !priced {
		return nil
	}
	return out
}

// bill settles a year with the contract's bands and tiers.
func (q *search) bill(full *tariff.Prices, mode Mode, c *candidate) error {
	q.tiers = full.FeedInTiers
	q.pay(c)
	y := &c.year
	if k := tierOf(full.FeedInTiers, y.HomeFedInKWh); len(full.FeedInTiers) > 0 {
		y.FeedInFeeEUR = perKWhEUR(full.FeedInTiers, y.HomeFedInKWh) + full.FeedInTiers[k].EURPerYear
		y.CostEUR += full.FeedInTiers[k].EURPerYear
	}
	if len(full.Bands) == 0 {
		return nil
	}
	b := bandOf(full.Bands, y.HighestKW)
	if b == len(full.Bands) {
		return noBand(mode, y.HighestKW, full.Bands)
	}
	y.BandKW, y.BandEUR = full.Bands[b].KW, full.Bands[b].EURPerYear
	y.CostEUR += y.BandEUR
	return nil
}

// NoBandError says that a home takes more than any subscription carries.
type NoBandError struct {
	Mode          Mode
	KW, LargestKW float64 // what it takes, and what the largest band carries
}

func (e *NoBandError) Error() string {
	cause := "even where the car does all that it can"
	if e.Mode == dispatch.Regular {
		cause = "as nothing holds back regular charging"
	}
	return fmt.Sprintf("power_bands_kw ends at %g kW, but this home takes %.2f kW in a quarter-hour, %s: add a larger band, or give the home a smaller load or charger",
		e.LargestKW, e.KW, cause)
}

func noBand(mode Mode, kW float64, bands []tariff.Band) error {
	return &NoBandError{mode, kW, bands[len(bands)-1].KW}
}
