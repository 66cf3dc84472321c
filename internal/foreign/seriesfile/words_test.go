package seriesfile

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/getij/getij/internal/dataset"
)

func TestManyFilesAreToldOnce(t *testing.T) {
	var days []string
	for d := range 40 {
		at := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, d)
		var b strings.Builder
		b.WriteString("time,kwh,gas m3\n")
		for h := range 24 {
			fmt.Fprintf(&b, "%s,0.5,1\n", at.Add(time.Duration(h)*time.Hour).Format("2006-01-02 15:04"))
		}
		days = append(days, b.String())
	}
	imp, err := read(t, dataset.Load, Options{}, days...)
	if err != nil {
		t.Fatal(err)
	}
	if n := len(imp.Report.Notes); n > 3 || !slices.ContainsFunc(imp.Report.Notes, func(s string) bool {
		return strings.Contains(s, "and 39 other files without an offset")
	}) {
		t.Errorf("%d notes: %s", n, strings.Join(imp.Report.Notes, "\n"))
	}
	var text strings.Builder
	if err := imp.Report.Text(&text); err != nil {
		t.Fatal(err)
	}
	if first, _, _ := strings.Cut(text.String(), "\n"); !strings.Contains(first, "(40 files)") || len(first) > 500 {
		t.Errorf("heading %q", first)
	}
}

func TestShortLoadIsToldAtImport(t *testing.T) {
	wantNote(t, lines("time,kwh", time.Hour, 24*40, func(i int, _ time.Time) string { return []string{"0.5", "0.25"}[i%2] }), "40.0 days", "whole year")
	year, err := read(t, dataset.Load, Options{}, lines("time,kwh", time.Hour, 24*365, func(i int, _ time.Time) string { return []string{"0.5", "0.25"}[i%2] }))
	if err != nil || strings.Contains(strings.Join(year.Report.Notes, "\n"), "whole year") {
		t.Errorf("a year is told to be short: %+v, %v", year, err)
	}
}

func TestTheColumnAskedForIsNamed(t *testing.T) {
	imp, err := read(t, dataset.Load, Options{Column: "E2A"}, lines("time,E1A,E2A", time.Hour, 24, cells("0.001,0.002")))
	if err != nil || imp.Report.Column != "E2A" || strings.Contains(imp.Report.Format, "E1A") {
		t.Errorf("column %q of %q, %v", imp.Report.Column, imp.Report.Format, err)
	}
}
