package assume

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"go.yaml.in/yaml/v3"
)

// Used is an assumption with the value that a study has for it.
type Used struct {
	Key, Value, Default, Unit, Description, DescriptionNL, Source string
	Least, Most                                                   *float64
	Low, High, RangeSource                                        string
}

// Used lists every assumption of the study, contracts by name.
func (s *Study) Used() []Used {
	text, err := yaml.Marshal(s)
	if err != nil {
		panic(err) // a Study always marshals
	}
	var doc yaml.Node
	if err := yaml.Unmarshal(text, &doc); err != nil {
		panic(err)
	}
	root := doc.Content[0]
	var simple []Used
	byContract := map[string][]Used{}
	for _, a := range Assumptions() {
		_, _, isContract := contractKey(a.Key)
		if isContract && a.Default == "" {
			continue // name and kind
		}
		for _, n := range nodesAt(root, a.Key) {
			u := Used{n.key, shown(n.node), shownDefaults()[a.Key], a.Unit, a.Description, a.DescriptionNL, a.Source, a.Least, a.Most, a.Low, a.High, a.RangeSource}
			if isContract {
				name := strings.Split(n.key, ".")[1]
				s.byRules(&u, name)
				byContract[name] = append(byContract[name], u)
			} else {
				simple = append(simple, u)
			}
		}
	}
	for _, c := range s.Contracts {
		simple = append(simple, byContract[c.Name]...)
	}
	return simple
}

// shownDefaults are the defaults of all keys, as they are shown.
var shownDefaults = sync.OnceValue(func() map[string]string {
	out := map[string]string{}
	for _, a := range Assumptions() {
		if a.Default != "" { // none of a contract's name and kind
			out[a.Key] = plain(value(a.Default))
		}
	}
	return out
})

// byRules gives a value of a contract that a date or a preset fills the default and the
// source of those.
func (s *Study) byRules(u *Used, contract string) {
	i := slices.IndexFunc(s.Contracts, func(c Contract) bool { return c.Name == contract })
	if i < 0 {
		return
	}
	date, field := s.Contracts[i].Rules, u.Key[strings.LastIndex(u.Key, ".")+1:]
	s.Contracts[i].byPreset(u, field)
	if date == NoRules {
		return
	}
	if field == "rules" && contract == nextName {
		u.Default = nextRules
	}
	values, err := ruleKeys(date)
	if err != nil {
		return // a date that was refused
	}
	filled, ok := values[field]
	if !ok {
		return
	}
	u.Default, u.Source = filled, "rules of "+date
	day, _ := time.Parse(time.DateOnly, date)
	rule := map[string]string{"energy_tax_eur_per_kwh": "energy_tax", "least_feed_in_share": "least_feed_in_pay"}[field]
	if rule == "" {
		rule = field
	}
	if r, ok := ruleAt(rule, day); ok {
		u.Source = strings.TrimSuffix(fmt.Sprintf("%s (%s): %s", u.Source, r.Status, r.Source), ": ")
	}
}

// shown is a value for people: a text, such as a date, without the quotes that YAML
// needs.
func shown(n *yaml.Node) string {
	if n.Kind == yaml.ScalarNode && n.ShortTag() == "!!str" {
		return n.Value
	}
	return plain(n)
}

// plain writes a value on one line, numbers without trailing zeros so that 0.30
// and 0.3 are the same.
func plain(n *yaml.Node) string {
	var v any
	if n.Decode(&v) != nil {
		return n.Value
	}
	text, err := yaml.Marshal(v)
	if err != nil {
		return n.Value
	}
	var one yaml.Node
	if yaml.Unmarshal(text, &one) == nil && one.Content[0].Kind == yaml.SequenceNode {
		var items []string
		for _, item := range one.Content[0].Content {
			items = append(items, item.Value)
		}
		return "[" + strings.Join(items, ", ") + "]"
	}
	return strings.TrimSpace(string(text))
}
