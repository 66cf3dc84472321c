package sample

import (
	"archive/zip"
	"bytes"
	"database/sql"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"
	"github.com/paulmach/orb/geojson"
	_ "modernc.org/sqlite" // the driver

	"github.com/getij/getij/internal/reference/regions"
	"github.com/getij/getij/internal/region"
)

// Made regions are the built-in map's, whose outlines are invented: gemeenten in
// GeoJSON, wijken and the buurten of one gemeente in GeoPackage, dwellings and cars
// of buurten in CSV, each with the columns and the odd rows of the real file.

// Buitenland is the row of CBS's file that is no gemeente.
const Buitenland = "GM0998"

func gemeentenFile() ([]byte, error) {
	m, err := regions.Load()
	if err != nil {
		return nil, err
	}
	all := geojson.NewFeatureCollection()
	add := func(code, name string, shape orb.Geometry, figures map[string]any) {
		f := geojson.NewFeature(shape)
		f.Properties = geojson.Properties{"gemeentecode": code, "gemeentenaam": name, "water": "NEE", "jrstatcode": "2023" + code, "jaar": 2023}
		maps.Copy(f.Properties, figures)
		all.Append(f)
	}
	for i := range m.Gemeenten {
		g := &m.Gemeenten[i]
		add(g.Code, g.Name, g.Polygon, map[string]any{
			"aantalInwoners": g.Inhabitants, "aantalHuishoudens": g.Counts.Households,
			"oppervlakteTotaalInHa": math.Round(region.AreaM2(region.ToRD(g.Polygon)) / 1e4), "stedelijkheidAdressenPerKm2": 1 + i%5,
		})
	}
	add(Buitenland, "Buitenland", orb.Polygon{{{7.5, 53}, {7.6, 53}, {7.6, 53.1}, {7.5, 53}}}, nil)
	return json.Marshal(all)
}

// WijkDwellings is the number of dwellings of a made wijk, its inhabitants are
// twice as many.
func WijkDwellings(w *regions.Wijk) int { return w.Counts.Dwellings() }

func wijkenFile() ([]byte, error) {
	m, err := regions.Load()
	if err != nil {
		return nil, err
	}
	province := map[string]string{}
	for i := range m.Gemeenten {
		province[m.Gemeenten[i].Code] = m.Gemeenten[i].Province
	}
	var rows [][]any
	for i := range m.Wijken {
		w := &m.Wijken[i]
		rows = append(rows, []any{w.Polygon, ofCBS(w.Code), w.Name, province[w.Gemeente], "moderately urbanised", 2 * WijkDwellings(w), 25.0, WijkDwellings(w), 300})
	}
	return geoPackage("NLD_dist_2022_rd", false, rows,
		`"code" TEXT, "name" TEXT, "province" TEXT, "urbanity" TEXT, "population" MEDIUMINT, "pop_25_44" REAL, "dwelling_total" MEDIUMINT, "dwelling_value" MEDIUMINT`)
}

// Ermelo is the gemeente of the made file of buurten.
const Ermelo = "GM0233"

// buurtenFile has borders and no figures, and a buurt of water, which is dropped.
// As delivered it is in SQLite's WAL mode.
func buurtenFile() ([]byte, error) {
	m, err := regions.Load()
	if err != nil {
		return nil, err
	}
	var rows [][]any
	for i := range m.Buurten {
		if b := &m.Buurten[i]; b.Gemeente == Ermelo {
			rows = append(rows, []any{dense(b.Polygon), ofCBS(b.Code), b.Name, ofCBS(b.Wijk), nil, Ermelo, "Ermelo", "NEE", nil, nil, nil, nil, nil, nil, "2021" + ofCBS(b.Code)})
		}
	}
	water := orb.MultiPolygon{{{{5.5, 52.36}, {5.55, 52.36}, {5.55, 52.4}, {5.5, 52.36}}}}
	rows = append(rows, []any{water, "BU02339997", nil, "WK023399", nil, Ermelo, "Ermelo", "JA", nil, nil, nil, nil, nil, nil, "2021BU02339997"})
	return geoPackage("CBS_Buurten", true, rows,
		`"buurtcode" TEXT, "buurtnaam" TEXT, "wijkcode" TEXT, "wijknaam" TEXT, "gemeentecode" TEXT, "gemeentenaam" TEXT, "water" TEXT,
		"stedelijkheid_adressen_per_km2" MEDIUMINT, "aantal_inwoners" MEDIUMINT, "aantal_huishoudens" MEDIUMINT,
		"oppervlakte_totaal_in_ha" MEDIUMINT, "oppervlakte_land_in_ha" MEDIUMINT, "oppervlakte_water_in_ha" MEDIUMINT, "jaarstatcode" TEXT`)
}

// dense adds points to every border, as a surveyed one has; the same to both
// neighbours, whichever way round they have it.
func dense(outline orb.MultiPolygon) orb.MultiPolygon {
	const pieces = 8
	out := orb.MultiPolygon{}
	for _, polygon := range outline {
		var rings orb.Polygon
		for _, ring := range polygon {
			var points orb.Ring
			for i, to := range ring {
				if i > 0 {
					from := ring[i-1]
					for k := 1; k < pieces; k++ {
						a, b, part := from, to, float64(k)/pieces
						if a[0] > b[0] || a[0] == b[0] && a[1] > b[1] {
							a, b, part = b, a, 1-part
						}
						points = append(points, orb.Point{a[0] + part*(b[0]-a[0]), a[1] + part*(b[1]-a[1])})
					}
				}
				points = append(points, to)
			}
			rings = append(rings, points)
		}
		out = append(out, rings)
	}
	return out
}

// geoPackage writes a layer in RD New by the standard (OGC 12-128), with none of
// our own code. The first value of a row is its outline in WGS84.
func geoPackage(layer string, wal bool, rows [][]any, columns string) (content []byte, err error) {
	dir, err := os.MkdirTemp("", "getij-sample-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "a.gpkg")
	db, err := sql.Open("sqlite", path)
	if err != nil {
		return nil, err
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	if wal {
		if _, err := db.Exec(`PRAGMA journal_mode=WAL`); err != nil {
			return nil, err
		}
	}
	if _, err := db.Exec(`
		PRAGMA application_id=0x47504B47;
		BEGIN;
		CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT NOT NULL, srs_id INTEGER PRIMARY KEY, organization TEXT NOT NULL, organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);
		INSERT INTO gpkg_spatial_ref_sys VALUES ('Amersfoort / RD New', 28992, 'EPSG', 28992, 'undefined', NULL);
		CREATE TABLE gpkg_contents (table_name TEXT PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT, description TEXT, last_change DATETIME, min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER);
		INSERT INTO gpkg_contents (table_name, data_type, identifier, srs_id) VALUES ('` + layer + `', 'features', '` + layer + `', 28992);
		CREATE TABLE gpkg_geometry_columns (table_name TEXT, column_name TEXT, geometry_type_name TEXT, srs_id INTEGER, z TINYINT, m TINYINT);
		INSERT INTO gpkg_geometry_columns VALUES ('` + layer + `', 'geom', 'MULTIPOLYGON', 28992, 0, 0);
		CREATE TABLE "` + layer + `" ("fid" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, "geom" MULTIPOLYGON, ` + columns + `)`); err != nil {
		return nil, err
	}
	insert := `INSERT INTO "` + layer + `" VALUES (NULL` + strings.Repeat(", ?", len(rows[0])) + `)`
	for _, row := range rows {
		row[0] = blob(region.ToRD(row[0].(orb.MultiPolygon)))
		if _, err := db.Exec(insert, row...); err != nil {
			return nil, err
		}
	}
	if _, err := db.Exec(`COMMIT`); err != nil {
		return nil, err
	}
	if err := db.Close(); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
}

// blob is a geometry with the header of GeoPackage, its bounding box left out.
func blob(g orb.MultiPolygon) []byte {
	out := binary.LittleEndian.AppendUint32([]byte{'G', 'P', 0, 1}, 28992)
	return append(out, wkb.MustMarshal(g, binary.LittleEndian)...)
}

// ofCBS makes the code of an invented wijk or buurt look like one of CBS.
func ofCBS(code string) string {
	return strings.NewReplacer("XW", "WK", "XB", "BU").Replace(code)
}

// DwellingShares are the shares of a made buurt's dwellings as the file of
// dwellings has them: apartments, terraced, corner, semi-detached, detached.
func DwellingShares(c regions.Counts) [5]float64 {
	n := float64(max(1, c.Dwellings()))
	return [5]float64{float64(c.Apartment) / n, float64(c.Terraced) / n, 0.4 * float64(c.SemiDetached) / n, 0.6 * float64(c.SemiDetached) / n, float64(c.Detached) / n}
}

// InDwellings says whether the made file of dwellings has a gemeente: a third of
// them, as a grid operator's area.
func InDwellings(gemeente int) bool { return gemeente%3 == 0 }

func dwellingsFile() ([]byte, error) {
	m, err := regions.Load()
	if err != nil {
		return nil, err
	}
	in := map[string]bool{}
	for i := range m.Gemeenten {
		in[m.Gemeenten[i].Code] = InDwellings(i)
	}
	b := bytes.NewBufferString("bu_code,name,analysis_year,number_of_residences,number_of_inhabitants,number_of_cars,number_of_buildings," +
		"input_percentage_of_apartments,input_percentage_of_terraced_houses,input_percentage_of_corner_houses,input_percentage_of_semi_detached_houses,input_percentage_of_detached_houses\n")
	for i := range m.Buurten {
		u := &m.Buurten[i]
		if !in[u.Gemeente] {
			continue
		}
		n := u.Counts.Dwellings()
		fmt.Fprintf(b, "%s,%q,2016,%d,%d,%d,%d", ofCBS(u.Code), u.Name, n, 2*n, u.Counts.Cars, n/2)
		for _, s := range DwellingShares(u.Counts) {
			fmt.Fprintf(b, ",%.9f", s)
		}
		b.WriteByte('\n')
	}
	return b.Bytes(), nil
}

// archive and parcels are of other kinds: what reads series, sessions or regions
// must say that they are not.
func archive() ([]byte, error) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.Create("bgt_pand.gml")
	if err != nil {
		return nil, err
	}
	if _, err := w.Write([]byte(`<?xml version="1.0"?><CityModel/>`)); err != nil {
		return nil, err
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

func parcels(b *strings.Builder) {
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?><FeatureCollection xmlns="http://www.opengis.net/wfs/2.0"><member><Perceel/></member></FeatureCollection>` + "\n")
}

// FewGemeenten writes every eighteenth gemeente, of any provincie, with its figures, under
// -short every hundredth: for what every region has, but takes long for all.
func FewGemeenten(t testing.TB) (path string) {
	t.Helper()
	m, err := regions.Load()
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	b.WriteString("code,name,households,dwellings_detached,dwellings_semi_detached,dwellings_terraced,dwellings_apartment,cars,vans\n")
	step := 18
	if testing.Short() {
		step = 100
	}
	for i := 0; i < len(m.Gemeenten); i += step {
		g := &m.Gemeenten[i]
		c := g.Counts
		fmt.Fprintf(&b, "%s,%q,%d,%d,%d,%d,%d,%d,%d\n", g.Code, g.Name, c.Households, c.Detached, c.SemiDetached, c.Terraced, c.Apartment, c.Cars, c.Vans)
	}
	path = filepath.Join(t.TempDir(), "gemeenten.csv")
	if err := os.WriteFile(path, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
