package server_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/mvt"
	"github.com/paulmach/orb/maptile"

	"github.com/getij/getij/dispatch"
	"github.com/getij/getij/internal/assume"
	"github.com/getij/getij/internal/result"
	"github.com/getij/getij/internal/server"
)

// results are those of a small reference study, run once for all tests by the
// program itself: without race detection the files of all regions take seconds.
var results = sync.OnceValues(func() (*result.Result, error) {
	parent, err := os.MkdirTemp("", "getij-server")
	if err != nil {
		return nil, err
	}
	program, dir := filepath.Join(parent, "getij"), filepath.Join(parent, "small")
	build := exec.Command("go", "build", "-trimpath", "-o", program, "github.com/getij/getij/cmd/getij")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	run := exec.Command(program, "run", "--quiet", "--out", dir, "--set", "study=small", "--set", "data.regions=schematic", "--set", "homes=3", "--set", "modes=[regular, smart, v2g]")
	for _, c := range []*exec.Cmd{build, run} {
		if out, err := c.CombinedOutput(); err != nil {
			return nil, fmt.Errorf("%v: %w: %s", c, err, out)
		}
	}
	return result.Open(dir)
})

func TestMain(m *testing.M) {
	code := m.Run()
	if f, err := results(); err == nil {
		os.RemoveAll(filepath.Dir(f.Dir))
	}
	os.Exit(code)
}

func newServer(t testing.TB, o server.Options) *server.Server {
	t.Helper()
	f, err := results()
	if err != nil {
		t.Fatal(err)
	}
	return newServerOf(t, f.Dir, o)
}

// shared is one server for tests that change nothing; quiet is another, which is asked
// what it is meant to be asked alone.
func shared(t testing.TB) *server.Server { t.Helper(); return sharedServer.of(t) }
func quiet(t testing.TB) *server.Server  { t.Helper(); return quietServer.of(t) }

type once struct {
	sync.Once
	server *server.Server
}

var sharedServer, quietServer once

func (o *once) of(t testing.TB) *server.Server {
	t.Helper()
	o.Do(func() { o.server = newServer(t, server.Options{}) })
	return o.server
}

func get(t testing.TB, h http.Handler, path string, header ...string) *httptest.ResponseRecorder {
	t.Helper()
	return do(h, http.MethodGet, path, nil, header...)
}

func do(h http.Handler, method, path string, body io.Reader, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, body)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	if r.Host == "example.com" {
		r.Host = "127.0.0.1:8080"
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func getJSON[T any](t testing.TB, h http.Handler, path string) *T {
	t.Helper()
	w := get(t, h, path)
	if w.Code != http.StatusOK || !strings.HasPrefix(w.Header().Get("Content-Type"), "application/json") {
		t.Fatalf("%s: %d %s: %s", path, w.Code, w.Header().Get("Content-Type"), w.Body)
	}
	v := new(T)
	if err := json.Unmarshal(w.Body.Bytes(), v); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return v
}

type problem struct {
	Status int    `json:"status"`
	Detail string `json:"detail"`
	Errors []struct {
		Location string `json:"location"`
		Message  string `json:"message"`
		Value    any    `json:"value"`
	} `json:"errors"`
}

// refused asserts an answer in problem+json.
func refused(t testing.TB, w *httptest.ResponseRecorder, status int, detail string) *problem {
	t.Helper()
	p := new(problem)
	if w.Code != status || w.Header().Get("Content-Type") != "application/problem+json" {
		t.Fatalf("%d %s: %s, want %d as problem+json", w.Code, w.Header().Get("Content-Type"), w.Body, status)
	}
	if err := json.Unmarshal(w.Body.Bytes(), p); err != nil || p.Status != status {
		t.Fatalf("%v: %s", err, w.Body)
	}
	if p.Detail != detail {
		t.Errorf("\n got %s\nwant %s", p.Detail, detail)
	}
	return p
}

func TestTheStudyIsThatOfTheFolder(t *testing.T) {
	f, err := results()
	if err != nil {
		t.Fatal(err)
	}
	a := getJSON[struct {
		Summary     result.Summary         `json:"summary"`
		Assumptions []struct{ Key string } `json:"assumptions"`
		Levels      []struct {
			Level    string `json:"level"`
			Regions  int    `json:"regions"`
			Outlines bool   `json:"outlines"`
		} `json:"levels"`
		Schematic bool      `json:"schematic_map"`
		Synthetic []string  `json:"synthetic_inputs"`
		Notes     []string  `json:"notes"`
		Bounds    []float64 `json:"bounds"`
		Files     []string  `json:"files"`
	}](t, shared(t), "/api/v1/study")
	want, err := json.Marshal(f.Summary)
	if err != nil {
		t.Fatal(err)
	}
	if got, _ := json.Marshal(a.Summary); !bytes.Equal(got, want) {
		t.Errorf("the summary is not that of summary.json")
	}
	if len(a.Assumptions) != len(f.Study.Used()) || len(a.Notes) == 0 || !a.Schematic || len(a.Synthetic) != 4 {
		t.Errorf("%d assumptions, %d notes, schematic %v, synthetic %v", len(a.Assumptions), len(a.Notes), a.Schematic, a.Synthetic)
	}
	counts := ""
	for _, l := range a.Levels {
		counts += fmt.Sprintf("%s %d %v, ", l.Level, l.Regions, l.Outlines)
	}
	if counts != "land 1 true, provincie 12 true, gemeente 342 true, wijk 1759 true, buurt 13934 true, " {
		t.Errorf("levels: %s", counts)
	}
	if b := a.Bounds; len(b) != 4 || b[0] < 3 || b[1] < 50.5 || b[2] > 7.5 || b[3] > 53.8 {
		t.Errorf("bounds %v are not those of the Netherlands", b)
	}
	for _, name := range []string{"summary.json", "potential.gpkg", "figures/heatmap.svg"} {
		if !strings.Contains(strings.Join(a.Files, " "), name) {
			t.Errorf("files lack %s: %v", name, a.Files)
		}
	}
}

type dayAnswer struct {
	Start string    `json:"utc_start"`
	Local []string  `json:"local_time"`
	Load  []float64 `json:"home_load_kw"`
	Cases []struct {
		Mode string    `json:"mode"`
		KW   []float64 `json:"kw"`
	} `json:"cases"`
}

func TestADayHas92QuartersInMarchAnd100InOctober(t *testing.T) {
	f, err := results()
	if err != nil {
		t.Fatal(err)
	}
	for date, quarters := range map[string]int{"2024-03-31": 92, "2024-06-15": 96, "2024-10-27": 100, "2024-01-01": 96, "2024-12-31": 96} {
		a := getJSON[dayAnswer](t, shared(t), "/api/v1/profiles/days/"+date)
		if len(a.Local) != quarters || len(a.Load) != quarters || len(a.Cases) != len(f.Cases) || len(a.Cases[0].KW) != quarters {
			t.Errorf("%s: %d times, %d loads, %d cases", date, len(a.Local), len(a.Load), len(a.Cases))
		}
		if a.Local[0] != "00:00" || a.Local[quarters-1] != "23:45" {
			t.Errorf("%s runs from %s to %s", date, a.Local[0], a.Local[quarters-1])
		}
	}
	a := getJSON[dayAnswer](t, shared(t), "/api/v1/profiles/days/2024-01-02")
	for i, c := range a.Cases {
		if got, want := c.KW[70], f.Cases[i].KW[96+70]; math.Abs(got-want) > 5e-5 {
			t.Errorf("case %d at 17:30 of 2 January: %g kW, the folder has %g", i, got, want)
		}
	}
	refused(t, get(t, shared(t), "/api/v1/profiles/days/2023-01-02"), 404, "date: the study's year is 2024")
	if p := refused(t, get(t, shared(t), "/api/v1/profiles/days/2024-02-30"), 400, "validation failed"); p.Errors[0].Location != "path.date" {
		t.Errorf("%+v", p)
	}
}

func TestProfilesAreTheTablesByMonth(t *testing.T) {
	f, err := results()
	if err != nil {
		t.Fatal(err)
	}
	a := getJSON[struct {
		Cases []struct {
			Contract, Mode string
			ByMonth        [][]float64 `json:"kw_by_month"`
			ByWeek         []float64   `json:"kw_by_week"`
			Evening        []float64   `json:"homes_evening_kw"`
			Coincidence    []struct {
				Homes int `json:"homes"`
			} `json:"coincidence"`
		} `json:"cases"`
	}](t, shared(t), "/api/v1/profiles")
	for i, c := range a.Cases {
		table := f.Axis.ByMonth(f.Cases[i].KW)
		if len(c.ByMonth) != 12 || len(c.ByWeek) != 672 || len(c.Evening) != 3 || len(c.Coincidence) != 10 {
			t.Fatalf("%s %s: %d months, %d quarters of the week, %d homes, %d groups", c.Contract, c.Mode, len(c.ByMonth), len(c.ByWeek), len(c.Evening), len(c.Coincidence))
		}
		for m := range table {
			for q, want := range table[m] {
				if math.Abs(c.ByMonth[m][q]-want) > 5.001e-5 {
					t.Fatalf("%s %s, month %d, quarter %d: %g kW, want %g", c.Contract, c.Mode, m+1, q, c.ByMonth[m][q], want)
				}
			}
		}
	}
}

type regionsAnswer struct {
	Code      []string   `json:"code"`
	Name      []string   `json:"name"`
	Level     []int      `json:"level"`
	Levels    []string   `json:"levels"`
	Parent    []int      `json:"parent"`
	Lon       []*float64 `json:"lon"`
	Dwellings []float64  `json:"dwellings"`
}

func TestRegionsFormATreeThatAddsUp(t *testing.T) {
	a := getJSON[regionsAnswer](t, shared(t), "/api/v1/regions")
	if len(a.Code) != 16048 || a.Code[0] != "NL00" || a.Parent[0] != -1 {
		t.Fatalf("%d regions, the first is %s in %d", len(a.Code), a.Code[0], a.Parent[0])
	}
	sums := make([]float64, len(a.Code))
	for i := len(a.Code) - 1; i > 0; i-- {
		if p := a.Parent[i]; p < 0 || p >= i || a.Level[p] >= a.Level[i] {
			t.Fatalf("%s (%s) lies in number %d", a.Code[i], a.Levels[a.Level[i]], p)
		}
		if sums[i] == 0 {
			sums[i] = a.Dwellings[i]
		}
		if math.Abs(sums[i]-a.Dwellings[i]) > 1e-3 {
			t.Fatalf("%s has %.3f dwellings, its parts %.3f", a.Code[i], a.Dwellings[i], sums[i])
		}
		sums[a.Parent[i]] += sums[i]
		if a.Lon[i] == nil {
			t.Errorf("%s has no place", a.Code[i])
		}
	}
}

func TestPointsAreThoseOfTheRegions(t *testing.T) {
	s := shared(t)
	a := getJSON[struct {
		Number  int    `json:"number"`
		Name    string `json:"name"`
		Parents []struct{ Code string }
		Near    []struct{ Code, Level string }
		Years   []int `json:"years"`
		Chain   map[string]struct {
			Points []float64 `json:"home_charge_points"`
			Cars   []float64 `json:"home_charge_points_cars"`
			Vans   []float64 `json:"home_charge_points_vans"`
		} `json:"chain"`
	}](t, s, "/api/v1/regions/GM0344")
	if a.Name != "Utrecht" || len(a.Years) != 26 || a.Years[0] != 2025 || len(a.Near) != 5 || a.Near[0].Level != "gemeente" {
		t.Fatalf("%+v", a)
	}
	if len(a.Parents) != 2 || a.Parents[0].Code != "PV26" || a.Parents[1].Code != "NL00" {
		t.Errorf("Utrecht lies in %v", a.Parents)
	}
	n := len(getJSON[regionsAnswer](t, s, "/api/v1/regions").Code)
	for scenario, chain := range a.Chain {
		w := get(t, s, "/api/v1/points/"+scenario+".bin")
		if w.Code != 200 || w.Body.Len() != 4*26*n {
			t.Fatalf("%s: %d, %d bytes, want %d", scenario, w.Code, w.Body.Len(), 4*26*n)
		}
		for y := range a.Years {
			bits := binary.LittleEndian.Uint32(w.Body.Bytes()[4*(y*n+a.Number):])
			if got := float64(math.Float32frombits(bits)); math.Abs(got-chain.Points[y]) > 1e-3*chain.Points[y] {
				t.Errorf("%s %d: %g points, the chain has %g", scenario, a.Years[y], got, chain.Points[y])
			}
			if math.Abs(chain.Cars[y]+chain.Vans[y]-chain.Points[y]) > 1e-3 {
				t.Errorf("%s %d: %g for cars and %g for vans are not %g", scenario, a.Years[y], chain.Cars[y], chain.Vans[y], chain.Points[y])
			}
		}
	}
	refused(t, get(t, s, "/api/v1/points/wild.bin"), 404, "scenario wild is unknown: use low, mid or high")
	refused(t, get(t, s, "/api/v1/regions/GM9999"), 404, "no region has the code GM9999: /api/v1/regions lists them")
}

// Every gemeente is in the tiles of a low zoom, under its number, within the
// country.
func TestTilesHoldEveryRegion(t *testing.T) {
	s := shared(t)
	index := getJSON[regionsAnswer](t, s, "/api/v1/regions")
	for level, zoom := range map[string]maptile.Zoom{"gemeente": 6, "buurt": 8} {
		seen := map[int]bool{}
		from, to := maptile.At(orb.Point{3.2, 53.7}, zoom), maptile.At(orb.Point{7.3, 50.7}, zoom)
		for x := from.X; x <= to.X; x++ {
			for y := from.Y; y <= to.Y; y++ {
				w := get(t, s, fmt.Sprintf("/api/v1/tiles/%s/%d/%d/%d.mvt", level, zoom, x, y))
				if w.Code == http.StatusNoContent {
					continue
				}
				if w.Code != 200 || w.Header().Get("Content-Type") != "application/vnd.mapbox-vector-tile" {
					t.Fatalf("tile %d/%d/%d: %d %s", zoom, x, y, w.Code, w.Body)
				}
				layers, err := mvt.Unmarshal(w.Body.Bytes())
				if err != nil {
					t.Fatal(err)
				}
				for _, l := range layers {
					if l.Version != 2 {
						t.Errorf("layer %s has version %d", l.Name, l.Version)
					}
					for _, f := range l.Features {
						number := int(f.ID.(float64))
						if l.Name == level && f.Properties["code"] != index.Code[number] {
							t.Fatalf("number %d is %v in the tile and %s in the list", number, f.Properties["code"], index.Code[number])
						}
						seen[number] = true
					}
				}
			}
		}
		want := 0
		for i := range index.Code {
			if index.Levels[index.Level[i]] == level {
				want++
				if !seen[i] {
					t.Errorf("%s %s is in no tile", index.Code[i], index.Name[i])
				}
			}
		}
		if len(seen) != want {
			t.Errorf("%d regions in the tiles, there are %d of level %s", len(seen), want, level)
		}
	}
}

func TestTilesThatAreNone(t *testing.T) {
	s := shared(t)
	if w := get(t, s, "/api/v1/tiles/gemeente/6/0/0.mvt"); w.Code != http.StatusNoContent {
		t.Errorf("a tile at sea: %d", w.Code)
	}
	for path, detail := range map[string]string{
		"gemeente/99/0/0.mvt":                      `z is "99": a tile between zoom 3 and 12 was expected`,
		"gemeente/6/64/0.mvt":                      `x is "64": a tile between zoom 3 and 12 was expected`,
		"gemeente/6/0/-1.mvt":                      `y is "-1": a tile between zoom 3 and 12 was expected`,
		"gemeente/6/99999999999999999999999/0.mvt": `x is "99999999999999999999999": a tile between zoom 3 and 12 was expected`,
		"gemeente/6/+33/21.mvt":                    `x is "+33": a tile between zoom 3 and 12 was expected`,
		"gemeente/06/33/21.mvt":                    `z is "06": a tile between zoom 3 and 12 was expected`,
		"straat/6/32/20.mvt":                       "there are no outlines of level straat: /api/v1/study lists the levels",
	} {
		refused(t, get(t, s, "/api/v1/tiles/"+path), 404, detail)
	}
}

type labAnswer struct {
	Contract string `json:"contract"`
	Homes    int    `json:"homes"`
	Cases    []struct {
		Mode    string             `json:"mode"`
		Summary result.CaseSummary `json:"summary"`
	} `json:"cases"`
	Changed []struct{ Key, Value, Default string } `json:"changed"`
}

func lab(t testing.TB, h http.Handler, body string) *httptest.ResponseRecorder {
	t.Helper()
	return do(h, http.MethodPost, "/api/v1/lab", strings.NewReader(body), "Content-Type", "application/json")
}

func TestTheLabWithoutChangesGivesTheStudy(t *testing.T) {
	f, err := results()
	if err != nil {
		t.Fatal(err)
	}
	w := lab(t, shared(t), `{"settings":{}}`)
	var a labAnswer
	if err := json.Unmarshal(w.Body.Bytes(), &a); err != nil || w.Code != 200 {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	if a.Contract != "dynamic" || a.Homes != 3 || len(a.Cases) != 3 || len(a.Changed) != 0 {
		t.Fatalf("%+v", a)
	}
	for _, c := range a.Cases {
		mode, err := dispatch.ParseMode(c.Mode)
		if err != nil {
			t.Fatal(err)
		}
		want := f.Case("dynamic", mode).Summary
		if c.Summary.EveningMeanKW != want.EveningMeanKW || c.Summary.EnergyCostEUR != want.EnergyCostEUR {
			t.Errorf("%s: evening %v kW, cost %v EUR; the study has %v and %v", c.Mode, c.Summary.EveningMeanKW, c.Summary.EnergyCostEUR, want.EveningMeanKW, want.EnergyCostEUR)
		}
	}
}

func TestTheLabOptimisesAgain(t *testing.T) {
	w := lab(t, shared(t), `{"settings":{"charger.charge_kw":3.7,"contracts.single.net_metering":false,"homes":5},"contract":"single"}`)
	var a labAnswer
	if err := json.Unmarshal(w.Body.Bytes(), &a); err != nil || w.Code != 200 {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	changed := fmt.Sprint(a.Changed)
	if a.Contract != "single" || a.Homes != 5 || changed != "[{homes 5 3} {charger.charge_kw 3.7 11} {contracts.single.net_metering false true}]" {
		t.Errorf("%s, %d homes, changed %s", a.Contract, a.Homes, changed)
	}
}

func TestTheLabRefusesWhatItCannotTake(t *testing.T) {
	for _, c := range []struct {
		body, detail, location string
	}{
		{`{"settings":{"charger.charge_kw":-7}}`, "charger.charge_kw is -7: 0.1 to 1000 kW was expected", "body.settings.charger.charge_kw"},
		{`{"settings":{"charger.charge_kw":1e999}}`, "", ""},
		{`{"settings":{"charger.charge_kw":"fast"}}`, "charger.charge_kw is fast: a number was expected", "body.settings.charger.charge_kw"},
		{`{"settings":{"charger.charge_kv":7}}`, "key charger.charge_kv is unknown: did you mean charger.charge_kw?", "body.settings.charger.charge_kv"},
		// A key is a key, whatever it looks like in a study file.
		{`{"settings":{"contracts=[{name: free, kind: single, import_eur_per_kwh: 0}] #":1}}`, "key contracts=[{name: free, kind: single, import_eur_per_kwh: 0}] # is unknown: the keys here are study, year, homes, seed, home, car, charger, behaviour, foresight, departure, modes, contracts, data, prices, outlook, potential", "body.settings.contracts=[{name: free, kind: single, import_eur_per_kwh: 0}] #"},
		{`{"settings":{"charger":{"charge_kw":7}}}`, `charger is {"charge_kw":7}: a number, a text, true, false or a list of them was expected`, "body.settings.charger"},
		{`{"settings":{"modes":["fast"]}}`, `modes: mode "fast" is unknown: use regular, smart, v2h or v2g`, "body.settings"},
		{`{"settings":{"contracts.dynamic.grid_tariff_eur_per_kwh_by_hour":[-9,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0]}}`, "contracts.dynamic.grid_tariff_eur_per_kwh_by_hour[0] is -9: 0 to 10 EUR/kWh was expected", "body.settings.contracts.dynamic.grid_tariff_eur_per_kwh_by_hour[0]"},
		// What settings do together is about the settings, not about a file.
		{`{"settings":{"contracts.dynamic.net_metering":false,"contracts.dynamic.supplier_fee_eur_per_kwh":-5}}`, "contract dynamic: at 2023-12-31T23:00Z feeding in would pay 0.0776 and taking cost -4.7833 EUR/kWh: the meter itself would be a money pump; raise the taxes or fees on import, or lower what export pays", "body.settings.contracts.dynamic"},
		{`{"settings":{"homes":1001}}`, "homes is 1001: at most 1000 homes were expected here: run a study file for more", "body.settings.homes"},
		{`{"settings":{"data.prices":"/etc/passwd"}}`, `data.prices is "/etc/passwd": the laboratory does not take this key: run a study file instead`, "body.settings.data.prices"},
		{`{"settings":{"outlook.charge_points":"x"}}`, `outlook.charge_points is "x": the laboratory does not take this key: run a study file instead`, "body.settings.outlook.charge_points"},
		{`{"settings":{},"contract":"gas"}`, "contract gas is not in the study", "body.contract"},
	} {
		w := lab(t, shared(t), c.body)
		if c.detail == "" {
			if w.Code != 400 {
				t.Errorf("%s: %d %s", c.body, w.Code, w.Body)
			}
			continue
		}
		if p := refused(t, w, 400, c.detail); c.location != "" && (len(p.Errors) != 1 || p.Errors[0].Location != c.location) {
			t.Errorf("%s: %+v, want it to name %s", c.body, p.Errors, c.location)
		}
	}
}

// What goes wrong in computing is no fault of who asks, and what goes wrong with a
// file is told apart; neither says where the server keeps it.
func TestALabRunThatFailsIsNotTheReadersFault(t *testing.T) {
	for _, c := range []struct {
		err    error
		status int
		detail string
	}{
		{errors.New("home 3: no solution in /srv/results"), 500, "the server could not answer: its log says why"},
		{&assume.InputError{Err: errors.New("open /srv/data/prices.csv: no such file")}, 409, "an input file of this study cannot be read on this server any more, so it cannot be computed again"},
		{&assume.InputError{Err: &assume.SettingError{Key: "behaviour", Err: errors.New("behaviour: 0 sessions a week")}}, 400, "behaviour: 0 sessions a week"},
	} {
		var log bytes.Buffer
		s := smallServer(t, server.Options{Log: slog.New(slog.NewTextHandler(&log, nil))})
		s.FailLab(c.err)
		w := lab(t, s, `{"settings":{"homes":2}}`)
		refused(t, w, c.status, c.detail)
		if c.status != 400 && !strings.Contains(log.String(), "/srv/") || strings.Contains(w.Body.String(), "/srv/") {
			t.Errorf("answer %s, log %s", w.Body, &log)
		}
	}
}

// Cases of one file beside cases of another would be compared as if they were alike.
func TestALabRunOnAnotherFileThanTheStudysIsNotAnswered(t *testing.T) {
	s := smallServer(t, server.Options{})
	s.ChangeInput("prices")
	refused(t, lab(t, s, `{"settings":{"homes":2}}`), http.StatusConflict, "the file of prices on this server is no longer the one that the study was run with: run the study again")
}

func TestALabRunIsSavedAsAStudyFile(t *testing.T) {
	w := do(shared(t), http.MethodPost, "/api/v1/lab/study", strings.NewReader(`{"settings":{"charger.charge_kw":7.4}}`), "Content-Type", "application/json")
	if w.Code != 200 || w.Header().Get("Content-Type") != "application/yaml" {
		t.Fatalf("%d %s: %s", w.Code, w.Header().Get("Content-Type"), w.Body)
	}
	path := filepath.Join(t.TempDir(), "study.yaml")
	if err := os.WriteFile(path, w.Body.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	s, err := assume.Load(path, nil)
	if err != nil || s.Charger.ChargeKW != 7.4 || s.Homes != 3 {
		t.Errorf("%v, %+v", err, s)
	}
}

// One run computes, one waits, a third is sent away; both that stay are answered.
func TestLabRunsQueueAndAreBounded(t *testing.T) {
	s := smallServer(t, server.Options{LabWaiting: 1})
	const asked = 6
	codes := make(chan *httptest.ResponseRecorder, asked)
	for i := range asked {
		go func() { codes <- labFrom(s, fmt.Sprintf("192.0.2.%d:99", i+1), "") }()
	}
	count := map[int]int{}
	for range asked {
		w := <-codes
		count[w.Code]++
		if w.Code == http.StatusServiceUnavailable && w.Header().Get("Retry-After") == "" {
			t.Errorf("sent away without a time to try again: %s", w.Body)
		}
	}
	if count[200] < 2 || count[200]+count[503] != asked {
		t.Errorf("answers %v: want at least 2 runs, the rest 503", count)
	}
	if w := lab(t, s, `{"settings":{}}`); w.Code != 200 {
		t.Errorf("afterwards: %d %s", w.Code, w.Body)
	}
}

func TestAnswersAreKeptForAsLongAsTheFolderIsTheSame(t *testing.T) {
	s := shared(t)
	w := get(t, s, "/api/v1/regions/GM0344")
	tag := w.Header().Get("ETag")
	if tag == "" || w.Header().Get("Cache-Control") != "no-cache" {
		t.Fatalf("headers %v", w.Header())
	}
	if again := get(t, s, "/api/v1/regions/GM0344", "If-None-Match", tag); again.Code != http.StatusNotModified || again.Body.Len() != 0 {
		t.Errorf("%d with %d bytes", again.Code, again.Body.Len())
	}
	if other := get(t, s, "/api/v1/regions/GM0344", "If-None-Match", `"else"`); other.Code != 200 {
		t.Errorf("another tag: %d", other.Code)
	}
	if head := do(s, http.MethodHead, "/api/v1/study", nil); head.Code != 200 {
		t.Errorf("HEAD: %d", head.Code)
	}
	if zipped := get(t, s, "/api/v1/profiles", "Accept-Encoding", "gzip"); zipped.Header().Get("Content-Encoding") != "gzip" {
		t.Errorf("not compressed: %v", zipped.Header())
	}
}

func TestStrangeRequestsGetAClearAnswer(t *testing.T) {
	s := shared(t)
	refused(t, get(t, s, "/api/v1/nothing"), 404, "there is no /api/v1/nothing: /api/v1/openapi.json lists what there is")
	refused(t, get(t, s, "/api/v1/files/server_test.go"), 404, "the result has no file of this name: /api/v1/study lists its files")
	refused(t, do(s, http.MethodDelete, "/api/v1/study", nil), 405, "the method DELETE is not answered here: use GET or POST")
	refused(t, do(s, http.MethodPost, "/api/v1/lab", bytes.NewReader(make([]byte, 10<<20)), "Content-Type", "application/json"), 413, "the body is larger than 64 KiB")
	// Without a length said beforehand.
	if w := do(s, http.MethodPost, "/api/v1/lab", io.MultiReader(bytes.NewReader(make([]byte, 10<<20))), "Content-Type", "application/json"); w.Code != 413 {
		t.Errorf("10 MB in pieces: %d %s", w.Code, w.Body)
	}
	if w := get(t, s, "/api/v1/regions/"+strings.Repeat("X", 5000)); w.Code != 400 && w.Code != 404 {
		t.Errorf("a code of 5,000 letters: %d", w.Code)
	}
}

func TestPagesAreSafe(t *testing.T) {
	s := shared(t)
	for _, path := range []string{"/", "/map", "/lab?x=1", "/assets/a-1.js", "/api/v1/study"} {
		h := get(t, s, path).Header()
		if h.Get("X-Content-Type-Options") != "nosniff" || h.Get("X-Frame-Options") != "DENY" || !strings.Contains(h.Get("Content-Security-Policy"), "default-src 'none'; script-src 'self'") {
			t.Errorf("%s: %v", path, h)
		}
	}
	if h := get(t, s, "/embed/map").Header(); !strings.Contains(h.Get("Content-Security-Policy"), "frame-ancestors *") || h.Get("X-Frame-Options") != "" {
		t.Errorf("a page made to be embedded: %v", h)
	}
	if w := get(t, s, "/profiles"); w.Code != 200 || !strings.Contains(w.Body.String(), "<title>getij</title>") {
		t.Errorf("a page by its address: %d %s", w.Code, w.Body)
	}
	if h := get(t, s, "/assets/a-1.js").Header(); !strings.Contains(h.Get("Cache-Control"), "immutable") {
		t.Errorf("an asset: %v", h)
	}
}

func TestMetricsAreByRouteAndNotForReaders(t *testing.T) {
	s := newServer(t, server.Options{})
	for range 3 {
		get(t, s, "/api/v1/regions/GM0344")
		get(t, s, "/api/v1/regions/GM0363")
	}
	if w := get(t, s, "/metrics"); w.Code != 200 || !strings.Contains(w.Header().Get("Content-Type"), "text/html") {
		t.Errorf("readers are told of the metrics: %d %s", w.Code, w.Body)
	}
	text := get(t, s.Inside(), "/metrics").Body.String()
	if !strings.Contains(text, `getij_http_requests_total{route="/api/v1/regions/{code}",status="200"} 6`) || strings.Contains(text, "GM0344") {
		t.Errorf("metrics are not by route:\n%s", text)
	}
	for _, h := range []http.Handler{s, s.Inside()} {
		if w := get(t, h, "/healthz"); w.Code != 200 || w.Body.String() != "ok\n" {
			t.Errorf("health: %d %s", w.Code, w.Body)
		}
	}
}

// start serves on a port of its own until the test ends.
func start(t *testing.T, s *server.Server) (address string, stop func() error) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- s.Serve(ctx, l, nil) }()
	stopped := sync.OnceValue(func() error { cancel(); return <-done })
	t.Cleanup(func() { _ = stopped() })
	return l.Addr().String(), stopped
}

func TestServingEndsCleanly(t *testing.T) {
	address, stop := start(t, smallServer(t, server.Options{}))
	response, err := http.Get("http://" + address + "/healthz")
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if err := stop(); err != nil {
		t.Errorf("ended with %v", err)
	}
	if _, err := http.Get("http://" + address + "/healthz"); err == nil {
		t.Error("it still answers")
	}
}

// A client that never finishes its request is let go, and others are served.
func TestASlowClientIsLetGo(t *testing.T) {
	address, _ := start(t, smallServer(t, server.Options{}))
	c, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if _, err := c.Write([]byte("GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: ")); err != nil {
		t.Fatal(err)
	}
	response, err := http.Get("http://" + address + "/healthz")
	if err != nil || response.StatusCode != 200 {
		t.Fatalf("another client meanwhile: %v", err)
	}
	response.Body.Close()
	if err := c.SetReadDeadline(time.Now().Add(30 * time.Second)); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadAll(c); err != nil {
		t.Errorf("the slow client was not let go: %v", err)
	}
}

func TestManyReadersWhileTheLabRuns(t *testing.T) {
	address, _ := start(t, shared(t))
	paths := []string{"/api/v1/study", "/api/v1/regions/GM0344", "/api/v1/tiles/gemeente/7/65/42.mvt", "/api/v1/profiles", "/map"}
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 100}}
	defer client.CloseIdleConnections()
	var wg sync.WaitGroup
	errs := make(chan error, 200)
	for reader := range 50 {
		wg.Go(func() {
			for i := range 10 {
				path := paths[(reader+i)%len(paths)]
				response, err := client.Get("http://" + address + path)
				if err != nil {
					errs <- err
					return
				}
				_, err = io.Copy(io.Discard, response.Body)
				response.Body.Close()
				if err != nil || response.StatusCode != 200 {
					errs <- fmt.Errorf("%s: %d %v", path, response.StatusCode, err)
				}
			}
		})
	}
	for range 5 {
		wg.Go(func() {
			response, err := client.Post("http://"+address+"/api/v1/lab", "application/json", strings.NewReader(`{"settings":{"homes":20}}`))
			if err != nil {
				errs <- err
				return
			}
			response.Body.Close()
			if response.StatusCode != 200 {
				errs <- fmt.Errorf("lab: %d", response.StatusCode)
			}
		})
	}
	wg.Wait()
	close(errs)
	for err := range errs {
		t.Error(err)
	}
}
