package regionfile

import (
	"errors"
	"fmt"
	"os"

	"github.com/getij/getij/internal/region"
	"github.com/paulmach/orb"
)

// borders keeps what is large of regions in a temporary file, where they are only read
// and written again.
type borders struct {
	file *os.File
	size int64
	blob []byte
}

// span is the place of a border in the file; of no bytes, none.
type span struct {
	at    int64
	bytes int32
}

func newBorders(dir string) (*borders, error) {
	f, err := os.CreateTemp(dir, ".getij-borders-*.tmp")
	if err != nil {
		return nil, err
	}
	return &borders{file: f}, nil
}

func (s *borders) close() error {
	return errors.Join(s.file.Close(), os.Remove(s.file.Name()))
}

func (s *borders) put(mp orb.MultiPolygon) (span, error) {
	s.blob = appendGeometry(s.blob[:0], mp, 0)
	at := span{s.size, int32(len(s.blob))}
	if _, err := s.file.WriteAt(s.blob, s.size); err != nil {
		return at, fmt.Errorf("keeping borders for the while: %w", err)
	}
	s.size += int64(len(s.blob))
	return at, nil
}

func (s *borders) get(at span) (orb.MultiPolygon, error) {
	if cap(s.blob) < int(at.bytes) {
		s.blob = make([]byte, at.bytes)
	}
	blob := s.blob[:at.bytes]
	if _, err := s.file.ReadAt(blob, at.at); err != nil {
		return nil, fmt.Errorf("borders that were kept for the while: %w", err)
	}
	mp, _, err := parseGeometry(blob)
	return mp, err
}

// border is that of a region of the layer, in RD New.
func (l *Layer) border(i int) (mp orb.MultiPolygon, err error) {
	if mp = l.Regions[i].Geometry; l.kept != nil && l.spans[i].bytes > 0 {
		if mp, err = l.kept.get(l.spans[i]); err != nil {
			return nil, err
		}
	}
	if l.CRS == region.WGS84 && mp != nil {
		mp = region.ToRD(mp)
	}
	return mp, nil
}

// Close removes the borders that Options.KeepIn put into a file.
func (d *Data) Close() error {
	if d.kept == nil {
		return nil
	}
	return d.kept.close()
}
