package fetch

import (
	"context"
	"fmt"
	"strings"
	"time"
)

// Source is where something is published, and on which terms.
type Source struct {
	What, Name     string
	Title, Owner   string
	Subject        string // for people: "NL day-ahead prices"
	Licence        string
	LicenceURL     string
	Attribution    string // as the owner asks to be named
	Base           string // the address below which everything is
	TokenVariable  string // environment variable with the key, where one is asked
	tokenHelp      string // where to get one
	file           string // name of the result, by year
	firstYear      int
	wholeYears     bool          // a year is there once it is over
	maxBytes       int64         // of one answer
	every          time.Duration // least time between two requests
	patience       time.Duration // for the first byte
	maxTime        time.Duration // for one request
	tokenHeader    string        // header of the key, or
	tokenParameter string        // its query parameter
	missing        string        // what it means when an address is not there
	get            func(*session, context.Context, *Result) error
}

const (
	mega         = 1 << 20
	ccBy         = "CC BY 4.0"
	ccByURL      = "https://creativecommons.org/licenses/by/4.0/"
	entsoeTerms  = "https://transparency.entsoe.eu"
	nedTerms     = "https://ned.nl/algemene-voorwaarden"
	sourceECName = "energy-charts"
	sourceEntsoe = "entsoe"
)

// Sources is the table of what can be fetched; of the sources of one thing, the
// first is the default.
//
// What is known from where. CBS: the names WijkBuurtkaart_2023_v2, 2024_v1, 2024_v2
// and 2025_v1.zip, with a folder and wijkenbuurten_YEAR_vN.gpkg inside, are in many
// public programs that download them. PDOK: the same, see regions.go. Energy-Charts:
// public programs, and notes on its OpenAPI description; a whole year by start and end
// as dates is known to give 8760 hours; two requests a minute. ENTSO-E: its guide (400
// requests a minute, one year a request, five minutes at most) and entsoe-py (offset,
// 100 series an answer). NED: its "Handleiding API" (200 requests per five minutes,
// X-AUTH-TOKEN) and notes on it (at most 200 items a page). The tests speak these
// forms; they do not ask the sources themselves.
func Sources() []Source {
	return []Source{
		{
			What: "regions", Name: "cbs",
			Title: "CBS, Wijk- en Buurtkaart", Owner: "CBS and Kadaster", Subject: "wijken en buurten",
			Licence: ccBy, LicenceURL: ccByURL, Attribution: "CBS, Kadaster: Wijk- en Buurtkaart",
			Base: "https://geodata.cbs.nl/files/Wijkenbuurtkaart",
			file: "wijkenbuurten_%d.gpkg", firstYear: 2021,
			maxBytes: 2048 * mega, patience: time.Minute, maxTime: 30 * time.Minute,
			get: (*session).regions,
		},
		{
			What: "prices", Name: sourceECName,
			Title: "Energy-Charts", Owner: "Bundesnetzagentur, SMARD.de, by Energy-Charts of Fraunhofer ISE",
			Subject: "NL day-ahead prices",
			Licence: ccBy, LicenceURL: ccByURL, Attribution: "Bundesnetzagentur | SMARD.de, Energy-Charts.info",
			Base: "https://api.energy-charts.info",
			file: "prices_nl_%d.json", firstYear: 2015, wholeYears: true,
			maxBytes: 64 * mega, patience: 2 * time.Minute, maxTime: 10 * time.Minute,
			missing: "Energy-Charts has no prices of that year",
			get:     (*session).energyCharts,
		},
		{
			What: "prices", Name: sourceEntsoe,
			Title: "ENTSO-E Transparency Platform", Owner: "ENTSO-E and the power exchanges",
			Subject: "NL day-ahead prices",
			Licence: "terms of the Transparency Platform; day-ahead prices are not on its list for free re-use: use them, and ask before you publish them",
			// The list and its terms: as public users of the platform describe them.
			LicenceURL: entsoeTerms, Attribution: "ENTSO-E Transparency Platform",
			Base:          "https://web-api.tp.entsoe.eu",
			TokenVariable: "ENTSOE_API_TOKEN", tokenParameter: "securityToken",
			tokenHelp: "register at https://transparency.entsoe.eu, ask transparency@entsoe.eu for \"Restful API access\", " +
				"then make a token under My Account Settings. Or leave --source entsoe out: Energy-Charts has the same prices without a key",
			file: "prices_nl_%d.xml", firstYear: 2015, wholeYears: true,
			maxBytes: 128 * mega, every: 200 * time.Millisecond, patience: 5*time.Minute + 30*time.Second, maxTime: 15 * time.Minute,
			missing: "ENTSO-E has no prices of that year",
			get:     (*session).entsoe,
		},
		{
			What: "solar", Name: "ned",
			Title: "Nationaal Energie Dashboard (NED)", Owner: "National Energy Information Services B.V. (ned.nl)",
			Subject: "national solar output",
			Licence: "terms of NED: name the source", LicenceURL: nedTerms, Attribution: "Nationaal Energie Dashboard (ned.nl)",
			Base:          "https://api.ned.nl/v1",
			TokenVariable: "NED_API_KEY", tokenHeader: "X-AUTH-TOKEN",
			tokenHelp: "make a free account at https://ned.nl and, in it, an API key",
			file:      "solar_nl_%d.json", firstYear: 2016, wholeYears: true,
			maxBytes: 16 * mega, every: 1500 * time.Millisecond, patience: time.Minute, maxTime: 5 * time.Minute,
			missing: "NED has no solar output of that year",
			get:     (*session).solar,
		},
	}
}

// SourceOf finds a source; an empty name is the default.
func SourceOf(what, name string) (Source, error) {
	var whats, names []string
	for _, s := range Sources() {
		if s.What == what {
			if s.Name == name || name == "" {
				return s, nil
			}
			names = append(names, s.Name)
		} else if len(whats) == 0 || whats[len(whats)-1] != s.What {
			whats = append(whats, s.What)
		}
	}
	if len(names) > 0 {
		return Source{}, inputErrorf("source %q of %s is not known: %s was expected", name, what, strings.Join(names, " or "))
	}
	return Source{}, inputErrorf("%q cannot be fetched: %s was expected", what, strings.Join(whats, ", "))
}

// BaseVariable is the environment variable that holds another address for WHAT.
func BaseVariable(what string) string { return "GETIJ_FETCH_" + strings.ToUpper(what) + "_URL" }

// CheckYear finds years that cannot be there, without asking.
func (s *Source) CheckYear(year int, now time.Time) error {
	start, end := localYear(year)
	switch {
	case year < s.firstYear:
		return inputErrorf("year %d: %s is there from %d on", year, s.Subject, s.firstYear)
	case now.Before(start):
		return inputErrorf("year %d has not begun: name a year that is over", year)
	case s.wholeYears && now.Before(end):
		return inputErrorf("year %d is not over: a study needs a whole year of %s; name an earlier one", year, s.Subject)
	}
	return nil
}

// missingError is an address that is not there.
type missingError struct {
	url    string
	status string
	hint   string
}

func (e *missingError) Error() string {
	if e.hint == "" {
		return fmt.Sprintf("%s: %s", e.url, e.status)
	}
	return fmt.Sprintf("%s: %s: %s: try another --year", e.url, e.status, e.hint)
}
