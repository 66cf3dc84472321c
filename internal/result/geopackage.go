//go:build !js

package result

import (
	"slices"
	"strconv"
	"time"

	"github.com/getij/getij/internal/foreign/regionfile"
	"github.com/getij/getij/internal/region"
	"github.com/getij/getij/internal/table"
)

// Layers are what a GeoPackage holds of regions: a layer per level, a row per region
// with its border, and further columns.
type Layers struct {
	Levels   []string
	Describe func(level string) string
	Columns  []table.Column
	Rows     table.Rows // of all regions
}

// WriteGeoPackage writes layers.
func (r *Regions) WriteGeoPackage(path string, l Layers) error {
	columns := []regionfile.Column{
		{Name: "code", Type: regionfile.Text},
		{Name: "name", Type: regionfile.Text},
		{Name: "level", Type: regionfile.Text},
		{Name: "parent", Type: regionfile.Text},
		{Name: "vintage", Type: regionfile.Integer},
	}
	for _, c := range l.Columns {
		kind := map[table.Type]regionfile.ColumnType{table.Real: regionfile.Real, table.Integer: regionfile.Integer, table.Text: regionfile.Text}[c.Type]
		columns = append(columns, regionfile.Column{Name: c.Name, Type: kind})
	}
	var tables []regionfile.Table
	for _, level := range l.Levels {
		outlines, err := r.Outlines(level)
		if err != nil {
			return err
		}
		t := regionfile.Table{Name: layerName(level), Columns: columns, Description: l.Describe(level)}
		if r.Schematic {
			t.Description += "; SCHEMATIC outlines, not real boundaries"
		}
		if at := r.OfLevel(level); len(at) > 0 && region.Invented(r.Code[at[0]]) {
			t.Description += "; INVENTED regions that exist nowhere"
		}
		for k, i := range r.OfLevel(level) {
			values := []any{r.Code[i], r.Name[i], r.Level[i], r.Parent[i], nil}
			if v := outlines[k].Vintage; v > 0 {
				values[4] = v
			}
			for c := range l.Columns {
				values = append(values, l.Columns[c].Cell(&l.Rows[c], i))
			}
			t.Rows = append(t.Rows, regionfile.Row{Geometry: outlines[k].Geometry, Values: values})
		}
		tables = append(tables, t)
	}
	return regionfile.WriteGeoPackage(path, tables, time.Now().UTC().Truncate(time.Second))
}

func layerName(level string) string { return "potential_" + level }

// writeGeoPackage writes potential.gpkg: today's figures as the study read them,
// and the file years side by side.
func (r *Result) writeGeoPackage(path string) error {
	g, scenario := r.Regions, r.Study.Outlook.Scenario
	years, err := r.yearsOf(FileYears())
	if err != nil {
		return err
	}
	l := Layers{
		Levels: g.Levels(),
		Describe: func(level string) string {
			return "V2G potential per " + level + ", scenario " + scenario + ", study " + r.Study.Name
		},
		Columns: []table.Column{{Name: "scenario", Type: table.Text}},
		Rows:    table.Rows{{Text: slices.Repeat([]string{scenario}, g.Len())}},
	}
	add := func(c table.Column, values []float64) {
		l.Columns, l.Rows = append(l.Columns, c), append(l.Rows, table.Values{Real: values})
	}
	for _, f := range g.Figures {
		add(table.Column{Name: f.Name, Storage: table.Exact}, f.Values)
	}
	for _, c := range potentialTable().Columns[identityColumns:] {
		switch c.Name {
		case "adoption", "kw_per_charge_point", "capacity_kw", "evening_peak_kw_without_ev":
			continue // the same in every year, or in the layer already
		}
		name := c.Name
		for _, y := range years {
			c.Name = name + "_" + strconv.Itoa(y.Year)
			add(c, y.Column(name))
		}
	}
	return g.WriteGeoPackage(path, l)
}
