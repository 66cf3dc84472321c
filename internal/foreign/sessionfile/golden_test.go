package sessionfile

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the expected texts anew")

// identifiers stand in the test files and must stand nowhere else.
var identifiers = []string{"NL-TST", "04AA11BB", "8716871", "HOME-000", "NL*TST", "AdO3-", "Testweg"}

// imported reads files and gives the report and the plain file as text.
func imported(t *testing.T, opt Options, paths ...string) (report, plain string, err error) {
	t.Helper()
	opt.TempDir = t.TempDir()
	imp, err := Read(t.Context(), paths, opt)
	if err != nil {
		return "", "", err
	}
	var rep bytes.Buffer
	if err := imp.Report.Text(&rep); err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(t.TempDir(), "sessions.csv")
	if err := imp.WriteCSV(t.Context(), out); err != nil {
		t.Fatal(err)
	}
	if err := imp.Close(); err != nil {
		t.Fatal(err)
	}
	if left, err := os.ReadDir(opt.TempDir); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
	b, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range identifiers {
		if strings.Contains(rep.String()+string(b), id) {
			t.Errorf("an identifier, %s, is written out", id)
		}
	}
	return rep.String(), string(b), nil
}

// Each format as a small file. testdata/NAME.want is the report and the plain
// file.
func TestFormats(t *testing.T) {
	for _, c := range []struct {
		want  string
		files []string // the name itself when nil
		opt   Options
	}{
		{want: "ocpi_cdrs.json"},
		{want: "ocpi_cdrs_all", files: []string{"ocpi_cdrs.json"}, opt: Options{Home: "all"}},
		{want: "ocpi_sessions.jsonl"},
		{want: "ocpi_sessions_at_homes", files: []string{"ocpi_sessions.jsonl"}, opt: Options{Locations: []string{"HOME-*"}}},
		{want: "table_offsets.csv"},
		{want: "table_dutch.csv", opt: Options{Map: map[string]string{"duration_minutes": "Verbonden"}, Locations: []string{"Thuis"}}},
		{want: "trondheim_original.csv"},
		{want: "trondheim_private", files: []string{"trondheim_original.csv"}, opt: Options{Only: map[string]string{"User_type": "Private"}}},
	} {
		t.Run(c.want, func(t *testing.T) {
			if c.files == nil {
				c.files = []string{c.want}
			}
			var paths []string
			for _, f := range c.files {
				paths = append(paths, filepath.Join("testdata", f))
			}
			rep, plain, err := imported(t, c.opt, paths...)
			if err != nil {
				t.Fatal(err)
			}
			got := rep + "\n" + plain
			path := filepath.Join("testdata", c.want+".want")
			if *update {
				if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
		})
	}
}

// The same sessions give the same plain file, whatever format they came in.
func TestTheSameSessionsByEveryFormatAreTheSame(t *testing.T) {
	_, want, err := imported(t, Options{}, "testdata/ocpi_array.json")
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(want, "\n"); n != 5 {
		t.Fatalf("%d lines for a header and 4 sessions", n)
	}
	for _, c := range []struct {
		files []string
		opt   Options
	}{
		{files: []string{"testdata/ocpi_cdrs.json"}},
		{files: []string{"testdata/ocpi_sessions.jsonl"}, opt: Options{Locations: []string{"HOME-0001", "NLTSTE0002"}}},
		{files: []string{"testdata/ocpi_array.json"}, opt: Options{Users: "token"}},
		{files: []string{"testdata/ocpi_array.json"}, opt: Options{Users: "charger"}},
		{files: []string{"testdata/table_offsets.csv"}},
		{files: []string{"testdata/table_offsets.csv"}, opt: Options{Map: map[string]string{"arrival": "StartTime", "departure": "EndTime", "energy": "Volume kWh", "user": "Card"}}},
		// Delivered twice, in two formats.
		{files: []string{"testdata/ocpi_array.json", "testdata/table_offsets.csv"}},
	} {
		_, got, err := imported(t, c.opt, c.files...)
		if err != nil {
			t.Errorf("%v: %v", c.files, err)
		} else if got != want {
			t.Errorf("%v %+v give\n%s\nwant\n%s", c.files, c.opt, got, want)
		}
	}
}
