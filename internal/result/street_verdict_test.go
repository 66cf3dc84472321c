package result_test

import (
	"strings"
	"testing"

	"github.com/getij/getij/dispatch"
	"github.com/getij/getij/internal/assume"
	"github.com/getij/getij/internal/cohort"
	"github.com/getij/getij/internal/result"
	"github.com/getij/getij/internal/street"
)

// Whether a street holds is told in one sentence of each way to charge, in both languages.
func TestTheVerdictOnAStreetSaysWhatFails(t *testing.T) {
	study, err := assume.Load("", []string{"street.homes=40", "street.charge_point_share=0.25", "street.capacity_kva=100"})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		hours, feedIn, holding float64
		fit                    int
		en, nl                 string
	}{
		{0, 0, 0.97, 40, "This street holds: with 10 charge points on 40 homes and V2G under a dynamic contract with net metering, 97 % of the streets drawn are never beyond 95 kW. Every home can have a charge point.", "Deze straat houdt het: met 10 laadpunten op 40 woningen en V2G bij een dynamisch contract met salderen komt 97 % van de getrokken straten nooit boven 95 kW. Elke woning kan een laadpunt hebben."},
		{0, 0, 0.6, 1, "This street does not always hold: with 10 charge points on 40 homes and V2G under a dynamic contract with net metering, 40 % of the streets drawn are beyond 95 kW at some time of the year. If 95 % of the streets shall never be beyond it, there is room for 1 charge point at most.", "Deze straat houdt het niet altijd:"},
		{277, 0, 0, 0, "it takes more than its 95 kW for 277 hours a year. No charge point fits", "neemt zij 277 uur per jaar meer af dan haar 95 kW. Er past geen laadpunt"},
		{0, 1.25, 0, 2, "it feeds in more than its 95 kW for 1.2 hours a year", "levert zij 1,2 uur per jaar meer terug dan haar 95 kW"},
		{8.5, 2, 0, -1, "for 8.5 hours a year, and feeds in more for 2 hours. Without cars it is beyond its capacity already", "8,5 uur per jaar meer af dan haar 95 kW, en levert zij 2 uur meer terug. Zonder auto's komt zij al"},
	} {
		row := street.Row{ChargePoints: 10, HoursBeyond: cohort.Spread{P50: c.hours}, HoursBeyondFeedIn: cohort.Spread{P50: c.feedIn}, Holding: c.holding}
		s := &result.Street{Study: study, Result: &street.Result{Cases: []*street.Case{{Contract: "dynamic", Mode: dispatch.V2G, Fit: c.fit, Growth: []street.Row{{}, row}}}}}
		f := result.Findings{Findings: s.Findings()}
		for dutch, want := range map[bool]string{false: c.en, true: c.nl} {
			got := f.Tell(result.AboutStreetCase, "dynamic", "v2g", dutch) + " " + f.Tell(result.AboutStreetRoom, "dynamic", "v2g", dutch)
			if !strings.Contains(got, want) {
				t.Errorf("\n got %s\nwant %s", got, want)
			}
		}
		// One case was computed: nothing is said of others.
		if v := s.Verdict(); !strings.Contains(v, "40 homes behind 95 kW") || !strings.Contains(v, "(medians), with V2G under a dynamic contract with net metering.") || strings.Contains(v, "whatever") {
			t.Error(v)
		}
	}
}

// What holds in several cases is not told of the first alone.
func TestCasesThatAreAlikeAreCounted(t *testing.T) {
	study, err := assume.Load("", []string{"street.homes=40", "street.charge_point_share=0.25"})
	if err != nil {
		t.Fatal(err)
	}
	s := &result.Street{Study: study, Result: &street.Result{}}
	for i, fit := range []int{1, 3, 3, 3, 3} {
		mode := dispatch.Smart
		if i == 1 || i == 4 { // the same under any contract
			mode = dispatch.Regular
		}
		row := street.Row{ChargePoints: 10, HoursBeyond: cohort.Spread{P50: float64(i)}}
		s.Cases = append(s.Cases, &street.Case{Contract: study.Contracts[i%4].Name, Mode: mode, Fit: fit, Growth: []street.Row{{}, row}})
	}
	for _, want := range []string{
		"3 of 40 homes can have a charge point at most (regular charging and in 2 other cases)",
		"The shortest with smart charging under a single tariff: for 0 hours",
	} {
		if got := s.Verdict(); !strings.Contains(got, want) {
			t.Errorf("%q was expected in %q", want, got)
		}
	}
}

// The year in which it first fails is told of whose charge points.
func TestTheYearInWhichAStreetFailsIsTold(t *testing.T) {
	study, err := assume.Load("", []string{"street.homes=40", "street.dwelling=terraced", "outlook.scenario=high"})
	if err != nil {
		t.Fatal(err)
	}
	year := func(y, points int, holding float64) street.YearRow {
		return street.YearRow{Year: y, Row: street.Row{ChargePoints: points, Holding: holding, HoursBeyond: cohort.Spread{P50: 12}}}
	}
	row := street.Row{ChargePoints: study.Street.ChargePoints()}
	s := &result.Street{Study: study, Result: &street.Result{Cases: []*street.Case{
		{Contract: "dual", Mode: dispatch.Smart, Growth: []street.Row{{}, row}, Years: []street.YearRow{year(2025, 3, 1), year(2026, 4, 0.9), year(2027, 5, 0)}},
		{Contract: "dynamic", Mode: dispatch.V2G, Growth: []street.Row{{}, row}, Years: []street.YearRow{year(2025, 3, 1), year(2026, 4, 1), year(2027, 5, 0.95)}},
	}}}
	s.Manifest.OutlookOf = "terraced dwellings in Utrecht, scenario high"
	f := result.Findings{Findings: s.Findings()}
	for _, c := range []struct {
		about, contract, mode string
		dutch                 bool
		want                  string
	}{
		{result.AboutStreetYears, "", "", false, "With the charge points of the outlook for terraced dwellings in Utrecht, scenario high (3 in 2025, 5 in 2027), more than 5 % of the streets are beyond it from 2026 on with smart charging under a dual tariff (median 12 hours in 2027). With V2G under a dynamic contract with net metering they are in no year to 2027."},
		{result.AboutStreetYears, "", "", true, "Met de laadpunten van de prognose voor rijwoningen in Utrecht, scenario hoog (3 in 2025, 5 in 2027) komt meer dan 5 % van de straten er vanaf 2026 boven met slim laden bij een dubbeltarief (mediaan 12 uur in 2027). Met V2G bij een dynamisch contract met salderen is dat tot 2027 in geen jaar."},
		{result.AboutStreetCaseYears, "dual", "smart", true, "Met slim laden bij een dubbeltarief en de laadpunten van de prognose voor rijwoningen in Utrecht, scenario hoog (3 in 2025, 5 in 2027) houdt zij het vanaf 2026 niet."},
	} {
		if got := f.Tell(c.about, c.contract, c.mode, c.dutch); got != c.want {
			t.Errorf("\n got %s\nwant %s", got, c.want)
		}
	}
}
