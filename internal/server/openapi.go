package server

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-chi/chi/v5"
)

// describe answers with the description of the API, OpenAPI 3.1 and 3.0, and with
// the schemas in it by name.
func describe(r chi.Router, d *huma.OpenAPI) {
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
