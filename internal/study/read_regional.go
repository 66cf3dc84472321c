package study

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"

	"github.com/parquet-go/parquet-go"
)

// RegionTable is one year and scenario of charge_points.parquet or
// potential.parquet.
type RegionTable struct {
	Code, Name, Level, Parent []string
	Columns                   []string // of Values
	Values                    [][]float64
}

// ReadFolder reads what a result folder says of itself.
func ReadFolder(dir string) (*Manifest, *Summary, error) {
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
	return &m, &s, nil
}

// ReadRegionTable reads one year and scenario from a Parquet file of a result
// folder.
func ReadRegionTable(path, scenario string, year int) (*RegionTable, error) {
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
	for _, group := range p.RowGroups() {
		t, err := readGroup(group, p.Schema(), scenario, year)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		if t != nil {
			return t, nil
		}
	}
	return nil, fmt.Errorf("%s has no rows of scenario %s in %d", path, scenario, year)
}

// identityColumns are code, name, level, parent, year and scenario.
const identityColumns = 6

// readGroup reads a year from a row group, nil where it has none.
func readGroup(group parquet.RowGroup, schema *parquet.Schema, scenario string, year int) (*RegionTable, error) {
	chunks := group.ColumnChunks()
	names := schema.Columns()
	if len(chunks) < identityColumns {
		return nil, errors.New("not a table of regions")
	}
	first, count := -1, 0
	scenarios, err := readColumn(chunks[5], 0, 1)
	if err != nil || len(scenarios) == 0 || string(scenarios[0].ByteArray()) != scenario {
		return nil, err
	}
	years, err := readColumn(chunks[4], 0, int(group.NumRows()))
	if err != nil {
		return nil, err
	}
	for i, y := range years {
		if int(y.Int32()) == year {
			if first < 0 {
				first = i
			}
			count++
		}
	}
	if first < 0 {
		return nil, nil
	}
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
		t.Columns, t.Values = append(t.Columns, names[k][0]), append(t.Values, numbers)
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
