//go:build linux

// Command imports makes very large files of each kind, imports them with the program
// itself, and prints how long it takes and the most memory it holds. It ends with status 1
// when that is over the limit.
//
//	go run ./bench/imports [-mb 1000] [-limit-mb 200] [-only NAME] [-keep DIR]
package main

import (
	"bufio"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

func main() {
	mb := flag.Int("mb", 1000, "size of each file, where it can be so large")
	limit := flag.Int("limit-mb", 200, "most memory that is allowed")
	only := flag.String("only", "", "of the files those whose names begin so")
	keep := flag.String("keep", "", "folder for the files; without one they are removed")
	flag.Parse()
	if err := run(*mb, *limit, *only, *keep); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// file is one that is made and imported.
type file struct {
	name, kind string // of the import
	what       string
	args       []string
	// write writes the next rows, and ends with false.
	write func() func(w io.Writer, r *rand.Rand) (more bool)
	end   string // behind all rows
	// mostMB is the bound of files that are held in memory, and make makes those that have
	// no rows to write one by one.
	mostMB int
	make   func(path string, bytes int64) (int64, error)
}

func run(mb, limitMB int, only, dir string) (err error) {
	temporary := dir == ""
	if temporary {
		if dir, err = os.MkdirTemp("", "getij-imports-"); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	}
	program := filepath.Join(dir, "getij")
	if out, err := exec.Command("go", "build", "-o", program, "./cmd/getij").CombinedOutput(); err != nil {
		return fmt.Errorf("%w: %s", err, out)
	}
	over := 0
	fmt.Println("| file | kind | MB | s | most memory, MB |\n|---|---|--:|--:|--:|")
	for _, f := range files() {
		if !strings.HasPrefix(f.name, only) {
			continue
		}
		path := filepath.Join(dir, f.name)
		bytes := int64(mb) << 20
		if f.mostMB > 0 {
			bytes = min(bytes, int64(f.mostMB)<<20)
		}
		if f.make == nil {
			f.make = f.fill
		}
		size, err := f.make(path, bytes)
		if err != nil {
			return err
		}
		cmd := exec.Command(program, append([]string{"import", f.kind, path, "--out", filepath.Join(dir, "out"+outFormat(f.kind))}, f.args...)...)
		start := time.Now()
		if out, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("%s: %w: %s", f.name, err, out)
		}
		took := time.Since(start)
		most := int(cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss >> 10) // kB on Linux
		fmt.Printf("| %s: %s | %s | %d | %.0f | %d |\n", f.name, f.what, f.kind, size>>20, took.Seconds(), most)
		if most > limitMB {
			over++
		}
		if temporary { // a GB each
			if err := os.Remove(path); err != nil {
				return err
			}
		}
	}
	if over > 0 {
		return fmt.Errorf("%d files take over %d MB of memory", over, limitMB)
	}
	return nil
}

func outFormat(kind string) string {
	if kind == "regions" {
		return ".gpkg"
	}
	return ".csv"
}

// fill writes rows until the size is reached, or there are no more.
func (f file) fill(path string, bytes int64) (int64, error) {
	out, err := os.Create(path)
	if err != nil {
		return 0, err
	}
	w := &counter{w: bufio.NewWriterSize(out, 1<<20)}
	r, write := rand.New(rand.NewPCG(1, 2)), f.write()
	for more := true; more && w.n < bytes; {
		more = write(w, r)
	}
	fmt.Fprint(w, f.end)
	return w.n, errors.Join(w.w.Flush(), out.Close())
}

type counter struct {
	w *bufio.Writer
	n int64
}

func (c *counter) Write(p []byte) (int, error) {
	n, err := c.w.Write(p)
	c.n += int64(n)
	return n, err
}
