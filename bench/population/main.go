//go:build linux

// Command population times populations of growing size, on the machine at hand: processor
// time of the user, which other programs hardly change, the clock and the most memory.
//
//	go run ./bench/population [-case CONTRACT/MODE] [-processors 1,2] [SHARE%...]
//	go run ./bench/population -processors 2 100%     (the whole country)
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/getij/getij/internal/population"
)

func main() {
	which := flag.String("case", "dynamic/v2g", "contract and way to charge")
	list := flag.String("processors", "1,2", "on how many, one after the other")
	flag.Parse()
	var processors []int
	for _, text := range strings.Split(*list, ",") {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 {
			fmt.Fprintf(os.Stderr, "-processors is %s: whole numbers of 1 or more, such as 1,2, were expected\n", *list)
			os.Exit(2)
		}
		processors = append(processors, n)
	}
	shares := flag.Args()
	if len(shares) == 0 {
		shares = []string{"0.01%", "0.1%", "1%", "10%"}
	}
	if err := run(context.Background(), *which, processors, shares); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, which string, counts []int, shares []string) error {
	dir, err := os.MkdirTemp("", "getij-population-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	program := filepath.Join(dir, "getij")
	if out, err := exec.CommandContext(ctx, "go", "build", "-o", program, "./cmd/getij").CombinedOutput(); err != nil {
		return fmt.Errorf("go build: %w: %s", err, out)
	}
	fmt.Println("| share | homes | processors | processor, s | processor, ms a home-year | clock, s | memory, MB | folder, MB |")
	fmt.Println("|---|--:|--:|--:|--:|--:|--:|--:|")
	for _, share := range shares {
		for _, processors := range counts {
			if err := one(ctx, program, filepath.Join(dir, "out"), which, share, processors); err != nil {
				return err
			}
		}
	}
	return nil
}

// one computes a population and prints its row.
func one(ctx context.Context, program, out, which, share string, processors int) error {
	cmd := exec.CommandContext(ctx, program, "run", "-q", "--population", share, "--case", which, "--out", out)
	cmd.Env = append(os.Environ(), "GOMAXPROCS="+strconv.Itoa(processors))
	cmd.Stderr = os.Stderr
	start := time.Now()
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("getij %s: %w", strings.Join(cmd.Args[1:], " "), err)
	}
	took := time.Since(start)
	f, err := population.Open(out)
	if err != nil {
		return err
	}
	bytes := int64(0)
	err = filepath.Walk(out, func(_ string, info os.FileInfo, err error) error {
		if err == nil {
			bytes += info.Size()
		}
		return err
	})
	if err != nil {
		return err
	}
	used := cmd.ProcessState.UserTime()
	memory := 0.0
	if u, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		memory = float64(u.Maxrss) / 1024 // kilobytes on Linux
	}
	fmt.Printf("| %s | %d | %d | %.1f | %.2f | %.0f | %.0f | %.0f |\n", share, f.Plan.Homes, processors, used.Seconds(),
		1000*used.Seconds()/float64(f.Plan.Homes), took.Seconds(), memory, float64(bytes)/1e6)
	return os.RemoveAll(out)
}
