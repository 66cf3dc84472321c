package site

import (
	"bytes"
	"fmt"
	"io"
	"net/http"

	"github.com/getij/getij/internal/server"
)

// api asks the server within this program.
type api struct{ *server.Server }

// received takes an answer.
type received struct {
	header http.Header
	status int
	to     io.Writer
	n      int64
}

func (r *received) Header() http.Header { return r.header }

func (r *received) WriteHeader(status int) { r.status = status }

func (r *received) Write(b []byte) (int, error) {
	n, err := r.to.Write(b)
	r.n += int64(n)
	return n, err
}

func (a *api) send(ask string, to io.Writer) (*received, error) {
	r, err := http.NewRequest(http.MethodGet, "http://localhost/api/v1"+ask, nil)
	if err != nil {
		return nil, err
	}
	r.RemoteAddr = "127.0.0.1:1"
	out := &received{header: http.Header{}, status: http.StatusOK, to: to}
	a.ServeHTTP(out, r)
	if out.status >= 300 {
		return nil, fmt.Errorf("%s: the answer has status %d", ask, out.status)
	}
	return out, nil
}

// get is an answer; nil of one that is empty.
func (a *api) get(ask string) ([]byte, error) {
	var b bytes.Buffer
	_, err := a.send(ask, &b)
	return b.Bytes(), err
}

// tag names the result that answers are about.
func (a *api) tag() (string, error) {
	r, err := a.send("/study", io.Discard)
	if err != nil {
		return "", err
	}
	return r.header.Get(server.ResultHeader), nil
}
