package assume

import (
	_ "embed"
	"encoding/csv"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/getij/getij/internal/tariff"
)

//go:embed rules_nl.csv
var rulesCSV string

// Rule is a row of the table of Dutch rules: what holds between two dates.
type Rule struct {
	Key, Unit, Value string
	From, To         time.Time // days, both included; To is zero while no end is known
	Status           string    // law, proposal or judgement
	Source           string
}

// AllRules is the whole table, in order.
func AllRules() []Rule { return slices.Clone(allRules()) }

var allRules = sync.OnceValue(func() []Rule {
	r := csv.NewReader(strings.NewReader(rulesCSV))
	r.Comment = '#'
	rows, err := r.ReadAll()
	if err != nil {
		panic(err) // embedded
	}
	day := func(text string) (t time.Time) {
		if text != "" {
			if t, err = time.Parse(time.DateOnly, text); err != nil {
				panic(err) // embedded
			}
		}
		return t
	}
	var out []Rule
	for _, row := range rows[1:] {
		out = append(out, Rule{Key: row[0], Unit: row[1], From: day(row[2]), To: day(row[3]), Value: row[4], Status: row[5], Source: row[6]})
	}
	return out
})

// ruleAt is the rule of a key on a day, the last one known after the table's end.
func ruleAt(key string, day time.Time) (found Rule, ok bool) {
	for _, r := range allRules() {
		if r.Key == key && !day.Before(r.From) && (r.To.IsZero() || !day.After(r.To)) {
			return r, true
		}
	}
	return Rule{}, false
}

// NoRules is the word for a contract whose taxes are given one by one.
const NoRules = "none"

// ruleKeys are the values of a contract that a date fills, in the contract's terms.
func ruleKeys(date string) (map[string]string, error) {
	day, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return nil, fmt.Errorf("a date such as 2027-01-01 was expected, or %s", NoRules)
	}
	tax, known := ruleAt("energy_tax", day)
	if !known {
		return nil, fmt.Errorf("rules are known from %s on", AllRules()[0].From.Format(time.DateOnly))
	}
	number := func(r Rule) float64 {
		v, err := strconv.ParseFloat(r.Value, 64)
		if err != nil {
			panic(err) // embedded
		}
		return v
	}
	vat, _ := ruleAt("vat", day)
	netting, _ := ruleAt("net_metering", day)
	out := map[string]string{
		"vat":                    strconv.FormatFloat(number(vat), 'f', -1, 64),
		"energy_tax_eur_per_kwh": strconv.FormatFloat(round6(number(tax)*(1+number(vat))), 'f', -1, 64),
		"net_metering":           strconv.FormatBool(netting.Value == "yes"),
		"least_feed_in_share":    "0",
	}
	if least, ok := ruleAt("least_feed_in_pay", day); ok {
		out["least_feed_in_share"] = strconv.FormatFloat(number(least), 'f', -1, 64)
	}
	return out, nil
}

func round6(v float64) float64 {
	v, err := strconv.ParseFloat(strconv.FormatFloat(v, 'f', 6, 64), 64)
	if err != nil {
		panic(err) // a number that was just written
	}
	return v
}

// fillRules gives a contract the values of its date, but those that it has itself.
func fillRules(contract *yaml.Node, has func(key string) bool) error {
	n := get(contract, "rules")
	if n == nil || n.Value == NoRules {
		return nil
	}
	values, err := ruleKeys(n.Value)
	if err != nil {
		return &ValueError{"contracts." + get(contract, "name").Value + ".rules", n.Value, err.Error(), n.Line}
	}
	for key, text := range values {
		if !has(key) {
			set(contract, key, value(text))
		}
	}
	return nil
}

// AsRuled says whether a contract with a date has what the rules of that date say, and
// no refund of tax on storage, which they do not know.
func (c *Contract) AsRuled() bool {
	values, err := ruleKeys(c.Rules)
	if err != nil {
		return false // none
	}
	has := map[string]string{
		"vat":                    strconv.FormatFloat(c.VAT, 'f', -1, 64),
		"energy_tax_eur_per_kwh": strconv.FormatFloat(c.EnergyTaxEURPerKWh, 'f', -1, 64),
		"net_metering":           strconv.FormatBool(c.NetMetering),
		"least_feed_in_share":    strconv.FormatFloat(c.LeastFeedInShare, 'f', -1, 64),
	}
	preset, err := presetNamed(c.Preset)
	return maps.Equal(values, has) && !c.EnergyTaxRefundOnStorage && (err != nil || preset.Status == "law")
}

// RulesNote says what a contract's date rests on that is not known, or "".
func (c *Contract) RulesNote() string {
	day, err := time.Parse(time.DateOnly, c.Rules)
	if err != nil {
		return "" // none
	}
	// The last row has no end: its tax is that of its first year.
	tax, known := ruleAt("energy_tax", day)
	if !known || !tax.To.IsZero() || day.Year() <= tax.From.Year() {
		return ""
	}
	note := fmt.Sprintf("contract %s: rules of %s with the energy tax of %d, as later ones are not known", c.Name, c.Rules, tax.From.Year())
	if _, known := ruleAt("least_feed_in_pay", day); !known && !c.NetMetering && c.Kind != tariff.Dynamic {
		note += "; no least pay for feeding in, as none is known for that day"
	}
	return note
}

// NetMeteringUntil is the year from which the law knows no net metering.
func NetMeteringUntil() (year int) {
	for _, r := range AllRules() {
		if r.Key == "net_metering" && r.Value == "yes" {
			year = r.To.Year() + 1
		}
	}
	return year
}
