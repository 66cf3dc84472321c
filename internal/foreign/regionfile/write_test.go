package regionfile

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/getij/getij/internal/region"
	"github.com/getij/getij/internal/witness"
	"github.com/paulmach/orb"
)

var lastChange = time.Date(2025, 8, 1, 12, 0, 0, 0, time.UTC)

func ring(x, y, side float64) orb.Ring {
	return orb.Ring{{x, y}, {x + side, y}, {x + side, y + side}, {x, y + side}, {x, y}}
}

func sampleLayers() []Layer {
	buurt := func(code, name string, g orb.MultiPolygon) region.Region {
		return region.Region{Code: code, Name: name, Level: region.Buurt, Vintage: 2023, Parent: region.ParentCode(code), Geometry: g}
	}
	nan := math.NaN()
	return []Layer{
		{
			Name: "buurten", Level: region.Buurt, Vintage: 2023, CRS: region.RDNew,
			Regions: []region.Region{
				buurt("BU00140101", `a "b", c`, orb.MultiPolygon{{ring(233000.125, 580000, 1000), ring(233200, 580200, 100.1)}}),
				buurt("BU00140102", "'t Zand", orb.MultiPolygon{{ring(234000.125, 580000, 1000)}, {ring(236000, 580000, 1.0/3)}}),
				buurt("BU00140103", "", nil),
			},
			Attributes: []Attribute{
				{Name: "inhabitants", Additive: true, Values: []float64{10, nan, 0}},
				{Name: "apartment_share", Unit: "1", Values: []float64{0.1, 2.0 / 3, nan}},
			},
		},
		{
			Name: "onderstations", Level: "onderstation", Vintage: 2023,
			Regions:    []region.Region{{Code: "Z-7", Name: "Zuid", Level: "onderstation", Vintage: 2023, Parent: "NL00"}},
			Attributes: []Attribute{{Name: "dwellings", Additive: true, Values: []float64{5}}},
		},
	}
}

func tables(layers []Layer) []Table {
	var ts []Table
	for i := range layers {
		ts = append(ts, layers[i].Table())
	}
	return ts
}

// same compares layers with NaN equal to NaN.
func same(a, b []Layer) bool {
	return fmt.Sprintf("%#v", a) == fmt.Sprintf("%#v", b)
}

func TestGeoPackageRoundTrip(t *testing.T) {
	path := filepath.Join(t.TempDir(), "with space and #.gpkg")
	want := sampleLayers()
	if err := WriteGeoPackage(path, tables(want), lastChange); err != nil {
		t.Fatal(err)
	}
	first, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := WriteGeoPackage(path, tables(want), lastChange); err != nil { // over the old one
		t.Fatal(err)
	}
	second, err := os.ReadFile(path)
	if err != nil || !bytes.Equal(first, second) {
		t.Error("the same tables gave another file", err)
	}
	d := read(t, path, Options{})
	if !same(d.Layers, want) {
		t.Errorf("got  %+v\nwant %+v", d.Layers, want)
	}
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(entries) != 1 {
		t.Errorf("beside the file: %v %v", entries, err)
	}
	one := read(t, path, Options{Layer: "onderstations"})
	if len(one.Layers) != 1 {
		t.Errorf("%+v", one.Report)
	}
	if _, err := Read(t.Context(), path, Options{Layer: "wijken"}); err == nil || !strings.Contains(err.Error(), "layers are buurten, onderstations") {
		t.Error(err)
	}
}

func TestGeoPackageReadOnlyFolder(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "a.gpkg")
	if err := WriteGeoPackage(path, tables(sampleLayers()), lastChange); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path+"-wal", []byte("changes"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Read(t.Context(), path, Options{}); err == nil || !strings.Contains(err.Error(), "-wal") {
		t.Error(err)
	}
}

func TestGeoPackageOpensInGDAL(t *testing.T) {
	ogrinfo := witness.Program(t, "ogrinfo", "gdal-bin")
	path := filepath.Join(t.TempDir(), "regions.gpkg")
	if err := WriteGeoPackage(path, tables(sampleLayers()), lastChange); err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), ogrinfo, "-ro", "-al", path).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, want := range []string{
		"Layer name: buurten", "Layer name: onderstations", "Geometry: Multi Polygon", "Feature Count: 3", "Feature Count: 1",
		"Extent: (233000.125000, 580000.000000) - (236000.333333, 581000.000000)", `ID["EPSG",28992]`, "Geometry Column = geom",
		"code: String", "vintage: Integer64", "inhabitants: Real", `name (String) = a "b", c`, "inhabitants (Real) = (null)", "vintage (Integer64) = 2023",
	} {
		if !strings.Contains(string(out), want) {
			t.Errorf("ogrinfo does not say %q", want)
		}
	}
	for _, bad := range []string{"Warning", "ERROR", "FAILURE"} {
		if strings.Contains(string(out), bad) {
			t.Errorf("ogrinfo says %s", bad)
		}
	}
	if t.Failed() {
		t.Logf("%s", out)
	}
}

func TestGeoPackageHeader(t *testing.T) {
	path := filepath.Join(t.TempDir(), "regions.gpkg")
	if err := WriteGeoPackage(path, tables(sampleLayers()), lastChange); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for query, want := range map[string]string{
		"PRAGMA application_id":  "1196444487",
		"PRAGMA user_version":    "10300",
		"PRAGMA integrity_check": "ok",
		"SELECT group_concat(srs_id) FROM (SELECT srs_id FROM gpkg_spatial_ref_sys ORDER BY srs_id)": "-1,0,4326,28992",
		"SELECT data_type || ' ' || last_change FROM gpkg_contents WHERE table_name = 'buurten'":     "features 2025-08-01T12:00:00.000Z",
		"SELECT data_type FROM gpkg_contents WHERE table_name = 'onderstations'":                     "attributes",
		"SELECT count(*) FROM pragma_foreign_key_check":                                              "0",
	} {
		var got string
		if err := db.QueryRow(query).Scan(&got); err != nil || got != want {
			t.Errorf("%s: %s, expected %s (%v)", query, got, want, err)
		}
	}
}

func TestWriteRefuses(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "out.gpkg")
	column := []Column{{"a", Integer}}
	for name, c := range map[string]struct {
		table Table
		want  string
	}{
		"name":      {Table{Name: "gpkg_x"}, "table name"},
		"no name":   {Table{}, "table name"},
		"column":    {Table{Name: "t", Columns: []Column{{"FID", Text}}}, `column "FID"`},
		"twice":     {Table{Name: "t", Columns: []Column{{"a", Text}, {"A", Text}}}, `column "A"`},
		"type":      {Table{Name: "t", Columns: []Column{{"a", "BLOB"}}}, "TEXT, INTEGER or REAL"},
		"count":     {Table{Name: "t", Columns: column, Rows: []Row{{}}}, "expected 1 values, got 0"},
		"value":     {Table{Name: "t", Columns: column, Rows: []Row{{Values: []any{1.5}}}}, "row 1: column a: value 1.5 (float64): expected a value of type INTEGER"},
		"open ring": {Table{Name: "t", Columns: column, Rows: []Row{{Values: []any{1}, Geometry: orb.MultiPolygon{{ring(0, 0, 9)[:4]}}}}}, "does not close"},
		"table twice": {
			Table{Name: "buurten", Columns: column, Rows: []Row{{Values: []any{1}}}},
			"buurten",
		},
	} {
		ts := []Table{sampleLayers()[0].Table(), c.table}
		if err := WriteGeoPackage(path, ts, lastChange); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if entries, _ := os.ReadDir(folder); len(entries) != 0 {
		t.Errorf("left behind: %v", entries)
	}
	if err := WriteGeoPackage(filepath.Join(folder, "no", "out.gpkg"), nil, lastChange); err == nil {
		t.Error("wrote into a folder that is not there")
	}
}

func TestWriteGeoJSON(t *testing.T) {
	layer := sampleLayers()[0]
	var out bytes.Buffer
	if err := WriteGeoJSON(&out, layer.Table(), 7); err != nil {
		t.Fatal(err)
	}
	if !json.Valid(out.Bytes()) {
		t.Fatalf("%s", out.Bytes())
	}
	d, err := readText(t, out.String(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	got := d.Layers[0]
	if got.CRS != region.WGS84 || len(got.Regions) != 3 || !reflect.DeepEqual(fmt.Sprint(got.Attributes), fmt.Sprint(layer.Attributes)) {
		t.Errorf("%+v", got)
	}
	for i, r := range layer.Regions {
		back := region.ToRD(got.Regions[i].Geometry)
		if math.Abs(region.AreaM2(back)-region.AreaM2(r.Geometry)) > 30 || got.Regions[i].Code != r.Code || got.Regions[i].Name != r.Name {
			t.Errorf("%+v", got.Regions[i])
		}
		for k, polygon := range back {
			for j, ring := range polygon {
				for n, p := range ring {
					if q := r.Geometry[k][j]; !near(p, q) {
						t.Errorf("%s point %d: %v is not on %v", r.Code, n, p, q)
					}
				}
			}
		}
	}
	if o := got.Regions[0].Geometry[0]; o[0].Orientation() != orb.CCW || o[1].Orientation() != orb.CW {
		t.Error("rings do not follow the right-hand rule")
	}
	if err := WriteGeoJSON(&out, layer.Table(), 99); err == nil {
		t.Error("99 decimals")
	}
}

func near(p orb.Point, ring orb.Ring) bool {
	for _, q := range ring {
		if math.Hypot(p[0]-q[0], p[1]-q[1]) < 0.01 {
			return true
		}
	}
	return false
}

// A name may be a formula to a spreadsheet. CSV guards it and is read as it was;
// a GeoPackage holds it as it is.
func TestANameThatIsAFormulaIsTheSameAfterWriting(t *testing.T) {
	names := []string{"=cmd|' /C calc'!A0", "@SUM(A1)", "+1+1", "'s-Gravenhage"}
	table := Table{Name: "zones", Columns: []Column{{"code", Text}, {"naam", Text}, {"level", Text}}}
	for _, name := range names {
		table.Rows = append(table.Rows, Row{Values: []any{"-" + name, name, "zone"}})
	}
	dir := t.TempDir()
	var b bytes.Buffer
	if err := WriteCSV(&b, []Table{table}); err != nil {
		t.Fatal(err)
	}
	if want := "code,naam,level\n'-=cmd|' /C calc'!A0,'=cmd|' /C calc'!A0,zone\n'-@SUM(A1),'@SUM(A1),zone\n'-+1+1,'+1+1,zone\n'-'s-Gravenhage,'s-Gravenhage,zone\n"; b.String() != want {
		t.Errorf("written\n%s\nwant\n%s", b.String(), want)
	}
	csv, gpkg := filepath.Join(dir, "a.csv"), filepath.Join(dir, "a.gpkg")
	if err := errors.Join(os.WriteFile(csv, b.Bytes(), 0o600), WriteGeoPackage(gpkg, []Table{table}, lastChange)); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{csv, gpkg} {
		d := read(t, path, Options{})
		for i, r := range d.Layers[0].Regions {
			if r.Name != names[i] || r.Code != "-"+names[i] {
				t.Errorf("%s: %q is read as %q, %q", path, names[i], r.Code, r.Name)
			}
		}
	}
}
