package server

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"sync/atomic"
	"time"

	"github.com/getij/getij/internal/result"
)

// watchEvery is how often the folder is looked at; one that could not be loaded is
// tried again ever more rarely, up to retryAtMost, for it may still be on its way.
const (
	watchEvery  = time.Second
	retryAtMost = time.Minute
)

// watcher loads what takes the place of the result that is served. A folder that is
// broken or incomplete changes nothing but its own state.
type watcher struct {
	s       *Server
	seen    fs.FileInfo // of the manifest, when it was last looked at; nil when it was not there
	retry   time.Duration
	next    time.Time
	refused atomic.Bool // the folder is not what is served
	why     string
}

func (w *watcher) run(ctx context.Context) {
	tick := time.NewTicker(watchEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case now := <-tick.C:
			w.look(ctx, now)
		}
	}
}

// look compares the manifest with the one of the last look.
func (w *watcher) look(ctx context.Context, now time.Time) {
	info, err := result.StatManifest(w.s.dir)
	if err != nil {
		info = nil
	}
	same := sameManifest(info, w.seen)
	if same && (!w.refused.Load() || now.Before(w.next)) {
		return
	}
	if !same {
		w.retry = watchEvery
	}
	w.seen = info
	if err == nil {
		err = w.s.load(ctx)
	}
	w.refused.Store(err != nil)
	if err == nil {
		w.why = ""
		return
	}
	w.s.metrics.loads.WithLabelValues("refused").Inc()
	w.retry = min(2*w.retry, retryAtMost)
	w.next = now.Add(w.retry)
	if why := err.Error(); why != w.why && !errors.Is(err, context.Canceled) {
		w.why = why
		w.s.options.Log.Warn("the result folder has changed and cannot be loaded: the result from before is still served", "dir", w.s.dir, "error", err)
	}
}

func sameManifest(a, b fs.FileInfo) bool {
	if a == nil || b == nil {
		return a == nil && b == nil
	}
	return os.SameFile(a, b) && a.Size() == b.Size() && a.ModTime().Equal(b.ModTime())
}

// load reads the folder and serves it from then on.
func (s *Server) load(ctx context.Context) error {
	old := s.current.Load()
	sn, err := loadSnapshot(s.dir, old.tag, s.options.Version)
	if sn == nil || err != nil {
		return err
	}
	s.current.Store(sn)
	old.files.release()
	s.metrics.loads.WithLabelValues("loaded").Inc()
	s.options.Log.Info("another result is served", "dir", s.dir, "result", sn.tag, "before", old.tag)
	go s.warm(ctx, sn)
	return nil
}
