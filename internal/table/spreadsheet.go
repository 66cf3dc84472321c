package table

import (
	"regexp"
	"strings"
)

// A spreadsheet takes a cell of a CSV file that begins with one of = + - @ for a
// formula, and some formulas start programs. So an apostrophe is put before such a
// character in texts: where the text begins with it, and where a spreadsheet with
// another separator or line end would begin a cell with it. Whatever the text is,
// reading takes away just what writing put there. Parquet, GeoPackage and XLSX have
// types and hold texts as they are.
const formula = `=+\-@＝＋－＠`

var (
	formulas = regexp.MustCompile(`(^|[;\t\r\n])([ "']*)([` + formula + `])`)
	guarded  = regexp.MustCompile(`(^|[;\t\r\n])([ "']*)'([` + formula + `])`)
)

// Guard makes a text safe for a CSV file that a spreadsheet may open.
func Guard(text string) string {
	if !strings.ContainsAny(text, "=+-@＝＋－＠") {
		return text
	}
	return formulas.ReplaceAllString(text, "${1}${2}'${3}")
}

// Unguard is the text of a cell that Guard wrote.
func Unguard(cell string) string {
	if !strings.Contains(cell, "'") {
		return cell
	}
	return guarded.ReplaceAllString(cell, "${1}${2}${3}")
}

// Sheet is a sheet of a workbook, for people who live in spreadsheets: a title, a
// remark, headings that stay in view, and rows.
type Sheet struct {
	Name, Title, Remark string // the name as sheetNames makes it
	Columns             []SheetColumn
	Rows                [][]any // string, int, float64 (NaN is an empty cell)
}

// SheetColumn is a column of a sheet.
type SheetColumn struct {
	Head  string
	Width float64 // characters
	Look  Look
}

// Look is how the cells of a column are shown.
type Look string

// The looks; all but the first two are Excel's number formats.
const (
	Plain   Look = ""
	Wrapped Look = "wrapped"
	Whole   Look = "#,##0"
	Tenths  Look = "#,##0.0"
	Percent Look = "0.0%"
)
