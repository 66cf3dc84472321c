package server

import (
	"context"
	"net/http"
	"os"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/getij/getij/internal/assume"
	"github.com/getij/getij/internal/result"
	"github.com/getij/getij/internal/study"
)

// FailLab makes every later run of the laboratory fail.
func (s *Server) FailLab(err error) {
	s.lab.compute = func(context.Context, *assume.Study, study.Progress) (*result.Result, error) { return nil, err }
}

// ChangeInput makes later runs of the laboratory find other bytes in an input file
// than the results were made with.
func (s *Server) ChangeInput(kind string) {
	s.lab.compute = func(ctx context.Context, st *assume.Study, p study.Progress) (*result.Result, error) {
		r, err := study.RunProfiles(ctx, st, p)
		if err == nil {
			for i := range r.Manifest.Inputs {
				if in := &r.Manifest.Inputs[i]; in.Kind == kind {
					in.File, in.SHA256 = kind+".csv", "another"
				}
			}
		}
		return r, err
	}
}

// Unchanged says whether a folder is the same after something happened.
func Unchanged(dir string, happens func()) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	manifest, err := readManifest(root)
	if err != nil {
		return err
	}
	happens()
	return unchanged(root, dir, manifest)
}

// HoldLab makes every later run of the laboratory wait until release.
func (s *Server) HoldLab() (release func()) {
	held := make(chan struct{})
	s.lab.compute = func(ctx context.Context, st *assume.Study, p study.Progress) (*result.Result, error) {
		<-held
		return study.RunProfiles(ctx, st, p)
	}
	return func() { close(held) }
}

// HoldHomes makes runs of so many homes, or one less, wait until release; they compute two.
func (s *Server) HoldHomes(homes int) (release func()) {
	held := make(chan struct{})
	s.lab.compute = func(ctx context.Context, st *assume.Study, p study.Progress) (*result.Result, error) {
		if st.Homes >= homes-1 {
			<-held
			st.Homes = 2
		}
		return study.RunProfiles(ctx, st, p)
	}
	return func() { close(held) }
}

// Waiting is how many runs the laboratory holds.
func (s *Server) Waiting() int { return s.lab.queue.len() }

// Inside is what is served at the address for metrics.
func (s *Server) Inside() http.Handler { return s.inside(nil) }

// Look looks at the folder, as the watcher does every second.
func (s *Server) Look() { s.watcher.look(context.Background(), time.Now()) }

// Walk visits every route.
func (s *Server) Walk(visit func(method, pattern string)) error {
	return chi.Walk(s.handler.(chi.Routes), func(method, pattern string, _ http.Handler, _ ...func(http.Handler) http.Handler) error {
		visit(method, pattern)
		return nil
	})
}
