package population

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/getij/getij/internal/durable"
	"github.com/getij/getij/internal/table"
)

// InputsDir is where a store has the study's input files, which its study.yaml names.
const InputsDir = "inputs"

// InputNames are those of the study's input files, of all names that a store has. A storage
// takes any name: one that would lead elsewhere on this machine is none.
func InputNames(names map[string]bool) (out []string) {
	for name := range names {
		file, ok := strings.CutPrefix(name, InputsDir+"/")
		if ok && file == filepath.Base(file) && filepath.IsLocal(file) && file != "." {
			out = append(out, name)
		}
	}
	return out
}

// Store keeps a population's files away from this machine's disk: in object storage.
// Names are those in the folder, with slashes. What is there is whole, and what has a name
// is not written again: the name says what it is.
type Store interface {
	// Names are those that are there.
	Names(ctx context.Context) (map[string]bool, error)
	// Put copies a file there, where there is none of that name.
	Put(ctx context.Context, name, path string) error
	// Get copies what is there to a file.
	Get(ctx context.Context, name, path string) error
	// String is where it is, for people.
	String() string
}

// stored is what a folder knows of its store. The folder itself is then this machine's
// own, for what is on its way.
type stored struct {
	Store
	mu   sync.Mutex
	have map[string]bool
}

func (s *stored) has(name string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.have[name]
}

// BeginIn is [Begin] for a population that is kept in a store; dir is an empty folder, or
// one that was begun with for the same store. The plan is first: whose it is, is the place.
// study puts the files there that the study reads, and gives the study, which is last: with
// it the population has begun.
func BeginIn(ctx context.Context, store Store, dir string, p *Plan, study func() ([]byte, error)) (*Folder, error) {
	names, err := store.Names(ctx)
	if err != nil {
		return nil, err
	}
	if !names[PlanFile] {
		if len(names) > 0 {
			return nil, fmt.Errorf("%s is not empty and holds no population (%s): name another place with --out", store, slices.Min(slices.Collect(maps.Keys(names))))
		}
		if err := put(ctx, store, dir, PlanFile, p.encode); err != nil {
			return nil, err
		}
	}
	if err := store.Get(ctx, PlanFile, filepath.Join(dir, PlanFile)); err != nil { // which another may have put there meanwhile
		return nil, err
	}
	f, err := Open(dir)
	if err != nil {
		return nil, err
	}
	if f.Plan.Hash != p.Hash {
		return nil, &MixtureError{store.String(), f.Plan, p, differences(f.Plan, p)}
	}
	if !names[StudyFile] {
		if err := put(ctx, store, dir, StudyFile, study); err != nil {
			return nil, err
		}
	}
	if f, err = OpenIn(ctx, store, dir); err == nil {
		f.Plan = p
	}
	return f, err
}

// put puts a file of some content into a store.
func put(ctx context.Context, store Store, dir, name string, content func() ([]byte, error)) error {
	b, err := content()
	if err != nil {
		return err
	}
	f := Folder{Dir: dir}
	if err := f.bytes(name, b); err != nil {
		return err
	}
	return store.Put(ctx, name, filepath.Join(dir, name))
}

// OpenIn is [Open] for a population in a store.
func OpenIn(ctx context.Context, store Store, dir string) (*Folder, error) {
	s := &stored{Store: store}
	var err error
	if s.have, err = store.Names(ctx); err != nil {
		return nil, err
	}
	if !s.have[PlanFile] {
		return nil, fmt.Errorf("%s holds no population: there is no %s in it", store, PlanFile)
	}
	if !s.have[StudyFile] {
		return nil, fmt.Errorf("%s was only just begun, or its program was stopped then: run it again, with --resume", store)
	}
	for _, name := range []string{StudyFile, PlanFile} {
		if err := s.Get(ctx, name, filepath.Join(dir, name)); err != nil {
			return nil, err
		}
	}
	f, err := Open(dir)
	if err != nil {
		return nil, err
	}
	f.store = s
	return f, nil
}

// Place is where the population is, for people.
func (f *Folder) Place() string {
	if f.store != nil {
		return f.store.String()
	}
	return f.Dir
}

// Refresh looks which parts others have written meanwhile.
func (f *Folder) Refresh(ctx context.Context) error {
	if f.store == nil {
		return nil // the disk is asked each time
	}
	names, err := f.store.Names(ctx)
	if err != nil {
		return err
	}
	f.store.mu.Lock()
	defer f.store.mu.Unlock()
	f.store.have = names
	return nil
}

// has says whether a table's file is there.
func (f *Folder) has(t *table.Table, part string) bool {
	if f.store != nil {
		return f.store.has(f.name(f.path(t, part)))
	}
	_, err := os.Stat(f.path(t, part))
	return err == nil
}

// name is a file's name in the folder.
func (f *Folder) name(path string) string {
	name, err := filepath.Rel(f.Dir, path)
	if err != nil {
		return path
	}
	return filepath.ToSlash(name)
}

// send puts a file where the population is kept.
func (f *Folder) send(ctx context.Context, path string) error {
	if f.store == nil {
		return nil
	}
	name := f.name(path)
	if err := f.store.Put(ctx, name, path); err != nil {
		return err
	}
	f.store.mu.Lock()
	defer f.store.mu.Unlock()
	f.store.have[name] = true
	return nil
}

// sendPart puts a part's files where the population is kept, its regions last, and takes
// them from this machine.
func (f *Folder) sendPart(ctx context.Context, part string) error {
	if f.store == nil {
		return nil
	}
	for _, t := range partTables() {
		if err := f.send(ctx, f.path(t, part)); err != nil {
			return err
		}
	}
	for _, t := range partTables() {
		if err := os.Remove(f.path(t, part)); err != nil {
			return err
		}
	}
	return nil
}

// atOnce is how many files are on their way at the same time: each waits for its answer.
const atOnce = 8

// fetch gets the files of all parts, and those that they share.
func (f *Folder) fetch(ctx context.Context) error {
	if f.store == nil {
		return nil
	}
	for _, t := range append(partTables(), sharedTables()...) {
		if err := durable.MkdirAll(filepath.Join(f.Dir, t.Name)); err != nil {
			return err
		}
	}
	var shared []string
	for _, t := range sharedTables() {
		shared = append(shared, f.path(t, ofAll))
	}
	if err := each(ctx, shared, f.get); err != nil {
		return err
	}
	var parts []string
	for i := range f.Plan.Parts {
		parts = append(parts, partName(i))
	}
	return each(ctx, parts, func(ctx context.Context, part string) error {
		for _, t := range partTables() { // the regions last: with them the part is there
			if err := f.get(ctx, f.path(t, part)); err != nil {
				return err
			}
		}
		return nil
	})
}

// get gets a file that is not on this machine yet.
func (f *Folder) get(ctx context.Context, path string) error {
	if _, err := os.Stat(path); err == nil {
		return nil
	}
	return f.store.Get(ctx, f.name(path), path)
}

// sendWhole puts all files of a finished folder where the population is kept, the
// manifest last.
func (f *Folder) sendWhole(ctx context.Context, manifest string) error {
	if f.store == nil {
		return nil
	}
	var paths []string
	for _, name := range f.files() {
		paths = append(paths, filepath.Join(f.Dir, name))
	}
	if err := each(ctx, paths, f.send); err != nil {
		return err
	}
	return f.send(ctx, filepath.Join(f.Dir, manifest))
}

func each(ctx context.Context, names []string, do func(ctx context.Context, name string) error) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(atOnce)
	for _, name := range names {
		g.Go(func() error { return do(ctx, name) })
	}
	return g.Wait()
}

// BringTo makes a folder on this machine's disk of a population in a store, with the files
// that its study reads.
func (f *Folder) BringTo(ctx context.Context, dir string) (*Folder, error) {
	if missing := f.Missing(); len(missing) > 0 {
		return nil, &MissingError{f.Plan, missing}
	}
	study, err := os.ReadFile(filepath.Join(f.Dir, StudyFile))
	if err != nil {
		return nil, err
	}
	to, err := Begin(dir, f.Plan, study)
	if err != nil {
		return nil, err
	}
	from := *f
	from.Dir = to.Dir
	var inputs []string
	for _, name := range InputNames(f.store.have) {
		inputs = append(inputs, filepath.Join(dir, filepath.FromSlash(name)))
	}
	if len(inputs) > 0 {
		if err := durable.MkdirAll(filepath.Join(dir, InputsDir)); err != nil {
			return nil, err
		}
	}
	return to, errors.Join(each(ctx, inputs, from.get), from.fetch(ctx))
}
