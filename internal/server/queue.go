package server

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/getij/getij/internal/assume"
	"github.com/getij/getij/internal/result"
)

// Time bounds of a laboratory run.
const (
	labWaitAtMost = 30 * time.Second
	labRunAtMost  = 60 * time.Second
)

// turn is the right to compute, of one run of the laboratory.
type turn struct {
	lab    *lab
	ctx    context.Context // ends with the reader's, or when the run has taken too long
	waited time.Duration
	start  time.Time
	end    func()
}

// take waits for a turn; the caller ends it.
func (l *lab) take(ctx context.Context) (*turn, error) {
	m, who := l.server.metrics, readerOf(ctx)
	if !l.share.take(who) {
		m.labRuns.WithLabelValues("full").Inc()
		return nil, huma.ErrorWithHeaders(huma.Error429TooManyRequests("too many runs from this address are waiting; try again shortly"), http.Header{"Retry-After": {"2"}})
	}
	leave := []func(){func() { l.share.give(who) }}
	end := func() {
		for _, f := range slices.Backward(leave) {
			f()
		}
	}
	select {
	case l.waiting <- struct{}{}:
		leave = append(leave, func() { <-l.waiting })
	default:
		end()
		m.labRuns.WithLabelValues("full").Inc()
		return nil, busy("too many runs are waiting")
	}
	m.labWaiting.Inc()
	leave = append(leave, m.labWaiting.Dec)
	asked := time.Now()
	patience := time.NewTimer(labWaitAtMost)
	defer patience.Stop()
	select {
	case l.turn <- struct{}{}:
		leave = append(leave, func() { <-l.turn })
	case <-patience.C:
		end()
		m.labRuns.WithLabelValues("waited").Inc()
		return nil, busy("no turn came within 30 seconds")
	case <-ctx.Done():
		end()
		m.labRuns.WithLabelValues("left").Inc()
		return nil, ctx.Err()
	}
	t := &turn{lab: l, start: time.Now()}
	t.waited = t.start.Sub(asked)
	var cancel context.CancelFunc
	t.ctx, cancel = context.WithTimeout(ctx, labRunAtMost)
	leave = append(leave, cancel)
	t.end = end
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
		return 0, busy("the run took more than 60 seconds")
	case err != nil && t.ctx.Err() == nil:
		if refused := settingError(err); refused != nil {
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
	return took, nil
}

func busy(why string) error {
	return huma.ErrorWithHeaders(huma.Error503ServiceUnavailable("the laboratory is busy: "+why+"; try again shortly"), http.Header{"Retry-After": {"2"}})
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
