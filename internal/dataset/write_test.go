package dataset_test

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/getij/getij/internal/dataset"
)

func TestAFileAppearsWholeOrNotAtAll(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "out.csv")
	write := func(text string, fail error) error {
		return dataset.WriteFile(path, func(w io.Writer) error {
			_, err := io.WriteString(w, text)
			return errors.Join(err, fail)
		})
	}
	if err := write("first", nil); err != nil {
		t.Fatal(err)
	}
	full := errors.New("the disk is full")
	if err := write("half of", full); !errors.Is(err, full) {
		t.Errorf("writing failed, the error is %v", err)
	}
	if b, err := os.ReadFile(path); err != nil || string(b) != "first" {
		t.Errorf("after a failure the file holds %q (%v)", b, err)
	}
	if err := write("second", nil); err != nil {
		t.Fatal(err)
	}
	if b, _ := os.ReadFile(path); string(b) != "second" {
		t.Errorf("the file holds %q", b)
	}
	if left, _ := os.ReadDir(dir); len(left) != 1 {
		t.Errorf("%d files are left", len(left))
	}
}
