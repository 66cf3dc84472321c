package assume_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/getij/getij/internal/assume"
)

// studyFile writes a study file and gives its path.
func studyFile(t testing.TB, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "study.yaml")
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func loadStudy(t testing.TB, path string, settings ...string) *assume.Study {
	t.Helper()
	s, err := assume.Load(path, settings)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// written is a study with every value written out: two that are the same text are
// the same study.
func written(t testing.TB, s *assume.Study) string {
	t.Helper()
	b, err := s.YAML()
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// usedByKey are a study's assumptions by key.
func usedByKey(s *assume.Study) map[string]assume.Used {
	out := map[string]assume.Used{}
	for _, u := range s.Used() {
		out[u.Key] = u
	}
	return out
}

func TestTheContractsExampleIsTheReferenceStudy(t *testing.T) {
	want := written(t, assume.Default())
	if got := written(t, loadStudy(t, "testdata/contract.yaml")); got != want {
		t.Errorf("the example reads as\n%s\nthe reference study is\n%s", got, want)
	}
	for what, path := range map[string]string{"no file": "", "an empty file": studyFile(t, ""), "comments only": studyFile(t, "# nothing\n"), "sections without keys": studyFile(t, "home:\ncar:\n")} {
		if got := written(t, loadStudy(t, path)); got != want {
			t.Errorf("%s reads as\n%s", what, got)
		}
	}
}

// The report's Bijlage 1, and what it leaves open.
func TestTheDefaultsAreThoseOfTheReport(t *testing.T) {
	d := usedByKey(assume.Default())
	for key, want := range map[string]string{
		"year": "2024", "homes": "100", "seed": "1",
		"home.load_kwh_per_year": "3500", "home.solar_kwh_per_year": "2500", "home.connection_kw": "17.25",
		"car.battery_kwh": "70", "car.min_soc": "0.1", "car.departure_soc": "0.9",
		"charger.charge_kw": "11", "charger.discharge_kw": "11", "charger.round_trip_efficiency": "0.85",
		"behaviour.plug_in": "when_needed", "behaviour.sessions_per_week": "3.5", "modes": "[regular, smart, v2h, v2g]",
		"contracts.single.import_eur_per_kwh": "0.3", "contracts.single.feed_in_cost_eur_per_kwh": "0.13", "contracts.single.net_metering": "true",
		"contracts.dual.high_eur_per_kwh": "0.32", "contracts.dual.low_eur_per_kwh": "0.28", "contracts.dual.feed_in_cost_eur_per_kwh": "0.13",
		"contracts.dual.low_from_hour": "23", "contracts.dual.low_to_hour": "7",
		"contracts.dynamic.energy_tax_eur_per_kwh": "0.1228", "contracts.dynamic.vat": "0.21", "contracts.dynamic.supplier_fee_eur_per_kwh": "0",
		"contracts.dynamic.feed_in_cost_eur_per_kwh": "0", "contracts.dynamic.net_metering": "true",
		"data.prices": "reference", "data.load": "reference", "data.solar": "reference", "data.sessions": "reference", "data.regions": "reference",
		"outlook.scenario": "mid", "potential.kw_per_charge_point": "computed", "potential.season": "winter", "potential.adoption": "1", "potential.year": "2050",
	} {
		if u, ok := d[key]; !ok || u.Value != want || u.Default != want {
			t.Errorf("%s is %q by default %q, want %s", key, u.Value, u.Default, want)
		}
	}
}

func TestTheTemplateIsTheReferenceStudyWithUnitsAndSources(t *testing.T) {
	var b strings.Builder
	if err := assume.WriteTemplate(&b, nil); err != nil {
		t.Fatal(err)
	}
	if got, want := written(t, loadStudy(t, studyFile(t, b.String()))), written(t, assume.Default()); got != want {
		t.Errorf("the template reads as\n%s\nthe reference study is\n%s", got, want)
	}
	lines := strings.Split(b.String(), "\n")
	for _, u := range assume.Default().Used() {
		field := u.Key[strings.LastIndexByte(u.Key, '.')+1:]
		if strings.HasPrefix(u.Source, "rules of ") {
			continue // the template gives their date
		}
		if !slices.ContainsFunc(lines, func(l string) bool {
			setting, comment, _ := strings.Cut(strings.TrimSpace(l), " # ")
			return strings.HasPrefix(setting, field+": ") && strings.HasPrefix(comment, u.Unit) && strings.Contains(comment, u.Description) && strings.HasSuffix(comment, u.Source)
		}) {
			t.Errorf("no line of the template sets %s and says %q, %q and %q", u.Key, u.Unit, u.Description, u.Source)
		}
	}
}

// What the band is drawn over has a source or is called a judgement, and holds the
// reference study.
func TestEveryPlausibleRangeHoldsTheDefaultAndHasASource(t *testing.T) {
	ranges := 0
	for _, a := range assume.Assumptions() {
		if (a.Low == "") != (a.High == "") || (a.Low == "") != (a.RangeSource == "") {
			t.Errorf("%s: low %q, high %q, source %q: all or none were expected", a.Key, a.Low, a.High, a.RangeSource)
		}
		if a.Low == "" {
			continue
		}
		ranges++
		if a.Least == nil {
			continue // named, not numbered
		}
		var v [3]float64
		for i, text := range []string{a.Low, a.Default, a.High} {
			var err error
			if v[i], err = strconv.ParseFloat(text, 64); err != nil {
				t.Fatalf("%s: %v", a.Key, err)
			}
		}
		if !(v[0] <= v[1] && v[1] <= v[2] && v[0] < v[2]) || v[0] < *a.Least || v[2] > *a.Most {
			t.Errorf("%s is %g by default, plausibly %g to %g", a.Key, v[1], v[0], v[2])
		}
	}
	if ranges < 20 {
		t.Errorf("%d assumptions have a range, 20 were expected", ranges)
	}
}

// What every key is set to is what the study then has, and nothing else moves.
func TestEveryAssumptionCanBeSet(t *testing.T) {
	choices := map[string]string{
		"study": "mine", "behaviour.plug_in": "always", "foresight": "day_ahead", "departure.knowledge": "learned", "modes": "[v2g]", "outlook.scenario": "high", "outlook.charge_points": "points.csv",
		"potential.kw_per_charge_point": "report", "potential.season": "summer", "potential.contract": "dual", "data.sessions_as": "fitted",
		"street.region": "GM0344", "street.dwelling": "detached", "street.coordinate": "dynamic/v2g", "street.years": "[2026, 2027, 2028, 2029, 2030, 2031]",
	}
	// What must be set beside a key for it to make sense.
	beside := map[string][]string{"data.sessions_as": {"data.sessions=file.csv"}}
	for _, c := range assume.Default().Contracts {
		of := "contracts." + c.Name + "."
		bands := []string{of + "power_bands_kw=[4, 8]", of + "power_bands_eur_per_year=[100, 200]"}
		tiers := []string{of + "feed_in_tiers_from_kwh=[0, 900]", of + "feed_in_tiers_eur_per_kwh=[0, 0.1]", of + "feed_in_tiers_eur_per_year=[0, 40]"}
		for _, steps := range [][]string{bands, tiers} {
			for _, setting := range steps {
				key, _, _ := strings.Cut(setting, "=")
				beside[key], choices[key] = steps, "[0, 9]"
			}
		}
	}
	for _, list := range []string{"charge_point", "solar", "heat_pump"} {
		choices["street."+list+"_share_by_year"] = "[0, 0.1, 0.2, 0.3, 0.4, 0.5]"
	}
	for of, shares := range map[string]string{"charger_kw": "charger_shares", "battery_kwh": "battery_shares"} {
		both := []string{"street." + of + "=[4, 8]", "street." + shares + "=[0.5, 0.5]"}
		for _, key := range []string{of, shares} {
			beside["street."+key] = both
		}
		choices["street."+of], choices["street."+shares] = "[5, 9]", "[0.25, 0.75]"
	}
	for key, was := range usedByKey(assume.Default()) {
		value, ok := choices[key]
		switch {
		case ok:
		case strings.HasPrefix(key, "data."):
			value = "file.csv"
		case strings.HasSuffix(key, ".rules"):
			value = "2023-04-01"
		case strings.HasSuffix(key, ".preset"):
			value = "feed_in_tiers"
		case was.Value == "true":
			value = "false"
		case was.Value == "false":
			value = "true"
		case was.Value == "[]":
			value = "[" + strings.Repeat("0.05, ", 23) + "0.07]"
		case strings.HasSuffix(key, "_months"):
			value = "[1, 12]"
		case was.Most == nil:
			t.Errorf("%s is not set: add a value for it to the test", key)
			continue
		case *was.Most <= 2:
			value = "0.45"
		case *was.Least > 1:
			value = fmt.Sprint(*was.Least + 1)
		default:
			value = "3"
		}
		var settings []string
		settings = append(settings, beside[key]...)
		before := usedByKey(loadStudy(t, "", settings...))
		s, err := assume.Load("", append(settings, key+"="+value))
		if err != nil {
			t.Error(err)
			continue
		}
		if value == was.Value {
			t.Errorf("%s is %s by default: the test sets nothing", key, value)
		}
		for k, u := range usedByKey(s) {
			if k == key && u.Value != value {
				t.Errorf("%s was set to %s and is %s", key, value, u.Value)
			}
			if k != key && u.Value != before[k].Value && !strings.HasSuffix(key, ".rules") && !strings.HasSuffix(key, ".preset") { // these fill others
				t.Errorf("%s was set and %s changed from %s to %s", key, k, before[k].Value, u.Value)
			}
		}
	}
}

func TestSettingsGoOverTheFileAndTheLastOneCounts(t *testing.T) {
	path := studyFile(t, "homes: 7\nseed: 3\ncharger: {charge_kw: 3.7}\n")
	s := loadStudy(t, path, "homes=8", "charger.discharge_kw=2", "homes=9")
	if s.Homes != 9 || s.Seed != 3 || s.Charger.ChargeKW != 3.7 || s.Charger.DischargeKW != 2 {
		t.Errorf("got %d homes, seed %d, %g kW and %g kW, want 9, 3, 3.7 and 2", s.Homes, s.Seed, s.Charger.ChargeKW, s.Charger.DischargeKW)
	}
}

func TestContractsAreReachedByNameOrGivenAsAList(t *testing.T) {
	s := loadStudy(t, studyFile(t, "contracts:\n  - {name: now, kind: dynamic}\n  - {name: later, kind: dynamic}\n"), "contracts.later.net_metering=false", "contracts.now.vat=0.09")
	if now, later := s.Contracts[0], s.Contracts[1]; !now.NetMetering || now.VAT != 0.09 || later.NetMetering || later.VAT != 0.21 {
		t.Errorf("got %+v and %+v", now, later)
	}
	s = loadStudy(t, "", "contracts=[{name: night, kind: dual, low_from_hour: 22}]")
	if c := s.Contracts; len(c) != 1 || c[0].Name != "night" || *c[0].LowFromHour != 22 || *c[0].LowToHour != 7 || c[0].HighEURPerKWh != 0.32 {
		t.Errorf("got %+v", c)
	}
	// Without a name of its own a contract is called by its kind.
	if c := loadStudy(t, "", "contracts=[{kind: single}]").Contracts; c[0].Name != "single" || c[0].ImportEURPerKWh != 0.30 {
		t.Errorf("got %+v", c)
	}
}

// A study written out and read again is the same, with zeros where a user set
// them and data files where they were.
func TestAStudyWrittenOutReadsAsTheSame(t *testing.T) {
	hours := "[" + strings.Repeat("0.05, ", 23) + "0.07]"
	path := studyFile(t, `study: mine
modes: [v2g, regular]
contracts:
  - {name: free, kind: single, import_eur_per_kwh: 0, feed_in_cost_eur_per_kwh: 0}
  - {name: night, kind: dual, high_eur_per_kwh: 0, low_eur_per_kwh: 0, low_from_hour: 0, low_to_hour: 0}
  - {name: grid, kind: dynamic, net_metering: false, grid_tariff_eur_per_kwh_by_hour: `+hours+`, grid_tariff_on_export: true}
data: {prices: data/prices.csv, sessions: /data/sessions.csv}
potential: {kw_per_charge_point: coincidence, adoption: 0}
`)
	s := loadStudy(t, path)
	first := written(t, s)
	if again := written(t, loadStudy(t, studyFile(t, first))); again != first {
		t.Errorf("written\n%s\nread and written\n%s", first, again)
	}
	u := usedByKey(s)
	for key, want := range map[string]string{"contracts.free.import_eur_per_kwh": "0", "contracts.night.low_from_hour": "0", "contracts.night.high_eur_per_kwh": "0"} {
		if u[key].Value != want {
			t.Errorf("%s is %q among the assumptions, want %s", key, u[key].Value, want)
		}
	}
	for _, want := range []string{"prices: " + filepath.Join(filepath.Dir(path), "data/prices.csv") + "\n", "sessions: /data/sessions.csv\n", "import_eur_per_kwh: 0\n"} {
		if !strings.Contains(first, want) {
			t.Errorf("%q is not in\n%s", want, first)
		}
	}
}

func TestUsedNamesEachContractsOwnKeys(t *testing.T) {
	s := loadStudy(t, "", "contracts=[{name: now, kind: dynamic}, {name: old, kind: single}]")
	var keys []string
	for _, u := range s.Used() {
		if after, ok := strings.CutPrefix(u.Key, "contracts."); ok {
			keys = append(keys, after)
		}
	}
	shared := func(name string) (out []string) {
		for _, f := range []string{
			"rules", "preset", "energy_tax_eur_per_kwh", "vat", "net_metering", "least_feed_in_share", "vat_on_export", "energy_tax_refund_on_storage",
			"grid_tariff_eur_per_kwh_by_hour", "grid_tariff_weekend_eur_per_kwh_by_hour", "grid_tariff_winter_eur_per_kwh_by_hour", "grid_tariff_winter_weekend_eur_per_kwh_by_hour",
			"grid_tariff_winter_months", "grid_tariff_on_export", "power_tariff_eur_per_kw_month",
			"power_bands_kw", "power_bands_eur_per_year", "feed_in_tiers_from_kwh", "feed_in_tiers_eur_per_kwh", "feed_in_tiers_eur_per_year",
		} {
			out = append(out, name+"."+f)
		}
		return out
	}
	want := slices.Concat([]string{"now.supplier_fee_eur_per_kwh", "now.feed_in_cost_eur_per_kwh"}, shared("now"),
		[]string{"old.import_eur_per_kwh", "old.feed_in_cost_eur_per_kwh"}, shared("old"))
	if !slices.Equal(keys, want) {
		t.Errorf("got\n%v\nwant\n%v", keys, want)
	}
}

// The words that a user gets to see.
func TestTheReferenceStudyDiffersInNothing(t *testing.T) {
	s, err := assume.Load("", nil)
	if err != nil {
		t.Fatal(err)
	}
	met := 0
	for _, u := range s.Used() {
		if u.Value != u.Default {
			t.Errorf("%s is %s, by default %s", u.Key, u.Value, u.Default)
		}
		if strings.HasPrefix(u.Key, "contracts.dynamic_2027.") && strings.HasPrefix(u.Source, "rules of 2027-01-01 (") {
			met++
		}
	}
	if met != 4 { // net metering, VAT, energy tax, least feed-in pay
		t.Errorf("%d values have the rules of 2027 as their source", met)
	}
	if s, err = assume.Load("", []string{"contracts.dynamic_2027.vat=0.1"}); err != nil {
		t.Fatal(err)
	}
	for _, u := range s.Used() {
		if (u.Value != u.Default) != (u.Key == "contracts.dynamic_2027.vat") {
			t.Errorf("with another VAT, %s is %s, by default %s", u.Key, u.Value, u.Default)
		}
	}
}

func TestStudyFilesThatAreRefused(t *testing.T) {
	for _, c := range []struct{ content, want string }{
		{"hoems: 3", "line 1: key hoems is unknown: did you mean homes?"},
		{"year: 2024\ncharger: {charge: 3}", "line 2: key charger.charge is unknown: did you mean charger.charge_kw?"},
		{"contracts: [{kind: dynamic, netmetering: true}]", "line 1: key contracts.dynamic.netmetering is unknown: did you mean contracts.dynamic.net_metering?"},
		{"contracts: [{kind: single, high_eur_per_kwh: 1}]", "line 1: key contracts.single.high_eur_per_kwh is unknown: did you mean contracts.single.import_eur_per_kwh?"},
		{"car: {tyres: 4}", "line 1: key car.tyres is unknown: the keys here are battery_kwh, min_soc, departure_soc, km_per_year, kwh_per_km, wear_eur_per_kwh, discharge_cap_kwh_per_year, discharge_cap_hours_per_year"},
		{"outlook:\n  home_share_cars_2024: 0.52", "line 2: key outlook.home_share_cars_2024 is gone: it was taken as a share of the charging demand, and its 52 % is a share of respondents: set outlook.drivers_charging_at_home_2024, the share of electric drivers who charge at home"},
		{"outlook: {van_residential_share: 0.39}", "line 1: key outlook.van_residential_share is gone: it changed no figure, as outlook.home_share_vans is a share of all of the vans' demand: leave it out"},
		{"homes: 1\nhomes: 2", "line 2: homes is given twice (first on line 1)"},

		{"homes: many", "line 1: homes is many: a number was expected"},
		{"homes: [1, 2]", "line 1: homes is [1, 2]: a number was expected"},
		{`year: "2024"`, `line 1: year is "2024": a number was expected`},
		{"homes: 2.5", "line 1: homes is 2.5: a whole number was expected"},
		{"contracts: [{kind: dual, low_from_hour: 22.5}]", "line 1: contracts.dual.low_from_hour is 22.5: a whole number was expected"},
		{"contracts: [{kind: dynamic, net_metering: maybe}]", "line 1: contracts.dynamic.net_metering is maybe: true or false was expected"},
		{"modes: smart", "line 1: modes is smart: a list was expected"},
		{"modes: [[smart]]", "line 1: modes is []: a list with a text in each place was expected"},
		{"charger: 7", `line 1: charger is "7": keys such as charger.charge_kw were expected under it`},
		{"car:\n  min_soc:\n", "line 2: car.min_soc has no value: give it one, or leave the key out for its default"},
		{"contracts: [{kind: dynamic, net_metering: }]", "line 1: contracts.dynamic.net_metering has no value: give it one, or leave the key out for its default"},
		{"- homes", "line 1: a study file holds keys and values such as `homes: 100`"},
		{"homes: [", "yaml: line 1: did not find expected node content"},

		{"homes: 0", "line 1: homes is 0: 1 to 20000 homes was expected"},
		{"seed: -1", "line 1: seed is -1: 0 to 9.223372036854776e+18 was expected"},
		{"car: {battery_kwh: -5}", "line 1: car.battery_kwh is -5: 1 to 2000 kWh was expected"},
		{"home: {load_kwh_per_year: .nan}", "line 1: home.load_kwh_per_year is .nan: a number in decimal digits, such as 10 or 0.5, was expected (no zero in front, no 0x, no _, no .inf or .nan)"},
		{"charger: {round_trip_efficiency: 85}", "line 1: charger.round_trip_efficiency is 85: 0.01 to 1 share was expected"},
		{"contracts: [{name: now, kind: dynamic, vat: 21}]", "line 1: contracts.now.vat is 21: 0 to 1 share was expected"},
		{"homes: 010", "line 1: homes is 010: a number in decimal digits, such as 10 or 0.5, was expected (no zero in front, no 0x, no _, no .inf or .nan)"},
		{"homes: 0x10", "line 1: homes is 0x10: a number in decimal digits, such as 10 or 0.5, was expected (no zero in front, no 0x, no _, no .inf or .nan)"},
		{"homes: 0o10", "line 1: homes is 0o10: a number in decimal digits, such as 10 or 0.5, was expected (no zero in front, no 0x, no _, no .inf or .nan)"},
		{"homes: 0b10", "line 1: homes is 0b10: a number in decimal digits, such as 10 or 0.5, was expected (no zero in front, no 0x, no _, no .inf or .nan)"},
		{"homes: 1_0", "line 1: homes is 1_0: a number in decimal digits, such as 10 or 0.5, was expected (no zero in front, no 0x, no _, no .inf or .nan)"},
		{"car: {battery_kwh: .inf}", "line 1: car.battery_kwh is .inf: a number in decimal digits, such as 10 or 0.5, was expected (no zero in front, no 0x, no _, no .inf or .nan)"},
		{"contracts:\n- {name: now, kind: single, import_eur_per_kwh: .nan}", "line 2: contracts.single.import_eur_per_kwh is .nan: a number in decimal digits, such as 10 or 0.5, was expected (no zero in front, no 0x, no _, no .inf or .nan)"},
		{"contracts: [{kind: dynamic, grid_tariff_eur_per_kwh_by_hour: [0, .nan]}]", "line 1: contracts.dynamic.grid_tariff_eur_per_kwh_by_hour[1] is .nan: a number in decimal digits, such as 10 or 0.5, was expected (no zero in front, no 0x, no _, no .inf or .nan)"},
		{"contracts: [{name: now, kind: dynamic, grid_tariff_eur_per_kwh_by_hour: [0, -1]}]", "line 1: contracts.now.grid_tariff_eur_per_kwh_by_hour[1] is -1: 0 to 10 EUR/kWh was expected"},
		{"contracts: [{kind: dynamic, grid_tariff_winter_months: [11, 11.5]}]", "line 1: contracts.dynamic.grid_tariff_winter_months[1] is 11.5: a whole number was expected"},
		{"contracts: [{kind: dynamic, grid_tariff_winter_months: [13]}]", "line 1: contracts.dynamic.grid_tariff_winter_months[0] is 13: 1 to 12 month was expected"},
		{"contracts: [{kind: dynamic, grid_tariff_winter_eur_per_kwh_by_hour: [0.1]}]", "contracts.dynamic.grid_tariff_winter_eur_per_kwh_by_hour is a list of 1: 24 prices, one per local hour, were expected"},
		{"contracts: [{kind: dynamic, grid_tariff_eur_per_kwh_by_hour: 0.1}]", "line 1: contracts.dynamic.grid_tariff_eur_per_kwh_by_hour is 0.1: a list was expected"},
		{"contracts: [{kind: dynamic, net_metering: yes}]", `line 1: contracts.dynamic.net_metering is "yes": true or false was expected`},
		{"contracts: [{kind: dynamic, net_metering: off}]", `line 1: contracts.dynamic.net_metering is "off": true or false was expected`},
		{"homes: 3\n---\nhomes: 4", "line 2: a second document begins here (after ---): one was expected, put all keys into it"},
		{"homes: 3\n---\n", "line 2: a second document begins here (after ---): one was expected, put all keys into it"},
		{"car: &c {min_soc: 0.2}", "line 1: &c names a value for use elsewhere: write each value where it is used"},
		{"car: {min_soc: *s}", "yaml: unknown anchor 's' referenced"},
		{"study: !!binary aGk=", "line 1: the tag !!binary is not read: leave it out"},
		{"contracts: [{kind: dual, kind: single}]", "line 1: contracts.dual.kind is given twice (first on line 1)"},
		{"contracts: [" + strings.Repeat("{kind: single}, ", 300) + "]", "line 1: contracts is a list of 300: at most 50 were expected; run several studies"},
		{"homes: 20000\ncontracts: [" + strings.Repeat("{kind: single}, ", 13) + "]", "homes is 20000: with 13 contracts and 4 modes that is 1040000 years of a home to optimise, and at most 1000000 were expected: take fewer homes, contracts or modes"},
		{"study: \"a\\e[31mb\"", `study is "a\x1b[31mb": a name that can name a folder was expected`},
		{"study: " + strings.Repeat("a", 101), `study is "` + strings.Repeat("a", 101) + `": a name that can name a folder was expected`},
		{"car: {min_soc: 0.9, departure_soc: 0.5}", "car.departure_soc is 0.5: more than car.min_soc (0.9) was expected"},

		{"study: a/b", `study is "a/b": a name that can name a folder was expected`},
		{"modes: [fast]", `modes: mode "fast" is unknown: use regular, smart, v2h or v2g`},
		{"modes: []", "modes is []: at least one of regular, smart, v2h and v2g was expected"},
		{"modes: [smart, smart]", "modes is smart: each mode once was expected"},
		{"behaviour: {plug_in: sometimes}", "behaviour.plug_in is sometimes: when_needed or always was expected"},
		{"behaviour: {plug_in: always}\ndata: {sessions: x.csv}", "behaviour.plug_in is always: real sessions from data.sessions say themselves when the car is plugged in; use when_needed, or data.sessions: reference"},
		{"behaviour: {plug_in_reward_eur_per_hour: 0.1}\ndata: {sessions: x.csv}", "behaviour.plug_in_reward_eur_per_hour is 0.1: 0 was expected with real sessions from data.sessions: what a reward would do to them is not known; use data.sessions: reference"},
		{"charger: {idle_loss_kw: 0.3, discharge_kw: 2}", "charger.idle_loss_kw is 0.3: at most 0.169 kW was expected: charger.round_trip_efficiency leaves no more at these powers"},
		{"home: {battery_kwh: 10}\nforesight: day_ahead", "home.battery_kwh is 10: 0 was expected in a study with foresight: day_ahead or a departure.knowledge of stated or learned: battery and car are planned together where everything is known"},
		{"home: {battery_kwh: 10}\ncharger: {idle_loss_kw: 0.1}", "home.battery_kwh is 10: 0 was expected in a study with charger.idle_loss_kw: battery and car are planned together where the efficiency is the same at every power"},
		{"charger: {idle_loss_kw: 0.1}\nforesight: day_ahead", "charger.idle_loss_kw is 0.1: 0 was expected in a study with foresight: day_ahead or a departure.knowledge of stated or learned: policies are found for one efficiency"},
		{"charger: {idle_loss_kw: 0.1}\ncar: {discharge_cap_kwh_per_year: 9}", "charger.idle_loss_kw is 0.1: 0 was expected in a study with a car.discharge_cap_kwh_per_year or _hours_per_year: what is bound over a month or year is solved only where the efficiency is the same at every power"},
		{"charger: {idle_loss_kw: 0.1}\nprices: {feedback_eur_per_mwh_per_gw: 1}", "prices.feedback_eur_per_mwh_per_gw is 1: 0 was expected in a study with charger.idle_loss_kw: homes agree by mixing years, which needs the same efficiency at every power"},
		{"contracts: []", "line 1: contracts is a list of at least one, such as `- {name: dynamic, kind: dynamic}`"},
		{"contracts: [dynamic]", "line 1: a contract is given as {name: ..., kind: ...}"},
		{"contracts: [{name: now}]", "line 1: the contract has no kind: use single, dual or dynamic"},
		{"contracts: [{kind: flat}]", `line 1: kind "flat" is unknown: use single, dual or dynamic`},
		{"contracts: [{name: a b, kind: single}]", `contracts.name is "a b": letters, digits, - and _ were expected: it names columns in the results`},
		{"contracts: [{name: a, kind: dual}, {name: a, kind: single}]", "contracts.name is a: each contract needs a name of its own"},
		{"contracts: [{kind: dynamic, grid_tariff_eur_per_kwh_by_hour: [0.1, 0.2]}]", "contracts.dynamic.grid_tariff_eur_per_kwh_by_hour is a list of 2: 24 prices, one per local hour, were expected"},
		{"contracts: [{kind: dynamic, grid_tariff_eur_per_kwh_by_hour: [low]}]", "line 1: contracts.dynamic.grid_tariff_eur_per_kwh_by_hour[0] is low: a number was expected"},
		{"outlook: {scenario: middle}", "outlook.scenario is middle: low, mid or high was expected"},
		{"potential: {kw_per_charge_point: lots}", "potential.kw_per_charge_point is lots: computed, coincidence, report or 0 to 1000 kW was expected"},
		{"potential: {contract: mine}", "potential.contract is mine: auto or one of the study's contracts was expected: single, dual, dynamic, dynamic_2027"},
		{"modes: [regular]\npotential: {kw_per_charge_point: coincidence}", "potential.kw_per_charge_point is coincidence: this needs the mode v2g; add it to modes, or give computed, report or a number of kW"},
		{"potential: {season: autumn}", "potential.season is autumn: winter, summer or year was expected"},
	} {
		path := studyFile(t, c.content)
		_, err := assume.Load(path, nil)
		wantError(t, c.content, err, path+": "+c.want)
	}
}

func TestSettingsThatAreRefused(t *testing.T) {
	for _, c := range []struct{ setting, want string }{
		{"homes", "--set homes: key=value was expected, such as charger.charge_kw=7.4"},
		{"homes=", `homes is "": a number was expected`},
		{"homes=null", "--set homes=null: homes has no value: give it one, or leave the key out for its default"},
		{"homes=2.5", "homes is 2.5: a whole number was expected"},
		{"homes=010", "--set homes=010: homes is 010: a number in decimal digits, such as 10 or 0.5, was expected (no zero in front, no 0x, no _, no .inf or .nan)"},
		{"homes=3\n---\n4", "--set homes=3\n---\n4: \"3\\n---\\n4\" is not a YAML value: line 2: a second document begins here (after ---): one was expected, put all keys into it"},
		{"homes=&a 3", "--set homes=&a 3: \"&a 3\" is not a YAML value: line 1: &a names a value for use elsewhere: write each value where it is used"},
		{"contracts.dynamic.net_metering=no", `--set contracts.dynamic.net_metering=no: contracts.dynamic.net_metering is "no": true or false was expected`},
		{"contracts.dynamic.grid_tariff_eur_per_kwh_by_hour=[.nan]", "--set contracts.dynamic.grid_tariff_eur_per_kwh_by_hour=[.nan]: contracts.dynamic.grid_tariff_eur_per_kwh_by_hour[0] is .nan: a number in decimal digits, such as 10 or 0.5, was expected (no zero in front, no 0x, no _, no .inf or .nan)"},
		{"contracts.dynamic.grid_tariff_eur_per_kwh_by_hour=[null]", "--set contracts.dynamic.grid_tariff_eur_per_kwh_by_hour=[null]: contracts.dynamic.grid_tariff_eur_per_kwh_by_hour has no value: give it one, or leave the key out for its default"},
		{"homes.x=3", "--set homes.x=3: key homes.x is unknown: homes has no keys under it"},
		{"charger.chargekw=7", "--set charger.chargekw=7: key charger.chargekw is unknown: did you mean charger.charge_kw?"},
		{"charger=7", "--set charger=7: charger holds other keys: set one of them, such as charger.charge_kw"},
		{"modes=[smart", `--set modes=[smart: "[smart" is not a YAML value: yaml: line 1: did not find expected ',' or ']'`},
		{"contracts.dynamc.vat=0.1", "--set contracts.dynamc.vat=0.1: contracts.NAME.KEY was expected, where NAME is one of single, dual, dynamic, dynamic_2027"},
		{"contracts.dynamic=3", "--set contracts.dynamic=3: contracts.NAME.KEY was expected, where NAME is one of single, dual, dynamic, dynamic_2027"},
		{"contracts.dynamic.vta=0.1", "--set contracts.dynamic.vta=0.1: key contracts.dynamic.vta is unknown: did you mean contracts.dynamic.vat?"},
		{"contracts.single.kind=dynamic", "--set contracts.single.kind=dynamic: a contract's other values go with its kind: set contracts=[{name: ..., kind: ...}] instead"},
		{"contracts.single.import_eur_per_kwh=99", "contracts.single.import_eur_per_kwh is 99: -10 to 10 EUR/kWh was expected"},
	} {
		_, err := assume.Load("", []string{c.setting})
		wantError(t, c.setting, err, c.want)
	}
}

// wantError asserts the whole text of an error, and that it is the user's.
func wantError(t *testing.T, what string, err error, want string) {
	t.Helper()
	if err == nil {
		t.Errorf("%s: accepted, want %s", what, want)
		return
	}
	if err.Error() != want {
		t.Errorf("%s:\n got %s\nwant %s", what, err, want)
	}
	if !errors.As(err, new(*assume.InputError)) {
		t.Errorf("%s: the error is %T, which does not count as wrong input", what, err)
	}
}

func TestAStudyFileThatIsNotThere(t *testing.T) {
	path := filepath.Join(t.TempDir(), "none.yaml")
	_, err := assume.Load(path, nil)
	wantError(t, "no file", err, "open "+path+": no such file or directory")
}

// Caps and prices of power are solved over a year in which everything is known.
func TestCapsNeedToKnowEverything(t *testing.T) {
	for _, key := range []string{"car.discharge_cap_kwh_per_year=1000", "car.discharge_cap_hours_per_year=100", "contracts.dynamic.power_tariff_eur_per_kw_month=3"} {
		if _, err := assume.Load("", []string{key}); err != nil {
			t.Errorf("%s: %v", key, err)
		}
		name, _, _ := strings.Cut(key, "=")
		for _, unknown := range []string{"foresight=day_ahead", "departure.knowledge=learned"} {
			if _, err := assume.Load("", []string{key, unknown}); err == nil || !strings.Contains(err.Error(), name) || !strings.Contains(err.Error(), "everything is known") {
				t.Errorf("%s with %s: %v", key, unknown, err)
			}
		}
	}
}
