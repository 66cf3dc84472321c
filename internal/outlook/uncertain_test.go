package outlook_test

import (
	"math"
	"testing"

	"github.com/getij/getij/internal/outlook"
	"github.com/getij/getij/internal/region"
)

// Drawn without a change, the country is that of the forecast, in every scenario.
func TestACountryDrawnAsTheStudyHasItIsTheForecast(t *testing.T) {
	f := byGemeente(t)
	for year := outlook.FirstYear; year <= outlook.LastYear; year += 5 {
		c := f.Country(year)
		for k, scenario := range outlook.Scenarios() {
			r := ratesOf(t, f, float64(year), scenario)
			near(t, scenario, c.Points(float64(k-1), &report), r.PointsCars+r.PointsVans, 1e-6)
		}
		low, between, mid := c.Points(-1, &report), c.Points(-0.5, &report), c.Points(0, &report)
		if !(low < between && between < mid) {
			t.Errorf("%d: %.0f points in low, %.0f half way, %.0f in mid", year, low, between, mid)
		}
	}
}

// However much is charged at home, no more points are drawn than driveways have room
// for.
func TestDrivewaysBoundTheCountryInEveryDraw(t *testing.T) {
	f := byGemeente(t)
	driveways := f.Base.Homes[0].WithDriveway
	much, fewer := report, report
	much.HomeShareCars, fewer.HomeShareCars = 0.5, 0.5
	fewer.DrivewayDetached, fewer.DrivewaySemiDetached, fewer.DrivewayTerraced, fewer.DrivewayApartment = 0.45, 0.275, 0.05, 0.015
	c := f.Country(outlook.LastYear)
	vans := ratesOf(t, f, outlook.LastYear, "mid").PointsVans
	near(t, "points of all driveways", c.Points(0, &much), driveways*1.1+vans, 1)
	near(t, "points of half of them", c.Points(0, &fewer), driveways*1.1/2+vans, 1)
}

// How far gemeenten lie off the country, against forecasts made anew with one share
// of driveways after the other moved.
func TestTheSpreadOfRegionsIsThatOfOtherDriveways(t *testing.T) {
	f := byGemeente(t)
	off := [4]float64{0.05, 0.1, 0.3, 0.3}
	spread := f.DrivewaySpread(off)
	base := yearOf(t, f, 2035, "mid").PointsByRegion
	squares := make([]float64, len(base))
	for k, v := range off {
		a := report
		*[]*float64{&a.DrivewayDetached, &a.DrivewaySemiDetached, &a.DrivewayTerraced, &a.DrivewayApartment}[k] *= 1 + v
		moved := yearOf(t, byGemeenteWith(t, &a), 2035, "mid").PointsByRegion
		for i := range moved {
			d := moved[i]/base[i] - moved[0]/base[0]
			squares[i] += d * d
		}
	}
	if spread[0] > 1e-9 {
		t.Errorf("the country lies off itself by %g", spread[0])
	}
	most := 0.0
	for _, i := range f.Set.OfLevel(region.Gemeente) {
		want := math.Sqrt(squares[i])
		if got := spread[i]; math.Abs(got-want) > 0.01+0.15*want {
			t.Errorf("%s lies off by %.3f, forecasts made anew by %.3f", f.Set.At(i).Name, got, want)
		}
		most = max(most, want)
	}
	if most < 0.1 {
		t.Errorf("no gemeente lies off by more than %.3f: flats were expected to", most)
	}
}

// byGemeenteWith is the country as its gemeenten under other assumptions.
func byGemeenteWith(t *testing.T, a *outlook.Assumptions) *outlook.Forecast {
	t.Helper()
	var codes []string
	var figures []outlook.Figures
	for _, g := range nederland(t).Gemeenten {
		codes, figures = append(codes, g.Code), append(figures, figuresOf(g.Counts))
	}
	n, err := outlook.NewNational(codes, figures, a)
	if err != nil {
		t.Fatal(err)
	}
	set := byGemeente(t).Set
	inOrder := make([]outlook.Figures, set.Len())
	for i := range inOrder {
		inOrder[i] = outlook.Unknown()
		if g := nederland(t).code[set.At(i).Code]; g != nil {
			inOrder[i] = figuresOf(g.Counts)
		}
	}
	f, err := outlook.New(set, inOrder, n, a, nil)
	if err != nil {
		t.Fatal(err)
	}
	return f
}
