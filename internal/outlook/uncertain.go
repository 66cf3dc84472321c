package outlook

import "math"

// drivewayShares are those of Assumptions by dwelling type.
func (a *Assumptions) drivewayShares() [4]float64 {
	return [4]float64{a.DrivewayDetached, a.DrivewaySemiDetached, a.DrivewayTerraced, a.DrivewayApartment}
}

// uses are those of Assumptions by dwelling type.
func (a *Assumptions) uses() [4]float64 {
	return [4]float64{a.UseDetached, a.UseSemiDetached, a.UseTerraced, a.UseApartment}
}

// Country is a year of the country, made ready for many assumptions at once.
type Country struct {
	national *National
	courses  [3]course // low, mid, high
	by       [4]float64
	fixed    float64 // dwellings with a driveway that assumptions do not move
}

// Country makes a year ready.
func (f *Forecast) Country(year int) *Country {
	c := &Country{national: f.national}
	for k, name := range Scenarios() {
		c.courses[k] = f.scenarios[name].at(float64(year), f.national)
	}
	for _, d := range f.national.carDriveways {
		c.fixed += d.dwellings
	}
	for k, share := range f.assumptions.drivewayShares() {
		c.fixed -= f.national.byType[k]
		if share > 0 {
			c.by[k] = f.national.byType[k] / share
		}
	}
	return c
}

// Points are the home charge points of the country under other assumptions, and at
// most as many as its driveways then have room for. Scenario is -1 for low, 0 for mid,
// 1 for high, and between them in a straight line.
func (c *Country) Points(scenario float64, a *Assumptions) float64 {
	from, to := &c.courses[1], &c.courses[2]
	if scenario < 0 {
		to = &c.courses[0]
	}
	w := math.Abs(scenario)
	mix := func(x, y float64) float64 { return (1-w)*x + w*y }
	r := course{
		mix(from.cars, to.cars), mix(from.vans, to.vans), mix(from.electricCars, to.electricCars),
		mix(from.electricVans, to.electricVans), mix(from.electricThen, to.electricThen),
	}.national(c.national, a)
	room := c.fixed
	for k, share := range a.drivewayShares() {
		room += share * c.by[k]
	}
	return min(r.PointsCars, room*(1+a.SecondPointShare)) + min(r.PointsVans, room)
}

// DrivewaySpread is how far the home charge points of each region may lie off those of
// the country, as a share of them and in the set's order, where the shares of dwellings
// with a driveway lie off by so much of themselves, by type and each for itself. A
// region with the country's mix of driveways follows the country and has 0.
func (f *Forecast) DrivewaySpread(off [4]float64) []float64 {
	all := 0.0
	for _, d := range f.national.carDriveways {
		all += d.dwellings
	}
	out := make([]float64, len(f.Base.Homes))
	for i := range out {
		h := &f.Base.Homes[i]
		if h.WithDriveway == 0 {
			continue
		}
		sum := 0.0
		for k, v := range off {
			d := (h.DrivewaysByType[k]/h.WithDriveway - f.national.byType[k]/all) * v
			sum += d * d
		}
		out[i] = math.Sqrt(sum)
	}
	return out
}
