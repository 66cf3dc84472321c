package server_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"sort"
	"strings"
	"testing"
	"time"

	"github.com/getij/getij/internal/server"
)

type openAPI struct {
	Paths map[string]map[string]struct {
		OperationID string `json:"operationId"`
		Parameters  []struct {
			Name, In string
			Required bool
		}
		Responses map[string]struct {
			Content map[string]json.RawMessage
			Headers map[string]json.RawMessage
		}
	}
	Components struct{ Schemas map[string]json.RawMessage }
}

func description(t testing.TB, h http.Handler) *openAPI {
	t.Helper()
	w := get(t, h, "/api/v1/openapi.json")
	a := new(openAPI)
	if err := json.Unmarshal(w.Body.Bytes(), a); err != nil || w.Code != 200 || w.Header().Get("Content-Type") != "application/openapi+json" {
		t.Fatalf("%d %v", w.Code, err)
	}
	return a
}

// Whatever the router answers under /api is in the description, and the other way
// round.
func TestTheDescriptionHasEveryRoute(t *testing.T) {
	s := smallServer(t, server.Options{})
	var routed, described []string
	err := s.Walk(func(method, pattern string) {
		if strings.HasPrefix(pattern, "/api/") && pattern != "/api/*" {
			routed = append(routed, method+" "+strings.Replace(pattern, "/*", "/{name}", 1))
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	ids := map[string]bool{}
	for path, methods := range description(t, s).Paths {
		for method, op := range methods {
			described = append(described, strings.ToUpper(method)+" "+path)
			if ids[op.OperationID] {
				t.Errorf("two operations are called %s", op.OperationID)
			}
			ids[op.OperationID] = true
			for _, name := range []string{"{name}", "{code}", "{level}", "{z}", "{x}", "{y}", "{scenario}", "{schema}", "{date}"} {
				has := false
				for _, p := range op.Parameters {
					has = has || p.In == "path" && p.Required && "{"+p.Name+"}" == name
				}
				if strings.Contains(path, name) != has {
					t.Errorf("%s %s: the parameter %s is described: %v", method, path, name, has)
				}
			}
		}
	}
	sort.Strings(routed)
	sort.Strings(described)
	if fmt.Sprint(routed) != fmt.Sprint(described) || len(routed) < 12 {
		t.Errorf("routes\n%s\nand described\n%s", strings.Join(routed, "\n"), strings.Join(described, "\n"))
	}
}

// What a route answers, by status and type, is what the description says of it.
func TestAnswersAreAsDescribed(t *testing.T) {
	s := shared(t)
	d := description(t, s)
	busy := smallServer(t, server.Options{LabWaiting: 1})
	release := busy.HoldLab()
	held := make(chan int, 2)
	for i := range 2 {
		go func() { held <- labFrom(busy, fmt.Sprintf("192.0.2.%d:9", i+50), "").Code }()
	}
	for busy.Waiting() < 2 {
		time.Sleep(time.Millisecond)
	}
	defer func() { release(); <-held; <-held }()
	const lab = `{"settings":{"homes":1}}`
	for _, c := range []struct {
		of           http.Handler
		method, path string
		body         string
		header       []string
		route        string
		status       int
	}{
		{s, "GET", "/api/v1/study", "", nil, "/api/v1/study", 200},
		{s, "GET", "/api/v1/study", "", []string{"Getij-Result", "another"}, "/api/v1/study", 409},
		{s, "GET", "/api/v1/study", "", []string{"If-None-Match", "*"}, "/api/v1/study", 304},
		{s, "GET", "/api/v1/regions/GM9999", "", nil, "/api/v1/regions/{code}", 404},
		{s, "GET", "/api/v1/profiles/days/never", "", nil, "/api/v1/profiles/days/{date}", 422},
		{s, "GET", "/api/v1/tiles/gemeente/7/65/42.mvt", "", nil, "/api/v1/tiles/{level}/{z}/{x}/{y}.mvt", 200},
		{s, "GET", "/api/v1/tiles/gemeente/6/0/0.mvt", "", nil, "/api/v1/tiles/{level}/{z}/{x}/{y}.mvt", 204},
		{s, "GET", "/api/v1/tiles/straat/6/0/0.mvt", "", nil, "/api/v1/tiles/{level}/{z}/{x}/{y}.mvt", 404},
		{s, "GET", "/api/v1/points/mid.bin", "", nil, "/api/v1/points/{scenario}.bin", 200},
		{s, "GET", "/api/v1/points/wild.bin", "", nil, "/api/v1/points/{scenario}.bin", 404},
		{s, "GET", "/api/v1/files/summary.json", "", []string{"Range", "bytes=0-9"}, "/api/v1/files/{name}", 206},
		{s, "GET", "/api/v1/files/summary.json", "", []string{"Range", "bytes=99999999-"}, "/api/v1/files/{name}", 416},
		{s, "GET", "/api/v1/files/nothing.json", "", nil, "/api/v1/files/{name}", 404},
		{s, "GET", "/api/v1/schemas/Spread.json", "", nil, "/api/v1/schemas/{schema}.json", 200},
		{s, "GET", "/api/v1/openapi-3.0.yaml", "", nil, "/api/v1/openapi-3.0.yaml", 200},
		{s, "POST", "/api/v1/lab", lab, nil, "/api/v1/lab", 200},
		{s, "POST", "/api/v1/lab", "{", nil, "/api/v1/lab", 400},
		{s, "POST", "/api/v1/lab", lab, []string{"Origin", "https://evil.example"}, "/api/v1/lab", 403},
		{s, "POST", "/api/v1/lab", lab, []string{"Getij-Result", "another"}, "/api/v1/lab", 409},
		{s, "POST", "/api/v1/lab", strings.Repeat(" ", 1<<17), nil, "/api/v1/lab", 413},
		{s, "POST", "/api/v1/lab", lab, []string{"Content-Type", "text/plain"}, "/api/v1/lab", 415},
		{s, "POST", "/api/v1/lab", `{"settings":{"homes":-1}}`, nil, "/api/v1/lab", 422},
		{busy, "POST", "/api/v1/lab", lab, nil, "/api/v1/lab", 503},
		{s, "POST", "/api/v1/lab/study", lab, nil, "/api/v1/lab/study", 200},
		{s, "POST", "/api/v1/lab/study", `{"settings":{"homes":-1}}`, nil, "/api/v1/lab/study", 422},
	} {
		w := do(c.of, c.method, c.path, strings.NewReader(c.body), append([]string{"Content-Type", "application/json"}, c.header...)...)
		if w.Code != c.status {
			t.Errorf("%s %s %v: %d %s, want %d", c.method, c.path, c.header, w.Code, w.Body, c.status)
			continue
		}
		response, ok := d.Paths[c.route][strings.ToLower(c.method)].Responses[fmt.Sprint(w.Code)]
		if !ok {
			t.Errorf("%s %s answers %d, which is not described", c.method, c.route, w.Code)
		}
		kind, _, _ := strings.Cut(w.Header().Get("Content-Type"), ";")
		var kinds []string
		for k := range response.Content {
			kinds = append(kinds, k)
		}
		if len(kinds) > 0 && kinds[0] != "*/*" && !slices.Contains(kinds, kind) || w.Code >= 400 && w.Code != 416 && kind != "application/problem+json" {
			t.Errorf("%s %s answers %d with %q, described are %q", c.method, c.route, w.Code, kind, kinds)
		}
		if _, ok := response.Headers["Getij-Result"]; w.Code == 200 && !ok {
			t.Errorf("%s %s names a result, which is not described", c.method, c.route)
		}
	}
}

func TestSchemasAreAnsweredByName(t *testing.T) {
	s := shared(t)
	for name := range description(t, s).Components.Schemas {
		w := get(t, s, "/api/v1/schemas/"+name+".json")
		if w.Code != 200 || !json.Valid(w.Body.Bytes()) || w.Body.String() == "null" || strings.Contains(w.Body.String(), "#/components") {
			t.Errorf("%s: %d %s", name, w.Code, w.Body)
		}
	}
	refused(t, get(t, s, "/api/v1/schemas/nothing.json"), 404, "no schema has the name nothing: /api/v1/openapi.json has them all")
	refused(t, get(t, s, "/api/v1/schemas/Spread"), 404, "there is no /api/v1/schemas/Spread: /api/v1/openapi.json lists what there is")
}
