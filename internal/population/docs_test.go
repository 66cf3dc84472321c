package population_test

import (
	"flag"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/getij/getij/internal/population"
)

var writeDocs = flag.Bool("write", false, "write the tables of docs/population.md anew")

// docs/population.md prints the declarations.
func TestDocsSayWhatTheTablesOfAPopulationAre(t *testing.T) {
	var b strings.Builder
	for _, x := range population.Tables() {
		fmt.Fprintf(&b, "\n### `%s`\n\n%s.\n\n| column | unit | meaning |\n|---|---|---|\n", x.Name, x.EN)
		for _, c := range x.Columns {
			if c.EN == "" || c.NL == "" || c.EN == c.NL {
				t.Errorf("%s, %s is %q and %q", x.Name, c.Name, c.EN, c.NL)
			}
			fmt.Fprintf(&b, "| `%s` | %s | %s |\n", c.Name, c.Unit, c.EN)
		}
	}
	b.WriteString("\n")
	const path = "../../docs/population.md"
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	parts := regexp.MustCompile(`(?s)^(.*-run Docs -write -->\n)(.*)(<!-- end -->.*)$`).FindStringSubmatch(string(text))
	if parts == nil {
		t.Fatalf("%s has no place for the tables", path)
	}
	if *writeDocs {
		if err := os.WriteFile(path, []byte(parts[1]+b.String()+parts[3]), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if parts[2] != b.String() {
		t.Errorf("%s does not say what internal/population/tables.go does: go test ./internal/population -run Docs -write", path)
	}
}
