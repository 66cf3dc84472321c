package fetch

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"html"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// redirect follows an address that moved, but takes no key to another host.
func (s *session) redirect(req *http.Request, via []*http.Request) error {
	from := via[len(via)-1].URL
	switch {
	case len(via) >= 5:
		return &permanentError{fmt.Sprintf("%s leads from one address to the next without end", s.host())}
	case from.Scheme == "https" && req.URL.Scheme != "https":
		return &permanentError{fmt.Sprintf("%s leads to an address without encryption at %s: not followed", s.host(), req.URL.Host)}
	case s.opt.Token != "" && req.URL.Host != from.Host:
		return &permanentError{fmt.Sprintf("%s leads to %s, which your key is not for: not followed; if it has moved for good, name the new address with --base-url", s.host(), req.URL.Host)}
	}
	req.Header.Del("Referer") // the address before may hold a key
	return nil
}

type permanentError struct{ msg string }

func (e *permanentError) Error() string { return e.msg }

// netError puts a failed connection into words, without the address's query.
func (s *session) netError(ctx context.Context, err error) error {
	if wrapped, ok := errors.AsType[*url.Error](err); ok {
		err = wrapped.Err
	}
	if fixed, ok := errors.AsType[*permanentError](err); ok {
		return fixed
	}
	host := s.host()
	if cause := context.Cause(ctx); errors.Is(cause, errStalled) || errors.Is(cause, errTooLong) {
		return passingf("%s: %w", host, cause)
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	var unknown x509.UnknownAuthorityError
	var name x509.HostnameError
	var invalid x509.CertificateInvalidError
	var dns *net.DNSError
	var op *net.OpError
	switch {
	case errors.As(err, &unknown), errors.As(err, &name), errors.As(err, &invalid):
		return fmt.Errorf("the certificate of %s is not accepted (%v): where a proxy inspects traffic, name its certificate in SSL_CERT_FILE", host, err)
	case errors.As(err, &op) && op.Op == "proxyconnect":
		return passingf("the proxy of HTTPS_PROXY cannot be reached (%v)", op.Err)
	case errors.As(err, &dns):
		return passingf("%s is not found (%s): is this computer online? Behind a proxy, set HTTPS_PROXY", host, dns.Err)
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return passingf("%s broke off the connection", host)
	}
	return passingf("the connection to %s failed (%w)", host, err)
}

// statusError puts an answer that is no data into words.
func (s *session) statusError(resp *http.Response) error {
	const most = 64 << 10
	text, _ := io.ReadAll(io.LimitReader(resp.Body, most)) // an answer cut short still says something
	reason := serverReason(text)
	if resp.StatusCode == http.StatusBadRequest && strings.Contains(reason, "No matching data") {
		return &noDataError{fmt.Sprintf("%s has nothing to send (%q): is the year published? Try another --year", s.host(), reason)}
	}
	if reason != "" {
		reason = fmt.Sprintf(" (%q)", reason)
	}
	host, status := s.host(), resp.Status
	switch code := resp.StatusCode; code {
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		p := &passing{err: fmt.Errorf("%s answers %s%s", host, status, reason)}
		if code == http.StatusTooManyRequests {
			p.base = 10 * time.Second
		}
		p.wait, p.asked = retryAfter(resp.Header.Get("Retry-After"), s.Now())
		return p
	case http.StatusRequestTimeout, http.StatusInternalServerError, http.StatusBadGateway, http.StatusGatewayTimeout:
		return passingf("%s answers %s%s", host, status, reason)
	case http.StatusProxyAuthRequired:
		return fmt.Errorf("the proxy asks for a user name and password: put them in HTTPS_PROXY, http://USER:PASSWORD@HOST:PORT")
	case http.StatusUnauthorized, http.StatusForbidden:
		if s.src.TokenVariable != "" {
			return fmt.Errorf("%s answers %s%s: it does not accept the key in %s: %s", host, status, reason, s.src.TokenVariable, s.src.tokenHelp)
		}
		if code == http.StatusForbidden {
			return &missingError{host + resp.Request.URL.Path, status + reason, s.src.missing}
		}
	case http.StatusNotFound, http.StatusGone:
		return &missingError{host + resp.Request.URL.Path, status + reason, s.src.missing}
	}
	return fmt.Errorf("%s answers %s%s: if it goes on, the address may have changed: look for the new one and name it with --base-url", host, status, reason)
}

// retryAfter reads seconds or a date. The wait is at least a second.
func retryAfter(text string, now time.Time) (time.Duration, bool) {
	if n, err := strconv.ParseInt(strings.TrimSpace(text), 10, 32); err == nil && n >= 0 {
		return max(time.Duration(n)*time.Second, time.Second), true
	}
	if at, err := http.ParseTime(text); err == nil {
		return max(at.Sub(now), time.Second), true
	}
	return 0, false
}

// serverReason finds what an error's body says, in the forms of these sources:
// FastAPI's detail, Hydra's description, ENTSO-E's Acknowledgement_MarketDocument.
func serverReason(text []byte) string {
	var j struct {
		Detail      any    `json:"detail"`
		Description string `json:"hydra:description"`
		Message     string `json:"message"`
	}
	if json.Unmarshal(text, &j) == nil {
		detail, _ := j.Detail.(string)
		for _, t := range []string{detail, j.Description, j.Message} {
			if t != "" {
				return clean(t, 200)
			}
		}
	}
	if a, ok := acknowledgement(bytes.NewReader(text)); ok {
		return a
	}
	return ""
}

// acknowledgement is the reason in ENTSO-E's refusal, if it is one.
func acknowledgement(r io.Reader) (string, bool) {
	var doc struct {
		XMLName xml.Name `xml:"Acknowledgement_MarketDocument"`
		Reasons []struct {
			Code string `xml:"code"`
			Text string `xml:"text"`
		} `xml:"Reason"`
	}
	if xml.NewDecoder(r).Decode(&doc) != nil {
		return "", false
	}
	var parts []string
	for _, x := range doc.Reasons {
		parts = append(parts, strings.TrimSpace(x.Code+" "+strings.TrimSpace(x.Text)))
	}
	return clean(strings.Join(parts, "; "), 200), true
}

// cutMark ends a text that was cut.
const cutMark = "..."

// clean makes a server's words fit for one line of a terminal.
func clean(text string, most int) string {
	text = strings.Join(strings.FieldsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }), " ")
	if r := []rune(text); len(r) > most {
		text = string(r[:most]) + cutMark
	}
	return text
}

// notData says what came in place of data: mostly a web page.
func notData(host string, head []byte, want string) error {
	text := bytes.ToLower(bytes.TrimSpace(head))
	if bytes.HasPrefix(text, []byte("<!doctype html")) || bytes.HasPrefix(text, []byte("<html")) {
		return &webPageError{fmt.Sprintf("%s sends a web page where %s was expected: a sign-in page of the network or proxy, or a page that says that the file is not there", host, want)}
	}
	if len(text) == 0 {
		return fmt.Errorf("%s sends nothing where %s was expected", host, want)
	}
	return fmt.Errorf("%s sends something else than %s; it begins with %q", host, want, clean(string(head), 40))
}

type webPageError struct{ msg string }

func (e *webPageError) Error() string { return e.msg }

// scrub takes the key out of an error's words, wherever it came from.
func (s *session) scrub(err error) error {
	if err == nil {
		return nil
	}
	if text := s.hide(err.Error()); text != err.Error() {
		return &scrubbed{err, text}
	}
	return err
}

type scrubbed struct {
	err error
	msg string
}

func (e *scrubbed) Error() string        { return e.msg }
func (e *scrubbed) Is(target error) bool { return errors.Is(e.err, target) }

// spellings of the key, as it is and as it stands in an address, a page or quotes.
func (s *session) spellings() []string {
	t := s.opt.Token
	all := []string{t, url.QueryEscape(t), url.PathEscape(t), html.EscapeString(t), strings.Trim(strconv.Quote(t), `"`)}
	for _, e := range all[1:3] {
		all = append(all, escapes.ReplaceAllStringFunc(e, strings.ToLower))
	}
	return all
}

var escapes = regexp.MustCompile(`%[0-9A-F]{2}`)

// hide takes the key out of a text: in every spelling, where it stands in itself
// (abab in ababab), and the part of it that stands before the mark of a cut.
func (s *session) hide(text string) string {
	if s.opt.Token == "" {
		return text
	}
	secret := make([]bool, len(text))
	mark := func(at, n int) {
		for i := at; i < at+n; i++ {
			secret[i] = true
		}
	}
	for _, t := range s.spellings() {
		for at := range text {
			if strings.HasPrefix(text[at:], t) {
				mark(at, len(t))
			}
		}
		for at := 0; ; at += len(cutMark) {
			i := strings.Index(text[at:], cutMark)
			if i < 0 {
				break
			}
			at += i
			for n := min(len(t), at); n > 0; n-- {
				if text[at-n:at] == t[:n] {
					mark(at-n, n)
					break
				}
			}
		}
	}
	var b strings.Builder
	for i := range len(text) {
		switch {
		case !secret[i]:
			b.WriteByte(text[i])
		case i == 0 || !secret[i-1]:
			b.WriteString("(key)")
		}
	}
	return b.String()
}

func (s *session) holdsToken(text []byte) bool {
	if s.opt.Token == "" {
		return false
	}
	for _, t := range s.spellings() {
		if bytes.Contains(text, []byte(t)) {
			return true
		}
	}
	return false
}

// holdsNoToken refuses an answer that repeats the key.
func (s *session) holdsNoToken(path string) error {
	if s.opt.Token == "" {
		return nil
	}
	text, err := os.ReadFile(path) // answers of sources with keys are small
	if err == nil && s.holdsToken(text) {
		return fmt.Errorf("the answer of %s repeats your key: it is not kept; please report this", s.host())
	}
	return err
}

func isLoopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.IsLoopback()
}
