package chart

import (
	"fmt"
	"slices"

	"github.com/getij/getij/internal/figure"
	"github.com/getij/getij/internal/result"
	"github.com/getij/getij/internal/series"
)

// StreetCoordination has the worst day of a coordinated street, and the prices that
// coordinate it; none where it is not coordinated.
func StreetCoordination(s *result.Street, o Choice) []*Chart {
	d := s.SignalDay
	if d == nil {
		return nil
	}
	way := &s.Ways[0]
	o.Contract = way.Contract
	var times []string
	for t := range d.AloneKW {
		times = append(times, s.Axis.Time(d.From+t).In(series.Amsterdam()).Format("15:04"))
	}
	date := s.Axis.Time(d.From).In(series.Amsterdam())
	day := fmt.Sprintf("%d %s", date.Day(), o.Language.Month(int(date.Month())-1))
	line := fmt.Sprintf("%s, %s. %s. ", streetLine(s, o), o.modeName(way.Mode.String()), day) + middleOf(s, o)
	source := streetSource(s, o, sharesNow(s), sharesNow(s))

	load := figure.DayProfiles{Height: 260, Unit: "kW", Taking: true, Limit: s.Study.Street.CapacityKW()}
	for _, p := range []struct {
		title, label string
		kW           []float64
	}{
		{o.text("Nobody minding the others", "Ieder voor zich"), o.text("With cars", "Met auto\u2019s"), d.AloneKW},
		{o.text("Coordinated", "Afgestemd"), o.text("With cars", "Met auto\u2019s"), d.CoordinatedKW},
	} {
		load.Panels = append(load.Panels, figure.DayPanel{
			Title: p.title, Times: times, Base: d.WithoutCarsKW,
			Series: []figure.Series{
				{Label: o.text("Without cars", "Zonder auto\u2019s"), KW: d.WithoutCarsKW, Style: figure.HomeStyle()},
				{Label: p.label, KW: p.kW, Style: figure.ModeStyle(way.Mode.String()), Fill: true},
			},
		})
	}
	prices := figure.DayProfiles{Height: 200, Unit: eurPerKWh, NoPower: true, Panels: []figure.DayPanel{{Times: times, Base: d.ImportEURPerKWh, Series: signalSeries(d, way, o)}}}
	return []*Chart{
		{
			Name: "street-coordinated", File: []string{"street", "coordinated", o.Contract}, language: o.Language, Source: source,
			Title:    o.text("The worst day, before and after", "De ergste dag, ervoor en erna"),
			Subtitle: line + o.text(" Red is what cars charge, blue what they discharge.", " Rood is wat auto\u2019s laden, blauw wat zij ontladen."),
			scene:    func(f figure.Frame) (*figure.Scene, error) { load.Frame = f; return load.Scene() },
		},
		{
			Name: "street-signal", File: []string{"street", "signal", o.Contract}, language: o.Language, Source: source,
			Title:    ofStreet(s, o.text("The price that keeps the street within its capacity", "De prijs die de straat binnen haar capaciteit houdt"), o.text("The price that keeps the fleet within its capacity", "De prijs die de vloot binnen haar capaciteit houdt")),
			Subtitle: line + o.text(" The signal comes on top of the tariff: above it (red) where cars would charge too much, below it (blue) where they would discharge too much.", " Het signaal komt bovenop het tarief: erboven (rood) waar auto\u2019s te veel zouden laden, eronder (blauw) waar zij te veel zouden ontladen."),
			scene:    func(f figure.Frame) (*figure.Scene, error) { prices.Frame = f; return prices.Scene() },
		},
	}
}

// signalSeries are the tariff, with and without the signal.
func signalSeries(d *result.StreetSignalDay, way *result.StreetWay, o Choice) []figure.Series {
	with := slices.Clone(d.ImportEURPerKWh)
	for t := range with {
		with[t] += d.SignalEURPerKWh[t]
	}
	out := []figure.Series{
		{Label: o.text("With the signal", "Met het signaal"), KW: with, Style: figure.ModeStyle(way.Mode.String()), Fill: true},
		{Label: o.text("Tariff", "Tarief"), KW: d.ImportEURPerKWh, Style: figure.HomeStyle()},
	}
	if !slices.Equal(d.ImportEURPerKWh, d.ExportEURPerKWh) {
		out[1].Label = o.text("Tariff, taking", "Tarief, afnemen")
		out = append(out, figure.Series{Label: o.text("Tariff, feeding in", "Tarief, terugleveren"), KW: d.ExportEURPerKWh, Style: figure.BaseStyle()})
	}
	return out
}
