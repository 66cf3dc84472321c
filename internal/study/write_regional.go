package study

import (
	"context"
	"io"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/parquet-go/parquet-go"

	"github.com/getij/getij/internal/dataset/regionfile"
	"github.com/getij/getij/internal/outlook"
	"github.com/getij/getij/internal/potential"
	"github.com/getij/getij/internal/region"
)

const coincidenceRule = potential.Coincidence

// Top are the n gemeenten with the largest potential, or regions of the finest
// level where there are no gemeenten.
func (g *Regional) Top(y *RegionalYear, n int) []int {
	list := slices.Clone(g.Set.OfLevel(region.Gemeente))
	if len(list) == 0 {
		levels := g.Set.Levels()
		list = slices.Clone(g.Set.OfLevel(levels[len(levels)-1]))
	}
	slices.SortStableFunc(list, func(a, b int) int {
		switch {
		case y.Potential[a].MW > y.Potential[b].MW:
			return -1
		case y.Potential[a].MW < y.Potential[b].MW:
			return 1
		}
		return 0
	})
	return list[:min(n, len(list))]
}

// csvText quotes a text for CSV where it must be.
func csvText(s string) string {
	if strings.ContainsAny(s, ",\"\r\n") {
		return `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
	}
	return s
}

// writeRegionsCSV writes the study's scenario for the file years.
func (r *Result) writeRegionsCSV(w io.Writer, columns []RegionColumn) error {
	g := r.Regional
	var line row
	line.text("code,name,level,parent,year,scenario")
	for _, c := range columns {
		line.text(c.Name)
	}
	if err := line.write(w); err != nil {
		return err
	}
	var years []*RegionalYear
	for _, year := range FileYears() {
		y, err := g.Year(year, r.Study.Outlook.Scenario)
		if err != nil {
			return err
		}
		years = append(years, y)
	}
	for i := range g.Set.Len() {
		head := g.identity(i)
		for _, y := range years {
			line.text(head).int(y.Year.Year).text(y.Scenario)
			for _, c := range columns {
				if v := c.Value(y, i); math.IsNaN(v) {
					line.text("")
				} else {
					line.number(v, c.Decimals)
				}
			}
			if err := line.write(w); err != nil {
				return err
			}
		}
	}
	return nil
}

// identity is code,name,level,parent as CSV.
func (g *Regional) identity(i int) string {
	at := g.Set.At(i)
	return csvText(at.Code) + "," + csvText(at.Name) + "," + csvText(string(at.Level)) + "," + csvText(at.Parent)
}

// regionsParquet writes every year and scenario as they come: a row group for a
// few years of a scenario.
type regionsParquet struct {
	g       *Regional
	columns []RegionColumn
	out     *parquet.GenericWriter[any]
	buffer  *parquet.Buffer
	texts   [4][]parquet.Value // code, name, level, parent
	years   []parquet.Value
	names   []parquet.Value
	values  []float64
	singles []float32
	boxed   []parquet.Value
	current string // scenario of the buffer
	held    int    // years in the buffer
}

// yearsPerGroup bounds the memory of a row group.
const yearsPerGroup = 4

func newRegionsParquet(w io.Writer, g *Regional, columns []RegionColumn) *regionsParquet {
	// A struct type keeps the order of the columns, which a group would sort.
	var fields []reflect.StructField
	for i, name := range []string{"code", "name", "level", "parent"} {
		fields = append(fields, reflect.StructField{Name: "T" + strconv.Itoa(i), Type: reflect.TypeFor[string](), Tag: reflect.StructTag(`parquet:"` + name + `,dict"`)})
	}
	fields = append(fields,
		reflect.StructField{Name: "Year", Type: reflect.TypeFor[int32](), Tag: `parquet:"year"`},
		reflect.StructField{Name: "Scenario", Type: reflect.TypeFor[string](), Tag: `parquet:"scenario,dict"`})
	for i, c := range columns {
		field := reflect.StructField{Name: "C" + strconv.Itoa(i), Type: reflect.TypeFor[float64]()}
		encoding := ""
		switch c.Kind {
		case Single:
			field.Type, encoding = reflect.TypeFor[float32](), ",split" // bytes of like weight together
		case Repeated:
			encoding = ",dict"
		}
		field.Tag = reflect.StructTag(`parquet:"` + c.Name + encoding + `"`)
		fields = append(fields, field)
	}
	schema := parquet.SchemaOf(reflect.New(reflect.StructOf(fields)).Interface())
	p := &regionsParquet{g: g, columns: columns, out: parquet.NewGenericWriter[any](w, schema, parquet.Compression(&parquet.Zstd)), buffer: parquet.NewBuffer(schema)}
	n := g.Set.Len()
	for k := range p.texts {
		p.texts[k] = make([]parquet.Value, n)
	}
	for i := range n {
		at := g.Set.At(i)
		for k, text := range []string{at.Code, at.Name, string(at.Level), at.Parent} {
			p.texts[k][i] = parquet.ByteArrayValue([]byte(text))
		}
	}
	p.years, p.names, p.values, p.singles = make([]parquet.Value, n), make([]parquet.Value, n), make([]float64, n), make([]float32, n)
	p.boxed = make([]parquet.Value, n)
	return p
}

func (p *regionsParquet) add(y *RegionalYear) error {
	if y.Scenario != p.current || p.held == yearsPerGroup {
		if err := p.flush(); err != nil {
			return err
		}
		p.current, p.held = y.Scenario, 0
	}
	p.held++
	columns := p.buffer.ColumnBuffers()
	scenario := parquet.ByteArrayValue([]byte(y.Scenario))
	for i := range p.years {
		p.years[i], p.names[i] = parquet.Int32Value(int32(y.Year.Year)), scenario
	}
	for k, values := range [][]parquet.Value{p.texts[0], p.texts[1], p.texts[2], p.texts[3], p.years, p.names} {
		if _, err := columns[k].WriteValues(values); err != nil {
			return err
		}
	}
	for k, c := range p.columns {
		scale := math.Pow10(c.Decimals)
		for i := range p.values {
			p.values[i] = math.Round(c.Value(y, i)*scale) / scale
		}
		var err error
		switch c.Kind {
		case Additive:
			_, err = columns[6+k].(parquet.DoubleWriter).WriteDoubles(p.values)
		case Single:
			for i, v := range p.values {
				p.singles[i] = float32(v)
			}
			_, err = columns[6+k].(parquet.FloatWriter).WriteFloats(p.singles)
		case Repeated:
			for i, v := range p.values {
				p.boxed[i] = parquet.DoubleValue(v)
			}
			_, err = columns[6+k].WriteValues(p.boxed)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (p *regionsParquet) flush() error {
	if p.current == "" {
		return nil
	}
	_, err := p.out.WriteRowGroup(p.buffer)
	p.buffer.Reset()
	return err
}

func (p *regionsParquet) close() error {
	if err := p.flush(); err != nil {
		return err
	}
	return p.out.Close()
}

// writeRegionsParquet writes every year and scenario.
func (r *Result) writeRegionsParquet(ctx context.Context, w io.Writer, columns []RegionColumn) error {
	p := newRegionsParquet(w, r.Regional, columns)
	if err := r.Regional.EachYear(ctx, p.add); err != nil {
		return err
	}
	return p.close()
}

// regionTables are the layers of the GeoPackage: one per level, a row per region,
// today's figures and the file years side by side.
func (r *Result) regionTables() ([]regionfile.Table, error) {
	g := r.Regional
	set := g.Set.Dissolved()
	var years []*RegionalYear
	for _, year := range FileYears() {
		y, err := g.Year(year, r.Study.Outlook.Scenario)
		if err != nil {
			return nil, err
		}
		years = append(years, y)
	}
	columns := []regionfile.Column{
		{Name: "code", Type: regionfile.Text},
		{Name: "name", Type: regionfile.Text},
		{Name: "level", Type: regionfile.Text},
		{Name: "parent", Type: regionfile.Text},
		{Name: "vintage", Type: regionfile.Integer},
		{Name: "scenario", Type: regionfile.Text},
	}
	var values []func(i int) any
	add := func(name string, value func(i int) float64) {
		columns = append(columns, regionfile.Column{Name: name, Type: regionfile.Real})
		values = append(values, func(i int) any { return value(i) })
	}
	// Figures as they came in, under the names that a study reads: this file can be
	// the regions of another study.
	for _, c := range []struct {
		name  string
		value func(*outlook.Figures) float64
	}{
		{"households", func(f *outlook.Figures) float64 { return f.Households }},
		{"dwellings", func(f *outlook.Figures) float64 { return f.Dwellings }},
		{"dwellings_detached", func(f *outlook.Figures) float64 { return f.Detached }},
		{"dwellings_semi_detached", func(f *outlook.Figures) float64 { return f.SemiDetached }},
		{"dwellings_terraced", func(f *outlook.Figures) float64 { return f.Terraced }},
		{"dwellings_apartment", func(f *outlook.Figures) float64 { return f.Apartment }},
		{"dwellings_with_driveway", func(f *outlook.Figures) float64 { return f.WithDriveway }},
		{"cars", func(f *outlook.Figures) float64 { return f.Cars }},
		{"vans", func(f *outlook.Figures) float64 { return f.Vans }},
	} {
		known := false
		for i := range g.Figures {
			known = known || !math.IsNaN(c.value(&g.Figures[i]))
		}
		if known {
			add(c.name, func(i int) float64 { return c.value(&g.Figures[i]) })
		}
	}
	if g.Schematic {
		add("schematic", func(int) float64 { return 1 })
	}
	if g.CapacityKW != nil {
		add("capacity_kw", func(i int) float64 { return g.CapacityKW[i] })
	}
	for _, c := range g.PotentialColumns() {
		switch c.Name {
		case "adoption", "kw_per_charge_point", "capacity_kw", "evening_peak_kw_without_ev":
			continue // the same in every year, or in the layer already
		}
		for _, y := range years {
			add(c.Name+"_"+strconv.Itoa(y.Year.Year), func(i int) float64 { return round(c.Value(y, i), c.Decimals) })
		}
	}
	var out []regionfile.Table
	for _, level := range g.Set.Levels() {
		t := regionfile.Table{
			Name: "potential_" + string(level), Columns: columns,
			Description: "V2G potential per " + string(level) + ", scenario " + r.Study.Outlook.Scenario + ", study " + r.Study.Name,
		}
		if g.Schematic {
			t.Description += "; " + schematicWarning
		}
		for _, i := range g.Set.OfLevel(level) {
			at := g.InRD(set, i)
			row := regionfile.Row{Geometry: at.Geometry, Values: []any{at.Code, at.Name, string(at.Level), at.Parent, nil, r.Study.Outlook.Scenario}}
			if at.Vintage > 0 {
				row.Values[4] = at.Vintage
			}
			for _, v := range values {
				row.Values = append(row.Values, v(i))
			}
			t.Rows = append(t.Rows, row)
		}
		out = append(out, t)
	}
	return out, nil
}

func (r *Result) writeGeoPackage(path string) error {
	tables, err := r.regionTables()
	if err != nil {
		return err
	}
	return regionfile.WriteGeoPackage(path, tables, time.Now().UTC().Truncate(time.Second))
}

// Scenarios are those of the Parquet files.
func Scenarios() []string { return outlook.Scenarios() }
