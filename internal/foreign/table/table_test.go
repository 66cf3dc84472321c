package table_test

import (
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/getij/getij/internal/foreign/table"
)

func TestIdentifiersAreTakenOutOfMessages(t *testing.T) {
	for in, want := range map[string]string{
		"871687400001234567":              "(18 digits)",
		"import 871687400001234567 (kWh)": "import (18 digits) (kWh)",
		"NL-ABC-C12345678-X":              "(an identifier)",
		"user NL*ABC*E0001*2 of":          "user (an identifier) of",
		"04AA11BB22CC80":                  "(an identifier)",
		"a1b2c3d4":                        "(an identifier)",
		// What is none stays.
		"20240131":                 "20240131",
		"202401311845":             "202401311845",
		"2024-01-31T18:05:00Z":     "2024-01-31T18:05:00Z",
		"31-12-2024 18:05":         "31-12-2024 18:05",
		"0.123456789012":           "0.123456789012",
		"1.00_E1A_AZI_A":           "1.00_E1A_AZI_A",
		"DA_price":                 "DA_price",
		"energy_kwh, duration (h)": "energy_kwh, duration (h)",
		"fe80":                     "fe80",
		"decade, facade, added":    "decade, facade, added",
	} {
		if got := table.Redact(in); got != want {
			t.Errorf("%q becomes %q, want %q", in, got, want)
		}
	}
}

func open(t *testing.T, content string) (*table.File, error) {
	t.Helper()
	return table.New(t.Context(), "file", strings.NewReader(content), 1<<30)
}

func TestWhatAFileIsNotIsSaid(t *testing.T) {
	for content, want := range map[string]string{
		"":                       "is empty",
		"SQLite format 3\x00":    "database",
		"PK\x03\x04rest":         "ZIP",
		"\x1f\x8b\x08":           "gzip that cannot be unpacked",
		"PAR1":                   "Parquet",
		"a\x00b\x00":             "UTF-16", // without its mark
		"<!DOCTYPE html><html/>": "web page",
	} {
		if _, err := open(t, content); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", content, err, want)
		}
	}
}

func TestATableIsReadWhateverSeparatesItsColumns(t *testing.T) {
	for _, c := range []struct{ name, content string }{
		{"commas", "a,b\n1,2\n"},
		{"semicolons and a byte order mark", "\xEF\xBB\xBFa;b\n1;2\n"},
		{"tabs and CRLF", "a\tb\r\n1\t2\r\n"},
		{"quotes", "\"a\",\"b\"\n\"1\",\"2\"\n"},
	} {
		f, err := open(t, c.content)
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		table := f.Table()
		if err := table.SkipHeader(); err != nil || !slices.Equal(f.Header(), []string{"a", "b"}) {
			t.Errorf("%s: header %q (%v)", c.name, f.Header(), err)
		}
		row, err := table.Next()
		if err != nil || !slices.Equal(row, []string{"1", "2"}) {
			t.Errorf("%s: row %q (%v)", c.name, row, err)
		}
		if _, err := table.Next(); err != io.EOF {
			t.Errorf("%s: at the end %v", c.name, err)
		}
		if f.Matching(regexp.MustCompile("^b$")) != `column "b"` {
			t.Errorf("%s: column b is not found", c.name)
		}
	}
}

func TestTextOfWindowsIsRead(t *testing.T) {
	for in, want := range map[string]string{"caf\xe9": "café", "\x80 5": "€ 5", "\x91s-Gravenhage": "‘s-Gravenhage", "Groningen €": "Groningen €", "\x81": "\ufffd"} {
		f, err := open(t, "a,b\n1,"+in+"\n")
		if err != nil {
			t.Fatal(err)
		}
		rows := f.Table()
		if err := rows.SkipHeader(); err != nil {
			t.Fatal(err)
		}
		row, err := rows.Next()
		if err != nil || row[1] != want || rows.Latin != (in != want) || f.First(1) != want {
			t.Errorf("%q is read as %q, and first seen as %q, want %q (%v)", in, row, f.First(1), want, err)
		}
	}
}

func TestAHeaderIsFoundBelowProse(t *testing.T) {
	f, err := open(t, "Export of a meter\nFrom;2024\n\n time ;value;unit\n1;2;kWh\n")
	if err != nil {
		t.Fatal(err)
	}
	is := func() error {
		if !slices.Contains(f.Header(), "value") {
			return fmt.Errorf("%q has no value", f.Header())
		}
		return nil
	}
	if err := f.FindHeader(is); err != nil || f.First(0) != "1" {
		t.Fatalf("header %q, %v", f.Header(), err)
	}
	rows := f.Table()
	if err := rows.SkipHeader(); err != nil {
		t.Fatal(err)
	}
	if row, err := rows.Next(); err != nil || !slices.Equal(row, []string{"1", "2", "kWh"}) || rows.Line != 5 {
		t.Errorf("row %d: %q, %v", rows.Line, row, err)
	}
	if err := f.FindHeader(func() error { return fmt.Errorf("%d columns", len(f.Header())) }); fmt.Sprint(err) != "3 columns" || f.Top != 0 {
		t.Errorf("no header: %v, row %d", err, f.Top)
	}
}

// A row without an end, or with a quote that is never closed, is an error before
// it fills memory.
func TestEndlessRowsAreAnError(t *testing.T) {
	for name, row := range map[string]string{"no line end": strings.Repeat("1,2,", 1<<20), "open quote": "\"1,2\n" + strings.Repeat("3,4\n", 1<<20)} {
		f, err := open(t, "a,b\n1,2\n"+row)
		if err != nil {
			t.Fatal(err)
		}
		table := f.Table()
		if err := table.SkipHeader(); err != nil {
			t.Fatal(err)
		}
		for err == nil {
			_, err = table.Next()
		}
		if !strings.Contains(fmt.Sprint(err), "row of over 1 MB after row 2") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
