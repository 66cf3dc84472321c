package result

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
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

// CheckPowersFile refuses the name of a file that powers cannot be written to, or that
// holds anything else than earlier ones.
func CheckPowersFile(path string) error {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".csv", ".parquet":
	default:
		return fmt.Errorf("%s: a name that ends in .csv or .parquet was expected", path)
	}
	held, err := holdsPowers(path)
	switch {
	case errors.Is(err, fs.ErrNotExist) || held:
		return nil
	case err != nil:
		return err
	}
	return fmt.Errorf("%s exists and does not hold the powers of a street: nothing is overwritten, name another file", path)
}

// holdsPowers says whether a file begins, or for Parquet ends, as those written here do.
func holdsPowers(path string) (bool, error) {
	f, err := os.Open(path)
	if err != nil {
		return false, err
	}
	defer f.Close()
	first := make([]byte, len("utc_start,home_1"))
	if _, err := io.ReadFull(f, first); errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return false, nil
	} else if err != nil {
		return false, err
	}
	if string(first) == "utc_start,home_1" {
		return true, nil
	}
	const tail = 8 // the length of the schema before it, and PAR1
	size, err := f.Seek(-tail, io.SeekEnd)
	if err != nil || string(first[:4]) != "PAR1" {
		return false, err
	}
	var length uint32
	if err := binary.Read(f, binary.LittleEndian, &length); err != nil || int64(length) > size {
		return false, err
	}
	schema := make([]byte, length)
	_, err = f.ReadAt(schema, size-int64(length))
	return bytes.Contains(schema, []byte("utc_start")) && bytes.Contains(schema, []byte("home_1")), err
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
