package regionfile

import (
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/getij/getij/internal/region"
)

func read(t *testing.T, path string, options Options) *Data {
	t.Helper()
	d, err := Read(t.Context(), path, options)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// readText reads text as the content of a file.
func readText(t *testing.T, content string, options Options) (*Data, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "regions.txt")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return Read(t.Context(), path, options)
}

func values(t *testing.T, l Layer, name string) []float64 {
	t.Helper()
	v, ok := l.Values(name)
	if !ok || len(v) != len(l.Regions) {
		t.Fatalf("layer %s: attribute %s has %d values for %d regions", l.Name, name, len(v), len(l.Regions))
	}
	return v
}

func TestColumnTable(t *testing.T) {
	table, err := newColumnTable()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range table.specs {
		if s.Kind == "identity" {
			continue
		}
		first := table.find(s.Attribute)
		if first < 0 || table.specs[first].Attribute != s.Attribute || table.specs[first].DivideBy != 1 {
			t.Errorf("attribute %s is not a column of its own name", s.Attribute)
		}
		if !slices.Contains([]string{"additive", "share", "mean", "class"}, s.Kind) || s.DivideBy <= 0 {
			t.Errorf("%+v", s)
		}
	}
	for column, want := range map[string]string{
		"aantalInwoners": "inhabitants", "AANT_INW": "inhabitants", "AantalInwoners_5": "inhabitants",
		"personenautos_totaal": "cars", "PersonenautoSTotaal_104": "cars", "a_pau": "cars", "aantal personenauto's": "cars",
		"PercentageTweeOnderEenKapWoningEe_43": "semi_detached_share", "P_1GEZW_TW": "terraced_share",
		"stedelijkheidAdressenPerKm2": "urbanity_class", "OPP_LAND": "area_land_ha", "BEDR_AUTO": "commercial_vehicles",
	} {
		if at := table.find(column); at < 0 || table.specs[at].Attribute != want {
			t.Errorf("column %s is not %s", column, want)
		}
	}
	if table.find("gemiddelde_woningwaarde") >= 0 || table.find("") >= 0 {
		t.Error("an unknown column was found")
	}
}

func TestReadCSV(t *testing.T) {
	d := read(t, "testdata/buurten.csv", Options{})
	if len(d.Layers) != 3 || d.Report.Format != "CSV" {
		t.Fatalf("%d layers, %s", len(d.Layers), d.Report.Format)
	}
	gemeenten, wijken, buurten := d.Layers[0], d.Layers[1], d.Layers[2]
	if gemeenten.Level != region.Gemeente || wijken.Level != region.Wijk || buurten.Level != region.Buurt || buurten.Vintage != 2023 {
		t.Error(gemeenten.Level, wijken.Level, buurten.Level, buurten.Vintage)
	}
	if r := buurten.Regions[1]; r.Code != "BU00140100" || r.Name != "Hoornse Wijken; zuid" || r.Parent != "WK001401" || r.Vintage != 2023 {
		t.Errorf("%+v", r)
	}
	if r := gemeenten.Regions[0]; r.Code != "GM0014" || r.Name != "Groningen" {
		t.Errorf("%+v", r)
	}
	if v := values(t, buurten, "inhabitants"); v[0] != 3400 || !math.IsNaN(v[1]) {
		t.Error(v)
	}
	if v := values(t, buurten, "apartment_share"); v[0] != 0.95 || !math.IsNaN(v[1]) {
		t.Error(v)
	}
	if v := values(t, buurten, "cars_per_household"); v[0] != 0.3 {
		t.Error(v)
	}
	for name, missing := range map[string]bool{"households": true, "cars": true, "cars_per_household": true, "dwellings": false} {
		if v := values(t, wijken, name); math.IsNaN(v[0]) != missing {
			t.Errorf("wijk %s: %v", name, v)
		}
	}
	r := d.Report.Layers[2]
	if r.Rows != 2 || r.Regions != 2 || r.NoGeometry != 2 || !slices.Contains(r.Ignored, "iets") {
		t.Errorf("%+v", r)
	}
	for _, c := range r.Columns {
		if want := map[string]int{"inhabitants": 1, "apartment_share": 1}[c.Attribute]; c.Missing != want {
			t.Errorf("%+v", c)
		}
	}
	if d.Names["GM0014"] != "Groningen" {
		t.Error(d.Names)
	}
	only := read(t, "testdata/buurten.csv", Options{Level: region.Wijk})
	if len(only.Layers) != 1 || only.Layers[0].Level != region.Wijk || len(only.Report.Notes) != 1 {
		t.Errorf("%+v", only.Report)
	}
}

func TestReadGeoJSON(t *testing.T) {
	d := read(t, "testdata/wijken_rd.geojson", Options{})
	l := d.Layers[0]
	if len(d.Layers) != 1 || l.Name != "wijken_2024" || l.CRS != region.RDNew || len(l.Regions) != 2 || l.Vintage != 2024 || l.Regions[1].Vintage != 2024 {
		t.Fatalf("%+v", l)
	}
	if a := region.AreaM2(l.Regions[0].Geometry); math.Abs(a-1e6) > 200 {
		t.Errorf("area %v", a)
	}
	if g := l.Regions[1].Geometry; len(g) != 2 || len(g[1][0]) != 4 {
		t.Errorf("%v", g)
	}
	if v := values(t, l, "cars"); !math.IsNaN(v[0]) || v[1] != 4000 {
		t.Error(v)
	}
	r := d.Report.Layers[0]
	if r.Mends.ClosedRings != 1 || len(r.Dropped) != 2 || r.Dropped[0].Reason != "water" || r.Dropped[1].Code != "WK099800" ||
		*r.Extent != [4]float64{233000, 580000, 236100, 581000} || r.CRS != "EPSG:28992" ||
		!slices.Contains(r.Ignored, "gemiddelde_woningwaarde") {
		t.Errorf("%+v", r)
	}
	var text bytes.Buffer
	if err := d.Report.Text(&text); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"wijken_rd.geojson: GeoJSON", "layer wijken_2024: level wijk, boundaries of 2024", "rows 4, regions 2",
		"personenautos_totaal -> cars, missing in 1", "dropped: row 3, WK001402 Oud-West: water", "mended: 1 rings closed",
		"2024 taken from the name wijken_2024",
	} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("the report lacks %q:\n%s", want, text.String())
		}
	}
	data, err := json.Marshal(d.Report)
	if err != nil || !bytes.Contains(data, []byte(`"columns_ignored":["gemiddelde_woningwaarde"]`)) {
		t.Errorf("%s %v", data, err)
	}
	var back Report
	if err := json.Unmarshal(data, &back); err != nil || back.Layers[0].Rows != 4 {
		t.Error(err)
	}
}

func TestReadOwnLevel(t *testing.T) {
	content := "station,omschrijving,dwellings\nZ-7,Zuid,1200\nN-1,Noord,\n"
	d, err := readText(t, content, Options{Level: "onderstation", CodeColumn: "station", NameColumn: "omschrijving"})
	if err != nil {
		t.Fatal(err)
	}
	l := d.Layers[0]
	if l.Level != "onderstation" || l.Regions[0].Code != "Z-7" || l.Regions[1].Name != "Noord" {
		t.Errorf("%+v", l)
	}
	if v := values(t, l, "dwellings"); v[0] != 1200 || !math.IsNaN(v[1]) {
		t.Error(v)
	}
}

func TestReadProvincies(t *testing.T) {
	d, err := readText(t, "code,name,province,households\nGM0014,Groningen,Groningen,1\nGM0080,Leeuwarden,Fryslan,2\n", Options{Vintage: 2023})
	if err != nil {
		t.Fatal(err)
	}
	if d.ProvincieOf["GM0014"] != "PV20" || d.ProvincieOf["GM0080"] != "PV21" || d.Layers[0].Regions[1].Parent != "PV21" {
		t.Error(d.ProvincieOf)
	}
	set, err := region.NewSet(d.Layers[0].Regions, region.SetOptions{ProvincieOf: d.ProvincieOf})
	if err != nil || set.Len() != 5 {
		t.Error(set.Len(), err)
	}
}

func TestReadRefuses(t *testing.T) {
	polygon := `{"type":"Polygon","coordinates":[[[233000,580000],[234000,580000],[234000,581000],[233000,580000]]]}`
	collection := func(properties, geometry string) string {
		return `{"type":"FeatureCollection","features":[{"type":"Feature","properties":` + properties + `,"geometry":` + geometry + `}]}`
	}
	cases := map[string]struct{ content, want string }{
		"empty":           {"", "is empty"},
		"zip":             {"PK\x03\x04....", "unpack it"},
		"shapefile":       {"\x00\x00\x27\x0a....", "ogr2ogr"},
		"xml":             {"<?xml version='1.0'?>", "XML"},
		"binary":          {"abc\x00def", "a binary file"},
		"no database":     {"SQLite format 3\x00 and no more", "is it cut off?"},
		"no code column":  {"naam,woningen\nGroningen,1\n", `value "naam,woningen"`},
		"no rows":         {"code,woningen\n", "no regions found"},
		"bad code":        {"code,woningen\nGM14,1\n", `row 2, field code: value "GM14"`},
		"bad number":      {"code,woningen\nGM0014,veel\n", `row 2, field woningen: value "veel": expected a number`},
		"negative":        {"code,woningen\nGM0014,-5\n", `value "-5": expected a number of at least 0`},
		"field count":     {"code,woningen\nGM0014,1,2\n", "row 2 has 3 columns, the header 2"},
		"quote":           {"code,naam\nGM0014,\"Gron\n", "row 2"},
		"column twice":    {"code,code\nGM0014,1\n", "every column name once"},
		"region twice":    {"code,naam\nGM0014,a\nGM0014,b\n", "row 3: region GM0014 occurs twice"},
		"wrong wijk":      {"bu_code,wk_code\nBU00140102,WK001402\n", `field wk_code: value "WK001402": expected WK001401`},
		"wrong gemeente":  {"bu_code,gm_code\nBU00140102,GM0034\n", "expected GM0014"},
		"wrong year":      {"code,jaar\nGM0014,23\n", "a year such as 2023"},
		"wrong provincie": {"code,provincie\nGM0014,Holland\n", "twelve provincies"},
		"two provincies":  {"code,provincie\nWK001400,Utrecht\nWK001401,Limburg\n", "expected PV26, in which other rows put GM0014"},
		"half json":       {`{"type":"FeatureCollection","features":[`, "a GeoJSON FeatureCollection"},
		"no collection":   {`{"type":"Feature"}`, `type is "Feature"`},
		"no features":     {`{"type":"FeatureCollection"}`, "it has no features"},
		"json code":       {collection(`{"naam":"x"}`, "null"), "a column with CBS codes"},
		"point":           {collection(`{"code":"GM0014"}`, `{"type":"Point","coordinates":[5,52]}`), "expected Polygon or MultiPolygon"},
		"short position":  {collection(`{"code":"GM0014"}`, `{"type":"Polygon","coordinates":[[[5]]]}`), "at least two coordinates"},
		"open ring":       {collection(`{"code":"GM0014"}`, `{"type":"Polygon","coordinates":[[[5,52],[6,52],[6,53],[5,53]]]}`), "region GM0014, polygon 1, ring 1 does not close"},
		"not here":        {collection(`{"code":"GM0014"}`, `{"type":"Polygon","coordinates":[[[52,5],[52,6],[53,6],[52,5]]]}`), "not in the Netherlands"},
		"other crs": {
			`{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::3857"}},"features":[]}`,
			"expected EPSG:28992",
		},
		"late crs": {strings.TrimSuffix(collection(`{"code":"GM0014"}`, polygon), "}") +
			`,"crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:OGC:1.3:CRS84"}}}`, "the crs member before the features"},
	}
	for name, c := range cases {
		_, err := readText(t, c.content, Options{})
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.HasPrefix(err.Error(), "regions.txt") {
			t.Errorf("%s: got %v, expected %q", name, err, c.want)
		}
	}
	// In metres without a crs member: read, and said.
	d, err := readText(t, collection(`{"code":"GM0014"}`, polygon), Options{})
	if err != nil || d.Layers[0].CRS != region.RDNew || len(d.Report.Notes) != 1 {
		t.Errorf("%+v %v", d, err)
	}
	if _, err := Read(t.Context(), filepath.Join(t.TempDir(), "none"), Options{}); !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
}

func TestACoordinateSystemHasManyNames(t *testing.T) {
	inMetres := `{"type":"Polygon","coordinates":[[[233000,580000],[234000,580000],[234000,581000],[233000,580000]]]}`
	inDegrees := `{"type":"Polygon","coordinates":[[[5,52],[6,52],[6,53],[5,52]]]}`
	for name, want := range map[string]region.CRS{
		"EPSG:28992": region.RDNew, "epsg:7415": region.RDNew, "urn:ogc:def:crs:EPSG::28992": region.RDNew,
		"urn:ogc:def:crs:EPSG:9.9.1:28992": region.RDNew, "http://www.opengis.net/def/crs/EPSG/0/28992": region.RDNew,
		"EPSG:4326": region.WGS84, "OGC:CRS84": region.WGS84, "urn:ogc:def:crs:OGC:1.3:CRS84": region.WGS84,
		"EPSG:3857": 0, "EPSG:128992": 0, "EPSG:1:128992": 0,
	} {
		shape := inMetres
		if want == region.WGS84 {
			shape = inDegrees
		}
		d, err := readText(t, `{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"`+name+`"}},
			"features":[{"type":"Feature","properties":{"code":"GM0014"},"geometry":`+shape+`}]}`, Options{})
		switch {
		case want == 0:
			if err == nil || !strings.Contains(err.Error(), "expected EPSG:28992") {
				t.Errorf("%s: %v", name, err)
			}
		case err != nil || d.Layers[0].CRS != want:
			t.Errorf("%s: %v, %+v", name, err, d)
		}
	}
}

// A name comes to pages, tables and maps, where such marks turn around what stands
// beside it or are obeyed.
func TestMarksInNamesAreShown(t *testing.T) {
	const marks, shown = "a\u202eb\u2066c\u001bd\u009be\u200f", `a\u202eb\u2066c\u001bd\u009be\u200f`
	inJSON, err := json.Marshal(marks)
	if err != nil {
		t.Fatal(err)
	}
	for format, text := range map[string]string{
		"CSV":     "code,naam,provincie\nBU00140102," + marks + ",Groningen\n",
		"GeoJSON": `{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"code":"BU00140102","naam":` + string(inJSON) + `},"geometry":null}]}`,
	} {
		d, err := readText(t, text, Options{})
		if err != nil || d.Layers[0].Regions[0].Name != shown {
			t.Errorf("%s: %v, %+v; want the name %s", format, err, d, shown)
		}
	}
	if d, err := readText(t, "code,naam\nBU00140102,Súdwest-Fryslân ’t Zand\n", Options{}); err != nil || d.Layers[0].Regions[0].Name != "Súdwest-Fryslân ’t Zand" {
		t.Errorf("letters are not marks: %v, %+v", err, d)
	}
}

func TestReadPrefersCBSCodes(t *testing.T) {
	d, err := readText(t, "code,buurtcode,wijkcode,woningen\n17,BU00140102,WK001401,5\n", Options{})
	if err != nil || d.Layers[0].Regions[0].Code != "BU00140102" {
		t.Error(d, err)
	}
}

func TestReadLatin1AndByteOrderMark(t *testing.T) {
	d, err := readText(t, "\ufeffcode,naam\nGM0059,Achtkarspelen\n", Options{})
	if err != nil || d.Layers[0].Regions[0].Code != "GM0059" {
		t.Error(err)
	}
	d, err = readText(t, "code\tnaam\nGM1900\tS\xfadwest-Frysl\xe2n\n", Options{})
	if err != nil || d.Layers[0].Regions[0].Name != "Súdwest-Fryslân" || len(d.Report.Notes) != 1 {
		t.Error(d, err)
	}
}

func TestMissingCodes(t *testing.T) {
	for _, v := range []float64{-99990, -99995, -99996, -99997, -99998, -99999, -99997.0, -99999999, -9999, -99999.9} {
		if !missingCode(v) {
			t.Errorf("%v is a missing code", v)
		}
	}
	for _, v := range []float64{0, -1, -9998, -99, 9999, 99997, -10000, -99980} {
		if missingCode(v) {
			t.Errorf("%v is no missing code", v)
		}
	}
}

// In a table of people 110.500 dwellings are as many as a gemeente has.
func TestThousandsOfCountsAreAskedAbout(t *testing.T) {
	for text, want := range map[string]map[string]float64{
		"code;dwellings;cars\nGM0014;110.500;800\n":           {"comma": 110500, "point": 110.5},
		"code,dwellings,cars\nGM0014,\"110,500\",800\n":       {"point": 110500, "comma": 110.5},
		"code;dwellings;cars\nGM0014;1.110.500;800\n":         {"": 1110500, "comma": 1110500},
		"code;dwellings;cars\nGM0014;110500;800\n":            {"": 110500},
		"code;dwellings;detached_share\nGM0014;7;0,125\n":     {"": 7},
		"code;dwellings;cars_per_household\nGM0014;7;1,125\n": {"": 7},
	} {
		if _, err := readText(t, text, Options{}); want[""] == 0 && (err == nil || !strings.Contains(err.Error(), "--decimal point or comma")) {
			t.Errorf("%q: %v", text, err)
		}
		for decimal, dwellings := range want {
			d, err := readText(t, text, Options{Decimal: decimal})
			if err != nil {
				t.Errorf("%q, %s: %v", text, decimal, err)
				continue
			}
			if got, _ := d.Layers[0].Values("dwellings"); got[0] != dwellings {
				t.Errorf("%q, %s: %g dwellings, want %g", text, decimal, got[0], dwellings)
			}
		}
	}
	if _, err := readText(t, "code;dwellings\nGM0014;7\n", Options{Decimal: "dot"}); err == nil {
		t.Error("a mark that is not known was taken")
	}
}
