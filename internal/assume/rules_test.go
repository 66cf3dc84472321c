package assume_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/getij/getij/internal/assume"
)

// What Dutch law says on a day fills a contract, and what is given goes over it.
func TestADateFillsTheRules(t *testing.T) {
	for _, c := range []struct {
		date    string
		tax     float64
		vat     float64
		netting bool
		least   float64
	}{
		{"2019-01-01", 0.142211, 0.21, true, 0},
		{"2022-06-30", 0.081421, 0.21, true, 0},
		{"2022-07-01", 0.073346, 0.09, true, 0}, // VAT was 9 % for half a year
		{"2025-12-31", 0.122863, 0.21, true, 0}, // the report's 0.1228
		{"2026-12-31", 0.110848, 0.21, true, 0},
		{"2027-01-01", 0.110848, 0.21, false, 0.5},
		{"2030-01-01", 0.110848, 0.21, false, 0},
	} {
		s := loadStudy(t, studyFile(t, "contracts:\n  - {kind: single, rules: "+c.date+"}\n"))
		got := s.Contracts[0]
		if got.Rules != c.date || got.EnergyTaxEURPerKWh != c.tax || got.VAT != c.vat || got.NetMetering != c.netting || got.LeastFeedInShare != c.least {
			t.Errorf("%s: got %+v, want %+v", c.date, got, c)
		}
		if again := loadStudy(t, studyFile(t, written(t, s))); written(t, again) != written(t, s) {
			t.Errorf("%s: written\n%s\nread and written\n%s", c.date, written(t, s), written(t, again))
		}
	}
	s := loadStudy(t, "", "contracts=[{kind: dynamic, rules: 2027-01-01, net_metering: true, vat: 0.09}]")
	if c := s.Contracts[0]; !c.NetMetering || c.VAT != 0.09 || c.EnergyTaxEURPerKWh != 0.110848 {
		t.Errorf("what is given does not go over the date: %+v", c)
	}
	s = loadStudy(t, "", "contracts.dynamic.rules=2027-01-01", "contracts.dynamic.vat=0.05")
	if c := s.Contracts[2]; c.NetMetering || c.VAT != 0.05 {
		t.Errorf("set one after the other: %+v", c)
	}
	s, err := assume.Default().With(map[string]json.RawMessage{"contracts.dynamic.rules": []byte(`"2027-01-01"`), "contracts.dynamic.energy_tax_eur_per_kwh": []byte("0.2")})
	if err != nil {
		t.Fatal(err)
	}
	if c := s.Contracts[2]; c.NetMetering || c.EnergyTaxEURPerKWh != 0.2 {
		t.Errorf("set together: %+v", c)
	}
}

func TestDatesWithoutRulesAreRefused(t *testing.T) {
	for setting, want := range map[string]string{
		"contracts.dynamic.rules=2027":       "contracts.dynamic.rules is 2027: a date such as 2027-01-01 was expected, or none",
		"contracts.dynamic.rules=2027-02-30": "a date such as 2027-01-01 was expected",
		"contracts.dynamic.rules=1999-01-01": "rules are known from 2019-01-01 on",
	} {
		if _, err := assume.Load("", []string{setting}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want it to say %q", setting, err, want)
		}
	}
}

// The table says of each rule whether it is law, and by which source; what it does
// not know is said.
func TestEveryRuleHasAStatus(t *testing.T) {
	for _, r := range assume.AllRules() {
		if r.Status != "law" && r.Status != "proposal" && r.Status != "judgement" {
			t.Errorf("%s from %s has the status %q", r.Key, r.From.Format("2006-01-02"), r.Status)
		}
		if r.Source == "" && r.Key != "vat" {
			t.Errorf("%s from %s has no source", r.Key, r.From.Format("2006-01-02"))
		}
	}
	s := loadStudy(t, "", "contracts=[{kind: dynamic, rules: 2027-01-01}, {name: now, kind: dynamic, rules: 2026-05-01}, {kind: single}]")
	if note := s.Contracts[0].RulesNote(); !strings.Contains(note, "energy tax of 2026") {
		t.Errorf("the note is %q", note)
	}
	s = loadStudy(t, "", "contracts=[{kind: single, rules: 2031-01-01}, {name: now, kind: dynamic, rules: 2026-05-01}, {name: none, kind: single}]")
	if note := s.Contracts[0].RulesNote(); !strings.Contains(note, "no least pay for feeding in") {
		t.Errorf("the note is %q", note)
	}
	for _, c := range s.Contracts[1:] {
		if note := c.RulesNote(); note != "" {
			t.Errorf("%s has the note %q", c.Name, note)
		}
	}
}

// A contract that differs from the rules of its date does not pass for them.
func TestAChangedRuleIsNoLaw(t *testing.T) {
	for given, asRuled := range map[string]bool{
		"rules: 2027-01-01": true, "rules: 2022-08-01": true, "rules: 2027-01-01, supplier_fee_eur_per_kwh: 0.02": true,
		"rules: 2027-01-01, net_metering: true": false, "rules: 2027-01-01, energy_tax_refund_on_storage: true": false,
		"rules: 2026-01-01, energy_tax_eur_per_kwh: 0.2": false, "rules: 2026-01-01, vat: 0.09": false, "rules: none": false,
	} {
		s := loadStudy(t, "", "contracts=[{kind: dynamic, "+given+"}]")
		if got := s.Contracts[0].AsRuled(); got != asRuled {
			t.Errorf("%s: as ruled is %v", given, got)
		}
		if again := loadStudy(t, studyFile(t, written(t, s))); again.Contracts[0].AsRuled() != asRuled {
			t.Errorf("%s: written and read again it is not the same", given)
		}
	}
}
