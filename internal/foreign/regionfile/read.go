package regionfile

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"

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
	// KeepWater keeps rows that CBS marks as water, and those of GM0998 Buitenland
	// and its like.
	KeepWater bool
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
}

// Layer is the regions of one layer and level, in the order of the file.
type Layer struct {
	Name       string
	Level      region.Level
	Vintage    int
	CRS        region.CRS // 0 without geometry
	Regions    []region.Region
	Attributes []Attribute // in the order of columns.csv
}

// Regions lists the regions of all layers, ready for region.NewSet.
func (d *Data) Regions() []region.Region {
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
	format, err := formatOf(ctx, path)
	if err != nil {
		return nil, err
	}
	b, err := newBuilder(name, format, options)
	if err != nil {
		return nil, err
	}
	var sum string
	switch format {
	case formatGeoPackage:
		sum, err = readGeoPackage(ctx, b, path)
	case formatGeoJSON:
		sum, err = readGeoJSONFile(ctx, b, path)
	default:
		sum, err = readCSVFile(ctx, b, path)
	}
	if err != nil {
		return nil, cutOff(name, err)
	}
	d, err := b.finish()
	if err != nil {
		return nil, err
	}
	d.SHA256 = sum
	return d, nil
}

// formatOf recognises the format of a file by its first bytes.
func formatOf(ctx context.Context, path string) (string, error) {
	f, err := userfile.Open(ctx, path, userfile.MostMap)
	if err != nil {
		return "", err
	}
	defer f.Close()
	head := make([]byte, 4096)
	n, err := io.ReadFull(f, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return "", fmt.Errorf("%s: %w", path, err)
	}
	format, err := sniff(f.Name, head[:n])
	if err == nil && format == formatGeoPackage && f.Unpacked {
		err = &Error{File: f.Name, Want: "a GeoPackage that is not packed; unpack it: gunzip " + f.Name}
	}
	return format, err
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

// sniff recognises a format by the first bytes of a file.
func sniff(name string, head []byte) (string, error) {
	wrong := func(what, todo string) (string, error) {
		return "", &Error{File: name, Want: "a GeoPackage, GeoJSON or CSV file, got " + what + "; " + todo}
	}
	text := bytes.TrimLeft(head, " \t\r\n")
	switch {
	case bytes.HasPrefix(head, []byte("SQLite format 3\x00")):
		return formatGeoPackage, nil
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		return wrong("a ZIP archive or spreadsheet", "unpack it, or save the sheet as CSV")
	case bytes.HasPrefix(head, []byte{0, 0, 0x27, 0x0a}):
		return wrong("a shapefile", "convert it: ogr2ogr regions.gpkg regions.shp")
	case bytes.HasPrefix(text, []byte("{")):
		return formatGeoJSON, nil
	case bytes.HasPrefix(text, []byte("<")):
		return wrong("XML", "convert it: ogr2ogr regions.gpkg regions.gml")
	case len(text) == 0:
		return wrong("an empty file", "check the download")
	case bytes.IndexByte(head, 0) >= 0:
		return wrong("unknown binary data", "check the download")
	}
	return formatCSV, nil
}
