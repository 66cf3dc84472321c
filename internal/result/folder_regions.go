//go:build !js

package result

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"

	"github.com/getij/getij/internal/foreign/regionfile"
	"github.com/getij/getij/internal/outlook"
	"github.com/getij/getij/internal/region"
	"github.com/getij/getij/internal/table"
)

// regionFolder is the [Source] of a result folder.
type regionFolder struct {
	dir     string
	regions *Regions
	at      map[string]map[scenarioYear]rowsOf // by table
}

type scenarioYear struct {
	scenario string
	year     int
}

// rowsOf are consecutive rows of a row group.
type rowsOf struct{ group, first, count int }

// openRegions reads who the regions are, and where their years are.
func openRegions(dir string, s *PotentialSummary) (*Regions, error) {
	f := &regionFolder{dir: dir, at: map[string]map[scenarioYear]rowsOf{}}
	f.regions = &Regions{Schematic: s.Schematic, Source: f}
	for _, t := range []*table.Table{chargePoints(), potentialTable()} {
		p, err := f.open(t)
		if err != nil {
			return nil, err
		}
		f.at[t.Name], err = years(p)
		if err == nil && t.Name == chargePoints().Name {
			err = f.readIdentity(p, s)
		}
		if err = errors.Join(err, p.Close()); err != nil {
			return nil, err
		}
	}
	for at := range f.at[chargePoints().Name] {
		if at.scenario == s.Scenario {
			f.regions.Years = append(f.regions.Years, at.year)
		}
	}
	slices.Sort(f.regions.Years)
	return f.regions, nil
}

func (f *regionFolder) open(t *table.Table) (*table.ParquetFile, error) {
	return t.OpenParquet(filepath.Join(f.dir, t.Name+".parquet"))
}

func (f *regionFolder) readIdentity(p *table.ParquetFile, s *PotentialSummary) error {
	at, err := f.rows(p, s.Year, s.Scenario)
	if err != nil {
		return err
	}
	r := f.regions
	for k, to := range []*[]string{&r.Code, &r.Name, &r.Level, &r.Parent} {
		var v table.Values
		if err := p.ReadColumn(at.group, k, at.first, at.count, &v); err != nil {
			return err
		}
		*to = v.Text
	}
	return nil
}

// years finds the rows of every year and scenario, which follow each other.
func years(p *table.ParquetFile) (map[scenarioYear]rowsOf, error) {
	out := map[scenarioYear]rowsOf{}
	for g, group := range p.RowGroups() {
		var year table.Values
		n := int(group.NumRows())
		if err := p.ReadColumn(g, 4, 0, n, &year); err != nil {
			return nil, err
		}
		for first := 0; first < n; {
			last := first
			for last < n && year.Integer[last] == year.Integer[first] {
				last++
			}
			var ends table.Values
			for _, row := range []int{first, last - 1} {
				if err := p.ReadColumn(g, 5, row, 1, &ends); err != nil {
					return nil, err
				}
			}
			key := scenarioYear{ends.Text[0], year.Integer[first]}
			if _, twice := out[key]; twice || ends.Text[1] != ends.Text[0] {
				return nil, fmt.Errorf("%s: the rows of %d do not follow each other by scenario", p.Path, key.year)
			}
			out[key] = rowsOf{g, first, last - first}
			first = last
		}
	}
	return out, nil
}

func (f *regionFolder) rows(p *table.ParquetFile, year int, scenario string) (rowsOf, error) {
	at, ok := f.at[p.Table.Name][scenarioYear{scenario, year}]
	if !ok {
		return at, fmt.Errorf("%s has no rows of scenario %s in %d", p.Path, scenario, year)
	}
	return at, nil
}

// Year reads one year and scenario from both tables.
func (f *regionFolder) Year(year int, scenario string) (*RegionYear, error) {
	y := &RegionYear{Year: year, Scenario: scenario, Values: map[string]func() []float64{}}
	for _, t := range []*table.Table{chargePoints(), potentialTable()} {
		if err := f.year(t, y); err != nil {
			return nil, err
		}
	}
	return y, nil
}

func (f *regionFolder) year(t *table.Table, y *RegionYear) error {
	p, err := f.open(t)
	if err != nil {
		return err
	}
	defer p.Close()
	at, err := f.rows(p, y.Year, y.Scenario)
	if err != nil {
		return err
	}
	var codes table.Values
	if err := p.ReadColumn(at.group, 0, at.first, at.count, &codes); err != nil {
		return err
	}
	if !slices.Equal(codes.Text, f.regions.Code) {
		return fmt.Errorf("%s: %s in %d has other regions than charge_points.parquet", p.Path, y.Scenario, y.Year)
	}
	for k := identityColumns; k < len(t.Columns); k++ {
		var v table.Values
		if err := p.ReadColumn(at.group, k, at.first, at.count, &v); err != nil {
			return err
		}
		y.Values[t.Columns[k].Name] = func() []float64 { return v.Real }
	}
	return nil
}

// Outlines reads the level's layer of potential.gpkg.
func (f *regionFolder) Outlines(level string) ([]region.Region, error) {
	data, err := regionfile.Read(context.Background(), filepath.Join(f.dir, "potential.gpkg"), regionfile.Options{KeepWater: true, Layer: layerName(level)})
	if err != nil {
		return nil, err
	}
	byCode := map[string]region.Region{}
	for _, o := range data.Regions() {
		byCode[o.Code] = o
	}
	var out []region.Region
	for _, i := range f.regions.OfLevel(level) {
		o, ok := byCode[f.regions.Code[i]]
		if !ok {
			return nil, fmt.Errorf("%s has no region %s in layer %s", filepath.Join(f.dir, "potential.gpkg"), f.regions.Code[i], layerName(level))
		}
		out = append(out, o)
	}
	return out, nil
}

// Chain reads columns of charge_points of every year and scenario, for some regions
// from the first on: by scenario and column, a value per region, year after year.
func (f *regionFolder) Chain(first, count int, columns ...string) (map[string]map[string][]float64, error) {
	t := chargePoints()
	p, err := f.open(t)
	if err != nil {
		return nil, err
	}
	defer p.Close()
	out := map[string]map[string][]float64{}
	for _, scenario := range outlook.Scenarios() {
		of := map[string][]float64{}
		for k := identityColumns; k < len(t.Columns); k++ {
			name := t.Columns[k].Name
			if !slices.Contains(columns, name) {
				continue
			}
			v := table.Values{Real: make([]float64, 0, count*len(f.regions.Years))}
			for _, year := range f.regions.Years {
				at, err := f.rows(p, year, scenario)
				if err != nil {
					return nil, err
				}
				if at.count != f.regions.Len() {
					return nil, fmt.Errorf("%s: %s in %d has %d rows, %d regions were expected", p.Path, scenario, year, at.count, f.regions.Len())
				}
				if err := p.ReadColumn(at.group, k, at.first+first, count, &v); err != nil {
					return nil, err
				}
			}
			of[name] = v.Real
		}
		out[scenario] = of
	}
	return out, nil
}
