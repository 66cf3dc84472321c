package crew_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/getij/getij/internal/queue/queuetest"
)

// A worker that cannot take part says why, there and to who asked, and leaves it to others:
// a run that is wrong does not end the workers that others need.
func TestAWorkerThatCannotTakePartRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		change func(t *testing.T, b *begun) (at string)
		want   string
	}{
		"other inputs": {func(t *testing.T, b *begun) string {
			write(t, b.file, strings.Replace(gemeenten, ",23,", ",24,", 1))
			return b.place.Dir
		}, "this worker finds other inputs than population"},
		"no inputs": {func(t *testing.T, b *begun) string {
			if err := os.Remove(b.file); err != nil {
				t.Fatal(err)
			}
			return b.place.Dir
		}, "regions.csv"},
		"another disk": {func(_ *testing.T, b *begun) string {
			b.place.Address += "/elsewhere"
			return b.place.Dir
		}, "a folder on a disk that this machine shares was expected"},
		"a place that it is not for": {func(t *testing.T, _ *begun) string { return t.TempDir() }, "is not where this worker was started to read and write populations (--at "},
		"a link to a place that it is not for": {func(t *testing.T, b *begun) string {
			at := t.TempDir()
			link := filepath.Join(at, "link")
			if err := os.Symlink(b.place.Dir, link); err != nil {
				t.Skip(err)
			}
			b.place.Address = link
			return at
		}, "is not where this worker was started to read and write populations (--at "},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := begin(t, t.TempDir())
			notices, err := b.compute(t, 1, c.change(t, b))
			if !errors.Is(err, context.Canceled) || strings.Count(notices, c.want) != 2 || !strings.Contains(notices, "refused, and left to others: ") {
				t.Errorf("the worker and who asked say %q, and it ended with %v: %q was expected of both", notices, err, c.want)
			}
		})
	}
}

// A disk that a worker finds mounted later, or a storage that comes back, is one where it
// takes part from then on.
func TestAWorkerThatRefusedTakesPartWhenItCan(t *testing.T) {
	t.Parallel()
	all := t.TempDir()
	b := begin(t, filepath.Join(all, "disk"))
	b.place.Address = filepath.Join(all, "mounted")
	link := filepath.Join(all, "link")
	if err := os.Symlink(b.place.Dir, link); err != nil {
		t.Skip(err)
	}
	address := queuetest.Start(t)
	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	defer stop()
	w, refused := worker(open(t, address, own), own, all), 0
	w.AtOnce = 2
	w.Notice = func(text string) {
		refused++
		if err := os.Rename(link, b.place.Address); err != nil {
			t.Error(text, err)
		}
	}
	var working sync.WaitGroup
	working.Go(func() { w.Run(ctx) })
	if err := b.ask(open(t, address, own)).Compute(ctx); err != nil || refused != 1 {
		t.Errorf("%v; it was refused %d times", err, refused)
	}
	stop()
	working.Wait()
}

// Who may write to a NATS server may ask for anything: it ends no worker, which goes on with
// what can be done.
func TestATaskThatNobodyCanDoEndsNoWorker(t *testing.T) {
	t.Parallel()
	b := begin(t, t.TempDir())
	address := queuetest.Start(t)
	q := open(t, address, own)
	js := jetStream(t, address)
	part := func(text string) string {
		return fmt.Sprintf(`{"population":%q,"place":%q,%s}`, b.folder.Plan.Hash, b.place.Address, text)
	}
	for subject, data := range map[string]string{
		"run.1": "", "run.2": "null", "run.3": strings.Repeat("[", 100_000), "run.4": part(`"shard":-1,"of":2`),
		"run.5": part(`"shard":9,"of":10`), "run.6": part(`"shard":1000000000,"of":1000000000`), "run.7": part(`"shard":1,"of":1`),
		"run.8": `{"population":"x","place":"\u0000","shard":1,"of":1}`, "run": "", "run.1.2": "", "run.99999999999999999999": "",
	} {
		if _, err := js.Publish(t.Context(), "getij.tasks.test-."+subject, []byte(data)); err != nil {
			t.Fatal(err)
		}
	}
	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	defer stop()
	w := worker(open(t, address, own), own, b.place.Dir)
	w.AtOnce = 6
	var working sync.WaitGroup
	working.Go(func() {
		if err := w.Run(ctx); !errors.Is(err, context.Canceled) {
			t.Errorf("the worker ended: %v", err)
		}
	})
	if err := b.ask(q).Compute(ctx); err != nil {
		t.Error(err)
	}
	stop()
	working.Wait()
}
