package result_test

import (
	"strings"
	"testing"

	"github.com/getij/getij/dispatch"
	"github.com/getij/getij/internal/result"
)

// counted is a study whose tables by region count with net metering.
func counted(t *testing.T, season string) *result.Result {
	t.Helper()
	r := whereV2GGives(t)
	p := r.Summary.Potential
	p.SeasonName, p.KWRule, p.TopGemeenten = season, "computed", []result.TopEntry{{Name: "Urk", MW: 30}, {Name: "Zwolle", MW: 20}}
	p.Report = result.ReportedPower{KWPerChargePoint: 2, FlexiblePowerGW: 2.2}
	if err := p.AddSeasons(r); err != nil {
		t.Fatal(err)
	}
	p.FlexiblePowerGW = p.KWUnder("dynamic") * p.HomeChargePoints * p.Adoption / 1e6
	return r
}

// What a charge point counts for by region is told under the rules of its year, and under
// those that the tables have.
func TestAChargePointIsToldByTheRulesOfTheYear(t *testing.T) {
	const report = " At the 2 kW each of ElaadNL's report, whatever the contract and the season, it would be 2.2 GW."
	for what, c := range map[string]struct {
		season, want, largest string
		change                func(r *result.Result)
	}{
		"2050": {
			"winter", "(17:00 to 21:00, winter): 0.10 kW each, 0.11 GW in 2050, under a dynamic contract by the rules from 2027; 1.0 kW each, 1.1 GW in 2050, under a dynamic contract with net metering. " +
				"The tables by region have the latter in all years, potential_seasons has both; the setting potential.contract chooses another." + report,
			"Largest, MW, under a dynamic contract by the rules from 2027 (in brackets under a dynamic contract with net metering): Urk 3.0 (30), Zwolle 2.0 (20)", func(*result.Result) {},
		},
		"a season without": {
			"summer", "(17:00 to 21:00, summer): nothing under a dynamic contract by the rules from 2027; 0.80 kW each, 880 MW in 2050, under a dynamic contract with net metering. ",
			"Largest, MW, under a dynamic contract with net metering: Urk 30.0, Zwolle 20.0", func(*result.Result) {},
		},
		"a year of net metering": {
			"winter", "(17:00 to 21:00, winter): 1.0 kW each, 1.1 GW in 2026, under a dynamic contract with net metering; the setting potential.contract chooses another." + report,
			"Largest, MW, under a dynamic contract with net metering: Urk 30.0, Zwolle 20.0", func(r *result.Result) { r.Summary.Potential.Year = 2026 },
		},
		"nothing": {
			"winter", "(17:00 to 21:00, winter): nothing under a single tariff.", "", func(r *result.Result) {
				p := r.Summary.Potential
				r.Cases, r.Study.Contracts = r.Cases[:0], r.Study.Contracts[:1]
				for _, c := range whereV2GGives(t).Cases {
					if c.Contract == "single" {
						r.Cases = append(r.Cases, c)
					}
				}
				p.Contract, p.FlexiblePowerGW = "single", 0
			},
		},
		"no V2G": {
			"winter", "By region a charge point counts for nothing: the study does not have V2G among its modes." + report, "", func(r *result.Result) {
				r.Cases, r.Summary.Potential.FlexiblePowerGW = []*result.Case{r.Case("dynamic", dispatch.Regular)}, 0
			},
		},
		"the rule of groups": {
			"winter", "in their busiest quarter-hour of the whole year: 5.5 GW in 2050 for all under a dynamic contract by the rules from 2027; 5.5 GW in 2050 for all under a dynamic contract with net metering.",
			"Largest, MW, under a dynamic contract with net metering: Urk 30.0, Zwolle 20.0", func(r *result.Result) { r.Summary.Potential.KWRule = "coincidence" },
		},
		"the rule of the report": {
			"winter", "By region a charge point counts for 2 kW, whatever the contract and the season, as in ElaadNL's report: 1.1 GW in 2050.", "Largest, MW, at 2 kW each: Urk 30.0, Zwolle 20.0",
			func(r *result.Result) { r.Summary.Potential.KWRule = "report" },
		},
	} {
		r := counted(t, c.season)
		c.change(r)
		if got := sentence(r.PerPoint(false)); !strings.Contains(got, c.want) {
			t.Errorf("%s: got\n%s\nwhich lacks\n%s", what, got, c.want)
		}
		if got := r.Largest(); got != c.largest {
			t.Errorf("%s: got\n%s\nwant\n%s", what, got, c.largest)
		}
	}
	if got, want := sentence(counted(t, "winter").PerPoint(true)), "(17 tot 21 uur, winter): 0,10 kW per stuk, 0,11 GW in 2050, onder een dynamisch contract met de regels vanaf 2027; 1,0 kW per stuk, 1,1 GW in 2050, onder een dynamisch contract met salderen. De tabellen per gebied hebben het laatste in alle jaren"; !strings.Contains(got, want) {
		t.Errorf("Dutch: %s", got)
	}
}
