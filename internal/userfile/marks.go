package userfile

import (
	"fmt"
	"strings"
)

// Obeyed tells what a program that shows a text takes for an order rather than a
// letter: C0 and C1 controls, and the marks of Unicode's bidirectional algorithm.
func Obeyed(r rune) bool {
	switch {
	case r == '\n', r == '\t':
		return false
	case r < 0x20, r >= 0x7f && r < 0xa0:
		return true
	case r == 0x061c, r == 0x200e, r == 0x200f, r >= 0x2028 && r <= 0x202e, r >= 0x2066 && r <= 0x2069:
		return true
	}
	return false
}

// Shown is a text of others with what would be obeyed written out, as in \u202e.
func Shown(text string) string {
	if !strings.ContainsFunc(text, Obeyed) {
		return text
	}
	var b strings.Builder
	for _, r := range text {
		if Obeyed(r) {
			fmt.Fprintf(&b, `\u%04x`, r)
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}
