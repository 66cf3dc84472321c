//go:build linux

package main

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// A short version of the program, with each of its parts.
func TestResultsSurviveKillsAndPowerCuts(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes half a minute")
	}
	for _, path := range []string{"/dev/fuse", "/dev/loop-control"} {
		if f, err := os.OpenFile(path, os.O_RDWR, 0); err != nil || os.Getuid() != 0 {
			t.Skipf("disks are recorded as root, with %s (%v)", path, err)
		} else {
			f.Close()
		}
	}
	o := &options{program: os.Getenv("GETIJ_PROGRAM"), kills: 2, cuts: 4, runs: 2, pause: time.Second / 4, systems: []string{"ext4"}, seed: uint64(time.Now().UnixNano())}
	var table strings.Builder
	wrong, err := run(t.Context(), &table, o)
	if err != nil {
		t.Fatal(err)
	}
	if wrong > 0 {
		t.Errorf("%d times the folder was neither the old result nor the new one (-seed %d):\n%s", wrong, o.seed, &table)
	}
	t.Logf("\n%s", &table)
}

// The checks are what everything hangs on: they find what is lost.
func TestWhatIsNotAWholeResultIsFound(t *testing.T) {
	sum := func(text string) string {
		b := sha256.Sum256([]byte(text))
		return hex.EncodeToString(b[:])
	}
	s := &study{want: make([]map[string]string, seeds+1)}
	s.want[1] = map[string]string{"table": sum("one"), "manifest.json": "", "timed": ""}
	s.want[2] = map[string]string{"table": sum("two"), "manifest.json": "", "timed": ""}
	manifest := `{"seed": 1, "files": [{"name": "table", "sha256": "` + sum("one") + `"}, {"name": "timed", "sha256": "` + sum("noon") + `"}]}`
	for _, c := range []struct{ manifest, table, timed, want string }{
		{manifest, "one", "noon", ""},
		{manifest, "two", "noon", "table is not that of seed 1"},
		{manifest, "", "noon", "table is empty"},
		{manifest, "one", "night", "timed is not what the manifest lists"},
		{manifest, "one", "-", "of 3 files there are 2, timed is not"},
		{manifest[:40], "one", "noon", "manifest.json cannot be read"},
		{`{"seed": 4}`, "one", "noon", "of seed 4"},
	} {
		dir := t.TempDir()
		for name, content := range map[string]string{"manifest.json": c.manifest, "table": c.table, "timed": c.timed} {
			if content == "-" {
				continue
			}
			if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if seed, err := s.check(dir); c.want == "" && (err != nil || seed != 1) || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%+v: seed %d and %v", c, seed, err)
		}
	}
}

func TestAfterACutOnlyTheLastResultOrTheNextMayBeFound(t *testing.T) {
	list := []written{{1, 0, 10, true}, {2, 20, 30, true}, {3, 40, 50, true}, {1, 41, 51, false}}
	for at, want := range map[int][]int{10: {1}, 19: {1}, 20: {1, 2}, 29: {1, 2}, 30: {2}, 45: {2, 3}, 50: {3}, 99: {3}} {
		got, underWay := may(list, at)
		if len(got) != len(want) || got[0] != want[0] || got[len(got)-1] != want[len(want)-1] || underWay != (len(want) > 1) {
			t.Errorf("at event %d results of seeds %v may be found, %v; want %v", at, got, underWay, want)
		}
	}
}
