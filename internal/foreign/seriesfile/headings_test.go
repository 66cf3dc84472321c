package seriesfile

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/getij/getij/internal/dataset"
	"github.com/getij/getij/internal/series"
)

// The days of both changes of the clock, one before each and one after.
var daysOfChange = []string{"29/03/2025", "30/03/2025", "31/03/2025"}

// hoursOfDay are the local hours of a day, with ENTSO-E's marks, in order.
func hoursOfDay(t *testing.T, day string, every time.Duration) (labels []string) {
	t.Helper()
	at, err := time.ParseInLocation("02/01/2006", day, series.Amsterdam())
	if err != nil {
		t.Fatal(err)
	}
	changes := at.AddDate(0, 0, 1).Sub(at) != 24*time.Hour
	label := func(x time.Time) string {
		text := x.Format("15:04")
		if h := x.Hour(); changes && h >= 1 && h <= 3 {
			text += " (" + x.Format("MST") + ")"
		}
		return text
	}
	for x := at; x.Before(at.AddDate(0, 0, 1)); x = x.Add(every) {
		labels = append(labels, label(x)+" - "+label(x.Add(every)))
	}
	return labels
}

func wantCounted(t *testing.T, imp *Import, err error, every time.Duration, n int) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	s := imp.Series[0].Series
	if want := "2025-03-28T23:00:00Z"; s.Start.Format(time.RFC3339) != want || s.Every != every || len(s.Values) != n {
		t.Errorf("%d values every %s from %s, want %d every %s from %s", len(s.Values), s.Every, s.Start, n, every, want)
	}
	for i, v := range s.Values {
		if v != float64(100+i) {
			t.Fatalf("value %d is %g", i, v)
		}
	}
	if len(imp.Report.Mends) > 0 {
		t.Errorf("mended %+v", imp.Report.Mends)
	}
}

// ENTSO-E's workbook: prose, names of columns, and below each day its times.
func TestAWorkbookWithDaysAsHeadings(t *testing.T) {
	for _, every := range []time.Duration{time.Hour, quarter} {
		f := excelize.NewFile()
		rows := [][]any{{"Energy Prices"}, {"BZN|NL"}, {"29/03/2025 - 31/03/2025", "CET/CEST"}, {}, {"MTU (CET/CEST)", "Day-ahead Price (EUR/MWh)", "Sequence"}}
		n := 0
		for _, day := range daysOfChange {
			rows = append(rows, []any{"Sat " + day})
			for _, label := range hoursOfDay(t, day, every) {
				rows = append(rows, []any{label, 100 + n, "Without Sequence"})
				n++
			}
		}
		for i, row := range rows {
			if err := f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &row); err != nil {
				t.Fatal(err)
			}
		}
		path := filepath.Join(t.TempDir(), "prices.xlsx")
		if err := f.SaveAs(path); err != nil {
			t.Fatal(err)
		}
		imp, err := Read(t.Context(), dataset.Prices, []string{path}, Options{})
		wantCounted(t, imp, err, every, n)
	}
}

func TestDaysAsColumnsAndHoursAsColumns(t *testing.T) {
	var across strings.Builder // a row for each hour
	across.WriteString("Prices in EUR/MWh;;;\nHour;" + strings.Join(daysOfChange, ";") + "\n")
	for h := range 24 {
		cells := []string{fmt.Sprintf("%02d:00 - %02d:00", h, h+1)}
		for d := range daysOfChange {
			switch at := 24*d + h; {
			case d == 1 && h == 2:
				cells = append(cells, "")
				continue
			case at > 26:
				cells = append(cells, fmt.Sprint(100+at-1))
			default:
				cells = append(cells, fmt.Sprint(100+at))
			}
		}
		across.WriteString(strings.Join(cells, ";") + "\n")
	}
	imp, err := read(t, dataset.Prices, Options{}, across.String())
	wantCounted(t, imp, err, time.Hour, 71)

	var down strings.Builder // a row for each day
	down.WriteString("Delivery day")
	for h := 1; h <= 24; h++ {
		if h == 3 {
			down.WriteString(",Hour 3A,Hour 3B")
			continue
		}
		fmt.Fprintf(&down, ",Hour %d", h)
	}
	down.WriteString("\n")
	n := 0
	for d, day := range daysOfChange {
		down.WriteString(day)
		for h := range 25 {
			if h == 3 || d == 1 && h == 2 {
				down.WriteString(",")
				continue
			}
			fmt.Fprintf(&down, ",%d", 100+n)
			n++
		}
		down.WriteString("\n")
	}
	imp, err = read(t, dataset.Prices, Options{}, down.String())
	wantCounted(t, imp, err, time.Hour, 71)
}
