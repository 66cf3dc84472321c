//go:build linux

// Command sessions imports very large files of charging sessions with the program
// itself, and prints how long it takes and the most memory it holds. It ends with
// status 1 when that is over the limit.
//
//	go run ./bench/sessions [-mb 1024] [-limit-mb 200] [-keep DIR]
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
	"syscall"
	"time"
)

func main() {
	mb := flag.Int("mb", 1024, "size of each file")
	limit := flag.Int("limit-mb", 200, "most memory that is allowed")
	keep := flag.String("keep", "", "folder for the files; without one they are removed")
	flag.Parse()
	if err := run(*mb, *limit, *keep); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(mb, limitMB int, dir string) (err error) {
	if dir == "" {
		if dir, err = os.MkdirTemp("", "getij-sessions-"); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	}
	program := filepath.Join(dir, "getij")
	if out, err := exec.Command("go", "build", "-o", program, "./cmd/getij").CombinedOutput(); err != nil {
		return fmt.Errorf("%w: %s", err, out)
	}
	over := false
	for _, f := range []struct {
		name  string
		write func(w io.Writer, r *rand.Rand, i int)
	}{{"sessions.csv", csvRow}, {"cdrs.jsonl", cdr}} {
		path := filepath.Join(dir, f.name)
		if err := generate(path, int64(mb)<<20, f.write); err != nil {
			return err
		}
		cmd := exec.Command(program, "import", "sessions", path, "--out", filepath.Join(dir, "out.csv"))
		cmd.Stderr = os.Stderr
		start := time.Now()
		report, err := cmd.Output()
		if err != nil {
			return err
		}
		took := time.Since(start)
		most := cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss >> 10 // kB on Linux
		fmt.Printf("%s\n%d MB in %.0f s, at most %d MB of memory\n\n", report, mb, took.Seconds(), most)
		over = over || most > int64(limitMB)
		if err := os.Remove(path); err != nil {
			return err
		}
	}
	if over {
		return fmt.Errorf("over the limit of %d MB", limitMB)
	}
	return nil
}

// generate writes sessions of many users, not in their order, until the size is
// reached.
func generate(path string, bytes int64, write func(io.Writer, *rand.Rand, int)) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	w := &counter{w: bufio.NewWriterSize(f, 1<<20)}
	if filepath.Ext(path) == ".csv" {
		fmt.Fprintln(w, "user_id,arrival_local,departure_local,energy_kwh")
	}
	r := rand.New(rand.NewPCG(1, 2))
	for i := 0; w.n < bytes; i++ {
		write(w, r, i)
	}
	return errors.Join(w.w.Flush(), f.Close())
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

// at draws a session: user, start and length.
func at(r *rand.Rand, i int) (user int, start, end time.Time) {
	start = time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(r.IntN(366*86400)) * time.Second)
	return r.IntN(100_000), start, start.Add(time.Duration(3600+r.IntN(40000)) * time.Second)
}

func csvRow(w io.Writer, r *rand.Rand, i int) {
	user, start, end := at(r, i)
	fmt.Fprintf(w, "NL-TST-C%08d,%s,%s,%.2f\n", user, start.Format("2006-01-02T15:04:05Z"), end.Format("2006-01-02T15:04:05Z"), 5+10*r.Float64())
}

func cdr(w io.Writer, r *rand.Rand, i int) {
	user, start, end := at(r, i)
	kwh := 5 + 10*r.Float64()
	fmt.Fprintf(w, `{"country_code":"NL","party_id":"TST","id":"cdr-%d","start_date_time":%q,"end_date_time":%q,"cdr_token":{"uid":"%08X","type":"RFID","contract_id":"NL-TST-C%08d"},"auth_method":"WHITELIST","cdr_location":{"id":"HOME-%d","address":"Testweg","city":"Teststad","country":"NLD","coordinates":{"latitude":"52.0","longitude":"5.0"},"evse_uid":"%d","evse_id":"NL*TST*E%d","connector_id":"1","connector_standard":"IEC_62196_T2","connector_format":"SOCKET","connector_power_type":"AC_3_PHASE"},"currency":"EUR","charging_periods":[{"start_date_time":%[2]q,"dimensions":[{"type":"ENERGY","volume":%.3[9]f}]}],"total_cost":{"excl_vat":1},"total_energy":%.3[9]f,"total_time":1,"home_charging_compensation":true,"last_updated":%[3]q}`+"\n",
		i, start.Format(time.RFC3339), end.Format(time.RFC3339), user, user, user, user, user, kwh)
}
