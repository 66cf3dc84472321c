//go:build unix

package table_test

import (
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/getij/getij/internal/table"
)

// Nobody writes to the pipe: to open it would wait for ever.
func TestATableIsReadFromAFileAlone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, at := range []string{path, "/dev/zero"} {
		_, inText := (&table.Table{}).ReadCSV(at)
		_, inParquet := (&table.Table{}).ReadParquet(at)
		for _, err := range []error{inText, inParquet} {
			if err == nil || !strings.Contains(err.Error(), ": a file was expected") {
				t.Errorf("%s: got %v", at, err)
			}
		}
	}
}
