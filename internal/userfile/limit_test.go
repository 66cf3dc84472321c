package userfile_test

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/getij/getij/internal/userfile"
)

func TestARowWithoutEndIsAnError(t *testing.T) {
	for name, text := range map[string]string{"no line end": "a,b\n" + strings.Repeat("1,2,", 1<<19), "open quote": "a,b\n\"1,2\n" + strings.Repeat("3,4\n", 1<<19)} {
		rows := userfile.NewRowReader(strings.NewReader(text))
		c := csv.NewReader(rows)
		var err error
		for err == nil {
			rows.Next()
			_, err = c.Read()
		}
		if err == io.EOF || err.Error() != "a row of over 1 MB" {
			t.Errorf("%s: %v", name, err)
		}
	}
	// Of many short rows there may be any number.
	rows := userfile.NewRowReader(strings.NewReader(strings.Repeat("1,2\n", 1<<20)))
	c := csv.NewReader(rows)
	n := 0
	for ; ; n++ {
		rows.Next()
		if _, err := c.Read(); err != nil {
			break
		}
	}
	if n != 1<<20 {
		t.Errorf("%d rows, want %d", n, 1<<20)
	}
}

func TestAJSONValueHasABound(t *testing.T) {
	const most = 1 << 20
	for text, fails := range map[string]bool{
		`[` + strings.Repeat(`"`+strings.Repeat("x", 1000)+`",`, 3000) + `1]`: false, // 3 MB in all
		`["` + strings.Repeat("x", 4*most) + `"]`:                             true,
	} {
		dec := userfile.JSON(strings.NewReader(text), "feature", most)
		var err error
		for err == nil {
			_, err = dec.Token()
		}
		if large := new(userfile.PartError); errors.As(err, &large) != fails {
			t.Errorf("%.20s...: %v", text, err)
		}
	}
	var v json.RawMessage
	if err := userfile.JSON(strings.NewReader(`{"a":"`+strings.Repeat("x", 4*most)), "feature", most).Decode(&v); err == nil || err.Error() != "a feature of over 1 MB" {
		t.Errorf("one value: %v", err)
	}
}
