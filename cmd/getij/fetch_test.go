package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/spf13/cobra"

	"github.com/getij/getij/internal/fetch"
	"github.com/getij/getij/internal/sample"
	"github.com/getij/getij/internal/series"
)

const fetchKey = "0123456789abcdef"

// official answers in the place of Energy-Charts, ENTSO-E and NED, for 2024, with
// 10 EUR/MWh more for each hour of the local day.
func official(t *testing.T, asked *atomic.Int64) *httptest.Server {
	t.Helper()
	axis := series.NewYear(2024)
	price := func(at time.Time) float64 { return float64(10 * at.In(series.Amsterdam()).Hour()) }
	mux := http.NewServeMux()
	mux.HandleFunc("GET /price", func(w http.ResponseWriter, _ *http.Request) {
		var seconds []int64
		var prices []float64
		for at := axis.Start; at.Before(axis.End()); at = at.Add(time.Hour) {
			seconds, prices = append(seconds, at.Unix()), append(prices, price(at))
		}
		_ = json.NewEncoder(w).Encode(map[string]any{"license_info": "CC BY 4.0 from SMARD.de", "unix_seconds": seconds, "price": prices, "unit": "EUR / MWh", "deprecated": false})
	})
	mux.HandleFunc("GET /api", func(w http.ResponseWriter, r *http.Request) {
		offset, _ := strconv.Atoi(r.URL.Query().Get("offset"))
		fmt.Fprint(w, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Publication_MarketDocument xmlns=\"urn:iec62325.351:tc57wg16:451-3:publicationdocument:7:3\"><type>A44</type>")
		day := axis.Start.In(series.Amsterdam()).AddDate(0, 0, offset)
		for n := 0; n < 100 && day.Before(axis.End()); n++ {
			next := day.AddDate(0, 0, 1)
			fmt.Fprintf(w, "<TimeSeries><in_Domain.mRID>10YNL----------L</in_Domain.mRID><currency_Unit.name>EUR</currency_Unit.name><price_Measure_Unit.name>MWH</price_Measure_Unit.name><curveType>A03</curveType><Period><timeInterval><start>%s</start><end>%s</end></timeInterval><resolution>PT60M</resolution>",
				day.UTC().Format("2006-01-02T15:04Z"), next.UTC().Format("2006-01-02T15:04Z"))
			for i, at := 1, day; at.Before(next); i, at = i+1, at.Add(time.Hour) {
				fmt.Fprintf(w, "<Point><position>%d</position><price.amount>%g</price.amount></Point>", i, price(at))
			}
			fmt.Fprint(w, "</Period></TimeSeries>")
			day = next
		}
		fmt.Fprint(w, "</Publication_MarketDocument>")
	})
	mux.HandleFunc("GET /utilizations", func(w http.ResponseWriter, r *http.Request) {
		page, _ := strconv.Atoi(r.URL.Query().Get("page"))
		items := []any{}
		for i := (page - 1) * 4400; i < min(page*4400, 8784); i++ {
			at := time.Date(2024, 1, 1, i, 0, 0, 0, time.UTC)
			items = append(items, map[string]any{
				"type": "/v1/types/2", "percentage": sample.Solar(at),
				"validfrom": at.Format("2006-01-02T15:04:05-07:00"), "validto": at.Add(time.Hour).Format("2006-01-02T15:04:05-07:00"),
			})
		}
		_ = json.NewEncoder(w).Encode(map[string]any{"hydra:totalItems": 8784, "hydra:member": items})
	})
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		mux.ServeHTTP(w, r)
	}))
	t.Cleanup(s.Close)
	return s
}

// command runs a command of getij in this process.
func command(t *testing.T, args ...string) (stdout, stderr string, err error) {
	t.Helper()
	root := map[string]func() *cobra.Command{"fetch": fetchCommand, "import": importCommand, "init": initCommand, "run": runCommand}[args[0]]()
	root.SilenceUsage, root.SilenceErrors = true, true
	var out, said bytes.Buffer
	root.SetOut(&out)
	root.SetErr(&said)
	root.SetArgs(args[1:])
	err = root.ExecuteContext(t.Context())
	return out.String(), said.String(), err
}

// What is fetched can be imported; two sources of the same prices give the same file.
func TestFetchThenImport(t *testing.T) {
	var asked atomic.Int64
	s := official(t, &asked)
	dir := t.TempDir()
	for _, what := range []string{"prices", "solar"} {
		t.Setenv(fetch.BaseVariable(what), s.URL)
	}
	t.Setenv("ENTSOE_API_TOKEN", fetchKey)
	t.Setenv("NED_API_KEY", fetchKey)
	at := func(name string) string { return filepath.Join(dir, name) }
	for _, c := range []struct{ what, source, file, csv string }{
		{"prices", "energy-charts", "prices.json", "one.csv"}, {"prices", "entsoe", "prices.xml", "two.csv"}, {"solar", "", "solar.json", "solar.csv"},
	} {
		args := []string{"fetch", c.what, "--year", "2024", "--out", at(c.file), "--cache", at("cache")}
		if c.source != "" {
			args = append(args, "--source", c.source)
		}
		out, said, err := command(t, args...)
		if err != nil {
			t.Fatalf("%q: %v\n%s", args, err, said)
		}
		if !strings.Contains(out, "8784 hours of 2024") || !strings.Contains(out, "licence ") || !strings.Contains(out, "getij import "+c.what+" "+at(c.file)) {
			t.Errorf("printed %s", out)
		}
		if !strings.Contains(said, "fetching ") || !strings.Contains(said, " 127.0.0.1:") || !strings.Contains(said, "licence ") || strings.Contains(said+out, fetchKey) || strings.Contains(said, "\x1b") {
			t.Errorf("said %s", said)
		}
		if out, said, err := command(t, "import", c.what, at(c.file), "--out", at(c.csv)); err != nil {
			t.Errorf("importing %s: %v\n%s%s", c.file, err, out, said)
		}
	}
	one, err1 := os.ReadFile(at("one.csv"))
	two, err2 := os.ReadFile(at("two.csv"))
	if err1 != nil || err2 != nil || !bytes.Equal(one, two) || bytes.Count(one, []byte("\n")) < 8784 {
		t.Errorf("Energy-Charts gives %d bytes, ENTSO-E %d (%v, %v)", len(one), len(two), err1, err2)
	}

	// Again, for a script, without asking.
	before := asked.Load()
	out, _, err := command(t, "fetch", "prices", "--out", at("prices.json"), "--cache", at("cache"), "--json")
	var r fetch.Result
	if err != nil || json.Unmarshal([]byte(out), &r) != nil || !r.FromCache || r.Hours != 8784 || r.Path != at("prices.json") || asked.Load() != before {
		t.Errorf("%v, %s", err, out)
	}
}

// One command from the open data of a year to a study that uses them, and on from
// where it stopped.
func TestAStudyOnRealData(t *testing.T) {
	if testing.Short() {
		t.Skip("long: it runs without -short")
	}
	var asked atomic.Int64
	s := official(t, &asked)
	dir := t.TempDir()
	t.Setenv("XDG_CACHE_HOME", filepath.Join(dir, "cache"))
	t.Setenv(fetch.BaseVariable("prices"), s.URL)
	t.Setenv(fetch.BaseVariable("solar"), s.URL)
	t.Setenv("NED_API_KEY", "")
	const cbsFile = "cbs_wijken_2022_rd.gpkg"
	cbs := httptest.NewServer(http.FileServer(http.Dir(filepath.Dir(sample.File(t, "regions/"+cbsFile)))))
	defer cbs.Close()
	study := filepath.Join(dir, "one", "study.yaml")

	t.Setenv(fetch.BaseVariable("regions"), cbs.URL+"/none.gpkg")
	if _, _, err := command(t, "init", "--real", "2024", filepath.Dir(study)); err == nil || !strings.Contains(err.Error(), "no study was written") {
		t.Fatalf("without a map: %v", err)
	}
	if _, err := os.Stat(study); err == nil {
		t.Error("a study was written all the same")
	}
	t.Setenv(fetch.BaseVariable("regions"), cbs.URL+"/"+cbsFile)
	_, said, err := command(t, "init", "--real", "2024", filepath.Dir(study))
	if err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	for _, want := range []string{"$ getij fetch regions --year 2024", "$ getij import prices ", "licence", "solar: left as the built-in synthetic year", "NED_API_KEY", "wrote " + study} {
		if !strings.Contains(said, want) {
			t.Errorf("does not say %q: %s", want, said)
		}
	}
	text, err := os.ReadFile(study)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"study: one ", "year: 2024 ", "regions: regions_2024.gpkg ", "prices: prices_nl_2024.csv ", "solar: reference "} {
		if !strings.Contains(string(text), want) {
			t.Errorf("the study has no %q", want)
		}
	}
	out := filepath.Join(dir, "results")
	if _, said, err := command(t, "run", study, "--set", "homes=2", "--set", "modes=[v2g]", "--out", out, "--quiet"); err != nil {
		t.Fatalf("%v\n%s", err, said)
	}

	// With a key the solar year is real too.
	t.Setenv("NED_API_KEY", fetchKey)
	if _, said, err := command(t, "init", "--real", "2024", filepath.Join(dir, "two")); err != nil || strings.Contains(said, fetchKey) {
		t.Fatalf("%v\n%s", err, said)
	}
	if text, err := os.ReadFile(filepath.Join(dir, "two", "study.yaml")); err != nil || !strings.Contains(string(text), "solar: solar_nl_2024.csv ") {
		t.Errorf("%v: %s", err, text)
	}
}

// Nothing is asked where the command line is wrong, or asks for help.
func TestFetchAsksOnlyWhenTold(t *testing.T) {
	var asked atomic.Int64
	s := official(t, &asked)
	dir := t.TempDir()
	t.Chdir(dir)
	t.Setenv("XDG_CACHE_HOME", filepath.Join(dir, "cache"))
	for _, what := range []string{"regions", "prices", "solar"} {
		t.Setenv(fetch.BaseVariable(what), s.URL)
	}
	t.Setenv("NED_API_KEY", "")
	for _, c := range []struct {
		args  string
		wrong bool
	}{
		{"fetch", false},
		{"fetch --help", false},
		{"fetch prices --help", false},
		{"fetch weather", true},
		{"fetch prices 2024", true},
		{"fetch prices --year abc", true},
		{"fetch prices --year 2100", true},
		{"fetch prices --source epex", true},
		{"fetch prices --cache x --no-cache", true},
		{"fetch prices --base-url ftp://data.example", true},
		{"fetch prices --out no/such/folder/prices.json", true},
		{"fetch solar --year 2024", true},
		{fmt.Sprintf("init --real %d new", time.Now().Year()), true}, // its map may be there, its prices are not
		{"init --real 1999 new", true},
		{"init --real 2100 new", true},
	} {
		_, _, err := command(t, strings.Fields(c.args)...)
		// Flags are the root's to judge, in main.
		if flag := err != nil && strings.Contains(err.Error(), "invalid argument"); (err != nil) != c.wrong || err != nil && !flag && !errors.As(err, new(*usageError)) {
			t.Errorf("%s: error %v (%T)", c.args, err, err)
		}
	}
	if n := asked.Load(); n > 0 {
		t.Errorf("asked %d times", n)
	}
	if left, _ := filepath.Glob("*"); len(left) > 0 {
		t.Errorf("made %q", left)
	}
}

func TestFetchLine(t *testing.T) {
	const mega = 1 << 20
	for _, c := range []struct {
		first, done, total int64
		want               string
	}{
		{0, 5 * mega, 0, "map  5.0 MB"},
		{0, 25 * mega, 100 * mega, "map        [#######-----------------------]  25 %  25.0 of 100.0 MB  30s left"},
		{80 * mega, 90 * mega, 100 * mega, "map        [###########################---]  90 %  90.0 of 100.0 MB  10s left"},
		{0, 100 * mega, 100 * mega, "map        [##############################] 100 %  100.0 of 100.0 MB"},
	} {
		if got := fetchLine("map", c.first, c.done, c.total, 10*time.Second); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}
