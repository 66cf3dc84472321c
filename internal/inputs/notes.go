package inputs

import (
	"fmt"

	"github.com/getij/getij/internal/assume"
)

// Notes are what a reader of the results must know, in a sentence each: what is
// synthetic, and what was mended or cut.
func (r *Workbench) Notes() []string {
	var out []string
	if note := r.Manifest.SyntheticNote(); note != "" {
		out = append(out, note+" (set data.* in a study file to use your own)")
	}
	for _, in := range r.Manifest.Inputs {
		for _, n := range in.Notes {
			if in.Kind != "regions" || in.File != assume.Reference && in.File != assume.Schematic {
				out = append(out, in.File+": "+n)
			}
		}
		for _, m := range in.Mends {
			out = append(out, fmt.Sprintf("%s: %s, %d times (%s)", in.File, m.What, m.Count, m.Where[0]))
		}
	}
	if r.Study.Data.Meters == assume.Drawn {
		out = append(out, "homes have loads of their own, drawn around the mean one as metered homes are spread (docs/street.md); name meters under data.meters to use yours")
	}
	if r.heatNote != "" {
		out = append(out, r.heatNote)
	}
	if note := r.Study.Prices.Note(); note != "" {
		out = append(out, note)
	}
	out = append(out, feedbackNotes(r.Study, r.Summary.Contracts)...)
	if note := rewardNote(r.Study); note != "" {
		out = append(out, note)
	}
	for i := range r.Study.Contracts {
		if note := r.Study.Contracts[i].PresetNote(); note != "" {
			out = append(out, note)
		}
		if note := r.Study.Contracts[i].RulesNote(); note != "" {
			out = append(out, note)
		}
	}
	c := &r.Manifest.Changes
	if missing := 1 - c.SessionsTotalKWh/r.AskedKWh; r.AskedKWh > 0 && missing > 0.001 { // less is rounding
		homes := float64(r.Study.Homes)
		out = append(out, fmt.Sprintf("cars need %.0f kWh a year of their own charge points on average, and their sessions bring %.0f at most: %.1f %% is missing from this study; more behaviour.sessions_per_week, or a larger battery, charger or connection would bring it", r.AskedKWh/homes, c.SessionsTotalKWh/homes, 100*missing))
	}
	out = append(out, c.Notes(r.Study.Homes, r.Study.Year)...)
	return out
}
