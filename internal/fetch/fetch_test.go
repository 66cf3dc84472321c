package fetch

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/getij/getij/internal/durable"
)

// source is a local server in place of an official one. It keeps what it was asked,
// and goes through the steps of a test before it answers as it should.
type source struct {
	*httptest.Server
	t       *testing.T
	mu      sync.Mutex
	asked   []*http.Request
	steps   []http.HandlerFunc
	answer  http.HandlerFunc
	refuses bool // any request is a failure of the test
}

func newSource(t *testing.T, answer http.HandlerFunc, steps ...http.HandlerFunc) *source {
	t.Helper()
	s := &source{t: t, answer: answer, steps: steps}
	s.Server = httptest.NewServer(s)
	t.Cleanup(s.Close)
	return s
}

func (s *source) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	s.asked = append(s.asked, r.Clone(context.Background()))
	do := s.answer
	if len(s.steps) > 0 {
		do, s.steps = s.steps[0], s.steps[1:]
	}
	if s.refuses {
		s.t.Errorf("asked for %s", r.URL)
	}
	s.mu.Unlock()
	do(w, r)
}

func (s *source) requests() []*http.Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.asked)
}

// bench is a client with a clock of its own, and what it said and waited.
type bench struct {
	*Client
	now   time.Time
	said  []string
	waits []time.Duration
	dir   string
}

func newBench(t *testing.T) *bench {
	t.Helper()
	b := &bench{now: time.Date(2026, 10, 1, 12, 0, 0, 0, time.UTC), dir: t.TempDir()}
	b.Client = &Client{
		Now: func() time.Time { return b.now },
		Sleep: func(ctx context.Context, d time.Duration) error {
			b.waits = append(b.waits, d)
			b.now = b.now.Add(d)
			return ctx.Err()
		},
		Say:       func(line string) { b.said = append(b.said, line) },
		Transport: &http.Transport{}, // no connection is left from another test
		Stall:     5 * time.Second,
	}
	return b
}

func (b *bench) options(what string, s *source) Options {
	return Options{What: what, Year: 2024, Out: filepath.Join(b.dir, "out"), Cache: filepath.Join(b.dir, "cache"), BaseURL: s.URL}
}

// fetch succeeds, and gives the result and the file.
func (b *bench) fetch(t *testing.T, o Options) (*Result, []byte) {
	t.Helper()
	r, err := b.Fetch(t.Context(), o)
	if err != nil {
		t.Fatalf("%v (said: %s)", err, strings.Join(b.said, "; "))
	}
	text, err := os.ReadFile(r.Path)
	if err != nil {
		t.Fatal(err)
	}
	return r, text
}

// fails fetches and wants an error with these words, and no result.
func (b *bench) fails(t *testing.T, o Options, words ...string) error {
	t.Helper()
	_, err := b.Fetch(t.Context(), o)
	if err == nil {
		t.Fatalf("it succeeded; an error with %q was expected", words)
	}
	for _, w := range words {
		if !strings.Contains(err.Error(), w) {
			t.Errorf("error %q: %q was expected in it", err, w)
		}
	}
	for _, path := range []string{o.Out, o.Out + ".source.json"} {
		if _, statErr := os.Stat(path); statErr == nil {
			t.Errorf("%s is there after the error %v", path, err)
		}
	}
	left, _ := filepath.Glob(filepath.Join(b.dir, ".*")) // what begins with a dot is half-written
	if len(left) > 0 {
		t.Errorf("left behind: %s", left)
	}
	return err
}

// everything is all names and contents below the bench's folder.
func (b *bench) everything(t *testing.T) string {
	t.Helper()
	var all strings.Builder
	err := filepath.WalkDir(b.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		fmt.Fprintf(&all, "%s\n%s\n", path, text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all.String()
}

// geoPackage is the header of a GeoPackage and noise, of so many pages.
func geoPackage(pages int) []byte {
	b := make([]byte, 4096*pages)
	r := rand.New(rand.NewPCG(1, 2))
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	copy(b, "SQLite format 3\x00")
	binary.BigEndian.PutUint16(b[16:], 4096)
	binary.BigEndian.PutUint32(b[24:], 7)
	binary.BigEndian.PutUint32(b[28:], uint32(pages))
	copy(b[68:], "GPKG")
	binary.BigEndian.PutUint32(b[92:], 7)
	return b
}

// zipOf packs names and contents, in turn.
func zipOf(t *testing.T, pairs ...any) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(pairs); i += 2 {
		w, err := z.Create(pairs[i].(string))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(pairs[i+1].([]byte)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

const mapName = "WijkBuurtkaart_2024_v2/wijkenbuurten_2024_v2.gpkg"

// static serves a file as web servers do: Range, If-Range, If-None-Match, ETag.
func static(content []byte, etag string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/octet-stream")
		if etag != "" {
			w.Header().Set("ETag", etag)
		}
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(content))
	}
}

// status answers with a status and headers, in turn.
func status(code int, body string, headers ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		w.WriteHeader(code)
		fmt.Fprint(w, body)
	}
}

// pricesOf is Energy-Charts' answer for a calendar year, in steps.
func pricesOf(year int, step time.Duration, change ...func(*energyChartsAnswer)) []byte {
	start, end := localYear(year)
	a := energyChartsAnswer{Licence: "CC BY 4.0 (creativecommons.org/licenses/by/4.0) from Bundesnetzagentur | SMARD.de", Unit: "EUR / MWh"}
	for t := start; t.Before(end); t = t.Add(step) {
		v := float64(t.Unix()%400) / 4
		a.Seconds = append(a.Seconds, t.Unix())
		a.Prices = append(a.Prices, &v)
	}
	for _, c := range change {
		c(&a)
	}
	text, err := json.Marshal(a)
	if err != nil {
		panic(err)
	}
	return text
}

func TestPricesOfAYear(t *testing.T) {
	want := pricesOf(2024, time.Hour)
	s := newSource(t, static(want, `"one"`))
	b := newBench(t)
	o := b.options("prices", s)
	r, got := b.fetch(t, o)
	if !bytes.Equal(got, want) {
		t.Error("the file is not the answer as it came")
	}
	if r.Hours != 8784 || r.FromCache || len(r.Notes) > 0 || r.Bytes != int64(len(want)) {
		t.Errorf("result %+v", r)
	}
	if !strings.HasPrefix(r.Licence, "CC BY 4.0") || !strings.Contains(r.Licence, "SMARD") {
		t.Errorf("licence %q: what the answer says was expected", r.Licence)
	}
	q := s.requests()[0].URL
	if q.Path != "/price" || q.Query().Encode() != "bzn=NL&end=2024-12-31&start=2024-01-01" {
		t.Errorf("asked for %s", q)
	}
	if said := strings.Join(b.said, "\n"); !strings.Contains(said, "NL day-ahead prices of 2024 from 127.0.0.1") || !strings.Contains(said, "licence CC BY 4.0") {
		t.Errorf("said %q", said)
	}

	text, err := os.ReadFile(r.RecordPath)
	if err != nil {
		t.Fatal(err)
	}
	var rec Record
	if err := json.Unmarshal(text, &rec); err != nil {
		t.Fatal(err)
	}
	n, sum, err := durable.Digest(r.Path)
	if err != nil || rec.SHA256 != sum || rec.Bytes != n || rec.File != "out" || rec.FetchedAt != b.now || len(rec.Parts) != 1 || rec.Parts[0].ETag != `"one"` ||
		rec.LicenceURL == "" || rec.Attribution == "" || !strings.HasSuffix(rec.Parts[0].URL, q.RequestURI()) {
		t.Errorf("record %s", text)
	}
}

func TestYearsHaveTheirHours(t *testing.T) {
	for _, c := range []struct {
		year, hours int
		step        time.Duration
	}{{2023, 8760, time.Hour}, {2024, 8784, time.Hour}, {2025, 8760, 15 * time.Minute}} {
		s := newSource(t, static(pricesOf(c.year, c.step), ""))
		b := newBench(t)
		o := b.options("prices", s)
		o.Year = c.year
		if r, _ := b.fetch(t, o); r.Hours != c.hours {
			t.Errorf("%d has %d hours, want %d", c.year, r.Hours, c.hours)
		}
	}
}

func TestAnswersThatAreNotTheYear(t *testing.T) {
	good := pricesOf(2024, time.Hour)
	for _, c := range []struct {
		name   string
		answer []byte
		want   string
	}{
		{"another year", pricesOf(2023, time.Hour), "none of them of 2024"},
		{"half a year", pricesOf(2024, time.Hour, func(a *energyChartsAnswer) { a.Seconds, a.Prices = a.Seconds[:4000], a.Prices[:4000] }), "4000 of the 8784 hours"},
		{"prices that are null", pricesOf(2024, time.Hour, func(a *energyChartsAnswer) { clear(a.Prices[100:200]) }), "8684 of the 8784 hours"},
		{"arrays of unequal length", pricesOf(2024, time.Hour, func(a *energyChartsAnswer) { a.Prices = a.Prices[1:] }), "8784 times and 8783 prices"},
		{"another unit", pricesOf(2024, time.Hour, func(a *energyChartsAnswer) { a.Unit = "GBP / MWh" }), "EUR/MWh was expected"},
		{"another form", []byte(`{"data":[]}`), "no unix_seconds"},
		{"cut off", good[:len(good)/2], "cut off"},
		{"goes on", append(slices.Clone(good), "{}"...), "goes on"},
		{"a web page", []byte("<!DOCTYPE html><html><body>Sign in</body></html>"), "web page"},
		{"nothing", nil, "sends nothing"},
		{"other data", []byte("\x1b[2Jhello"), "something else than JSON"},
		{"broken JSON", []byte(`{"unix_seconds": "x"}`), "not the JSON"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newSource(t, static(c.answer, `"x"`))
			b := newBench(t)
			err := b.fails(t, b.options("prices", s), c.want)
			if strings.ContainsRune(err.Error(), '\x1b') {
				t.Errorf("error %q carries a control character", err)
			}
			// The next try asks again: what was wrong is not kept.
			s.answer = static(good, `"y"`)
			if r, _ := b.fetch(t, b.options("prices", s)); r.FromCache {
				t.Error("taken from the cache")
			}
		})
	}
}

func TestFewMissingHoursAreNoted(t *testing.T) {
	s := newSource(t, static(pricesOf(2024, time.Hour, func(a *energyChartsAnswer) {
		clear(a.Prices[100:103])
		a.Deprecated = true
		a.Licence = "for private and internal use only"
	}), ""))
	b := newBench(t)
	r, _ := b.fetch(t, b.options("prices", s))
	if notes := strings.Join(r.Notes, "\n"); !strings.Contains(notes, "3 of the 8784 hours") || !strings.Contains(notes, "deprecated") || !strings.Contains(notes, "internal use") {
		t.Errorf("notes %q", notes)
	}
}

func TestCache(t *testing.T) {
	one, two := pricesOf(2024, time.Hour), pricesOf(2024, 15*time.Minute)
	s := newSource(t, static(one, `"one"`))
	b := newBench(t)
	o := b.options("prices", s)
	b.fetch(t, o)

	s.refuses = true
	b.said = nil
	if err := os.Remove(o.Out); err != nil {
		t.Fatal(err)
	}
	if r, got := b.fetch(t, o); !r.FromCache || !bytes.Equal(got, one) || r.Parts[0].ETag != `"one"` {
		t.Errorf("from the cache: %+v", r)
	}
	if len(b.said) > 0 {
		t.Errorf("said %q without asking", b.said)
	}

	s.refuses = false
	o.Refresh = true
	if _, got := b.fetch(t, o); !bytes.Equal(got, one) {
		t.Error("not changed, but other data")
	}
	if all := s.requests(); len(all) != 2 || all[1].Header.Get("If-None-Match") != `"one"` {
		t.Errorf("%d requests, the last with %v", len(all), all[len(all)-1].Header)
	}
	s.answer = static(two, `"two"`)
	if _, got := b.fetch(t, o); !bytes.Equal(got, two) {
		t.Error("changed, but the old data")
	}

	// A file in the cache that is not as it was fetched is not used.
	o.Refresh = false
	files, err := filepath.Glob(filepath.Join(o.Cache, "prices-2024-*.json"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if !strings.HasSuffix(f, recordSuffix) {
			if err := os.WriteFile(f, one, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	if r, got := b.fetch(t, o); r.FromCache || !bytes.Equal(got, two) {
		t.Error("a changed file in the cache was used")
	}
	if said := strings.Join(b.said, "\n"); !strings.Contains(said, "not as it was fetched") {
		t.Errorf("said %q", said)
	}

	// Without a cache nothing stays.
	o.Cache = ""
	before := b.everything(t)
	if r, _ := b.fetch(t, o); r.FromCache {
		t.Error("taken from a cache that was not asked for")
	}
	if after := b.everything(t); strings.Count(after, "\n/") != strings.Count(before, "\n/") {
		t.Error("something stayed")
	}
}

func TestOneDownloadAtATime(t *testing.T) {
	b := newBench(t)
	s := newSource(t, static(pricesOf(2024, time.Hour), ""))
	o := b.options("prices", s)
	if err := os.MkdirAll(o.Cache, 0o755); err != nil {
		t.Fatal(err)
	}
	lock, err := durable.TakeLock(filepath.Join(o.Cache, "energy-charts-2024.lock"))
	if err != nil {
		t.Fatal(err)
	}
	b.fails(t, o, "another getij")
	if err := lock.Release(); err != nil {
		t.Fatal(err)
	}
	b.fetch(t, o)
}
