package regionfile

import (
	"database/sql"
	"math"
	"path/filepath"
	"strings"
	"testing"

	"github.com/getij/getij/internal/region"
	"github.com/paulmach/orb"
)

// nationalFile writes a small file in the layout of wijkenbuurten_2024_v1.gpkg.
func nationalFile(t testing.TB) string {
	t.Helper()
	figures := []Column{{"water", Text}, {"aantal_inwoners", Integer}, {"woningvoorraad", Integer}, {"percentage_tussenwoning_eengezins", Real}, {"gemiddelde_woningwaarde", Integer}}
	table := func(name string, identity ...string) Table {
		t := Table{Name: name}
		for _, c := range identity {
			t.Columns = append(t.Columns, Column{c, Text})
		}
		t.Columns = append(t.Columns, figures...)
		return t
	}
	square := func(x float64) orb.MultiPolygon { return orb.MultiPolygon{{ring(x, 580000, 1000)}} }
	gemeenten := table("gemeenten", "gemeentecode", "gemeentenaam")
	gemeenten.Rows = []Row{
		{square(233000), []any{"GM0014", "Groningen", "NEE", 300, 100, 21.0, 250}},
		{square(240000), []any{"GM0014", "Groningen", "JA", -99997, -99997, -99997.0, -99997}},
	}
	wijken := table("wijken", "wijkcode", "wijknaam", "gemeentecode", "gemeentenaam")
	wijken.Rows = []Row{{square(233000), []any{"WK001401", "Oud-Zuid", "GM0014", "Groningen", "NEE", 300, -99995, 20.0, 250}}}
	buurten := table("buurten", "buurtcode", "buurtnaam", "wijkcode", "gemeentecode", "gemeentenaam")
	buurten.Rows = []Row{
		{square(233000), []any{"BU00140101", "Noord", "WK001401", "GM0014", "Groningen", "NEE", 200, 60, -99995.0, -99997}},
		{square(234000), []any{"BU00140102", "Zuid", "WK001401", "GM0014", "Groningen", "NEE", 100, -99996, 50.0, nil}},
	}
	path := filepath.Join(t.TempDir(), "wijkenbuurten_2024_v1.gpkg")
	if err := WriteGeoPackage(path, []Table{gemeenten, wijken, buurten}, lastChange); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestNationalLayout(t *testing.T) {
	d := read(t, nationalFile(t), Options{})
	if len(d.Layers) != 3 {
		t.Fatalf("%+v", d.Report)
	}
	for i, want := range []region.Level{region.Gemeente, region.Wijk, region.Buurt} {
		l := d.Layers[i]
		if l.Level != want || l.Vintage != 2024 || l.CRS != region.RDNew || d.Report.Layers[i].NoGeometry != 0 {
			t.Errorf("%+v", d.Report.Layers[i])
		}
	}
	if dropped := d.Report.Layers[0].Dropped; len(dropped) != 1 || dropped[0].Reason != "water" {
		t.Errorf("%+v", dropped)
	}
	if v := values(t, d.Layers[2], "dwellings"); v[0] != 60 || !math.IsNaN(v[1]) {
		t.Error(v)
	}
	if v := values(t, d.Layers[2], "terraced_share"); !math.IsNaN(v[0]) || v[1] != 0.5 {
		t.Error(v)
	}
	set, err := region.NewSet(d.Regions(), region.SetOptions{Names: d.Names})
	if err != nil || set.Len() != 5 || set.Made() != 1 {
		t.Fatal(set, err)
	}
	layers := read(t, nationalFile(t), Options{Level: region.Buurt, Layer: "buurten"})
	set, err = region.NewSet(layers.Regions(), region.SetOptions{Names: layers.Names})
	if err != nil || set.Made() != 3 {
		t.Fatal(set, err)
	}
	if i, _ := set.Index("GM0014"); set.At(i).Name != "Groningen" {
		t.Errorf("%+v", set.At(i))
	}
}

func TestGeoPackageRefuses(t *testing.T) {
	for name, c := range map[string]struct{ change, want string }{
		"other system": {
			"INSERT INTO gpkg_spatial_ref_sys VALUES ('ETRS89 / UTM 31N', 25831, 'EPSG', 25831, '', ''); UPDATE gpkg_geometry_columns SET srs_id = 25831",
			`layer gemeenten: coordinate system 25831 (EPSG 25831, "ETRS89 / UTM 31N"): expected EPSG:28992`,
		},
		"no system":  {"UPDATE gpkg_geometry_columns SET srs_id = 99", "coordinate system 99"},
		"no tables":  {"DROP TABLE gpkg_contents", "gpkg_contents"},
		"no layer":   {"DELETE FROM gpkg_contents", "a layer with a code column"},
		"lost table": {"DROP TABLE wijken", "layer wijken"},
		"bad blob":   {"UPDATE buurten SET geom = x'4750FF' WHERE fid = 2", "layer buurten, row 2: geometry of 3 bytes"},
		"wrong wijk": {"UPDATE buurten SET wijkcode = 'WK001402' WHERE fid = 2", `layer buurten, row 2, field wijkcode: value "WK001402": expected WK001401`},
		"twice":      {"UPDATE gemeenten SET water = 'NEE'", "layer gemeenten, row 2: region GM0014 occurs twice"},
		"negative":   {"UPDATE wijken SET aantal_inwoners = -5", `layer wijken, row 1, field aantal_inwoners: value "-5"`},
	} {
		path := nationalFile(t)
		db, err := sql.Open("sqlite", path)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := db.Exec(c.change); err != nil {
			t.Fatal(err)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		if _, err := Read(t.Context(), path, Options{}); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
