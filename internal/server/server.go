// Package server answers for a result folder over HTTP: a JSON API under /api/v1,
// vector tiles, the dashboard, and a laboratory that optimises the study's homes
// again under other assumptions.
//
// What enters: a result folder. What leaves: power in kW per home (positive is
// charging) or kW per region, coordinates in WGS84. The result is read into memory
// whole and never changes; answers carry its tag. When another takes its place in
// the folder, that is loaded beside it and takes over at once.
//
// Time, memory and concurrency are bounded: bodies, headers, idle and slow
// connections, requests at once, laboratory runs at once and waiting.
package server

import (
	"context"
	"errors"
	"io/fs"
	"log"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"sync/atomic"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"

	"github.com/getij/getij/internal/assume"
	"github.com/getij/getij/internal/result"
)

// Options of a server; the zero value of each is a sensible one.
type Options struct {
	Version result.Version
	Log     *slog.Logger
	// Dashboard is the built front end; nil serves the API alone.
	Dashboard fs.FS
	// BackgroundMap is the URL of a raster map behind the regions,
	// https://host/{z}/{x}/{y}.png; empty (the default) calls nothing outside.
	BackgroundMap string
	// AccessibilityStatement is the address of the publisher's own; empty: none is shown.
	AccessibilityStatement string
	// LabHomes bounds the homes of a laboratory run, LabWaiting how many runs wait.
	LabHomes, LabWaiting int
	// Hosts are the names by which readers reach the server, as in the address that
	// their browsers show; loopback names and addresses that are listened on need none.
	Hosts []string
	// ContactEmail is where readers of the API's description can ask.
	ContactEmail string
	// TrustedProxies may say in X-Forwarded-For for whom they ask.
	TrustedProxies []netip.Prefix
}

// Limits of what a request may hold.
const (
	mostBody   = 64 << 10
	mostHeader = 32 << 10
)

// Server answers for one result folder: for the result that is in it, and for
// another as soon as that has taken its place and is whole.
type Server struct {
	dir      string
	options  Options
	current  atomic.Pointer[snapshot]
	watcher  *watcher
	hosts    atomic.Pointer[hosts]
	lab      *lab
	work     *work
	requests *share
	metrics  *metrics
	handler  http.Handler
}

// New loads the results in a folder and prepares to serve them.
func New(dir string, o Options) (*Server, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.LabHomes == 0 {
		o.LabHomes = 1000
	}
	if o.LabWaiting == 0 {
		o.LabWaiting = 16
	}
	s := &Server{dir: dir, options: o, metrics: newMetrics(), work: newWork(), requests: newShare(requestsPerAddress)}
	s.hosts.Store(newHosts(o.Hosts, nil))
	s.watcher = &watcher{s: s}
	var err error
	if s.watcher.seen, err = result.StatManifest(dir); err != nil {
		return nil, &assume.InputError{Err: err}
	}
	first, err := loadSnapshot(dir, "", o.Version)
	if err != nil {
		return nil, &assume.InputError{Err: err}
	}
	s.current.Store(first)
	s.lab = newLab(s)
	var pages http.HandlerFunc
	if o.Dashboard != nil {
		if pages, err = dashboard(o.Dashboard); err != nil {
			return nil, err
		}
	}
	own, err := ownPages(o.Hosts)
	if err != nil {
		return nil, err
	}
	s.handler = s.routes(pages, own)
	return s, nil
}

func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }

func (s *Server) routes(pages http.HandlerFunc, ownPages func(http.Handler) http.Handler) http.Handler {
	r := chi.NewRouter()
	r.Use(s.metrics.middleware, s.logged, s.recovered, s.secured, placed, s.bounded, onePath, middleware.GetHead)
	r.Get(healthPath, s.health)
	r.Group(func(r chi.Router) {
		r.Use(s.named, ownPages, addressed(s.options.TrustedProxies))
		r.With(s.shared).Get("/api/v1/files/*", s.file)
		s.api(r.With(s.aboutOneResult, s.answered))
		// GET and POST alone: a HEAD is answered by the route of its GET.
		nothing := func(w http.ResponseWriter, r *http.Request) {
			problem(w, http.StatusNotFound, "there is no "+r.URL.Path+": /api/v1/openapi.json lists what there is")
		}
		r.Get("/api/*", nothing)
		r.Post("/*", nothing)
		if pages != nil {
			r.Get("/*", pages)
		}
	})
	return r
}

// api has every route whose answer is finished before it is sent.
func (s *Server) api(r chi.Router) {
	api := newAPI(r, s.options.ContactEmail)
	s.registerStudy(api)
	s.registerProfiles(api)
	s.registerRegions(api)
	s.registerPotential(api)
	s.registerPopulation(api)
	s.registerFigures(api)
	s.registerOutlook(api)
	s.registerLab(api)
	s.registerStreet(api)
	r.Get(apiBase+"/points/{scenario}.bin", s.points)
	r.Get(apiBase+"/points/{scenario}/{year}.bin", s.points)
	r.Get(apiBase+"/points/{scenario}/{year}/{level}.bin", s.points)
	r.Get(apiBase+"/tiles/{level}/{z}/{x}/{y}.mvt", s.tile)
	describe(r, api.OpenAPI())
}

// Serve answers over a listener until ctx ends, and then finishes what is under
// way. Metrics, if not nil, listens for those who look after the server.
func (s *Server) Serve(ctx context.Context, main, metrics net.Listener) error {
	// Until it listens nobody asks by an address.
	s.hosts.Store(newHosts(s.options.Hosts, main.Addr()))
	g := newGate(main, s.options.TrustedProxies)
	var servers []*http.Server
	done := make(chan error, 2)
	serve := func(handler http.Handler, g *gate) {
		h := s.httpServer(handler, g)
		servers = append(servers, h)
		go func() { done <- h.Serve(g) }()
	}
	serve(s, g)
	if metrics != nil {
		serve(s.inside(metrics.Addr()), newGate(metrics, nil))
	}
	go s.watcher.run(ctx)
	go s.warm(ctx, s.current.Load())
	var failed error
	select {
	case failed = <-done:
	case <-ctx.Done():
	}
	end, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	for _, h := range servers {
		if err := h.Shutdown(end); err != nil {
			failed = errors.Join(failed, err, h.Close())
		}
	}
	return failed
}

// inside is what those who look after the server see, at an address of its own.
func (s *Server) inside(address net.Addr) http.Handler {
	r := chi.NewRouter()
	r.Use(s.recovered, newHosts(s.options.Hosts, address).only, placed, middleware.GetHead)
	r.Get(healthPath, s.health)
	r.Get("/metrics", s.metrics.handler().ServeHTTP)
	return r
}

func (s *Server) errorLog() *log.Logger {
	return slog.NewLogLogger(s.options.Log.Handler(), slog.LevelWarn)
}
