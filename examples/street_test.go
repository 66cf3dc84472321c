package examples_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/getij/getij/internal/assume"
	"github.com/getij/getij/internal/chart"
	"github.com/getij/getij/internal/study"
)

// ofStreet says whether an example's study has a street.
func ofStreet(t *testing.T, path string) bool {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Contains(string(text), "\nstreet:")
}

// streets computes the street of a study and of its variants, and draws the first.
func streets(t *testing.T, path string) (table string, figure *chart.Chart) {
	t.Helper()
	first, err := assume.Load(path, nil)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	b.WriteString("| variant | contract | way to charge | at the plug 17-21 h, % | fed in at most, kW | p5 to p95 | a vehicle, kW | of the capacity, % | taken at most, kW | p5 to p95 |\n|---|---|---|---|---|---|---|---|---|---|\n")
	for _, s := range append([]*assume.Study{first}, first.Variants()...) {
		r, err := study.Street(t.Context(), s, nil)
		if err != nil {
			t.Fatal(err)
		}
		n := s.Street.ChargePoints()
		for _, c := range r.Cases {
			row := c.At(n)
			taken, fed := row.PeakKW, row.FeedInKW
			fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s to %s | %s | %s | %s | %s to %s |\n", s.Name, c.Contract, c.Mode, number(100*r.Manifest.PluggedEvening, 0),
				number(fed.P50, 0), number(fed.P5, 0), number(fed.P95, 0), number(fed.P50/float64(n), 1), number(100*fed.P50/s.Street.CapacityKW(), 0),
				number(taken.P50, 0), number(taken.P5, 0), number(taken.P95, 0))
		}
		if figure == nil {
			list := chart.Streets(r, chart.Choice{})
			if len(list) == 0 {
				t.Fatal("no figure: the way to charge makes no difference")
			}
			figure = list[0]
		}
	}
	return b.String(), figure
}
