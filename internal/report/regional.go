package report

import (
	"fmt"
	"math"
	"strings"

	"github.com/getij/getij/internal/figure"
	"github.com/getij/getij/internal/region"
	"github.com/getij/getij/internal/result"
)

// regional is what the page says of regions.
type regional struct {
	*result.PotentialSummary
	Finding, PerPoint, Peaks string
	Top                      []topRow
	Years                    []yearRow
	Level                    string // of the map, "" without outlines
	Coverage                 string

	growth figure.Growth
	areas  figure.Map
}

type topRow struct {
	Name                     string
	Dwellings, Points        float64
	MW, P5, P95, PerDwelling float64
	Regular, V2G, Night      float64 // kW
}

type yearRow struct {
	Year             int
	Electric, Points float64
	MW, Low, High    float64 // scenarios
}

// mapToleranceM keeps the map's file small: a pixel is about 400 m.
const mapToleranceM = 250

func newRegional(r *result.Result) (*regional, error) {
	g, summary := r.Regions, r.Summary.Potential
	if g == nil {
		return nil, nil
	}
	out := &regional{PotentialSummary: summary, Coverage: g.Coverage(summary.Dwellings)}
	y, err := g.Year(summary.Year, summary.Scenario)
	if err != nil {
		return nil, err
	}
	var outlines []region.Region
	if out.Level, outlines, err = g.MapLevel(); err != nil {
		return nil, err
	}
	if out.areas, err = newMap(g, y, out.Level, outlines); err != nil {
		return nil, err
	}
	column := y.Column
	for _, i := range g.Top(y, 10) {
		mw, dwellings := column("potential_mw")[i], column("dwellings")[i]
		out.Top = append(out.Top, topRow{
			Name: g.Name[i], Dwellings: dwellings, Points: column("home_charge_points")[i], MW: mw, P5: column("potential_mw_p5")[i], P95: column("potential_mw_p95")[i],
			PerDwelling: 1000 * mw / dwellings, Regular: column("evening_peak_kw_regular")[i], V2G: column("evening_peak_kw_v2g")[i], Night: column("night_peak_kw_v2g")[i],
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
	if out.growth, err = newGrowth(r); err != nil {
		return nil, err
	}
	all := func(name string) float64 { return column(name)[0] }
	out.Finding = r.Headline(false)
	out.PerPoint = "The figures below, by year and by region, take the power that groups of the region's size reach (coincidence)."
	if summary.KWPerChargePoint != nil {
		out.PerPoint = fmt.Sprintf("The figures below, by year and by region, count %.3g kW a charge point: %.2f GW in %d.", *summary.KWPerChargePoint, summary.FlexiblePowerGW, summary.Year)
		if r.Study.Potential.KWPerChargePoint.Name() == "fixed" {
			out.PerPoint = strings.TrimSuffix(out.PerPoint, ".") + ", whatever the contract and the season, as the report of ElaadNL counts them."
		}
	}
	without, regular, v2g, night := all("evening_peak_kw_without_ev"), all("evening_peak_kw_regular"), all("evening_peak_kw_v2g"), all("night_peak_kw_v2g")
	if !math.IsNaN(v2g) && !math.IsNaN(regular) {
		out.Peaks = fmt.Sprintf("The evening peak of all their homes is %.2f GW without electric cars, %.2f GW when all cars charge as regular and %.2f GW with V2G; at night V2G makes a new peak of %.2f GW.",
			without/1e6, regular/1e6, v2g/1e6, night/1e6)
		if night > regular {
			out.Peaks += " That is higher than the evening peak that it takes away: prices alone move the peak, they do not flatten it."
		}
	}
	return out, nil
}

// charts are the growth of charge points and the map.
func (g *regional) charts(r *result.Result) []chart {
	note := fmt.Sprintf("%s: %s.", r.Study.Name, g.Coverage)
	list := []chart{{
		name: "growth",
		draw: func(f figure.Frame) (*figure.Scene, error) { c := g.growth; c.Frame = f; return c.Scene() },
		frame: figure.Frame{
			ID: "growth", Title: "Home charge points to 2050", Note: note,
			Subtitle: "scenario " + g.Scenario + ", cars and vans; lines: the other scenarios",
		},
	}}
	if g.Level == "" {
		return list
	}
	return append(list, chart{
		name: "map",
		draw: func(f figure.Frame) (*figure.Scene, error) { c := g.areas; c.Frame = f; return c.Scene() },
		frame: figure.Frame{
			ID: "map", Note: note,
			Title:    fmt.Sprintf("V2G potential per %s in %d", g.Level, g.Year),
			Subtitle: fmt.Sprintf("colour: kW per dwelling; circles: MW; scenario %s, adoption %g %%", g.Scenario, 100*g.Adoption),
		},
	})
}

func newGrowth(r *result.Result) (figure.Growth, error) {
	c := figure.Growth{
		Unit: "home charge points",
		Areas: []figure.GrowthArea{
			{Label: "Cars", Style: figure.ModeStyle("v2g")},
			{Label: "Vans", Style: figure.ModeStyle("smart")},
		},
	}
	chain, err := r.Regions.Chain(0, 1, "home_charge_points_cars", "home_charge_points_vans", "home_charge_points")
	if err != nil {
		return c, err
	}
	c.Years = r.Regions.Years
	own := r.Summary.Potential.Scenario
	c.Areas[0].Count, c.Areas[1].Count = chain[own]["home_charge_points_cars"], chain[own]["home_charge_points_vans"]
	if own != "low" {
		c.Lines = append(c.Lines, figure.GrowthLine{Label: "Low", Count: chain["low"]["home_charge_points"]})
	}
	if own != "high" {
		c.Lines = append(c.Lines, figure.GrowthLine{Label: "High", Count: chain["high"]["home_charge_points"]})
	}
	return c, nil
}

func newMap(r *result.Regions, y *result.RegionYear, level string, outlines []region.Region) (figure.Map, error) {
	c := figure.Map{Legend: "kW per dwelling", Unit: "kW per dwelling", Circles: "MW"}
	if r.Schematic {
		c.Aside = "schematic boundaries"
	}
	outlines, _, err := region.Simplify(outlines, region.SimplifyOptions{ToleranceM: mapToleranceM})
	if err != nil {
		return c, err
	}
	for k, i := range r.OfLevel(level) {
		mw, dwellings := y.Column("potential_mw")[i], y.Column("dwellings")[i]
		area := figure.Region{Name: r.Name[i], Value: math.NaN(), Circle: mw}
		if dwellings > 0 {
			area.Value = 1000 * mw / dwellings
		}
		for _, polygon := range outlines[k].Geometry {
			for _, ring := range polygon {
				points := make([]figure.Point, len(ring))
				for n, at := range ring {
					points[n] = figure.Point{X: at[0], Y: at[1]}
				}
				area.Rings = append(area.Rings, points)
			}
		}
		if len(area.Rings) > 0 {
			c.Regions = append(c.Regions, area)
		}
	}
	return c, nil
}
