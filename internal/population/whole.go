package population

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"math"
	"os"
	"path/filepath"
	"slices"

	"github.com/getij/getij/internal/cohort"
	"github.com/getij/getij/internal/durable"
	"github.com/getij/getij/internal/result"
	"github.com/getij/getij/internal/series"
	"github.com/getij/getij/internal/table"
)

// Manifest is manifest.json of a population: what it is, and every file, by its content.
// It has no times, as the same population is the same to the last bit.
type Manifest struct {
	Program    string         `json:"program"`
	Version    string         `json:"version"`
	Commit     string         `json:"commit,omitempty"`
	Population string         `json:"population"` // the plan's hash
	Study      string         `json:"study"`
	Inputs     []result.Input `json:"inputs"`
	Notes      []string       `json:"notes"`
	Files      []result.File  `json:"files"`
}

// Finish adds the parts up to provincies and the country, and writes the tables of these,
// the table of all regions as CSV, and the manifest, last.
func (f *Folder) Finish(ctx context.Context) error {
	if err := f.Refresh(ctx); err != nil {
		return err
	}
	if missing := f.Missing(); len(missing) > 0 {
		return &MissingError{f.Plan, missing}
	}
	if err := errors.Join(f.sweep("*"), f.fetch(ctx)); err != nil {
		return err
	}
	if len(f.Plan.Above) > 0 {
		w, err := f.newWhole()
		if err != nil {
			return err
		}
		if err := w.write(ctx); err != nil {
			return err
		}
	}
	if err := errors.Join(f.writeCSV(), f.writeMap()); err != nil {
		return err
	}
	if err := f.writeManifest(); err != nil {
		return err
	}
	return f.sendWhole(ctx, result.ManifestFile)
}

// whole adds up parts.
type whole struct {
	*Folder
	*frame
	parts  []partHomes
	values [2][]float32 // of one case: discharged kWh and saving of all homes, part after part
}

// partHomes says where a part's homes are among all, and what they count for.
type partHomes struct {
	regions []regionHomes
	first   int
}

// regionHomes are the homes of a region without parts.
type regionHomes struct {
	most   int       // in the year with most
	homes  []int     // by year
	weight []float64 // points that each counts for
}

func (f *Folder) newWhole() (*whole, error) {
	t := HouseholdTable()
	rows, err := t.ReadParquet(f.path(t, ofAll))
	if err != nil {
		return nil, err
	}
	axis := series.NewYear(f.Plan.Year)
	if len(rows[1].Real) != axis.Len() {
		return nil, fmt.Errorf("%s has %d quarter-hours, %d has %d: remove it and run the study again", f.path(t, ofAll), len(rows[1].Real), f.Plan.Year, axis.Len())
	}
	w := &whole{Folder: f, frame: newFrame(axis, f.Plan, rows[1].Real, rows[2].Real)}
	return w, w.readRegions()
}

// readRegions finds the homes of each region without parts.
func (w *whole) readRegions() error {
	first := 0
	per := len(w.cases) * len(w.years)
	for i := range w.Plan.Parts {
		t := RegionsTable()
		rows, err := t.ReadParquet(w.path(t, partName(i)))
		if err != nil {
			return err
		}
		code, parent, points, homes := rows[0].Text, rows[6].Text, rows[7].Real, rows[8].Integer
		isParent := map[string]bool{}
		for _, p := range parent {
			isParent[p] = true
		}
		p := partHomes{first: first}
		for at := 0; at+per <= len(code); at += per { // a region's rows are case by case, year by year
			if isParent[code[at]] {
				continue
			}
			r := regionHomes{}
			for y := range w.years {
				n, weight := homes[at+y], 0.0
				if n > 0 {
					weight = points[at+y] * w.Plan.Adoption / float64(n)
				}
				r.homes, r.weight, r.most = append(r.homes, n), append(r.weight, weight), max(r.most, n)
			}
			p.regions, first = append(p.regions, r), first+r.most
		}
		w.parts = append(w.parts, p)
	}
	if first != w.Plan.Homes {
		return fmt.Errorf("%s: its parts have %d homes and the plan %d: the files were changed, run the study again", w.Dir, first, w.Plan.Homes)
	}
	return nil
}

// readHomes reads what the homes of all parts do under a case.
func (w *whole) readHomes(c int) error {
	t := HomesTable()
	columns := [2]int{7, 10} // discharged_kwh, saving_eur
	for i := range columns {
		w.values[i] = w.values[i][:0]
	}
	for part := range w.parts {
		file, err := t.OpenParquet(w.path(t, partName(part)))
		if err != nil {
			return err
		}
		for i, column := range columns {
			var v table.Values
			for g, group := range file.RowGroups() {
				if err := file.ReadColumn(g, column, 0, int(group.NumRows()), &v); err != nil {
					file.Close()
					return err
				}
			}
			for at := c; at < len(v.Real); at += len(w.cases) {
				w.values[i] = append(w.values[i], float32(v.Real[at]))
			}
		}
		file.Close()
		if want := w.after(part); len(w.values[0]) != want || len(w.values[1]) != want {
			return fmt.Errorf("%s has not the homes of its regions: the files were changed, run the study again", file.Path)
		}
	}
	return nil
}

// after is where the homes behind a part begin.
func (w *whole) after(part int) int {
	if part+1 < len(w.parts) {
		return w.parts[part+1].first
	}
	return w.Plan.Homes
}

// members are the parts of a region that parts add up to.
func (w *whole) members(a *AboveParts) (parts []int) {
	under := map[string]bool{a.Code: true}
	for i := len(w.Plan.Above) - 1; i >= 0; i-- { // the land last
		if x := &w.Plan.Above[i]; under[x.Parent] {
			under[x.Code] = true
		}
	}
	for i := range w.Plan.Parts {
		if under[w.Plan.Parts[i].Under] {
			parts = append(parts, i)
		}
	}
	return parts
}

// write writes the tables of what parts add up to.
func (w *whole) write(ctx context.Context) error {
	spreads, err := w.spreads(ctx)
	if err != nil {
		return err
	}
	all := make([]*sums, len(w.Plan.Above)) // of provincies, kept until the country has them
	regions, profiles := RegionsTable().NewRows(0), ProfilesTable().NewRows(0)
	err = w.Folder.write(QuartersTable(), ofAll, func(yield func(table.Rows, error) bool) {
		for i := range w.Plan.Above {
			a := &w.Plan.Above[i]
			s, err := w.sumOf(ctx, a, all)
			if err != nil {
				yield(nil, err)
				return
			}
			all[i] = s
			d := &described{
				code: a.Code, name: a.Name, level: a.Level, parent: a.Parent, dwellings: a.Dwellings, equivalents: a.Equivalents, points: a.Points,
				homes: w.homesOf(a), sums: s,
				spreads: func(c, y int) (cohort.Spread, cohort.Spread) { x := spreads[i][w.at(c, y)]; return x[0], x[1] },
			}
			w.addRegion(regions, d)
			w.addProfiles(profiles, a.Code, s)
			rows := QuartersTable().NewRows(len(s.watts) * w.axis.Len())
			w.addQuarters(rows, a.Code, s)
			if !yield(rows, nil) {
				return
			}
		}
	})
	if err != nil {
		return err
	}
	if err := w.Folder.write(ProfilesTable(), ofAll, table.Once(profiles)); err != nil {
		return err
	}
	return w.Folder.write(RegionsTable(), ofAll, table.Once(regions))
}

// homesOf counts the homes of a region that parts add up to, by year.
func (w *whole) homesOf(a *AboveParts) []int {
	out := make([]int, len(w.years))
	for _, p := range w.members(a) {
		for _, r := range w.parts[p].regions {
			for y, n := range r.homes {
				out[y] += n
			}
		}
	}
	return out
}

// sumOf adds up the parts directly under a region, and the regions under it.
func (w *whole) sumOf(ctx context.Context, a *AboveParts, all []*sums) (*sums, error) {
	s := w.newSums()
	for i := range w.Plan.Above {
		if x := &w.Plan.Above[i]; x.Parent == a.Code && all[i] != nil {
			s.add(all[i])
			all[i] = nil
		}
	}
	for i := range w.Plan.Parts {
		if w.Plan.Parts[i].Under != a.Code {
			continue
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if err := w.addPart(s, i, a.Code); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// addPart adds a part's power and figures.
func (w *whole) addPart(s *sums, part int, under string) error {
	t := QuartersTable()
	path := w.path(t, partName(part))
	quarters, err := t.ReadParquet(path)
	if err != nil {
		return err
	}
	kW := quarters[5].Real
	if n := w.axis.Len(); len(kW) != n*len(s.watts) {
		return fmt.Errorf("%s has %d rows, %d were expected: remove it and the part's other files, and run the study again", path, len(kW), n*len(s.watts))
	}
	for k := range s.watts {
		for t := range s.watts[k] {
			s.watts[k][t] += thousandths(kW[k*w.axis.Len()+t])
		}
	}
	t = RegionsTable()
	rows, err := t.ReadParquet(w.path(t, partName(part)))
	if err != nil {
		return err
	}
	per := len(s.figures)
	for at := 0; at+per <= len(rows[0].Text); at += per {
		if rows[6].Text[at] != under { // of a region within another of the part
			continue
		}
		for k := range s.figures {
			for i, v := range s.figures[k].each() {
				*v += thousandths(rows[9+i].Real[at+k])
			}
		}
	}
	return nil
}

// thousandths is a number of three decimals in thousandths.
func thousandths(v float64) float64 { return math.Round(perThousand * v) }

// spreads are those of each region that parts add up to, by case and year.
func (w *whole) spreads(ctx context.Context) ([][][2]cohort.Spread, error) {
	out := make([][][2]cohort.Spread, len(w.Plan.Above))
	for i := range out {
		out[i] = make([][2]cohort.Spread, len(w.cases)*len(w.years))
	}
	homes := make([]counted, 0, w.Plan.Homes)
	for c := range w.cases {
		if err := w.readHomes(c); err != nil {
			return nil, err
		}
		for i := range w.Plan.Above {
			members := w.members(&w.Plan.Above[i])
			for y := range w.years {
				for value := range w.values {
					if err := ctx.Err(); err != nil {
						return nil, err
					}
					homes = homes[:0]
					for _, p := range members {
						at := w.parts[p].first
						for _, r := range w.parts[p].regions {
							for _, v := range w.values[value][at : at+r.homes[y]] {
								homes = append(homes, counted{v, r.weight[y]})
							}
							at += r.most
						}
					}
					out[i][w.at(c, y)][value] = spread(homes)
				}
			}
		}
	}
	return out, nil
}

// writeCSV writes the table of all regions for people, from coarse to fine.
func (f *Folder) writeCSV() error {
	t := RegionsTable()
	return durable.WriteFile(filepath.Join(f.Dir, CSVFile), func(w io.Writer) error {
		return t.WriteCSV(w, f.batches(t))
	})
}

// writeMap writes the table of all regions with their borders, for maps.
func (f *Folder) writeMap() error {
	t := BordersTable()
	borders, err := t.ReadParquet(f.path(t, ofAll))
	if err != nil {
		return err
	}
	of := map[string]string{}
	for i, code := range borders[0].Text {
		of[code] = borders[1].Text[i]
	}
	return durable.WriteFile(filepath.Join(f.Dir, MapFile), func(w io.Writer) error {
		return mapTable().WriteParquet(w, func(yield func(table.Rows, error) bool) {
			for rows, err := range f.batches(RegionsTable()) {
				if err != nil {
					yield(nil, err)
					return
				}
				geometry := table.Values{}
				for _, code := range rows[0].Text {
					geometry.Text = append(geometry.Text, of[code])
				}
				if !yield(append(rows, geometry), nil) {
					return
				}
			}
		})
	})
}

// batches are a table's rows, those of what parts add up to first.
func (f *Folder) batches(t *table.Table) iter.Seq2[table.Rows, error] {
	var names []string
	if len(f.Plan.Above) > 0 {
		names = append(names, ofAll)
	}
	for i := range f.Plan.Parts {
		names = append(names, partName(i))
	}
	return func(yield func(table.Rows, error) bool) {
		for _, name := range names {
			if rows, err := t.ReadParquet(f.path(t, name)); !yield(rows, err) || err != nil {
				return
			}
		}
	}
}

// writeManifest lists every file of the folder.
func (f *Folder) writeManifest() error {
	p := f.Plan
	m := Manifest{Program: p.Program, Version: p.Version, Commit: p.Commit, Population: p.Hash, Study: p.Study, Inputs: p.Inputs, Notes: p.Notes}
	for _, name := range f.files() {
		x := result.File{Name: filepath.ToSlash(name)}
		var err error
		if x.Bytes, x.SHA256, err = durable.Digest(filepath.Join(f.Dir, name)); err != nil {
			return err
		}
		m.Files = append(m.Files, x)
	}
	b, err := json.MarshalIndent(&m, "", "  ")
	if err != nil {
		return err
	}
	return f.bytes(result.ManifestFile, append(b, '\n'))
}

// files are the names of a finished folder's files but for its manifest, in order.
func (f *Folder) files() []string {
	out := []string{CSVFile, MapFile, PlanFile, StudyFile}
	add := func(t *table.Table, part string) {
		if path, err := filepath.Rel(f.Dir, f.path(t, part)); err == nil {
			out = append(out, path)
		}
	}
	for _, t := range sharedTables() {
		add(t, ofAll)
	}
	for _, t := range partTables() {
		for i := range f.Plan.Parts {
			add(t, partName(i))
		}
		if t.Name != HomesTable().Name && len(f.Plan.Above) > 0 {
			add(t, ofAll)
		}
	}
	slices.Sort(out)
	return out
}

// Finished says whether a folder is whole.
func (f *Folder) Finished() bool {
	_, err := os.Stat(filepath.Join(f.Dir, result.ManifestFile))
	return err == nil
}

// Total is the coarsest region's row of a case and year.
type Total struct {
	Name, Contract, Mode                                                 string
	Year, Homes                                                          int
	Points, DischargedKWh, SavingEUR, SavingP5EUR, SavingP95EUR          float64
	EveningWinterKW, EveningSummerKW, EveningYearKW, HighestKW, LowestKW float64
}

// Totals are those of a finished folder: the land's, or of the only region.
func (f *Folder) Totals() (out []Total, err error) {
	t := RegionsTable()
	name := ofAll
	if len(f.Plan.Above) == 0 {
		name = partName(0)
	}
	rows, err := t.ReadParquet(f.path(t, name))
	if err != nil {
		return nil, err
	}
	n := len(f.Plan.Cases) * len(f.Plan.Years)
	for i := len(rows[0].Text) - n; i < len(rows[0].Text); i++ { // the land is last
		real := func(column string) float64 {
			return rows[slices.IndexFunc(t.Columns, func(c table.Column) bool { return c.Name == column })].Real[i]
		}
		out = append(out, Total{
			Name: rows[4].Text[i], Year: rows[1].Integer[i], Contract: rows[2].Text[i], Mode: rows[3].Text[i], Homes: rows[8].Integer[i],
			Points: real("home_charge_points"), DischargedKWh: real("discharged_kwh"), SavingEUR: real("saving_eur"),
			SavingP5EUR: real("saving_eur_per_home_p5"), SavingP95EUR: real("saving_eur_per_home_p95"),
			EveningWinterKW: real("evening_winter_kw"), EveningSummerKW: real("evening_summer_kw"), EveningYearKW: real("evening_year_kw"),
			HighestKW: real("highest_kw"), LowestKW: real("lowest_kw"),
		})
	}
	return out, nil
}
