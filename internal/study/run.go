// Package study runs a study: from a study file to results to a result folder.
//
// What enters: assumptions (package assume) and input files.
// What leaves: a [Result], and the files that docs/results.md describes. Power
// is in kW per home, positive when charging; energy in kWh per home and year;
// money in EUR per home and year.
package study

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/getij/getij/dispatch"
	"github.com/getij/getij/internal/assume"
	"github.com/getij/getij/internal/cohort"
	"github.com/getij/getij/internal/dataset"
	"github.com/getij/getij/internal/home"
	"github.com/getij/getij/internal/potential"
	"github.com/getij/getij/internal/reference"
	"github.com/getij/getij/internal/series"
	"github.com/getij/getij/internal/session"
	"github.com/getij/getij/internal/tariff"
)

// Result is everything that a study found.
type Result struct {
	Study   *assume.Study
	Axis    *series.Axis
	Inputs  []Input
	Changes Changes
	LoadKW  []float64 // of one home, per step, without the car
	SolarKW []float64
	Cases   []*Case
	// SessionsFit shows the sampler that homes were drawn with against the sessions
	// it was fitted to; nil for other studies, and where only profiles were asked
	// for.
	SessionsFit *session.Comparison
	// Regional is nil where only profiles were asked for.
	Regional *Regional
	Stages   []Stage
}

// Case is a contract and a way to charge.
type Case struct {
	*cohort.Result
	Summary CaseSummary
	ByMonth *series.MonthTable
	ByWeek  *series.WeekTable
	ByDay   [series.QuartersPerDay]float64
}

// Name names the case in columns: dynamic_v2g.
func (c *Case) Name() string { return c.Contract + "_" + c.Mode.String() }

// Case finds a case of the result, or nil.
func (r *Result) Case(contract string, mode dispatch.Mode) *Case {
	for _, c := range r.Cases {
		if c.Contract == contract && c.Mode == mode {
			return c
		}
	}
	return nil
}

// Input is one input of a study: a file, or what is built in.
type Input struct {
	dataset.Report
	Source    string `json:"source"`    // for people
	Synthetic bool   `json:"synthetic"` // drawn from statistics, not observed
}

// Changes counts everything that was changed to make inputs fit the model.
type Changes struct {
	SessionsCutBattery    int     `json:"sessions_cut_to_battery"`
	SessionsCutBatteryKWh float64 `json:"sessions_cut_to_battery_kwh"`
	SessionsCutTime       int     `json:"sessions_cut_to_connection_time"`
	SessionsCutTimeKWh    float64 `json:"sessions_cut_to_connection_time_kwh"`
	SessionsTotal         int     `json:"sessions_total"`
	SessionsTotalKWh      float64 `json:"sessions_total_kwh"` // before cutting
	// Of real sessions only.
	SessionsMovedWeeks int `json:"sessions_moved_weeks"`
	SessionsOutside    int `json:"sessions_outside_year"`
	SessionsOverlap    int `json:"sessions_overlapping"`
	SessionsMerged     int `json:"sessions_merged"`
	SessionsTooShort   int `json:"sessions_lengthened_to_a_quarter"`
	Users              int `json:"users"`
	HomesSharingUser   int `json:"homes_sharing_a_user"`
	// Steps of sessions at which a home alone exceeds its connection, where the
	// limit bends to the home.
	StepsBeyondConnection int `json:"steps_beyond_connection"`
}

// Stage is how long a part of the work took.
type Stage struct {
	Name    string  `json:"name"`
	Seconds float64 `json:"seconds"`
}

// Progress hears how far a run is: a stage by name, and work done of a total.
// It is called from several goroutines.
type Progress func(stage string, done, total int)

// Run computes a study: profiles and regions.
func Run(ctx context.Context, s *assume.Study, progress Progress) (*Result, error) {
	return run(ctx, s, progress, true)
}

// RunProfiles computes the homes of a study and leaves out coincidence and
// regions: for answers while somebody watches.
func RunProfiles(ctx context.Context, s *assume.Study, progress Progress) (*Result, error) {
	return run(ctx, s, progress, false)
}

func run(ctx context.Context, s *assume.Study, progress Progress, whole bool) (*Result, error) {
	if progress == nil {
		progress = func(string, int, int) {}
	}
	r := &Result{Study: s, Axis: series.NewYear(s.Year)}
	start := time.Now()
	stage := func(name string) {
		r.Stages = append(r.Stages, Stage{name, time.Since(start).Seconds()})
		start = time.Now()
	}
	progress("reading inputs", 0, 1)
	dayAhead, err := r.readSeries()
	if err != nil {
		return nil, &assume.InputError{Err: err}
	}
	homes, err := r.homes(whole)
	if err != nil {
		return nil, &assume.InputError{Err: err}
	}
	cases, err := r.prices(dayAhead)
	if err != nil {
		return nil, &assume.InputError{Err: err}
	}
	if whole {
		if err := r.readRegional(); err != nil {
			return nil, &assume.InputError{Err: err}
		}
	}
	stage("inputs")
	var groups []int
	if whole {
		groups = cohort.GroupSizes()
	}
	results, err := cohort.Run(ctx, &cohort.Input{
		Axis: r.Axis, Homes: homes, Cases: cases, Seed: s.Seed, Groups: groups,
		Progress: func(done, total int) { progress("optimising", done, total) },
	})
	if err != nil {
		return nil, err
	}
	stage("optimisation")
	for _, c := range results {
		r.Cases = append(r.Cases, r.newCase(c))
	}
	for _, c := range r.Cases {
		if regular := r.Case(c.Contract, dispatch.Regular); regular != nil {
			saving := regular.Summary.EnergyCostEUR - c.Summary.EnergyCostEUR
			c.Summary.SavingVsRegularEUR = &saving
		}
	}
	for _, h := range r.Cases[0].Homes {
		r.Changes.StepsBeyondConnection += h.BeyondLimit
	}
	if whole {
		p := &s.Potential
		r.Regional.Model, err = r.PotentialModel(potential.Settings{Rule: p.KWPerChargePoint.Rule, KW: p.KWPerChargePoint.KW, Adoption: p.Adoption})
		if err != nil {
			return nil, &assume.InputError{Err: err}
		}
	}
	stage("tables")
	return r, nil
}

// readSeries reads prices, load and solar, and returns day-ahead prices in
// EUR/MWh per step.
func (r *Result) readSeries() (dayAhead []float64, err error) {
	s := r.Study
	year := reference.NewYear(r.Axis)
	var load, solar []float64
	for _, in := range []struct {
		kind    dataset.Kind
		file    string
		builtIn []float64
		place   func(*series.Series) ([]float64, error)
		to      *[]float64
	}{
		{dataset.Prices, s.Data.Prices, year.DayAheadEURPerMWh, r.Axis.OnAxis, &dayAhead},
		{dataset.Load, s.Data.Load, reference.Load(r.Axis), r.Axis.ByWeekday, &load},
		{dataset.Solar, s.Data.Solar, year.SolarFraction, r.Axis.ByDate, &solar},
	} {
		if in.file == assume.Reference {
			r.Inputs = append(r.Inputs, referenceInput(string(in.kind), r.Axis))
			*in.to = in.builtIn
			continue
		}
		raw, rep, err := dataset.ReadSeries(s.Path(in.file), in.kind)
		if err != nil {
			return nil, fmt.Errorf("data.%s: %w", in.kind, err)
		}
		if *in.to, err = in.place(raw); err != nil {
			return nil, fmt.Errorf("data.%s: %s: %w", in.kind, in.file, err)
		}
		rep.File = in.file
		r.Inputs = append(r.Inputs, Input{Report: *rep, Source: "file of the study"})
	}
	if r.LoadKW, err = series.ToKW(load, s.Home.LoadKWhPerYear); err != nil {
		return nil, fmt.Errorf("data.load: %w", err)
	}
	if r.SolarKW, err = series.ToKW(solar, s.Home.SolarKWhPerYear); err != nil {
		return nil, fmt.Errorf("data.solar: %w", err)
	}
	return dayAhead, nil
}

// referenceInput describes a built-in input.
func referenceInput(kind string, axis *series.Axis) Input {
	in := Input{Report: dataset.Report{
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
func (r *Result) homes(whole bool) ([]*home.Home, error) {
	s := r.Study
	net := make([]float64, r.Axis.Len())
	for t := range net {
		net[t] = r.LoadKW[t] - r.SolarKW[t]
	}
	sessions, err := r.sessions(whole)
	if err != nil {
		return nil, err
	}
	homes := make([]*home.Home, s.Homes)
	own, err := r.meters()
	if err != nil {
		return nil, err
	}
	var cuts home.Cuts
	for i := range homes {
		h := &home.Home{
			NetKW: net, ConnectionKW: s.Home.ConnectionKW,
			Car:      home.Car{BatteryKWh: s.Car.BatteryKWh, MinSoC: s.Car.MinSoC, DepartureSoC: s.Car.DepartureSoC},
			Charger:  home.Charger(s.Charger),
			Sessions: sessions(i),
		}
		if own != nil {
			h.NetKW = own[i]
		}
		for _, x := range h.Sessions {
			r.Changes.SessionsTotal++
			r.Changes.SessionsTotalKWh += x.EnergyKWh
		}
		cuts.Add(h.Fit())
		homes[i] = h
	}
	r.Changes.SessionsCutBattery, r.Changes.SessionsCutBatteryKWh = cuts.Battery, cuts.BatteryKWh
	r.Changes.SessionsCutTime, r.Changes.SessionsCutTimeKWh = cuts.Time, cuts.TimeKWh
	return homes, nil
}

// meters gives each home its own net load from data.meters, drawn by the seed,
// and makes LoadKW their mean; nil where all homes share one shape.
func (r *Result) meters() ([][]float64, error) {
	s := r.Study
	if s.Data.Meters == assume.None {
		return nil, nil
	}
	meters, rep, err := dataset.ReadMeters(s.Path(s.Data.Meters))
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
	r.Inputs = append(r.Inputs, Input{Report: *rep, Source: "file of the study"})
	return out, nil
}

// prices lists the cases: every contract with every mode.
func (r *Result) prices(dayAhead []float64) ([]cohort.Case, error) {
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
		for _, m := range modes {
			cases = append(cases, cohort.Case{Contract: t.Name, Mode: m, Prices: p})
		}
	}
	return cases, nil
}

// SyntheticNote says which inputs are synthetic, or "" when none is.
func (r *Result) SyntheticNote() string {
	var kinds []string
	for _, in := range r.Inputs {
		if in.Synthetic {
			kinds = append(kinds, in.Kind)
		}
	}
	if len(kinds) == 0 {
		return ""
	}
	return "synthetic reference data: " + strings.Join(kinds, ", ")
}
