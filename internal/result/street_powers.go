package result

import (
	"fmt"
	"io"
	"iter"
	"path/filepath"
	"strings"

	"github.com/getij/getij/internal/durable"
	"github.com/getij/getij/internal/series"
	"github.com/getij/getij/internal/table"
)

// StreetPowers are the powers of each home of a street per step, in kW.
type StreetPowers struct {
	Axis *series.Axis
	// Without cars, and of the cars; nil for a home without one.
	NetKW, CarKW [][]float64
}

// powersAtATime is about how many values are in memory at a time.
const powersAtATime = 1 << 20

// Table is the layout of power-flow programs: a row per step, a column per home. It is a
// file of its own, as its columns are as many as the homes.
func (p *StreetPowers) Table() *table.Table {
	t := &table.Table{
		Name: "powers", Formats: csvParquet,
		EN:      "Power of each home of one street per step, car included; positive is taken from the grid",
		NL:      "Vermogen van elke woning van een straat per stap, met de auto; positief is afname",
		Columns: []table.Column{{Name: "utc_start", Type: table.Time, EN: "start of the quarter-hour, UTC", NL: "begin van het kwartier, UTC"}},
	}
	for i := range p.NetKW {
		t.Columns = append(t.Columns, table.Column{
			Name: fmt.Sprintf("home_%d", i+1), Unit: "kW", Decimals: kwDecimals, Storage: table.Single,
			EN: fmt.Sprintf("home %d", i+1), NL: fmt.Sprintf("woning %d", i+1),
		})
	}
	return t
}

// rows are the table's, some steps at a time.
func (p *StreetPowers) rows(t *table.Table) iter.Seq2[table.Rows, error] {
	return func(yield func(table.Rows, error) bool) {
		n := p.Axis.Len()
		steps := max(1, powersAtATime/len(t.Columns))
		for from := 0; from < n; from += steps {
			to := min(from+steps, n)
			rows := t.NewRows(to - from)
			for s := from; s < to; s++ {
				rows[0].Time = append(rows[0].Time, p.Axis.Time(s))
			}
			for i, net := range p.NetKW {
				values := append(rows[i+1].Real, net[from:to]...)
				if car := p.CarKW[i]; car != nil {
					for k, kW := range car[from:to] {
						values[k] += kW
					}
				}
				rows[i+1].Real = values
			}
			if !yield(rows, nil) {
				return
			}
		}
	}
}

// CheckPowersFile refuses the name of a file that powers cannot be written to.
func CheckPowersFile(path string) error {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".csv", ".parquet":
		return nil
	}
	return fmt.Errorf("%s: a name that ends in .csv or .parquet was expected", path)
}

// Write writes the powers to a file, CSV or Parquet by its name, whole or not at all.
func (p *StreetPowers) Write(path string) error {
	if err := CheckPowersFile(path); err != nil {
		return err
	}
	t := p.Table()
	return durable.WriteFile(path, func(w io.Writer) error {
		if strings.EqualFold(filepath.Ext(path), ".csv") {
			return t.WriteCSV(w, p.rows(t))
		}
		return t.WriteParquet(w, p.rows(t))
	})
}
