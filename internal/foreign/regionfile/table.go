package regionfile

import (
	"fmt"
	"math"
	"strings"

	"github.com/getij/getij/internal/region"
	"github.com/paulmach/orb"
)

// ColumnType is the type of a column that is written.
type ColumnType string

// The column types, by their GeoPackage names (OGC 12-128 table 1).
const (
	Text    ColumnType = "TEXT"
	Integer ColumnType = "INTEGER"
	Real    ColumnType = "REAL"
)

// Column is a column that is written.
type Column struct {
	Name string
	Type ColumnType
}

// Row is a region that is written: its border in RD New, or nil, and one value
// per column: nil (missing), string, int, int64 or float64 (NaN is missing).
type Row struct {
	Geometry orb.MultiPolygon
	Values   []any
}

// Table is what the writers take: any columns, borders in RD New.
type Table struct {
	Name        string
	Description string
	Columns     []Column
	Rows        []Row
	layer       *Layer      // instead of Rows: each is made when it is written
	extent      *[4]float64 // min x, min y, max x, max y; nil without borders; see check
}

// Table returns the layer in its written form: code, name, level, parent and
// vintage, then its attributes as real numbers. Read gives the same layer back
// from the file.
func (l *Layer) Table() Table {
	t := Table{Name: l.Name, layer: l, Columns: []Column{
		{"code", Text}, {"name", Text}, {"level", Text}, {"parent", Text}, {"vintage", Integer},
	}}
	for _, a := range l.Attributes {
		t.Columns = append(t.Columns, Column{a.Name, Real})
	}
	return t
}

// rows calls each with every row and its number, from 0 on.
func (t *Table) rows(each func(i int, r Row) error) error {
	n := len(t.Rows)
	if t.layer != nil {
		n = len(t.layer.Regions)
	}
	for i := range n {
		var r Row
		if t.layer == nil {
			r = t.Rows[i]
		} else {
			var err error
			if r, err = t.layer.row(i); err != nil {
				return fmt.Errorf("table %s, row %d: %w", t.Name, i+1, err)
			}
		}
		if err := each(i, r); err != nil {
			return err
		}
	}
	return nil
}

func (l *Layer) row(i int) (row Row, err error) {
	r := &l.Regions[i]
	if row.Geometry, err = l.border(i); err != nil {
		return row, err
	}
	row.Values = []any{r.Code, text(r.Name), string(r.Level), text(r.Parent), nil}
	if r.Vintage != 0 {
		row.Values[4] = r.Vintage
	}
	for _, a := range l.Attributes {
		row.Values = append(row.Values, a.Values[i])
	}
	return row, nil
}

func text(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// check refuses tables that cannot be written as stated, and finds their extent.
func (t *Table) check() error {
	t.extent = nil
	lower := strings.ToLower(t.Name)
	for _, reserved := range []string{"gpkg_", "sqlite_", "rtree_"} {
		if lower == "" || strings.HasPrefix(lower, reserved) {
			return fmt.Errorf("table name %q: expected a name that does not begin with gpkg_, sqlite_ or rtree_", t.Name)
		}
	}
	seen := map[string]bool{"fid": true, "geom": true, "": true}
	for _, c := range t.Columns {
		key := strings.ToLower(c.Name)
		if seen[key] {
			return fmt.Errorf("table %s, column %q: expected a name that is not empty, fid or geom, and occurs once", t.Name, c.Name)
		}
		seen[key] = true
		if c.Type != Text && c.Type != Integer && c.Type != Real {
			return fmt.Errorf("table %s, column %s: type %q: expected TEXT, INTEGER or REAL", t.Name, c.Name, c.Type)
		}
	}
	return t.rows(func(i int, r Row) error {
		if len(r.Values) != len(t.Columns) {
			return fmt.Errorf("table %s, row %d: expected %d values, got %d", t.Name, i+1, len(t.Columns), len(r.Values))
		}
		for k, v := range r.Values {
			if _, err := t.Columns[k].cell(v); err != nil {
				return fmt.Errorf("table %s, row %d: %w", t.Name, i+1, err)
			}
		}
		if r.Geometry == nil {
			return nil
		}
		if err := region.Check(fmt.Sprintf("of table %s, row %d,", t.Name, i+1), r.Geometry, region.RDNew); err != nil {
			return err
		}
		b := r.Geometry.Bound()
		if e := t.extent; e == nil {
			t.extent = &[4]float64{b.Min[0], b.Min[1], b.Max[0], b.Max[1]}
		} else {
			*e = [4]float64{min(e[0], b.Min[0]), min(e[1], b.Min[1]), max(e[2], b.Max[0]), max(e[3], b.Max[1])}
		}
		return nil
	})
}

// cell gives a value in its column's type: nil, string, int64 or float64.
func (c Column) cell(value any) (any, error) {
	switch v := value.(type) {
	case nil:
		return nil, nil
	case string:
		if c.Type == Text {
			return v, nil
		}
	case int:
		return c.cell(int64(v))
	case int64:
		switch c.Type {
		case Integer:
			return v, nil
		case Real:
			return float64(v), nil
		}
	case float64:
		if math.IsNaN(v) {
			return nil, nil
		}
		if c.Type == Real && !math.IsInf(v, 0) {
			return v, nil
		}
	}
	return nil, fmt.Errorf("column %s: value %v (%T): expected a value of type %s", c.Name, value, value, c.Type)
}
