package assume

import (
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"

	"go.yaml.in/yaml/v3"

	"github.com/getij/getij/internal/userfile"
)

// readFile reads the YAML of a study file, nil for an empty one.
func readFile(path string) (*yaml.Node, error) {
	f, err := userfile.Open(context.Background(), path, userfile.MostStudy)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	n, err := document(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return n, nil
}

// document reads the one document of a text, nil when it holds none. Only the plain
// part of YAML is taken, in which a value is what stands there.
func document(in io.Reader) (*yaml.Node, error) {
	dec := yaml.NewDecoder(in)
	var doc, more yaml.Node
	switch err := dec.Decode(&doc); {
	case err == io.EOF:
		return nil, nil
	case err != nil:
		return nil, err
	}
	switch err := dec.Decode(&more); {
	case err == nil:
		return nil, fmt.Errorf("line %d: a second document begins here (after ---): one was expected, put all keys into it", more.Line)
	case err != io.EOF:
		return nil, err
	}
	return doc.Content[0], plainNodes(doc.Content[0])
}

// plainNodes refuses what makes a value stand elsewhere, or mean something else.
func plainNodes(n *yaml.Node) error {
	switch {
	case n.Kind == yaml.AliasNode:
		return fmt.Errorf("line %d: *%s refers to a value elsewhere: write the value itself", n.Line, n.Value)
	case n.Anchor != "":
		return fmt.Errorf("line %d: &%s names a value for use elsewhere: write each value where it is used", n.Line, n.Anchor)
	case n.Style&yaml.TaggedStyle != 0:
		return fmt.Errorf("line %d: the tag %s is not read: leave it out", n.Line, n.Tag)
	}
	for _, child := range n.Content {
		if err := plainNodes(child); err != nil {
			return err
		}
	}
	return nil
}

var decimalNumber = regexp.MustCompile(`^[-+]?(0|[1-9][0-9]*|[0-9]*\.[0-9]+|[0-9]+\.)([eE][-+]?[0-9]+)?$`)

// asWritten refuses values that YAML reads as another than stands there: 010 is 8,
// 1_000 is 1000, yes is true. was is the default that the value replaces.
func asWritten(key string, v, was *yaml.Node) error {
	if v.Kind == yaml.SequenceNode {
		for i, item := range v.Content {
			if err := asWritten(fmt.Sprintf("%s[%d]", key, i), item, item); err != nil {
				return err
			}
		}
		return nil
	}
	if v.Kind != yaml.ScalarNode || was.Kind == yaml.ScalarNode && was.ShortTag() == "!!str" && v != was {
		return nil // a text is what it is
	}
	switch tag := v.ShortTag(); {
	case (tag == "!!int" || tag == "!!float") && !decimalNumber.MatchString(v.Value):
		return &ValueError{key, v.Value, "a number in decimal digits, such as 10 or 0.5, was expected (no zero in front, no 0x, no _, no .inf or .nan)", v.Line}
	case was.ShortTag() == "!!bool" && tag != "!!bool":
		return &ValueError{key, plain(v), "true or false was expected", v.Line}
	}
	return nil
}

// needsValue refuses a key with nothing behind it, which would read as zero.
func needsValue(key string, v *yaml.Node) error {
	values := []*yaml.Node{v}
	if v.Kind == yaml.SequenceNode {
		values = v.Content
	}
	for _, v := range values {
		if v.Kind == yaml.ScalarNode && v.Tag == "!!null" {
			return errors.New(key + " has no value: give it one, or leave the key out for its default")
		}
	}
	return nil
}
