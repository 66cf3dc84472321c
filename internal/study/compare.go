package study

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/getij/getij/internal/assume"
	"github.com/getij/getij/internal/cohort"
	"github.com/getij/getij/internal/dataset"
	"github.com/getij/getij/internal/home"
	"github.com/getij/getij/internal/inputs"
	"github.com/getij/getij/internal/profiles"
	"github.com/getij/getij/internal/reference"
	"github.com/getij/getij/internal/result"
	"github.com/getij/getij/internal/tariff"
)

// Compare computes the same homes under several studies, without coincidence and
// regions. What is the same in several of them is computed once: prices of a file and
// year, homes whose every setting is the same, and among those homes the cases with
// the same way to charge and the same prices in every quarter-hour.
func Compare(ctx context.Context, studies []*assume.Study, progress Progress) (*result.Comparison, error) {
	if progress == nil {
		progress = func(string, int, int) {}
	}
	if err := sameHomes(studies); err != nil {
		return nil, &assume.InputError{Err: err}
	}
	out := &result.Comparison{Studies: studies}
	start := time.Now()
	stage := func(name string) {
		out.Manifest.Stages = append(out.Manifest.Stages, result.Stage{Name: name, Seconds: time.Since(start).Seconds()})
		start = time.Now()
	}
	progress("reading inputs", 0, 1)
	groups, err := group(ctx, studies)
	if err != nil {
		return nil, &assume.InputError{Err: err}
	}
	stage("inputs")
	total := 0
	for _, g := range groups {
		total += len(g.cases) * len(g.homes)
	}
	before := 0
	for _, g := range groups {
		g.results, err = cohort.Run(ctx, &cohort.Input{
			Axis: g.benches[0].Axis, Homes: g.homes, Cases: g.cases, Seed: studies[0].Seed,
			Progress: func(done, _ int) { progress("optimising", before+done, total) },
		})
		if err != nil {
			return nil, profiles.OfInput(err)
		}
		before += len(g.cases) * len(g.homes)
	}
	stage("optimisation")
	for _, s := range studies { // in their order, not that of the groups
		for _, g := range groups {
			for i, r := range g.benches {
				if r.Study == s {
					profiles.AddCases(r.Workbench, g.resultsOf(i))
					r.Manifest.Notes = r.notes()
					out.Add(&r.Result)
				}
			}
		}
	}
	stage("tables")
	return out, nil
}

// sameHomes refuses studies that cannot be compared home by home.
func sameHomes(studies []*assume.Study) error {
	first := studies[0]
	years, names := 0, map[string]bool{}
	for _, s := range studies {
		if names[s.Name] {
			return fmt.Errorf("two studies are called %s: give each a name of its own with `study:`, and each variant under `variants:`", s.Name)
		}
		names[s.Name] = true
		for _, x := range []struct {
			key         string
			want, given any
		}{{"homes", first.Homes, s.Homes}, {"seed", first.Seed, s.Seed}} {
			if x.want != x.given {
				return fmt.Errorf("%s has %s: %v and %s has %v: a comparison is of the same homes; set one for all with --set %s=%v", first.Name, x.key, x.want, s.Name, x.given, x.key, x.want)
			}
		}
		years += s.Homes * len(s.Contracts) * len(s.Modes)
	}
	const mostYears = 1_000_000 // as of one study
	if years > mostYears {
		return fmt.Errorf("%d studies with %d homes, their contracts and modes are %d years of a home, and at most %d were expected: take fewer homes, contracts, modes or variants", len(studies), first.Homes, years, mostYears)
	}
	return nil
}

// homesGroup are studies whose homes are the same, and the cases that they have
// together.
type homesGroup struct {
	key     string
	homes   []*home.Home
	benches []*workbench
	cases   []cohort.Case
	at      [][]int // by study, the place in cases of each of its cases
	results []*cohort.Result
}

// group reads the studies' inputs and puts those with the same homes together.
func group(ctx context.Context, studies []*assume.Study) (groups []*homesGroup, err error) {
	read := map[string][]float64{} // prices, by file and year
	for _, s := range studies {
		r := &workbench{Workbench: inputs.New(s, dataset.Files{})}
		year := reference.NewYear(r.Axis)
		if err := r.compared(ctx, year, read, &groups); err != nil {
			return nil, fmt.Errorf("%s: %w", s.Name, err)
		}
	}
	return groups, nil
}

// compared reads a study's inputs and adds it to the group of its homes.
func (r *workbench) compared(ctx context.Context, year *reference.Year, read map[string][]float64, groups *[]*homesGroup) error {
	dayAhead, err := r.ReadPrices(ctx, year)
	if err != nil {
		return err
	}
	key, err := homesKey(r.Study)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(*groups, func(g *homesGroup) bool { return g.key == key })
	if i < 0 {
		g := &homesGroup{key: key}
		if err := r.ReadHousehold(ctx, year); err != nil {
			return err
		}
		if g.homes, err = r.MakeHomes(ctx, false); err != nil {
			return err
		}
		*groups = append(*groups, g)
		i = len(*groups) - 1
	} else {
		r.takeHomes((*groups)[i].benches[0])
	}
	at := *groups
	cases, err := r.MakeCases(ctx, dayAhead, at[i].homes)
	if err != nil {
		return err
	}
	at[i].add(r, cases)
	return nil
}

// takeHomes takes the homes and what was read for them from another study with the
// same.
func (r *workbench) takeHomes(from *workbench) {
	r.LoadKW, r.SolarKW, r.Sessions, r.Drawn = from.LoadKW, from.SolarKW, from.Sessions, from.Drawn
	r.Manifest.Changes = from.Manifest.Changes
	for _, in := range from.Manifest.Inputs {
		if in.Kind != "prices" {
			r.Manifest.Inputs = append(r.Manifest.Inputs, in)
		}
	}
}

// add takes up a study with its cases, those that are there already but once.
func (g *homesGroup) add(r *workbench, cases []cohort.Case) {
	var at []int
	for _, c := range cases {
		i := slices.IndexFunc(g.cases, func(o cohort.Case) bool {
			return o.Mode == c.Mode && o.Given == nil && c.Given == nil && samePrices(o.Prices, c.Prices)
		})
		if i < 0 {
			i = len(g.cases)
			c.Contract += " of " + r.Study.Name // in errors
			g.cases = append(g.cases, c)
		}
		at = append(at, i)
	}
	g.benches, g.at = append(g.benches, r), append(g.at, at)
}

func samePrices(a, b *tariff.Prices) bool {
	return a.NettedEURPerKWh == b.NettedEURPerKWh && a.PowerEURPerKWMonth == b.PowerEURPerKWMonth && slices.Equal(a.Bands, b.Bands) && slices.Equal(a.FeedInTiers, b.FeedInTiers) &&
		slices.Equal(a.ImportEURPerKWh, b.ImportEURPerKWh) &&
		slices.Equal(a.ExportEURPerKWh, b.ExportEURPerKWh) && slices.Equal(a.StorageExportEURPerKWh, b.StorageExportEURPerKWh)
}

// resultsOf are the results of a study's cases, under its own contracts' names.
func (g *homesGroup) resultsOf(study int) (out []*cohort.Result) {
	s := g.benches[study].Study
	for k, at := range g.at[study] {
		res := *g.results[at]
		res.Contract = s.Contracts[k/len(s.Modes)].Name
		out = append(out, &res)
	}
	return out
}

// homesKey is the same for studies whose homes are the same: all settings are but
// those of prices and ways to charge.
func homesKey(s *assume.Study) (string, error) {
	k := *s
	k.Name, k.Modes, k.Contracts, k.Data.Prices, k.Prices, k.Potential = "", nil, nil, "", assume.Prices{}, assume.Potential{}
	for _, file := range []*string{&k.Data.Load, &k.Data.Solar, &k.Data.Sessions, &k.Data.Meters} {
		if *file != assume.Reference && *file != assume.None && *file != assume.Drawn {
			*file = s.Path(*file)
		}
	}
	text, err := json.Marshal(k)
	return string(text), err
}
