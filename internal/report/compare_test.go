package report_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/getij/getij/internal/assume"
	"github.com/getij/getij/internal/report"
	"github.com/getij/getij/internal/result"
	"github.com/getij/getij/internal/study"
)

// The page of a comparison has its cases in order, its differences and what to know,
// and fetches nothing.
func TestThePageOfAComparisonTellsItsCasesAndWhatDiffers(t *testing.T) {
	file := filepath.Join(t.TempDir(), "study.yaml")
	if err := os.WriteFile(file, []byte(`study: base
homes: 2
modes: [regular, v2g]
contracts: [{name: dynamic, kind: dynamic}]
variants:
  <later>: {contracts.dynamic.rules: 2027-01-01}
  slow: {charger.charge_kw: 3.7}
`), 0o644); err != nil {
		t.Fatal(err)
	}
	s, err := assume.Load(file, nil)
	if err != nil {
		t.Fatal(err)
	}
	c, err := study.Compare(t.Context(), append([]*assume.Study{s}, s.Variants()...), nil)
	if err != nil {
		t.Fatal(err)
	}
	c.Cases[1].YearPeakKW = c.Cases[0].YearPeakKW + 1 // two homes may well have no conflict
	dir := t.TempDir()
	if err := c.Write(dir, result.Version{Version: "1.2.3"}); err != nil {
		t.Fatal(err)
	}
	if err := report.WriteComparison(t.Context(), dir); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(dir, report.ComparePage))
	if err != nil {
		t.Fatal(err)
	}
	page := string(text)
	var rows []string
	for _, m := range regexp.MustCompile(`(?s)<tr[^>]*><td>(\d+)</td><td class="text name">(.*?)</td><td class="text">(.*?)</td><td class="text">(.*?)</td>`).FindAllStringSubmatch(page, -1) {
		rows = append(rows, strings.Join(m[1:], " "))
	}
	if got := strings.Join(rows, ", "); got != "1 base dynamic Regular, 1 base dynamic V2G, 2 &lt;later&gt; dynamic Regular, 2 &lt;later&gt; dynamic V2G, 3 slow dynamic Regular, 3 slow dynamic V2G" {
		t.Errorf("rows %s", got)
	}
	for _, want := range []string{
		">contracts.dynamic.net_metering</td><td>true</td><td>false</td><td>true</td>", ">charger.charge_kw</td><td>11</td><td>11</td><td>3.7</td>",
		"rules of 2027-01-01 with the energy tax of 2026", "synthetic reference data", `<figure id="fig-compare">`, "</html>",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	if strings.Contains(page, "<later>") || regexp.MustCompile(`(?i)<(script|link|img)\b|\bsrc=|@import`).MatchString(page) {
		t.Error("the page has a name as markup, or fetches something")
	}
	// The row of a conflict is tinted, and no other.
	conflicts := 0
	for _, track := range c.Tracks() {
		for _, v := range track.Cases {
			if track.Conflict(v) {
				conflicts++
			}
		}
	}
	table := page[strings.Index(page, `id="table"`):strings.Index(page, `id="differences"`)]
	if tinted := strings.Count(table, `<tr class="changed">`); tinted != conflicts || conflicts == 0 {
		t.Errorf("%d rows are tinted, %d are conflicts", tinted, conflicts)
	}
}
