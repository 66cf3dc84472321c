// Package site writes the dashboard of a result as files, for any web server or
// storage that serves files: what the API answers, as far as that is a finite number
// of answers, is in them byte for byte.
//
// What enters: a result folder and the built front end. What leaves: a folder with
// index.html at its root. Units are those of the API.
package site

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/getij/getij/internal/result"
	"github.com/getij/getij/internal/server"
)

// Options of a site; Version, Dashboard and Kernel are needed.
type Options struct {
	Version result.Version
	// Dashboard is the built front end.
	Dashboard fs.FS
	// Kernel is what computes in a browser, as make kernel builds it.
	Kernel fs.FS
	// BackgroundMap is as of [server.Options].
	BackgroundMap string
	// AccessibilityStatement is too.
	AccessibilityStatement string
	// WithoutFiles leaves the files of the result out.
	WithoutFiles bool
	// Progress hears what is being written, and how far it is.
	Progress func(what string, done, total int)
}

// About is what the page must know of its site; it is in index.html.
type About struct {
	Result string `json:"result"` // names what is shown, by the content of all that a page asks for
	// Shards are the files that the answers of single regions are spread over.
	Shards int `json:"shards"`
	// Headline is the question that data/headline.json answers.
	Headline map[string]string `json:"headline,omitempty"`
	Files    bool              `json:"files"`    // whether those of the result are there
	Contract string            `json:"contract"` // that stands where none is chosen
	// Lab is why there is no laboratory: the study's own files.
	Lab       string `json:"lab"`
	MostHomes int    `json:"most_homes"` // of a run of it
}

// Written says what a site has become.
type Written struct {
	Files int
	Bytes int64
}

// writer writes the files of a site into a folder.
type writer struct {
	*Options
	ctx  context.Context
	api  *api
	dir  string
	from string // the result folder
	tag  string // of the result
	to   Written
}

// ErrNoKernel refuses a site that could not compute: of figures, headlines and the laboratory
// it would have nothing but errors.
var ErrNoKernel = errors.New("this getij was built without the part that computes in browsers, and its site would have no figures, no headlines of regions and no laboratory: take the getij of a release, or build one with `make build` (which builds that part first)")

// Write makes the site of a result folder, in place of one that is there already.
func Write(ctx context.Context, results, dir string, o *Options) (w *Written, err error) {
	if o.Kernel == nil {
		return nil, ErrNoKernel
	}
	place, err := result.ClaimFor(dir, "name another folder with --out", replaceable)
	if err != nil {
		return nil, err
	}
	defer func() { err = joined(err, place.Release()) }()
	s, err := server.New(results, server.Options{Version: o.Version, BackgroundMap: o.BackgroundMap, AccessibilityStatement: o.AccessibilityStatement})
	if err != nil {
		return nil, err
	}
	if o.Progress == nil {
		o.Progress = func(string, int, int) {}
	}
	out := &writer{Options: o, ctx: ctx, api: &api{s}, from: results}
	err = place.Write(func(partial string) error {
		out.dir = partial
		if err := out.all(); err != nil {
			return err
		}
		return ctx.Err()
	})
	return &out.to, err
}

// answers is what of the study's answer says which other answers there are.
type answers struct {
	Summary struct {
		Potential *struct {
			Year     int    `json:"year"`
			Scenario string `json:"scenario"`
		} `json:"potential"`
	} `json:"summary"`
	Contracts []struct {
		Name string `json:"name"`
		Used bool   `json:"used_for_potential"`
	} `json:"contracts"`
	Inputs []struct {
		Kind, File string
	} `json:"inputs"`
	Lab struct {
		MostHomes int `json:"most_homes"`
	} `json:"lab"`
	ByYear    []string `json:"contract_by_year"`
	Scenarios []string `json:"scenarios"`
	FirstYear int      `json:"first_year"`
	LastYear  int      `json:"last_year"`
	Adoption  float64  `json:"adoption"`
	KWRule    string   `json:"kw_rule"`
	Season    string   `json:"season"`
	Levels    []struct {
		Level    string `json:"level"`
		Outlines bool   `json:"outlines"`
	} `json:"levels"`
	Seasons []struct {
		Season string `json:"season"`
	} `json:"seasons"`
	Population *struct {
		Cases []struct {
			Contract, Mode string
			Year           int
		} `json:"cases"`
	} `json:"population"`
	Bounds []float64 `json:"bounds"`
	Files  []string  `json:"files"`
}

func (w *writer) all() error {
	var st answers
	if err := w.keepInto("/study", "data/study.json", &st); err != nil {
		return err
	}
	var err error
	if w.tag, err = w.api.tag(); err != nil {
		return err
	}
	about := About{Files: !w.WithoutFiles}
	if err := w.profiles(&st); err != nil {
		return err
	}
	if st.Summary.Potential != nil {
		if err := w.regions(&st, &about); err != nil {
			return err
		}
		if err := w.tiles(&st); err != nil {
			return err
		}
	}
	if !w.WithoutFiles {
		for i, name := range st.Files {
			w.Progress("copying the result's files", i, len(st.Files))
			if err := w.copyOf("/files/"+escaped(name), "files/"+name); err != nil {
				return err
			}
		}
	}
	if err := w.kernel(&st, &about); err != nil {
		return err
	}
	if about.Result, err = w.content(); err != nil {
		return err
	}
	if err := w.dashboard(&about); err != nil {
		return err
	}
	return w.list()
}

// profiles are the answers about one home.
func (w *writer) profiles(st *answers) error {
	if err := w.keep("/profiles", "data/profiles.json"); err != nil {
		return err
	}
	for _, c := range st.Contracts {
		if err := w.keep("/profiles?contract="+url.QueryEscape(c.Name), "data/profiles/"+c.Name+".json"); err != nil {
			return err
		}
	}
	return nil
}

// keep puts an answer of the API into a file.
func (w *writer) keep(ask, file string) error { return w.keepInto(ask, file, nil) }

// keepInto also reads what was answered.
func (w *writer) keepInto(ask, file string, to any) error {
	if err := w.ctx.Err(); err != nil {
		return err
	}
	body, err := w.api.get(ask)
	if err != nil {
		return err
	}
	if to != nil {
		if err := json.Unmarshal(body, to); err != nil {
			return fmt.Errorf("%s: %w", ask, err)
		}
	}
	return w.put(file, body)
}

// place makes room for a file of the site, named with slashes. Levels are words of whoever
// made the regions: what leads out of the folder is refused.
func (w *writer) place(file string) (at string, err error) {
	name, err := filepath.Localize(file)
	if err != nil {
		return "", fmt.Errorf("%q cannot be the name of a file in a site: give the regions' levels (and the files of the result) names that files can have", file)
	}
	at = filepath.Join(w.dir, name)
	return at, os.MkdirAll(filepath.Dir(at), 0o755)
}

// put writes a file of the site.
func (w *writer) put(file string, body []byte) error {
	at, err := w.place(file)
	if err != nil {
		return err
	}
	w.to.Files++
	w.to.Bytes += int64(len(body))
	return os.WriteFile(at, body, 0o644)
}

// copyOf puts an answer that may be large into a file.
func (w *writer) copyOf(ask, file string) error {
	at, err := w.place(file)
	if err != nil {
		return err
	}
	f, err := os.Create(at)
	if err != nil {
		return err
	}
	got, err := w.api.send(ask, f)
	if got != nil {
		w.to.Files++
		w.to.Bytes += got.n
	}
	return joined(err, f.Close())
}

// content names what is written so far. Another getij may give other answers to the same
// results: nothing of an earlier site shall come from a cache.
func (w *writer) content() (string, error) {
	files, err := result.ListFiles(w.dir, listFile)
	if err != nil {
		return "", err
	}
	text, err := json.Marshal(files)
	return fmt.Sprintf("%x", sha256.Sum256(text))[:16], err
}

// metaName is what index.html says that it is a site by.
const metaName = "getij-site"

// dashboard puts the front end, which learns from its page that it has no server.
func (w *writer) dashboard(about *About) error {
	text, err := json.Marshal(about)
	if err != nil {
		return err
	}
	return fs.WalkDir(w.Dashboard, ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		body, err := fs.ReadFile(w.Dashboard, name)
		if err != nil {
			return err
		}
		if name == "index.html" {
			if body, err = indexOf(string(body), string(text)); err != nil {
				return err
			}
		}
		return w.put(name, body)
	})
}

// indexOf makes the page of a server that of a site: what it loads lies beside it,
// wherever that is.
func indexOf(page, about string) ([]byte, error) {
	const head = "<head>"
	if !strings.Contains(page, head) || !strings.Contains(page, `="/assets/`) {
		return nil, fmt.Errorf("the dashboard's index.html is not as expected: build it with `make web`")
	}
	page = strings.NewReplacer(`="/assets/`, `="./assets/`, `="/favicon.svg"`, `="./favicon.svg"`, `="/api/v1/files/`, `="./files/`).Replace(page)
	meta := `<meta name="` + metaName + `" content="` + attribute.Replace(about) + `" />`
	return []byte(strings.Replace(page, head, head+"\n    "+meta, 1)), nil
}

var attribute = strings.NewReplacer("&", "&amp;", `"`, "&quot;", "<", "&lt;")

// escaped is a name with slashes as a path has it.
func escaped(name string) string {
	parts := strings.Split(name, "/")
	for i := range parts {
		parts[i] = url.PathEscape(parts[i])
	}
	return path.Join(parts...)
}

// listFile lists what a site holds besides, so that nothing else is overwritten.
const listFile = "site.json"

// listed is site.json.
type listed struct {
	Program string        `json:"program"`
	Version string        `json:"version"`
	Result  string        `json:"result"`
	Files   []result.File `json:"files"`
}

func (w *writer) list() error {
	files, err := result.ListFiles(w.dir, listFile)
	if err != nil {
		return err
	}
	text, err := json.Marshal(listed{"getij", w.Version.Version, w.tag, files})
	if err != nil {
		return err
	}
	return w.put(listFile, append(text, '\n'))
}

// replaceable says why what is in dir must stay, if so: it is not a site, or not only
// that.
func replaceable(dir string) error {
	entries, err := os.ReadDir(dir)
	if len(entries) == 0 || err != nil {
		if os.IsNotExist(err) {
			err = nil
		}
		return err
	}
	var l listed
	text, err := os.ReadFile(filepath.Join(dir, listFile))
	if err != nil || json.Unmarshal(text, &l) != nil || l.Program != "getij" {
		return fmt.Errorf("%s exists and is no site that getij wrote: nothing is overwritten, name another folder with --out", dir)
	}
	found, err := result.ListFiles(dir, listFile)
	if err != nil {
		return err
	}
	own := slices.DeleteFunc(found, func(f result.File) bool { return slices.Contains(l.Files, f) })
	if len(own) == 0 {
		return nil
	}
	return fmt.Errorf("%s also holds what getij did not write, or what was changed since (%s, %d files), which would be lost: move it elsewhere, or name another folder with --out", dir, own[0].Name, len(own))
}

// joined is the first of what went wrong, with how the end went.
func joined(err, end error) error {
	if err == nil {
		return end
	}
	return err
}
