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
	c.Data.Prices, c.Data.Load = s.absolute(s.Data.Prices), s.absolute(s.Data.Load)
	c.Data.Solar, c.Data.Sessions = s.absolute(s.Data.Solar), s.absolute(s.Data.Sessions)
	if s.Data.Regions != Schematic {
		c.Data.Regions = s.absolute(s.Data.Regions)
	}
	if s.Data.Meters != None && s.Data.Meters != Drawn {
		c.Data.Meters = s.absolute(s.Data.Meters)
	}
	if s.Outlook.ChargePoints != Model {
		c.Outlook.ChargePoints = s.absolute(s.Outlook.ChargePoints)
	}
	enc := yaml.NewEncoder(b)
	enc.SetIndent(2)
	if err := enc.Encode(&c); err != nil {
		return nil, err
	}
	return b.Bytes(), enc.Close()
}

// absolute makes a data path hold wherever the result folder is.
func (s *Study) absolute(file string) string {
	if file == Reference {
		return file
	}
	if abs, err := filepath.Abs(s.Path(file)); err == nil {
		return abs
	}
	return file
}

// Settings are the study's assumptions without where its files lie, which differs by
// machine: what is in them is known by their content.
func (s *Study) Settings() ([]byte, error) {
	c := *s
	d := &c.Data
	for _, file := range []*string{&d.Prices, &d.Load, &d.Solar, &d.Sessions, &d.Meters, &d.Regions, &c.Outlook.ChargePoints} {
		if !slices.Contains([]string{Reference, Schematic, None, Drawn, Model}, *file) {
			*file = "file"
		}
	}
	return json.Marshal(&c)
}
