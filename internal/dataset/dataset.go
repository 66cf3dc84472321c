// Package dataset reads the plain files that a study takes (docs/data.md): CSV
// with a header, comma and decimal point, UTF-8.
//
// Nothing is changed in silence. What a reader mends it counts in a [Report];
// what it cannot mend is a [RowError] or another error that says where, what
// was found, what was expected and what to do.
package dataset

import (
	"bufio"
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/getij/getij/internal/userfile"
)

// Report is what a reader found in a file.
type Report struct {
	Kind   string   `json:"kind"`             // prices, load, solar or sessions
	File   string   `json:"file"`             // as the user named it
	SHA256 string   `json:"sha256"`           // of the file's bytes
	Format string   `json:"format,omitempty"` // what a foreign file was recognised as
	Column string   `json:"column,omitempty"` // the value column that was read
	Unit   string   `json:"unit,omitempty"`   // of the values, as found and how it was told
	Rows   int      `json:"rows"`
	From   string   `json:"from"` // first instant, UTC
	To     string   `json:"to"`   // end of the last value, UTC
	Facts  []Fact   `json:"facts,omitempty"`
	Notes  []string `json:"notes,omitempty"` // what a user should know, with nothing changed
	Mends  []Mend   `json:"mends"`
}

// Fact is one thing worth knowing of what was read: a total, an extreme, a count.
type Fact struct {
	Name  string  `json:"name"`
	Value float64 `json:"value"`
	Unit  string  `json:"unit,omitempty"`
}

// Mend is one kind of repair and where it was needed.
type Mend struct {
	What  string   `json:"what"`
	Count int      `json:"count"`
	Where []string `json:"where"` // the first few
}

// mostPlaces is how many places a mend lists.
const mostPlaces = 10

// Largest is a bound on every value: no price, power or energy comes near, and
// sums and differences stay finite.
const Largest = 1e12

// Mend counts a repair.
func (r *Report) Mend(what, where string) {
	for i := range r.Mends {
		if m := &r.Mends[i]; m.What == what {
			m.Count++
			if len(m.Where) < mostPlaces {
				m.Where = append(m.Where, where)
			}
			return
		}
	}
	r.Mends = append(r.Mends, Mend{What: what, Count: 1, Where: []string{where}})
}

// RowError is a row of a file that cannot be used.
type RowError struct {
	File  string
	Row   int // 1 is the header
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

// csvFile streams the rows of a CSV file.
type csvFile struct {
	name   string
	header []string
	row    int // of the last row returned by next
	r      *csv.Reader
	rows   *userfile.RowReader
	file   *userfile.File
}

func openCSV(ctx context.Context, path string) (*csvFile, error) {
	f, err := userfile.Open(ctx, path, userfile.MostData)
	if err != nil {
		return nil, err
	}
	c, err := newCSV(f)
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return c, nil
}

func newCSV(f *userfile.File) (*csvFile, error) {
	name := f.Name
	c := &csvFile{name: name, row: 1, file: f}
	buf := bufio.NewReader(f)
	start, err := buf.Peek(4)
	if len(start) == 0 {
		if err != nil && err != io.EOF {
			return nil, err
		}
		return nil, fmt.Errorf("%s is empty: a CSV file with a header was expected", name)
	}
	if bytes.IndexByte(start, 0) >= 0 {
		return nil, fmt.Errorf("%s is not UTF-8 text (it looks like UTF-16 or a binary file): save it as CSV in UTF-8", name)
	}
	c.rows = userfile.NewRowReader(buf)
	c.r = csv.NewReader(c.rows)
	c.r.ReuseRecord = true
	c.r.TrimLeadingSpace = true
	header, err := c.r.Read()
	if err != nil {
		return nil, c.readError(err, 0)
	}
	for _, h := range header {
		c.header = append(c.header, strings.TrimSpace(h))
	}
	if len(header) == 1 && strings.ContainsAny(header[0], ";\t") {
		return nil, fmt.Errorf("%s has no comma in its header %q: columns separated by commas, with a decimal point, were expected", name, header[0])
	}
	return c, nil
}

// next returns the next row, valid until the call after.
func (c *csvFile) next() ([]string, error) {
	c.rows.Next()
	row, err := c.r.Read()
	if err == io.EOF {
		return nil, err
	}
	c.row++
	if err != nil {
		return nil, c.readError(err, len(row))
	}
	return row, nil
}

// readError puts into words why a row with so many columns cannot be read.
func (c *csvFile) readError(err error, columns int) error {
	var p *csv.ParseError
	if errors.As(err, &p) {
		if errors.Is(err, csv.ErrFieldCount) {
			if columns < len(c.header) {
				return fmt.Errorf("%s, line %d: the row has %d of the header's %d columns (is the file cut off?)", c.name, p.Line, columns, len(c.header))
			}
			return fmt.Errorf("%s, line %d: the row has %d columns, the header %d (are there decimal commas? a decimal point was expected)", c.name, p.Line, columns, len(c.header))
		}
		return fmt.Errorf("%s, line %d: %v", c.name, p.Line, p.Err)
	}
	if err == io.EOF {
		return fmt.Errorf("%s has no header", c.name)
	}
	if errors.As(err, new(*userfile.PartError)) {
		return fmt.Errorf("%s has %w after row %d: a row per line was expected (is a quote not closed?)", c.name, err, c.row-1)
	}
	return fmt.Errorf("%s: %w", c.name, err)
}

// column is the index of the first of the named columns that exists, or -1.
func (c *csvFile) column(names ...string) int {
	for _, n := range names {
		for i, h := range c.header {
			if strings.EqualFold(h, n) {
				return i
			}
		}
	}
	return -1
}
