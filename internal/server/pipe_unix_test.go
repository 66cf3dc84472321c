//go:build unix

package server_test

import (
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/getij/getij/internal/server"
)

// Nobody writes to the pipe: to open it would wait for ever.
func TestAPipeForAManifestIsNotWaitedFor(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mkfifo(filepath.Join(dir, "manifest.json"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := server.New(dir, server.Options{}); err == nil || !strings.HasSuffix(err.Error(), "manifest.json is not a file") {
		t.Errorf("got %v", err)
	}
}
