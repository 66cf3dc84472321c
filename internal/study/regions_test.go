package study

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/getij/getij/internal/foreign/regionfile"
)

func regionsOf(t *testing.T, text string) *Regions {
	t.Helper()
	path := filepath.Join(t.TempDir(), "regions.csv")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	data, err := regionfile.Read(t.Context(), path, regionfile.Options{})
	if err != nil {
		t.Fatal(err)
	}
	r, err := RegionsOf(data)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestFiguresThatTheSumsOfPartsReplaceAreNoted(t *testing.T) {
	r := regionsOf(t, "code,households,cars\nGM0363,1000,500\nBU03630101,600,200\nBU03630102,450,300\nGM0344,70,\n")
	notes := strings.Join(r.Notes, "\n")
	if !strings.Contains(notes, "households of 1 regions of level gemeente are the sums of the regions below them (1050), not the figures of their own (1000)") || !strings.Contains(notes, "GM0363: 1000, and 1050 below it") {
		t.Errorf("notes: %s", notes)
	}
	if strings.Contains(notes, "cars of") {
		t.Errorf("cars add up: %s", notes)
	}
}

func TestRegionsWithoutFiguresAreSaidToBeSo(t *testing.T) {
	const words = "none of the"
	if r := regionsOf(t, "code,name\nGM0363,Amsterdam\nGM0344,Utrecht\n"); !strings.Contains(strings.Join(r.Notes, "\n"), words) {
		t.Errorf("notes: %q", r.Notes)
	}
	if r := regionsOf(t, "code,name,households\nGM0363,Amsterdam,1\nGM0344,Utrecht,\n"); strings.Contains(strings.Join(r.Notes, "\n"), words) {
		t.Errorf("notes: %q", r.Notes)
	}
}
