package table

import (
	"bytes"
	"encoding/csv"
	"fmt"
)

// Replace makes a table of a file whose rows were read and put into others, the
// header first. places are where these stand in the file, for messages.
func (s *File) Replace(rows [][]string, places []int) error {
	for _, row := range rows {
		for i, cell := range row {
			row[i] = lineEnds.Replace(cell)
		}
	}
	var text bytes.Buffer
	w := csv.NewWriter(&text)
	w.Comma = '\t'
	if err := w.WriteAll(rows); err != nil {
		return fmt.Errorf("%s: %w", s.Name, err)
	}
	s.last.r = &text
	s.R.Reset(&s.last)
	s.replaced, s.places = true, places
	return s.look()
}
