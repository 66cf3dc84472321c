package seriesfile

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"time"
)

// WriteCSV writes the plain file that a study reads: utc_start and the value's
// column, or one per home, named home_1, home_2 and so on. The file appears whole
// or not at all. It keeps what stood there when it fails.
func WriteCSV(path string, imp *Import) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*.tmp")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()
	if err := errors.Join(write(f, imp), f.Chmod(0o644), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

func write(out io.Writer, imp *Import) error {
	if len(imp.Series) == 0 {
		return errors.New("no series to write")
	}
	first := imp.Series[0].Series
	w := bufio.NewWriter(out)
	w.WriteString("utc_start")
	for _, n := range imp.Series {
		s := n.Series
		if !s.Start.Equal(first.Start) || s.Every != first.Every || len(s.Values) != len(first.Values) {
			return fmt.Errorf("%s and %s differ in start, spacing or length: series of the same times were expected", imp.Series[0].Name, n.Name)
		}
		w.WriteByte(',')
		w.WriteString(n.Name)
	}
	w.WriteByte('\n')
	var buf []byte
	for i := range first.Values {
		buf = first.Start.Add(time.Duration(i)*first.Every).UTC().AppendFormat(buf[:0], "2006-01-02T15:04:05Z")
		for _, n := range imp.Series {
			buf = strconv.AppendFloat(append(buf, ','), n.Series.Values[i], 'f', -1, 64)
		}
		w.Write(append(buf, '\n'))
	}
	return w.Flush() // and any error of the writes before
}
