package server

import (
	"io/fs"
	"net/http"
	"path"
	"strings"
)

// dashboard serves the built front end: files by their name, and its page for
// every other path, since the page reads its state from the address.
func (s *Server) dashboard() http.HandlerFunc {
	files := http.FileServerFS(s.options.Dashboard)
	return func(w http.ResponseWriter, r *http.Request) {
		name := strings.TrimPrefix(path.Clean(r.URL.Path), "/")
		info, err := fs.Stat(s.options.Dashboard, name)
		if name != "" && err == nil && !info.IsDir() {
			if strings.HasPrefix(name, "assets/") { // their names carry a hash of what is in them
				w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
			}
			files.ServeHTTP(w, r)
			return
		}
		if strings.HasPrefix(name, "assets/") || path.Ext(name) != "" {
			problem(w, http.StatusNotFound, "there is no file "+r.URL.Path)
			return
		}
		w.Header().Set("Cache-Control", "no-cache")
		http.ServeFileFS(w, r, s.options.Dashboard, "index.html")
	}
}
