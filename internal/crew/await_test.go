package crew_test

import (
	"net"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"

	"github.com/getij/getij/internal/crew"
	"github.com/getij/getij/internal/queue"
	"github.com/getij/getij/internal/queue/queuetest"
	"github.com/getij/getij/internal/result"
)

// Workers may be started before the server that hands parts out.
func TestAWorkerWaitsForAServerThatIsNotUpYet(t *testing.T) {
	t.Parallel()
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := "nats://" + free.Addr().String()
	port := free.Addr().(*net.TCPAddr).Port
	free.Close()

	var said []string
	told := func(text string) { said = append(said, text) }
	if _, err := crew.Await(t.Context(), address, result.Version{}, time.Millisecond, told); !queue.Away(err) || said != nil {
		t.Errorf("without patience: %v, %q", err, said)
	}
	q, err := crew.Await(t.Context(), address, result.Version{}, 0, func(text string) {
		told(text)
		queuetest.StartWith(t, &server.Options{Port: port})
	})
	if err != nil {
		t.Fatal(err)
	}
	q.Close()
	if len(said) != 1 || !strings.Contains(said[0], "is it running there") || !strings.Contains(said[0], "asked again") {
		t.Errorf("said %q", said)
	}
}
