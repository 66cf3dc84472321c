package examples_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/getij/getij/dispatch"
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
	const path, begin, end = "../docs/home-battery.md", "<!-- home battery: go test ./examples -write -->\n", "<!-- end -->"
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(text), begin)
	told, after, closed := strings.Cut(rest, end)
	if !ok || !closed {
		t.Fatalf("%s: a line %q and a line %q were expected", path, begin, end)
	}
	if *write {
		if err := os.WriteFile(path, []byte(before+begin+b.String()+end+after), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if told != b.String() {
		t.Errorf("%s says\n%s\nand computed is\n%s\n(%s)", path, told, b.String(), again)
	}
}
