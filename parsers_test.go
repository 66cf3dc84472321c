package getij_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// parsers says where the files of others become times, numbers and gaps: the importers
// stand on one clock, one way to read cells and one longest gap. What else stands here has
// a reason of its own.
var parsers = map[string]map[string]string{
	`time\.Parse(InLocation)?\(`: {
		"clock/reader.go":            "all layouts",
		"sessionfile/ocpi_object.go": "OCPI has one way to write a time",
	},
	`strconv\.ParseFloat\(`: {
		"table/cells.go":             "numbers",
		"table/workbook.go":          "Excel's own, not as a person sees them",
		"clock/reader.go":            "Excel's days",
		"clock/clock.go":             "durations",
		"sessionfile/ocpi_object.go": "JSON has one way to write a number",
		"seriesfile/solar.go":        "the peak power that PVGIS says above its table",
		"seriesfile/numbered.go":     "days that may be Excel's",
		"seriesfile/layout.go":       "Unix time, which is no value",
		"regionfile/columns.go":      "its own table of columns",
	},
	`2 \* time\.Hour`: {},
}

func TestTimesNumbersAndGapsAreReadInOnePlace(t *testing.T) {
	files, err := filepath.Glob("internal/foreign/*/*.go")
	if err != nil || len(files) < 100 {
		t.Fatalf("%d files: the search for them is broken (%v)", len(files), err)
	}
	for pattern, known := range parsers {
		re, used := regexp.MustCompile(pattern), map[string]bool{}
		for _, path := range files {
			if strings.HasSuffix(path, "_test.go") {
				continue
			}
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			name := strings.TrimPrefix(filepath.ToSlash(path), "internal/foreign/")
			if !re.Match(text) {
				continue
			}
			if used[name] = true; known[name] == "" {
				t.Errorf("%s has %s: times are for internal/foreign/clock, numbers for internal/foreign/table, the longest gap for dataset.LongestGap; give a reason in parsers_test.go where it must be", path, pattern)
			}
		}
		for name := range known {
			if !used[name] {
				t.Errorf("internal/foreign/%s has no %s any more: take it out of parsers_test.go", name, pattern)
			}
		}
	}
}

// Tests that the docs name are there.
func TestTestsOfTheDocsExist(t *testing.T) {
	all := map[string]bool{}
	for _, depth := range []string{"*_test.go", "*/*_test.go", "*/*/*_test.go", "*/*/*/*_test.go"} {
		paths, err := filepath.Glob(depth)
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range paths {
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range regexp.MustCompile(`(?m)^func (Test\w+)\(`).FindAllSubmatch(text, -1) {
				all[string(m[1])] = true
			}
		}
	}
	docs, err := filepath.Glob("docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	named := 0
	for _, path := range docs {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range regexp.MustCompile(`\bTest[A-Z]\w+`).FindAllString(string(text), -1) {
			if named++; !all[name] {
				t.Errorf("%s names %s, which is no test", path, name)
			}
		}
	}
	if named < 10 {
		t.Errorf("%d tests are named: the search for them is broken", named)
	}
}
