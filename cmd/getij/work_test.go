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
func workersUntil(ctx context.Context, t *testing.T, address string) (kills [3]int) {
	t.Helper()
	var workers sync.WaitGroup
	for w := range kills {
		workers.Go(func() {
			r := rand.New(rand.NewPCG(9, uint64(w)+20))
			for most := 1200 * time.Millisecond; ctx.Err() == nil; most = min(2*most, 10*time.Second) {
				after, cancel := context.WithTimeout(ctx, time.Duration(r.Float64()*float64(most)))
				if !killed(after, t, "work", "--on", address, "--at-once", "1") {
					kills[w]++
				}
				cancel()
			}
		})
	}
	workers.Wait()
	return kills
}
