// Package dataset reads the plain files that a study takes (docs/data.md): CSV
// with a header, comma and decimal point, UTF-8.
//
// Nothing is changed in silence. What a reader mends it counts in a [Report];
// what it cannot mend is a [table.RowError] or another error that says where, what
// was found, what was expected and what to do.
package dataset

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/getij/getij/internal/foreign/table"
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

// plainFile is a file of docs/data.md: a table with commas and nothing above its header.
type plainFile struct {
	*table.Table
	header []string
	rows   int // below the header, so far
}

// read opens a file for one of the readers, and reports its name and hash.
func read[T any](ctx context.Context, path, kind, first string, of func(*plainFile) (T, *Report, error)) (content T, rep *Report, err error) {
	f, err := table.Open(ctx, path, userfile.MostData)
	if err != nil {
		return content, nil, err
	}
	defer f.Close()
	p, err := openPlain(f)
	if err != nil {
		return content, nil, toImport(err, path, kind)
	}
	content, rep, err = of(p)
	if err != nil && p.column(first) < 0 {
		return content, nil, toImport(err, path, kind)
	}
	if err != nil {
		return content, nil, err
	}
	if p.Latin {
		rep.Mend("text that is not UTF-8, read as Windows Latin 1", p.Name)
	}
	rep.File = path
	rep.SHA256, err = f.Digest()
	return content, rep, err
}

// toImport says how a file that is no plain one becomes one. Kinds that are not imported
// are none.
func toImport(err error, path, kind string) error {
	if kind == "" {
		return err
	}
	return fmt.Errorf("%w. Is the file as another program wrote it? Then make a plain one of it: getij import %s %s --out %s.csv", err, kind, filepath.Base(path), kind)
}

func openPlain(f *table.File) (*plainFile, error) {
	f.Comma = ','
	p := &plainFile{Table: f.Table()}
	header, err := p.Table.Next()
	if err != nil {
		return nil, fmt.Errorf("%s has no header: %w", p.Name, err)
	}
	if len(header) == 1 && strings.ContainsAny(header[0], ";\t") {
		return nil, fmt.Errorf("%s has no comma in its header %q: columns separated by commas, with a decimal point, were expected", p.Name, header[0])
	}
	p.header, p.Columns = slices.Clone(header), len(header)
	return p, nil
}

// Next is the next row, valid until the call after.
func (p *plainFile) Next() ([]string, error) {
	row, err := p.Table.Next()
	if err == nil {
		p.rows++
	}
	return row, err
}

// column is the index of a column, or -1.
func (p *plainFile) column(name string) int {
	return slices.IndexFunc(p.header, func(h string) bool { return strings.EqualFold(h, name) })
}

// columns are the indices of columns that must be there.
func (p *plainFile) columns(names []string) ([]int, error) {
	at := make([]int, len(names))
	for i, name := range names {
		if at[i] = p.column(name); at[i] < 0 {
			return nil, fmt.Errorf("%s has no column %s (its columns are %s): the columns %s were expected",
				p.Name, name, table.List(p.header), strings.Join(names, ", "))
		}
	}
	return at, nil
}
