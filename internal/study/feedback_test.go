package study_test

import (
	"math"
	"strings"
	"testing"

	"github.com/getij/getij/internal/assume"
	"github.com/getij/getij/internal/study"
)

const follows = `study: fixed
homes: 6
modes: [regular, smart, v2g]
contracts: [{name: a, kind: dynamic}, {name: b, kind: single}]
variants:
  one: {prices.feedback_eur_per_mwh_per_gw: 1}
  three: {prices.feedback_eur_per_mwh_per_gw: 3}
  no cars: {prices.feedback_eur_per_mwh_per_gw: 3, prices.feedback_charge_points: 0}
`

// The more prices follow the cars, the less is left to earn; fixed contracts, and a country
// without cars, are as without.
func TestPricesThatFollowTheCarsLeaveLessToEarn(t *testing.T) {
	long(t)
	c := compared(t, follows)
	const perStudy, v2g = 6, 2
	saving := func(i int) float64 { return c.Cases[i*perStudy+v2g].SavingEUR }
	if !(saving(0) > saving(1) && saving(1) > saving(2) && saving(2) > 0) {
		t.Errorf("V2G saves EUR %.2f, %.2f and %.2f as prices follow more", saving(0), saving(1), saving(2))
	}
	if math.Abs(saving(3)-saving(0)) > 1e-9 {
		t.Errorf("without cars to follow V2G saves EUR %.6f, and %.6f where prices follow nobody", saving(3), saving(0))
	}
	for i := range c.Studies {
		for k := range perStudy {
			now := c.Cases[i*perStudy+k]
			if was := c.Cases[k]; k >= 3 && (now.CostEUR != was.CostEUR || now.YearPeakKW != was.YearPeakKW) {
				t.Errorf("%s: the fixed contract costs EUR %.4f with %s, %.4f without", now.Variant, now.CostEUR, now.Mode, was.CostEUR)
			}
			// What each home could still gain is what is open.
			if most := 0.5 + 1e-6; now.GapEUR > most || now.GapEUR < -1e-6 {
				t.Errorf("%s, %s, %s: EUR %.4f a home above the best at its prices", now.Variant, now.Contract, now.Mode, now.GapEUR)
			}
		}
	}
	notes := strings.Join(c.Manifest.Notes, "\n")
	for _, want := range []string{"one: contract a: prices follow 2250000 charge points that charge as v2g, by EUR 1 per MWh", "a home could gain EUR 0."} {
		if !strings.Contains(notes, want) {
			t.Errorf("no note says %q:\n%s", want, notes)
		}
	}
}

func TestRegionsAndStreetsRefusePricesThatFollowTheCars(t *testing.T) {
	s, err := assume.Load("", []string{"prices.feedback_eur_per_mwh_per_gw=1", "homes=2"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := study.Run(t.Context(), s, nil); err == nil || !strings.Contains(err.Error(), "0 was expected in a run with regions") {
		t.Errorf("got %v", err)
	}
	if _, err := study.Street(t.Context(), s, nil); err == nil || !strings.Contains(err.Error(), "0 was expected in a street") {
		t.Errorf("got %v", err)
	}
}
