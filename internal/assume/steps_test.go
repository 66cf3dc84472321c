package assume_test

import (
	"strings"
	"testing"

	"github.com/getij/getij/internal/assume"
)

// A contract's bands and tiers are what the home is charged by.
func TestBandsAndTiersOfAContract(t *testing.T) {
	s := loadStudy(t, studyFile(t, `contracts:
  - {kind: dynamic, power_bands_kw: [4, 8], power_bands_eur_per_year: [100, 200], feed_in_tiers_from_kwh: [0, 500], feed_in_tiers_eur_per_year: [0, 60]}
`))
	c := s.Contracts[0].Tariff()
	if len(c.Bands) != 2 || c.Bands[1].KW != 8 || c.Bands[1].EURPerYear != 200 {
		t.Errorf("the bands are %v", c.Bands)
	}
	if len(c.FeedInTiers) != 2 || c.FeedInTiers[1].FromKWh != 500 || c.FeedInTiers[1].EURPerKWh != 0 || c.FeedInTiers[1].EURPerYear != 60 {
		t.Errorf("the tiers are %v", c.FeedInTiers)
	}
	if again := loadStudy(t, studyFile(t, written(t, s))); written(t, again) != written(t, s) {
		t.Errorf("written and read again it is\n%s", written(t, again))
	}
}

func TestBandsAndTiersThatCannotBeAreRefused(t *testing.T) {
	for settings, want := range map[string]string{
		"power_bands_kw=[4, 8]":                                                                   "contracts.dynamic.power_bands_eur_per_year is []: 2 prices were expected, one for each of power_bands_kw",
		"power_bands_kw=[8, 4] power_bands_eur_per_year=[1, 2]":                                   "contracts.dynamic.power_bands_kw is [8 4]: rising powers were expected",
		"power_bands_kw=[4, 8] power_bands_eur_per_year=[2, 1]":                                   "nobody would have the smaller band",
		"power_bands_kw=[4, 8] power_bands_eur_per_year=[1, -2]":                                  "0 to 100000 EUR/year was expected",
		"power_bands_kw=[4] power_bands_eur_per_year=[1] power_tariff_eur_per_kw_month=1":         "power_tariff_eur_per_kw_month in the same contract",
		"feed_in_tiers_from_kwh=[0, 900]":                                                         "feed_in_tiers_eur_per_kwh or feed_in_tiers_eur_per_year was expected with it",
		"feed_in_tiers_from_kwh=[100, 900] feed_in_tiers_eur_per_kwh=[0, 1]":                      "rising energies, the first 0, were expected",
		"feed_in_tiers_from_kwh=[0, 900] feed_in_tiers_eur_per_kwh=[0.1]":                         "2 prices were expected, one for each of feed_in_tiers_from_kwh",
		"feed_in_tiers_from_kwh=[0, 900] feed_in_tiers_eur_per_kwh=[0.1, 0.05]":                   "with a discount on more feed-in the cheapest year is not found exactly",
		"feed_in_tiers_from_kwh=[0, 900] feed_in_tiers_eur_per_year=[10, 5]":                      "nobody would feed in less",
		"power_bands_kw=[1" + strings.Repeat(",2", 20) + "] power_bands_eur_per_year=[1]":         "power_bands_kw is a list of 21: at most 20 were expected",
		"feed_in_tiers_from_kwh=[0" + strings.Repeat(",1", 100) + "]":                             "feed_in_tiers_from_kwh is a list of 101: at most 100 were expected",
		"preset=network_price_by_power power_tariff_eur_per_kw_month=1":                           "(preset network_price_by_power fills in what the contract does not give)",
		"power_bands_kw=[4] power_bands_eur_per_year=[1] /foresight=day_ahead":                    "in a study with foresight: day_ahead",
		"feed_in_tiers_from_kwh=[0] feed_in_tiers_eur_per_kwh=[1] /charger.idle_loss_kw=0.1":      "in a study with charger.idle_loss_kw",
		"power_bands_kw=[4] power_bands_eur_per_year=[1] /prices.feedback_eur_per_mwh_per_gw=3.6": "homes agree by mixing years",
	} {
		var all []string
		for _, one := range strings.Split(strings.ReplaceAll(settings, ", ", ","), " ") {
			if study, ok := strings.CutPrefix(one, "/"); ok {
				all = append(all, study)
			} else {
				all = append(all, "contracts.dynamic."+one)
			}
		}
		if _, err := assume.Load("", all); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want it to say %q", settings, err, want)
		}
	}
}
