package assume

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"strings"

	"go.yaml.in/yaml/v3"

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
	next := clone(contract[tariff.Dynamic])
	set(next, "name", scalar(nextName))
	set(next, "rules", scalar(nextRules))
	if err := fillRules(next, func(string) bool { return false }); err != nil {
		panic(err) // a date of the table
	}
	list.Content = append(list.Content, next)
	set(root, "contracts", list)
	return root, contract
}

func parse(user *yaml.Node, settings []string) (*Study, error) {
	root, contract := defaults()
	user, variants, err := cutVariants(user)
	if err != nil {
		return nil, err
	}
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
	s, err := read(root)
	if err != nil {
		return nil, err
	}
	s.variants, err = readVariants(root, variants, contract)
	return s, err
}

// read makes a study of nodes, and checks it.
func read(root *yaml.Node) (*Study, error) {
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
		if err := needsValue(full, v); err != nil {
			return fmt.Errorf("line %d: %w", key.Line, err)
		}
		if err := asWritten(full, v, old); err != nil {
			return err
		}
		set(into, key.Value, v)
	}
	return nil
}

// contracts completes the user's list of contracts with the defaults of their
// kinds.
func contracts(v *yaml.Node, defaults map[tariff.Kind]*yaml.Node) (*yaml.Node, error) {
	if v.Kind != yaml.SequenceNode || len(v.Content) == 0 {
		return nil, fmt.Errorf("line %d: contracts is a list of at least one, such as `- {name: dynamic, kind: dynamic}`", v.Line)
	}
	if n := len(v.Content); n > mostContracts {
		return nil, fmt.Errorf("line %d: contracts is a list of %d: at most %d were expected; run several studies", v.Line, n, mostContracts)
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
		if err := fillRules(full, func(key string) bool { return get(c, key) != nil }); err != nil {
			return nil, err
		}
		if err := fillPreset(full, func(key string) bool { return get(c, key) != nil }); err != nil {
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
	v, err := document(strings.NewReader(text))
	if err != nil {
		return fmt.Errorf("%q is not a YAML value: %w", text, err)
	}
	node := scalar("")
	if v != nil {
		node = clone(v)
	}
	if key == "contracts" {
		list, err := contracts(node, contract)
		if err != nil {
			return err
		}
		set(root, "contracts", list)
		return nil
	}
	return put(root, key, node)
}

// put gives a key another value.
func put(root *yaml.Node, key string, node *yaml.Node) error {
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
		if old != nil && old.Kind == yaml.SequenceNode && key == "contracts" {
			return errors.New("contracts.NAME.KEY was expected")
		}
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
		if err := needsValue(key, node); err != nil {
			return err
		}
		if err := asWritten(key, node, old); err != nil {
			return err
		}
		set(into, p, node)
		if parts[0] == "contracts" && p == "rules" {
			return fillRules(into, func(string) bool { return false })
		}
		if parts[0] == "contracts" && p == "preset" {
			leavePreset(into, old.Value)
			return fillPreset(into, func(string) bool { return false })
		}
	}
	return nil
}

// retired says of a key that older study files have what to do without it.
func retired(key string) string {
	switch key {
	case "outlook.home_share_cars_2024":
		return "it was taken as a share of the charging demand, and its 52 % is a share of respondents: set outlook.drivers_charging_at_home_2024, the share of electric drivers who charge at home"
	case "outlook.van_residential_share":
		return "it changed no figure, as outlook.home_share_vans is a share of all of the vans' demand: leave it out"
	}
	return ""
}

// unknownKey names the nearest key there is.
func unknownKey(full string, known []string) error {
	if why := retired(full); why != "" {
		return fmt.Errorf("key %s is gone: %s", full, why)
	}
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

func dirOf(path string) string {
	if path == "" {
		return ""
	}
	return filepath.Dir(path)
}

// Small tools for YAML nodes.
