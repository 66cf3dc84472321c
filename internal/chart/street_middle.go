package chart

import (
	"fmt"
	"time"

	"github.com/getij/getij/internal/figure"
	"github.com/getij/getij/internal/result"
	"github.com/getij/getij/internal/series"
)

// StreetMiddle is what the middle street of those drawn does with a way to charge: kW of
// the whole street.
type StreetMiddle struct {
	Mode       string
	DurationKW []float64 // at even parts of the year, falling
	Date       time.Time // of its worst day
	Times      []string  // local start of each quarter-hour of it
	WithoutKW  []float64 // homes without cars, per quarter-hour
	KW         []float64
}

// StreetDuration shows in how many hours of the year the middle street takes or feeds in
// how much.
func StreetDuration(s *result.Street, middle []StreetMiddle, o Choice) *Chart {
	d := figure.Duration{
		Hours: float64(s.Axis.Len()) * series.StepHours, CapacityKW: s.Study.Street.CapacityKW(), Unit: ofStreet(s, o.text("kW of the street", "kW van de straat"), o.text("kW of the fleet", "kW van de vloot")),
		Below: o.text("hours of the year, from the highest quarter-hour to the lowest", "uren van het jaar, van het hoogste kwartier naar het laagste"),
		Of:    o.text("Reached or passed in", "Bereikt of overschreden in"),
	}
	for _, m := range middle {
		d.Series = append(d.Series, figure.Series{Label: o.modeName(m.Mode), KW: m.DurationKW, Style: figure.ModeStyle(m.Mode)})
	}
	return &Chart{
		Name: "street-duration", File: []string{"street", "duration", o.Contract}, language: o.Language, Source: streetSource(s, o, sharesNow(s), sharesNow(s)),
		Title:    ofStreet(s, o.text("How long the street needs how much", "Hoe lang de straat hoeveel nodig heeft"), o.text("How long the fleet needs how much", "Hoe lang de vloot hoeveel nodig heeft")),
		Subtitle: streetLine(s, o) + ". " + middleOf(s, o),
		scene:    func(f figure.Frame) (*figure.Scene, error) { d.Frame = f; return d.Scene() },
	}
}

// StreetDays shows the day on which the middle street is farthest from zero, for each way
// to charge.
func StreetDays(s *result.Street, middle []StreetMiddle, o Choice) *Chart {
	d := figure.DayProfiles{Columns: 2, Height: 200, Unit: "kW", Taking: true, Limit: s.Study.Street.CapacityKW()}
	for _, m := range middle {
		d.Panels = append(d.Panels, figure.DayPanel{
			Title: fmt.Sprintf("%s, %d %s", o.modeName(m.Mode), m.Date.Day(), o.Language.Month(int(m.Date.Month())-1)),
			Times: m.Times, Base: m.WithoutKW,
			Series: []figure.Series{
				{Label: o.text("Without cars", "Zonder auto\u2019s"), KW: m.WithoutKW, Style: figure.HomeStyle()},
				{Label: o.text("With cars", "Met auto\u2019s"), KW: m.KW, Style: figure.ModeStyle(m.Mode), Fill: true},
			},
		})
	}
	return &Chart{
		Name: "street-days", File: []string{"street", "worst-day", o.Contract}, language: o.Language, Source: streetSource(s, o, sharesNow(s), sharesNow(s)),
		Title:    o.text("The worst day", "De ergste dag"),
		Subtitle: streetLine(s, o) + ". " + middleOf(s, o) + o.text(" Red is what cars charge, blue what they discharge.", " Rood is wat auto\u2019s laden, blauw wat zij ontladen."),
		scene:    func(f figure.Frame) (*figure.Scene, error) { d.Frame = f; return d.Scene() },
	}
}

// middleOf says which street is shown.
func middleOf(s *result.Street, o Choice) string {
	return fmt.Sprintf(ofStreet(s, o.text("The middle one of %d drawn streets, with %d charge points.", "De middelste van %d getrokken straten, met %d laadpunten."), o.text("The middle one of %d draws, with %d vehicles.", "De middelste van %d trekkingen, met %d voertuigen.")), s.Study.Street.Draws, s.Study.Street.ChargePoints())
}
