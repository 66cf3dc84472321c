package table

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"fmt"
	"strings"
)

// Replace makes a table of a file whose rows were read and put into others, the
// header first. places are where these stand in the file, for messages.
func (s *File) Replace(rows [][]string, places []int) error {
	var text bytes.Buffer
	w := csv.NewWriter(&text)
	w.Comma = '\t'
	for _, row := range rows {
		if err := w.Write(oneLine(row)); err != nil {
			return fmt.Errorf("%s: %w", s.Name, err)
		}
	}
	w.Flush()
	s.last.r = &text
	s.R.Reset(&s.last)
	s.replaced, s.placeOf = true, func(line int) int {
		if line <= len(places) {
			return places[line-1]
		}
		return line
	}
	return s.look()
}

func oneLine(row []string) []string {
	for i, cell := range row {
		if strings.ContainsAny(cell, "\r\n") {
			row[i] = lineEnds.Replace(cell)
		}
	}
	return row
}

// Expand makes a table of a file of which every row becomes several, as they are asked
// for. next gives those of the next row that has any, and its place in the file; io.EOF
// ends them.
func (s *File) Expand(header []string, place int, next func() (rows [][]string, place int, err error)) error {
	x := &expander{next: next}
	x.csv = csv.NewWriter(&x.text)
	x.csv.Comma = '\t'
	if err := x.write([][]string{header}, place); err != nil {
		return fmt.Errorf("%s: %w", s.Name, err)
	}
	s.R = bufio.NewReaderSize(x, headBytes)
	s.replaced, s.placeOf = true, x.placeOf
	return s.look()
}

// expander writes the rows that others become.
type expander struct {
	next  func() ([][]string, int, error)
	text  bytes.Buffer
	csv   *csv.Writer
	lines int
	ahead []placed // of lines that were written, and perhaps not read
}

// placed are lines from one on that are of one row of the file.
type placed struct{ line, place int }

// expandError is an error about a row of the file, which it names.
type expandError struct{ error }

func (x *expander) write(rows [][]string, place int) error {
	x.ahead = append(x.ahead, placed{x.lines + 1, place})
	x.lines += len(rows)
	for _, row := range rows {
		if err := x.csv.Write(oneLine(row)); err != nil {
			return err
		}
	}
	x.csv.Flush()
	return x.csv.Error()
}

func (x *expander) Read(p []byte) (int, error) {
	for x.text.Len() == 0 {
		rows, place, err := x.next()
		if err != nil {
			return 0, err
		}
		if err := x.write(rows, place); err != nil {
			return 0, err
		}
	}
	return x.text.Read(p)
}

// placeOf is the place of a line, which is not before the last asked for.
func (x *expander) placeOf(line int) int {
	for len(x.ahead) > 1 && x.ahead[1].line <= line {
		x.ahead = x.ahead[1:]
	}
	return x.ahead[0].place
}
