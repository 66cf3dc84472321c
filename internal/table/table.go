// Package table holds tables that are declared once, as data, and one codec for each
// format that writes and reads them by that declaration: CSV, Parquet, and XLSX for
// people. Nothing here knows what a table is about.
//
// Numbers are written to the decimals of their column; NaN is a value that is not
// known, an empty cell in text. Instants are UTC.
package table

import (
	"fmt"
	"iter"
	"math"
	"os"
	"time"

	"github.com/getij/getij/internal/userfile"
)

// Type is the type of a column's values.
type Type int

// The types.
const (
	Real Type = iota // NaN is a value that is not known, an empty cell in text
	Text
	Integer
	Time // an instant, UTC
)

// Storage says how a column of numbers is best kept in Parquet.
type Storage int

// The ways.
const (
	Double   Storage = iota // adds up over regions: double precision, rounded as in text
	Exact                   // double precision as computed, for whoever computes on
	Single                  // does not add up: single precision is ample
	Repeated                // few different values, or the same in every year
	// WKB is a text that is a geometry, well-known binary in degrees of longitude and
	// latitude: a Parquet file with such a column is a GeoParquet file.
	WKB
)

// Column is a column of a table. Its unit is empty for counts, texts and names.
type Column struct {
	Name     string
	Unit     string
	Type     Type
	Decimals int // of a Real, as it is written
	// Optional is a Time that may be unknown: the zero time, an empty cell in text; or a
	// Real that CSV files of before may not have: NaN.
	Optional bool
	Storage  Storage
	EN, NL   string // what it means
}

// Table is a table: a file of this name in each of its formats.
type Table struct {
	Name    string
	EN, NL  string
	Formats []string // csv, parquet
	Columns []Column
}

// Values are those of a column: the slice of its type.
type Values struct {
	Real    []float64
	Text    []string
	Integer []int
	Time    []time.Time
}

func (v *Values) len() int { return len(v.Real) + len(v.Text) + len(v.Integer) + len(v.Time) }

// Rows are some rows of a table, a column each in the table's order.
type Rows []Values

// NewRows makes room for as many rows as are expected.
func (t *Table) NewRows(n int) Rows {
	out := make(Rows, len(t.Columns))
	for k, c := range t.Columns {
		switch c.Type {
		case Real:
			out[k].Real = make([]float64, 0, n)
		case Text:
			out[k].Text = make([]string, 0, n)
		case Integer:
			out[k].Integer = make([]int, 0, n)
		case Time:
			out[k].Time = make([]time.Time, 0, n)
		}
	}
	return out
}

// Add appends a row: float64, string, int and time.Time by the columns' types.
func (r Rows) Add(values ...any) {
	for k, v := range values {
		switch v := v.(type) {
		case float64:
			r[k].Real = append(r[k].Real, v)
		case string:
			r[k].Text = append(r[k].Text, v)
		case int:
			r[k].Integer = append(r[k].Integer, v)
		case time.Time:
			r[k].Time = append(r[k].Time, v)
		}
	}
}

// check finds rows that are not of the table.
func (t *Table) check(r Rows) (n int, err error) {
	if len(r) != len(t.Columns) {
		return 0, fmt.Errorf("table %s: %d columns of values for %d columns", t.Name, len(r), len(t.Columns))
	}
	n = r[0].len()
	for k, c := range t.Columns {
		of := map[Type]int{Real: len(r[k].Real), Text: len(r[k].Text), Integer: len(r[k].Integer), Time: len(r[k].Time)}
		if of[c.Type] != n || r[k].len() != n {
			return 0, fmt.Errorf("table %s: column %s has %d values of its type, the table %d rows", t.Name, c.Name, of[c.Type], n)
		}
	}
	return n, nil
}

// open opens a file of a table: a pipe or a device could be read for ever.
func open(path string) (*os.File, error) {
	if err := userfile.Check(path, userfile.MostStreamed); err != nil {
		return nil, err
	}
	return os.Open(path)
}

// Once is a whole table as the writers take it.
func Once(r Rows) iter.Seq2[Rows, error] {
	return func(yield func(Rows, error) bool) { yield(r, nil) }
}

// Round rounds to decimals.
func Round(v float64, decimals int) float64 {
	scale := math.Pow10(decimals)
	if v = math.Round(v*scale) / scale; v == 0 {
		return 0 // not -0
	}
	return v
}

// Cell is a value as the other formats take it: float64, string, int or time.Time.
func (c *Column) Cell(v *Values, i int) any {
	switch c.Type {
	case Text:
		return v.Text[i]
	case Integer:
		return v.Integer[i]
	case Time:
		return v.Time[i]
	}
	if c.Storage == Exact {
		return v.Real[i]
	}
	return Round(v.Real[i], c.Decimals)
}
