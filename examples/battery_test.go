package examples_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/getij/getij/dispatch"
	"github.com/getij/getij/internal/docs"
	"github.com/getij/getij/internal/result"
)

// addsInDocs holds the table of docs/home-battery.md to the example: what the car adds to a
// home with a battery and without.
func addsInDocs(t *testing.T, c *result.Comparison) {
	t.Helper()
	var b strings.Builder
	b.WriteString("| contract | home | cost with regular charging, EUR | smart charging saves | V2G adds | with V2G the car gives, kWh | above the bound at most, EUR |\n|---|---|---|---|---|---|---|\n")
	for i := 0; i+2 < len(c.Cases); i += 3 {
		regular, smart, v2g := c.Cases[i], c.Cases[i+1], c.Cases[i+2]
		if regular.Mode != dispatch.Regular || smart.Mode != dispatch.Smart || v2g.Mode != dispatch.V2G || v2g.Variant != regular.Variant {
			t.Fatalf("cases %d to %d are not a variant's regular, smart and V2G", i, i+2)
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s | %.4f |\n", regular.Contract, regular.Variant, number(regular.TotalEUR(), 0),
			number(smart.SavingEUR, 0), number(v2g.SavingEUR-smart.SavingEUR, 0), number(v2g.DischargedKWh, 0), max(smart.GapEUR, v2g.GapEUR))
	}
	docs.Hold(t, "home-battery.md", "home battery", b.String())
}
