package study

import (
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/parquet-go/parquet-go"
	"github.com/paulmach/orb"
	"github.com/xuri/excelize/v2"

	"github.com/getij/getij/internal/assume"
	"github.com/getij/getij/internal/dataset/regionfile"
	"github.com/getij/getij/internal/durable"
	"github.com/getij/getij/internal/outlook"
)

// ExportOptions say what of a result folder is written.
type ExportOptions struct {
	Formats  []string // csv, parquet, xlsx, gpkg
	Scenario string   // "" for the study's
	Year     int      // 0 for the study's
	Level    string   // "" for all
	Out      string   // folder
}

// ExportFormats are the formats that Export knows.
func ExportFormats() []string { return []string{"csv", "xlsx", "parquet", "gpkg"} }

// Export writes one year and scenario of a result folder, the chain and the
// potential side by side, in other formats. It returns the files written.
func Export(dir string, o ExportOptions) ([]string, error) {
	_, summary, err := ReadFolder(dir)
	if err != nil {
		return nil, &assume.InputError{Err: err}
	}
	if summary.Potential == nil {
		return nil, &assume.InputError{Err: fmt.Errorf("%s has no regional results to export", dir)}
	}
	if o.Scenario == "" {
		o.Scenario = summary.Potential.Scenario
	}
	if o.Year == 0 {
		o.Year = summary.Potential.Year
	}
	if err := o.check(); err != nil {
		return nil, &assume.InputError{Err: err}
	}
	t, err := joined(dir, o.Scenario, o.Year)
	if err != nil {
		return nil, err
	}
	if o.Level != "" {
		if !slices.Contains(t.Level, o.Level) {
			return nil, &assume.InputError{Err: fmt.Errorf("level %s does not occur in %s: there are %s", o.Level, dir, strings.Join(t.levels(), ", "))}
		}
		t = t.only(o.Level)
	}
	name := fmt.Sprintf("potential_%d_%s", o.Year, o.Scenario)
	if o.Level != "" {
		name += "_" + o.Level
	}
	var written []string
	for _, format := range o.Formats {
		path := filepath.Join(o.Out, name+"."+format)
		switch format {
		case "csv":
			err = durable.WriteFile(path, func(w io.Writer) error { return t.csv(w, o) })
		case "parquet":
			err = durable.WriteFile(path, func(w io.Writer) error { return t.parquet(w, o) })
		case "xlsx":
			err = durable.WriteFile(path, func(w io.Writer) error { return t.xlsx(w, o, summary) })
		case "gpkg":
			err = t.gpkg(path, dir, o, summary)
		}
		if err != nil {
			return written, err
		}
		written = append(written, path)
	}
	return written, nil
}

func (o *ExportOptions) check() error {
	for _, f := range o.Formats {
		if !slices.Contains(ExportFormats(), f) {
			return fmt.Errorf("format %q is unknown: use %s", f, strings.Join(ExportFormats(), ", "))
		}
	}
	if !slices.Contains(outlook.Scenarios(), o.Scenario) {
		return fmt.Errorf("scenario %q is unknown: use %s", o.Scenario, strings.Join(outlook.Scenarios(), ", "))
	}
	if o.Year < outlook.FirstYear || o.Year > outlook.LastYear {
		return fmt.Errorf("year %d is outside the forecast, %d to %d", o.Year, outlook.FirstYear, outlook.LastYear)
	}
	return nil
}

// joined reads both Parquet files side by side.
func joined(dir, scenario string, year int) (*RegionTable, error) {
	t, err := ReadRegionTable(filepath.Join(dir, "charge_points.parquet"), scenario, year)
	if err != nil {
		return nil, err
	}
	p, err := ReadRegionTable(filepath.Join(dir, "potential.parquet"), scenario, year)
	if err != nil {
		return nil, err
	}
	if !slices.Equal(t.Code, p.Code) {
		return nil, fmt.Errorf("%s: charge_points.parquet and potential.parquet are not of the same regions", dir)
	}
	for k, name := range p.Columns {
		if !slices.Contains(t.Columns, name) {
			t.Columns, t.Values = append(t.Columns, name), append(t.Values, p.Values[k])
		}
	}
	return t, nil
}

func (t *RegionTable) levels() (out []string) {
	for _, l := range t.Level {
		if !slices.Contains(out, l) {
			out = append(out, l)
		}
	}
	return out
}

func (t *RegionTable) only(level string) *RegionTable {
	out := &RegionTable{Columns: t.Columns, Values: make([][]float64, len(t.Values))}
	for i, l := range t.Level {
		if l != level {
			continue
		}
		out.Code, out.Name = append(out.Code, t.Code[i]), append(out.Name, t.Name[i])
		out.Level, out.Parent = append(out.Level, l), append(out.Parent, t.Parent[i])
		for k := range t.Values {
			out.Values[k] = append(out.Values[k], t.Values[k][i])
		}
	}
	return out
}

func (t *RegionTable) csv(w io.Writer, o ExportOptions) error {
	out := csv.NewWriter(w)
	if err := out.Write(append([]string{"code", "name", "level", "parent", "year", "scenario"}, t.Columns...)); err != nil {
		return err
	}
	for i := range t.Code {
		record := []string{t.Code[i], t.Name[i], t.Level[i], t.Parent[i], strconv.Itoa(o.Year), o.Scenario}
		for k := range t.Columns {
			text := ""
			if v := t.Values[k][i]; !math.IsNaN(v) {
				text = strconv.FormatFloat(v, 'f', -1, 64)
			}
			record = append(record, text)
		}
		if err := out.Write(record); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

func (t *RegionTable) parquet(w io.Writer, o ExportOptions) error {
	group := parquet.Group{"year": parquet.Int(32)}
	for _, name := range []string{"code", "name", "level", "parent", "scenario"} {
		group[name] = parquet.Encoded(parquet.String(), &parquet.RLEDictionary)
	}
	for _, name := range t.Columns {
		group[name] = parquet.Leaf(parquet.DoubleType)
	}
	schema := parquet.NewSchema("potential", group)
	out := parquet.NewWriter(w, schema, parquet.Compression(&parquet.Zstd))
	at := map[string]int{}
	for i, path := range schema.Columns() {
		at[path[0]] = i
	}
	for i := range t.Code {
		row := make(parquet.Row, len(at))
		put := func(name string, v parquet.Value) { row[at[name]] = v.Level(0, 0, at[name]) }
		put("year", parquet.Int32Value(int32(o.Year)))
		for name, text := range map[string]string{"code": t.Code[i], "name": t.Name[i], "level": t.Level[i], "parent": t.Parent[i], "scenario": o.Scenario} {
			put(name, parquet.ByteArrayValue([]byte(text)))
		}
		for k, name := range t.Columns {
			put(name, parquet.DoubleValue(t.Values[k][i]))
		}
		if _, err := out.WriteRows([]parquet.Row{row}); err != nil {
			return err
		}
	}
	return out.Close()
}

// xlsx writes a sheet per level.
func (t *RegionTable) xlsx(w io.Writer, o ExportOptions, s *Summary) error {
	f := excelize.NewFile()
	defer f.Close()
	bold, err := f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if err != nil {
		return err
	}
	for _, level := range t.levels() {
		if _, err := f.NewSheet(level); err != nil {
			return err
		}
		sheet, err := f.NewStreamWriter(level)
		if err != nil {
			return err
		}
		if err := sheet.SetColWidth(2, 2, 28); err != nil {
			return err
		}
		head := []any{}
		for _, name := range append([]string{"code", "name", "parent"}, t.Columns...) {
			head = append(head, excelize.Cell{StyleID: bold, Value: name})
		}
		title := fmt.Sprintf("V2G potential per %s in %d, scenario %s, study %s; columns as in docs/results.md", level, o.Year, o.Scenario, s.Study)
		if err := sheet.SetRow("A1", []any{title}); err != nil {
			return err
		}
		if err := sheet.SetRow("A2", head); err != nil {
			return err
		}
		row := 2
		for i := range t.Code {
			if t.Level[i] != level {
				continue
			}
			row++
			values := []any{t.Code[i], t.Name[i], t.Parent[i]}
			for k := range t.Columns {
				if v := t.Values[k][i]; math.IsNaN(v) {
					values = append(values, nil)
				} else {
					values = append(values, v)
				}
			}
			if err := sheet.SetRow("A"+strconv.Itoa(row), values); err != nil {
				return err
			}
		}
		if err := sheet.Flush(); err != nil {
			return err
		}
	}
	if err := f.DeleteSheet("Sheet1"); err != nil {
		return err
	}
	_, err = f.WriteTo(w)
	return err
}

// gpkg writes a layer per level, with the borders of the result folder.
func (t *RegionTable) gpkg(path, dir string, o ExportOptions, s *Summary) error {
	data, err := regionfile.Read(filepath.Join(dir, "potential.gpkg"), regionfile.Options{KeepWater: true})
	if err != nil {
		return err
	}
	borders, vintage := map[string]orb.MultiPolygon{}, map[string]int{}
	for _, r := range data.Regions() {
		borders[r.Code], vintage[r.Code] = r.Geometry, r.Vintage
	}
	columns := []regionfile.Column{
		{Name: "code", Type: regionfile.Text},
		{Name: "name", Type: regionfile.Text},
		{Name: "level", Type: regionfile.Text},
		{Name: "parent", Type: regionfile.Text},
		{Name: "vintage", Type: regionfile.Integer},
		{Name: "year", Type: regionfile.Integer},
		{Name: "scenario", Type: regionfile.Text},
	}
	for _, name := range t.Columns {
		columns = append(columns, regionfile.Column{Name: name, Type: regionfile.Real})
	}
	var tables []regionfile.Table
	for _, level := range t.levels() {
		table := regionfile.Table{
			Name: "potential_" + level, Columns: columns,
			Description: fmt.Sprintf("V2G potential per %s in %d, scenario %s, study %s", level, o.Year, o.Scenario, s.Study),
		}
		if s.Potential.Schematic {
			table.Description += "; " + schematicWarning
		}
		for i, code := range t.Code {
			if t.Level[i] != level {
				continue
			}
			row := regionfile.Row{Geometry: borders[code], Values: []any{code, t.Name[i], t.Level[i], t.Parent[i], nil, o.Year, o.Scenario}}
			if v := vintage[code]; v > 0 {
				row.Values[4] = v
			}
			for k := range t.Columns {
				row.Values = append(row.Values, t.Values[k][i])
			}
			table.Rows = append(table.Rows, row)
		}
		tables = append(tables, table)
	}
	return regionfile.WriteGeoPackage(path, tables, time.Now().UTC().Truncate(time.Second))
}

const schematicWarning = "SCHEMATIC outlines, not real boundaries"
