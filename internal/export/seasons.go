package export

import (
	"fmt"
	"io"
	"path/filepath"

	"github.com/getij/getij/internal/assume"
	"github.com/getij/getij/internal/durable"
	"github.com/getij/getij/internal/result"
	"github.com/getij/getij/internal/table"
)

// sheetRows is how many rows of figures an Excel sheet takes, its title and heads aside.
const sheetRows = 1_048_576 - 10

// writeSeasons writes potential_seasons of a year and scenario: down to gemeenten, or the
// level that is asked for.
func writeSeasons(r *result.Result, y *result.RegionYear, o *Options) (written []string, err error) {
	name, places := fmt.Sprintf("potential_seasons_%d_%s", o.Year, o.Scenario), r.Regions.DownToListed()
	if o.Level != "" {
		name, places = name+"_"+fileName(o.Level), r.Regions.OfLevel(o.Level)
	}
	t := result.BySeason()
	rows, err := r.SeasonalRows(y, places)
	if err != nil {
		return nil, err
	}
	for k := range t.Columns {
		t.Columns[k].Storage = table.Exact // one kind of number, for others' programs
	}
	for _, format := range o.Formats {
		if n := len(rows[0].Text); format == "xlsx" && n > sheetRows {
			return written, &assume.InputError{Err: fmt.Errorf("%d rows do not fit an Excel sheet (%d): use csv or parquet, or another --level", n, sheetRows)}
		}
		path := filepath.Join(o.Out, name+"."+format)
		if err := durable.WriteFile(path, func(w io.Writer) error {
			switch format {
			case "parquet":
				return t.WriteParquet(w, table.Once(rows))
			case "xlsx":
				return table.WriteXLSX(w, []table.Sheet{seasonSheet(t, rows, r.Study.Name)})
			}
			return t.WriteCSV(w, table.Once(rows))
		}); err != nil {
			return written, err
		}
		written = append(written, path)
	}
	return written, nil
}

func seasonSheet(t *table.Table, rows table.Rows, study string) table.Sheet {
	s := table.Sheet{Name: "seasons", Title: fmt.Sprintf("V2G potential by contract, way to charge and season, study %s; columns as in docs/results.md", study)}
	s.Rows = make([][]any, len(rows[0].Text))
	for k, c := range t.Columns {
		width := 12.0
		if c.Name == "name" {
			width = 28
		}
		s.Columns = append(s.Columns, table.SheetColumn{Head: c.Name, Width: width})
		for i := range s.Rows {
			s.Rows[i] = append(s.Rows[i], c.Cell(&rows[k], i))
		}
	}
	return s
}
