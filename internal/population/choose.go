package population

import (
	"fmt"
	"slices"
	"strings"

	"github.com/getij/getij/dispatch"
	"github.com/getij/getij/internal/cohort"
	"github.com/getij/getij/internal/tariff"
)

// Choose gives the cases that are asked for by name, and before those of each contract its
// regular charging, which savings are against. Without names it is the V2G of some contracts.
func Choose(cases []cohort.Case, contracts, names []string) ([]cohort.Case, error) {
	if len(names) == 0 {
		for _, contract := range contracts {
			names = append(names, contract+"/"+dispatch.V2G.String())
		}
	}
	var have []string
	chosen := map[string]bool{}
	for i := range cases {
		have = append(have, cases[i].Contract+"/"+cases[i].Mode.String())
	}
	for _, name := range names {
		if name != "all" && !slices.Contains(have, name) {
			return nil, fmt.Errorf("--case %s: all, or one of %s was expected", name, strings.Join(have, ", "))
		}
		chosen[name] = true
	}
	var out []cohort.Case
	var regular *tariff.Prices // the contract whose regular charging is in
	for i, c := range cases {
		if !chosen["all"] && !chosen[have[i]] {
			continue
		}
		if c.Prices != regular {
			regular = c.Prices
			out = append(out, cohort.Case{Contract: c.Contract, Mode: dispatch.Regular, Prices: c.Prices})
		}
		if c.Mode != dispatch.Regular {
			out = append(out, c)
		}
	}
	return out, nil
}

// notes say what a population's homes differ by, and what they do not.
func (in *Input) notes() []string {
	return []string{
		fmt.Sprintf("every region has homes of its own: their dwellings by the driveways of the region, their household use by type, solar panels on %.0f %% of them, sessions drawn for each", 100*in.SolarShare),
		"what homes of a region have in common beyond that is not known: cars, distances, arrivals, panels and heat pumps are drawn or taken alike in the whole country",
	}
}
