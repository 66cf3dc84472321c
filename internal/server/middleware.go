package server

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/go-chi/chi/v5/middleware"
)

// logged writes a line per request.
func (s *Server) logged(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen := middleware.NewWrapResponseWriter(w, r.ProtoMajor)
		start := time.Now()
		defer func() {
			s.options.Log.Info("request", "method", r.Method, "path", r.URL.Path, "status", seen.Status(),
				"bytes", seen.BytesWritten(), "ms", float64(time.Since(start).Microseconds())/1000)
		}()
		next.ServeHTTP(seen, r)
	})
}

// secured sets headers for the browser: nothing from outside, no framing but of
// the pages made for it.
func (s *Server) secured(next http.Handler) http.Handler {
	outside := ""
	if i := strings.Index(s.options.BackgroundMap, "://"); i >= 0 {
		host, _, _ := strings.Cut(s.options.BackgroundMap[i+3:], "/")
		outside = " " + s.options.BackgroundMap[:i+3] + host
	}
	policy := "default-src 'none'; script-src 'self'; worker-src 'self' blob:; child-src blob:; style-src 'self' 'unsafe-inline'; " +
		"img-src 'self' data: blob:" + outside + "; font-src 'self'; connect-src 'self'" + outside + "; manifest-src 'self'; base-uri 'none'; form-action 'none'"
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		frames := "; frame-ancestors 'none'"
		if r.URL.Path == "/embed" || strings.HasPrefix(r.URL.Path, "/embed/") {
			frames = "; frame-ancestors *"
		} else {
			h.Set("X-Frame-Options", "DENY")
		}
		if strings.HasPrefix(r.URL.Path, "/api/") {
			h.Set("Cross-Origin-Resource-Policy", "same-origin")
			h.Set(VersionHeader, apiVersion)
		}
		h.Set("Content-Security-Policy", policy+frames)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
		next.ServeHTTP(w, r)
	})
}

// named answers to the names of this server alone.
func (s *Server) named(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.hosts.Load().only(next).ServeHTTP(w, r)
	})
}

// bounded refuses large bodies and methods that nothing here answers.
func (s *Server) bounded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.Method {
		case http.MethodGet, http.MethodHead, http.MethodPost:
		default:
			w.Header().Set("Allow", "GET, HEAD, POST")
			problem(w, http.StatusMethodNotAllowed, "the method "+r.Method+" is not answered here: use GET or POST")
			return
		}
		if r.ContentLength > mostBody {
			problem(w, http.StatusRequestEntityTooLarge, "the body is larger than 64 KiB")
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, 2*mostBody) // those that do not say their length; the API refuses them sooner
		next.ServeHTTP(w, r)
	})
}

// ResultHeader names the result that an answer, or a request, is about.
const ResultHeader = "Getij-Result"

// aboutOneResult gives a request the result that is served now, and refuses one that
// is about another: nobody gets a mix of two.
func (s *Server) aboutOneResult(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		sn := s.current.Load()
		if s.isAbout(sn, w, r) {
			next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), snapshotKey{}, sn)))
		}
	})
}

func (s *Server) isAbout(sn *snapshot, w http.ResponseWriter, r *http.Request) bool {
	w.Header().Set(ResultHeader, sn.tag)
	if named := r.Header.Get(ResultHeader); named != "" && named != sn.tag {
		problem(w, http.StatusConflict, "another result has taken the place of "+named+": load the page again, or ask for "+sn.tag)
		return false
	}
	return true
}

// answered finishes answers before it sends them, and answers from memory what is
// kept there. An answer is kept when its handler says so, and nothing in it depends
// on more than the path.
func (s *Server) answered(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		sn, tag := of(r.Context()), ""
		if r.Method != http.MethodPost {
			tag = sn.eTag()
		}
		a, err := s.finished(sn, next, r)
		if err != nil {
			refuseBusy(w, err)
			return
		}
		a.send(w, r, tag)
	})
}

// inTurns wait their turn in the laboratory, and not for a place among short requests.
var inTurns = []string{apiBase + "/lab", apiBase + "/street"}

// finished makes an answer, or finds it in memory.
func (s *Server) finished(sn *snapshot, next http.Handler, r *http.Request) (a *reply, err error) {
	alone := r.Method == http.MethodPost || r.URL.RawQuery != ""
	key := r.URL.EscapedPath()
	if !alone {
		if a := sn.answers.find(key); a != nil {
			return a, nil
		}
	}
	who := readerOf(r.Context())
	if !s.requests.take(who) {
		return nil, errShare
	}
	defer s.requests.give(who)
	switch {
	case slices.Contains(inTurns, r.URL.Path):
		a, _ = record(next, r)
	case alone:
		err = s.work.do(func() { a, _ = record(next, r) })
	default:
		a, err = sn.answers.make(key, func() (a *reply, keep bool, err error) {
			err = s.work.do(func() { a, keep = record(next, r) })
			return a, keep, err
		})
	}
	return a, err
}

const healthPath = "/healthz"

// health answers whether the server does.
func (s *Server) health(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	fmt.Fprintln(w, "ok")
	if s.watcher.refused.Load() {
		fmt.Fprintln(w, "the result folder has changed and cannot be loaded: the result from before is still served")
	}
}
