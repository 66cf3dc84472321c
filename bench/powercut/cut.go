//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
)

// system is a file system and how it is mounted.
type system struct {
	name    string
	mb      int
	mkfs    []string
	options string
}

// systems are those that can be cut; loose is ext4 without what it does for
// programs that rename without syncing.
var systems = []system{
	{"ext4", 64, []string{"mkfs.ext4", "-q", "-E", "nodiscard,lazy_itable_init=0,lazy_journal_init=0"}, "loop"},
	{"ext4-loose", 64, []string{"mkfs.ext4", "-q", "-E", "nodiscard,lazy_itable_init=0,lazy_journal_init=0"}, "loop,data=writeback,noauto_da_alloc,commit=1"},
	{"xfs", 320, []string{"mkfs.xfs", "-q", "-K"}, "loop,nouuid"},
	{"btrfs", 256, []string{"mkfs.btrfs", "-q", "-K"}, "loop"},
}

func systemNames() (out []string) {
	for _, s := range systems {
		out = append(out, s.name)
	}
	return out
}

func command(ctx context.Context, name string, args ...string) error {
	if out, err := exec.CommandContext(ctx, name, args...).CombinedOutput(); err != nil {
		return fmt.Errorf("%s %s: %w: %s", name, strings.Join(args, " "), err, out)
	}
	return nil
}

func (s system) make(ctx context.Context, path string) error {
	if err := errors.Join(os.WriteFile(path, nil, 0o600), os.Truncate(path, int64(s.mb)<<20)); err != nil {
		return err
	}
	return command(ctx, s.mkfs[0], append(s.mkfs[1:len(s.mkfs):len(s.mkfs)], path)...)
}

func (s system) mount(ctx context.Context, image, at string) error {
	return command(ctx, "mount", "-o", s.options, image, at)
}

// written is a run on the recorded disk, by the events that were there when it began
// and when it had ended.
type written struct {
	seed, start, end int
	done             bool // with exit status 0
}

// cuts records runs over an existing result and looks at the disk as it is when the
// power goes at some of the moments.
func (s *study) cuts(ctx context.Context, dir, name string, writers int, o *options, rng *rand.Rand) (*row, error) {
	k := slices.IndexFunc(systems, func(s system) bool { return s.name == name })
	if k < 0 {
		return nil, fmt.Errorf("file system %q is unknown: use %s", name, strings.Join(systemNames(), ", "))
	}
	if err := os.Mkdir(dir, 0o755); err != nil {
		return nil, err
	}
	v, err := record(ctx, dir, systems[k])
	if err != nil {
		return nil, err
	}
	r := &row{what: fmt.Sprintf("power cut, %s, %s", name, countWriters(writers))}
	list, err := s.write(ctx, r, v, writers, o, rng)
	if err := errors.Join(err, v.close()); err != nil {
		return nil, err
	}
	for _, e := range v.events {
		if e.data == nil {
			r.flushes++
		} else {
			r.writes++
		}
	}
	return r, s.cutAll(ctx, r, v, systems[k], list, moments(list, len(v.events), o.cuts, rng), rng)
}

// write runs the study again and again on the recorded disk.
func (s *study) write(ctx context.Context, r *row, v *volume, writers int, o *options, rng *rand.Rand) (list []written, err error) {
	out := filepath.Join(v.mounted, "out")
	seed := 0
	for round := range o.runs {
		n := writers
		if round == 0 {
			n = 1 // the result of before
		}
		running := make([]*process, n)
		first := len(list)
		for i := range running {
			seed = seed%seeds + 1
			list = append(list, written{seed: seed, start: v.now()})
			if running[i] = s.start(ctx, out, seed); running[i].Process == nil {
				return nil, running[i].wait()
			}
		}
		errs := make([]error, n)
		var all sync.WaitGroup
		for i, p := range running {
			all.Go(func() {
				errs[i] = p.wait()
				list[first+i].end, list[first+i].done = v.now(), errs[i] == nil
			})
		}
		all.Wait()
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		for i, p := range running {
			if errs[i] != nil && !p.refused() {
				r.mistake(fmt.Sprintf("round %d of the record", round+1), errs[i])
			}
		}
		// The kernel writes by itself after some seconds; this is part of the record.
		time.Sleep(time.Duration(rng.Int64N(int64(o.pause))))
	}
	return list, nil
}

// moments are the numbers of events before the cuts: anywhere once there is a
// result, and as many right after runs and close to their ends, where the folder is
// replaced.
func moments(list []written, events, n int, rng *rand.Rand) (out []int) {
	from := list[0].end
	for i := range n {
		at := from + rng.IntN(events-from+1)
		if run := list[rng.IntN(len(list))]; i%2 == 1 && run.done {
			at = run.end + rng.IntN(4)
			if i%4 == 3 {
				at = run.end - rng.IntN(120)
			}
		}
		out = append(out, min(max(at, from), events))
	}
	slices.Sort(out)
	return out
}

// may are the seeds of results that may be found after a cut: of runs that no later
// one had replaced by then, finished or under way.
func may(list []written, at int) (seeds []int, underWay bool) {
	for _, r := range list {
		replaced := slices.ContainsFunc(list, func(q written) bool { return q.done && q.end <= at && q.start >= r.end })
		if r.done && r.start <= at && !replaced {
			seeds = append(seeds, r.seed)
			underWay = underWay || at < r.end
		}
	}
	return seeds, underWay
}

const block = 4096

// cutAll makes the disk of each moment, mounts it and looks at the folder.
func (s *study) cutAll(ctx context.Context, r *row, v *volume, sys system, list []written, at []int, rng *rand.Rand) error {
	settled, err := os.OpenFile(v.base(), os.O_RDWR, 0) // all that was flushed by now
	if err != nil {
		return err
	}
	defer settled.Close()
	flushed := 0 // events in settled
	image := filepath.Join(v.dir, "image")
	for _, cut := range at {
		last := flushed
		for i := flushed; i < cut; i++ {
			if v.events[i].data == nil {
				last = i + 1
			}
		}
		if err := apply(settled, v.events[flushed:last], func() bool { return true }); err != nil {
			return err
		}
		flushed = last
		if err := command(ctx, "cp", "--sparse=always", v.base(), image); err != nil {
			return err
		}
		file, err := os.OpenFile(image, os.O_RDWR, 0)
		if err != nil {
			return err
		}
		part := rng.Float64() // of what was not flushed
		if rng.IntN(4) == 0 {
			part = float64(rng.IntN(2))
		}
		if err := errors.Join(apply(file, v.events[last:cut], func() bool { return rng.Float64() < part }), file.Close()); err != nil {
			return err
		}
		if err := s.look(ctx, r, v, sys, image, list, cut); err != nil {
			return err
		}
	}
	return os.Remove(image)
}

// apply writes the blocks of events that are kept, in their order.
func apply(to *os.File, events []event, keep func() bool) error {
	for _, e := range events {
		for i := 0; i < len(e.data); i += block {
			if !keep() {
				continue
			}
			if _, err := to.WriteAt(e.data[i:min(i+block, len(e.data))], e.at+int64(i)); err != nil {
				return err
			}
		}
	}
	return nil
}

// look mounts a disk after a cut and checks the folder on it.
func (s *study) look(ctx context.Context, r *row, v *volume, sys system, image string, list []written, cut int) error {
	if err := sys.mount(ctx, image, v.mounted); err != nil {
		return fmt.Errorf("after a cut before event %d: %w", cut, err)
	}
	got, err := s.check(filepath.Join(v.mounted, "out"))
	if err := command(context.WithoutCancel(ctx), "umount", v.mounted); err != nil {
		return err
	}
	allowed, underWay := may(list, cut)
	r.tries++
	if underWay {
		r.caught++
	}
	switch {
	case err == nil && got == 0:
		err = errors.New("there is no result")
	case err == nil && !slices.Contains(allowed, got):
		err = fmt.Errorf("results of seed %d, those of %v were expected", got, allowed)
	}
	switch {
	case err != nil:
		r.mistake(fmt.Sprintf("cut before event %d of %d", cut, len(v.events)), err)
	case slices.ContainsFunc(list, func(w written) bool { return w.seed == got && w.end > cut && w.start <= cut }):
		r.after++
	default:
		r.before++
	}
	return nil
}
