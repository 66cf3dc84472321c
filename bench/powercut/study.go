//go:build linux

package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// seeds are those of the studies that replace each other: three, so that a result
// of before the one before is told from it.
const seeds = 3

// study is a small one, and what its results are for each seed.
type study struct {
	program, dir string
	took         time.Duration       // of a run
	want         []map[string]string // sha256 by file, "" for files that hold a time
}

func newStudy(ctx context.Context, dir, program string) (*study, error) {
	s := &study{program: program, dir: dir, want: make([]map[string]string, seeds+1)}
	for name, content := range map[string]string{
		"study.yaml":  "homes: 3\nmodes: [regular, v2g]\ncontracts: [{kind: dynamic}]\ndata: {regions: regions.csv}\n",
		"regions.csv": "code,name,dwellings,cars\nGM0034,Almere,90000,80000\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o644); err != nil {
			return nil, err
		}
	}
	out := filepath.Join(dir, "reference")
	earlier, err := s.results(ctx, out, 1)
	if err != nil {
		return nil, err
	}
	time.Sleep(time.Second)
	var timed []string // files that hold a time
	for seed := 1; seed <= seeds; seed++ {
		start := time.Now()
		if s.want[seed], err = s.results(ctx, out, seed); err != nil {
			return nil, err
		}
		s.took = time.Since(start)
		for name := range earlier {
			if seed == 1 && earlier[name] != s.want[1][name] {
				timed = append(timed, name)
			}
		}
		for _, name := range timed {
			s.want[seed][name] = ""
		}
	}
	return s, nil
}

func (s *study) results(ctx context.Context, out string, seed int) (map[string]string, error) {
	if err := s.start(ctx, out, seed).wait(); err != nil {
		return nil, err
	}
	return digests(out)
}

// process is a run that is under way.
type process struct {
	*exec.Cmd
	seed   int
	stderr bytes.Buffer
}

// start starts a run in a PID namespace of its own, where its number is 1.
func (s *study) start(ctx context.Context, out string, seed int) *process {
	p := &process{seed: seed}
	p.Cmd = exec.CommandContext(ctx, s.program, "run", filepath.Join(s.dir, "study.yaml"), "--quiet", "--out", out, "--set", fmt.Sprintf("seed=%d", seed))
	p.Stderr = &p.stderr
	p.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWPID}
	if err := p.Start(); err != nil {
		p.stderr.WriteString(err.Error())
	}
	return p
}

func (p *process) wait() error {
	if p.Process == nil {
		return errors.New(p.stderr.String())
	}
	if err := p.Wait(); err != nil {
		return fmt.Errorf("%w: %s", err, &p.stderr)
	}
	return nil
}

// refused says whether a run ended because another was writing the folder.
func (p *process) refused() bool {
	return strings.Contains(p.stderr.String(), "another getij is writing")
}

// check says of which seed the results in a folder are, whole, or 0 where there is
// no folder. Every file is compared: with the results of that seed where they are
// always the same, and with the manifest's list.
func (s *study) check(dir string) (seed int, err error) {
	if _, err := os.Lstat(dir); errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	var manifest struct {
		Seed  int
		Files []struct{ Name, SHA256 string }
	}
	raw, err := os.ReadFile(filepath.Join(dir, "manifest.json"))
	if err == nil {
		err = json.Unmarshal(raw, &manifest)
	}
	if err != nil {
		return 0, fmt.Errorf("manifest.json cannot be read: %w", err)
	}
	if manifest.Seed < 1 || manifest.Seed > seeds {
		return 0, fmt.Errorf("manifest.json is of seed %d", manifest.Seed)
	}
	found, err := digests(dir)
	if err != nil {
		return 0, err
	}
	for name, sum := range s.want[manifest.Seed] {
		switch {
		case found[name] == "":
			return 0, fmt.Errorf("of %d files there are %d, %s is not", len(s.want[manifest.Seed]), len(found), name)
		case found[name] == empty:
			return 0, fmt.Errorf("%s is empty", name)
		case sum != "" && found[name] != sum:
			return 0, fmt.Errorf("%s is not that of seed %d, as the manifest is", name, manifest.Seed)
		}
	}
	for _, f := range manifest.Files {
		if found[f.Name] != f.SHA256 {
			return 0, fmt.Errorf("%s is not what the manifest lists", f.Name)
		}
	}
	return manifest.Seed, nil
}

// empty is the digest of nothing.
var empty = hex.EncodeToString(sha256.New().Sum(nil))

func digests(dir string) (map[string]string, error) {
	out := map[string]string{}
	return out, filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		sum := sha256.Sum256(content)
		out[name] = hex.EncodeToString(sum[:])
		return nil
	})
}
