package server_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/getij/getij/internal/server"
)

// place asks where the run of a ticket stands.
func place(t *testing.T, s *server.Server, ticket string) (a server.LabQueueAnswer) {
	t.Helper()
	w := do(s, http.MethodGet, "/api/v1/lab/queue?ticket="+ticket, nil)
	if err := json.Unmarshal(w.Body.Bytes(), &a); err != nil || w.Code != http.StatusOK {
		t.Fatalf("%d %v %s", w.Code, err, w.Body)
	}
	return a
}

// Who asks for a few homes does not wait until another's many are done: they compute
// beside each other. Those that wait are told how many come first.
func TestAShortRunPassesLongOnes(t *testing.T) {
	s := smallServer(t, server.Options{LabWaiting: 5, LabHomes: 1000})
	held := s.HoldHomes(1000)
	codes := make(chan int, 4)
	ask := func(homes int, ticket string) {
		go func() {
			w := lab(t, s, fmt.Sprintf(`{"settings":{"homes":%d},"ticket":%q}`, homes, ticket))
			codes <- w.Code
		}()
		for !place(t, s, ticket).Found {
			if len(codes) > 0 {
				t.Fatalf("%s was answered at once: %d", ticket, <-codes)
			}
			time.Sleep(time.Millisecond)
		}
	}
	ask(1000, "long")
	if a := place(t, s, "long"); !a.Computing || a.Before != 0 {
		t.Errorf("the first run: %+v, want it computing", a)
	}
	ask(999, "longer")
	if a := place(t, s, "longer"); a.Computing || a.Before != 0 || a.Waiting != 1 || a.SecondsLeft <= 0 {
		t.Errorf("the second long run: %+v, want it to wait as the next, for some seconds", a)
	}
	if w := lab(t, s, `{"settings":{"homes":2}}`); w.Code != 200 {
		t.Errorf("a short run beside a long one: %d %s", w.Code, w.Body)
	}
	if a := place(t, s, "longer"); a.Computing {
		t.Errorf("two long runs compute at once: %+v", a)
	}
	held()
	for range 2 {
		if code := <-codes; code != 200 {
			t.Errorf("a long run got %d", code)
		}
	}
	if a := place(t, s, "long"); a.Found {
		t.Errorf("a run that is done still stands in the queue: %+v", a)
	}
}
