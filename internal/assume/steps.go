package assume

import (
	"fmt"

	"github.com/getij/getij/internal/foresight"
	"github.com/getij/getij/internal/tariff"
)

// bands are the contract's subscriptions by power.
func (c *Contract) bands() (out []tariff.Band) {
	for i, kW := range c.PowerBandsKW {
		out = append(out, tariff.Band{KW: kW, EURPerYear: c.PowerBandsEURPerYear[i]})
	}
	return out
}

// feedInTiers are the contract's tiers of the fee on feed-in.
func (c *Contract) feedInTiers() (out []tariff.FeedInTier) {
	for i, from := range c.FeedInTiersFromKWh {
		tier := tariff.FeedInTier{FromKWh: from}
		if len(c.FeedInTiersEURPerKWh) > 0 {
			tier.EURPerKWh = c.FeedInTiersEURPerKWh[i]
		}
		if len(c.FeedInTiersEURPerYear) > 0 {
			tier.EURPerYear = c.FeedInTiersEURPerYear[i]
		}
		out = append(out, tier)
	}
	return out
}

// checkSteps holds the lists of bands and tiers together, and refuses what they cannot be
// solved with.
func (s *Study) checkSteps() error {
	for i := range s.Contracts {
		c := &s.Contracts[i]
		if err := c.checkBands(); err != nil {
			return err
		}
		if err := c.checkTiers(); err != nil {
			return err
		}
		key, list := "power_bands_kw", c.PowerBandsKW
		if len(list) == 0 {
			key, list = "feed_in_tiers_from_kwh", c.FeedInTiersFromKWh
		}
		if len(list) == 0 {
			continue
		}
		const only = "an empty list was expected in a study with "
		switch {
		case s.Foresight != foresight.Perfect || s.Departure.Knowledge != foresight.Known:
			return c.refuse(key, list, only+"foresight: day_ahead or a departure.knowledge of stated or learned: what is bound over a year is solved only where everything is known")
		case s.Charger.IdleLossKW > 0:
			return c.refuse(key, list, only+"charger.idle_loss_kw: what is bound over a year is solved only where the efficiency is the same at every power")
		case s.Prices.FeedbackEURPerMWhPerGW > 0:
			return c.refuse(key, list, only+"prices.feedback_eur_per_mwh_per_gw: homes agree by mixing years, and the mean of two years may need a larger band or tier than either")
		case len(c.PowerBandsKW) > 0 && c.PowerTariffEURPerKWMonth > 0:
			return c.refuse("power_bands_kw", c.PowerBandsKW, only+"power_tariff_eur_per_kw_month in the same contract: it has a price of each month's highest power, or a subscription by power")
		}
	}
	return nil
}

// Each band with each tier may be a year of its own to solve.
const mostBands, mostTiers = 20, 100

func (c *Contract) refuse(key string, list []float64, want string) error {
	if p, err := presetNamed(c.Preset); err == nil && get(p.settings, key) != nil {
		want += fmt.Sprintf(" (preset %s fills in what the contract does not give)", p.Name)
	}
	return &ValueError{Key: "contracts." + c.Name + "." + key, Value: fmt.Sprint(list), Want: want}
}

func (c *Contract) checkBands() error {
	kW, eur := c.PowerBandsKW, c.PowerBandsEURPerYear
	if len(kW) > mostBands {
		return fmt.Errorf("contracts.%s.power_bands_kw is a list of %d: at most %d were expected", c.Name, len(kW), mostBands)
	}
	if len(kW) != len(eur) {
		return c.refuse("power_bands_eur_per_year", eur, fmt.Sprintf("%d prices were expected, one for each of power_bands_kw", len(kW)))
	}
	for i := range kW {
		if i > 0 && kW[i] <= kW[i-1] {
			return c.refuse("power_bands_kw", kW, "rising powers were expected")
		}
		if i > 0 && eur[i] < eur[i-1] {
			return c.refuse("power_bands_eur_per_year", eur, "prices that do not fall were expected: nobody would have the smaller band")
		}
	}
	return nil
}

func (c *Contract) checkTiers() error {
	from := c.FeedInTiersFromKWh
	if len(from) > mostTiers {
		return fmt.Errorf("contracts.%s.feed_in_tiers_from_kwh is a list of %d: at most %d were expected", c.Name, len(from), mostTiers)
	}
	for _, p := range []struct {
		key  string
		list []float64
		why  string
	}{
		{"feed_in_tiers_eur_per_kwh", c.FeedInTiersEURPerKWh, "prices that do not fall were expected: with a discount on more feed-in the cheapest year is not found exactly"},
		{"feed_in_tiers_eur_per_year", c.FeedInTiersEURPerYear, "prices that do not fall were expected: nobody would feed in less"},
	} {
		if n := len(p.list); n > 0 && n != len(from) {
			return c.refuse(p.key, p.list, fmt.Sprintf("%d prices were expected, one for each of feed_in_tiers_from_kwh", len(from)))
		}
		for i := 1; i < len(p.list); i++ {
			if p.list[i] < p.list[i-1] {
				return c.refuse(p.key, p.list, p.why)
			}
		}
	}
	for i := range from {
		if i == 0 && from[i] != 0 || i > 0 && from[i] <= from[i-1] {
			return c.refuse("feed_in_tiers_from_kwh", from, "rising energies, the first 0, were expected")
		}
	}
	if len(from) > 0 && len(c.FeedInTiersEURPerKWh)+len(c.FeedInTiersEURPerYear) == 0 {
		return c.refuse("feed_in_tiers_from_kwh", from, "feed_in_tiers_eur_per_kwh or feed_in_tiers_eur_per_year was expected with it")
	}
	return nil
}
