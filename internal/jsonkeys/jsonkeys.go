// Package jsonkeys finds in a JSON text what encoding/json takes in silence: a name
// that an object has twice, of which the last would count, and whatever else a
// caller refuses.
package jsonkeys

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// Check walks through a JSON text that is known to be valid. It refuses a name that
// an object has twice, and what refuse returns an error for: it gets each name, and
// isNull for each null, without a name. Its error is put
// behind the place, as in net_load_kw[3] or battery.min_kwh.
func Check(valid []byte, refuse func(name string, isNull bool) error) error {
	w := walk{text: valid, refuse: refuse}
	if f := w.value(); f != nil {
		return fmt.Errorf("%s %w", strings.TrimPrefix(f.at, "."), f.err)
	}
	return nil
}

type walk struct {
	text   []byte
	at     int
	refuse func(name string, isNull bool) error
}

// finding has its place filled in from the inside out, so that a text without one
// costs no paths.
type finding struct {
	at  string
	err error
}

// next moves to the next byte that is not white space.
func (w *walk) next() byte {
	for w.at < len(w.text) {
		switch c := w.text[w.at]; c {
		case ' ', '\t', '\n', '\r':
			w.at++
		default:
			return c
		}
	}
	return 0
}

// value walks over one value.
func (w *walk) value() *finding {
	switch w.next() {
	case '{':
		return w.object()
	case '[':
		return w.list()
	case '"':
		w.quoted()
	case 'n':
		w.at += len("null")
		if err := w.refuse("", true); err != nil {
			return &finding{err: err}
		}
	default:
		for w.at++; w.at < len(w.text); w.at++ {
			if c := w.text[w.at]; c == ',' || c == ']' || c == '}' || c <= ' ' {
				break
			}
		}
	}
	return nil
}

// quoted walks over a text and returns it with its quotes.
func (w *walk) quoted() []byte {
	from := w.at
	for w.at++; w.at < len(w.text) && w.text[w.at] != '"'; w.at++ {
		if w.text[w.at] == '\\' {
			w.at++
		}
	}
	w.at++
	return w.text[from:w.at]
}

func (w *walk) object() *finding {
	seen := map[string]bool{}
	for w.at++; w.next() == '"'; {
		var name string
		if err := json.Unmarshal(w.quoted(), &name); err != nil {
			return &finding{err: err}
		}
		if seen[name] {
			return &finding{"." + name, errors.New("is given twice: keep one of the two")}
		}
		seen[name] = true
		if err := w.refuse(name, false); err != nil {
			return &finding{"." + name, err}
		}
		w.next()
		w.at++ // the colon
		if f := w.value(); f != nil {
			f.at = "." + name + f.at
			return f
		}
		if w.next() == ',' {
			w.at++
			w.next()
		}
	}
	w.at++
	return nil
}

func (w *walk) list() *finding {
	w.at++
	for i := 0; w.next() != ']' && w.at < len(w.text); i++ {
		if f := w.value(); f != nil {
			f.at = fmt.Sprintf("[%d]%s", i, f.at)
			return f
		}
		if w.next() == ',' {
			w.at++
		}
	}
	w.at++
	return nil
}
