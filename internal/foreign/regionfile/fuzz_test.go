package regionfile

import (
	"context"
	"encoding/binary"
	"math"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// changes of a file are its bytes from a place on: place (4 bytes), how many (1),
// which; one after the other.
func applyChanges(file, changes []byte) []byte {
	out := append([]byte(nil), file...)
	for len(changes) > 5 {
		at, n := int(binary.BigEndian.Uint32(changes))%len(out), int(changes[4])
		changes = changes[5:]
		n = min(n, len(changes), len(out)-at)
		copy(out[at:], changes[:n])
		changes = changes[n:]
	}
	return out
}

func change(at int, b ...byte) []byte {
	return append(binary.BigEndian.AppendUint32(nil, uint32(at)), append([]byte{byte(len(b))}, b...)...)
}

// Whatever bytes a GeoPackage has, reading it ends with an error or with regions
// that have borders of finite numbers, in time.
func FuzzGeoPackage(f *testing.F) {
	base, err := os.ReadFile(nationalFile(f))
	if err != nil {
		f.Fatal(err)
	}
	page := int(binary.BigEndian.Uint16(base[16:]))
	f.Add([]byte{})
	f.Add(change(16, 2, 0))                             // pages of another size
	f.Add(change(28, 0, 0, 0, 1))                       // fewer pages
	f.Add(change(100, 5))                               // the schema's page as an inner one
	f.Add(change(103, 0xff, 0xff))                      // with more tables than there are
	f.Add(change(page+3, 0xff, 0xff))                   // rows of gpkg_spatial_ref_sys
	f.Add(change(len(base)-page, 5, 0, 0, 0, 1))        // a layer that leads to the schema
	f.Add(change(len(base)-40, 0xff, 0xff, 0xff, 0xff)) // within a border
	f.Add(append(change(2*page, 13), change(2*page+8, 0, 1)...))
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, changes []byte) {
		path := filepath.Join(dir, "f.gpkg")
		if err := os.WriteFile(path, applyChanges(base, changes), 0o600); err != nil {
			t.Fatal(err)
		}
		b, err := newBuilder("f.gpkg", formatGeoPackage, Options{KeepWater: true})
		if err != nil {
			t.Fatal(err)
		}
		b.most = 10_000
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		defer cancel()
		if _, err := readGeoPackage(ctx, b, path); err != nil {
			if ctx.Err() != nil {
				t.Fatalf("%v after 20 s", err)
			}
			return
		}
		d, err := b.finish()
		if err != nil {
			return
		}
		for _, r := range d.Regions() {
			if r.Code == "" {
				t.Fatal("a region without a code")
			}
			for _, polygon := range r.Geometry {
				for _, ring := range polygon {
					for _, p := range ring {
						if math.IsNaN(p[0]+p[1]) || math.IsInf(p[0], 0) || math.IsInf(p[1], 0) {
							t.Fatalf("region %s has the point %v", r.Code, p)
						}
					}
				}
			}
		}
	})
}
