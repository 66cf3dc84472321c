package seriesfile

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/getij/getij/internal/dataset"
)

func wantStart(t *testing.T, content string, opt Options, start string, kWh float64) {
	t.Helper()
	imp, err := read(t, dataset.Load, opt, content)
	if err != nil {
		t.Fatal(err)
	}
	if got := imp.Series[0].Series.Start.Format("2006-01-02T15:04Z"); got != start || fmt.Sprintf("%.6g", totalOf(imp)) != fmt.Sprintf("%.6g", kWh) {
		t.Errorf("%g kWh from %s, want %g from %s", totalOf(imp), got, kWh, start)
	}
}

func TestValuesWithoutTimes(t *testing.T) {
	bare := Options{Start: "2024-01-01T00:00+01:00", Step: 15}
	wantStart(t, strings.Repeat("0.25\n0.5\n", 48), bare, "2023-12-31T23:00Z", 36)
	wantStart(t, strings.Repeat("0,25\n0,5\n", 48), bare, "2023-12-31T23:00Z", 36)
	wantStart(t, "verbruik kWh\n"+strings.Repeat("0,25\n0,5\n", 48), bare, "2023-12-31T23:00Z", 36)
	wantStart(t, "T1;T2\n"+strings.Repeat("0,25;0,5\n", 96), bare, "2023-12-31T23:00Z", 72)
	wantStart(t, "tijd\n"+strings.Repeat("0,25\n", 96), bare, "2023-12-31T23:00Z", 24)
	wall := Options{Start: "2024-06-01 00:00", Step: 60}
	wantStart(t, strings.Repeat("0.25\n0.5\n", 12), wall, "2024-05-31T22:00Z", 9)
	wantError(t, dataset.Load, lines("time,kwh", time.Hour, 24, cells("1")), bare, "times of its own", "time")
	for want, opt := range map[string]Options{
		"both":                {Start: "2024-01-01"},
		"15, 30 or 60":        {Start: "2024-01-01", Step: 5},
		"31/1/2024":           {DateOrder: "ymd"},
		`mapped to "energy"`:  {Map: map[string]string{"energy": "x"}},
		"name one":            {Column: "a", Map: map[string]string{"value": "b"}},
		"start is \"monday\"": {Start: "monday", Step: 60},
	} {
		wantError(t, dataset.Load, lines("time,kwh", time.Hour, 24, cells("1")), opt, want)
	}
	wantError(t, dataset.Load, strings.Repeat("0.25\n", 48), Options{}, "--start")
}

func TestATableWithoutHeaderKeepsItsFirstRow(t *testing.T) {
	content := strings.TrimPrefix(lines("", time.Hour, 24, cells("0.5")), "\n")
	wantStart(t, content, Options{}, "2024-06-01T00:00Z", 12)
	wantNote(t, content, "no header")
}

func TestDatesAndClocksInColumnsOfTheirOwn(t *testing.T) {
	day := func(cell func(h int) string) string {
		var b strings.Builder
		for d := 1; d <= 2; d++ {
			for h := range 24 {
				fmt.Fprintf(&b, "%02d-06-2024;%s;0,5\n", d, cell(h))
			}
		}
		return b.String()
	}
	for name, c := range map[string]struct{ content, start string }{
		"begin and end":  {"Datum;Tijd;kWh\n" + day(func(h int) string { return fmt.Sprintf("%02d:00 - %02d:00", h, h+1) }), "2024-05-31T22:00Z"},
		"hours from 0":   {"Datum;Uur;kWh\n" + day(func(h int) string { return fmt.Sprint(h) }), "2024-05-31T22:00Z"},
		"hours from 1":   {"Datum;Uur;kWh\n" + day(func(h int) string { return fmt.Sprint(h + 1) }), "2024-05-31T22:00Z"},
		"months by name": {"Datum;Tijd;kWh\n" + strings.ReplaceAll(day(func(h int) string { return fmt.Sprintf("%02d:00", h) }), "-06-2024", " juni 2024"), "2024-05-31T22:00Z"},
	} {
		t.Run(name, func(t *testing.T) { wantStart(t, c.content, Options{}, c.start, 24) })
	}
	odd := strings.ReplaceAll("a;b;c\n"+day(func(h int) string { return fmt.Sprintf("%02d:00", h) }), "a;b;c", "dag;klok;w")
	wantStart(t, odd, Options{Map: map[string]string{"time": "dag", "clock": "klok", "value": "w"}, Unit: "kwh"}, "2024-05-31T22:00Z", 24)
	wantError(t, dataset.Load, odd, Options{Map: map[string]string{"time": "w"}}, "no times in column")
	wantError(t, dataset.Load, odd, Options{Map: map[string]string{"time": "nix"}}, "its columns are dag, klok, w")
}

func TestOrderOfDayAndMonth(t *testing.T) {
	file := func(from time.Time, layout string) string {
		var b strings.Builder
		b.WriteString("time,kwh\n")
		for i := range 24 * 4 {
			fmt.Fprintf(&b, "%s,0.5\n", from.Add(time.Duration(i)*time.Hour).Format(layout))
		}
		return b.String()
	}
	march := time.Date(2024, 3, 4, 0, 0, 0, 0, time.UTC)
	// The first days have either order: by one of them the rows are weeks apart.
	wantStart(t, file(march, "1/2/2006 15:04"), Options{}, "2024-03-03T23:00Z", 48)
	wantStart(t, file(march, "2/1/2006 15:04"), Options{}, "2024-03-03T23:00Z", 48)
	wantStart(t, file(march, "2/1/2006 15:04")[:9+24*19], Options{DateOrder: "dmy"}, "2024-03-03T23:00Z", 12)
}

func TestHomesThatAPersonNames(t *testing.T) {
	var b strings.Builder
	b.WriteString("time,where,kwh\n")
	for _, home := range []string{"attic", "barn"} {
		for h := range 24 {
			fmt.Fprintf(&b, "2024-06-01T%02d:00Z,%s,0.5\n", h, home)
		}
	}
	imp, err := read(t, dataset.Load, Options{Map: map[string]string{"home": "where"}}, b.String())
	if err != nil || len(imp.Series) != 2 || totalOf(imp) != 24 {
		t.Errorf("%+v, %v", imp, err)
	}
}
