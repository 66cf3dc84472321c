package report

import (
	"context"
	"html/template"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/getij/getij/internal/chart"
	"github.com/getij/getij/internal/result"
)

// WriteComparison draws compare.html and figures/ from a folder of `getij compare` into
// it, and lists them in its manifest.
func WriteComparison(ctx context.Context, dir string) error {
	c, err := result.OpenComparison(dir)
	if err != nil {
		return err
	}
	figure, err := chart.Compare(c, chart.Choice{})
	if err != nil {
		return err
	}
	list := []*chart.Chart{figure}
	figures, err := drawAll(ctx, filepath.Join(dir, "figures"), list)
	if err != nil {
		return err
	}
	css, err := files.ReadFile("style.css")
	if err != nil {
		return err
	}
	return writePage(dir, ComparePage, &comparison{c, template.CSS(css), figures}, "compare.html", list)
}

// comparison is what its page shows.
type comparison struct {
	*result.Comparison
	CSS     template.CSS
	Figures map[string]*drawn
}

// Years are those of the studies, once each.
func (c *comparison) Years() string {
	var years []string
	for _, s := range c.Studies {
		if y := strconv.Itoa(s.Year); !slices.Contains(years, y) {
			years = append(years, y)
		}
	}
	return join(years)
}

// join lists names in a sentence.
func join(names []string) string {
	out := ""
	for i, name := range names {
		switch {
		case i > 0 && i == len(names)-1:
			out += " and "
		case i > 0:
			out += ", "
		}
		out += name
	}
	return out
}

// compareRow is a row of the page's table: a case and its difference from regular
// charging in the same variant and contract.
type compareRow struct {
	*result.VariantCase
	Number   int // of the variant in the figure
	Conflict bool
	Peaks    [3]peakCell // evening, night, year
}

type peakCell struct {
	KW     float64
	Change string // "" without regular charging
}

// Rows are the cases, the ways to charge of a variant and contract together.
func (c *comparison) Rows() (out []compareRow) {
	for _, t := range c.Tracks() {
		from := t.Regular()
		for _, v := range t.Cases {
			row := compareRow{VariantCase: v, Number: slices.Index(c.Manifest.Variants, v.Variant) + 1, Conflict: t.Conflict(v)}
			row.Peaks = [3]peakCell{{KW: v.EveningPeakKW}, {KW: v.NightPeakKW}, {KW: v.YearPeakKW}}
			if from != nil && v != from {
				for i, was := range []float64{from.EveningPeakKW, from.NightPeakKW, from.YearPeakKW} {
					row.Peaks[i].Change = change(row.Peaks[i].KW - was)
				}
			}
			out = append(out, row)
		}
	}
	return out
}

// change writes a difference with its sign, 0 without.
func change(kw float64) string {
	text := signed(kw, 2)
	if kw > 0 && text != "0.00" {
		return "+" + text
	}
	return text
}
