package result

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/getij/getij/internal/outlook"
	"github.com/getij/getij/internal/potential"
	"github.com/getij/getij/internal/region"
)

// Regions are the regions of a result, column by column, the whole of them first
// and then from coarse to fine. What differs by year comes from a [Source].
type Regions struct {
	Code, Name, Level, Parent []string
	Years                     []int // that there are, of every scenario
	Schematic                 bool  // invented outlines
	// Figures are those that the study read, under the names that a study reads:
	// only a run has them.
	Figures []Figures
	Source
}

// Figures are a column of numbers by region.
type Figures struct {
	Name   string
	Values []float64 // NaN where unknown
}

// Source gives what is known of regions by year: a run computes it, a folder has it
// on file.
type Source interface {
	// Year is the chain and the potential of one year and scenario.
	Year(year int, scenario string) (*RegionYear, error)
	// Outlines are a level's regions in their order, with their borders in RD New
	// (nil for a region without) and the year of these.
	Outlines(level string) ([]region.Region, error)
	// Chain is some columns of charge_points in every year and scenario, for some
	// regions from the first on: by scenario and column, a value per region, year
	// after year.
	Chain(first, count int, columns ...string) (map[string]map[string][]float64, error)
}

// RegionYear is one year and scenario: the columns of charge_points and potential
// by name, a value per region.
type RegionYear struct {
	Year     int
	Scenario string
	Values   map[string]func() []float64 // by column, computed when it is asked for
}

// Column gives a column by its name.
func (y *RegionYear) Column(name string) []float64 {
	v, ok := y.Values[name]
	if !ok {
		panic("result: the tables by region have no column " + name)
	}
	return v()
}

// Homes are each region's dwellings and home equivalents.
func (y *RegionYear) Homes() []potential.Homes {
	dwellings, equivalents := y.Column("dwellings"), y.Column("home_equivalents")
	out := make([]potential.Homes, len(dwellings))
	for i := range out {
		out[i] = potential.Homes{Dwellings: dwellings[i], Equivalents: equivalents[i]}
	}
	return out
}

// FileYears are the years of the CSV and GeoPackage files.
func FileYears() (out []int) {
	for y := outlook.FirstYear; y <= outlook.LastYear; y += 5 {
		out = append(out, y)
	}
	return out
}

// Invented says whether there are wijken and buurten that exist nowhere.
func (r *Regions) Invented() bool { return slices.ContainsFunc(r.Code, region.Invented) }

// Len is the number of regions.
func (r *Regions) Len() int { return len(r.Code) }

// Levels are the levels that occur, from coarse to fine.
func (r *Regions) Levels() (out []string) {
	for _, l := range r.Level {
		if !slices.Contains(out, l) {
			out = append(out, l)
		}
	}
	return out
}

// OfLevel are the places of the regions of one level.
func (r *Regions) OfLevel(level string) (at []int) {
	for i, l := range r.Level {
		if l == level {
			at = append(at, i)
		}
	}
	return at
}

// Listed is the level that lists of regions show: gemeenten, else the finest.
func (r *Regions) Listed() string {
	if slices.Contains(r.Level, string(region.Gemeente)) {
		return string(region.Gemeente)
	}
	levels := r.Levels()
	return levels[len(levels)-1]
}

// DownToListed are the regions of that level and of coarser ones.
func (r *Regions) DownToListed() (at []int) {
	for _, l := range r.Levels() {
		at = append(at, r.OfLevel(l)...)
		if l == r.Listed() {
			break
		}
	}
	return at
}

// Top are the n gemeenten with the largest potential, or regions of the finest
// level where there are no gemeenten.
func (r *Regions) Top(y *RegionYear, n int) []int {
	list, mw := r.OfLevel(r.Listed()), y.Column("potential_mw")
	slices.SortStableFunc(list, func(a, b int) int { return cmp.Compare(mw[b], mw[a]) })
	return list[:min(n, len(list))]
}

// MapLevel is the level that a map of the whole shows, with its outlines:
// gemeenten, else the first finer level that has any; "" without.
func (r *Regions) MapLevel() (level string, outlines []region.Region, err error) {
	for _, l := range r.Levels() {
		if l != string(region.Gemeente) && region.Level(l).Rank() <= region.Level(region.Gemeente).Rank() || len(r.OfLevel(l)) < 2 {
			continue
		}
		if outlines, err = r.Outlines(l); err != nil {
			return "", nil, err
		}
		if slices.ContainsFunc(outlines, func(o region.Region) bool { return o.Geometry != nil }) {
			return l, outlines, nil
		}
	}
	return "", nil, nil
}

// Coverage says which regions these are: "342 gemeente, 13,934 buurt; 7.95
// million dwellings".
func (r *Regions) Coverage(dwellings float64) string {
	var parts []string
	for _, l := range r.Levels() {
		if l != string(region.Land) {
			parts = append(parts, thousands(len(r.OfLevel(l)))+" "+l)
		}
	}
	homes := thousands(int(math.Round(dwellings))) + " dwellings"
	if dwellings >= 1e6 {
		homes = fmt.Sprintf("%.2f million dwellings", dwellings/1e6)
	}
	return strings.Join(parts, ", ") + "; " + homes
}

func thousands(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
