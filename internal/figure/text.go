package figure

import (
	"strings"

	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"gonum.org/v1/plot/font/liberation"
)

// fontStack starts with the fonts that share the metrics we measure with.
const fontStack = `Helvetica, Arial, 'Liberation Sans', Arimo, 'Helvetica Neue', Roboto, sans-serif`

// Ink above and below the baseline, in parts of the font size.
const (
	ascent  = 0.74
	descent = 0.22
)

// sans returns Liberation Sans, regular or bold.
func sans(bold bool) *sfnt.Font {
	weight := font.WeightNormal
	if bold {
		weight = font.WeightBold
	}
	var found *sfnt.Font
	for _, f := range liberation.Collection() {
		if f.Font.Variant == "Sans" && f.Font.Style == font.StyleNormal && f.Font.Weight == weight {
			found = f.Face
		}
	}
	return found
}

// textWidth is the length of a line of text in px at a font size in px.
func textWidth(s string, size float64, bold bool) float64 {
	var buf sfnt.Buffer
	f := sans(bold)
	em := f.UnitsPerEm()
	var sum fixed.Int26_6
	for _, r := range s {
		// A rune without a glyph gets glyph 0, the box.
		g, err := f.GlyphIndex(&buf, r)
		if err != nil {
			continue
		}
		a, err := f.GlyphAdvance(&buf, g, fixed.Int26_6(em)<<6, font.HintingNone)
		if err != nil {
			continue
		}
		sum += a
	}
	return float64(sum) / 64 / float64(em) * size
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
