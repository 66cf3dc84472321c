package main

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
)

func TestWhatATerminalObeysIsShownInstead(t *testing.T) {
	for text, want := range map[string]string{
		"Groningen, \"'s-Gravenhage\" € 5\n\tx": "Groningen, \"'s-Gravenhage\" € 5\n\tx",
		"\x1b]0;title\x07\x1b[2Jred":            `\u001b]0;title\u0007\u001b[2Jred`,
		"\u009b31m":                             `\u009b31m`,
		"over\rwritten\x7f":                     `over\u000dwritten\u007f`,
		"\u202egpj.exe\u2066 \u200f":            `\u202egpj.exe\u2066 \u200f`,
		"\x9b31m":                               `\x9b31m`,
	} {
		for size := 1; size <= len(text); size++ { // however it is cut in writing
			var b bytes.Buffer
			p := &printed{w: &b}
			for at := 0; at < len(text); at += size {
				part := []byte(text[at:min(at+size, len(text))])
				if n, err := p.Write(part); err != nil || n != len(part) {
					t.Fatal(n, err)
				}
			}
			if b.String() != want {
				t.Fatalf("%q in parts of %d is printed as %q, want %q", text, size, b.String(), want)
			}
		}
	}
}

func TestJSONThatIsPrintedMeansTheSame(t *testing.T) {
	name := "a\u009b31m\u202eb\x1b\r\n"
	var b bytes.Buffer
	enc := json.NewEncoder(&printed{w: &b})
	if err := enc.Encode(name); err != nil {
		t.Fatal(err)
	}
	var got string
	if err := json.Unmarshal(b.Bytes(), &got); err != nil || got != name {
		t.Errorf("%s reads as %q, %v", b.String(), got, err)
	}
}

func TestARunOfMinutesSaysSoBeforeItBegins(t *testing.T) {
	if got := longRun(80, 1); !strings.Contains(got, "about 1 minute on 1 processor ") {
		t.Errorf("got %q", got)
	}
	if got := longRun(756, 2); !strings.Contains(got, "about 6 minutes on 2 processors") {
		t.Errorf("12.6 minutes of two processors: %q", got)
	}
	if got := longRun(100, 2); got != "" {
		t.Errorf("less than a minute: %q", got)
	}
}
