package table_test

import (
	"bytes"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/getij/getij/internal/foreign/table"
)

// rowsOf are the header and the rows of a file.
func rowsOf(t *testing.T, f *table.File) (all [][]string) {
	t.Helper()
	rows := f.Table()
	for range f.Top {
		if _, err := rows.Next(); err != nil {
			t.Fatal(err)
		}
	}
	for {
		rec, err := rows.Next()
		if err == io.EOF {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, slices.Clone(rec))
	}
}

func wantRows(t *testing.T, f *table.File, want ...string) {
	t.Helper()
	var got []string
	for _, r := range rowsOf(t, f) {
		got = append(got, strings.Join(r, "|"))
	}
	if !slices.Equal(got, want) {
		t.Errorf("rows\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// book is a workbook of one sheet after an empty and a hidden one.
func book(t *testing.T, set func(f *excelize.File, sheet string)) string {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	for _, name := range []string{"hidden", "Uren"} {
		if _, err := f.NewSheet(name); err != nil {
			t.Fatal(err)
		}
		set(f, name)
	}
	if err := f.SetSheetVisible("hidden", false); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if _, err := f.WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestAWorkbookIsATable(t *testing.T) {
	content := book(t, func(f *excelize.File, sheet string) {
		day, month, money := 22, "d-mmm-yyyy", "#,##0.00"
		at, err1 := f.NewStyle(&excelize.Style{NumFmt: day}) // m/d/yy h:mm
		days, err2 := f.NewStyle(&excelize.Style{CustomNumFmt: &month})
		eur, err3 := f.NewStyle(&excelize.Style{CustomNumFmt: &money})
		err4 := f.SetSheetRow(sheet, "A1", &[]any{"Mijn verbruik"})
		err5 := f.SetSheetRow(sheet, "A3", &[]any{"tijd", "dag", "kWh", "tekst"})
		err6 := f.SetSheetRow(sheet, "A4", &[]any{45292.010416666664, 45292, 1234.5678, "0,25"})
		err7 := f.SetSheetRow(sheet, "A5", &[]any{45292.020833333336, 45292, 0.1, nil})
		for _, err := range []error{
			err1, err2, err3, err4, err5, err6, err7,
			f.SetCellStyle(sheet, "A4", "A5", at), f.SetCellStyle(sheet, "B4", "B5", days), f.SetCellStyle(sheet, "C4", "C5", eur),
		} {
			if err != nil {
				t.Fatal(err)
			}
		}
	})
	f, err := open(t, content)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if f.Sheet != "Uren" || !slices.Equal(f.Sheets, []string{"Sheet1", "Uren"}) {
		t.Errorf("sheet %q of %q", f.Sheet, f.Sheets)
	}
	if err := f.FindHeader(func() error {
		if !slices.Contains(f.Header(), "kWh") {
			return io.EOF
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	wantRows(t, f, "tijd|dag|kWh|tekst", "2024-01-01 00:15:00|2024-01-01|1234.5678|0,25", "2024-01-01 00:30:00|2024-01-01|0.1|")
}

func TestBrokenWorkbooksAreRefused(t *testing.T) {
	whole := book(t, func(f *excelize.File, sheet string) {
		if err := f.SetSheetRow(sheet, "A1", &[]any{"a", "b"}); err != nil {
			t.Fatal(err)
		}
	})
	for name, content := range map[string]string{
		"cut off":        whole[:len(whole)/2],
		"without rows":   whole,
		"old":            "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("x", 600),
		"another member": "PK\x03\x04" + strings.Repeat("x", 600),
	} {
		if _, err := open(t, content); err == nil || !strings.Contains(err.Error(), "CSV in UTF-8") && !strings.Contains(err.Error(), "without a sheet") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestJSONIsATable(t *testing.T) {
	for name, c := range map[string]struct {
		json string
		want []string
	}{
		"rows below a unit": {
			`{"energy":{"unit":"Wh","values":[{"date":"a","value":null},{"date":"b","value":2.5}]}}`,
			[]string{"unit|date|value", "Wh|a|", "Wh|b|2.5"},
		},
		"lists by type": {
			`{"d":{"meters":[{"type":"Production","values":[{"at":1,"v":2}]},{"values":[{"at":1,"v":3}],"type":"Consumption"}],"unit":"Wh"}}`,
			[]string{"unit|type|at|v", "Wh|Production|1|2", "Wh|Consumption|1|3"},
		},
		"lists by key":     {`{"usage":[{"t":1,"v":2}],"return":[{"t":1,"v":3}],"other":{"x":1}}`, []string{"type|t|v", "usage|1|2", "return|1|3"}},
		"objects in rows":  {`[{"day":{"at":1},"use":{"low":2,"high":3}},{"day":{"at":2},"use":{"low":4}}]`, []string{"day.at|use.low|use.high", "1|2|3", "2|4|"}},
		"arrays in arrays": {`{"data":[[1704067200,0.2],[1704070800,0.3]]}`, []string{"value 1|value 2", "1704067200|0.2", "1704070800|0.3"}},
		"columns":          {`{"time":["a","b"],"kwh":[1,2],"unit":"x"}`, []string{"unit|time|kwh", "x|a|1", "x|b|2"}},
		"times as keys":    {`{"2024-01-01T00:00:00Z":1,"2024-01-01T01:00:00Z":2}`, []string{"time|value", "2024-01-01T00:00:00Z|1", "2024-01-01T01:00:00Z|2"}},
	} {
		t.Run(name, func(t *testing.T) {
			f, err := open(t, c.json)
			if err != nil {
				t.Fatal(err)
			}
			if ok, err := f.FlattenJSON(); !ok || err != nil {
				t.Fatalf("no table: %v", err)
			}
			wantRows(t, f, c.want...)
		})
	}
	for _, c := range []string{`{"error":"no access"}`, `[]`, `[1,2]`} {
		f, err := open(t, c)
		if err != nil {
			t.Fatal(err)
		}
		if ok, err := f.FlattenJSON(); ok || err != nil || !f.IsJSON() {
			t.Errorf("%s: table %t, %v", c, ok, err)
		}
	}
	f, err := open(t, strings.Repeat(`{"a":`, 60)+"1"+strings.Repeat("}", 60))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.FlattenJSON(); err == nil || !strings.Contains(err.Error(), "50 deep") {
		t.Errorf("deep JSON: %v", err)
	}
}

func TestShapesOfCSV(t *testing.T) {
	for name, content := range map[string]string{
		"carriage returns":                "a;b\r1;2\r3;4\r",
		"guarded cells":                   "a;b\n=\"1\";=\"2\"\n3;\"=\"\"4\"\"\"\n",
		"a line of separators":            "sep=;\na;b\n1;2\n3;4\n",
		"prose filled up":                 "Mijn export;\na;b\n1;2\n3;4\n",
		"names and values above, as wide": "Customer;1\nPeriod;2\n\na;b\n1;2\n3;4\n",
		"a wider table above":             "from;to;of\n5;6;7\na;b\n1;2\n3;4\n",
		"rows in quotes":                  "\"a,b\"\n\"1,2\"\r\n\"3,4\"\n",
		"rows and cells in quotes":        "\"a;\"\"b\"\"\"\n\"1;2\"\n\"3;\"\"4\"\"\"",
		"bars beside decimal commas":      "a|b\n1|2\n3|4\n",
	} {
		t.Run(name, func(t *testing.T) {
			f, err := open(t, content)
			if err != nil {
				t.Fatal(err)
			}
			if err := f.FindHeader(func() error {
				if !slices.Equal(f.Header(), []string{"a", "b"}) {
					return io.EOF
				}
				return nil
			}); err != nil {
				t.Fatal(err)
			}
			wantRows(t, f, "a|b", "1|2", "3|4")
		})
	}
}

func TestBarsSeparateWhereCommasAreInNumbers(t *testing.T) {
	for content, want := range map[string]rune{
		"time|kWh\n1|0,5\n2|0,25\n3|1,5\n":  '|',
		"time,area\n1,BZN|NO1\n2,BZN|NO1\n": ',',
	} {
		f, err := open(t, content)
		if err != nil || f.Comma != want {
			t.Errorf("%q is separated by %q, want %q (%v)", content, f.Comma, want, err)
		}
	}
}

// A row without letters is none of names: decimal commas between commas make it wider.
func TestValuesAreNoHeader(t *testing.T) {
	f, err := open(t, "time,kWh\n01-01-2024,0,5\n02-01-2024,0,7\n03-01-2024,0,9\n")
	if err != nil {
		t.Fatal(err)
	}
	if err := f.FindHeader(func() error { return nil }); err != nil || f.Top != 0 {
		t.Fatalf("the header is row %d (%v)", f.Top, err)
	}
	rows := f.Table()
	if err := rows.SkipHeader(); err != nil {
		t.Fatal(err)
	}
	if _, err := rows.Next(); err == nil || !strings.Contains(err.Error(), "decimal commas between commas") {
		t.Errorf("the first row: %v", err)
	}
}

func TestTheMinusMayStandBeforeTheEuro(t *testing.T) {
	for text, want := range map[string]string{"-€ 0,25": "-0,25", "- €0,25": "-0,25", "€ -0,25": "-0,25", "-0,25": "-0,25", "-": "-", "0,25 EUR": "0,25", "-€": "-€"} {
		if got := table.CutMoney(text); got != want {
			t.Errorf("%s is %s, want %s", text, got, want)
		}
	}
}

func TestNumbersInBracketsAreBelowZero(t *testing.T) {
	for text, want := range map[string]float64{"(12,5)": -12.5, "(1.234,5)": -1234.5, "(1)": -1, "12,5-": -12.5} {
		if v, err := table.Number(text, true); err != nil || v != want {
			t.Errorf("%s is %g, want %g (%v)", text, v, want, err)
		}
	}
	for _, text := range []string{"(-1)", "()", "(1", "1)", "(kWh)"} {
		if v, err := table.Number(text, true); err == nil {
			t.Errorf("%s is %g", text, v)
		}
	}
}
