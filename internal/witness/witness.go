// Package witness finds what tests call on and this repository does not hold:
// files of real measurements, which may not be copied into it, and other programs
// that compute the same. Only tests import it.
//
// Where a witness is absent the test says so and is skipped, so that the tests
// pass in any clone. GETIJ_REQUIRE_DATA and GETIJ_REQUIRE_ORACLES turn that into a
// failure: CI sets both, so that there no test is skipped in silence. Made files
// of package sample stand in for the real ones everywhere.
package witness

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// What is required to be there, by the variable that says so.
const (
	requireData    = "GETIJ_REQUIRE_DATA"
	requireOracles = "GETIJ_REQUIRE_ORACLES"
)

// Real is the path of a real file, such as "prices/nl_day_ahead_2024_hourly.csv",
// in the folder shared/data beside the module. Where the folder is, each of its
// files is expected.
func Real(t testing.TB, name string) string {
	t.Helper()
	folder := filepath.Join(Root(t), "..", "shared", "data")
	if _, err := os.Stat(folder); errors.Is(err, fs.ErrNotExist) {
		absent(t, requireData, "there is no folder shared/data beside the module: "+name+" is not read")
	}
	path := filepath.Join(folder, filepath.FromSlash(name))
	if _, err := os.Stat(path); err != nil {
		t.Fatalf("the folder of real files is not whole: %v", err)
	}
	return path
}

// Program is the path of another program; pkg is the Debian package that has it.
func Program(t testing.TB, name, pkg string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		MissingOracle(t, name+" is not installed (Debian package "+pkg+"): nothing is compared with it")
	}
	return path
}

// Python is the path of a Python that has a module; pkg is the Debian package of
// the module.
func Python(t testing.TB, module, pkg string) string {
	t.Helper()
	for _, name := range []string{"python3", "/usr/bin/python3"} {
		if exec.CommandContext(t.Context(), name, "-c", "import "+module).Run() == nil {
			return name
		}
	}
	MissingOracle(t, "no python3 has "+module+" (Debian package "+pkg+"): nothing is compared with it")
	return ""
}

// MissingOracle ends a test whose oracle cannot be asked.
func MissingOracle(t testing.TB, what string) {
	t.Helper()
	absent(t, requireOracles, what)
}

func absent(t testing.TB, variable, what string) {
	t.Helper()
	if os.Getenv(variable) != "" {
		t.Fatalf("%s (%s is set)", what, variable)
	}
	t.Skip(what)
}

// Root is the module's folder.
func Root(t testing.TB) string {
	t.Helper()
	at, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(at, "go.mod")); err == nil {
			return at
		}
		if at == filepath.Dir(at) {
			t.Fatal("no go.mod above the test")
		}
		at = filepath.Dir(at)
	}
}
