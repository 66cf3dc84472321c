// Package queuetest starts a NATS server within a test's program, with JetStream on the
// test's own disk. For tests alone.
package queuetest

import (
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
)

// Start gives the address of a server that ends with the test.
func Start(t testing.TB) (address string) {
	t.Helper()
	return StartWith(t, &server.Options{})
}

// StartWith is Start with more options; without a port the server chooses one.
func StartWith(t testing.TB, o *server.Options) (address string) {
	t.Helper()
	if o.Port == 0 {
		o.Port = server.RANDOM_PORT
	}
	o.Host, o.JetStream, o.StoreDir, o.NoLog, o.NoSigs = "127.0.0.1", true, t.TempDir(), true, true
	s, err := server.NewServer(o)
	if err != nil {
		t.Fatal(err)
	}
	s.Start()
	t.Cleanup(func() {
		s.Shutdown()
		s.WaitForShutdown()
	})
	const patience = 10 * time.Second
	if !s.ReadyForConnections(patience) {
		t.Fatal("the NATS server is not ready for connections")
	}
	return s.ClientURL()
}
