package report

import (
	"fmt"
	"math"

	"github.com/getij/getij/dispatch"
	"github.com/getij/getij/internal/result"
)

// regional is what the page says of regions.
type regional struct {
	*result.PotentialSummary
	Finding, PerPoint, Peaks string
	Tiles                    []tile
	Top                      []topRow
	Years                    []yearRow
	Coverage                 string
}

// RegularYear is the year's highest quarter-hour with regular charging, GW.
func (g *regional) RegularYear(contract string) *float64 {
	if x := g.Season(contract, dispatch.Regular.String(), result.WholeYear); x != nil {
		return x.YearHighestGW
	}
	return nil
}

type topRow struct {
	Name                     string
	Dwellings, Points        float64
	MW, P5, P95, PerDwelling float64
	Regular, V2G, Night      float64 // kW
	YearRegular, YearV2G     float64 // kW
}

// tile is a figure of all regions with what it is of.
type tile struct {
	What string
	GW   float64
}

// tiles are the figure that regions count with, and before it the one by the rules of
// its year, where those are others.
func tiles(r *result.Result) (out []tile) {
	s := r.Summary.Potential
	all := fmt.Sprintf("All regions in %d, ", s.Year)
	evening := func(contract string) string {
		season := s.SeasonName + " "
		if s.SeasonName == result.WholeYear {
			season = ""
		}
		return fmt.Sprintf("%smean %sevening, %s", all, season, r.ContractName(contract))
	}
	if first := r.ContractIn(s.Year); first != s.Contract || s.KWRule != "computed" {
		if x := s.Season(first, dispatch.V2G.String(), s.SeasonName); x != nil {
			out = append(out, tile{evening(first), x.EveningGW})
		}
	}
	what := evening(s.Contract)
	switch s.KWRule {
	case "report":
		what = all + "2 kW per charge point as in ElaadNL’s report"
	case "fixed":
		what = all + "the study’s kW per charge point"
	case "coincidence":
		what = all + "each region’s busiest quarter-hour, " + r.ContractName(s.Contract)
	}
	return append(out, tile{what, s.FlexiblePowerGW})
}

type yearRow struct {
	Year             int
	Electric, Points float64
	MW, Low, High    float64 // scenarios
}

func newRegional(r *result.Result) (*regional, error) {
	g, summary := r.Regions, r.Summary.Potential
	if g == nil {
		return nil, nil
	}
	out := &regional{PotentialSummary: summary, Coverage: g.Coverage(summary.Dwellings), Tiles: tiles(r)}
	y, err := g.Year(summary.Year, summary.Scenario)
	if err != nil {
		return nil, err
	}
	column := y.Column
	for _, i := range g.Top(y, 10) {
		mw, dwellings := column("potential_mw")[i], column("dwellings")[i]
		out.Top = append(out.Top, topRow{
			Name: g.Name[i], Dwellings: dwellings, Points: column("home_charge_points")[i], MW: mw, P5: column("potential_mw_p5")[i], P95: column("potential_mw_p95")[i],
			PerDwelling: 1000 * mw / dwellings, Regular: column("evening_peak_kw_regular")[i], V2G: column("evening_peak_kw_v2g")[i], Night: column("night_peak_kw_v2g")[i],
			YearRegular: column("year_highest_kw_regular")[i], YearV2G: column("year_highest_kw_v2g")[i],
		})
	}
	for _, year := range result.FileYears() {
		row := yearRow{Year: year}
		for scenario, to := range map[string]*float64{"low": &row.Low, "high": &row.High, summary.Scenario: &row.MW} {
			y, err := g.Year(year, scenario)
			if err != nil {
				return nil, err
			}
			*to = y.Column("potential_mw")[0]
			if scenario == summary.Scenario {
				row.Points, row.Electric = y.Column("home_charge_points")[0], y.Column("electric_share_cars")[0]
			}
		}
		out.Years = append(out.Years, row)
	}
	all := func(name string) float64 { return column(name)[0] }
	out.Finding = r.Findings.Tell("regions", "", "", false)
	out.PerPoint = r.PerPoint(false)
	without, regular, v2g, night := all("evening_peak_kw_without_ev"), all("evening_peak_kw_regular"), all("evening_peak_kw_v2g"), all("night_peak_kw_v2g")
	if !math.IsNaN(v2g) && !math.IsNaN(regular) {
		out.Peaks = fmt.Sprintf("Under %s the evening peak of all their homes, on a month's mean day, is %.2f GW without electric cars, %.2f GW when all cars charge as regular and %.2f GW with V2G; at night V2G makes a new peak of %.2f GW.",
			r.ContractName(summary.Contract), without/1e6, regular/1e6, v2g/1e6, night/1e6)
		if night > regular {
			out.Peaks += " That is higher than the evening peak that it takes away: prices alone move the peak, they do not flatten it."
		}
		out.Peaks += fmt.Sprintf(" The year's highest single quarter-hour is %.2f GW with regular charging and %.2f GW with V2G.", all("year_highest_kw_regular")/1e6, all("year_highest_kw_v2g")/1e6)
	}
	return out, nil
}
