//go:build unix

package result_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/getij/getij/internal/result"
)

// Nobody writes to the pipe, and the device never ends: to read them would wait, or
// take memory, for ever.
func TestAResultFolderIsReadFromFilesAlone(t *testing.T) {
	for _, name := range []string{result.ManifestFile, "summary.json"} {
		dir := t.TempDir()
		if err := fill("results")(dir); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, name)
		for _, place := range []func() error{
			func() error { return syscall.Mkfifo(path, 0o600) },
			func() error { return os.Symlink("/dev/zero", path) },
			func() error { return errors.Join(os.WriteFile(path, nil, 0o600), os.Truncate(path, 1<<30)) },
		} {
			_ = os.Remove(path)
			if err := place(); err != nil {
				t.Fatal(err)
			}
			_, err := result.Open(dir)
			if err == nil || !strings.Contains(err.Error(), ": a file was expected") && !strings.Contains(err.Error(), "is larger than 16 MB") {
				t.Errorf("%s: reading gives %v", name, err)
			}
			if _, err := result.Claim(dir); err == nil {
				t.Errorf("%s: a folder that cannot be read is replaced", name)
			}
		}
	}
}
