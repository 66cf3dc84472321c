package main

import (
	"fmt"
	"io"
	"slices"
	"sync"
	"unicode/utf8"

	"github.com/getij/getij/internal/userfile"
)

// printed is the way to standard output and standard error: names of regions, of
// files and of columns come from files of others, and a terminal obeys what they
// hold. Control characters and marks that turn the direction of a text are written
// as \u001b, which within JSON means the same. Line ends and tabs stay.
type printed struct {
	w    io.Writer
	mu   sync.Mutex
	rest []byte // the begin of a character whose end was not written yet
	buf  []byte
}

func (p *printed) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.rest) == 0 && !slices.ContainsFunc(b, func(c byte) bool { return c < ' ' && c != '\n' && c != '\t' || c >= 0x7f }) {
		return p.w.Write(b) // letters, digits and their like, as almost all is
	}
	text := append(p.rest, b...)
	p.rest = nil
	p.buf = p.buf[:0]
	for len(text) > 0 {
		r, n := utf8.DecodeRune(text)
		switch {
		case r == utf8.RuneError && n == 1 && !utf8.FullRune(text):
			p.rest = append([]byte(nil), text...)
			n = len(text)
		case r == utf8.RuneError && n == 1:
			p.buf = fmt.Appendf(p.buf, `\x%02x`, text[0])
		case userfile.Obeyed(r):
			p.buf = fmt.Appendf(p.buf, `\u%04x`, r)
		default:
			p.buf = append(p.buf, text[:n]...)
		}
		text = text[n:]
	}
	if _, err := p.w.Write(p.buf); err != nil {
		return 0, err
	}
	return len(b), nil
}
