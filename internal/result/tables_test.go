package result_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/getij/getij/internal/docs"
	"github.com/getij/getij/internal/result"
	"github.com/getij/getij/internal/table"
)

// docs/results.md prints the declarations.
func TestDocsSayWhatTheTablesAre(t *testing.T) {
	var b strings.Builder
	for _, x := range result.Tables() {
		fmt.Fprintf(&b, "\n### `%s` (%s)\n\n%s.\n\n| column | unit | meaning |\n|---|---|---|\n", x.Name, strings.NewReplacer("csv", "CSV", "parquet", "Parquet").Replace(strings.Join(x.Formats, ", ")), x.EN)
		for _, c := range x.Columns {
			fmt.Fprintf(&b, "| `%s` | %s | %s |\n", c.Name, c.Unit, c.EN)
		}
	}
	b.WriteString("\n")
	docs.Hold(t, "results.md", "from the declarations", b.String())
}

// Whatever is declared once is declared whole, and in words that both languages have.
func TestEveryTableIsDeclaredWhole(t *testing.T) {
	names := map[string]bool{}
	for _, x := range result.Tables() {
		if names[x.Name] || x.EN == "" || x.NL == "" || x.EN == x.NL || len(x.Formats) == 0 || len(x.Columns) < 3 {
			t.Errorf("table %s: %+v", x.Name, x)
		}
		names[x.Name] = true
		columns := map[string]bool{}
		for _, c := range x.Columns {
			if columns[c.Name] || c.EN == "" || c.NL == "" || c.EN == c.NL || strings.HasSuffix(c.EN, ".") || strings.ContainsAny(c.EN+c.NL, "|\n") {
				t.Errorf("%s, %s: %q, %q", x.Name, c.Name, c.EN, c.NL)
			}
			columns[c.Name] = true
			if c.Type != table.Real && (c.Unit != "" || c.Decimals != 0 || c.Storage != table.Double) {
				t.Errorf("%s, %s is %s and has a number's unit, decimals or storage", x.Name, c.Name, c.Type)
			}
			// The unit is in the name too, where it has one.
			for _, unit := range [][2]string{{"_eur_per_kwh", "EUR/kWh"}, {"_eur_per_kw", "EUR/kW"}, {"_kwh", "kWh"}, {"_kw", "kW"}, {"_eur", "EUR"}, {"_mw", "MW"}, {"_share", "share"}} {
				if strings.HasSuffix(c.Name, unit[0]) {
					if c.Unit != unit[1] {
						t.Errorf("%s, %s is in %q", x.Name, c.Name, c.Unit)
					}
					break
				}
			}
		}
	}
}
