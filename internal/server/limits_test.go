package server_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/getij/getij/internal/server"
)

// labFrom asks for a run from an address, and for somebody else when a proxy says so.
func labFrom(h http.Handler, address, forwarded string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, "/api/v1/lab", strings.NewReader(`{"settings":{"homes":1}}`))
	r.Host, r.RemoteAddr = "localhost", address
	r.Header.Set("Content-Type", "application/json")
	if forwarded != "" {
		r.Header.Set("X-Forwarded-For", forwarded)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// from is a client at a loopback address of its own.
func from(ip string) *http.Client {
	d := &net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(ip)}, Timeout: 10 * time.Second}
	return &http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{DialContext: d.DialContext, DisableKeepAlives: true}}
}

// connect opens a connection from a loopback address and sends what is to be sent.
func connect(t testing.TB, ip, address, send string) net.Conn {
	t.Helper()
	d := &net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(ip)}, Timeout: 10 * time.Second}
	c, err := d.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	_ = c.(*net.TCPConn).SetReadBuffer(4096)
	if _, err := io.WriteString(c, send); err != nil {
		t.Fatal(err)
	}
	return c
}

// begun waits until each connection has begun to be answered, or has been closed: until
// then it counts as idle.
func begun(t testing.TB, all []net.Conn) {
	t.Helper()
	deadline := time.Now().Add(time.Minute)
	for _, c := range all {
		if err := c.SetReadDeadline(deadline); err != nil {
			t.Fatal(err)
		}
		if _, err := c.Read(make([]byte, 1)); errors.Is(err, os.ErrDeadlineExceeded) {
			t.Fatal("a connection is not answered")
		}
	}
}

// quick asserts an answer within a second; this machine may be doing other things.
func quick(t *testing.T, c *http.Client, url string, want int) *http.Response {
	t.Helper()
	start := time.Now()
	response, err := c.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if _, err := io.Copy(io.Discard, response.Body); err != nil {
		t.Fatal(err)
	}
	if took := time.Since(start); took > time.Second || response.StatusCode != want {
		t.Errorf("%s: %d after %v, want %d within a second", url, response.StatusCode, took, want)
	}
	return response
}

func loopbacks(t *testing.T) {
	if _, err := net.Listen("tcp", "127.0.0.77:0"); err != nil {
		t.Skip("this system has one loopback address only: the limits per address need several")
	}
}

func TestIdleConnectionsMakePlace(t *testing.T) {
	loopbacks(t)
	address, _ := start(t, smallServer(t, server.Options{}))
	for i := range 1100 { // more than there is place for; of few addresses and of many
		connect(t, fmt.Sprintf("127.0.1.%d", 1+i%(1+i/2)%200), address, "")
	}
	quick(t, from("127.0.0.1"), "http://"+address+"/healthz", 200)
	quick(t, from("127.0.0.1"), "http://"+address+"/api/v1/study", 200)
	// The one that idles most is no worse off.
	quick(t, from("127.0.1.1"), "http://"+address+"/api/v1/study", 200)
}

func largeFile(t *testing.T) (address string, request string) {
	dir := filepath.Join(t.TempDir(), "results")
	writeResult(t, dir, 1, map[string][]byte{"large.bin": make([]byte, 32<<20)})
	address, _ = start(t, newServerOf(t, dir, server.Options{}))
	return address, "GET /api/v1/files/large.bin HTTP/1.1\r\nHost: localhost\r\n\r\n"
}

func TestReadersWhoDoNotReadHoldUpNobodyElse(t *testing.T) {
	loopbacks(t)
	address, request := largeFile(t)
	var all []net.Conn
	for range 300 { // of one address, of which 256 get a connection and 64 a file
		all = append(all, connect(t, "127.0.2.1", address, request))
	}
	begun(t, all)
	quick(t, from("127.0.0.1"), "http://"+address+"/healthz", 200)
	quick(t, from("127.0.0.1"), "http://"+address+"/api/v1/study", 200)
	quick(t, from("127.0.0.1"), "http://"+address+"/api/v1/files/large.bin", 200)
	if r := quick(t, from("127.0.2.1"), "http://"+address+"/api/v1/files/large.bin", 429); r.Header.Get("Retry-After") == "" {
		t.Error("sent away without a time to come back")
	}
}

func TestHealthHasAPlaceWhenAllConnectionsAreBusy(t *testing.T) {
	loopbacks(t)
	address, request := largeFile(t)
	var all []net.Conn
	for i := range 1100 {
		all = append(all, connect(t, fmt.Sprintf("127.0.3.%d", 1+i%40), address, request))
	}
	begun(t, all)
	quick(t, from("127.0.0.1"), "http://"+address+"/healthz", 200)
	if r := quick(t, from("127.0.0.1"), "http://"+address+"/api/v1/study", 503); r.Header.Get("Retry-After") == "" {
		t.Error("sent away without a time to come back")
	}
	for range 200 { // idle ones do not take the place
		connect(t, "127.0.3.99", address, "")
	}
	quick(t, from("127.0.0.1"), "http://"+address+"/healthz", 200)
}

// One address holds at most half of the laboratory's places; who asks is whom a
// trusted proxy names, and nobody else's word counts.
func TestOneReaderLeavesPlacesInTheLaboratory(t *testing.T) {
	for _, c := range []struct {
		name    string
		trusted []netip.Prefix
		who     func(i int) (address, forwarded string)
		places  int
	}{
		{"one address", nil, func(int) (string, string) { return "192.0.2.1:5", "" }, 3},
		{"one network of IPv6", nil, func(i int) (string, string) { return fmt.Sprintf("[2001:db8::%x]:5", i+1), "" }, 3},
		{"several addresses", nil, func(i int) (string, string) { return fmt.Sprintf("192.0.2.%d:5", i+1), "" }, 5},
		{"a proxy that is not trusted", nil, func(i int) (string, string) { return "192.0.2.1:5", fmt.Sprintf("198.51.100.%d", i+1) }, 3},
		{"a trusted proxy", []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")}, func(i int) (string, string) { return "192.0.2.1:5", fmt.Sprintf("198.51.100.%d", i+1) }, 5},
		{"a reader who writes the header himself", []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")}, func(i int) (string, string) { return "192.0.2.1:5", fmt.Sprintf("203.0.113.%d, 198.51.100.7", i+1) }, 3},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := smallServer(t, server.Options{LabWaiting: 4, TrustedProxies: c.trusted})
			release := s.HoldLab()
			var wg sync.WaitGroup
			codes := make(chan int, 8)
			for i := range 8 {
				wg.Go(func() {
					address, forwarded := c.who(i)
					w := labFrom(s, address, forwarded)
					if w.Code != 200 && w.Header().Get("Retry-After") == "" {
						t.Errorf("%d without a time to come back", w.Code)
					}
					codes <- w.Code
				})
			}
			for len(codes) < 8-c.places {
				time.Sleep(time.Millisecond)
			}
			if s.Waiting() != c.places {
				t.Errorf("%d places are taken, want %d", s.Waiting(), c.places)
			}
			release()
			wg.Wait()
			close(codes)
			count := map[int]int{}
			for code := range codes {
				count[code]++
			}
			if count[200] != c.places {
				t.Errorf("answers %v, want %d runs", count, c.places)
			}
		})
	}
}

// Host names of others, and pages of others, get nothing done here.
func TestOnlyTheServersOwnNamesAreAnswered(t *testing.T) {
	s := smallServer(t, server.Options{Hosts: []string{"getij.example.org", "v2g.example:8443"}})
	ask := func(host string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(http.MethodGet, "/api/v1/study", nil)
		r.Host = host
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		return w
	}
	for _, host := range []string{"localhost", "localhost:8080", "LOCALHOST:1", "127.0.0.1:8080", "127.0.0.9", "[::1]:8080", "[::1]", "getij.example.org", "getij.example.org:443", "Getij.Example.ORG.", "v2g.example"} {
		if w := ask(host); w.Code != 200 {
			t.Errorf("Host: %s: %d %s", host, w.Code, w.Body)
		}
	}
	for _, host := range []string{"evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "getij.example.org.evil.example", "203.0.113.9", "192.168.1.7:8080", "", ":8080", "localhost@evil.example", "evil.example:localhost"} {
		if w := ask(host); w.Code != http.StatusMisdirectedRequest || !strings.Contains(w.Body.String(), "--host") {
			t.Errorf("Host: %s: %d %s", host, w.Code, w.Body)
		}
	}
}

func TestAnAddressIsAnsweredWhereItIsListenedOn(t *testing.T) {
	for listen, answers := range map[string]map[string]int{
		"127.0.0.1:0": {"192.168.1.7": 421, "127.0.0.1": 200, "localhost": 200, "server.local": 421},
		":0":          {"192.168.1.7": 200, "[2001:db8::1]:80": 200, "127.0.0.1": 200, "localhost": 200, "server.local": 421},
	} {
		l, err := net.Listen("tcp", listen)
		if err != nil {
			t.Fatal(err)
		}
		s := smallServer(t, server.Options{})
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- s.Serve(ctx, l, nil) }()
		_, port, _ := net.SplitHostPort(l.Addr().String())
		for host, want := range answers {
			r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://127.0.0.1:"+port+"/api/v1/openapi.json", nil)
			if err != nil {
				t.Fatal(err)
			}
			r.Host = host
			response, err := http.DefaultClient.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			response.Body.Close()
			if response.StatusCode != want {
				t.Errorf("listening on %s, Host: %s: %d, want %d", listen, host, response.StatusCode, want)
			}
		}
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}

func TestAPageOfAnotherSiteRunsNoLaboratory(t *testing.T) {
	s := smallServer(t, server.Options{Hosts: []string{"getij.example.org"}})
	const json = "application/json"
	for _, c := range []struct {
		header []string
		want   int
	}{
		{[]string{"Content-Type", json}, 200}, // curl
		{[]string{"Content-Type", "application/json; charset=utf-8"}, 200},
		{[]string{"Content-Type", json, "Origin", "http://127.0.0.1:8080"}, 200},
		{[]string{"Content-Type", json, "Origin", "http://127.0.0.1:8080", "Sec-Fetch-Site", "same-origin"}, 200},
		{[]string{"Content-Type", json, "Origin", "https://getij.example.org"}, 200},
		{[]string{"Content-Type", json, "Origin", "https://evil.example"}, 403},
		{[]string{"Content-Type", json, "Origin", "http://127.0.0.1:9999"}, 403},
		{[]string{"Content-Type", json, "Origin", "null"}, 403},
		{[]string{"Content-Type", json, "Origin", "https://evil.example", "Sec-Fetch-Site", "cross-site"}, 403},
		{[]string{"Content-Type", json, "Sec-Fetch-Site", "cross-site"}, 403},
		{[]string{"Content-Type", json, "Sec-Fetch-Site", "same-site"}, 403},
		{[]string{}, 415},
		{[]string{"Content-Type", "text/plain"}, 415},
		{[]string{"Content-Type", "text/plain; application/json"}, 415},
		{[]string{"Content-Type", "application/x-www-form-urlencoded"}, 415},
		{[]string{"Content-Type", "multipart/form-data; boundary=x"}, 415},
		{[]string{"Content-Type", "application/jsonp"}, 415},
	} {
		for _, path := range []string{"/api/v1/lab", "/api/v1/lab/study"} {
			w := do(s, http.MethodPost, path, strings.NewReader(`{"settings":{"homes":1}}`), c.header...)
			if w.Code != c.want {
				t.Errorf("%s %v: %d %s, want %d", path, c.header, w.Code, w.Body, c.want)
			}
		}
	}
	if h := get(t, s, "/api/v1/study").Header(); h.Get("Access-Control-Allow-Origin") != "" || h.Get("Cross-Origin-Resource-Policy") != "same-origin" {
		t.Errorf("a page of another site can read the study: %v", h)
	}
}

func TestTheLaboratoryTakesEachNameOnceAndAsItIs(t *testing.T) {
	s := smallServer(t, server.Options{})
	for body, want := range map[string]string{
		`{"settings":{"homes":1,"homes":2}}`:                        "settings.homes is given twice",
		`{"settings":{"homes":1},"settings":{}}`:                    "settings is given twice",
		`{"settings":{"homes":1,"h\u006fmes":2}}`:                   "settings.homes is given twice",
		`{"Settings":{"homes":1}}`:                                  "Settings",
		`{"settings":{"homes":1},"Contract":"x","contract":"none"}`: "Contract",
		`{"settings":{"Homes":1}}`:                                  "Homes",
	} {
		for _, path := range []string{"/api/v1/lab", "/api/v1/lab/study"} {
			w := do(s, http.MethodPost, path, strings.NewReader(body), "Content-Type", "application/json")
			if w.Code != 400 || !strings.Contains(w.Body.String(), want) {
				t.Errorf("%s %s: %d %s, want 400 and %q", path, body, w.Code, w.Body, want)
			}
		}
	}
}

func TestMetricsHaveAnAddressOfTheirOwn(t *testing.T) {
	s := smallServer(t, server.Options{})
	main, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	inside, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- s.Serve(ctx, main, inside) }()
	for url, want := range map[string]string{
		"http://" + main.Addr().String() + "/healthz":        "ok\n",
		"http://" + inside.Addr().String() + "/healthz":      "ok\n",
		"http://" + inside.Addr().String() + "/metrics":      "# HELP",
		"http://" + main.Addr().String() + "/metrics":        "<!doctype html>",
		"http://" + inside.Addr().String() + "/api/v1/study": "404 page not found\n",
	} {
		response, err := http.Get(url)
		if err != nil {
			t.Fatal(err)
		}
		line, _ := bufio.NewReader(response.Body).ReadString('\n')
		response.Body.Close()
		if !strings.HasPrefix(line, want) {
			t.Errorf("%s: %s", url, line)
		}
	}
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
}
