package regionfile

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// An import keeps borders in a file: what it writes is what it would write from memory,
// and the file goes.
func TestBordersThatAreKeptInAFileAreWrittenTheSame(t *testing.T) {
	in := filepath.Join(t.TempDir(), "in.geojson")
	var want bytes.Buffer
	if err := WriteGeoJSON(&want, sampleLayers()[0].Table(), 7); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(in, want.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	d, err := Read(t.Context(), in, Options{KeepIn: dir})
	if err != nil {
		t.Fatal(err)
	}
	borders := 0
	for i := range d.Layers[0].Regions {
		if d.Layers[0].Regions[i].Geometry != nil {
			t.Errorf("region %d holds its border in memory", i)
		}
		if d.Layers[0].spans[i].bytes > 0 {
			borders++
		}
	}
	whole, err := Read(t.Context(), in, Options{})
	if err != nil {
		t.Fatal(err)
	}
	var kept, held bytes.Buffer
	if err := WriteGeoJSON(&kept, d.Layers[0].Table(), 7); err != nil {
		t.Fatal(err)
	}
	if err := WriteGeoJSON(&held, whole.Layers[0].Table(), 7); err != nil {
		t.Fatal(err)
	}
	if borders == 0 || !bytes.Equal(kept.Bytes(), held.Bytes()) {
		t.Errorf("%d borders; from the file\n%s\nfrom memory\n%s", borders, kept.Bytes(), held.Bytes())
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	// Also where reading ends with an error.
	bad := filepath.Join(t.TempDir(), "bad.geojson")
	if err := os.WriteFile(bad, want.Bytes()[:want.Len()-20], 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Read(t.Context(), bad, Options{KeepIn: dir}); err == nil {
		t.Error("a file that is cut off was read")
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 0 {
		t.Errorf("left over: %v (%v)", left, err)
	}
}
