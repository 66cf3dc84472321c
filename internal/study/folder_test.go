package study_test

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/getij/getij/internal/study"
)

const ours = `{"program": "getij"}`

// fill makes a folder of results that say what.
func fill(what string) func(string) error {
	return func(dir string) error {
		return errors.Join(
			os.WriteFile(filepath.Join(dir, "results"), []byte(what), 0o644),
			os.WriteFile(filepath.Join(dir, study.ManifestFile), []byte(ours), 0o644))
	}
}

// holds says what the results in a folder say, "" without any.
func holds(t *testing.T, dir string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, "results"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	return string(b)
}

// onlyEntry asserts that a folder holds one thing.
func onlyEntry(t *testing.T, dir, name string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.Name() != name {
			t.Errorf("%s is left in %s", e.Name(), dir)
		}
	}
}

func write(t *testing.T, dir, what string) {
	t.Helper()
	if err := study.WriteFolder(dir, fill(what)); err != nil {
		t.Fatal(err)
	}
}

func TestAFolderAppearsWhenItIsComplete(t *testing.T) {
	parent := filepath.Join(t.TempDir(), "new", "parents")
	dir := filepath.Join(parent, "results")
	err := study.WriteFolder(dir, func(partial string) error {
		if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s is there before it is complete", dir)
		}
		return fill("first")(partial)
	})
	if err != nil || holds(t, dir) != "first" {
		t.Errorf("got %v and results that say %q", err, holds(t, dir))
	}
	onlyEntry(t, parent, "results")
	write(t, dir, "second")
	if got := holds(t, dir); got != "second" {
		t.Errorf("the results say %q after the second run", got)
	}
	onlyEntry(t, parent, "results")
}

func TestAnEmptyFolderIsFilled(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "results")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	write(t, dir, "first")
	if got := holds(t, dir); got != "first" {
		t.Errorf("the results say %q", got)
	}
}

func TestAFailureLeavesThingsAsTheyWere(t *testing.T) {
	parent := t.TempDir()
	dir := filepath.Join(parent, "results")
	full := errors.New("the disk is full")
	fail := func(partial string) error { return errors.Join(fill("half")(partial), full) }
	if err := study.WriteFolder(dir, fail); !errors.Is(err, full) {
		t.Errorf("got %v", err)
	}
	onlyEntry(t, parent, "nothing")
	write(t, dir, "first")
	if err := study.WriteFolder(dir, fail); !errors.Is(err, full) || holds(t, dir) != "first" {
		t.Errorf("got %v, and results that say %q", err, holds(t, dir))
	}
	onlyEntry(t, parent, "results")
}

// Whoever reads sees the old results or the new, at any moment.
func TestResultsAreReplacedInOneStep(t *testing.T) {
	parent := t.TempDir()
	if !canExchange(t, parent) {
		t.Skip("this file system cannot exchange two folders in one step")
	}
	dir := filepath.Join(parent, "results")
	write(t, dir, "0")
	stop, gone := make(chan struct{}), make(chan int)
	go func() {
		n := 0
		for {
			select {
			case <-stop:
				gone <- n
				return
			default:
			}
			if _, err := os.Stat(dir); err != nil {
				n++
			}
		}
	}()
	for i := range 200 {
		write(t, dir, strconv.Itoa(i))
	}
	close(stop)
	if n := <-gone; n > 0 {
		t.Errorf("%s was gone in %d looks while it was replaced", dir, n)
	}
}

func canExchange(t *testing.T, parent string) bool {
	t.Helper()
	a, b := filepath.Join(parent, "a"), filepath.Join(parent, "b")
	if err := errors.Join(os.Mkdir(a, 0o755), os.Mkdir(b, 0o755)); err != nil {
		t.Fatal(err)
	}
	err := unix.Renameat2(unix.AT_FDCWD, a, unix.AT_FDCWD, b, unix.RENAME_EXCHANGE)
	if err := errors.Join(os.Remove(a), os.Remove(b)); err != nil {
		t.Fatal(err)
	}
	return err == nil
}

// process starts a program that has ended when dead, and otherwise waits, and
// gives its id.
func process(t *testing.T, dead bool) int {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "sleep", "600")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	end := func() {
		if err := cmd.Process.Kill(); err != nil {
			t.Error(err)
		}
		_ = cmd.Wait() // it was killed
	}
	if dead {
		end()
	} else {
		t.Cleanup(end)
	}
	return cmd.Process.Pid
}

// What killed runs left beside the folder goes with the next run; what a run
// that is under way has written stays.
func TestWhatKilledRunsLeftIsRemoved(t *testing.T) {
	parent := t.TempDir()
	left := func(pid int) string {
		path := filepath.Join(parent, ".results.partial-"+strconv.Itoa(pid))
		if err := errors.Join(os.Mkdir(path, 0o755), fill("half")(path)); err != nil {
			t.Fatal(err)
		}
		return path
	}
	killed, alive := left(process(t, true)), left(process(t, false))
	own := left(os.Getpid()) // of an earlier run with the same id, as in a container
	write(t, filepath.Join(parent, "results"), "first")
	for path, want := range map[string]string{killed: "", own: "", alive: "half"} {
		if got := holds(t, path); got != want {
			t.Errorf("%s says %q, want %q", path, got, want)
		}
	}
}

// Nothing but results is ever replaced, and a run that could not be written is
// refused before it starts.
func TestFoldersThatAreNotReplaced(t *testing.T) {
	parent := t.TempDir()
	at := func(name string) string { return filepath.Join(parent, name) }
	for path, content := range map[string]string{
		"photos/holiday.jpg":    "",
		"project/manifest.json": `{"program": "another"}`,
		"broken/manifest.json":  "{",
		"file":                  "",
	} {
		if err := errors.Join(os.MkdirAll(filepath.Dir(at(path)), 0o755), os.WriteFile(at(path), []byte(content), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(parent)
	const foreign = " exists and does not hold results of getij: nothing is overwritten, name another folder with --out"
	const fixed = " cannot be replaced in one step, as it is the working folder or a mount point: name a folder in it with --out"
	for dir, want := range map[string]string{
		at("photos"):  at("photos") + foreign,
		at("project"): at("project") + foreign,
		at("broken"):  at("broken") + foreign,
		at("file"):    at("file") + " is a file: results need a folder, name another with --out",
		".":           "." + fixed,
		"photos/../":  "photos/../" + fixed,
		"..":          ".." + fixed,
		"/":           "/" + fixed,
		"/proc":       "/proc" + fixed,
	} {
		err := study.WriteFolder(dir, func(string) error {
			t.Errorf("%s was to be filled", dir)
			return nil
		})
		if err == nil || err.Error() != want {
			t.Errorf("%s: got %v, want %s", dir, err, want)
		}
	}
	for _, path := range []string{"photos/holiday.jpg", "project/manifest.json", "broken/manifest.json", "file"} {
		if _, err := os.Stat(at(path)); err != nil {
			t.Error(err)
		}
	}
}
