package table

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"

	"github.com/getij/getij/internal/userfile"
)

// Table is a file read row by row.
type Table struct {
	*File
	CSV     *csv.Reader
	Columns int  // of every row; 0 until set
	Line    int  // of the row last read
	Short   bool // rows may have fewer columns than the header; see Shortage
	Latin   bool // some cell was not UTF-8, and read as Windows Latin 1
	rows    *userfile.RowReader
	short   error
	placeOf func(line int) int // that of the file when reading began
}

// Shortage is the error about the row last read, when it has fewer columns than the
// header.
func (t *Table) Shortage() error { return t.short }

// Table streams the rows of a file that is a table.
func (s *File) Table() *Table {
	s.isTable = true
	rows := userfile.NewRowReader(s.R)
	t := &Table{File: s, CSV: csv.NewReader(rows), rows: rows, placeOf: s.placeOf}
	if t.CSV.Comma = s.Comma; s.Comma == 0 {
		t.CSV.Comma = ','
	}
	t.CSV.FieldsPerRecord, t.CSV.ReuseRecord, t.CSV.TrimLeadingSpace = -1, true, s.Comma == ','
	t.CSV.LazyQuotes = s.guarded
	return t
}

// SkipHeader reads up to and including the header, and fixes the number of columns.
func (t *Table) SkipHeader() error {
	t.CSV.LazyQuotes = t.Top > 0 || t.guarded // what stands before a header is prose
	columns := len(t.names)
	for range t.Top + 1 {
		rec, err := t.Next()
		if err != nil {
			return fmt.Errorf("%s has no header: %w", t.Name, err)
		}
		columns = len(rec)
	}
	t.CSV.LazyQuotes, t.Columns = t.guarded, columns
	return nil
}

// Next is the next row, its cells trimmed and in UTF-8, valid until the call after; io.EOF after the last.
func (t *Table) Next() ([]string, error) {
	t.rows.Next()
	rec, err := t.CSV.Read()
	if err == io.EOF {
		return nil, err
	}
	if err != nil {
		var p *csv.ParseError
		if errors.As(err, &p) {
			return nil, fmt.Errorf("%s, row %d: %v (is the file cut off?)", t.Name, p.Line, p.Err)
		}
		if errors.As(err, new(*userfile.PartError)) {
			return nil, fmt.Errorf("%s has %w after row %d: a table with a row per line was expected (is a quote not closed?)", t.Name, err, t.Line)
		}
		if e := (expandError{}); errors.As(err, &e) {
			return nil, e.error
		}
		return nil, fmt.Errorf("%s: %w", t.Name, err)
	}
	if t.Line, _ = t.CSV.FieldPos(0); t.placeOf != nil {
		t.Line = t.placeOf(t.Line)
	}
	t.Latin = clean(rec) || t.Latin
	if t.Columns > 0 {
		// Some programs end rows, but not the header, with a separator.
		for len(rec) > t.Columns && rec[len(rec)-1] == "" {
			rec = rec[:len(rec)-1]
		}
	}
	t.short = nil
	if t.Columns > 0 && len(rec) != t.Columns {
		if len(rec) < t.Columns {
			t.short = fmt.Errorf("%s, row %d has %d of the header's %d columns (is the file cut off?): complete or remove the row", t.Name, t.Line, len(rec), t.Columns)
			if t.Short {
				return rec, nil
			}
			return nil, t.short
		}
		if t.Comma == ',' {
			return nil, fmt.Errorf("%s, row %d has %d columns, the header %d (are there decimal commas between commas?): write decimal points", t.Name, t.Line, len(rec), t.Columns)
		}
		return nil, fmt.Errorf("%s, row %d has %d columns, the header %d (is it another table, or %q within a text?): split the file there, or put quotes around the text", t.Name, t.Line, len(rec), t.Columns, string(t.Comma))
	}
	return rec, nil
}

// RowError is a row of a file that cannot be used.
type RowError struct {
	File  string
	Row   int // its line; 1 is the header, where nothing stands above it
	Field string
	Value string
	Want  string
}

func (e *RowError) Error() string {
	value := e.Value
	if len(value) > 60 {
		value = value[:60] + "..."
	}
	return fmt.Sprintf("%s, row %d, %s is %q: %s", e.File, e.Row, e.Field, value, e.Want)
}

// RowError is about a cell of the row last read.
func (t *Table) RowError(field, value, want string) error {
	return &RowError{File: t.Name, Row: t.Line, Field: Redact(field), Value: Redact(value), Want: want}
}
