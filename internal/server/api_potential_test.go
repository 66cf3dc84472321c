package server_test

import (
	"math"
	"net/http"
	"strings"
	"testing"

	"github.com/getij/getij/internal/answer"
	"github.com/getij/getij/internal/server"
)

// What the API answers by contract, mode and season is what the result says of all
// regions, and its parts add up to it.
func TestPotentialByContractModeAndSeason(t *testing.T) {
	s := shared(t)
	f, err := results()
	if err != nil {
		t.Fatal(err)
	}
	p := f.Summary.Potential
	near := func(what string, got, want float64) {
		t.Helper()
		if math.Abs(got-want) > 1e-6*math.Abs(want)+0.02 { // four decimals, of 342 gemeenten
			t.Errorf("%s: %g, want %g", what, got, want)
		}
	}
	for _, x := range p.Seasons {
		query := "/api/v1/potential?contract=" + x.Contract + "&mode=" + x.Mode + "&season=" + x.Season
		whole := getJSON[server.PotentialAnswer](t, s, query+"&level=land")
		if len(whole.Code) != 1 || whole.Year != p.Year || whole.Scenario != p.Scenario || whole.EveningKW != x.EveningMeanKW || whole.LargestKW != x.LargestDischargeKW {
			t.Errorf("%s: %+v", query, whole)
		}
		near(query+", MW in the evening", whole.EveningMW[0], 1000*x.EveningGW)
		near(query+", MW in the best cell", whole.LargestMW[0], 1000*x.LargestGW)
		near(query+", evening peak", whole.ThisKW[0], 1e6**x.EveningPeakGW)
		near(query+", night peak", whole.NightPeakKW[0], 1e6**x.NightPeakGW)
		near(query+", evening peak of regular charging", whole.RegularKW[0], 1e6**x.EveningPeakRegularGW)
	}
	parts := getJSON[server.PotentialAnswer](t, s, "/api/v1/potential?level=gemeente")
	sum := 0.0
	for _, mw := range parts.EveningMW {
		sum += mw
	}
	own := p.Season("dynamic_2027", "v2g", f.Study.Potential.Season)
	near("MW of the gemeenten", sum, 1000*own.EveningGW)
	if len(parts.Code) != 342 || parts.Contract != "dynamic_2027" || parts.Season != "winter" {
		t.Errorf("%d gemeenten of %s in %s", len(parts.Code), parts.Contract, parts.Season)
	}
	if !buurten() {
		return
	}
	// A street gives far more at once than on the mean evening.
	small := getJSON[server.PotentialAnswer](t, s, "/api/v1/potential?level=buurt")
	for i, points := range small.Points {
		if points > 20 && points < 60 && !(small.AtOnceP50[i] > 2*small.EveningMW[i] && small.AtOnceP5[i] <= small.AtOnceP50[i] && small.AtOnceP50[i] <= small.AtOnceP95[i]) {
			t.Fatalf("%s with %.0f points: %g MW at once (%g to %g), %g MW in the mean evening", small.Code[i], points, small.AtOnceP50[i], small.AtOnceP5[i], small.AtOnceP95[i], small.EveningMW[i])
		}
	}
}

// The page's headline is the sentence that the command line and the report have.
func TestTheHeadlineIsTheReports(t *testing.T) {
	s := shared(t)
	f, err := results()
	if err != nil {
		t.Fatal(err)
	}
	all := getJSON[answer.HeadlineAnswer](t, s, "/api/v1/headline?kw=computed")
	for _, c := range []struct {
		told  answer.Told
		place [2]string
		dutch bool
	}{{all.EN, [2]string{"the Netherlands", "these regions"}, false}, {all.NL, [2]string{"Nederland", "deze gebieden"}, true}} {
		got := strings.Join(append([]string{c.told.Lead}, c.told.Rest...), " ")
		if got = strings.ReplaceAll(got, c.place[0], c.place[1]); got != f.Headline(c.dutch) {
			t.Errorf("got\n%s\nwant\n%s", got, f.Headline(c.dutch))
		}
	}
	town := getJSON[answer.HeadlineAnswer](t, s, "/api/v1/headline?region=GM0344&contract=single&season=summer&scenario=low&year=2035&adoption=0.5&kw=report")
	if lead := town.EN.Lead; !strings.HasPrefix(lead, "In 2035 (scenario low), ") || !strings.Contains(lead, "home charge points in Utrecht count for") || !strings.Contains(lead, "if 50 % take part") {
		t.Error(lead)
	}
	if rest := strings.Join(town.EN.Rest, " "); !strings.Contains(rest, "give homes and grid nothing") || !strings.Contains(rest, "the summer evening peak") {
		t.Error(rest)
	}
}

func TestChoicesThatAreNoneAreNamed(t *testing.T) {
	s := shared(t)
	levels := "land, provincie, gemeente"
	if buurten() {
		levels += ", wijk, buurt"
	}
	for query, want := range map[string]string{
		"potential?contract=none":   "contract is none: a contract of the study with a mode of it was expected: /api/v1/study lists them",
		"potential?mode=v2h":        "contract is dynamic_2027: a contract of the study with a mode of it was expected: /api/v1/study lists them",
		"potential?scenario=middle": "scenario is middle: low, mid or high was expected",
		"potential?year=2060":       "year is 2060: a year from 2025 to 2050 was expected",
		"potential?level=street":    "level is street: one of " + levels + " was expected",
		"headline?season=autumn":    "validation failed",
		"headline?kw=fixed":         "kw is fixed: computed, coincidence or report was expected: this study gives no number of kW",
		"headline?adoption=2":       "validation failed",
		"headline?adoption=NaN":     "adoption is NaN: a number was expected",
		"potential?adoption=NaN":    "adoption is NaN: a number was expected",
	} {
		refused(t, get(t, s, "/api/v1/"+query), http.StatusBadRequest, want)
	}
	refused(t, get(t, s, "/api/v1/headline?region=GM9999"), http.StatusNotFound, "no region has the code GM9999: /api/v1/regions lists them")
}
