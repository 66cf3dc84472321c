package chart

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/getij/getij/dispatch"
	"github.com/getij/getij/internal/figure"
	"github.com/getij/getij/internal/potential"
	"github.com/getij/getij/internal/result"
	"github.com/getij/getij/internal/series"
)

// Region is one region of a result, and what a reader chooses of it.
type Region struct {
	Name string
	potential.Homes
	CapacityKW float64              // NaN where unknown
	Years      []int                // of Points
	Points     map[string][]float64 // home charge points by scenario, a value per year
	Scenario   string
	Year       int
	Adoption   float64 // share of charge points that take part, 0 to 1
	Season     string  // of the power per charge point; "": the study's
	KWRule     string  // what a charge point counts for; "": the study's rule
}

// model makes megawatts of charge points, under the chosen contract, way to charge,
// season and rule.
func (p picture) model(of Region) (*potential.Model, *potential.Profile, error) {
	profile := p.Profile(p.Contract)
	profile.V2G, profile.Coincidence = p.main.ByMonth, p.main.Groups()
	own := &p.Study.Potential
	s := potential.Settings{Rule: own.KWPerChargePoint.Rule, KW: own.KWPerChargePoint.KW, Season: own.InSeason(), Adoption: of.Adoption}
	ok := true
	if of.Season != "" {
		if s.Season, ok = potential.SeasonNamed(of.Season); !ok {
			return nil, nil, &ChoiceError{"season", of.Season, "winter, summer or year"}
		}
	}
	if of.KWRule != "" {
		if s.Rule, ok = potential.RuleNamed(of.KWRule); !ok || s.Rule == potential.Fixed && own.KWPerChargePoint.Rule != potential.Fixed {
			return nil, nil, &ChoiceError{"kw", of.KWRule, "computed, coincidence, report or the study's own fixed"}
		}
	}
	m, err := potential.New(profile, s)
	return m, profile, err
}

// OfRegion makes a chart of a region by the chart's name.
func OfRegion(r *result.Result, name string, c Choice, of Region) (*Chart, error) {
	p, err := newPicture(r, c)
	if err != nil {
		return nil, err
	}
	at := slices.Index(of.Years, of.Year)
	if at < 0 {
		return nil, &ChoiceError{"year", fmt.Sprint(of.Year), "a year of the forecast"}
	}
	if of.Points[of.Scenario] == nil {
		return nil, &ChoiceError{"scenario", of.Scenario, "low, mid or high"}
	}
	if !(of.Adoption >= 0 && of.Adoption <= 1) {
		return nil, &ChoiceError{"adoption", fmt.Sprint(of.Adoption), "a share from 0 to 1"}
	}
	m, profile, err := p.model(of)
	if err != nil {
		return nil, err
	}
	var chart *Chart
	switch name {
	case "region-day":
		chart = p.regionDay(of, profile, of.Points[of.Scenario][at])
	case "region-growth":
		chart = p.regionGrowth(of, m)
	default:
		return nil, &ChoiceError{"name", name, "the name of a figure"}
	}
	chart.Name, chart.language, chart.Source = name, c.Language, p.source()
	chart.Subtitle = p.chosen(of)
	if name == "region-growth" {
		s := m.Settings()
		chart.Subtitle += "; " + p.counted(s.Rule, s.KW, s.Season.Name)
	}
	return chart, nil
}

// counted says what a charge point counts for.
func (c Choice) counted(rule potential.Rule, kw float64, season string) string {
	switch rule {
	case potential.Computed:
		evening := map[string]string{
			potential.Winter: c.text("winter evening", "winteravond"), potential.Summer: c.text("summer evening", "zomeravond"), potential.WholeYear: c.text("evening", "avond"),
		}[season]
		return fmt.Sprintf(c.text("discharged on the mean %s, 17-21 h", "ontladen op de gemiddelde %s, 17-21 uur"), evening)
	case potential.Coincidence:
		return c.text("discharged at once by a group of the region's size, in its busiest quarter-hour", "tegelijk ontladen door een groep zo groot als het gebied, in het drukste kwartier")
	case potential.Report:
		return c.text("2 kW per charge point as in ElaadNL’s report, whatever contract and season", "2 kW per laadpunt zoals het rapport van ElaadNL, wat contract en seizoen ook zijn")
	}
	return fmt.Sprintf(c.text("%s kW per charge point, whatever contract and season", "%s kW per laadpunt, wat contract en seizoen ook zijn"), c.Language.Number(kw, 1))
}

// chosen is what a reader chose, for a picture that leaves the page.
func (p picture) chosen(of Region) string {
	return fmt.Sprintf(p.text("%s; %s; scenario %s; %s %% take part", "%s; %s; scenario %s; %s %% doet mee"),
		p.contractLine(), p.modeName(p.Mode), strings.ToLower(p.scenarioName(of.Scenario)), p.Language.Number(100*of.Adoption, 0))
}

// regionDay shows the mean day of a region in January and in July: its dwellings, and
// what each way to charge makes of them. What cars of the chosen way add or take off
// is filled.
func (p picture) regionDay(of Region, home *potential.Profile, points float64) *Chart {
	regular := p.Case(p.Contract, dispatch.Regular)
	d := figure.DayProfiles{Columns: 1, Height: 150, Unit: "kW", Taking: true}
	most := 0.0
	for _, month := range []int{0, 6} {
		panel := p.regionPanel(of, home, points, month, regular)
		panel.Title = capital(p.Language.Month(month)) + p.text(", mean day", ", gemiddelde dag")
		for _, values := range kwOf(panel.Series) {
			for _, kw := range values {
				most = max(most, math.Abs(kw))
			}
		}
		d.Panels = append(d.Panels, panel)
	}
	if of.CapacityKW > 0 {
		d.Limit = of.CapacityKW
	}
	if most >= 10_000 {
		d.Unit, d.Limit = "MW", d.Limit/1000
		for _, panel := range d.Panels {
			scaled := map[*float64]bool{} // the base is a series too
			for _, values := range append([][]float64{panel.Base}, kwOf(panel.Series)...) {
				if scaled[&values[0]] {
					continue
				}
				scaled[&values[0]] = true
				for q := range values {
					values[q] /= 1000
				}
			}
		}
	}
	return &Chart{
		File:  []string{"day", of.Name, of.Scenario, fmt.Sprint(of.Year)},
		Title: fmt.Sprintf(p.text("%s: the mean day in January and in July %d", "%s: de gemiddelde dag in januari en in juli %d"), of.Name, of.Year),
		scene: func(f figure.Frame) (*figure.Scene, error) { d.Frame = f; return d.Scene() },
	}
}

// regionPanel is the mean day of a month: the region's dwellings, and what each way to
// charge makes of them.
func (p picture) regionPanel(of Region, home *potential.Profile, points float64, month int, regular *result.Case) figure.DayPanel {
	dwellings := make([]float64, series.QuartersPerDay)
	for q := range dwellings {
		dwellings[q] = of.Equivalents*home.Load[month][q] - of.Dwellings*home.Solar[month][q]
	}
	panel := figure.DayPanel{Base: dwellings}
	panel.Series = append(panel.Series, figure.Series{Label: p.text("Without cars", "Zonder auto’s"), KW: dwellings, Style: figure.BaseStyle()})
	for _, k := range p.few() {
		if of.Adoption < 1 && regular == nil {
			continue // what the others do is not known
		}
		line := p.line(k, make([]float64, series.QuartersPerDay))
		line.Fill = k.Mode.String() == p.Mode
		if !line.Fill {
			line.Style.Width = 1.6
		}
		for q := range line.KW {
			kw := of.Adoption * k.ByMonth[month][q]
			if of.Adoption < 1 {
				kw += (1 - of.Adoption) * regular.ByMonth[month][q]
			}
			line.KW[q] = dwellings[q] + points*kw
		}
		panel.Series = append(panel.Series, line)
	}
	return panel
}

// OfRegions shows the mean day of regions below each other, in January and in July, per
// dwelling and on one scale.
func OfRegions(r *result.Result, c Choice, list []Region) (*Chart, error) {
	p, err := newPicture(r, c)
	if err != nil {
		return nil, err
	}
	d := figure.DayProfiles{Columns: 2, Height: 130, Unit: p.text("kW per dwelling", "kW per woning"), Taking: true, Unlabelled: true}
	regular := p.Case(p.Contract, dispatch.Regular)
	var names []string
	for _, of := range list {
		at := slices.Index(of.Years, of.Year)
		if at < 0 {
			return nil, &ChoiceError{"year", fmt.Sprint(of.Year), "a year of the forecast"}
		}
		if of.Points[of.Scenario] == nil {
			return nil, &ChoiceError{"scenario", of.Scenario, "low, mid or high"}
		}
		_, home, err := p.model(of)
		if err != nil {
			return nil, err
		}
		if !(of.Dwellings > 0) {
			return nil, &ChoiceError{"regions", of.Name, "a region with dwellings"}
		}
		points := of.Points[of.Scenario][at] / of.Dwellings
		of.Equivalents, of.Dwellings = of.Equivalents/of.Dwellings, 1
		for _, month := range []int{0, 6} {
			panel := p.regionPanel(of, home, points, month, regular)
			panel.Title = of.Name + ", " + p.Language.Month(month)
			d.Panels = append(d.Panels, panel)
		}
		names = append(names, of.Name)
	}
	return &Chart{
		Name: "regions-day", language: c.Language, Source: p.source(), Subtitle: p.chosen(list[0]),
		File:  append([]string{"day"}, names...),
		Title: fmt.Sprintf(p.text("The mean day in January and in July %d, per dwelling, on one scale", "De gemiddelde dag in januari en in juli %d, per woning, op één schaal"), list[0].Year),
		scene: func(f figure.Frame) (*figure.Scene, error) { d.Frame = f; return d.Scene() },
	}, nil
}

func kwOf(list []figure.Series) (out [][]float64) {
	for _, s := range list {
		out = append(out, s.KW)
	}
	return out
}

// regionGrowth shows what a region could give by year: the chosen scenario as an
// area, the others as lines.
func (p picture) regionGrowth(of Region, m *potential.Model) *Chart {
	g := figure.Growth{Years: of.Years, Mark: of.Year, Height: 120}
	mw := map[string][]float64{}
	most := 0.0
	for scenario, points := range of.Points {
		for _, n := range points {
			v := m.Region(of.Homes, n, math.NaN(), potential.Band{}).MW
			mw[scenario], most = append(mw[scenario], v), max(most, v)
		}
	}
	by := 1.0
	switch {
	case most >= 1000:
		by, g.Unit = 1000, "GW"
	case most >= 1:
		g.Unit = "MW"
	default:
		by, g.Unit = 0.001, "kW"
	}
	for _, values := range mw {
		for i := range values {
			values[i] /= by
		}
	}
	g.Areas = []figure.GrowthArea{{Label: p.scenarioName(of.Scenario), Style: figure.ModeStyle(figure.V2G), Count: mw[of.Scenario]}}
	for _, scenario := range []string{"low", "mid", "high"} {
		if scenario != of.Scenario && mw[scenario] != nil {
			g.Lines = append(g.Lines, figure.GrowthLine{Label: p.scenarioName(scenario), Count: mw[scenario]})
		}
	}
	return &Chart{
		File:  []string{"growth", of.Name},
		Title: fmt.Sprintf(p.text("%s: power by year", "%s: vermogen per jaar"), of.Name),
		scene: func(f figure.Frame) (*figure.Scene, error) { g.Frame = f; return g.Scene() },
	}
}
