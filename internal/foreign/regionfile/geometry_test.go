package regionfile

import (
	"bytes"
	"encoding/binary"
	"math"
	"reflect"
	"strings"
	"testing"

	"github.com/getij/getij/internal/foreign/table"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"
	"pgregory.net/rapid"
)

func TestGeometryRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var mp orb.MultiPolygon
		for range rapid.IntRange(1, 3).Draw(t, "polygons") {
			var polygon orb.Polygon
			for range rapid.IntRange(1, 3).Draw(t, "rings") {
				r := orb.Ring{}
				for range rapid.IntRange(0, 5).Draw(t, "points") {
					r = append(r, orb.Point{rapid.Float64().Draw(t, "x"), rapid.Float64().Draw(t, "y")})
				}
				polygon = append(polygon, r)
			}
			mp = append(mp, polygon)
		}
		got, srs, err := parseGeometry(appendGeometry(nil, mp, 28992))
		if err != nil || srs != 28992 || !reflect.DeepEqual(got, mp) {
			t.Fatalf("%v %d %v", got, srs, err)
		}
	})
	if mp, _, err := parseGeometry(appendGeometry(nil, nil, 28992)); mp != nil || err != nil {
		t.Error(mp, err)
	}
}

func TestGeometryForms(t *testing.T) {
	p := orb.Polygon{ring(1, 2, 3)}
	big, err := wkb.Marshal(p, binary.BigEndian)
	if err != nil {
		t.Fatal(err)
	}
	head := func(flags byte, envelope int) []byte {
		return append([]byte{'G', 'P', 0, flags, 0, 0, 0x71, 0x40}, make([]byte, envelope)...)
	}
	for name, blob := range map[string][]byte{
		"big endian, no envelope":   append(head(0, 0), big...),
		"envelope of three numbers": append(head(2<<1, 48), big...),
		"envelope of four numbers":  append(head(4<<1, 64), big...),
		"with height":               append(head(0, 0), withHeight(p, 1003)...),
		"with height, extended":     append(head(0, 0), withHeight(p, 3|0x80000000)...),
	} {
		mp, srs, err := parseGeometry(blob)
		if err != nil || srs != 28992 || !reflect.DeepEqual(mp, orb.MultiPolygon{p}) {
			t.Errorf("%s: %v %d %v", name, mp, srs, err)
		}
	}
	point, err := wkb.Marshal(orb.Point{1, 2})
	if err != nil {
		t.Fatal(err)
	}
	huge := append(head(0, 0), 1, 6, 0, 0, 0, 0xff, 0xff, 0xff, 0xff)
	for want, blob := range map[string][]byte{
		"begins with GP":        []byte("WKB"),
		"version 3":             {'G', 'P', 3, 0, 0, 0, 0, 0},
		"extended geometry":     {'G', 'P', 0, 0x20, 0, 0, 0, 0},
		"envelope kind 5":       {'G', 'P', 0, 5 << 1, 0, 0, 0, 0},
		"envelope kind 1":       {'G', 'P', 0, 1 << 1, 0, 0, 0, 0},
		"geometry type 1:":      append(head(0, 0), point...),
		"announces 4294967295":  huge,
		"after the geometry":    append(append(head(0, 0), big...), 0),
		"no byte order":         append(head(0, 0), 7),
		"its own reference":     append(head(0, 0), 0, 0x20, 0, 0, 3, 0, 0, 0, 0),
		"where a count":         append(head(0, 0), 0, 0, 0, 0, 3, 0),
		"inside a multipolygon": append(head(0, 0), 0, 0, 0, 0, 6, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0),
	} {
		if _, _, err := parseGeometry(blob); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", want, err)
		}
	}
	if n := testing.AllocsPerRun(10, func() { _, _, _ = parseGeometry(huge) }); n > 20 {
		t.Errorf("%v allocations for an absurd count", n)
	}
}

func withHeight(p orb.Polygon, kind uint32) []byte {
	le := binary.LittleEndian
	b := le.AppendUint32([]byte{1}, kind)
	b = le.AppendUint32(b, uint32(len(p)))
	for _, r := range p {
		b = le.AppendUint32(b, uint32(len(r)))
		for _, q := range r {
			for _, v := range []float64{q[0], q[1], 7} {
				b = le.AppendUint64(b, math.Float64bits(v))
			}
		}
	}
	return b
}

// Whatever the bytes, no panic and no more memory than the bytes hold.
func FuzzGeometry(f *testing.F) {
	f.Add(appendGeometry(nil, orb.MultiPolygon{{ring(233000, 580000, 10), ring(233002, 580002, 2)}}, 28992))
	f.Add(appendGeometry(nil, nil, 4326))
	f.Add([]byte{'G', 'P', 0, 0, 0, 0, 0, 0, 1, 6, 0, 0, 0, 0xff, 0xff, 0xff, 0xff})
	f.Add(append([]byte{'G', 'P', 0, 0, 0, 0, 0, 0}, withHeight(orb.Polygon{ring(1, 1, 1)}, 1003)...))
	f.Fuzz(func(t *testing.T, blob []byte) {
		mp, srs, err := parseGeometry(blob)
		if err != nil {
			return
		}
		points := 0
		for _, polygon := range mp {
			for _, r := range polygon {
				points += len(r)
			}
		}
		if 16*points > len(blob) {
			t.Fatalf("%d points out of %d bytes", points, len(blob))
		}
		again, _, err := parseGeometry(appendGeometry(nil, mp, srs))
		if err != nil || len(again) != len(mp) {
			t.Fatalf("written and read again: %v %v", again, err)
		}
	})
}

func FuzzGeoJSON(f *testing.F) {
	f.Add([]byte(`{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"code":"GM0014","cars":5},"geometry":` +
		`{"type":"Polygon","coordinates":[[[5,52],[6,52],[6,53],[5,52]]]}}]}`))
	f.Add([]byte(`{"crs":{"properties":{"name":"EPSG:28992"}},"features":[{"properties":{"bu_code":"BU00140102","h2o":"JA"},"geometry":null}]}`))
	f.Add([]byte(`{"features":[{"properties":{"code":"x","level":"zone"},"geometry":{"type":"MultiPolygon","coordinates":[[],[[]]]}}],"type":1}`))
	fuzzReader(f, formatGeoJSON)
}

func FuzzCSV(f *testing.F) {
	f.Add([]byte("code,naam,woningen,jaar\nGM0014,Groningen,5,2023\nWK001401,,-99997,2023\n"))
	f.Add([]byte("\ufeffgwb_code_10;g_pau_hh\nBU00140102;0,5\n"))
	f.Add([]byte("code\tlevel\tparent\nZ\tzone\tNL00\n\xe9\tzone\t\n"))
	f.Add([]byte("code,geom,households\nGM0344,\"SRID=28992;MULTIPOLYGON Z (((130000 450000 1, 131000 450000 1, 131000 452000 1, 130000 450000 1)))\",100\n"))
	fuzzReader(f, formatCSV)
}

// fuzzReader checks that what is read is consistent and can be written and read
// again.
func fuzzReader(f *testing.F, format string) {
	f.Fuzz(func(t *testing.T, content []byte) {
		b, err := newBuilder("f", format, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if format == formatCSV {
			var file *table.File
			if file, err = table.New(t.Context(), "f", bytes.NewReader(content), 1<<30); err == nil {
				err = readCSV(b, file)
			}
		} else {
			err = readGeoJSON(b, bytes.NewReader(content))
		}
		if err != nil {
			return
		}
		d, err := b.finish()
		if err != nil {
			return
		}
		for i := range d.Layers {
			l := &d.Layers[i]
			for _, a := range l.Attributes {
				if len(a.Values) != len(l.Regions) {
					t.Fatalf("%s: %d values for %d regions", a.Name, len(a.Values), len(l.Regions))
				}
				for _, v := range a.Values {
					if v < 0 || math.IsInf(v, 0) {
						t.Fatalf("%s: %v", a.Name, v)
					}
				}
			}
			table := l.Table()
			if err := WriteGeoJSON(&bytes.Buffer{}, table, 7); err != nil && !strings.Contains(err.Error(), "table name") {
				t.Fatal(err)
			}
		}
	})
}
