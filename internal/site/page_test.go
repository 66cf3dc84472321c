package site

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/getij/getij/internal/answer"
	"github.com/getij/getij/internal/assume"
	"github.com/getij/getij/internal/profiles"
	"github.com/getij/getij/internal/result"
	"github.com/getij/getij/internal/server"
)

// What a browser computes from what lies beside the page is what the server answers. Here
// it is computed by Go as it is; web/tests/browser/site.mjs has the same of WebAssembly.
func TestWhatABrowserComputesIsWhatTheServerAnswers(t *testing.T) {
	dir := folder(t)
	out := filepath.Join(t.TempDir(), "site")
	kernel := fstest.MapFS{"kernel.wasm.lzma": {Data: []byte("other code")}, "wasm_exec.js": {Data: []byte("start")}}
	if _, err := Write(t.Context(), filepath.Join(dir, "results"), out, &Options{Version: version, Dashboard: dashboard, Kernel: kernel, WithoutFiles: true}); err != nil {
		t.Fatal(err)
	}
	if other := aboutOf(t, filepath.Dir(out)).Result; other == aboutOf(t, dir).Result || other == "" {
		t.Error("sites that compute by other code have the same name in their readers' caches")
	}
	part := func(name string) []byte {
		z, err := gzip.NewReader(bytes.NewReader(read(t, out, "kernel", name+".gz")))
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(z)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	r, err := result.Unpack(part("result.bin"))
	if err != nil {
		t.Fatal(err)
	}
	p := &answer.Page{Result: r, MostHomes: 1000, Run: func(ctx context.Context, s *assume.Study) (*result.Result, error) {
		return profiles.Run(ctx, s, nil, nil)
	}}
	if err := json.Unmarshal(part("places.json"), &p.Few); err != nil {
		t.Fatal(err)
	}
	if err := r.AddPower("dynamic", part("power/dynamic.bin")); err != nil {
		t.Fatal(err)
	}
	if err := r.AddPrices("dynamic", part("prices/dynamic.bin")); err != nil {
		t.Fatal(err)
	}
	s, err := server.New(filepath.Join(dir, "results"), server.Options{Version: version})
	if err != nil {
		t.Fatal(err)
	}
	timeless := regexp.MustCompile(`"(waited_)?seconds":[^,}]*`)
	for _, ask := range []struct{ path, query, body string }{
		{"/headline", "", ""},
		{"/headline", "region=W/1&year=2030&kw=report&season=summer", ""},
		{"/figures/heatmap", "contract=dynamic&lang=nl&width=500", ""},
		{"/figures/ways-to-charge", "months=1,7&framed=true", ""},
		{"/figures/day", "date=2024-03-31&contract=dynamic", ""},
		{"/figures/week-prices", "contract=dynamic", ""},
		{"/figures/spread", "contract=dynamic", ""},
		{"/figures/region-growth", "region=W/1&contract=dynamic&adoption=0.5", ""},
		{"/figures/regions-day", "regions=W/1,Wé<2>&contract=dynamic", ""},
		{"/figures/lab-days", "", `{"contract":"dynamic","mode":"v2g"}`},
		{"/lab", "", `{"settings":{"homes":2,"charger.charge_kw":7.4},"contract":"dynamic"}`},
		{"/lab/study", "", `{"settings":{"outlook.home_charging_share":0.7}}`},
		// Problems have their words and their place too.
		{"/headline", "region=none", ""},
		{"/headline", "year=1900", ""},
		{"/figures/none", "", ""},
		{"/figures/region-day", "region=W/1&adoption=NaN", ""},
		{"/figures/week", "mode=none", ""},
		{"/lab", "", `{"settings":{"homes":5000}}`},
		{"/lab", "", `{"settings":{"data.prices":"x.csv"}}`},
		{"/lab", "", `{"settings":{"homes":2},"contract":"none"}`},
	} {
		query, err := url.ParseQuery(ask.query)
		if err != nil {
			t.Fatal(err)
		}
		request := httptest.NewRequest(http.MethodGet, "/api/v1"+ask.path+"?"+query.Encode(), nil)
		var body []byte
		if ask.body != "" {
			body = []byte(ask.body)
			request = httptest.NewRequest(http.MethodPost, "/api/v1"+ask.path, strings.NewReader(ask.body))
			request.Header.Set("Content-Type", "application/json")
		}
		request.Host = "localhost"
		want := httptest.NewRecorder()
		s.ServeHTTP(want, request)
		got, err := p.Ask(ask.path, query, body)
		if problem, ok := err.(*answer.Problem); ok {
			var told struct {
				Detail string
				Errors []struct{ Location string }
			}
			if json.Unmarshal(want.Body.Bytes(), &told) != nil || problem.Status != want.Code || told.Detail != problem.Message || len(told.Errors) > 0 && told.Errors[0].Location != problem.Location {
				t.Errorf("%v: %d %s at %s, the server answers %d %s", ask, problem.Status, problem.Message, problem.Location, want.Code, want.Body)
			}
			continue
		}
		if err != nil {
			t.Errorf("%v: %v", ask, err)
			continue
		}
		if a, b := timeless.ReplaceAll(got, nil), timeless.ReplaceAll(want.Body.Bytes(), nil); want.Code != http.StatusOK || !bytes.Equal(a, b) {
			t.Errorf("%v is\n%.300s\nthe server answers %d\n%.300s", ask, a, want.Code, b)
		}
	}
	if _, err := result.Unpack(part("result.bin")[:1000]); err == nil {
		t.Error("a packed result that was cut is read")
	}
}
