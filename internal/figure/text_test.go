package figure

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

var writeAdvances = flag.Bool("write", false, "write advances.txt")

func TestWidthsAreThoseOfTheFont(t *testing.T) {
	var buf sfnt.Buffer
	advance := func(bold bool, g sfnt.GlyphIndex) int {
		a, err := sans(bold).GlyphAdvance(&buf, g, fixed.I(emParts), font.HintingNone)
		if err != nil {
			t.Fatal(err)
		}
		return a.Round()
	}
	var b strings.Builder
	fmt.Fprintf(&b, "-1 %d/%d", advance(false, 0), advance(true, 0))
	last := noGlyph
	for r := rune(0); r < 0x20000; r++ {
		regular, err := sans(false).GlyphIndex(&buf, r)
		if err != nil || regular == 0 {
			continue
		}
		bold, err := sans(true).GlyphIndex(&buf, r)
		if err != nil {
			t.Fatal(err)
		}
		if r != last+1 || last == noGlyph {
			fmt.Fprintf(&b, "\n%X", r)
		}
		fmt.Fprintf(&b, " %d/%d", advance(false, regular), advance(true, bold))
		last = r
	}
	b.WriteString("\n")
	if *writeAdvances {
		if err := os.WriteFile("advances.txt", []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if b.String() != advancesText {
		t.Error("advances.txt is not of the font: go test ./internal/figure -run Widths -write")
	}
	if em := sans(false).UnitsPerEm(); em != emParts {
		t.Errorf("the font has %d parts", em)
	}
}
