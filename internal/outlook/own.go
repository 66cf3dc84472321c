package outlook

import (
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/getij/getij/internal/region"
)

// Own is a user's own forecast of home charge points: per region code, by year.
// It replaces the total of those regions; how a total is spread over the parts
// below, and over cars and vans, follows the model. Between given years it is
// interpolated; before the first and after the last, the model's course is kept
// at the level of that year.
type Own struct {
	Points map[string]map[int]float64
}

// Check says whether the forecast fits the regions.
func (o *Own) Check(set *region.Set) error {
	for _, code := range slices.Sorted(maps.Keys(o.Points)) {
		years := o.Points[code]
		i, ok := set.Index(code)
		if !ok {
			return fmt.Errorf("the own forecast has region %s, which is not among the study's regions", code)
		}
		for p := set.Parent(i); p >= 0; p = set.Parent(p) {
			if _, twice := o.Points[set.At(p).Code]; twice {
				return fmt.Errorf("the own forecast has both %s and %s, which holds it: give one level per area", code, set.At(p).Code)
			}
		}
		for year, points := range years {
			if !(points >= 0) {
				return fmt.Errorf("the own forecast has %g charge points for %s in %d: 0 or more was expected", points, code, year)
			}
		}
		if len(years) == 0 {
			return fmt.Errorf("the own forecast has no year for %s", code)
		}
	}
	return nil
}

// at is the own total of a region: that of the year, or of the nearest year that
// is given.
func at(years map[int]float64, year int) (points float64, nearest int) {
	given := slices.Sorted(maps.Keys(years))
	i, exact := slices.BinarySearch(given, year)
	switch {
	case exact:
		return years[year], year
	case i == 0:
		return years[given[0]], given[0]
	case i == len(given):
		return years[given[i-1]], given[i-1]
	}
	return between(given[i-1], years[given[i-1]], given[i], years[given[i]], float64(year)), year
}

// applyOwn scales the leaves below each region of the own forecast to its total.
func (f *Forecast) applyOwn(year int, scenario string, cars, vans []float64) error {
	below := map[string][]int{} // leaves in the set's order
	for _, i := range f.Base.leaves {
		for p := i; p >= 0; p = f.Set.Parent(p) {
			if code := f.Set.At(p).Code; f.own.Points[code] != nil {
				below[code] = append(below[code], i)
				break
			}
		}
	}
	type model struct{ cars, vans []float64 }
	in := map[int]model{} // years other than this one
	for code, leaves := range below {
		points, nearest := at(f.own.Points[code], year)
		model := 0.0
		for _, i := range leaves {
			model += cars[i] + vans[i]
		}
		if nearest != year {
			m, ok := in[nearest]
			if !ok {
				r, err := f.Rates(float64(nearest), scenario)
				if err != nil {
					return err
				}
				m.cars, m.vans = f.points(r)
				in[nearest] = m
			}
			then := 0.0
			for _, i := range leaves {
				then += m.cars[i] + m.vans[i]
			}
			if then > 0 {
				points *= model / then
			}
		}
		shareOut(points, leaves, cars, vans)
	}
	return nil
}

// shareOut spreads points over leaves as the model's cars and vans lie, evenly
// where it has none, in whole thousandths that add up to the points.
func shareOut(points float64, leaves []int, cars, vans []float64) {
	model := 0.0
	for _, i := range leaves {
		model += cars[i]
		model += vans[i]
	}
	if model == 0 {
		for _, i := range leaves {
			cars[i] = 1
		}
		model = float64(len(leaves))
	}
	passed, given := 0.0, int64(0)
	for _, i := range leaves {
		for _, v := range []*float64{&cars[i], &vans[i]} {
			passed += *v
			upTo := int64(math.Round(1000 * points * (passed / model)))
			*v, given = thousandths(upTo-given), upTo
		}
	}
}
