package getij_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// codecs says which packages know a format: the tables of results are read and written
// in one (internal/table), the files of others in one (internal/foreign/table); what
// else stands here has a reason of its own.
var codecs = map[string]map[string]string{
	"github.com/parquet-go/parquet-go": {
		"internal/table": "tables of results",
	},
	"github.com/xuri/excelize/v2": {
		"internal/table":         "tables of results",
		"internal/foreign/table": "workbooks of others",
	},
	"modernc.org/sqlite": {
		"internal/foreign/regionfile": "GeoPackage, in and out",
		"internal/sample":             "made files, for tests",
	},
	"encoding/xml": {
		"internal/foreign/seriesfile": "ENTSO-E's prices",
		"internal/fetch":              "ENTSO-E's answers: whether they are whole, and errors",
		"internal/figure":             "texts in SVG",
	},
	"encoding/csv": {
		"internal/table":               "tables of results",
		"internal/foreign/table":       "tables of others",
		"internal/foreign/regionfile":  "regions, whose columns are those that occur; its own table of columns",
		"internal/foreign/sessionfile": "the list of mends, row by row as it is found",
		"internal/assume":              "its own tables of assumptions, rules and standards",
		"internal/outlook":             "its own scenarios",
		"internal/reference":           "its own tables",
		"internal/reference/regions":   "its own table",
		"internal/result":              "its own table of words",
		"internal/household":           "its own tables of heat",
	},
	"github.com/klauspost/compress/zlib": {"internal/figure": "PNG"},
	"compress/gzip": {
		"internal/userfile":          "files that users name",
		"internal/reference/regions": "its own map",
		"internal/server":            "answers",
		"internal/pmtiles":           "tiles in a file of many",
		"internal/site":              "files for a page that unpacks them",
		"scripts/release":            "archives",
	},
	"golang.org/x/text/encoding/charmap": {"internal/foreign/table": "Windows-1252"},
	"golang.org/x/text/encoding/unicode": {"internal/userfile": "UTF-16"},
	"go.yaml.in/yaml/v3":                 {"internal/assume": "study files"},
	"github.com/paulmach/orb/geojson":    {"internal/server": "tiles", "internal/sample": "made files, for tests"},
}

func TestAFormatHasOneCodec(t *testing.T) {
	all := packages(t)
	for library, known := range codecs {
		used := map[string]bool{}
		for name, p := range all {
			if !slices.Contains(p.Imports, library) {
				continue
			}
			used[name] = true
			if known[name] == "" {
				t.Errorf("%s imports %s: the format has its codec (codecs_test.go): use it", name, library)
			}
		}
		for name := range known {
			if !used[name] {
				t.Errorf("%s does not import %s: take it out of codecs_test.go", name, library)
			}
		}
	}
}

// The importers stand on one floor: what the local clock says, with its hours that are
// twice and not at all, is foreign/clock's to tell.
func TestImportersReadLocalTimesOnTheirFloor(t *testing.T) {
	for _, room := range []string{"seriesfile", "sessionfile", "regionfile"} {
		files, err := filepath.Glob("internal/foreign/" + room + "/*.go")
		if err != nil || len(files) == 0 {
			t.Fatal(room, err)
		}
		for _, path := range files {
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			for _, call := range []string{"time.ParseInLocation(", "time.LoadLocation("} {
				if !strings.HasSuffix(path, "_test.go") && strings.Contains(string(text), call) {
					t.Errorf("%s calls %s): local times are read by foreign/clock", path, call)
				}
			}
		}
	}
}
