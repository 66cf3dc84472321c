package study_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/getij/getij/internal/assume"
)

// long leaves a test that only computes to the full run: with race detection, which
// has nothing to find there, it takes minutes.
func long(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("long: it runs without -short")
	}
}

// studyFile writes a study file and gives its path.
func studyFile(t testing.TB, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "study.yaml")
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func loadStudy(t testing.TB, path string, settings ...string) *assume.Study {
	t.Helper()
	s, err := assume.Load(path, settings)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// written is a study with every value written out: two that are the same text are
// the same study.
func written(t testing.TB, s *assume.Study) string {
	t.Helper()
	b, err := s.YAML()
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// wantError asserts the whole text of an error, and that it is the user's.
func wantError(t *testing.T, what string, err error, want string) {
	t.Helper()
	if err == nil {
		t.Errorf("%s: accepted, want %s", what, want)
		return
	}
	if err.Error() != want {
		t.Errorf("%s:\n got %s\nwant %s", what, err, want)
	}
	if !errors.As(err, new(*assume.InputError)) {
		t.Errorf("%s: the error is %T, which does not count as wrong input", what, err)
	}
}
