package population_test

import (
	"testing"

	"github.com/getij/getij/internal/population"
)

// The time of a whole home-year, files included, by a population of 2,000 homes and more.
func BenchmarkHomeYear(b *testing.B) {
	in, plan := prepared(b, 0.002, nil)
	homes := 0
	for b.Loop() {
		f, err := population.Begin(b.TempDir(), plan, nil)
		if err != nil {
			b.Fatal(err)
		}
		if err := f.Compute(b.Context(), in, all, 0, silent); err != nil {
			b.Fatal(err)
		}
		homes += plan.Homes
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(homes), "us/home-year")
}
