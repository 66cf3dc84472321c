package chart

import (
	"math"
	"strings"
	"testing"

	"github.com/getij/getij/dispatch"
	"github.com/getij/getij/internal/figure"
	"github.com/getij/getij/internal/result"
)

func TestTheFigureOfAComparisonHasEveryCaseAndContractsTogether(t *testing.T) {
	c := &result.Comparison{Manifest: result.ComparisonManifest{Homes: 1200, Variants: []string{"now", "later"}, Provenance: result.Provenance{Inputs: made().Manifest.Inputs}}}
	for _, variant := range []string{"now", "later"} {
		for _, contract := range []string{"single", "dynamic"} {
			for i, m := range []dispatch.Mode{dispatch.Regular, dispatch.V2G} {
				c.Cases = append(c.Cases, &result.VariantCase{Variant: variant, Contract: contract, Mode: m, CostEUR: float64(100 * len(c.Cases)), EveningPeakKW: float64(i), NightPeakKW: 2, YearPeakKW: float64(len(c.Cases)), SavingEUR: math.NaN()})
			}
		}
	}
	for language, words := range map[figure.Language]string{figure.English: "cheaper for the home|Single tariff|Evening peak, 17–21 h|Mean of 1,200 homes|Synthetic: prices.", figure.Dutch: "goedkoper voor de woning|Enkeltarief|Avondpiek, 17–21 u|Gemiddelde van 1.200 woningen"} {
		k, err := Compare(c, Choice{Language: language})
		if err != nil {
			t.Fatal(err)
		}
		s, err := k.Scene(figure.Frame{})
		if err != nil {
			t.Fatal(err)
		}
		all := strings.Join(texts(s), " ")
		for word := range strings.SplitSeq(words, "|") {
			if !strings.Contains(all, word) {
				t.Errorf("%s: %q is not said: %s", language, word, all)
			}
		}
		// Both variants under a contract, then those under the other.
		if got := strings.Join(s.Table[1].Text, " "); got != "now now later later now now later later" {
			t.Errorf("variants in the order %s", got)
		}
		if got := s.Table[3].Values; got[0] != 0 || got[2] != 400 || got[4] != 200 || got[6] != 600 {
			t.Errorf("costs in the order %v", got)
		}
		if len(s.Marks) != 8*3 {
			t.Errorf("%d marks for 8 cases in 3 panels", len(s.Marks))
		}
	}
}
