package regionfile

import (
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/getij/getij/internal/region"
	"github.com/getij/getij/internal/userfile"
	"github.com/paulmach/orb"
)

// changed writes the file of nationalFile with changes of its database.
func changed(t *testing.T, statements ...string) string {
	t.Helper()
	path := nationalFile(t)
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range statements {
		if _, err := db.Exec(s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

// soon fails a test that takes longer than a hostile file may.
func soon(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	t.Cleanup(cancel)
	return ctx
}

// The numbers of a recursive view have no end.
const endless = `WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT 'GM0014' AS code, x AS woningen FROM n`

func TestViewsOfAGeoPackageAreNotRead(t *testing.T) {
	for name, layer := range map[string]string{
		"a recursive view":             `CREATE VIEW evil AS ` + endless,
		"a view of a view":             `CREATE VIEW inner AS ` + endless + `; CREATE VIEW evil AS SELECT * FROM inner`,
		"a view that fills the memory": `CREATE VIEW evil AS SELECT 'GM0014' AS code, hex(zeroblob(1000000000)) AS naam`,
		"a virtual table":              `CREATE VIRTUAL TABLE evil USING fts5(code)`,
	} {
		path := changed(t, layer, `INSERT INTO gpkg_contents (table_name, data_type, identifier, last_change) VALUES ('evil', 'attributes', 'evil', '')`)
		d, err := Read(soon(t), path, Options{})
		if err != nil || len(d.Layers) != 3 || !slices.Contains(d.Report.Notes, "layer evil is no table but a view or the like: not read") {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := Read(soon(t), path, Options{Layer: "evil"}); err == nil || !strings.Contains(err.Error(), "a layer with a code column") {
			t.Errorf("%s alone: %v", name, err)
		}
	}
}

func TestWhatDescribesAGeoPackageIsATableToo(t *testing.T) {
	for table, columns := range map[string]string{
		"gpkg_contents": "code AS table_name, 'features' AS data_type", "gpkg_geometry_columns": "code AS table_name, 'geom' AS column_name, 1 AS srs_id",
		"gpkg_spatial_ref_sys": "x AS srs_id, 'EPSG' AS organization, 28992 AS organization_coordsys_id, '' AS srs_name",
	} {
		path := changed(t, "DROP TABLE "+table, "CREATE VIEW "+table+" AS SELECT "+columns+", woningen AS x FROM ("+endless+")")
		if _, err := Read(soon(t), path, Options{}); err == nil || !strings.Contains(err.Error(), "expected a GeoPackage with tables") || !strings.Contains(err.Error(), "no table "+table) {
			t.Errorf("%s: %v", table, err)
		}
	}
}

// A column may be an expression, which the database would compute for every row.
func TestComputedColumnsAreNotRead(t *testing.T) {
	const table = `CREATE TABLE evil (code TEXT, woningen INTEGER); INSERT INTO evil VALUES ('GM0034', 5)`
	const bomb = `ALTER TABLE evil ADD COLUMN naam TEXT GENERATED ALWAYS AS (hex(zeroblob(400000000))) VIRTUAL`
	const listed = `INSERT INTO gpkg_contents (table_name, data_type, identifier, last_change) VALUES ('evil', 'features', 'evil', '')`
	path := changed(t, table, bomb, listed)
	d, err := Read(soon(t), path, Options{Layer: "evil"})
	if err != nil || d.Layers[0].Regions[0].Name != "" || values(t, d.Layers[0], "dwellings")[0] != 5 {
		t.Fatalf("%v: %+v", err, d)
	}
	if want := "columns of layer evil that are computed by the file are not read: naam"; !slices.Contains(d.Report.Notes, want) {
		t.Errorf("noted %q, want %s", d.Report.Notes, want)
	}
	path = changed(t, table, strings.Replace(bomb, "naam TEXT", "geom BLOB", 1), listed,
		`INSERT INTO gpkg_geometry_columns VALUES ('evil', 'geom', 'MULTIPOLYGON', 28992, 0, 0)`)
	if _, err := Read(soon(t), path, Options{Layer: "evil"}); err == nil || !strings.Contains(err.Error(), "expected a stored column of the layer") {
		t.Errorf("computed borders: %v", err)
	}
	// As the columns of what describes the file.
	path = changed(t, `DROP TABLE gpkg_contents`, `CREATE TABLE gpkg_contents (data_type); INSERT INTO gpkg_contents VALUES ('features')`,
		`ALTER TABLE gpkg_contents ADD COLUMN table_name GENERATED ALWAYS AS (hex(zeroblob(400000000)))`)
	if _, err := Read(soon(t), path, Options{}); err == nil {
		t.Error("computed contents were read")
	}
}

func TestValuesOfAGeoPackageHaveABound(t *testing.T) {
	for column, change := range map[string]string{
		"border": `UPDATE wijken SET geom = zeroblob(67200000)`, "name": `UPDATE wijken SET wijknaam = zeroblob(67200000)`,
	} {
		if _, err := Read(soon(t), changed(t, change), Options{}); err == nil || !strings.Contains(err.Error(), "layer wijken: a value of over 32 MB, the most that is read of one") {
			t.Errorf("%s: %v", column, err)
		}
	}
}

func TestAGeoPackageOfManyTablesIsRefusedBeforeItIsParsed(t *testing.T) {
	path := nationalFile(t)
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	if _, err := db.Exec("PRAGMA writable_schema = ON"); err != nil {
		t.Fatal(err)
	}
	_, err = db.Exec(`WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 20000)
		INSERT INTO sqlite_master SELECT 'view', 'v' || x, 'v' || x, 0, 'CREATE VIEW v' || x || ' AS SELECT 1' FROM n`)
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	if _, err := Read(soon(t), path, Options{}); err == nil || !strings.Contains(err.Error(), "a database of over 10000 tables and indexes, the most that is read") {
		t.Error(err)
	}
}

// rootPage finds where a table begins in the file.
func rootPage(t *testing.T, path, table string) int {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var page int
	if err := db.QueryRow("SELECT rootpage FROM sqlite_master WHERE name = ?", table).Scan(&page); err != nil {
		t.Fatal(err)
	}
	return page
}

// manyRows is a file of a few pages that holds 200^8 rows: pages of which all 200
// parts are one other page.
func manyRows(t *testing.T) string {
	t.Helper()
	path := changed(t, "UPDATE wijken SET water = 'JA'")
	root := rootPage(t, path, "wijken")
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	size := int(binary.BigEndian.Uint16(file[16:]))
	page := func(n int) []byte { return file[(n-1)*size : n*size] }
	leaf := append([]byte(nil), page(root)...)
	add := func(p []byte) uint32 {
		file = append(file, p...)
		return uint32(len(file) / size)
	}
	interior := func(child uint32) []byte {
		p := make([]byte, size)
		p[0] = 5
		const cells = 200
		binary.BigEndian.PutUint16(p[3:], cells)
		binary.BigEndian.PutUint16(p[5:], uint16(size-cells*5))
		binary.BigEndian.PutUint32(p[8:], child)
		for i := range cells {
			at := size - (i+1)*5
			binary.BigEndian.PutUint16(p[12+2*i:], uint16(at))
			binary.BigEndian.PutUint32(p[at:], child)
			p[at+4] = 1 // the key
		}
		return p
	}
	child := add(leaf)
	for range 7 {
		child = add(interior(child))
	}
	copy(page(root), interior(child))
	binary.BigEndian.PutUint32(file[28:], uint32(len(file)/size))
	if err := os.WriteFile(path, file, 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestReadingAGeoPackageEndsWithTheContext(t *testing.T) {
	path := manyRows(t)
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	start := time.Now()
	if _, err := Read(ctx, path, Options{Layer: "wijken"}); !errors.Is(err, context.DeadlineExceeded) || time.Since(start) > 10*time.Second {
		t.Errorf("after %v: %v", time.Since(start), err)
	}
	stopped, stop := context.WithCancel(t.Context())
	stop()
	if _, err := Read(stopped, nationalFile(t), Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("stopped before: %v", err)
	}
}

func TestRowsHaveABound(t *testing.T) {
	b, err := newBuilder("many.gpkg", formatGeoPackage, Options{Layer: "wijken"})
	if err != nil {
		t.Fatal(err)
	}
	if b.most != 1_000_000 {
		t.Errorf("at most %d rows are read, and docs/data.md says 1,000,000", b.most)
	}
	b.most = 1000
	if _, err := readGeoPackage(t.Context(), b, manyRows(t)); err == nil || !strings.Contains(err.Error(), "over 1000 regions, the most that are read of a file") {
		t.Error(err)
	}
}

// A border of a million points is read; it takes memory in proportion.
func TestAnImportHasABoundOfItsOwn(t *testing.T) {
	if _, err := readText(t, "code,level\nA,zone\nB,zone\nC,zone\n", Options{Most: 2}); err == nil || !strings.Contains(err.Error(), "row 4: over 2 regions, the most that are imported") {
		t.Error(err)
	}
}

func TestABorderOfAMillionPoints(t *testing.T) {
	const n = 1_000_000
	circle := make(orb.Ring, 0, n+1)
	for i := range n {
		a := 2 * math.Pi * float64(i) / n
		circle = append(circle, orb.Point{200000 + 50000*math.Cos(a), 500000 + 50000*math.Sin(a)})
	}
	circle = append(circle, circle[0])
	path := filepath.Join(t.TempDir(), "million.gpkg")
	table := Table{Name: "gebied", Columns: []Column{{"code", Text}}, Rows: []Row{{orb.MultiPolygon{{circle}}, []any{"GM0014"}}}}
	if err := WriteGeoPackage(path, []Table{table}, lastChange); err != nil {
		t.Fatal(err)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	d, err := Read(soon(t), path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	if took := (after.TotalAlloc - before.TotalAlloc) >> 20; took > 400 {
		t.Errorf("%d MB were taken for 16 MB of points", took)
	}
	if got := len(d.Layers[0].Regions[0].Geometry[0][0]); got != n+1 {
		t.Errorf("%d points, want %d", got, n+1)
	}
}

func TestParentsInACircleAreRefused(t *testing.T) {
	d, err := readText(t, "code,level,parent\nA,zone,B\nB,zone,A\n", Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := region.NewSet(d.Regions(), region.SetOptions{}); err == nil {
		t.Error("a circle of parents is a tree")
	}
}

func TestRegionFilesBeyondTheirBoundAreRefused(t *testing.T) {
	large := func(name, start string, size int64) string {
		path := filepath.Join(t.TempDir(), name)
		f, err := os.Create(path)
		if err == nil {
			_, err = f.WriteString(start + strings.Repeat(" ", 5000))
		}
		if err := errors.Join(err, f.Truncate(size), f.Close()); err != nil {
			t.Fatal(err)
		}
		return path
	}
	for path, want := range map[string]string{
		large("regions.csv", "code,woningen\n", userfile.MostData+1):     "is larger than 2 GB",
		large("regions.geojson", `{"type":`, userfile.MostData+1):        "is larger than 2 GB",
		large("regions.gpkg", "SQLite format 3\x00", userfile.MostMap+1): "is larger than 4 GB",
		"/dev/zero": "is a device",
	} {
		if _, err := Read(soon(t), path, Options{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", filepath.Base(path), err, want)
		}
	}
	// One feature without end.
	path := filepath.Join(t.TempDir(), "one.geojson")
	text := `{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"naam":"` + strings.Repeat("x", mostFeature) + `"`
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Read(soon(t), path, Options{}); err == nil || !strings.Contains(err.Error(), "a feature of over 32 MB") {
		t.Errorf("an endless feature: %.200v", fmt.Sprint(err))
	}
}
