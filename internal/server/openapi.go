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
	"github.com/go-chi/chi/v5"
)

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
	codes := []int{http.StatusConflict, http.StatusMisdirectedRequest, http.StatusTooManyRequests, http.StatusInternalServerError, http.StatusServiceUnavailable}
	if op.Method == http.MethodPost {
		codes = append(codes, http.StatusBadRequest, http.StatusForbidden, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType, http.StatusUnprocessableEntity)
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

// raw describes a route that answers with bytes of a kind.
func raw(d *huma.OpenAPI, id, path, summary, kind string, of *huma.Schema, names ...string) *huma.Operation {
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
	d.AddOperation(op)
	return op
}

// describeRaw describes what huma does not answer.
func describeRaw(d *huma.OpenAPI) {
	binary, text := &huma.Schema{Type: "string", Format: "binary"}, &huma.Schema{Type: "string"}
	raw(d, "points", "/api/v1/points/{scenario}.bin",
		"Home charge points of every region and year of a scenario: 32-bit floats, little endian, year by year, regions by number",
		"application/octet-stream", binary, "scenario")
	tile := raw(d, "tile", "/api/v1/tiles/{level}/{z}/{x}/{y}.mvt", "A vector tile with the regions of a level; a feature's id is the region's number",
		"application/vnd.mapbox-vector-tile", binary, "level", "z", "x", "y")
	tile.Responses["204"] = &huma.Response{Description: "no region lies in this tile"}
	file := raw(d, "file", "/api/v1/files/{name}", "A file of the result, of those that the study lists; the name may hold slashes, as figures/heatmap.svg; parts are answered (Range)",
		"*/*", binary, "name")
	file.Responses["206"] = &huma.Response{Description: "the part that was asked for"}
	file.Responses["416"] = &huma.Response{Description: "the file has no such part"}
	raw(d, "schema", "/api/v1/schemas/{schema}.json", "A JSON schema of this description, by its name", "application/json", &huma.Schema{Type: "object"}, "schema")
	for suffix, version := range map[string]string{"": "3.1", "-3.0": "3.0"} {
		raw(d, "openapi"+suffix+"-json", "/api/v1/openapi"+suffix+".json", "This description, in OpenAPI "+version, "application/openapi+json", &huma.Schema{Type: "object"})
		raw(d, "openapi"+suffix+"-yaml", "/api/v1/openapi"+suffix+".yaml", "This description, in OpenAPI "+version, "application/openapi+yaml", text)
	}
}

// describe answers with the description of the API, OpenAPI 3.1 and 3.0, and with
// the schemas in it by name.
func describe(r chi.Router, d *huma.OpenAPI) {
	describeRaw(d)
	for suffix, write := range map[string]func() ([]byte, error){
		".json":     d.MarshalJSON,
		"-3.0.json": d.Downgrade,
		".yaml":     d.YAML,
		"-3.0.yaml": d.DowngradeYAML,
	} {
		write := sync.OnceValues(write) // when every route is in it
		kind := "application/openapi+" + suffix[strings.LastIndexByte(suffix, '.')+1:]
		r.Get("/api/v1/openapi"+suffix, func(w http.ResponseWriter, r *http.Request) {
			text, err := write()
			if err != nil {
				panic(fmt.Errorf("openapi%s: %w", suffix, err)) // the types of this package
			}
			keep(r.Context())
			w.Header().Set("Content-Type", kind)
			_, _ = w.Write(text)
		})
	}
	inside := regexp.MustCompile(`#/components/schemas/([^"]+)`)
	r.Get("/api/v1/schemas/{schema}.json", func(w http.ResponseWriter, r *http.Request) {
		name := chi.URLParam(r, "schema")
		schema := d.Components.Schemas.Map()[name]
		if schema == nil {
			problem(w, http.StatusNotFound, "no schema has the name "+name+": /api/v1/openapi.json has them all")
			return
		}
		text, err := json.Marshal(schema)
		if err != nil {
			panic(err) // a schema of this package
		}
		keep(r.Context())
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(inside.ReplaceAll(text, []byte("/api/v1/schemas/$1.json")))
	})
}
