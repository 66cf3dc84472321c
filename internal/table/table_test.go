package table_test

import (
	"bytes"
	"errors"
	"iter"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/getij/getij/internal/table"
)

// every is a table with a column of every kind.
var every = &table.Table{Name: "every", Columns: []table.Column{
	{Name: "at", Type: table.Time},
	{Name: "name", Type: table.Text},
	{Name: "homes", Type: table.Integer},
	{Name: "double", Decimals: 3},
	{Name: "exact", Decimals: 3, Storage: table.Exact},
	{Name: "single", Decimals: 3, Storage: table.Single},
	{Name: "repeated", Decimals: 1, Storage: table.Repeated},
}}

func at(hour int) time.Time { return time.Date(2024, 3, 31, hour, 15, 0, 0, time.UTC) }

func rows() table.Rows {
	r := every.NewRows(3)
	r.Add(at(0), "De \"Haven\", noord", 1, 1.23456, 1.23456, 12345.5, 0.25)
	r.Add(at(1), "", -2, math.NaN(), math.NaN(), math.NaN(), math.NaN())
	r.Add(at(2), "two\nlines", 0, -0.0001, 1e9+0.5, 0.1, 1e6)
	return r
}

func written(t *testing.T, write func(*bytes.Buffer) error) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func onDisk(t *testing.T, content []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

const everyCSV = `at,name,homes,double,exact,single,repeated
2024-03-31T00:15:00Z,"De ""Haven"", noord",1,1.235,1.235,12345.5,0.3
2024-03-31T01:15:00Z,,-2,,,,
2024-03-31T02:15:00Z,"two
lines",0,0,1000000000.5,0.1,1000000
`

func TestTextIsRoundedAndQuotedWhereItMust(t *testing.T) {
	got := written(t, func(b *bytes.Buffer) error { return every.WriteCSV(b, table.Once(rows())) })
	if string(got) != everyCSV {
		t.Errorf("got\n%s\nwant\n%s", got, everyCSV)
	}
}

// same compares rows, NaN with NaN.
func same(t *testing.T, got, want table.Rows) {
	t.Helper()
	for k, c := range every.Columns {
		a, b := got[k], want[k]
		if len(a.Real) != len(b.Real) {
			t.Fatalf("%s has %d numbers, want %d", c.Name, len(a.Real), len(b.Real))
		}
		for i := range a.Real {
			if a.Real[i] != b.Real[i] && !(math.IsNaN(a.Real[i]) && math.IsNaN(b.Real[i])) {
				t.Errorf("%s, row %d: %v, want %v", c.Name, i+1, a.Real[i], b.Real[i])
			}
		}
		a.Real, b.Real = nil, nil
		if !reflect.DeepEqual(a, b) {
			t.Errorf("%s is %v, want %v", c.Name, a, b)
		}
	}
}

// rounded are the rows as text holds them.
func rounded() table.Rows {
	r := rows()
	for k, c := range every.Columns {
		for i, v := range r[k].Real {
			r[k].Real[i] = table.Round(v, c.Decimals)
		}
	}
	return r
}

func TestWhatIsWrittenIsReadBack(t *testing.T) {
	t.Run("CSV", func(t *testing.T) {
		got, err := every.ReadCSV(onDisk(t, []byte(everyCSV)))
		if err != nil {
			t.Fatal(err)
		}
		same(t, got, rounded())
	})
	t.Run("Parquet", func(t *testing.T) {
		content := written(t, func(b *bytes.Buffer) error { return every.WriteParquet(b, table.Once(rows())) })
		got, err := every.ReadParquet(onDisk(t, content))
		if err != nil {
			t.Fatal(err)
		}
		want := rounded()
		want[4] = rows()[4] // exact
		same(t, got, want)
	})
}

// Batches are row groups, which can be read in part.
func TestAParquetFileIsReadInPart(t *testing.T) {
	batches := func(yield func(table.Rows, error) bool) {
		for k := range 3 {
			r := every.NewRows(2000)
			for i := range 2000 {
				r.Add(at(k), strings.Repeat("x", k), 10000*k+i, float64(i), float64(i), float64(i), float64(k))
			}
			if !yield(r, nil) {
				return
			}
		}
	}
	content := written(t, func(b *bytes.Buffer) error { return every.WriteParquet(b, batches) })
	p, err := every.OpenParquet(onDisk(t, content))
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	var v table.Values
	if err := p.ReadColumn(1, 2, 1500, 3, &v); err != nil || !reflect.DeepEqual(v.Integer, []int{11500, 11501, 11502}) {
		t.Errorf("%v, %v", v, err)
	}
	if err := p.ReadColumn(2, 2, 1999, 2, &v); err == nil || !strings.HasSuffix(err.Error(), "column homes: 1 values are missing") {
		t.Errorf("got %v", err)
	}
}

// A reader finds columns by name, and says what it misses.
func TestColumnsAreFoundByName(t *testing.T) {
	some := &table.Table{Name: "some", Columns: []table.Column{every.Columns[5], every.Columns[1]}}
	text, parquet := onDisk(t, []byte(everyCSV)), onDisk(t, written(t, func(b *bytes.Buffer) error { return every.WriteParquet(b, table.Once(rows())) }))
	for name, read := range map[string]func() (table.Rows, error){
		"CSV":     func() (table.Rows, error) { return some.ReadCSV(text) },
		"Parquet": func() (table.Rows, error) { return some.ReadParquet(parquet) },
	} {
		got, err := read()
		if err != nil || len(got) != 2 || got[0].Real[2] != 0.1 || got[1].Text[2] != "two\nlines" {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
	other := &table.Table{Columns: []table.Column{{Name: "other"}}}
	if _, err := other.ReadCSV(text); err == nil || err.Error() != text+" has no column other: is it of an older getij?" {
		t.Errorf("got %v", err)
	}
	if _, err := other.ReadParquet(parquet); err == nil || err.Error() != parquet+": there is no column other: is it of an older getij?" {
		t.Errorf("got %v", err)
	}
	wrong := &table.Table{Columns: []table.Column{{Name: "name", Type: table.Integer}}}
	if _, err := wrong.ReadCSV(text); err == nil || err.Error() != text+`, line 2, name is "De \"Haven\", noord": a whole number was expected` {
		t.Errorf("got %v", err)
	}
	if _, err := wrong.ReadParquet(parquet); err == nil || err.Error() != parquet+": column name holds STRING, INT(32,true) was expected" {
		t.Errorf("got %v", err)
	}
	if _, err := every.ReadParquet(text); err == nil || !strings.HasPrefix(err.Error(), text+": ") {
		t.Errorf("got %v", err)
	}
}

// Rows that are not of the table are a fault of the program, and are not written.
func TestRowsThatDoNotFitAreRefused(t *testing.T) {
	short := rows()
	short[3].Real = short[3].Real[:2]
	wrong := rows()
	wrong[2] = table.Values{Real: []float64{1, 2, 3}}
	broken := errors.New("broken")
	for want, batches := range map[string]iter.Seq2[table.Rows, error]{
		"table every: column double has 2 values of its type, the table 3 rows": table.Once(short),
		"table every: column homes has 0 values of its type, the table 3 rows":  table.Once(wrong),
		"table every: 6 columns of values for 7 columns":                        table.Once(rows()[:6]),
		"broken": func(yield func(table.Rows, error) bool) { yield(nil, broken) },
	} {
		var b bytes.Buffer
		for name, err := range map[string]error{"CSV": every.WriteCSV(&b, batches), "Parquet": every.WriteParquet(&b, batches)} {
			if err == nil || err.Error() != want {
				t.Errorf("%s: got %v\nwant %s", name, err, want)
			}
		}
	}
}

func TestASheetHasTitleHeadingsAndNumbers(t *testing.T) {
	sheets := []table.Sheet{
		{
			Name: "Numbers", Title: "What it is", Remark: "and a remark",
			Columns: []table.SheetColumn{{Head: "Name", Width: 20, Look: table.Wrapped}, {Head: "Share", Width: 8, Look: table.Percent}, {Head: "MW", Width: 8, Look: table.Tenths}},
			Rows:    [][]any{{"=1+1", 0.123, 1234.56}, {"none", math.NaN(), math.NaN()}},
		},
		{Name: "Bare", Title: "Without a remark", Columns: []table.SheetColumn{{Head: "Year", Width: 8}}, Rows: [][]any{{2050}}},
	}
	content := written(t, func(b *bytes.Buffer) error { return table.WriteXLSX(b, sheets) })
	x, err := excelize.OpenReader(bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	for at, want := range map[string]string{
		"Numbers!A1": "What it is", "Numbers!A2": "and a remark", "Numbers!A4": "Name", "Numbers!C4": "MW",
		"Numbers!A5": "=1+1", "Numbers!B5": "12.3%", "Numbers!C5": "1,234.6", "Numbers!A6": "none", "Numbers!B6": "",
		"Bare!A1": "Without a remark", "Bare!A2": "Year", "Bare!A3": "2050",
	} {
		sheet, cell, _ := strings.Cut(at, "!")
		got, err := x.GetCellValue(sheet, cell)
		if err != nil || got != want {
			t.Errorf("%s is %q, %v; want %q", at, got, err, want)
		}
		if formula, err := x.GetCellFormula(sheet, cell); err != nil || formula != "" {
			t.Errorf("%s is the formula %q, %v", at, formula, err)
		}
	}
	if got := x.GetSheetList(); !reflect.DeepEqual(got, []string{"Numbers", "Bare"}) {
		t.Errorf("the sheets are %v", got)
	}
}

func TestAWorkbookHasTheSameBytesEachTime(t *testing.T) {
	var sheets []table.Sheet
	for _, name := range []string{"a", "b", "c", "d", "e", "f"} {
		sheets = append(sheets, table.Sheet{Name: name, Title: name, Columns: []table.SheetColumn{{Head: "Year", Width: 8}}, Rows: [][]any{{2050}}})
	}
	write := func() []byte { return written(t, func(b *bytes.Buffer) error { return table.WriteXLSX(b, sheets) }) }
	first := write()
	for range 20 {
		if !bytes.Equal(write(), first) {
			t.Fatal("the same sheets gave other bytes")
		}
	}
}

// Levels of regions are words of the user's own; names of sheets have Excel's rules.
func TestASheetsNameIsOneThatExcelTakes(t *testing.T) {
	long := "middenspanningsdistributiestation"
	want := []string{
		"a", "Sheet1", long[:31], long[:29] + "~2", "Middenspanningsdistributiesta~3", // they differ in no more than case
		"onder_boven_ _x_ _y_", "_quoted_", "history_", "_", strings.Repeat("\U0001F50C", 15),
	}
	var sheets []table.Sheet
	for _, name := range []string{
		"a", "Sheet1", long, long + "s", strings.ToUpper(long[:1]) + long[1:],
		`onder/boven\ [x] *y?`, "'quoted'", "history", "", strings.Repeat("\U0001F50C", 16),
	} {
		sheets = append(sheets, table.Sheet{Name: name, Title: name, Columns: []table.SheetColumn{{Head: "code", Width: 8}}})
	}
	content := written(t, func(b *bytes.Buffer) error { return table.WriteXLSX(b, sheets) })
	x, err := excelize.OpenReader(bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	if got := x.GetSheetList(); !reflect.DeepEqual(got, want) {
		t.Errorf("the sheets are %q\nwant %q", got, want)
	}
	for i, name := range want {
		if got, err := x.GetCellValue(name, "A1"); err != nil || got != sheets[i].Title {
			t.Errorf("sheet %s has the title %q, %v; want the whole name %q", name, got, err, sheets[i].Title)
		}
	}
}
