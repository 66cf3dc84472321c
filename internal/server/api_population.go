package server

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/getij/getij/internal/answer"
	"github.com/getij/getij/internal/potential"
	"github.com/getij/getij/internal/result"
)

// PopulationEntry says which homes of the regions' own there are.
type PopulationEntry struct {
	Homes    int               `json:"homes" doc:"that were computed, each region's own"`
	Share    answer.Number     `json:"share" doc:"of the charge points that take part"`
	Scenario string            `json:"scenario"`
	Adoption answer.Number     `json:"adoption"`
	Cases    []PopulationCases `json:"cases"`
}

// PopulationCases are a contract and a way to charge in a year.
type PopulationCases struct {
	Contract string `json:"contract"`
	Mode     string `json:"mode"`
	Year     int    `json:"year"`
}

// PopulationAnswer is the mean evening of all regions by homes of their own.
type PopulationAnswer struct {
	EveningKW answer.NumbersOrNull `json:"evening_kw" doc:"mean power of the region's cars 17:00-21:00, regions by number; negative is discharging"`
	AverageKW answer.NumbersOrNull `json:"average_evening_kw" doc:"the same by the average of the study's homes times the region's charge points"`
}

// OwnHomesEntry is what a region does by homes of its own, and beside it by the average of
// the study's homes times its charge points.
type OwnHomesEntry struct {
	PopulationCases
	Homes       int           `json:"homes" doc:"of the region that were computed"`
	EveningKW   OwnEvening    `json:"evening_kw"`
	AverageKW   OwnEvening    `json:"average_evening_kw"`
	HighestKW   answer.Number `json:"highest_kw" nullable:"true" doc:"highest quarter-hour of the year, dwellings and all charge points"`
	HighestUTC  string        `json:"highest_utc"`
	AvgHighest  answer.Number `json:"average_highest_kw" nullable:"true"`
	Discharged  answer.Number `json:"discharged_kwh" nullable:"true" doc:"in the year, by the region's charge points that take part"`
	AvgDischarg answer.Number `json:"average_discharged_kwh" nullable:"true"`
	SavingEUR   answer.Number `json:"saving_eur_per_home" nullable:"true" doc:"against regular charging, mean of the homes"`
	SavingP5    answer.Number `json:"saving_eur_per_home_p5" nullable:"true"`
	SavingP95   answer.Number `json:"saving_eur_per_home_p95" nullable:"true"`
	AvgSaving   answer.Number `json:"average_saving_eur_per_home" nullable:"true"`
}

// OwnEvening is the mean power of a region's cars 17:00-21:00 by season.
type OwnEvening struct {
	Winter answer.Number `json:"winter" nullable:"true"`
	Summer answer.Number `json:"summer" nullable:"true"`
	Year   answer.Number `json:"year" nullable:"true"`
}

func (s *Server) registerPopulation(api huma.API) {
	register(s, api, huma.Operation{
		OperationID: "population", Method: http.MethodGet, Path: "/population",
		Summary: "The mean evening of all regions by homes of their own, where the result has a population",
	}, func(ctx context.Context, in *struct {
		Contract string `query:"contract" maxLength:"100" required:"true" example:"dynamic"`
		Mode     string `query:"mode" maxLength:"20" required:"true" example:"v2g"`
		Year     int    `query:"year" required:"true" example:"2050"`
		Season   string `query:"season" required:"true" enum:"winter,summer,year" example:"winter"`
	},
	) (*struct{ Body *PopulationAnswer }, error) {
		p := of(ctx).folder.Population
		if p == nil {
			return nil, huma.Error404NotFound("the result has no homes of the regions' own: getij report --population puts them into its folder")
		}
		c := p.Case(in.Contract, in.Mode, in.Year)
		if c == nil {
			var have []string
			for _, x := range p.Cases {
				have = append(have, fmt.Sprintf("%s/%s in %d", x.Contract, x.Mode, x.Year))
			}
			return nil, huma.Error404NotFound(fmt.Sprintf("no homes of the regions' own were computed for %s/%s in %d: there are %s", in.Contract, in.Mode, in.Year, strings.Join(have, ", ")))
		}
		keep(ctx)
		own, average := result.EveningColumn(in.Season)
		return &struct{ Body *PopulationAnswer }{&PopulationAnswer{c.Column(own), c.Column(average)}}, nil
	})
}

// population says which homes of the regions' own there are; nil without.
func populationOf(f *result.Result) *PopulationEntry {
	p := f.Population
	if p == nil {
		return nil
	}
	s := f.Summary.Potential
	a := &PopulationEntry{Homes: p.Homes, Share: answer.Number(p.Share), Scenario: s.Scenario, Adoption: answer.Number(s.Adoption)}
	for _, c := range p.Cases {
		a.Cases = append(a.Cases, PopulationCases{c.Contract, c.Mode, c.Year})
	}
	return a
}

// ownHomes are what a region does by homes of its own.
func ownHomes(p *result.Population, region int) []OwnHomesEntry {
	out := []OwnHomesEntry{}
	if p == nil {
		return out
	}
	for _, c := range p.Cases {
		if c.Homes[region] == 0 {
			continue
		}
		of := func(name string) answer.Number { return answer.Number(c.Column(name)[region]) }
		evening := func(average bool) OwnEvening {
			at := func(season string) answer.Number {
				own, other := result.EveningColumn(season)
				if average {
					own = other
				}
				return of(own)
			}
			return OwnEvening{at(potential.Winter), at(potential.Summer), at(potential.WholeYear)}
		}
		out = append(out, OwnHomesEntry{
			PopulationCases: PopulationCases{c.Contract, c.Mode, c.Year}, Homes: c.Homes[region], EveningKW: evening(false), AverageKW: evening(true),
			HighestKW: of("highest_kw"), HighestUTC: result.Instant(c.Instants("highest_utc")[region]), AvgHighest: of("average_highest_kw"),
			Discharged: of("discharged_kwh"), AvgDischarg: of("average_discharged_kwh"),
			SavingEUR: of("saving_eur_per_home"), SavingP5: of("saving_eur_per_home_p5"), SavingP95: of("saving_eur_per_home_p95"), AvgSaving: of("average_saving_eur_per_home"),
		})
	}
	return out
}
