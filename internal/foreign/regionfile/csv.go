package regionfile

import (
	"fmt"
	"io"
	"strings"

	"github.com/getij/getij/internal/foreign/table"
	own "github.com/getij/getij/internal/table"
	"github.com/getij/getij/internal/userfile"
)

// readCSV reads a table of figures by region code. With semicolons a comma may be
// the decimal sign. Cells that are not UTF-8 are read as Windows Latin 1.
func readCSV(b *builder, f *table.File) error {
	if len(f.Records) == 0 {
		return &Error{File: b.file, Want: "columns separated by commas, semicolons or tabs: a code and figures"}
	}
	if err := f.FindHeader(func() error { return b.csvHeader(f) }); err != nil {
		return err
	}
	b.input.comma = f.MayComma()
	borders := bordersColumn(f)
	t := f.Table()
	if err := t.SkipHeader(); err != nil {
		return err
	}
	if err := b.csvRows(t, borders); err != nil {
		return err
	}
	b.end()
	return nil
}

func (b *builder) csvHeader(f *table.File) error {
	header := f.Header()
	b.begin("csv", 0)
	seen := map[string]bool{}
	for _, column := range header {
		if column == "" {
			continue
		}
		if seen[column] {
			return &Error{File: b.file, Row: f.Top + 1, Field: "header", Value: column, Want: "every column name once"}
		}
		seen[column] = true
		b.known(column)
	}
	if !b.hasCode(header) {
		return &Error{
			File: b.file, Row: f.Top + 1, Field: "header", Value: strings.Join(header, string(f.Comma)),
			Want: "a column with region codes such as code, gwb_code, bu_code or buurtcode; name it when it is called otherwise (getij import regions --code-column)",
		}
	}
	return nil
}

func (b *builder) csvRows(t *table.Table, borders int) error {
	header := t.Header()
	for {
		record, err := t.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		values := make(map[string]any, len(header))
		for i, column := range header {
			if i == borders || column == "" || record[i] == "" || !b.known(column) {
				continue
			}
			values[column] = own.Unguard(record[i])
		}
		r := row{number: t.Line, values: values}
		if borders >= 0 && record[borders] != "" {
			if err := b.border(&r, record[borders]); err != nil {
				return err
			}
			if b.bytes += len(record[borders]); b.bytes > userfile.MostData {
				return b.failWith(r, fmt.Errorf("the borders take over %d MB, the most that is read of a file: simplify them", userfile.MostData>>20))
			}
		}
		if err := b.add(r); err != nil {
			return err
		}
	}
	if t.Latin {
		b.note("the text is not UTF-8: read as Windows Latin 1")
	}
	return nil
}
