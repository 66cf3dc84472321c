//go:build !js

package figure

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"io"

	"github.com/klauspost/compress/zlib"
)

// Of a row of a PNG, what its bytes are the difference to.
const (
	asItIs   = 0
	toAbove  = 2
	channels = 3 // red, green, blue
)

// encodePNG writes an opaque picture as a PNG of 8 bits a channel. The general encoder
// tries five filters on every row; in a drawing most rows are the row above again, and the
// rest is flat colour, which packs best as it is. That is five times as fast, and about as
// small.
func encodePNG(w io.Writer, m *image.RGBA) error {
	width, height := m.Rect.Dx(), m.Rect.Dy()
	head := binary.BigEndian.AppendUint32(nil, uint32(width))
	head = binary.BigEndian.AppendUint32(head, uint32(height))
	head = append(head, 8, 2, 0, 0, 0) // bits, true colour, and the only ways to pack, filter and not interlace
	var packed bytes.Buffer
	z, err := zlib.NewWriterLevel(&packed, 1)
	if err != nil {
		return err
	}
	same := make([]byte, 1+channels*width)
	same[0] = toAbove
	row := make([]byte, 1+channels*width)
	row[0] = asItIs
	var above []byte
	for y := range height {
		pixels := m.Pix[y*m.Stride : y*m.Stride+4*width]
		write := same
		if !bytes.Equal(pixels, above) {
			for x, i := 0, 1; x < len(pixels); x, i = x+4, i+channels {
				row[i], row[i+1], row[i+2] = pixels[x], pixels[x+1], pixels[x+2]
			}
			write = row
		}
		if _, err := z.Write(write); err != nil {
			return err
		}
		above = pixels
	}
	if err := z.Close(); err != nil {
		return err
	}
	out := append([]byte(nil), "\x89PNG\r\n\x1a\n"...)
	for _, c := range []struct {
		name string
		body []byte
	}{{"IHDR", head}, {"IDAT", packed.Bytes()}, {"IEND", nil}} {
		out = binary.BigEndian.AppendUint32(out, uint32(len(c.body)))
		from := len(out)
		out = append(append(out, c.name...), c.body...)
		out = binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(out[from:]))
	}
	_, err = w.Write(out)
	return err
}
