package server

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
)

// Of a file that was built as brotli too a reader gets what it understands, under one tag.
func TestPagesComeInTheCodingThatAReaderTakes(t *testing.T) {
	script := strings.Repeat("let a = 1;", 200)
	pages, err := dashboard(fstest.MapFS{
		"index.html":        {Data: []byte("<!doctype html>")},
		"assets/a-1.mjs":    {Data: []byte(script)},
		"assets/a-1.mjs.br": {Data: []byte("packed")},
	})
	if err != nil {
		t.Fatal(err)
	}
	get := func(path, accept string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(http.MethodGet, path, nil)
		r.Header.Set("Accept-Encoding", accept)
		w := httptest.NewRecorder()
		pages(w, r)
		return w
	}
	tag := get("/assets/a-1.mjs", "").Header().Get("ETag")
	for accept, want := range map[string]string{"": "", "gzip, deflate": "gzip", "gzip, deflate, br, zstd": "br", "br;q=0, gzip": "gzip"} {
		w := get("/assets/a-1.mjs", accept)
		if h := w.Header(); h.Get("Content-Encoding") != want || h.Get("ETag") != tag || h.Get("Vary") != "Accept-Encoding" || !strings.HasPrefix(h.Get("Content-Type"), "text/javascript") {
			t.Errorf("a reader who takes %q gets %v", accept, h)
		}
		if want == "br" && w.Body.String() != "packed" || want == "" && w.Body.String() != script {
			t.Errorf("a reader who takes %q gets %.20q", accept, w.Body)
		}
	}
	if w := get("/assets/a-1.mjs.br", ""); w.Code != http.StatusNotFound {
		t.Errorf("the packed file is a page of its own: %d", w.Code)
	}
}
