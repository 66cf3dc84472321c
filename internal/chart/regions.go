package chart

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/getij/getij/internal/figure"
	"github.com/getij/getij/internal/outlook"
	"github.com/getij/getij/internal/region"
	"github.com/getij/getij/internal/result"
)

// scenarioName is a scenario as a reader knows it.
func (c Choice) scenarioName(scenario string) string {
	switch scenario {
	case "low":
		return c.text("Low", "Laag")
	case "mid":
		return c.text("Mid", "Midden")
	case "high":
		return c.text("High", "Hoog")
	}
	return scenario
}

// ofRegions is where numbers of regions come from.
func (p picture) ofRegions() string {
	return fmt.Sprintf("%s: %s.", p.Study.Name, p.Regions.Coverage(p.Summary.Potential.Dwellings))
}

// Growth shows the home charge points of all regions by year.
func Growth(r *result.Result, c Choice) (*Chart, error) {
	chain, err := r.Regions.Chain(0, 1, "home_charge_points_cars", "home_charge_points_vans", "home_charge_points")
	if err != nil {
		return nil, err
	}
	own := r.Summary.Potential.Scenario
	g := figure.Growth{
		Unit: c.text("home charge points", "thuislaadpunten"), Years: r.Regions.Years,
		Areas: []figure.GrowthArea{
			{Label: c.text("Cars", "Auto’s"), Style: figure.ModeStyle(figure.V2G), Count: chain[own]["home_charge_points_cars"]},
			{Label: c.text("Vans", "Bestelauto’s"), Style: figure.ModeStyle(figure.Smart), Count: chain[own]["home_charge_points_vans"]},
		},
	}
	for _, scenario := range outlook.Scenarios() {
		if scenario != own {
			g.Lines = append(g.Lines, figure.GrowthLine{Label: c.scenarioName(scenario), Count: chain[scenario]["home_charge_points"]})
		}
	}
	return &Chart{
		Name: "growth", File: []string{"growth"}, language: c.Language, Source: picture{r, c, nil}.ofRegions(),
		Title:    c.text("Home charge points to 2050", "Thuislaadpunten tot 2050"),
		Subtitle: fmt.Sprintf(c.text("Scenario %s, cars and vans; lines: the other scenarios", "Scenario %s, auto’s en bestelauto’s; lijnen: de andere scenario’s"), own),
		scene:    func(f figure.Frame) (*figure.Scene, error) { g.Frame = f; return g.Scene() },
	}, nil
}

// mapToleranceM keeps the map's file small: a pixel is about 400 m.
const mapToleranceM = 250

// Map shows the potential by region; nil where the result has no outlines.
func Map(r *result.Result, c Choice) (*Chart, error) {
	s := r.Summary.Potential
	level, outlines, err := r.Regions.MapLevel()
	if err != nil || level == "" {
		return nil, err
	}
	y, err := r.Regions.Year(s.Year, s.Scenario)
	if err != nil {
		return nil, err
	}
	if outlines, err = region.Simplify(outlines, mapToleranceM); err != nil {
		return nil, err
	}
	kw := r.Study.Potential.KWPerChargePoint
	unit := c.text("kW per dwelling", "kW per woning")
	m := figure.Map{Legend: unit, Unit: unit, Circles: "MW"}
	if r.Regions.Schematic {
		m.Aside = c.text("schematic boundaries", "schematische grenzen")
	}
	for k, i := range r.Regions.OfLevel(level) {
		mw, dwellings := y.Column("potential_mw")[i], y.Column("dwellings")[i]
		area := figure.Region{Name: r.Regions.Name[i], Value: math.NaN(), Circle: mw}
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
			m.Regions = append(m.Regions, area)
		}
	}
	return &Chart{
		Name: "map", File: []string{"map"}, language: c.Language, Source: picture{r, c, nil}.ofRegions(),
		Title: fmt.Sprintf(c.text("V2G potential per %s in %d", "V2G-potentieel per %s in %d"), level, s.Year),
		Subtitle: fmt.Sprintf(c.text("Colour: kW per dwelling; circles: MW; %s; contract %s, scenario %s, adoption %s %%", "Kleur: kW per woning; cirkels: MW; %s; contract %s, scenario %s, deelname %s %%"),
			c.counted(kw.Rule, kw.KW, r.Study.Potential.Season), strings.ToLower(c.contractName(s.Contract)), s.Scenario, c.Language.Number(100*s.Adoption, 0)),
		scene: func(f figure.Frame) (*figure.Scene, error) { m.Frame = f; return m.Scene() },
	}, nil
}

// List makes the charts of a result that a report shows, in its order.
func List(r *result.Result, c Choice) (out []*Chart, err error) {
	add := func(chart *Chart, failed error) {
		if chart != nil {
			out = append(out, chart)
		}
		if err == nil {
			err = failed
		}
	}
	months := c
	months.Months = []int{0, 6}
	add(Of(r, "heatmap", c))
	add(Of(r, "months", months))
	if slices.ContainsFunc(r.Cases, func(k *result.Case) bool { return k.Mode != r.Cases[0].Mode }) {
		add(Of(r, "ways-to-charge", c))
		add(Of(r, "day-prices", c))
		add(Of(r, "week", c))
		add(Of(r, "week-prices", c))
	}
	if len(r.Study.Contracts) > 1 {
		add(Of(r, "contracts", c))
		add(Of(r, "heatmap-contracts", c))
	}
	add(Of(r, "spread", c))
	add(Of(r, "coincidence", c))
	if r.SessionsFit != nil {
		add(SessionsFit(r.SessionsFit, c), nil)
	}
	if r.Regions != nil {
		add(Growth(r, c))
		add(Map(r, c))
		add(Population(r, c))
	}
	return out, err
}
