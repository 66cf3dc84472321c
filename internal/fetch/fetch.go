// Package fetch downloads the open data that a study may use: the national map of
// neighbourhoods, a year of day-ahead prices, a year of national solar output.
//
// In comes what to fetch and of which year; out come a file as its owner publishes
// it and, beside it, FILE.source.json with address, licence, size, sha256 and time.
// Nothing is converted: that is for the importers.
//
// Nothing happens on import, and no other package of ours opens a connection. A
// download says first what it asks of whom. It resumes (HTTP Range with If-Range),
// counts the bytes that came, looks at the content, waits as long as it is asked to
// (429 and 503 with Retry-After), and is bounded in size, time and tries. A file
// appears under its name when it is whole. Keys and tokens go to the host they are
// for, and never into a message, a file or the name of one.
package fetch

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/getij/getij/internal/durable"
)

// Options say what to fetch.
type Options struct {
	What    string // regions, prices or solar
	Source  string // for prices: energy-charts (default) or entsoe
	Year    int
	Out     string // file to write; empty: a name by what and year
	BaseURL string // another address than the source's own
	Token   string // for sources that ask one; see Source.TokenVariable
	Cache   string // folder that keeps downloads; empty: none are kept
	Refresh bool   // ask the source again, whatever the cache holds
}

// Client does the work. Its fields may be left empty.
type Client struct {
	Transport http.RoundTripper
	Now       func() time.Time
	Sleep     func(context.Context, time.Duration) error
	// Say gets a line for people: what is fetched, from where, why it waits.
	Say func(string)
	// Progress gets the bytes of a stage; total is 0 where it is not known.
	Progress func(stage string, done, total int64)
	// Stall is how long a body may bring nothing; Patience how long an answer may
	// take to begin (each source has its own).
	Stall, Patience time.Duration
}

// Part is one answer, as kept in the cache and named in the record of a result.
type Part struct {
	URL          string    `json:"url"` // without keys
	ETag         string    `json:"etag,omitempty"`
	LastModified string    `json:"last_modified,omitempty"`
	Bytes        int64     `json:"bytes"`
	SHA256       string    `json:"sha256,omitempty"`
	FetchedAt    time.Time `json:"fetched_at"`
	Licence      string    `json:"licence"`
}

// Record is what FILE.source.json says, so that provenance travels with the file.
type Record struct {
	File        string    `json:"file"`
	What        string    `json:"what"`
	Year        int       `json:"year"`
	Source      string    `json:"source"`
	Owner       string    `json:"owner"`
	Licence     string    `json:"licence"`
	LicenceURL  string    `json:"licence_url"`
	Attribution string    `json:"attribution"`
	Bytes       int64     `json:"bytes"`
	SHA256      string    `json:"sha256"`
	FetchedAt   time.Time `json:"fetched_at"` // of the oldest part
	Content     string    `json:"content"`
	Hours       int       `json:"hours,omitempty"`
	Notes       []string  `json:"notes,omitempty"`
	Parts       []Part    `json:"parts"`
}

// Result is what a fetch reports.
type Result struct {
	Record
	Path       string `json:"path"`
	RecordPath string `json:"record"`
	FromCache  bool   `json:"from_cache"` // nothing was asked of the network
}

// InputError is a mistake in what was asked, found before any connection.
type InputError struct{ msg string }

func (e *InputError) Error() string { return e.msg }

func inputErrorf(format string, args ...any) error {
	return &InputError{fmt.Sprintf(format, args...)}
}

// session is one run of a client.
type session struct {
	*Client
	opt      Options
	src      Source
	base     *url.URL
	ownBase  bool     // the address is the user's
	at       *url.URL // the address that is being asked
	http     *http.Client
	folder   string // of the cache, or a temporary one
	lastSent time.Time
	said     bool
	asked    bool // a request was sent
	unlock   func() error
}

// Fetch downloads, checks and writes a file and its record.
func (c *Client) Fetch(ctx context.Context, o Options) (*Result, error) {
	s, err := c.session(o)
	if err != nil {
		return nil, err
	}
	if s.folder == "" {
		if s.folder, err = os.MkdirTemp(filepath.Dir(s.opt.Out), ".getij-fetch-"); err != nil {
			return nil, err
		}
		defer os.RemoveAll(s.folder)
	} else if err := os.MkdirAll(s.folder, 0o755); err != nil {
		return nil, fmt.Errorf("making the cache folder: %w: name another with --cache, or use --no-cache", err)
	}
	defer func() {
		if s.unlock != nil {
			_ = s.unlock() // what it kept apart is over
		}
	}()
	r := &Result{Path: s.opt.Out, RecordPath: s.opt.Out + ".source.json"}
	r.Record = Record{
		File: filepath.Base(s.opt.Out), What: o.What, Year: o.Year, Source: s.src.Title, Owner: s.src.Owner,
		Licence: s.src.Licence, LicenceURL: s.src.LicenceURL, Attribution: s.src.Attribution,
	}
	if err := s.src.get(s, ctx, r); err != nil {
		return nil, s.scrub(err)
	}
	r.FromCache = !s.asked
	return r, nil
}

// session checks what was asked. It opens no connection.
func (c *Client) session(o Options) (*session, error) {
	full := *c
	if full.Now == nil {
		full.Now = time.Now
	}
	if full.Sleep == nil {
		full.Sleep = sleep
	}
	if full.Say == nil {
		full.Say = func(string) {}
	}
	if full.Progress == nil {
		full.Progress = func(string, int64, int64) {}
	}
	if full.Stall == 0 {
		full.Stall = time.Minute
	}
	if full.Transport == nil {
		full.Transport = http.DefaultTransport
	}
	s := &session{Client: &full, opt: o, folder: o.Cache}
	say := full.Say
	full.Say = func(text string) { say(s.hide(text)) }
	var err error
	if s.src, err = SourceOf(o.What, o.Source); err != nil {
		return nil, err
	}
	if err := s.src.CheckYear(o.Year, s.Now()); err != nil {
		return nil, err
	}
	if s.base, err = url.Parse(s.src.Base); o.BaseURL != "" {
		s.ownBase = true
		s.base, err = parseBase(o.BaseURL)
	}
	if err != nil {
		return nil, err
	}
	if err := s.checkToken(); err != nil {
		return nil, err
	}
	if s.opt.Out == "" {
		s.opt.Out = fmt.Sprintf(s.src.file, o.Year)
	}
	if info, err := os.Stat(s.opt.Out); err == nil && info.IsDir() {
		return nil, inputErrorf("%s is a folder: name a file with --out", s.opt.Out)
	}
	if _, err := os.Stat(filepath.Dir(s.opt.Out)); err != nil {
		return nil, inputErrorf("the folder of %s: %v: make it first, or name another file with --out", s.opt.Out, errors.Unwrap(err))
	}
	if s.Patience != 0 {
		s.src.patience = s.Patience
	}
	s.http = &http.Client{Transport: full.Transport, CheckRedirect: s.redirect}
	return s, nil
}

// parseBase reads an address that the user gave.
func parseBase(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	switch {
	case err != nil:
		return nil, inputErrorf("the base address cannot be read: an address such as https://mirror.example/cbs was expected")
	case u.User != nil:
		return nil, inputErrorf("the base address of %s holds a user name or password: it would end up in records; leave it out", u.Host)
	case u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.RawQuery != "" || u.Fragment != "":
		return nil, inputErrorf("base address %q: http or https, a host and a path were expected, no query", text)
	}
	return u, nil
}

// announce says once what is asked of whom.
func (s *session) announce() {
	if s.said {
		return
	}
	s.said = true
	s.Say(fmt.Sprintf("fetching %s of %d from %s (%s)", s.src.Subject, s.opt.Year, s.base.Host, s.src.Title))
	s.Say("source " + s.src.Owner + "; licence " + s.src.Licence)
}

// finish writes the result and its record, when both are whole.
func (s *session) finish(r *Result, parts []file, write func(io.Writer) error) error {
	for _, p := range parts {
		r.Parts = append(r.Parts, p.Part)
		if r.FetchedAt.IsZero() || p.FetchedAt.Before(r.FetchedAt) {
			r.FetchedAt = p.FetchedAt
		}
	}
	err := durable.WriteFile(r.Path, write)
	if err != nil {
		return err
	}
	if r.Bytes, r.SHA256, err = durable.Digest(r.Path); err != nil {
		return err
	}
	return s.writeRecord(r.RecordPath, r.Record)
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

// checkToken looks whether a key is there and may travel to the address.
func (s *session) checkToken() error {
	s.opt.Token = strings.TrimSpace(s.opt.Token)
	if s.src.TokenVariable == "" {
		s.opt.Token = ""
		return nil
	}
	name := s.src.TokenVariable
	switch t := s.opt.Token; {
	case t == "":
		return inputErrorf("%s asks for a key, and the environment variable %s is empty: %s", s.src.Title, name, s.src.tokenHelp)
	case len(t) < 8 || strings.ContainsFunc(t, func(r rune) bool { return r <= ' ' || r > '~' }):
		return inputErrorf("what %s holds does not look like a key of %s (too short, or with spaces): copy it again", name, s.src.Title)
	case s.base.Scheme == "http" && !isLoopback(s.base.Hostname()):
		return inputErrorf("the key of %s would travel unencrypted to %s: use an https address", s.src.Title, s.base.Host)
	}
	return nil
}
