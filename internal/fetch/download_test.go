package fetch

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// breaksOff announces everything and closes the connection after so many bytes.
func breaksOff(content []byte, etag string, after int) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		cut := &cutWriter{w, after}
		static(content, etag)(cut, r)
	}
}

type cutWriter struct {
	http.ResponseWriter
	left int
}

func (w *cutWriter) Write(b []byte) (int, error) {
	n, err := w.ResponseWriter.Write(b[:min(len(b), w.left)])
	if w.left -= n; w.left == 0 {
		w.ResponseWriter.(http.Flusher).Flush()
		panic(http.ErrAbortHandler)
	}
	return n, err
}

// raw answers with bytes of its own making and closes the connection.
func raw(text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := w.(http.Hijacker).Hijack()
		if err != nil {
			panic(err)
		}
		defer conn.Close()
		_, _ = io.WriteString(conn, text) // the client may have gone
	}
}

// header answers 206 with headers of its own.
func header(content []byte, from int, contentRange, etag string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Range", contentRange)
		w.Header().Set("ETag", etag)
		w.WriteHeader(http.StatusPartialContent)
		_, _ = w.Write(content[from:])
	}
}

// Connections that break, and servers that resume well, badly and not at all. In
// all cases the map comes whole.
func TestResuming(t *testing.T) {
	gpkg := geoPackage(40)
	content := zipOf(t, mapName, gpkg)
	other := zipOf(t, "LEESMIJ.txt", []byte("new"), mapName, gpkg)
	n := len(content)
	const half = 70_000
	for _, c := range []struct {
		name   string
		steps  []http.HandlerFunc
		answer http.HandlerFunc
		ranges []string // what is asked for, in order
		said   string
	}{
		{"at once", nil, static(content, `"a"`), []string{""}, ""},
		{
			"breaks off twice",
			[]http.HandlerFunc{breaksOff(content, `"a"`, half), breaksOff(content, `"a"`, 10_000)},
			static(content, `"a"`),
			[]string{"", "bytes=70000-", "bytes=80000-"},
			fmt.Sprintf("broke off after 70000 of %d bytes", n),
		},
		{
			"ignores Range",
			[]http.HandlerFunc{breaksOff(content, `"a"`, half), func(w http.ResponseWriter, r *http.Request) {
				r.Header.Del("Range")
				static(content, `"a"`)(w, r)
			}},
			nil,
			[]string{"", "bytes=70000-"},
			"starts from the beginning",
		},
		{
			"changed, and says so by If-Range",
			[]http.HandlerFunc{breaksOff(other, `"old"`, half)},
			static(content, `"new"`),
			[]string{"", "bytes=70000-"},
			"starts from the beginning",
		},
		{
			"changed, and sends a part all the same",
			[]http.HandlerFunc{breaksOff(content, `"a"`, half), header(content, half, fmt.Sprintf("bytes %d-%d/%d", half, n-1, n), `"b"`)},
			static(content, `"b"`),
			[]string{"", "bytes=70000-", ""},
			"has changed since its first part",
		},
		{
			"another length",
			[]http.HandlerFunc{breaksOff(content, `"a"`, half), header(content, half, fmt.Sprintf("bytes %d-%d/%d", half, n, n+1), `"a"`)},
			static(content, `"a"`),
			[]string{"", "bytes=70000-", ""},
			"has changed since its first part",
		},
		{
			"another part",
			[]http.HandlerFunc{breaksOff(content, `"a"`, half), header(content, 0, fmt.Sprintf("bytes 0-%d/%d", n-1, n), `"a"`)},
			static(content, `"a"`),
			[]string{"", "bytes=70000-", ""},
			"sends another part",
		},
		{
			"no such part",
			[]http.HandlerFunc{breaksOff(content, `"a"`, half), status(416, "")},
			static(content, `"a"`),
			[]string{"", "bytes=70000-", ""},
			"cannot give the rest",
		},
		{
			"a weak ETag does not identify bytes",
			[]http.HandlerFunc{breaksOff(content, `W/"a"`, half)},
			static(content, `W/"a"`),
			[]string{"", ""},
			"broke off",
		},
		{"no ETag, no date", []http.HandlerFunc{breaksOff(content, "", half)}, static(content, ""), []string{"", ""}, "broke off"},
		{
			"announces more than it sends",
			[]http.HandlerFunc{raw(fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Length: %d\r\nETag: \"a\"\r\n\r\n%s", n, content[:half]))},
			static(content, `"a"`),
			[]string{"", "bytes=70000-"},
			"broke off after 70000",
		},
		{
			"no answer at all",
			[]http.HandlerFunc{raw("")},
			static(content, `"a"`),
			[]string{"", ""},
			"broke off the connection",
		},
		{
			"errors of its own",
			[]http.HandlerFunc{status(500, ""), status(502, "<html>"), status(504, "")},
			static(content, `"a"`),
			[]string{"", "", "", ""},
			"502 Bad Gateway",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newSource(t, c.answer, c.steps...)
			b := newBench(t)
			r, got := b.fetch(t, b.options("regions", s))
			if !bytes.Equal(got, gpkg) {
				t.Error("other bytes came out")
			}
			var ranges []string
			for _, q := range s.requests() {
				if strings.HasSuffix(q.URL.Path, "_v3.zip") {
					ranges = append(ranges, q.Header.Get("Range"))
				}
				if (q.Header.Get("Range") == "") != (q.Header.Get("If-Range") == "") {
					t.Errorf("Range %q with If-Range %q", q.Header.Get("Range"), q.Header.Get("If-Range"))
				}
			}
			if !slices.Equal(ranges, c.ranges) {
				t.Errorf("asked for %q, want %q", ranges, c.ranges)
			}
			if said := strings.Join(b.said, "\n"); !strings.Contains(said, c.said) {
				t.Errorf("said %q: %q was expected", said, c.said)
			}
			if r.Parts[0].Bytes != int64(n) {
				t.Errorf("%d bytes in the record, want %d", r.Parts[0].Bytes, n)
			}
		})
	}
}

// A server that resumes by date, without an ETag.
func TestResumingByDate(t *testing.T) {
	gpkg := geoPackage(40)
	content := zipOf(t, mapName, gpkg)
	date := time.Date(2025, 3, 1, 0, 0, 0, 0, time.UTC)
	whole := func(w http.ResponseWriter, r *http.Request) {
		http.ServeContent(w, r, "", date, bytes.NewReader(content))
	}
	s := newSource(t, whole, func(w http.ResponseWriter, r *http.Request) { whole(&cutWriter{w, 5000}, r) })
	b := newBench(t)
	if _, got := b.fetch(t, b.options("regions", s)); !bytes.Equal(got, gpkg) {
		t.Error("other bytes came out")
	}
	if q := s.requests()[1]; q.Header.Get("Range") != "bytes=5000-" || q.Header.Get("If-Range") != date.Format(http.TimeFormat) {
		t.Errorf("asked with %v", q.Header)
	}
}

// Stopping keeps what came; another run goes on from there.
func TestStoppingKeepsThePart(t *testing.T) {
	gpkg := geoPackage(40)
	content := zipOf(t, mapName, gpkg)
	ctx, cancel := context.WithCancel(t.Context())
	s := newSource(t, static(content, `"a"`), func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", `"a"`)
		w.Header().Set("Content-Length", fmt.Sprint(len(content)))
		_, _ = w.Write(content[:60_000])
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	})
	b := newBench(t)
	b.Progress = func(_ string, done, _ int64) {
		if done == 60_000 {
			cancel()
		}
	}
	o := b.options("regions", s)
	if _, err := b.Fetch(ctx, o); !errors.Is(err, context.Canceled) {
		t.Fatalf("error %v", err)
	}
	if said := strings.Join(b.said, "\n"); !strings.Contains(said, "60000 bytes of map are kept") {
		t.Errorf("said %q", said)
	}
	if _, err := os.Stat(o.Out); err == nil {
		t.Error("a result is there")
	}
	b.Progress = nil
	if _, got := b.fetch(t, o); !bytes.Equal(got, gpkg) {
		t.Error("other bytes came out")
	}
	if all := s.requests(); len(all) != 2 || all[1].Header.Get("Range") != "bytes=60000-" {
		t.Errorf("asked for %q", all[1].Header.Get("Range"))
	}
	if left, _ := filepath.Glob(filepath.Join(o.Cache, "*.partial*")); len(left) > 0 {
		t.Errorf("left in the cache: %s", left)
	}
}

func TestWaiting(t *testing.T) {
	good := static(pricesOf(2024, time.Hour), "")
	date := newBench(t).now.Add(90 * time.Second).Format(http.TimeFormat)
	past := newBench(t).now.Add(-time.Hour).Format(http.TimeFormat)
	for _, c := range []struct {
		name  string
		steps []http.HandlerFunc
		waits []time.Duration
		fails string
	}{
		{"429 with seconds", []http.HandlerFunc{status(429, "", "Retry-After", "7")}, []time.Duration{7 * time.Second}, ""},
		{"503 with a date", []http.HandlerFunc{status(503, "", "Retry-After", date)}, []time.Duration{90 * time.Second}, ""},
		{"a date that is over", []http.HandlerFunc{status(503, "", "Retry-After", past)}, []time.Duration{time.Second}, ""},
		{"zero seconds", []http.HandlerFunc{status(429, "", "Retry-After", "0")}, []time.Duration{time.Second}, ""},
		{"no word about it", []http.HandlerFunc{status(429, ""), status(429, "", "Retry-After", "soon")}, []time.Duration{10 * time.Second, 20 * time.Second}, ""},
		{"503 without it", []http.HandlerFunc{status(503, ""), status(503, ""), status(503, "")}, []time.Duration{time.Second, 2 * time.Second, 4 * time.Second}, ""},
		{"longer than is sensible", []http.HandlerFunc{status(429, "", "Retry-After", "86400")}, nil, "asks to wait 24h0m0s"},
		{"without end", slices.Repeat([]http.HandlerFunc{status(429, `{"detail":"slow down"}`, "Retry-After", "60")}, 99), slices.Repeat([]time.Duration{time.Minute}, 4), `429 Too Many Requests ("slow down"): gave up after 5 tries`},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newSource(t, good, c.steps...)
			b := newBench(t)
			o := b.options("prices", s)
			if c.fails != "" {
				b.fails(t, o, c.fails)
			} else {
				b.fetch(t, o)
			}
			if !slices.Equal(b.waits, c.waits) {
				t.Errorf("waited %v, want %v", b.waits, c.waits)
			}
		})
	}
}

// Servers from which nothing useful comes: bounded, and with words to act on.
func TestServersThatFail(t *testing.T) {
	forever := func(w http.ResponseWriter, _ *http.Request) {
		junk := []byte(`{"unix_seconds":[` + strings.Repeat("1,", 1<<16))
		for {
			if _, err := w.Write(junk); err != nil {
				return
			}
		}
	}
	content := pricesOf(2024, time.Hour)
	for _, c := range []struct {
		name   string
		answer http.HandlerFunc
		most   int // requests
		want   []string
	}{
		{"streams forever", forever, 1, []string{"sends more than the 64 MB"}},
		{"announces too much", raw("HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n"), 1, []string{"announces 95367 MB"}},
		{"announces less than it sends", raw("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" + string(content)), 1, []string{"cut off"}},
		{"breaks off at once, always", breaksOff(content, "", 100), 6, []string{"broke off after 100 of", "gave up"}},
		{"never gets further", func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Range") != "" {
				panic(http.ErrAbortHandler)
			}
			breaksOff(content, `"a"`, 5000)(w, r)
		}, 8, []string{"gave up"}},
		{"packs without being asked", status(200, "x", "Content-Encoding", "br"), 1, []string{`packed ("br")`}},
		{"404", status(404, `{"detail":"no content available"}`), 1, []string{"404 Not Found", "no content available", "--year"}},
		{"400", status(400, `{"detail":"bad start"}`), 1, []string{`400 Bad Request ("bad start")`, "--base-url"}},
		{"407", status(407, ""), 1, []string{"HTTPS_PROXY"}},
		{"304 to a plain question", status(304, ""), 5, []string{"gave up"}},
		{"moves without end", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/price?n", http.StatusFound) }, 6, []string{"without end"}},
		{"stops in the middle", func(w http.ResponseWriter, r *http.Request) {
			_, _ = w.Write(content[:100])
			w.(http.Flusher).Flush()
			<-r.Context().Done()
		}, 6, []string{"nothing came for a while"}},
		{"never answers", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, 5, []string{"nothing came for a while"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newSource(t, c.answer)
			b := newBench(t)
			if strings.Contains(c.want[0], "for a while") {
				b.Stall, b.Patience = 50*time.Millisecond, 50*time.Millisecond
			}
			b.fails(t, b.options("prices", s), c.want...)
			if n := len(s.requests()); n > c.most {
				t.Errorf("%d requests, at most %d were expected", n, c.most)
			}
		})
	}
}

func TestNoConnection(t *testing.T) {
	s := newSource(t, nil)
	s.Close()
	b := newBench(t)
	b.fails(t, b.options("prices", s), "127.0.0.1", "failed", "gave up after 5 tries")
	if len(b.waits) != 4 {
		t.Errorf("waited %v", b.waits)
	}
	o := b.options("prices", s)
	o.BaseURL = "https://data.invalid"
	b.fails(t, o, "data.invalid is not found", "online", "HTTPS_PROXY")
}

func TestUnknownCertificate(t *testing.T) {
	s := httptest.NewUnstartedServer(static(pricesOf(2024, time.Hour), ""))
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.StartTLS()
	defer s.Close()
	b := newBench(t)
	o := b.options("prices", &source{Server: s})
	b.fails(t, o, "certificate", "SSL_CERT_FILE")
	if len(b.waits) > 0 {
		t.Error("tried again")
	}
}

func TestMovedAddress(t *testing.T) {
	target := newSource(t, static(pricesOf(2024, time.Hour), `"a"`))
	s := newSource(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, target.URL+r.URL.RequestURI(), http.StatusMovedPermanently)
	})
	b := newBench(t)
	b.fetch(t, b.options("prices", s))
	if q := target.requests(); len(q) != 1 || q[0].Header.Get("Referer") != "" {
		t.Errorf("%d requests", len(q))
	}
}

func TestRetryAfterAndContentRange(t *testing.T) {
	now := time.Date(2026, 10, 1, 12, 0, 0, 0, time.UTC)
	for text, want := range map[string]time.Duration{
		"5": 5 * time.Second, " 120 ": 2 * time.Minute, "0": time.Second,
		"Thu, 01 Oct 2026 12:00:30 GMT": 30 * time.Second, "Thursday, 01-Oct-26 12:00:30 GMT": 30 * time.Second,
		"": -1, "-5": -1, "1.5": -1, "tomorrow": -1, "99999999999999999999": -1,
	} {
		got, ok := retryAfter(text, now)
		if ok != (want >= 0) || ok && got != want {
			t.Errorf("retryAfter(%q) = %v, %t", text, got, ok)
		}
	}
	for text, want := range map[string][2]int64{
		"bytes 100-199/200": {100, 200}, "bytes 0-0/1": {0, 1},
		"": {}, "bytes */200": {}, "bytes 1-2/*": {}, "bytes 5-9/5": {}, "bytes -1-2/9": {},
	} {
		from, total, ok := contentRange(text)
		if ok != (want[1] > 0) || ok && (from != want[0] || total != want[1]) {
			t.Errorf("contentRange(%q) = %d, %d, %t", text, from, total, ok)
		}
	}
}
