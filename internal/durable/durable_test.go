package durable_test

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/getij/getij/internal/durable"
)

func writes(text string, fail error) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := io.WriteString(w, text)
		return errors.Join(err, fail)
	}
}

func reads(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	return string(b)
}

// wantEntries asserts what a folder holds, hidden files too.
func wantEntries(t *testing.T, dir string, want ...string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range entries {
		got = append(got, e.Name())
	}
	if strings.Join(got, " ") != strings.Join(want, " ") {
		t.Errorf("%s holds %v, want %v", dir, got, want)
	}
}

func TestAFileAppearsWholeOrNotAtAll(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "out.csv")
	if err := durable.WriteFile(path, writes("first", nil)); err != nil {
		t.Fatal(err)
	}
	broken := errors.New("broken")
	if err := durable.WriteFile(path, writes("half of", broken)); !errors.Is(err, broken) || err.Error() != "writing "+path+": broken" {
		t.Errorf("writing failed, the error is %v", err)
	}
	if got := reads(t, path); got != "first" {
		t.Errorf("after a failure the file holds %q", got)
	}
	if err := durable.WriteFile(path, writes("second", nil)); err != nil {
		t.Fatal(err)
	}
	if got := reads(t, path); got != "second" {
		t.Errorf("the file holds %q", got)
	}
	wantEntries(t, dir, "out.csv")
}

func TestAFileKeepsItsRights(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sessions.csv")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := durable.WriteFile(path, writes("private", nil)); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode() != 0o600 {
		t.Errorf("the file was for its owner alone, now its rights are %v (%v)", info.Mode(), err)
	}
}

func TestALinkIsFollowed(t *testing.T) {
	dir := t.TempDir()
	target, link := filepath.Join(dir, "target.csv"), filepath.Join(dir, "link.csv")
	if err := errors.Join(os.WriteFile(target, nil, 0o644), os.Symlink("target.csv", link)); err != nil {
		t.Skipf("no links here: %v", err)
	}
	if err := durable.WriteFile(link, writes("through", nil)); err != nil {
		t.Fatal(err)
	}
	if got := reads(t, target); got != "through" {
		t.Errorf("the file that the link names holds %q", got)
	}
	if info, err := os.Lstat(link); err != nil || info.Mode()&fs.ModeSymlink == 0 {
		t.Errorf("the link is no link any more (%v)", err)
	}
}

// A device that is replaced by a file breaks the machine when the user is root.
func TestWhatIsNoFileIsNotReplaced(t *testing.T) {
	dir := t.TempDir()
	dangling := filepath.Join(dir, "dangling")
	if err := os.Symlink("nowhere", dangling); err != nil {
		t.Skipf("no links here: %v", err)
	}
	for path, want := range map[string]string{
		dir:         " is a folder: the name of a file was expected",
		os.DevNull:  " is not a file but a device or a pipe: the name of a file was expected",
		dangling:    "no such file or directory",
		dir + "/a/": "no such file or directory",
	} {
		if err := durable.WriteFile(path, writes("text", nil)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want it to say %q", path, err, want)
		}
	}
	wantEntries(t, dir, "dangling")
}
