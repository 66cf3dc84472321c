// Command release builds the program for six systems and packs each with its
// licences, a bill of materials (CycloneDX) and the README, into dist/, with
// SHA256SUMS. The same commit and the same Go give the same bytes: paths are
// trimmed, and every file bears the commit's time (or SOURCE_DATE_EPOCH). Run it
// from the project's root (make release).
package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"debug/buildinfo"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

const dist = "dist"

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "release:", err)
		os.Exit(1)
	}
}

func run() error {
	at, err := commitTime()
	if err != nil {
		return err
	}
	if err := os.RemoveAll(dist); err != nil {
		return err
	}
	var sums strings.Builder
	for _, system := range []string{"linux", "darwin", "windows"} {
		for _, processor := range []string{"amd64", "arm64"} {
			name, packed, err := release(system, processor, at)
			if err != nil {
				return fmt.Errorf("%s on %s: %w", system, processor, err)
			}
			if err := os.WriteFile(filepath.Join(dist, name), packed, 0o644); err != nil {
				return err
			}
			fmt.Fprintf(&sums, "%x  %s\n", sha256.Sum256(packed), name)
		}
	}
	fmt.Print(sums.String())
	return os.WriteFile(filepath.Join(dist, "SHA256SUMS"), []byte(sums.String()), 0o644)
}

func commitTime() (time.Time, error) {
	text := os.Getenv("SOURCE_DATE_EPOCH")
	if text == "" {
		out, err := exec.Command("git", "log", "-1", "--format=%ct").Output()
		if err != nil {
			return time.Time{}, fmt.Errorf("the time of the commit: %w", err)
		}
		text = strings.TrimSpace(string(out))
	}
	seconds, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return time.Time{}, fmt.Errorf("SOURCE_DATE_EPOCH is %q: seconds since 1970 were expected", text)
	}
	return time.Unix(seconds, 0).UTC(), nil
}

// entry is a file of an archive.
type entry struct {
	name string
	body []byte
	mode int64
}

func release(system, processor string, at time.Time) (name string, packed []byte, err error) {
	program := "getij"
	if system == "windows" {
		program += ".exe"
	}
	binary := filepath.Join(dist, "build", system+"_"+processor, program)
	cmd := exec.Command("go", "build", "-trimpath", "-buildvcs=true", "-o", binary, "./cmd/getij")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS="+system, "GOARCH="+processor)
	cmd.Stderr = os.Stderr
	if err := cmd.Run(); err != nil {
		return "", nil, fmt.Errorf("go build: %w", err)
	}
	info, err := buildinfo.ReadFile(binary)
	if err != nil {
		return "", nil, err
	}
	materials, err := billOfMaterials(info, at)
	if err != nil {
		return "", nil, err
	}
	entries := []entry{{name: "sbom.cdx.json", body: materials, mode: 0o644}}
	for _, f := range []struct {
		from, to string
		mode     int64
	}{
		{binary, program, 0o755},
		{"cmd/getij/notices.txt", "NOTICES.txt", 0o644},
		{"LICENSE", "LICENSE", 0o644},
		{"README.md", "README.md", 0o644},
		{"CHANGELOG.md", "CHANGELOG.md", 0o644},
	} {
		body, err := os.ReadFile(f.from)
		if err != nil {
			return "", nil, err
		}
		entries = append(entries, entry{f.to, body, f.mode})
	}
	folder := fmt.Sprintf("getij_%s_%s_%s", strings.TrimPrefix(info.Main.Version, "v"), system, processor)
	if system == "windows" {
		packed, err = zipped(folder, entries, at)
		return folder + ".zip", packed, err
	}
	packed, err = tarred(folder, entries, at)
	return folder + ".tar.gz", packed, err
}

func tarred(folder string, entries []entry, at time.Time) ([]byte, error) {
	var out bytes.Buffer
	z, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	t := tar.NewWriter(z)
	for _, e := range entries {
		h := &tar.Header{Name: folder + "/" + e.name, Mode: e.mode, Size: int64(len(e.body)), ModTime: at, Format: tar.FormatPAX}
		if err := t.WriteHeader(h); err != nil {
			return nil, err
		}
		if _, err := t.Write(e.body); err != nil {
			return nil, err
		}
	}
	if err := t.Close(); err != nil {
		return nil, err
	}
	err = z.Close()
	return out.Bytes(), err
}

func zipped(folder string, entries []entry, at time.Time) ([]byte, error) {
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, e := range entries {
		w, err := z.CreateHeader(&zip.FileHeader{Name: folder + "/" + e.name, Method: zip.Deflate, Modified: at})
		if err != nil {
			return nil, err
		}
		if _, err := w.Write(e.body); err != nil {
			return nil, err
		}
	}
	err := z.Close()
	return out.Bytes(), err
}

type component struct {
	Type    string `json:"type"`
	Name    string `json:"name"`
	Version string `json:"version"`
	PURL    string `json:"purl"`
}

// billOfMaterials names all that a binary says it was built from, as CycloneDX.
func billOfMaterials(info *buildinfo.BuildInfo, at time.Time) ([]byte, error) {
	of := func(kind, path, version string) component {
		return component{kind, path, version, "pkg:golang/" + path + "@" + version}
	}
	parts := []component{of("library", "std", strings.TrimPrefix(info.GoVersion, "go"))}
	for _, m := range info.Deps {
		if m.Replace != nil {
			m = m.Replace
		}
		parts = append(parts, of("library", m.Path, m.Version))
	}
	return json.MarshalIndent(map[string]any{
		"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
		"metadata": map[string]any{
			"timestamp": at.Format(time.RFC3339),
			"component": of("application", info.Main.Path, info.Main.Version),
		},
		"components": parts,
	}, "", "  ")
}
