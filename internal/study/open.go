package study

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/parquet-go/parquet-go"

	"github.com/getij/getij/internal/assume"
	"github.com/getij/getij/internal/cohort"
	"github.com/getij/getij/internal/outlook"
	"github.com/getij/getij/internal/series"
)

// Folder is a result folder, read back.
type Folder struct {
	Dir      string
	Manifest *Manifest
	Summary  *Summary
	Study    *assume.Study
	Axis     *series.Axis
	LoadKW   []float64 // of one home, per step, without the car
	SolarKW  []float64
	Cases    []FolderCase
	Regional *FolderRegions // nil where only profiles were computed
}

// FolderCase is a contract and a way to charge.
type FolderCase struct {
	Summary     CaseSummary
	KW          []float64 // mean power per home, per step
	Coincidence []cohort.Coincidence
	Homes       []FolderHome
}

// FolderHome is one home's year in a case.
type FolderHome struct {
	EveningKW, DischargedKWh, CostEUR float64
	SavingEUR                         *float64
}

// FolderRegions are the regions of a result folder: the chain of every year and
// scenario. What depends on adoption, MW and peaks, package potential computes
// from it.
type FolderRegions struct {
	Code, Name, Level, Parent   []string
	Dwellings, WithDriveway, KW []float64 // KW is the capacity, NaN where unknown
	FirstYear, Years            int
	chain                       map[string]map[string][]float64 // by scenario and column
}

// Chain gives a column of charge_points of one scenario and year, a value per
// region; nil where there is none.
func (r *FolderRegions) Chain(column, scenario string, year int) []float64 {
	all := r.chain[scenario][column]
	n, i := len(r.Code), year-r.FirstYear
	if i < 0 || (i+1)*n > len(all) {
		return nil
	}
	return all[i*n : (i+1)*n]
}

// All gives a column of every year, year after year.
func (r *FolderRegions) All(column, scenario string) []float64 { return r.chain[scenario][column] }

// OpenFolder reads a result folder.
func OpenFolder(dir string) (*Folder, error) {
	f, err := openFolder(dir)
	if err != nil {
		return nil, &assume.InputError{Err: err}
	}
	return f, nil
}

func openFolder(dir string) (*Folder, error) {
	f := &Folder{Dir: dir}
	var err error
	if f.Manifest, f.Summary, err = ReadFolder(dir); err != nil {
		return nil, err
	}
	if f.Study, err = assume.Load(filepath.Join(dir, "study.yaml"), nil); err != nil {
		return nil, err
	}
	f.Axis = series.NewYear(f.Summary.Year)
	if err := f.readProfiles(); err != nil {
		return nil, err
	}
	if err := f.readCoincidence(); err != nil {
		return nil, err
	}
	if err := f.readHomes(); err != nil {
		return nil, err
	}
	if f.Summary.Potential == nil {
		return f, nil
	}
	return f, f.readRegions()
}

func (f *Folder) readProfiles() error {
	path := filepath.Join(f.Dir, "profiles.parquet")
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	p, err := parquet.OpenFile(file, info.Size())
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	values := map[string][]float64{}
	for _, group := range p.RowGroups() {
		for k, chunk := range group.ColumnChunks() {
			name := p.Schema().Columns()[k][0]
			if name == "utc_start" {
				continue
			}
			numbers, err := readColumn(chunk, 0, int(group.NumRows()))
			if err != nil {
				return fmt.Errorf("%s: %w", path, err)
			}
			for _, v := range numbers {
				values[name] = append(values[name], v.Double())
			}
		}
	}
	need := func(name string) ([]float64, error) {
		if len(values[name]) != f.Axis.Len() {
			return nil, fmt.Errorf("%s: column %s has %d values, the year has %d quarter-hours", path, name, len(values[name]), f.Axis.Len())
		}
		return values[name], nil
	}
	for _, s := range f.Summary.Cases {
		kw, err := need(s.Contract + "_" + s.Mode + "_kw")
		if err != nil {
			return err
		}
		f.Cases = append(f.Cases, FolderCase{Summary: s, KW: kw})
	}
	if f.LoadKW, err = need("home_load_kw"); err != nil {
		return err
	}
	f.SolarKW, err = need("home_solar_kw")
	return err
}

// Case finds a case, or nil.
func (f *Folder) Case(contract, mode string) *FolderCase {
	for i := range f.Cases {
		if s := &f.Cases[i].Summary; s.Contract == contract && s.Mode == mode {
			return &f.Cases[i]
		}
	}
	return nil
}

// eachRow reads a CSV file of the folder: visit gets a row as a lookup by column.
func (f *Folder) eachRow(name string, visit func(text func(column string) string, number func(column string) float64) error) error {
	path := filepath.Join(f.Dir, name)
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	r := csv.NewReader(file)
	header, err := r.Read()
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	for line := 2; ; line++ {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		var bad error
		text := func(column string) string {
			k := slices.Index(header, column)
			if k < 0 {
				bad = fmt.Errorf("%s has no column %s", path, column)
				return ""
			}
			return record[k]
		}
		number := func(column string) float64 {
			v, err := strconv.ParseFloat(text(column), 64)
			if err != nil && bad == nil {
				bad = fmt.Errorf("%s, line %d, %s is %q: a number was expected", path, line, column, text(column))
			}
			return v
		}
		if err := visit(text, number); err != nil {
			return err
		}
		if bad != nil {
			return bad
		}
	}
}

func (f *Folder) readCoincidence() error {
	return f.eachRow("coincidence.csv", func(text func(string) string, number func(string) float64) error {
		c := f.Case(text("contract"), text("mode"))
		if c == nil {
			return fmt.Errorf("%s: coincidence.csv has the case %s %s, summary.json has not", f.Dir, text("contract"), text("mode"))
		}
		spread := func(column string) cohort.Spread {
			return cohort.Spread{P5: number(column + "_p5"), P50: number(column + "_p50"), P95: number(column + "_p95")}
		}
		c.Coincidence = append(c.Coincidence, cohort.Coincidence{
			Homes: int(number("homes")), PeakChargeKW: spread("peak_charge_kw"), PeakDischargeKW: spread("peak_discharge_kw"),
		})
		return nil
	})
}

func (f *Folder) readHomes() error {
	return f.eachRow("homes.csv", func(text func(string) string, number func(string) float64) error {
		c := f.Case(text("contract"), text("mode"))
		if c == nil {
			return fmt.Errorf("%s: homes.csv has the case %s %s, summary.json has not", f.Dir, text("contract"), text("mode"))
		}
		h := FolderHome{EveningKW: number("evening_mean_kw"), DischargedKWh: number("discharged_kwh"), CostEUR: number("energy_cost_eur")}
		if text("saving_vs_regular_eur") != "" {
			saving := number("saving_vs_regular_eur")
			h.SavingEUR = &saving
		}
		c.Homes = append(c.Homes, h)
		return nil
	})
}

// chainColumns are what readRegions keeps of every year.
var chainColumns = []string{
	"cars", "vans", "cars_with_driveway", "vans_with_driveway", "electric_share_cars", "electric_share_vans",
	"electric_share_driveway", "home_charge_points_cars", "home_charge_points_vans", "home_charge_points",
}

// readRegions reads the chain of every year and scenario, and the rest of the
// first.
func (f *Folder) readRegions() error {
	path := filepath.Join(f.Dir, "charge_points.parquet")
	first, err := ReadRegionTable(path, f.Summary.Potential.Scenario, outlook.FirstYear)
	if err != nil {
		return err
	}
	capacity, err := ReadRegionTable(filepath.Join(f.Dir, "potential.parquet"), f.Summary.Potential.Scenario, outlook.FirstYear)
	if err != nil {
		return err
	}
	g := &FolderRegions{
		Code: first.Code, Name: first.Name, Level: first.Level, Parent: first.Parent,
		Dwellings: first.Column("dwellings"), WithDriveway: first.Column("dwellings_with_driveway"), KW: capacity.Column("capacity_kw"),
		FirstYear: outlook.FirstYear, Years: outlook.LastYear - outlook.FirstYear + 1,
	}
	if g.Dwellings == nil || g.WithDriveway == nil || g.KW == nil || !slices.Equal(first.Code, capacity.Code) {
		return fmt.Errorf("%s: charge_points.parquet and potential.parquet are not of one study", f.Dir)
	}
	if g.chain, err = readScenarios(path, chainColumns); err != nil {
		return err
	}
	for scenario, columns := range g.chain {
		for name, values := range columns {
			if len(values) != g.Years*len(g.Code) {
				return fmt.Errorf("%s: scenario %s has %d values of %s, %d regions and %d years were expected", path, scenario, len(values), name, len(g.Code), g.Years)
			}
		}
	}
	f.Regional = g
	return nil
}

// Files are the names of the files of a result folder that can be offered for
// download.
func (f *Folder) Files() ([]string, error) {
	var out []string
	for _, dir := range []string{"", "figures"} {
		entries, err := os.ReadDir(filepath.Join(f.Dir, dir))
		if err != nil {
			return nil, err
		}
		for _, e := range entries {
			if e.Type().IsRegular() && !strings.HasPrefix(e.Name(), ".") {
				out = append(out, filepath.ToSlash(filepath.Join(dir, e.Name())))
			}
		}
	}
	return out, nil
}
