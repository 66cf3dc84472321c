package userfile_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/getij/getij/internal/userfile"
)

// sparse makes a file of a size that takes no place on the disk.
func sparse(t *testing.T, size int64) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "large.csv")
	f, err := os.Create(path)
	if err == nil {
		err = errors.Join(f.Truncate(size), f.Close())
	}
	if err != nil {
		t.Fatal(err)
	}
	return path
}

func packed(t *testing.T, content []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write(content); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestOnlyRegularFilesAreRead(t *testing.T) {
	dir := t.TempDir()
	socket := filepath.Join(dir, "s")
	l, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	for path, want := range map[string]string{
		dir: dir + " is a folder: a file was expected", "/dev/zero": "/dev/zero is a device: a file was expected",
		socket: socket + " is a socket: a file was expected",
	} {
		if _, err := userfile.Open(t.Context(), path, 100); err == nil || err.Error() != want {
			t.Errorf("%s: got %v, want %s", path, err, want)
		}
	}
	if _, err := userfile.Open(t.Context(), filepath.Join(dir, "none"), 100); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a file that is not there: %v", err)
	}
}

func TestAFileBeyondItsBoundIsRefusedBeforeItIsRead(t *testing.T) {
	path := sparse(t, 5<<30)
	_, err := userfile.Open(t.Context(), path, userfile.MostData)
	if want := path + " is larger than 2 GB, the most that is read of such a file: split it, or leave out what a study does not need"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

// A stream, or a file of /proc, does not say how long it is.
func TestReadingStopsAtTheBoundAndIsNeverShort(t *testing.T) {
	for size, fails := range map[int]bool{999: false, 1000: false, 1001: true, 5000: true} {
		f, err := userfile.New(t.Context(), "endless", strings.NewReader(strings.Repeat("x", size)), 1000)
		if err == nil {
			_, err = io.ReadAll(f)
		}
		if large := new(userfile.TooLargeError); errors.As(err, &large) != fails {
			t.Errorf("%d bytes of at most 1000: %v", size, err)
		}
	}
}

func TestGzipIsUnpackedWithinTheSameBound(t *testing.T) {
	content := []byte(strings.Repeat("a,b\n", 1000))
	file := packed(t, content)
	f, err := userfile.New(t.Context(), "a.csv.gz", bytes.NewReader(file), 4000)
	if err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(f)
	if err != nil || !bytes.Equal(got, content) {
		t.Errorf("got %d bytes, %v", len(got), err)
	}
	want := sha256.Sum256(file)
	if sum, err := f.SHA256(); err != nil || sum != hex.EncodeToString(want[:]) {
		t.Errorf("sha256 %s, %v: not that of the file on the disk", sum, err)
	}
	// 40 MB of zeros in 40 kB.
	f, err = userfile.New(t.Context(), "bomb.gz", bytes.NewReader(packed(t, make([]byte, 40<<20))), 1<<20)
	if err == nil {
		_, err = io.Copy(io.Discard, f)
	}
	if err == nil || !strings.HasPrefix(err.Error(), "bomb.gz unpacks to more than 1 MB") {
		t.Errorf("a bomb: %v", err)
	}
	f, err = userfile.New(t.Context(), "cut.gz", bytes.NewReader(file[:len(file)-5]), 4000)
	if err == nil {
		_, err = io.Copy(io.Discard, f)
	}
	if err == nil || !strings.Contains(err.Error(), "is it cut off?") {
		t.Errorf("cut off: %v", err)
	}
}

func TestReadingEndsWithTheContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	f, err := userfile.New(ctx, "long.csv", io.LimitReader(zeros{}, 1<<40), 1<<41)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.CopyN(io.Discard, f, 1<<20); err != nil {
		t.Fatal(err)
	}
	cancel()
	if _, err := io.Copy(io.Discard, f); !errors.Is(err, context.Canceled) {
		t.Errorf("after the end of the context: %v", err)
	}
}

type zeros struct{}

func (zeros) Read(b []byte) (int, error) { clear(b); return len(b), nil }
