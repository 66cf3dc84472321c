// Package crew computes a population with whoever is there: one program asks for its
// parts and puts them together, any number of workers compute them, and a queue hands the
// parts out.
//
// What enters: a population that was begun at a place that all can reach, a folder on a
// shared disk or object storage. What leaves: its parts, at the same place. What is done is
// what is there: the queue, and every program, can be stopped or lost at any moment.
package crew

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/getij/getij/internal/population"
	"github.com/getij/getij/internal/queue"
	"github.com/getij/getij/internal/result"
)

// task is what the queue hands out: a part of a population, which is a shard of its own.
type task struct {
	Hash   string `json:"population"`
	Place  string `json:"place"`
	Number int    `json:"shard"`
	Of     int    `json:"of"`
}

// Open connects to the queue of those who are of a version of this program: others on the
// same server have one of their own, as their populations are others.
func Open(ctx context.Context, address string, v result.Version) (*queue.Queue, error) {
	return queue.Open(ctx, address, v.Version+"-"+v.Commit)
}

// Await is Open of a server that may not be up yet, and is asked until it answers, as one is
// that goes away later; for so long at the most, 0 for ever.
func Await(ctx context.Context, address string, v result.Version, most time.Duration, notice func(text string)) (*queue.Queue, error) {
	start := time.Now()
	for wait := soonest; ; wait = min(2*wait, latest) {
		q, err := Open(ctx, address, v)
		if !queue.Away(err) || most > 0 && time.Since(start)+wait > most {
			return q, err
		}
		if wait == soonest {
			notice(err.Error() + " It is asked again until it answers.")
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(wait):
		}
	}
}

const (
	// soonest and latest are how long it is until a server that is not up is asked again.
	soonest, latest = time.Second, 10 * time.Second
	// look is how often a run looks what has been done, and ask how often it asks again
	// for what is not: a queue may have been lost.
	look, ask = time.Second, 10 * time.Second
	// mostFails is how often a part may fail, and mostTries how often it may be handed
	// out: a part that ends its workers would otherwise go on for ever.
	mostFails, mostTries = 3, 20
	// patience is how long a queue may be out of reach.
	patience = 2 * time.Minute
)

// Run asks for the parts of a population.
type Run struct {
	Queue  *queue.Queue
	Folder *population.Folder
	Place  string // as workers find it
	// Progress hears how many homes are done of all, and whether nobody seems to be at them.
	Progress func(done, total int, idle bool)
	// Notice hears what a user should know.
	Notice func(text string)

	refused map[string]bool
	done    int       // homes, when last heard
	latest  time.Time // report of a worker that is at a part, by the queue's clock
	moved   time.Time // when there was more of either
}

// PartError is a part that is not computed.
type PartError struct {
	Part  string
	Text  string
	By    string
	Wrong bool // trying again does not help
}

func (e *PartError) Error() string {
	return fmt.Sprintf("%s was not computed by %s: %s", e.Part, e.By, e.Text)
}

// name is the run's in the queue: the same population at the same place is the same run.
func (r *Run) name() string {
	sum := sha256.Sum256([]byte(r.Place))
	return r.Folder.Plan.Hash + "-" + hex.EncodeToString(sum[:4])
}

// Compute returns when all parts are there.
func (r *Run) Compute(ctx context.Context) (err error) {
	if err := r.Queue.Forget(ctx, r.name()); err != nil {
		return err
	}
	defer func() {
		// Nobody is to go on with a run that has ended, or was stopped.
		clear, cancel := context.WithTimeout(context.WithoutCancel(ctx), ask)
		defer cancel()
		if e := r.Queue.Clear(clear, r.name()); e != nil && err == nil {
			r.Notice("all parts are there, and the queue still has what was asked for: " + e.Error())
		}
	}()
	r.refused = map[string]bool{}
	var asked, heard time.Time
	heard = time.Now()
	tick := time.NewTicker(look)
	defer tick.Stop()
	for {
		asks := time.Now()
		if err := r.Folder.Refresh(ctx); err != nil {
			return err
		}
		heard = heard.Add(time.Since(asks)) // nobody asked the queue meanwhile
		missing := r.Folder.Missing()
		if len(missing) == 0 {
			r.Progress(r.Folder.Plan.Homes, r.Folder.Plan.Homes, false)
			return nil
		}
		err := r.listen(ctx, missing)
		if err == nil && time.Since(asked) > ask {
			asked = time.Now()
			err = r.ask(ctx, missing)
		}
		switch _, decided := errors.AsType[*PartError](err); {
		case err == nil:
			heard = time.Now()
		case decided:
			return err
		case ctx.Err() != nil: // a queue out of reach has errors of its own
			return ctx.Err()
		case time.Since(heard) > patience:
			return fmt.Errorf("the queue does not answer: %w", err)
		case r.Queue.Prepare(ctx) == nil:
			asked = time.Time{} // it may have lost all
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}

// ask puts what is missing into the queue, where it is not there yet: the largest first, as
// at the end all workers then have little left.
func (r *Run) ask(ctx context.Context, missing []int) error {
	plan := r.Folder.Plan
	slices.SortStableFunc(missing, func(a, b int) int { return plan.Parts[b].Homes - plan.Parts[a].Homes })
	for _, part := range missing {
		b, err := json.Marshal(task{plan.Hash, r.Place, part + 1, len(plan.Parts)})
		if err != nil {
			return err
		}
		if err := r.Queue.Put(ctx, r.name(), part+1, b); err != nil {
			return err
		}
	}
	return nil
}

// listen hears what workers say of what is missing.
func (r *Run) listen(ctx context.Context, missing []int) error {
	said, err := r.Queue.Reports(ctx, r.name())
	if err != nil {
		return err
	}
	plan := r.Folder.Plan
	done, latest := plan.Homes, r.latest
	for _, part := range missing {
		done -= plan.Parts[part].Homes
		s, ok := said[part+1]
		if !ok {
			continue
		}
		switch {
		case s.State == queue.Wrong || s.Fails >= mostFails:
			return &PartError{plan.Name(part), s.Text, s.By, s.State == queue.Wrong}
		case s.State == queue.Refused && !r.refused[s.By]:
			r.refused[s.By] = true
			r.Notice(s.By + " refuses: " + s.Text)
		case s.State == queue.Working:
			done += min(s.Done, plan.Parts[part].Homes)
			if s.At.After(latest) {
				latest = s.At
			}
		}
	}
	// A worker that was lost is at its part by its last report, which grows old.
	if done != r.done || latest.After(r.latest) {
		r.done, r.latest, r.moved = done, latest, time.Now()
	}
	r.Progress(done, plan.Homes, time.Since(r.moved) > ask)
	return nil
}
