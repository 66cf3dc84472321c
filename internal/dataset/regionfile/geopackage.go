package regionfile

import (
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/getij/getij/internal/region"
	_ "modernc.org/sqlite" // the database driver "sqlite"
)

// readGeoPackage reads all layers with a recognised code column.
func readGeoPackage(b *builder, path string) error {
	if wal, err := os.Stat(path + "-wal"); err == nil && wal.Size() > 0 {
		return &Error{File: b.file, Want: "a GeoPackage that no program is writing, but beside it lies a -wal file with changes; " +
			"close the program that has it open"}
	}
	// Immutable: SQLite takes no lock and writes no journal beside the file.
	source, err := sqliteSource(path, "mode=ro&immutable=1")
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	db, err := sql.Open("sqlite", source)
	if err != nil {
		return &Error{File: b.file, Err: err}
	}
	defer db.Close()
	layers, err := gpkgLayers(db)
	if err != nil {
		return &Error{File: b.file, Want: "a GeoPackage with tables gpkg_contents, gpkg_geometry_columns and gpkg_spatial_ref_sys", Err: err}
	}
	read := 0
	var names []string
	for _, l := range layers {
		names = append(names, l.name)
		if b.options.Layer != "" && l.name != b.options.Layer {
			continue
		}
		columns, err := gpkgColumns(db, l.name)
		if err != nil {
			return &Error{File: b.file, Layer: l.name, Err: err}
		}
		b.begin(l.name, 0)
		if !b.hasCode(columns) {
			b.note("layer %s has no column with region codes: not read", l.name)
			continue
		}
		if err := readGpkgLayer(b, db, l, columns); err != nil {
			return err
		}
		b.end()
		read++
	}
	if read == 0 {
		return &Error{File: b.file, Want: fmt.Sprintf("a layer with a code column (buurtcode, wijkcode, gemeentecode or code); layers are %s",
			strings.Join(names, ", "))}
	}
	return nil
}

// sqliteSource names a file for SQLite, whatever characters its path holds.
func sqliteSource(path, query string) (string, error) {
	absolute, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	slashes := filepath.ToSlash(absolute)
	if !strings.HasPrefix(slashes, "/") { // C:/...
		slashes = "/" + slashes
	}
	source := url.URL{Scheme: "file", Path: slashes, RawQuery: query}
	return source.String(), nil
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
	srsID          sql.NullInt64
	organization   string
	epsg           int
	srsName        string
}

func gpkgLayers(db *sql.DB) ([]gpkgLayer, error) {
	rows, err := db.Query(`
		SELECT c.table_name, coalesce(g.column_name, ''), g.srs_id,
		       coalesce(s.organization, ''), coalesce(s.organization_coordsys_id, 0), coalesce(s.srs_name, '')
		FROM gpkg_contents c
		LEFT JOIN gpkg_geometry_columns g ON g.table_name = c.table_name
		LEFT JOIN gpkg_spatial_ref_sys s ON s.srs_id = g.srs_id
		WHERE c.data_type IN ('features', 'attributes')
		ORDER BY c.rowid`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var layers []gpkgLayer
	for rows.Next() {
		var l gpkgLayer
		if err := rows.Scan(&l.name, &l.geometry, &l.srsID, &l.organization, &l.epsg, &l.srsName); err != nil {
			return nil, err
		}
		layers = append(layers, l)
	}
	return layers, rows.Err()
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
		"convert it: ogr2ogr -t_srs EPSG:28992 out.gpkg in.gpkg", l.srsID.Int64, l.organization, l.epsg, l.srsName)
}

func gpkgColumns(db *sql.DB, table string) ([]string, error) {
	rows, err := db.Query("SELECT * FROM " + quoteName(table) + " LIMIT 0")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	return columns, errors.Join(err, rows.Err())
}

func quoteName(name string) string {
	return `"` + strings.ReplaceAll(name, `"`, `""`) + `"`
}

func readGpkgLayer(b *builder, db *sql.DB, l gpkgLayer, columns []string) error {
	if l.geometry != "" {
		crs, err := l.crs()
		if err != nil {
			return &Error{File: b.file, Layer: l.name, Err: err}
		}
		b.input.crs = crs
	}
	var wanted, quoted []string
	for _, c := range columns {
		if c != l.geometry && b.known(c) {
			wanted = append(wanted, c)
			quoted = append(quoted, quoteName(c))
		}
	}
	delete(b.input.columns, "fid")
	delete(b.input.columns, l.geometry)
	if l.geometry != "" {
		quoted = append(quoted, quoteName(l.geometry))
	}
	rows, err := db.Query("SELECT " + strings.Join(quoted, ", ") + " FROM " + quoteName(l.name) + " ORDER BY rowid")
	if err != nil {
		return &Error{File: b.file, Layer: l.name, Err: err}
	}
	defer rows.Close()
	cells := make([]any, len(wanted))
	into := make([]any, 0, len(quoted))
	for i := range cells {
		into = append(into, &cells[i])
	}
	var blob sql.RawBytes
	if l.geometry != "" {
		into = append(into, &blob)
	}
	for n := 1; rows.Next(); n++ {
		if err := rows.Scan(into...); err != nil {
			return &Error{File: b.file, Layer: l.name, Row: n, Err: err}
		}
		r := row{number: n, values: make(map[string]any, len(wanted))}
		for i, c := range wanted {
			r.values[c] = cells[i]
			if text, ok := cells[i].([]byte); ok {
				r.values[c] = string(text)
			}
		}
		if len(blob) > 0 {
			mp, _, err := parseGeometry(blob)
			if err != nil {
				return b.failWith(r, err)
			}
			r.geometry = mp
		}
		if err := b.add(r); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return &Error{File: b.file, Layer: l.name, Err: err}
	}
	return nil
}
