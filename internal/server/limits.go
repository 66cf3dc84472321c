package server

import (
	"context"
	"errors"
	"net/http"
	"net/netip"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/go-chi/chi/v5/middleware"
)

// Limits of requests. Answers that are in memory count for nothing: only making
// one does, and sending a file.
const (
	requestsPerAddress = 64
	requestsWaiting    = 512
	waitAtMost         = 10 * time.Second
)

// reader is the address whose limits hold: of IPv6 the network of 64 bits that a
// household or an office has.
func reader(address string) netip.Addr {
	if at, err := netip.ParseAddrPort(address); err == nil {
		return network(at.Addr())
	}
	return netip.Addr{}
}

func network(a netip.Addr) netip.Addr {
	if a = a.Unmap().WithZone(""); a.Is6() && !a.IsLoopback() {
		return netip.PrefixFrom(a, 64).Masked().Addr()
	}
	return a
}

func isProxy(trusted []netip.Prefix, a netip.Addr) bool {
	return slices.ContainsFunc(trusted, func(p netip.Prefix) bool { return p.Contains(a) })
}

type readerKey struct{}

// addressed finds who asks: whom the trusted proxies name in X-Forwarded-For, else
// the other end of the connection.
func addressed(trusted []netip.Prefix) func(http.Handler) http.Handler {
	find := middleware.ClientIPFromRemoteAddr
	if len(trusted) > 0 {
		var text []string
		for _, p := range trusted {
			text = append(text, p.String())
		}
		find = middleware.ClientIPFromXFF(text...)
	}
	return func(next http.Handler) http.Handler {
		return find(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			a := network(middleware.GetClientIPAddr(r.Context()))
			if !a.IsValid() { // a proxy that does not say
				a = reader(r.RemoteAddr)
			}
			next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), readerKey{}, a)))
		}))
	}
}

func readerOf(ctx context.Context) netip.Addr { return ctx.Value(readerKey{}).(netip.Addr) }

// share counts what each reader has under way, up to most.
type share struct {
	most int
	mu   sync.Mutex
	of   map[netip.Addr]int
}

func newShare(most int) *share { return &share{most: most, of: map[netip.Addr]int{}} }

func (s *share) take(a netip.Addr) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.of[a] >= s.most {
		return false
	}
	s.of[a]++
	return true
}

func (s *share) give(a netip.Addr) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.of[a]--; s.of[a] == 0 {
		delete(s.of, a)
	}
}

// work lets a request a processor work at a time, of all readers; others wait, and
// do not stand between the processors and the health of the server.
type work struct {
	places, waiting chan struct{}
}

func newWork() *work {
	return &work{make(chan struct{}, runtime.GOMAXPROCS(0)), make(chan struct{}, requestsWaiting)}
}

var errBusy = errors.New("too many requests are waiting")

// do runs f when there is a place.
func (k *work) do(f func()) error {
	select {
	case k.waiting <- struct{}{}:
		defer func() { <-k.waiting }()
	default:
		return errBusy
	}
	patience := time.NewTimer(waitAtMost)
	defer patience.Stop()
	select {
	case k.places <- struct{}{}:
		defer func() { <-k.places }()
	case <-patience.C:
		return errBusy
	}
	f()
	return nil
}

// comeBack refuses for now.
func comeBack(w http.ResponseWriter, status int, after time.Duration, why string) {
	w.Header().Set("Retry-After", strconv.Itoa(int(after.Seconds())))
	problem(w, status, why+"; try again shortly")
}

// errShare is a reader who has too much under way.
var errShare = errors.New("too many requests from this address are under way")

// refuseBusy answers that the reader should come back.
func refuseBusy(w http.ResponseWriter, err error) {
	if errors.Is(err, errShare) {
		comeBack(w, http.StatusTooManyRequests, time.Second, err.Error())
		return
	}
	comeBack(w, http.StatusServiceUnavailable, 2*time.Second, err.Error())
}

// shared holds a reader to a share of what is under way, until it is sent.
func (s *Server) shared(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a := readerOf(r.Context())
		if !s.requests.take(a) {
			refuseBusy(w, errShare)
			return
		}
		defer s.requests.give(a)
		next.ServeHTTP(w, r)
	})
}

// placed leaves those beyond the limits of connections nothing but the health of
// the server.
func placed(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if isSurplus(r) {
			w.Header().Set("Connection", "close")
			if r.URL.Path != healthPath {
				comeBack(w, http.StatusServiceUnavailable, 5*time.Second, "too many connections are open")
				return
			}
		}
		next.ServeHTTP(w, r)
	})
}
