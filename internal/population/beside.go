package population

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/getij/getij/dispatch"
	"github.com/getij/getij/internal/durable"
	"github.com/getij/getij/internal/result"
	"github.com/getij/getij/internal/table"
)

// UnfitError is a population and a result of which one cannot be set beside the other: it
// comes again.
type UnfitError struct{ text string }

func (e *UnfitError) Error() string { return e.text }

func unfit(format string, about ...any) error { return &UnfitError{fmt.Sprintf(format, about...)} }

// Beside are the rows of [result.PopulationTable]: what the regions of a finished folder do,
// and beside it what the average of the result's homes says of them.
func (f *Folder) Beside(r *result.Result) (*result.PopulationNote, table.Rows, error) {
	if !f.Finished() {
		if missing := f.Missing(); len(missing) > 0 {
			return nil, nil, &MissingError{f.Plan, missing}
		}
		return nil, nil, fmt.Errorf("%s has all its parts and is not added up yet: getij merge %s does that", f.Dir, f.Dir)
	}
	if r.Regions == nil {
		return nil, nil, unfit("%s has no regions, which a population is of", r.Dir)
	}
	if err := f.sameStudy(r); err != nil {
		return nil, nil, err
	}
	if err := f.hold(RegionsTable().Name + "/"); err != nil {
		return nil, nil, err
	}
	own, err := f.regions()
	if err != nil {
		return nil, nil, err
	}
	rows, err := own.beside(f.Plan, r)
	return &result.PopulationNote{Hash: f.Plan.Hash, Homes: f.Plan.Homes, Share: f.Plan.Share}, rows, err
}

// sameStudy finds what makes the result one of another study.
func (f *Folder) sameStudy(r *result.Result) error {
	p, m := f.Plan, r.Manifest
	var different []string
	if p.Version != m.Version || p.Commit != m.Commit {
		different = append(different, fmt.Sprintf("the version of getij (%s and %s)", strings.TrimSpace(p.Version+" "+p.Commit), strings.TrimSpace(m.Version+" "+m.Commit)))
	}
	settings, err := r.Study.Settings()
	if err != nil {
		return err
	}
	if sum := sha256.Sum256(settings); p.Settings != hex.EncodeToString(sum[:]) {
		different = append(different, "the assumptions of the study")
	}
	for _, in := range p.Inputs {
		if !slices.ContainsFunc(m.Inputs, func(x result.Input) bool { return x.Kind == in.Kind && x.SHA256 == in.SHA256 }) {
			different = append(different, "the input of "+in.Kind+" ("+in.File+")")
		}
	}
	if len(different) > 0 {
		return unfit("the population of %s is not of the study of %s: they differ in %s. Run both with the same study file and the same getij", f.Dir, r.Dir, strings.Join(different, ", "))
	}
	return nil
}

// hold holds the files whose names begin so to the sums that the manifest lists.
func (f *Folder) hold(prefix string) error {
	path := filepath.Join(f.Dir, result.ManifestFile)
	b, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	var m Manifest
	if err := json.Unmarshal(b, &m); err != nil {
		return unfit("%s is damaged (%v): remove it, and getij merge %s writes it again", path, err, f.Dir)
	}
	for _, x := range m.Files {
		if !strings.HasPrefix(x.Name, prefix) {
			continue
		}
		of := filepath.Join(f.Dir, filepath.FromSlash(x.Name))
		if _, sum, err := durable.Digest(of); err != nil {
			return err
		} else if sum != x.SHA256 {
			return unfit("%s is not the file that the manifest lists: it was changed after the run. Copy the folder again, or run the population again", of)
		}
	}
	return nil
}

// regionRows are the rows of [RegionsTable] with where each is.
type regionRows struct {
	rows   table.Rows
	column map[string]int
	at     map[regionKey]int
}

type regionKey struct {
	code, contract, mode string
	year                 int
}

// regions reads what all regions do.
func (f *Folder) regions() (*regionRows, error) {
	t := RegionsTable()
	out := &regionRows{rows: t.NewRows(0), column: map[string]int{}, at: map[regionKey]int{}}
	for k, c := range t.Columns {
		out.column[c.Name] = k
	}
	for rows, err := range f.batches(t) {
		if err != nil {
			return nil, err
		}
		for k := range rows {
			to, from := &out.rows[k], &rows[k]
			to.Real, to.Text = append(to.Real, from.Real...), append(to.Text, from.Text...)
			to.Integer, to.Time = append(to.Integer, from.Integer...), append(to.Time, from.Time...)
		}
	}
	for i, code := range out.rows[0].Text {
		out.at[regionKey{code, out.rows[2].Text[i], out.rows[3].Text[i], out.rows[1].Integer[i]}] = i
	}
	return out, nil
}

func (o *regionRows) real(name string, row int) float64 { return o.rows[o.column[name]].Real[row] }

func (o *regionRows) instant(name string, row int) time.Time { return o.rows[o.column[name]].Time[row] }

// beside sets the average of the result's homes beside each row.
func (o *regionRows) beside(p *Plan, r *result.Result) (table.Rows, error) {
	g := r.Regions
	out := result.PopulationTable().NewRows(len(o.at))
	for _, year := range p.Years {
		y, err := g.Year(year, p.Scenario)
		if err != nil {
			return nil, err
		}
		homes := y.Homes()
		for _, c := range p.Cases {
			mode, err := dispatch.ParseMode(c.Mode)
			if err != nil {
				return nil, err
			}
			average, err := r.AverageOf(c.Contract, mode)
			if err != nil {
				return nil, err
			}
			for i, code := range g.Code {
				row, ok := o.at[regionKey{code, c.Contract, c.Mode, year}]
				if !ok {
					return nil, unfit("the population has not the region %s (%s), which the result has", code, g.Name[i])
				}
				points := o.real("home_charge_points", row)
				a := average(homes[i], points)
				values := []any{code, g.Name[i], g.Level[i], g.Parent[i], year, p.Scenario, c.Contract, c.Mode, points, o.rows[o.column["homes"]].Integer[row]}
				for _, name := range []string{"evening_winter_kw", "evening_summer_kw", "evening_year_kw"} {
					values = append(values, o.real(name, row))
				}
				for _, season := range []string{"winter", "summer", "year"} {
					values = append(values, a.EveningKW[season])
				}
				values = append(values, o.real("highest_kw", row), o.instant("highest_utc", row), a.HighestKW, a.HighestUTC,
					o.real("discharged_kwh", row), a.DischargedKWh, o.real("saving_eur", row)/(points*p.Adoption), a.SavingEUR)
				for _, of := range []string{"saving_eur", "discharged_kwh"} {
					for _, percentile := range []string{"p5", "p50", "p95"} {
						values = append(values, o.real(of+"_per_home_"+percentile, row))
					}
				}
				out.Add(values...)
			}
		}
	}
	return out, nil
}
