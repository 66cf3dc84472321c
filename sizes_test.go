package getij_test

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// What is written by hand stays within what a reader can hold: a file that grows
// over this is two things.
const maxLines = 500

// rooms are how many lines some packages have at the most, outside their tests. The run
// of a study is steps between rooms that do the work, and none of that work moves into
// it; fetching is three sources over one way to download.
var rooms = map[string]int{"internal/study": 1499, "internal/fetch": 2050}

// code are the endings of files that people write as code.
var code = []string{".go", ".ts", ".svelte", ".css", ".mjs", ".js", ".py", ".sh"}

// notWritten are folders and files that programs make, or that others made.
var notWritten = []string{".git", "bin", "dist", "results", "node_modules", "web/dist", "web/kernel/built", "web/src/lib/openapi.d.ts"}

func TestFilesAndRoomsStaySmall(t *testing.T) {
	files, lines := 0, map[string]int{}
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		path = filepath.ToSlash(path)
		if slices.Contains(notWritten, path) || d.IsDir() && d.Name() == "node_modules" {
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		if d.IsDir() || !slices.Contains(code, filepath.Ext(path)) {
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		files++
		n := bytes.Count(text, []byte("\n"))
		if n > maxLines {
			t.Errorf("%s has %d lines, over %d: split it by what its parts are about", path, n, maxLines)
		}
		if strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go") {
			lines[filepath.ToSlash(filepath.Dir(path))] += n
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if files < 300 {
		t.Errorf("%d files were read: the search for them is broken", files)
	}
	for room, most := range rooms {
		if n := lines[room]; n == 0 || n > most {
			t.Errorf("%s has %d lines outside its tests, from 1 to %d were expected: which room's work is in it?", room, n, most)
		}
	}
}
