// Package pmtiles writes map tiles into one file that a reader takes parts of, from
// any web server that answers range requests: PMTiles, version 3.
//
// What enters: vector tiles by zoom, column and row. What leaves: a file as
// https://github.com/protomaps/PMTiles/blob/main/spec/v3/spec.md describes it.
// Coordinates are degrees of WGS84.
package pmtiles

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"slices"
)

// Tile is a vector tile.
type Tile struct {
	Zoom, X, Y uint32
	Data       []byte
}

// Bounds are where tiles lie.
type Bounds struct{ West, South, East, North float64 }

const (
	headerBytes = 127
	// rootBytes are what readers take in their first request, the header included.
	rootBytes = 16384
)

// The codes of the header.
const (
	gzipped    = 2
	vectorTile = 1
)

// entry is a place in the file: of a tile and those after it that are alike, or, with
// a run of 0, of a directory of tiles.
type entry struct {
	id             uint64
	offset         uint64
	length, repeat uint32
}

// Write writes tiles in any order. The metadata are an object of JSON, which names at
// least the vector_layers.
func Write(w io.Writer, tiles []Tile, b Bounds, metadata any) error {
	if len(tiles) == 0 {
		return fmt.Errorf("no tiles to write")
	}
	order := slices.Clone(tiles)
	slices.SortFunc(order, func(a, b Tile) int { return cmp.Compare(a.id(), b.id()) })
	p := newPacker()
	entries, data, contents, err := p.place(order)
	if err != nil {
		return err
	}
	root, leaves, err := p.directories(entries)
	if err != nil {
		return err
	}
	text, err := json.Marshal(metadata)
	if err != nil {
		return err
	}
	if text, err = p.packed(text); err != nil {
		return err
	}
	h := make([]byte, 0, headerBytes)
	h = append(h, "PMTiles\x03"...)
	at := uint64(headerBytes)
	for _, part := range [][]byte{root, text, leaves, data} {
		h = binary.LittleEndian.AppendUint64(h, at)
		h = binary.LittleEndian.AppendUint64(h, uint64(len(part)))
		at += uint64(len(part))
	}
	for _, n := range []int{len(order), len(entries), contents} {
		h = binary.LittleEndian.AppendUint64(h, uint64(n))
	}
	first, last := order[0].Zoom, order[len(order)-1].Zoom
	h = append(h, 1, gzipped, gzipped, vectorTile, byte(first), byte(last)) // 1: tiles lie in the order of their numbers
	h = appendDegrees(h, b.West, b.South, b.East, b.North)
	h = append(h, byte(first))
	h = appendDegrees(h, (b.West+b.East)/2, (b.South+b.North)/2)
	for _, part := range [][]byte{h, root, text, leaves, data} {
		if _, err := w.Write(part); err != nil {
			return err
		}
	}
	return nil
}

func appendDegrees(h []byte, degrees ...float64) []byte {
	for _, d := range degrees {
		h = binary.LittleEndian.AppendUint32(h, uint32(int32(math.Round(d*1e7))))
	}
	return h
}

// id numbers tiles, zoom by zoom, along a Hilbert curve: tiles that lie side by side
// have numbers, and places in the file, that lie close together.
func (t Tile) id() uint64 {
	n := uint64(1) << (2 * t.Zoom)
	id := (n - 1) / 3 // of all coarser zooms
	x, y := t.X, t.Y
	for s := uint32(1) << t.Zoom >> 1; s > 0; s >>= 1 {
		var rx, ry uint32
		if x&s > 0 {
			rx = 1
		}
		if y&s > 0 {
			ry = 1
		}
		id += uint64(s) * uint64(s) * uint64(3*rx^ry)
		if ry == 0 {
			if rx == 1 {
				x, y = s-1-x, s-1-y
			}
			x, y = y, x
		}
	}
	return id
}

// place lays tiles one after the other, those that are alike once.
func (p *packer) place(tiles []Tile) (entries []entry, data []byte, contents int, err error) {
	known := map[[sha256.Size]byte]entry{}
	for i, t := range tiles {
		if i > 0 && t.id() == tiles[i-1].id() {
			return nil, nil, 0, fmt.Errorf("tile %d/%d/%d is there twice", t.Zoom, t.X, t.Y)
		}
		sum := sha256.Sum256(t.Data)
		e, ok := known[sum]
		if !ok {
			zipped, err := p.packed(t.Data)
			if err != nil {
				return nil, nil, 0, err
			}
			e = entry{offset: uint64(len(data)), length: uint32(len(zipped))}
			known[sum] = e
			data = append(data, zipped...)
		}
		e.id, e.repeat = t.id(), 1
		if n := len(entries); n > 0 {
			if last := &entries[n-1]; last.offset == e.offset && last.id+uint64(last.repeat) == e.id {
				last.repeat++
				continue
			}
		}
		entries = append(entries, e)
	}
	return entries, data, len(known), nil
}

// directories are the first one, and those that it leads to where all entries have no
// room in it.
func (p *packer) directories(entries []entry) (root, leaves []byte, err error) {
	if root, err = p.directory(entries); err != nil || len(root) <= rootBytes-headerBytes {
		return root, nil, err
	}
	for size := 2048; ; size *= 2 {
		leaves = nil
		var above []entry
		for part := range slices.Chunk(entries, size) {
			leaf, err := p.directory(part)
			if err != nil {
				return nil, nil, err
			}
			above = append(above, entry{id: part[0].id, offset: uint64(len(leaves)), length: uint32(len(leaf))})
			leaves = append(leaves, leaf...)
		}
		if root, err = p.directory(above); err != nil || len(root) <= rootBytes-headerBytes {
			return root, leaves, err
		}
	}
}

// directory writes entries column by column.
func (p *packer) directory(entries []entry) ([]byte, error) {
	b := binary.AppendUvarint(nil, uint64(len(entries)))
	last := uint64(0)
	for _, e := range entries {
		b = binary.AppendUvarint(b, e.id-last)
		last = e.id
	}
	for _, e := range entries {
		b = binary.AppendUvarint(b, uint64(e.repeat))
	}
	for _, e := range entries {
		b = binary.AppendUvarint(b, uint64(e.length))
	}
	for i, e := range entries {
		if i > 0 && e.offset == entries[i-1].offset+uint64(entries[i-1].length) {
			b = append(b, 0) // right after the one before
			continue
		}
		b = binary.AppendUvarint(b, e.offset+1)
	}
	return p.packed(b)
}

// packer compresses. There is no time in what it makes: the same tiles give the same
// bytes.
type packer struct {
	out bytes.Buffer
	z   *gzip.Writer // one for all: a new one takes more memory than a tile
}

func newPacker() *packer {
	p := &packer{}
	p.z, _ = gzip.NewWriterLevel(&p.out, gzip.BestCompression) // a level that there is
	return p
}

func (p *packer) packed(b []byte) ([]byte, error) {
	p.out.Reset()
	p.z.Reset(&p.out)
	_, err := p.z.Write(b)
	if err == nil {
		err = p.z.Close()
	}
	return bytes.Clone(p.out.Bytes()), err
}
