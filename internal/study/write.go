package study

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"math"
	"path/filepath"
	"reflect"
	"runtime"
	"strconv"
	"sync"
	"time"

	"github.com/parquet-go/parquet-go"

	"github.com/getij/getij/internal/durable"
	"github.com/getij/getij/internal/home"
	"github.com/getij/getij/internal/series"
)

// Manifest is manifest.json: how the results came about.
type Manifest struct {
	Program     string    `json:"program"` // getij
	Version     string    `json:"version"`
	Commit      string    `json:"commit,omitempty"`
	Written     time.Time `json:"written"`
	Study       string    `json:"study"`
	Seed        uint64    `json:"seed"`
	Inputs      []Input   `json:"inputs"`
	Changes     Changes   `json:"changes"`
	Notes       []string  `json:"notes"` // what a reader of the results must know
	Stages      []Stage   `json:"stages"`
	WallSeconds float64   `json:"wall_seconds"`
	Files       []File    `json:"files"` // what the folder holds besides
}

// Version says which program wrote a result.
type Version struct{ Version, Commit string }

// Manifest describes the run.
func (r *Result) Manifest(v Version) *Manifest {
	m := &Manifest{
		Program: "getij", Version: v.Version, Commit: v.Commit, Written: time.Now().UTC().Truncate(time.Second),
		Study: r.Study.Name, Seed: r.Study.Seed, Inputs: r.Inputs, Changes: r.Changes, Stages: r.Stages, Notes: r.Notes(),
	}
	for _, s := range r.Stages {
		m.WallSeconds += s.Seconds
	}
	return m
}

// Write writes the result's tables into a folder, and last the manifest, which lists
// what is there by then.
func (r *Result) Write(ctx context.Context, dir string, v Version) error {
	start := time.Now()
	summary, err := r.Summary()
	if err != nil {
		return err
	}
	var files []file
	if g := r.Regional; g != nil { // the longest first
		chain, potential := g.ChainColumns(), g.PotentialColumns()
		files = append(files,
			stream("charge_points.parquet", func(w io.Writer) error { return r.writeRegionsParquet(ctx, w, chain) }),
			stream("potential.parquet", func(w io.Writer) error { return r.writeRegionsParquet(ctx, w, potential) }),
			file{"potential.gpkg", r.writeGeoPackage},
			stream("charge_points.csv", func(w io.Writer) error { return r.writeRegionsCSV(w, chain) }),
			stream("potential.csv", func(w io.Writer) error { return r.writeRegionsCSV(w, potential) }),
			stream("potential.xlsx", r.writeWorkbook))
	}
	files = append(files,
		stream("study.yaml", r.writeStudy),
		stream("summary.json", func(w io.Writer) error { return writeJSON(w, summary) }),
		stream("profiles.csv", r.writeProfiles),
		stream("profiles.parquet", r.writeProfilesParquet),
		stream("heatmap.csv", r.writeHeatmap),
		stream("week.csv", r.writeWeek),
		stream("homes.csv", r.writeHomes),
		stream("coincidence.csv", r.writeCoincidence))
	if r.SessionsFit != nil {
		files = append(files, stream("sessions_fit.csv", r.writeSessionsFit))
	}
	if err := writeFiles(dir, files); err != nil {
		return err
	}
	r.Stages = append(r.Stages, Stage{"files", time.Since(start).Seconds()})
	m := r.Manifest(v)
	if m.Files, err = listFiles(dir); err != nil {
		return err
	}
	return durable.WriteFile(filepath.Join(dir, ManifestFile), func(w io.Writer) error { return writeJSON(w, m) })
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

func (r *Result) writeStudy(w io.Writer) error {
	text, err := r.Study.YAML()
	if err != nil {
		return err
	}
	_, err = w.Write(text)
	return err
}

// row builds CSV lines without going through strings.
type row struct{ b []byte }

func (r *row) text(s string) *row { r.sep(); r.b = append(r.b, s...); return r }
func (r *row) int(i int) *row     { r.sep(); r.b = strconv.AppendInt(r.b, int64(i), 10); return r }

// number appends a number with at most the given decimals.
func (r *row) number(v float64, decimals int) *row {
	r.sep()
	scale := math.Pow10(decimals)
	if v = math.Round(v*scale) / scale; v == 0 {
		v = 0 // not -0
	}
	r.b = strconv.AppendFloat(r.b, v, 'f', -1, 64)
	return r
}

func (r *row) sep() {
	if len(r.b) > 0 {
		r.b = append(r.b, ',')
	}
}

func (r *row) write(w io.Writer) error {
	r.b = append(r.b, '\n')
	_, err := w.Write(r.b)
	r.b = r.b[:0]
	return err
}

// Decimals of the files: a milliwatt, a watt-hour, a hundredth of a cent.
const (
	kwDecimals  = 6
	kwhDecimals = 3
	eurDecimals = 4
)

type column struct {
	name   string
	values []float64
}

func (r *Result) profileColumns() []column {
	var out []column
	for _, c := range r.Cases {
		out = append(out, column{c.Name() + "_kw", c.MeanKW})
	}
	return append(out, column{"home_load_kw", r.LoadKW}, column{"home_solar_kw", r.SolarKW})
}

func (r *Result) writeProfiles(w io.Writer) error {
	columns := r.profileColumns()
	var line row
	line.text("utc_start")
	for _, c := range columns {
		line.text(c.name)
	}
	if err := line.write(w); err != nil {
		return err
	}
	for t := range r.Axis.Len() {
		line.text(r.Axis.Time(t).Format("2006-01-02T15:04:05Z"))
		for _, c := range columns {
			line.number(c.values[t], kwDecimals)
		}
		if err := line.write(w); err != nil {
			return err
		}
	}
	return nil
}

func (r *Result) writeProfilesParquet(w io.Writer) error {
	columns := r.profileColumns()
	// A struct type keeps the order of the columns, which a group would sort.
	fields := []reflect.StructField{{Name: "UTCStart", Type: reflect.TypeFor[time.Time](), Tag: `parquet:"utc_start,timestamp(millisecond)"`}}
	for i, c := range columns {
		fields = append(fields, reflect.StructField{
			Name: "C" + strconv.Itoa(i), Type: reflect.TypeFor[float64](), Tag: reflect.StructTag(`parquet:"` + c.name + `"`),
		})
	}
	schema := parquet.SchemaOf(reflect.New(reflect.StructOf(fields)).Interface())
	out := parquet.NewWriter(w, schema, parquet.Compression(&parquet.Zstd))
	rows := make([]parquet.Row, 0, 1024)
	flush := func() error {
		_, err := out.WriteRows(rows)
		rows = rows[:0]
		return err
	}
	for t := range r.Axis.Len() {
		values := make(parquet.Row, 0, 1+len(columns))
		values = append(values, parquet.Int64Value(r.Axis.Time(t).UnixMilli()).Level(0, 0, 0))
		for i, c := range columns {
			values = append(values, parquet.DoubleValue(c.values[t]).Level(0, 0, i+1))
		}
		if rows = append(rows, values); len(rows) == cap(rows) {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	if err := flush(); err != nil {
		return err
	}
	return out.Close()
}

func (r *Result) writeHeatmap(w io.Writer) error {
	var line row
	if err := line.text("contract,mode,month,quarter_of_day,kw_per_home").write(w); err != nil {
		return err
	}
	for _, c := range r.Cases {
		for m := range 12 {
			for q := range series.QuartersPerDay {
				line.text(c.Contract).text(c.Mode.String()).int(m+1).int(q).number(c.ByMonth[m][q], kwDecimals)
				if err := line.write(w); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func (r *Result) writeWeek(w io.Writer) error {
	var line row
	if err := line.text("contract,mode,quarter_of_week,kw_per_home").write(w); err != nil {
		return err
	}
	for _, c := range r.Cases {
		for q, kw := range c.ByWeek {
			if err := line.text(c.Contract).text(c.Mode.String()).int(q).number(kw, kwDecimals).write(w); err != nil {
				return err
			}
		}
	}
	return nil
}

func (r *Result) writeHomes(w io.Writer) error {
	var line row
	if err := line.text("home,contract,mode,charged_kwh,discharged_kwh,fed_in_kwh,own_solar_kwh,energy_cost_eur,saving_vs_regular_eur,evening_mean_kw,sessions,plugged_in_share").write(w); err != nil {
		return err
	}
	for _, c := range r.Cases {
		savings := r.Savings(c)
		for i := range c.Homes {
			h := &c.Homes[i]
			line.int(i+1).text(c.Contract).text(c.Mode.String()).
				number(h.ChargedKWh, kwhDecimals).number(h.DischargedKWh, kwhDecimals).
				number(h.FedInKWh, kwhDecimals).number(h.OwnSolarKWh, kwhDecimals).number(h.CostEUR, eurDecimals)
			if savings == nil {
				line.text("")
			} else {
				line.number(savings[i], eurDecimals)
			}
			line.number(h.EveningKW, kwDecimals).int(h.Sessions).number(float64(h.PluggedSteps)/float64(r.Axis.Len()), 6)
			if err := line.write(w); err != nil {
				return err
			}
		}
	}
	return nil
}

// Savings are what each home saves in a case against regular charging, in EUR a
// year; nil when the study has no regular charging.
func (r *Result) Savings(c *Case) []float64 {
	var regular []home.Year
	for _, o := range r.Cases {
		if o.Contract == c.Contract && o.Mode.String() == "regular" {
			regular = o.Homes
		}
	}
	if regular == nil {
		return nil
	}
	out := make([]float64, len(c.Homes))
	for i := range out {
		out[i] = regular[i].CostEUR - c.Homes[i].CostEUR
	}
	return out
}

func (r *Result) writeCoincidence(w io.Writer) error {
	var line row
	if err := line.text("contract,mode,homes,peak_charge_kw_p5,peak_charge_kw_p50,peak_charge_kw_p95,peak_discharge_kw_p5,peak_discharge_kw_p50,peak_discharge_kw_p95").write(w); err != nil {
		return err
	}
	for _, c := range r.Cases {
		for _, g := range c.Coincidence {
			line.text(c.Contract).text(c.Mode.String()).int(g.Homes)
			for _, v := range []float64{g.PeakChargeKW.P5, g.PeakChargeKW.P50, g.PeakChargeKW.P95, g.PeakDischargeKW.P5, g.PeakDischargeKW.P50, g.PeakDischargeKW.P95} {
				line.number(v, kwDecimals)
			}
			if err := line.write(w); err != nil {
				return err
			}
		}
	}
	return nil
}
