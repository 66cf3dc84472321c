package regionfile

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"strconv"

	"github.com/getij/getij/internal/region"
	"github.com/paulmach/orb"
)

// WriteGeoJSON writes a table as an RFC 7946 FeatureCollection: WGS84, longitude
// first, outer rings counterclockwise, coordinates with so many decimals (7 is a
// centimetre, 6 a decimetre). Shared borders stay shared. A ring that is smaller
// than the last decimal goes.
func WriteGeoJSON(w io.Writer, t Table, decimals int) error {
	if err := t.check(); err != nil {
		return err
	}
	if decimals < 0 || decimals > 12 {
		return fmt.Errorf("GeoJSON with %d decimals: expected 0 to 12", decimals)
	}
	out := bufio.NewWriter(w)
	name, err := json.Marshal(t.Name)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, `{"type":"FeatureCollection","name":%s,"features":[`, name)
	var line []byte
	err = t.rows(func(i int, r Row) (err error) {
		line = line[:0]
		if i > 0 {
			line = append(line, ',')
		}
		line = append(line, '\n')
		if line, err = appendFeature(line, &t, r, decimals); err != nil {
			return fmt.Errorf("table %s, row %d: %w", t.Name, i+1, err)
		}
		_, err = out.Write(line)
		return err
	})
	if err != nil {
		return err
	}
	if _, err := out.WriteString("\n]}\n"); err != nil {
		return err
	}
	return out.Flush()
}

func appendFeature(line []byte, t *Table, r Row, decimals int) ([]byte, error) {
	line = append(line, `{"type":"Feature","properties":{`...)
	for k, c := range t.Columns {
		cell, err := c.cell(r.Values[k])
		if err != nil {
			return nil, err
		}
		key, err := json.Marshal(c.Name)
		if err != nil {
			return nil, err
		}
		value, err := json.Marshal(cell)
		if err != nil {
			return nil, err
		}
		if k > 0 {
			line = append(line, ',')
		}
		line = append(append(append(line, key...), ':'), value...)
	}
	line = append(line, `},"geometry":`...)
	polygons := roundedWGS84(r.Geometry, decimals)
	switch len(polygons) {
	case 0:
		line = append(line, "null"...)
	case 1:
		line = append(line, `{"type":"Polygon","coordinates":`...)
		line = append(appendPolygon(line, polygons[0]), '}')
	default:
		line = append(line, `{"type":"MultiPolygon","coordinates":[`...)
		for i, p := range polygons {
			if i > 0 {
				line = append(line, ',')
			}
			line = appendPolygon(line, p)
		}
		line = append(line, "]}"...)
	}
	return append(line, '}'), nil
}

func roundedWGS84(mp orb.MultiPolygon, decimals int) orb.MultiPolygon {
	if mp == nil {
		return nil
	}
	mp = region.ToWGS84(mp)
	scale := math.Pow10(decimals)
	for _, polygon := range mp {
		for k, ring := range polygon {
			for i, p := range ring {
				ring[i] = orb.Point{math.Round(p[0]*scale) / scale, math.Round(p[1]*scale) / scale}
			}
			want := orb.CCW
			if k > 0 {
				want = orb.CW
			}
			if ring.Orientation() == -want {
				ring.Reverse()
			}
		}
	}
	mp, _ = region.Mend(mp, region.WGS84)
	return mp
}

func appendPolygon(line []byte, polygon orb.Polygon) []byte {
	line = append(line, '[')
	for k, ring := range polygon {
		if k > 0 {
			line = append(line, ',')
		}
		line = append(line, '[')
		for i, p := range ring {
			if i > 0 {
				line = append(line, ',')
			}
			line = append(line, '[')
			line = strconv.AppendFloat(line, p[0], 'f', -1, 64)
			line = append(line, ',')
			line = strconv.AppendFloat(line, p[1], 'f', -1, 64)
			line = append(line, ']')
		}
		line = append(line, ']')
	}
	return append(line, ']')
}
