package population

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/getij/getij/internal/durable"
)

// Merge brings the parts that are in some folders together in dir, which may be one of
// them or new. Folders of different populations are refused, and so are gaps, before
// anything is written.
func Merge(ctx context.Context, from []string, dir string) (*Folder, error) {
	var sources []*Folder
	for _, d := range from {
		f, err := Open(d)
		if err != nil {
			return nil, err
		}
		if len(sources) > 0 && sources[0].Plan.Hash != f.Plan.Hash {
			return nil, &MixtureError{d, f.Plan, sources[0].Plan, differences(f.Plan, sources[0].Plan)}
		}
		sources = append(sources, f)
	}
	plan := sources[0].Plan
	where := make([]*Folder, len(plan.Parts))
	var missing []int
	for i := range plan.Parts {
		for _, f := range sources {
			if f.Has(i) {
				where[i] = f
				break
			}
		}
		if where[i] == nil {
			missing = append(missing, i)
		}
	}
	if len(missing) > 0 {
		return nil, &MissingError{plan, missing}
	}
	study, err := os.ReadFile(filepath.Join(sources[0].Dir, StudyFile))
	if err != nil {
		return nil, err
	}
	to, err := Begin(dir, plan, study)
	if err != nil {
		return nil, err
	}
	for _, t := range append(partTables(), sharedTables()...) {
		if err := durable.MkdirAll(filepath.Join(dir, t.Name)); err != nil {
			return nil, err
		}
	}
	for _, t := range sharedTables() {
		if err := take(sources[0].path(t, ofAll), to.path(t, ofAll)); err != nil {
			return nil, err
		}
	}
	for i, f := range where {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		for _, t := range partTables() { // the regions last
			if err := take(f.path(t, partName(i)), to.path(t, partName(i))); err != nil {
				return nil, fmt.Errorf("%s: %w", plan.Name(i), err)
			}
		}
	}
	return to, nil
}

// take copies a file to where it is not there yet.
func take(from, to string) error {
	if _, err := os.Stat(to); err == nil {
		return nil
	}
	f, err := os.Open(from)
	if err != nil {
		return err
	}
	defer f.Close()
	return durable.WriteFile(to, func(w io.Writer) error {
		_, err := io.Copy(w, f)
		return err
	})
}
