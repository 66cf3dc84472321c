package result_test

import (
	"testing"

	"github.com/getij/getij/internal/dataset"
	"github.com/getij/getij/internal/result"
)

// Below a figure on real prices stands what is synthetic beside them, no synthetic year.
func TestAFigureSaysWhichInputsAreSynthetic(t *testing.T) {
	for _, c := range []struct {
		kinds  []string
		en, nl string
	}{
		{nil, "", ""},
		{[]string{"prices", "load", "solar", "sessions"}, "Synthetic year.", "Synthetisch jaar."},
		{[]string{"prices", "load", "solar"}, "Synthetic year.", "Synthetisch jaar."},
		{[]string{"load", "solar", "sessions"}, "Synthetic: load, solar, sessions.", "Synthetisch: verbruik, zon, laadsessies."},
		{[]string{"sessions"}, "Synthetic: sessions.", "Synthetisch: laadsessies."},
	} {
		p := result.Provenance{Inputs: []result.Input{{Report: dataset.Report{Kind: "regions"}}}}
		for _, kind := range c.kinds {
			p.Inputs = append(p.Inputs, result.Input{Report: dataset.Report{Kind: kind}, Synthetic: true})
		}
		if en, nl := p.SyntheticMark(false), p.SyntheticMark(true); en != c.en || nl != c.nl {
			t.Errorf("%v: %q, %q; want %q, %q", c.kinds, en, nl, c.en, c.nl)
		}
	}
}
