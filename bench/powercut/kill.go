//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// kills kills runs over an existing result, at moments that are spread over the
// run: half of them by the clock, half from when a run writes its last file on,
// where the result is replaced. Of two writers one or both are killed.
func (s *study) kills(ctx context.Context, dir string, writers, rounds int, rng *rand.Rand) (*row, error) {
	r := &row{what: fmt.Sprintf("signal 9, %s", countWriters(writers))}
	out := filepath.Join(dir, "out")
	if err := os.Mkdir(dir, 0o755); err != nil {
		return nil, err
	}
	if err := s.start(ctx, out, 1).wait(); err != nil {
		return nil, err
	}
	have := 1
	for round := range rounds {
		seed := func(i int) int { return (have+i)%seeds + 1 } // not that of before
		running := make([]*process, writers)
		for i := range running {
			if running[i] = s.start(ctx, out, seed(i)); running[i].Process == nil {
				return nil, running[i].wait()
			}
		}
		victims := running
		if writers > 1 && rng.IntN(2) == 0 {
			victims = running[:1]
		}
		after := time.Duration(rng.Int64N(int64(s.took)))
		if rng.IntN(2) == 0 {
			s.untilWritten(dir, 2*s.took)
			after = time.Duration(rng.Int64N(int64(60 * time.Millisecond)))
		}
		time.Sleep(after)
		var may []int // seeds that may be found
		var failed error
		done := 0
		if partials(dir) > 0 {
			r.caught++
		}
		for _, p := range victims {
			_ = p.Process.Kill() // it may have ended
		}
		for _, p := range running {
			err := p.wait()
			switch {
			case err == nil:
				done, may = done+1, append(may, p.seed)
			case !p.ProcessState.Exited(): // killed, perhaps after the replacement
				may = append(may, p.seed)
			case !p.refused():
				failed = fmt.Errorf("a run that was not killed fails: %w", err)
			}
		}
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		r.tries++
		got, err := s.check(out)
		if err == nil {
			err = failed
		}
		if err == nil && !slices.Contains(may, got) && (got != have || done > 0) {
			err = fmt.Errorf("results of seed %d; %d were there, %v were computed and %d of these runs ended well", got, have, may, done)
		}
		switch {
		case err != nil:
			r.mistake(fmt.Sprintf("round %d", round+1), err)
			if err := errors.Join(os.RemoveAll(out), s.start(ctx, out, have).wait()); err != nil {
				return nil, err
			}
		case got == have:
			r.before++
		default:
			r.after++
			have = got
		}
	}
	// What the killed runs left is in nobody's way.
	if err := s.start(ctx, out, have).wait(); err != nil {
		return nil, err
	}
	if n := partials(dir); n > 0 {
		r.mistake("after all", fmt.Errorf("%d partial folders stay after a whole run", n))
	}
	return r, nil
}

func countWriters(n int) string {
	if n == 1 {
		return "1 writer"
	}
	return fmt.Sprintf("%d writers", n)
}

// partials counts the folders that runs have begun.
func partials(dir string) int {
	list, _ := filepath.Glob(filepath.Join(dir, ".out.partial-*")) // the pattern is right
	return len(list)
}

// untilWritten waits until a run has written its manifest, the last file.
func (s *study) untilWritten(dir string, most time.Duration) {
	for end := time.Now().Add(most); time.Now().Before(end); time.Sleep(200 * time.Microsecond) {
		if list, _ := filepath.Glob(filepath.Join(dir, ".out.partial-*", "manifest.json")); len(list) > 0 {
			return
		}
	}
}
