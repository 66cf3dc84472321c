package study

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/getij/getij/internal/outlook"
	"github.com/getij/getij/internal/potential"
	"github.com/getij/getij/internal/session"
	"github.com/getij/getij/internal/tariff"
)

// A study is put together from YAML nodes: the table's defaults, the user's
// file over them, the settings over both. So every key that exists is in the
// table, and an unknown one is found before anything is read from it.

// defaults builds the nodes of the default study and of a contract per kind.
func defaults() (root *yaml.Node, contract map[tariff.Kind]*yaml.Node) {
	root = mapping()
	contract = map[tariff.Kind]*yaml.Node{}
	for _, k := range kinds {
		c := mapping()
		set(c, "name", scalar(string(k)))
		set(c, "kind", scalar(string(k)))
		contract[k] = c
	}
	for _, a := range Assumptions() {
		kind, field, isContract := contractKey(a.Key)
		if !isContract {
			into := root
			parts := strings.Split(a.Key, ".")
			for _, p := range parts[:len(parts)-1] {
				if get(into, p) == nil {
					set(into, p, mapping())
				}
				into = get(into, p)
			}
			set(into, parts[len(parts)-1], value(a.Default))
			continue
		}
		for k, c := range contract {
			if (kind == "" || kind == string(k)) && a.Default != "" {
				set(c, field, value(a.Default))
			}
		}
	}
	list := &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq"}
	for _, k := range kinds {
		list.Content = append(list.Content, clone(contract[k]))
	}
	set(root, "contracts", list)
	return root, contract
}

func parse(user *yaml.Node, settings []string) (*Study, error) {
	root, contract := defaults()
	if user != nil {
		if err := overlay(root, user, contract); err != nil {
			return nil, err
		}
	}
	for _, s := range settings {
		if err := applySetting(root, s, contract); err != nil {
			return nil, fmt.Errorf("--set %s: %w", s, err)
		}
	}
	if err := checkBounds(root); err != nil {
		return nil, err
	}
	text, err := yaml.Marshal(root)
	if err != nil {
		return nil, err
	}
	dec := yaml.NewDecoder(bytes.NewReader(text))
	dec.KnownFields(true)
	s := new(Study)
	if err := dec.Decode(s); err != nil {
		return nil, typeError(err, root)
	}
	if err := s.check(); err != nil {
		return nil, err
	}
	return s, checkWhole(root, s)
}

// overlay puts the user's mapping over the defaults.
func overlay(root, user *yaml.Node, contract map[tariff.Kind]*yaml.Node) error {
	if user.Kind == yaml.ScalarNode && user.Tag == "!!null" {
		return nil
	}
	if user.Kind != yaml.MappingNode {
		return fmt.Errorf("line %d: a study file holds keys and values such as `homes: 100`", user.Line)
	}
	return overlayMap(root, user, "", func(key string, v *yaml.Node) (handled bool, err error) {
		if key != "contracts" {
			return false, nil
		}
		list, err := contracts(v, contract)
		if err != nil {
			return true, err
		}
		set(root, "contracts", list)
		return true, nil
	})
}

func overlayMap(into, user *yaml.Node, path string, special func(string, *yaml.Node) (bool, error)) error {
	seen := map[string]int{}
	for i := 0; i+1 < len(user.Content); i += 2 {
		key, v := user.Content[i], user.Content[i+1]
		full := path + key.Value
		if line, ok := seen[key.Value]; ok {
			return fmt.Errorf("line %d: %s is given twice (first on line %d)", key.Line, full, line)
		}
		seen[key.Value] = key.Line
		if v.Kind == yaml.AliasNode {
			v = v.Alias
		}
		old := get(into, key.Value)
		if old == nil {
			return fmt.Errorf("line %d: %w", key.Line, unknownKey(full, keysOf(into)))
		}
		if special != nil {
			if handled, err := special(key.Value, v); err != nil {
				return err
			} else if handled {
				continue
			}
		}
		if old.Kind == yaml.MappingNode {
			if v.Kind == yaml.ScalarNode && v.Tag == "!!null" {
				continue // `home:` with nothing under it
			}
			if v.Kind != yaml.MappingNode {
				return fmt.Errorf("line %d: %s is %q: keys such as %s.%s were expected under it", v.Line, full, v.Value, full, keysOf(old)[0])
			}
			if err := overlayMap(old, v, full+".", nil); err != nil {
				return err
			}
			continue
		}
		if err := hasValue(full, v); err != nil {
			return fmt.Errorf("line %d: %w", key.Line, err)
		}
		set(into, key.Value, v)
	}
	return nil
}

// hasValue refuses a key with nothing behind it, which would read as zero.
func hasValue(key string, v *yaml.Node) error {
	values := []*yaml.Node{v}
	if v.Kind == yaml.SequenceNode {
		values = v.Content
	}
	for _, v := range values {
		if v.Kind == yaml.ScalarNode && v.Tag == "!!null" {
			return fmt.Errorf("%s has no value: give it one, or leave the key out for its default", key)
		}
	}
	return nil
}

// contracts completes the user's list of contracts with the defaults of their
// kinds.
func contracts(v *yaml.Node, defaults map[tariff.Kind]*yaml.Node) (*yaml.Node, error) {
	if v.Kind != yaml.SequenceNode || len(v.Content) == 0 {
		return nil, fmt.Errorf("line %d: contracts is a list of at least one, such as `- {name: dynamic, kind: dynamic}`", v.Line)
	}
	list := &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq"}
	for _, c := range v.Content {
		if c.Kind != yaml.MappingNode {
			return nil, fmt.Errorf("line %d: a contract is given as {name: ..., kind: ...}", c.Line)
		}
		kind := get(c, "kind")
		if kind == nil {
			return nil, fmt.Errorf("line %d: the contract has no kind: use single, dual or dynamic", c.Line)
		}
		base, ok := defaults[tariff.Kind(kind.Value)]
		if !ok {
			return nil, fmt.Errorf("line %d: kind %q is unknown: use single, dual or dynamic", kind.Line, kind.Value)
		}
		full := clone(base)
		if err := overlayMap(full, c, "contracts."+kind.Value+".", nil); err != nil {
			return nil, err
		}
		list.Content = append(list.Content, full)
	}
	return list, nil
}

// applySetting applies one key=value, where contracts are reached by name:
// contracts.dynamic.net_metering=false.
func applySetting(root *yaml.Node, setting string, contract map[tariff.Kind]*yaml.Node) error {
	key, text, ok := strings.Cut(setting, "=")
	if !ok {
		return errors.New("key=value was expected, such as charger.charge_kw=7.4")
	}
	var v yaml.Node
	if err := yaml.Unmarshal([]byte(text), &v); err != nil {
		return fmt.Errorf("%q is not a YAML value: %w", text, err)
	}
	node := scalar("")
	if len(v.Content) > 0 {
		node = clone(v.Content[0])
	}
	if key == "contracts" {
		list, err := contracts(node, contract)
		if err != nil {
			return err
		}
		set(root, "contracts", list)
		return nil
	}
	parts := strings.Split(key, ".")
	into := root
	for i, p := range parts {
		if into.Kind == yaml.SequenceNode { // contracts, by name
			var names []string
			var found *yaml.Node
			for _, c := range into.Content {
				name := get(c, "name").Value
				names = append(names, name)
				if name == p {
					found = c
				}
			}
			if found == nil || i == len(parts)-1 {
				return fmt.Errorf("contracts.NAME.KEY was expected, where NAME is one of %s", strings.Join(names, ", "))
			}
			into = found
			continue
		}
		old := get(into, p)
		if into.Kind != yaml.MappingNode {
			return fmt.Errorf("key %s is unknown: %s has no keys under it", key, strings.Join(parts[:i], "."))
		}
		if old == nil {
			return unknownKey(key, keysOf(into))
		}
		if i < len(parts)-1 {
			into = old
			continue
		}
		if old.Kind == yaml.MappingNode {
			return fmt.Errorf("%s holds other keys: set one of them, such as %s.%s", key, key, keysOf(old)[0])
		}
		if parts[0] == "contracts" && p == "kind" {
			return errors.New("a contract's other values go with its kind: set contracts=[{name: ..., kind: ...}] instead")
		}
		if err := hasValue(key, node); err != nil {
			return err
		}
		set(into, p, node)
	}
	return nil
}

// unknownKey names the nearest key there is.
func unknownKey(full string, known []string) error {
	path, last := "", full
	if i := strings.LastIndexByte(full, '.'); i >= 0 {
		path, last = full[:i+1], full[i+1:]
	}
	nearest, distance := "", math.MaxInt
	for _, k := range known {
		if d := editDistance(last, k); d < distance {
			nearest, distance = k, d
		}
	}
	if distance <= max(2, len(last)/2) {
		return fmt.Errorf("key %s is unknown: did you mean %s%s?", full, path, nearest)
	}
	return fmt.Errorf("key %s is unknown: the keys here are %s", full, strings.Join(known, ", "))
}

func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost = 1 + min(diagonal, row[j], row[j+1])
			}
			diagonal, row[j+1] = row[j+1], cost
		}
	}
	return row[len(b)]
}

// typeError says in a user's words that a value has the wrong type.
func typeError(err error, root *yaml.Node) error {
	var value *ValueError
	if errors.As(err, &value) {
		return value
	}
	for _, a := range Assumptions() {
		for _, n := range nodesAt(root, a.Key) {
			var probe any
			if a.Default == "" || n.node.Decode(&probe) != nil {
				continue
			}
			var want any
			if yaml.Unmarshal([]byte(a.Default), &want) != nil {
				continue
			}
			if expected := kindWord(want); expected != "" && expected != kindWord(probe) {
				return &ValueError{n.key, plain(n.node), expected + " was expected", n.node.Line}
			}
			if list, ok := want.([]any); ok {
				expected := "a number"
				if len(list) > 0 {
					expected = kindWord(list[0])
				}
				for _, v := range probe.([]any) {
					if kindWord(v) != expected {
						return &ValueError{n.key, plain(n.node), "a list with " + expected + " in each place was expected", n.node.Line}
					}
				}
			}
		}
	}
	return err
}

// checkWhole finds numbers that did not fit their place, such as half a home.
func checkWhole(root *yaml.Node, s *Study) error {
	var read yaml.Node
	if err := read.Encode(s); err != nil {
		return err
	}
	for _, a := range Assumptions() {
		if a.Least == nil {
			continue
		}
		is := map[string]float64{}
		for _, n := range nodesAt(&read, a.Key) {
			var v float64
			if err := n.node.Decode(&v); err != nil {
				return err
			}
			is[n.key] = v
		}
		for _, n := range nodesAt(root, a.Key) {
			var was float64
			if err := n.node.Decode(&was); err != nil {
				return err
			}
			if was != is[n.key] {
				return &ValueError{n.key, n.node.Value, "a whole number was expected", n.node.Line}
			}
		}
	}
	return nil
}

func kindWord(v any) string {
	switch v.(type) {
	case int, float64, uint64:
		return "a number"
	case bool:
		return "true or false"
	case string:
		return "a text"
	case []any:
		return "a list"
	}
	return ""
}

// ValueError is a value of a study that cannot be used.
type ValueError struct {
	Key, Value, Want string
	Line             int // of the study file; 0 when not known
}

func (e *ValueError) Error() string {
	at := ""
	if e.Line > 0 {
		at = fmt.Sprintf("line %d: ", e.Line)
	}
	return fmt.Sprintf("%s%s is %s: %s", at, e.Key, e.Value, e.Want)
}

type keyed struct {
	key  string
	node *yaml.Node
}

// nodesAt finds the nodes that a key of the table stands for: one, or one per
// contract.
func nodesAt(root *yaml.Node, key string) []keyed {
	kind, field, isContract := contractKey(key)
	if !isContract {
		n := root
		for _, p := range strings.Split(key, ".") {
			if n = get(n, p); n == nil {
				return nil
			}
		}
		return []keyed{{key, n}}
	}
	var out []keyed
	for _, c := range get(root, "contracts").Content {
		if n := get(c, field); n != nil && (kind == "" || get(c, "kind").Value == kind) {
			out = append(out, keyed{"contracts." + get(c, "name").Value + "." + field, n})
		}
	}
	return out
}

// checkBounds holds every number to the table.
func checkBounds(root *yaml.Node) error {
	for _, a := range Assumptions() {
		if a.Least == nil {
			continue
		}
		for _, n := range nodesAt(root, a.Key) {
			var v float64
			if err := n.node.Decode(&v); err != nil {
				return &ValueError{n.key, plain(n.node), "a number was expected", n.node.Line}
			}
			if !(v >= *a.Least && v <= *a.Most) {
				unit := ""
				if a.Unit != "" {
					unit = " " + a.Unit
				}
				return &ValueError{n.key, n.node.Value, fmt.Sprintf("%g to %g%s was expected", *a.Least, *a.Most, unit), n.node.Line}
			}
		}
	}
	return nil
}

// check holds together what single values cannot show.
func (s *Study) check() error {
	if s.Name == "" || strings.ContainsAny(s.Name, `/\`) || strings.HasPrefix(s.Name, ".") {
		return &ValueError{Key: "study", Value: fmt.Sprintf("%q", s.Name), Want: "a name that can name a folder was expected"}
	}
	if s.Car.DepartureSoC <= s.Car.MinSoC {
		return &ValueError{Key: "car.departure_soc", Value: fmt.Sprint(s.Car.DepartureSoC), Want: fmt.Sprintf("more than car.min_soc (%g) was expected", s.Car.MinSoC)}
	}
	if s.Behaviour.PlugIn != session.WhenNeeded && s.Behaviour.PlugIn != session.Always {
		return &ValueError{Key: "behaviour.plug_in", Value: string(s.Behaviour.PlugIn), Want: "when_needed or always was expected"}
	}
	if s.Behaviour.PlugIn == session.Always && s.Data.Sessions != Reference {
		return &ValueError{Key: "behaviour.plug_in", Value: string(session.Always), Want: "real sessions from data.sessions say themselves when the car is plugged in; use when_needed, or data.sessions: reference"}
	}
	if s.Data.SessionsAs != Recorded && s.Data.SessionsAs != Fitted {
		return &ValueError{Key: "data.sessions_as", Value: s.Data.SessionsAs, Want: "recorded or fitted was expected"}
	}
	if s.Data.SessionsAs == Fitted && s.Data.Sessions == Reference {
		return &ValueError{Key: "data.sessions_as", Value: Fitted, Want: "a file in data.sessions to fit to was expected; the reference sessions are drawn from published tables"}
	}
	if len(s.Modes) == 0 {
		return &ValueError{Key: "modes", Value: "[]", Want: "at least one of regular, smart, v2h and v2g was expected"}
	}
	for i, m := range s.Modes {
		if slices.Contains(s.Modes[:i], m) {
			return &ValueError{Key: "modes", Value: m, Want: "each mode once was expected"}
		}
	}
	if _, err := s.ModeList(); err != nil {
		return fmt.Errorf("modes: %w", err)
	}
	if !slices.Contains(outlook.Scenarios(), s.Outlook.Scenario) {
		return &ValueError{Key: "outlook.scenario", Value: s.Outlook.Scenario, Want: "low, mid or high was expected"}
	}
	names := map[string]bool{}
	for i := range s.Contracts {
		c := &s.Contracts[i]
		if c.Name == "" || strings.Trim(c.Name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") != "" {
			return &ValueError{Key: "contracts.name", Value: fmt.Sprintf("%q", c.Name), Want: "letters, digits, - and _ were expected: it names columns in the results"}
		}
		if names[c.Name] {
			return &ValueError{Key: "contracts.name", Value: c.Name, Want: "each contract needs a name of its own"}
		}
		names[c.Name] = true
		if n := len(c.GridTariffEURPerKWh); n != 0 && n != 24 {
			return &ValueError{Key: "contracts." + c.Name + ".grid_tariff_eur_per_kwh_by_hour", Value: fmt.Sprintf("a list of %d", n), Want: "24 prices, one per local hour, were expected"}
		}
	}
	if _, err := s.PotentialContract(); err != nil {
		return err
	}
	if s.Potential.KWPerChargePoint.Rule != potential.Fixed && !slices.Contains(s.Modes, "v2g") {
		return &ValueError{Key: "potential.kw_per_charge_point", Value: fmt.Sprint(s.Potential.KWPerChargePoint.value()), Want: "this needs the mode v2g; add it to modes, or give a number of kW"}
	}
	return nil
}

// PotentialContract is the contract whose profiles the potential uses.
func (s *Study) PotentialContract() (string, error) {
	var names []string
	for _, c := range s.Contracts {
		if c.Name == s.Potential.Contract {
			return c.Name, nil
		}
		names = append(names, c.Name)
	}
	if s.Potential.Contract != "auto" {
		return "", &ValueError{Key: "potential.contract", Value: s.Potential.Contract, Want: "auto or one of the study's contracts was expected: " + strings.Join(names, ", ")}
	}
	for _, c := range s.Contracts {
		if c.Kind == tariff.Dynamic {
			return c.Name, nil
		}
	}
	return s.Contracts[0].Name, nil
}

func dirOf(path string) string {
	if path == "" {
		return ""
	}
	return filepath.Dir(path)
}

// Small tools for YAML nodes.

func mapping() *yaml.Node { return &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"} }

func scalar(text string) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: text}
}

// value parses a default of the table.
func value(text string) *yaml.Node {
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(text), &doc); err != nil {
		panic(err) // embedded
	}
	return clone(doc.Content[0])
}

func get(m *yaml.Node, key string) *yaml.Node {
	for i := 0; i+1 < len(m.Content) && m.Kind == yaml.MappingNode; i += 2 {
		if m.Content[i].Value == key {
			return m.Content[i+1]
		}
	}
	return nil
}

func set(m *yaml.Node, key string, v *yaml.Node) {
	for i := 0; i+1 < len(m.Content); i += 2 {
		if m.Content[i].Value == key {
			m.Content[i+1] = v
			return
		}
	}
	m.Content = append(m.Content, scalar(key), v)
}

func keysOf(m *yaml.Node) []string {
	var out []string
	for i := 0; i+1 < len(m.Content) && m.Kind == yaml.MappingNode; i += 2 {
		out = append(out, m.Content[i].Value)
	}
	return out
}

func clone(n *yaml.Node) *yaml.Node {
	c := *n
	c.Line, c.Column = 0, 0
	c.Content = make([]*yaml.Node, len(n.Content))
	for i, child := range n.Content {
		c.Content[i] = clone(child)
	}
	return &c
}
