package server

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/getij/getij/dispatch"
	"github.com/getij/getij/internal/answer"
	"github.com/getij/getij/internal/chart"
	"github.com/getij/getij/internal/figure"
	"github.com/getij/getij/internal/result"
	"github.com/getij/getij/internal/series"
	"github.com/getij/getij/internal/street"
)

// streetFigure is what a page tells of a street: kW of the whole street.
type streetFigure struct {
	answer.FigureSize
	Body struct {
		Settings map[string]json.RawMessage `json:"settings" maxProperties:"100" doc:"as street was asked with"`
		Contract string                     `json:"contract" maxLength:"100"`
		Cases    []streetFigureCase         `json:"cases" minItems:"1" maxItems:"4" doc:"as street answered"`
	}
}

type streetFigureCase struct {
	Mode     string           `json:"mode" maxLength:"20"`
	Growth   *StreetGrowth    `json:"growth,omitempty" doc:"of street-growth"`
	Years    *StreetYears     `json:"years,omitempty" doc:"of street-years"`
	Duration answer.Numbers   `json:"duration_kw,omitempty" maxItems:"1000" doc:"of street-duration"`
	Signal   *StreetSignalDay `json:"signal_day,omitempty" doc:"of street-coordinated and street-signal, of one case"`
	Day      *StreetDay       `json:"worst_day,omitempty" doc:"of street-days"`
}

func (s *Server) registerStreetFigures(api huma.API) {
	for name, draw := range map[string]func(*result.Street, []chart.StreetMiddle, chart.Choice) *chart.Chart{
		"street-growth": func(r *result.Street, _ []chart.StreetMiddle, c chart.Choice) *chart.Chart { return chart.Street(r, c) },
		"street-years": func(r *result.Street, _ []chart.StreetMiddle, c chart.Choice) *chart.Chart {
			return chart.StreetYears(r, c)
		},
		"street-duration": chart.StreetDuration,
		"street-days":     chart.StreetDays,
		"street-coordinated": func(r *result.Street, _ []chart.StreetMiddle, c chart.Choice) *chart.Chart {
			return chart.StreetCoordination(r, c)[0]
		},
		"street-signal": func(r *result.Street, _ []chart.StreetMiddle, c chart.Choice) *chart.Chart {
			return chart.StreetCoordination(r, c)[1]
		},
	} {
		register(s, api, huma.Operation{
			OperationID: name, Method: http.MethodPost, Path: "/figures/" + name,
			Summary: "A figure of a street, as figure", MaxBodyBytes: mostBody,
			Middlewares: finite(api, "width"),
		}, func(ctx context.Context, in *streetFigure) (*struct{ Body *answer.FigureAnswer }, error) {
			sn := of(ctx)
			st, contract, err := s.lab.streetStudy(sn, in.Body.Settings, in.Body.Contract)
			if err != nil {
				return nil, err
			}
			r := &result.Street{Result: &street.Result{}, Study: st, Axis: series.NewYear(st.Year)}
			r.Manifest.Provenance = sn.folder.Manifest.Provenance
			middle, err := in.read(r, contract, name)
			if err != nil {
				return nil, err
			}
			a, err := in.Draw(draw(r, middle, chart.Choice{Language: figure.Language(in.Lang), Contract: contract}))
			return &struct{ Body *answer.FigureAnswer }{a}, err
		})
	}
}

// read holds a page's numbers to what a figure can show.
func (in *streetFigure) read(r *result.Street, contract, name string) (middle []chart.StreetMiddle, err error) {
	r.Study.Modes = nil
	for i := range in.Body.Cases {
		c := &in.Body.Cases[i]
		at := fmt.Sprintf("cases[%d].", i)
		mode, err := dispatch.ParseMode(c.Mode)
		if err != nil {
			return nil, answer.BodyProblem(at+"mode", err.Error())
		}
		if slices.Contains(r.Study.Modes, c.Mode) {
			return nil, answer.BodyProblem(at+"mode", c.Mode+" is there twice")
		}
		r.Study.Modes = append(r.Study.Modes, c.Mode)
		m := chart.StreetMiddle{Mode: c.Mode, DurationKW: c.Duration}
		switch name {
		case "street-growth":
			rows, err := c.Growth.rows(at + "growth.")
			if err != nil {
				return nil, err
			}
			if i > 0 && len(rows) != len(r.Cases[0].Growth) {
				return nil, answer.BodyProblem(at+"growth.charge_points", "the numbers of the first case were expected")
			}
			r.Cases = append(r.Cases, &street.Case{Contract: contract, Mode: mode, Growth: rows})
		case "street-years":
			rows, err := c.Years.rows(at + "years.")
			if err != nil {
				return nil, err
			}
			if i > 0 && len(rows) != len(r.Cases[0].Years) {
				return nil, answer.BodyProblem(at+"years.year", "the years of the first case were expected")
			}
			r.Cases = append(r.Cases, &street.Case{Contract: contract, Mode: mode, Years: rows})
		case "street-duration":
			if len(c.Duration) < 2 || len(c.Duration) != len(in.Body.Cases[0].Duration) {
				return nil, answer.BodyProblem(at+"duration_kw", "at least 2 values were expected, as many as in the first case")
			}
			if err := answer.Drawable(at+"duration_kw", c.Duration...); err != nil {
				return nil, err
			}
		case "street-coordinated", "street-signal":
			if r.SignalDay, err = c.Signal.read(r.Axis, at+"signal_day."); err != nil {
				return nil, err
			}
			r.Ways = []result.StreetWay{{Contract: contract, Mode: mode}}
		case "street-days":
			if err := c.Day.read(&m, at+"worst_day."); err != nil {
				return nil, err
			}
		}
		middle = append(middle, m)
	}
	return middle, nil
}

// rows are the numbers of charge points with what the streets do.
func (g *StreetGrowth) rows(at string) ([]street.Row, error) {
	if g == nil {
		return nil, answer.BodyProblem(at+"charge_points", "numbers of charge points were expected")
	}
	n := len(g.ChargePoints)
	rows := make([]street.Row, n)
	for i, points := range g.ChargePoints {
		if points < 0 || i > 0 && points <= g.ChargePoints[i-1] {
			return nil, answer.BodyProblem(at+"charge_points", "numbers that rise from 0 were expected")
		}
		rows[i].ChargePoints = points
	}
	err := spreads(at, &g.PeakKW, &g.FeedInKW, n, func(i int) *street.Row { return &rows[i] })
	return rows, err
}

// rows are the years with what the streets do.
func (y *StreetYears) rows(at string) ([]street.YearRow, error) {
	if y == nil || len(y.Year) < 2 {
		return nil, answer.BodyProblem(at+"year", "at least 2 years were expected")
	}
	n := len(y.Year)
	if len(y.ChargePoints) != n || len(y.SolarShare) != n || len(y.HeatPumps) != n {
		return nil, answer.BodyProblem(at+"charge_points", fmt.Sprintf("%d values were expected, and as many of solar_share and heat_pump_share", n))
	}
	rows := make([]street.YearRow, n)
	for i, year := range y.Year {
		if i > 0 && year <= y.Year[i-1] {
			return nil, answer.BodyProblem(at+"year", "years that rise were expected")
		}
		if solar, heat := y.SolarShare[i], y.HeatPumps[i]; !(0 <= solar && solar <= 1) || !(0 <= heat && heat <= 1) {
			return nil, answer.BodyProblem(at+"solar_share", "0 to 1 was expected, and as much of heat_pump_share")
		}
		rows[i].Year, rows[i].Solar, rows[i].HeatPump, rows[i].ChargePoints = year, y.SolarShare[i], y.HeatPumps[i], y.ChargePoints[i]
	}
	err := spreads(at, &y.PeakKW, &y.FeedInKW, n, func(i int) *street.Row { return &rows[i].Row })
	return rows, err
}

// spreads reads n distributions in both directions into rows.
func spreads(at string, peak, feedIn *StreetSpread, n int, row func(int) *street.Row) error {
	for name, s := range map[string]*StreetSpread{"peak_kw": peak, "feed_in_kw": feedIn} {
		for _, list := range []answer.Numbers{s.P5, s.P50, s.P95} {
			if len(list) != n {
				return answer.BodyProblem(at+name, fmt.Sprintf("%d values were expected", n))
			}
			if err := answer.Drawable(at+name, list...); err != nil {
				return err
			}
		}
		for i := range n {
			if !(0 <= s.P5[i] && s.P5[i] <= s.P50[i] && s.P50[i] <= s.P95[i]) {
				return answer.BodyProblem(at+name, "p5, p50 and p95 were expected, from 0 and rising")
			}
			to := &row(i).PeakKW
			if name == "feed_in_kw" {
				to = &row(i).FeedInKW
			}
			to.P5, to.P50, to.P95 = s.P5[i], s.P50[i], s.P95[i]
		}
	}
	return nil
}

// read holds a day to what a panel can show.
func (d *StreetDay) read(m *chart.StreetMiddle, at string) (err error) {
	if d == nil {
		return answer.BodyProblem(at+"date", "a day was expected")
	}
	if m.Date, err = time.Parse(time.DateOnly, d.Date); err != nil {
		return answer.BodyProblem(at+"date", "a date such as 2024-01-15 was expected")
	}
	if n := len(d.Times); n < 2 || len(d.Without) != n || len(d.KW) != n {
		return answer.BodyProblem(at+"times", "as many times were expected as values")
	}
	for _, text := range d.Times {
		if _, err := time.Parse("15:04", text); err != nil || len(text) != 5 {
			return answer.BodyProblem(at+"times", "times such as 17:15 were expected")
		}
	}
	m.Times, m.WithoutKW, m.KW = d.Times, d.Without, d.KW
	if err := answer.Drawable(at+"without_cars_kw", d.Without...); err != nil {
		return err
	}
	return answer.Drawable(at+"kw", d.KW...)
}

// read holds the day of a coordinated street to what two panels can show.
func (d *StreetSignalDay) read(axis *series.Axis, at string) (*result.StreetSignalDay, error) {
	if d == nil {
		return nil, answer.BodyProblem(at+"date", "a day was expected")
	}
	date, err := time.ParseInLocation(time.DateOnly, d.Date, series.Amsterdam())
	if err != nil {
		return nil, answer.BodyProblem(at+"date", "a date such as 2024-01-15 was expected")
	}
	from := axis.Index(date.UTC())
	n := int(date.AddDate(0, 0, 1).Sub(date) / series.Step)
	if from < 0 || from+n > axis.Len() {
		return nil, answer.BodyProblem(at+"date", fmt.Sprintf("a day of %d was expected", axis.Year))
	}
	for name, list := range map[string]answer.Numbers{"without_cars_kw": d.Without, "alone_kw": d.Alone, "coordinated_kw": d.Coordinated, "import_eur_per_kwh": d.Import, "export_eur_per_kwh": d.Export, "signal_eur_per_kwh": d.Signal} {
		if len(list) != n {
			return nil, answer.BodyProblem(at+name, fmt.Sprintf("%d values were expected", n))
		}
		if err := answer.Drawable(at+name, list...); err != nil {
			return nil, err
		}
	}
	return &result.StreetSignalDay{
		From: from, WithoutCarsKW: d.Without, AloneKW: d.Alone, CoordinatedKW: d.Coordinated,
		ImportEURPerKWh: d.Import, ExportEURPerKWh: d.Export, SignalEURPerKWh: d.Signal,
	}, nil
}
