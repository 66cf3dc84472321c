package regionfile

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"

	"github.com/getij/getij/internal/foreign/table"
	"github.com/getij/getij/internal/region"
	"github.com/getij/getij/internal/userfile"
	"github.com/paulmach/orb"
)

// feature is a GeoJSON feature as far as it is read.
type feature struct {
	Type       string         `json:"type"`
	Properties map[string]any `json:"properties"`
	Geometry   *struct {
		Type        string          `json:"type"`
		Coordinates json.RawMessage `json:"coordinates"`
	} `json:"geometry"`
}

// mostFeature bounds one feature as text: a border of about a million points.
const mostFeature = 32 << 20

// readGeoJSON reads a FeatureCollection one feature at a time.
func readGeoJSON(b *builder, r io.Reader) error {
	fail := func(err error) error {
		var known *Error
		if errors.As(err, &known) {
			return err
		}
		return &Error{File: b.file, Want: "a GeoJSON FeatureCollection", Err: err}
	}
	d := userfile.JSON(r, "feature", mostFeature)
	if err := delimiter(d, '{'); err != nil {
		return fail(err)
	}
	g := geojsonReader{b: b}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return fail(err)
		}
		switch key {
		case "type":
			var kind string
			if err := d.Decode(&kind); err != nil || kind != "FeatureCollection" {
				return fail(fmt.Errorf("type is %q", kind))
			}
		case "name":
			if err := d.Decode(&g.name); err != nil {
				return fail(fmt.Errorf("name: %w", err))
			}
		case "crs":
			if err := g.readCRS(d); err != nil {
				return fail(err)
			}
		case "features":
			if err := g.readFeatures(d); err != nil {
				return fail(err)
			}
		default:
			if err := table.SkipJSON(d); err != nil {
				return fail(err)
			}
		}
	}
	if err := delimiter(d, '}'); err != nil {
		return fail(err)
	}
	if !g.begun {
		return fail(errors.New("it has no features"))
	}
	b.end()
	return nil
}

func delimiter(d *json.Decoder, want json.Delim) error {
	token, err := d.Token()
	if err != nil {
		return err
	}
	if token != want {
		return fmt.Errorf("%v where %v should be", token, want)
	}
	return nil
}

type geojsonReader struct {
	b     *builder
	name  string
	crs   region.CRS // 0 until known
	begun bool
}

// crsName matches the names that files give: EPSG:28992,
// urn:ogc:def:crs:EPSG::28992, http://www.opengis.net/def/crs/EPSG/0/28992,
// urn:ogc:def:crs:OGC:1.3:CRS84.
var crsName = regexp.MustCompile(`(?i)(?:EPSG[:/](?:[0-9.]*[:/])?|CRS)([0-9]+)$`)

func (g *geojsonReader) readCRS(d *json.Decoder) error {
	var member struct {
		Properties struct {
			Name string `json:"name"`
		} `json:"properties"`
	}
	if err := d.Decode(&member); err != nil {
		return fmt.Errorf("crs: %w", err)
	}
	name := member.Properties.Name
	if name == "" { // "crs": null
		return nil
	}
	var crs region.CRS
	if m := crsName.FindStringSubmatch(name); m != nil {
		switch m[1] {
		case "28992", "7415":
			crs = region.RDNew
		case "4326", "84":
			crs = region.WGS84
		}
	}
	if crs == 0 {
		return &Error{File: g.b.file, Field: "crs", Value: name, Want: "EPSG:28992 (RD New) or CRS84/EPSG:4326 (WGS84); " +
			"convert it: ogr2ogr -t_srs EPSG:28992 out.gpkg in.geojson"}
	}
	if g.begun && crs != g.crs {
		return &Error{File: g.b.file, Field: "crs", Value: name, Want: fmt.Sprintf("the crs member before the features, which were read as %v", g.crs)}
	}
	g.crs = crs
	return nil
}

func (g *geojsonReader) readFeatures(d *json.Decoder) error {
	if g.begun {
		return errors.New("it has features twice")
	}
	if err := delimiter(d, '['); err != nil {
		return err
	}
	name := g.name
	if name == "" {
		name = "features"
	}
	g.b.begin(name, g.crs)
	g.begun = true
	for n := 1; d.More(); n++ {
		var f feature
		if err := d.Decode(&f); err != nil {
			return g.b.failWith(row{number: n}, err)
		}
		if err := g.add(n, &f); err != nil {
			return err
		}
	}
	if g.crs == 0 {
		g.crs = region.WGS84
	}
	return delimiter(d, ']')
}

func (g *geojsonReader) add(n int, f *feature) error {
	r := row{number: n, values: f.Properties}
	for column := range f.Properties {
		g.b.known(column) // so that it is listed
	}
	if f.Geometry != nil {
		var err error
		if r.geometry, err = f.surface(); err != nil {
			return g.b.failWith(r, err)
		}
	}
	if g.crs == 0 && len(r.geometry) > 0 {
		g.crs = region.WGS84 // RFC 7946, unless the coordinates cannot be degrees
		if region.InRD(r.geometry.Bound().Min) {
			g.crs = region.RDNew
			g.b.note("no crs member, and coordinates in metres: read as RD New (EPSG:28992)")
		}
		g.b.input.crs = g.crs
	}
	return g.b.add(r)
}

// surface reads the coordinates of a Polygon or MultiPolygon; heights are left out.
func (f *feature) surface() (orb.MultiPolygon, error) {
	var polygons [][][]orb.Point
	switch f.Geometry.Type {
	case "Polygon":
		polygons = make([][][]orb.Point, 1)
		if err := json.Unmarshal(f.Geometry.Coordinates, &polygons[0]); err != nil {
			return nil, fmt.Errorf("coordinates of a Polygon: %w", err)
		}
	case "MultiPolygon":
		if err := json.Unmarshal(f.Geometry.Coordinates, &polygons); err != nil {
			return nil, fmt.Errorf("coordinates of a MultiPolygon: %w", err)
		}
	default:
		return nil, fmt.Errorf("geometry type %q: expected Polygon or MultiPolygon", strings.TrimSpace(f.Geometry.Type))
	}
	var mp orb.MultiPolygon
	for _, rings := range polygons {
		var polygon orb.Polygon
		for _, points := range rings {
			for _, p := range points {
				if p[1] == 0 { // as a missing one is read
					return nil, fmt.Errorf("point %v: expected at least two coordinates", p)
				}
			}
			polygon = append(polygon, orb.Ring(points))
		}
		if len(polygon) > 0 {
			mp = append(mp, polygon)
		}
	}
	return mp, nil
}
