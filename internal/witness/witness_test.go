package witness

import (
	"os"
	"path/filepath"
	"testing"
)

// outcome runs f as a test of its own and says how it ended.
type outcome struct {
	testing.TB
	skipped, failed bool
}

func (o *outcome) Helper()               {}
func (o *outcome) Skip(...any)           { o.skipped = true; panic(o) }
func (o *outcome) Fatalf(string, ...any) { o.failed = true; panic(o) }

func ending(t *testing.T, f func(t testing.TB)) (o *outcome) {
	t.Helper()
	o = &outcome{TB: t}
	defer func() {
		if r := recover(); r != nil && r != any(o) {
			panic(r)
		}
	}()
	f(o)
	return o
}

// module is an empty module with nothing beside it.
func module(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "module")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "go.mod"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	t.Chdir(dir)
	return dir
}

func TestAbsentDataSkipOrFailAsAsked(t *testing.T) {
	dir := module(t)
	read := func(t testing.TB) { Real(t, "prices/a.csv") }
	t.Setenv(requireData, "")
	if o := ending(t, read); !o.skipped || o.failed {
		t.Errorf("without the folder: %+v, want it skipped", o)
	}
	t.Setenv(requireData, "1")
	if o := ending(t, read); !o.failed {
		t.Errorf("without the folder, which is required: %+v, want it failed", o)
	}
	data := filepath.Join(dir, "..", "shared", "data", "prices")
	if err := os.MkdirAll(data, 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv(requireData, "")
	if o := ending(t, read); !o.failed {
		t.Errorf("a file gone from the folder: %+v, want it failed", o)
	}
	if err := os.WriteFile(filepath.Join(data, "a.csv"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if o := ending(t, read); o.failed || o.skipped {
		t.Errorf("the file is there: %+v", o)
	}
}

func TestAbsentProgramsSkipOrFailAsAsked(t *testing.T) {
	for name, ask := range map[string]func(testing.TB){
		"program": func(t testing.TB) { Program(t, "a-program-that-nobody-has", "none") },
		"module":  func(t testing.TB) { Python(t, "a_module_that_nobody_has", "none") },
	} {
		t.Setenv(requireOracles, "")
		if o := ending(t, ask); !o.skipped || o.failed {
			t.Errorf("%s: %+v, want it skipped", name, o)
		}
		t.Setenv(requireOracles, "1")
		if o := ending(t, ask); !o.failed {
			t.Errorf("%s, required: %+v, want it failed", name, o)
		}
	}
	if o := ending(t, func(t testing.TB) { Program(t, "go", "golang") }); o.skipped || o.failed {
		t.Errorf("go is there: %+v", o)
	}
}
