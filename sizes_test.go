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

// The run of a study is steps between rooms that do the work: it stays small, so
// that no room's work moves into it.
const maxStudyLines = 1499

// code are the endings of files that people write as code.
var code = []string{".go", ".ts", ".svelte", ".css", ".mjs", ".js", ".py", ".sh"}

// notWritten are folders and files that programs make, or that others made.
var notWritten = []string{".git", "bin", "dist", "results", "node_modules", "web/dist", "web/src/lib/openapi.d.ts"}

func TestFilesStayWithinFiveHundredLinesAndTheRunWithinFifteenHundred(t *testing.T) {
	files, study := 0, 0
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
		if strings.HasPrefix(path, "internal/study/") && strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go") {
			study += n
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if files < 300 || study == 0 {
		t.Errorf("%d files were read, with %d lines of internal/study: the search for them is broken", files, study)
	}
	if study > maxStudyLines {
		t.Errorf("internal/study has %d lines outside its tests, over %d: which room's work is in it?", study, maxStudyLines)
	}
}
