package assume

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/getij/getij/internal/tariff"
)

// variantsKey is the key of a study file that holds its variants:
//
//	variants:
//	  net metering: {contracts.dynamic.rules: 2026-12-31}
//	  small charger: {charger: {charge_kw: 3.7, discharge_kw: 3.7}}
const variantsKey = "variants"

// mostVariants bounds a comparison's time and memory.
const mostVariants = 50

// Variants are the studies that the file's variants make of the study, each under the
// variant's name and otherwise as the study but for what the variant changes.
func (s *Study) Variants() []*Study { return s.variants }

// change is a key that a variant gives another value.
type change struct {
	key   string
	value *yaml.Node
	line  int
}

// cutVariants takes the variants out of a user's study file.
func cutVariants(user *yaml.Node) (rest, variants *yaml.Node, err error) {
	if user == nil || user.Kind != yaml.MappingNode {
		return user, nil, nil
	}
	out := *user
	out.Content = nil
	for i := 0; i+1 < len(user.Content); i += 2 {
		key, v := user.Content[i], user.Content[i+1]
		if key.Value != variantsKey {
			out.Content = append(out.Content, key, v)
			continue
		}
		if variants != nil {
			return nil, nil, fmt.Errorf("line %d: %s is given twice (first on line %d)", key.Line, variantsKey, variants.Line)
		}
		variants = v
	}
	return &out, variants, nil
}

// readVariants makes a study of each variant, over the nodes of the study itself.
func readVariants(root, variants *yaml.Node, contract map[tariff.Kind]*yaml.Node) ([]*Study, error) {
	if variants == nil {
		return nil, nil
	}
	if variants.Kind != yaml.MappingNode || len(variants.Content) == 0 {
		return nil, fmt.Errorf("line %d: %s holds names, and under each the keys that it changes, such as `7 kW: {charger.charge_kw: 7.4}`", variants.Line, variantsKey)
	}
	if n := len(variants.Content) / 2; n > mostVariants {
		return nil, fmt.Errorf("line %d: %d variants: at most %d were expected; compare several study files", variants.Line, n, mostVariants)
	}
	var out []*Study
	seen := map[string]int{get(root, "study").Value: 0}
	for i := 0; i+1 < len(variants.Content); i += 2 {
		key := variants.Content[i]
		if line, ok := seen[key.Value]; ok {
			if line == 0 {
				return nil, fmt.Errorf("line %d: variant %s has the name of the study itself: give it another, or give the study one with `study:`", key.Line, key.Value)
			}
			return nil, fmt.Errorf("line %d: variant %s is given twice (first on line %d)", key.Line, key.Value, line)
		}
		seen[key.Value] = key.Line
		s, err := readVariant(root, key, variants.Content[i+1], contract)
		if err != nil {
			return nil, fmt.Errorf("variant %s: %w", key.Value, err)
		}
		out = append(out, s)
	}
	return out, nil
}

func readVariant(root, name, body *yaml.Node, contract map[tariff.Kind]*yaml.Node) (*Study, error) {
	if body.Kind != yaml.MappingNode || len(body.Content) == 0 {
		return nil, fmt.Errorf("line %d: it changes nothing: keys of the study and values were expected under it, such as charger.charge_kw: 7.4", name.Line)
	}
	changes, err := changesIn(body, "", map[string]int{})
	if err != nil {
		return nil, err
	}
	// A list of contracts and what a date fills come before single values.
	slices.SortStableFunc(changes, func(a, b change) int { return cmp.Compare(a.order(), b.order()) })
	changed := clone(root)
	set(changed, "study", scalar(name.Value))
	for _, c := range changes {
		if err := c.apply(changed, contract); err != nil {
			return nil, err
		}
	}
	return read(changed)
}

// changesIn lists the keys of a variant, `charger: {charge_kw: 7.4}` as
// charger.charge_kw.
func changesIn(body *yaml.Node, path string, seen map[string]int) (out []change, err error) {
	for i := 0; i+1 < len(body.Content); i += 2 {
		key, v := body.Content[i], body.Content[i+1]
		full := path + key.Value
		if line, ok := seen[full]; ok {
			return nil, fmt.Errorf("line %d: %s is given twice (first on line %d)", key.Line, full, line)
		}
		seen[full] = key.Line
		if err := variable(full); err != nil {
			return nil, fmt.Errorf("line %d: %w", key.Line, err)
		}
		if v.Kind == yaml.MappingNode && len(v.Content) > 0 {
			below, err := changesIn(v, full+".", seen)
			if err != nil {
				return nil, err
			}
			out = append(out, below...)
			continue
		}
		out = append(out, change{full, v, key.Line})
	}
	return out, nil
}

// variable refuses keys in which variants of a study cannot differ.
func variable(key string) error {
	switch section, _, _ := strings.Cut(key, "."); {
	case key == "study":
		return errors.New("study is the variant's name already: leave it out")
	case key == variantsKey:
		return errors.New("a variant has no variants of its own")
	case key == "homes" || key == "seed":
		return fmt.Errorf("%s is the same in all variants, as they compare the same homes: set it for the study", key)
	case section == "potential", section == "outlook" && key != section && key != "outlook.home_charging_share", key == "data.regions", strings.HasPrefix(key, "home.use_"):
		return fmt.Errorf("%s changes regions alone, which a comparison leaves out: run the study twice, with --set", key)
	}
	return nil
}

func (c *change) order() int {
	if c.key == "contracts" {
		return -1
	}
	return rulesFirst(c.key)
}

func (c *change) apply(root *yaml.Node, contract map[tariff.Kind]*yaml.Node) error {
	if c.key != "contracts" {
		err := put(root, c.key, c.value)
		if v, ok := errors.AsType[*ValueError](err); err == nil || ok && v.Line > 0 {
			return err
		}
		return fmt.Errorf("line %d: %w", c.line, err)
	}
	list, err := contracts(c.value, contract)
	if err != nil {
		return err
	}
	set(root, c.key, list)
	return nil
}
