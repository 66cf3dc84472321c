package study_test

import (
	"math"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/getij/getij/dispatch"
	"github.com/getij/getij/internal/assume"
	"github.com/getij/getij/internal/result"
	"github.com/getij/getij/internal/study"
)

// variantsOf is a study with variants: other prices, other homes, nothing that differs.
const variantsOf = `study: base
homes: 10
modes: [regular, v2g]
contracts: [{name: a, kind: dynamic}, {name: b, kind: single}]
variants:
  later: {contracts.a.rules: 2027-01-01}
  small: {charger.charge_kw: 3.7}
  small later: {charger.charge_kw: 3.7, contracts.a.rules: 2027-01-01}
`

func compared(t *testing.T, content string, settings ...string) *result.Comparison {
	t.Helper()
	s := loadStudy(t, studyFile(t, content), settings...)
	c, err := study.Compare(t.Context(), append([]*assume.Study{s}, s.Variants()...), nil)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// Sharing work changes no bit: every case is what its study gives when it runs alone.
func TestAComparisonIsItsStudiesRunAlone(t *testing.T) {
	c := compared(t, variantsOf)
	next := 0
	for _, s := range c.Studies {
		r, err := study.RunProfiles(t.Context(), s, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, k := range r.Cases {
			got := c.Cases[next]
			next++
			if got.Variant != s.Name || got.Contract != k.Contract || got.Mode != k.Mode ||
				got.CostEUR != k.Summary.EnergyCostEUR || got.SavingEUR != *k.Summary.SavingVsRegularEUR || got.DischargedKWh != k.Summary.DischargedKWh {
				t.Errorf("%+v\nis not what the study %s finds alone: %+v", got, s.Name, k.Summary)
			}
			// The street's peaks, from local times alone.
			evening, night, year := math.Inf(-1), math.Inf(-1), math.Inf(-1)
			for i, kw := range k.KW {
				kw += r.LoadKW[i] - r.SolarKW[i]
				at := r.Axis.Clock[i]
				if h := at.Hour(); h >= 17 && h < 21 {
					evening = max(evening, kw)
				} else if h >= 21 || h < 7 {
					night = max(night, kw)
				}
				year = max(year, kw)
			}
			near(t, got.Variant+" "+k.Name()+", evening peak", got.EveningPeakKW, evening, 1e-12)
			near(t, got.Variant+" "+k.Name()+", night peak", got.NightPeakKW, night, 1e-12)
			near(t, got.Variant+" "+k.Name()+", year's peak", got.YearPeakKW, year, 1e-12)
		}
	}
	if next != len(c.Cases) || next != 16 {
		t.Errorf("%d cases, %d of the studies", len(c.Cases), next)
	}
}

// Ten homes with two chargers; with each, three sets of prices in two ways.
func TestAComparisonComputesWhatIsTheSameOnce(t *testing.T) {
	s := loadStudy(t, studyFile(t, variantsOf))
	var most, calls atomic.Int64
	_, err := study.Compare(t.Context(), append([]*assume.Study{s}, s.Variants()...), func(stage string, done, total int) {
		if stage == "optimising" {
			calls.Add(1)
			most.Store(int64(total))
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if want := int64(2 * 3 * 2 * 10); most.Load() != want || calls.Load() != want {
		t.Errorf("%d years of a home in %d steps, want %d", most.Load(), calls.Load(), want)
	}
}

// A price year of the same homes: twice the spread in the prices leaves the mean, and
// makes what can move earn more.
func TestPriceYearsAreScenariosOfTheSameHomes(t *testing.T) {
	c := compared(t, `study: base
homes: 5
modes: [regular, v2g]
contracts: [{name: a, kind: dynamic}]
variants:
  volatile: {prices.spread_factor: 2}
  flat: {prices.spread_factor: 0}
  dear: {prices.mean_add_eur_per_mwh: 100}
`)
	saving := map[string]float64{}
	cost := map[string]float64{}
	for _, v := range c.Cases {
		if v.Mode == dispatch.V2G {
			saving[v.Variant] = v.SavingEUR
		} else {
			cost[v.Variant] = v.CostEUR
		}
	}
	// With net metering and one price all year, only what is not lost in the battery is saved: nothing.
	if math.Abs(saving["flat"]) > 0.01 || saving["volatile"] < 1.5*saving["base"] {
		t.Errorf("savings %v", saving)
	}
	// Net metering: EUR 0.10 and VAT more for each kWh that the home and its car take on balance.
	r, err := study.RunProfiles(t.Context(), c.Studies[0], nil)
	if err != nil {
		t.Fatal(err)
	}
	net := 0.0
	for _, h := range r.Cases[0].Homes {
		net += h.NetKWh / 5
	}
	near(t, "cost of EUR 100 per MWh", cost["dear"]-cost["base"], net*0.1*1.21, 0.01)
	want := "volatile: day-ahead prices are a scenario: their differences from the year's mean times 2, and EUR 0 per MWh added"
	if !slices.Contains(c.Manifest.Notes, want) {
		t.Errorf("%q lacks %q", c.Manifest.Notes, want)
	}
}

func TestNotesOfAComparisonNameTheirVariants(t *testing.T) {
	c := compared(t, variantsOf)
	want := "later, small later: contract a: rules of 2027-01-01 with the energy tax of 2026, as later ones are not known"
	if !slices.Contains(c.Manifest.Notes, want) {
		t.Errorf("%q lacks %q", c.Manifest.Notes, want)
	}
}

func TestStudiesOfOtherHomesAreNotCompared(t *testing.T) {
	load := func(settings ...string) *assume.Study { return loadStudy(t, "", settings...) }
	for _, c := range []struct {
		with *assume.Study
		want string
	}{
		{load("study=b", "homes=9"), "a has homes: 10 and b has 9: a comparison is of the same homes; set one for all with --set homes=10"},
		{load("study=b", "homes=10", "seed=3"), "a has seed: 1 and b has 3: a comparison is of the same homes; set one for all with --set seed=1"},
		{load("study=a", "homes=10"), "two studies are called a: give each a name of its own with `study:`, and each variant under `variants:`"},
		{load("study=b", "homes=10", "data.prices=gone.csv"), "b: data.prices: open gone.csv: no such file or directory"},
	} {
		_, err := study.Compare(t.Context(), []*assume.Study{load("study=a", "homes=10"), c.with}, nil)
		wantError(t, c.want, err, c.want)
	}
}

// What a home saves is the difference of what it pays in all: energy, wear of the
// battery, and what was missing at departure.
func TestTheCostOfAComparisonIsWhatTheSavingComesFrom(t *testing.T) {
	c := compared(t, `study: base
homes: 3
modes: [regular, v2g]
contracts: [{name: a, kind: dynamic}]
variants:
  wear: {car.wear_eur_per_kwh: 0.05}
  unknown: {departure.knowledge: learned}
`)
	regular := map[string]float64{}
	for _, k := range c.Cases {
		if k.Mode == dispatch.Regular {
			regular[k.Variant] = k.TotalEUR()
			continue
		}
		if got := regular[k.Variant] - k.TotalEUR(); math.Abs(got-k.SavingEUR) > 1e-9 {
			t.Errorf("%s: EUR %g less than regular charging, and a saving of EUR %g", k.Variant, got, k.SavingEUR)
		}
		if wears, lacks := k.WearEUR > 0, k.Departures.PenaltyEUR > 0; wears != (k.Variant == "wear") || lacks != (k.Variant == "unknown") {
			t.Errorf("%s: wear EUR %g, missing EUR %g", k.Variant, k.WearEUR, k.Departures.PenaltyEUR)
		}
	}
}
