package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/getij/getij/internal/series"
)

// The tests drive the program as `make build` makes it, found first on the path:
// GETIJ_PROGRAM, or one of their own.
func TestMain(m *testing.M) {
	os.Exit(withProgram(m.Run))
}

func withProgram(run func() int) int {
	if program := os.Getenv("GETIJ_PROGRAM"); program != "" {
		return withPath(filepath.Dir(program), run)
	}
	dir, err := os.MkdirTemp("", "getij-test-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	build := exec.Command("go", "build", "-trimpath", "-o", filepath.Join(dir, "getij"), ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "go build: %v\n%s", err, out)
		return 1
	}
	return withPath(dir, run)
}

func withPath(dir string, run func() int) int {
	if err := os.Setenv("PATH", dir+string(os.PathListSeparator)+os.Getenv("PATH")); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return run()
}

// The command line's contract is testdata/script: scripts that can be read
// without Go.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			// prices FILE YEAR writes a year of hourly prices.
			"prices": func(ts *testscript.TestScript, _ bool, args []string) {
				var year int
				_, err := fmt.Sscan(args[1], &year)
				ts.Check(err)
				ts.Check(os.WriteFile(ts.MkAbs(args[0]), pricesOf(year), 0o644))
			},
			// exits CODE COMMAND... runs a command and asserts its exit code.
			"exits": func(ts *testscript.TestScript, _ bool, args []string) {
				err := ts.Exec(args[1], args[2:]...)
				code := "0"
				if exit := new(exec.ExitError); errors.As(err, &exit) {
					code = fmt.Sprint(exit.ExitCode())
				} else {
					ts.Check(err)
				}
				if code != args[0] {
					ts.Fatalf("exit code %s, want %s", code, args[0])
				}
			},
		},
	})
}

// pricesOf is a file of hourly prices for a local year.
func pricesOf(year int) []byte {
	b := bytes.NewBufferString("utc_start,eur_per_mwh\n")
	axis := series.NewYear(year)
	for t := axis.Start; t.Before(axis.End()); t = t.Add(time.Hour) {
		fmt.Fprintf(b, "%s,%d\n", t.Format("2006-01-02T15:04:05Z"), 50+t.Hour())
	}
	return b.Bytes()
}

// results are what a complete folder holds.
var results = []string{
	"charge_points.csv", "charge_points.parquet", "coincidence.csv", "datapackage.json", "figures", "findings.json", "heatmap.csv", "homes.csv", "manifest.json",
	"potential.csv", "potential.gpkg", "potential.parquet", "potential.xlsx", "potential_seasons.csv", "prices.csv", "prices.parquet",
	"profiles.csv", "profiles.parquet", "report.html", "sessions.csv", "study.yaml", "summary.json", "week.csv",
}

// runs starts runs of a small study in a folder of their own.
type runs struct {
	t   *testing.T
	dir string
}

func newRuns(t *testing.T) *runs {
	t.Helper()
	r := &runs{t, t.TempDir()}
	if err := writeStudy(r.dir); err != nil {
		t.Fatal(err)
	}
	return r
}

func writeStudy(dir string) error {
	return errors.Join(
		os.WriteFile(filepath.Join(dir, "study.yaml"), []byte("homes: 2\nmodes: [regular, v2g]\ncontracts: [{kind: dynamic}]\ndata: {regions: regions.csv}\n"), 0o644),
		os.WriteFile(filepath.Join(dir, "regions.csv"), []byte("code,name,dwellings,cars\nGM0034,Almere,90000,80000\n"), 0o644))
}

// process is a run that is under way.
type process struct {
	*exec.Cmd
	stderr bytes.Buffer
	ended  chan struct{}
	err    error // once it has ended
}

// start starts a run into the folder out.
func (r *runs) start(settings ...string) *process {
	r.t.Helper()
	args := []string{"run", "study.yaml", "--out", "out"}
	for _, s := range settings {
		args = append(args, "--set", s)
	}
	p := &process{Cmd: exec.CommandContext(r.t.Context(), "getij", args...), ended: make(chan struct{})}
	p.Dir, p.Stderr = r.dir, &p.stderr
	if err := p.Start(); err != nil {
		r.t.Fatal(err)
	}
	go func() {
		p.err = p.Wait()
		close(p.ended)
	}()
	return p
}

// signal sends a signal, which may come too late, and waits for the end.
func (r *runs) signal(p *process, s os.Signal) {
	r.t.Helper()
	if err := p.Process.Signal(s); err != nil && !errors.Is(err, os.ErrProcessDone) {
		r.t.Fatal(err)
	}
	<-p.ended
}

func (r *runs) complete(settings ...string) {
	r.t.Helper()
	p := r.start(settings...)
	if <-p.ended; p.err != nil {
		r.t.Fatalf("%v: %s", p.err, &p.stderr)
	}
}

// made are the results of seed 1, run once for all tests that change nothing but
// their copy, beside the program.
var made = sync.OnceValues(func() (string, error) {
	program, err := exec.LookPath("getij")
	if err != nil {
		return "", err
	}
	dir := filepath.Dir(program) // goes when the tests have ended
	if err := writeStudy(dir); err != nil {
		return dir, err
	}
	cmd := exec.Command("getij", "run", "study.yaml", "--out", "out", "--set", "seed=1")
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if err != nil {
		err = fmt.Errorf("%w: %s", err, out)
	}
	return dir, err
})

// copy makes out complete results of seed 1.
func (r *runs) copy() {
	r.t.Helper()
	dir, err := made()
	if err == nil {
		err = os.CopyFS(r.path("out"), os.DirFS(filepath.Join(dir, "out")))
	}
	if err != nil {
		r.t.Fatal(err)
	}
}

func (r *runs) path(names ...string) string {
	return filepath.Join(append([]string{r.dir}, names...)...)
}

// seed asserts that out is a complete result and gives its seed, or gives 0
// where there is no out.
func (r *runs) seed() uint64 {
	r.t.Helper()
	entries, err := os.ReadDir(r.path("out"))
	if errors.Is(err, os.ErrNotExist) {
		return 0
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	if err != nil || !slices.Equal(names, results) {
		r.t.Fatalf("out holds %v, a complete result %v: %v", names, results, err)
	}
	var manifest, summary struct{ Seed uint64 }
	for name, to := range map[string]any{"manifest.json": &manifest, "summary.json": &summary} {
		b, err := os.ReadFile(r.path("out", name))
		if err == nil {
			err = json.Unmarshal(b, to)
		}
		if err != nil {
			r.t.Fatalf("%s: %v", name, err)
		}
	}
	page, err := os.ReadFile(r.path("out", "report.html"))
	if err != nil || !strings.HasSuffix(string(page), "</html>\n") {
		r.t.Fatalf("report.html is cut off: %v", err)
	}
	if manifest.Seed != summary.Seed {
		r.t.Fatalf("the manifest is of seed %d, the summary of %d", manifest.Seed, summary.Seed)
	}
	return manifest.Seed
}

// left are the folders that runs have begun and not finished.
func (r *runs) left() []string {
	r.t.Helper()
	list, err := filepath.Glob(r.path(".out.partial-*"))
	if err != nil {
		r.t.Fatal(err)
	}
	return list
}

// when waits until the one run that is under way has begun to write a file, or has
// ended.
func (r *runs) when(p *process, file string) {
	r.t.Helper()
	for {
		select {
		case <-p.ended:
			return
		case <-time.After(100 * time.Microsecond):
		}
		if found, err := filepath.Glob(r.path(".out.partial-*", file)); err != nil {
			r.t.Fatal(err)
		} else if len(found) > 0 {
			return
		}
	}
}

// moments are points in a run's life: after a while, or when it begins to write
// a file.
var moments = []struct {
	after time.Duration
	file  string
}{
	{0, ""},
	{20 * time.Millisecond, ""},
	{200 * time.Millisecond, ""},
	{file: "figures"},
	{file: "report.html"},
	{file: "profiles.csv"},
	{file: "potential.gpkg"},
	{file: "manifest.json"},
}

// Killed at any moment, a run leaves no half-written results: there are none, or
// whole ones, and the next run is not in its way.
func TestAKilledRunLeavesNoHalfWrittenResults(t *testing.T) {
	if testing.Short() {
		t.Skip("long: it runs without -short")
	}
	for _, c := range []struct {
		name   string
		before uint64 // seed of earlier results, 0 without any
	}{{"nothing before", 0}, {"over earlier results", 1}} {
		t.Run(c.name, func(t *testing.T) {
			r := newRuns(t)
			if c.before != 0 {
				r.complete(fmt.Sprintf("seed=%d", c.before))
			}
			caught := 0
			for _, m := range moments {
				before := r.seed()
				for _, left := range r.left() { // else they are taken for the run's
					if err := os.RemoveAll(left); err != nil {
						t.Fatal(err)
					}
				}
				p := r.start("seed=2")
				if m.file == "" {
					time.Sleep(m.after)
				} else {
					r.when(p, m.file)
				}
				r.signal(p, syscall.SIGKILL)
				if got := r.seed(); got != before && got != 2 {
					t.Errorf("killed at %+v: results of seed %d, want those of %d or of 2", m, got, before)
				}
				caught += len(r.left())
			}
			if caught == 0 {
				t.Error("no run was killed while it wrote: the test shows nothing")
			}
			r.complete("seed=3")
			if got := r.seed(); got != 3 {
				t.Errorf("the run after gives results of seed %d, want 3", got)
			}
			if left := r.left(); len(left) > 0 {
				t.Errorf("the run after leaves %v", left)
			}
		})
	}
}

func (r *runs) wantInterrupted(p *process) {
	r.t.Helper()
	if code := p.ProcessState.ExitCode(); code != 130 || p.stderr.String() != "getij: stopped; nothing was written\n" {
		r.t.Errorf("exit code %d and %q, want 130 and that nothing was written", code, p.stderr.String())
	}
	if r.seed() != 0 || len(r.left()) > 0 {
		r.t.Errorf("out of seed %d is there, and %v", r.seed(), r.left())
	}
}

func TestCtrlCStopsARunThatWrites(t *testing.T) {
	r := newRuns(t)
	p := r.start()
	r.when(p, "figures")
	r.signal(p, os.Interrupt)
	r.wantInterrupted(p)
}

// The place of the results is taken before the work, which takes minutes here.
func TestCtrlCStopsARunThatComputes(t *testing.T) {
	r := newRuns(t)
	p := r.start("homes=5000")
	r.when(p, "")
	if err := p.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	<-p.ended
	r.wantInterrupted(p)
}
