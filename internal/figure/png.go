//go:build !js

package figure

import (
	"fmt"
	"image"
	"image/draw"
	"io"
	"math"

	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"gonum.org/v1/plot/font/liberation"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/vgimg"
)

// maxPixels bounds the memory of a PNG.
const maxPixels = 200e6

// PNG writes the scene as a PNG of scale device pixels per px (2 for print and
// sharp screens). Texts are set in Liberation Sans.
func (s *Scene) PNG(w io.Writer, scale float64) error {
	if err := s.check(); err != nil {
		return err
	}
	if !finite(scale) || scale <= 0 || s.W*s.H*scale*scale > maxPixels {
		return fmt.Errorf("figure: Scene.PNG: scale %g for a sheet of %g x %g px", scale, s.W, s.H)
	}
	// The canvas counts in points of 1/72 inch: at 72*scale dots per inch a
	// point is a px. It takes whole dots per inch only, so the rest of a
	// broken scale goes into the size.
	dpi := max(1, int(math.Round(72*scale)))
	p := painter{unit: 72 * scale / float64(dpi), h: s.H}
	p.Canvas = vgimg.NewWith(vgimg.UseWH(p.len(s.W), p.len(s.H)), vgimg.UseDPI(dpi))
	for _, it := range s.Items {
		if err := p.item(it); err != nil {
			return err
		}
	}
	return encodePNG(w, p.image())
}

// A painter puts items on a canvas whose y runs up.
type painter struct {
	*vgimg.Canvas
	unit float64 // points per px
	h    float64 // height of the sheet in px
}

func (p painter) len(v float64) vg.Length { return vg.Length(v * p.unit) }

func (p painter) at(x, y float64) vg.Point { return vg.Point{X: p.len(x), Y: p.len(p.h - y)} }

func (p painter) item(it Item) error {
	var path vg.Path
	switch it := it.(type) {
	case Rect:
		if done, err := p.plain(it); done || err != nil {
			return err
		}
		path = p.polygon(true, Point{it.X, it.Y}, Point{it.X + it.W, it.Y},
			Point{it.X + it.W, it.Y + it.H}, Point{it.X, it.Y + it.H})
	case Line:
		path = p.polygon(false, Point{it.X1, it.Y1}, Point{it.X2, it.Y2})
	case Circle:
		path.Move(p.at(it.X+it.R, it.Y))
		path.Arc(p.at(it.X, it.Y), p.len(it.R), 0, 2*math.Pi)
		path.Close()
	case Path:
		for _, sub := range it.Subs {
			path = append(path, p.polygon(it.Closed, sub...)...)
		}
	case Text:
		var err error
		if path, err = p.glyphs(it); err != nil {
			return err
		}
		if it.Halo != "" {
			if err := p.paint(path, Style{Stroke: it.Halo, Width: haloWidth}); err != nil {
				return err
			}
		}
	}
	return p.paint(path, it.look())
}

// plain fills a rectangle that covers whole pixels, such as the sheet's ground, pixel by
// pixel; any other needs its edges blended.
func (p painter) plain(r Rect) (done bool, err error) {
	if r.Fill == "" || r.Stroke != "" && r.Width > 0 {
		return false, nil
	}
	c, err := r.Fill.nrgba(r.Opacity)
	if err != nil || c.A != 255 {
		return false, err
	}
	var at [4]int
	for i, v := range []float64{r.X, r.Y, r.X + r.W, r.Y + r.H} {
		dots := p.len(v).Dots(p.DPI())
		at[i] = int(math.Round(dots))
		if math.Abs(dots-math.Round(dots)) > 1e-6 {
			return false, nil
		}
	}
	draw.Draw(p.image(), image.Rect(at[0], at[1], at[2], at[3]), image.NewUniform(c), image.Point{}, draw.Src)
	return true, nil
}

func (p painter) image() *image.RGBA { return p.Image().(*image.RGBA) }

func (p painter) polygon(closed bool, points ...Point) vg.Path {
	var path vg.Path
	for i, q := range points {
		if i == 0 {
			path.Move(p.at(q.X, q.Y))
			continue
		}
		path.Line(p.at(q.X, q.Y))
	}
	if closed {
		path.Close()
	}
	return path
}

// paint fills and strokes a path.
func (p painter) paint(path vg.Path, st Style) error {
	if st.Fill != "" {
		c, err := st.Fill.nrgba(st.Opacity)
		if err != nil {
			return err
		}
		p.SetColor(c)
		p.Fill(path)
	}
	if st.Stroke != "" && st.Width > 0 {
		c, err := st.Stroke.nrgba(st.Opacity)
		if err != nil {
			return err
		}
		dash := make([]vg.Length, len(st.Dash))
		for i, d := range st.Dash {
			dash[i] = p.len(d)
		}
		p.SetColor(c)
		p.SetLineWidth(p.len(st.Width))
		p.SetLineDash(dash, 0)
		p.Stroke(path)
	}
	return nil
}

// glyphs is the outline of a text. Outlines rather than the canvas's own
// strings: they stay sharp when turned and can carry a halo.
func (p painter) glyphs(t Text) (vg.Path, error) {
	var (
		path vg.Path
		buf  sfnt.Buffer
	)
	f := sans(t.Bold)
	em := fixed.Int26_6(f.UnitsPerEm()) << 6
	size := t.Size / float64(f.UnitsPerEm()) / 64
	sin, cos := math.Sincos(t.Rotate * math.Pi / 180)
	pen := -textWidth(t.S, t.Size, t.Bold) * float64(t.Anchor) / 2
	place := func(q fixed.Point26_6) vg.Point {
		x, y := pen+float64(q.X)*size, float64(q.Y)*size
		return p.at(t.X+x*cos-y*sin, t.Y+x*sin+y*cos)
	}
	for _, r := range t.S {
		g, err := f.GlyphIndex(&buf, r)
		if err != nil {
			return nil, fmt.Errorf("figure: text %q: %w", t.S, err)
		}
		segments, err := f.LoadGlyph(&buf, g, em, nil)
		if err != nil {
			return nil, fmt.Errorf("figure: text %q: %w", t.S, err)
		}
		open := false
		for _, seg := range segments {
			switch seg.Op {
			case sfnt.SegmentOpMoveTo:
				if open {
					path.Close()
				}
				open = true
				path.Move(place(seg.Args[0]))
			case sfnt.SegmentOpLineTo:
				path.Line(place(seg.Args[0]))
			case sfnt.SegmentOpQuadTo:
				path.QuadTo(place(seg.Args[0]), place(seg.Args[1]))
			case sfnt.SegmentOpCubeTo:
				path.CubeTo(place(seg.Args[0]), place(seg.Args[1]), place(seg.Args[2]))
			}
		}
		if open {
			path.Close()
		}
		pen += textWidth(string(r), t.Size, t.Bold)
	}
	return path, nil
}

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
