package server

import (
	"net/http"
	"strconv"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// metrics are what Prometheus reads, in a registry of this server's own.
type metrics struct {
	registry   *prometheus.Registry
	requests   *prometheus.CounterVec
	duration   *prometheus.HistogramVec
	loads      *prometheus.CounterVec
	labRuns    *prometheus.CounterVec
	labWaiting prometheus.Gauge
	labSeconds prometheus.Histogram
}

func newMetrics() *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "getij_http_requests_total", Help: "Requests by route and status."}, []string{"route", "status"}),
		duration: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "getij_http_request_seconds", Help: "Time to answer, by route.",
			Buckets: []float64{.001, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10},
		}, []string{"route"}),
		loads:      prometheus.NewCounterVec(prometheus.CounterOpts{Name: "getij_result_loads_total", Help: "Results that took the place of another, by outcome: loaded, or refused."}, []string{"outcome"}),
		labRuns:    prometheus.NewCounterVec(prometheus.CounterOpts{Name: "getij_lab_runs_total", Help: "Laboratory runs by outcome."}, []string{"outcome"}),
		labWaiting: prometheus.NewGauge(prometheus.GaugeOpts{Name: "getij_lab_waiting", Help: "Laboratory runs under way or waiting."}),
		labSeconds: prometheus.NewHistogram(prometheus.HistogramOpts{Name: "getij_lab_run_seconds", Help: "Time of a laboratory run without waiting.", Buckets: []float64{.1, .25, .5, 1, 2.5, 5, 10, 30}}),
	}
	m.registry.MustRegister(m.requests, m.duration, m.loads, m.labRuns, m.labWaiting, m.labSeconds,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

func (m *metrics) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{MaxRequestsInFlight: 4})
}

// middleware counts by the route's pattern, so that a name in a path makes no new
// series.
func (m *metrics) middleware(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen := middleware.NewWrapResponseWriter(w, r.ProtoMajor)
		start := time.Now()
		defer func() {
			route := chi.RouteContext(r.Context()).RoutePattern()
			if route == "" {
				route = "none"
			}
			m.requests.WithLabelValues(route, strconv.Itoa(seen.Status())).Inc()
			m.duration.WithLabelValues(route).Observe(time.Since(start).Seconds())
		}()
		next.ServeHTTP(seen, r)
	})
}
