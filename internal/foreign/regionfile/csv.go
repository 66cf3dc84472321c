package regionfile

import (
	"bytes"
	"context"
	"io"
	"regexp"
	"strings"

	"github.com/getij/getij/internal/foreign/table"
	own "github.com/getij/getij/internal/table"
	"github.com/getij/getij/internal/userfile"
)

// csvOptions: the separator is the one of comma, semicolon and tab that the header
// has most of.
var csvOptions = table.Options{MostBytes: userfile.MostData, Comma: separatorOf}

// readCSVFile reads a file and gives its sha256.
func readCSVFile(ctx context.Context, b *builder, path string) (sum string, err error) {
	f, err := table.Open(ctx, path, csvOptions)
	if err != nil {
		return "", err
	}
	defer f.Close()
	if err := readCSV(b, f); err != nil {
		return "", err
	}
	return f.Digest()
}

// readCSV reads a table of figures by region code. With semicolons a comma may be
// the decimal sign. Cells that are not UTF-8 are read as Windows Latin 1.
func readCSV(b *builder, f *table.File) error {
	t := f.Table()
	header, err := t.Header(0)
	if err != nil {
		return err
	}
	if err := b.csvHeader(header, t.Comma); err != nil {
		return err
	}
	if err := b.csvRows(t, header); err != nil {
		return err
	}
	b.end()
	return nil
}

func (b *builder) csvHeader(header []string, separator rune) error {
	b.begin("csv", 0)
	seen := map[string]bool{}
	for _, column := range header {
		if column == "" {
			continue
		}
		if seen[column] {
			return &Error{File: b.file, Row: 1, Field: "header", Value: column, Want: "every column name once"}
		}
		seen[column] = true
		b.known(column)
	}
	if !b.hasCode(header) {
		return &Error{
			File: b.file, Row: 1, Field: "header", Value: strings.Join(header, string(separator)),
			Want: "a column with region codes such as code, gwb_code, bu_code or buurtcode; name it when it is called otherwise",
		}
	}
	return nil
}

func (b *builder) csvRows(t *table.Table, header []string) error {
	latin := false
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
			if column == "" || record[i] == "" || !b.known(column) {
				continue
			}
			text := table.AsUTF8(record[i])
			latin = latin || text != record[i]
			values[column] = own.Unguard(decimalPoint(text, t.Comma))
		}
		if err := b.add(row{number: t.Line, values: values}); err != nil {
			return err
		}
	}
	if latin {
		b.note("the text is not UTF-8: read as Windows Latin 1")
	}
	return nil
}

var commaDecimal = regexp.MustCompile(`^\s*-?[0-9]+,[0-9]+\s*$`)

func decimalPoint(field string, separator rune) string {
	if separator != ',' && commaDecimal.MatchString(field) {
		return strings.Replace(field, ",", ".", 1)
	}
	return field
}

func separatorOf(text []byte) rune {
	header, _, _ := bytes.Cut(text, []byte("\n"))
	best, most := ',', 0
	for _, s := range []rune{',', ';', '\t'} {
		if n := bytes.Count(header, []byte(string(s))); n > most {
			best, most = s, n
		}
	}
	return best
}
