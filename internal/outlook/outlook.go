// Package outlook forecasts home charge points per region and year, 2025-2050.
//
// What enters: dwellings by type, cars and vans per region today, and a table of
// scenarios. What leaves: per region, year and scenario, every step of the chain
//
//	dwellings -> with a driveway -> cars there -> electric -> home charge points
//
// for cars, and its like for vans. Counts are numbers of things; shares are
// fractions. Leaves of a region tree carry the figures, in whole thousandths;
// coarser regions are their exact sums. Dwellings stay as they are today.
//
// # The national end point
//
// ElaadNL's report (August 2025, chapter 4) states, for 2050: 10 million cars and
// 1.2 million vans, all electric; 19 % of the cars' and 9 % of the vans' charging
// demand at own home charge points; 39 % of van demand in residential areas, of
// which the share with a driveway; and 4.5 GW at 2 kW per point, which is 2.25
// million points. So one point serves 0.89 vehicle's worth of demand: the rest of
// what its vehicle needs is charged elsewhere (HomeChargingShare).
//
// # Before 2050
//
// People with a driveway switch first: 52 % of electric drivers have a private
// charge point at home (Nationaal Laadonderzoek, in the same report) while 5 % of
// the cars are electric. The share of cars with a driveway that are electric is
// therefore ahead of the fleet's share S:
//
//	(1 + b) S / (b + S)
//
// which is 1 where S is 1; b is set by that 52 %.
package outlook

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/getij/getij/internal/region"
)

// FirstYear and LastYear bound the forecast.
const (
	FirstYear = 2025
	LastYear  = 2050
)

// Scenarios names the scenarios, from few to many electric vehicles.
func Scenarios() []string { return []string{"low", "mid", "high"} }

// Assumptions are the settings of the forecast that a study can change.
type Assumptions struct {
	// Share of dwellings with a driveway, by type.
	DrivewayDetached, DrivewaySemiDetached, DrivewayTerraced, DrivewayApartment float64
	HomeShareCars                                                               float64 // of the cars' charging demand at own home charge points in 2050
	HomeShareCars2024                                                           float64 // the same in 2024
	HomeShareVans                                                               float64 // of the vans' demand, all years
	VanResidentialShare                                                         float64 // of van demand in residential areas
	HomeChargingShare                                                           float64 // of a vehicle's demand that its home charge point serves
}

// National is what the whole country's figures say, for use in any region: the
// vehicles that share the home charge points, and what is usual per household.
type National struct {
	cars, vans         float64 // registered today
	carsAtDriveway     float64
	vansAtDriveway     float64
	peers              []peer
	typeShare          [4]float64 // detached, semi-detached, terraced, apartment
	keepCars, keepVans float64    // registered / mended: vehicles of lessors drive all over the country
	gemeenten          map[string]*localFigures
}

// localFigures are what a gemeente's parts are completed with.
type localFigures struct {
	typeShare                [4]float64
	carsPerHome, vansPerHome float64
}

// peer is a gemeente that others are compared with.
type peer struct {
	spacious                 float64 // share of detached and semi-detached dwellings
	carsPerHome, vansPerHome float64
}

// NewNational computes the national figures from all gemeenten and their codes.
func NewNational(codes []string, gemeenten []Figures, a *Assumptions) (*National, error) {
	n := &National{gemeenten: make(map[string]*localFigures, len(codes))}
	var types [4]float64
	for i := range gemeenten {
		f := &gemeenten[i]
		if !(f.Households > 0) || math.IsNaN(f.Cars) || math.IsNaN(f.Vans) {
			return nil, fmt.Errorf("gemeente %s of the national table lacks households, cars or vans", codes[i])
		}
		n.cars += f.Cars
		n.vans += f.Vans
		for k, v := range f.types() {
			types[k] += v
		}
		n.peers = append(n.peers, peer{f.spacious(), f.Cars / f.Households, f.Vans / f.Households})
	}
	all := types[0] + types[1] + types[2] + types[3]
	for k := range types {
		n.typeShare[k] = types[k] / all
	}
	slices.SortFunc(n.peers, func(a, b peer) int {
		return cmp.Or(cmp.Compare(a.spacious, b.spacious), cmp.Compare(a.carsPerHome, b.carsPerHome), cmp.Compare(a.vansPerHome, b.vansPerHome))
	})
	var mended Home // of all
	for i := range gemeenten {
		f := &gemeenten[i]
		h, _, _ := n.mend(f, nil, a, gemeenteLimits)
		mended.Cars += h.Cars
		mended.Vans += h.Vans
		mended.CarsAtDriveway += h.CarsAtDriveway
		mended.VansAtDriveway += h.VansAtDriveway
		l := &localFigures{typeShare: f.types(), carsPerHome: h.Cars / f.Households, vansPerHome: h.Vans / f.Households}
		sum := l.typeShare[0] + l.typeShare[1] + l.typeShare[2] + l.typeShare[3]
		for k := range l.typeShare {
			l.typeShare[k] /= sum
		}
		n.gemeenten[codes[i]] = l
	}
	n.keepCars, n.keepVans = n.cars/mended.Cars, n.vans/mended.Vans
	n.carsAtDriveway, n.vansAtDriveway = mended.CarsAtDriveway*n.keepCars, mended.VansAtDriveway*n.keepVans
	return n, nil
}

// Forecast is the outlook of a set of regions.
type Forecast struct {
	Set     *region.Set
	Base    *Base
	Changes Changes

	national    *National
	assumptions Assumptions
	scenarios   map[string]*scenario
	own         *Own
}

// New makes the forecast of a set of regions from the figures of its leaves,
// which are given per region in the set's order.
func New(set *region.Set, figures []Figures, national *National, a *Assumptions, own *Own) (*Forecast, error) {
	f := &Forecast{Set: set, national: national, assumptions: *a, own: own}
	var err error
	if f.scenarios, err = readScenarios(); err != nil {
		return nil, err
	}
	if f.Base, f.Changes, err = newBase(set, figures, national, a); err != nil {
		return nil, err
	}
	if own != nil {
		if err := own.Check(set); err != nil {
			return nil, err
		}
	}
	return f, nil
}

// Rates are the national figures of one year and scenario that all regions
// share.
type Rates struct {
	Cars, Vans                 float64 // in the country
	CarGrowth, VanGrowth       float64 // against today
	ElectricShareCars          float64 // of the fleet
	ElectricShareVans          float64
	ElectricShareDriveway      float64 // of cars at homes with a driveway
	PointsPerElectricCar       float64 // home charge points per electric car at a driveway
	PointsPerElectricVan       float64 // per electric van at a driveway, residential demand
	HomeShareCars              float64 // of the cars' charging demand
	PointsCars, PointsVans     float64 // in the country
	ResidentialVanShare        float64
	carPointsPer, vanPointsPer float64 // per vehicle at a driveway today
}

// Rates computes the national figures.
func (f *Forecast) Rates(year int, scenarioName string) (*Rates, error) {
	s, ok := f.scenarios[scenarioName]
	if !ok {
		return nil, fmt.Errorf("scenario %q is unknown: use low, mid or high", scenarioName)
	}
	a, n := &f.assumptions, f.national
	r := &Rates{
		Cars:                between(baseYear, n.cars, LastYear, s.cars2050, year),
		Vans:                between(baseYear, n.vans, LastYear, s.vans2050, year),
		ElectricShareCars:   s.electricCars.at(year),
		ElectricShareVans:   s.electricVans.at(year),
		ResidentialVanShare: a.VanResidentialShare,
	}
	r.CarGrowth, r.VanGrowth = r.Cars/n.cars, r.Vans/n.vans
	// b makes the home share that of 2024 at the electric share of 2024.
	s0 := s.electricCars.at(2024)
	b := (a.HomeShareCars - s0*a.HomeShareCars2024) / (a.HomeShareCars2024 - a.HomeShareCars)
	if a.HomeShareCars2024 > a.HomeShareCars && b > 0 {
		r.ElectricShareDriveway = (1 + b) * r.ElectricShareCars / (b + r.ElectricShareCars)
	} else {
		r.ElectricShareDriveway = r.ElectricShareCars
	}
	r.PointsPerElectricCar = n.cars * a.HomeShareCars / a.HomeChargingShare / n.carsAtDriveway
	r.PointsPerElectricVan = n.vans * a.HomeShareVans / a.HomeChargingShare / (n.vansAtDriveway * a.VanResidentialShare)
	r.carPointsPer = r.CarGrowth * r.ElectricShareDriveway * r.PointsPerElectricCar
	r.vanPointsPer = r.VanGrowth * r.ElectricShareVans * a.VanResidentialShare * r.PointsPerElectricVan
	r.PointsCars = n.carsAtDriveway * r.carPointsPer
	r.PointsVans = n.vansAtDriveway * r.vanPointsPer
	if r.ElectricShareCars > 0 {
		r.HomeShareCars = r.PointsCars * a.HomeChargingShare / (r.Cars * r.ElectricShareCars)
	}
	return r, nil
}

// Year is the chain of one year and scenario, per region in the set's order.
type Year struct {
	Year     int
	Scenario string
	*Rates
	CarsByRegion, VansByRegion     []float64 // of the people who live there
	CarsAtDriveway, VansAtDriveway []float64 // of those, at dwellings with a driveway
	PointsCarsByRegion             []float64 // home charge points
	PointsVansByRegion             []float64
	PointsByRegion                 []float64 // both
}

// Year computes the chain of one year and scenario.
func (f *Forecast) Year(year int, scenarioName string) (*Year, error) {
	r, err := f.Rates(year, scenarioName)
	if err != nil {
		return nil, err
	}
	y := &Year{Year: year, Scenario: scenarioName, Rates: r}
	n := f.Set.Len()
	leaves := make([][]float64, 6)
	for k := range leaves {
		leaves[k] = make([]float64, n)
	}
	pointsCars, pointsVans := leaves[4], leaves[5]
	for _, i := range f.Base.leaves {
		h := &f.Base.Homes[i]
		leaves[0][i], leaves[1][i] = h.Cars*r.CarGrowth, h.Vans*r.VanGrowth
		leaves[2][i], leaves[3][i] = h.CarsAtDriveway*r.CarGrowth, h.VansAtDriveway*r.VanGrowth
		pointsCars[i] = h.CarsAtDriveway * r.carPointsPer
		pointsVans[i] = h.VansAtDriveway * r.vanPointsPer
	}
	if f.own != nil {
		if err := f.applyOwn(year, scenarioName, pointsCars, pointsVans); err != nil {
			return nil, err
		}
	}
	y.PointsByRegion = make([]float64, n)
	sums := make([][]int64, len(leaves))
	for k, to := range []*[]float64{&y.CarsByRegion, &y.VansByRegion, &y.CarsAtDriveway, &y.VansAtDriveway, &y.PointsCarsByRegion, &y.PointsVansByRegion} {
		if sums[k], err = sumThousandths(f.Set, leaves[k]); err != nil {
			return nil, err
		}
		*to = leaves[k]
		for i, v := range sums[k] {
			leaves[k][i] = thousandths(v)
		}
	}
	for i := range y.PointsByRegion {
		y.PointsByRegion[i] = thousandths(sums[4][i] + sums[5][i])
	}
	return y, nil
}

// between is a straight line through two years.
func between(year0 int, v0 float64, year1 int, v1 float64, year int) float64 {
	return v0 + (v1-v0)*float64(year-year0)/float64(year1-year0)
}
