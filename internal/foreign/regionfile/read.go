package regionfile

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/getij/getij/internal/foreign/table"
	"github.com/getij/getij/internal/region"
	"github.com/getij/getij/internal/userfile"
)

// Options says what to take from a file. The zero value takes everything.
type Options struct {
	Layer string // only the layer or table of this name
	// Level keeps only regions of a CBS level; a user's own word makes all rows
	// regions of that level, whose codes need not be CBS codes.
	Level   region.Level
	Vintage int // year of the boundaries, when the file does not say
	// CodeColumn and NameColumn name these columns where columns.csv does not know
	// them.
	CodeColumn, NameColumn string
	Map                    map[string]string // the column of a figure, where columns.csv does not know it
	Decimal                string            // the mark before decimals, point or comma, where a count such as 1.400 leaves it open
	Sheet                  string            // of a workbook; empty: the first with codes of regions
	// KeepWater keeps rows that CBS marks as water, and those of GM0998 Buitenland
	// and its like.
	KeepWater bool
	// KeepIn is a folder for a temporary file of the borders, which then are not held in
	// memory: regions have none, and only writing a layer brings them back. Data must be
	// closed. Empty: regions hold their borders.
	KeepIn string
	Most   int // regions; 0: as many as a study reads
}

// Data is what a file holds.
type Data struct {
	Layers []Layer
	// ProvincieOf gives the provincie code of each gemeente code, as far as the
	// file tells: ready for region.SetOptions.
	ProvincieOf map[string]string
	// Names gives the names of coarser regions that rows mention, such as the wijk
	// and gemeente of a buurt: ready for region.SetOptions.
	Names  map[string]string
	SHA256 string // of the file
	Report Report
	kept   *borders
}

// Layer is the regions of one layer and level, in the order of the file.
type Layer struct {
	Name       string
	Level      region.Level
	Vintage    int
	CRS        region.CRS // 0 without geometry
	Regions    []region.Region
	Attributes []Attribute // in the order of columns.csv
	kept       *borders    // where borders are, by spans
	spans      []span
}

// Regions lists the regions of all layers, ready for region.NewSet.
func (d *Data) Regions() []region.Region {
	if len(d.Layers) == 1 {
		return slices.Clip(d.Layers[0].Regions)
	}
	var all []region.Region
	for _, l := range d.Layers {
		all = append(all, l.Regions...)
	}
	return all
}

// Attribute is a column of numbers, one per region of its layer.
type Attribute struct {
	Name     string
	Unit     string
	Additive bool      // a total is the sum of its parts
	Values   []float64 // NaN where missing
}

// Values returns the numbers of an attribute, one per region.
func (l *Layer) Values(name string) ([]float64, bool) {
	for _, a := range l.Attributes {
		if a.Name == name {
			return a.Values, true
		}
	}
	return nil, false
}

// Error is a fault in a file, with its place.
type Error struct {
	File  string
	Layer string
	Row   int // counted from 1, in CSV the line; 0 when the fault is in no single row
	Field string
	Value string
	Want  string // what was expected, and what to do
	Err   error  // the cause, if any
}

func (e *Error) Error() string {
	text := e.File
	if e.Layer != "" {
		text += ", layer " + e.Layer
	}
	if e.Row > 0 {
		text += fmt.Sprintf(", row %d", e.Row)
	}
	if e.Field != "" {
		text += fmt.Sprintf(", field %s: value %q", e.Field, e.Value)
	}
	if e.Want != "" {
		text += ": expected " + e.Want
	}
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	return text
}

func (e *Error) Unwrap() error { return e.Err }

const (
	formatGeoPackage = "GeoPackage"
	formatGeoJSON    = "GeoJSON"
	formatCSV        = "CSV"
)

// Read reads a file of regions, whatever its name. It opens the file for reading
// only and writes nothing beside it.
func Read(ctx context.Context, path string, options Options) (*Data, error) {
	name := filepath.Base(path)
	database, err := isDatabase(ctx, path)
	if err != nil {
		return nil, err
	}
	var b *builder
	var sum string
	if database {
		if b, err = newBuilder(name, formatGeoPackage, options); err == nil {
			sum, err = readGeoPackage(ctx, b, path)
		}
	} else {
		b, sum, err = readPlain(ctx, path, options)
	}
	if err != nil {
		return nil, errors.Join(cutOff(name, err), b.drop())
	}
	d, err := b.finish()
	if err != nil {
		return nil, errors.Join(err, b.drop())
	}
	d.SHA256 = sum
	return d, nil
}

// isDatabase tells a GeoPackage from files of text.
func isDatabase(ctx context.Context, path string) (bool, error) {
	f, err := userfile.Open(ctx, path, userfile.MostMap)
	if err != nil {
		return false, err
	}
	defer f.Close()
	head := make([]byte, len(table.SQLite))
	if _, err := io.ReadFull(f, head); err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return false, fmt.Errorf("%s: %w", path, err)
	}
	database := string(head) == table.SQLite
	if database && f.Unpacked {
		return false, &Error{File: f.Name, Want: "a GeoPackage that is not packed; unpack it: gunzip " + f.Name}
	}
	return database, nil
}

// readPlain reads GeoJSON, CSV or a sheet of a workbook, and gives the sha256 of the
// file.
func readPlain(ctx context.Context, path string, options Options) (b *builder, sum string, err error) {
	f, err := table.OpenSheet(ctx, path, options.Sheet, userfile.MostData)
	if err != nil {
		return nil, "", err
	}
	defer f.Close()
	if len(f.Sheets) < 2 || options.Sheet != "" {
		return readTable(f, options)
	}
	var first error
	for _, name := range f.Sheets {
		sheet, err := table.OpenSheet(ctx, path, name, userfile.MostData)
		if err != nil {
			continue // it is empty
		}
		b, sum, err = readTable(sheet, options)
		if err := errors.Join(err, sheet.Close()); err == nil {
			return b, sum, nil
		} else if wrong := new(Error); !errors.As(err, &wrong) || wrong.Field != "header" {
			return nil, "", fmt.Errorf("sheet %s: %w", table.Redact(name), err)
		} else if first == nil {
			first = err
		}
	}
	return nil, "", fmt.Errorf("none of the sheets %s has codes of regions: %w", table.List(f.Sheets), first)
}

func readTable(f *table.File, options Options) (b *builder, sum string, err error) {
	switch {
	case f.IsXML():
		return nil, "", &Error{File: f.Name, Want: "a GeoPackage, GeoJSON or CSV file, got XML; convert it: ogr2ogr regions.gpkg regions.gml"}
	case f.IsJSON():
		if b, err = newBuilder(f.Name, formatGeoJSON, options); err == nil {
			err = readGeoJSON(b, f.R)
		}
	default:
		format := formatCSV
		if f.Sheet != "" {
			format = "Excel workbook, sheet " + table.Redact(f.Sheet)
		}
		if b, err = newBuilder(f.Name, format, options); err == nil {
			err = readCSV(b, f)
		}
	}
	if err == nil {
		sum, err = f.Digest()
	}
	if err != nil {
		return nil, "", errors.Join(err, b.drop())
	}
	return b, sum, nil
}

// cutOff puts into words what a file that was cut off looks like to the readers of
// JSON and of databases.
func cutOff(name string, err error) error {
	broken := errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF)
	for _, words := range []string{"malformed", "file is not a database", "disk I/O error"} {
		broken = broken || strings.Contains(err.Error(), words)
	}
	if !broken {
		return err
	}
	return &Error{File: name, Want: "a whole file; this one ends in the middle or is damaged (is it cut off?), download it again", Err: err}
}
