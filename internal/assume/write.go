package assume

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"slices"

	"go.yaml.in/yaml/v3"
)

// Path is where a data file is: relative to the study file.
func (s *Study) Path(file string) string {
	if filepath.IsAbs(file) {
		return file
	}
	return filepath.Join(s.dir, file)
}

// YAML is the study as a file, every default written out and paths absolute.
func (s *Study) YAML() ([]byte, error) {
	b := bytes.NewBufferString("# The study as run, every default written out. `getij init` writes one with comments.\n")
	c := *s
	for _, file := range c.files() {
		*file = s.absolute(*file)
	}
	return c.encode(b)
}

// YAMLWith is [Study.YAML] with other names of the files that the study reads: those that
// name gives, which is told where each is.
func (s *Study) YAMLWith(name func(path string) (string, error)) ([]byte, error) {
	b := bytes.NewBufferString("# The study as run, every default written out, with the files that it reads beside it.\n")
	c := *s
	for _, file := range c.files() {
		var err error
		if *file, err = name(s.absolute(*file)); err != nil {
			return nil, err
		}
	}
	return c.encode(b)
}

func (s *Study) encode(b *bytes.Buffer) ([]byte, error) {
	enc := yaml.NewEncoder(b)
	enc.SetIndent(2)
	if err := enc.Encode(s); err != nil {
		return nil, err
	}
	return b.Bytes(), enc.Close()
}

// absolute makes a data path hold wherever the result folder is.
func (s *Study) absolute(file string) string {
	if abs, err := filepath.Abs(s.Path(file)); err == nil {
		return abs
	}
	return file
}

// Settings are the study's assumptions without where its files lie, which differs by
// machine: what is in them is known by their content.
func (s *Study) Settings() ([]byte, error) {
	c := *s
	for _, file := range c.files() {
		*file = "file"
	}
	return json.Marshal(&c)
}

// files are the settings that name a file, and no word for something else.
func (s *Study) files() (out []*string) {
	d := &s.Data
	for _, file := range []*string{&d.Prices, &d.Load, &d.Solar, &d.Sessions, &d.Meters, &d.Regions, &s.Outlook.ChargePoints} {
		if !slices.Contains([]string{Reference, Schematic, None, Drawn, Model}, *file) {
			out = append(out, file)
		}
	}
	return out
}
