package population

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"slices"
	"sync/atomic"

	"github.com/getij/getij/internal/cohort"
	"github.com/getij/getij/internal/durable"
	"github.com/getij/getij/internal/table"
)

// Shard is a share of a population's parts: number Number of Of, from 1.
type Shard struct{ Number, Of int }

// has says whether a part is the shard's: every so many, so that shards have parts of all
// over the country.
func (s Shard) has(part int) bool { return part%s.Of == s.Number-1 }

// Claim keeps a second program from computing the same shard in a folder that is there, or
// gives a [durable.HeldError]. Shard 0 is the right to ask others for all.
func Claim(dir string, s Shard) (*durable.Lock, error) {
	return durable.TakeLock(filepath.Join(dir, fmt.Sprintf(".shard-%d-of-%d.lock", s.Number, s.Of)))
}

// Compute computes the parts of a shard that are not there yet, a worker a part: memory
// does not grow with the population. Progress hears how many homes are done of all that
// the shard has; those of parts that were there are done from the start.
func (f *Folder) Compute(ctx context.Context, in *Input, shard Shard, workers int, progress func(done, total int)) error {
	if err := f.Refresh(ctx); err != nil {
		return err
	}
	for _, t := range partTables() {
		if err := durable.MkdirAll(filepath.Join(f.Dir, t.Name)); err != nil {
			return err
		}
	}
	if err := errors.Join(f.writeHousehold(ctx, in), f.writeBorders(ctx, in)); err != nil {
		return err
	}
	var parts []int
	var done atomic.Int64
	total := 0
	for i := range f.Plan.Parts {
		if !shard.has(i) {
			continue
		}
		n := f.Plan.Parts[i].Homes
		total += n
		if f.Has(i) {
			done.Add(int64(n))
		} else {
			parts = append(parts, i)
		}
	}
	// The largest first: at the end all workers have little left.
	slices.SortStableFunc(parts, func(a, b int) int { return cmp.Compare(f.Plan.Parts[b].Homes, f.Plan.Parts[a].Homes) })
	progress(int(done.Load()), total)
	if len(parts) == 0 {
		return nil
	}
	solar := make([]float64, in.Axis.Len())
	for t, kW := range in.SolarKW {
		solar[t] = in.DwellingsWithSolar * kW
	}
	frame := newFrame(in.Axis, f.Plan, in.LoadKW, solar)
	ranked, err := rankedCases(in, in.Home(in.LoadKW, nil, nil))
	if err != nil {
		return err
	}
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	all := make([]*worker, workers)
	return cohort.Parallel(ctx, workers, len(parts), func(k, i int) error {
		if all[k] == nil {
			all[k] = newWorker(in, frame, ranked, func(homes int) { progress(int(done.Add(int64(homes))), total) })
		}
		return f.computePart(ctx, all[k], parts[i])
	})
}

// errTaken ends a part whose profiles nobody takes any more.
var errTaken = errors.New("the profiles were not written")

// computePart computes and writes a part, its regions last.
func (f *Folder) computePart(ctx context.Context, w *worker, part int) error {
	name := partName(part)
	if err := f.sweep(name); err != nil {
		return err
	}
	var found *computed
	err := f.write(ProfilesTable(), name, func(yield func(table.Rows, error) bool) {
		var err error
		found, err = w.part(ctx, &f.Plan.Parts[part], func(rows table.Rows) error {
			if !yield(rows, nil) {
				return errTaken
			}
			return nil
		})
		if err != nil && !errors.Is(err, errTaken) {
			yield(nil, err)
		}
	})
	if err != nil {
		return err
	}
	for _, x := range []struct {
		table *table.Table
		rows  table.Rows
	}{{HomesTable(), found.homes}, {QuartersTable(), found.quarters}, {RegionsTable(), found.regions}} {
		if err := f.write(x.table, name, table.Once(x.rows)); err != nil {
			return err
		}
	}
	return f.sendPart(ctx, name)
}
