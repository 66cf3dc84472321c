package table_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/getij/getij/internal/foreign/table"
)

func TestWhatIsSaidOfManyFilesIsSaidOnce(t *testing.T) {
	var files, said []string
	for i := range 365 {
		files = append(files, fmt.Sprintf("day%d.csv", i))
		said = append(said, fmt.Sprintf("times of day%d.csv without an offset are read as UTC", i), fmt.Sprintf("the largest of day%d.csv is 0.%d", i, i))
	}
	said = append(said, "something else", "something else of 2")
	want := "times of day0.csv and 364 other files without an offset are read as UTC|the largest of day0.csv is 0.0 (and 364 more like it)|something else|something else of 2"
	if got := strings.Join(table.Together(said, files), "|"); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	few := said[:6]
	if got := table.Together(few, files); len(got) != 6 {
		t.Errorf("three files: %q", got)
	}
}
