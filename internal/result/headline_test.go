package result_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/getij/getij/dispatch"
	"github.com/getij/getij/internal/assume"
	"github.com/getij/getij/internal/cohort"
	"github.com/getij/getij/internal/potential"
	"github.com/getij/getij/internal/result"
	"github.com/getij/getij/internal/series"
)

// homes of 1 kW whose cars take 1 kW in the evening when charged as regular. With V2G
// they discharge so many kW on winter and on summer evenings, and charge at night.
func whereV2GGives(t *testing.T) *result.Result {
	t.Helper()
	study, err := assume.Load("", []string{"contracts=[{name: single, kind: single}, {name: dynamic, kind: dynamic}, {name: dynamic_2027, kind: dynamic, rules: 2027-01-01}, {name: mine, kind: dual, net_metering: false}]"})
	if err != nil {
		t.Fatal(err)
	}
	axis := series.NewYear(2024)
	r := &result.Result{Study: study, Axis: axis, SolarKW: make([]float64, axis.Len()), LoadKW: slices.Repeat([]float64{1}, axis.Len())}
	for contract, kw := range map[string][3]float64{"single": {-1, -1, 0}, "dynamic": {1, 0.8, 4}, "dynamic_2027": {0.1, -0.1, 1.5}, "mine": {-1, -1, 0.5}} {
		regular, v2g := new(series.MonthTable), new(series.MonthTable)
		for month := range v2g {
			for q := range v2g[month] {
				switch {
				case q >= series.EveningFrom && q < series.EveningTo:
					regular[month][q], v2g[month][q] = 1, -kw[0]
					if month > 3 && month < 8 {
						v2g[month][q] = -kw[1]
					}
				case q < 16:
					v2g[month][q] = kw[2]
				}
			}
		}
		group := cohort.Coincidence{Homes: 100}
		group.PeakDischargeKW = cohort.Spread{P5: 4, P50: 5, P95: 6}
		uncontrolled := group
		group.PeakChargeKW.P50, uncontrolled.PeakChargeKW.P50 = 8, 4
		r.Cases = append(r.Cases, &result.Case{Contract: contract, Mode: dispatch.Regular, ByMonth: regular, KW: ayear(axis, 1.5, regular), Coincidence: []cohort.Coincidence{uncontrolled}},
			&result.Case{Contract: contract, Mode: dispatch.V2G, ByMonth: v2g, KW: ayear(axis, 7, v2g), Coincidence: []cohort.Coincidence{group}})
	}
	r.Summary = &result.Summary{Potential: &result.PotentialSummary{Contract: "dynamic", Year: 2050, Scenario: "mid", Adoption: 0.5, HomeChargePoints: 2_200_000, Dwellings: 4_000_000, Equivalents: 4_000_000}}
	return r
}

// ayear has the table's days, and one night in which cars take more.
func ayear(axis *series.Axis, kw float64, table *series.MonthTable) []float64 {
	out := make([]float64, axis.Len())
	for t, c := range axis.Clock {
		out[t] = table[c.Month-1][c.QuarterOfDay]
	}
	out[8] = max(kw, 2*out[8])
	return out
}

// alike are dwellings that each use what the mean one does.
func alike(n float64) potential.Homes { return potential.Homes{Dwellings: n, Equivalents: n} }

// sentence is a text with its spaces as they are typed.
func sentence(text string) string { return strings.ReplaceAll(text, "\u00a0", " ") }

// The headline names contract, rules and season of each number, what happens to the
// evening peak of the same season, and the night that pays for it.
func TestTheHeadlineNamesRulesAndSeason(t *testing.T) {
	r := whereV2GGives(t)
	for dutch, want := range map[bool]string{
		false: "In 2050, 2.20 million home charge points in these regions give homes and grid 0.11 GW on a winter evening and nothing on a summer evening, if 50 % take part, under a dynamic contract by the rules from 2027; with net metering (as ElaadNL's report computes; it ends in 2027): 1.1 GW and 0.88 GW. " +
			"With V2G the winter evening peak of homes and cars together, on a month's mean day, goes from 6.2 GW (regular charging) to 5.0 GW, with a night peak of 5.7 GW; with net metering to 4.0 GW, at night 8.4 GW, higher than the evening peak that it takes away. " +
			"Those are means of a month; in the year's highest quarter-hour homes and cars take 13.3 GW (1 January 02:00), with regular charging 7.3 GW (1 January 02:00); with net metering 14.5 GW (1 January 02:00). " +
			"Under a single tariff and contract mine next to nothing is discharged. " +
			"The energy tax differs too: by the rules from 2027 0.1108; with net metering 0.1228 EUR per kWh.",
		true: "In 2050 leveren 2,20 miljoen thuislaadpunten in deze gebieden aan woningen en net 0,11 GW op een winteravond en niets op een zomeravond, als 50 % meedoet, onder een dynamisch contract met de regels vanaf 2027; met salderen (zo rekent het rapport van ElaadNL; het stopt in 2027): 1,1 GW en 0,88 GW. " +
			"Met V2G gaat de avondpiek van de winter van woningen en auto’s samen, op de gemiddelde dag van een maand, van 6,2 GW (gewoon laden) naar 5,0 GW, met een nachtpiek van 5,7 GW; met salderen naar 4,0 GW, ’s nachts 8,4 GW, hoger dan de avondpiek die verdwijnt. " +
			"Dat zijn gemiddelden van een maand; in het hoogste kwartier van het jaar nemen woningen en auto’s 13,3 GW (1 januari 02:00) af, met gewoon laden 7,3 GW (1 januari 02:00); met salderen 14,5 GW (1 januari 02:00). " +
			"Onder een enkeltarief en contract mine wordt vrijwel niets ontladen. " +
			"Ook de energiebelasting verschilt: met de regels vanaf 2027 0,1108; met salderen 0,1228 EUR per kWh.",
	} {
		if got := sentence(r.Headline(dutch)); got != want {
			t.Errorf("got\n%s\nwant\n%s", got, want)
		}
	}
	r.Summary.Potential.Year = 2026
	if got := sentence(r.Headline(false)); !strings.Contains(got, "give homes and grid 1.1 GW on a winter evening and 0.88 GW on a summer evening, if 50 % take part, under a dynamic contract with net metering (which ends in 2027); by the rules from 2027: 0.11 GW and nothing.") {
		t.Errorf("a year of net metering does not begin with it: %s", got)
	}
	r.Study.Homes = 20
	if got := r.Headline(false); strings.Contains(got, "highest quarter-hour") {
		t.Errorf("twenty homes are told as a country: %s", got)
	}
	r.Summary.Potential = nil
	if got := r.Headline(false); got != "" {
		t.Errorf("without regions: %q", got)
	}
}

// Charging at other hours takes off most of the evening peak, and needs no car that discharges:
// what it leaves stands before what discharging makes of it.
func TestTheHeadlineSaysWhatSmartChargingDoesAlone(t *testing.T) {
	r := whereV2GGives(t)
	for _, contract := range []string{"single", "dynamic", "dynamic_2027"} {
		evening := 0.1 // kW of a car
		if contract == "single" {
			evening = 1
		}
		smart := new(series.MonthTable)
		for month := range smart {
			for q := series.EveningFrom; q < series.EveningTo; q++ {
				smart[month][q] = evening
			}
		}
		r.Cases = append(r.Cases, &result.Case{Contract: contract, Mode: dispatch.Smart, ByMonth: smart, KW: ayear(r.Axis, 1.5, smart)})
	}
	for _, dutch := range []bool{false, true} {
		want := "goes from 6.2 GW (regular charging) or 5.2 GW (smart charging) to 5.0 GW, with a night peak of 5.7 GW"
		if dutch {
			want = "van 6,2 GW (gewoon laden) of 5,2 GW (slim laden) naar 5,0 GW, met een nachtpiek van 5,7 GW"
		}
		if got := sentence(r.Headline(dutch)); !strings.Contains(got, want) {
			t.Errorf("%s\nlacks %s", got, want)
		}
	}
	// Where it changes nothing it is not worth a word.
	h, err := r.Tell(result.Area{Name: "Urk", Year: 2035, Scenario: "low", Homes: alike(120), Points: 45, Adoption: 1}, result.View{Contract: "single", Mode: dispatch.V2G, Season: result.Winter, KWRule: "computed"}, false)
	if err != nil {
		t.Fatal(err)
	}
	if got := sentence(strings.Join(h.Rest, " ")); !strings.Contains(got, "(regular charging) to") {
		t.Errorf("smart charging that charges as regular is told: %s", got)
	}
}

// What a reader chooses is what is told, and the other rules stay beside it.
func TestAPlaceIsToldAsItIsLookedAt(t *testing.T) {
	r := whereV2GGives(t)
	street := result.Area{Name: "Urk", Year: 2035, Scenario: "low", Homes: alike(120), Points: 45, Adoption: 1}
	for what, c := range map[string]struct {
		area result.Area
		view result.View
		want string
	}{
		"a contract that gives nothing": {
			street,
			result.View{Contract: "single", Mode: dispatch.V2G, Season: result.Summer, KWRule: "computed"},
			"In 2035 (scenario low), 45 home charge points in Urk give homes and grid nothing, on a winter evening or on a summer one, under a single tariff with net metering (as ElaadNL's report computes; it ends in 2027); " +
				"under a dynamic contract with net metering: 45 kW and 36 kW; under a dynamic contract by the rules from 2027: 4.5 kW and nothing.|" +
				"With V2G the summer evening peak of homes and cars together, on a month's mean day, goes from 165 kW (regular charging) to 165 kW, with a night peak of 120 kW; " +
				"under a dynamic contract with net metering to 84 kW, at night 300 kW, higher than the evening peak that it takes away; " +
				"under a dynamic contract by the rules from 2027 to 124 kW, at night 188 kW, higher than the evening peak that it takes away.|" +
				"So few cars give far more at once than on the mean evening: 230 kW in the busiest quarter-hour of the whole year, whatever the season, under a single tariff with net metering (90 of 100 such groups: 180 kW to 270 kW); under a dynamic contract with net metering 230 kW; under a dynamic contract by the rules from 2027 230 kW.|" +
				"Charging, they take 360 kW at once, with regular charging 180 kW; under a dynamic contract with net metering 360 kW; under a dynamic contract by the rules from 2027 360 kW.|" +
				"Under contract mine next to nothing is discharged.",
		},
		"the rule of the report": {
			street,
			result.View{Contract: "dynamic_2027", Mode: dispatch.V2G, Season: result.Winter, KWRule: "report"},
			"In 2035 (scenario low), 45 home charge points in Urk count for 90 kW, if all take part, at the 2 kW each of ElaadNL's report, whatever the contract and the season.|" +
				"By this study they give homes and grid 4.5 kW on a winter evening and nothing on a summer evening, if all take part, under a dynamic contract by the rules from 2027; with net metering (as ElaadNL's report computes; it ends in 2027): 45 kW and 36 kW.",
		},
		"what a group does at once": {
			street,
			result.View{Contract: "dynamic", Mode: dispatch.V2G, Season: result.Winter, KWRule: "coincidence"},
			"In 2035 (scenario low), 45 home charge points in Urk give homes and grid 230 kW at once, if all take part, in the busiest quarter-hour of the year under a dynamic contract with net metering (as ElaadNL's report computes; it ends in 2027).|By this study they give homes and grid 45 kW on a winter evening",
		},
		"nobody": {
			result.Area{Name: "Urk", Year: 2035, Scenario: "mid", Homes: alike(120), Points: 45},
			result.View{Contract: "dynamic", Mode: dispatch.V2G, Season: result.Winter, KWRule: "computed"},
			"In 2035 there are 45 home charge points in Urk; while nobody takes part in V2G, they give nothing.",
		},
		"no points": {
			result.Area{Name: "Zee", Year: 2035, Scenario: "mid", Adoption: 1},
			result.View{Contract: "dynamic", Mode: dispatch.V2G, Season: result.Winter, KWRule: "computed"},
			"In 2035 there are no home charge points in Zee.",
		},
		"one": {
			result.Area{Name: "Urk", Year: 2035, Scenario: "mid", Homes: alike(3), Points: 1, Adoption: 1},
			result.View{Contract: "dynamic", Mode: dispatch.V2G, Season: result.Winter, KWRule: "computed"},
			"In 2035, 1 home charge point in Urk gives home and grid 1.0 kW on a winter evening",
		},
	} {
		h, err := r.Tell(c.area, c.view, false)
		if err != nil {
			t.Fatal(err)
		}
		if got := sentence(strings.Join(append([]string{h.Lead}, h.Rest...), "|")); !strings.HasPrefix(got, c.want) {
			t.Errorf("%s: got\n%s\nwant\n%s", what, got, c.want)
		}
	}
	for what, view := range map[string]result.View{
		"a contract": {Contract: "none", Mode: dispatch.V2G, Season: result.Winter},
		"a mode":     {Contract: "dynamic", Mode: dispatch.Smart, Season: result.Winter},
		"a season":   {Contract: "dynamic", Mode: dispatch.V2G, Season: "autumn"},
	} {
		if h, err := r.Tell(street, view, false); err == nil {
			t.Errorf("%s that the study lacks is told: %+v", what, h)
		}
	}
}

// Nothing on balance is not nothing: such a car discharges as much as it charges.
func TestNothingOnBalanceIsSaid(t *testing.T) {
	r := whereV2GGives(t)
	r.Case("dynamic_2027", dispatch.V2G).Summary.DischargedKWh = 367
	r.Case("single", dispatch.V2G).Summary.DischargedKWh = 7
	for dutch, want := range map[bool]string{
		false: "give homes and grid 0.11 GW on a winter evening and on balance nothing on a summer evening",
		true:  "aan woningen en net 0,11 GW op een winteravond en per saldo niets op een zomeravond",
	} {
		if got := sentence(r.Headline(dutch)); !strings.Contains(got, want) {
			t.Errorf("got %s", got)
		}
	}
	area := result.Area{Name: "Urk", Year: 2035, Scenario: "mid", Homes: alike(120), Points: 45, Adoption: 1}
	for contract, want := range map[string]string{"single": "Urk give homes and grid nothing, on a winter", "dynamic_2027": "4.5 kW on a winter evening and on balance nothing on a summer evening"} {
		h, err := r.Tell(area, result.View{Contract: contract, Mode: dispatch.V2G, Season: result.Winter, KWRule: "computed"}, false)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(sentence(h.Lead), want) {
			t.Errorf("%s: %s", contract, h.Lead)
		}
	}
}

// What the country's mean hides: in how many gemeenten the night peak becomes the higher
// one, and tariffs that move all cars to one hour though they give nothing.
func TestTheHeadlineTellsOfNightPeaks(t *testing.T) {
	r := whereV2GGives(t)
	dual := r.Case("mine", dispatch.V2G)
	for m := range dual.ByMonth {
		dual.ByMonth[m][92] = 9
	}
	// A car takes 1 kW in the evening with regular charging, 1.5 or 4 at night with V2G.
	area := result.Area{
		Year: 2050, Scenario: "mid", Homes: alike(30), Points: 15, Adoption: 1, PartsLevel: "gemeente",
		Parts: []result.Part{{Homes: alike(10)}, {Homes: alike(10), Points: 5}, {Homes: alike(10), Points: 10}},
	}
	for dutch, want := range map[bool][]string{
		false: {
			"That night peak is above the peaks of regular charging, evening and night, in 2 of the 3 gemeenten; with net metering in 2.",
			"Under a single tariff and contract mine next to nothing is discharged, but contract mine makes a night peak of 170 kW.",
		},
		true: {
			"Die nachtpiek is hoger dan de pieken bij gewoon laden, ’s avonds en ’s nachts, in 2 van de 3 gemeenten; met salderen in 2.",
			"Onder een enkeltarief en contract mine wordt vrijwel niets ontladen, maar contract mine geeft een nachtpiek van 170 kW.",
		},
	} {
		h, err := r.Tell(area, result.View{Contract: "dynamic_2027", Mode: dispatch.V2G, Season: result.Winter, KWRule: "computed"}, dutch)
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range want {
			if got := sentence(strings.Join(h.Rest, " ")); !strings.Contains(got, w) {
				t.Errorf("%s\nlacks %s", got, w)
			}
		}
	}
}

// A night peak that regular charging makes as well, as on summer evenings when cars that come
// home late charge after 21:00, is not one that V2G makes.
func TestANightPeakOfRegularChargingIsNotV2Gs(t *testing.T) {
	r := whereV2GGives(t)
	for _, c := range r.Cases {
		late := 0.0
		switch {
		case c.Mode == dispatch.Regular:
			late = 2
		case c.Contract == "single":
			late = 1.9
		case c.Contract == "dynamic_2027":
			late = 1.8
		}
		for m := range c.ByMonth {
			c.ByMonth[m][85] = late
		}
	}
	area := result.Area{Year: 2050, Scenario: "mid", Homes: alike(20), Points: 10, Adoption: 1, PartsLevel: "gemeente", Parts: []result.Part{{Homes: alike(10), Points: 5}, {Homes: alike(10), Points: 5}}}
	h, err := r.Tell(area, result.View{Contract: "dynamic_2027", Mode: dispatch.V2G, Season: result.Winter, KWRule: "computed"}, false)
	if err != nil {
		t.Fatal(err)
	}
	got := sentence(strings.Join(h.Rest, " "))
	for _, want := range []string{
		"from 30.0 kW (regular charging, at night 40.0 kW) to 19.0 kW, with a night peak of 38.0 kW; with net metering to 10.0 kW, at night 60.0 kW, higher than the evening peak that it takes away.",
		"evening and night, in none of the 2 gemeenten; with net metering in 2.", "Under a single tariff and contract mine next to nothing is discharged.",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%s\nlacks %s", got, want)
		}
	}
}

// Contracts of one kind are told apart by their rules wherever they are named.
func TestContractsUnderWhichNothingIsFedInAreNamedWithTheirRules(t *testing.T) {
	r := whereV2GGives(t)
	r.Case("dynamic", dispatch.V2G).ByMonth = r.Case("single", dispatch.V2G).ByMonth
	if got, want := r.Headline(false), "Under a single tariff, a dynamic contract with net metering and contract mine next to nothing is discharged."; !strings.Contains(got, want) {
		t.Errorf("%s\nlacks %s", got, want)
	}
}

// A contract's words are those of its kind and rules, whatever its name promises.
func TestNamesOfContractsDoNotDeceive(t *testing.T) {
	r := whereV2GGives(t)
	for contracts, want := range map[string]string{
		"[{name: x, kind: dynamic, rules: 2026-12-31}]":            "contract x by the rules of 2026-12-31, with net metering",
		"[{name: x, kind: dynamic, rules: 2029-01-01}]":            "contract x by the rules from 2029",
		"[{name: dynamic, kind: dynamic, rules: 2027-01-01}]":      "a dynamic contract by the rules from 2027",
		"[{name: dynamic_2027, kind: dynamic, rules: 2026-01-01}]": "contract dynamic_2027 by the rules from 2026, with net metering",
		"[{name: dual, kind: dynamic}]":                            "contract dual with net metering",
		"[{name: dual, kind: dual}]":                               "a dual tariff",
	} {
		s, err := assume.Load("", []string{"contracts=" + contracts})
		if err != nil {
			t.Fatal(err)
		}
		r.Study = s
		if got := r.ContractName(s.Contracts[0].Name); got != want {
			t.Errorf("%s: got %q, want %q", contracts, got, want)
		}
	}
}

// A study without the rules of a year says that it lacks them.
func TestAStudyWithoutTheRulesOfAYearSaysSo(t *testing.T) {
	r := whereV2GGives(t)
	r.Study.Contracts = r.Study.Contracts[:2]
	if got, want := r.Headline(false), "The study has no dynamic contract by the rules from 2027, so it does not say what these do."; !strings.HasSuffix(got, want) {
		t.Errorf("2050: %s", got)
	}
	r.Summary.Potential.Year = 2026
	if got := r.Headline(false); strings.Contains(got, "has no dynamic contract") {
		t.Errorf("2026: %s", got)
	}
}

// What a study cannot tell for want of a way to charge it says, and tells the rest.
func TestAStudyWithoutAWayToChargeSaysWhatItCannotTell(t *testing.T) {
	without := func(m dispatch.Mode) *result.Result {
		r := whereV2GGives(t)
		r.Cases = slices.DeleteFunc(r.Cases, func(c *result.Case) bool { return c.Mode == m })
		return r
	}
	r := without(dispatch.Regular)
	for dutch, want := range map[bool]string{
		false: "The study has no regular charging, so it does not say what happens to the peaks; add regular to its modes.",
		true:  "De studie heeft geen gewoon laden en zegt dus niet wat er met de pieken gebeurt; voeg regular toe aan de modes.",
	} {
		if got := sentence(r.Headline(dutch)); !strings.HasSuffix(got, want) || strings.Contains(got, "NaN") {
			t.Errorf("%s\nlacks %s", got, want)
		}
	}
	r = without(dispatch.V2G)
	if got := r.Headline(false); got != "" {
		t.Errorf("regular charging alone: %s", got)
	}
	for _, c := range whereV2GGives(t).Cases {
		if c.Mode == dispatch.V2G {
			c.Mode = dispatch.Smart
			r.Cases = append(r.Cases, c)
		}
	}
	if got, want := sentence(r.Headline(false)), "With smart charging the winter evening peak of homes and cars together, on a month's mean day, goes from 6.2 GW (regular charging)"; !strings.Contains(got, want) {
		t.Errorf("%s\nlacks %s", got, want)
	}
}
