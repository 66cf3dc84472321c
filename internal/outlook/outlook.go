// Package outlook forecasts home charge points per region and year, 2025-2050.
//
// What enters: dwellings by type, cars and vans per region today, and a table of
// scenarios. What leaves: per region, year and scenario, every step of the chain
//
//	dwellings -> with a driveway -> of these with a home charge point -> home charge points
//
// for cars, and its like for vans. Counts are numbers of things; shares are
// fractions. Leaves of a region tree carry the figures, in whole thousandths;
// coarser regions are their exact sums. Dwellings stay as they are today.
//
// # How many in the country
//
// The end, ElaadNL's report (August 2025, chapter 4): in 2050 10 million cars and
// 1.2 million vans, all electric, 19 % and 9 % of their charging demand at own home
// charge points, and 4.5 GW at 2 kW per point. The 2.25 million points are solved
// back from those last two; the report gives no count. So one point serves 0.89
// vehicle's worth of demand (HomeChargingShare).
//
// The start: 67 % of electric drivers charged at home in 2024 (NAL progress
// report), plug-in hybrids among them: 0.57 to an electric car where few cars are
// electric (CBS, 1 January 2023), none where all are. Each who does has a point.
//
// Between, people with a driveway come first. Where T of the cars have a plug, the
// country has this share of the points it will have when all do:
//
//	(1 + lead) T / (1 + lead T)
//
// with lead set by the start. April 2023 so gets the 384,200 private charge points
// that NAL then estimated, within 10 %, which is a check: no setting is fitted to it.
//
// # Where they are
//
// At dwellings with a driveway, one each and now and then a second: see
// perDwelling. The rate of a year is such that all gemeenten add up to the country.
// In a gemeente where households keep r times as many cars as in gemeenten that
// live alike, with s the share where r is 1,
//
//	first = 1 - (1-s)^r
//	points = driveways x first x (1 + SecondPointShare x first)
//
// Cars per household themselves would say how many flats a gemeente has: people
// keep 1.5 cars a household in houses, 0.4 in flats, and driveways belong to houses.
//
// # Home equivalents
//
// A detached dwelling uses twice the electricity of a flat. Counted by the use of
// their type against the country's mean dwelling, a region's dwellings are
//
//	home equivalents = sum over types of dwellings x use of the type / mean use
//
// The mean is over the gemeenten of the national table, whose equivalents so add up to
// their dwellings. CBS StatLine 84585NED has the use by type.
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
	HomeShareVans                                                               float64 // of the vans' demand, all years
	HomeChargingShare                                                           float64 // of a vehicle's demand that its home charge point serves
	DriversAtHome2024                                                           float64 // of the electric drivers, those who charge at home
	HybridsPerElectricCar                                                       float64 // plug-in hybrids, while few cars are electric
	SecondPointShare                                                            float64 // of the dwellings with a point for a car, where all driveways have one
	// Household use of electricity by type; only the ratios between them count.
	UseDetached, UseSemiDetached, UseTerraced, UseApartment float64
}

// National is what the whole country's figures say, for use in any region: the
// driveways that carry the home charge points, and what is usual per household.
type National struct {
	cars, vans                 float64     // registered today
	carDriveways, vanDriveways []driveways // by gemeente
	peers                      []peer
	byType                     [4]float64 // of the driveways, as the assumptions give them
	typeShare                  [4]float64 // detached, semi-detached, terraced, apartment
	use                        [4]float64 // of a dwelling by type, against the mean one
	dwellingsPerHome           float64    // per household
	keepCars, keepVans         float64    // registered / mended: vehicles of lessors drive all over the country
	gemeenten                  map[string]*localFigures
}

// localFigures are what a gemeente's parts are completed with.
type localFigures struct {
	typeShare                                  [4]float64
	dwellingsPerHome, carsPerHome, vansPerHome float64
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
	var dwellings, households, cars, vans float64 // mended
	var mended [4]float64                         // dwellings by type
	for i := range gemeenten {
		f := &gemeenten[i]
		h := n.mend(f, nil, a, gemeenteLimits)
		dwellings += h.Dwellings
		households += h.households
		cars += h.Cars
		vans += h.Vans
		for k, v := range h.DrivewaysByType {
			n.byType[k] += v
		}
		for k, v := range h.types {
			mended[k] += v
		}
		n.carDriveways = append(n.carDriveways, driveways{h.WithDriveway, toUsual(h.Cars, h.usualCars)})
		n.vanDriveways = append(n.vanDriveways, driveways{h.WithDriveway, toUsual(h.Vans, h.usualVans)})
		l := &localFigures{typeShare: f.types(), dwellingsPerHome: h.Dwellings / f.Households, carsPerHome: h.Cars / f.Households, vansPerHome: h.Vans / f.Households}
		sum := l.typeShare[0] + l.typeShare[1] + l.typeShare[2] + l.typeShare[3]
		for k := range l.typeShare {
			l.typeShare[k] /= sum
		}
		n.gemeenten[codes[i]] = l
	}
	used := 0.0 // by the dwellings, as the assumptions count it
	for k, use := range a.uses() {
		n.typeShare[k] = mended[k] / dwellings
		used += use * mended[k]
	}
	if !(used > 0) {
		return nil, fmt.Errorf("household use by dwelling type is %v for detached, semi-detached and corner, terraced and apartments: above 0 was expected", a.uses())
	}
	for k, use := range a.uses() {
		n.use[k] = use * dwellings / used
	}
	n.dwellingsPerHome = dwellings / households
	n.keepCars, n.keepVans = n.cars/cars, n.vans/vans
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
	if err := national.check(a, f.scenarios); err != nil {
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
	Cars, Vans             float64 // in the country
	CarGrowth, VanGrowth   float64 // against today
	ElectricShareCars      float64 // of the fleet
	ElectricShareVans      float64
	PlugInShareCars        float64 // electric or plug-in hybrid, of the fleet
	HomeShareCars          float64 // of the charging demand of cars with a plug
	PointsCars, PointsVans float64 // in the country
	// Of the dwellings with a driveway, those with a home charge point, where
	// households keep as many cars, vans as usual.
	UsualShareCars, UsualShareVans float64
	rateCars, rateVans             float64 // -ln(1 - those)
}

// courseYear is the year of DriversAtHome2024.
const courseYear = 2024

// Rates computes the national figures. A year is its 1 January, 2023.33 the end of
// April; years after the last are like it.
func (f *Forecast) Rates(year float64, scenarioName string) (*Rates, error) {
	s, ok := f.scenarios[scenarioName]
	if !ok {
		return nil, fmt.Errorf("scenario %q is unknown: use low, mid or high", scenarioName)
	}
	a, n := &f.assumptions, f.national
	r := s.at(year, n).national(n, a)
	r.rateCars = rateOf(r.PointsCars, 0, n.carDriveways, a.SecondPointShare)
	r.rateVans = rateOf(r.PointsVans, 0, n.vanDriveways, 0)
	r.UsualShareCars, r.UsualShareVans = -math.Expm1(-r.rateCars), -math.Expm1(-r.rateVans)
	return r, nil
}

// course is where a scenario stands in a year.
type course struct {
	cars, vans, electricCars, electricVans float64
	electricThen                           float64 // of the cars in courseYear
}

// at is the course in a year.
func (s *scenario) at(year float64, n *National) course {
	year = min(year, LastYear)
	return course{
		cars: between(baseYear, n.cars, LastYear, s.cars2050, year), vans: between(baseYear, n.vans, LastYear, s.vans2050, year),
		electricCars: s.electricCars.at(year), electricVans: s.electricVans.at(year), electricThen: s.electricCars.at(courseYear),
	}
}

// national are the figures of the country as a whole.
func (c course) national(n *National, a *Assumptions) *Rates {
	r := &Rates{Cars: c.cars, Vans: c.vans, ElectricShareCars: c.electricCars, ElectricShareVans: c.electricVans}
	r.CarGrowth, r.VanGrowth = r.Cars/n.cars, r.Vans/n.vans
	r.PlugInShareCars = a.plugIn(r.ElectricShareCars)
	// Points per car where all have a plug, and the lead with which 2024 has its own.
	end, then := a.HomeShareCars/a.HomeChargingShare, a.plugIn(c.electricThen)
	lead := (a.DriversAtHome2024 - end) / (end - then*a.DriversAtHome2024)
	pointsPerPlugIn := end * (1 + lead) / (1 + lead*r.PlugInShareCars)
	r.HomeShareCars = pointsPerPlugIn * a.HomeChargingShare
	r.PointsCars = r.Cars * r.PlugInShareCars * pointsPerPlugIn
	r.PointsVans = r.Vans * r.ElectricShareVans * a.HomeShareVans / a.HomeChargingShare
	return r
}

// plugIn is the share of cars that are electric or a plug-in hybrid, which go as
// the last cars become electric.
func (a *Assumptions) plugIn(electric float64) float64 {
	return electric * (1 + a.HybridsPerElectricCar*(1-electric))
}

// Year is the chain of one year and scenario, per region in the set's order.
type Year struct {
	Year     int
	Scenario string
	*Rates
	CarsByRegion, VansByRegion []float64 // of the people who live there
	PointsCarsByRegion         []float64 // home charge points
	PointsVansByRegion         []float64
	PointsByRegion             []float64 // both
}

// Year computes the chain of one year and scenario.
func (f *Forecast) Year(year int, scenarioName string) (*Year, error) {
	r, err := f.Rates(float64(year), scenarioName)
	if err != nil {
		return nil, err
	}
	y := &Year{Year: year, Scenario: scenarioName, Rates: r}
	n := f.Set.Len()
	cars, vans := make([]float64, n), make([]float64, n)
	for _, i := range f.Base.leaves {
		h := &f.Base.Homes[i]
		cars[i], vans[i] = h.Cars*r.CarGrowth, h.Vans*r.VanGrowth
	}
	pointsCars, pointsVans := f.points(r)
	if f.own != nil {
		if err := f.applyOwn(year, scenarioName, pointsCars, pointsVans); err != nil {
			return nil, err
		}
	}
	leaves := [][]float64{cars, vans, pointsCars, pointsVans}
	y.PointsByRegion = make([]float64, n)
	sums := make([][]int64, len(leaves))
	for k, to := range []*[]float64{&y.CarsByRegion, &y.VansByRegion, &y.PointsCarsByRegion, &y.PointsVansByRegion} {
		if sums[k], err = sumThousandths(f.Set, leaves[k]); err != nil {
			return nil, err
		}
		*to = leaves[k]
		for i, v := range sums[k] {
			leaves[k][i] = thousandths(v)
		}
	}
	for i := range y.PointsByRegion {
		y.PointsByRegion[i] = thousandths(sums[2][i] + sums[3][i])
	}
	return y, nil
}

// points are the home charge points of the leaves by the model.
func (f *Forecast) points(r *Rates) (cars, vans []float64) {
	cars, vans = make([]float64, f.Set.Len()), make([]float64, f.Set.Len())
	for i := range f.Base.groups {
		f.Base.groups[i].points(r, f.assumptions.SecondPointShare, cars, vans)
	}
	return cars, vans
}

// between is a straight line through two years.
func between(year0 int, v0 float64, year1 int, v1, year float64) float64 {
	return v0 + (v1-v0)*(year-float64(year0))/float64(year1-year0)
}

// UseByType is the household use of a dwelling by type (detached, semi-detached and
// corner, terraced, apartment), against that of the country's mean one.
func (f *Forecast) UseByType() [4]float64 { return f.national.use }
