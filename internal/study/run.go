// Package study runs a study: from assumptions and input files to a result.
//
// What enters: assumptions (package assume) and the files that they name. What
// leaves: a [result.Result]. Power is in kW per home, positive when charging; energy
// in kWh per home and year; money in EUR per home and year.
package study

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/getij/getij/internal/assume"
	"github.com/getij/getij/internal/cohort"
	"github.com/getij/getij/internal/dataset"
	"github.com/getij/getij/internal/foresight"
	"github.com/getij/getij/internal/home"
	"github.com/getij/getij/internal/reference"
	"github.com/getij/getij/internal/result"
	"github.com/getij/getij/internal/series"
	"github.com/getij/getij/internal/session"
	"github.com/getij/getij/internal/tariff"
)

// workbench is a result in the making.
type workbench struct {
	result.Result
	regional *regional                        // nil where only profiles are asked for
	drawn    func(home int) []session.Session // each home's sessions, before they are fitted
	askedKWh float64                          // what all cars need of them; 0 where a file gives them
}

func newWorkbench(s *assume.Study) *workbench {
	r := &workbench{Result: result.Result{
		Study: s, Axis: series.NewYear(s.Year), Manifest: &result.Manifest{},
		Summary: &result.Summary{Study: s.Name, Year: s.Year, Homes: s.Homes, Seed: s.Seed},
	}}
	r.Summary.Steps = r.Axis.Len()
	return r
}

// Progress hears how far a run is: a stage by name, and work done of a total.
// It is called from several goroutines.
type Progress func(stage string, done, total int)

// Run computes a study: profiles and regions.
func Run(ctx context.Context, s *assume.Study, progress Progress) (*result.Result, error) {
	return run(ctx, s, progress, true)
}

// RunProfiles computes the homes of a study and leaves out coincidence and
// regions: for answers while somebody watches.
func RunProfiles(ctx context.Context, s *assume.Study, progress Progress) (*result.Result, error) {
	return run(ctx, s, progress, false)
}

func run(ctx context.Context, s *assume.Study, progress Progress, whole bool) (*result.Result, error) {
	if progress == nil {
		progress = func(string, int, int) {}
	}
	r := newWorkbench(s)
	start := time.Now()
	stage := func(name string) {
		r.Manifest.Stages = append(r.Manifest.Stages, result.Stage{Name: name, Seconds: time.Since(start).Seconds()})
		start = time.Now()
	}
	progress("reading inputs", 0, 1)
	homes, cases, err := r.inputs(ctx, whole)
	if err != nil {
		return nil, &assume.InputError{Err: err}
	}
	stage("inputs")
	var groups []int
	if whole {
		groups = cohort.GroupSizes()
	}
	results, err := cohort.Run(ctx, &cohort.Input{
		Axis: r.Axis, Homes: homes, Cases: cases, Seed: s.Seed, Groups: groups, StoredValue: whole,
		Progress: func(done, total int) { progress("optimising", done, total) },
	})
	if err != nil {
		return nil, err
	}
	stage("optimisation")
	r.addCases(results)
	if whole {
		r.PickSteps()
		if r.regional.uncertain, err = r.vary(ctx, progress, homes, cases); err != nil {
			return nil, err
		}
		stage("assumptions varied")
		if err := r.addRegions(results); err != nil {
			return nil, &assume.InputError{Err: err}
		}
	}
	r.Manifest.Notes = r.notes()
	r.Findings = result.Find(&r.Result)
	stage("tables")
	return &r.Result, nil
}

// inputs reads everything that a user can get wrong, before the long work.
func (r *workbench) inputs(ctx context.Context, whole bool) (homes []*home.Home, cases []cohort.Case, err error) {
	year := reference.NewYear(r.Axis)
	dayAhead, err := r.readPrices(ctx, year)
	if err != nil {
		return nil, nil, err
	}
	if err := r.readHousehold(ctx, year); err != nil {
		return nil, nil, err
	}
	if homes, err = r.homes(ctx, whole); err != nil {
		return nil, nil, err
	}
	if cases, err = r.cases(dayAhead); err != nil {
		return nil, nil, err
	}
	if whole {
		err = r.readRegional(ctx)
	}
	return homes, cases, err
}

// readPrices returns day-ahead prices in EUR/MWh per step.
func (r *workbench) readPrices(ctx context.Context, year *reference.Year) ([]float64, error) {
	prices, err := r.readSeries(ctx, dataset.Prices, r.Study.Data.Prices, year.DayAheadEURPerMWh, r.Axis.OnAxis)
	p := r.Study.Prices
	return series.Spread(prices, p.SpreadFactor, p.MeanAddEURPerMWh), err
}

// readHousehold reads load and solar.
func (r *workbench) readHousehold(ctx context.Context, year *reference.Year) error {
	s := r.Study
	load, err := r.readSeries(ctx, dataset.Load, s.Data.Load, reference.Load(r.Axis), r.Axis.ByWeekday)
	if err != nil {
		return err
	}
	solar, err := r.readSeries(ctx, dataset.Solar, s.Data.Solar, year.SolarFraction, r.Axis.ByDate)
	if err != nil {
		return err
	}
	if r.LoadKW, err = series.ToKW(load, s.Home.LoadKWhPerYear); err != nil {
		return fmt.Errorf("data.load: %w", err)
	}
	if r.SolarKW, err = series.ToKW(solar, s.Home.SolarKWhPerYear); err != nil {
		return fmt.Errorf("data.solar: %w", err)
	}
	return nil
}

// readSeries reads a file, or takes what is built in, and places it on the year.
func (r *workbench) readSeries(ctx context.Context, kind dataset.Kind, file string, builtIn []float64, place func(*series.Series) ([]float64, error)) ([]float64, error) {
	if file == assume.Reference {
		if kind != dataset.Load || r.Study.Data.Meters == assume.None { // meters take its place
			r.Manifest.Inputs = append(r.Manifest.Inputs, referenceInput(string(kind), r.Axis))
		}
		return builtIn, nil
	}
	raw, rep, err := dataset.ReadSeries(ctx, r.Study.Path(file), kind)
	if err != nil {
		return nil, fmt.Errorf("data.%s: %w", kind, err)
	}
	values, err := place(raw)
	if err != nil {
		return nil, fmt.Errorf("data.%s: %s: %w", kind, file, err)
	}
	rep.File = file
	r.Manifest.Inputs = append(r.Manifest.Inputs, result.Input{Report: *rep, Source: "file of the study"})
	return values, nil
}

// referenceInput describes a built-in input.
func referenceInput(kind string, axis *series.Axis) result.Input {
	in := result.Input{Report: dataset.Report{
		Kind: kind, File: assume.Reference, Mends: []dataset.Mend{},
		From: axis.Start.Format("2006-01-02T15:04Z"), To: axis.End().Format("2006-01-02T15:04Z"),
	}}
	for _, s := range reference.Sources() {
		if s.Kind == kind {
			in.Source, in.Synthetic = s.Text, s.Synthetic
		}
	}
	sum := sha256.New()
	for _, f := range reference.Files(kind) {
		b, err := reference.Bytes(f)
		if err != nil {
			panic(err) // embedded
		}
		sum.Write(b)
	}
	in.SHA256 = hex.EncodeToString(sum.Sum(nil))
	return in
}

// homes makes the cohort: sessions sampled or real, fitted to car and charger.
func (r *workbench) homes(ctx context.Context, whole bool) ([]*home.Home, error) {
	s := r.Study
	net := make([]float64, r.Axis.Len())
	for t := range net {
		net[t] = r.LoadKW[t] - r.SolarKW[t]
	}
	var err error
	if r.drawn, err = r.sessions(ctx, whole); err != nil {
		return nil, err
	}
	homes := make([]*home.Home, s.Homes)
	own, err := r.meters(ctx)
	if err != nil {
		return nil, err
	}
	know, err := r.knowledge(s)
	if err != nil {
		return nil, &assume.SettingError{Key: "behaviour", Err: fmt.Errorf("behaviour: %w", err)}
	}
	var cuts home.Cuts
	for i := range homes {
		h := newHome(s, net, r.drawn(i), know(i))
		if own != nil {
			h.NetKW = own[i]
		}
		for _, x := range h.Sessions {
			r.Manifest.Changes.SessionsTotal++
			r.Manifest.Changes.SessionsTotalKWh += x.EnergyKWh
		}
		cuts.Add(h.Fit())
		homes[i], r.Sessions = h, append(r.Sessions, h.Sessions)
	}
	r.Manifest.Changes.SessionsCutBattery, r.Manifest.Changes.SessionsCutBatteryKWh = cuts.Battery, cuts.BatteryKWh
	r.Manifest.Changes.SessionsCutTime, r.Manifest.Changes.SessionsCutTimeKWh = cuts.Time, cuts.TimeKWh
	return homes, nil
}

// newHome is a home with the study's car and charger.
func newHome(s *assume.Study, netKW []float64, sessions []session.Session, know *foresight.Knowledge) *home.Home {
	h := &home.Home{
		NetKW: netKW, ConnectionKW: s.Home.ConnectionKW,
		Car:      home.Car{BatteryKWh: s.Car.BatteryKWh, MinSoC: s.Car.MinSoC, DepartureSoC: s.Car.DepartureSoC, WearEURPerKWh: s.Car.WearEURPerKWh},
		Charger:  home.Charger(s.Charger),
		Sessions: sessions, Knowledge: know,
	}
	if most := s.Car.DischargeCapKWh; most > 0 {
		h.Car.MostDischargedKWh = &most
	}
	if most := s.Car.DischargeCapHours; most > 0 {
		h.Car.MostDischargedHours = &most
	}
	return h
}

// meters gives each home its own net load from data.meters, drawn by the seed,
// and makes LoadKW their mean; nil where all homes share one shape.
func (r *workbench) meters(ctx context.Context) ([][]float64, error) {
	s := r.Study
	if s.Data.Meters == assume.None {
		return nil, nil
	}
	meters, rep, err := dataset.ReadMeters(ctx, s.Path(s.Data.Meters))
	if err != nil {
		return nil, fmt.Errorf("data.meters: %w", err)
	}
	rep.File = s.Data.Meters
	rep.Notes = append(rep.Notes, fmt.Sprintf("each home has a meter of its own out of %d, as recorded: home.load_kwh_per_year and data.load are not used", len(meters)))
	loads, nets := make([][]float64, len(meters)), make([][]float64, len(meters))
	for k, m := range meters {
		if loads[k], err = r.Axis.ByWeekday(m.Series); err != nil {
			return nil, fmt.Errorf("data.meters: %s, column %s: %w", s.Data.Meters, m.Column, err)
		}
		nets[k] = make([]float64, len(loads[k]))
		for t := range loads[k] {
			loads[k][t] /= m.Series.Every.Hours()
			nets[k][t] = loads[k][t] - r.SolarKW[t]
		}
	}
	order := rand.New(rand.NewPCG(s.Seed, 0x3e7e5)).Perm(len(meters))
	out := make([][]float64, s.Homes)
	clear(r.LoadKW)
	for i := range out {
		k := order[i%len(order)]
		out[i] = nets[k]
		for t, kw := range loads[k] {
			r.LoadKW[t] += kw / float64(s.Homes)
		}
	}
	r.Manifest.Inputs = append(r.Manifest.Inputs, result.Input{Report: *rep, Source: "file of the study"})
	return out, nil
}

// cases lists every contract with every mode.
func (r *workbench) cases(dayAhead []float64) ([]cohort.Case, error) {
	modes, err := r.Study.ModeList()
	if err != nil {
		return nil, err
	}
	var cases []cohort.Case
	for i := range r.Study.Contracts {
		t := r.Study.Contracts[i].Tariff()
		var p *tariff.Prices
		if p, err = t.Prices(r.Axis, dayAhead); err != nil {
			return nil, &assume.SettingError{Key: "contracts." + t.Name, Err: err}
		}
		r.Prices = append(r.Prices, &result.Prices{Contract: t.Name, Prices: p})
		r.Summary.Contracts = append(r.Summary.Contracts, result.ContractSummary{Contract: t.Name, NettedEURPerKWh: p.NettedEURPerKWh})
		for _, m := range modes {
			cases = append(cases, cohort.Case{Contract: t.Name, Mode: m, Prices: p})
		}
	}
	return cases, nil
}
