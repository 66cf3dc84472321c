// Package docs holds the tables of the pages in docs/ to what is computed: each stands
// between a line <!-- NAME... --> and a line <!-- end -->. Only tests import it; with
// -write they write the tables anew.
package docs

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/getij/getij/internal/witness"
)

// Write says whether tests write what is computed, in place of holding pages to it.
var Write = flag.Bool("write", false, "write the tables of the docs that this package computes anew")

// Hold holds the table of a page, such as street.md, to the one that is wanted.
func Hold(t testing.TB, page, name, want string) {
	t.Helper()
	if told := table(t, page, name, want); told != want {
		t.Errorf("docs/%s, %s says\n%s\nand computed is\n%s\n(the command in its first line writes it)", page, name, told, want)
	}
}

// HoldRows holds it to the rows that were computed, where all take long: with -write all
// are expected.
func HoldRows(t testing.TB, page, name, rows string) {
	t.Helper()
	told := table(t, page, name, rows)
	for row := range strings.Lines(rows) {
		if !strings.Contains(told, row) {
			t.Errorf("docs/%s, %s lacks the row\n%s\n(the command in its first line writes it)", page, name, row)
		}
	}
}

// table is a page's, which with -write becomes the one that is wanted.
func table(t testing.TB, page, name, want string) string {
	t.Helper()
	path := filepath.Join(witness.Root(t), "docs", page)
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	parts := regexp.MustCompile(`(?s)^(.*<!-- ` + regexp.QuoteMeta(name) + `[^\n]*-->\n)(.*?)(<!-- end -->.*)$`).FindStringSubmatch(string(text))
	if parts == nil {
		t.Fatalf("docs/%s has no place for the table %s", page, name)
	}
	if !*Write {
		return parts[2]
	}
	if err := os.WriteFile(path, []byte(parts[1]+want+parts[3]), 0o644); err != nil {
		t.Fatal(err)
	}
	return want
}
