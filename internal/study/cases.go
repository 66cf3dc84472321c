package study

import (
	"github.com/getij/getij/dispatch"
	"github.com/getij/getij/internal/cohort"
	"github.com/getij/getij/internal/result"
	"github.com/getij/getij/internal/series"
)

// addCases takes up what the cohort found.
func (r *workbench) addCases(results []*cohort.Result) {
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
