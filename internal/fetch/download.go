package fetch

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"
)

// How often a request is tried. A try that brought bytes resumes; one that brought
// none counts as idle.
const (
	mostTries = 30
	mostIdle  = 5
	// longestWait is the longest that a server may ask for: ENTSO-E bans for ten
	// minutes, NED counts over five.
	longestWait = 11 * time.Minute
)

var (
	errUnchanged = errors.New("not changed")
	errStalled   = errors.New("nothing came for a while")
	errTooLong   = errors.New("it took too long")
)

// passing is a failure that may be gone at another try.
type passing struct {
	err   error
	wait  time.Duration // as the server asks
	asked bool          // it asked
	base  time.Duration // first wait, where it does not say
}

func (e *passing) Error() string { return e.err.Error() }
func (e *passing) Unwrap() error { return e.err }

func passingf(format string, args ...any) error {
	return &passing{err: fmt.Errorf(format, args...)}
}

// download brings one answer into a partial file, which stays when it does not
// succeed, for another run to resume.
type download struct {
	*session
	request
	partial  string
	old      Part // whole and in the cache, for "has it changed?"
	noResume bool // the server's parts do not fit
}

func (d *download) run(ctx context.Context) (Part, error) {
	d.announce()
	part, err := d.tries(ctx)
	switch n := d.have(); {
	case err == nil:
	case d.opt.Token != "" || d.opt.Cache == "":
		// Answers of sources with keys are small; a part of one has not been checked
		// for the key.
		d.discard()
	case n > 0:
		d.Say(fmt.Sprintf("%s of %s are kept: the same command goes on from there", size(n), d.stage))
	}
	return part, err
}

func (d *download) tries(ctx context.Context) (Part, error) {
	idle := 0
	for try := 1; ; try++ {
		before := d.have()
		part, err := d.try(ctx)
		if err == nil {
			return part, nil
		}
		if ctx.Err() != nil {
			return Part{}, ctx.Err()
		}
		var p *passing
		if !errors.As(err, &p) {
			return Part{}, err
		}
		if idle++; d.have() > before {
			idle = 0
		}
		if idle >= mostIdle || try >= mostTries {
			return Part{}, fmt.Errorf("%w: gave up after %d tries, try again later", err, try)
		}
		wait := p.wait
		if !p.asked {
			wait = backoff(max(p.base, time.Second), idle)
		}
		if wait > longestWait {
			return Part{}, fmt.Errorf("%w: %s asks to wait %s: run the same command again after that", err, d.host(), wait.Round(time.Second))
		}
		d.Say(fmt.Sprintf("%s; trying again in %s", d.scrub(err), wait.Round(time.Second)))
		if err := d.Sleep(ctx, wait); err != nil {
			return Part{}, err
		}
	}
}

// backoff doubles from the first wait, to a minute.
func backoff(first time.Duration, idle int) time.Duration {
	return min(first<<max(idle-1, 0), time.Minute)
}

func (s *session) host() string { return s.at.Host }

func (d *download) have() int64 {
	info, err := os.Stat(d.partial)
	if err != nil {
		return 0
	}
	return info.Size()
}

func (d *download) discard() { _ = removeAll(d.partial, d.partial+recordSuffix) }

// strong is what If-Range may carry: an ETag that is not weak, or a date.
func (p Part) strong() string {
	if p.ETag != "" && !strings.HasPrefix(p.ETag, "W/") {
		return p.ETag
	}
	return p.LastModified
}

// try sends one request and takes what comes.
func (d *download) try(ctx context.Context) (Part, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	limit := time.AfterFunc(d.src.maxTime, func() { cancel(errTooLong) })
	defer limit.Stop()
	stall := time.AfterFunc(d.src.patience, func() { cancel(errStalled) })
	defer stall.Stop()

	have := d.have()
	kept, err := readPart(d.partial + recordSuffix)
	if have > 0 && (err != nil || d.noResume || kept.URL != d.url.String() || kept.strong() == "") {
		d.discard()
		have = 0
	}
	req, err := d.newRequest(ctx)
	if err != nil {
		return Part{}, err
	}
	switch {
	case have > 0:
		req.Header.Set("Range", fmt.Sprintf("bytes=%d-", have))
		req.Header.Set("If-Range", kept.strong())
	case d.old.ETag != "":
		req.Header.Set("If-None-Match", d.old.ETag)
	case d.old.LastModified != "":
		req.Header.Set("If-Modified-Since", d.old.LastModified)
	}
	if err := d.pace(ctx); err != nil {
		return Part{}, err
	}
	d.asked = true
	resp, err := d.http.Do(req)
	if err != nil {
		return Part{}, d.netError(ctx, err)
	}
	defer resp.Body.Close()
	switch resp.StatusCode {
	case http.StatusOK:
		if have > 0 {
			d.Say("the server starts from the beginning: the file has changed, or it cannot resume")
		}
		have, kept = 0, Part{}
	case http.StatusPartialContent:
		if err := d.fits(resp, have, kept); err != nil {
			d.discard()
			d.noResume = true
			return Part{}, err
		}
	case http.StatusRequestedRangeNotSatisfiable:
		d.discard()
		return Part{}, passingf("%s cannot give the rest of the file: it is fetched anew", d.host())
	case http.StatusNotModified:
		if d.old.SHA256 != "" {
			return Part{}, errUnchanged
		}
		return Part{}, passingf("%s answers %s to a plain question", d.host(), resp.Status)
	default:
		return Part{}, d.statusError(resp)
	}
	if enc := resp.Header.Get("Content-Encoding"); enc != "" && enc != "identity" {
		return Part{}, fmt.Errorf("%s sends the answer packed (%q), which was not asked for: a proxy may do that", d.host(), clean(enc, 20))
	}
	return d.body(ctx, resp, have, kept, func() { stall.Reset(d.Stall) })
}

// newRequest makes the request, with the key where one is asked.
func (d *download) newRequest(ctx context.Context) (*http.Request, error) {
	u := *d.url
	if d.src.tokenParameter != "" {
		q := u.Query()
		q.Set(d.src.tokenParameter, d.opt.Token)
		u.RawQuery = q.Encode()
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, err
	}
	if d.src.tokenHeader != "" {
		req.Header.Set(d.src.tokenHeader, d.opt.Token)
	}
	// A connection that is kept would report a server's stray bytes on the terminal.
	req.Close = true
	req.Header.Set("User-Agent", "getij (https://github.com/getij/getij)")
	req.Header.Set("Accept", d.accept)
	// Packed answers can be neither resumed nor counted.
	req.Header.Set("Accept-Encoding", "identity")
	return req, nil
}

// pace keeps the time between two requests that the source asks for.
func (s *session) pace(ctx context.Context) error {
	if wait := s.lastSent.Add(s.src.every).Sub(s.Now()); !s.lastSent.IsZero() && wait > 0 {
		if err := s.Sleep(ctx, wait); err != nil {
			return err
		}
	}
	s.lastSent = s.Now()
	return nil
}

// fits says whether a part continues what is there: from the right byte, of the
// same version, of the same length.
func (d *download) fits(resp *http.Response, have int64, kept Part) error {
	from, total, ok := contentRange(resp.Header.Get("Content-Range"))
	switch {
	case have == 0 || !ok || from != have:
		return passingf("%s sends another part than was asked for: the file is fetched anew", d.host())
	case resp.Header.Get("ETag") != "" && kept.ETag != "" && resp.Header.Get("ETag") != kept.ETag,
		kept.Bytes > 0 && total != kept.Bytes:
		return passingf("the file at %s has changed since its first part came: it is fetched anew", d.host())
	}
	return nil
}

// contentRange reads "bytes 100-199/200".
func contentRange(text string) (from, total int64, ok bool) {
	span, all, ok1 := strings.Cut(strings.TrimPrefix(text, "bytes "), "/")
	first, _, ok2 := strings.Cut(span, "-")
	from, err1 := strconv.ParseInt(first, 10, 64)
	total, err2 := strconv.ParseInt(all, 10, 64)
	return from, total, ok1 && ok2 && err1 == nil && err2 == nil && from >= 0 && total > from
}

// body takes the bytes, and compares their number with what was announced.
func (d *download) body(ctx context.Context, resp *http.Response, have int64, kept Part, alive func()) (Part, error) {
	total := resp.ContentLength
	if resp.StatusCode == http.StatusPartialContent {
		_, total, _ = contentRange(resp.Header.Get("Content-Range"))
	}
	if total > d.src.maxBytes {
		return Part{}, fmt.Errorf("%s announces %s, which is more than the %s that %s may be: is it the right address?", d.url, size(total), size(d.src.maxBytes), d.src.Subject)
	}
	part := Part{
		URL: d.url.String(), ETag: cmp.Or(resp.Header.Get("ETag"), kept.ETag), LastModified: cmp.Or(resp.Header.Get("Last-Modified"), kept.LastModified),
		Bytes: max(total, 0), FetchedAt: d.Now().UTC().Truncate(time.Second), Licence: d.src.Licence,
	}
	flags := os.O_WRONLY | os.O_CREATE | os.O_APPEND
	if have == 0 {
		d.discard()
		flags |= os.O_TRUNC
		if err := d.writeRecord(d.partial+recordSuffix, part); err != nil {
			return Part{}, err
		}
	}
	f, err := os.OpenFile(d.partial, flags, 0o644)
	if err != nil {
		return Part{}, err
	}
	defer f.Close()
	n, err := d.copy(f, resp.Body, have, total, alive)
	if err != nil {
		if w, ok := errors.AsType[*writeError](err); ok {
			return Part{}, fmt.Errorf("writing %s: %w", d.partial, w.err)
		}
		if errors.Is(err, errTooBig) {
			f.Close()
			d.discard()
			return Part{}, fmt.Errorf("%s sends more than the %s that %s may be: stopped", d.url, size(d.src.maxBytes), d.src.Subject)
		}
		if broken := d.netError(ctx, err); total <= 0 || ctx.Err() != nil {
			return Part{}, broken
		}
		return Part{}, passingf("%s broke off after %d of %d bytes", d.host(), n, total)
	}
	if total >= 0 && n != total {
		return Part{}, passingf("%s announced %d bytes and sent %d", d.host(), total, n)
	}
	return part, f.Sync()
}

var errTooBig = errors.New("too big")

type writeError struct{ err error }

func (e *writeError) Error() string { return e.err.Error() }

func (d *download) copy(w io.Writer, r io.Reader, n, total int64, alive func()) (int64, error) {
	buf := make([]byte, 1<<16)
	for {
		alive()
		k, err := r.Read(buf)
		if n+int64(k) > d.src.maxBytes {
			return n, errTooBig
		}
		if k > 0 {
			if _, err := w.Write(buf[:k]); err != nil {
				return n, &writeError{err}
			}
			n += int64(k)
			d.Progress(d.stage, n, max(total, 0))
		}
		if err == io.EOF {
			return n, nil
		}
		if err != nil {
			return n, err
		}
	}
}

// size is for people.
func size(n int64) string {
	switch {
	case n >= 10*mega:
		return fmt.Sprintf("%d MB", n/mega)
	case n >= mega/10:
		return fmt.Sprintf("%.1f MB", float64(n)/mega)
	}
	return fmt.Sprintf("%d bytes", n)
}
