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
	return beginOf(t, address, own)
}

func beginOf(t *testing.T, address string, version result.Version) *begun {
	t.Helper()
	b := &begun{file: filepath.Join(t.TempDir(), "regions.csv")}
	write(t, b.file, gemeenten)
	s, err := assume.Load("", []string{"data.regions=" + b.file})
	if err != nil {
		t.Fatal(err)
	}
	in, plan, err := study.Population(t.Context(), s, &study.PopulationOptions{Share: 1, Years: []int{2030, 2050}}, version)
	if err != nil {
		t.Fatal(err)
	}
	b.in = in
	if b.place, err = crew.At(t.Context(), address, nil); err != nil {
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

// ask asks for its parts.
func (b *begun) ask(q *queue.Queue) *crew.Run {
	return &crew.Run{Queue: q, Folder: b.folder, Place: b.place.Address, Progress: func(int, int, bool) {}, Notice: func(string) {}}
}

func open(t *testing.T, address string, version result.Version) *queue.Queue {
	t.Helper()
	q, err := crew.Open(t.Context(), address, version)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(q.Close)
	return q
}

// worker is one that may read and write where a population is.
func worker(q *queue.Queue, version result.Version, at string) *crew.Worker {
	silent := func(string) {}
	return &crew.Worker{Queue: q, Version: version, At: []string{at}, AtOnce: 1, Notice: silent, Tell: silent}
}

// compute has workers compute it that may read and write at a place, until all is there or
// one of them refuses.
func (b *begun) compute(t *testing.T, workers int, at string) (notices string, err error) {
	t.Helper()
	address := queuetest.Start(t)
	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	var said strings.Builder
	var mu sync.Mutex
	notice := func(text string) {
		mu.Lock()
		defer mu.Unlock()
		said.WriteString(text + "\n")
		if strings.Contains(text, "refuses: ") {
			stop()
		}
	}
	var all sync.WaitGroup
	for range workers {
		w := worker(open(t, address, own), own, at)
		w.AtOnce, w.Notice = 2, notice
		all.Go(func() { w.Run(ctx) })
	}
	r := b.ask(open(t, address, own))
	r.Notice = notice
	err = r.Compute(ctx)
	stop()
	all.Wait()
	return said.String(), err
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
	if notices, err := stored.compute(t, 2, address); err != nil || notices != "" {
		t.Fatal(err, notices)
	}
	if err := stored.folder.Finish(t.Context()); err != nil {
		t.Fatal(err)
	}

	reader, err := crew.At(t.Context(), address, nil)
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

// Two versions of the program share a server, each with workers of its own: what one asks
// for does not reach, let alone end, the workers of the other.
func TestTwoVersionsWorkBesideEachOther(t *testing.T) {
	t.Parallel()
	address := queuetest.Start(t)
	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	defer stop()
	var asking, working sync.WaitGroup
	for _, version := range []result.Version{own, {Version: "test", Commit: "another"}} {
		b := beginOf(t, t.TempDir(), version)
		w := worker(open(t, address, version), version, b.place.Dir)
		w.Notice = func(text string) { t.Errorf("a worker of %v says %s", version, text) }
		working.Go(func() { w.Run(ctx) })
		r := b.ask(open(t, address, version))
		r.Notice = w.Notice
		asking.Go(func() {
			if err := r.Compute(ctx); err != nil {
				t.Error(err)
			}
		})
	}
	asking.Wait()
	stop()
	working.Wait()
}

// A worker may be near files that those who ask for parts may not read.
func TestAStudyInObjectStorageReadsNoFilesOfTheWorker(t *testing.T) {
	b := begin(t, buckettest.Start(t))
	study := filepath.Join(b.place.Dir, population.StudyFile)
	text, err := os.ReadFile(study)
	if err != nil {
		t.Fatal(err)
	}
	const beside = "inputs/"
	before, after, _ := strings.Cut(string(text), beside)
	for name, file := range map[string]string{"absolute": "/etc/passwd ", "above": "inputs/../../x "} {
		t.Run(name, func(t *testing.T) {
			write(t, study, before+file+after)
			if _, err := b.place.Study(t.Context()); err == nil || !strings.Contains(err.Error(), "files beside it, in inputs/, were expected") {
				t.Errorf("%v", err)
			}
		})
	}
}

func TestAPartThatFailsAgainAndAgainEndsTheRun(t *testing.T) {
	t.Parallel()
	b := begin(t, t.TempDir())
	write(t, filepath.Join(b.place.Dir, population.ProfilesTable().Name), "a file where a folder is needed")
	_, err := b.compute(t, 2, b.place.Dir)
	part, ok := errors.AsType[*crew.PartError](err)
	if !ok || part.Wrong || !strings.Contains(err.Error(), "profiles") || !strings.Contains(err.Error(), "part ") {
		t.Errorf("%v: the part and what is wrong with it were expected", err)
	}
}

// A part that is too much for its workers' memory ends them, and they say nothing.
func TestAPartThatEndsItsWorkersEndsTheRun(t *testing.T) {
	t.Parallel()
	b := begin(t, t.TempDir())
	address := queuetest.Start(t)
	q := open(t, address, own)
	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	defer stop()
	var end error
	var asking, working sync.WaitGroup
	asking.Go(func() { end = b.ask(q).Compute(ctx) })
	// Nobody says a word of these: they are nobody's.
	js := jetStream(t, address)
	for tries := 0; tries < 20; {
		c, err := js.Consumer(ctx, "GETIJ", "workers-test-")
		if err != nil {
			t.Fatal(err)
		}
		msg, err := c.Next(jetstream.FetchMaxWait(10 * time.Second))
		if err != nil {
			t.Fatal(err)
		}
		about, err := msg.Metadata()
		if err = errors.Join(err, msg.Nak()); err != nil {
			t.Fatal(err)
		}
		tries = int(about.NumDelivered)
	}
	working.Go(func() { worker(q, own, b.place.Dir).Run(ctx) })
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
	js := jetStream(t, address)
	var lose sync.Once
	asks, said := open(t, address, own), ""
	r := b.ask(asks)
	r.Notice = func(text string) { said = text }
	r.Progress = func(done, total int, _ bool) {
		lose.Do(func() { // before anything is asked for, of a worker that is there
			if err := errors.Join(js.DeleteStream(t.Context(), "GETIJ"), js.DeleteKeyValue(t.Context(), "getij-reports")); err != nil {
				t.Error(err)
			}
		})
		if done == total {
			asks.Close() // when all is there it is not needed
		}
	}
	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	defer stop()
	w := worker(open(t, address, own), own, b.place.Dir)
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
	lost := open(t, address, own)
	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	defer stop()
	wasBusy, waits := false, false
	r := b.ask(open(t, address, own))
	r.Progress = func(_, _ int, idle bool) {
		switch {
		case !idle && !wasBusy:
			wasBusy = true
			lost.Close()
		case idle && wasBusy:
			waits = true
			stop()
		}
	}
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

func jetStream(t *testing.T, address string) jetstream.JetStream {
	t.Helper()
	conn, err := nats.Connect(address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(conn.Close)
	js, err := jetstream.New(conn)
	if err != nil {
		t.Fatal(err)
	}
	return js
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
