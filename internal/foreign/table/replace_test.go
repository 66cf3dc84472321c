package table_test

import (
	"io"
	"testing"
)

func TestRowsInPlaceOfAFileKeepTheirPlaces(t *testing.T) {
	s, err := open(t, "x;y\n")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Replace([][]string{{"time", "price"}, {"a", "two\nlines"}, {"b", "4"}}, []int{1, 7, 9}); err != nil {
		t.Fatal(err)
	}
	r := s.Table()
	if err := r.SkipHeader(); err != nil {
		t.Fatal(err)
	}
	for _, want := range []struct {
		line int
		cell string
	}{{7, "two lines"}, {9, "4"}} {
		row, err := r.Next()
		if err != nil || r.Line != want.line || row[1] != want.cell {
			t.Errorf("row %d %q, %v; want %+v", r.Line, row, err, want)
		}
	}
}

func TestRowsThatBecomeSeveralKeepTheirPlaces(t *testing.T) {
	s, err := open(t, "day;1;2\na;10;20\n\nb;30;40\n")
	if err != nil {
		t.Fatal(err)
	}
	source := s.Table()
	if err := source.SkipHeader(); err != nil {
		t.Fatal(err)
	}
	if err := s.Expand([]string{"day", "value"}, 1, func() ([][]string, int, error) {
		row, err := source.Next()
		if err != nil {
			return nil, 0, err
		}
		return [][]string{{row[0], row[1]}, {row[0], row[2]}}, source.Line, nil
	}); err != nil {
		t.Fatal(err)
	}
	r := s.Table()
	if err := r.SkipHeader(); err != nil {
		t.Fatal(err)
	}
	for _, want := range []struct {
		line int
		cell string
	}{{2, "10"}, {2, "20"}, {4, "30"}, {4, "40"}} {
		row, err := r.Next()
		if err != nil || r.Line != want.line || row[1] != want.cell {
			t.Errorf("row %d %q, %v; want %+v", r.Line, row, err, want)
		}
	}
	if _, err := r.Next(); err != io.EOF {
		t.Errorf("%v after the last row", err)
	}
}
