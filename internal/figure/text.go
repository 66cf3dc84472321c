package figure

import (
	_ "embed"
	"strconv"
	"strings"
	"sync"
)

// fontStack starts with the fonts that share the metrics we measure with.
const fontStack = `Helvetica, Arial, 'Liberation Sans', Arimo, 'Helvetica Neue', Roboto, sans-serif`

// Ink above and below the baseline, in parts of the font size.
const (
	ascent  = 0.74
	descent = 0.22
)

// advances.txt says how far each character moves the pen in Liberation Sans, in parts of
// emParts of the font size: on a line the number of a first character in hexadecimal, and
// for it and those that follow it regular and bold. Its first line is of the box that stands
// for all others. A test holds it to the font, which would be most of what a page in a
// browser loads.
//
//go:embed advances.txt
var advancesText string

const emParts = 2048

// noGlyph is the box.
const noGlyph = rune(-1)

var advances = sync.OnceValue(func() map[rune][2]int {
	out := map[rune][2]int{}
	for line := range strings.Lines(advancesText) {
		first, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		r, err := strconv.ParseInt(first, 16, 32)
		if err != nil {
			panic(err) // embedded
		}
		for k, pair := range strings.Fields(rest) {
			regular, bold, _ := strings.Cut(pair, "/")
			var both [2]int
			for i, text := range []string{regular, bold} {
				if both[i], err = strconv.Atoi(text); err != nil {
					panic(err) // embedded
				}
			}
			out[rune(r)+rune(k)] = both
		}
	}
	return out
})

// textWidth is the length of a line of text in px at a font size in px.
func textWidth(s string, size float64, bold bool) float64 {
	of, weight, sum := advances(), 0, 0
	if bold {
		weight = 1
	}
	for _, r := range s {
		a, ok := of[r]
		if !ok {
			a = of[noGlyph]
		}
		sum += a[weight]
	}
	return float64(sum) / emParts * size
}

// wrap breaks a text at spaces into lines no longer than width px where it can;
// a single longer word keeps its own line. Line breaks in the text stay.
func wrap(s string, size float64, bold bool, width float64) []string {
	var lines []string
	for part := range strings.SplitSeq(s, "\n") {
		line := ""
		for word := range strings.FieldsSeq(part) {
			longer := word
			if line != "" {
				longer = line + " " + word
			}
			if line != "" && textWidth(longer, size, bold) > width {
				lines = append(lines, line)
				longer = word
			}
			line = longer
		}
		if line != "" {
			lines = append(lines, line)
		}
	}
	return lines
}
