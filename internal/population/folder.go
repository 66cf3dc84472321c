package population

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"

	"github.com/getij/getij/internal/durable"
	"github.com/getij/getij/internal/region"
	"github.com/getij/getij/internal/table"
)

// Names in a folder.
const (
	PlanFile  = "population.json"
	StudyFile = "study.yaml"
	CSVFile   = "population.csv"
	MapFile   = "population.parquet" // the same with borders
)

// Folder is a folder of a population, whole or in the making. Every file in it has its
// whole content or is not there, and is written once, under a name that says what it is:
// so that any number of programs can fill one, and each can be stopped at any moment.
type Folder struct {
	Dir  string
	Plan *Plan

	store *stored // where it is kept, if not in Dir
}

// MixtureError is a folder of another population than the one that is computed.
type MixtureError struct {
	Dir       string
	Have      *Plan
	Want      *Plan
	Different []string
}

func (e *MixtureError) Error() string {
	return fmt.Sprintf("%s holds another population (%s, this one is %s): they differ in %s. Name another folder with --out, or run what began it",
		e.Dir, e.Have.Hash, e.Want.Hash, strings.Join(e.Different, ", "))
}

// MissingError is a population whose parts are not all there.
type MissingError struct {
	Plan  *Plan
	Parts []int
}

func (e *MissingError) Error() string {
	const most = 5
	var names []string
	for _, p := range e.Parts[:min(most, len(e.Parts))] {
		names = append(names, e.Plan.Name(p))
	}
	list := strings.Join(names, "; ")
	if n := len(e.Parts) - most; n > 0 {
		list += fmt.Sprintf("; and %d more", n)
	}
	return fmt.Sprintf("%d of the %d parts of population %s are missing: %s. Run the shards that have them again, with --resume", len(e.Parts), len(e.Plan.Parts), e.Plan.Hash, list)
}

// DamagedError is a plan that is not as getij wrote it: trying again does not help.
type DamagedError struct{ File, Problem string }

func (e *DamagedError) Error() string { return e.File + " " + e.Problem }

// differences are what makes two populations different ones, in words.
func differences(a, b *Plan) (out []string) {
	say := func(same bool, what string) {
		if !same {
			out = append(out, what)
		}
	}
	say(a.Layout == b.Layout && a.Version == b.Version && a.Commit == b.Commit,
		fmt.Sprintf("the version of getij (%s and %s)", strings.TrimSpace(a.Version+" "+a.Commit), strings.TrimSpace(b.Version+" "+b.Commit)))
	say(a.Share == b.Share, fmt.Sprintf("the share of the homes (%g and %g %%)", 100*a.Share, 100*b.Share))
	say(slices.Equal(a.Years, b.Years), fmt.Sprintf("the years (%v and %v)", a.Years, b.Years))
	say(slices.Equal(a.Cases, b.Cases), fmt.Sprintf("the contracts and ways to charge (%v and %v)", a.Cases, b.Cases))
	inputs := func(p *Plan) (list []string) {
		for _, in := range p.Inputs {
			list = append(list, in.Kind+in.SHA256)
		}
		return list
	}
	say(slices.Equal(inputs(a), inputs(b)), "the input files")
	say(a.Settings == b.Settings && a.Scenario == b.Scenario && a.Adoption == b.Adoption, "the assumptions of the study")
	return out
}

// Differences are what makes another population another one, in words.
func (p *Plan) Differences(of *Plan) []string { return differences(p, of) }

// Exists says whether a folder holds a population, whole or in the making.
func Exists(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, PlanFile))
	return err == nil
}

// Open reads a folder's plan.
func Open(dir string) (*Folder, error) {
	b, err := os.ReadFile(filepath.Join(dir, PlanFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s holds no population: there is no %s in it", dir, PlanFile)
	}
	if err != nil {
		return nil, err
	}
	f := &Folder{Dir: dir, Plan: new(Plan)}
	if err := json.Unmarshal(b, f.Plan); err != nil {
		return nil, &DamagedError{filepath.Join(dir, PlanFile), fmt.Sprintf("is damaged (%v): remove the folder and run the study again", err)}
	}
	return f, f.Plan.check(dir)
}

// check finds a plan that no getij wrote.
func (p *Plan) check(dir string) error {
	hash, err := p.hash()
	if err == nil && (p.Program != "getij" || p.Hash != hash || len(p.Parts) == 0 || len(p.Years) == 0 || len(p.Cases) == 0) {
		err = &DamagedError{filepath.Join(dir, PlanFile), "was changed, or is of another version of getij: run the study again"}
	}
	return err
}

// Begin opens a folder for a population: a new one, or one of the same that was begun.
func Begin(dir string, p *Plan, study []byte) (*Folder, error) {
	f := &Folder{Dir: dir, Plan: p}
	plan, err := p.encode()
	if err != nil {
		return nil, err
	}
	if Exists(dir) {
		have, err := Open(dir)
		if err != nil {
			return nil, err
		}
		if have.Plan.Hash != p.Hash {
			return nil, &MixtureError{dir, have.Plan, p, differences(have.Plan, p)}
		}
		return f, nil
	}
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	for _, e := range entries {
		// What another program has begun to write, or its lock.
		if !strings.HasPrefix(e.Name(), ".") && !slices.Contains([]string{StudyFile, PlanFile, HouseholdTable().Name, BordersTable().Name}, e.Name()) {
			return nil, fmt.Errorf("%s is not empty and holds no population (%s): name another folder with --out", dir, e.Name())
		}
	}
	if err := durable.MkdirAll(dir); err != nil {
		return nil, err
	}
	if err := f.bytes(StudyFile, study); err != nil {
		return nil, err
	}
	return f, f.bytes(PlanFile, plan)
}

// encode is the content of a plan's file.
func (p *Plan) encode() ([]byte, error) {
	b, err := json.MarshalIndent(p, "", "  ")
	return append(b, '\n'), err
}

func (f *Folder) bytes(name string, content []byte) error {
	return durable.WriteFile(filepath.Join(f.Dir, name), func(w io.Writer) error {
		_, err := io.Copy(w, bytes.NewReader(content))
		return err
	})
}

// path is a file of a table: of a part, or of what the parts add up to.
func (f *Folder) path(t *table.Table, part string) string {
	return filepath.Join(f.Dir, t.Name, f.Plan.Hash+"-"+part+".parquet")
}

func partName(part int) string { return fmt.Sprintf("%04d", part+1) }

// ofAll names what the parts add up to.
const ofAll = "all"

// Has says whether a part is there: its regions are written last.
func (f *Folder) Has(part int) bool { return f.has(RegionsTable(), partName(part)) }

// Missing are the parts that are not there.
func (f *Folder) Missing() (parts []int) {
	for i := range f.Plan.Parts {
		if !f.Has(i) {
			parts = append(parts, i)
		}
	}
	return parts
}

// write writes a table's file of some rows.
func (f *Folder) write(t *table.Table, part string, batches iter.Seq2[table.Rows, error]) error {
	return durable.WriteFile(f.path(t, part), func(w io.Writer) error { return t.WriteParquet(w, batches) })
}

// sharedTables are the same for all parts, and written by whoever begins.
func sharedTables() []*table.Table { return []*table.Table{HouseholdTable(), BordersTable()} }

// writeBorders writes the borders of the regions, where they are not there yet.
func (f *Folder) writeBorders(ctx context.Context, in *Input) error {
	t := BordersTable()
	if f.has(t, ofAll) {
		return nil
	}
	if err := durable.MkdirAll(filepath.Join(f.Dir, t.Name)); err != nil {
		return err
	}
	err := f.write(t, ofAll, func(yield func(table.Rows, error) bool) {
		const atOnce = 1000
		for from := 0; from < in.Set.Len(); from += atOnce {
			rows := t.NewRows(atOnce)
			for i := from; i < min(from+atOnce, in.Set.Len()); i++ {
				r := in.Set.At(i)
				border := r.Geometry
				if border == nil {
					border = orb.MultiPolygon{}
				}
				if !in.InDegrees {
					border = region.ToWGS84(border)
				}
				geometry, err := wkb.Marshal(border)
				if err != nil {
					yield(nil, fmt.Errorf("border of %s: %w", r.Code, err))
					return
				}
				rows.Add(r.Code, string(geometry))
			}
			if !yield(rows, nil) {
				return
			}
		}
	})
	if err != nil {
		return err
	}
	return f.send(ctx, f.path(t, ofAll))
}

// writeHousehold writes the table of the mean household, where it is not there yet.
func (f *Folder) writeHousehold(ctx context.Context, in *Input) error {
	t := HouseholdTable()
	if f.has(t, ofAll) {
		return nil
	}
	rows := t.NewRows(in.Axis.Len())
	for i := range in.LoadKW {
		rows.Add(in.Axis.Time(i), in.LoadKW[i], in.DwellingsWithSolar*in.SolarKW[i])
	}
	if err := durable.MkdirAll(filepath.Join(f.Dir, t.Name)); err != nil {
		return err
	}
	if err := f.write(t, ofAll, table.Once(rows)); err != nil {
		return err
	}
	return f.send(ctx, f.path(t, ofAll))
}

// partTables have a file for each part, in the order in which they are written.
func partTables() []*table.Table {
	return []*table.Table{ProfilesTable(), HomesTable(), QuartersTable(), RegionsTable()}
}

// sweep removes what killed programs left of a part; "*" of all.
func (f *Folder) sweep(part string) error {
	var patterns []string
	for _, t := range append(partTables(), sharedTables()...) {
		patterns = append(patterns, filepath.Join(t.Name, "."+f.Plan.Hash+"-"+part+".parquet.*.tmp"))
	}
	if part == "*" {
		patterns = append(patterns, ".*.tmp") // of the folder's own files
	}
	for _, pattern := range patterns {
		left, err := filepath.Glob(filepath.Join(f.Dir, pattern))
		if err != nil {
			return err
		}
		for _, path := range left {
			if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return err
			}
		}
	}
	return nil
}
