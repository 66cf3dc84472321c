package site

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/getij/getij/internal/assume"
	"github.com/getij/getij/internal/result"
	"github.com/getij/getij/internal/server"
	"github.com/getij/getij/internal/study"
	"github.com/getij/getij/internal/table"
)

var version = result.Version{Version: "test"}

// kernel stands for what computes in browsers; only a browser runs it.
var kernel = fstest.MapFS{"kernel.wasm.lzma": {Data: []byte("code")}, "wasm_exec.js": {Data: []byte("start")}}

var dashboard = fstest.MapFS{
	"index.html":    {Data: []byte(`<head><link href="/favicon.svg"><script src="/assets/a.js"></script></head><a href="/api/v1/files/report.html"></a>`)},
	"assets/a.js":   {Data: []byte("let a")},
	"favicon.svg":   {Data: []byte("<svg/>")},
	"fonts/f.woff2": {Data: []byte("font")},
}

// made is a small study with a map of its own and its site; they are read alone.
var made = sync.OnceValues(func() (dir string, err error) {
	if dir, err = os.MkdirTemp("", "getij-site"); err != nil {
		return "", err
	}
	var features []string
	add := func(code, level, parent string, west, east float64) {
		features = append(features, fmt.Sprintf(`{"type":"Feature","properties":{"code":%q,"name":"In %s","level":%q,"parent":%q,"dwellings":4000,"dwellings_detached":1500,"cars":5000,"vans":200},
			"geometry":{"type":"Polygon","coordinates":[[[%[5]g,52],[%[6]g,52],[%[6]g,52.1],[%[5]g,52.1],[%[5]g,52]]]}}`, code, code, level, parent, west, east))
	}
	add("W/1", "veld", "", 5.0, 5.1)
	add("Wé<2>", "veld", "", 5.1, 5.2)
	regions := filepath.Join(dir, "regions.geojson")
	if err := os.WriteFile(regions, []byte(`{"type":"FeatureCollection","features":[`+strings.Join(features, ",")+`]}`), 0o600); err != nil {
		return "", err
	}
	s, err := assume.Load("", []string{"study=small", "homes=2", "modes=[regular, v2g]", "data.regions=" + regions})
	if err != nil {
		return "", err
	}
	r, err := study.Run(context.Background(), s, nil)
	if err != nil {
		return "", err
	}
	results := filepath.Join(dir, "results")
	if err := os.Mkdir(results, 0o755); err != nil {
		return "", err
	}
	if err := r.Write(context.Background(), results, version); err != nil {
		return "", err
	}
	if err := addPopulation(results); err != nil {
		return "", err
	}
	_, err = Write(context.Background(), results, filepath.Join(dir, "site"), &Options{Version: version, Dashboard: dashboard, Kernel: kernel})
	return dir, err
})

// addPopulation gives both regions homes of their own that feed in 7 and 8 kW, where the
// average says 9.
func addPopulation(results string) error {
	t := result.PopulationTable()
	rows := t.NewRows(2)
	for i, code := range []string{"W/1", "Wé<2>"} {
		values := []any{code, "In " + code, "veld", "", 2050, "mid", "dynamic", "v2g"}
		for _, c := range t.Columns[len(values):] {
			switch {
			case c.Type == table.Integer:
				values = append(values, 12)
			case c.Type == table.Time:
				values = append(values, time.Date(2024, 1, 2, 3, 0, 0, 0, time.UTC))
			case c.Name == "evening_winter_kw":
				values = append(values, -7-float64(i))
			default:
				values = append(values, -9.0)
			}
		}
		rows.Add(values...)
	}
	return result.AddPopulation(results, &result.PopulationNote{Hash: "test", Homes: 24, Share: 1}, rows)
}

func TestMain(m *testing.M) {
	code := m.Run()
	if dir, err := made(); err == nil {
		os.RemoveAll(dir)
	}
	os.Exit(code)
}

func folder(t *testing.T) string {
	t.Helper()
	dir, err := made()
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

func read(t *testing.T, name ...string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(name...))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestFilesAreWhatTheAPIAnswers(t *testing.T) {
	dir := folder(t)
	s, err := server.New(filepath.Join(dir, "results"), server.Options{Version: version})
	if err != nil {
		t.Fatal(err)
	}
	a := &api{s}
	ask := func(path string) []byte {
		t.Helper()
		b, err := a.get(path)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	about := aboutOf(t, dir)
	query := url.Values{}
	for k, v := range about.Headline {
		query.Set(k, v)
	}
	for path, file := range map[string]string{
		"/study":                      "data/study.json",
		"/profiles":                   "data/profiles.json",
		"/profiles?contract=dynamic":  "data/profiles/dynamic.json",
		"/regions":                    "data/regions.json",
		"/regions?downTo=veld":        "data/regions/veld.json",
		"/points/high/2031.bin":       "data/points/high/2031.bin",
		"/points/mid/2050/veld.bin":   "data/points/mid/2050/veld.bin",
		"/headline?" + query.Encode(): "data/headline.json",
		"/population?contract=dynamic&mode=v2g&season=winter&year=2050": "data/population/dynamic/v2g/2050/winter.json",
		"/headline":               "data/headline.json", // which is what a server says first
		"/files/summary.json":     "files/summary.json",
		"/files/profiles.parquet": "files/profiles.parquet",
	} {
		if want := ask(path); !bytes.Equal(read(t, dir, "site", file), want) || len(want) == 0 {
			t.Errorf("%s is not what %s answers", file, path)
		}
	}
	for _, code := range []string{"W/1", "Wé<2>"} {
		var in map[string]json.RawMessage
		if err := json.Unmarshal(read(t, dir, "site", fmt.Sprintf("data/region/%d.json", shard(code, about.Shards))), &in); err != nil {
			t.Fatal(err)
		}
		if want := bytes.TrimSpace(ask("/regions/" + url.PathEscape(code))); !bytes.Equal(in[code], want) {
			t.Errorf("region %s is %s, not %s", code, in[code], want)
		}
	}
	if got := string(ask("/population?contract=dynamic&mode=v2g&season=winter&year=2050")); !strings.HasPrefix(got, `{"evening_kw":[null,-7,-8],"average_evening_kw":[null,-9,-9]}`) {
		t.Errorf("the regions' own evenings are %s", got)
	}
	if got := string(ask("/regions/W%2F1")); !strings.Contains(got, `"own_homes":[{"contract":"dynamic","mode":"v2g","year":2050,"homes":12,"evening_kw":{"winter":-7,`) {
		t.Errorf("the region is %s", got)
	}
	if _, err := a.get("/population?contract=dynamic&mode=smart&season=winter&year=2050"); err == nil {
		t.Error("a way to charge without own homes is answered")
	}
	var l listed
	if tag, err := a.tag(); err != nil || json.Unmarshal(read(t, dir, "site", listFile), &l) != nil || l.Result != tag || tag == "" {
		t.Errorf("the site is of result %q, the server of %q, %v", l.Result, tag, err)
	}
	if tiles := read(t, dir, "site/tiles/veld.pmtiles"); !bytes.HasPrefix(tiles, []byte("PMTiles\x03")) {
		t.Errorf("tiles begin with %q", tiles[:8])
	}
}

func aboutOf(t *testing.T, dir string) (a About) {
	t.Helper()
	page := string(read(t, dir, "site/index.html"))
	_, rest, _ := strings.Cut(page, `<meta name="getij-site" content="`)
	text, _, found := strings.Cut(rest, `" />`)
	if err := json.Unmarshal([]byte(strings.NewReplacer("&quot;", `"`, "&lt;", "<", "&amp;", "&").Replace(text)), &a); err != nil || !found {
		t.Fatalf("%v: %s", err, page)
	}
	return a
}

// A site lies anywhere: nothing in its page begins at the root of its host.
func TestThePageFindsItsFilesBesideIt(t *testing.T) {
	dir := folder(t)
	page := string(read(t, dir, "site/index.html"))
	for _, want := range []string{`"./assets/a.js"`, `"./favicon.svg"`, `"./files/report.html"`} {
		if !strings.Contains(page, want) {
			t.Errorf("%s is not in %s", want, page)
		}
	}
	if strings.Contains(page, `="/`) {
		t.Errorf("the page names what lies at the root of its host: %s", page)
	}
	if string(read(t, dir, "site/assets/a.js")) != "let a" {
		t.Error("the front end is not whole")
	}
}

func TestASiteTakesThePlaceOfASiteAlone(t *testing.T) {
	dir := folder(t)
	results := filepath.Join(dir, "results")
	o := &Options{Version: version, Dashboard: dashboard, Kernel: kernel, WithoutFiles: true}
	out := t.TempDir()
	if _, err := Write(t.Context(), results, out, &Options{Version: version, Dashboard: dashboard}); err == nil || !strings.Contains(err.Error(), "make build") {
		t.Errorf("a site that computes nothing is written: %v", err)
	}
	if _, err := Write(t.Context(), results, out, o); err != nil {
		t.Fatal("into an empty folder:", err)
	}
	if _, err := os.Stat(filepath.Join(out, "files")); !os.IsNotExist(err) {
		t.Error("files of the result are in a site without them")
	}
	before := read(t, out, listFile)
	own := filepath.Join(out, "CNAME")
	if err := os.WriteFile(own, []byte("v2g.example.org"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Write(t.Context(), results, out, o); err == nil || !strings.Contains(err.Error(), "CNAME") {
		t.Errorf("what is not of the site is lost: %v", err)
	}
	if err := os.Remove(own); err != nil {
		t.Fatal(err)
	}
	if _, err := Write(t.Context(), results, out, o); err != nil {
		t.Error("again:", err)
	}
	if after := read(t, out, listFile); !bytes.Equal(before, after) {
		t.Error("the same results give another site")
	}
	for _, other := range []string{results, dir} {
		if _, err := Write(t.Context(), results, other, o); err == nil || !strings.Contains(err.Error(), "no site that getij wrote") {
			t.Errorf("%s would be overwritten: %v", other, err)
		}
	}
}

// A level is a word of a file that others may have made: no word leads out of the site.
func TestNothingIsWrittenOutsideOfASite(t *testing.T) {
	dir := t.TempDir()
	w := &writer{dir: filepath.Join(dir, "site")}
	for _, level := range []string{"../../../own", "a/../../../own", "..", "/own", ""} {
		if err := w.put("data/regions/"+level+"/x", nil); err == nil {
			t.Errorf("a level %q leads anywhere", level)
		}
	}
	if err := w.put("data/regions/..json", nil); err != nil {
		t.Error(err)
	}
	if found, err := filepath.Glob(filepath.Join(dir, "*")); err != nil || len(found) != 1 {
		t.Errorf("%v were written, %v", found, err)
	}
}

// The page finds a region's file by the same numbers (web/tests/site.test.ts).
func TestRegionsAreSpreadOverFilesAsThePageKnows(t *testing.T) {
	for code, want := range map[string]int{"GM0344": 904, "Wé<2>": 338, "W/1": 246} {
		if got := shard(code, 1000); got != want {
			t.Errorf("%s is in file %d, not %d", code, got, want)
		}
	}
}
