package figure

import (
	"fmt"
	"image/color"
	"math"
	"strconv"
)

// A Color is "#rrggbb", or empty for none.
type Color string

// The quiet colours of everything that is not data.
const (
	ground  Color = "#ffffff"
	ink     Color = "#111827" // titles, values, the zero line
	soft    Color = "#4b5563" // axis texts
	faint   Color = "#6b7280" // notes
	hair    Color = "#e5e7eb" // grid lines
	rule    Color = "#9ca3af" // ticks, leaders
	evening Color = "#f1f3f6" // the evening window

	limitColor Color = "#a61b1b" // a capacity
)

// ChargingColor and FeedingInColor are the words "charging" and "feeding in",
// and fills above and below the zero line. Both have a contrast above 4.5 on
// white.
const (
	ChargingColor  Color = "#b2182b"
	FeedingInColor Color = "#2166ac"
)

func (c Color) rgb() (r, g, b float64, err error) {
	if len(c) != 7 || c[0] != '#' {
		return 0, 0, 0, fmt.Errorf("colour %q is not #rrggbb", string(c))
	}
	v, err := strconv.ParseUint(string(c[1:]), 16, 32)
	if err != nil {
		return 0, 0, 0, fmt.Errorf("colour %q is not #rrggbb", string(c))
	}
	return float64(v >> 16), float64(v >> 8 & 0xff), float64(v & 0xff), nil
}

func (c Color) check() error {
	if c == "" {
		return nil
	}
	_, _, _, err := c.rgb()
	return err
}

// nrgba is the colour with an opacity; 0 means opaque, as in [Style].
func (c Color) nrgba(opacity float64) (color.NRGBA, error) {
	r, g, b, err := c.rgb()
	if opacity <= 0 || opacity > 1 {
		opacity = 1
	}
	return color.NRGBA{uint8(r), uint8(g), uint8(b), uint8(math.Round(255 * opacity))}, err
}

// Diverging is the colour of a share of the scale for power: -1 is the
// strongest feeding in (dark blue), 0 neutral (#f7f7f7), 1 the strongest
// charging (dark red). Shares beyond the ends take the colour of the end. The
// steps are ColorBrewer's RdBu, of equal lightness on both sides and safe for
// colour-blind readers; they are joined in a straight line in sRGB.
func Diverging(share float64) Color {
	if share < 0 {
		return along(-share, "#f7f7f7", "#d1e5f0", "#92c5de", "#4393c3", "#2166ac", "#053061")
	}
	return along(share, "#f7f7f7", "#fddbc7", "#f4a582", "#d6604d", "#b2182b", "#67001f")
}

// Sequential is the colour of a share of the scale for amounts: 0 is pale
// yellow (little), 1 dark blue (much), along cividis backwards, so that on
// white more is darker. The yellow is softer and the middle a little bluer than
// in cividis; lightness falls all the way.
func Sequential(share float64) Color {
	return along(share, "#fbefab", "#ecd97b", "#cfbe6c", "#aca375", "#8a887c",
		"#6a7180", "#4c5d82", "#2f4a80", "#143872", "#04224f")
}

// along is the colour at a share 0..1 of the way through evenly spaced stops.
func along(share float64, stops ...Color) Color {
	if !(share > 0) {
		return stops[0]
	}
	at := min(share, 1) * float64(len(stops)-1)
	i := min(int(at), len(stops)-2)
	return mix(stops[i], stops[i+1], at-float64(i))
}

// mix is the colour a share of the way from a to b, both of them valid.
func mix(a, b Color, share float64) Color {
	ar, ag, ab, _ := a.rgb()
	br, bg, bb, _ := b.rgb()
	between := func(x, y float64) int { return int(math.Round(x + (y-x)*share)) }
	return Color(fmt.Sprintf("#%02x%02x%02x", between(ar, br), between(ag, bg), between(ab, bb)))
}

// LineStyle is how a series looks. The zero LineStyle is a solid dark line.
type LineStyle struct {
	Class string    // CSS class of its line, areas and labels
	Color Color     // of its line, bars and bands
	Text  Color     // of its label; empty: Color
	Width float64   // px; 0 means 2
	Dash  []float64 // px; empty: solid
}

// The ways to charge, as [ModeStyle] knows them.
const (
	Regular = "regular"
	Smart   = "smart"
	V2H     = "v2h"
	V2G     = "v2g"
)

// ModeStyle is the fixed look of a way to charge, the same in every figure:
//
//	regular  grey        #6b7280  dashes
//	smart    brown       #b45309  long dashes
//	v2h      light blue  #4a90d9  dots
//	v2g      blue        #1b4f9c  solid, wider
//
// All have a contrast of at least 3 on white, their labels of at least 4.5. Brown stands apart from grey and both
// blues for red- and green-blind readers (it stays yellowish, they stay bluish or
// neutral); the dashes tell them apart without any colour. An unknown mode gets the
// zero style's dark line.
func ModeStyle(mode string) LineStyle {
	switch mode {
	case Regular:
		return LineStyle{Class: "mode-regular", Color: "#6b7280", Width: 2, Dash: []float64{5, 3}}
	case Smart:
		return LineStyle{Class: "mode-smart", Color: "#b45309", Width: 2.2, Dash: []float64{11, 4}}
	case V2H:
		return LineStyle{Class: "mode-v2h", Color: "#4a90d9", Text: "#2f72b8", Width: 2.2, Dash: []float64{2, 2.5}}
	case V2G:
		return LineStyle{Class: "mode-v2g", Color: "#1b4f9c", Width: 2.6}
	}
	return LineStyle{}
}

// HomeStyle is the look of a household's own load.
func HomeStyle() LineStyle {
	return LineStyle{Class: "series-home", Color: soft, Width: 1.6, Dash: []float64{1, 4}}
}

// BaseStyle is the look of what others are compared with.
func BaseStyle() LineStyle {
	return LineStyle{Class: "series-base", Color: "#9aa3b0", Text: soft, Width: 1.4}
}

// filled replaces what is left open in a style.
func (l LineStyle) filled() LineStyle {
	if l.Color == "" {
		l.Color = ink
	}
	if l.Text == "" {
		l.Text = l.Color
	}
	if l.Width <= 0 {
		l.Width = 2
	}
	return l
}

// classes joins a class of ours with the series' own.
func (l LineStyle) classes(base string) string {
	if l.Class == "" {
		return base
	}
	return base + " " + l.Class
}

// stroke is the style of the series' line.
func (l LineStyle) stroke() Style {
	l = l.filled()
	return Style{Class: l.classes("fig-line"), Stroke: l.Color, Width: l.Width, Dash: l.Dash}
}
