package chart

import (
	"fmt"
	"slices"

	"github.com/getij/getij/internal/figure"
)

// Prices stand under the week and the day: they say why a car charges when it does.

const eurPerKWh = "EUR/kWh"

// priceSeries are the prices of the chosen contract, each cut or averaged by of, and
// what stored energy is worth the chosen way.
func (p picture) priceSeries(of func(values []float64) []float64) (out []figure.Series) {
	for _, c := range p.Prices {
		if c.Contract != p.Contract {
			continue
		}
		taking := figure.Series{Label: p.text("Taking", "Afnemen"), KW: of(c.ImportEURPerKWh), Style: figure.HomeStyle()}
		feedingIn := figure.Series{Label: p.text("Feeding in", "Terugleveren"), KW: of(c.StorageExportEURPerKWh), Style: figure.BaseStyle()}
		if slices.Equal(c.ImportEURPerKWh, c.StorageExportEURPerKWh) { // net metering
			feedingIn.Label = p.text("Taking, feeding in", "Afnemen, terugleveren")
			out = append(out, feedingIn)
			continue
		}
		out = append(out, taking, feedingIn)
	}
	if v := p.main.StoredEURPerKWh; v != nil {
		out = append(out, figure.Series{Label: p.text("Stored, ", "Opgeslagen, ") + p.modeName(p.Mode), KW: of(v), Style: figure.ModeStyle(p.Mode)})
	}
	return out
}

func (p picture) priceNote() string {
	if p.main.StoredEURPerKWh == nil {
		return ""
	}
	return p.text("Stored: what one more kWh in the battery is worth, mean of the homes whose car is plugged in. A car charges where taking costs less than that, after losses.",
		"Opgeslagen: wat een kWh meer in de accu waard is, gemiddeld over de woningen waarvan de auto aan de stekker staat. Een auto laadt waar afnemen na verliezen minder kost.")
}

func (p picture) weekPrices() (*Chart, error) {
	c := figure.WeekProfiles{Unit: eurPerKWh, Series: p.priceSeries(func(values []float64) []float64 { return p.Axis.ByWeek(values)[:] })}
	return &Chart{
		File: []string{"week-prices", p.Contract, p.Mode}, Subtitle: p.contractLine(), Note: p.priceNote(),
		Title: p.text("Prices in the mean week", "Prijzen in de gemiddelde week"),
		scene: func(f figure.Frame) (*figure.Scene, error) { c.Frame = f; return c.Scene() },
	}, nil
}

// dayPrices are those of a date, of months, or of the mean day of the year.
func (p picture) dayPrices() (*Chart, error) {
	c := figure.DayProfiles{Unit: eurPerKWh, NoPower: true, Height: 220}
	title := p.text("Prices on the mean day of the year", "Prijzen op de gemiddelde dag van het jaar")
	file := []string{"day-prices", p.Contract, p.Mode}
	switch {
	case p.Date != "":
		first, last, err := p.steps()
		if err != nil {
			return nil, err
		}
		c.Panels = []figure.DayPanel{{Times: p.times(first, last), Series: p.priceSeries(func(values []float64) []float64 { return values[first:last] })}}
		title, file = p.text("Prices on that day", "Prijzen op die dag"), append(file, p.Date)
	case len(p.Months) > 0:
		title = p.text("Prices on the mean day", "Prijzen op de gemiddelde dag")
		for _, m := range p.Months {
			c.Panels = append(c.Panels, figure.DayPanel{
				Title:  capital(p.Language.Month(m)),
				Series: p.priceSeries(func(values []float64) []float64 { return p.Axis.ByMonth(values)[m][:] }),
			})
			file = append(file, fmt.Sprint(m+1))
		}
	default:
		c.Panels = []figure.DayPanel{{Series: p.priceSeries(func(values []float64) []float64 { day := p.Axis.ByDay(values); return day[:] })}}
	}
	return &Chart{
		File: file, Title: title, Subtitle: p.contractLine(), Note: p.priceNote(),
		scene: func(f figure.Frame) (*figure.Scene, error) { c.Frame = f; return c.Scene() },
	}, nil
}
