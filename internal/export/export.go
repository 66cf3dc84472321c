// Package export writes the regional figures of a result folder in other formats:
// one year and scenario, a row per region, charge_points and potential side by side, or a
// row per region, contract, way to charge and season.
package export

import (
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"unicode"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"

	"github.com/getij/getij/internal/assume"
	"github.com/getij/getij/internal/durable"
	"github.com/getij/getij/internal/outlook"
	"github.com/getij/getij/internal/region"
	"github.com/getij/getij/internal/result"
	"github.com/getij/getij/internal/table"
)

// Options say what of a result folder is written.
type Options struct {
	Formats  []string // of Formats
	Scenario string   // "" for the study's
	Year     int      // 0 for the study's
	Level    string   // "" for all
	Seasons  bool     // by contract, way to charge and season
	Out      string   // folder
}

// Formats are those that Write knows.
func Formats() []string { return []string{"csv", "xlsx", "parquet", "gpkg", geoParquet} }

// geoParquet is Parquet with the border of each region.
const geoParquet = "geo.parquet"

// Write writes the files and returns their names.
func Write(dir string, o Options) (written []string, err error) {
	r, err := result.Open(dir)
	if err != nil {
		return nil, err
	}
	if err := o.complete(dir, r); err != nil {
		return nil, &assume.InputError{Err: err}
	}
	undo, err := durable.MakeFolder(o.Out)
	if err != nil {
		return nil, &assume.InputError{Err: fmt.Errorf("nothing can be written to %s: %w: name another folder with --out", o.Out, err)}
	}
	defer func() {
		if err != nil {
			undo()
		}
	}()
	y, err := r.Regions.Year(o.Year, o.Scenario)
	if err != nil {
		return nil, err
	}
	if o.Seasons {
		return writeSeasons(r, y, &o)
	}
	e := &exported{Regions: r.Regions, year: y, study: r.Study.Name, levels: r.Regions.Levels()}
	name := fmt.Sprintf("potential_%d_%s", o.Year, o.Scenario)
	if o.Level != "" {
		name, e.levels = name+"_"+fileName(o.Level), []string{o.Level}
	}
	for _, format := range o.Formats {
		path := filepath.Join(o.Out, name+"."+format)
		if err := e.write(path, format); err != nil {
			return written, err
		}
		written = append(written, path)
	}
	return written, nil
}

// fileName makes a part of a file's name of a level, which may be any text: what a
// system forbids in names becomes a _.
func fileName(level string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(`/\:*?"<>|`, r) || unicode.IsControl(r) {
			return '_'
		}
		return r
	}, level)
}

// exported is what the formats write.
type exported struct {
	*result.Regions
	year   *result.RegionYear
	study  string
	levels []string
}

func (e *exported) describe(level string) string {
	return fmt.Sprintf("V2G potential per %s in %d, scenario %s, study %s", level, e.year.Year, e.year.Scenario, e.study)
}

func (e *exported) write(path, format string) error {
	t := result.ByRegion()
	if format == "gpkg" { // begins with the region's code, name, level and parent
		rows := e.RowsOf(e.year, e.places(e.Levels()))
		return e.WriteGeoPackage(path, result.Layers{Levels: e.levels, Describe: e.describe, Columns: t.Columns[4:], Rows: rows[4:]})
	}
	return durable.WriteFile(path, func(w io.Writer) error {
		switch format {
		case "parquet", geoParquet:
			for k := range t.Columns {
				t.Columns[k].Storage = table.Exact // one kind of number, for others' programs; these are rounded already
			}
			at := e.places(e.levels)
			rows := e.RowsOf(e.year, at)
			if format == geoParquet {
				borders, err := e.borders(at)
				if err != nil {
					return err
				}
				t.Columns, rows = append(t.Columns, table.Column{Name: "geometry", Type: table.Text, Storage: table.WKB}), append(rows, borders)
			}
			return t.WriteParquet(w, table.Once(rows))
		case "xlsx":
			return table.WriteXLSX(w, e.sheets(t))
		}
		return t.WriteCSV(w, table.Once(e.RowsOf(e.year, e.places(e.levels))))
	})
}

// borders are those of regions, as GeoParquet has them.
func (e *exported) borders(at []int) (out table.Values, err error) {
	geometry := map[string]orb.MultiPolygon{}
	for _, level := range e.levels {
		outlines, err := e.Outlines(level)
		if err != nil {
			return out, err
		}
		for _, o := range outlines {
			geometry[o.Code] = region.ToWGS84(o.Geometry)
		}
	}
	for _, i := range at {
		border := geometry[e.Code[i]]
		if border == nil {
			border = orb.MultiPolygon{}
		}
		b, err := wkb.Marshal(border)
		if err != nil {
			return out, fmt.Errorf("border of %s: %w", e.Code[i], err)
		}
		out.Text = append(out.Text, string(b))
	}
	return out, nil
}

// places are those of the regions of some levels, in the order of the tables.
func (e *exported) places(levels []string) (out []int) {
	for i, l := range e.Level {
		if slices.Contains(levels, l) {
			out = append(out, i)
		}
	}
	return out
}

// sheets are one per level.
func (e *exported) sheets(t *table.Table) (out []table.Sheet) {
	for _, level := range e.levels {
		s := table.Sheet{Name: level, Title: e.describe(level) + "; columns as in docs/results.md"}
		rows := e.RowsOf(e.year, e.OfLevel(level))
		s.Rows = make([][]any, len(e.OfLevel(level)))
		for k, c := range t.Columns {
			switch c.Name {
			case "level", "year", "scenario":
				continue // in the title
			}
			width := 12.0
			if c.Name == "name" {
				width = 28
			}
			s.Columns = append(s.Columns, table.SheetColumn{Head: c.Name, Width: width})
			for i := range s.Rows {
				s.Rows[i] = append(s.Rows[i], c.Cell(&rows[k], i))
			}
		}
		out = append(out, s)
	}
	return out
}

// complete takes the study's values for what is not asked for, and checks the rest.
func (o *Options) complete(dir string, r *result.Result) error {
	p := r.Summary.Potential
	if p == nil {
		return fmt.Errorf("%s has no regional results to export", dir)
	}
	if o.Scenario == "" {
		o.Scenario = p.Scenario
	}
	if o.Year == 0 {
		o.Year = p.Year
	}
	for _, f := range o.Formats {
		if !slices.Contains(Formats(), f) {
			return fmt.Errorf("format %q is unknown: use %s", f, strings.Join(Formats(), ", "))
		}
	}
	if o.Seasons && (slices.Contains(o.Formats, "gpkg") || slices.Contains(o.Formats, geoParquet)) {
		return fmt.Errorf("a GeoPackage and a GeoParquet file have one row for each border, seasons have many: write them as csv, xlsx or parquet and join them by code")
	}
	if !slices.Contains(outlook.Scenarios(), o.Scenario) {
		return fmt.Errorf("scenario %q is unknown: use %s", o.Scenario, strings.Join(outlook.Scenarios(), ", "))
	}
	if o.Year < outlook.FirstYear || o.Year > outlook.LastYear {
		return fmt.Errorf("year %d is outside the forecast, %d to %d", o.Year, outlook.FirstYear, outlook.LastYear)
	}
	if o.Level != "" && !slices.Contains(r.Regions.Level, o.Level) {
		return fmt.Errorf("level %s does not occur in %s: there are %s", o.Level, dir, strings.Join(r.Regions.Levels(), ", "))
	}
	return nil
}
