package server

import (
	"fmt"
	"mime"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// hosts are the names that a server answers to. A page elsewhere that has its own
// name point at this machine (DNS rebinding) comes with its own name.
type hosts struct {
	names []string     // of the operator
	at    []netip.Addr // listened on; an unspecified one stands for every address
}

// newHosts takes the names that the operator gave, and the address as it was asked
// for.
func newHosts(names []string, address net.Addr) *hosts {
	h := &hosts{names: []string{"localhost"}}
	for _, n := range names {
		h.names = append(h.names, bareHost(n))
	}
	if tcp, ok := address.(*net.TCPAddr); ok {
		h.at = append(h.at, tcp.AddrPort().Addr().Unmap())
	}
	return h
}

// bareHost is a Host header without its port and the dot of a full name.
func bareHost(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	return strings.ToLower(strings.TrimSuffix(strings.Trim(host, "[]"), "."))
}

// answersTo says whether a Host header names this server. An address in it is no
// danger where every address is listened on: its page came from there.
func (h *hosts) answersTo(host string) bool {
	host = bareHost(host)
	if slices.Contains(h.names, host) {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && (ip.IsLoopback() || slices.ContainsFunc(h.at, func(at netip.Addr) bool { return at.IsUnspecified() || at == ip.Unmap() }))
}

// only answers to the names of the server; to others 421 (RFC 9110, 15.5.20).
func (h *hosts) only(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !h.answersTo(r.Host) {
			problem(w, http.StatusMisdirectedRequest, fmt.Sprintf("this server does not go by the name %q: its operator can add it with --host", bareHost(r.Host)))
			return
		}
		next.ServeHTTP(w, r)
	})
}

// ownPages refuses what a page of another site sends in its reader's name, and
// bodies that are not JSON, which such a page could send without asking.
func ownPages(names []string) (func(http.Handler) http.Handler, error) {
	cross := http.NewCrossOriginProtection()
	for _, n := range names {
		for _, scheme := range []string{"https://", "http://"} {
			if err := cross.AddTrustedOrigin(scheme + strings.ToLower(n)); err != nil {
				return nil, fmt.Errorf("--host %s: a name such as getij.example.org was expected: %w", n, err)
			}
		}
	}
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if err := cross.Check(r); err != nil {
				problem(w, http.StatusForbidden, "a page of another site asked for this: open the dashboard itself")
				return
			}
			if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); r.Method == http.MethodPost && (err != nil || kind != "application/json") {
				problem(w, http.StatusUnsupportedMediaType, "the body is "+orNothing(r.Header.Get("Content-Type"))+": Content-Type: application/json was expected")
				return
			}
			next.ServeHTTP(w, r)
		})
	}, nil
}

func orNothing(kind string) string {
	if kind == "" {
		return "of no type"
	}
	return fmt.Sprintf("%q", kind)
}
