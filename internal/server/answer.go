package server

import (
	"bytes"
	"compress/gzip"
	"context"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// reply is a finished answer: what a handler wrote, plain and compressed. It is
// sent after the work is done, so that a slow reader holds nothing but memory that
// others share.
type reply struct {
	status      int
	header      http.Header // what the handler set, no more
	plain, gzip []byte      // gzip is nil where it would not be smaller
	brotli      []byte      // of files that were built with it
}

// recorder collects an answer instead of sending it.
type recorder struct {
	header http.Header
	status int
	body   bytes.Buffer
	keep   bool
}

func (r *recorder) Header() http.Header { return r.header }

func (r *recorder) WriteHeader(status int) { r.status = status }

func (r *recorder) Write(b []byte) (int, error) { return r.body.Write(b) }

type recorderKey struct{}

// record runs a handler and says whether it marked its answer as one to keep. A
// HEAD is recorded as the GET that it asks about. Of the headers the handler sees
// the type of the body alone: others would make another answer of the same request,
// as an Accept does, and one reader's would be kept for all.
func record(next http.Handler, r *http.Request) (a *reply, keep bool) {
	rec := &recorder{header: http.Header{}, status: http.StatusOK}
	r = r.WithContext(context.WithValue(r.Context(), recorderKey{}, rec))
	r.Header = http.Header{"Content-Type": r.Header["Content-Type"]}
	if r.Method == http.MethodHead {
		r.Method = http.MethodGet // of the copy
	}
	next.ServeHTTP(rec, r)
	return newAnswer(rec.status, rec.header, rec.body.Bytes()), rec.keep && rec.status == http.StatusOK
}

func newAnswer(status int, header http.Header, body []byte) *reply {
	return &reply{status: status, header: header, plain: slices.Clip(bytes.Clone(body)), gzip: zipped(header, body)}
}

// keep marks the answer that a handler is making as one that stays the same for as
// long as the result is served.
func keep(ctx context.Context) {
	if rec, ok := ctx.Value(recorderKey{}).(*recorder); ok {
		rec.keep = true
	}
}

// send sends the answer under an entity tag, or that the reader has it already.
func (a *reply) send(w http.ResponseWriter, r *http.Request, tag string) {
	h := w.Header()
	maps.Copy(h, a.header)
	if a.gzip != nil {
		h.Add("Vary", "Accept-Encoding")
	}
	if tag != "" && (a.status == http.StatusOK || a.status == http.StatusNoContent) {
		h.Set("ETag", tag)
		if h.Get("Cache-Control") == "" {
			h.Set("Cache-Control", "no-cache")
		}
		if hasTag(r.Header.Values("If-None-Match"), tag) {
			h.Del("Content-Type")
			w.WriteHeader(http.StatusNotModified)
			return
		}
	}
	body := a.plain
	switch accepted := r.Header.Values("Accept-Encoding"); {
	case a.brotli != nil && accepts(accepted, "br"):
		h.Set("Content-Encoding", "br")
		body = a.brotli
	case a.gzip != nil && accepts(accepted, "gzip"):
		h.Set("Content-Encoding", "gzip")
		body = a.gzip
	}
	if a.status != http.StatusNoContent {
		h.Set("Content-Length", strconv.Itoa(len(body)))
	}
	w.WriteHeader(a.status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body)
	}
}

// hasTag says whether an If-None-Match names the tag, by weak comparison
// (RFC 9110, 13.1.2). Our tags hold no comma.
func hasTag(values []string, tag string) bool {
	for _, v := range values {
		for one := range strings.SplitSeq(v, ",") {
			one = strings.TrimSpace(one)
			if one == "*" || strings.TrimPrefix(one, "W/") == strings.TrimPrefix(tag, "W/") {
				return true
			}
		}
	}
	return false
}

// accepts reads Accept-Encoding (RFC 9110, 12.5.3), where q=0 refuses.
func accepts(values []string, want string) bool {
	for _, v := range values {
		for one := range strings.SplitSeq(v, ",") {
			coding, weight, _ := strings.Cut(one, ";")
			if coding = strings.TrimSpace(coding); !strings.EqualFold(coding, want) && coding != "*" {
				continue
			}
			_, q, ok := strings.Cut(weight, "=")
			v, err := strconv.ParseFloat(strings.TrimSpace(q), 64)
			return !ok || err == nil && v > 0
		}
	}
	return false
}

// leastZipped: below this an answer fits a packet anyway.
const leastZipped = 1024

// zippedTypes are what compression makes smaller.
var zippedTypes = []string{
	"application/json", "application/problem+json", "application/openapi", "application/yaml", "application/javascript",
	"application/octet-stream", "application/vnd.mapbox-vector-tile", "text/", "image/svg+xml",
}

func zipped(header http.Header, plain []byte) []byte {
	kind := header.Get("Content-Type")
	if len(plain) < leastZipped || !slices.ContainsFunc(zippedTypes, func(t string) bool { return strings.HasPrefix(kind, t) }) {
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
	return slices.Clip(bytes.Clone(b.Bytes()))
}
