package server

import (
	"io"
	"net/http"
	"path"
	"slices"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"
)

// texts are the files that get smaller on the way.
var texts = []string{".csv", ".html", ".svg", ".json", ".yaml"}

// file serves a file of the result, of those that the study's answer lists, as it
// was when the result was loaded.
func (s *Server) file(w http.ResponseWriter, r *http.Request) {
	sn := s.current.Load()
	for !sn.files.acquire() { // replaced since, and closed
		sn = s.current.Load()
	}
	held := sn.files
	defer held.release()
	if !s.isAbout(sn, w, r) {
		return
	}
	name := chi.URLParam(r, "*")
	f := held.held[name]
	if f == nil {
		problem(w, http.StatusNotFound, "the result has no file of this name: /api/v1/study lists its files")
		return
	}
	if now, err := f.Stat(); err != nil || now.Size() != f.info.Size() || !now.ModTime().Equal(f.info.ModTime()) {
		s.options.Log.Error("a file was written into after the result was loaded", "file", name, "error", err)
		problem(w, http.StatusInternalServerError, failed)
		return
	}
	h := w.Header()
	if ext := path.Ext(name); ext == ".html" || ext == ".svg" {
		// The report styles itself inline and must not run or load anything.
		h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'")
	}
	if path.Ext(name) != ".html" {
		h.Set("Content-Disposition", `attachment; filename="`+path.Base(name)+`"`)
	}
	h.Set("Cache-Control", "no-cache")
	h.Set("ETag", `"`+f.sha256[:16]+`"`)
	content := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// No time: the tag says which content this is, and a result that is put back is
		// older than the one that it replaces.
		http.ServeContent(w, r, path.Base(name), time.Time{}, io.NewSectionReader(f, 0, f.info.Size()))
	})
	// Who asks for a part asks for one of the file, not of what goes over the line.
	if slices.Contains(texts, path.Ext(name)) && r.Header.Get("Range") == "" && accepts(r.Header.Values("Accept-Encoding"), "gzip") {
		h.Set("ETag", "W/"+h.Get("ETag"))
		middleware.Compress(5, "text/*", "application/*", "image/svg+xml")(content).ServeHTTP(w, r)
		return
	}
	content(w, r)
}
