package table_test

import (
	"bytes"
	"regexp"
	"strings"
	"testing"

	"github.com/getij/getij/internal/table"
)

func TestTextsThatASpreadsheetWouldRunAreGuarded(t *testing.T) {
	for text, want := range map[string]string{
		"=cmd|' /C calc'!A0":  "'=cmd|' /C calc'!A0",
		"+1+1":                "'+1+1",
		"-2":                  "'-2",
		"@SUM(A1:A9)":         "'@SUM(A1:A9)",
		"\t=1":                "\t'=1",
		"\r=1":                "\r'=1",
		" =1":                 " '=1",
		"＝1+1":                "'＝1+1",
		"Oud;=cmd":            "Oud;'=cmd", // where a semicolon separates
		`Oud;"=cmd"`:          `Oud;"'=cmd"`,
		"two\n=lines":         "two\n'=lines",
		"'=1":                 "''=1",
		"'s-Gravenhage":       "'s-Gravenhage",
		"Bergen (L.) - Noord": "Bergen (L.) - Noord",
		"a=b, c+d":            "a=b, c+d",
		"":                    "",
	} {
		if got := table.Guard(text); got != want {
			t.Errorf("%q is written as %q, want %q", text, got, want)
		}
		if got := table.Unguard(table.Guard(text)); got != text {
			t.Errorf("%q is read as %q", text, got)
		}
	}
}

// Whatever the text, no cell of a spreadsheet begins a formula, whichever of the
// usual separators it takes; and reading gives the text back.
func FuzzGuard(f *testing.F) {
	for _, text := range []string{"=1", "'=1", "a;\"'+", "\t @x", "''''-", "＝", ";'", "a\r\n=b", "\"\"=cmd"} {
		f.Add(text)
	}
	begins := regexp.MustCompile(`^[ "]*[=+\-@＝＋－＠]`)
	f.Fuzz(func(t *testing.T, text string) {
		cell := table.Guard(text)
		if got := table.Unguard(cell); got != text {
			t.Fatalf("%q is written as %q and read as %q", text, cell, got)
		}
		for _, part := range regexp.MustCompile(`[;\t\r\n]`).Split(cell, -1) {
			if begins.MatchString(part) {
				t.Fatalf("%q is written as %q, of which %q begins a formula", text, cell, part)
			}
		}
	})
}

func TestATextThatIsAFormulaComesBackFromCSV(t *testing.T) {
	names := &table.Table{Name: "names", Columns: []table.Column{{Name: "-x_v2g_kw", Type: table.Text}, {Name: "n", Type: table.Integer}}}
	r := names.NewRows(2)
	r.Add("=cmd|' /C calc'!A0", -5)
	r.Add("'s-Gravenhage, \"+\"", 1)
	content := written(t, func(b *bytes.Buffer) error { return names.WriteCSV(b, table.Once(r)) })
	if want := "'-x_v2g_kw,n\n'=cmd|' /C calc'!A0,-5\n\"'s-Gravenhage, \"\"+\"\"\",1\n"; string(content) != want {
		t.Errorf("got\n%s\nwant\n%s", content, want)
	}
	got, err := names.ReadCSV(onDisk(t, content))
	if err != nil || strings.Join(got[0].Text, "|") != strings.Join(r[0].Text, "|") {
		t.Errorf("read %q, %v", got[0].Text, err)
	}
}
