package outlook

import (
	"fmt"
	"math"

	"github.com/getij/getij/internal/region"
)

// driveways are dwellings with a driveway whose households keep alike many
// vehicles: ratio times as many as is usual where people live so.
type driveways struct{ dwellings, ratio float64 }

// Ratios are held to these bounds: where fewer cars than half of what is usual are
// registered (an island that keeps them out) a household with a driveway is still
// more likely to have one, and a household has only so many (judgement).
const leastRatio, mostRatio = 0.5, 2

// toUsual is the ratio of vehicles to what is usual, within its bounds.
func toUsual(vehicles, usual float64) float64 {
	if !(usual > 0) {
		return 1
	}
	return max(leastRatio, min(mostRatio, vehicles/usual))
}

// perDwelling is the number of home charge points per dwelling with a driveway,
// and its slope in rate. Of the dwellings, 1 - exp(-rate ratio) have one; of
// these, second times that share have another.
func perDwelling(rate, ratio, second float64) (points, slope float64) {
	first := -math.Expm1(-rate * ratio)
	return first * (1 + second*first), ratio * (1 - first) * (1 + 2*second*first)
}

// carried is the number of points at all the driveways, and its slope in rate.
func carried(rate float64, all []driveways, second float64) (points, slope float64) {
	for _, d := range all {
		p, s := perDwelling(rate, d.ratio, second)
		points += d.dwellings * p
		slope += d.dwellings * s
	}
	return points, slope
}

// rateOf finds the rate at which the driveways carry a number of points, from a
// rate at which they carry fewer. The number is concave in the rate where second
// is 0.5 or less, so Newton's steps rise to it and never pass it.
func rateOf(points, from float64, all []driveways, second float64) float64 {
	rate := from
	for {
		p, slope := carried(rate, all, second)
		next := rate + (points-p)/slope
		if !(next > rate*(1+1e-14)) || !(points-p > 1e-15*points) {
			return rate
		}
		rate = next
	}
}

// mostCarried is the number of points that the driveways have room for: the last
// ones would take a rate without end, which 1e-9 of the room keeps away.
func mostCarried(all []driveways, second float64) float64 {
	room := 0.0
	for _, d := range all {
		room += d.dwellings * (1 + second)
	}
	return room * (1 - 1e-9)
}

// group is what is evaluated as one, a gemeente or a region outside gemeenten, and
// the leaves that share its points out.
type group struct {
	region         int
	leaves         []int
	cars, vans     driveways
	carsOf, vansOf []driveways // by leaf
}

// group makes a whole of some leaves. Where vehicles are unknown a leaf is as the
// whole.
func (b *Base) group(whole int, parts []int, leaves []mended, cars, vans float64) {
	g := group{region: whole, leaves: parts, cars: driveways{0, cars}, vans: driveways{0, vans}}
	for _, i := range parts {
		h := &leaves[i]
		if h.WithDriveway > 0 {
			h.CarsToUsual, h.VansToUsual = cars, vans
			if len(parts) > 1 && h.why&NoCars == 0 {
				h.CarsToUsual = toUsual(h.Cars, h.usualCars)
			}
			if len(parts) > 1 && h.why&NoVans == 0 {
				h.VansToUsual = toUsual(h.Vans, h.usualVans)
			}
		}
		g.cars.dwellings += h.WithDriveway
		g.vans.dwellings += h.WithDriveway
		g.carsOf = append(g.carsOf, driveways{h.WithDriveway, h.CarsToUsual})
		g.vansOf = append(g.vansOf, driveways{h.WithDriveway, h.VansToUsual})
	}
	b.groups = append(b.groups, g)
}

// ratios fills in those of coarser regions: of a gemeente its own, of others the
// mean over the driveways of the leaves.
func (b *Base) ratios(set *region.Set) {
	of := make([]float64, set.Len()) // driveways
	for _, i := range b.leaves {
		h := b.Homes[i]
		for p := set.Parent(i); p >= 0; p = set.Parent(p) {
			of[p] += h.WithDriveway
			b.Homes[p].CarsToUsual += h.WithDriveway * h.CarsToUsual
			b.Homes[p].VansToUsual += h.WithDriveway * h.VansToUsual
		}
	}
	for p, driveways := range of {
		if driveways > 0 {
			b.Homes[p].CarsToUsual /= driveways
			b.Homes[p].VansToUsual /= driveways
		}
	}
	for _, g := range b.groups {
		if g.region != g.leaves[0] && g.cars.dwellings > 0 {
			b.Homes[g.region].CarsToUsual, b.Homes[g.region].VansToUsual = g.cars.ratio, g.vans.ratio
		}
	}
}

// points fills in the home charge points of the group's leaves.
func (g *group) points(r *Rates, second float64, cars, vans []float64) {
	shareByRate(r.rateCars, g.cars, g.carsOf, second, g.leaves, cars)
	shareByRate(r.rateVans, g.vans, g.vansOf, 0, g.leaves, vans)
}

// shareByRate gives each part points by its own ratio, at the rate at which they
// add up to those of the whole: so parts are bounded by their driveways too.
func shareByRate(rate float64, whole driveways, parts []driveways, second float64, leaves []int, to []float64) {
	points, _ := perDwelling(rate, whole.ratio, second)
	if len(parts) == 1 {
		to[leaves[0]] = parts[0].dwellings * points
		return
	}
	// With the parts' mean ratio all would have that number; as they differ they
	// have fewer, the number being concave in the ratio too.
	mean := 0.0
	for _, d := range parts {
		mean += d.dwellings * d.ratio / whole.dwellings
	}
	own := 0.0
	if mean > 0 {
		own = rateOf(whole.dwellings*points, rate*whole.ratio/mean, parts, second)
	}
	for k, i := range leaves {
		points, _ := perDwelling(own, parts[k].ratio, second)
		to[i] = parts[k].dwellings * points
	}
}

// check says what is wrong with assumptions whose forecast no driveways carry.
func (n *National) check(a *Assumptions, scenarios map[string]*scenario) error {
	if !(a.SecondPointShare >= 0 && a.SecondPointShare <= 0.5) || !(a.HybridsPerElectricCar >= 0 && a.HybridsPerElectricCar <= 1) {
		return fmt.Errorf("outlook.second_point_share is %g and outlook.hybrids_per_electric_car %g: 0 to 0.5 and 0 to 1 were expected", a.SecondPointShare, a.HybridsPerElectricCar)
	}
	for _, name := range Scenarios() {
		s := scenarios[name]
		if now, end := a.DriversAtHome2024*a.plugIn(s.electricCars.at(courseYear)), a.HomeShareCars/a.HomeChargingShare; now >= end {
			return fmt.Errorf("scenario %s ends with %.4g home charge points per car, by outlook.home_share_cars (%g) and outlook.home_charging_share (%g), where 2024 has %.4g by outlook.drivers_charging_at_home_2024 (%g): more points at the end than at the start were expected",
				name, end, a.HomeShareCars, a.HomeChargingShare, now, a.DriversAtHome2024)
		}
		end := s.at(LastYear, n).national(n, a)
		for _, v := range []struct {
			what, key string
			share     float64
			points    float64
			all       []driveways
			second    float64
		}{
			{"cars", "outlook.home_share_cars", a.HomeShareCars, end.PointsCars, n.carDriveways, a.SecondPointShare},
			{"vans", "outlook.home_share_vans", a.HomeShareVans, end.PointsVans, n.vanDriveways, 0},
		} {
			if most := mostCarried(v.all, v.second); v.points > most {
				return fmt.Errorf("%s is %g, which in scenario %s asks for %.0f home charge points for %s in %d, where the country's dwellings with a driveway have room for %.0f (one each, and a second at %g of them): lower it, or raise outlook.driveway_share_* or outlook.second_point_share",
					v.key, v.share, name, v.points, v.what, LastYear, most, v.second)
			}
		}
	}
	return nil
}
