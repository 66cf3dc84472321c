package server

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"strings"
	"sync"
)

// answerCache keeps finished answers, plain and compressed: the folder never
// changes while it is served.
type answerCache struct {
	mu    sync.Mutex
	held  map[string]*kept
	order []string // oldest first
	size  int      // bytes
}

type kept struct {
	status      int
	contentType string
	plain, gzip []byte // gzip is nil where it would not be smaller
}

// mostCached bounds the answers in memory, mostAnswer each of them.
const (
	mostCached = 256 << 20
	mostAnswer = 16 << 20
)

func newAnswerCache() *answerCache { return &answerCache{held: map[string]*kept{}} }

func (c *answerCache) find(path string) *kept {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.held[path]
}

func (c *answerCache) keep(path string, k *kept) {
	size := len(k.plain) + len(k.gzip) + len(path)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.held[path] != nil {
		return
	}
	c.held[path], c.order, c.size = k, append(c.order, path), c.size+size
	for c.size > mostCached {
		old := c.held[c.order[0]]
		c.size -= len(old.plain) + len(old.gzip) + len(c.order[0])
		delete(c.held, c.order[0])
		c.order = c.order[1:]
	}
}

// recorded collects an answer instead of sending it.
type recorded struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (r *recorded) Header() http.Header { return r.header }

func (r *recorded) WriteHeader(status int) { r.status = status }

func (r *recorded) Write(b []byte) (int, error) { return r.body.Write(b) }

// cached answers a GET without parameters from memory, when it was answered
// before.
func (s *Server) cached(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		path := r.URL.Path
		if r.Method != http.MethodGet || r.URL.RawQuery != "" || !strings.HasPrefix(path, "/api/v1/") || strings.HasPrefix(path, "/api/v1/files/") {
			next.ServeHTTP(w, r)
			return
		}
		k := s.answers.find(path)
		if k == nil {
			rec := &recorded{header: w.Header().Clone(), status: http.StatusOK}
			next.ServeHTTP(rec, r)
			k = &kept{status: rec.status, contentType: rec.header.Get("Content-Type"), plain: rec.body.Bytes()}
			if rec.status != http.StatusOK && rec.status != http.StatusNoContent || len(k.plain) > mostAnswer {
				for name, values := range rec.header {
					w.Header()[name] = values
				}
				w.WriteHeader(rec.status)
				_, _ = w.Write(k.plain)
				return
			}
			k.gzip = zipped(k.plain)
			s.answers.keep(path, k)
		}
		k.send(w, r)
	})
}

func (k *kept) send(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	if k.contentType != "" {
		h.Set("Content-Type", k.contentType)
	}
	body := k.plain
	if k.gzip != nil {
		h.Add("Vary", "Accept-Encoding")
		if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
			h.Set("Content-Encoding", "gzip")
			body = k.gzip
		}
	}
	w.WriteHeader(k.status)
	_, _ = w.Write(body)
}

// leastZipped: below this an answer fits a packet anyway.
const leastZipped = 1024

func zipped(plain []byte) []byte {
	if len(plain) < leastZipped {
		return nil
	}
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(plain); err != nil {
		return nil
	}
	if err := w.Close(); err != nil || b.Len() >= len(plain) {
		return nil
	}
	return b.Bytes()
}
