//go:build !js

package table

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/parquet-go/parquet-go"
)

// schema is the table's in Parquet. A struct type keeps the order of the columns,
// which a group would sort.
func (t *Table) schema() *parquet.Schema {
	var fields []reflect.StructField
	for k, c := range t.Columns {
		kind, how := reflect.TypeFor[float64](), ""
		switch {
		case c.Storage == WKB:
			kind, how = reflect.TypeFor[[]byte](), ",dict"
		case c.Type == Text:
			kind, how = reflect.TypeFor[string](), ",dict"
		case c.Type == Integer:
			kind = reflect.TypeFor[int32]()
		case c.Type == Time:
			kind, how = reflect.TypeFor[time.Time](), ",timestamp(millisecond)"
		case c.Storage == Single:
			kind, how = reflect.TypeFor[float32](), ",split" // bytes of like weight together
		case c.Storage == Repeated:
			how = ",dict"
		}
		fields = append(fields, reflect.StructField{
			Name: "C" + strconv.Itoa(k), Type: kind, Tag: reflect.StructTag(`parquet:"` + c.Name + how + `"`),
		})
	}
	return parquet.SchemaOf(reflect.New(reflect.StructOf(fields)).Interface())
}

// WriteParquet writes a table, a row group for each batch.
func (t *Table) WriteParquet(w io.Writer, batches iter.Seq2[Rows, error]) error {
	schema := t.schema()
	options := []parquet.WriterOption{schema, parquet.Compression(&parquet.Zstd)}
	for _, c := range t.Columns {
		if c.Storage == WKB {
			options = append(options, parquet.KeyValueMetadata("geo", geo(c.Name)))
		}
	}
	out := parquet.NewGenericWriter[any](w, options...)
	buffer := parquet.NewBuffer(schema)
	var scratch parquetScratch
	for rows, err := range batches {
		if err != nil {
			return err
		}
		if _, err := t.check(rows); err != nil {
			return err
		}
		for k, column := range buffer.ColumnBuffers() {
			if err := scratch.write(column, &t.Columns[k], &rows[k]); err != nil {
				return err
			}
		}
		if _, err := out.WriteRowGroup(buffer); err != nil {
			return err
		}
		buffer.Reset()
	}
	return out.Close()
}

// geo is what a GeoParquet file says of its geometry: without a coordinate system it is
// OGC:CRS84, longitude and latitude.
func geo(column string) string {
	return fmt.Sprintf(`{"version":"1.1.0","primary_column":%[1]q,"columns":{%[1]q:{"encoding":"WKB","geometry_types":["MultiPolygon"]}}}`, column)
}

// parquetScratch is memory that columns share.
type parquetScratch struct {
	doubles []float64
	singles []float32
	boxed   []parquet.Value
}

func (s *parquetScratch) write(to parquet.ColumnBuffer, c *Column, v *Values) (err error) {
	s.doubles, s.singles, s.boxed = s.doubles[:0], s.singles[:0], s.boxed[:0]
	for _, x := range v.Real {
		if c.Storage != Exact {
			x = Round(x, c.Decimals)
		}
		switch c.Storage {
		case Double, Exact:
			s.doubles = append(s.doubles, x)
		case Single:
			s.singles = append(s.singles, float32(x))
		case Repeated:
			s.boxed = append(s.boxed, parquet.DoubleValue(x))
		}
	}
	for i, x := range v.Text {
		if i > 0 && x == v.Text[i-1] { // names stay the same for many rows
			s.boxed = append(s.boxed, s.boxed[i-1])
			continue
		}
		s.boxed = append(s.boxed, parquet.ByteArrayValue([]byte(x)))
	}
	for _, x := range v.Integer {
		s.boxed = append(s.boxed, parquet.Int32Value(int32(x)))
	}
	for _, x := range v.Time {
		s.boxed = append(s.boxed, parquet.Int64Value(x.UnixMilli()))
	}
	switch {
	case len(s.doubles) > 0:
		_, err = to.(parquet.DoubleWriter).WriteDoubles(s.doubles)
	case len(s.singles) > 0:
		_, err = to.(parquet.FloatWriter).WriteFloats(s.singles)
	case len(s.boxed) > 0:
		_, err = to.WriteValues(s.boxed)
	}
	return err
}

// ParquetFile is an open Parquet file of a table.
type ParquetFile struct {
	Path  string
	Table *Table
	file  *os.File
	*parquet.File
	at []int // the file's column of each of the table's
}

// OpenParquet opens a file and finds the table's columns in it; others are left
// aside.
func (t *Table) OpenParquet(path string) (*ParquetFile, error) {
	file, err := open(path)
	if err != nil {
		return nil, err
	}
	p := &ParquetFile{Path: path, Table: t, file: file}
	if err := p.find(); err != nil {
		file.Close()
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return p, nil
}

// A Parquet file says itself how much it unpacks to. Ours have a row per region, year
// and scenario at most, of which 20,000 regions make 1.6 million, and names as text.
const (
	mostParquetRows = 10_000_000
	mostParquetText = 64 << 10 // bytes of one text
	mostParquetWKB  = 64 << 20 // of one geometry
)

// damaged makes an error of a panic: the library trusts what a file says of itself.
func damaged(err *error) {
	if r := recover(); r != nil {
		*err = fmt.Errorf("it is damaged or not a Parquet file (%v): copy it again, or run the study again", r)
	}
}

func (p *ParquetFile) find() (err error) {
	defer damaged(&err)
	info, err := p.file.Stat()
	if err != nil {
		return err
	}
	// The library takes as much memory as the end of the file says that its description has.
	var end [8]byte
	if _, err := p.file.ReadAt(end[:], info.Size()-int64(len(end))); err != nil || string(end[4:]) != "PAR1" {
		return errors.New("it does not end as a Parquet file does (was it cut off?): copy it again, or run the study again")
	}
	if n := int64(binary.LittleEndian.Uint32(end[:])); n > info.Size()-int64(len(end)) {
		return fmt.Errorf("it has %d bytes and says that its description has %d: copy it again, or run the study again", info.Size(), n)
	}
	if p.File, err = parquet.OpenFile(p.file, info.Size()); err != nil {
		return err
	}
	var rows int64
	for _, group := range p.RowGroups() {
		if n := group.NumRows(); n < 0 || n > mostParquetRows-rows {
			return fmt.Errorf("a group of %d rows after %d: from 0 to %d rows in all are read", n, rows, mostParquetRows)
		}
		rows += group.NumRows()
	}
	var names []string
	for _, path := range p.Schema().Columns() {
		names = append(names, strings.Join(path, "."))
	}
	want, have := p.Table.schema(), p.Schema()
	for _, c := range p.Table.Columns {
		at := slices.Index(names, c.Name)
		if at < 0 {
			return fmt.Errorf("there is no column %s: is it of an older getij?", c.Name)
		}
		a, _ := want.Lookup(c.Name)
		b, _ := have.Lookup(c.Name)
		if a.Node.Type().Kind() != b.Node.Type().Kind() || !b.Node.Required() {
			return fmt.Errorf("column %s holds %s, %s was expected", c.Name, b.Node.Type(), a.Node.Type())
		}
		p.at = append(p.at, at)
	}
	return nil
}

// Close closes the file.
func (p *ParquetFile) Close() error { return p.file.Close() }

// ReadColumn reads count rows of a row group's column from row first on and appends them.
func (p *ParquetFile) ReadColumn(group, column, first, count int, to *Values) error {
	if err := p.readColumn(group, column, first, count, to); err != nil {
		return fmt.Errorf("%s, column %s: %w", p.Path, p.Table.Columns[column].Name, err)
	}
	return nil
}

func (p *ParquetFile) readColumn(group, column, first, count int, to *Values) (err error) {
	defer damaged(&err)
	c := &p.Table.Columns[column]
	pages := p.RowGroups()[group].ColumnChunks()[p.at[column]].Pages()
	defer pages.Close()
	if err := pages.SeekToRow(int64(first)); err != nil {
		return err
	}
	buffer := make([]parquet.Value, 4096)
	for count > 0 {
		page, err := pages.ReadPage()
		if errors.Is(err, io.EOF) {
			return fmt.Errorf("%d values are missing", count)
		}
		if err != nil {
			return err
		}
		for values := page.Values(); count > 0; {
			n, err := values.ReadValues(buffer[:min(count, len(buffer))])
			if err := c.unbox(buffer[:n], to); err != nil {
				return err
			}
			count -= n
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				return err
			}
		}
		parquet.Release(page)
	}
	return nil
}

func (c *Column) unbox(values []parquet.Value, to *Values) error {
	most := mostParquetText
	if c.Storage == WKB {
		most = mostParquetWKB
	}
	for _, v := range values {
		switch {
		case c.Type == Text && len(v.ByteArray()) > most:
			return fmt.Errorf("a text of %d bytes: at most %d are read", len(v.ByteArray()), most)
		case c.Type == Text:
			to.Text = append(to.Text, string(v.ByteArray()))
		case c.Type == Integer:
			to.Integer = append(to.Integer, int(v.Int32()))
		case c.Type == Time:
			to.Time = append(to.Time, time.UnixMilli(v.Int64()).UTC())
		case c.Storage == Single:
			to.Real = append(to.Real, shortest(v.Float()))
		default:
			to.Real = append(to.Real, v.Double())
		}
	}
	return nil
}

// shortest is the number with the fewest decimals that is this one in single
// precision: what was written, not its binary tail.
func shortest(v float32) float64 {
	d, err := strconv.ParseFloat(strconv.FormatFloat(float64(v), 'g', -1, 32), 64)
	if err != nil {
		return float64(v)
	}
	return d
}

// ReadParquet reads a whole table.
func (t *Table) ReadParquet(path string) (Rows, error) {
	p, err := t.OpenParquet(path)
	if err != nil {
		return nil, err
	}
	defer p.Close()
	rows := t.NewRows(0) // how many there are, the file may only claim
	for g, group := range p.RowGroups() {
		for k := range t.Columns {
			if err := p.ReadColumn(g, k, 0, int(group.NumRows()), &rows[k]); err != nil {
				return nil, err
			}
		}
	}
	return rows, nil
}
