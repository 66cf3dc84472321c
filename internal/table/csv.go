package table

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"iter"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// TimeFormat is how instants are written, in UTC.
const TimeFormat = "2006-01-02T15:04:05Z"

// WriteCSV writes a table as text: a header, comma and decimal point, UTF-8.
func (t *Table) WriteCSV(w io.Writer, batches iter.Seq2[Rows, error]) error {
	var line []byte
	for k, c := range t.Columns {
		if k > 0 {
			line = append(line, ',')
		}
		line = appendText(line, c.Name)
	}
	if _, err := w.Write(append(line, '\n')); err != nil {
		return err
	}
	for rows, err := range batches {
		if err != nil {
			return err
		}
		n, err := t.check(rows)
		if err != nil {
			return err
		}
		for i := range n {
			line = line[:0]
			for k := range t.Columns {
				if k > 0 {
					line = append(line, ',')
				}
				line = t.Columns[k].appendCell(line, &rows[k], i)
			}
			if _, err := w.Write(append(line, '\n')); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c *Column) appendCell(line []byte, v *Values, i int) []byte {
	switch c.Type {
	case Text:
		return appendText(line, v.Text[i])
	case Integer:
		return strconv.AppendInt(line, int64(v.Integer[i]), 10)
	case Time:
		if c.Optional && v.Time[i].IsZero() {
			return line
		}
		return v.Time[i].UTC().AppendFormat(line, TimeFormat)
	}
	if math.IsNaN(v.Real[i]) {
		return line
	}
	return strconv.AppendFloat(line, Round(v.Real[i], c.Decimals), 'f', -1, 64)
}

// appendText quotes a text where it must be. All text of all tables passes here.
func appendText(line []byte, s string) []byte {
	s = Guard(s)
	if !strings.ContainsAny(s, ",\"\r\n") {
		return append(line, s...)
	}
	line = append(line, '"')
	line = append(line, strings.ReplaceAll(s, `"`, `""`)...)
	return append(line, '"')
}

// ReadCSV reads what WriteCSV wrote. Columns that the table does not name are left
// aside.
func (t *Table) ReadCSV(path string) (Rows, error) {
	file, err := open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	in := csv.NewReader(file)
	in.ReuseRecord = true
	header, err := in.Read()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	for k := range header {
		header[k] = Unguard(header[k])
	}
	at := make([]int, len(t.Columns))
	for k, c := range t.Columns {
		if at[k] = slices.Index(header, c.Name); at[k] < 0 && (c.Type != Real || !c.Optional) {
			return nil, fmt.Errorf("%s has no column %s: is it of an older getij?", path, c.Name)
		}
	}
	rows := t.NewRows(0)
	for {
		record, err := in.Read()
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		for k, c := range t.Columns {
			if at[k] < 0 {
				rows[k].Real = append(rows[k].Real, math.NaN())
				continue
			}
			if err := c.parse(record[at[k]], &rows[k]); err != nil {
				line, _ := in.FieldPos(at[k])
				return nil, fmt.Errorf("%s, line %d, %s is %q: %s was expected", path, line, c.Name, record[at[k]], c.Type)
			}
		}
	}
}

// String says in words what values of a type are.
func (t Type) String() string {
	return [...]string{Real: "a number", Text: "a text", Integer: "a whole number", Time: "an instant such as 2024-01-31T23:15:00Z"}[t]
}

func (c *Column) parse(cell string, v *Values) (err error) {
	switch c.Type {
	case Real:
		x := math.NaN()
		if cell != "" {
			x, err = strconv.ParseFloat(cell, 64)
		}
		v.Real = append(v.Real, x)
	case Text:
		v.Text = append(v.Text, strings.Clone(Unguard(cell)))
	case Integer:
		var x int
		x, err = strconv.Atoi(cell)
		v.Integer = append(v.Integer, x)
	case Time:
		var x time.Time
		if !c.Optional || cell != "" {
			x, err = time.Parse(TimeFormat, cell)
		}
		v.Time = append(v.Time, x)
	}
	return err
}
