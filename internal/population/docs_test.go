package population_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/getij/getij/internal/docs"
	"github.com/getij/getij/internal/population"
)

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
	docs.Hold(t, "population.md", "from the declarations", b.String())
}
