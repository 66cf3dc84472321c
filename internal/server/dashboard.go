package server

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
)

// packed ends the names of files that are others as brotli (web/vite.config.ts), which
// takes too long to make here.
const packed = ".br"

// page is a file of the front end, ready to send.
type page struct {
	*reply
	tag string
}

// dashboard serves the built front end: files by their name, and its page for
// every other path, since the page reads its state from the address.
func dashboard(files fs.FS) (http.HandlerFunc, error) {
	pages := map[string]page{}
	err := fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path.Ext(name) == packed {
			return err
		}
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}
		h := http.Header{}
		if h.Set("Content-Type", mime.TypeByExtension(path.Ext(name))); h.Get("Content-Type") == "" {
			h.Set("Content-Type", http.DetectContentType(text))
		}
		if strings.HasPrefix(name, "assets/") { // their names carry a hash of what is in them
			h.Set("Cache-Control", "public, max-age=31536000, immutable")
		}
		sum := sha256.Sum256(text)
		p := page{newAnswer(http.StatusOK, h, text), `W/"` + hex.EncodeToString(sum[:8]) + `"`}
		if p.brotli, err = fs.ReadFile(files, name+packed); errors.Is(err, fs.ErrNotExist) {
			err = nil
		}
		pages[name] = p
		return err
	})
	if err != nil {
		return nil, err
	}
	index, ok := pages["index.html"]
	if !ok {
		return nil, fmt.Errorf("the dashboard has no index.html: build it with `make web`")
	}
	return func(w http.ResponseWriter, r *http.Request) {
		name := strings.TrimPrefix(r.URL.Path, "/")
		p, ok := pages[name]
		switch {
		case ok:
		case strings.HasPrefix(name, "assets/") || path.Ext(name) != "":
			problem(w, http.StatusNotFound, "there is no file "+r.URL.Path)
			return
		default:
			p = index
		}
		p.send(w, r, p.tag)
	}, nil
}
