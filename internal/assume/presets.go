package assume

import (
	_ "embed"
	"encoding/csv"
	"fmt"
	"slices"
	"strings"
	"sync"

	"go.yaml.in/yaml/v3"

	"github.com/getij/getij/internal/tariff"
)

//go:embed presets_nl.csv
var presetsCSV string

// Preset is settings of a contract under one name: contracts.preset fills them where the
// contract does not have them itself.
type Preset struct {
	Name, Status               string // law, proposal or judgement
	Description, DescriptionNL string
	Source                     string
	settings                   *yaml.Node
}

// NoPreset is the word for a contract without one.
const NoPreset = "none"

// Presets is the table of them, in order.
func Presets() []Preset { return slices.Clone(presets()) }

var presets = sync.OnceValue(func() (out []Preset) {
	r := csv.NewReader(strings.NewReader(presetsCSV))
	r.Comment = '#'
	rows, err := r.ReadAll()
	if err != nil {
		panic(err) // embedded
	}
	for _, row := range rows[1:] {
		p := Preset{Name: row[0], Status: row[1], settings: value(row[2]), Description: row[3], DescriptionNL: row[4], Source: row[5]}
		if p.settings.Kind != yaml.MappingNode {
			panic("assume: preset " + p.Name + " has no settings")
		}
		out = append(out, p)
	}
	return out
})

// Settings are the preset's, as a contract in a study file has them.
func (p *Preset) Settings() (lines []string) {
	for i := 0; i+1 < len(p.settings.Content); i += 2 {
		lines = append(lines, p.settings.Content[i].Value+": "+plain(p.settings.Content[i+1]))
	}
	return lines
}

func presetNamed(name string) (*Preset, error) {
	var names []string
	for _, p := range presets() {
		if p.Name == name {
			return &p, nil
		}
		names = append(names, p.Name)
	}
	return nil, fmt.Errorf("%s, or %s, was expected", strings.Join(names, ", "), NoPreset)
}

// fillPreset gives a contract the settings of its preset, but those that it has itself.
func fillPreset(contract *yaml.Node, has func(key string) bool) error {
	n := get(contract, "preset")
	if n == nil || n.Value == NoPreset {
		return nil
	}
	p, err := presetNamed(n.Value)
	if err != nil {
		want := err.Error()
		if n.Kind != yaml.ScalarNode {
			want = "one name was expected, with the settings of a second beside it: docs/rules.md has them"
		}
		return &ValueError{"contracts." + get(contract, "name").Value + ".preset", plain(n), want, n.Line}
	}
	for i := 0; i+1 < len(p.settings.Content); i += 2 {
		if key := p.settings.Content[i].Value; !has(key) {
			set(contract, key, clone(p.settings.Content[i+1]))
		}
	}
	return nil
}

// leavePreset takes from a contract what the preset that it has until now filled, and
// leaves what was changed since: with another preset, or none, it would stay unnamed.
func leavePreset(contract *yaml.Node, was string) {
	p, err := presetNamed(was)
	if err != nil {
		return // none
	}
	_, byKind := defaults()
	base := byKind[tariff.Kind(get(contract, "kind").Value)]
	for i := 0; i+1 < len(p.settings.Content); i += 2 {
		if key := p.settings.Content[i].Value; plain(get(contract, key)) == plain(p.settings.Content[i+1]) {
			set(contract, key, clone(get(base, key)))
		}
	}
}

// byPreset gives a value that the contract's preset fills the default and the source of it.
func (c *Contract) byPreset(u *Used, field string) {
	p, err := presetNamed(c.Preset)
	if err != nil {
		return // none
	}
	if n := get(p.settings, field); n != nil {
		u.Default, u.Source = plain(n), fmt.Sprintf("preset %s (%s): %s", p.Name, p.Status, p.Source)
	}
}

// PresetNote says of a preset that is not law what it is, or "".
func (c *Contract) PresetNote() string {
	p, err := presetNamed(c.Preset)
	if err != nil || p.Status == "law" {
		return ""
	}
	note := fmt.Sprintf("contract %s: preset %s is a %s, not law: %s", c.Name, p.Name, p.Status, p.Source)
	if c.EnergyTaxRefundOnStorage && c.NetMetering && get(p.settings, "energy_tax_refund_on_storage") != nil {
		note += "; with net metering, as here, it changes nothing: set net_metering: false, or rules: 2027-01-01"
	}
	return note
}
