package server_test

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/getij/getij/internal/assume"
	"github.com/getij/getij/internal/server"
)

// writeResult writes the profiles of the small study as a result folder of its own,
// without regions, in which regular charging has the given evening. Extra files
// join it.
func writeResult(t testing.TB, dir string, evening float64, extra map[string][]byte) {
	t.Helper()
	f, err := results()
	if err != nil {
		t.Fatal(err)
	}
	content := map[string][]byte{}
	entries, err := os.ReadDir(f.Dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		name := e.Name()
		if e.IsDir() || strings.HasPrefix(name, "charge_points.") || strings.HasPrefix(name, "potential.") {
			continue
		}
		if content[name], err = os.ReadFile(filepath.Join(f.Dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	edit := func(name string, change func(map[string]any)) {
		m := map[string]any{}
		if err := json.Unmarshal(content[name], &m); err != nil {
			t.Fatal(err)
		}
		change(m)
		if content[name], err = json.Marshal(m); err != nil {
			t.Fatal(err)
		}
	}
	edit("summary.json", func(m map[string]any) {
		m["potential"] = nil
		m["cases"].([]any)[0].(map[string]any)["evening_mean_kw"] = evening
	})
	maps.Copy(content, extra)
	edit("manifest.json", func(m map[string]any) {
		list := []map[string]any{}
		for name, text := range content {
			if sum := sha256.Sum256(text); name != "manifest.json" {
				list = append(list, map[string]any{"name": name, "bytes": len(text), "sha256": hex.EncodeToString(sum[:])})
			}
		}
		m["files"] = list
	})
	for name, text := range content {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// replace puts a folder in the place of another, which disappears.
func replace(t testing.TB, dir, by string) {
	t.Helper()
	if err := errors.Join(os.Rename(dir, dir+".old"), os.Rename(by, dir), os.RemoveAll(dir+".old")); err != nil {
		t.Fatal(err)
	}
}

func newServerOf(t testing.TB, dir string, o server.Options) *server.Server {
	t.Helper()
	o.Dashboard = fstest.MapFS{"index.html": {Data: []byte("<!doctype html><title>getij</title>")}, "assets/a-1.js": {Data: []byte("1")}}
	s, err := server.New(dir, o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// smallServer serves profiles alone, for tests that are about something else.
func smallServer(t testing.TB, o server.Options) *server.Server {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "results")
	writeResult(t, dir, 1, nil)
	return newServerOf(t, dir, o)
}

// evening is what the server says of regular charging, and the result it is of.
func evening(t testing.TB, h http.Handler) (kw float64, tag string) {
	t.Helper()
	w := get(t, h, "/api/v1/study")
	var a struct {
		Summary struct {
			Cases []struct {
				KW float64 `json:"evening_mean_kw"`
			} `json:"cases"`
		} `json:"summary"`
	}
	if err := json.Unmarshal(w.Body.Bytes(), &a); err != nil || w.Code != 200 {
		t.Fatalf("%d %v: %s", w.Code, err, w.Body)
	}
	return a.Summary.Cases[0].KW, w.Header().Get("Getij-Result")
}

// While one result takes the place of another, every answer is of the one or of the
// other, and says of which.
func TestAResultIsReplacedWholeAndAtOnce(t *testing.T) {
	parent := t.TempDir()
	dir, next := filepath.Join(parent, "results"), filepath.Join(parent, "next")
	writeResult(t, dir, 1, nil)
	writeResult(t, next, 2, nil)
	s := newServerOf(t, dir, server.Options{})
	kw, before := evening(t, s)
	if kw != 1 || before == "" {
		t.Fatalf("evening %v of the result %q", kw, before)
	}
	summary := get(t, s, "/api/v1/files/summary.json").Body.String()
	of := sync.Map{} // tag and path to answer
	var wg sync.WaitGroup
	stop := make(chan struct{})
	for range 4 {
		wg.Go(func() {
			for {
				for _, path := range []string{"/api/v1/study", "/api/v1/files/summary.json"} {
					w := get(t, s, path)
					key := w.Header().Get("Getij-Result") + w.Header().Get("ETag") + path
					if first, seen := of.LoadOrStore(key, w.Body.String()); w.Code != 200 || seen && first != w.Body.String() {
						t.Errorf("%s: %d, two answers of one result and tag", key, w.Code)
					}
				}
				select {
				case <-stop:
					return
				default:
				}
			}
		})
	}
	replace(t, dir, next)
	// Until the new one is loaded the old one is served, from files that are gone.
	if kw, tag := evening(t, s); kw != 1 || tag != before || get(t, s, "/api/v1/files/summary.json").Body.String() != summary {
		t.Errorf("after the exchange, before it was noticed: evening %v of the result %s", kw, tag)
	}
	s.Look()
	kw, after := evening(t, s)
	if kw != 2 || after == before {
		t.Errorf("evening %v of the result %s, it was %s", kw, after, before)
	}
	if got := get(t, s, "/api/v1/files/summary.json"); got.Body.String() == summary || got.Header().Get("Getij-Result") != after {
		t.Errorf("summary.json is that of before: %v", got.Header())
	}
	close(stop)
	wg.Wait()
}

func TestARequestAboutAnotherResultIsRefused(t *testing.T) {
	parent := t.TempDir()
	dir, next := filepath.Join(parent, "results"), filepath.Join(parent, "next")
	writeResult(t, dir, 1, nil)
	writeResult(t, next, 2, nil)
	s := newServerOf(t, dir, server.Options{})
	_, before := evening(t, s)
	ask := func(method, path, tag string) (status int, detail string) {
		w := do(s, method, path, strings.NewReader(`{"settings":{"homes":1}}`), "Content-Type", "application/json", "Getij-Result", tag)
		if w.Header().Get("Getij-Result") == "" {
			t.Errorf("%s does not say which result it is about", path)
		}
		var p problem
		_ = json.Unmarshal(w.Body.Bytes(), &p)
		return w.Code, p.Detail
	}
	asked := [][2]string{{"POST", "/api/v1/lab"}, {"POST", "/api/v1/lab/study"}, {"GET", "/api/v1/study"}, {"GET", "/api/v1/profiles"}, {"GET", "/api/v1/files/summary.json"}}
	for _, x := range asked {
		if status, detail := ask(x[0], x[1], before); status != 200 {
			t.Errorf("%s about the result that is served: %d %s", x[1], status, detail)
		}
	}
	replace(t, dir, next)
	s.Look()
	_, after := evening(t, s)
	for _, x := range asked {
		if status, detail := ask(x[0], x[1], before); status != 409 || detail != "another result has taken the place of "+before+": load the page again, or ask for "+after {
			t.Errorf("%s about the result before: %d %s", x[1], status, detail)
		}
		if status, _ := ask(x[0], x[1], after); status != 200 {
			t.Errorf("%s about the new result: %d", x[1], status)
		}
	}
	for _, path := range []string{"/api/v1/regions/GM0344", "/api/v1/files/nothing.csv", "/api/v1/profiles/days/2023-01-01"} {
		if w := get(t, s, path); w.Code != 404 || w.Header().Get("Getij-Result") != after {
			t.Errorf("%s: %d %v", path, w.Code, w.Header())
		}
	}
}

func TestABrokenFolderLeavesTheResultFromBefore(t *testing.T) {
	breaks := map[string]struct {
		do  func(dir string) error
		why string
	}{
		"without a manifest": {func(dir string) error { return os.Remove(filepath.Join(dir, "manifest.json")) }, "has no manifest.json"},
		"with half a manifest": {
			func(dir string) error { return os.Truncate(filepath.Join(dir, "manifest.json"), 100) },
			"manifest.json: unexpected end of JSON input",
		},
		"with a file cut": {
			func(dir string) error { return os.Truncate(filepath.Join(dir, "profiles.parquet"), 1000) },
			"profiles.parquet has 1000 bytes, the manifest says",
		},
		"without a file": {func(dir string) error { return os.Remove(filepath.Join(dir, "homes.csv")) }, "homes.csv"},
		"with a file of another run": {func(dir string) error {
			text, err := os.ReadFile(filepath.Join(dir, "homes.csv"))
			text[len(text)-2] ^= 1
			return errors.Join(err, os.WriteFile(filepath.Join(dir, "homes.csv"), text, 0o644))
		}, "homes.csv is not the file that the manifest lists: it was changed after the run"},
		"with a folder for a file": {func(dir string) error {
			return errors.Join(os.Remove(filepath.Join(dir, "homes.csv")), os.Mkdir(filepath.Join(dir, "homes.csv"), 0o755))
		}, "homes.csv is not a file"},
		"with a link out of it": {func(dir string) error {
			return errors.Join(os.Remove(filepath.Join(dir, "homes.csv")), os.Symlink("/etc/passwd", filepath.Join(dir, "homes.csv")))
		}, "homes.csv is not a file"},
	}
	for name, c := range breaks {
		t.Run(name, func(t *testing.T) {
			parent := t.TempDir()
			dir, next := filepath.Join(parent, "results"), filepath.Join(parent, "next")
			writeResult(t, dir, 1, nil)
			writeResult(t, next, 2, nil)
			if err := c.do(next); err != nil {
				t.Fatal(err)
			}
			var log bytes.Buffer
			s := newServerOf(t, dir, server.Options{Log: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelWarn}))})
			_, before := evening(t, s)
			replace(t, dir, next)
			for range 3 {
				s.Look()
			}
			if kw, tag := evening(t, s); kw != 1 || tag != before {
				t.Errorf("evening %v of the result %s, before it was 1 of %s", kw, tag, before)
			}
			if lines := strings.Count(log.String(), "\n"); lines != 1 || !strings.Contains(log.String(), c.why) {
				t.Errorf("log, %d lines, lacks %q: %s", lines, c.why, &log)
			}
			if w := get(t, s, "/healthz"); w.Code != 200 || w.Body.String() != "ok\nthe result folder has changed and cannot be loaded: the result from before is still served\n" {
				t.Errorf("health: %d %s", w.Code, w.Body)
			}
			if text := get(t, s.Inside(), "/metrics").Body.String(); !strings.Contains(text, `getij_result_loads_total{outcome="refused"} 1`) {
				t.Errorf("metrics do not tell:\n%s", text)
			}
			// A good one puts it right.
			writeResult(t, next, 3, nil)
			replace(t, dir, next)
			s.Look()
			if kw, _ := evening(t, s); kw != 3 || get(t, s, "/healthz").Body.String() != "ok\n" {
				t.Errorf("afterwards: evening %v, health %s", kw, get(t, s, "/healthz").Body)
			}
			// And it is not served at the start either.
			writeResult(t, next, 4, nil)
			if err := c.do(next); err != nil {
				t.Fatal(err)
			}
			var input *assume.InputError
			if _, err := server.New(next, server.Options{}); !errors.As(err, &input) || !strings.Contains(err.Error(), c.why) {
				t.Errorf("at the start: %v", err)
			}
		})
	}
}

// A folder that is copied in place, file by file, is served when it is whole.
func TestAFolderThatIsStillBeingCopiedIsTriedAgain(t *testing.T) {
	parent := t.TempDir()
	dir, next := filepath.Join(parent, "results"), filepath.Join(parent, "next")
	writeResult(t, dir, 1, nil)
	writeResult(t, next, 2, map[string][]byte{"figures/new.svg": []byte("<svg/>")})
	address, _ := start(t, newServerOf(t, dir, server.Options{}))
	kw := func() float64 {
		response, err := http.Get("http://" + address + "/api/v1/files/summary.json")
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		var a struct {
			Cases []struct {
				KW float64 `json:"evening_mean_kw"`
			}
		}
		if response.StatusCode != 200 {
			return 0 // no answer
		}
		if err := json.NewDecoder(response.Body).Decode(&a); err != nil {
			t.Fatal(err)
		}
		return a.Cases[0].KW
	}
	move := func(name string) {
		if err := errors.Join(os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755), os.Rename(filepath.Join(next, name), filepath.Join(dir, name))); err != nil {
			t.Fatal(err)
		}
	}
	move("manifest.json")
	time.Sleep(1500 * time.Millisecond) // it is noticed, and not whole
	if got := kw(); got != 1 {
		t.Errorf("half copied: evening %v", got)
	}
	entries, err := os.ReadDir(next)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if name := e.Name(); e.IsDir() {
			move(name + "/new.svg")
		} else {
			move(name)
		}
	}
	for range 100 {
		if kw() == 2 {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Error("ten seconds later it is not served")
}

// Who is downloading gets the file to its end, though the folder is replaced and
// removed meanwhile; then it is closed.
func TestADownloadUnderWayIsOfOneResult(t *testing.T) {
	parent := t.TempDir()
	dir, next := filepath.Join(parent, "results"), filepath.Join(parent, "next")
	large := make([]byte, 64<<20)
	if _, err := rand.Read(large); err != nil {
		t.Fatal(err)
	}
	writeResult(t, dir, 1, map[string][]byte{"large.bin": large})
	writeResult(t, next, 2, nil)
	s := newServerOf(t, dir, server.Options{})
	address, _ := start(t, s)
	c, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if _, err := io.WriteString(c, "GET /api/v1/files/large.bin HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	first := make([]byte, 4096)
	if _, err := io.ReadFull(c, first); err != nil {
		t.Fatal(err)
	}
	replace(t, dir, next)
	for kw, deadline := 1.0, time.Now().Add(time.Minute); kw != 2; kw, _ = evening(t, s) { // served as it is, it looks itself every second
		if time.Now().After(deadline) {
			t.Fatalf("evening %v", kw)
		}
		time.Sleep(20 * time.Millisecond)
	}
	refused(t, get(t, s, "/api/v1/files/large.bin"), 404, "the result has no file of this name: /api/v1/study lists its files")
	rest, err := io.ReadAll(c)
	if err != nil {
		t.Fatal(err)
	}
	_, body, _ := bytes.Cut(append(first, rest...), []byte("\r\n\r\n"))
	if !bytes.Equal(body, large) {
		t.Errorf("%d bytes came of %d", len(body), len(large))
	}
	if runtime.GOOS == "linux" {
		new := len(getJSON[struct{ Files []string }](t, s, "/api/v1/study").Files)
		for range 50 {
			if openFilesOf(t, parent) == new {
				return
			}
			time.Sleep(20 * time.Millisecond)
		}
		t.Errorf("%d files are open, the new result has %d", openFilesOf(t, parent), new)
	}
}

func openFilesOf(t *testing.T, dir string) (n int) {
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if to, err := os.Readlink("/proc/self/fd/" + e.Name()); err == nil && strings.HasPrefix(to, dir) {
			n++
		}
	}
	return n
}

// Neither another size nor another time is overlooked, whatever the other one says.
func TestAFileThatWasWrittenIntoIsNotServed(t *testing.T) {
	for name, change := range map[string]func(path string, was os.FileInfo) error{
		"longer, its time put back": func(path string, was os.FileInfo) error {
			text, err := os.ReadFile(path)
			return errors.Join(err, os.WriteFile(path, append(text, "9\n"...), 0o644), os.Chtimes(path, was.ModTime(), was.ModTime()))
		},
		"as long, at another time": func(path string, was os.FileInfo) error {
			text, err := os.ReadFile(path)
			later := was.ModTime().Add(time.Second)
			return errors.Join(err, os.WriteFile(path, bytes.ReplaceAll(text, []byte("1"), []byte("2")), 0o644), os.Chtimes(path, later, later))
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "results")
			writeResult(t, dir, 1, nil)
			var log bytes.Buffer
			s := newServerOf(t, dir, server.Options{Log: slog.New(slog.NewTextHandler(&log, nil))})
			path := filepath.Join(dir, "homes.csv")
			was, err := os.Stat(path)
			if err := errors.Join(err, change(path, was)); err != nil {
				t.Fatal(err)
			}
			refused(t, get(t, s, "/api/v1/files/homes.csv"), 500, "the server could not answer: its log says why")
			if !strings.Contains(log.String(), "homes.csv") {
				t.Errorf("log: %s", &log)
			}
		})
	}
}

func TestDownloadsGoOnWhereTheyStopped(t *testing.T) {
	f, err := results()
	if err != nil {
		t.Fatal(err)
	}
	want, err := fs.ReadFile(os.DirFS(f.Dir), "homes.csv")
	if err != nil {
		t.Fatal(err)
	}
	s := shared(t)
	w := get(t, s, "/api/v1/files/homes.csv", "Range", "bytes=100-199", "Accept-Encoding", "gzip")
	if w.Code != http.StatusPartialContent || !bytes.Equal(w.Body.Bytes(), want[100:200]) {
		t.Errorf("%d %q", w.Code, w.Body)
	}
	tag := w.Header().Get("ETag")
	if sum := sha256.Sum256(want); tag != `"`+hex.EncodeToString(sum[:8])+`"` {
		t.Errorf("the tag %s is not that of the content", tag)
	}
	if w := get(t, s, "/api/v1/files/homes.csv", "Range", "bytes=100-", "If-Range", tag); w.Code != http.StatusPartialContent {
		t.Errorf("the same file: %d", w.Code)
	}
	if w := get(t, s, "/api/v1/files/homes.csv", "Range", "bytes=100-", "If-Range", `"else"`); w.Code != 200 || w.Body.Len() != len(want) {
		t.Errorf("another file: %d", w.Code)
	}
	if w := get(t, s, "/api/v1/files/homes.csv", "Accept-Encoding", "gzip"); w.Header().Get("Content-Encoding") != "gzip" || w.Header().Get("ETag") != "W/"+tag {
		t.Errorf("not compressed: %v", w.Header())
	}
}

// Tables are read by their path: of a folder that was replaced meanwhile some would be
// of the one result and some of the other.
func TestAFolderThatIsReplacedWhileItIsReadIsReadAgain(t *testing.T) {
	for name, happens := range map[string]func(dir, next string){
		"by another": func(dir, next string) { replace(t, dir, next) },
		"by one with its files": func(dir, next string) {
			text, err := os.ReadFile(filepath.Join(next, "manifest.json"))
			if err = errors.Join(err, os.WriteFile(filepath.Join(dir, "manifest.json"), text, 0o644)); err != nil {
				t.Fatal(err)
			}
		},
	} {
		dir := filepath.Join(t.TempDir(), "results")
		writeResult(t, dir, 1, nil)
		writeResult(t, dir+"2", 2, nil)
		if err := server.Unchanged(dir, func() {}); err != nil {
			t.Error(err)
		}
		err := server.Unchanged(dir, func() { happens(dir, dir+"2") })
		if want := dir + ": the folder was replaced while it was read"; err == nil || err.Error() != want {
			t.Errorf("%s: got %v, want %s", name, err, want)
		}
	}
}
