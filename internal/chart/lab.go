package chart

import (
	"fmt"

	"github.com/getij/getij/internal/figure"
	"github.com/getij/getij/internal/result"
	"github.com/getij/getij/internal/series"
)

// LabHeatmap shows a way to charge under a reader's assumptions above the study's own;
// nil: nothing is changed.
func LabHeatmap(r *result.Result, c Choice, lab *series.MonthTable, source string) (*Chart, error) {
	p, err := newPicture(r, c)
	if err != nil {
		return nil, err
	}
	if lab == nil {
		lab = p.main.ByMonth
	}
	h := figure.Heatmap{Of: c.text("Assumptions", "Aannames"), Panels: []figure.HeatPanel{
		{Label: c.text("Your assumptions", "Uw aannames"), KW: *lab}, {Label: c.text("Study", "Studie"), KW: *p.main.ByMonth},
	}}
	return &Chart{
		Name: "lab-heatmap", File: []string{"lab", "heatmap", p.Contract, p.Mode}, language: c.Language, Source: source,
		Title:    fmt.Sprintf(c.text("%s by month and time of day", "%s per maand en tijd van de dag"), c.modeName(p.Mode)),
		Subtitle: c.text("Your assumptions above, the study below; one colour scale", "Boven uw aannames, onder de studie; één kleurschaal"),
		scene:    func(f figure.Frame) (*figure.Scene, error) { h.Frame = f; return h.Scene() },
	}, nil
}

// LabDays shows the mean day of every way to charge under a reader's assumptions, by
// mode, beside the study's own.
func LabDays(r *result.Result, c Choice, lab map[string][]float64, source string) (*Chart, error) {
	p, err := newPicture(r, c)
	if err != nil {
		return nil, err
	}
	period, name := c.text("Whole year", "Heel het jaar"), "year"
	if len(p.Months) > 0 {
		period, name = capital(c.Language.Month(p.Months[0])), fmt.Sprint(p.Months[0]+1)
	}
	d := figure.DayProfiles{Columns: 2, Height: 180}
	for _, k := range p.ofContract(p.Contract) {
		day := k.ByDay[:]
		if len(p.Months) > 0 {
			day = k.ByMonth[p.Months[0]][:]
		}
		own := p.line(k, day)
		own.Label = c.text("Study", "Studie")
		panel := figure.DayPanel{Title: p.modeName(k.Mode.String()), Series: []figure.Series{own}}
		if kw, ok := lab[k.Mode.String()]; ok {
			own.Style = figure.BaseStyle()
			changed := p.line(k, kw)
			changed.Label = "Lab"
			panel.Series = []figure.Series{own, changed}
		}
		d.Panels = append(d.Panels, panel)
	}
	subtitle := period
	if len(lab) > 0 {
		subtitle = c.text("Thick: your assumptions. Thin: the study. ", "Dik: uw aannames. Dun: de studie. ") + period
	}
	return &Chart{
		Name: "lab-days", File: []string{"lab", "mean-day", p.Contract, name}, language: c.Language, Source: source,
		Title: c.text("The mean day by way to charge", "De gemiddelde dag per manier van laden"), Subtitle: subtitle,
		scene: func(f figure.Frame) (*figure.Scene, error) { d.Frame = f; return d.Scene() },
	}, nil
}

// LabEffects shows what each assumption does to the evening.
func LabEffects(r *result.Result, c Choice, t figure.Tornado, homes int, source string) (*Chart, error) {
	p, err := newPicture(r, c)
	if err != nil {
		return nil, err
	}
	return &Chart{
		Name: "lab-effects", File: []string{"lab", "what-moves-it-most", p.Contract, p.Mode}, language: c.Language, Source: source,
		Title: c.text("The effect of each assumption on the evening", "Het effect van elke aanname op de avond"),
		Subtitle: p.modeName(p.Mode) + ", " + p.contractName(p.Contract) + ", " + fmt.Sprintf(c.text("%s homes; blue is discharging more, red charging more", "%s woningen; blauw is meer ontladen, rood meer laden"),
			c.Language.Number(float64(homes), 0)),
		scene: func(f figure.Frame) (*figure.Scene, error) { t.Frame = f; return t.Scene() },
	}, nil
}
