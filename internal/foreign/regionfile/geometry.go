package regionfile

import (
	"encoding/binary"
	"fmt"
	"math"

	"github.com/paulmach/orb"
)

// Well-known binary numbers of the geometries that are surfaces (OGC 06-103,
// table 7). Z, M and ZM add 1000, 2000 and 3000; the extended form sets high bits.
const (
	wkbPolygon      = 3
	wkbMultiPolygon = 6
)

// parseGeometry reads a GeoPackage geometry blob (OGC 12-128 clause 2.1.3):
// "GP", version, flags, spatial reference id, an optional envelope, then
// well-known binary. An empty geometry gives nil. Heights and measures are left
// out.
func parseGeometry(blob []byte) (mp orb.MultiPolygon, srsID int32, err error) {
	if len(blob) < 8 || blob[0] != 'G' || blob[1] != 'P' {
		return nil, 0, fmt.Errorf("geometry of %d bytes: expected a GeoPackage geometry, which begins with GP", len(blob))
	}
	if blob[2] != 0 {
		return nil, 0, fmt.Errorf("geometry of version %d: expected 0", blob[2])
	}
	flags := blob[3]
	if flags&0x20 != 0 {
		return nil, 0, fmt.Errorf("extended geometry type: expected a standard polygon")
	}
	envelopes := [8]int{0, 32, 48, 48, 64, -1, -1, -1}
	envelope := envelopes[flags>>1&7]
	if envelope < 0 || len(blob) < 8+envelope {
		return nil, 0, fmt.Errorf("geometry header with envelope kind %d in %d bytes: expected kind 0 to 4 and its numbers", flags>>1&7, len(blob))
	}
	var order binary.ByteOrder = binary.BigEndian
	if flags&1 != 0 {
		order = binary.LittleEndian
	}
	srsID = int32(order.Uint32(blob[4:]))
	if flags&0x10 != 0 {
		return nil, srsID, nil
	}
	r := wkbReader{data: blob[8+envelope:]}
	mp, err = r.surface()
	if err == nil && len(r.data) > 0 {
		err = fmt.Errorf("%d bytes after the geometry: expected none", len(r.data))
	}
	return mp, srsID, err
}

// wkbReader reads well-known binary from the front of data. Counts are checked
// against the bytes that are left before memory is taken for them.
type wkbReader struct {
	data  []byte
	order binary.ByteOrder
	size  int // bytes per point
}

func (r *wkbReader) surface() (orb.MultiPolygon, error) {
	kind, err := r.head()
	if err != nil {
		return nil, err
	}
	switch kind {
	case wkbPolygon:
		p, err := r.polygon()
		if err != nil || len(p) == 0 {
			return nil, err
		}
		return orb.MultiPolygon{p}, nil
	case wkbMultiPolygon:
		n, err := r.count(9) // a polygon without rings
		if err != nil {
			return nil, err
		}
		mp := make(orb.MultiPolygon, 0, n)
		for range n {
			kind, err := r.head()
			if err != nil {
				return nil, err
			}
			if kind != wkbPolygon {
				return nil, fmt.Errorf("geometry type %d inside a multipolygon: expected polygons", kind)
			}
			p, err := r.polygon()
			if err != nil {
				return nil, err
			}
			if len(p) > 0 {
				mp = append(mp, p)
			}
		}
		return mp, nil
	}
	return nil, fmt.Errorf("geometry type %d: expected Polygon (3) or MultiPolygon (6); "+
		"regions are surfaces, curves must be made straight first", kind)
}

// head reads byte order and type, and the number of coordinates from the type.
func (r *wkbReader) head() (uint32, error) {
	if len(r.data) < 5 || r.data[0] > 1 {
		return 0, fmt.Errorf("geometry ends or has no byte order: expected 0 or 1 and a type")
	}
	r.order = binary.BigEndian
	if r.data[0] == 1 {
		r.order = binary.LittleEndian
	}
	kind := r.order.Uint32(r.data[1:])
	r.data = r.data[5:]
	dimensions := 2
	if kind&0x20000000 != 0 {
		return 0, fmt.Errorf("geometry carries its own reference system: expected plain well-known binary")
	}
	for _, high := range []uint32{0x80000000, 0x40000000} { // Z and M in the extended form
		if kind&high != 0 {
			dimensions++
			kind &^= high
		}
	}
	if dimensions == 2 {
		switch kind / 1000 {
		case 1, 2:
			dimensions = 3
		case 3:
			dimensions = 4
		}
		if kind < 4000 {
			kind %= 1000
		}
	}
	r.size = 8 * dimensions
	return kind, nil
}

func (r *wkbReader) polygon() (orb.Polygon, error) {
	rings, err := r.count(4)
	if err != nil {
		return nil, err
	}
	p := make(orb.Polygon, 0, rings)
	size, order := r.size, r.order
	for range rings {
		n, err := r.count(size)
		if err != nil {
			return nil, err
		}
		ring := make(orb.Ring, n)
		for i := range ring {
			at := r.data[i*size:]
			ring[i] = orb.Point{math.Float64frombits(order.Uint64(at)), math.Float64frombits(order.Uint64(at[8:]))}
		}
		r.data = r.data[n*size:]
		p = append(p, ring)
	}
	return p, nil
}

// count reads how many things of at least `least` bytes follow.
func (r *wkbReader) count(least int) (int, error) {
	if len(r.data) < 4 {
		return 0, fmt.Errorf("geometry ends where a count should be")
	}
	n := r.order.Uint32(r.data)
	r.data = r.data[4:]
	if uint64(n)*uint64(least) > uint64(len(r.data)) {
		return 0, fmt.Errorf("geometry announces %d parts of at least %d bytes, and %d bytes follow", n, least, len(r.data))
	}
	return int(n), nil
}

// appendGeometry appends the GeoPackage blob of mp: little endian, an envelope of
// x and y, and a MultiPolygon. Nil gives the empty geometry.
func appendGeometry(blob []byte, mp orb.MultiPolygon, srsID int32) []byte {
	le := binary.LittleEndian
	float := func(v float64) { blob = le.AppendUint64(blob, math.Float64bits(v)) }
	count := func(n int) { blob = le.AppendUint32(blob, uint32(n)) }
	kind := func(k uint32) { blob = le.AppendUint32(append(blob, 1), k) }
	const littleEndian, envelopeXY, empty = 1, 1 << 1, 1 << 4
	flags := byte(littleEndian | envelopeXY)
	if len(mp) == 0 {
		flags = littleEndian | empty
	}
	blob = le.AppendUint32(append(blob, 'G', 'P', 0, flags), uint32(srsID))
	if len(mp) > 0 {
		b := mp.Bound()
		for _, v := range []float64{b.Min[0], b.Max[0], b.Min[1], b.Max[1]} {
			float(v)
		}
	}
	kind(wkbMultiPolygon)
	count(len(mp))
	for _, polygon := range mp {
		kind(wkbPolygon)
		count(len(polygon))
		for _, ring := range polygon {
			count(len(ring))
			for _, p := range ring {
				float(p[0])
				float(p[1])
			}
		}
	}
	return blob
}
