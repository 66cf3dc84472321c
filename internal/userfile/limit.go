package userfile

import (
	"encoding/json"
	"fmt"
	"io"
)

// PartError is a part of a file that is too large to be held: a row, a JSON value.
type PartError struct {
	What string
	Most int64
}

func (e *PartError) Error() string { return fmt.Sprintf("a %s of over %s", e.What, size(e.Most)) }

// RowReader ends with a [PartError] where one row of a table is longer than 1 MB: a
// file without line ends, or with a quote that is never closed, would fill memory.
type RowReader struct {
	r io.Reader
	n int64 // bytes since the row before
}

const mostRow = 1 << 20

// NewRowReader returns a RowReader of r.
func NewRowReader(r io.Reader) *RowReader { return &RowReader{r: r} }

// Next says that another row begins.
func (l *RowReader) Next() { l.n = 0 }

func (l *RowReader) Read(p []byte) (int, error) {
	n, err := l.r.Read(p)
	if l.n += int64(n); l.n > mostRow {
		return 0, &PartError{"row", mostRow}
	}
	return n, err
}

// JSON returns a decoder that ends with a [PartError] where one value has more bytes
// than most; what is the value's name in the error.
func JSON(r io.Reader, what string, most int64) *json.Decoder {
	v := &valueReader{r: r, err: &PartError{what, most}}
	v.dec = json.NewDecoder(v)
	return v.dec
}

type valueReader struct {
	r    io.Reader
	dec  *json.Decoder
	read int64
	err  *PartError
}

func (v *valueReader) Read(p []byte) (int, error) {
	n, err := v.r.Read(p)
	v.read += int64(n)
	if v.read-v.dec.InputOffset() > v.err.Most {
		return 0, v.err
	}
	return n, err
}
