package result

import (
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
	Program     string    `json:"program"` // getij
	Version     string    `json:"version"`
	Commit      string    `json:"commit,omitempty"`
	Written     time.Time `json:"written"`
	Study       string    `json:"study"`
	Seed        uint64    `json:"seed"`
	Inputs      []Input   `json:"inputs"`
	Changes     Changes   `json:"changes"`
	Notes       []string  `json:"notes"` // what a reader of the results must know
	Stages      []Stage   `json:"stages"`
	WallSeconds float64   `json:"wall_seconds"`
	Files       []File    `json:"files"` // what the folder holds besides
	// Variants are only in the manifest of a comparison, which is no study's result.
	Variants []string `json:"variants,omitempty"`
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

// Stage is how long a part of the work took.
type Stage struct {
	Name    string  `json:"name"`
	Seconds float64 `json:"seconds"`
}

// SyntheticNote says which inputs are synthetic, or "" when none is.
func (m *Manifest) SyntheticNote() string { return syntheticNote(m.Inputs) }

func syntheticNote(inputs []Input) string {
	var kinds []string
	for _, in := range inputs {
		if in.Synthetic && !slices.Contains(kinds, in.Kind) {
			kinds = append(kinds, in.Kind)
		}
	}
	if len(kinds) == 0 {
		return ""
	}
	return "synthetic reference data: " + strings.Join(kinds, ", ")
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
