package study_test

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/getij/getij/dispatch"
	"github.com/getij/getij/internal/assume"
	"github.com/getij/getij/internal/docs"
	"github.com/getij/getij/internal/population"
	"github.com/getij/getij/internal/result"
	"github.com/getij/getij/internal/study"
)

// The country by the average of a hundred homes, and by homes of each region's own: within
// the band, and where they differ, by how much.
func TestDocsTellThePopulation(t *testing.T) {
	long(t)
	s, err := assume.Load("", []string{"modes=[regular, v2g]"})
	if err != nil {
		t.Fatal(err)
	}
	s.Contracts = slices.DeleteFunc(s.Contracts, func(c assume.Contract) bool { return !strings.HasPrefix(c.Name, "dynamic") })
	average, err := study.Run(t.Context(), s, nil)
	if err != nil {
		t.Fatal(err)
	}
	in, plan, err := study.Population(t.Context(), s, &study.PopulationOptions{Share: 0.003, Cases: []string{"all"}}, result.Version{Version: "docs"})
	if err != nil {
		t.Fatal(err)
	}
	f, err := population.Begin(t.TempDir(), plan, nil)
	if err == nil {
		err = f.Compute(t.Context(), in, population.Shard{Number: 1, Of: 1}, 0, func(int, int) {})
	}
	if err = cmp.Or(err, f.Finish(t.Context())); err != nil {
		t.Fatal(err)
	}
	totals, err := f.Totals()
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "| the country in %d | %d homes times a count | band, p5 to p95 | %d homes, each region's own |\n|---|---|---|---|\n", s.Potential.Year, s.Homes, plan.Homes)
	for _, own := range totals {
		name := own.Contract + ", " + own.Mode
		season := average.Summary.Potential.Season(own.Contract, own.Mode, "winter")
		if season == nil {
			t.Fatalf("the study has no winter of %s", name)
		}
		points := average.Summary.Potential.HomeChargePoints
		evening, meanEvening := -own.EveningWinterKW/1e6, -season.EveningMeanKW*points/1e6
		band := "-"
		if season.EveningGWP5 != nil {
			low, high := *season.EveningGWP5, *season.EveningGWP95
			band = fmt.Sprintf("%.2f to %.2f", low, high)
			if evening < low || evening > high {
				t.Errorf("%s: %.2f GW is outside the band of %s", name, evening, band)
			}
		}
		fmt.Fprintf(&b, "| %s: given by the cars, less what they take, on the mean winter evening, GW | %.2f | %s | %.2f |\n", name, meanEvening, band, evening)
		fmt.Fprintf(&b, "| %s: highest quarter-hour of the year, GW | %.2f | - | %.2f |\n", name, *season.YearHighestGW, own.HighestKW/1e6)
		if own.Mode == dispatch.Regular.String() {
			continue
		}
		c := average.Case(own.Contract, dispatch.V2G)
		fmt.Fprintf(&b, "| %s: discharged, GWh a year | %.0f | - | %.0f |\n", name, c.Summary.DischargedKWh*points/1e6, own.DischargedKWh/1e6)
		saving, ownSaving := *c.Summary.SavingVsRegularEUR, own.SavingEUR/own.Points
		fmt.Fprintf(&b, "| %s: saved by a home, EUR a year (p5 to p95 of the homes) | %.0f | - | %.0f (%.0f to %.0f) |\n", name, saving, ownSaving, own.SavingP5EUR, own.SavingP95EUR)
		if math.Abs(ownSaving/saving-1) > 0.1 {
			t.Errorf("%s: homes save EUR %.0f, the average of %d is %.0f", name, ownSaving, s.Homes, saving)
		}
	}
	docs.Hold(t, "method.md", "population", b.String())
}
