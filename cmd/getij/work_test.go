package main

import (
	"context"
	"math/rand/v2"
	"sync"
	"testing"
	"time"
)

// workersUntil keeps three workers at what a NATS server hands out until the context ends,
// each of which is killed again and again and started anew, and says how often.
func workersUntil(ctx context.Context, t *testing.T, address, at string) (kills [3]int) {
	t.Helper()
	var workers sync.WaitGroup
	for w := range kills {
		workers.Go(func() {
			r := rand.New(rand.NewPCG(9, uint64(w)+20))
			for most := 1200 * time.Millisecond; ctx.Err() == nil; most = min(2*most, 10*time.Second) {
				after, cancel := context.WithTimeout(ctx, time.Duration(r.Float64()*float64(most)))
				if !killed(after, t, "work", "--on", address, "--at", at, "--at-once", "1") {
					kills[w]++
				}
				cancel()
			}
		})
	}
	workers.Wait()
	return kills
}

func TestThatNoWorkerIsThereIsToldOnce(t *testing.T) {
	var alone lonely
	start := time.Now()
	told := func(second int, idle bool) bool {
		return alone.since(idle, start.Add(time.Duration(second)*time.Second))
	}
	if told(0, true) || told(20, true) || told(25, false) || told(26, true) || told(50, true) {
		t.Error("it is told though a worker was there just now")
	}
	if !told(60, true) || told(100, true) {
		t.Error("it is not told once after half a minute")
	}
}
