package result_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/getij/getij/internal/assume"
	"github.com/getij/getij/internal/result"
)

// fill makes a folder of results that say what.
func fill(what string) func(string) error {
	return func(dir string) error {
		sum := sha256.Sum256([]byte(what))
		manifest, err := json.Marshal(&result.Manifest{Provenance: result.Provenance{Program: "getij", Files: []result.File{
			{Name: "tables/results", Bytes: int64(len(what)), SHA256: hex.EncodeToString(sum[:])},
		}}})
		return errors.Join(err, os.Mkdir(filepath.Join(dir, "tables"), 0o755),
			os.WriteFile(filepath.Join(dir, "tables", "results"), []byte(what), 0o644),
			os.WriteFile(filepath.Join(dir, result.ManifestFile), manifest, 0o644))
	}
}

// holds says what the results in a folder say.
func holds(t *testing.T, dir string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, "tables", "results"))
	if err != nil {
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

func write(dir string, fill func(string) error) error {
	place, err := result.Claim(dir)
	if err != nil {
		return err
	}
	return errors.Join(place.Write(fill), place.Release())
}

func mustWrite(t *testing.T, dir, what string) {
	t.Helper()
	if err := write(dir, fill(what)); err != nil {
		t.Fatal(err)
	}
}

func TestAFolderAppearsWhenItIsComplete(t *testing.T) {
	parent := filepath.Join(t.TempDir(), "new", "parents")
	dir := filepath.Join(parent, "results")
	err := write(dir, func(partial string) error {
		if _, err := os.Stat(dir); err == nil {
			t.Errorf("%s is there before it is complete", dir)
		}
		return fill("first")(partial)
	})
	if err != nil || holds(t, dir) != "first" {
		t.Errorf("got %v and results that say %q", err, holds(t, dir))
	}
	onlyEntry(t, parent, "results")
	mustWrite(t, dir, "second")
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
	mustWrite(t, dir, "first")
	if got := holds(t, dir); got != "first" {
		t.Errorf("the results say %q", got)
	}
}

func TestAFailureLeavesThingsAsTheyWere(t *testing.T) {
	parent := t.TempDir()
	dir := filepath.Join(parent, "results")
	broken := func(partial string) error { return errors.Join(fill("half")(partial), syscall.ENOSPC) }
	want := "the disk is full, " + dir + " is as it was: free some space, or name another folder with --out, on another disk (" + syscall.ENOSPC.Error() + ")"
	if err := write(dir, broken); err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	onlyEntry(t, parent, "nothing")
	mustWrite(t, dir, "first")
	if err := write(dir, broken); !errors.Is(err, syscall.ENOSPC) || holds(t, dir) != "first" {
		t.Errorf("got %v, and results that say %q", err, holds(t, dir))
	}
	onlyEntry(t, parent, "results")
}

// Whoever reads sees the old results or the new, at any moment.
func TestResultsAreReplacedInOneStep(t *testing.T) {
	if runtime.GOOS != "linux" && runtime.GOOS != "darwin" {
		t.Skip("this system cannot exchange two folders in one step")
	}
	dir := filepath.Join(t.TempDir(), "results")
	mustWrite(t, dir, "0")
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
	for i := range 50 {
		mustWrite(t, dir, strconv.Itoa(i))
	}
	close(stop)
	if n := <-gone; n > 0 {
		t.Errorf("%s was gone in %d looks while it was replaced", dir, n)
	}
}

// Two runs into one folder would make a mix, or lose one: the second is told before
// it computes.
func TestTheSecondWriterIsRefusedAtOnce(t *testing.T) {
	parent := t.TempDir()
	dir := filepath.Join(parent, "results")
	first, err := result.Claim(dir)
	if err != nil {
		t.Fatal(err)
	}
	want := fmt.Sprintf("another getij is writing %s (process %d on ", dir, os.Getpid())
	if _, err := result.Claim(dir); err == nil || !strings.HasPrefix(err.Error(), want) ||
		!strings.HasSuffix(err.Error(), "): wait for it to end, or name another folder with --out") {
		t.Errorf("the second gets %v, want %s...", err, want)
	}
	if err := os.Symlink("results", filepath.Join(parent, "link")); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(first.Write(fill("first")), first.Release()); err != nil || holds(t, dir) != "first" {
		t.Errorf("the first gets %v, and results that say %q", err, holds(t, dir))
	}
	// By another name it is the same folder.
	if first, err = result.Claim(dir); err != nil {
		t.Fatal(err)
	}
	if _, err := result.Claim(filepath.Join(parent, "link")); err == nil || !strings.Contains(err.Error(), "another getij is writing") {
		t.Errorf("through a link the second gets %v", err)
	}
	if err := first.Release(); err != nil {
		t.Error(err)
	}
}

func TestALinkToAFolderIsFollowed(t *testing.T) {
	parent := t.TempDir()
	target, link := filepath.Join(parent, "disk", "target"), filepath.Join(parent, "link")
	if err := errors.Join(os.MkdirAll(target, 0o755), os.Symlink("disk/target", link)); err != nil {
		t.Fatal(err)
	}
	for _, named := range []string{link, link + "/", link + "/."} {
		what := "named " + named
		mustWrite(t, named, what)
		if got := holds(t, target); got != what {
			t.Errorf("the folder that the link names says %q, want %q", got, what)
		}
	}
	if at, err := os.Readlink(link); err != nil || at != "disk/target" {
		t.Errorf("the link leads to %q (%v)", at, err)
	}
	onlyEntry(t, filepath.Dir(target), "target")
	if err := os.RemoveAll(target); err != nil {
		t.Fatal(err)
	}
	refused(t, link, link+" is a link that leads nowhere (lstat "+target+": no such file or directory): make the folder it names, or name another folder with --out")
}

// refused asserts that a folder cannot be claimed, and that this is the user's to
// mend.
func refused(t *testing.T, dir, want string) {
	t.Helper()
	place, err := result.Claim(dir)
	if err == nil {
		t.Errorf("%s can be claimed", dir)
		if err := place.Release(); err != nil {
			t.Error(err)
		}
		return
	}
	if err.Error() != want || !errors.As(err, new(*assume.InputError)) {
		t.Errorf("%s: got %v\nwant %s", dir, err, want)
	}
}

// A run replaces what a run wrote, and nothing else.
func TestTheUsersOwnFilesAreNotReplaced(t *testing.T) {
	for name, own := range map[string]func(dir string) error{
		"notes.txt":        func(dir string) error { return os.WriteFile(filepath.Join(dir, "notes.txt"), nil, 0o644) },
		"tables/notes.txt": func(dir string) error { return os.WriteFile(filepath.Join(dir, "tables", "notes.txt"), nil, 0o644) },
		"elsewhere":        func(dir string) error { return os.Symlink("/", filepath.Join(dir, "elsewhere")) },
		"tables/results": func(dir string) error {
			return os.WriteFile(filepath.Join(dir, "tables", "results"), []byte("mine"), 0o644)
		},
		"a, b, c, d, e and 1 more": func(dir string) (err error) {
			for _, name := range strings.Split("abcdef", "") {
				err = errors.Join(err, os.WriteFile(filepath.Join(dir, name), nil, 0o644))
			}
			return err
		},
	} {
		parent := t.TempDir()
		dir := filepath.Join(parent, "results")
		want := dir + " also holds what getij did not write, or what was changed since (" + name + "), which would be lost: move it elsewhere, or name another folder with --out"
		mustWrite(t, dir, "first")
		// While the results are computed.
		place, err := result.Claim(dir)
		if err != nil {
			t.Fatal(err)
		}
		if err := own(dir); err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(place.Write(fill("second")), place.Release()); err == nil || err.Error() != want {
			t.Errorf("got %v\nwant %s", err, want)
		}
		// Before.
		refused(t, dir, want)
		onlyEntry(t, parent, "results")
	}
}

// Manifests of before listed no files.
func TestResultsOfBeforeAreReplacedWhereNobodyTouchedThem(t *testing.T) {
	written := time.Now().Add(-time.Hour)
	put := func(dir, name string, at time.Time) error {
		path := filepath.Join(dir, name)
		return errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(`{"program": "getij"}`), 0o644), os.Chtimes(path, at, at))
	}
	for name, c := range map[string]struct {
		touch func(dir string) error
		whose string
	}{
		"untouched":    {func(string) error { return nil }, ""},
		"with a note":  {func(dir string) error { return put(dir, "notes.txt", written) }, "notes.txt"},
		"with a chart": {func(dir string) error { return put(dir, "figures/mine.png", written) }, "figures/mine.png"},
		"changed":      {func(dir string) error { return put(dir, "potential.xlsx", written.Add(time.Minute)) }, "potential.xlsx"},
		"with a link":  {func(dir string) error { return os.Symlink("/", filepath.Join(dir, "study.yaml")) }, "study.yaml"},
	} {
		dir := filepath.Join(t.TempDir(), "results")
		for _, file := range []string{"potential.xlsx", "figures/map.svg", "manifest.json"} {
			if err := put(dir, file, written); err != nil {
				t.Fatal(err)
			}
		}
		if err := c.touch(dir); err != nil {
			t.Fatal(err)
		}
		if c.whose != "" {
			refused(t, dir, dir+" also holds what getij did not write, or what was changed since ("+c.whose+"), which would be lost: move it elsewhere, or name another folder with --out")
			continue
		}
		mustWrite(t, dir, name)
		if got := holds(t, dir); got != name {
			t.Errorf("the results say %q", got)
		}
	}
}

func TestWhatFileManagersLeaveIsNoOnesOwn(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "results")
	mustWrite(t, dir, "first")
	if err := os.WriteFile(filepath.Join(dir, "tables", ".DS_Store"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	mustWrite(t, dir, "second")
	if got := holds(t, dir); got != "second" {
		t.Errorf("the results say %q", got)
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
	const fixed = " cannot be replaced in one step, as it is the working folder or a mount point: name another folder with --out"
	long := strings.Repeat("long", 70)
	for dir, want := range map[string]string{
		at("photos"):  at("photos") + foreign,
		at("project"): at("project") + foreign,
		at("broken"):  at("broken") + foreign,
		at("file"):    at("file") + " is a file: results need a folder, name another folder with --out",
		"file/out":    "lstat file/out: not a directory: name another folder with --out",
		"/proc/out":   "results cannot be written to /proc/out: open /proc/.out.lock: no such file or directory: name another folder with --out",
		long:          "lstat " + long + ": file name too long: name another folder with --out",
		".":           "." + fixed,
		"photos/../":  "photos/../" + fixed,
		"..":          ".." + fixed,
		"/":           "/" + fixed,
		"/proc":       "/proc" + fixed,
	} {
		refused(t, dir, want)
	}
	for _, path := range []string{"photos/holiday.jpg", "project/manifest.json", "broken/manifest.json", "file"} {
		if _, err := os.Stat(at(path)); err != nil {
			t.Error(err)
		}
	}
	for _, dir := range []string{"photos", "project", "broken"} {
		if entries, err := os.ReadDir(at(dir)); err != nil || len(entries) != 1 {
			t.Errorf("%s holds %v (%v)", dir, entries, err)
		}
	}
	if entries, err := os.ReadDir(parent); err != nil || len(entries) != 4 {
		t.Errorf("%s holds %v (%v)", parent, entries, err)
	}
}
