package report

import (
	"fmt"
	"math"
	"strings"

	"github.com/getij/getij/internal/figure"
	"github.com/getij/getij/internal/outlook"
	"github.com/getij/getij/internal/region"
	"github.com/getij/getij/internal/study"
)

// regional is what the page says of regions.
type regional struct {
	*study.PotentialSummary
	Finding, Peaks string
	Top            []topRow
	Years          []yearRow
	Level          region.Level // of the map, "" without outlines
	Coverage       string
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

func newRegional(r *study.Result) (*regional, error) {
	if r.Regional == nil {
		return nil, nil
	}
	g := r.Regional
	summary, err := r.PotentialSummary()
	if err != nil {
		return nil, err
	}
	out := &regional{PotentialSummary: summary, Coverage: g.Coverage()}
	if level, ok := g.MapLevel(); ok {
		out.Level = level
	}
	y, err := g.Year(summary.Year, summary.Scenario)
	if err != nil {
		return nil, err
	}
	for _, i := range g.Top(y, 10) {
		p := &y.Potential[i]
		out.Top = append(out.Top, topRow{
			Name: g.Set.At(i).Name, Dwellings: g.Dwellings[i], Points: p.Points, MW: p.MW, P5: p.MWP5, P95: p.MWP95,
			PerDwelling: 1000 * p.MW / g.Dwellings[i], Regular: p.EveningPeakRegular, V2G: p.EveningPeakV2G, Night: p.NightPeakV2G,
		})
	}
	for _, year := range study.FileYears() {
		row := yearRow{Year: year}
		for scenario, to := range map[string]*float64{"low": &row.Low, "high": &row.High, summary.Scenario: &row.MW} {
			s, err := g.Year(year, scenario)
			if err != nil {
				return nil, err
			}
			*to = s.Potential[0].MW
			if scenario == summary.Scenario {
				row.Points, row.Electric = s.Potential[0].Points, s.ElectricShareCars
			}
		}
		out.Years = append(out.Years, row)
	}
	all := &y.Potential[0]
	out.Finding = fmt.Sprintf("In %d, scenario %s, the regions of this study have %s home charge points. With %g %% of them taking part that is %.2f GW of flexible power.",
		summary.Year, summary.Scenario, whole(summary.HomeChargePoints), 100*summary.Adoption, summary.FlexiblePowerGW)
	if summary.KWPerChargePoint != nil {
		out.Finding = strings.TrimSuffix(out.Finding, ".") + fmt.Sprintf(", at %.3g kW each.", *summary.KWPerChargePoint)
	}
	if !math.IsNaN(all.EveningPeakV2G) && !math.IsNaN(all.EveningPeakRegular) {
		out.Peaks = fmt.Sprintf("The evening peak of all their homes is %.2f GW without electric cars, %.2f GW when all cars charge as regular and %.2f GW with V2G; at night V2G makes a new peak of %.2f GW.",
			all.EveningPeakWithout/1e6, all.EveningPeakRegular/1e6, all.EveningPeakV2G/1e6, all.NightPeakV2G/1e6)
		if all.NightPeakV2G > all.EveningPeakRegular {
			out.Peaks += " That is higher than the evening peak that it takes away: prices alone move the peak, they do not flatten it."
		}
	}
	return out, nil
}

// regionalCharts are the growth of charge points and the map.
func regionalCharts(r *study.Result) ([]chart, error) {
	g := r.Regional
	if g == nil {
		return nil, nil
	}
	growth, err := newGrowth(r)
	if err != nil {
		return nil, err
	}
	note := fmt.Sprintf("%s: %s.", r.Study.Name, g.Coverage())
	list := []chart{{
		name: "growth",
		draw: func(f figure.Frame) (*figure.Scene, error) { c := growth; c.Frame = f; return c.Scene() },
		frame: figure.Frame{
			ID: "growth", Title: "Home charge points to 2050", Note: note,
			Subtitle: "scenario " + r.Study.Outlook.Scenario + ", cars and vans; lines: the other scenarios",
		},
	}}
	level, ok := g.MapLevel()
	if !ok {
		return list, nil
	}
	m, err := newMap(r, level)
	if err != nil {
		return nil, err
	}
	return append(list, chart{
		name: "map",
		draw: func(f figure.Frame) (*figure.Scene, error) { c := m; c.Frame = f; return c.Scene() },
		frame: figure.Frame{
			ID: "map", Note: note,
			Title:    fmt.Sprintf("V2G potential per %s in %d", level, r.Study.Potential.Year),
			Subtitle: fmt.Sprintf("colour: kW per dwelling; circles: MW; scenario %s, adoption %g %%", r.Study.Outlook.Scenario, 100*r.Study.Potential.Adoption),
		},
	}), nil
}

func newGrowth(r *study.Result) (figure.Growth, error) {
	c := figure.Growth{
		Unit: "home charge points",
		Areas: []figure.GrowthArea{
			{Label: "Cars", Style: figure.ModeStyle("v2g")},
			{Label: "Vans", Style: figure.ModeStyle("smart")},
		},
	}
	total := map[string][]float64{}
	for year := outlook.FirstYear; year <= outlook.LastYear; year++ {
		c.Years = append(c.Years, year)
		for _, scenario := range outlook.Scenarios() {
			y, err := r.Regional.Forecast.Year(year, scenario)
			if err != nil {
				return c, err
			}
			total[scenario] = append(total[scenario], y.PointsByRegion[0])
			if scenario == r.Study.Outlook.Scenario {
				c.Areas[0].Count = append(c.Areas[0].Count, y.PointsCarsByRegion[0])
				c.Areas[1].Count = append(c.Areas[1].Count, y.PointsVansByRegion[0])
			}
		}
	}
	if s := r.Study.Outlook.Scenario; s != "low" {
		c.Lines = append(c.Lines, figure.GrowthLine{Label: "Low", Count: total["low"]})
	}
	if s := r.Study.Outlook.Scenario; s != "high" {
		c.Lines = append(c.Lines, figure.GrowthLine{Label: "High", Count: total["high"]})
	}
	return c, nil
}

func newMap(r *study.Result, level region.Level) (figure.Map, error) {
	g := r.Regional
	c := figure.Map{Legend: "kW per dwelling", Unit: "kW per dwelling", Circles: "MW"}
	if g.Schematic {
		c.Aside = "schematic boundaries"
	}
	outlines, err := g.Outlines(level, mapToleranceM)
	if err != nil {
		return c, err
	}
	y, err := g.Year(r.Study.Potential.Year, r.Study.Outlook.Scenario)
	if err != nil {
		return c, err
	}
	for k, i := range g.Set.OfLevel(level) {
		p := &y.Potential[i]
		area := figure.Region{Name: g.Set.At(i).Name, Value: math.NaN(), Circle: p.MW}
		if g.Dwellings[i] > 0 {
			area.Value = 1000 * p.MW / g.Dwellings[i]
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
