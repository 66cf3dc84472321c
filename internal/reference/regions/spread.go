package regions

import (
	"hash/fnv"
	"math"
	"math/rand/v2"
	"slices"
)

// How a municipality's figures fall over its invented buurten. All of these are
// assumptions, made to look plausible: homes per buurt vary lognormally, flats
// and terraces gather where it is dense, detached houses where it is not, cars
// and vans follow the dwellings.
const (
	sizeSpread      = 0.45 // sigma of ln(homes per buurt)
	typeSpread      = 0.35 // sigma per dwelling type on top of it
	vehicleSpread   = 0.15
	householdSpread = 0.05
)

// Vehicles per dwelling that weigh detached, semi-detached, terraced, apartment.
var (
	carWeights = [4]float64{1.6, 1.3, 1.0, 0.5}
	vanWeights = [4]float64{0.22, 0.17, 0.11, 0.04}
)

// spread fills the buurten's counts; every column sums exactly to the total.
func spread(total Counts, buurten []Buurt) {
	noise := make([]*rand.Rand, len(buurten))
	var weights [4][]float64 // by dwelling type
	for i, b := range buurten {
		noise[i] = seeded(b.Code)
		size := (0.5 + b.Urban) * lognormal(noise[i], sizeSpread)
		affinity := [4]float64{
			2 - 1.85*b.Urban,
			1.2 - 0.6*b.Urban,
			0.4 + 0.8*b.Urban,
			0.12 + 1.6*b.Urban*b.Urban,
		}
		for k := range weights {
			weights[k] = append(weights[k], size*affinity[k]*lognormal(noise[i], typeSpread))
		}
	}
	detached := apportion(total.Detached, weights[0])
	semi := apportion(total.SemiDetached, weights[1])
	terraced := apportion(total.Terraced, weights[2])
	apartment := apportion(total.Apartment, weights[3])

	var homes, cars, vans []float64
	for i := range buurten {
		types := [4]float64{float64(detached[i]), float64(semi[i]), float64(terraced[i]), float64(apartment[i])}
		homes = append(homes, weigh(types, [4]float64{1, 1, 1, 1})*lognormal(noise[i], householdSpread))
		cars = append(cars, weigh(types, carWeights)*lognormal(noise[i], vehicleSpread))
		vans = append(vans, weigh(types, vanWeights)*lognormal(noise[i], vehicleSpread))
	}
	households := apportion(total.Households, homes)
	carCounts := apportion(total.Cars, cars)
	vanCounts := apportion(total.Vans, vans)
	for i := range buurten {
		buurten[i].Counts = Counts{
			Households:   households[i],
			Detached:     detached[i],
			SemiDetached: semi[i],
			Terraced:     terraced[i],
			Apartment:    apartment[i],
			Cars:         carCounts[i],
			Vans:         vanCounts[i],
		}
	}
}

// apportion shares a total out in proportion to weights by largest remainders;
// of equal remainders the first goes first. It works in whole numbers, so that
// a last bit in a weight cannot move a unit from one machine to another.
func apportion(total int, weights []float64) []int {
	const resolution = 1 << 16
	largest := slices.Max(weights)
	units := make([]int64, len(weights))
	var sum int64
	for i, w := range weights {
		units[i] = 1 // no weight at all: even shares
		if largest > 0 {
			units[i] = int64(math.Round(w / largest * resolution))
		}
		sum += units[i]
	}
	shares := make([]int, len(weights))
	order := make([]int, len(weights))
	left := total
	for i, u := range units {
		shares[i] = int(int64(total) * u / sum)
		left -= shares[i]
		order[i] = i
	}
	remainder := func(i int) int64 { return int64(total) * units[i] % sum }
	slices.SortStableFunc(order, func(a, b int) int {
		switch ra, rb := remainder(a), remainder(b); {
		case ra > rb:
			return -1
		case ra < rb:
			return 1
		}
		return 0
	})
	for _, i := range order[:left] {
		shares[i]++
	}
	return shares
}

func weigh(counts, weights [4]float64) float64 {
	var sum float64
	for k, n := range counts {
		sum += n * weights[k]
	}
	return sum
}

func lognormal(r *rand.Rand, sigma float64) float64 { return math.Exp(sigma * r.NormFloat64()) }

// seeded gives every code a random stream of its own.
func seeded(code string) *rand.Rand {
	h := fnv.New64a()
	h.Write([]byte(code))
	return rand.New(rand.NewPCG(h.Sum64(), 0))
}
