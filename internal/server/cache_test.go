package server

import (
	"fmt"
	"net/http"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
)

func heap() int {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int(m.HeapAlloc)
}

// A million answers of a few bytes take no more memory than the bound, counted by the
// runtime; so do fewer that are larger.
func TestTheBoundOfAnswersIsRealMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("long: it runs without -short")
	}
	const bound = 32 << 20
	for _, c := range []struct{ answers, bytes int }{{1_000_000, 2}, {10_000, 9_000}, {30, 3 << 20}} {
		t.Run(fmt.Sprintf("%d of %d bytes", c.answers, c.bytes), func(t *testing.T) {
			before := heap()
			cache := newAnswerCache(bound)
			for i := range c.answers {
				cache.keep(fmt.Sprintf("/api/v1/regions/%d", i), newAnswer(http.StatusOK, http.Header{"Content-Type": {"image/png"}}, make([]byte, c.bytes)))
			}
			used := heap() - before
			if used > bound || used < bound/3 {
				t.Errorf("%d answers take %.1f MiB of memory, %d MiB is the bound and a third of it was expected to be in use", len(cache.held), float64(used)/(1<<20), bound>>20)
			}
			if cache.recent.Len() != len(cache.held) {
				t.Errorf("%d in order, %d in the table", cache.recent.Len(), len(cache.held))
			}
			runtime.KeepAlive(cache)
		})
	}
}

func TestTheAnswerAskedForLongestAgoGoesFirst(t *testing.T) {
	of := func(i int) (string, *reply) {
		return fmt.Sprint(i), newAnswer(http.StatusOK, http.Header{}, make([]byte, 1000))
	}
	key, a := of(0)
	cache := newAnswerCache(3 * cost(key, a))
	for i := range 3 {
		cache.keep(of(i))
	}
	cache.find("0")
	cache.keep(of(3))
	for key, want := range map[string]bool{"0": true, "1": false, "2": true, "3": true} {
		if (cache.find(key) != nil) != want {
			t.Errorf("%s is kept: %v, want %v", key, !want, want)
		}
	}
}

func TestAnAnswerThatManyWaitForIsMadeOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cache := newAnswerCache(1 << 20)
		go_, made := make(chan struct{}), atomic.Int32{}
		var wg sync.WaitGroup
		for range 50 {
			wg.Go(func() {
				cache.make("/x", func() (*reply, bool, error) {
					<-go_
					made.Add(1)
					return newAnswer(http.StatusOK, http.Header{}, nil), true, nil
				})
			})
		}
		synctest.Wait()
		close(go_)
		wg.Wait()
		if made.Load() != 1 || cache.find("/x") == nil {
			t.Errorf("made %d times", made.Load())
		}
	})
}

func TestGzipIsSentToThoseThatTakeIt(t *testing.T) {
	for accept, want := range map[string]bool{"": false, "gzip": true, "br, gzip;q=0.5": true, "gzip;q=0": false, "gzip; q=0.0, br": false, "*": true, "identity": false, "x-gzipper": false} {
		if got := accepts([]string{accept}, "gzip"); got != want {
			t.Errorf("Accept-Encoding %q: %v", accept, got)
		}
	}
}
