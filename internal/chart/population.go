package chart

import (
	"fmt"
	"math"

	"github.com/getij/getij/internal/cohort"
	"github.com/getij/getij/internal/figure"
	"github.com/getij/getij/internal/potential"
	"github.com/getij/getij/internal/result"
)

// Population shows what regions do by homes of their own, and beside it by the average of
// the study's homes times a count: each region a stroke. It is nil where the result has no
// population. It begins with the contract that holds in the potential's year.
func Population(r *result.Result, c Choice) (*Chart, error) {
	if c.Contract == "" && r.Summary.Potential != nil {
		c.Contract = r.ContractIn(r.Summary.Potential.Year)
	}
	p, err := newPicture(r, c)
	if err != nil {
		return nil, err
	}
	cases := r.Population.Of(p.Contract, r.Summary.Potential.Year)
	if len(cases) == 0 {
		return nil, nil
	}
	p.Contract = cases[0].Contract
	y, err := r.Regions.Year(cases[0].Year, r.Summary.Potential.Scenario)
	if err != nil {
		return nil, err
	}
	evening, averageEvening := result.EveningColumn(r.Study.Potential.Season)
	level := r.Regions.Listed()
	s := figure.Spread{
		Panels: []figure.SpreadPanel{
			{Title: p.eveningOf(r.Study.Potential.Season), Unit: p.text("kW per charge point; negative is discharging", "kW per laadpunt; negatief is ontladen"), Decimals: 2},
			{Title: p.text("Highest quarter-hour of the year", "Hoogste kwartier van het jaar"), Unit: p.text("kW per dwelling, cars included", "kW per woning, met auto’s"), Decimals: 2},
		},
		Foot: fmt.Sprintf(p.text("Each stroke is a %[1]s. Line: 5th to 95th percentile of them; dot: median.", "Elk streepje is een %[1]s. Lijn: 5e tot 95e percentiel; stip: mediaan."), level),
	}
	points, dwellings := y.Column("home_charge_points"), y.Column("dwellings")
	for _, k := range cases {
		for _, by := range []struct {
			label            string
			style            figure.LineStyle
			evening, highest string
		}{
			{p.text("own homes", "eigen woningen"), figure.ModeStyle(k.Mode), evening, "highest_kw"},
			{p.text("average × count", "gemiddelde × aantal"), figure.BaseStyle(), averageEvening, "average_highest_kw"},
		} {
			s.Cases = append(s.Cases, figure.SpreadCase{Label: p.modeName(k.Mode) + ", " + by.label, Style: by.style})
			var values [2][]float64
			for _, i := range r.Regions.OfLevel(level) {
				if !(points[i] > 0) || !(dwellings[i] > 0) {
					continue
				}
				for panel, v := range []float64{k.Column(by.evening)[i] / (points[i] * r.Summary.Potential.Adoption), k.Column(by.highest)[i] / dwellings[i]} {
					if !math.IsNaN(v) {
						values[panel] = append(values[panel], v)
					}
				}
			}
			for panel, of := range values {
				spread := figure.Percentile{P5: math.NaN(), P50: math.NaN(), P95: math.NaN()}
				if len(of) > 0 {
					spread = figure.Percentile(cohort.SpreadOf(of))
				}
				s.Panels[panel].Homes, s.Panels[panel].Values = append(s.Panels[panel].Homes, of), append(s.Panels[panel].Values, spread)
			}
		}
	}
	return &Chart{
		Name: "population", File: []string{"population", p.Contract}, language: c.Language, Source: p.ofRegions(),
		Title:    fmt.Sprintf(p.text("Each %s by its own homes in %d", "Elke %s met eigen woningen in %d"), level, cases[0].Year),
		Subtitle: p.contractLine() + p.text("; beside it the average of the study’s homes times a count", "; ernaast het gemiddelde van de woningen van de studie maal een aantal"),
		scene:    func(f figure.Frame) (*figure.Scene, error) { s.Frame = f; return s.Scene() },
	}, nil
}

// eveningOf names the mean evening of a season.
func (c Choice) eveningOf(season string) string {
	switch season {
	case potential.Winter:
		return c.text("Mean winter evening, 17–21 h", "Gemiddelde winteravond, 17–21 uur")
	case potential.Summer:
		return c.text("Mean summer evening, 17–21 h", "Gemiddelde zomeravond, 17–21 uur")
	}
	return c.text("Mean evening, 17–21 h", "Gemiddelde avond, 17–21 uur")
}
