package server

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/getij/getij/internal/answer"
	"github.com/getij/getij/internal/assume"
	"github.com/getij/getij/internal/outlook"
	"github.com/getij/getij/internal/potential"
	"github.com/getij/getij/internal/result"
)

// StudyAnswer is everything about the study but its tables.
type StudyAnswer struct {
	Findings    *result.Findings         `json:"findings" doc:"what the numbers say, in sentences"`
	Summary     *result.Summary          `json:"summary"`
	Written     string                   `json:"written" format:"date-time" doc:"when the results were written, UTC"`
	Program     string                   `json:"program"`
	Contracts   []ContractAnswer         `json:"contracts"`
	ByYear      []string                 `json:"contract_by_year" doc:"the contract that stands for each year from first_year on: from the end of net metering on one without it, if the study has it"`
	Modes       []string                 `json:"modes"`
	Scenarios   []string                 `json:"scenarios"`
	FirstYear   int                      `json:"first_year"`
	LastYear    int                      `json:"last_year"`
	Adoption    float64                  `json:"adoption"`
	KWRule      string                   `json:"kw_rule" enum:"fixed,computed,coincidence,report"`
	Season      string                   `json:"season" doc:"of the power per charge point, where it is computed" enum:"winter,summer,year"`
	WithSolar   float64                  `json:"dwellings_with_solar" doc:"share of a region's dwellings that have the study's solar panels"`
	ReportKW    float64                  `json:"report_kw_per_charge_point" doc:"of the rule of the report of ElaadNL, whatever the contract and the season"`
	Seasons     []SeasonEntry            `json:"seasons"`
	KW          *float64                 `json:"kw_per_charge_point"`
	SpreadKW    *float64                 `json:"sd_kw_per_charge_point" doc:"standard deviation over homes, of the power of one: in a region of n points its homes lie off by 1.645 times it times the root of n"`
	Assumptions []answer.AssumptionEntry `json:"assumptions"`
	Outlook     []ScenarioEntry          `json:"outlook_settings"`
	Timeline    []EventEntry             `json:"timeline" doc:"from when standards and rules for V2G at Dutch homes hold, by date"`
	Standards   []StandardsEntry         `json:"standards" doc:"for each scenario, which share of home charge points standards let discharge at most"`
	Inputs      []result.Input           `json:"inputs"`
	Changes     result.Changes           `json:"changes"`
	Notes       []string                 `json:"notes"`
	Synthetic   []string                 `json:"synthetic_inputs"`
	Schematic   bool                     `json:"schematic_map"`
	Levels      []LevelEntry             `json:"levels"`
	Population  *PopulationEntry         `json:"population,omitempty" doc:"which homes of the regions' own there are; absent without"`
	Bounds      []float64                `json:"bounds" doc:"west, south, east, north"`
	Background  string                   `json:"background_map" doc:"URL template of a raster map behind the regions, empty for none"`
	Statement   string                   `json:"accessibility_statement" doc:"address of the publisher's, empty for none"`
	Lab         LabLimits                `json:"lab"`
	Files       []string                 `json:"files" doc:"of the result folder, under /api/v1/files/"`
}

// SeasonEntry is a season that peaks and feeding in are judged by.
type SeasonEntry struct {
	Season string `json:"season"`
	Months []int  `json:"months" doc:"1 is January"`
}

// ContractAnswer is a contract of the study.
type ContractAnswer struct {
	Name        string `json:"name"`
	Kind        string `json:"kind"`
	NetMetering bool   `json:"net_metering"`
	Rules       string `json:"rules" doc:"day whose rules fill it, or none"`
	Potential   bool   `json:"used_for_potential"`
}

// ScenarioEntry is a row of the table of scenarios.
type ScenarioEntry struct {
	Scenario string  `json:"scenario"`
	Quantity string  `json:"quantity"`
	Year     int     `json:"year"`
	Value    float64 `json:"value"`
	Source   string  `json:"source"`
}

// EventEntry is a row of the timeline of standards and rules.
type EventEntry struct {
	Key    string `json:"key"`
	Date   string `json:"date" format:"date"`
	OnDay  bool   `json:"on_day" doc:"whether the day is known, not its year alone"`
	Status string `json:"status" enum:"law,published,expected,proposal"`
	What   string `json:"what"`
	WhatNL string `json:"what_nl"`
	Source string `json:"source"`
}

// StandardsEntry is what standards and rules let home charge points do in a scenario.
type StandardsEntry struct {
	Scenario     string         `json:"scenario"`
	CanDischarge answer.Numbers `json:"can_discharge" doc:"share of home charge points, by year from first_year"`
}

// LevelEntry is a level of the regions.
type LevelEntry struct {
	Level    string `json:"level"`
	Regions  int    `json:"regions"`
	Outlines bool   `json:"outlines"`
}

// LabLimits bound the laboratory.
type LabLimits struct {
	MostHomes       int `json:"most_homes"`
	MostStreetHomes int `json:"most_street_homes"`
}

func (s *Server) registerStudy(api huma.API) {
	register(s, api, huma.Operation{
		OperationID: "study", Method: http.MethodGet, Path: "/study", Summary: "The study: summary, assumptions, inputs, regions' levels",
	}, func(ctx context.Context, _ *struct{}) (*struct{ Body *StudyAnswer }, error) {
		keep(ctx)
		a, err := of(ctx).study(&s.options)
		if err != nil {
			return nil, err
		}
		return &struct{ Body *StudyAnswer }{a}, nil
	})
}

func (sn *snapshot) study(o *Options) (*StudyAnswer, error) {
	f := sn.folder
	a := &StudyAnswer{
		Findings: f.Findings, Summary: f.Summary, Written: f.Manifest.Written.Format("2006-01-02T15:04:05Z"),
		Program: strings.TrimSpace("getij " + f.Manifest.Version + " " + f.Manifest.Commit), Modes: f.Study.Modes,
		Scenarios: outlook.Scenarios(), FirstYear: outlook.FirstYear, LastYear: outlook.LastYear,
		Adoption: f.Study.Potential.Adoption, KWRule: f.Study.Potential.KWPerChargePoint.Name(),
		Season: f.Study.Potential.Season, ReportKW: potential.ReportKW, WithSolar: f.Study.Potential.WithSolar,
		Inputs: []result.Input{}, Changes: f.Manifest.Changes, Notes: f.Manifest.Notes,
		Background: o.BackgroundMap, Statement: o.AccessibilityStatement, Lab: LabLimits{o.LabHomes, mostStreetHomes},
		ByYear: []string{}, Standards: []StandardsEntry{}, Synthetic: []string{}, Levels: []LevelEntry{}, Bounds: []float64{}, Files: sn.files.names,
	}
	for _, season := range potential.Seasons() {
		entry := SeasonEntry{Season: season.Name}
		for _, m := range season.Months {
			entry.Months = append(entry.Months, int(m))
		}
		a.Seasons = append(a.Seasons, entry)
	}
	used := ""
	if p := f.Summary.Potential; p != nil {
		for year := a.FirstYear; year <= a.LastYear; year++ {
			a.ByYear = append(a.ByYear, f.ContractIn(year))
		}
		a.KW, a.SpreadKW, a.Schematic, used = p.KWPerChargePoint, p.SpreadKW, p.Schematic, p.Contract
	}
	for _, c := range f.Study.Contracts {
		a.Contracts = append(a.Contracts, ContractAnswer{c.Name, string(c.Kind), c.NetMetering, c.Rules, c.Name == used})
	}
	for _, u := range f.Used() {
		a.Assumptions = append(a.Assumptions, answer.EntryOf(&u, u.Default))
	}
	for _, e := range assume.Timeline() {
		a.Timeline = append(a.Timeline, EventEntry{e.Key, e.Date.Format(time.DateOnly), e.OnDay, e.Status, e.What, e.WhatNL, e.Source})
	}
	for _, in := range f.Manifest.Inputs {
		if in.Synthetic {
			a.Synthetic = append(a.Synthetic, in.Kind)
		}
		in.From, in.To = toSeconds(in.From), toSeconds(in.To)
		a.Inputs = append(a.Inputs, in)
	}
	settings, err := outlook.Settings()
	if err != nil {
		return nil, err
	}
	for _, e := range settings {
		a.Outlook = append(a.Outlook, ScenarioEntry{e.Scenario, e.Quantity, e.Year, e.Value, e.Source})
	}
	if sn.regionMap != nil {
		m := sn.regionMap
		a.Levels, a.Bounds, a.Population = m.levels(), m.bounds(), populationOf(f)
		for _, scenario := range a.Scenarios {
			var points []float64
			for year := a.FirstYear; year <= a.LastYear; year++ {
				all := 0.0
				for i, p := range m.points(scenario, year) {
					if m.regions.Parent[i] == "" {
						all += p
					}
				}
				points = append(points, all)
			}
			share := outlook.CanDischarge(points, assume.YearOf(assume.NewPointsSupport), assume.YearOf(assume.FeedInAllowed), f.Study.Outlook.ChargePointLifeYears)
			a.Standards = append(a.Standards, StandardsEntry{scenario, share})
		}
	}
	return a, nil
}

// toSeconds writes an instant of a manifest, told to the minute, as RFC 3339 does.
func toSeconds(instant string) string {
	if at, err := time.Parse("2006-01-02T15:04Z", instant); err == nil {
		return at.Format(time.RFC3339)
	}
	return instant // "" of what has no time
}
