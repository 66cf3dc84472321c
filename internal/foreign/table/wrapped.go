package table

import (
	"bufio"
	"bytes"
	"io"
	"strings"
)

// wrapped tells a table whose rows stand in quotes as a whole, as of a program that took
// it for one of a single column.
func (s *File) wrapped() bool {
	if s.Comma == 0 || len(s.Records) < 2 || !bytes.HasPrefix(s.Head, []byte{'"'}) {
		return false
	}
	for _, rec := range s.Records {
		if len(rec) != 1 || rec[0] != "" && !strings.ContainsRune(rec[0], s.Comma) {
			return false
		}
	}
	return true
}

// unwrapped takes the quotes off rows that stand in them as a whole.
type unwrapped struct {
	r    *bufio.Reader
	text []byte // of a row, not read yet
}

func (u *unwrapped) Read(p []byte) (int, error) {
	for len(u.text) == 0 {
		line, err := u.r.ReadSlice('\n')
		if len(line) == 0 {
			return 0, err
		}
		if err != nil && err != io.EOF && err != bufio.ErrBufferFull {
			return 0, err
		}
		row := bytes.TrimRight(line, "\r\n")
		end := line[len(row):]
		if len(row) > 1 && row[0] == '"' && row[len(row)-1] == '"' {
			row = bytes.ReplaceAll(row[1:len(row)-1], []byte(`""`), []byte{'"'})
		}
		u.text = append(append(u.text, row...), end...)
	}
	n := copy(p, u.text)
	u.text = u.text[n:]
	return n, nil
}
