// Package report tells the story of a study's results, of a comparison of studies or of
// a street: one self-contained HTML page (report.html, compare.html, street.html, no
// network needed) and its figures as SVG and PNG.
//
// What enters: a result folder. Power in kW per home, positive is charging,
// negative feeding in; energy in kWh and money in EUR per home and year.
package report

import (
	"bytes"
	"context"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"io"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"

	"github.com/getij/getij/dispatch"
	"github.com/getij/getij/internal/chart"
	"github.com/getij/getij/internal/durable"
	"github.com/getij/getij/internal/figure"
	"github.com/getij/getij/internal/result"
)

//go:embed parts.html page.html compare.html street.html style.css
var files embed.FS

// pngScale doubles the pixels of the figures, for sharp print.
const pngScale = 2

// drawn is a figure, ready for the page.
type drawn struct {
	Name         string
	Title        string
	Wide, Narrow template.HTML
}

// Write draws report.html and figures/ from a result folder into it, and lists them
// in its manifest.
func Write(ctx context.Context, dir string) error {
	r, err := result.Open(dir)
	if err != nil {
		return err
	}
	regions, err := newRegional(r)
	if err != nil {
		return err
	}
	own, err := newOwnHomes(r)
	if err != nil {
		return err
	}
	list, err := chart.List(r, chart.Choice{Contract: r.Findings.Contract})
	if err != nil {
		return err
	}
	figures, err := drawAll(ctx, filepath.Join(dir, "figures"), list)
	if err != nil {
		return err
	}
	css, err := files.ReadFile("style.css")
	if err != nil {
		return err
	}
	return writePage(dir, Page, newStory(r, figures, regions, own, template.CSS(css)), "page.html", list)
}

// The pages that there are: of a study, of a comparison and of a street.
const (
	Page        = "report.html"
	ComparePage = "compare.html"
	StreetPage  = "street.html"
)

// writePage writes a page by a template, and lists it and its figures in the manifest.
func writePage(dir, name string, content any, templateName string, list []*chart.Chart) error {
	page, err := template.New(templateName).Funcs(functions).ParseFS(files, "parts.html", templateName)
	if err != nil {
		return err
	}
	if err := durable.WriteFile(filepath.Join(dir, name), func(w io.Writer) error { return page.Execute(w, content) }); err != nil {
		return err
	}
	names := []string{name}
	for _, c := range list {
		names = append(names, "figures/"+fileName(c)+".svg", "figures/"+fileName(c)+".png")
	}
	return result.Renew(dir, names...)
}

// Redraw draws the page of a result folder again, in one step: until it is done the
// folder is as it was. It returns the page's name.
func Redraw(ctx context.Context, dir string) (string, error) {
	page, write := Page, Write
	comparison, err := result.IsComparison(dir)
	if err != nil {
		return "", err
	}
	street, err := result.IsStreet(dir)
	switch {
	case err != nil:
		return "", err
	case comparison:
		page, write = ComparePage, WriteComparison
	case street:
		page, write = StreetPage, WriteStreet
	}
	ours := func(name string) bool { return name == page || strings.HasPrefix(name, "figures/") }
	return page, result.Revise(dir, ours, func(dir string) error { return write(ctx, dir) })
}

// drawAll draws the charts wide and narrow for the page, and as files. A template
// takes a figure that is not there for false, as it is a pointer.
func drawAll(ctx context.Context, dir string, list []*chart.Chart) (map[string]*drawn, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	done := make([]drawn, len(list))
	errs := make([]error, len(list))
	var wg sync.WaitGroup
	slots := make(chan struct{}, runtime.GOMAXPROCS(0))
	for i, c := range list {
		wg.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			if errs[i] = ctx.Err(); errs[i] == nil {
				done[i], errs[i] = render(c, dir)
			}
		})
	}
	wg.Wait()
	out := map[string]*drawn{}
	for i, c := range list {
		if errs[i] != nil {
			return nil, fmt.Errorf("figure %s: %w", c.Name, errs[i])
		}
		out[fileName(c)] = &done[i]
	}
	return out, nil
}

// fileName is the name of a figure's files.
func fileName(c *chart.Chart) string {
	if c.Name == "months" {
		return "january-july"
	}
	return c.Name
}

func render(c *chart.Chart, dir string) (drawn, error) {
	d := drawn{Name: fileName(c), Title: c.Title}
	wide, err := c.Scene(figure.Frame{})
	if err != nil {
		return d, err
	}
	narrow, err := c.Scene(figure.Frame{ID: "narrow-", Width: figure.NarrowWidth})
	if err != nil {
		return d, err
	}
	var svg, narrowSVG bytes.Buffer
	if err := errors.Join(wide.SVG(&svg), narrow.SVG(&narrowSVG)); err != nil {
		return d, err
	}
	d.Wide, d.Narrow = template.HTML(svg.String()), template.HTML(narrowSVG.String())
	path := filepath.Join(dir, d.Name)
	if err := durable.WriteFile(path+".svg", func(w io.Writer) error { _, err := svg.WriteTo(w); return err }); err != nil {
		return d, err
	}
	return d, durable.WriteFile(path+".png", func(w io.Writer) error { return wide.PNG(w, pngScale) })
}

var functions = template.FuncMap{
	"kw":      func(v float64) string { return signed(v, 2) },
	"kw0":     func(v float64) string { return fmt.Sprintf("%.2f", v) },
	"whole":   whole,
	"percent": func(share float64) string { return whole(100 * share) },
	"mw":      func(v float64) string { return fmt.Sprintf("%.1f", v) },
	"div":     func(a, b float64) float64 { return a / b },
	"num": func(v float64) string { // one decimal, a dash where unknown
		if math.IsNaN(v) {
			return "\u2013"
		}
		return signed(v, 1)
	},
	"num64": func(n int) float64 { return float64(n) },
	"dist": func(v float64) string { // a dash where unknown
		if math.IsNaN(v) {
			return "\u2013"
		}
		return fmt.Sprintf("%.2f", v)
	},
	"pct": func(v float64) string { return fmt.Sprintf("%.1f %%", 100*v) },
	"eur": eur,
	"gw": func(v *float64) string { // a dash where unknown
		if v == nil {
			return "\u2013"
		}
		return signed(*v, 2)
	},
	"isNaN":  math.IsNaN,
	"kwCell": func(v float64) string { return signed(v, 3) },
	"mode":   func(c *result.Case) string { return modeLabels[c.Mode] },
	"way":    func(m dispatch.Mode) string { return modeLabels[m] },
	"money": func(v float64) string { // a dash where unknown
		if math.IsNaN(v) {
			return "\u2013"
		}
		return whole(v)
	},
	"dict": func(pairs ...any) map[string]any {
		m := map[string]any{}
		for i := 0; i+1 < len(pairs); i += 2 {
			m[pairs[i].(string)] = pairs[i+1]
		}
		return m
	},
}

// signed writes a number with a true minus sign.
func signed(v float64, decimals int) string {
	s := fmt.Sprintf("%.*f", decimals, math.Abs(v))
	if v < 0 && s != fmt.Sprintf("%.*f", decimals, 0.0) {
		return "\u2212" + s
	}
	return s
}

// whole writes a number without decimals and with thousands apart.
func whole(v float64) string {
	s := fmt.Sprintf("%.0f", math.Abs(v))
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	if v < 0 && s != "0" {
		s = "\u2212" + s
	}
	return s
}

// eur writes an amount that may be absent.
func eur(v *float64) string {
	if v == nil {
		return "\u2013"
	}
	return whole(*v)
}
