package pmtiles

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
)

func TestTilesHaveTheNumbersOfTheSpecification(t *testing.T) {
	for _, c := range []struct {
		zoom, x, y uint32
		id         uint64
	}{{0, 0, 0, 0}, {1, 0, 0, 1}, {1, 0, 1, 2}, {1, 1, 1, 3}, {1, 1, 0, 4}, {2, 0, 0, 5}, {12, 3423, 1763, 19078479}} {
		if got := (Tile{Zoom: c.zoom, X: c.x, Y: c.y}).id(); got != c.id {
			t.Errorf("tile %d/%d/%d has number %d, not %d", c.zoom, c.x, c.y, got, c.id)
		}
	}
}

func TestEveryTileIsFoundAgain(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for _, n := range []int{1, 12, 8_000} { // the last has more entries than the first request takes
		var tiles []Tile
		for i := range n {
			data := []byte("land") // many are alike
			if i%3 > 0 {
				data = fmt.Appendf(nil, "%d %s", i, strings.Repeat("x", random.IntN(40)))
			}
			tiles = append(tiles, Tile{Zoom: 14, X: uint32(i % 150 * 50), Y: uint32(i/150*50 + random.IntN(50)), Data: data})
		}
		var b bytes.Buffer
		if err := Write(&b, tiles, Bounds{3, 50, 7, 54}, map[string]any{"vector_layers": []any{}}); err != nil {
			t.Fatal(err)
		}
		f := file(b.Bytes())
		if root := f.word(2); root > rootBytes-headerBytes {
			t.Errorf("%d tiles: the first directory has %d bytes", n, root)
		}
		if (n == 8_000) != (f.word(6) > 0) {
			t.Errorf("%d tiles: the other directories have %d bytes", n, f.word(6))
		}
		var about map[string]any
		if err := json.Unmarshal(unpacked(t, f[f.word(3):][:f.word(4)]), &about); err != nil || about["vector_layers"] == nil {
			t.Errorf("metadata %v, %v", about, err)
		}
		found := f.tiles(t)
		if len(found) != n {
			t.Errorf("%d of %d tiles are there", len(found), n)
		}
		for _, want := range tiles {
			if got := found[want.id()]; !bytes.Equal(got, want.Data) {
				t.Fatalf("%d tiles: %d/%d/%d is %q, not %q", n, want.Zoom, want.X, want.Y, got, want.Data)
			}
		}
	}
	if err := Write(io.Discard, []Tile{{Zoom: 1}, {Zoom: 1}}, Bounds{}, nil); err == nil {
		t.Error("a tile may be there twice")
	}
}

// file is read as the specification says, by no code of the writer.
type file []byte

// word is one of the header's numbers of 8 bytes after its name.
func (f file) word(n int) uint64 { return binary.LittleEndian.Uint64(f[8*n:]) }

func unpacked(t *testing.T, b []byte) []byte {
	t.Helper()
	z, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	out, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// entries are all places, of tiles alone.
func (f file) entries(t *testing.T, at, size uint64) (out [][4]uint64) {
	t.Helper()
	dir := bytes.NewReader(unpacked(t, f[at:][:size]))
	next := func() uint64 {
		v, err := binary.ReadUvarint(dir)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	list := make([][4]uint64, next()) // number, run, length, offset
	for k := range 4 {
		for i := range list {
			list[i][k] = next()
		}
	}
	for i := range list {
		if i > 0 {
			list[i][0] += list[i-1][0]
		}
		if list[i][3]--; list[i][3] == math.MaxUint64 {
			list[i][3] = list[i-1][3] + list[i-1][2]
		}
		if list[i][1] > 0 {
			out = append(out, list[i])
		} else {
			out = append(out, f.entries(t, f.word(5)+list[i][3], list[i][2])...)
		}
	}
	return out
}

func (f file) tiles(t *testing.T) map[uint64][]byte {
	t.Helper()
	out := map[uint64][]byte{}
	for _, e := range f.entries(t, f.word(1), f.word(2)) {
		data := unpacked(t, f[f.word(7)+e[3]:][:e[2]])
		for k := range e[1] {
			out[e[0]+k] = data
		}
	}
	return out
}
