// Package profiles computes the homes of a study: the year of each under every contract
// and way to charge, and the means of them. A laboratory needs no more than this, and no
// file of regions or database.
//
// What enters: assumptions (package assume) and what the homes are made of (package
// inputs). What leaves: a [result.Result] without regions. Power is in kW per home,
// positive when charging; energy in kWh per home and year; money in EUR per home and year.
package profiles

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/getij/getij/dispatch"
	"github.com/getij/getij/internal/assume"
	"github.com/getij/getij/internal/cohort"
	"github.com/getij/getij/internal/home"
	"github.com/getij/getij/internal/inputs"
	"github.com/getij/getij/internal/reference"
	"github.com/getij/getij/internal/result"
	"github.com/getij/getij/internal/series"
)

// Progress hears how far a run is: a stage by name, and work done of a total.
// It is called from several goroutines.
type Progress func(stage string, done, total int)

// Run computes the homes of a study and leaves out coincidence and regions: for answers
// while somebody watches. Without files, a study that names one is an error.
func Run(ctx context.Context, s *assume.Study, files inputs.Files, progress Progress) (*result.Result, error) {
	if progress == nil {
		progress = func(string, int, int) {}
	}
	r := inputs.New(s, files)
	stage := Stages(r)
	progress("reading inputs", 0, 1)
	homes, cases, err := Inputs(ctx, r, false)
	if err != nil {
		return nil, &assume.InputError{Err: err}
	}
	stage("inputs")
	results, err := cohort.Run(ctx, &cohort.Input{
		Axis: r.Axis, Homes: homes, Cases: cases, Seed: s.Seed,
		Progress: func(done, total int) { progress("optimising", done, total) },
	})
	if err != nil {
		return nil, OfInput(err)
	}
	stage("optimisation")
	AddCases(r, results)
	r.Manifest.Notes = Notes(r)
	r.Findings = result.Find(&r.Result)
	stage("tables")
	return &r.Result, nil
}

// Stages tells the manifest how long each stage took that ends.
func Stages(r *inputs.Workbench) (ended func(name string)) {
	start := time.Now()
	return func(name string) {
		r.Manifest.Stages = append(r.Manifest.Stages, result.Stage{Name: name, Seconds: time.Since(start).Seconds()})
		start = time.Now()
	}
}

// Inputs reads everything about homes that a user can get wrong, before the long work. A
// whole run compares a fitted sampler with its data.
func Inputs(ctx context.Context, r *inputs.Workbench, whole bool) (homes []*home.Home, cases []cohort.Case, err error) {
	year := reference.NewYear(r.Axis)
	dayAhead, err := r.ReadPrices(ctx, year)
	if err != nil {
		return nil, nil, err
	}
	if err := r.ReadHousehold(ctx, year); err != nil {
		return nil, nil, err
	}
	if homes, err = r.MakeHomes(ctx, whole); err != nil {
		return nil, nil, err
	}
	cases, err = r.MakeCases(ctx, dayAhead, homes)
	return homes, cases, err
}

// OfInput makes an error that comes from what the study asks for one of input: which home
// fits in no subscription is known once its year is solved.
func OfInput(err error) error {
	if _, ok := errors.AsType[*home.NoBandError](err); ok {
		return &assume.InputError{Err: &assume.SettingError{Err: err}}
	}
	return err
}

// AddCases takes up what the cohort found.
func AddCases(r *inputs.Workbench, results []*cohort.Result) {
	know := r.Study.Knows()
	for _, res := range results {
		c := result.NewCase(r.Axis, res, &know)
		c.Summary.PlugInRewardEUR = r.Study.Behaviour.RewardEURPerHour * c.Summary.PluggedInShare * float64(r.Axis.Len()) * series.StepHours
		r.Cases = append(r.Cases, c)
	}
	for _, c := range r.Cases {
		c.Against(r.Case(c.Contract, dispatch.Regular))
		r.Summary.Cases = append(r.Summary.Cases, c.Summary)
	}
	for _, h := range results[0].Homes {
		r.Manifest.Changes.StepsBeyondConnection += h.BeyondLimit
	}
}

// Notes are what a reader of the profiles must know, in a sentence each.
func Notes(r *inputs.Workbench) []string {
	out := r.Notes()
	if loss := r.Study.Charger.IdleLossKW; loss > 0 {
		most := 0.0
		for _, c := range r.Summary.Cases {
			most = max(most, c.GapEUR)
		}
		out = append(out, fmt.Sprintf("with %g kW lost at any power costs are not convex: those of the schedules found are EUR %.2f a home above a proven bound at most, in the mean over homes", loss, most))
	}
	if kWh := r.Study.Home.BatteryKWh; kWh > 0 {
		most := 0.0
		for _, c := range r.Summary.Cases {
			most = max(most, c.GapEUR)
		}
		out = append(out, fmt.Sprintf("every home has a battery of %g kWh: costs are those of home, car and battery together, EUR %.2f a home above a proven bound at most, in the mean over homes; powers, peaks and profiles are of car and household alone, while each home's month_peak_kw, net_kwh, fed_in_kwh, own_solar_kwh and home_fed_in_kwh are of its meter, battery included", kWh, most))
	}
	if !slices.Contains(r.Study.Modes, "regular") {
		out = append(out, "the study has no mode regular, which savings and peaks are held against: add it to modes to have them")
	}
	return out
}
