package figure

import (
	"bytes"
	"encoding/xml"
	"errors"
	"image/png"
	"io"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

func svg(t *testing.T, s *Scene) string {
	t.Helper()
	var b strings.Builder
	if err := s.SVG(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestEverySVGIsValidAndSaysWhatItShows(t *testing.T) {
	eachSample(t, func(t *testing.T, s *Scene) {
		text := svg(t, s)
		d := xml.NewDecoder(strings.NewReader(text))
		ids := map[string]bool{}
		labelled, hidden := "", false
		for {
			token, err := d.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			start, ok := token.(xml.StartElement)
			if !ok {
				continue
			}
			for _, a := range start.Attr {
				switch a.Name.Local {
				case "id":
					if ids[a.Value] {
						t.Errorf("id %q stands twice", a.Value)
					}
					ids[a.Value] = true
				case "aria-hidden":
					hidden = true
				case "aria-labelledby":
					labelled = a.Value
				case "href", "style", "onload":
					t.Errorf("attribute %s", a.Name.Local)
				}
			}
			if start.Name.Local == "script" || start.Name.Local == "style" {
				t.Errorf("element %s", start.Name.Local)
			}
		}
		parts := strings.Fields(labelled)
		if s.Bare {
			if !hidden || len(ids) > 0 || strings.Contains(text, "<title") {
				t.Error("part of a page has words of its own")
			}
		} else if len(parts) != 2 || !ids[parts[0]] || !ids[parts[1]] {
			t.Errorf("aria-labelledby %q does not name the ids %v", labelled, ids)
		}
		if s.Desc == "" {
			t.Error("no alternative text")
		}
		if strings.Contains(text, "NaN") || strings.Contains(text, "Inf") {
			t.Error("a missing value reached the file")
		}
		if long := regexp.MustCompile(`[0-9]\.[0-9]{3}`).FindString(text); long != "" && s.W > 0 {
			// Texts in Dutch group thousands with a point; lengths never do.
			if !regexp.MustCompile(`>[^<]*` + regexp.QuoteMeta(long)).MatchString(text) {
				t.Errorf("a number with more than two decimals: %s", long)
			}
		}
	})
}

func TestIdsDifferBetweenFiguresAndStayWithOne(t *testing.T) {
	stems := map[string]string{}
	for name, c := range samples(Frame{Title: "a"}) {
		s, err := c.Scene()
		if err != nil {
			t.Fatal(err)
		}
		if other := stems[s.stem()]; other != "" {
			t.Errorf("%s and %s share the id %s", name, other, s.stem())
		}
		stems[s.stem()] = name
	}
	s, err := samples(Frame{ID: "mine"})["week"].Scene()
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(svg(t, s), `id="mine-title"`) {
		t.Error("the caller's ID is not used")
	}
}

func TestEveryItemIsOnTheSheet(t *testing.T) {
	eachSample(t, func(t *testing.T, s *Scene) {
		for _, it := range s.Items {
			x0, y0, x1, y1 := it.extent()
			if x0 < -0.01 || y0 < -0.01 || x1 > s.W+0.01 || y1 > s.H+0.01 {
				t.Errorf("%+v reaches %.1f,%.1f to %.1f,%.1f on a sheet of %g x %g", it, x0, y0, x1, y1, s.W, s.H)
			}
		}
	})
}

func TestNoTwoTextsOverlap(t *testing.T) {
	eachSample(t, func(t *testing.T, s *Scene) {
		var texts []Text
		for _, it := range s.Items {
			if text, ok := it.(Text); ok {
				texts = append(texts, text)
			}
		}
		for i, a := range texts {
			ax0, ay0, ax1, ay1 := a.extent()
			for _, b := range texts[:i] {
				bx0, by0, bx1, by1 := b.extent()
				// Descenders may reach between the ascenders below them.
				if min(ax1, bx1)-max(ax0, bx0) > 0.5 && min(ay1, by1)-max(ay0, by0) > 2.5 {
					t.Errorf("%q (%s) and %q (%s) overlap", a.S, a.Class, b.S, b.Class)
				}
			}
		}
	})
}

func TestBytesAreTheSameEveryTime(t *testing.T) {
	for name := range samples(Frame{}) {
		var svgs, pngs [2]bytes.Buffer
		for i := range 2 {
			s, err := samples(Frame{Title: "t"})[name].Scene()
			if err != nil {
				t.Fatal(err)
			}
			if err := errors.Join(s.SVG(&svgs[i]), s.PNG(&pngs[i], 0.5)); err != nil {
				t.Fatal(err)
			}
		}
		if !bytes.Equal(svgs[0].Bytes(), svgs[1].Bytes()) || !bytes.Equal(pngs[0].Bytes(), pngs[1].Bytes()) {
			t.Errorf("%s differs between runs", name)
		}
	}
}

func TestPNGHasTheShapeOfTheSceneAndIsNotBlank(t *testing.T) {
	for name, c := range samples(Frame{Title: "t", Width: NarrowWidth}) {
		s, err := c.Scene()
		if err != nil {
			t.Fatal(err)
		}
		for _, scale := range []float64{1, 1.37} {
			var b bytes.Buffer
			if err := s.PNG(&b, scale); err != nil {
				t.Fatal(err)
			}
			img, err := png.Decode(&b)
			if err != nil {
				t.Fatal(err)
			}
			size := img.Bounds().Size()
			if math.Abs(float64(size.X)-s.W*scale) > 1 || math.Abs(float64(size.Y)-s.H*scale) > 1 {
				t.Errorf("%s at scale %g: %v for a sheet of %g x %g", name, scale, size, s.W, s.H)
			}
			colours := map[[3]uint32]int{}
			for y := range size.Y {
				for x := range size.X {
					r, g, b, _ := img.At(x, y).RGBA()
					colours[[3]uint32{r, g, b}]++
				}
			}
			if len(colours) < 20 || colours[[3]uint32{0xffff, 0xffff, 0xffff}] == 0 {
				t.Errorf("%s: %d colours", name, len(colours))
			}
		}
	}
}

func TestAPixelOfThePNGHasTheColourOfTheScene(t *testing.T) {
	s := &Scene{W: 20, H: 10}
	s.Add(Rect{0, 0, 20, 10, Style{Fill: ground}}, Rect{12, 2, 4, 4, Style{Fill: "#d97706"}})
	var b bytes.Buffer
	if err := s.PNG(&b, 2); err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(&b)
	if err != nil {
		t.Fatal(err)
	}
	r, g, bl, _ := img.At(28, 8).RGBA()
	if [3]uint32{r >> 8, g >> 8, bl >> 8} != [3]uint32{0xd9, 0x77, 0x06} {
		t.Errorf("pixel is %x %x %x", r>>8, g>>8, bl>>8)
	}
}

func TestASceneWithoutAPlaceIsAnError(t *testing.T) {
	for want, s := range map[string]*Scene{
		"sheet":   {W: 10},
		"place":   {W: 10, H: 10, Items: []Item{Line{X1: nan}}},
		"colour":  {W: 10, H: 10, Items: []Item{Rect{Style: Style{Fill: "red"}}}},
		"Path":    {W: 10, H: 10, Items: []Item{Path{Subs: [][]Point{{{0, 0}, {1, math.Inf(1)}}}}}},
		"#rrggbb": {W: 10, H: 10, Items: []Item{Text{S: "a", Size: 9, Halo: `"/><script>`}}},
	} {
		for _, err := range []error{s.SVG(io.Discard), s.PNG(io.Discard, 1)} {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("want an error about %s, got %v", want, err)
			}
		}
	}
}

func TestPathsAreRelativeAndShort(t *testing.T) {
	got := pathData(Path{Closed: true, Subs: [][]Point{{{10, 20}, {18, 20}, {18, 46.004}, {9.5, 20.25}, {9.25, 20.5}, {9.25, 20.5}}}})
	if want := "M10 20h8v26l-8.5-25.75-.25 .25z"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// TestGolden holds one small figure to the letter. UPDATE_GOLDEN=1 rewrites it.
func TestGolden(t *testing.T) {
	s, err := Contracts{
		Frame:     Frame{ID: "golden", Title: "Two ways to charge", Subtitle: "Dynamic contract", Note: "Made-up numbers.", Width: 640},
		Contracts: []Contract{{"Dynamic", []ContractMode{{"regular", ModeStyle(Regular), 1090, 0.77}, {"V2G", ModeStyle(V2G), 611, -0.96}}}},
	}.Scene()
	if err != nil {
		t.Fatal(err)
	}
	got, path := svg(t, s), filepath.Join("testdata", "contracts.svg")
	if os.Getenv("UPDATE_GOLDEN") != "" {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("differs from %s; got:\n%s", path, got)
	}
}
