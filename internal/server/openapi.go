package server

import (
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humachi"
	"github.com/go-chi/chi/v5"

	"github.com/getij/getij/internal/jsonkeys"
)

// The API has a version of its own, by Semantic Versioning; its first number is in
// every path.
const (
	apiVersion = "1.0.0"
	apiBase    = "/api/v1"
)

// VersionHeader names the version of the API in every answer of it.
const VersionHeader = "API-Version"

// newAPI is the API under its base, with the description that it begins with.
func newAPI(r chi.Router, contactEmail string) huma.API {
	config := huma.DefaultConfig("getij", apiVersion)
	config.Info.Description = "What electric cars that can discharge (V2G) could do for the grid: the results of one study. Power in kW per home, positive is charging, unless a name says otherwise."
	config.Info.Contact = &huma.Contact{Name: "getij", URL: "https://github.com/getij/getij/issues", Email: contactEmail}
	config.Info.License = &huma.License{Name: "Apache-2.0", Identifier: "Apache-2.0"}
	config.Servers = []*huma.Server{{URL: apiBase}}
	// Its own routes: a page that would call outside, and descriptions that are
	// written by whoever asks first.
	config.DocsPath, config.OpenAPIPath, config.SchemasPath = "", "", ""
	config.CreateHooks = nil
	config.Formats = map[string]huma.Format{"application/json": exactJSON, "json": exactJSON}
	describeNumbers(config.Components.Schemas)
	config.OnAddOperation = append(config.OnAddOperation, versioned)
	config.Transformers = append(config.Transformers, func(_ huma.Context, _ string, v any) (any, error) {
		if e, ok := v.(*huma.ErrorModel); ok && e.Status == http.StatusUnprocessableEntity {
			e.Status, e.Title = http.StatusBadRequest, http.StatusText(http.StatusBadRequest)
		}
		return v, nil
	})
	api := huma.NewAPI(config, based{humachi.NewAdapter(r)})
	api.UseMiddleware(func(ctx huma.Context, next func(huma.Context)) { next(badRequest{ctx}) })
	return api
}

// exactJSON takes no object that has a name twice or in another case, of which
// encoding/json would keep the last.
var exactJSON = huma.Format{Marshal: huma.DefaultJSONFormat.Marshal, Unmarshal: func(text []byte, to any) error {
	if err := json.Unmarshal(text, to); err != nil {
		return err
	}
	return jsonkeys.Check(text, func(string, bool) error { return nil })
}}

func init() { huma.ValidateStrictCasing = true } // a setting of the package alone

// based registers operations under the API's base.
type based struct{ huma.Adapter }

func (b based) Handle(op *huma.Operation, handler func(huma.Context)) {
	under := *op
	under.Path = apiBase + op.Path
	b.Adapter.Handle(&under, handler)
}

type humaContext = huma.Context

// badRequest answers 400 to invalid input, where huma would answer 422.
type badRequest struct{ humaContext }

func (b badRequest) SetStatus(status int) {
	if status == http.StatusUnprocessableEntity {
		status = http.StatusBadRequest
	}
	b.humaContext.SetStatus(status)
}

// versioned finishes the description of an operation.
func versioned(_ *huma.OpenAPI, op *huma.Operation) {
	delete(op.Responses, strconv.Itoa(http.StatusUnprocessableEntity)) // see badRequest
	for _, r := range op.Responses {
		if r.Headers == nil {
			r.Headers = map[string]*huma.Header{}
		}
		r.Headers[VersionHeader] = &huma.Header{Schema: &huma.Schema{Type: "string"}, Description: "the version of the API"}
	}
}

// common is what every operation has: the result that it is about, and the answers
// of what stands before it.
func common(op *huma.Operation) {
	op.Parameters = append(op.Parameters, &huma.Param{
		Name: ResultHeader, In: "header", Schema: &huma.Schema{Type: "string"},
		Description: "the result that the request is about, as an answer named it; 409 when another is served",
	})
	if op.Responses == nil {
		op.Responses = map[string]*huma.Response{}
	}
	if op.Responses["200"] == nil {
		op.Responses["200"] = &huma.Response{Description: http.StatusText(http.StatusOK)}
	}
	op.Responses["200"].Headers = map[string]*huma.Header{ResultHeader: {Schema: &huma.Schema{Type: "string"}, Description: "the result that the answer is about"}}
	codes := []int{http.StatusBadRequest, http.StatusConflict, http.StatusMisdirectedRequest, http.StatusTooManyRequests, http.StatusInternalServerError, http.StatusServiceUnavailable}
	if op.Method == http.MethodPost {
		codes = append(codes, http.StatusForbidden, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType)
	} else {
		op.Responses["304"] = &huma.Response{Description: "the reader has it already, by its If-None-Match"}
		codes = append(codes, http.StatusNotFound)
	}
	for _, code := range codes {
		if !slices.Contains(op.Errors, code) {
			op.Errors = append(op.Errors, code)
		}
	}
}

// raw describes a route that answers with bytes of a kind, or with one of the others.
func raw(d *huma.OpenAPI, id, path, summary, kind string, of *huma.Schema, others map[string]string, names ...string) {
	op := &huma.Operation{
		OperationID: id, Method: http.MethodGet, Path: path, Summary: summary,
		Responses: map[string]*huma.Response{"200": {Description: http.StatusText(http.StatusOK), Content: map[string]*huma.MediaType{kind: {Schema: of}}}},
	}
	for _, name := range names {
		op.Parameters = append(op.Parameters, &huma.Param{Name: name, In: "path", Required: true, Schema: &huma.Schema{Type: "string"}})
	}
	common(op)
	problem := d.Components.Schemas.Schema(reflect.TypeFor[huma.ErrorModel](), true, "Error")
	for _, code := range op.Errors {
		op.Responses[strconv.Itoa(code)] = &huma.Response{
			Description: http.StatusText(code), Content: map[string]*huma.MediaType{"application/problem+json": {Schema: problem}},
		}
	}
	for status, why := range others {
		op.Responses[status] = &huma.Response{Description: why}
	}
	d.AddOperation(op)
}

// describeRaw describes what huma does not answer.
func describeRaw(d *huma.OpenAPI) {
	binary, text, anything := &huma.Schema{Type: "string", Format: "binary"}, &huma.Schema{Type: "string"}, &huma.Schema{Type: "object", AdditionalProperties: true}
	raw(d, "points", "/points/{scenario}.bin",
		"Home charge points of every region and year of a scenario: 32-bit floats, little endian, year by year, regions by number",
		"application/octet-stream", binary, nil, "scenario")
	raw(d, "points-of-a-year", "/points/{scenario}/{year}.bin",
		"Home charge points of every region in one year of a scenario: 32-bit floats, little endian, regions by number",
		"application/octet-stream", binary, nil, "scenario", "year")
	raw(d, "points-down-to-a-level", "/points/{scenario}/{year}/{level}.bin",
		"The same without the regions of finer levels",
		"application/octet-stream", binary, nil, "scenario", "year", "level")
	raw(d, "tile", "/tiles/{level}/{z}/{x}/{y}.mvt", "A vector tile with the regions of a level; a feature's id is the region's number",
		"application/vnd.mapbox-vector-tile", binary, map[string]string{"204": "no region lies in this tile"}, "level", "z", "x", "y")
	raw(d, "file", "/files/{name}", "A file of the result, of those that the study lists; the name may hold slashes, as figures/heatmap.svg; parts are answered (Range)",
		"*/*", binary, map[string]string{"206": "the part that was asked for", "416": "the file has no such part"}, "name")
	raw(d, "schema", "/schemas/{schema}.json", "A JSON schema of this description, by its name", "application/json", anything, nil, "schema")
	for suffix, version := range map[string]string{"": "3.1", "-3.0": "3.0"} {
		raw(d, "openapi"+suffix+"-json", "/openapi"+suffix+".json", "This description, in OpenAPI "+version, "application/openapi+json", anything, nil)
		raw(d, "openapi"+suffix+"-yaml", "/openapi"+suffix+".yaml", "This description, in OpenAPI "+version, "application/openapi+yaml", text, nil)
	}
}

// listed says that lists are there, if only empty: no answer has null for one.
func listed(s *huma.Schema) {
	for _, p := range s.Properties {
		listed(p)
	}
	if more, ok := s.AdditionalProperties.(*huma.Schema); ok {
		listed(more)
	}
	if s.Type == huma.TypeArray {
		s.Nullable = false
		listed(s.Items)
	}
}

// describe answers with the description of the API, OpenAPI 3.1 and 3.0, and with
// the schemas in it by name.
func describe(r chi.Router, d *huma.OpenAPI) {
	describeRaw(d)
	schemas := d.Components.Schemas.Map()
	for _, s := range schemas {
		listed(s)
	}
	// What the types of other packages do not say.
	schemas["PotentialSummary"].Nullable = true
	schemas["Column"].Properties["values"].Items.Nullable = true
	for suffix, write := range map[string]func() ([]byte, error){
		".json":     d.MarshalJSON,
		"-3.0.json": d.Downgrade,
		".yaml":     d.YAML,
		"-3.0.yaml": d.DowngradeYAML,
	} {
		write := sync.OnceValues(write) // when every route is in it
		kind := "application/openapi+" + suffix[strings.LastIndexByte(suffix, '.')+1:]
		r.Get(apiBase+"/openapi"+suffix, func(w http.ResponseWriter, r *http.Request) {
			text, err := write()
			if err != nil {
				panic(fmt.Errorf("openapi%s: %w", suffix, err)) // the types of this package
			}
			keep(r.Context())
			// A page of any site may read it: nothing of the result is in it.
			w.Header().Set("Access-Control-Allow-Origin", "*")
			w.Header().Set("Cross-Origin-Resource-Policy", "cross-origin")
			w.Header().Set("Content-Type", kind)
			_, _ = w.Write(text)
		})
	}
	inside := regexp.MustCompile(`#/components/schemas/([^"]+)`)
	r.Get(apiBase+"/schemas/{schema}.json", func(w http.ResponseWriter, r *http.Request) {
		name := chi.URLParam(r, "schema")
		schema := d.Components.Schemas.Map()[name]
		if schema == nil {
			problem(w, http.StatusNotFound, "no schema has the name "+name+": "+apiBase+"/openapi.json has them all")
			return
		}
		text, err := json.Marshal(schema)
		if err != nil {
			panic(err) // a schema of this package
		}
		keep(r.Context())
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(inside.ReplaceAll(text, []byte(apiBase+"/schemas/$1.json")))
	})
}
