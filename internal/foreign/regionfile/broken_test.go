package regionfile_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/getij/getij/internal/foreign/regionfile"
)

const twoRegions = `{"type":"FeatureCollection","features":[
{"type":"Feature","properties":{"statcode":"GM0001","statnaam":"Een"},"geometry":{"type":"Polygon","coordinates":[[[5,52],[5.1,52],[5.1,52.1],[5,52]]]}},
{"type":"Feature","properties":{"statcode":"GM0002","statnaam":"Twee"},"geometry":{"type":"Polygon","coordinates":[[[5.2,52],[5.3,52],[5.3,52.1],[5.2,52]]]}}]}`

// A byte order mark is no fault; UTF-16 and files that were cut are, in words that
// help.
func TestBrokenFilesAreSaid(t *testing.T) {
	write := func(name, content string) string {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	for _, mark := range []string{"", "\ufeff"} {
		d, err := regionfile.Read(t.Context(), write("a.geojson", mark+twoRegions), regionfile.Options{})
		if err != nil || len(d.Regions()) != 2 {
			t.Errorf("with the mark %q: %v", mark, err)
		}
	}
	wide := "\xff\xfe"
	for _, u := range utf16.Encode([]rune(twoRegions)) {
		wide += string([]byte{byte(u), byte(u >> 8)})
	}
	whole := filepath.Join(t.TempDir(), "whole.gpkg")
	d, err := regionfile.Read(t.Context(), write("a.geojson", twoRegions), regionfile.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := regionfile.WriteGeoPackage(whole, []regionfile.Table{d.Layers[0].Table()}, time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)); err != nil {
		t.Fatal(err)
	}
	gpkg, err := os.ReadFile(whole)
	if err != nil {
		t.Fatal(err)
	}
	if d, err := regionfile.Read(t.Context(), write("u.geojson", wide), regionfile.Options{}); err != nil || len(d.Regions()) != 2 {
		t.Errorf("in UTF-16: %v", err)
	}
	for name, c := range map[string]struct{ content, want string }{
		"b.geojson": {twoRegions[:len(twoRegions)/2], "is it cut off?"},
		"c.geojson": {twoRegions[:len(twoRegions)-1], "is it cut off?"},
		"d.gpkg":    {string(gpkg[:len(gpkg)/2]), "is it cut off?"},
		"e.gpkg":    {string(gpkg[:300]), "is it cut off?"},
	} {
		if _, err := regionfile.Read(t.Context(), write(name, c.content), regionfile.Options{}); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}

// Spreadsheets take zeros from codes: the error says what the code should be.
func TestCodesThatLostTheirZeros(t *testing.T) {
	for content, want := range map[string]string{
		"gm_code,naam,huishoudens\nGM34,Almere,90000\n":         "GM0034",
		"gemeentecode,naam,huishoudens\n363,Amsterdam,500000\n": "GM0363",
	} {
		path := filepath.Join(t.TempDir(), "a.csv")
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := regionfile.Read(t.Context(), path, regionfile.Options{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: %s was expected in the error", err, want)
		}
	}
}
