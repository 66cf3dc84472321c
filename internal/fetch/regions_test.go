package fetch

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// files serves a folder of files by name.
func files(content map[string][]byte) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if text, ok := content[filepath.Base(r.URL.Path)]; ok {
			static(text, `"a"`)(w, r)
			return
		}
		http.NotFound(w, r)
	}
}

func TestRegionsTakeTheBestVersion(t *testing.T) {
	gpkg := geoPackage(4)
	s := newSource(t, files(map[string][]byte{
		"WijkBuurtkaart_2024_v1.zip": zipOf(t, "wijkenbuurten_2024_v1.gpkg", geoPackage(5)),
		"WijkBuurtkaart_2024_v2.zip": zipOf(t, "WijkBuurtkaart_2024_v2/", []byte(nil), mapName, gpkg, "WijkBuurtkaart_2024_v2/leesmij.txt", []byte("x")),
	}))
	b := newBench(t)
	o := b.options("regions", s)
	o.BaseURL += "/files/Wijkenbuurtkaart/"
	r, got := b.fetch(t, o)
	if !bytes.Equal(got, gpkg) {
		t.Error("other bytes came out")
	}
	if r.Content != "WijkBuurtkaart_2024_v2.zip: wijkenbuurten_2024_v2.gpkg" || r.Licence != "CC BY 4.0" || !strings.Contains(r.Attribution, "CBS, Kadaster") || len(r.Notes) > 0 {
		t.Errorf("result %+v", r)
	}
	var asked []string
	for _, q := range s.requests() {
		asked = append(asked, q.URL.Path)
	}
	if want := []string{"/files/Wijkenbuurtkaart/WijkBuurtkaart_2024_v3.zip", "/files/Wijkenbuurtkaart/WijkBuurtkaart_2024_v2.zip"}; !slices.Equal(asked, want) {
		t.Errorf("asked for %q", asked)
	}

	s.refuses = true
	if r, got := b.fetch(t, o); !r.FromCache || !bytes.Equal(got, gpkg) {
		t.Error("not taken from the cache")
	}
}

func TestAddressOfOneFile(t *testing.T) {
	gpkg := geoPackage(4)
	s := newSource(t, files(map[string][]byte{"buurten.gpkg": gpkg, "v0": nil}))
	b := newBench(t)
	o := b.options("regions", s)
	o.BaseURL += "/mirror/buurten.gpkg"
	if r, got := b.fetch(t, o); !bytes.Equal(got, gpkg) || r.Content != "buurten.gpkg" {
		t.Errorf("result %+v", r)
	}
	// What it was fetched as stays readable by its owner's tools.
	if info, err := os.Stat(o.Out); err != nil || info.Mode().Perm() != 0o644 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
}

func TestMapThatIsNowhere(t *testing.T) {
	page := "<!doctype html><title>Niet gevonden</title>"
	for name, answer := range map[string]http.HandlerFunc{
		"404": http.NotFound, "403": status(403, page), "a page that says 200": status(200, page),
	} {
		t.Run(name, func(t *testing.T) {
			s := newSource(t, answer)
			b := newBench(t)
			b.fails(t, b.options("regions", s), "none of the known addresses", "WijkBuurtkaart_2024_v0.zip", "--base-url")
			if n := len(s.requests()); n != 4 {
				t.Errorf("%d requests, want one for each of 4 names", n)
			}
		})
	}
	b := newBench(t)
	o := b.options("regions", newSource(t, status(200, page)))
	o.BaseURL += "/map.zip"
	b.fails(t, o, "web page")
}

// The addresses that are asked for without --base-url.
func TestOfficialAddresses(t *testing.T) {
	b := newBench(t)
	s, err := b.session(Options{What: "regions", Year: 2024, Out: filepath.Join(b.dir, "out")})
	if err != nil {
		t.Fatal(err)
	}
	all, err := s.candidates()
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, u := range all {
		got = append(got, u.String())
	}
	want := []string{
		"https://geodata.cbs.nl/files/Wijkenbuurtkaart/WijkBuurtkaart_2024_v3.zip",
		"https://geodata.cbs.nl/files/Wijkenbuurtkaart/WijkBuurtkaart_2024_v2.zip",
		"https://geodata.cbs.nl/files/Wijkenbuurtkaart/WijkBuurtkaart_2024_v1.zip",
		"https://service.pdok.nl/cbs/wijkenbuurten/2024/atom/downloads/wijkenbuurten_2024.gpkg",
		"https://service.pdok.nl/cbs/wijkenbuurten/2024/atom/downloads/wijkenbuurten_2024_v1.gpkg",
		"https://service.pdok.nl/cbs/wijken-en-buurten-2024/atom/downloads/WijkBuurtkaart_2024_v0.gpkg",
		"https://geodata.cbs.nl/files/Wijkenbuurtkaart/WijkBuurtkaart_2024_v0.zip",
	}
	if !slices.Equal(got, want) {
		t.Errorf("addresses %q", got)
	}
}

func TestMapsThatAreNotOne(t *testing.T) {
	good := geoPackage(4)
	change := func(f func([]byte)) []byte {
		b := slices.Clone(good)
		f(b)
		return b
	}
	whole := zipOf(t, mapName, good)
	for _, c := range []struct {
		name    string
		content []byte
		want    string
	}{
		{"a path that leads out", zipOf(t, mapName, good, "../../../etc/cron.d/x", []byte("x")), "leads out of its folder"},
		{"the map itself leads out", zipOf(t, "../wijkenbuurten_2024_v2.gpkg", good), "leads out of its folder"},
		{"an absolute path", zipOf(t, "/tmp/wijkenbuurten_2024.gpkg", good), "leads out of its folder"},
		{"a path of Windows", zipOf(t, `..\wijkenbuurten_2024.gpkg`, good), "leads out of its folder"},
		{"no GeoPackage", zipOf(t, "buurten_2024.shp", good), "no GeoPackage"},
		{"an empty zip", zipOf(t), "something else than a zip"},
		{"two GeoPackages", zipOf(t, "a.gpkg", good, "b.gpkg", good), "two GeoPackages"},
		{"another year", zipOf(t, "wijkenbuurten_2023_v3.gpkg", good), "the map of 2023"},
		{"a zip cut off", whole[:len(whole)-100], "damaged or cut off"},
		{"a zip whose content is damaged", damaged(whole), "checksum"},
		{"more than it may be", zipBomb(t), "a map of less than"},
		{"something else in the zip", zipOf(t, mapName, []byte("PK not a database")), "something else than a GeoPackage"},
		{"a GeoPackage cut off", good[:len(good)-4096], "12288 bytes, and 16384 by its own header"},
		{"a GeoPackage with more", append(slices.Clone(good), 0), "16385 bytes"},
		{"another database", change(func(b []byte) { copy(b[68:], "\x00\x00\x00\x00") }), "not a GeoPackage"},
		{"only a header", good[:50], "something else than a GeoPackage"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newSource(t, files(map[string][]byte{"map.zip": c.content}))
			b := newBench(t)
			o := b.options("regions", s)
			o.BaseURL += "/map.zip"
			b.fails(t, o, c.want)
			kept, _ := filepath.Glob(filepath.Join(o.Cache, "regions*"))
			if len(kept) > 0 {
				t.Errorf("kept %q", kept)
			}
			if _, err := os.Stat(filepath.Join(b.dir, "wijkenbuurten_2024_v2.gpkg")); err == nil {
				t.Error("a file came out beside its place")
			}
		})
	}
	// A GeoPackage whose number of pages is out of date is not judged by it.
	stale := append(change(func(b []byte) { binary.BigEndian.PutUint32(b[92:], 6) }), make([]byte, 4096)...)
	b := newBench(t)
	o := b.options("regions", newSource(t, files(map[string][]byte{"map.gpkg": stale})))
	o.BaseURL += "/map.gpkg"
	b.fetch(t, o)
}

// damaged changes a byte of the first file in a zip.
func damaged(z []byte) []byte {
	z = slices.Clone(z)
	z[5000] ^= 0xff
	return z
}

// zipBomb says that it holds five gigabytes.
func zipBomb(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.CreateRaw(&zip.FileHeader{Name: mapName, Method: zip.Deflate, UncompressedSize64: 5 << 30, CompressedSize64: 10})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(w, "0123456789"); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
