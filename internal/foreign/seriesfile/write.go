package seriesfile

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/getij/getij/internal/durable"
)

// WriteCSV writes the plain file that a study reads: utc_start and the value's
// column, or one per home, named home_1, home_2 and so on. The file appears whole
// or not at all.
func WriteCSV(path string, imp *Import) error {
	return durable.WriteFile(path, func(w io.Writer) error { return write(w, imp) })
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
