package assume_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/getij/getij/internal/assume"
	"github.com/getij/getij/internal/docs"
)

// A preset fills a contract, what is given goes over it, and a proposal is never told as law.
func TestAPresetFillsAContract(t *testing.T) {
	statuses := map[string]int{}
	for _, p := range assume.Presets() {
		statuses[p.Status]++
		s := loadStudy(t, studyFile(t, "contracts:\n  - {kind: dynamic, rules: 2027-01-01, preset: "+p.Name+"}\n"))
		text := written(t, s)
		for _, line := range p.Settings() {
			if !strings.Contains(text, line+"\n") {
				t.Errorf("%s: %s is not in\n%s", p.Name, line, text)
			}
		}
		if again := loadStudy(t, studyFile(t, text)); written(t, again) != text {
			t.Errorf("%s: written and read again it is\n%s", p.Name, written(t, again))
		}
		c := s.Contracts[0]
		if note := c.PresetNote(); (note == "") != (p.Status == "law") || note != "" && !strings.Contains(note, "is a "+p.Status+", not law") {
			t.Errorf("%s is %s, and its note is %q", p.Name, p.Status, note)
		}
		if c.AsRuled() != (p.Status == "law") {
			t.Errorf("%s is %s, and passes for the rules of its date: %v", p.Name, p.Status, c.AsRuled())
		}
		for _, u := range s.Used() {
			if strings.HasPrefix(p.Settings()[0], strings.TrimPrefix(u.Key, "contracts.dynamic.")+": ") && !strings.HasPrefix(u.Source, "preset "+p.Name+" ("+p.Status+"): ") {
				t.Errorf("%s has the source %q", u.Key, u.Source)
			}
		}
	}
	if statuses["law"] == 0 || statuses["proposal"] == 0 || statuses["judgement"] == 0 || len(statuses) != 3 {
		t.Errorf("presets by status: %v", statuses)
	}
	s := loadStudy(t, "", "contracts=[{kind: dynamic, preset: network_price_by_power, power_bands_eur_per_year: [1, 2, 3]}]")
	if c := s.Contracts[0]; len(c.PowerBandsKW) != 3 || c.PowerBandsEURPerYear[2] != 3 {
		t.Errorf("what is given does not go over the preset: %+v", c)
	}
	s, err := assume.Default().With(map[string]json.RawMessage{"contracts.dynamic.preset": []byte(`"energy_tax_refund"`), "contracts.dynamic.energy_tax_refund_on_storage": []byte("false")})
	if err != nil || s.Contracts[2].EnergyTaxRefundOnStorage {
		t.Errorf("set together: %v", err)
	}
	if _, err := assume.Load("", []string{"contracts.dynamic.preset=[feed_in_tiers, network_price_by_time]"}); err == nil || !strings.Contains(err.Error(), "contracts.dynamic.preset is [feed_in_tiers, network_price_by_time]: one name was expected") {
		t.Errorf("two presets: %v", err)
	}
	if _, err := assume.Load("", []string{"contracts.dynamic.preset=subsidy"}); err == nil || !strings.Contains(err.Error(), "contracts.dynamic.preset is subsidy: network_cost_2025, network_price_by_time, ") {
		t.Errorf("a preset that is none: %v", err)
	}
}

// Another preset, or none, does not leave what the first filled behind without its name;
// what the reader changed since stays.
func TestAnotherPresetTakesThePlaceOfTheFirst(t *testing.T) {
	file := studyFile(t, "contracts:\n  - {kind: dynamic, preset: feed_in_tiers}\nvariants:\n  without: {contracts.dynamic.preset: none}\n")
	if c := loadStudy(t, file).Variants()[0].Contracts[0]; len(c.FeedInTiersFromKWh)+len(c.FeedInTiersEURPerYear) > 0 {
		t.Errorf("a variant without a preset has tiers %v of %v EUR", c.FeedInTiersFromKWh, c.FeedInTiersEURPerYear)
	}
	if c := loadStudy(t, file, "contracts.dynamic.preset=network_price_by_power").Contracts[0]; len(c.FeedInTiersFromKWh) > 0 || len(c.PowerBandsKW) != 3 {
		t.Errorf("with another preset: tiers %v, bands %v", c.FeedInTiersFromKWh, c.PowerBandsKW)
	}
	s, err := loadStudy(t, file).With(map[string]json.RawMessage{"contracts.dynamic.preset": []byte(`"none"`)})
	if err != nil || len(s.Contracts[0].FeedInTiersFromKWh) > 0 {
		t.Errorf("in the laboratory: %v", err)
	}
	c := loadStudy(t, file, "contracts.dynamic.feed_in_tiers_eur_per_year=[0, 1, 2, 3, 4, 5, 6]", "contracts.dynamic.feed_in_tiers_from_kwh=[0, 1, 2, 3, 4, 5, 6]", "contracts.dynamic.preset=none").Contracts[0]
	if len(c.FeedInTiersFromKWh) != 7 || c.FeedInTiersEURPerYear[6] != 6 {
		t.Errorf("the reader's own tiers went with the preset: %+v", c)
	}
}

// With net metering there is no tax to give back: a reader who asks for the refund is told.
func TestARefundUnderNetMeteringIsSaidToChangeNothing(t *testing.T) {
	for metering, told := range map[string]bool{"true": true, "false": false} {
		note := loadStudy(t, "", "contracts=[{kind: dynamic, preset: energy_tax_refund, net_metering: "+metering+"}]").Contracts[0].PresetNote()
		if strings.Contains(note, "with net metering, as here, it changes nothing") != told {
			t.Errorf("net_metering %s: %q", metering, note)
		}
	}
}

func TestDocsHaveTheRulesAndPresets(t *testing.T) {
	var rules, presets strings.Builder
	rules.WriteString("| rule | from | to | value | status | source |\n|---|---|---|---|---|---|\n")
	for _, r := range assume.AllRules() {
		to := ""
		if !r.To.IsZero() {
			to = r.To.Format("2006-01-02")
		}
		value := r.Value
		if r.Unit != "yes/no" {
			value += " " + r.Unit
		}
		fmt.Fprintf(&rules, "| `%s` | %s | %s | %s | %s | %s |\n", r.Key, r.From.Format("2006-01-02"), to, value, r.Status, r.Source)
	}
	presets.WriteString("| preset | status | what | settings | source |\n|---|---|---|---|---|\n")
	for _, p := range assume.Presets() {
		fmt.Fprintf(&presets, "| `%s` | %s | %s | `%s` | %s |\n", p.Name, p.Status, p.Description, strings.Join(p.Settings(), "`, `"), p.Source)
	}
	docs.Hold(t, "rules.md", "from internal/assume/rules_nl.csv", rules.String())
	docs.Hold(t, "rules.md", "from internal/assume/presets_nl.csv", presets.String())
}
