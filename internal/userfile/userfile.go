// Package userfile opens files that a user names, within bounds.
//
// What enters: a path and the most bytes that the kind of file may have. What
// leaves: its content, unpacked where the file is gzip and in UTF-8 where a byte
// order mark says that it is UTF-16, and the sha256 of its bytes as they are on the
// disk.
//
// Only regular files are read: a device or a pipe may wait, or go on, for ever.
// Reading ends with an error, never short, where the content exceeds the bound
// (packed or unpacked) and where the context ends.
package userfile

import (
	"bufio"
	"bytes"
	"cmp"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// Bounds in bytes; docs/data.md lists them.
const (
	MostStudy = 1 << 20 // a study file
	MostData  = 2 << 30 // a file of which the content is held in memory
	MostMap   = 4 << 30 // a GeoPackage, which is read through its database
	// MostStreamed is of sessions that are imported, which are not held in memory.
	MostStreamed = 32 << 30
)

// TooLargeError is a file beyond its bound.
type TooLargeError struct {
	Name     string
	Most     int64
	Unpacked bool // only its content is
}

func (e *TooLargeError) Error() string {
	what := "is larger than"
	if e.Unpacked {
		what = "unpacks to more than"
	}
	return fmt.Sprintf("%s %s %s, the most that is read of such a file: split it, or leave out what a study does not need", e.Name, what, size(e.Most))
}

func size(bytes int64) string {
	if bytes >= 1<<30 {
		return fmt.Sprintf("%d GB", bytes>>30)
	}
	return fmt.Sprintf("%d MB", bytes>>20)
}

// Check says why a file cannot be read: it is not there, no regular file, or too
// large.
func Check(path string, most int64) error {
	info, err := os.Stat(path)
	if p := new(fs.PathError); errors.As(err, &p) {
		p.Op = "open" // what the user wants to do
	}
	if err != nil {
		return err
	}
	what := ""
	switch mode := info.Mode(); {
	case mode.IsDir():
		what = "folder"
	case mode&fs.ModeNamedPipe != 0:
		what = "pipe"
	case mode&fs.ModeSocket != 0:
		what = "socket"
	case mode&fs.ModeDevice != 0:
		what = "device"
	case info.Size() > most:
		return &TooLargeError{Name: path, Most: most}
	case mode.IsRegular():
		return nil
	}
	return fmt.Errorf("%s is a %s: a file was expected", path, cmp.Or(what, "special file"))
}

// File is a file that is read once, from begin to end.
type File struct {
	Name     string // without its folder, for messages
	Unpacked bool   // it is gzip, and read unpacked

	packed  *bounded // as on the disk
	content io.Reader
	close   func() error
}

// Open opens a regular file of at most so many bytes. It must be closed.
func Open(ctx context.Context, path string, most int64) (*File, error) {
	// Before opening: to open a pipe is to wait for its writer.
	if err := Check(path, most); err != nil {
		return nil, err
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	u, err := New(ctx, filepath.Base(path), f, most)
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	u.close = f.Close
	return u, nil
}

// New reads from r instead of a file.
func New(ctx context.Context, name string, r io.Reader, most int64) (*File, error) {
	f := &File{Name: name, close: func() error { return nil }}
	f.packed = &bounded{ctx: ctx, r: r, sum: sha256.New(), err: &TooLargeError{Name: name, Most: most}}
	buf := bufio.NewReaderSize(f.packed, 64<<10)
	head, err := buf.Peek(2)
	if err != nil && err != io.EOF {
		return nil, err
	}
	if bytes.Equal(head, []byte{0x1f, 0x8b}) {
		z, err := gzip.NewReader(buf)
		if err != nil {
			return nil, f.broken(err)
		}
		f.Unpacked = true
		buf = bufio.NewReaderSize(&bounded{ctx: ctx, r: z, err: &TooLargeError{Name: name, Most: most, Unpacked: true}}, 64<<10)
	}
	if err := f.decode(buf); err != nil {
		return nil, err
	}
	return f, nil
}

// decode takes the byte order mark off, and makes UTF-8 of UTF-16.
func (f *File) decode(buf *bufio.Reader) error {
	f.content = buf
	head, err := buf.Peek(3)
	if err != nil && err != io.EOF {
		return f.broken(err)
	}
	switch {
	case bytes.HasPrefix(head, []byte("\xef\xbb\xbf")):
		_, err := buf.Discard(3)
		return err
	case bytes.HasPrefix(head, []byte("\xff\xfe")), bytes.HasPrefix(head, []byte("\xfe\xff")):
		f.content = transform.NewReader(buf, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder())
	}
	return nil
}

// broken puts an error of unpacking into words.
func (f *File) broken(err error) error {
	if errors.Is(err, gzip.ErrHeader) || errors.Is(err, gzip.ErrChecksum) || errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("%s is gzip that cannot be unpacked (%w): is it cut off? Download it again", f.Name, err)
	}
	return err
}

// Read reads content.
func (f *File) Read(b []byte) (int, error) {
	n, err := f.content.Read(b)
	if f.Unpacked && err != nil && err != io.EOF {
		err = f.broken(err)
	}
	return n, err
}

// Close closes what Open opened.
func (f *File) Close() error { return f.close() }

// BytesRead counts bytes on the disk, up to a buffer ahead.
func (f *File) BytesRead() int64 { return f.packed.n }

// SHA256 reads what is left and is the hash of the bytes on the disk.
func (f *File) SHA256() (string, error) {
	if _, err := io.Copy(io.Discard, f); err != nil {
		return "", err
	}
	// After a gzip stream nothing is left that could be read, or Read had failed.
	return hex.EncodeToString(f.packed.sum.Sum(nil)), nil
}

// Most is r with a bound of its own, for a format that takes more memory.
func Most(r io.Reader, name string, most int64) io.Reader {
	return &bounded{ctx: context.Background(), r: r, err: &TooLargeError{Name: name, Most: most}}
}

// bounded ends with err after so many bytes, and with the context.
type bounded struct {
	ctx context.Context
	r   io.Reader
	n   int64
	sum hash.Hash // or nil
	err *TooLargeError
}

func (b *bounded) Read(p []byte) (int, error) {
	if err := b.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := b.r.Read(p)
	b.n += int64(n)
	if b.n > b.err.Most {
		return 0, b.err
	}
	if b.sum != nil {
		b.sum.Write(p[:n])
	}
	return n, err
}
