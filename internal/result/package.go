package result

import (
	"strings"

	"github.com/getij/getij/internal/table"
)

// PackageFile describes the tables of a folder for programs: a Frictionless Data
// Package, version 2.0 (datapackage.org).
const PackageFile = "datapackage.json"

type dataPackage struct {
	Schema      string            `json:"$schema"`
	Name        string            `json:"name"`
	Title       string            `json:"title"`
	Description string            `json:"description"`
	Version     string            `json:"version,omitempty"`
	Sources     []packageSource   `json:"sources,omitempty"`
	Resources   []packageResource `json:"resources"`
}

type packageSource struct {
	Title string `json:"title"`
}

type packageResource struct {
	Name          string        `json:"name"`
	Type          string        `json:"type"`
	Path          string        `json:"path"`
	Format        string        `json:"format"`
	MediaType     string        `json:"mediatype"`
	Encoding      string        `json:"encoding,omitempty"`
	Description   string        `json:"description"`
	DescriptionNL string        `json:"description_nl"`
	Schema        packageSchema `json:"schema"`
}

type packageSchema struct {
	Schema string         `json:"$schema"`
	Fields []packageField `json:"fields"`
}

type packageField struct {
	Name          string `json:"name"`
	Type          string `json:"type"`
	Unit          string `json:"unit,omitempty"`
	Description   string `json:"description"`
	DescriptionNL string `json:"description_nl"`
}

const profile = "https://datapackage.org/profiles/2.0/"

// dataPackage describes the tables that are written.
func (r *Result) dataPackage(tables []*table.Table, v Version) *dataPackage {
	return describe(r.Study.Name, r.Study.Name,
		"Results of a study of getij: what electric cars that can discharge (V2G) could do for the grid. Power is in kW per home, positive is charging; energy in kWh and money in EUR per home and year. In CSV an empty cell is a value that is not known.",
		r.Manifest.Inputs, tables, v)
}

func describe(name, title, description string, inputs []Input, tables []*table.Table, v Version) *dataPackage {
	p := &dataPackage{Schema: profile + "datapackage.json", Name: packageName(name), Title: title, Description: description, Version: v.Version}
	for _, in := range inputs {
		p.Sources = append(p.Sources, packageSource{in.Kind + ": " + in.Source + " (" + in.File + ")"})
	}
	for _, t := range tables {
		for _, format := range t.Formats {
			x := packageResource{
				Name: t.Name, Type: "table", Path: t.Name + "." + format, Format: format, Description: t.EN, DescriptionNL: t.NL,
				Schema: packageSchema{Schema: profile + "tableschema.json"},
			}
			switch format {
			case "csv":
				x.MediaType, x.Encoding = "text/csv", "utf-8"
			case "parquet":
				x.Name, x.MediaType = t.Name+"-parquet", "application/vnd.apache.parquet"
			}
			for _, c := range t.Columns {
				kind := map[table.Type]string{table.Real: "number", table.Text: "string", table.Integer: "integer", table.Time: "datetime"}[c.Type]
				x.Schema.Fields = append(x.Schema.Fields, packageField{c.Name, kind, c.Unit, c.EN, c.NL})
			}
			p.Resources = append(p.Resources, x)
		}
	}
	return p
}

// packageName makes a name of the letters that all readers of packages take.
func packageName(study string) string {
	return strings.Map(func(c rune) rune {
		if c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || strings.ContainsRune("-._", c) {
			return c
		}
		return '-'
	}, strings.ToLower(study))
}
