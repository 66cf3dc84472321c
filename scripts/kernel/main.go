// Command kernel builds what answers in a reader's browser (web/kernel) into
// web/kernel/built, from where it is embedded: WebAssembly, compressed, and the script of
// the same Go that starts it. The same sources and the same Go give the same bytes. Run it
// from the project's root (make kernel).
package main

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

const built = "web/kernel/built"

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "kernel:", err)
		os.Exit(1)
	}
}

func run() error {
	work, err := os.MkdirTemp("", "getij-kernel")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	binary := filepath.Join(work, "kernel.wasm")
	program := cmp.Or(os.Getenv("GO"), "go")
	cmd := exec.Command(program, "build", "-trimpath", "-buildvcs=false", "-ldflags=-s -w", "-o", binary, "./web/kernel")
	cmd.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm", "CGO_ENABLED=0")
	cmd.Stderr = os.Stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("go build: %w", err)
	}
	code, err := os.ReadFile(binary)
	if err != nil {
		return err
	}
	var packed bytes.Buffer
	z, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err != nil {
		return err
	}
	if _, err := z.Write(code); err != nil {
		return err
	}
	if err := z.Close(); err != nil {
		return err
	}
	root, err := exec.Command(program, "env", "GOROOT").Output()
	if err != nil {
		return err
	}
	start, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(root)), "lib", "wasm", "wasm_exec.js"))
	if err != nil {
		return err
	}
	fmt.Printf("%s: %.2f MB of WebAssembly, %.2f MB compressed\n", built, float64(len(code))/1e6, float64(packed.Len())/1e6)
	for name, body := range map[string][]byte{"kernel.wasm.gz": packed.Bytes(), "wasm_exec.js": start} {
		if err := os.WriteFile(filepath.Join(built, name), body, 0o644); err != nil {
			return err
		}
	}
	return nil
}
