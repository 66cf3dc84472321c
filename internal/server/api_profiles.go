package server

import (
	"context"
	"math"
	"net/http"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/getij/getij/internal/answer"
	"github.com/getij/getij/internal/cohort"
	"github.com/getij/getij/internal/result"
	"github.com/getij/getij/internal/series"
)

// ProfilesAnswer holds the mean home's power of every case.
type ProfilesAnswer struct {
	Year        int                    `json:"year"`
	LoadByMonth []answer.NumbersOrNull `json:"home_load_kw_by_month" doc:"kW of the home without a car: 12 months of 96 quarters of the local day"`
	SolarMonth  []answer.NumbersOrNull `json:"home_solar_kw_by_month"`
	Cases       []CaseProfile          `json:"cases"`
}

// CaseProfile is a contract and a way to charge.
type CaseProfile struct {
	Contract    string                 `json:"contract"`
	Mode        string                 `json:"mode"`
	Summary     result.CaseSummary     `json:"summary"`
	ByMonth     []answer.NumbersOrNull `json:"kw_by_month" doc:"mean kW per home: 12 months of 96 quarters of the local day"`
	ByDay       answer.Numbers         `json:"kw_by_day" doc:"mean day of the year: 96 quarters of the local day"`
	ByWeek      answer.NumbersOrNull   `json:"kw_by_week" doc:"672 quarters of the week from Monday 00:00 local"`
	Beside      answer.Beside          `json:"beside"`
	Coincidence []GroupPeak            `json:"coincidence"`
	Steps       HighestSteps           `json:"highest_steps"`
	EveningKW   answer.Numbers         `json:"homes_evening_kw" doc:"mean 17:00-21:00, per home, sorted"`
	Discharged  answer.Numbers         `json:"homes_discharged_kwh" doc:"per home, sorted"`
	Saving      answer.Numbers         `json:"homes_saving_eur" doc:"against regular charging, per home, sorted; empty without regular"`
}

// HighestSteps are the quarter-hours that may be a region's highest of the year: of
// home equivalents x load - dwellings x solar + points x (adoption x kw + (1 - adoption) x
// regular) the largest is in one of them.
type HighestSteps struct {
	UTC     []time.Time          `json:"utc_start"`
	Load    answer.NumbersOrNull `json:"home_load_kw"`
	Solar   answer.NumbersOrNull `json:"dwelling_solar_kw" doc:"of the mean dwelling: the study's, times the share of dwellings that have panels"`
	KW      answer.NumbersOrNull `json:"kw" doc:"of a charge point that takes part"`
	Regular answer.NumbersOrNull `json:"regular_kw" doc:"of one that charges as regular"`
}

func highestSteps(f *result.Result, c *result.Case) (out HighestSteps) {
	steps := f.StepsOf(c)
	for _, s := range steps.List {
		if !steps.KnowsRegular {
			s.Regular = math.NaN()
		}
		out.UTC = append(out.UTC, f.Axis.Time(s.At))
		out.Load, out.Solar, out.KW, out.Regular = append(out.Load, s.Load), append(out.Solar, s.Solar), append(out.KW, s.Car), append(out.Regular, s.Regular)
	}
	return out
}

// GroupPeak is the yearly peak per home of groups of a size.
type GroupPeak struct {
	Homes     int    `json:"homes"`
	Charge    Spread `json:"peak_charge_kw"`
	Discharge Spread `json:"peak_discharge_kw"`
}

// Spread is a distribution by three percentiles.
type Spread struct {
	P5  answer.Number `json:"p5"`
	P50 answer.Number `json:"p50"`
	P95 answer.Number `json:"p95"`
}

func spread(s cohort.Spread) Spread {
	return Spread{answer.Number(s.P5), answer.Number(s.P50), answer.Number(s.P95)}
}

// DayAnswer is one day of the year.
type DayAnswer struct {
	Date    string         `json:"date" format:"date"`
	Start   string         `json:"utc_start" format:"date-time"`
	Local   []string       `json:"local_time" doc:"start of each quarter-hour; 92 or 100 of them on the days that the clock changes"`
	LoadKW  answer.Numbers `json:"home_load_kw"`
	SolarKW answer.Numbers `json:"home_solar_kw"`
	Cases   []DayCase      `json:"cases"`
}

// DayCase is a case on that day.
type DayCase struct {
	Contract string         `json:"contract"`
	Mode     string         `json:"mode"`
	KW       answer.Numbers `json:"kw"`
}

func (s *Server) registerProfiles(api huma.API) {
	register(s, api, huma.Operation{
		OperationID: "profiles", Method: http.MethodGet, Path: "/profiles", Summary: "Mean power per home of every case, by month and by week",
	}, func(ctx context.Context, in *struct {
		Contract string `query:"contract" maxLength:"100" doc:"cases of this contract only"`
	},
	) (*struct{ Body *ProfilesAnswer }, error) {
		all := of(ctx).profiles
		if in.Contract == "" {
			keep(ctx)
			return &struct{ Body *ProfilesAnswer }{all}, nil
		}
		some := *all
		some.Cases = slices.DeleteFunc(slices.Clone(all.Cases), func(c CaseProfile) bool { return c.Contract != in.Contract })
		if len(some.Cases) == 0 {
			return nil, huma.Error400BadRequest("contract "+in.Contract+" is not in the study", &huma.ErrorDetail{Location: "query.contract", Message: "unknown contract", Value: in.Contract})
		}
		return &struct{ Body *ProfilesAnswer }{&some}, nil
	})
	register(s, api, huma.Operation{
		OperationID: "day", Method: http.MethodGet, Path: "/profiles/days/{date}", Summary: "Mean power per home on one day of the study's year",
	}, func(ctx context.Context, in *struct {
		Date string `path:"date" format:"date" example:"2024-01-15" doc:"local date in the study's year"`
	},
	) (*struct{ Body *DayAnswer }, error) {
		keep(ctx)
		a, err := of(ctx).day(in.Date)
		if err != nil {
			return nil, err
		}
		return &struct{ Body *DayAnswer }{a}, nil
	})
}

func profiles(f *result.Result) *ProfilesAnswer {
	a := &ProfilesAnswer{Year: f.Summary.Year, LoadByMonth: answer.Months(f.Axis.ByMonth(f.LoadKW)), SolarMonth: answer.Months(f.Axis.ByMonth(f.SolarKW))}
	for _, c := range f.Cases {
		p := CaseProfile{
			Contract: c.Summary.Contract, Mode: c.Summary.Mode, Summary: c.Summary,
			ByMonth: answer.Months(c.ByMonth), ByDay: c.ByDay[:], ByWeek: c.ByWeek[:], Steps: highestSteps(f, c), Beside: answer.BesideOf(f, c),
			Coincidence: []GroupPeak{}, EveningKW: answer.Numbers{}, Discharged: answer.Numbers{}, Saving: answer.Numbers{},
		}
		for _, g := range c.Coincidence {
			p.Coincidence = append(p.Coincidence, GroupPeak{g.Homes, spread(g.PeakChargeKW), spread(g.PeakDischargeKW)})
		}
		for _, h := range c.Homes {
			p.EveningKW, p.Discharged = append(p.EveningKW, h.EveningKW), append(p.Discharged, h.DischargedKWh)
			if !math.IsNaN(h.SavingEUR) {
				p.Saving = append(p.Saving, h.SavingEUR)
			}
		}
		slices.Sort(p.EveningKW)
		slices.Sort(p.Discharged)
		slices.Sort(p.Saving)
		a.Cases = append(a.Cases, p)
	}
	return a
}

func (sn *snapshot) day(date string) (*DayAnswer, error) {
	f := sn.folder
	day, err := time.ParseInLocation(time.DateOnly, date, series.Amsterdam())
	if err != nil {
		return nil, huma.Error400BadRequest("date: a date such as 2024-01-15 was expected", &huma.ErrorDetail{Location: "path.date", Message: "not a date", Value: date})
	}
	if day.Year() != f.Summary.Year {
		return nil, huma.Error404NotFound("date: the study's year is "+f.Axis.Time(f.Axis.Len()/2).Format("2006"), &huma.ErrorDetail{Location: "path.date", Message: "outside the study's year", Value: date})
	}
	first := int(day.Sub(f.Axis.Start) / series.Step)
	last := int(day.AddDate(0, 0, 1).Sub(f.Axis.Start) / series.Step)
	a := &DayAnswer{Date: date, Start: day.UTC().Format("2006-01-02T15:04:05Z"), LoadKW: f.LoadKW[first:last], SolarKW: f.SolarKW[first:last]}
	for t := first; t < last; t++ {
		a.Local = append(a.Local, f.Axis.Time(t).In(series.Amsterdam()).Format("15:04"))
	}
	for i := range f.Cases {
		a.Cases = append(a.Cases, DayCase{f.Cases[i].Summary.Contract, f.Cases[i].Summary.Mode, f.Cases[i].KW[first:last]})
	}
	return a, nil
}
