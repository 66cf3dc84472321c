package population

import (
	"cmp"
	"math"
	"slices"

	"github.com/getij/getij/internal/cohort"
	"github.com/getij/getij/internal/home"
)

// figures are a region's energies and money in a year, in whole thousandths of a kWh and
// EUR once they count for all its points.
type figures struct{ charged, discharged, fedIn, ownSolar, cost, saving float64 }

func (f *figures) addHome(y *home.Year, savingEUR float64) {
	f.charged += y.ChargedKWh
	f.discharged += y.DischargedKWh
	f.fedIn += y.FedInKWh
	f.ownSolar += y.OwnSolarKWh
	f.cost += y.TotalEUR()
	f.saving += savingEUR
}

// each are the figures one after the other.
func (f *figures) each() [6]*float64 {
	return [6]*float64{&f.charged, &f.discharged, &f.fedIn, &f.ownSolar, &f.cost, &f.saving}
}

// rounded is a number rounded to a whole one, which doubles add exactly.
func rounded(v float64) float64 { return math.Round(v) }

const perThousand = 1000

// sums are those of a region, by case and year.
type sums struct {
	watts   [][]float64 // of the cars, per step of the year
	figures []figures   // in thousandths
}

func newSums(n, steps int) *sums {
	s := &sums{watts: make([][]float64, n), figures: make([]figures, n)}
	for k := range s.watts {
		s.watts[k] = make([]float64, steps)
	}
	return s
}

func (s *sums) clear() {
	for k := range s.watts {
		clear(s.watts[k])
	}
	clear(s.figures)
}

// scaled makes the sums of one case and year those of a region's homes, of which each
// counts for so many points.
func (s *sums) scaled(k int, kW []float64, f *figures, weight float64) {
	to := s.watts[k]
	for t, v := range kW {
		to[t] = rounded(perThousand * weight * v)
	}
	from := f.each()
	for i, v := range s.figures[k].each() {
		*v = rounded(perThousand * weight * *from[i])
	}
}

func (s *sums) add(o *sums) {
	for k := range s.watts {
		to, from := s.watts[k], o.watts[k]
		for t, v := range from {
			to[t] += v
		}
		s.figures[k].add(&o.figures[k])
	}
}

func (f *figures) add(o *figures) {
	from := o.each()
	for i, v := range f.each() {
		*v += *from[i]
	}
}

// counted is a home's value, and how many points it counts for.
type counted struct {
	value  float32
	points float64
}

// spread is the p5, p50 and p95 of homes, each counting for its points: the value that
// this share of the points does not exceed. NaN without homes. It sorts them.
func spread(homes []counted) cohort.Spread {
	if len(homes) == 0 {
		nan := math.NaN()
		return cohort.Spread{P5: nan, P50: nan, P95: nan}
	}
	slices.SortFunc(homes, func(a, b counted) int {
		return cmp.Or(cmp.Compare(a.value, b.value), cmp.Compare(a.points, b.points))
	})
	total := 0.0
	for _, h := range homes {
		total += h.points
	}
	at := func(share float64) float64 {
		sum := 0.0
		for _, h := range homes {
			if sum += h.points; sum >= share*total*(1-1e-12) {
				return float64(h.value)
			}
		}
		return float64(homes[len(homes)-1].value)
	}
	return cohort.Spread{P5: at(0.05), P50: at(0.50), P95: at(0.95)}
}
