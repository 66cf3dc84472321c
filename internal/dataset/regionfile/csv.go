package regionfile

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"unicode/utf8"
)

// readCSV reads a table of figures by region code. The separator is the one of
// comma, semicolon and tab that the header has most of; with semicolons a comma
// may be the decimal sign. Text that is not UTF-8 is read as Latin-1.
func readCSV(b *builder, in io.Reader) error {
	text, err := io.ReadAll(in)
	if err != nil {
		return fmt.Errorf("%s: %w", b.file, err)
	}
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	if !utf8.Valid(text) {
		b.note("the text is not UTF-8: read as Latin-1")
		runes := make([]rune, len(text))
		for i, c := range text {
			runes[i] = rune(c)
		}
		text = []byte(string(runes))
	}
	separator := separatorOf(text)
	r := csv.NewReader(bytes.NewReader(text))
	r.Comma = separator
	r.FieldsPerRecord = -1
	header, err := r.Read()
	if err != nil {
		return b.csvError(err)
	}
	b.begin("csv", 0)
	seen := map[string]bool{}
	for i, column := range header {
		header[i] = strings.TrimSpace(column)
		if header[i] == "" {
			continue
		}
		if seen[header[i]] {
			return &Error{File: b.file, Row: 1, Field: "header", Value: header[i], Want: "every column name once"}
		}
		seen[header[i]] = true
		b.known(header[i])
	}
	if !b.hasCode(header) {
		return &Error{
			File: b.file, Row: 1, Field: "header", Value: strings.Join(header, string(separator)),
			Want: "a column with region codes such as code, gwb_code, bu_code or buurtcode; name it when it is called otherwise",
		}
	}
	for {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return b.csvError(err)
		}
		line, _ := r.FieldPos(0)
		if len(record) != len(header) {
			return &Error{File: b.file, Row: line, Want: fmt.Sprintf("%d fields as in the header, got %d", len(header), len(record))}
		}
		values := make(map[string]any, len(header))
		for i, column := range header {
			if column != "" && record[i] != "" && b.known(column) {
				values[column] = decimalPoint(record[i], separator)
			}
		}
		if err := b.add(row{number: line, values: values}); err != nil {
			return err
		}
	}
	b.end()
	return nil
}

func (b *builder) csvError(err error) error {
	e := &Error{File: b.file, Want: "comma-separated text", Err: err}
	var parse *csv.ParseError
	if errors.As(err, &parse) {
		e.Row, e.Err = parse.Line, parse.Err
	}
	return e
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

var commaDecimal = regexp.MustCompile(`^\s*-?[0-9]+,[0-9]+\s*$`)

func decimalPoint(field string, separator rune) string {
	if separator != ',' && commaDecimal.MatchString(field) {
		return strings.Replace(field, ",", ".", 1)
	}
	return field
}
