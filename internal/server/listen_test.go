package server

import (
	"errors"
	"io"
	"net"
	"net/http"
	"syscall"
	"testing"
	"time"
)

// A reader who takes nothing is cut after the time for one piece, not after the time
// for all of it; one who reads is not, however long the whole takes.
func TestAReaderWhoTakesNothingIsCut(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	g := newGate(l, nil)
	g.takes = 300 * time.Millisecond
	ended := make(chan error, 2)
	h := &http.Server{ConnState: g.heard, Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		var err error
		for range 512 {
			if _, err = w.Write(make([]byte, writePiece)); err != nil {
				break
			}
		}
		ended <- err
	})}
	go h.Serve(g)
	defer h.Close()
	c, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if _, err := c.Write([]byte("GET / HTTP/1.1\r\nHost: x\r\n\r\n")); err != nil {
		t.Fatal(err)
	}
	select {
	case err := <-ended:
		if err == nil {
			t.Error("32 MiB went to a reader who took nothing")
		}
	case <-time.After(10 * time.Second):
		t.Fatal("the reader is not cut")
	}
	// And hears of it, before he has taken what the system had in hand for him.
	time.Sleep(100 * time.Millisecond)
	if n, err := io.Copy(io.Discard, c); !errors.Is(err, syscall.ECONNRESET) {
		t.Errorf("after %d bytes: %v", n, err)
	}
	steady, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer steady.Close()
	if _, err := steady.Write([]byte("GET / HTTP/1.1\r\nHost: x\r\n\r\n")); err != nil {
		t.Fatal(err)
	}
	start, piece := time.Now(), make([]byte, 2*writePiece)
	for read := 0; read < 32<<20; {
		n, err := steady.Read(piece)
		if read += n; err != nil {
			t.Fatalf("after %d bytes and %v: %v", read, time.Since(start), err)
		}
		time.Sleep(2 * time.Millisecond)
	}
	if err := <-ended; err != nil {
		t.Errorf("cut after %v: %v", time.Since(start), err)
	}
}
