package outlook_test

import (
	"cmp"
	"flag"
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/getij/getij/internal/outlook"
	"github.com/getij/getij/internal/region"
)

// A dwelling with a driveway has a point for a car, one in ten a second; a van has
// one of its own. So it is in every buurt, wijk, gemeente and provincie, every year.
func TestDrivewaysBoundTheChargePointsOfEveryRegion(t *testing.T) {
	f := byBuurt(t)
	for _, scenario := range outlook.Scenarios() {
		for year := outlook.FirstYear; year <= outlook.LastYear; year++ {
			y := yearOf(t, f, year, scenario)
			for i, h := range f.Base.Homes {
				// The leaves below are rounded to thousandths each.
				rounding := 0.001 * float64(1+below(f.Set, i))
				if y.PointsCarsByRegion[i] > 1.1*h.WithDriveway+rounding || y.PointsVansByRegion[i] > h.WithDriveway+rounding {
					t.Fatalf("%s in %d, %s: %.3f points for cars and %.3f for vans at %.3f driveways", f.Set.At(i).Code, year, scenario, y.PointsCarsByRegion[i], y.PointsVansByRegion[i], h.WithDriveway)
				}
				if h.WithDriveway > 100 && year == outlook.LastYear && !(y.PointsByRegion[i] > 0.5*h.WithDriveway) {
					t.Errorf("%s in %d, %s: %.3f points at %.3f driveways", f.Set.At(i).Code, year, scenario, y.PointsByRegion[i], h.WithDriveway)
				}
			}
		}
	}
}

// below counts the regions below one.
func below(set *region.Set, i int) (n int) {
	for _, c := range set.Children(i) {
		n += 1 + below(set, c)
	}
	return n
}

// The whole country has 1.02 points per driveway in 2050, so some gemeente must
// have more than one: by the second points for cars and by those for vans.
func TestNoGemeenteHasManyMorePointsThanDriveways(t *testing.T) {
	f := byGemeente(t)
	for _, c := range []struct {
		year                int
		gemeenten, carsOnly int     // with more points, points for cars than driveways
		most, excess        float64 // per driveway, and of all points
	}{
		{2035, 0, 0, 1, 0},
		{2040, 25, 0, 1.05, 0.001},
		{2050, 300, 30, 1.15, 0.04},
	} {
		y := yearOf(t, f, c.year, "mid")
		gemeenten, carsOnly, most, excess, where := 0, 0, 0.0, 0.0, ""
		for _, i := range f.Set.OfLevel(region.Gemeente) {
			driveways := f.Base.Homes[i].WithDriveway
			each := y.PointsByRegion[i] / driveways
			if each > most {
				most, where = each, f.Set.At(i).Name
			}
			if each > 1 {
				gemeenten++
				excess += y.PointsByRegion[i] - driveways
			}
			if y.PointsCarsByRegion[i] > driveways {
				carsOnly++
			}
		}
		t.Logf("%d: %d gemeenten have more points than driveways, %d more points for cars; most %.3f each in %s; %.0f points, %.2f %% of all, beyond one each",
			c.year, gemeenten, carsOnly, most, where, excess, 100*excess/y.PointsByRegion[0])
		if gemeenten > c.gemeenten || carsOnly > c.carsOnly || most > c.most || excess > c.excess*y.PointsByRegion[0] {
			t.Errorf("%d: at most %d gemeenten, %d for cars, %.2f each and %g of all points were expected", c.year, c.gemeenten, c.carsOnly, c.most, c.excess)
		}
	}
}

// oldRule is a gemeente's points of 2050 as they were shared out until November
// 2026: by its cars, and vans, times its share of dwellings with a driveway.
func oldRule(f *outlook.Forecast, y *outlook.Year) []float64 {
	points := make([]float64, f.Set.Len())
	for _, v := range []struct {
		vehicles func(h *outlook.Home) float64
		points   float64
	}{
		{func(h *outlook.Home) float64 { return h.Cars }, y.PointsCars},
		{func(h *outlook.Home) float64 { return h.Vans }, y.PointsVans},
	} {
		all := 0.0
		at := make([]float64, f.Set.Len())
		for _, i := range f.Set.OfLevel(region.Gemeente) {
			h := &f.Base.Homes[i]
			at[i] = v.vehicles(h) * h.WithDriveway / h.Dwellings
			all += at[i]
		}
		for i := range at {
			points[i] += v.points * at[i] / all
		}
	}
	return points
}

// place is a gemeente's place by a figure, 1 for the largest.
func place(f *outlook.Forecast, i int, figure func(i int) float64) int {
	n := 1
	for _, g := range f.Set.OfLevel(region.Gemeente) {
		if figure(g) > figure(i) {
			n++
		}
	}
	return n
}

// Amsterdam has the second most driveways, among many more flats, whose households
// keep few cars; its points were counted by those cars. Staphorst's were 1.45 each.
func TestAmsterdamAndStaphorstHaveThePointsOfTheirDriveways(t *testing.T) {
	f := byGemeente(t)
	y := yearOf(t, f, 2050, "mid")
	old := oldRule(f, y)
	driveways := func(i int) float64 { return f.Base.Homes[i].WithDriveway }
	points := func(i int) float64 { return y.PointsByRegion[i] }
	amsterdam, staphorst := at(t, f, "GM0363"), at(t, f, "GM0180")
	for what, got := range map[string][2]int{
		"by driveways": {place(f, amsterdam, driveways), 2},
		"by points":    {place(f, amsterdam, points), 3},
		"once":         {place(f, amsterdam, func(i int) float64 { return old[i] }), 33},
	} {
		if got[0] != got[1] {
			t.Errorf("Amsterdam is number %d %s, want %d", got[0], what, got[1])
		}
	}
	for name, c := range map[string]struct {
		i         int
		was, want float64
	}{"Amsterdam": {amsterdam, 0.465, 0.83}, "Staphorst": {staphorst, 1.454, 1.10}} {
		near(t, "once per driveway in "+name, old[c.i]/driveways(c.i), c.was, 0.001)
		near(t, "points per driveway in "+name, points(c.i)/driveways(c.i), c.want, 0.01)
	}
}

// Why cars count against gemeenten that live alike: by themselves they say how many
// flats there are. A straight line through all gemeenten, by least squares.
func TestHouseholdsInHousesKeepFourTimesTheCarsOfThoseInFlats(t *testing.T) {
	var n, x, y, xx, xy float64
	for _, g := range nederland(t).Gemeenten {
		f := figuresOf(g.Counts)
		flats, cars := f.Apartment/float64(g.Counts.Dwellings()), byGemeente(t).Base.Homes[at(t, byGemeente(t), g.Code)].Cars
		n += f.Households
		x += f.Households * flats
		y += cars
		xx += f.Households * flats * flats
		xy += flats * cars
	}
	slope := (n*xy - x*y) / (n*xx - x*x)
	houses := (y - slope*x) / n
	near(t, "cars per household in houses", houses, 1.5, 0.05)
	near(t, "cars per household in flats", houses+slope, 0.4, 0.05)
}

// Flats have no driveways, so that many of them say nothing of those who have one.
func TestFlatsDoNotTakePointsFromDriveways(t *testing.T) {
	c, f := nederland(t), byGemeente(t)
	flats := f.Set.OfLevel(region.Gemeente)
	share := func(i int) float64 {
		n := c.code[f.Set.At(i).Code].Counts
		return float64(n.Apartment) / float64(n.Dwellings())
	}
	slices.SortFunc(flats, func(a, b int) int { return cmp.Compare(share(b), share(a)) })
	for _, year := range []int{2030, 2050} {
		y := yearOf(t, f, year, "mid")
		each := func(list []int, points []float64) float64 {
			n, driveways := 0.0, 0.0
			for _, i := range list {
				n += points[i]
				driveways += f.Base.Homes[i].WithDriveway
			}
			return n / driveways
		}
		most, rest := flats[:25], flats[25:]
		now := each(most, y.PointsByRegion) / each(rest, y.PointsByRegion)
		was := each(most, oldRule(f, y)) / each(rest, oldRule(f, y))
		t.Logf("%d: the 25 gemeenten with most flats have %.2f times the points per driveway of the others, %.2f by the old rule", year, now, was)
		if now < 0.8 || was > 0.8 {
			t.Errorf("%d: %.2f times, %.2f by the old rule", year, now, was)
		}
	}
}

// perDriveway is the rule in the words of the documentation: where a share of the
// driveways has a point when as many cars are kept as usual.
func perDriveway(share, ratio, second float64) float64 {
	first := 1 - math.Pow(1-share, ratio)
	return first * (1 + second*first)
}

func TestTheRuleCanBeFollowedInEveryGemeente(t *testing.T) {
	f := byBuurt(t)
	for _, year := range []int{2025, 2035, 2050} {
		y := yearOf(t, f, year, "low")
		for _, i := range f.Set.OfLevel(region.Gemeente) {
			h := f.Base.Homes[i]
			near(t, "points for cars in "+f.Set.At(i).Name, y.PointsCarsByRegion[i], h.WithDriveway*perDriveway(y.UsualShareCars, h.CarsToUsual, 0.1), 0.5)
			near(t, "points for vans in "+f.Set.At(i).Name, y.PointsVansByRegion[i], h.WithDriveway*perDriveway(y.UsualShareVans, h.VansToUsual, 0), 0.5)
		}
	}
	amsterdam := f.Base.Homes[at(t, f, "GM0363")]
	near(t, "cars in Amsterdam against similar gemeenten", amsterdam.CarsToUsual, 0.60, 0.01)
	near(t, "cars in Houten, of lessors, against similar gemeenten", f.Base.Homes[at(t, f, "GM0321")].CarsToUsual, 1, 1e-9)
}

// A street of a gemeente with more cars has more points per driveway; no street
// has fewer than none or more than the rule allows, whatever is registered there.
func TestCarsSayWhichDrivewaysHaveAPoint(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		var list []part
		cars := map[string]float64{}
		for n := range rapid.IntRange(2, 6).Draw(r, "streets") {
			each := rapid.Float64Range(0, 3).Draw(r, "cars per household")
			code := fmt.Sprintf("BU034401%02d", n)
			cars[code] = each
			list = append(list, cbs(code, known(func(f *outlook.Figures) {
				f.Detached, f.SemiDetached, f.Terraced, f.Apartment = 100, 200, 300, 400
				f.Dwellings, f.Households, f.Cars, f.Vans = 1000, 1000, 1000*each, 50
			})))
		}
		f := forecast(t, nil, list...)
		y := yearOf(t, f, rapid.IntRange(outlook.FirstYear, outlook.LastYear).Draw(r, "year"), "mid")
		driveways := drivewaysOf(100, 200, 300, 400)
		for a := range cars {
			points := y.PointsCarsByRegion[at(t, f, a)]
			if points < 0 || points > 1.1*driveways {
				r.Fatalf("%.3f points at %.0f driveways", points, driveways)
			}
			for b := range cars {
				// Where far more are registered than usual they are a lessor's.
				if most := 2.0; cars[a] < cars[b] && cars[b] < most && points > y.PointsCarsByRegion[at(t, f, b)]+0.001 {
					r.Fatalf("%.3f points with %.2f cars each, %.3f with %.2f", points, cars[a], y.PointsCarsByRegion[at(t, f, b)], cars[b])
				}
			}
		}
	})
}

func TestAssumptionsThatNoDrivewaysCarryAreAnError(t *testing.T) {
	f := byGemeente(t)
	figures := slices.Repeat([]outlook.Figures{known(func(f *outlook.Figures) { f.Dwellings = 100 })}, f.Set.Len())
	for _, c := range []struct {
		set  func(a *outlook.Assumptions)
		want string
	}{
		{
			func(a *outlook.Assumptions) { a.HomeShareCars = 0.5 },
			"outlook.home_share_cars is 0.5, which in scenario low asks for 5107401 home charge points for cars in 2050, where the country's dwellings with a driveway have room for 2423795 (one each, and a second at 0.1 of them): lower it, or raise outlook.driveway_share_* or outlook.second_point_share",
		},
		{
			func(a *outlook.Assumptions) { a.SecondPointShare = 0 },
			"outlook.home_share_cars is 0.19, which in scenario high asks for 2235434 home charge points for cars in 2050, where the country's dwellings with a driveway have room for 2203450 (one each, and a second at 0 of them): lower it, or raise outlook.driveway_share_* or outlook.second_point_share",
		},
		{
			func(a *outlook.Assumptions) { a.HomeShareVans = 1 },
			"",
		},
		{
			func(a *outlook.Assumptions) { a.HomeShareCars = 0.04 },
			"scenario low ends with 0.04482 home charge points per car, by outlook.home_share_cars (0.04) and outlook.home_charging_share (0.892444), where 2024 has 0.05164 by outlook.drivers_charging_at_home_2024 (0.67): more points at the end than at the start were expected",
		},
		{
			func(a *outlook.Assumptions) { a.SecondPointShare = 0.6 },
			"outlook.second_point_share is 0.6 and outlook.hybrids_per_electric_car 0.57: 0 to 0.5 and 0 to 1 were expected",
		},
	} {
		a := report
		c.set(&a)
		_, err := outlook.New(f.Set, figures, nederland(t).national, &a, nil)
		if got := fmt.Sprint(err); got != cmp.Or(c.want, "<nil>") {
			t.Errorf("got %s, want %s", got, c.want)
		}
	}
}

var writeTable = flag.Bool("table", false, "print the table of gemeenten of docs/regions.md")

// go test ./internal/outlook -run TestTheTableOfGemeenten -table prints what
// docs/regions.md then has to hold.
func TestTheTableOfGemeenten(t *testing.T) {
	f := byGemeente(t)
	y := yearOf(t, f, 2050, "mid")
	old := oldRule(f, y)
	gemeenten := f.Set.OfLevel(region.Gemeente)
	slices.SortFunc(gemeenten, func(a, b int) int {
		return cmp.Compare(f.Base.Homes[b].Dwellings, f.Base.Homes[a].Dwellings)
	})
	var table strings.Builder
	for _, i := range gemeenten[:20] {
		h := f.Base.Homes[i]
		cell := func(points func(i int) float64) string {
			return fmt.Sprintf("%.0f | %.2f | %d", points(i), points(i)/h.WithDriveway, place(f, i, points))
		}
		fmt.Fprintf(&table, "| %s | %.0f | %.0f | %.2f | %s | %s |\n", f.Set.At(i).Name, h.Dwellings, h.WithDriveway, h.CarsToUsual,
			cell(func(i int) float64 { return old[i] }), cell(func(i int) float64 { return y.PointsByRegion[i] }))
	}
	if *writeTable {
		fmt.Print(table.String())
	}
	docs, err := os.ReadFile("../../docs/regions.md")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(docs), table.String()) {
		t.Errorf("docs/regions.md lacks these rows:\n%s", table.String())
	}
}
