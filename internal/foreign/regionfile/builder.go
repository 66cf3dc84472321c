package regionfile

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/getij/getij/internal/foreign/table"
	"github.com/getij/getij/internal/region"
	"github.com/getij/getij/internal/userfile"
	"github.com/paulmach/orb"
)

// builder turns rows, from whatever format, into layers.
type builder struct {
	file    string
	options Options
	table   *columnTable
	data    Data
	input   inputLayer
	rows    int               // of all layers
	most    int               // rows
	bytes   int               // of all borders
	mapped  map[string]string // attribute by the column that a person names for it
	met     map[string]bool   // of these columns, those that are in the file
	kept    *borders          // where borders go, see Options.KeepIn
	same    map[string]string // names and parents that many regions have
}

// inputLayer is the layer of the file that is being read. Its rows go to one
// output layer per level.
type inputLayer struct {
	name    string
	crs     region.CRS
	comma   bool // numbers in text may have a decimal comma
	rows    int
	skipped int            // of another level than asked for
	columns map[string]int // place in the column table, -1 for none
	used    map[string]bool
	levels  []*levelLayer
}

type levelLayer struct {
	Layer
	report LayerReport
	values map[int][]float64 // by place in the column table of the attribute's first line
	column map[int]string    // the file's column of each
	bound  orb.Bound
	index  map[string]int
}

// row is one region as a format reader found it. Values are nil, string, float64,
// int64 or bool.
type row struct {
	number   int
	values   map[string]any
	geometry orb.MultiPolygon
}

func newBuilder(file, format string, options Options) (*builder, error) {
	table, err := newColumnTable()
	if err != nil {
		return nil, err
	}
	b := &builder{
		file: file, options: options, table: table, most: mostRegions, mapped: map[string]string{}, met: map[string]bool{}, same: map[string]string{},
		data: Data{ProvincieOf: map[string]string{}, Names: map[string]string{}, Report: Report{File: file, Format: format}},
	}
	if options.Decimal != "" && options.Decimal != "point" && options.Decimal != "comma" {
		return nil, fmt.Errorf("decimals after a %q are not known: point (1.5) or comma (1,5) was expected", options.Decimal)
	}
	for _, attribute := range slices.Sorted(maps.Keys(options.Map)) {
		if _, ok := table.byKey[columnKey(attribute)]; !ok || table.specs[table.find(attribute)].Attribute != attribute {
			return nil, fmt.Errorf("%q is no figure of a region: --map takes %s, such as --map households=HH2023", attribute, strings.Join(table.attributes(), ", "))
		}
		b.mapped[options.Map[attribute]] = attribute
	}
	if options.Most > 0 {
		b.most = options.Most
	}
	if options.KeepIn != "" {
		if b.kept, err = newBorders(options.KeepIn); err != nil {
			return nil, err
		}
		b.data.kept = b.kept
	}
	return b, nil
}

// drop removes what a builder kept, when nothing comes of it.
func (b *builder) drop() error {
	if b == nil {
		return nil
	}
	return b.data.Close()
}

// mostSame bounds the texts that are held once.
const mostSame = 100_000

// own is a text that holds nothing else of its file in memory, and one for all regions
// that have the same.
func (b *builder) own(text string) string {
	if same, ok := b.same[text]; ok {
		return same
	}
	text = strings.Clone(text)
	if len(b.same) < mostSame {
		b.same[text] = text
	}
	return text
}

func (b *builder) note(format string, args ...any) {
	b.data.Report.Notes = append(b.data.Report.Notes, fmt.Sprintf(format, args...))
}

func (b *builder) begin(layer string, crs region.CRS) {
	b.input = inputLayer{name: userfile.Shown(layer), crs: crs, columns: map[string]int{}, used: map[string]bool{}}
}

// known tells whether a column is worth reading at all, and remembers it.
func (b *builder) known(column string) bool {
	at, ok := b.input.columns[column]
	if !ok {
		at = b.table.find(column)
		if attribute, ok := b.mapped[column]; ok {
			at, b.met[column] = b.table.find(attribute), true
		} else if at >= 0 && b.options.Map[b.table.specs[at].Attribute] != "" {
			at = -1 // another column was named for it
		}
		b.input.columns[column] = at
	}
	return at >= 0 || column != "" && (column == b.options.CodeColumn || column == b.options.NameColumn)
}

func (b *builder) fail(r row, field string, value any, want string) error {
	return &Error{File: b.file, Layer: b.input.name, Row: r.number, Field: field, Value: fmt.Sprint(value), Want: want}
}

func (b *builder) failWith(r row, err error) error {
	return &Error{File: b.file, Layer: b.input.name, Row: r.number, Err: err}
}

// identity is what names a row's region.
type identity struct {
	text   map[string]string // identity attributes
	column map[string]string // the columns they came from
}

// number is a figure of a row before it is checked.
type number struct {
	at     int // place in the column table
	column string
	value  any
}

// sort out a row: identity attributes, and per numeric attribute its preferred
// column.
func (b *builder) sort(r row) (identity, map[string]number) {
	id := identity{text: map[string]string{}, column: map[string]string{}}
	from := map[string]int{}
	numbers := map[string]number{}
	for column, value := range r.values {
		if value == nil || !b.known(column) {
			continue
		}
		at := b.input.columns[column]
		attribute, kind := "", ""
		if at >= 0 {
			attribute, kind = b.table.specs[at].Attribute, b.table.specs[at].Kind
		}
		switch column {
		case b.options.CodeColumn:
			attribute, kind, at = "code", "identity", -1
		case b.options.NameColumn:
			attribute, kind, at = "name", "identity", -1
		}
		if kind != "identity" {
			if old, ok := numbers[attribute]; !ok || at < old.at {
				numbers[attribute] = number{at: at, column: column, value: value}
			}
			continue
		}
		text := userfile.Shown(asText(value)) // once, for every page, table and map that names come to
		if text == "" {
			continue
		}
		if old, ok := from[attribute]; !ok || at < old {
			from[attribute], id.text[attribute], id.column[attribute] = at, text, column
		}
	}
	return id, numbers
}

func asText(value any) string {
	switch v := value.(type) {
	case string:
		return strings.TrimSpace(v)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return fmt.Sprint(value)
}

func (b *builder) add(r row) error {
	b.input.rows++
	if b.rows++; b.rows > b.most {
		if b.most == b.options.Most {
			return b.failWith(r, fmt.Errorf("over %d regions, the most that are imported (buurten are 15,000): import a part of the country; a study itself reads up to %d of a file with the columns of docs/regions.md", b.most, mostRegions))
		}
		return b.failWith(r, fmt.Errorf("over %d regions, the most that are read of a file", b.most))
	}
	id, numbers := b.sort(r)
	reg, err := b.region(r, id)
	if err != nil {
		return err
	}
	reg.Geometry = r.geometry
	if b.options.Level != "" && reg.Level != b.options.Level {
		b.input.skipped++
		return nil
	}
	reg.Code, reg.Name, reg.Parent = strings.Clone(reg.Code), b.own(reg.Name), b.own(reg.Parent)
	layer := b.level(reg.Level)
	reg.Level = layer.Level
	layer.report.Rows++
	if reason := b.unwanted(reg, id); reason != "" {
		layer.report.Dropped = append(layer.report.Dropped, Dropped{Row: r.number, Code: reg.Code, Name: reg.Name, Reason: reason})
		return nil
	}
	if first, ok := layer.index[reg.Code]; ok {
		return b.failWith(r, &region.DuplicateError{Code: reg.Code, First: first, Second: len(layer.Regions)})
	}
	layer.index[reg.Code] = len(layer.Regions)
	if err := b.geometry(r, layer, &reg); err != nil {
		return err
	}
	if b.kept != nil {
		var at span
		if reg.Geometry != nil {
			if at, err = b.kept.put(reg.Geometry); err != nil {
				return err
			}
			reg.Geometry = nil
		}
		layer.spans = append(layer.spans, at)
	}
	for attribute, n := range numbers {
		v, err := b.value(r, n)
		if err != nil {
			return err
		}
		layer.set(b.table.byKey[columnKey(attribute)], n.column, v)
	}
	for _, column := range id.column {
		b.input.used[column] = true
	}
	layer.Regions = append(layer.Regions, reg)
	return nil
}

// set stores a value for the region that is about to be appended.
func (l *levelLayer) set(at int, column string, v float64) {
	values := l.values[at]
	for len(values) < len(l.Regions) {
		values = append(values, math.NaN())
	}
	l.values[at] = append(values, v)
	l.column[at] = column
}

func (b *builder) level(level region.Level) *levelLayer {
	for _, l := range b.input.levels {
		if l.Level == level {
			return l
		}
	}
	l := &levelLayer{
		Layer:  Layer{Name: b.input.name, Level: region.Level(strings.Clone(string(level))), Vintage: b.options.Vintage, kept: b.kept},
		report: LayerReport{Layer: b.input.name, Level: level},
		values: map[int][]float64{}, column: map[int]string{}, index: map[string]int{},
	}
	b.input.levels = append(b.input.levels, l)
	return l
}

// geometry mends and checks a row's polygons and widens the layer's extent.
func (b *builder) geometry(r row, layer *levelLayer, reg *region.Region) error {
	if len(reg.Geometry) == 0 {
		reg.Geometry = nil
		layer.report.NoGeometry++
		return nil
	}
	mended, mends := region.Mend(reg.Geometry, b.input.crs)
	layer.report.Mends.Add(mends)
	if err := region.Check(reg.Code, mended, b.input.crs); err != nil {
		return b.failWith(r, err)
	}
	reg.Geometry = mended
	bound := mended.Bound()
	inside := region.InRD
	if b.input.crs == region.WGS84 {
		inside = region.InWGS84
	}
	if !b.options.KeepWater && !(inside(bound.Min) && inside(bound.Max)) {
		return b.failWith(r, fmt.Errorf("region %s spans x %g to %g, y %g to %g, which is not in the Netherlands in %v: "+
			"check the coordinate system and the order of x and y", reg.Code, bound.Min[0], bound.Max[0], bound.Min[1], bound.Max[1], b.input.crs))
	}
	if layer.CRS == 0 {
		layer.CRS, layer.bound = b.input.crs, bound
	} else {
		layer.bound = layer.bound.Union(bound)
	}
	return nil
}

// value reads a figure: missing codes become NaN, units ours.
func (b *builder) value(r row, n number) (float64, error) {
	spec := b.table.specs[n.at]
	var v float64
	switch value := n.value.(type) {
	case float64:
		v = value
	case int64:
		v = float64(value)
	case string:
		value, err := b.unmarked(r, n, spec, value)
		if err != nil {
			return 0, err
		}
		if v, err = table.Number(value, b.input.comma); err != nil {
			return 0, b.fail(r, n.column, value, "a number, or nothing when it is not known")
		}
	default:
		return 0, b.fail(r, n.column, value, "a number, or nothing when it is not known")
	}
	if math.IsNaN(v) || missingCode(v) {
		return math.NaN(), nil
	}
	if v < 0 || math.IsInf(v, 0) {
		return 0, b.fail(r, n.column, n.value, "a number of at least 0, or -99997 and its like for a missing one")
	}
	return v / spec.DivideBy, nil
}

// inThrees is a number of which the mark may stand before thousands or before decimals.
var inThrees = regexp.MustCompile(`^[1-9][0-9]{0,2}[.,][0-9]{3}$`)

// unmarked takes the mark out of counts and capacities such as 110.500, where it stands
// before thousands. Which it is, a person must say.
func (b *builder) unmarked(r row, n number, spec ColumnSpec, text string) (string, error) {
	counts := spec.Kind == "additive" && spec.Unit == "" || spec.Attribute == "capacity_kw"
	if !counts || !inThrees.MatchString(text) {
		return text, nil
	}
	mark := "point"
	if strings.Contains(text, ",") {
		mark = "comma"
	}
	switch b.options.Decimal {
	case "":
		return "", b.fail(r, n.column, text, fmt.Sprintf("a number that leaves no doubt whether its %s stands before thousands or decimals: say which mark stands before decimals with --decimal point or comma", mark))
	case mark:
		return text, nil
	}
	return strings.NewReplacer(".", "", ",", "").Replace(text), nil
}

// missingCode tells whether v is one of CBS's codes for a figure that is not
// given: -99997 (secret or unknown) and its neighbours -99990 to -99999, with
// decimals in some years, and -99999999 in older files.
func missingCode(v float64) bool {
	return v <= -9999 && strings.HasPrefix(strconv.FormatFloat(v, 'f', -1, 64), "-9999")
}

// end closes the layer that begin opened.
func (b *builder) end() {
	var ignored []string
	for _, column := range slices.Sorted(maps.Keys(b.input.columns)) {
		switch at := b.input.columns[column]; {
		case b.input.used[column]:
		case at >= 0 && b.table.specs[at].Kind != "identity" && b.claim(column, at):
		default:
			ignored = append(ignored, column)
		}
	}
	for _, l := range b.input.levels {
		l.report.Ignored = ignored
		b.finishLevel(l)
	}
	if b.input.skipped > 0 {
		b.note("layer %s: %d rows of other levels than %s left out", b.input.name, b.input.skipped, b.options.Level)
	}
	if b.input.rows == 0 {
		b.note("layer %s has no rows", b.input.name)
	}
}

// claim tells whether a column's attribute was read from it at some level. Where
// no column gave the attribute a single value, this one did: all missing, which
// is to be reported too.
func (b *builder) claim(column string, at int) bool {
	place := b.table.byKey[columnKey(b.table.specs[at].Attribute)]
	claimed := false
	for _, l := range b.input.levels {
		if l.column[place] == "" {
			l.column[place], l.values[place] = column, []float64{}
		}
		claimed = claimed || l.column[place] == column
	}
	return claimed
}

func (b *builder) finishLevel(l *levelLayer) {
	for _, at := range slices.Sorted(maps.Keys(l.values)) {
		spec := b.table.specs[at]
		values := l.values[at]
		missing := 0
		for len(values) < len(l.Regions) {
			values = append(values, math.NaN())
		}
		for _, v := range values {
			if math.IsNaN(v) {
				missing++
			}
		}
		l.Attributes = append(l.Attributes, Attribute{Name: spec.Attribute, Unit: spec.Unit, Additive: spec.Kind == "additive", Values: values})
		l.report.Columns = append(l.report.Columns, ColumnUse{Column: l.column[at], Attribute: spec.Attribute, Missing: missing})
	}
	l.Vintage = b.layerVintage(l)
	l.report.Vintage, l.report.Regions = l.Vintage, len(l.Regions)
	if l.CRS != 0 {
		l.report.CRS = l.CRS.String()
		l.report.Extent = &[4]float64{l.bound.Min[0], l.bound.Min[1], l.bound.Max[0], l.bound.Max[1]}
	}
	b.data.Layers = append(b.data.Layers, l.Layer)
	b.data.Report.Layers = append(b.data.Report.Layers, l.report)
}

var yearInName = regexp.MustCompile(`(?:^|[^0-9])((?:19|20)[0-9]{2})(?:[^0-9]|$)`)

// layerVintage is the year of the rows; a year in the layer's or file's name is
// taken when the rows have none.
func (b *builder) layerVintage(l *levelLayer) int {
	year := b.options.Vintage
	for _, r := range l.Regions {
		year = max(year, r.Vintage)
	}
	if year != 0 {
		return year
	}
	for _, name := range []string{l.Name, filepath.Base(b.file)} {
		if m := yearInName.FindStringSubmatch(name); m != nil {
			if y, _ := strconv.Atoi(m[1]); region.ValidVintage(y) {
				b.note("layer %s has no column with the year: %d taken from the name %s", l.Name, y, name)
				for i := range l.Regions {
					l.Regions[i].Vintage = y
				}
				return y
			}
		}
	}
	return 0
}

func (b *builder) finish() (*Data, error) {
	regions := 0
	for _, l := range b.data.Layers {
		regions += len(l.Regions)
	}
	for _, column := range slices.Sorted(maps.Keys(b.mapped)) {
		if !b.met[column] {
			return nil, &Error{File: b.file, Err: fmt.Errorf("no column %q for %s: its columns are %s", column, b.mapped[column], strings.Join(b.columnNames(), ", "))}
		}
	}
	if regions == 0 {
		return nil, &Error{File: b.file, Err: errors.New("no regions found: expected rows with a code; " +
			"check the layer and level asked for")}
	}
	d := b.data // the rest of the builder is large, and goes
	return &d, nil
}
