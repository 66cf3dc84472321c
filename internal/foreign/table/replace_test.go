package table_test

import "testing"

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
