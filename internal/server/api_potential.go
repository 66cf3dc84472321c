package server

import (
	"context"
	"math"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/getij/getij/dispatch"
	"github.com/getij/getij/internal/answer"
	"github.com/getij/getij/internal/outlook"
	"github.com/getij/getij/internal/potential"
	"github.com/getij/getij/internal/result"
)

// PotentialAnswer is what a way to charge does in a season, region by region.
type PotentialAnswer struct {
	Contract    string               `json:"contract"`
	Mode        string               `json:"mode"`
	Season      string               `json:"season"`
	Scenario    string               `json:"scenario"`
	Year        int                  `json:"year"`
	Adoption    float64              `json:"adoption"`
	EveningKW   float64              `json:"evening_mean_kw" doc:"of a charge point that takes part, on the mean evening 17:00-21:00; negative is discharging"`
	LargestKW   float64              `json:"largest_discharge_kw" doc:"the same in the season's best month and quarter of the day, positive"`
	Code        []string             `json:"code" doc:"of the region; the lists below are in its order"`
	Points      answer.Numbers       `json:"home_charge_points"`
	EveningMW   answer.Numbers       `json:"evening_mw" doc:"discharged on the mean evening"`
	LargestMW   answer.Numbers       `json:"largest_mw" doc:"discharged in that best month and quarter of the day"`
	AtOnceP5    answer.NumbersOrNull `json:"at_once_mw_p5" doc:"the most that a group of so many cars discharges at once in a quarter-hour of the year; 5 % of the groups lie below"`
	AtOnceP50   answer.NumbersOrNull `json:"at_once_mw_p50"`
	AtOnceP95   answer.NumbersOrNull `json:"at_once_mw_p95"`
	WithoutKW   answer.Numbers       `json:"evening_peak_kw_without_ev" doc:"highest mean power 17:00-21:00 of the season, dwellings included"`
	RegularKW   answer.NumbersOrNull `json:"evening_peak_kw_regular" doc:"the same, all cars charging as regular"`
	ThisKW      answer.NumbersOrNull `json:"evening_peak_kw" doc:"the same, charging this way"`
	NightPeakKW answer.NumbersOrNull `json:"night_peak_kw" doc:"highest mean power 21:00-07:00 of the season, charging this way"`
	YearRegKW   answer.NumbersOrNull `json:"year_highest_kw_regular" doc:"highest single quarter-hour of the whole year, whatever the season, of that many mean homes and cars, all cars charging as regular"`
	YearRegUTC  []string             `json:"year_highest_utc_regular" doc:"its start, UTC; empty where it is not known"`
	YearKW      answer.NumbersOrNull `json:"year_highest_kw" doc:"the same, charging this way"`
	YearUTC     []string             `json:"year_highest_utc"`
}

func (s *Server) registerPotential(api huma.API) {
	register(s, api, huma.Operation{
		OperationID: "potential", Method: http.MethodGet, Path: "/potential",
		Summary:     "What a contract and a way to charge do in a season, for every region of a level",
		Middlewares: finite(api, "adoption"),
	}, func(ctx context.Context, in *struct {
		answer.PotentialChoice
		Level string `query:"level" maxLength:"100" doc:"default: all levels" example:"gemeente"`
	},
	) (*struct{ Body *PotentialAnswer }, error) {
		sn := of(ctx)
		mode, err := in.Fill(sn.folder)
		if err != nil {
			return nil, err
		}
		m := sn.regionMap
		if in.Level != "" && len(m.byLevel[in.Level]) == 0 {
			return nil, answer.QueryProblem("level", in.Level, "one of "+strings.Join(m.index.Levels, ", ")+" was expected")
		}
		w, err := sn.folder.Way(in.Contract, mode, in.Season, in.Adoption)
		if err != nil {
			return nil, err
		}
		a := &PotentialAnswer{Contract: in.Contract, Mode: in.Mode, Season: in.Season, Scenario: in.Scenario, Year: in.Year, Adoption: in.Adoption}
		one := w.Of(potential.Homes{}, 0)
		a.EveningKW, a.LargestKW = one.EveningMeanKW, one.LargestDischargeKW
		points := m.points(in.Scenario, in.Year)
		for i, code := range m.regions.Code {
			if in.Level != "" && m.levelOf[i] != in.Level {
				continue
			}
			x := w.Of(m.homes(i), points[i])
			a.Code = append(a.Code, code)
			for _, v := range []struct {
				mode dispatch.Mode
				kw   *answer.NumbersOrNull
				utc  *[]string
			}{{dispatch.Regular, &a.YearRegKW, &a.YearRegUTC}, {mode, &a.YearKW, &a.YearUTC}} {
				kw, at := sn.folder.Highest(m.homes(i), points[i], in.Adoption, in.Contract, v.mode)
				*v.kw, *v.utc = append(*v.kw, kw), append(*v.utc, result.Instant(at))
			}
			for _, v := range []struct {
				to    *[]float64
				value float64
			}{
				{(*[]float64)(&a.Points), points[i]},
				{(*[]float64)(&a.EveningMW), x.EveningMW},
				{(*[]float64)(&a.LargestMW), x.LargestMW},
				{(*[]float64)(&a.AtOnceP5), x.AtOnceMWP5},
				{(*[]float64)(&a.AtOnceP50), x.AtOnceMW},
				{(*[]float64)(&a.AtOnceP95), x.AtOnceMWP95},
				{(*[]float64)(&a.WithoutKW), 1000 * x.EveningPeakWithoutMW},
				{(*[]float64)(&a.RegularKW), 1000 * x.EveningPeakRegularMW},
				{(*[]float64)(&a.ThisKW), 1000 * x.EveningPeakMW},
				{(*[]float64)(&a.NightPeakKW), 1000 * x.NightPeakMW},
			} {
				*v.to = append(*v.to, v.value)
			}
		}
		return &struct{ Body *PotentialAnswer }{a}, nil
	})
	register(s, api, huma.Operation{
		OperationID: "headline", Method: http.MethodGet, Path: "/headline",
		Summary:     "What is said of a region, or of all, in sentences: how many points, what they give by season and rules, the peaks",
		Middlewares: finite(api, "adoption"),
	}, func(ctx context.Context, in *answer.HeadlineQuestion) (*struct{ Body *answer.HeadlineAnswer }, error) {
		a, err := answer.Headline(of(ctx).folder, of(ctx).regionMap, in)
		return &struct{ Body *answer.HeadlineAnswer }{a}, err
	})
}

// points are the home charge points of a year, by region.
func (m *mapData) points(scenario string, year int) []float64 {
	n := m.regions.Len()
	return m.chain[scenario]["home_charge_points"][(year-outlook.FirstYear)*n:][:n]
}

// Area is a region, or all without a code: the one that holds all others, else those
// without a parent together.
func (m *mapData) Area(code, scenario string, year int) (name string, a result.Area, err error) {
	a = result.Area{Year: year, Scenario: scenario}
	points := m.points(scenario, year)
	a.Parts, a.PartsLevel = m.parts(code, points), m.regions.Listed()
	if code != "" {
		i, ok := m.number[code]
		if !ok {
			return "", a, answer.NoRegion("query.region", code)
		}
		a.Homes, a.Points = m.homes(i), points[i]
		return m.regions.Name[i], a, nil
	}
	roots := 0
	for i, parent := range m.index.Parent {
		if parent >= 0 {
			continue
		}
		if roots++; roots == 1 {
			name = m.regions.Name[i]
		} else {
			name = ""
		}
		if !math.IsNaN(m.index.Dwellings[i]) {
			a.Dwellings += m.index.Dwellings[i]
			a.Equivalents += m.index.Equivalents[i]
		}
		a.Points += points[i]
	}
	return name, a, nil
}

// parts are the regions of the level that lists show in a region, or all without a code.
func (m *mapData) parts(code string, points []float64) (out []result.Part) {
	within := -1
	if code != "" {
		at, ok := m.number[code]
		if !ok || m.children[at] == 0 {
			return nil
		}
		within = at
	}
	for _, i := range m.byLevel[m.regions.Listed()] {
		up := m.index.Parent[i]
		for up >= 0 && up != within {
			up = m.index.Parent[up]
		}
		if up == within && !math.IsNaN(m.index.Dwellings[i]) {
			out = append(out, result.Part{Homes: m.homes(i), Points: points[i]})
		}
	}
	return out
}
