package server

import (
	"context"
	"fmt"
	"math"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/getij/getij/dispatch"
	"github.com/getij/getij/internal/outlook"
	"github.com/getij/getij/internal/potential"
	"github.com/getij/getij/internal/result"
)

// PotentialChoice is what a reader chooses of the regions' potential.
type PotentialChoice struct {
	Contract string  `query:"contract" maxLength:"100" doc:"default: contract_by_year of /api/v1/study"`
	Mode     string  `query:"mode" enum:"regular,smart,v2h,v2g" default:"v2g" doc:"way to charge of the points that take part"`
	Season   string  `query:"season" enum:"winter,summer,year," doc:"default: the study's"`
	Scenario string  `query:"scenario" maxLength:"20" doc:"default: the study's"`
	Year     int     `query:"year" doc:"default: the study's"`
	Adoption float64 `query:"adoption" minimum:"0" maximum:"1" default:"1" doc:"share of charge points that take part"`
}

// fill puts the study's own where nothing is chosen, and says what is not there.
func (c *PotentialChoice) fill(sn *snapshot) (dispatch.Mode, error) {
	if sn.regionMap == nil {
		return 0, huma.Error404NotFound(noRegions)
	}
	p := sn.folder.Summary.Potential
	if c.Year == 0 {
		c.Year = p.Year
	}
	for _, f := range []struct {
		to  *string
		own string
	}{{&c.Contract, sn.folder.ContractIn(c.Year)}, {&c.Season, sn.folder.Study.Potential.Season}, {&c.Scenario, p.Scenario}} {
		if *f.to == "" {
			*f.to = f.own
		}
	}
	mode, err := dispatch.ParseMode(c.Mode)
	if err != nil {
		return 0, queryProblem("mode", c.Mode, err.Error())
	}
	if sn.folder.Case(c.Contract, mode) == nil {
		return 0, queryProblem("contract", c.Contract, "a contract of the study with a mode of it was expected: /api/v1/study lists them")
	}
	if !slices.Contains(outlook.Scenarios(), c.Scenario) {
		return 0, queryProblem("scenario", c.Scenario, "low, mid or high was expected")
	}
	if c.Year < outlook.FirstYear || c.Year > outlook.LastYear {
		return 0, queryProblem("year", c.Year, fmt.Sprintf("a year from %d to %d was expected", outlook.FirstYear, outlook.LastYear))
	}
	return mode, nil
}

func queryProblem(field string, value any, want string) error {
	return huma.Error400BadRequest(fmt.Sprintf("%s is %v: %s", field, value, want), &huma.ErrorDetail{Location: "query." + field, Message: want, Value: value})
}

// PotentialAnswer is what a way to charge does in a season, region by region.
type PotentialAnswer struct {
	Contract    string        `json:"contract"`
	Mode        string        `json:"mode"`
	Season      string        `json:"season"`
	Scenario    string        `json:"scenario"`
	Year        int           `json:"year"`
	Adoption    float64       `json:"adoption"`
	EveningKW   float64       `json:"evening_mean_kw" doc:"of a charge point that takes part, on the mean evening 17:00-21:00; negative is discharging"`
	LargestKW   float64       `json:"largest_discharge_kw" doc:"the same in the season's best month and quarter of the day, positive"`
	Code        []string      `json:"code" doc:"of the region; the lists below are in its order"`
	Points      Numbers       `json:"home_charge_points"`
	EveningMW   Numbers       `json:"evening_mw" doc:"discharged on the mean evening"`
	LargestMW   Numbers       `json:"largest_mw" doc:"discharged in that best month and quarter of the day"`
	AtOnceP5    NumbersOrNull `json:"at_once_mw_p5" doc:"the most that a group of so many cars discharges at once in a quarter-hour of the year; 5 % of the groups lie below"`
	AtOnceP50   NumbersOrNull `json:"at_once_mw_p50"`
	AtOnceP95   NumbersOrNull `json:"at_once_mw_p95"`
	WithoutKW   Numbers       `json:"evening_peak_kw_without_ev" doc:"highest mean power 17:00-21:00 of the season, dwellings included"`
	RegularKW   NumbersOrNull `json:"evening_peak_kw_regular" doc:"the same, all cars charging as regular"`
	ThisKW      NumbersOrNull `json:"evening_peak_kw" doc:"the same, charging this way"`
	NightPeakKW NumbersOrNull `json:"night_peak_kw" doc:"highest mean power 21:00-07:00 of the season, charging this way"`
	YearRegKW   NumbersOrNull `json:"year_highest_kw_regular" doc:"highest single quarter-hour of the whole year, whatever the season, of that many mean homes and cars, all cars charging as regular"`
	YearRegUTC  []string      `json:"year_highest_utc_regular" doc:"its start, UTC; empty where it is not known"`
	YearKW      NumbersOrNull `json:"year_highest_kw" doc:"the same, charging this way"`
	YearUTC     []string      `json:"year_highest_utc"`
}

// HeadlineAnswer is what is said of a region, in both languages.
type HeadlineAnswer struct {
	EN Told `json:"en"`
	NL Told `json:"nl"`
}

// Told is a headline and the sentences that follow it.
type Told struct {
	Lead string   `json:"lead"`
	Rest []string `json:"rest"`
}

func (s *Server) registerPotential(api huma.API) {
	register(s, api, huma.Operation{
		OperationID: "potential", Method: http.MethodGet, Path: "/potential",
		Summary: "What a contract and a way to charge do in a season, for every region of a level",
	}, func(ctx context.Context, in *struct {
		PotentialChoice
		Level string `query:"level" maxLength:"100" doc:"default: all levels" example:"gemeente"`
	},
	) (*struct{ Body *PotentialAnswer }, error) {
		sn := of(ctx)
		mode, err := in.fill(sn)
		if err != nil {
			return nil, err
		}
		m := sn.regionMap
		if in.Level != "" && len(m.byLevel[in.Level]) == 0 {
			return nil, queryProblem("level", in.Level, "one of "+strings.Join(m.index.Levels, ", ")+" was expected")
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
				kw   *NumbersOrNull
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
		Summary: "What is said of a region, or of all, in sentences: how many points, what they feed in by season and rules, the peaks",
	}, func(ctx context.Context, in *struct {
		PotentialChoice
		Region string `query:"region" maxLength:"64" example:"GM0344" doc:"code; default: all regions"`
		KW     string `query:"kw" enum:"computed,coincidence,report,fixed," doc:"what a charge point counts for in the first sentence; default: the study's rule"`
	},
	) (*struct{ Body *HeadlineAnswer }, error) {
		sn := of(ctx)
		mode, err := in.fill(sn)
		if err != nil {
			return nil, err
		}
		name, area, err := sn.regionMap.area(in.Region, in.Scenario, in.Year)
		if err != nil {
			return nil, err
		}
		area.Adoption = in.Adoption
		view := result.View{Contract: in.Contract, Mode: mode, Season: in.Season, KWRule: in.KW}
		if in.KW == "" {
			view.KWRule = sn.folder.Study.Potential.KWPerChargePoint.Name()
		}
		a := &HeadlineAnswer{}
		for dutch, to := range map[bool]*Told{false: &a.EN, true: &a.NL} {
			area.Name = placeName(name, dutch)
			h, err := sn.folder.Tell(area, view, dutch)
			if err != nil {
				return nil, err
			}
			to.Lead, to.Rest = h.Lead, append([]string{}, h.Rest...)
		}
		return &struct{ Body *HeadlineAnswer }{a}, nil
	})
}

// points are the home charge points of a year, by region.
func (m *mapData) points(scenario string, year int) []float64 {
	n := m.regions.Len()
	return m.chain[scenario]["home_charge_points"][(year-outlook.FirstYear)*n:][:n]
}

// area is a region, or all without a code: the one that holds all others, else those
// without a parent together.
func (m *mapData) area(code, scenario string, year int) (name string, a result.Area, err error) {
	a = result.Area{Year: year, Scenario: scenario}
	points := m.points(scenario, year)
	a.Parts, a.PartsLevel = m.parts(code, points), m.regions.Listed()
	if code != "" {
		i, ok := m.number[code]
		if !ok {
			return "", a, huma.Error404NotFound("no region has the code "+code+": /api/v1/regions lists them",
				&huma.ErrorDetail{Location: "query.region", Message: "unknown region", Value: code})
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

// placeName is a region's name in a sentence; the built-in map's own are in English.
func placeName(name string, dutch bool) string {
	if dutch {
		return strings.NewReplacer(", invented wijk ", ", verzonnen wijk ", ", invented buurt ", ", verzonnen buurt ").Replace(name)
	}
	if name == "Nederland" {
		return "the Netherlands"
	}
	return name
}
