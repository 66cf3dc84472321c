package main

import (
	"bytes"
	"debug/buildinfo"
	"runtime/debug"
	"strings"
	"testing"
	"time"
)

func TestArchivesAreTheSameEachTime(t *testing.T) {
	at := time.Unix(1700000000, 0).UTC()
	entries := []entry{{"getij", []byte("program"), 0o755}, {"LICENSE", []byte("text"), 0o644}}
	for name, pack := range map[string]func(string, []entry, time.Time) ([]byte, error){"tar": tarred, "zip": zipped} {
		a, err := pack("getij_1", entries, at)
		if err != nil {
			t.Fatal(err)
		}
		b, err := pack("getij_1", entries, at)
		if err != nil {
			t.Fatal(err)
		}
		later, err := pack("getij_1", entries, at.Add(time.Hour))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(a, b) || bytes.Equal(a, later) {
			t.Errorf("%s: the same twice %t, the same an hour later %t", name, bytes.Equal(a, b), bytes.Equal(a, later))
		}
	}
}

func TestTheBillOfMaterialsNamesEveryModule(t *testing.T) {
	info := &buildinfo.BuildInfo{
		GoVersion: "go1.26.0", Main: debug.Module{Path: "example.org/a", Version: "v1.2.3"},
		Deps: []*debug.Module{{Path: "example.org/b", Version: "v0.1.0"}, {Path: "example.org/old", Replace: &debug.Module{Path: "example.org/new", Version: "v2.0.0"}}},
	}
	text, err := billOfMaterials(info, time.Unix(1700000000, 0).UTC())
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"pkg:golang/example.org/a@v1.2.3", "pkg:golang/example.org/b@v0.1.0", "pkg:golang/example.org/new@v2.0.0", "pkg:golang/std@1.26.0", "2023-11-14T22:13:20Z"} {
		if !strings.Contains(string(text), want) {
			t.Errorf("%s is not in\n%s", want, text)
		}
	}
}

func TestATimeThatIsNoneIsAnError(t *testing.T) {
	t.Setenv("SOURCE_DATE_EPOCH", "yesterday")
	if _, err := commitTime(); err == nil || !strings.Contains(err.Error(), "seconds since 1970") {
		t.Errorf("got %v", err)
	}
}
