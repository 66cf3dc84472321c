package sessionfile

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/getij/getij/internal/foreign/table"
)

// More sessions than are sorted in memory come back in the same order as without
// the temporary file.
func TestSpilledRunsAreMergedInOrder(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	var all []record
	for i := range 5000 {
		rec := record{user: uint32(r.IntN(40)), arrive: int64(r.IntN(1000)), kwh: float64(r.IntN(3)), fedIn: 0.5, row: uint32(i), file: uint16(r.IntN(3)), problem: problem(r.IntN(3)), home: r.IntN(2) == 0, skipped: r.IntN(2) == 0}
		rec.depart = rec.arrive + int64(r.IntN(50))
		rec.cdr[i%12] = byte(i)
		all = append(all, rec)
	}
	whole, inRuns := newSpill(""), newSpill(t.TempDir())
	for i, rec := range all {
		if err := whole.add(rec); err != nil {
			t.Fatal(err)
		}
		if err := inRuns.add(rec); err != nil {
			t.Fatal(err)
		}
		if i%700 == 699 {
			if err := inRuns.flush(); err != nil {
				t.Fatal(err)
			}
		}
	}
	for round := range 2 { // it can be walked again
		var want, got []record
		if err := whole.walk(func(r *record) error { want = append(want, *r); return nil }); err != nil {
			t.Fatal(err)
		}
		if err := inRuns.walk(func(r *record) error { got = append(got, *r); return nil }); err != nil {
			t.Fatal(err)
		}
		if fmt.Sprint(got) != fmt.Sprint(want) || len(got) != len(all) {
			t.Errorf("round %d: %d records merged in another order than %d sorted", round, len(got), len(want))
		}
	}
	if err := inRuns.close(); err != nil {
		t.Error(err)
	}
}

// endless writes rows of sessions until n bytes were read.
type endless struct {
	row  func(i int) string
	rest bytes.Buffer
	i, n int
}

func (e *endless) Read(p []byte) (int, error) {
	for e.rest.Len() < len(p) && e.n > 0 {
		s := e.row(e.i)
		e.rest.WriteString(s)
		e.n -= len(s)
		e.i++
	}
	return e.rest.Read(p) // io.EOF at the end
}

// Memory does not grow with the size of a file: what is alive while 12 MB are read
// and written, in many runs, is no more than a few MB. `go run ./bench/sessions`
// has files of 1 GB.
func TestMemoryIsBounded(t *testing.T) {
	const size, users = 12 << 20, 5000
	start := time.Date(2024, 1, 1, 12, 0, 0, 0, time.UTC)
	rows := &endless{n: size, row: func(i int) string {
		if i == 0 {
			return "user,start,stop,kwh\n"
		}
		at := start.Add(time.Duration(i/users) * time.Hour)
		return fmt.Sprintf("%d,%s,%s,7\n", i*7919%users, at.Format("2006-01-02T15:04Z"), at.Add(30*time.Minute).Format("2006-01-02T15:04Z"))
	}}
	f, err := table.New(t.Context(), "file.csv", rows, 1<<40)
	if err != nil {
		t.Fatal(err)
	}
	alive := func() uint64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before, most, calls := alive(), uint64(0), 0
	r, err := newReading(Options{TempDir: t.TempDir(), Progress: func(done, total int64) {
		if calls++; calls%10 == 0 {
			most = max(most, alive())
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	r.spill.most = 1 << 14
	if _, err := r.read(t.Context(), f); err != nil {
		t.Fatal(err)
	}
	imp, err := r.finish(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	most = max(most, alive())
	var n lineCounter
	if err := imp.write(t.Context(), &n); err != nil {
		t.Fatal(err)
	}
	most = max(most, alive())
	if err := imp.Close(); err != nil {
		t.Fatal(err)
	}
	if len(r.spill.ends) < 15 || int(n) != r.rows+1 || n < 250_000 {
		t.Errorf("%d lines were written for %d sessions, sorted in %d runs", n, r.rows, len(r.spill.ends))
	}
	if held := int64(most) - int64(before); held > 6<<20 {
		t.Errorf("%.1f MB are held while %d MB are imported", float64(held)/(1<<20), size>>20)
	}
}

type lineCounter int

func (n *lineCounter) Write(p []byte) (int, error) {
	*n += lineCounter(strings.Count(string(p), "\n"))
	return len(p), nil
}
