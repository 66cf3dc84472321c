package study

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/parquet-go/parquet-go"

	"github.com/getij/getij/internal/durable"
)

// RegionTable is one year and scenario of charge_points.parquet or
// potential.parquet.
type RegionTable struct {
	Code, Name, Level, Parent []string
	Columns                   []string // of Values
	Values                    [][]float64
}

// ReadFolder reads what a result folder says of itself, and checks that it holds
// what it lists.
func ReadFolder(dir string) (*Manifest, *Summary, error) {
	if err := durable.Settle(dir); err != nil {
		return nil, nil, err
	}
	var m Manifest
	var s Summary
	for name, to := range map[string]any{ManifestFile: &m, "summary.json": &s} {
		raw, err := os.ReadFile(filepath.Join(dir, name))
		if errors.Is(err, fs.ErrNotExist) {
			return nil, nil, fmt.Errorf("%s has no %s: a folder of results was expected, as `getij run` writes it", dir, name)
		}
		if err != nil {
			return nil, nil, err
		}
		if err := json.Unmarshal(raw, to); err != nil {
			return nil, nil, fmt.Errorf("%s: %w", filepath.Join(dir, name), err)
		}
	}
	if m.Program != "getij" {
		return nil, nil, fmt.Errorf("%s: %s is not of getij", dir, ManifestFile)
	}
	return &m, &s, m.Check(dir)
}

// ReadRegionTable reads one year and scenario from a Parquet file of a result
// folder.
func ReadRegionTable(path, scenario string, year int) (*RegionTable, error) {
	var found *RegionTable
	err := regionTables(path, func(s string, y int) bool { return s == scenario && y == year }, func(_ string, _ int, t *RegionTable) error {
		found = t
		return nil
	})
	if err != nil {
		return nil, err
	}
	if found == nil {
		return nil, fmt.Errorf("%s has no rows of scenario %s in %d", path, scenario, year)
	}
	return found, nil
}

func regionTables(path string, want func(scenario string, year int) bool, visit func(scenario string, year int, t *RegionTable) error) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	p, err := parquet.OpenFile(f, info.Size())
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	for _, group := range p.RowGroups() {
		if err := readGroup(group, p.Schema(), want, visit); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
	}
	return nil
}

// identityColumns are code, name, level, parent, year and scenario.
const identityColumns = 6

// readGroup visits the years of a row group, which has one scenario.
func readGroup(group parquet.RowGroup, schema *parquet.Schema, want func(scenario string, year int) bool, visit func(string, int, *RegionTable) error) error {
	chunks := group.ColumnChunks()
	if len(chunks) < identityColumns || group.NumRows() == 0 {
		return errors.New("not a table of regions")
	}
	scenarios, err := readColumn(chunks[5], 0, 1)
	if err != nil {
		return err
	}
	scenario := string(scenarios[0].ByteArray())
	years, err := readColumn(chunks[4], 0, int(group.NumRows()))
	if err != nil {
		return err
	}
	for first := 0; first < len(years); {
		year, last := int(years[first].Int32()), first
		for last < len(years) && int(years[last].Int32()) == year {
			last++
		}
		if want(scenario, year) {
			t, err := readRows(chunks, schema, first, last-first)
			if err != nil {
				return err
			}
			if err := visit(scenario, year, t); err != nil {
				return err
			}
		}
		first = last
	}
	return nil
}

// readScenarios reads some columns of all years, in the file's order.
func readScenarios(path string, columns []string) (map[string]map[string][]float64, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	p, err := parquet.OpenFile(f, info.Size())
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	out := map[string]map[string][]float64{}
	for _, group := range p.RowGroups() {
		chunks := group.ColumnChunks()
		scenarios, err := readColumn(chunks[5], 0, 1)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		scenario := string(scenarios[0].ByteArray())
		if out[scenario] == nil {
			out[scenario] = map[string][]float64{}
		}
		for k, name := range p.Schema().Columns() {
			if !slices.Contains(columns, name[0]) {
				continue
			}
			out[scenario][name[0]], err = appendDoubles(out[scenario][name[0]], chunks[k])
			if err != nil {
				return nil, fmt.Errorf("%s, column %s: %w", path, name[0], err)
			}
		}
	}
	return out, nil
}

// appendDoubles reads a whole chunk of numbers.
func appendDoubles(to []float64, chunk parquet.ColumnChunk) ([]float64, error) {
	pages := chunk.Pages()
	defer pages.Close()
	buffer := make([]parquet.Value, 4096)
	for {
		page, err := pages.ReadPage()
		if errors.Is(err, io.EOF) {
			return to, nil
		}
		if err != nil {
			return to, err
		}
		values := page.Values()
		for {
			n, err := values.ReadValues(buffer)
			for _, v := range buffer[:n] {
				to = append(to, v.Double())
			}
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				return to, err
			}
		}
		parquet.Release(page)
	}
}

// readRows reads a run of rows.
func readRows(chunks []parquet.ColumnChunk, schema *parquet.Schema, first, count int) (*RegionTable, error) {
	t := &RegionTable{}
	for k, to := range []*[]string{&t.Code, &t.Name, &t.Level, &t.Parent} {
		values, err := readColumn(chunks[k], first, count)
		if err != nil {
			return nil, err
		}
		for _, v := range values {
			*to = append(*to, string(v.ByteArray()))
		}
	}
	for k := identityColumns; k < len(chunks); k++ {
		values, err := readColumn(chunks[k], first, count)
		if err != nil {
			return nil, err
		}
		numbers := make([]float64, len(values))
		for i, v := range values {
			if v.Kind() == parquet.Float {
				numbers[i] = shortest(v.Float())
			} else {
				numbers[i] = v.Double()
			}
		}
		t.Columns, t.Values = append(t.Columns, schema.Columns()[k][0]), append(t.Values, numbers)
	}
	return t, nil
}

// shortest is the number with the fewest decimals that is this one in single
// precision: what was written, not its binary tail.
func shortest(v float32) float64 {
	d, err := strconv.ParseFloat(strconv.FormatFloat(float64(v), 'g', -1, 32), 64)
	if err != nil {
		return float64(v)
	}
	return d
}

// readColumn reads count values of a chunk from row first on.
func readColumn(chunk parquet.ColumnChunk, first, count int) ([]parquet.Value, error) {
	pages := chunk.Pages()
	defer pages.Close()
	if err := pages.SeekToRow(int64(first)); err != nil {
		return nil, err
	}
	out := make([]parquet.Value, 0, count)
	for len(out) < count {
		page, err := pages.ReadPage()
		if errors.Is(err, io.EOF) {
			return nil, fmt.Errorf("%d values were expected, there are %d", count, len(out))
		}
		if err != nil {
			return nil, err
		}
		values := make([]parquet.Value, min(int(page.NumValues()), count-len(out)))
		n, err := page.Values().ReadValues(values)
		for _, v := range values[:n] {
			out = append(out, v.Clone())
		}
		parquet.Release(page)
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, err
		}
	}
	return out, nil
}

// Column is a column of the table by its name, or nil.
func (t *RegionTable) Column(name string) []float64 {
	if k := slices.Index(t.Columns, name); k >= 0 {
		return t.Values[k]
	}
	return nil
}
