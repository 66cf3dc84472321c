package server_test

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/getij/getij/internal/result"
	"github.com/getij/getij/internal/server"
)

// buurten says whether the study's map has wijken and buurten, 16,000 regions: not
// under -short.
func buurten() bool { return !testing.Short() }

// results are those of a small reference study, run once for all tests by the
// program itself: without race detection the files of all regions take seconds.
var results = sync.OnceValues(func() (*result.Result, error) {
	parent, err := os.MkdirTemp("", "getij-server")
	if err != nil {
		return nil, err
	}
	regions := "schematic"
	if !buurten() {
		regions = "reference"
	}
	program, dir := cmp.Or(os.Getenv("GETIJ_PROGRAM"), filepath.Join(parent, "getij")), filepath.Join(parent, "small")
	build := exec.Command("go", "build", "-trimpath", "-o", program, "github.com/getij/getij/cmd/getij")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	run := exec.Command(program, "run", "--quiet", "--out", dir, "--set", "study=small", "--set", "data.regions="+regions, "--set", "homes=3", "--set", "modes=[regular, smart, v2g]")
	for _, c := range []*exec.Cmd{build, run} {
		if c == build && program == os.Getenv("GETIJ_PROGRAM") {
			continue // make has built it
		}
		if out, err := c.CombinedOutput(); err != nil {
			return nil, fmt.Errorf("%v: %w: %s", c, err, out)
		}
	}
	return result.Open(dir)
})

func TestMain(m *testing.M) {
	code := m.Run()
	if f, err := results(); err == nil {
		os.RemoveAll(filepath.Dir(f.Dir))
	}
	os.Exit(code)
}

func newServer(t testing.TB, o server.Options) *server.Server {
	t.Helper()
	f, err := results()
	if err != nil {
		t.Fatal(err)
	}
	return newServerOf(t, f.Dir, o)
}

// shared is one server for tests that change nothing; quiet is another, which is asked
// what it is meant to be asked alone.
func shared(t testing.TB) *server.Server { t.Helper(); return sharedServer.of(t) }

func quiet(t testing.TB) *server.Server { t.Helper(); return quietServer.of(t) }

type once struct {
	sync.Once
	server *server.Server
}

var sharedServer, quietServer once

func (o *once) of(t testing.TB) *server.Server {
	t.Helper()
	o.Do(func() { o.server = newServer(t, server.Options{}) })
	return o.server
}

func get(t testing.TB, h http.Handler, path string, header ...string) *httptest.ResponseRecorder {
	t.Helper()
	return do(h, http.MethodGet, path, nil, header...)
}

func do(h http.Handler, method, path string, body io.Reader, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, body)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	if r.Host == "example.com" {
		r.Host = "127.0.0.1:8080"
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func getJSON[T any](t testing.TB, h http.Handler, path string) *T {
	t.Helper()
	w := get(t, h, path)
	if w.Code != http.StatusOK || !strings.HasPrefix(w.Header().Get("Content-Type"), "application/json") {
		t.Fatalf("%s: %d %s: %s", path, w.Code, w.Header().Get("Content-Type"), w.Body)
	}
	v := new(T)
	if err := json.Unmarshal(w.Body.Bytes(), v); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return v
}

type problem struct {
	Status int    `json:"status"`
	Detail string `json:"detail"`
	Errors []struct {
		Location string `json:"location"`
		Message  string `json:"message"`
		Value    any    `json:"value"`
	} `json:"errors"`
}

// refused asserts an answer in problem+json.
func refused(t testing.TB, w *httptest.ResponseRecorder, status int, detail string) *problem {
	t.Helper()
	p := new(problem)
	if w.Code != status || w.Header().Get("Content-Type") != "application/problem+json" {
		t.Fatalf("%d %s: %s, want %d as problem+json", w.Code, w.Header().Get("Content-Type"), w.Body, status)
	}
	if err := json.Unmarshal(w.Body.Bytes(), p); err != nil || p.Status != status {
		t.Fatalf("%v: %s", err, w.Body)
	}
	if p.Detail != detail {
		t.Errorf("\n got %s\nwant %s", p.Detail, detail)
	}
	return p
}

func TestTheStudyIsThatOfTheFolder(t *testing.T) {
	f, err := results()
	if err != nil {
		t.Fatal(err)
	}
	a := getJSON[struct {
		Summary     result.Summary         `json:"summary"`
		Assumptions []struct{ Key string } `json:"assumptions"`
		Levels      []struct {
			Level    string `json:"level"`
			Regions  int    `json:"regions"`
			Outlines bool   `json:"outlines"`
		} `json:"levels"`
		Schematic bool      `json:"schematic_map"`
		Synthetic []string  `json:"synthetic_inputs"`
		Notes     []string  `json:"notes"`
		Bounds    []float64 `json:"bounds"`
		Files     []string  `json:"files"`
	}](t, shared(t), "/api/v1/study")
	summary, err := json.Marshal(f.Summary)
	if err != nil {
		t.Fatal(err)
	}
	if got, _ := json.Marshal(a.Summary); !bytes.Equal(got, summary) {
		t.Errorf("the summary is not that of summary.json")
	}
	if len(a.Assumptions) != len(f.Study.Used()) || len(a.Notes) == 0 || !a.Schematic || len(a.Synthetic) != 4 {
		t.Errorf("%d assumptions, %d notes, schematic %v, synthetic %v", len(a.Assumptions), len(a.Notes), a.Schematic, a.Synthetic)
	}
	counts := ""
	for _, l := range a.Levels {
		counts += fmt.Sprintf("%s %d %v, ", l.Level, l.Regions, l.Outlines)
	}
	want := "land 1 true, provincie 12 true, gemeente 342 true, "
	if buurten() {
		want += "wijk 1759 true, buurt 13934 true, "
	}
	if counts != want {
		t.Errorf("levels: %s", counts)
	}
	if b := a.Bounds; len(b) != 4 || b[0] < 3 || b[1] < 50.5 || b[2] > 7.5 || b[3] > 53.8 {
		t.Errorf("bounds %v are not those of the Netherlands", b)
	}
	for _, name := range []string{"summary.json", "potential.gpkg", "figures/heatmap.svg"} {
		if !strings.Contains(strings.Join(a.Files, " "), name) {
			t.Errorf("files lack %s: %v", name, a.Files)
		}
	}
}

type dayAnswer struct {
	Start string    `json:"utc_start"`
	Local []string  `json:"local_time"`
	Load  []float64 `json:"home_load_kw"`
	Cases []struct {
		Mode string    `json:"mode"`
		KW   []float64 `json:"kw"`
	} `json:"cases"`
}

func TestADayHas92QuartersInMarchAnd100InOctober(t *testing.T) {
	f, err := results()
	if err != nil {
		t.Fatal(err)
	}
	for date, quarters := range map[string]int{"2024-03-31": 92, "2024-06-15": 96, "2024-10-27": 100, "2024-01-01": 96, "2024-12-31": 96} {
		a := getJSON[dayAnswer](t, shared(t), "/api/v1/profiles/days/"+date)
		if len(a.Local) != quarters || len(a.Load) != quarters || len(a.Cases) != len(f.Cases) || len(a.Cases[0].KW) != quarters {
			t.Errorf("%s: %d times, %d loads, %d cases", date, len(a.Local), len(a.Load), len(a.Cases))
		}
		if a.Local[0] != "00:00" || a.Local[quarters-1] != "23:45" {
			t.Errorf("%s runs from %s to %s", date, a.Local[0], a.Local[quarters-1])
		}
	}
	a := getJSON[dayAnswer](t, shared(t), "/api/v1/profiles/days/2024-01-02")
	for i, c := range a.Cases {
		if got, want := c.KW[70], f.Cases[i].KW[96+70]; math.Abs(got-want) > 5e-5 {
			t.Errorf("case %d at 17:30 of 2 January: %g kW, the folder has %g", i, got, want)
		}
	}
	refused(t, get(t, shared(t), "/api/v1/profiles/days/2023-01-02"), 404, "date: the study's year is 2024")
	if p := refused(t, get(t, shared(t), "/api/v1/profiles/days/2024-02-30"), 400, "validation failed"); p.Errors[0].Location != "path.date" {
		t.Errorf("%+v", p)
	}
}

func TestProfilesAreTheTablesByMonth(t *testing.T) {
	f, err := results()
	if err != nil {
		t.Fatal(err)
	}
	a := getJSON[struct {
		Cases []struct {
			Contract, Mode string
			ByMonth        [][]float64 `json:"kw_by_month"`
			ByWeek         []float64   `json:"kw_by_week"`
			Evening        []float64   `json:"homes_evening_kw"`
			Coincidence    []struct {
				Homes int `json:"homes"`
			} `json:"coincidence"`
		} `json:"cases"`
	}](t, shared(t), "/api/v1/profiles")
	for i, c := range a.Cases {
		table := f.Axis.ByMonth(f.Cases[i].KW)
		if len(c.ByMonth) != 12 || len(c.ByWeek) != 672 || len(c.Evening) != 3 || len(c.Coincidence) != 10 {
			t.Fatalf("%s %s: %d months, %d quarters of the week, %d homes, %d groups", c.Contract, c.Mode, len(c.ByMonth), len(c.ByWeek), len(c.Evening), len(c.Coincidence))
		}
		for m := range table {
			for q, want := range table[m] {
				if math.Abs(c.ByMonth[m][q]-want) > 5.001e-5 {
					t.Fatalf("%s %s, month %d, quarter %d: %g kW, want %g", c.Contract, c.Mode, m+1, q, c.ByMonth[m][q], want)
				}
			}
		}
	}
}

func TestAnswersAreKeptForAsLongAsTheFolderIsTheSame(t *testing.T) {
	s := shared(t)
	w := get(t, s, "/api/v1/regions/GM0344")
	tag := w.Header().Get("ETag")
	if tag == "" || w.Header().Get("Cache-Control") != "no-cache" {
		t.Fatalf("headers %v", w.Header())
	}
	if again := get(t, s, "/api/v1/regions/GM0344", "If-None-Match", tag); again.Code != http.StatusNotModified || again.Body.Len() != 0 {
		t.Errorf("%d with %d bytes", again.Code, again.Body.Len())
	}
	if other := get(t, s, "/api/v1/regions/GM0344", "If-None-Match", `"else"`); other.Code != 200 {
		t.Errorf("another tag: %d", other.Code)
	}
	if head := do(s, http.MethodHead, "/api/v1/study", nil); head.Code != 200 {
		t.Errorf("HEAD: %d", head.Code)
	}
	if zipped := get(t, s, "/api/v1/profiles", "Accept-Encoding", "gzip"); zipped.Header().Get("Content-Encoding") != "gzip" {
		t.Errorf("not compressed: %v", zipped.Header())
	}
}

func TestStrangeRequestsGetAClearAnswer(t *testing.T) {
	s := shared(t)
	refused(t, get(t, s, "/api/v1/nothing"), 404, "there is no /api/v1/nothing: /api/v1/openapi.json lists what there is")
	refused(t, get(t, s, "/api/v1/files/server_test.go"), 404, "the result has no file of this name: /api/v1/study lists its files")
	refused(t, do(s, http.MethodDelete, "/api/v1/study", nil), 405, "the method DELETE is not answered here: use GET or POST")
	refused(t, do(s, http.MethodPost, "/api/v1/lab", bytes.NewReader(make([]byte, 10<<20)), "Content-Type", "application/json"), 413, "the body is larger than 64 KiB")
	// Without a length said beforehand.
	if w := do(s, http.MethodPost, "/api/v1/lab", io.MultiReader(bytes.NewReader(make([]byte, 10<<20))), "Content-Type", "application/json"); w.Code != 413 {
		t.Errorf("10 MB in pieces: %d %s", w.Code, w.Body)
	}
	if w := get(t, s, "/api/v1/regions/"+strings.Repeat("X", 5000)); w.Code != 400 && w.Code != 404 {
		t.Errorf("a code of 5,000 letters: %d", w.Code)
	}
}

func TestPagesAreSafe(t *testing.T) {
	s := shared(t)
	for _, path := range []string{"/", "/map", "/lab?x=1", "/assets/a-1.js", "/api/v1/study"} {
		h := get(t, s, path).Header()
		if h.Get("X-Content-Type-Options") != "nosniff" || h.Get("X-Frame-Options") != "DENY" || !strings.Contains(h.Get("Content-Security-Policy"), "default-src 'none'; script-src 'self'") {
			t.Errorf("%s: %v", path, h)
		}
	}
	if h := get(t, s, "/embed/map").Header(); !strings.Contains(h.Get("Content-Security-Policy"), "frame-ancestors *") || h.Get("X-Frame-Options") != "" {
		t.Errorf("a page made to be embedded: %v", h)
	}
	if w := get(t, s, "/profiles"); w.Code != 200 || !strings.Contains(w.Body.String(), "<title>getij</title>") {
		t.Errorf("a page by its address: %d %s", w.Code, w.Body)
	}
	if h := get(t, s, "/assets/a-1.js").Header(); !strings.Contains(h.Get("Cache-Control"), "immutable") {
		t.Errorf("an asset: %v", h)
	}
}

func TestMetricsAreByRouteAndNotForReaders(t *testing.T) {
	s := newServer(t, server.Options{})
	for range 3 {
		get(t, s, "/api/v1/regions/GM0344")
		get(t, s, "/api/v1/regions/GM0363")
	}
	if w := get(t, s, "/metrics"); w.Code != 200 || !strings.Contains(w.Header().Get("Content-Type"), "text/html") {
		t.Errorf("readers are told of the metrics: %d %s", w.Code, w.Body)
	}
	text := get(t, s.Inside(), "/metrics").Body.String()
	if !strings.Contains(text, `getij_http_requests_total{route="/api/v1/regions/{code}",status="200"} 6`) || strings.Contains(text, "GM0344") {
		t.Errorf("metrics are not by route:\n%s", text)
	}
	for _, h := range []http.Handler{s, s.Inside()} {
		if w := get(t, h, "/healthz"); w.Code != 200 || w.Body.String() != "ok\n" {
			t.Errorf("health: %d %s", w.Code, w.Body)
		}
	}
}

// start serves on a port of its own until the test ends.
func start(t *testing.T, s *server.Server) (address string, stop func() error) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- s.Serve(ctx, l, nil) }()
	stopped := sync.OnceValue(func() error { cancel(); return <-done })
	t.Cleanup(func() { _ = stopped() })
	return l.Addr().String(), stopped
}

func TestServingEndsCleanly(t *testing.T) {
	address, stop := start(t, smallServer(t, server.Options{}))
	response, err := http.Get("http://" + address + "/healthz")
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if err := stop(); err != nil {
		t.Errorf("ended with %v", err)
	}
	if _, err := http.Get("http://" + address + "/healthz"); err == nil {
		t.Error("it still answers")
	}
}

// A client that never finishes its request is let go, and others are served.
func TestASlowClientIsLetGo(t *testing.T) {
	address, _ := start(t, smallServer(t, server.Options{}))
	c, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if _, err := c.Write([]byte("GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: ")); err != nil {
		t.Fatal(err)
	}
	response, err := http.Get("http://" + address + "/healthz")
	if err != nil || response.StatusCode != 200 {
		t.Fatalf("another client meanwhile: %v", err)
	}
	response.Body.Close()
	if err := c.SetReadDeadline(time.Now().Add(30 * time.Second)); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadAll(c); err != nil {
		t.Errorf("the slow client was not let go: %v", err)
	}
}

func TestManyReadersWhileTheLabRuns(t *testing.T) {
	address, _ := start(t, shared(t))
	paths := []string{"/api/v1/study", "/api/v1/regions/GM0344", "/api/v1/tiles/gemeente/7/65/42.mvt", "/api/v1/profiles", "/map"}
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 100}}
	defer client.CloseIdleConnections()
	var wg sync.WaitGroup
	errs := make(chan error, 200)
	for reader := range 50 {
		wg.Go(func() {
			for i := range 10 {
				path := paths[(reader+i)%len(paths)]
				response, err := client.Get("http://" + address + path)
				if err != nil {
					errs <- err
					return
				}
				_, err = io.Copy(io.Discard, response.Body)
				response.Body.Close()
				if err != nil || response.StatusCode != 200 {
					errs <- fmt.Errorf("%s: %d %v", path, response.StatusCode, err)
				}
			}
		})
	}
	for range 5 {
		wg.Go(func() {
			response, err := client.Post("http://"+address+"/api/v1/lab", "application/json", strings.NewReader(`{"settings":{"homes":5}}`))
			if err != nil {
				errs <- err
				return
			}
			response.Body.Close()
			if response.StatusCode != 200 {
				errs <- fmt.Errorf("lab: %d", response.StatusCode)
			}
		})
	}
	wg.Wait()
	close(errs)
	for err := range errs {
		t.Error(err)
	}
}
