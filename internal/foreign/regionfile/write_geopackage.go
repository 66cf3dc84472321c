package regionfile

import (
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/getij/getij/internal/durable"
	"github.com/getij/getij/internal/region"
)

const (
	gpkgApplicationID = 0x47504B47 // "GPKG"
	gpkgVersion       = 10300      // 1.3.0
)

// gpkgTables makes the tables of OGC 12-128 annex C.
const gpkgTables = `
CREATE TABLE gpkg_spatial_ref_sys (
  srs_name TEXT NOT NULL,
  srs_id INTEGER NOT NULL PRIMARY KEY,
  organization TEXT NOT NULL,
  organization_coordsys_id INTEGER NOT NULL,
  definition TEXT NOT NULL,
  description TEXT);
CREATE TABLE gpkg_contents (
  table_name TEXT NOT NULL PRIMARY KEY,
  data_type TEXT NOT NULL,
  identifier TEXT UNIQUE,
  description TEXT DEFAULT '',
  last_change DATETIME NOT NULL,
  min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE,
  srs_id INTEGER,
  CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));
CREATE TABLE gpkg_geometry_columns (
  table_name TEXT NOT NULL,
  column_name TEXT NOT NULL,
  geometry_type_name TEXT NOT NULL,
  srs_id INTEGER NOT NULL,
  z TINYINT NOT NULL,
  m TINYINT NOT NULL,
  CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name),
  CONSTRAINT uk_gc_table_name UNIQUE (table_name),
  CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
  CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));`

// Definitions of the reference systems as WKT (OGC 01-009), numbers from the EPSG
// dataset.
const (
	wktWGS84 = `GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG","7030"]],` +
		`AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],` +
		`UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],AXIS["Latitude",NORTH],AXIS["Longitude",EAST],AUTHORITY["EPSG","4326"]]`
	wktRDNew = `PROJCS["Amersfoort / RD New",GEOGCS["Amersfoort",DATUM["Amersfoort",` +
		`SPHEROID["Bessel 1841",6377397.155,299.1528128,AUTHORITY["EPSG","7004"]],AUTHORITY["EPSG","6289"]],` +
		`PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],AUTHORITY["EPSG","4289"]],` +
		`PROJECTION["Oblique_Stereographic"],PARAMETER["latitude_of_origin",52.1561605555556],PARAMETER["central_meridian",5.38763888888889],` +
		`PARAMETER["scale_factor",0.9999079],PARAMETER["false_easting",155000],PARAMETER["false_northing",463000],` +
		`UNIT["metre",1,AUTHORITY["EPSG","9001"]],AXIS["Easting",EAST],AXIS["Northing",NORTH],AUTHORITY["EPSG","28992"]]`
)

// WriteGeoPackage writes tables to a GeoPackage in RD New, replacing path only
// when all is written. A table whose rows all lack a border becomes a table of
// attributes. lastChange is the time that the file states for its contents.
func WriteGeoPackage(path string, tables []Table, lastChange time.Time) error {
	for i := range tables {
		if err := tables[i].check(); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
	}
	return durable.Create(path, func(name string) error { return fillGeoPackage(name, tables, lastChange) })
}

func fillGeoPackage(name string, tables []Table, lastChange time.Time) error {
	source, err := sqliteSource(name, "_pragma=journal_mode(off)&_pragma=synchronous(off)")
	if err != nil {
		return err
	}
	db, err := sql.Open("sqlite", source)
	if err != nil {
		return err
	}
	db.SetMaxOpenConns(1) // pragmas hold per connection
	return errors.Join(fillDatabase(db, tables, lastChange), db.Close())
}

func fillDatabase(db *sql.DB, tables []Table, lastChange time.Time) error {
	pragmas := fmt.Sprintf("PRAGMA application_id = %d; PRAGMA user_version = %d;", gpkgApplicationID, gpkgVersion)
	if _, err := db.Exec(pragmas + gpkgTables); err != nil {
		return err
	}
	if _, err := db.Exec(`INSERT INTO gpkg_spatial_ref_sys VALUES
		('Undefined Cartesian SRS', -1, 'NONE', -1, 'undefined', 'undefined Cartesian coordinate reference system'),
		('Undefined geographic SRS', 0, 'NONE', 0, 'undefined', 'undefined geographic coordinate reference system'),
		('WGS 84 geodetic', 4326, 'EPSG', 4326, ?, 'longitude/latitude coordinates in decimal degrees on the WGS 84 spheroid'),
		('Amersfoort / RD New', 28992, 'EPSG', 28992, ?, 'Rijksdriehoeksstelsel: x east and y north in metres')`,
		wktWGS84, wktRDNew); err != nil {
		return err
	}
	for i := range tables {
		if err := fillTable(db, &tables[i], lastChange); err != nil {
			return fmt.Errorf("table %s: %w", tables[i].Name, err)
		}
	}
	return nil
}

func fillTable(db *sql.DB, t *Table, lastChange time.Time) error {
	features := t.extent != nil
	var extent [4]any
	if features {
		for i, v := range t.extent {
			extent[i] = v
		}
	}
	columns, marks := []string{`"fid" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL`}, []string{"?"}
	kind, srs := "attributes", any(nil)
	if features {
		kind, srs = "features", int(region.RDNew)
		columns, marks = append(columns, `"geom" MULTIPOLYGON`), append(marks, "?")
	}
	for _, c := range t.Columns {
		columns, marks = append(columns, quoteName(c.Name)+" "+string(c.Type)), append(marks, "?")
	}
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	defer tx.Rollback() // without effect after Commit
	if _, err := tx.Exec("CREATE TABLE " + quoteName(t.Name) + " (" + strings.Join(columns, ", ") + ")"); err != nil {
		return err
	}
	if _, err := tx.Exec("INSERT INTO gpkg_contents VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", t.Name, kind, t.Name, t.Description,
		lastChange.UTC().Format("2006-01-02T15:04:05.000Z"), extent[0], extent[1], extent[2], extent[3], srs); err != nil {
		return err
	}
	if features {
		if _, err := tx.Exec("INSERT INTO gpkg_geometry_columns VALUES (?, 'geom', 'MULTIPOLYGON', ?, 0, 0)", t.Name, srs); err != nil {
			return err
		}
	}
	insert, err := tx.Prepare("INSERT INTO " + quoteName(t.Name) + " VALUES (" + strings.Join(marks, ", ") + ")")
	if err != nil {
		return err
	}
	defer insert.Close()
	var blob []byte
	err = t.rows(func(i int, r Row) error {
		values := []any{i + 1}
		if features {
			values = append(values, nil)
			if r.Geometry != nil {
				blob = appendGeometry(blob[:0], r.Geometry, int32(region.RDNew))
				values[1] = blob
			}
		}
		for k, v := range r.Values {
			cell, err := t.Columns[k].cell(v)
			if err != nil {
				return err
			}
			values = append(values, cell)
		}
		if _, err := insert.Exec(values...); err != nil {
			return fmt.Errorf("row %d: %w", i+1, err)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return tx.Commit()
}
