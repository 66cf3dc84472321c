package figure

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"math/rand/v2"
	"testing"
)

// Rows like the one above, flat ones and ones of noise all come back as they were.
func TestAPNGDecodesToThePictureThatWasEncoded(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	for _, size := range []image.Point{{1, 1}, {3, 40}, {701, 90}} {
		m := image.NewRGBA(image.Rectangle{Max: size})
		for y := range size.Y {
			row := m.Pix[y*m.Stride : (y+1)*m.Stride]
			for x := 0; x < len(row); x += 4 {
				switch {
				case y%3 == 1:
					copy(row[x:], m.Pix[(y-1)*m.Stride+x:][:4])
				case y%3 == 2:
					copy(row[x:], []byte{200, 10, byte(y), 255})
				default:
					copy(row[x:], []byte{byte(rng.Int()), byte(rng.Int()), byte(rng.Int()), 255})
				}
			}
		}
		var b bytes.Buffer
		if err := encodePNG(&b, m); err != nil {
			t.Fatal(err)
		}
		got, err := png.Decode(&b)
		if err != nil {
			t.Fatal(err)
		}
		if got.Bounds() != m.Bounds() {
			t.Fatalf("%v became %v", m.Bounds(), got.Bounds())
		}
		for y := range size.Y {
			for x := range size.X {
				if r, g, b, a := got.At(x, y).RGBA(); m.RGBAAt(x, y) != (color.RGBA{uint8(r >> 8), uint8(g >> 8), uint8(b >> 8), uint8(a >> 8)}) {
					t.Fatalf("the pixel at %d, %d of %v is another", x, y, size)
				}
			}
		}
	}
}
