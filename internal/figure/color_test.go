package figure

import (
	"math"
	"testing"
)

// luminance is the relative luminance of WCAG 2.
func luminance(t *testing.T, c Color) float64 {
	t.Helper()
	r, g, b, err := c.rgb()
	if err != nil {
		t.Fatal(err)
	}
	linear := func(v float64) float64 {
		if v /= 255; v <= 0.04045 {
			return v / 12.92
		}
		return math.Pow((v+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(r) + 0.7152*linear(g) + 0.0722*linear(b)
}

func contrast(t *testing.T, a, b Color) float64 {
	t.Helper()
	la, lb := luminance(t, a), luminance(t, b)
	return (max(la, lb) + 0.05) / (min(la, lb) + 0.05)
}

func TestZeroIsNeutralAndTheSidesAreSymmetric(t *testing.T) {
	if got := Diverging(0); got != "#f7f7f7" {
		t.Errorf("0 is %s", got)
	}
	if charging, feedingIn := Diverging(1), Diverging(-1); charging != "#67001f" || feedingIn != "#053061" {
		t.Errorf("the ends are %s and %s", charging, feedingIn)
	}
	if Diverging(7) != Diverging(1) || Diverging(-7) != Diverging(-1) {
		t.Error("beyond the ends the colour changes")
	}
	for share := 0.01; share <= 1; share += 0.01 {
		red, blue := Diverging(share), Diverging(-share)
		rr, _, rb, _ := red.rgb()
		br, _, bb, _ := blue.rgb()
		if rr <= rb || br >= bb {
			t.Errorf("at %.2f charging is %s and feeding in %s", share, red, blue)
		}
		// CIE lightness, 0 to 100.
		lightness := func(c Color) float64 { return 116*math.Cbrt(max(luminance(t, c), 0.0089)) - 16 }
		if d := lightness(red) - lightness(blue); math.Abs(d) > 9 {
			t.Errorf("at %.2f %s and %s differ by %.1f in lightness", share, red, blue, d)
		}
		if luminance(t, red) >= luminance(t, Diverging(share-0.01)) {
			t.Errorf("charging does not get darker at %.2f", share)
		}
	}
}

func TestMoreIsDarkerOnAMap(t *testing.T) {
	for share := 0.01; share <= 1; share += 0.01 {
		if luminance(t, Sequential(share)) >= luminance(t, Sequential(share-0.01)) {
			t.Errorf("not darker at %.2f", share)
		}
	}
}

// seen is a colour as someone without green cones sees it (Viénot, Brettel and
// Mollon 1999), on values not linearised: enough to tell apart from alike.
func seen(c Color) (r, g, b float64) {
	r, g, b, _ = c.rgb()
	return 0.29*r + 0.71*g, 0.29*r + 0.71*g, -0.02*r + 0.02*g + b
}

func TestWaysToChargeStandApart(t *testing.T) {
	names := []string{Regular, Smart, V2H, V2G}
	for i, name := range names {
		a := ModeStyle(name).filled()
		if k := contrast(t, a.Color, ground); k < 3 {
			t.Errorf("line of %s: contrast %.2f", name, k)
		}
		if k := contrast(t, a.Text, ground); k < 4.5 {
			t.Errorf("label of %s: contrast %.2f", name, k)
		}
		for _, other := range names[:i] {
			b := ModeStyle(other).filled()
			r, g, bl := seen(a.Color)
			r2, g2, bl2 := seen(b.Color)
			if d := math.Sqrt((r-r2)*(r-r2) + (g-g2)*(g-g2) + (bl-bl2)*(bl-bl2)); d < 60 {
				t.Errorf("%s and %s are %.0f apart without green cones", name, other, d)
			}
			if len(a.Dash) == len(b.Dash) && (len(a.Dash) == 0 || a.Dash[0] == b.Dash[0]) {
				t.Errorf("%s and %s have the same dashes", name, other)
			}
		}
	}
	if contrast(t, ChargingColor, ground) < 4.5 || contrast(t, FeedingInColor, ground) < 4.5 {
		t.Error("the words charging and feeding in are too pale")
	}
	if ModeStyle("other").filled().Color != ink {
		t.Error("an unknown mode is not dark")
	}
}
