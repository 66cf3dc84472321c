//go:build linux

// Command powercut shows that a result folder is the old one or the new one, whole,
// whatever stops `getij run --out` on an existing result: signal 9 at random
// moments, and the power of the disk, with one writer and with two, each in a PID
// namespace of its own as in containers that share a volume. It prints a table and
// ends with status 1 when anything else was found.
//
//	go run ./bench/powercut [-kills 200] [-cuts 60] [-systems ext4,ext4-loose] [-program getij]
//
// It needs Linux, root, /dev/fuse and loop devices. The disk is recorded write by
// write and flush by flush (record.go); at a cut, what came before the last flush is
// on it, and of the 4 KiB blocks that came after any part.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"text/tabwriter"
	"time"
)

func main() {
	kills := flag.Int("kills", 200, "rounds of kills, with one writer and again with two")
	cuts := flag.Int("cuts", 60, "power cuts for each file system, with one writer and again with two")
	systems := flag.String("systems", "ext4,ext4-loose", "file systems for the power cuts, of "+strings.Join(systemNames(), ", "))
	program := flag.String("program", "", "getij to test (default: built from here)")
	seed := flag.Uint64("seed", 1, "of the random moments")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	wrong, err := run(ctx, os.Stdout, &options{*kills, *cuts, 8, 3 * time.Second, strings.Split(*systems, ","), *program, *seed})
	switch {
	case err != nil:
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	case wrong > 0:
		fmt.Fprintf(os.Stderr, "%d times the folder was neither the old result nor the new one\n", wrong)
		os.Exit(1)
	}
}

type options struct {
	kills, cuts int
	runs        int           // in a record, each over the result of the one before
	pause       time.Duration // at most, between them
	systems     []string
	program     string
	seed        uint64
}

// row is a line of the table.
type row struct {
	what            string
	tries           int
	caught          int // tries that met a run under way
	before, after   int // found whole: the result of an ended run, that of the run under way
	wrong           int
	first           string // what was wrong first
	writes, flushes int
}

func (r *row) mistake(at string, err error) {
	if r.wrong++; r.first == "" {
		r.first = fmt.Sprintf("%s: %v", at, err)
	}
}

func run(ctx context.Context, w io.Writer, o *options) (wrong int, err error) {
	dir, err := os.MkdirTemp("", "getij-powercut-")
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	if o.program == "" {
		o.program = filepath.Join(dir, "getij")
		build := exec.CommandContext(ctx, "go", "build", "-o", o.program, "github.com/getij/getij/cmd/getij")
		build.Env = append(os.Environ(), "CGO_ENABLED=0")
		if out, err := build.CombinedOutput(); err != nil {
			return 0, fmt.Errorf("go build: %w: %s", err, out)
		}
	}
	s, err := newStudy(ctx, dir, o.program)
	if err != nil {
		return 0, err
	}
	rng := rand.New(rand.NewPCG(o.seed, 0))
	var rows []*row
	add := func(r *row) {
		rows, wrong = append(rows, r), wrong+r.wrong
		fmt.Fprintf(os.Stderr, "%s: %d tries, %d wrong\n", r.what, r.tries, r.wrong)
	}
	for _, writers := range []int{1, 2} {
		if o.kills == 0 {
			break
		}
		r, err := s.kills(ctx, filepath.Join(dir, fmt.Sprintf("kills-%d", writers)), writers, o.kills, rng)
		if err != nil {
			return 0, err
		}
		add(r)
	}
	for _, name := range o.systems {
		for _, writers := range []int{1, 2} {
			if o.cuts == 0 {
				break
			}
			r, err := s.cuts(ctx, filepath.Join(dir, fmt.Sprintf("cuts-%s-%d", name, writers)), name, writers, o, rng)
			if err != nil {
				return 0, err
			}
			add(r)
		}
	}
	return wrong, printTable(w, rows)
}

func printTable(w io.Writer, rows []*row) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "what\ttries\trun under way\tearlier result\tresult of the run\twrong\twrites\tflushes\t")
	for _, r := range rows {
		record := "-\t-\t"
		if r.writes > 0 {
			record = fmt.Sprintf("%d\t%d\t", r.writes, r.flushes)
		}
		fmt.Fprintf(t, "%s\t%d\t%d\t%d\t%d\t%d\t%s\n", r.what, r.tries, r.caught, r.before, r.after, r.wrong, record)
	}
	err := t.Flush()
	for _, r := range rows {
		if r.first != "" {
			fmt.Fprintf(w, "%s, the first that was wrong: %s\n", r.what, r.first)
		}
	}
	return err
}
