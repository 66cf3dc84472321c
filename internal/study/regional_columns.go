package study

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/getij/getij/internal/region"
)

// RegionColumn is a column of the files by region.
type RegionColumn struct {
	Name, Unit, Description string
	Decimals                int
	Value                   func(y *RegionalYear, i int) float64
	Kind                    ColumnKind
}

// ColumnKind says how a column is best stored.
type ColumnKind int

// The kinds of column.
const (
	Additive ColumnKind = iota // adds up over regions: double precision
	Single                     // does not add up: single precision is ample
	Repeated                   // few different values, or the same in every year
)

// pointDecimals: the forecast is in whole thousandths, so what is written adds up
// over levels exactly.
const (
	pointDecimals = 3
	shareDecimals = 6
	mwDecimals    = 6
	peakDecimals  = 3
)

// ChainColumns are those of charge_points: every step from dwellings to charge
// points.
func (g *Regional) ChainColumns() []RegionColumn {
	homes := g.Forecast.Base.Homes
	return []RegionColumn{
		{"dwellings", "", "dwellings, as today", pointDecimals, func(_ *RegionalYear, i int) float64 { return homes[i].Dwellings }, Repeated},
		{"dwellings_with_driveway", "", "of these with a driveway", pointDecimals, func(_ *RegionalYear, i int) float64 { return homes[i].WithDriveway }, Repeated},
		{"cars", "", "cars of the people who live there", pointDecimals, func(y *RegionalYear, i int) float64 { return y.CarsByRegion[i] }, Additive},
		{"vans", "", "vans of the people who live there", pointDecimals, func(y *RegionalYear, i int) float64 { return y.VansByRegion[i] }, Additive},
		{"electric_share_cars", "share", "of the country's cars that are electric", shareDecimals, func(y *RegionalYear, _ int) float64 { return y.ElectricShareCars }, Repeated},
		{"electric_share_vans", "share", "of the country's vans that are electric", shareDecimals, func(y *RegionalYear, _ int) float64 { return y.ElectricShareVans }, Repeated},
		{"home_charge_points_cars", "", "home charge points for cars", pointDecimals, func(y *RegionalYear, i int) float64 { return y.PointsCarsByRegion[i] }, Additive},
		{"home_charge_points_vans", "", "home charge points for vans", pointDecimals, func(y *RegionalYear, i int) float64 { return y.PointsVansByRegion[i] }, Additive},
		{"home_charge_points", "", "home charge points, both", pointDecimals, func(y *RegionalYear, i int) float64 { return y.PointsByRegion[i] }, Additive},
		{"cars_with_driveway", "", "cars at dwellings with a driveway", pointDecimals, func(y *RegionalYear, i int) float64 { return y.CarsAtDriveway[i] }, Additive},
		{"vans_with_driveway", "", "vans at dwellings with a driveway", pointDecimals, func(y *RegionalYear, i int) float64 { return y.VansAtDriveway[i] }, Additive},
		{"electric_share_driveway", "share", "of the cars at a driveway that are electric", shareDecimals, func(y *RegionalYear, _ int) float64 { return y.ElectricShareDriveway }, Repeated},
	}
}

// PotentialColumns are those of potential.
func (g *Regional) PotentialColumns() []RegionColumn {
	adoption := g.Model.Settings().Adoption
	return []RegionColumn{
		{"adoption", "share", "of the home charge points that take part", shareDecimals, func(*RegionalYear, int) float64 { return adoption }, Repeated},
		{"home_charge_points", "", "home charge points", pointDecimals, func(y *RegionalYear, i int) float64 { return y.Potential[i].Points }, Additive},
		{"kw_per_charge_point", "kW", "power that a charge point counts for", mwDecimals, func(y *RegionalYear, i int) float64 { return y.Potential[i].KWPerPoint }, Repeated},
		{"potential_mw", "MW", "flexible power", mwDecimals, func(y *RegionalYear, i int) float64 { return y.Potential[i].MW }, Additive},
		{"potential_mw_p5", "MW", "the same, low end of the spread of homes", mwDecimals, func(y *RegionalYear, i int) float64 { return y.Potential[i].MWP5 }, Single},
		{"potential_mw_p95", "MW", "the same, high end", mwDecimals, func(y *RegionalYear, i int) float64 { return y.Potential[i].MWP95 }, Single},
		{"evening_peak_kw_without_ev", "kW", "highest mean power 17:00-21:00 without electric cars", peakDecimals, func(y *RegionalYear, i int) float64 { return y.Potential[i].EveningPeakWithout }, Single},
		{"evening_peak_kw_regular", "kW", "the same, charging as regular", peakDecimals, func(y *RegionalYear, i int) float64 { return y.Potential[i].EveningPeakRegular }, Single},
		{"evening_peak_kw_smart", "kW", "the same, smart charging", peakDecimals, func(y *RegionalYear, i int) float64 { return y.Potential[i].EveningPeakSmart }, Single},
		{"evening_peak_kw_v2g", "kW", "the same, V2G", peakDecimals, func(y *RegionalYear, i int) float64 { return y.Potential[i].EveningPeakV2G }, Single},
		{"night_peak_kw_v2g", "kW", "highest mean power 21:00-07:00 with V2G", peakDecimals, func(y *RegionalYear, i int) float64 { return y.Potential[i].NightPeakV2G }, Single},
		{"evening_peak_relief_kw", "kW", "evening peak as regular less that with V2G", peakDecimals, func(y *RegionalYear, i int) float64 { return y.Potential[i].ReliefKW }, Single},
		{"highest_kw_v2g", "kW", "highest mean power of the whole day with V2G", peakDecimals, func(y *RegionalYear, i int) float64 { return y.Potential[i].HighestV2G }, Single},
		{"feed_in_peak_kw_v2g", "kW", "largest mean feed-in with V2G", peakDecimals, func(y *RegionalYear, i int) float64 { return y.Potential[i].FeedIn }, Single},
		{"capacity_kw", "kW", "capacity of the region's transformer or substation, where the regions file has it", peakDecimals, func(y *RegionalYear, i int) float64 { return y.Potential[i].CapacityKW }, Repeated},
		{"capacity_share_import", "share", "highest power with V2G of that capacity", shareDecimals, func(y *RegionalYear, i int) float64 { return y.Potential[i].CapacityShareImport }, Single},
		{"capacity_share_feed_in", "share", "largest feed-in with V2G of that capacity", shareDecimals, func(y *RegionalYear, i int) float64 { return y.Potential[i].CapacityShareFeedIn }, Single},
	}
}

// PotentialSummary is the whole of the regions in the study's year.
func (r *Result) PotentialSummary() (*PotentialSummary, error) {
	g, p := r.Regional, &r.Study.Potential
	y, err := g.Year(p.Year, r.Study.Outlook.Scenario)
	if err != nil {
		return nil, err
	}
	all := &y.Potential[0]
	s := &PotentialSummary{
		Year: p.Year, Scenario: y.Scenario, Adoption: p.Adoption, Contract: g.Contract,
		HomeChargePoints: all.Points, FlexiblePowerGW: round(all.MW/1000, 9), Schematic: g.Schematic,
		Dwellings: g.Dwellings[0], Regions: g.Set.Len(),
	}
	if k := r.Study.Potential.KWPerChargePoint; k.Rule != coincidenceRule {
		s.KWPerChargePoint = known(all.KWPerPoint)
	}
	s.SpreadKW = known(g.Model.SpreadKW())
	s.FlexiblePowerP5, s.FlexiblePowerP95 = known(round(all.MWP5/1000, 9)), known(round(all.MWP95/1000, 9))
	for _, i := range g.Top(y, topCount) {
		s.TopGemeenten = append(s.TopGemeenten, TopEntry{g.Set.At(i).Code, g.Set.At(i).Name, round(y.Potential[i].MW, mwDecimals)})
	}
	return s, nil
}

const topCount = 10

func round(v float64, decimals int) float64 {
	scale := math.Pow10(decimals)
	return math.Round(v*scale) / scale
}

// Coverage says which regions these are: "342 gemeente, 13,934 buurt; 7.95
// million dwellings".
func (g *Regional) Coverage() string {
	var parts []string
	for _, l := range g.Set.Levels() {
		if l != region.Land {
			parts = append(parts, fmt.Sprintf("%s %s", thousands(len(g.Set.OfLevel(l))), l))
		}
	}
	dwellings := thousands(int(math.Round(g.Dwellings[0]))) + " dwellings"
	if g.Dwellings[0] >= 1e6 {
		dwellings = fmt.Sprintf("%.2f million dwellings", g.Dwellings[0]/1e6)
	}
	return strings.Join(parts, ", ") + "; " + dwellings
}

func thousands(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
