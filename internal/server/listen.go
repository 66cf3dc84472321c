package server

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"os"
	"slices"
	"sync"
	"time"
)

// Limits of connections. Slow ones are cut: a request must be there in readAtMost,
// and a reader takes writePiece bytes every writeAtMost.
const (
	connections           = 1024
	connectionsPerAddress = 256
	surplusConnections    = 64
	headerAtMost          = 5 * time.Second
	readAtMost            = 15 * time.Second
	idleAtMost            = time.Minute
	writePiece            = 64 << 10
	writeAtMost           = 20 * time.Second
)

// gate takes connections in. When there are too many, of one address or of all, one
// that is idle makes place; when none is, the newcomer is surplus: it hears about
// the health of the server, for which there is always a place, and else that it
// should come back.
type gate struct {
	net.Listener
	trusted []netip.Prefix // proxies, whose connections are of many readers
	takes   time.Duration  // a reader for a piece, at most

	mu   sync.Mutex
	open map[*conn]bool
	of   map[netip.Addr]int // without those of surplus
}

// conn is a connection at the gate.
type conn struct {
	net.Conn
	gate    *gate
	address netip.Addr
	surplus bool
	idle    bool // no request is under way
	since   time.Time
}

func newGate(l net.Listener, trusted []netip.Prefix) *gate {
	return &gate{Listener: l, trusted: trusted, takes: writeAtMost, open: map[*conn]bool{}, of: map[netip.Addr]int{}}
}

// Accept takes the next connection in.
func (g *gate) Accept() (net.Conn, error) {
	for {
		raw, err := g.Listener.Accept()
		if err != nil {
			return nil, err
		}
		if tcp, ok := raw.(*net.TCPConn); ok {
			_ = tcp.SetWriteBuffer(4 * writePiece) // what a slow reader holds of the kernel's memory
		}
		c := &conn{Conn: raw, gate: g, address: reader(raw.RemoteAddr().String()), idle: true, since: time.Now()}
		if g.admit(c) {
			return c, nil
		}
		_ = raw.Close()
	}
}

func (g *gate) admit(c *conn) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	ofAddress := func(o *conn) bool { return !o.surplus && o.address == c.address }
	ofMost := func(o *conn) bool { return !o.surplus }
	switch {
	case g.of[c.address] >= connectionsPerAddress && !isProxy(g.trusted, c.address):
		c.surplus = !g.makePlace(ofAddress)
	case len(g.open) >= connections:
		c.surplus = !g.makePlace(ofMost)
	}
	if c.surplus {
		n := 0
		for o := range g.open {
			if o.surplus {
				n++
			}
		}
		if n >= surplusConnections && !g.makePlace(func(o *conn) bool { return o.surplus }) {
			return false
		}
	} else {
		g.of[c.address]++
	}
	g.open[c] = true
	return true
}

// makePlace closes the connection that has been idle for longest, of the address
// that has most.
func (g *gate) makePlace(which func(*conn) bool) bool {
	var out *conn
	for o := range g.open {
		if !o.idle || !which(o) {
			continue
		}
		if out == nil || g.of[o.address] > g.of[out.address] || g.of[o.address] == g.of[out.address] && o.since.Before(out.since) {
			out = o
		}
	}
	if out == nil {
		return false
	}
	g.forget(out)
	_ = out.Conn.Close()
	return true
}

func (g *gate) forget(c *conn) {
	if !g.open[c] {
		return
	}
	delete(g.open, c)
	if c.surplus {
		return
	}
	if g.of[c.address]--; g.of[c.address] == 0 {
		delete(g.of, c.address)
	}
}

// heard follows what a connection is doing.
func (g *gate) heard(c net.Conn, state http.ConnState) {
	if c, ok := c.(*conn); ok {
		g.mu.Lock()
		defer g.mu.Unlock()
		c.idle, c.since = state == http.StateNew || state == http.StateIdle, time.Now()
		if state == http.StateClosed || state == http.StateHijacked {
			g.forget(c)
		}
	}
}

// Write writes in pieces, each of which the reader must take within a time.
func (c *conn) Write(b []byte) (n int, err error) {
	for piece := range slices.Chunk(b, writePiece) {
		if err := c.SetWriteDeadline(time.Now().Add(c.gate.takes)); err != nil {
			return n, err
		}
		k, err := c.Conn.Write(piece)
		if n += k; err != nil {
			if tcp, ok := c.Conn.(*net.TCPConn); ok && errors.Is(err, os.ErrDeadlineExceeded) {
				_ = tcp.SetLinger(0) // the system need not keep the rest for whom does not take it
			}
			return n, err
		}
	}
	return n, nil
}

type connKey struct{}

// withConn lets a request know its connection.
func withConn(ctx context.Context, c net.Conn) context.Context {
	return context.WithValue(ctx, connKey{}, c)
}

// isSurplus says whether a request came over a connection beyond the limits.
func isSurplus(r *http.Request) bool {
	c, ok := r.Context().Value(connKey{}).(*conn)
	return ok && c.surplus
}

// httpServer has the time limits of every server here.
func (s *Server) httpServer(h http.Handler, g *gate) *http.Server {
	return &http.Server{
		Handler: h, ReadHeaderTimeout: headerAtMost, ReadTimeout: readAtMost, IdleTimeout: idleAtMost, MaxHeaderBytes: mostHeader,
		ConnState: g.heard, ConnContext: withConn, ErrorLog: s.errorLog(),
	}
}
