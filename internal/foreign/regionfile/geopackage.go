package regionfile

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/getij/getij/internal/region"
	"github.com/getij/getij/internal/userfile"
)

// readGeoPackage reads all layers with a recognised code column, and gives the
// file's sha256.
func readGeoPackage(ctx context.Context, b *builder, path string) (sum string, err error) {
	if wal, err := os.Stat(path + "-wal"); err == nil && wal.Size() > 0 {
		return "", &Error{File: b.file, Want: "a GeoPackage that no program is writing, but beside it lies a -wal file with changes; " +
			"close the program that has it open"}
	}
	d, err := openDatabase(ctx, path)
	if err != nil {
		return "", b.databaseError("", err)
	}
	defer func() { err = errors.Join(err, d.close()) }()
	layers, err := gpkgLayers(d)
	if err != nil {
		return "", b.databaseError("", err)
	}
	read := 0
	var names []string
	for _, l := range layers {
		names = append(names, l.name)
		if b.options.Layer != "" && l.name != b.options.Layer {
			continue
		}
		if d.computed(l.name) {
			b.note("layer %s is no table but a view or the like: not read", l.name)
			continue
		}
		columns, computed, err := d.columns(l.name)
		if err == nil && len(columns) == 0 {
			err = errors.New("gpkg_contents lists it, but there is no such table")
		}
		if err != nil {
			return "", b.databaseError(l.name, err)
		}
		b.begin(l.name, 0)
		if !b.hasCode(columns) {
			b.note("layer %s has no column with region codes: not read", l.name)
			continue
		}
		if len(computed) > 0 {
			b.note("columns of layer %s that are computed by the file are not read: %s", l.name, strings.Join(computed, ", "))
		}
		if err := readGpkgLayer(b, d, l, columns); err != nil {
			return "", err
		}
		b.end()
		read++
	}
	if read == 0 {
		return "", &Error{File: b.file, Want: fmt.Sprintf("a layer with a code column (buurtcode, wijkcode, gemeentecode or code); layers are %s",
			strings.Join(names, ", "))}
	}
	f, err := userfile.Open(ctx, path, userfile.MostMap)
	if err != nil {
		return "", err
	}
	defer f.Close()
	return f.SHA256()
}

// databaseError is an error of the database, with its place.
func (b *builder) databaseError(layer string, err error) error {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	e := &Error{File: b.file, Layer: layer, Err: err}
	if strings.HasPrefix(err.Error(), "no table gpkg_") {
		e.Want = "a GeoPackage with tables gpkg_contents, gpkg_geometry_columns and gpkg_spatial_ref_sys"
	}
	return e
}

func (b *builder) hasCode(columns []string) bool {
	for _, c := range columns {
		if c == b.options.CodeColumn && c != "" {
			return true
		}
		if b.known(c) && b.input.columns[c] >= 0 {
			a := b.table.specs[b.input.columns[c]].Attribute
			if a == "code" || strings.HasSuffix(a, "_code") && a != "vintage_code" {
				return true
			}
		}
	}
	return false
}

// gpkgLayer is a table of regions, with its geometry column if it has one.
type gpkgLayer struct {
	name, geometry string
	srsID          int64
	organization   string
	epsg           int64
	srsName        string
}

// mostLayers bounds the tables that describe others.
const mostLayers = 1000

func gpkgLayers(d *database) ([]gpkgLayer, error) {
	describe := func(table string, columns []string, each func([]any)) error {
		n := 0
		return d.rows(table, columns, func(cells []any) error {
			if n++; n > 10*mostLayers {
				return fmt.Errorf("%s has over %d rows", table, 10*mostLayers)
			}
			each(cells)
			return nil
		})
	}
	var layers []gpkgLayer
	err := describe("gpkg_contents", []string{"table_name", "data_type"}, func(cells []any) {
		if kind := asText(cells[1]); kind == "features" || kind == "attributes" {
			layers = append(layers, gpkgLayer{name: asText(cells[0])})
		}
	})
	if err == nil && len(layers) > mostLayers {
		err = fmt.Errorf("%d layers: at most %d are read", len(layers), mostLayers)
	}
	if err != nil {
		return nil, err
	}
	err = describe("gpkg_geometry_columns", []string{"table_name", "column_name", "srs_id"}, func(cells []any) {
		for i := range layers {
			if l := &layers[i]; l.name == asText(cells[0]) {
				l.geometry = asText(cells[1])
				l.srsID, _ = cells[2].(int64)
			}
		}
	})
	if err != nil {
		return nil, err
	}
	return layers, describe("gpkg_spatial_ref_sys", []string{"srs_id", "organization", "organization_coordsys_id", "srs_name"}, func(cells []any) {
		for i := range layers {
			if l := &layers[i]; l.geometry != "" && cells[0] == l.srsID {
				l.organization, l.srsName = asText(cells[1]), asText(cells[3])
				l.epsg, _ = cells[2].(int64)
			}
		}
	})
}

// crs recognises the two reference systems that are read. EPSG:7415 is RD New
// with heights, which are left out.
func (l gpkgLayer) crs() (region.CRS, error) {
	if strings.EqualFold(l.organization, "EPSG") {
		switch l.epsg {
		case 28992, 7415:
			return region.RDNew, nil
		case 4326:
			return region.WGS84, nil
		}
	}
	return 0, fmt.Errorf("coordinate system %d (%s %d, %q): expected EPSG:28992 (RD New) or EPSG:4326 (WGS84); "+
		"convert it: ogr2ogr -t_srs EPSG:28992 out.gpkg in.gpkg", l.srsID, l.organization, l.epsg, l.srsName)
}

func readGpkgLayer(b *builder, d *database, l gpkgLayer, columns []string) error {
	if i := slices.IndexFunc(columns, func(c string) bool { return strings.EqualFold(c, l.geometry) }); i >= 0 {
		l.geometry = columns[i]
	} else if l.geometry != "" {
		return &Error{File: b.file, Layer: l.name, Field: "column_name", Value: l.geometry, Want: "a stored column of the layer, as the place of its borders"}
	}
	var wanted []string
	for _, c := range columns {
		if c != l.geometry && b.known(c) {
			wanted = append(wanted, c)
		}
	}
	delete(b.input.columns, "fid")
	delete(b.input.columns, l.geometry)
	read := wanted
	if l.geometry != "" {
		crs, err := l.crs()
		if err != nil {
			return &Error{File: b.file, Layer: l.name, Err: err}
		}
		b.input.crs = crs
		read = append(slices.Clone(wanted), l.geometry)
	}
	n := 0
	var inRow error
	err := d.rows(l.name, read, func(cells []any) error {
		n++
		r := row{number: n, values: make(map[string]any, len(wanted))}
		for i, c := range wanted {
			r.values[c] = cells[i]
			if text, ok := cells[i].([]byte); ok {
				r.values[c] = string(text)
			}
		}
		inRow = b.addRow(r, cells[len(wanted):])
		return inRow
	})
	if err != nil && err != inRow {
		return b.databaseError(l.name, err)
	}
	return inRow
}

// addRow adds a row with its border, if it has one.
func (b *builder) addRow(r row, border []any) error {
	if len(border) > 0 && border[0] != nil {
		blob, ok := border[0].([]byte)
		if !ok {
			return b.failWith(r, fmt.Errorf("geometry is %T: expected a GeoPackage geometry, which begins with GP", border[0]))
		}
		if b.bytes += len(blob); b.bytes > userfile.MostData {
			return b.failWith(r, fmt.Errorf("borders of over %d GB, the most that is read: simplify them, or take fewer", userfile.MostData>>30))
		}
		mp, _, err := parseGeometry(blob)
		if err != nil {
			return b.failWith(r, err)
		}
		r.geometry = mp
	}
	return b.add(r)
}
