// Package examples_test holds every example to what the program computes.
//
// To add an example, make a folder with
//   - study.yaml: a study with variants, few homes (40 are a street behind one transformer);
//     one with a street is computed by `getij street`, the others by `getij compare`;
//   - README.md: as its heading the question, then the finding, the figure, the command
//     and an empty table (a line "<!-- table -->", a line "<!-- end -->");
//
// run `go test ./examples -write`, which makes figure.svg and fills the table, write the
// finding from it, and name the example in examples/README.md.
package examples_test

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/getij/getij/internal/assume"
	"github.com/getij/getij/internal/chart"
	"github.com/getij/getij/internal/docs"
	"github.com/getij/getij/internal/figure"
	"github.com/getij/getij/internal/result"
	"github.com/getij/getij/internal/study"
)

const again = "go test ./examples -write writes it; then read the finding again"

func TestExamplesSayWhatTheProgramComputes(t *testing.T) {
	index, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	folders, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, f := range folders {
		if !f.IsDir() {
			continue
		}
		n++
		t.Run(f.Name(), func(t *testing.T) {
			if testing.Short() && n > 1 {
				t.Skip("long: it runs without -short")
			}
			start := time.Now()
			path := filepath.Join(f.Name(), "study.yaml")
			command, want, figure := "compare", "", (*chart.Chart)(nil)
			if ofStreet(t, path) {
				command = "street"
				want, figure = streets(t, path)
			} else {
				c := compared(t, path)
				want, figure = table(c), compareFigure(t, c)
				if f.Name() == "home-battery" {
					addsInDocs(t, c)
				}
			}
			if took := time.Since(start); took > time.Minute {
				t.Errorf("it took %s, less than a minute was expected: take fewer homes", took)
			}
			path = filepath.Join(f.Name(), "README.md")
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			page := parts(t, path, string(text))
			if !strings.Contains(string(index), fmt.Sprintf("[%s](%s/README.md)", page.question, f.Name())) {
				t.Errorf("examples/README.md does not name it as [%s](%s/README.md)", page.question, f.Name())
			}
			if command := "getij " + command + " examples/" + f.Name() + "/study.yaml"; !strings.Contains(string(text), command) {
				t.Errorf("%s has no command %s", path, command)
			}
			if *docs.Write {
				page.table = want
				if err := os.WriteFile(path, []byte(page.before+page.table+page.after), 0o644); err != nil {
					t.Fatal(err)
				}
			} else if page.table != want {
				t.Errorf("%s has the table\n%s\nand computed is\n%s\n(%s)", path, page.table, want, again)
			}
			for _, amount := range amounts(page.before) {
				// "discharges 0.98 kW" is a cell of -0.98.
				if !slices.Contains(cells(want), amount) && !slices.Contains(cells(want), "-"+amount) {
					t.Errorf("%s says %s, which is in no cell of its table", path, amount)
				}
			}
			sameFigure(t, figure, filepath.Join(f.Name(), "figure.svg"))
		})
	}
	if n == 0 {
		t.Error("there are no examples")
	}
}

// compared runs the study and its variants as `getij compare` does.
func compared(t *testing.T, path string) *result.Comparison {
	t.Helper()
	s, err := assume.Load(path, nil)
	if err != nil {
		t.Fatal(err)
	}
	c, err := study.Compare(t.Context(), append([]*assume.Study{s}, s.Variants()...), nil)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// page is an example's README: what is before its table, the table and what is after.
type page struct{ question, before, table, after string }

var pattern = regexp.MustCompile(`(?s)^(# ([^\n]+)\n.*!\[[^\]]+\]\(figure\.svg\).*<!-- table -->\n)(.*?)(<!-- end -->\n.*)$`)

func parts(t *testing.T, path, text string) page {
	t.Helper()
	m := pattern.FindStringSubmatch(text)
	if m == nil {
		t.Fatalf("%s: a heading, the figure (![what it shows](figure.svg)), a line <!-- table --> and a line <!-- end --> were expected, in this order", path)
	}
	return page{question: m[2], before: m[1], table: m[3], after: m[4]}
}

// table is what an example's README shows of its cases.
func table(c *result.Comparison) string {
	var b strings.Builder
	b.WriteString("| variant | contract | way to charge | cost, EUR | saving, EUR | winter 17-21 h, kW | evening peak, kW | night peak, kW | year's peak, kW | discharged, kWh |")
	rule := "\n|---|---|---|---|---|---|---|---|---|---|"
	if c.Rewarded() {
		b.WriteString(" at the plug, % | reward, EUR | reward per kW of relief, EUR |")
		rule += "---|---|---|"
	}
	if c.LeavesOpen() {
		b.WriteString(" bound on the cost, EUR |")
		rule += "---|"
	}
	b.WriteString(rule + "\n")
	for _, v := range c.Cases {
		saving := ""
		if !math.IsNaN(v.SavingEUR) {
			saving = number(v.SavingEUR, 0)
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s | %s | %s | %s | %s |", v.Variant, v.Contract, v.Mode, number(v.TotalEUR(), 0), saving,
			number(v.WinterEveningMeanKW, 2), number(v.EveningPeakKW, 2), number(v.NightPeakKW, 2), number(v.YearPeakKW, 2), number(v.DischargedKWh, 0))
		if c.Rewarded() {
			perKW := ""
			if eur := c.RewardEURPerKW(v); !math.IsNaN(eur) {
				perKW = number(eur, 0)
			}
			fmt.Fprintf(&b, " %s | %s | %s |", number(100*v.PluggedInShare, 0), number(v.PlugInRewardEUR, 0), perKW)
		}
		if c.LeavesOpen() {
			fmt.Fprintf(&b, " %s |", number(v.TotalEUR()-v.GapEUR, 0))
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// number writes a number with a plain minus sign and groups of three digits.
func number(v float64, decimals int) string {
	return strings.ReplaceAll(figure.English.Number(v, decimals), "−", "-")
}

func cells(table string) (out []string) {
	for line := range strings.SplitSeq(table, "\n") {
		for cell := range strings.SplitSeq(line, "|") {
			out = append(out, strings.TrimSpace(cell))
		}
	}
	return out
}

// amounts are the numbers of a text that have a unit: EUR before, or kW or kWh after.
func amounts(text string) (out []string) {
	for _, m := range regexp.MustCompile(`EUR (-?[\d,]*\d(?:\.\d+)?)|(-?\b[\d,]*\d(?:\.\d+)?) kWh?\b`).FindAllStringSubmatch(text, -1) {
		out = append(out, m[1]+m[2])
	}
	return out
}

func compareFigure(t *testing.T, c *result.Comparison) *chart.Chart {
	t.Helper()
	k, err := chart.Compare(c, chart.Choice{})
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// sameFigure holds an example's figure to the one that is drawn.
func sameFigure(t *testing.T, k *chart.Chart, path string) {
	t.Helper()
	s, err := k.Scene(figure.Frame{})
	if err != nil {
		t.Fatal(err)
	}
	var drawn bytes.Buffer
	if err := s.SVG(&drawn); err != nil {
		t.Fatal(err)
	}
	if *docs.Write {
		if err := os.WriteFile(path, drawn.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	kept, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(kept, drawn.Bytes()) {
		t.Errorf("%s is not the figure that is drawn today (%s)", path, again)
	}
}

func TestAmountsOfAFindingAreFound(t *testing.T) {
	got := strings.Join(amounts("In 2027 (EUR 1,007, not 753 EUR) it saves EUR -3 and 4.14 kW of 8 panels with 2,500 kWh."), " ")
	if want := "1,007 -3 4.14 2,500"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
