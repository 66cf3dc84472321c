package server_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"math"
	"net/http"
	"os"
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
			Content map[string]struct{ Schema schema }
			Headers map[string]json.RawMessage
		}
	}
	Components struct{ Schemas map[string]*schema }
}

// schema is as much of a JSON schema as the description uses.
type schema struct {
	Ref                  string `json:"$ref"`
	Type                 any
	Properties           map[string]*schema
	Required             []string
	AdditionalProperties json.RawMessage
	Items                *schema
	Enum                 []any
	Format               string
}

var formats = map[string]string{"date": time.DateOnly, "date-time": time.RFC3339}

// differs says where a value is not as a schema has it; "" when it is.
func (a *openAPI) differs(s *schema, at string, v any) string {
	if s.Ref != "" {
		s = a.Components.Schemas[strings.TrimPrefix(s.Ref, "#/components/schemas/")]
	}
	kind := "object"
	switch v := v.(type) {
	case nil:
		kind = "null"
	case bool:
		kind = "boolean"
	case float64:
		if kind = "number"; s.Type == "integer" && v == math.Trunc(v) {
			kind = "integer"
		}
	case string:
		kind = "string"
		if _, err := time.Parse(formats[s.Format], v); formats[s.Format] != "" && err != nil {
			return at + ": " + err.Error()
		}
	case []any:
		kind = "array"
		for i, one := range v {
			if d := a.differs(s.Items, fmt.Sprintf("%s[%d]", at, i), one); d != "" {
				return d
			}
		}
	case map[string]any:
		for _, name := range s.Required {
			if _, ok := v[name]; !ok {
				return at + " has no " + name
			}
		}
		for name, one := range v {
			p := s.Properties[name]
			if p == nil && string(s.AdditionalProperties) == "true" {
				continue
			}
			if p == nil && json.Unmarshal(s.AdditionalProperties, &p) != nil {
				return at + "." + name + " is not described"
			}
			if d := a.differs(p, at+"."+name, one); d != "" {
				return d
			}
		}
	}
	if types, ok := s.Type.([]any); kind != s.Type && !(ok && slices.Contains(types, any(kind))) || s.Enum != nil && !slices.Contains(s.Enum, v) {
		return fmt.Sprintf("%s is %v, not %v %v", at, v, s.Type, s.Enum)
	}
	return ""
}

var update = flag.Bool("update", false, "write docs/openapi.json anew")

// Whoever writes against the API, the dashboard's types among them, goes by the file.
func TestTheDescriptionInTheDocsIsTheServers(t *testing.T) {
	const file = "../../docs/openapi.json"
	var want bytes.Buffer
	s := smallServer(t, server.Options{ContactEmail: "energie@gemeente.example"})
	if err := json.Indent(&want, get(t, s, "/api/v1/openapi.json").Body.Bytes(), "", " "); err != nil {
		t.Fatal(err)
	}
	want.WriteByte('\n')
	if *update {
		if err := os.WriteFile(file, want.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := os.ReadFile(file); err != nil || !bytes.Equal(got, want.Bytes()) {
		t.Errorf("docs/openapi.json is not what the server says: go test ./internal/server -run Description -update (%v)", err)
	}
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
			described = append(described, strings.ToUpper(method)+" /api/v1"+path)
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
		{s, "GET", "/api/v1/study", "", nil, "/study", 200},
		{s, "GET", "/api/v1/study", "", []string{"Getij-Result", "another"}, "/study", 409},
		{s, "GET", "/api/v1/study", "", []string{"If-None-Match", "*"}, "/study", 304},
		{s, "GET", "/api/v1/regions/GM9999", "", nil, "/regions/{code}", 404},
		{s, "GET", "/api/v1/stud%79", "", nil, "/study", 400},
		{s, "GET", "/api/v1/profiles", "", nil, "/profiles", 200},
		{s, "GET", "/api/v1/regions", "", nil, "/regions", 200},
		{s, "GET", "/api/v1/regions/GM0344", "", nil, "/regions/{code}", 200},
		{s, "GET", "/api/v1/profiles/days/2024-01-15", "", nil, "/profiles/days/{date}", 200},
		{s, "GET", "/api/v1/potential?level=gemeente", "", nil, "/potential", 200},
		{s, "GET", "/api/v1/headline?region=GM0344", "", nil, "/headline", 200},
		{s, "GET", "/api/v1/figures/heatmap", "", nil, "/figures/{name}", 200},
		{s, "GET", "/api/v1/figures/heatmap?width=wide", "", nil, "/figures/{name}", 400},
		{s, "GET", "/api/v1/figures/region-growth?region=GM0344", "", nil, "/figures/{name}", 200},
		{s, "GET", "/api/v1/profiles/days/never", "", nil, "/profiles/days/{date}", 400},
		{s, "GET", "/api/v1/tiles/gemeente/7/65/42.mvt", "", nil, "/tiles/{level}/{z}/{x}/{y}.mvt", 200},
		{s, "GET", "/api/v1/tiles/gemeente/6/0/0.mvt", "", nil, "/tiles/{level}/{z}/{x}/{y}.mvt", 204},
		{s, "GET", "/api/v1/tiles/straat/6/0/0.mvt", "", nil, "/tiles/{level}/{z}/{x}/{y}.mvt", 404},
		{s, "GET", "/api/v1/points/mid.bin", "", nil, "/points/{scenario}.bin", 200},
		{s, "GET", "/api/v1/points/wild.bin", "", nil, "/points/{scenario}.bin", 404},
		{s, "GET", "/api/v1/points/mid/2050.bin", "", nil, "/points/{scenario}/{year}.bin", 200},
		{s, "GET", "/api/v1/points/mid/2051.bin", "", nil, "/points/{scenario}/{year}.bin", 404},
		{s, "GET", "/api/v1/files/summary.json", "", []string{"Range", "bytes=0-9"}, "/files/{name}", 206},
		{s, "GET", "/api/v1/files/summary.json", "", []string{"Range", "bytes=99999999-"}, "/files/{name}", 416},
		{s, "GET", "/api/v1/files/nothing.json", "", nil, "/files/{name}", 404},
		{s, "GET", "/api/v1/schemas/Spread.json", "", nil, "/schemas/{schema}.json", 200},
		{s, "GET", "/api/v1/openapi-3.0.yaml", "", nil, "/openapi-3.0.yaml", 200},
		{s, "POST", "/api/v1/lab", lab, nil, "/lab", 200},
		{s, "POST", "/api/v1/lab", "{", nil, "/lab", 400},
		{s, "POST", "/api/v1/lab", lab, []string{"Origin", "https://evil.example"}, "/lab", 403},
		{s, "POST", "/api/v1/lab", lab, []string{"Getij-Result", "another"}, "/lab", 409},
		{s, "POST", "/api/v1/lab", strings.Repeat(" ", 1<<17), nil, "/lab", 413},
		{s, "POST", "/api/v1/lab", lab, []string{"Content-Type", "text/plain"}, "/lab", 415},
		{s, "POST", "/api/v1/lab", `{"settings":{"homes":-1}}`, nil, "/lab", 400},
		{busy, "POST", "/api/v1/lab", lab, nil, "/lab", 503},
		{s, "POST", "/api/v1/lab/study", lab, nil, "/lab/study", 200},
		{s, "POST", "/api/v1/lab/study", `{"settings":{"homes":-1}}`, nil, "/lab/study", 400},
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
		if v := w.Header().Get("API-Version"); !strings.HasPrefix(v, "1.") || response.Headers["API-Version"] == nil {
			t.Errorf("%s %s answers for version %q of the API", c.method, c.route, v)
		}
		if of := response.Content["application/json"].Schema; w.Code == 200 && kind == "application/json" {
			var v any
			if err := json.Unmarshal(w.Body.Bytes(), &v); err != nil {
				t.Errorf("%s: %v", c.path, err)
			} else if d := d.differs(&of, c.path, v); d != "" {
				t.Errorf("not as described: %s", d)
			}
		}
		if p := (problem{}); w.Code >= 400 && w.Code != 416 && (json.Unmarshal(w.Body.Bytes(), &p) != nil || p.Status != w.Code || p.Detail == "") {
			t.Errorf("%s %s answers %d with the problem %+v", c.method, c.route, w.Code, p)
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
