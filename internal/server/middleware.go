package server

import (
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-chi/chi/v5/middleware"
)

// problem answers an error as application/problem+json (RFC 9457).
func problem(w http.ResponseWriter, status int, detail string) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Del("ETag")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(huma.ErrorModel{Title: http.StatusText(status), Status: status, Detail: detail})
}

// logged writes a line per request.
func (s *Server) logged(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen := middleware.NewWrapResponseWriter(w, r.ProtoMajor)
		start := time.Now()
		defer func() {
			if r.RemoteAddr == "" {
				return // the server itself, making tiles beforehand
			}
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
		h.Set("Content-Security-Policy", policy+frames)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
		next.ServeHTTP(w, r)
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

// tagged lets a reader keep answers for as long as the folder is the same.
func (s *Server) tagged(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost || !strings.HasPrefix(r.URL.Path, "/api/") {
			next.ServeHTTP(w, r)
			return
		}
		if strings.Contains(r.Header.Get("If-None-Match"), s.tag) {
			w.Header().Set("ETag", s.tag)
			w.WriteHeader(http.StatusNotModified)
			return
		}
		w.Header().Set("ETag", s.tag)
		w.Header().Set("Cache-Control", "no-cache")
		next.ServeHTTP(w, r)
	})
}
