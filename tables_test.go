package getij_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	tableRule = regexp.MustCompile(`^\|( ?:?-+:? ?\|)+$`)
	// tableBar stands between cells; within one it is escaped.
	tableBar = regexp.MustCompile(`(^|[^\\])\|`)
)

// A table is rows without an empty line between them, the second a rule, with as many
// cells in each: else it is shown as text with bars.
func TestTablesOfTheDocsAreTables(t *testing.T) {
	tables := 0
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "node_modules" || slices.Contains(notWritten, filepath.ToSlash(path))) {
			return fs.SkipDir
		}
		if d.IsDir() || filepath.Ext(path) != ".md" {
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		code, row, cells := false, 0, 0
		for i, line := range strings.Split(string(text), "\n") {
			if strings.HasPrefix(strings.TrimSpace(line), "```") {
				code = !code
			}
			if code || !strings.HasPrefix(line, "|") {
				if row == 1 {
					t.Errorf("%s:%d: one row of a table: is an empty line above it?", path, i)
				}
				row = 0
				continue
			}
			n := len(tableBar.FindAllString(line, -1))
			switch row++; row {
			case 1:
				cells = n
				tables++
			case 2:
				if !tableRule.MatchString(line) {
					t.Errorf("%s:%d: a rule such as |---|---| was expected below the head of a table", path, i+1)
				}
			}
			if n != cells {
				t.Errorf("%s:%d: %d bars, the head of its table has %d", path, i+1, n, cells)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if tables < 50 {
		t.Errorf("%d tables were found: the search for them is broken", tables)
	}
}
