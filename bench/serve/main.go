// Command serve loads a server: many readers of pages, tiles and regions while
// laboratory runs queue. It prints times by kind of request and ends with status 1
// when any request failed. Everything stays on this machine.
//
//	go run ./bench/serve [-dir results/reference-2024] [-readers 100] [-seconds 30]
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/getij/getij/internal/result"
	"github.com/getij/getij/internal/server"
	"github.com/getij/getij/web"
)

func main() {
	dir := flag.String("dir", "results/reference-2024", "result folder")
	readers := flag.Int("readers", 100, "readers at once")
	seconds := flag.Int("seconds", 30, "how long")
	flag.Parse()
	if err := run(*dir, *readers, time.Duration(*seconds)*time.Second); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// load collects times by kind of request.
type load struct {
	mu     sync.Mutex
	times  map[string][]time.Duration
	failed map[string]int
}

func (l *load) note(kind string, took time.Duration, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.times[kind] = append(l.times[kind], took)
	if !ok {
		l.failed[kind]++
	}
}

func run(dir string, readers int, length time.Duration) error {
	folder, err := result.Open(dir)
	if err != nil {
		return err
	}
	s, err := server.New(dir, server.Options{Dashboard: web.Files()})
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	served := make(chan error, 1)
	go func() { served <- s.Serve(ctx, listener, nil) }()
	base := "http://" + listener.Addr().String()
	time.Sleep(5 * time.Second) // tiles of low zooms
	l := &load{times: map[string][]time.Duration{}, failed: map[string]int{}}
	client := &http.Client{Timeout: time.Minute, Transport: &http.Transport{MaxIdleConnsPerHost: readers + 10}}
	until := time.Now().Add(length)
	var wg sync.WaitGroup
	for i := range readers {
		wg.Go(func() {
			rng := rand.New(rand.NewPCG(1, uint64(i)))
			for time.Now().Before(until) {
				kind, path := request(rng, folder.Regions.Code)
				start := time.Now()
				response, err := client.Get(base + path)
				ok := err == nil
				if ok {
					_, err = io.Copy(io.Discard, response.Body)
					response.Body.Close()
					ok = err == nil && response.StatusCode < 300
				}
				l.note(kind, time.Since(start), ok)
				time.Sleep(time.Duration(rng.IntN(1000)) * time.Millisecond) // a reader looks
			}
		})
	}
	for range 4 {
		wg.Go(func() {
			for time.Now().Before(until) {
				start := time.Now()
				response, err := client.Post(base+"/api/v1/lab", "application/json", strings.NewReader(`{"settings":{"charger.charge_kw":7.4}}`))
				ok := err == nil && response.StatusCode == 200
				if err == nil {
					response.Body.Close()
				}
				l.note("lab", time.Since(start), ok)
			}
		})
	}
	wg.Wait()
	cancel()
	if err := <-served; err != nil {
		return err
	}
	return l.print()
}

// request is what a reader might ask next.
func request(rng *rand.Rand, codes []string) (kind, path string) {
	switch n := rng.IntN(10); {
	case n < 5:
		z := 6 + rng.IntN(5)
		x, y := tileOf(4.2+2.2*rng.Float64(), 51.5+1.4*rng.Float64(), z)
		level := []string{"gemeente", "wijk", "buurt"}[min(2, (z-6)/2)]
		return "tile", fmt.Sprintf("/api/v1/tiles/%s/%d/%d/%d.mvt", level, z, x, y)
	case n < 8:
		return "region", "/api/v1/regions/" + codes[rng.IntN(len(codes))]
	case n < 9:
		return "profiles", "/api/v1/profiles"
	default:
		return "page", "/map"
	}
}

func (l *load) print() error {
	failed := 0
	for _, kind := range []string{"page", "tile", "region", "profiles", "lab"} {
		t := l.times[kind]
		if len(t) == 0 {
			continue
		}
		slices.Sort(t)
		at := func(share float64) time.Duration { return t[int(share*float64(len(t)-1))].Round(10 * time.Microsecond) }
		fmt.Printf("%-9s %6d requests, p50 %v, p95 %v, slowest %v, failed %d\n", kind, len(t), at(0.5), at(0.95), at(1), l.failed[kind])
		failed += l.failed[kind]
	}
	if failed > 0 {
		return fmt.Errorf("%d requests failed", failed)
	}
	return nil
}
