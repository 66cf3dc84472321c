package result_test

import (
	"testing"

	"github.com/getij/getij/internal/assume"
	"github.com/getij/getij/internal/result"
)

// The headline names contract, rules and season of each number, what happens to the
// evening peak of the same season, and the night that pays for it.
func TestTheHeadlineNamesRulesAndSeason(t *testing.T) {
	s, err := assume.Load("", []string{"contracts=[{name: old, kind: single}, {name: now, kind: dynamic}, {name: later, kind: dynamic, rules: 2027-01-01}]"})
	if err != nil {
		t.Fatal(err)
	}
	known := func(v float64) *float64 { return &v }
	season := func(contract, name string, kw, gw, regular, evening, night float64) result.SeasonSummary {
		return result.SeasonSummary{
			Contract: contract, Mode: "v2g", Season: name, EveningMeanKW: kw, EveningGW: gw,
			EveningPeakWithoutGW: 7, EveningPeakRegularGW: known(regular), EveningPeakGW: known(evening), NightPeakGW: known(night),
		}
	}
	r := &result.Result{Study: s, Summary: &result.Summary{Potential: &result.PotentialSummary{
		Year: 2050, Scenario: "mid", Adoption: 0.5, HomeChargePoints: 2249962,
		Seasons: []result.SeasonSummary{
			season("old", result.Winter, 0.3, 0, 8.7, 8.6, 5), season("old", result.Summer, 0.2, 0, 6, 6, 4),
			season("now", result.Winter, -1, 1.1, 8.7, 5.1, 8.9), season("now", result.Summer, -0.8, 0.9, 6, 4, 7),
			season("later", result.Winter, -0.1, 0.11, 8.7, 6.3, 6.5), season("later", result.Summer, 0.1, 0, 6, 5, 5),
		},
	}}}
	for dutch, want := range map[bool]string{
		false: "In 2050, scenario mid, these regions have 2.25 million home charge points; 50 % of them take part. " +
			"Fed in with V2G on the mean evening, 17:00 to 21:00: now (net metering): 1.10 GW in winter, 0.90 GW in summer; later (no net metering, rules of 2027-01-01): 0.11 GW in winter, 0.00 GW in summer; nothing worth a word under old (net metering). " +
			"Under now the winter evening peak goes from 8.70 GW with regular charging to 5.10 GW; at night there is a peak of 8.90 GW. That is higher than the evening peak that it takes away. " +
			"Under later the winter evening peak goes from 8.70 GW with regular charging to 6.30 GW; at night there is a peak of 6.50 GW.",
		true: "In 2050, scenario mid, tellen deze gebieden 2,25 miljoen thuislaadpunten; 50 % daarvan doet mee. " +
			"Teruggeleverd met V2G op de gemiddelde avond, 17 tot 21 uur: now (salderen): 1,10 GW in de winter, 0,90 GW in de zomer; later (zonder salderen, regels van 2027-01-01): 0,11 GW in de winter, 0,00 GW in de zomer; vrijwel niets bij old (salderen). " +
			"Onder now gaat de avondpiek van de winter van 8,70 GW bij gewoon laden naar 5,10 GW; 's nachts ontstaat een piek van 8,90 GW. Die is hoger dan de avondpiek die verdwijnt. " +
			"Onder later gaat de avondpiek van de winter van 8,70 GW bij gewoon laden naar 6,30 GW; 's nachts ontstaat een piek van 6,50 GW.",
	} {
		if got := r.Headline(dutch); got != want {
			t.Errorf("got\n%s\nwant\n%s", got, want)
		}
	}
	r.Summary.Potential = nil
	if got := r.Headline(false); got != "" {
		t.Errorf("without regions: %q", got)
	}
}
