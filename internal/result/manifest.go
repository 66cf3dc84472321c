package result

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/getij/getij/internal/assume"
	"github.com/getij/getij/internal/dataset"
)

// ManifestFile marks a folder as getij's.
const ManifestFile = "manifest.json"

// Manifest is manifest.json: how the results came about.
type Manifest struct {
	Provenance
	Study   string  `json:"study"`
	Changes Changes `json:"changes"`
	// OwnHomes is there once `getij report --population` has put one into the folder.
	OwnHomes *PopulationNote `json:"own_homes,omitempty"`
	// Variants are only in the manifest of a comparison, and Street in that of a street,
	// which are no study's result.
	Variants []string `json:"variants,omitempty"`
	Street   string   `json:"street,omitempty"`
}

// Provenance is what the manifests of a study and of a comparison have in common.
type Provenance struct {
	Program     string    `json:"program"` // getij
	Version     string    `json:"version"`
	Commit      string    `json:"commit,omitempty"`
	Written     time.Time `json:"written"`
	Seed        uint64    `json:"seed"`
	Inputs      []Input   `json:"inputs"`
	Notes       []string  `json:"notes"` // what a reader of the results must know
	Stages      []Stage   `json:"stages"`
	WallSeconds float64   `json:"wall_seconds"`
	Files       []File    `json:"files"` // what the folder holds besides
}

// by says which program writes.
func (p *Provenance) by(v Version, at time.Time) {
	p.Program, p.Version, p.Commit, p.Written = "getij", v.Version, v.Commit, at.UTC().Truncate(time.Second)
}

// wrote lists the files of a folder, which were written since a time.
func (p *Provenance) wrote(dir string, since time.Time) (err error) {
	p.Stages = append(p.Stages, Stage{"files", time.Since(since).Seconds()})
	p.WallSeconds = 0
	for _, s := range p.Stages {
		p.WallSeconds += s.Seconds
	}
	p.Files, err = listFiles(dir)
	return err
}

// Version says which program wrote a result.
type Version struct{ Version, Commit string }

// Input is one input of a study: a file, or what is built in.
type Input struct {
	dataset.Report
	Source    string `json:"source"`    // for people
	Synthetic bool   `json:"synthetic"` // drawn from statistics, not observed
}

// Changes counts everything that was changed to make inputs fit the model.
type Changes struct {
	SessionsCutBattery    int     `json:"sessions_cut_to_battery"`
	SessionsCutBatteryKWh float64 `json:"sessions_cut_to_battery_kwh"`
	SessionsCutTime       int     `json:"sessions_cut_to_connection_time"`
	SessionsCutTimeKWh    float64 `json:"sessions_cut_to_connection_time_kwh"`
	SessionsTotal         int     `json:"sessions_total"`
	SessionsTotalKWh      float64 `json:"sessions_total_kwh"` // before cutting
	// Of real sessions only.
	SessionsMovedWeeks int `json:"sessions_moved_weeks"`
	SessionsOutside    int `json:"sessions_outside_year"`
	SessionsOverlap    int `json:"sessions_overlapping"`
	SessionsMerged     int `json:"sessions_merged"`
	SessionsTooShort   int `json:"sessions_lengthened_to_a_quarter"`
	Users              int `json:"users"`
	HomesSharingUser   int `json:"homes_sharing_a_user"`
	// Steps of sessions at which a home alone exceeds its connection, where the
	// limit bends to the home.
	StepsBeyondConnection int `json:"steps_beyond_connection"`
}

// Notes say what was changed, of how many homes and in which year.
func (c *Changes) Notes(homes, year int) (out []string) {
	share := func(n int, kwh float64) string {
		return fmt.Sprintf("%d of %d sessions, %.1f %% of their energy", n, c.SessionsTotal, 100*kwh/c.SessionsTotalKWh)
	}
	if c.SessionsCutBattery > 0 {
		out = append(out, "sessions took more than the battery holds from empty to its charge at departure and were cut to it: "+share(c.SessionsCutBattery, c.SessionsCutBatteryKWh))
	}
	if c.SessionsCutTime > 0 {
		out = append(out, "sessions took more than the charger brings in their time and were cut to it: "+share(c.SessionsCutTime, c.SessionsCutTimeKWh))
	}
	if c.SessionsMovedWeeks != 0 {
		out = append(out, fmt.Sprintf("real sessions were moved by %d weeks to %d, keeping season and weekday", c.SessionsMovedWeeks, year))
	}
	if c.SessionsOutside > 0 {
		out = append(out, fmt.Sprintf("%d sessions fall outside %d after that and were left out", c.SessionsOutside, year))
	}
	if c.SessionsTooShort > 0 {
		out = append(out, fmt.Sprintf("%d sessions of less than a quarter-hour were lengthened to one", c.SessionsTooShort))
	}
	if c.HomesSharingUser > 0 {
		out = append(out, fmt.Sprintf("there are %d users for %d homes: %d homes repeat a user", c.Users, homes, c.HomesSharingUser))
	}
	if c.StepsBeyondConnection > 0 {
		out = append(out, fmt.Sprintf("in %d quarter-hours a home alone exceeds its connection while a car is plugged in; the limit was taken as the home's own exchange", c.StepsBeyondConnection))
	}
	return out
}

// Stage is how long a part of the work took.
type Stage struct {
	Name    string  `json:"name"`
	Seconds float64 `json:"seconds"`
}

// synthetic are the kinds of input that are drawn from statistics.
func (p *Provenance) synthetic() (kinds []string) {
	for _, in := range p.Inputs {
		if in.Synthetic && !slices.Contains(kinds, in.Kind) {
			kinds = append(kinds, in.Kind)
		}
	}
	return kinds
}

// SyntheticNote says which inputs are synthetic, or "" when none is.
func (p *Provenance) SyntheticNote() string {
	kinds := p.synthetic()
	if len(kinds) == 0 {
		return ""
	}
	return "synthetic reference data: " + strings.Join(kinds, ", ")
}

// SyntheticMark says the same below a figure: a synthetic year, or which inputs beside
// real ones.
func (p *Provenance) SyntheticMark(dutch bool) string {
	kinds := p.synthetic()
	if len(kinds) == 0 {
		return ""
	}
	year := true
	for _, kind := range []string{"prices", "load", "solar"} {
		year = year && slices.Contains(kinds, kind)
	}
	switch {
	case year && dutch:
		return "Synthetisch jaar."
	case year:
		return "Synthetic year."
	case !dutch:
		return "Synthetic: " + strings.Join(kinds, ", ") + "."
	}
	words := map[string]string{"prices": "prijzen", "load": "verbruik", "solar": "zon", "sessions": "laadsessies"}
	for i, kind := range kinds {
		if w, ok := words[kind]; ok {
			kinds[i] = w
		}
	}
	return "Synthetisch: " + strings.Join(kinds, ", ") + "."
}

// Used are the study's assumptions, with input files as the user named them:
// study.yaml has where they lay.
func (r *Result) Used() []assume.Used { return used(r.Study, r.Manifest.Inputs) }

func used(s *assume.Study, inputs []Input) []assume.Used {
	out := s.Used()
	for i, u := range out {
		if !filepath.IsAbs(u.Value) {
			continue
		}
		var named []string
		for _, in := range inputs {
			if filepath.Base(in.File) == filepath.Base(u.Value) && !slices.Contains(named, in.File) {
				named = append(named, in.File)
			}
		}
		if len(named) == 1 {
			out[i].Value = named[0]
		}
	}
	return out
}
