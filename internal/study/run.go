// Package study runs a study: from assumptions and input files to a result.
//
// What enters: assumptions (package assume) and the files that they name. What
// leaves: a [result.Result]. Power is in kW per home, positive when charging; energy
// in kWh per home and year; money in EUR per home and year.
package study

import (
	"context"
	"fmt"

	"github.com/getij/getij/internal/assume"
	"github.com/getij/getij/internal/cohort"
	"github.com/getij/getij/internal/dataset"
	"github.com/getij/getij/internal/inputs"
	"github.com/getij/getij/internal/profiles"
	"github.com/getij/getij/internal/result"
)

// workbench is a result in the making.
type workbench struct {
	*inputs.Workbench
	regional  *regional // nil where only profiles are asked for
	outlookOf string    // whose outlook gives a street its charge points, if any does
}

// Progress is as of the homes alone.
type Progress = profiles.Progress

// RunProfiles computes the homes of a study alone.
func RunProfiles(ctx context.Context, s *assume.Study, progress Progress) (*result.Result, error) {
	return profiles.Run(ctx, s, dataset.Files{}, progress)
}

// Run computes a study: profiles and regions.
func Run(ctx context.Context, s *assume.Study, progress Progress) (*result.Result, error) {
	if progress == nil {
		progress = func(string, int, int) {}
	}
	r := &workbench{Workbench: inputs.New(s, dataset.Files{})}
	stage := profiles.Stages(r.Workbench)
	if err := refuseFeedback(s, "a run with regions, whose number of charge points differs by year and scenario"); err != nil {
		return nil, err
	}
	progress("reading inputs", 0, 1)
	homes, cases, err := profiles.Inputs(ctx, r.Workbench, true)
	if err == nil { // all that a user can get wrong, before the long work
		err = r.readRegional(ctx)
	}
	if err != nil {
		return nil, &assume.InputError{Err: err}
	}
	stage("inputs")
	results, err := cohort.Run(ctx, &cohort.Input{
		Axis: r.Axis, Homes: homes, Cases: cases, Seed: s.Seed, Groups: cohort.GroupSizes(), StoredValue: true,
		Progress: func(done, total int) { progress("optimising", done, total) },
	})
	if err != nil {
		return nil, profiles.OfInput(err)
	}
	stage("optimisation")
	profiles.AddCases(r.Workbench, results)
	r.PickSteps()
	if r.regional.uncertain, err = r.vary(ctx, progress, homes, cases, results); err != nil {
		return nil, err
	}
	stage("assumptions varied")
	if err := r.addRegions(results); err != nil {
		return nil, &assume.InputError{Err: err}
	}
	r.Manifest.Notes = r.notes()
	r.Findings = result.Find(&r.Result)
	stage("tables")
	return &r.Result, nil
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
