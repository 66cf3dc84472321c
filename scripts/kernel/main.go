// Command kernel builds what answers in a reader's browser (web/kernel) into
// web/kernel/built, from where it is embedded: WebAssembly, compressed, and the script of
// the same Go that starts it. The same sources and the same Go give the same bytes. Run it
// from the project's root (make kernel).
package main

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/getij/getij/internal/lzma"
)

const (
	built      = "web/kernel/built"
	packedName = "kernel.wasm.lzma"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "kernel:", err)
		os.Exit(1)
	}
}

func run() error {
	binary := filepath.Join("bin", "kernel.wasm") // where it stays: what has not changed is not linked again
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
	packed, err := pack(code)
	if err != nil {
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
	fmt.Printf("%s: %.2f MB of WebAssembly, %.2f MB compressed\n", built, float64(len(code))/1e6, float64(len(packed))/1e6)
	for name, body := range map[string][]byte{packedName: packed, "wasm_exec.js": start} {
		path := filepath.Join(built, name)
		if was, err := os.ReadFile(path); err == nil && bytes.Equal(was, body) {
			continue
		}
		if err := os.WriteFile(path, body, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// pack compresses the code, unless what is there already is it: packing takes longer than
// building.
func pack(code []byte) ([]byte, error) {
	packer := sha256.Sum256(lzma.Pack(code[:min(len(code), 1<<18)])) // another packer packs otherwise
	at, sums := filepath.Join("bin", "kernel.sums"), func(packed []byte) []byte {
		return fmt.Appendf(nil, "%x %x %x\n", sha256.Sum256(code), packer, sha256.Sum256(packed))
	}
	before, err := os.ReadFile(filepath.Join(built, packedName))
	if was, failed := os.ReadFile(at); err == nil && failed == nil && bytes.Equal(was, sums(before)) {
		return before, nil
	}
	packed := lzma.Pack(code)
	return packed, os.WriteFile(at, sums(packed), 0o644)
}
