package study

import (
	"github.com/getij/getij/internal/region"
)

// MapLevel is the level that a map of the whole shows: gemeenten, else the first
// finer level that has outlines; false without any.
func (g *Regional) MapLevel() (region.Level, bool) {
	if g.CRS == 0 {
		return "", false
	}
	if len(g.Set.OfLevel(region.Gemeente)) > 1 {
		return region.Gemeente, true
	}
	for _, l := range g.Set.Levels() {
		if l.Rank() > region.Gemeente.Rank() && len(g.Set.OfLevel(l)) > 1 {
			return l, true
		}
	}
	return "", false
}

// Outlines are the borders of one level in RD New, simplified, in the order of
// Set.OfLevel. Borders that regions share stay shared.
func (g *Regional) Outlines(level region.Level, toleranceM float64) ([]region.Region, error) {
	set := g.Set.Dissolved()
	var out []region.Region
	for _, i := range set.OfLevel(level) {
		out = append(out, g.InRD(set, i))
	}
	if toleranceM <= 0 {
		return out, nil
	}
	simple, _, err := region.Simplify(out, region.SimplifyOptions{ToleranceM: toleranceM})
	return simple, err
}
