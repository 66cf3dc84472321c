package chart

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/getij/getij/dispatch"
	"github.com/getij/getij/internal/figure"
	"github.com/getij/getij/internal/result"
	"github.com/getij/getij/internal/series"
)

// newPicture fills in the study's own choice where a reader has none.
func newPicture(r *result.Result, c Choice) (picture, error) {
	p := picture{r, c, nil}
	if p.Contract == "" {
		main, err := r.Study.PotentialContract()
		if err != nil {
			return p, err
		}
		p.Contract = main
	}
	if !slices.Contains(p.contractNames(), p.Contract) {
		return p, &ChoiceError{"contract", p.Contract, "one of " + strings.Join(p.contractNames(), ", ")}
	}
	if p.Mode == "" {
		p.Mode = p.freest()
	}
	if p.main = p.find(p.Contract, p.Mode); p.main == nil {
		return p, &ChoiceError{"mode", p.Mode, "a way to charge of the study"}
	}
	for _, m := range p.Months {
		if m < 0 || m > 11 {
			return p, &ChoiceError{"months", fmt.Sprint(m + 1), "a month from 1 to 12"}
		}
	}
	return p, nil
}

// Of makes a chart of a result by the chart's name.
func Of(r *result.Result, name string, c Choice) (*Chart, error) {
	p, err := newPicture(r, c)
	if err != nil {
		return nil, err
	}
	make := map[string]func() (*Chart, error){
		"heatmap": p.heatmap, "months": p.months, "ways-to-charge": p.ways, "week": p.week, "day": p.day, "week-prices": p.weekPrices, "day-prices": p.dayPrices,
		"contracts": p.contracts, "heatmap-contracts": p.heatmapContracts, "spread": p.spread, "coincidence": p.coincidence,
	}[name]
	if make == nil {
		return nil, &ChoiceError{"name", name, "the name of a figure"}
	}
	chart, err := make()
	if err != nil {
		return nil, err
	}
	chart.Name, chart.language, chart.Source = name, c.Language, p.source()
	return chart, nil
}

// picture is a chart in the making.
type picture struct {
	*result.Result
	Choice
	main *result.Case
}

// contractLine says whether what is fed in is netted: a figure is seen without its study.
func (p picture) contractLine() string {
	return p.Choice.contractLine() + p.netted(p.NetMetering(p.Contract))
}

// contractNames in the order of the study.
func (p picture) contractNames() (out []string) {
	for _, c := range p.Study.Contracts {
		out = append(out, c.Name)
	}
	return out
}

func (p picture) find(contract, mode string) *result.Case {
	for _, k := range p.Cases {
		if k.Contract == contract && k.Mode.String() == mode {
			return k
		}
	}
	return nil
}

// freest is the way to charge with the most freedom that the contract has.
func (p picture) freest() string {
	for _, m := range slices.Backward(dispatch.Modes()) {
		if p.Case(p.Contract, m) != nil {
			return m.String()
		}
	}
	return ""
}

// line is a case as a series.
func (p picture) line(k *result.Case, kw []float64) figure.Series {
	return figure.Series{Label: p.modeName(k.Mode.String()), KW: kw, Style: figure.ModeStyle(k.Mode.String())}
}

// ofContract are the cases of a contract.
func (p picture) ofContract(contract string) (out []*result.Case) {
	for _, k := range p.Cases {
		if k.Contract == contract {
			out = append(out, k)
		}
	}
	return out
}

// few are the cases of the chosen contract; V2H is left out where V2G says nearly the
// same, unless it is chosen.
func (p picture) few() []*result.Case {
	return slices.DeleteFunc(p.ofContract(p.Contract), func(k *result.Case) bool {
		return k.Mode == dispatch.V2H && p.Mode != figure.V2H && p.find(p.Contract, figure.V2G) != nil
	})
}

func (p picture) source() string {
	text := fmt.Sprintf(p.text("%s, %d: mean of %s homes, local time.", "%s, %d: gemiddelde van %s woningen, lokale tijd."), p.Study.Name, p.Study.Year, p.number(p.Study.Homes))
	if mark := p.Manifest.SyntheticMark(p.Language == figure.Dutch); mark != "" {
		text += " " + mark
	}
	if p.Manifest.Version != "" {
		text += " getij " + p.Manifest.Version + "."
	}
	return text
}

func (p picture) number(n int) string { return p.Language.Number(float64(n), 0) }

func (p picture) heatmap() (*Chart, error) {
	return &Chart{
		File:     []string{"heatmap", p.Contract, p.Mode},
		Title:    fmt.Sprintf(p.text("%s: power by month and time of day", "%s: vermogen per maand en tijd van de dag"), p.modeName(p.Mode)),
		Subtitle: p.contractLine() + p.text(". Red is charging, blue discharging.", ". Rood is laden, blauw ontladen."),
		scene: func(f figure.Frame) (*figure.Scene, error) {
			return figure.Heatmap{Frame: f, Panels: []figure.HeatPanel{{KW: *p.main.ByMonth}}, Tooltips: !f.Bare && (f.Width == 0 || f.Width >= figure.WideWidth)}.Scene()
		},
	}, nil
}

func (p picture) months() (*Chart, error) {
	if len(p.Months) != 2 {
		return nil, &ChoiceError{"months", fmt.Sprint(len(p.Months)), "two months, such as 1,7"}
	}
	c := figure.DayProfiles{}
	file := []string{"months", p.Contract, p.Mode}
	for _, m := range p.Months {
		s := p.line(p.main, p.main.ByMonth[m][:])
		s.Fill = true
		c.Panels = append(c.Panels, figure.DayPanel{Title: capital(p.Language.Month(m)), Series: []figure.Series{s}})
		file = append(file, fmt.Sprint(m+1))
	}
	c.More = figure.Table{{
		Label: p.text("Whole year, ", "Heel het jaar, ") + p.modeName(p.Mode), Unit: p.text("kW per home", "kW per woning"), Decimals: 3, Power: true, Values: p.main.ByDay[:],
	}}
	return &Chart{
		File: file, Subtitle: p.contractLine(),
		Title: fmt.Sprintf(p.text("%s: the mean day in %s and in %s", "%s: de gemiddelde dag in %s en in %s"),
			p.modeName(p.Mode), p.Language.Month(p.Months[0]), p.Language.Month(p.Months[1])),
		scene: func(f figure.Frame) (*figure.Scene, error) { c.Frame = f; return c.Scene() },
	}, nil
}

func (p picture) ways() (*Chart, error) {
	c := figure.DayProfiles{}
	file := []string{"ways-to-charge", p.Contract}
	household := p.text("Household", "Huishouden")
	add := func(title string, home []float64, of func(k *result.Case) []float64) {
		panel := figure.DayPanel{Title: title, Series: []figure.Series{{Label: household, KW: home, Style: figure.HomeStyle()}}}
		for _, k := range p.ofContract(p.Contract) {
			panel.Series = append(panel.Series, p.line(k, of(k)))
		}
		c.Panels = append(c.Panels, panel)
	}
	for _, m := range p.Months {
		add(capital(p.Language.Month(m)), p.Axis.ByMonth(p.LoadKW)[m][:], func(k *result.Case) []float64 { return k.ByMonth[m][:] })
		file = append(file, fmt.Sprint(m+1))
	}
	subtitle := p.text("The household is its use without car and sun.", "Het huishouden is het verbruik zonder auto en zonder zon.")
	if len(p.Months) == 0 {
		home := p.Axis.ByDay(p.LoadKW)
		add("", home[:], func(k *result.Case) []float64 { return k.ByDay[:] })
		subtitle = p.text("Mean day of the year. ", "Gemiddelde dag van het jaar. ") + subtitle
	}
	return &Chart{
		File: file, Subtitle: p.contractLine() + ". " + subtitle,
		Title: p.text("Ways to charge beside each other, and the household", "Manieren van laden naast elkaar, en het huishouden"),
		scene: func(f figure.Frame) (*figure.Scene, error) { c.Frame = f; return c.Scene() },
	}, nil
}

func (p picture) week() (*Chart, error) {
	c := figure.WeekProfiles{}
	for _, k := range p.few() {
		c.Series = append(c.Series, p.line(k, k.ByWeek[:]))
	}
	return &Chart{
		File: []string{"week", p.Contract}, Subtitle: p.contractLine(), Title: p.text("The mean week", "De gemiddelde week"),
		scene: func(f figure.Frame) (*figure.Scene, error) { c.Frame = f; return c.Scene() },
	}, nil
}

// steps are those of the chosen day, up to last.
func (p picture) steps() (first, last int, err error) {
	day, err := time.ParseInLocation(time.DateOnly, p.Date, series.Amsterdam())
	if err != nil || day.Year() != p.Study.Year {
		return 0, 0, &ChoiceError{"date", p.Date, fmt.Sprintf("a day of %d, such as %d-01-15,", p.Study.Year, p.Study.Year)}
	}
	return int(day.Sub(p.Axis.Start) / series.Step), int(day.AddDate(0, 0, 1).Sub(p.Axis.Start) / series.Step), nil
}

// times are the local starts of steps.
func (p picture) times(first, last int) (out []string) {
	for t := first; t < last; t++ {
		out = append(out, p.Axis.Time(t).In(series.Amsterdam()).Format("15:04"))
	}
	return out
}

func (p picture) day() (*Chart, error) {
	first, last, err := p.steps()
	if err != nil {
		return nil, err
	}
	day := p.Axis.Time(first).In(series.Amsterdam())
	panel := figure.DayPanel{Series: []figure.Series{{Label: p.text("Household", "Huishouden"), KW: p.LoadKW[first:last], Style: figure.HomeStyle()}}}
	for _, k := range p.ofContract(p.Contract) {
		panel.Series = append(panel.Series, p.line(k, k.KW[first:last]))
	}
	panel.Times = p.times(first, last)
	subtitle := fmt.Sprintf(p.text("Mean of %s homes.", "Gemiddelde van %s woningen."), p.number(p.Study.Homes))
	switch last - first {
	case 92:
		subtitle = p.text("The clock went forward this night: the day has 92 quarter-hours, the hour from 02:00 is missing.",
			"Deze nacht ging de klok vooruit: de dag heeft 92 kwartieren, het uur na 02:00 ontbreekt.")
	case 100:
		subtitle = p.text("The clock went back this night: the day has 100 quarter-hours, the hour from 02:00 comes twice.",
			"Deze nacht ging de klok terug: de dag heeft 100 kwartieren, het uur vanaf 02:00 komt twee keer.")
	}
	weekday := p.Language.Weekday((int(day.Weekday()) + 6) % 7)
	return &Chart{
		File: []string{"day", p.Contract, p.Date}, Subtitle: p.contractLine() + ". " + subtitle,
		Title: fmt.Sprintf("%s %d %s %d", capital(weekday), day.Day(), p.Language.Month(int(day.Month())-1), day.Year()),
		scene: func(f figure.Frame) (*figure.Scene, error) {
			return figure.DayProfiles{Frame: f, Panels: []figure.DayPanel{panel}}.Scene()
		},
	}, nil
}

func (p picture) contracts() (*Chart, error) {
	c := figure.Contracts{}
	saving := figure.Column{Label: p.text("Saving over regular", "Besparing op gewoon laden"), Unit: p.perYear("EUR"), Decimals: 2}
	discharged := figure.Column{Label: p.text("Discharged", "Ontladen"), Unit: p.perYear("kWh")}
	for _, contract := range p.contractNames() {
		group := figure.Contract{Label: p.contractName(contract)}
		for _, k := range p.ofContract(contract) {
			group.Modes = append(group.Modes, figure.ContractMode{
				Label: p.modeName(k.Mode.String()), Style: figure.ModeStyle(k.Mode.String()), CostEUR: k.Summary.TotalEUR(), EveningKW: k.Summary.EveningMeanKW,
			})
			saved := math.NaN()
			if k.Summary.SavingVsRegularEUR != nil {
				saved = *k.Summary.SavingVsRegularEUR
			}
			saving.Values, discharged.Values = append(saving.Values, saved), append(discharged.Values, k.Summary.DischargedKWh)
		}
		c.Contracts = append(c.Contracts, group)
	}
	c.More = figure.Table{saving, discharged}
	subtitle := p.text("Money is for all electricity of the home, power is that of the car.", "Geld is voor alle elektriciteit van de woning, vermogen is dat van de auto.")
	if know := p.Study.Knows(); p.Study.Car.WearEURPerKWh > 0 || !know.Everything() {
		subtitle += p.text(" Wear of the battery and what cars lacked at departure are in it.", " Slijtage van de batterij en wat auto’s bij vertrek tekortkwamen, tellen mee.")
	}
	return &Chart{
		File: []string{"contracts"}, Title: p.text("Contracts side by side: money and the evening", "Contracten naast elkaar: geld en de avond"),
		Subtitle: subtitle,
		scene:    func(f figure.Frame) (*figure.Scene, error) { c.Frame = f; return c.Scene() },
	}, nil
}

func (p picture) heatmapContracts() (*Chart, error) {
	c := figure.Heatmap{Of: "Contract"}
	for _, k := range p.Cases {
		if k.Mode.String() == p.Mode {
			c.Panels = append(c.Panels, figure.HeatPanel{Label: p.contractName(k.Contract), KW: *k.ByMonth})
		}
	}
	return &Chart{
		File:     []string{"heatmap-contracts", p.Mode},
		Title:    fmt.Sprintf(p.text("%s under each contract", "%s onder elk contract"), p.modeName(p.Mode)),
		Subtitle: p.text("One colour scale", "Eén kleurschaal"),
		scene:    func(f figure.Frame) (*figure.Scene, error) { c.Frame = f; return c.Scene() },
	}, nil
}

func (p picture) spread() (*Chart, error) {
	c := figure.Spread{Panels: []figure.SpreadPanel{
		{Title: p.text("Power 17–21 h", "Vermogen 17–21 u"), Unit: "kW", Decimals: 2},
		{Title: p.text("Discharged", "Ontladen"), Unit: p.perYear("kWh")},
	}}
	take := []func(*result.Home) float64{
		func(h *result.Home) float64 { return h.EveningKW },
		func(h *result.Home) float64 { return h.DischargedKWh },
		func(h *result.Home) float64 { return h.SavingEUR },
	}
	if p.find(p.Contract, figure.Regular) != nil {
		c.Panels = append(c.Panels, figure.SpreadPanel{Title: p.text("Saving over regular", "Besparing op gewoon laden"), Unit: p.perYear("EUR")})
	}
	for _, k := range p.ofContract(p.Contract) {
		c.Cases = append(c.Cases, figure.SpreadCase{Label: p.modeName(k.Mode.String()), Style: figure.ModeStyle(k.Mode.String())})
		for i := range c.Panels {
			var homes []float64
			values := figure.Percentile{P5: math.NaN(), P50: math.NaN(), P95: math.NaN()}
			if i < 2 || k.Mode != dispatch.Regular { // which saves nothing over itself
				for h := range k.Homes {
					homes = append(homes, take[i](&k.Homes[h]))
				}
				values = figure.Percentile(k.SpreadOverHomes(take[i]))
			}
			c.Panels[i].Homes, c.Panels[i].Values = append(c.Panels[i].Homes, homes), append(c.Panels[i].Values, values)
		}
	}
	return &Chart{
		File: []string{"homes", p.Contract}, Title: p.text("How much homes differ", "Hoeveel woningen verschillen"),
		Subtitle: p.contractLine() + p.text(". Each stroke is a home.", ". Elk streepje is een woning."),
		scene:    func(f figure.Frame) (*figure.Scene, error) { c.Frame = f; return c.Scene() },
	}, nil
}

func (p picture) coincidence() (*Chart, error) {
	c := figure.Coincidence{MarkHomes: 40}
	for _, k := range p.few() {
		m := figure.CoincidenceMode{Label: p.modeName(k.Mode.String()), Style: figure.ModeStyle(k.Mode.String())}
		discharges := false
		for _, g := range k.Coincidence {
			d := g.PeakDischargeKW
			m.Charge = append(m.Charge, figure.Percentile(g.PeakChargeKW))
			m.FeedIn = append(m.FeedIn, figure.Percentile{P5: -d.P95, P50: -d.P50, P95: -d.P5})
			discharges = discharges || d.P95 > 0
		}
		if !discharges {
			m.FeedIn = nil
		}
		c.Modes = append(c.Modes, m)
	}
	for _, g := range p.main.Coincidence {
		c.Homes = append(c.Homes, g.Homes)
	}
	return &Chart{
		File:     []string{"coincidence", p.Contract},
		Title:    p.text("The peak per home falls with the size of the group", "De piek per woning daalt met de grootte van de groep"),
		Subtitle: p.contractLine() + p.text(". Highest quarter-hour of the year.", ". Hoogste kwartier van het jaar."),
		Note:     fmt.Sprintf(p.text("Groups are drawn, with replacement, from the study’s %s homes.", "Groepen zijn met teruglegging getrokken uit de %s woningen van de studie."), p.number(p.Study.Homes)),
		scene:    func(f figure.Frame) (*figure.Scene, error) { c.Frame = f; return c.Scene() },
	}, nil
}

func (p picture) perYear(unit string) string { return unit + p.text(" a year", " per jaar") }

func capital(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
