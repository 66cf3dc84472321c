package crew

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/getij/getij/internal/assume"
	"github.com/getij/getij/internal/durable"
	"github.com/getij/getij/internal/population"
	"github.com/getij/getij/internal/queue"
	"github.com/getij/getij/internal/result"
	"github.com/getij/getij/internal/study"
)

// Worker computes what a queue hands out.
type Worker struct {
	Queue   *queue.Queue
	Version result.Version
	At      []string          // folders and addresses where it reads and writes populations, there or below
	AtOnce  int               // parts
	Idle    time.Duration     // ends it after so long without a part; 0: never
	Notice  func(text string) // hears what is wrong
	Tell    func(text string) // hears what was done

	mu       sync.Mutex
	current  *prepared
	refused  map[task]bool // what was told to be refused, without its number
	lastWork time.Time
	busy     int
}

// refusedError is a run that this worker cannot take part in, where others may: it finds
// other inputs, or may not write there.
type refusedError struct{ text string }

func (e *refusedError) Error() string { return e.text }

const (
	// wait is how long a worker waits for a part at a time, later how long a part that
	// failed waits for the next, and rest how long a worker takes nothing that refused: the
	// part goes to another, and others of the same run would come at once.
	wait, later, rest = 2 * time.Second, 3 * time.Second, ask
)

// prepared is a population that is ready to be computed.
type prepared struct {
	task   task // without its number
	once   sync.Once
	place  *Place
	folder *population.Folder
	in     *population.Input
	err    error
	users  int
}

// Run works until it is stopped, or has been idle for long enough.
func (w *Worker) Run(ctx context.Context) error {
	w.lastWork = time.Now()
	g, ctx := errgroup.WithContext(ctx)
	for range w.AtOnce {
		g.Go(func() error { return w.work(ctx) })
	}
	err := g.Wait()
	w.mu.Lock() // a refusal may just be forgotten
	last := w.current
	w.current = nil
	w.mu.Unlock()
	w.dropUnused(last)
	return err
}

func (w *Worker) work(ctx context.Context) error {
	by := nameOfThis()
	silent := time.Now()
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		if w.idle() {
			return nil
		}
		t, err := w.Queue.Take(ctx, by, wait)
		switch {
		case err != nil && ctx.Err() == nil && time.Since(silent) < patience:
			_ = sleep(ctx, wait)     // the queue is started anew, or the network mended
			_ = w.Queue.Prepare(ctx) // or the next try says why not
			continue
		case err != nil && ctx.Err() == nil:
			return err
		}
		silent = time.Now()
		if t == nil {
			continue
		}
		w.begins()
		refused, err := w.do(ctx, t)
		w.ends(!refused)
		if err != nil {
			return err
		}
		if refused {
			if err := sleep(ctx, rest); err != nil {
				return err
			}
		}
	}
}

func sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

func (w *Worker) begins() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.busy++
}

func (w *Worker) ends(worked bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.busy--
	if worked {
		w.lastWork = time.Now()
	}
}

func (w *Worker) idle() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.Idle > 0 && w.busy == 0 && time.Since(w.lastWork) > w.Idle
}

// do computes a part and answers for it, or refuses it. An error ends the worker.
func (w *Worker) do(ctx context.Context, t *queue.Task) (refused bool, err error) {
	var x task
	if err := json.Unmarshal(t.Data, &x); err != nil || x.Of < x.Number || x.Number < 1 {
		return false, t.Fail(queue.Wrong, fmt.Sprintf("the queue has something that is no part of a population: %.200q", t.Data), 0)
	}
	start := time.Now()
	p, err := w.prepare(ctx, &x)
	if err == nil {
		defer w.leave(p)
		err = p.compute(ctx, population.Shard{Number: x.Number, Of: x.Of}, t)
	}
	_, held := errors.AsType[*durable.HeldError](err)
	_, refused = errors.AsType[*refusedError](err)
	_, wrong := errors.AsType[*assume.InputError](err)
	switch {
	case err == nil:
		w.Tell(fmt.Sprintf("%s of %s: done in %s; %d more wait in the queue", p.folder.Plan.Name(x.Number-1), x.Place, time.Since(start).Round(time.Second/10), t.Waiting))
		// Where the queue does not hear it, whoever takes the part next finds it done.
		_ = t.Done(ctx)
		return false, nil
	case ctx.Err() != nil:
		_ = t.Again()
		return false, ctx.Err()
	case held:
		_ = t.Again() // one that was thought dead is at it
		return false, nil
	case refused:
		w.refuse(x, err)
		_ = t.Fail(queue.Refused, err.Error(), 0)
		return true, nil
	case wrong:
		w.Notice(err.Error())
		_ = t.Fail(queue.Wrong, err.Error(), 0)
		return false, nil
	}
	w.Notice(err.Error())
	_ = t.Fail(queue.Failed, err.Error(), later)
	return false, nil
}

// refuse says once of a run that it is refused.
func (w *Worker) refuse(x task, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	x.Number = 0
	if !w.refused[x] {
		if w.refused == nil {
			w.refused = map[task]bool{}
		}
		w.refused[x] = true
		w.Notice("refused, and left to others: " + err.Error())
	}
}

// prepare reads the study of a part's population, once for all parts that come one after
// the other.
func (w *Worker) prepare(ctx context.Context, x *task) (*prepared, error) {
	key := *x
	key.Number = 0
	w.mu.Lock()
	p := w.current
	old := p
	if p == nil || p.task != key {
		p = &prepared{task: key}
		w.current = p
	}
	p.users++
	w.mu.Unlock()
	w.dropUnused(old)
	p.once.Do(func() {
		p.err = p.read(ctx, w)
		if _, refused := errors.AsType[*refusedError](p.err); refused {
			// A disk may be mounted later, or a file put right: the next part after a rest
			// finds out, and what others take meanwhile does not read all again.
			time.AfterFunc(rest/2, func() { w.forget(p) })
		} else if p.err != nil { // what failed once may succeed
			w.forget(p)
		}
	})
	if p.err != nil {
		w.leave(p)
		return nil, p.err
	}
	return p, nil
}

// forget makes the next part of a population read its study again.
func (w *Worker) forget(p *prepared) {
	w.mu.Lock()
	if w.current == p {
		w.current = nil
	}
	w.mu.Unlock()
	w.dropUnused(p)
}

// leave says that a part of a population is no longer computed.
func (w *Worker) leave(p *prepared) {
	w.mu.Lock()
	p.users--
	w.mu.Unlock()
	w.dropUnused(p)
}

// dropUnused lets go of a population that is not kept for the next part, where nobody is
// at a part of it.
func (w *Worker) dropUnused(p *prepared) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if p == nil || p.place == nil || p.users > 0 || w.current == p {
		return
	}
	if err := p.place.Release(); err != nil {
		w.Notice(err.Error())
	}
	p.place = nil
}

// read prepares what a run's population is computed of here, and holds it against what it
// is of.
func (p *prepared) read(ctx context.Context, w *Worker) (err error) {
	if !slices.ContainsFunc(w.At, func(at string) bool { return below(p.task.Place, at) }) {
		return &refusedError{fmt.Sprintf("%s is not where this worker was started to read and write populations (--at %s)", p.task.Place, strings.Join(w.At, " --at "))}
	}
	if p.place, err = At(ctx, p.task.Place, w.Notice); err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return &refusedError{"what the population is made of is not to be had here: " + err.Error()}
	}
	if p.place.Store == nil && !population.Exists(p.place.Dir) {
		return &refusedError{fmt.Sprintf("there is no population in %s here: a folder on a disk that this machine shares was expected, or object storage", p.place.Address)}
	}
	if p.folder, err = p.place.Open(ctx); err != nil {
		return err
	}
	plan := p.folder.Plan
	if plan.Hash != p.task.Hash {
		return &refusedError{fmt.Sprintf("%s holds population %s here and not %s: is it the same disk?", p.place.Address, plan.Hash, p.task.Hash)}
	}
	s, err := p.place.Study(ctx)
	if err != nil {
		return refusedIfInput(err)
	}
	options := &study.PopulationOptions{Share: plan.Share, Years: plan.Years}
	for _, c := range plan.Cases {
		options.Cases = append(options.Cases, c.Contract+"/"+c.Mode)
	}
	in, here, err := study.Population(ctx, s, options, w.Version)
	if err != nil {
		return refusedIfInput(err)
	}
	if here.Hash != plan.Hash {
		return &refusedError{fmt.Sprintf("this worker finds other inputs than population %s at %s has: they differ in %s", plan.Hash, p.place.Address, strings.Join(plan.Differences(here), ", "))}
	}
	if p.task.Of != len(here.Parts) {
		return &refusedError{fmt.Sprintf("a part of %d was asked for, and population %s at %s has %d", p.task.Of, plan.Hash, p.place.Address, len(here.Parts))}
	}
	p.in, p.folder.Plan = in, here
	w.Tell(fmt.Sprintf("population %s of %s: %s, %d homes in %d parts", here.Hash, p.task.Place, here.Study, here.Homes, len(here.Parts)))
	return nil
}

// refusedIfInput makes what a run's study lacks here a refusal: whoever began it could
// read it all.
func refusedIfInput(err error) error {
	if _, input := errors.AsType[*assume.InputError](err); input {
		return &refusedError{"what the population is made of is not to be had here: " + err.Error()}
	}
	return err
}

// compute computes a part, alone of all programs that share a disk, and of this one where
// a queue that lost all hands out again what it is at.
func (p *prepared) compute(ctx context.Context, shard population.Shard, t *queue.Task) (err error) {
	lock, err := population.Claim(p.folder.Dir, shard)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, lock.Release()) }()
	if err := p.folder.Refresh(ctx); err != nil {
		return err
	}
	if t.Tries > mostTries && !p.folder.Has(shard.Number-1) {
		return fmt.Errorf("it was handed out %d times, and its workers ended without a word: do they run out of memory?", t.Tries)
	}
	return p.folder.Compute(ctx, p.in, shard, 1, func(done, _ int) { t.Progress(done) })
}

// nameOfThis is what this program says of itself.
func nameOfThis() string {
	host, err := os.Hostname()
	if err != nil {
		host = "a machine"
	}
	return fmt.Sprintf("process %d on %s", os.Getpid(), host)
}
