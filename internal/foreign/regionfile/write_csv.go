package regionfile

import (
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strconv"

	"github.com/getij/getij/internal/table"
)

// WriteCSV writes tables without their borders, one below the other: code, name,
// level, parent, vintage and every attribute that occurs, empty where missing.
func WriteCSV(w io.Writer, tables []Table) error {
	var header []string
	for _, t := range tables {
		for _, c := range t.Columns {
			if !slices.Contains(header, c.Name) {
				header = append(header, c.Name)
			}
		}
	}
	out := csv.NewWriter(w)
	if err := out.Write(header); err != nil {
		return err
	}
	record := make([]string, len(header))
	for i := range tables {
		t := &tables[i]
		if err := t.check(); err != nil {
			return err
		}
		at := make([]int, len(t.Columns))
		for k, c := range t.Columns {
			at[k] = slices.Index(header, c.Name)
		}
		err := t.rows(func(_ int, r Row) error {
			clear(record)
			for k, c := range t.Columns {
				v, err := c.cell(r.Values[k])
				if err != nil {
					return err
				}
				record[at[k]] = cellText(v)
			}
			return out.Write(record)
		})
		if err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

func cellText(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case string:
		return table.Guard(v)
	default:
		return fmt.Sprint(v)
	}
}
