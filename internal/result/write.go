package result

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"iter"
	"math"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/getij/getij/dispatch"
	"github.com/getij/getij/internal/assume"
	"github.com/getij/getij/internal/durable"
	"github.com/getij/getij/internal/outlook"
	"github.com/getij/getij/internal/series"
	"github.com/getij/getij/internal/table"
)

// Write writes the result's tables into a folder, and last the manifest, which lists
// what is there by then.
func (r *Result) Write(ctx context.Context, dir string, v Version) error {
	start := time.Now()
	m := r.Manifest
	m.by(v, start)
	m.Study, m.Seed = r.Study.Name, r.Study.Seed
	var files []file
	var tables []*table.Table
	add := func(t *table.Table, format map[string]iter.Seq2[table.Rows, error]) {
		tables = append(tables, t)
		for _, name := range t.Formats {
			write := map[string]func(io.Writer, iter.Seq2[table.Rows, error]) error{"csv": t.WriteCSV, "parquet": t.WriteParquet}[name]
			files = append(files, stream(t.Name+"."+name, func(w io.Writer) error { return write(w, format[name]) }))
		}
	}
	whole := func(t *table.Table, rows table.Rows) {
		add(t, map[string]iter.Seq2[table.Rows, error]{"csv": table.Once(rows), "parquet": table.Once(rows)})
	}
	if r.Regions != nil { // the longest first
		for _, t := range []*table.Table{chargePoints(), potentialTable()} {
			add(t, map[string]iter.Seq2[table.Rows, error]{"csv": r.fileYears(t), "parquet": r.everyYear(ctx, t)})
		}
		y, err := r.Regions.Year(r.Summary.Potential.Year, r.Summary.Potential.Scenario)
		if err != nil {
			return err
		}
		rows, err := r.SeasonalRows(y, r.Regions.DownToListed())
		if err != nil {
			return err
		}
		whole(potentialSeasons(), rows)
		files = append(files, file{"potential.gpkg", r.writeGeoPackage}, stream("potential.xlsx", r.writeWorkbook))
	}
	whole(of(profiles(), r.Cases), r.profileRows())
	whole(of(prices(), r.Cases), r.priceRows())
	whole(heatmap(), r.heatmapRows())
	whole(week(), r.weekRows())
	whole(homes(), r.homeRows())
	if !r.knowsAll() {
		whole(departuresTable(), r.departureRows())
	}
	whole(sessionsTable(), r.sessionRows())
	whole(coincidence(), r.coincidenceRows())
	if r.SessionsFit != nil {
		whole(sessionsFit(), r.fitRows())
		whole(sessionsFitCurves(), r.fitCurveRows())
	}
	files = append(files,
		stream("study.yaml", func(w io.Writer) error { return writeStudy(w, r.Study) }),
		stream("summary.json", func(w io.Writer) error { return writeJSON(w, r.Summary) }),
		stream(FindingsFile, func(w io.Writer) error { return writeJSON(w, r.Findings) }),
		stream(PackageFile, func(w io.Writer) error { return writeJSON(w, r.dataPackage(tables, v)) }))
	if err := writeFiles(dir, files); err != nil {
		return err
	}
	if err := m.wrote(dir, start); err != nil {
		return err
	}
	return m.write(dir)
}

// file is a file of the result folder.
type file struct {
	name  string
	write func(path string) error
}

// stream is a file that is written from begin to end.
func stream(name string, write func(io.Writer) error) file {
	return file{name, func(path string) error { return durable.WriteFile(path, write) }}
}

// writeFiles writes files side by side, as many as there are processors.
func writeFiles(dir string, files []file) error {
	errs := make([]error, len(files))
	slots := make(chan struct{}, runtime.GOMAXPROCS(0))
	var wg sync.WaitGroup
	for i, f := range files {
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			errs[i] = f.write(filepath.Join(dir, f.name))
		})
	}
	wg.Wait()
	return errors.Join(errs...)
}

func writeJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}

func writeStudy(w io.Writer, s *assume.Study) error {
	text, err := s.YAML()
	if err != nil {
		return err
	}
	_, err = w.Write(text)
	return err
}

// times are the starts of the axis' steps.
func (r *Result) times() table.Values {
	out := make([]time.Time, r.Axis.Len())
	for t := range out {
		out[t] = r.Axis.Time(t)
	}
	return table.Values{Time: out}
}

func (r *Result) profileRows() table.Rows {
	out := table.Rows{r.times()}
	for _, c := range r.Cases {
		out = append(out, table.Values{Real: c.KW})
	}
	return append(out, table.Values{Real: r.LoadKW}, table.Values{Real: r.SolarKW})
}

func (r *Result) priceRows() table.Rows {
	out := table.Rows{r.times()}
	for _, side := range []func(*Prices) []float64{
		func(p *Prices) []float64 { return p.ImportEURPerKWh },
		func(p *Prices) []float64 { return p.ExportEURPerKWh },
		func(p *Prices) []float64 { return p.StorageExportEURPerKWh },
	} {
		for _, p := range r.Prices {
			out = append(out, table.Values{Real: side(p)})
		}
	}
	for _, c := range r.Cases {
		switch {
		case c.Mode == dispatch.Regular:
		case c.StoredEURPerKWh == nil:
			out = append(out, table.Values{Real: slices.Repeat([]float64{math.NaN()}, r.Axis.Len())})
		default:
			out = append(out, table.Values{Real: c.StoredEURPerKWh})
		}
	}
	return out
}

func (r *Result) heatmapRows() table.Rows {
	out := heatmap().NewRows(len(r.Cases) * 12 * series.QuartersPerDay)
	for _, c := range r.Cases {
		for m := range 12 {
			for q := range series.QuartersPerDay {
				out.Add(c.Contract, c.Mode.String(), m+1, q, c.ByMonth[m][q])
			}
		}
	}
	return out
}

func (r *Result) weekRows() table.Rows {
	out := week().NewRows(len(r.Cases) * series.QuartersPerWeek)
	for _, c := range r.Cases {
		for q, kw := range c.ByWeek {
			out.Add(c.Contract, c.Mode.String(), q, kw)
		}
	}
	return out
}

func (r *Result) homeRows() table.Rows {
	out := homes().NewRows(len(r.Cases) * r.Study.Homes)
	for _, c := range r.Cases {
		for i := range c.Homes {
			h := &c.Homes[i]
			out.Add(i+1, c.Contract, c.Mode.String(), h.ChargedKWh, h.DischargedKWh, h.FedInKWh, h.OwnSolarKWh, h.CostEUR, h.SavingEUR, h.EveningKW, h.Sessions, h.PluggedInShare, h.NetKWh, h.NettedEURPerKWh,
				h.WearEUR, h.FullCycles, h.DischargingHours, h.CapEURPerKWh, h.MonthPeakKW, h.PowerTariffEUR,
				h.PowerBandKW, h.PowerBandEUR, h.HomeFedInKWh, h.FeedInFeeEUR, h.GapEUR)
		}
	}
	return out
}

func (r *Result) sessionRows() table.Rows {
	out := sessionsTable().NewRows(0)
	for i, home := range r.Sessions[:min(sessionHomes, len(r.Sessions))] {
		for _, s := range home {
			out.Add(i+1, r.Axis.Time(s.Arrive), r.Axis.Time(s.Depart), s.EnergyKWh)
		}
	}
	return out
}

func (r *Result) coincidenceRows() table.Rows {
	out := coincidence().NewRows(0)
	for _, c := range r.Cases {
		for _, g := range c.Coincidence {
			a, b := g.PeakChargeKW, g.PeakDischargeKW
			out.Add(c.Contract, c.Mode.String(), g.Homes, a.P5, a.P50, a.P95, b.P5, b.P50, b.P95)
		}
	}
	return out
}

func (r *Result) fitRows() table.Rows {
	out := sessionsFit().NewRows(0)
	for _, m := range r.SessionsFit.Measures {
		per := "session"
		if m.PerUser {
			per = "user"
		}
		out.Add(m.Name, m.Unit, per, m.DataMean, m.DrawnMean, m.Distance, m.HeldOut, m.Halves)
	}
	return out
}

func (r *Result) fitCurveRows() table.Rows {
	out := sessionsFitCurves().NewRows(0)
	for _, m := range r.SessionsFit.Measures {
		for i, x := range m.X {
			out.Add(m.Name, x, m.Data[i], m.Drawn[i])
		}
	}
	return out
}

// ByRegion is charge_points and potential side by side.
func ByRegion() *table.Table {
	t := chargePoints()
	for _, c := range potentialTable().Columns {
		if !slices.ContainsFunc(t.Columns, func(o table.Column) bool { return o.Name == c.Name }) {
			t.Columns = append(t.Columns, c)
		}
	}
	return t
}

// RowsOf are the rows of [ByRegion] in a year, of some regions by place.
func (r *Regions) RowsOf(y *RegionYear, list []int) table.Rows {
	t := ByRegion()
	rows := t.NewRows(len(list))
	for _, i := range list {
		r.addYear(rows, t, y, i, i+1)
	}
	return rows
}

// addYear appends one year of some regions, from one place up to another.
func (r *Regions) addYear(rows table.Rows, t *table.Table, y *RegionYear, from, to int) {
	for k, texts := range [][]string{r.Code, r.Name, r.Level, r.Parent} {
		rows[k].Text = append(rows[k].Text, texts[from:to]...)
	}
	for range to - from {
		rows[4].Integer, rows[5].Text = append(rows[4].Integer, y.Year), append(rows[5].Text, y.Scenario)
	}
	for k := identityColumns; k < len(t.Columns); k++ {
		rows[k].Real = append(rows[k].Real, y.Column(t.Columns[k].Name)[from:to]...)
	}
}

// yearsPerGroup bounds the memory of a row group.
const yearsPerGroup = 4

// everyYear gives every year and scenario, a few years of a scenario at a time.
func (r *Result) everyYear(ctx context.Context, t *table.Table) iter.Seq2[table.Rows, error] {
	return func(yield func(table.Rows, error) bool) {
		for _, scenario := range outlook.Scenarios() {
			for some := range slices.Chunk(r.Regions.Years, yearsPerGroup) {
				rows := t.NewRows(yearsPerGroup * r.Regions.Len())
				for _, year := range some {
					y, err := r.Regions.Year(year, scenario)
					if err = errors.Join(err, ctx.Err()); err != nil {
						yield(nil, err)
						return
					}
					r.Regions.addYear(rows, t, y, 0, r.Regions.Len())
				}
				if !yield(rows, nil) {
					return
				}
			}
		}
	}
}

// fileYears gives the study's scenario for the years of the text files, the years
// of a region below each other.
func (r *Result) fileYears(t *table.Table) iter.Seq2[table.Rows, error] {
	return func(yield func(table.Rows, error) bool) {
		years, err := r.yearsOf(FileYears())
		if err != nil {
			yield(nil, err)
			return
		}
		const some = 512 // regions
		for from := 0; from < r.Regions.Len(); from += some {
			rows := t.NewRows(some * len(years))
			for i := from; i < min(from+some, r.Regions.Len()); i++ {
				for _, y := range years {
					r.Regions.addYear(rows, t, y, i, i+1)
				}
			}
			if !yield(rows, nil) {
				return
			}
		}
	}
}

// yearsOf are years of the study's scenario.
func (r *Result) yearsOf(years []int) (out []*RegionYear, err error) {
	for _, year := range years {
		y, err := r.Regions.Year(year, r.Study.Outlook.Scenario)
		if err != nil {
			return nil, err
		}
		out = append(out, y)
	}
	return out, nil
}
