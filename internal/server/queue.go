package server

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/getij/getij/internal/answer"
	"github.com/getij/getij/internal/assume"
	"github.com/getij/getij/internal/result"
)

// Time bounds of a laboratory run.
const (
	labWaitAtMost = 30 * time.Second
	labRunAtMost  = 60 * time.Second
)

// shortHomes is how many homes a run has at most that passes longer ones.
const shortHomes = 200

// queue lets one run compute at a time, and a short one beside it: they share the
// processors, so that who asks for a hundred homes does not wait for another's thousand.
// The others wait in the order in which they came.
type queue struct {
	places int // for those that wait or compute
	mu     sync.Mutex
	waits  []*place
	lanes  [2]*place // that compute: any, and a short one
	// secondsPerHome is what runs of a kind took of late.
	secondsPerHome map[string]float64
}

// place is a run in the queue.
type place struct {
	kind   string
	homes  int
	ticket string // by which a reader asks for it, or ""
	turn   chan struct{}
	began  time.Time // zero while it waits
}

func newQueue(places int) *queue {
	return &queue{places: places, secondsPerHome: map[string]float64{labRun: 0.0035, streetRun: 0.05, coordinatedRun: 0.3}}
}

// The kinds of runs, which take different times for a home.
const (
	labRun         = "laboratory"
	streetRun      = "street"
	coordinatedRun = "coordinated street"
)

func (p *place) short() bool { return p.kind == labRun && p.homes <= shortHomes }

func (q *queue) len() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.held()
}

func (q *queue) held() int {
	n := len(q.waits)
	for _, p := range q.lanes {
		if p != nil {
			n++
		}
	}
	return n
}

// join takes a place at the end; false where all are taken.
func (q *queue) join(p *place) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.held() >= q.places {
		return false
	}
	p.turn = make(chan struct{})
	q.waits = append(q.waits, p)
	q.next()
	return true
}

// leave gives a place up, whether it waits or computes. A run that is done says how long it
// took.
func (q *queue) leave(p *place, done bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.waits = slices.DeleteFunc(q.waits, func(w *place) bool { return w == p })
	for i := range q.lanes {
		if q.lanes[i] == p {
			q.lanes[i] = nil
		}
	}
	if done && p.homes > 0 {
		q.secondsPerHome[p.kind] += (time.Since(p.began).Seconds()/float64(p.homes) - q.secondsPerHome[p.kind]) / 4
	}
	q.next()
}

// next lets those compute for whom there is a lane.
func (q *queue) next() {
	q.waits = slices.DeleteFunc(q.waits, func(p *place) bool {
		lanes := q.lanes[:1]
		if p.short() {
			lanes = q.lanes[:]
		}
		i := slices.Index(lanes, nil)
		if i < 0 {
			return false
		}
		lanes[i], p.began = p, time.Now()
		close(p.turn)
		return true
	})
}

// LabQueueAnswer is where a run stands.
type LabQueueAnswer struct {
	Found       bool          `json:"found" doc:"a run with this ticket waits or computes; one that is answered does not"`
	Before      int           `json:"before" doc:"runs that come first; 0 and computing: this one"`
	Computing   bool          `json:"computing"`
	SecondsLeft answer.Number `json:"seconds_left" doc:"until its answer, by what runs took of late"`
	Waiting     int           `json:"waiting" doc:"of all readers"`
}

// look tells where the run of a ticket stands, if there is one.
func (q *queue) look(ticket string) (a LabQueueAnswer) {
	q.mu.Lock()
	defer q.mu.Unlock()
	a.Waiting = len(q.waits)
	left := func(p *place) float64 {
		s := q.secondsPerHome[p.kind] * float64(p.homes)
		if !p.began.IsZero() {
			s = max(s-time.Since(p.began).Seconds(), 0)
		}
		return s
	}
	var lanes [2]float64 // seconds until each is free
	for i, p := range q.lanes {
		if p == nil {
			continue
		}
		lanes[i] = left(p)
		if p.ticket == ticket {
			a.Found, a.Computing, a.SecondsLeft = true, true, answer.Number(lanes[i])
			return a
		}
	}
	for _, p := range q.waits {
		lane := 0
		if p.short() && lanes[1] < lanes[0] {
			lane = 1
		}
		lanes[lane] += left(p)
		if p.ticket == ticket {
			a.Found, a.SecondsLeft = true, answer.Number(lanes[lane])
			return a
		}
		a.Before++
	}
	return LabQueueAnswer{Waiting: a.Waiting}
}

// turn is the right to compute, of one run of the laboratory.
type turn struct {
	lab    *lab
	ctx    context.Context // ends with the reader's, or when the run has taken too long
	waited time.Duration
	start  time.Time
	ended  bool // with an answer
	end    func()
}

// take waits for a turn; the caller ends it.
func (l *lab) take(ctx context.Context, p *place) (*turn, error) {
	m, who := l.server.metrics, readerOf(ctx)
	if !l.share.take(who) {
		m.labRuns.WithLabelValues("full").Inc()
		return nil, huma.ErrorWithHeaders(huma.Error429TooManyRequests("too many runs from this address are waiting; try again shortly"), http.Header{"Retry-After": {"2"}})
	}
	if !l.queue.join(p) {
		l.share.give(who)
		m.labRuns.WithLabelValues("full").Inc()
		return nil, busy("the laboratory is busy: too many runs are waiting")
	}
	m.labWaiting.Inc()
	t := &turn{lab: l}
	leave := func() {
		m.labWaiting.Dec()
		l.queue.leave(p, t.ended)
		l.share.give(who)
	}
	asked := time.Now()
	patience := time.NewTimer(labWaitAtMost)
	defer patience.Stop()
	select {
	case <-p.turn:
	case <-patience.C:
		leave()
		m.labRuns.WithLabelValues("waited").Inc()
		return nil, busy("the laboratory is busy: no turn came within 30 seconds")
	case <-ctx.Done():
		leave()
		m.labRuns.WithLabelValues("left").Inc()
		return nil, ctx.Err()
	}
	t.start = time.Now()
	t.waited = t.start.Sub(asked)
	var cancel context.CancelFunc
	t.ctx, cancel = context.WithTimeout(ctx, labRunAtMost)
	t.end = func() { cancel(); leave() }
	return t, nil
}

// done counts a run and how long it took, and tells the reader what went wrong with it, if
// something did: err, or inputs that are not those of the served result.
func (t *turn) done(err error, inputs []result.Input, sn *snapshot) (time.Duration, error) {
	m, took := t.lab.server.metrics, time.Since(t.start)
	m.labSeconds.Observe(took.Seconds())
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		m.labRuns.WithLabelValues("too long").Inc()
		return 0, busy("the laboratory is busy: the run took more than 60 seconds")
	case err != nil && t.ctx.Err() == nil:
		if refused := answer.SettingProblem(err); refused != nil {
			m.labRuns.WithLabelValues("refused").Inc()
			return 0, refused
		}
		m.labRuns.WithLabelValues("failed").Inc()
		if _, ok := errors.AsType[*assume.InputError](err); ok {
			t.lab.server.options.Log.Warn("lab", "error", err)
			return 0, huma.Error409Conflict("an input file of this study cannot be read on this server any more, so it cannot be computed again")
		}
		return 0, err // of the solver: logged, and 500
	case err != nil:
		return 0, err
	}
	if kind := changedInput(inputs, sn.folder.Manifest.Inputs); kind != "" {
		m.labRuns.WithLabelValues("failed").Inc()
		return 0, huma.Error409Conflict("the file of " + kind + " on this server is no longer the one that the study was run with: run the study again")
	}
	m.labRuns.WithLabelValues("done").Inc()
	t.ended = true
	return took, nil
}

func busy(why string) error {
	return huma.ErrorWithHeaders(huma.Error503ServiceUnavailable(why+"; try again shortly"), http.Header{"Retry-After": {"2"}})
}

// changedInput is the kind of a file that is not what it was when the results were
// made; "" when all are.
func changedInput(now, then []result.Input) string {
	for _, in := range now {
		if i := slices.IndexFunc(then, func(was result.Input) bool { return was.Kind == in.Kind }); i >= 0 && in.File != assume.Reference && in.File != assume.Schematic && then[i].SHA256 != in.SHA256 {
			return in.Kind
		}
	}
	return ""
}
