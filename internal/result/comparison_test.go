package result_test

import (
	"math"
	"reflect"
	"slices"
	"testing"

	"github.com/getij/getij/dispatch"
	"github.com/getij/getij/internal/assume"
	"github.com/getij/getij/internal/result"
)

// madeComparison has three variants of which the numbers are known.
func madeComparison(t *testing.T) *result.Comparison {
	t.Helper()
	c := &result.Comparison{}
	for i, setting := range []string{"charger.charge_kw=11", "charger.charge_kw=3.7", "charger.charge_kw=11"} {
		name := []string{"base", "slow", "calm"}[i]
		s, err := assume.Load("", []string{"study=" + name, setting, "contracts=[{name: a, kind: dynamic}]"})
		if err != nil {
			t.Fatal(err)
		}
		c.Studies = append(c.Studies, s)
		c.Manifest.Variants = append(c.Manifest.Variants, name)
	}
	add := func(variant string, m dispatch.Mode, cost, saving, year float64) {
		c.Cases = append(c.Cases, &result.VariantCase{Variant: variant, Contract: "a", Mode: m, CostEUR: cost - 40, WearEUR: 40, SavingEUR: saving, YearPeakKW: year, EveningPeakKW: year, NightPeakKW: 1})
	}
	add("base", dispatch.Regular, 1000, 0, 4)
	add("base", dispatch.V2G, 700, 300, 8) // cheaper, and worse for the street
	add("slow", dispatch.Regular, 1000, 0, 2.5)
	add("slow", dispatch.V2G, 900, 100, 2.25) // good for both
	add("calm", dispatch.V2G, 650, math.NaN(), 9)
	return c
}

func TestAComparisonReadFromItsFolderIsTheOneWritten(t *testing.T) {
	c, dir := madeComparison(t), t.TempDir()
	if err := c.Write(dir, result.Version{Version: "1.2.3"}); err != nil {
		t.Fatal(err)
	}
	if ok, err := result.IsComparison(dir); !ok || err != nil {
		t.Errorf("it is no comparison: %v", err)
	}
	got, err := result.OpenComparison(dir)
	if err != nil {
		t.Fatal(err)
	}
	if !math.IsNaN(got.Cases[4].SavingEUR) {
		t.Errorf("without regular charging the saving is %g", got.Cases[4].SavingEUR)
	}
	got.Cases[4].SavingEUR, c.Cases[4].SavingEUR = 0, 0
	if !reflect.DeepEqual(got.Cases, c.Cases) {
		t.Errorf("cases are not those written")
	}
	if got.Finding() != c.Finding() || len(got.Studies) != 3 || got.Studies[1].Charger.ChargeKW != 3.7 {
		t.Errorf("%d studies and %q", len(got.Studies), got.Finding())
	}
}

func TestAConflictIsCheaperForTheHomeAndWorseForTheStreet(t *testing.T) {
	c := madeComparison(t)
	var conflicts []string
	for _, track := range c.Tracks() {
		if track.Conflict(track.Freest()) {
			conflicts = append(conflicts, track.Variant)
		}
	}
	if !slices.Equal(conflicts, []string{"base"}) {
		t.Errorf("conflicts in %v", conflicts)
	}
	const want = "In 1 of 2 variants and contracts the freest way to charge is cheaper for the home than regular charging and gives the street a higher peak. Most so under base, a: EUR 300 a year cheaper, and the year's highest quarter-hour rises from 4.00 to 8.00 kW per home."
	if got := c.Finding(); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestDifferencesAreTheKeysInWhichStudiesDiffer(t *testing.T) {
	d := madeComparison(t).Differences()
	if len(d) != 1 || d[0].Key != "charger.charge_kw" || !slices.Equal(d[0].Values, []string{"11", "3.7", "11"}) {
		t.Errorf("differences are %+v", d)
	}
}
