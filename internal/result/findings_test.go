package result_test

import (
	"math"
	"strings"
	"testing"

	"github.com/getij/getij/dispatch"
	"github.com/getij/getij/internal/assume"
	"github.com/getij/getij/internal/cohort"
	"github.com/getij/getij/internal/result"
	"github.com/getij/getij/internal/series"
)

// found is a result of two contracts: with the dynamic one V2G charges from 1 to 5 and
// discharges from 17 to 21, with the single one it does as smart charging does.
func found(t *testing.T, extraSingleEUR float64, settings ...string) *result.Result {
	t.Helper()
	s, err := assume.Load("", append([]string{"homes=2", "modes=[smart, v2g]", "contracts=[{kind: single}, {kind: dynamic}]"}, settings...))
	if err != nil {
		t.Fatal(err)
	}
	axis := series.NewYear(2024)
	r := &result.Result{Study: s, Axis: axis, Summary: &result.Summary{Homes: 2}, Manifest: &result.Manifest{}}
	for _, contract := range []string{"single", "dynamic"} {
		for _, mode := range []dispatch.Mode{dispatch.Smart, dispatch.V2G} {
			c := &result.Case{Contract: contract, Mode: mode, KW: make([]float64, axis.Len())}
			for k, clock := range axis.Clock {
				if h := clock.Hour(); h >= 1 && h < 5 {
					c.KW[k] = 1
				} else if mode == dispatch.V2G && contract == "dynamic" && h >= 17 && h < 21 {
					c.KW[k] = -0.96
					if clock.Month == 1 && clock.QuarterOfDay == 71 {
						c.KW[k] = -1.5
					}
				}
			}
			c.Tabulate(axis)
			c.Summary = result.CaseSummary{EnergyCostEUR: 1000, EveningMeanKW: axis.EveningMean(c.KW), DischargedKWh: map[string]float64{"single": 40, "dynamic": 3064}[contract]}
			if mode == dispatch.V2G {
				c.Summary.EnergyCostEUR -= map[string]float64{"single": extraSingleEUR, "dynamic": 123.4}[contract]
			}
			c.Homes = []result.Home{{EveningKW: c.Summary.EveningMeanKW - 0.1}, {EveningKW: c.Summary.EveningMeanKW + 0.1}}
			c.Coincidence = []cohort.Coincidence{{Homes: 20, PeakChargeKW: cohort.Spread{P50: 4}, PeakDischargeKW: cohort.Spread{P50: 3}}, {Homes: 1000, PeakChargeKW: cohort.Spread{P50: 2}, PeakDischargeKW: cohort.Spread{P50: 1}}}
			r.Cases = append(r.Cases, c)
		}
	}
	r.Findings = result.Find(r)
	return r
}

func TestFindingsAreToldInBothLanguagesWithTheSameNumbers(t *testing.T) {
	r := found(t, 4)
	if f := r.Findings; f.Contract != "dynamic" || f.Mode != "v2g" || f.Thresholds.PaysEURPerYear != 10 {
		t.Errorf("%+v", f)
	}
	for _, c := range []struct{ about, contract, mode, en, nl string }{
		{
			"when", "dynamic", "v2g",
			"With V2G and a dynamic contract with net metering a car mostly charges between 01:00 and 05:00 and mostly discharges between 17:00 and 21:00, into home and grid. It discharges most in January around 17:45: 1.50 kW per home on average. It takes most in January around 01:00: 1.00 kW per home on average.",
			"Met V2G en een dynamisch contract met salderen laadt een auto vooral tussen 01:00 en 05:00 en ontlaadt hij vooral tussen 17:00 en 21:00, naar woning en net. Het meest ontlaadt hij in januari rond 17:45: gemiddeld 1,50 kW per woning. Het meest neemt hij af in januari rond 01:00: gemiddeld 1,00 kW per woning.",
		},
		{
			"when", "single", "v2g",
			"With V2G and a single tariff a car mostly charges between 01:00 and 05:00 and discharges next to nothing: prices differ too little for that. It takes most in January around 01:00: 1.00 kW per home on average.",
			"Met V2G en een enkeltarief laadt een auto vooral tussen 01:00 en 05:00 en ontlaadt hij vrijwel niets: daarvoor verschillen de prijzen te weinig. Het meest neemt hij af in januari rond 01:00: gemiddeld 1,00 kW per woning.",
		},
		{
			"pays", "", "",
			"V2G pays with a dynamic contract with net metering: EUR 123 per home and year more than smart charging, with 3,064 kWh discharged; its car then discharges 0.96 kW on average from 17 to 21 h. " +
				"With a single tariff V2G adds next to nothing (EUR 4 a year at most): what energy gains in value is lost in charging and discharging. " +
				"Net metering (salderen) decides this: what a home feeds in earns the full import price of its quarter-hour, as long as it takes more over the year.",
			"V2G loont bij een dynamisch contract met salderen: EUR 123 per woning per jaar meer dan slim laden, met 3.064 kWh ontladen; haar auto ontlaadt dan van 17 tot 21 uur gemiddeld 0,96 kW. " +
				"Bij een enkeltarief voegt V2G vrijwel niets toe (hooguit EUR 4 per jaar): wat energie in waarde wint, gaat verloren bij laden en ontladen. " +
				"Salderen bepaalt dit: wat een woning teruglevert, brengt de volle afnameprijs van het kwartier op, zolang zij over het jaar meer afneemt.",
		},
		{
			"week", "", "",
			"With V2G and a dynamic contract with net metering the car's mean power per home from 17:00 to 21:00 is 0.96 kW discharged on weekdays and 0.96 kW discharged in the weekend.",
			"Met V2G en een dynamisch contract met salderen is het vermogen van de auto per woning van 17 tot 21 uur gemiddeld 0,96 kW ontladen op werkdagen en 0,96 kW ontladen in het weekend.",
		},
	} {
		if got := r.Findings.Tell(c.about, c.contract, c.mode, false); got != c.en {
			t.Errorf("%s in English:\n got %s\nwant %s", c.about, got, c.en)
		}
		if got := r.Findings.Tell(c.about, c.contract, c.mode, true); got != c.nl {
			t.Errorf("%s in Dutch:\n got %s\nwant %s", c.about, got, c.nl)
		}
	}
	for _, f := range r.Findings.Findings {
		if f.EN == "" || f.NL == "" || f.EN == f.NL || strings.ContainsAny(f.EN+f.NL, "{}") {
			t.Errorf("%s: %q, %q", f.Key, f.EN, f.NL)
		}
		for name, v := range f.Numbers {
			if math.IsNaN(v) {
				t.Errorf("%s has no %s", f.Key, name)
			}
		}
	}
}

// A car that discharges where others charge as much is not one that discharges next to nothing.
func TestDischargingThatTheMeanHidesIsTold(t *testing.T) {
	r := found(t, 4)
	r.Case("single", dispatch.V2G).Summary.DischargedKWh = 367
	for dutch, want := range map[bool]string{
		false: "between 01:00 and 05:00; it discharges 367 kWh in the year, so spread that at no hour of the mean day much more is discharged than charged.",
		true:  "tussen 01:00 en 05:00; over het jaar ontlaadt hij 367 kWh, zo verspreid dat er op de gemiddelde dag in geen uur veel meer wordt ontladen dan geladen.",
	} {
		if got := result.Find(r).Tell("when", "single", "v2g", dutch); !strings.Contains(got, want) {
			t.Errorf("%s\nlacks %s", got, want)
		}
	}
}

// V2G pays from the threshold on, and not below.
func TestV2GPaysFromTheThresholdOn(t *testing.T) {
	for extra, pays := range map[float64]bool{9.99: false, 10: true} {
		text := found(t, extra).Findings.Tell("pays", "single", "v2g", false)
		if strings.HasPrefix(text, "V2G pays with a single tariff") != pays {
			t.Errorf("at EUR %g: %q", extra, text)
		}
	}
}

// The story's contract is the potential's: the one that is named, else the first
// dynamic one.
func TestTheStoryIsToldWithThePotentialsContract(t *testing.T) {
	for setting, want := range map[string]string{"potential.contract=auto": "dynamic", "potential.contract=single": "single"} {
		if got := found(t, 0, setting).Findings.Contract; got != want {
			t.Errorf("%s: %s, want %s", setting, got, want)
		}
	}
}

// Beside a contract with net metering, which ends, the opening tells the one by the rules
// that follow it, where the study has it.
func TestTheOpeningTellsTheRulesThatFollowToo(t *testing.T) {
	r := found(t, 0, "contracts=[{name: dynamic, kind: dynamic, net_metering: true}, {name: single, kind: dynamic, rules: 2027-01-01}]")
	r.Case("single", dispatch.V2G).Summary.DischargedKWh = 367
	if text := result.Find(r).Tell("headline", "", "", false); !strings.Contains(text, "with net metering discharge 0.96") || !strings.Contains(text, "by the rules from 2027 they on balance neither charge nor discharge.") {
		t.Errorf("%q", text)
	}
	if text := found(t, 0).Findings.Tell("headline", "", "", false); strings.Contains(text, "2027") {
		t.Errorf("without such a contract: %q", text)
	}
}

// The hours in which it mainly happens may run past midnight, or up to it.
func TestHoursRunPastMidnight(t *testing.T) {
	r := found(t, 0)
	c := r.Cases[3]
	for k, clock := range r.Axis.Clock {
		switch h := clock.Hour(); {
		case h >= 22 || h < 3:
			c.KW[k] = 2
		case h >= 20:
			c.KW[k] = -1
		default:
			c.KW[k] = 0.1
		}
	}
	c.Tabulate(r.Axis)
	if got := result.Find(r).Tell("when", "dynamic", "v2g", false); !strings.HasPrefix(got, "With V2G and a dynamic contract with net metering a car mostly charges between 22:00 and 03:00 and mostly discharges between 20:00 and 22:00, into home and grid.") {
		t.Errorf("got %s", got)
	}
}

// The band of a street is told in kW, where MW would say 0.0.
func TestTheBandOfAStreetIsToldInKW(t *testing.T) {
	r := whereV2GGives(t)
	for _, c := range r.Cases {
		c.Tabulate(r.Axis)
	}
	p := r.Summary.Potential
	for where, c := range map[string]struct {
		gw, without float64
		want        string
	}{
		"street":                         {0.8e-6, 40e-6, "the 0.8 kW of the mean winter evening may as well be 0.4 to 1.6 kW"},
		"city":                           {0.02, 0.3, "the 20.0 MW of the mean winter evening may as well be 10.0 to 40.0 MW"},
		"country by the rules from 2027": {0.137, 8, "the 137.0 MW of the mean winter evening may as well be 68.5 to 274.0 MW"},
		"country":                        {2, 6, "the 2.00 GW of the mean winter evening may as well be 1.00 to 4.00 GW"},
	} {
		low, high := c.gw/2, 2*c.gw
		matters := result.Effect{Key: "behaviour.plug_in", GWLow: low, GWHigh: high}
		p.Seasons = []result.SeasonSummary{{
			Contract: "dynamic", Mode: "v2g", Season: result.Winter, EveningMeanKW: -1, EveningGW: c.gw, EveningPeakWithoutGW: c.without,
			EveningGWP5: &low, EveningGWP95: &high, EveningMatters: []result.Effect{matters, matters, matters},
		}}
		if got := result.Find(r).Tell("band", "", "", false); !strings.Contains(got, c.want) {
			t.Errorf("%s: %s\nlacks %s", where, got, c.want)
		}
	}
}
