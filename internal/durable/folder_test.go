package durable_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/getij/getij/internal/durable"
)

// fill makes a folder whose file says what.
func fill(what string) func(string) error {
	return func(dir string) error {
		return errors.Join(os.Mkdir(filepath.Join(dir, "sub"), 0o755),
			os.WriteFile(filepath.Join(dir, "sub", "file"), []byte(what), 0o644))
	}
}

func holds(t *testing.T, dir string) string {
	t.Helper()
	return reads(t, filepath.Join(dir, "sub", "file"))
}

func claim(t *testing.T, dir string) *durable.Folder {
	t.Helper()
	f, err := durable.Claim(dir)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func replace(t *testing.T, dir, what string) {
	t.Helper()
	f := claim(t, dir)
	if err := errors.Join(f.Replace(fill(what)), f.Release()); err != nil {
		t.Fatal(err)
	}
}

func TestAFolderIsReplacedWholeOrNotAtAll(t *testing.T) {
	top := t.TempDir()
	parent := filepath.Join(top, "new", "parents")
	dir := filepath.Join(parent, "out")
	if err := claim(t, dir).Release(); err != nil {
		t.Fatal(err)
	}
	wantEntries(t, top)
	replace(t, dir, "first")
	wantEntries(t, parent, "out")
	f := claim(t, dir)
	broken := errors.New("broken")
	if err := f.Replace(func(dir string) error { return errors.Join(fill("half")(dir), broken) }); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
	if err := f.Release(); err != nil {
		t.Error(err)
	}
	if got := holds(t, dir); got != "first" {
		t.Errorf("after a failure the folder says %q", got)
	}
	replace(t, dir, "second")
	if got := holds(t, dir); got != "second" {
		t.Errorf("the folder says %q", got)
	}
	wantEntries(t, parent, "out")
}

func TestAFolderHasOneWriter(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out")
	first := claim(t, dir)
	_, err := durable.Claim(dir + "/")
	var held *durable.HeldError
	if !errors.As(err, &held) || !strings.HasPrefix(held.By, fmt.Sprintf("process %d on ", os.Getpid())) {
		t.Errorf("the second got %v, want that the first holds it", err)
	}
	if _, err := os.Stat(filepath.Dir(dir) + "/.out.lock"); err != nil {
		t.Errorf("the second took the first's lock away: %v", err)
	}
	if err := errors.Join(first.Replace(fill("first")), first.Release()); err != nil {
		t.Fatal(err)
	}
	replace(t, dir, "second")
	if got := holds(t, dir); got != "second" {
		t.Errorf("the folder says %q", got)
	}
}

// TestMain lets the tests start a program that claims a folder and waits.
func TestMain(m *testing.M) {
	dir := os.Getenv("DURABLE_TEST_CLAIM")
	if dir == "" {
		os.Exit(m.Run())
	}
	f, err := durable.Claim(dir)
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	err = f.Replace(func(partial string) error {
		err := fill("half")(partial)
		fmt.Println("claimed")
		io.Copy(io.Discard, os.Stdin) // until it is killed
		return err
	})
	fmt.Println(err)
}

// claimer starts a program that holds dir with half a folder, until killed.
func claimer(t *testing.T, dir string) *exec.Cmd {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), "DURABLE_TEST_CLAIM="+dir)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { in.Close() })
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(out).ReadString('\n'); line != "claimed\n" {
		t.Fatalf("the program says %q (%v)", line, err)
	}
	return cmd
}

func kill(t *testing.T, cmd *exec.Cmd) {
	t.Helper()
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // it was killed
}

// The right to a folder ends with its program. No process number is looked at:
// another container's program may have the same, and one of before may have ours.
func TestWhatAKilledProgramLeftIsRemovedAndALivingOnesIsNot(t *testing.T) {
	parent := t.TempDir()
	dir := filepath.Join(parent, "out")
	replace(t, dir, "first")
	p := claimer(t, dir)
	if _, err := durable.Claim(dir); !errors.As(err, new(*durable.HeldError)) {
		t.Errorf("a living program holds the folder, the error is %v", err)
	}
	partials := func() []string {
		list, err := filepath.Glob(filepath.Join(parent, ".out.partial-*"))
		if err != nil {
			t.Fatal(err)
		}
		return list
	}
	if list := partials(); len(list) != 1 || holds(t, list[0]) != "half" {
		t.Errorf("what the living program has written is not there: %v", list)
	}
	kill(t, p)
	if list := partials(); len(list) != 1 || holds(t, dir) != "first" {
		t.Errorf("after the kill there are %v, and the folder says %q", list, holds(t, dir))
	}
	// What bears our own number is of another container, or of before.
	if err := os.Mkdir(filepath.Join(parent, fmt.Sprintf(".out.partial-%d", os.Getpid())), 0o755); err != nil {
		t.Fatal(err)
	}
	replace(t, dir, "second")
	if got := holds(t, dir); got != "second" {
		t.Errorf("the folder says %q", got)
	}
	wantEntries(t, parent, "out")
}

// Where names cannot be exchanged, a program may end between two steps.
func TestAReplacementInTwoStepsThatBrokeOffIsRepaired(t *testing.T) {
	parent := t.TempDir()
	dir, old := filepath.Join(parent, "out"), filepath.Join(parent, ".out.old")
	broken := func() { // between the steps
		replace(t, dir, "first")
		if err := os.Rename(dir, old); err != nil {
			t.Fatal(err)
		}
	}
	broken()
	if err := durable.Settle(dir); err != nil || holds(t, dir) != "first" {
		t.Errorf("a reader gets %v and a folder that says %q", err, holds(t, dir))
	}
	wantEntries(t, parent, "out")
	broken()
	f := claim(t, dir)
	if got := holds(t, dir); got != "first" {
		t.Errorf("once a writer holds it the folder says %q", got)
	}
	if err := f.Release(); err != nil {
		t.Fatal(err)
	}
	wantEntries(t, parent, "out")

	// After both steps, before the old folder is removed.
	partial := filepath.Join(parent, "partial")
	if err := errors.Join(os.Mkdir(partial, 0o755), fill("second")(partial)); err != nil {
		t.Fatal(err)
	}
	if at, err := durable.InTwoSteps(partial, dir); err != nil || at != old {
		t.Fatalf("the old folder is at %q: %v", at, err)
	}
	if err := durable.Settle(dir); err != nil || holds(t, dir) != "second" {
		t.Errorf("a reader gets %v and a folder that says %q", err, holds(t, dir))
	}
	replace(t, dir, "third")
	if got := holds(t, dir); got != "third" {
		t.Errorf("the folder says %q", got)
	}
	wantEntries(t, parent, "out")
}

func TestAFolderThatCannotBeMadeIsSaidBeforeItIsFilled(t *testing.T) {
	parent := t.TempDir()
	file := filepath.Join(parent, "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{filepath.Join(file, "out"), filepath.Join(parent, strings.Repeat("long", 70))} {
		if f, err := durable.Claim(dir); err == nil {
			t.Errorf("%s can be claimed", dir)
			f.Release()
		}
	}
	wantEntries(t, parent, "file")
}
