package fetch

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/getij/getij/internal/durable"
)

// file is an answer that is whole and checked, in the folder of the session.
type file struct {
	Part
	path   string
	cached bool // as it was
}

// request asks one address.
type request struct {
	url    *url.URL // without keys
	name   string   // readable part of the name in the cache, with its ending
	accept string
	stage  string // for progress
	// check looks at the content; it may set the licence that an answer states.
	check func(path string, p *Part) error
}

// path names the file of an address in the cache, by its content-free key.
func (s *session) path(r request) string {
	sum := sha256.Sum256([]byte(r.url.String()))
	ext := filepath.Ext(r.name)
	return filepath.Join(s.folder, strings.TrimSuffix(r.name, ext)+"-"+hex.EncodeToString(sum[:6])+ext)
}

const recordSuffix = ".source.json"

// cached is the file of a request that the cache holds, checked by size and sha256.
func (s *session) cached(r request) (file, bool) {
	path := s.path(r)
	part, err := readPart(path + recordSuffix)
	if err != nil || part.URL != r.url.String() {
		return file{}, false
	}
	n, sum, err := durable.Digest(path)
	if err != nil || n != part.Bytes || sum != part.SHA256 {
		s.Say(path + " is not as it was fetched: it is fetched again")
		return file{}, false
	}
	if err := r.check(path, &part); err != nil {
		return file{}, false
	}
	return file{part, path, true}, true
}

// part gives the answer to a request: from the cache, or downloaded into it.
func (s *session) part(ctx context.Context, r request) (file, error) {
	s.at = r.url
	old, ok := s.cached(r)
	if ok && !s.opt.Refresh {
		return old, nil
	}
	path := s.path(r)
	if err := s.lock(); err != nil {
		return file{}, err
	}
	if !ok {
		old.Part = Part{}
	}
	d := &download{session: s, request: r, partial: path + ".partial", old: old.Part}
	part, err := d.run(ctx)
	if errors.Is(err, errUnchanged) {
		s.Say("not changed since " + old.FetchedAt.Format("2006-01-02") + ": the copy in the cache is used")
		return old, nil
	}
	if err != nil {
		return file{}, err
	}
	err = s.holdsNoToken(d.partial)
	if err == nil {
		err = r.check(d.partial, &part)
	}
	if err != nil {
		d.discard()
		return file{}, err
	}
	if part.Bytes, part.SHA256, err = durable.Digest(d.partial); err != nil {
		return file{}, err
	}
	// The record goes last: without it the file is not trusted.
	if err := removeAll(path+recordSuffix, path); err != nil {
		return file{}, err
	}
	if err := durable.Rename(d.partial, path); err != nil {
		return file{}, err
	}
	if err := s.writeRecord(path+recordSuffix, part); err != nil {
		return file{}, err
	}
	return file{part, path, false}, removeAll(d.partial + recordSuffix)
}

// lock keeps another process from downloading the same at the same time.
func (s *session) lock() error {
	if s.unlock != nil {
		return nil
	}
	path := filepath.Join(s.folder, fmt.Sprintf("%s-%d.lock", s.src.Name, s.opt.Year))
	l, err := durable.TakeLock(path)
	if held := new(durable.HeldError); errors.As(err, &held) {
		return fmt.Errorf("another getij is downloading the same (%s: %s): wait for it, or use --no-cache", path, held.By)
	}
	if err != nil {
		return err
	}
	s.unlock = l.Release
	return nil
}

// forget takes answers out of the cache that turned out not to hold what was asked.
func (s *session) forget(files []file) {
	for _, f := range files {
		_ = removeAll(f.path+recordSuffix, f.path) // else the check finds it again
	}
}

func readPart(path string) (Part, error) {
	var p Part
	text, err := os.ReadFile(path)
	if err != nil {
		return p, err
	}
	return p, json.Unmarshal(text, &p)
}

// writeRecord writes what is known of a file beside it.
func (s *session) writeRecord(path string, record any) error {
	text, err := json.MarshalIndent(record, "", "  ")
	if err != nil {
		return err
	}
	if s.holdsToken(text) {
		return errors.New("the server's answer repeats your key: it is not kept; please report this")
	}
	return durable.WriteFile(path, func(w io.Writer) error {
		_, err := w.Write(append(text, '\n'))
		return err
	})
}

// removeAll removes files that may not be there.
func removeAll(paths ...string) error {
	for _, p := range paths {
		if err := os.Remove(p); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// DefaultCache is the folder that keeps downloads: getij/fetch in the user's cache.
func DefaultCache() (string, error) {
	dir, err := os.UserCacheDir()
	if err != nil {
		return "", inputErrorf("no cache folder is known (%v): name one with --cache, or use --no-cache", err)
	}
	return filepath.Join(dir, "getij", "fetch"), nil
}
