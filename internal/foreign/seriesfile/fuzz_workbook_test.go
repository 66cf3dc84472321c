package seriesfile

import (
	"bytes"
	"encoding/csv"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/getij/getij/internal/dataset"
)

// workbookOf packs a CSV file as a sheet of a workbook.
func workbookOf(f *testing.F, name string) []byte {
	content, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		f.Fatal(err)
	}
	rows := csv.NewReader(bytes.NewReader(content))
	rows.FieldsPerRecord, rows.LazyQuotes = -1, true
	if strings.Count(string(content), ";") > strings.Count(string(content), ",") {
		rows.Comma = ';'
	}
	all, err := rows.ReadAll()
	if err != nil {
		f.Fatal(err)
	}
	book := excelize.NewFile()
	for i, row := range all {
		cell, _ := excelize.CoordinatesToCellName(1, i+1)
		if err := book.SetSheetRow("Sheet1", cell, &row); err != nil {
			f.Fatal(err)
		}
	}
	out, err := book.WriteToBuffer()
	if err != nil {
		f.Fatal(err)
	}
	return out.Bytes()
}

// Whatever is in a workbook, the end is an error or finite numbers.
func FuzzWorkbooks(f *testing.F) {
	kinds := []dataset.Kind{dataset.Load, dataset.Prices, dataset.Solar}
	for i, name := range []string{"meters_ean_rows.csv", "plain_switch.csv", "capacity_percent.csv", "load_days.csv", "days_across.csv"} {
		f.Add(workbookOf(f, name), uint8(i))
	}
	f.Fuzz(func(t *testing.T, content []byte, kind uint8) {
		r, err := newReading(kinds[int(kind)%len(kinds)], Options{FillGaps: true, SpreadDays: true, Implausible: true})
		if err != nil {
			t.Fatal(err)
		}
		imp, ok := r.whole(t, "file.xlsx", bytes.NewReader(content))
		if !ok {
			return
		}
		for _, n := range imp.Series {
			for i, v := range n.Series.Values {
				if math.IsNaN(v) || math.IsInf(v, 0) {
					t.Fatalf("%s has %g at %d", n.Name, v, i)
				}
			}
		}
	})
}
