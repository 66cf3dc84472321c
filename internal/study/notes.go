package study

import (
	"fmt"
	"slices"

	"github.com/getij/getij/internal/potential"
	"github.com/getij/getij/internal/profiles"
	"github.com/getij/getij/internal/region"
	"github.com/getij/getij/internal/result"
)

// notes are what a reader of the results must know, in a sentence each.
func (r *workbench) notes() []string {
	out := profiles.Notes(r.Workbench)
	if r.regional != nil {
		if r.Study.Potential.KWPerChargePoint.Rule == potential.Computed && !slices.Contains(r.Study.Modes, "v2g") {
			out = append(out, "the study has no mode v2g, so by region a charge point counts for nothing: add it to modes, or set potential.kw_per_charge_point to report or a number of kW")
		}
		if n := r.Study.Homes; n < result.LeastHomes {
			out = append(out, fmt.Sprintf("regions count all their cars as the mean of the study's homes, which are only %d: %d or more give a steadier mean", n, result.LeastHomes))
		}
		if n := bandHomes(r.Study); r.Study.Home.BatteryKWh > 0 && n < r.Study.Homes {
			out = append(out, fmt.Sprintf("the band over the assumptions adds what they change for the first %d homes, as a year with a battery takes long", n))
		}
		out = append(out, r.regional.notes()...)
	}
	return out
}

// notes say what was imputed or mended in the regions' figures.
func (g *regional) notes() (out []string) {
	if g.Schematic {
		out = append(out, "the map is schematic: gemeenten are real with their figures of 2023, their outlines are not (set data.regions to the CBS file for real ones and for wijken and buurten, docs/data.md)")
	}
	for i := range g.Set.Len() {
		if region.Invented(g.Set.At(i).Code) {
			out = append(out, "wijken and buurten are invented: they exist nowhere, and share out the figures of their gemeente by rules of our own")
			break
		}
	}
	return append(out, g.forecast.Changes.Notes()...)
}
