package assume

import (
	"bytes"
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// SettingError is a setting, or several together, with which no study can be
// computed: other than a file that cannot be read.
type SettingError struct {
	Key string // "" when it is about several
	Err error
}

func (e *SettingError) Error() string { return e.Err.Error() }

func (e *SettingError) Unwrap() error { return e.Err }

// With puts settings in JSON over a study, contracts by name:
// {"contracts.dynamic.net_metering": false}. An error is a [*SettingError], and in
// it may be a [*ValueError].
func (s *Study) With(settings map[string]json.RawMessage) (*Study, error) {
	var doc yaml.Node
	if err := doc.Encode(s); err != nil {
		return nil, err
	}
	root := clone(&doc)
	keys := slices.Sorted(maps.Keys(settings))
	// What a date or a preset fills, single values may change.
	slices.SortStableFunc(keys, func(a, b string) int { return cmp.Compare(rulesFirst(a), rulesFirst(b)) })
	for _, key := range keys {
		node, err := jsonNode(key, settings[key])
		if err == nil {
			err = put(root, key, node)
		}
		if err != nil {
			return nil, &SettingError{key, err}
		}
	}
	changed, err := read(root)
	if err != nil {
		return nil, &SettingError{Err: err}
	}
	changed.dir = s.dir
	return changed, nil
}

func rulesFirst(key string) int {
	switch {
	case strings.HasSuffix(key, ".rules"):
		return 0
	case strings.HasSuffix(key, ".preset"):
		return 1
	}
	return 2
}

// jsonNode is the node of a JSON value: a number, a text, true or false, or a list
// of them.
func jsonNode(key string, raw json.RawMessage) (*yaml.Node, error) {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, &ValueError{Key: key, Value: string(raw), Want: "a JSON value was expected"}
	}
	list, isList := v.([]any)
	if !isList {
		list = []any{v}
	}
	n := &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq"}
	for _, v := range list {
		item := &yaml.Node{Kind: yaml.ScalarNode}
		switch v := v.(type) {
		case json.Number:
			if _, err := v.Float64(); err != nil {
				return nil, &ValueError{Key: key, Value: v.String(), Want: "a number within the range of 64-bit floats was expected"}
			}
			item.Value = v.String() // every number of JSON is one of YAML
		case string:
			item = scalar(v)
		case bool, nil:
			if err := item.Encode(v); err != nil {
				return nil, err
			}
		default:
			return nil, &ValueError{Key: key, Value: string(raw), Want: "a number, a text, true, false or a list of them was expected"}
		}
		n.Content = append(n.Content, item)
	}
	if !isList {
		return n.Content[0], nil
	}
	return n, nil
}
