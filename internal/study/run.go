// Package study runs a study: from assumptions and input files to a result.
//
// What enters: assumptions (package assume) and the files that they name. What
// leaves: a [result.Result]. Power is in kW per home, positive when charging; energy
// in kWh per home and year; money in EUR per home and year.
package study

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/getij/getij/internal/assume"
	"github.com/getij/getij/internal/cohort"
	"github.com/getij/getij/internal/home"
	"github.com/getij/getij/internal/inputs"
	"github.com/getij/getij/internal/reference"
	"github.com/getij/getij/internal/result"
)

// workbench is a result in the making.
type workbench struct {
	*inputs.Workbench
	regional  *regional // nil where only profiles are asked for
	outlookOf string    // whose outlook gives a street its charge points, if any does
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
	r := &workbench{Workbench: inputs.New(s)}
	start := time.Now()
	stage := func(name string) {
		r.Manifest.Stages = append(r.Manifest.Stages, result.Stage{Name: name, Seconds: time.Since(start).Seconds()})
		start = time.Now()
	}
	if whole {
		if err := refuseFeedback(s, "a run with regions, whose number of charge points differs by year and scenario"); err != nil {
			return nil, err
		}
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
		return nil, ofInput(err)
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

// ofInput makes an error that comes from what the study asks for one of input: which home
// fits in no subscription is known once its year is solved.
func ofInput(err error) error {
	if _, ok := errors.AsType[*home.NoBandError](err); ok {
		return &assume.InputError{Err: &assume.SettingError{Err: err}}
	}
	return err
}

// inputs reads everything that a user can get wrong, before the long work.
func (r *workbench) inputs(ctx context.Context, whole bool) (homes []*home.Home, cases []cohort.Case, err error) {
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
	if cases, err = r.MakeCases(ctx, dayAhead, homes); err != nil {
		return nil, nil, err
	}
	if whole {
		err = r.readRegional(ctx)
	}
	return homes, cases, err
}

// refuseFeedback refuses prices that follow the cars where they have no place.
func refuseFeedback(s *assume.Study, where string) error {
	slope := s.Prices.FeedbackEURPerMWhPerGW
	if slope == 0 {
		return nil
	}
	return &assume.InputError{Err: &assume.ValueError{
		Key: "prices.feedback_eur_per_mwh_per_gw", Value: fmt.Sprint(slope),
		Want: "0 was expected in " + where + ": prices that follow the cars are for getij compare and the laboratory",
	}}
}
