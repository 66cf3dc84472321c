package regions

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"

	"github.com/paulmach/orb"
)

const (
	magic           = "getij-map-1\n"
	originLon       = 5.387 // of the sinusoidal projection
	originLat       = 52.156
	metresPerDegree = 111_300.0
	maxCount        = 1 << 20 // of anything in the file; more is a damaged file
)

// mesh is the decoded file: vertices stored once, faces as indices into them.
type mesh struct {
	vertices  []orb.Point
	gemeenten [][][]face // by gemeente, by wijk
}

type face struct {
	urban int
	rings []ring
}

// ring is open: its last vertex differs from its first.
type ring []int32

func decode(file []byte, gemeenten int) (*mesh, error) {
	zipped, err := gzip.NewReader(bytes.NewReader(file))
	if err != nil {
		return nil, err
	}
	data, err := io.ReadAll(zipped)
	if err != nil {
		return nil, err
	}
	rest, found := bytes.CutPrefix(data, []byte(magic))
	if !found {
		return nil, errors.New("not a getij map of version 1")
	}
	r := &reader{in: bufio.NewReader(bytes.NewReader(rest))}
	if n := r.count(); n != gemeenten {
		return nil, fmt.Errorf("%d municipalities where the table has %d", n, gemeenten)
	}
	m := &mesh{vertices: r.vertices()}
	for range gemeenten {
		var wijken [][]face
		for range r.count() {
			var faces []face
			for range r.count() {
				faces = append(faces, r.face())
			}
			if len(faces) == 0 && r.err == nil {
				r.err = errors.New("a wijk without buurten")
			}
			wijken = append(wijken, faces)
		}
		if len(wijken) == 0 && r.err == nil {
			r.err = errors.New("a municipality without wijken")
		}
		m.gemeenten = append(m.gemeenten, wijken)
	}
	if r.err == nil && r.used != len(m.vertices) {
		r.err = fmt.Errorf("%d of %d vertices used", r.used, len(m.vertices))
	}
	if r.err != nil {
		return nil, r.err
	}
	return m, nil
}

// reader keeps the first fault; after it, every number is 0.
type reader struct {
	in   *bufio.Reader
	used int // vertices used so far
	size int // vertices in the file
	err  error
}

func (r *reader) count() int {
	if r.err != nil {
		return 0
	}
	n, err := binary.ReadUvarint(r.in)
	if err == nil && n > maxCount {
		err = fmt.Errorf("count %d is too large", n)
	}
	if err != nil {
		r.err = err
		return 0
	}
	return int(n)
}

func (r *reader) differences(n int) []float64 {
	values := make([]float64, n)
	var sum int64
	for i := range values {
		if r.err != nil {
			return values
		}
		var d int64
		d, r.err = binary.ReadVarint(r.in)
		sum += d
		values[i] = float64(sum)
	}
	return values
}

func (r *reader) vertices() []orb.Point {
	r.size = r.count()
	xs, ys := r.differences(r.size), r.differences(r.size)
	points := make([]orb.Point, r.size)
	for i := range points {
		lat := originLat + ys[i]/metresPerDegree
		points[i] = orb.Point{originLon + xs[i]/(metresPerDegree*math.Cos(lat*math.Pi/180)), lat}
	}
	return points
}

func (r *reader) face() face {
	f := face{urban: r.count()}
	f.rings = make([]ring, r.count())
	for k := range f.rings {
		f.rings[k] = make(ring, r.count())
		if len(f.rings[k]) < 3 && r.err == nil {
			r.err = errors.New("a ring of fewer than three vertices")
		}
		for i := range f.rings[k] {
			f.rings[k][i] = r.vertex()
		}
	}
	return f
}

func (r *reader) vertex() int32 {
	back := r.count()
	if back == 0 {
		r.used++
		back = 1
	}
	index := r.used - back
	if r.err == nil && (index < 0 || index >= r.size) {
		r.err = errors.New("a vertex outside the list")
	}
	if r.err != nil {
		return 0
	}
	return int32(index)
}
