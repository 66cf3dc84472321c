package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// attack is one run of it.
type attack struct {
	base  string
	known *known
	tally map[string]*tally
}

// tally counts what a crowd got.
type tally struct {
	mu               sync.Mutex
	right, away, cut int // as expected; 429 or 503 with Retry-After; a connection that ended
	wrong            []string
	times            []time.Duration
}

func (t *tally) note(count *int, took time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	*count++
	t.times = append(t.times, took)
}

func (t *tally) blame(text string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.wrong = append(t.wrong, text)
}

func (t *tally) asked() int { return t.right + t.away + t.cut + len(t.wrong) }

// at is the time that a share of the requests took at most.
func (t *tally) at(share float64) string {
	if len(t.times) == 0 {
		return "-"
	}
	slices.Sort(t.times)
	return t.times[int(share*float64(len(t.times)-1))].Round(100 * time.Microsecond).String()
}

func (t *tally) slowest() time.Duration { return slices.Max(append(t.times, 0)) }

// crowd are visitors who all do the same.
type crowd struct {
	name      string
	size      int
	addresses int  // that they share
	network   int  // 127.network.x.y
	honest    bool // nothing may break off for them
	live      func(context.Context, *visitor)
}

// visitor is one of a crowd.
type visitor struct {
	*attack
	crowd  crowd
	number int
	tally  *tally
}

func (v *visitor) rng() *rand.Rand {
	return rand.New(rand.NewPCG(uint64(v.crowd.network), uint64(v.number)))
}

func (v *visitor) dialer() *net.Dialer {
	n := v.number % v.crowd.addresses
	return &net.Dialer{Timeout: 10 * time.Second, LocalAddr: &net.TCPAddr{IP: net.IPv4(127, byte(v.crowd.network), byte(n/250), byte(1+n%250))}}
}

func (v *visitor) client(keep bool) *http.Client {
	return &http.Client{
		Timeout:       2 * time.Minute,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport:     &http.Transport{DialContext: v.dialer().DialContext, DisableKeepAlives: !keep},
	}
}

// dial opens a bare connection.
func (v *visitor) dial(ctx context.Context) (net.Conn, error) {
	return v.dialer().DialContext(ctx, "tcp", strings.TrimPrefix(v.base, "http://"))
}

// sleep waits, and says whether to go on.
func sleep(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}

// request sends one request and reads its answer.
func (v *visitor) request(ctx context.Context, c *http.Client, method, path, body string, change func(*http.Request)) (*http.Response, []byte, time.Duration, error) {
	r, err := http.NewRequestWithContext(ctx, method, v.base+path, strings.NewReader(body))
	if err != nil {
		return nil, nil, 0, err
	}
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/json")
	}
	if change != nil {
		change(r)
	}
	begin := time.Now()
	response, err := c.Do(r)
	if err != nil {
		return nil, nil, time.Since(begin), err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	return response, text, time.Since(begin), err
}

// isAway says whether an answer tells to come back.
func isAway(r *http.Response) bool {
	return (r.StatusCode == http.StatusTooManyRequests || r.StatusCode == http.StatusServiceUnavailable) && r.Header.Get("Retry-After") != ""
}

// expect asks, and holds the answer to what the quiet server said.
func (v *visitor) expect(ctx context.Context, c *http.Client, method, path, body string) {
	response, text, took, err := v.request(ctx, c, method, path, body, nil)
	switch {
	case ctx.Err() != nil:
	case err != nil:
		v.tally.note(&v.tally.cut, took)
	case isAway(response):
		v.tally.note(&v.tally.away, took)
		sleep(ctx, time.Second)
	case contentOf(response, text) != v.known.answers[path+body]:
		v.tally.blame(fmt.Sprintf("%s %s: %d %s of the result %s, %d bytes: not what the quiet server said", method, path, response.StatusCode, response.Header.Get("Content-Type"), response.Header.Get("Getij-Result"), len(text)))
	default:
		v.tally.note(&v.tally.right, took)
	}
}

// readers look at pages, and run the laboratory.
func readers(laboratories int) []crowd {
	return []crowd{
		{"readers", 100, 100, 1, true, func(ctx context.Context, v *visitor) {
			c, rng := v.client(true), v.rng()
			defer c.CloseIdleConnections()
			for sleep(ctx, time.Duration(rng.IntN(1000))*time.Millisecond) { // a reader looks
				v.expect(ctx, c, http.MethodGet, v.known.paths[rng.IntN(len(v.known.paths))], "")
			}
		}},
		{"laboratories", laboratories, laboratories, 2, true, func(ctx context.Context, v *visitor) {
			c, rng := v.client(true), v.rng()
			defer c.CloseIdleConnections()
			for sleep(ctx, 50*time.Millisecond) {
				v.expect(ctx, c, http.MethodPost, "/api/v1/lab", v.known.labs[rng.IntN(len(v.known.labs))])
			}
		}},
	}
}

var errCut = errors.New("the connection was ended")

// attackers come for no good.
func attackers() []crowd {
	return []crowd{
		{"slow readers", 300, 30, 4, false, slow},
		{"idle connections", 1000, 20, 5, false, idle},
		{"half requests", 50, 5, 6, false, half},
		{"other spellings", 4, 2, 7, false, spell},
		{"foreign pages and names", 4, 2, 8, false, foreign},
		{"what is not there", 8, 2, 9, false, guess},
	}
}

// slow asks for the largest file and takes 1 KiB a second.
func slow(ctx context.Context, v *visitor) {
	rng := v.rng()
	for sleep(ctx, time.Duration(rng.IntN(2000))*time.Millisecond) {
		begin := time.Now()
		err := v.over(ctx, "GET "+v.known.large+" HTTP/1.1\r\nHost: localhost\r\n\r\n", func(c net.Conn) error {
			for few := make([]byte, 1024); ; {
				if _, err := c.Read(few); err != nil {
					return errCut
				}
				if !sleep(ctx, time.Second) {
					return nil
				}
			}
		})
		v.ended(ctx, err, begin)
	}
}

// idle opens a connection and says nothing.
func idle(ctx context.Context, v *visitor) {
	rng := v.rng()
	for sleep(ctx, time.Duration(rng.IntN(1000))*time.Millisecond) {
		begin := time.Now()
		v.ended(ctx, v.over(ctx, "", func(c net.Conn) error {
			_, err := c.Read(make([]byte, 1))
			return err
		}), begin)
	}
}

// half never finishes its request.
func half(ctx context.Context, v *visitor) {
	for sleep(ctx, 100*time.Millisecond) {
		begin := time.Now()
		v.ended(ctx, v.over(ctx, "GET /api/v1/study HTTP/1.1\r\nHost: localhost\r\n", func(c net.Conn) error {
			for sleep(ctx, 500*time.Millisecond) {
				if _, err := io.WriteString(c, "X-A: a\r\n"); err != nil {
					return err
				}
			}
			return nil
		}), begin)
	}
}

// over opens a connection, sends, and lives on it until ctx ends.
func (v *visitor) over(ctx context.Context, send string, live func(net.Conn) error) error {
	c, err := v.dial(ctx)
	if err != nil {
		return err
	}
	defer c.Close()
	stop := context.AfterFunc(ctx, func() { c.Close() })
	defer stop()
	// The system shall not read ahead for whom does not.
	if err := c.(*net.TCPConn).SetReadBuffer(4096); err != nil {
		return err
	}
	if _, err := io.WriteString(c, send); err != nil {
		return err
	}
	return live(c)
}

// ended counts a connection that the server ended, as it should.
func (v *visitor) ended(ctx context.Context, err error, begin time.Time) {
	if ctx.Err() == nil && err != nil {
		v.tally.note(&v.tally.right, time.Since(begin))
	}
}

// Other spellings of paths that are answered under one, and paths that are written
// wrong.
var (
	spellings = []string{
		"//api/v1/study", "/api//v1/profiles", "/api/v1/../v1/study", "/api/v1/study/", "/api/v1/study/.", "/api%2fv1%2fstudy", "/api/v1/study%2f",
		"/api/v1/files/..%2f..%2fetc%2fpasswd", "/map/", "/assets/../api/v1/study",
	}
	escapes = []string{
		"/%61pi/v1/study", "/api/v1/stud%79", "/api/%2e/v1/regions", "/api/v1/study%00", "/api/v1/regions/%2e%2e/study", "/%61pi/v1/regions",
	}
)

func spell(ctx context.Context, v *visitor) {
	c, rng := v.client(true), v.rng()
	for sleep(ctx, 20*time.Millisecond) {
		method := []string{http.MethodGet, http.MethodHead}[rng.IntN(2)]
		v.refused(ctx, c, method, spellings[rng.IntN(len(spellings))], "", http.StatusNotFound, nil)
		v.refused(ctx, c, method, escapes[rng.IntN(len(escapes))], "", http.StatusBadRequest, nil)
	}
}

// foreign is a page of another site, and a name that points here.
func foreign(ctx context.Context, v *visitor) {
	c := v.client(true)
	header := func(name, value string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set(name, value) }
	}
	for sleep(ctx, 20*time.Millisecond) {
		v.refused(ctx, c, http.MethodGet, "/api/v1/study", "", http.StatusMisdirectedRequest, func(r *http.Request) { r.Host = "evil.example" })
		v.refused(ctx, c, http.MethodPost, "/api/v1/lab", `{"settings":{"homes":1000}}`, http.StatusForbidden, header("Origin", "https://evil.example"))
		v.refused(ctx, c, http.MethodPost, "/api/v1/lab", `{"settings":{"homes":1000}}`, http.StatusForbidden, header("Sec-Fetch-Site", "cross-site"))
		v.refused(ctx, c, http.MethodPost, "/api/v1/lab", `{"settings":{"homes":1000}}`, http.StatusUnsupportedMediaType, header("Content-Type", "text/plain"))
		v.refused(ctx, c, http.MethodPost, "/api/v1/lab", strings.Repeat(" ", 1<<20), http.StatusRequestEntityTooLarge, nil)
		v.refused(ctx, c, http.MethodPost, "/api/v1/lab", `{"settings":{"contracts=[] #":1}}`, http.StatusBadRequest, nil)
		v.refused(ctx, c, http.MethodGet, "/api/v1/profiles", "", http.StatusRequestHeaderFieldsTooLarge, header("X-Large", strings.Repeat("x", 64<<10)))
		v.refused(ctx, c, http.MethodGet, "/api/v1/profiles", "", http.StatusConflict, header("Getij-Result", "0123456789abcdef"))
	}
}

// guess asks for ever new things that are not there, and for large answers in a way
// that memory does not have.
func guess(ctx context.Context, v *visitor) {
	c, rng := v.client(true), v.rng()
	for sleep(ctx, 10*time.Millisecond) {
		n := rng.Uint64()
		v.refused(ctx, c, http.MethodGet, fmt.Sprintf("/api/v1/regions/X%d", n), "", http.StatusNotFound, nil)
		v.refused(ctx, c, http.MethodGet, fmt.Sprintf("/api/v1/schemas/X%d.json", n), "", http.StatusNotFound, nil)
		v.refused(ctx, c, http.MethodGet, fmt.Sprintf("/api/v1/tiles/gemeente/12/%d/%d.mvt", n%1500, n%4096), "", http.StatusNoContent, nil) // west of the country
		if n%20 == 0 {
			v.refused(ctx, c, http.MethodGet, fmt.Sprintf("/api/v1/profiles?%d", n), "", http.StatusOK, nil)
		}
	}
}

// refused asks for what must be answered with a status, or sent away.
func (v *visitor) refused(ctx context.Context, c *http.Client, method, path, body string, want int, change func(*http.Request)) {
	response, text, took, err := v.request(ctx, c, method, path, body, change)
	switch {
	case ctx.Err() != nil:
	case err != nil: // a body that is too large is not read to its end
		v.tally.note(&v.tally.cut, took)
	case isAway(response):
		v.tally.note(&v.tally.away, took)
	case response.StatusCode != want:
		v.tally.blame(fmt.Sprintf("%s %s: %d %.200s, want %d", method, path, response.StatusCode, text, want))
	default:
		v.tally.note(&v.tally.right, took)
	}
}
