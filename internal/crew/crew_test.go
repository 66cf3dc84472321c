package crew_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/getij/getij/internal/assume"
	"github.com/getij/getij/internal/bucket/buckettest"
	"github.com/getij/getij/internal/crew"
	"github.com/getij/getij/internal/population"
	"github.com/getij/getij/internal/queue"
	"github.com/getij/getij/internal/queue/queuetest"
	"github.com/getij/getij/internal/result"
	"github.com/getij/getij/internal/study"
)

// gemeenten are two small ones, in provincies of their own: two parts.
const gemeenten = `code,name,households,dwellings_detached,dwellings_semi_detached,dwellings_terraced,dwellings_apartment,cars,vans
GM0344,Utrecht,20,4,6,6,4,23,2
GM0363,Amsterdam,30,4,6,6,4,23,2
`

var own = result.Version{Version: "test"}

// begun is a population that was begun at a place, and what it is computed of.
type begun struct {
	place  *crew.Place
	folder *population.Folder
	in     *population.Input
	file   string // of its regions
}

func begin(t *testing.T, address string) *begun {
	t.Helper()
	b := &begun{file: filepath.Join(t.TempDir(), "regions.csv")}
	write(t, b.file, gemeenten)
	s, err := assume.Load("", []string{"data.regions=" + b.file})
	if err != nil {
		t.Fatal(err)
	}
	in, plan, err := study.Population(t.Context(), s, &study.PopulationOptions{Share: 1, Years: []int{2030, 2050}}, own)
	if err != nil {
		t.Fatal(err)
	}
	b.in = in
	if b.place, err = crew.At(t.Context(), address); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := b.place.Release(); err != nil {
			t.Error(err)
		}
	})
	if b.folder, err = b.place.Begin(t.Context(), s, plan); err != nil {
		t.Fatal(err)
	}
	return b
}

// compute has workers compute it, each with an error of its own in the end.
func (b *begun) compute(t *testing.T, workers ...result.Version) (ends []error, notices string, err error) {
	t.Helper()
	address := queuetest.Start(t)
	open := func() *queue.Queue {
		q, err := queue.Open(t.Context(), address)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(q.Close)
		return q
	}
	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	var said strings.Builder
	var mu sync.Mutex
	notice := func(text string) {
		mu.Lock()
		defer mu.Unlock()
		said.WriteString(text + "\n")
		if len(workers) == 1 && strings.Contains(text, "refuses: ") { // and nobody else is there
			stop()
		}
	}
	ends = make([]error, len(workers))
	var all sync.WaitGroup
	for i, version := range workers {
		w := &crew.Worker{Queue: open(), Version: version, AtOnce: 2, Notice: notice}
		all.Go(func() { ends[i] = w.Run(ctx) })
	}
	place := b.place.Address
	r := crew.Run{Queue: open(), Folder: b.folder, Place: place, Version: own, Progress: func(int, int, bool) {}, Notice: notice}
	err = r.Compute(ctx)
	stop()
	all.Wait()
	return ends, said.String(), err
}

// contents are a folder's files by name, but for the study and the manifest, which name
// where its inputs are.
func contents(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, _ := filepath.Rel(dir, path)
		b, err := os.ReadFile(path)
		if name != population.StudyFile && name != result.ManifestFile && name != population.PlanFile {
			out[name] = string(b)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// Workers find all that they need beside the results, whatever the study's files are
// called where it was begun.
func TestAPopulationInObjectStorageHasTheBytesOfOneOnADisk(t *testing.T) {
	disk := begin(t, t.TempDir())
	if err := disk.folder.Compute(t.Context(), disk.in, population.Shard{Number: 1, Of: 1}, 0, func(int, int) {}); err != nil {
		t.Fatal(err)
	}
	if err := disk.folder.Finish(t.Context()); err != nil {
		t.Fatal(err)
	}
	address := buckettest.Start(t)
	stored := begin(t, address)
	if err := os.Remove(stored.file); err != nil {
		t.Fatal(err)
	}
	if _, notices, err := stored.compute(t, own, own); err != nil || notices != "" {
		t.Fatal(err, notices)
	}
	if err := stored.folder.Finish(t.Context()); err != nil {
		t.Fatal(err)
	}

	reader, err := crew.At(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Release()
	names, err := reader.Store.Names(t.Context())
	if err != nil || !names[result.ManifestFile] || !names[population.MapFile] {
		t.Errorf("in the storage are %v, %v", names, err)
	}
	dir := t.TempDir()
	// Who may write to the storage may not have a file written beside the folder.
	for _, name := range []string{"inputs/../../astray", "../astray"} {
		if err := reader.Store.Put(t.Context(), name, filepath.Join(disk.place.Dir, population.PlanFile)); err != nil {
			t.Fatal(err)
		}
	}
	f, err := reader.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	brought, err := f.BringTo(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(filepath.Dir(dir), "astray")); err == nil {
		t.Error("a name of the storage leads out of the folder")
	}
	if err := brought.Finish(t.Context()); err != nil {
		t.Fatal(err)
	}
	if input, err := filepath.Glob(filepath.Join(dir, population.InputsDir, "*-regions.csv")); err != nil || len(input) != 1 {
		t.Errorf("of the study's files are there %v, %v", input, err)
	} else if _, err := assume.Load(filepath.Join(dir, population.StudyFile), nil); err != nil {
		t.Error(err)
	} else if err := os.Remove(input[0]); err != nil {
		t.Error(err)
	}
	want, got := contents(t, disk.place.Dir), contents(t, dir)
	for name, content := range want {
		if got[name] != content {
			t.Errorf("%s differs, or is missing", name)
		}
	}
	if len(got) != len(want) || len(want) < 10 {
		t.Errorf("%d files, %d on the disk", len(got), len(want))
	}
}

// A worker that cannot take part says why, there and to who asked, and ends.
func TestAWorkerThatCannotTakePartRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		version result.Version
		change  func(t *testing.T, b *begun)
		want    string
	}{
		"another version": {result.Version{Version: "other"}, func(*testing.T, *begun) {}, "is of getij test and this is getij other: start workers of the same version"},
		"other inputs": {own, func(t *testing.T, b *begun) {
			write(t, b.file, strings.Replace(gemeenten, ",23,", ",24,", 1))
		}, "this worker finds other inputs than population"},
		"no inputs": {own, func(t *testing.T, b *begun) {
			if err := os.Remove(b.file); err != nil {
				t.Fatal(err)
			}
		}, "regions.csv"},
		"another disk": {own, func(_ *testing.T, b *begun) { b.place.Address += "-elsewhere" }, "a folder on a disk that this machine shares was expected"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := begin(t, t.TempDir())
			c.change(t, b)
			ends, notices, err := b.compute(t, c.version)
			if _, ok := errors.AsType[*crew.RefusedError](ends[0]); !ok || !strings.Contains(ends[0].Error(), c.want) {
				t.Errorf("%v: a refusal was expected that says %q", ends[0], c.want)
			}
			if !errors.Is(err, context.Canceled) || !strings.Contains(notices, "refuses: ") || !strings.Contains(notices, c.want) {
				t.Errorf("who asked heard %q and ended with %v", notices, err)
			}
		})
	}
}

func TestAPartThatFailsAgainAndAgainEndsTheRun(t *testing.T) {
	t.Parallel()
	b := begin(t, t.TempDir())
	write(t, filepath.Join(b.place.Dir, population.ProfilesTable().Name), "a file where a folder is needed")
	_, _, err := b.compute(t, own, own)
	part, ok := errors.AsType[*crew.PartError](err)
	if !ok || part.Wrong || !strings.Contains(err.Error(), "profiles") || !strings.Contains(err.Error(), "part ") {
		t.Errorf("%v: the part and what is wrong with it were expected", err)
	}
}

// A part that is too much for its workers' memory ends them, and they say nothing.
func TestAPartThatEndsItsWorkersEndsTheRun(t *testing.T) {
	t.Parallel()
	b := begin(t, t.TempDir())
	q, err := queue.Open(t.Context(), queuetest.Start(t))
	if err != nil {
		t.Fatal(err)
	}
	defer q.Close()
	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	defer stop()
	var end error
	var asking, working sync.WaitGroup
	asking.Go(func() {
		r := crew.Run{Queue: q, Folder: b.folder, Place: b.place.Dir, Version: own, Notice: func(string) {}, Progress: func(int, int, bool) {}}
		end = r.Compute(ctx)
	})
	for tries := 0; tries < 20; {
		task, err := q.Take(ctx, "one that ends", time.Minute)
		if err != nil || task == nil {
			t.Fatal(task, err)
		}
		tries = task.Tries
		if err := task.Again(0); err != nil {
			t.Fatal(err)
		}
	}
	w := &crew.Worker{Queue: q, Version: own, AtOnce: 1, Notice: func(string) {}}
	working.Go(func() { w.Run(ctx) })
	asking.Wait()
	stop()
	working.Wait()
	if part, ok := errors.AsType[*crew.PartError](end); !ok || part.Wrong || !strings.Contains(end.Error(), "do they run out of memory?") {
		t.Errorf("%v: the part that ends its workers was expected", end)
	}
}

// Who asks makes what a queue has lost anew, and asks again.
func TestAQueueThatLostAllCostsTimeAlone(t *testing.T) {
	t.Parallel()
	b := begin(t, t.TempDir())
	address := queuetest.Start(t)
	conn, err := nats.Connect(address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	js, err := jetstream.New(conn)
	if err != nil {
		t.Fatal(err)
	}
	open := func() *queue.Queue {
		q, err := queue.Open(t.Context(), address)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(q.Close)
		return q
	}
	var lose sync.Once
	asks, said := open(), ""
	r := crew.Run{Queue: asks, Folder: b.folder, Place: b.place.Dir, Version: own, Notice: func(text string) { said = text }, Progress: func(done, total int, _ bool) {
		lose.Do(func() { // before anything is asked for, of a worker that is there
			if err := errors.Join(js.DeleteStream(t.Context(), "GETIJ"), js.DeleteKeyValue(t.Context(), "getij-reports")); err != nil {
				t.Error(err)
			}
		})
		if done == total {
			asks.Close() // when all is there it is not needed
		}
	}}
	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	defer stop()
	w := &crew.Worker{Queue: open(), Version: own, AtOnce: 1, Notice: func(string) {}}
	var working sync.WaitGroup
	working.Go(func() { w.Run(ctx) })
	if err := r.Compute(ctx); err != nil || !strings.Contains(said, "the queue still has what was asked for") {
		t.Errorf("%v, and who asked heard %q", err, said)
	}
	stop()
	working.Wait()
}

// The last word of a worker that was lost is that it is at its part.
func TestWhoAsksHearsThatNobodyIsAtIt(t *testing.T) {
	t.Parallel()
	b := begin(t, t.TempDir())
	address := queuetest.Start(t)
	q, err := queue.Open(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	defer q.Close()
	lost, err := queue.Open(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	defer lost.Close()
	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	defer stop()
	wasBusy, waits := false, false
	r := crew.Run{Queue: q, Folder: b.folder, Place: b.place.Dir, Version: own, Notice: func(string) {}, Progress: func(_, _ int, idle bool) {
		switch {
		case !idle && !wasBusy:
			wasBusy = true
			lost.Close()
		case idle && wasBusy:
			waits = true
			stop()
		}
	}}
	var taking sync.WaitGroup
	taking.Go(func() {
		if task, err := lost.Take(ctx, "one that is lost", time.Minute); task == nil || err != nil {
			t.Error(task, err)
		}
	})
	if err := r.Compute(ctx); !errors.Is(err, context.Canceled) || !waits {
		t.Errorf("%v; somebody was at it: %v, and then nobody: %v", err, wasBusy, waits)
	}
	taking.Wait()
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
