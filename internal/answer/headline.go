package answer

import (
	"fmt"
	"slices"
	"strings"

	"github.com/getij/getij/dispatch"
	"github.com/getij/getij/internal/chart"
	"github.com/getij/getij/internal/outlook"
	"github.com/getij/getij/internal/potential"
	"github.com/getij/getij/internal/result"
)

// Places are the regions of a result, as far as answers about one of them need them.
type Places interface {
	// Area is a region in a year, or all of them without a code.
	Area(code, scenario string, year int) (name string, a result.Area, err error)
	// OfChart is a region as figures of it are drawn, without what a reader chooses; of a
	// code that no region has, the problem of a question that has it at the location.
	OfChart(code, location string) (chart.Region, error)
}

// NoRegions is what is said where there are none.
const NoRegions = "this study has no regional results"

// NoRegion is the problem of a code that no region has.
func NoRegion(location, code string) error {
	return &Problem{404, "no region has the code " + code + ": /api/v1/regions lists them", location, "unknown region", code}
}

// PotentialChoice is what a reader chooses of the regions' potential.
type PotentialChoice struct {
	Contract string  `query:"contract" maxLength:"100" doc:"default: contract_by_year of /api/v1/study"`
	Mode     string  `query:"mode" enum:"regular,smart,v2h,v2g" default:"v2g" doc:"way to charge of the points that take part"`
	Season   string  `query:"season" enum:"winter,summer,year," doc:"default: the study's"`
	Scenario string  `query:"scenario" maxLength:"20" doc:"default: the study's"`
	Year     int     `query:"year" doc:"default: the study's"`
	Adoption float64 `query:"adoption" minimum:"0" maximum:"1" default:"1" doc:"share of charge points that take part"`
}

// Fill puts the study's own where nothing is chosen, and says what is not there.
func (c *PotentialChoice) Fill(r *result.Result) (dispatch.Mode, error) {
	p := r.Summary.Potential
	if p == nil {
		return 0, &Problem{Status: 404, Message: NoRegions}
	}
	if c.Year == 0 {
		c.Year = p.Year
	}
	for _, f := range []struct {
		to  *string
		own string
	}{{&c.Contract, r.ContractIn(c.Year)}, {&c.Season, r.Study.Potential.Season}, {&c.Scenario, p.Scenario}} {
		if *f.to == "" {
			*f.to = f.own
		}
	}
	mode, err := dispatch.ParseMode(c.Mode)
	if err != nil {
		return 0, QueryProblem("mode", c.Mode, err.Error())
	}
	if r.Case(c.Contract, mode) == nil {
		return 0, QueryProblem("contract", c.Contract, "a contract of the study with a mode of it was expected: /api/v1/study lists them")
	}
	if !slices.Contains(outlook.Scenarios(), c.Scenario) {
		return 0, QueryProblem("scenario", c.Scenario, "low, mid or high was expected")
	}
	if c.Year < outlook.FirstYear || c.Year > outlook.LastYear {
		return 0, QueryProblem("year", c.Year, fmt.Sprintf("a year from %d to %d was expected", outlook.FirstYear, outlook.LastYear))
	}
	return mode, nil
}

// HeadlineQuestion asks what is said of a region, or of all.
type HeadlineQuestion struct {
	PotentialChoice
	Region string `query:"region" maxLength:"64" example:"GM0344" doc:"code; default: all regions"`
	KW     string `query:"kw" enum:"computed,coincidence,report,fixed," doc:"what a charge point counts for in the first sentence; default: the study's rule"`
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

// Headline says it.
func Headline(r *result.Result, places Places, in *HeadlineQuestion) (*HeadlineAnswer, error) {
	mode, err := in.Fill(r)
	if err != nil {
		return nil, err
	}
	if in.KW == "fixed" && r.Study.Potential.KWPerChargePoint.Rule != potential.Fixed {
		return nil, QueryProblem("kw", in.KW, "computed, coincidence or report was expected: this study gives no number of kW")
	}
	name, area, err := places.Area(in.Region, in.Scenario, in.Year)
	if err != nil {
		return nil, err
	}
	area.Adoption = in.Adoption
	view := result.View{Contract: in.Contract, Mode: mode, Season: in.Season, KWRule: in.KW}
	if in.KW == "" {
		view.KWRule = r.Study.Potential.KWPerChargePoint.Name()
	}
	a := &HeadlineAnswer{}
	for dutch, to := range map[bool]*Told{false: &a.EN, true: &a.NL} {
		area.Name = placeName(name, dutch)
		h, err := r.Tell(area, view, dutch)
		if err != nil {
			return nil, err
		}
		to.Lead, to.Rest = h.Lead, append([]string{}, h.Rest...)
	}
	return a, nil
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
