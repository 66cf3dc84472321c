package study

import (
	"math"

	"github.com/getij/getij/dispatch"
	"github.com/getij/getij/internal/cohort"
	"github.com/getij/getij/internal/result"
)

// addCases takes up what the cohort found.
func (r *workbench) addCases(results []*cohort.Result) {
	know := r.Study.Knows()
	for _, res := range results {
		r.Cases = append(r.Cases, result.NewCase(r.Axis, res, &know))
	}
	for _, c := range r.Cases {
		regular := r.Case(c.Contract, dispatch.Regular)
		for i := range c.Homes {
			c.Homes[i].SavingEUR = math.NaN()
			if regular != nil {
				c.Homes[i].SavingEUR = regular.Homes[i].TotalEUR() - c.Homes[i].TotalEUR()
			}
		}
		if regular != nil {
			saving := regular.Summary.TotalEUR() - c.Summary.TotalEUR()
			c.Summary.SavingVsRegularEUR = &saving
		}
		r.Summary.Cases = append(r.Summary.Cases, c.Summary)
	}
	for _, h := range results[0].Homes {
		r.Manifest.Changes.StepsBeyondConnection += h.BeyondLimit
	}
}
