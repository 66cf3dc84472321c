//go:build !js

package table

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"
)

const (
	// mostWorkbook bounds a workbook as packed, which is held in memory: a year of
	// quarter-hours of a home has half a MB.
	mostWorkbook = 32 << 20
	mostUnpacked = 1 << 30
	// sheetWidth is how many first rows tell how wide a sheet is: Excel does not write
	// the empty cells at the ends of rows.
	sheetWidth = 200
)

// workbook is an Excel workbook (.xlsx), of which one sheet is read as a table.
type workbook struct {
	*excelize.File
	from1904 bool
}

// isWorkbook tells a workbook from other archives by its parts.
func isWorkbook(parts *zip.Reader) bool {
	for _, f := range parts.File {
		if f.Name == "xl/workbook.xml" {
			return true
		}
	}
	return false
}

// openWorkbook turns the file into a table of one of its sheets: that named, or the
// first that is not hidden and has two rows.
func (s *File) openWorkbook(sheet string) (err error) {
	packed, err := io.ReadAll(io.LimitReader(s.R, mostWorkbook+1))
	if err != nil {
		return err
	}
	if len(packed) > mostWorkbook {
		return fmt.Errorf("%s is an Excel workbook of over %d MB, the most that is read of one: save the sheet as CSV in UTF-8", s.Name, mostWorkbook>>20)
	}
	broken := fmt.Errorf("%s is a ZIP archive or an Excel workbook that cannot be read: unpack it, or save the sheet as CSV in UTF-8", s.Name)
	parts, err := zip.NewReader(bytes.NewReader(packed), int64(len(packed)))
	if err != nil {
		return broken
	}
	if !isWorkbook(parts) {
		return notAWorkbook(s.Name, parts)
	}
	defer recovered(&err, broken)
	f, err := excelize.OpenReader(bytes.NewReader(packed), excelize.Options{UnzipSizeLimit: mostUnpacked, UnzipXMLSizeLimit: 64 << 20})
	if err != nil {
		return fmt.Errorf("%w (%v)", broken, err)
	}
	s.book = &workbook{File: f}
	if props, err := f.GetWorkbookProps(); err == nil && props.Date1904 != nil {
		s.book.from1904 = *props.Date1904
	}
	for _, name := range f.GetSheetList() {
		if visible, err := f.GetSheetVisible(name); err == nil && visible {
			s.Sheets = append(s.Sheets, name)
		}
	}
	for _, name := range s.Sheets {
		if sheet != "" && !strings.EqualFold(name, sheet) {
			continue
		}
		r, rows, err := s.book.sheet(name)
		if err != nil {
			return fmt.Errorf("%s, sheet %s: %w", s.Name, name, err)
		}
		if rows < 2 && sheet == "" {
			continue
		}
		s.Sheet = name
		s.last.r = r
		s.R.Reset(&s.last)
		return nil
	}
	if sheet != "" {
		return fmt.Errorf("%s has no sheet %q: its sheets are %s", s.Name, sheet, strings.Join(s.Sheets, ", "))
	}
	return fmt.Errorf("%s is an Excel workbook without a sheet that has rows: a header and rows of values were expected", s.Name)
}

// notAWorkbook says what another archive is.
func notAWorkbook(name string, parts *zip.Reader) error {
	var inside []string
	for _, f := range parts.File {
		if f.Name == "content.xml" {
			return fmt.Errorf("%s is a spreadsheet of LibreOffice: save it as .xlsx, or the sheet as CSV in UTF-8", name)
		}
		if len(inside) < 5 {
			inside = append(inside, f.Name)
		}
	}
	return fmt.Errorf("%s is a ZIP archive (of %s): unpack it, and import the files in it", name, Redact(strings.Join(inside, ", ")))
}

// recovered makes an error of a panic: the library for workbooks has some for files
// that are broken on purpose.
func recovered(err *error, broken error) {
	if p := recover(); p != nil {
		*err = broken
	}
}

// sheet reads a sheet as text, a line per row with tabs between its cells, and says
// how many rows are among the first.
func (b *workbook) sheet(name string) (*sheetReader, int, error) {
	raw, err := b.Rows(name)
	if err != nil {
		return nil, 0, err
	}
	shown, err := b.Rows(name)
	if err != nil {
		return nil, 0, errors.Join(err, raw.Close())
	}
	r := &sheetReader{raw: raw, shown: shown, from1904: b.from1904}
	r.csv = csv.NewWriter(&r.text)
	r.csv.Comma = '\t'
	n := 0
	for len(r.ahead) < sheetWidth {
		row, err := r.next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, 0, err
		}
		r.ahead = append(r.ahead, row)
		r.wide = max(r.wide, len(row))
		if len(row) > 0 {
			n++
		}
	}
	return r, n, nil
}

// sheetReader writes the rows of a sheet as they are asked for.
type sheetReader struct {
	raw, shown *excelize.Rows // the values, and as the sheet shows them
	from1904   bool
	ahead      [][]string
	wide       int
	text       bytes.Buffer
	csv        *csv.Writer
}

func (r *sheetReader) Read(p []byte) (int, error) {
	for r.text.Len() == 0 {
		var row []string
		var err error
		if len(r.ahead) > 0 {
			row, r.ahead = r.ahead[0], r.ahead[1:]
		} else if row, err = r.next(); err != nil {
			return 0, err
		}
		if len(row) == 0 {
			r.text.WriteByte('\n')
			continue
		}
		for len(row) < r.wide {
			row = append(row, "")
		}
		if err := r.csv.Write(row); err != nil {
			return 0, err
		}
		r.csv.Flush()
	}
	return r.text.Read(p)
}

// next is the next row. Dates are numbers that the sheet shows as dates: the days
// since 1900.
func (r *sheetReader) next() (row []string, err error) {
	defer recovered(&err, errors.New("the sheet is broken: save it as CSV in UTF-8"))
	if !r.raw.Next() || !r.shown.Next() {
		if err := errors.Join(r.raw.Error(), r.shown.Error()); err != nil {
			return nil, err
		}
		return nil, io.EOF
	}
	row, err = r.raw.Columns(excelize.Options{RawCellValue: true})
	if err != nil {
		return nil, err
	}
	shown, err := r.shown.Columns()
	if err != nil {
		return nil, err
	}
	for i, v := range row {
		if i < len(shown) && shown[i] != v {
			v = r.date(v, shown[i])
		}
		row[i] = lineEnds.Replace(v)
	}
	for len(row) > 0 && row[len(row)-1] == "" {
		row = row[:len(row)-1]
	}
	return row, nil
}

var showsADay = regexp.MustCompile(`[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}|[0-9]{1,4}[-/. ]+\pL+[-/. ]*[0-9]{2,4}`)

// date writes a number that is shown as a date or a time of day as such; others it
// leaves.
func (r *sheetReader) date(value, shown string) string {
	days, err := strconv.ParseFloat(value, 64)
	clock := strings.Contains(shown, ":")
	if err != nil || days < 0 || days > 80_000 || !clock && !showsADay.MatchString(shown) {
		return value
	}
	seconds := time.Duration(math.Round(days*86400)) * time.Second
	if days < 1 && clock {
		return time.Time{}.Add(seconds).Format(time.TimeOnly)
	}
	first := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC) // Excel counts 29 February 1900
	if r.from1904 {
		first = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	if !clock {
		return first.Add(seconds).Format(time.DateOnly)
	}
	return first.Add(seconds).Format(time.DateTime)
}
