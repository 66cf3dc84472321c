//go:build unix

package userfile_test

import (
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/getij/getij/internal/userfile"
)

// Nobody writes to the pipe: to open it would wait for ever.
func TestAPipeIsRefusedWithoutWaiting(t *testing.T) {
	path := filepath.Join(t.TempDir(), "pipe")
	if err := unix.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := userfile.Open(t.Context(), path, 100); err == nil || err.Error() != path+" is a pipe: a file was expected" {
		t.Errorf("got %v", err)
	}
}
