// Package regions holds the built-in schematic map: the Dutch provinces and
// municipalities of 2023 with CBS's figures, and invented wijken and buurten
// that share those figures out.
//
// The map is SCHEMATIC. Municipalities are cells of a power diagram with about
// the right place and size; wijken and buurten exist nowhere else, and have codes
// that no table of CBS has (XW, XB). It is there so that a first run has a map; real
// boundaries replace it.
//
// Polygons are WGS84 longitude and latitude; outer rings run counter-clockwise,
// rings are closed, neighbours share their vertices exactly. Figures are counts
// of households, dwellings and vehicles; a level's figures are exactly the sum
// of the level below.
//
// Sources: CBS 2022-2023 (CC BY 4.0); Natural Earth 1:10m (public domain) by
// way of world-atlas. README.md describes the files, scripts/builtin-map makes
// the outlines.
package regions

import (
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"fmt"
	"sync"

	"github.com/paulmach/orb"
)

var (
	//go:embed gemeenten_2023.csv
	gemeentenCSV []byte
	//go:embed map.bin.gz
	mapFile []byte
)

// Map is the whole country. It is shared: read it, do not change it.
type Map struct {
	Provinces []Province // by code
	Gemeenten []Gemeente // in the order of CBS's table
	Wijken    []Wijk     // by gemeente, then by code
	Buurten   []Buurt    // by wijk, then by code
}

// Province is a real province with a schematic outline.
type Province struct {
	Code, Name string
	Counts     Counts
	Polygon    orb.MultiPolygon
}

// Gemeente is a real municipality of 2023 with a schematic outline.
type Gemeente struct {
	Code, Name   string
	ProvinceCode string
	Province     string
	Point        orb.Point // a point inside the real municipality
	AreaKm2      float64   // of the real one; the outline comes near it
	Inhabitants  int
	Counts       Counts
	Polygon      orb.MultiPolygon
}

// Wijk is an invented group of about eight buurten.
type Wijk struct {
	Code, Name string
	Gemeente   string // code
	Counts     Counts
	Polygon    orb.MultiPolygon
}

// Buurt is invented: its outline, and its share of the municipality's figures.
type Buurt struct {
	Code, Name string
	Wijk       string  // code
	Gemeente   string  // code
	Urban      float64 // rank of density in the municipality: 1 densest, 0 most rural
	Counts     Counts
	Polygon    orb.MultiPolygon
}

// Counts are the figures that buurten share out.
type Counts struct {
	Households   int
	Detached     int // dwellings
	SemiDetached int // dwellings, corner houses included
	Terraced     int // dwellings
	Apartment    int // dwellings
	Cars         int
	Vans         int
}

// Dwellings is the sum over the types. It need not be the number of households.
func (c Counts) Dwellings() int {
	return c.Detached + c.SemiDetached + c.Terraced + c.Apartment
}

// Add returns the sum, column by column.
func (c Counts) Add(d Counts) Counts {
	return Counts{
		Households:   c.Households + d.Households,
		Detached:     c.Detached + d.Detached,
		SemiDetached: c.SemiDetached + d.SemiDetached,
		Terraced:     c.Terraced + d.Terraced,
		Apartment:    c.Apartment + d.Apartment,
		Cars:         c.Cars + d.Cars,
		Vans:         c.Vans + d.Vans,
	}
}

var load = sync.OnceValues(func() (*Map, error) { return build(gemeentenCSV, mapFile) })

// Load decodes the built-in map on its first call and returns the same one after.
func Load() (*Map, error) { return load() }

func build(table, file []byte) (*Map, error) {
	gemeenten, err := readTable(table)
	if err != nil {
		return nil, fmt.Errorf("gemeenten_2023.csv: %w", err)
	}
	mesh, err := decode(file, len(gemeenten))
	if err != nil {
		return nil, fmt.Errorf("map.bin.gz: %w", err)
	}
	m := &Map{Gemeenten: gemeenten}
	outlines := map[string][]ring{} // of the gemeenten, by province
	totals := map[string]Counts{}
	for i := range m.Gemeenten {
		g := &m.Gemeenten[i]
		outline := m.addGemeente(g, mesh, mesh.gemeenten[i])
		g.Polygon = mesh.polygon(outline)
		outlines[g.ProvinceCode] = append(outlines[g.ProvinceCode], outline...)
		totals[g.ProvinceCode] = totals[g.ProvinceCode].Add(g.Counts)
	}
	for _, p := range provinces {
		m.Provinces = append(m.Provinces, Province{
			Code: p.code, Name: p.name, Counts: totals[p.code],
			Polygon: mesh.polygon(mesh.dissolve(outlines[p.code])),
		})
	}
	return m, nil
}

// addGemeente adds the municipality's wijken and buurten and returns its outline.
func (m *Map) addGemeente(g *Gemeente, mesh *mesh, wijken [][]face) []ring {
	first := len(m.Buurten)
	number := g.Code[len("GM"):]
	var outline []ring
	for w, faces := range wijken {
		wijk := Wijk{
			Code:     fmt.Sprintf("XW%s%02d", number, w+1),
			Name:     fmt.Sprintf("%s, invented wijk %02d", g.Name, w+1),
			Gemeente: g.Code,
		}
		var rings []ring
		for b, face := range faces {
			m.Buurten = append(m.Buurten, Buurt{
				Code:     fmt.Sprintf("XB%s%02d%02d", number, w+1, b+1),
				Name:     fmt.Sprintf("%s, invented buurt %02d-%02d", g.Name, w+1, b+1),
				Wijk:     wijk.Code,
				Gemeente: g.Code,
				Urban:    float64(face.urban) / 255,
				Polygon:  mesh.polygon(face.rings),
			})
			rings = append(rings, face.rings...)
		}
		rings = mesh.dissolve(rings)
		wijk.Polygon = mesh.polygon(rings)
		outline = append(outline, rings...)
		m.Wijken = append(m.Wijken, wijk)
	}
	own := m.Buurten[first:]
	spread(g.Counts, own)
	for w, b := len(m.Wijken)-len(wijken), 0; w < len(m.Wijken); w++ {
		for ; b < len(own) && own[b].Wijk == m.Wijken[w].Code; b++ {
			m.Wijken[w].Counts = m.Wijken[w].Counts.Add(own[b].Counts)
		}
	}
	return mesh.dissolve(outline)
}

// SHA256 is the hash of the built-in files, in hexadecimal.
func SHA256() string {
	h := sha256.New()
	h.Write(gemeentenCSV)
	h.Write(mapFile)
	return hex.EncodeToString(h.Sum(nil))
}
