package inputs

import (
	"context"
	"fmt"
	"strings"

	"github.com/getij/getij/dispatch"
	"github.com/getij/getij/internal/assume"
	"github.com/getij/getij/internal/cohort"
	"github.com/getij/getij/internal/home"
	"github.com/getij/getij/internal/result"
	"github.com/getij/getij/internal/series"
	"github.com/getij/getij/internal/tariff"
)

// stopEUR is what a home may still gain in a year where prices that follow the cars are
// settled.
const stopEUR = 0.5

// settle finds the prices of a dynamic contract that follow the cars, and puts what the
// homes do at them into the case of the freest way to charge: that is what the country
// does. The other ways are those of a single home at the prices that the country makes.
func (r *Workbench) settle(ctx context.Context, homes []*home.Home, contract *tariff.Contract, dayAhead []float64, cases []cohort.Case) error {
	freest := -1
	for i, c := range cases {
		if c.Mode != dispatch.Regular && (freest < 0 || freedom(c.Mode) > freedom(cases[freest].Mode)) {
			freest = i
		}
	}
	if freest < 0 {
		return nil
	}
	p := r.Study.Prices
	gwPerKW := float64(p.FeedbackChargePoints) / 1e6
	f := &cohort.Feedback{
		Contract: contract.Name, Mode: cases[freest].Mode, StopEUR: stopEUR,
		EURPerKWhPerKW: p.FeedbackEURPerMWhPerGW * gwPerKW / 1000 * (1 + contract.VAT),
		Prices: func(moreKW []float64) (*tariff.Prices, error) {
			moved := make([]float64, len(dayAhead))
			for t := range moved {
				moved[t] = dayAhead[t] + p.FeedbackEURPerMWhPerGW*gwPerKW*moreKW[t]
			}
			return contract.Prices(r.Axis, moved)
		},
	}
	e, err := cohort.Settle(ctx, &cohort.Input{Axis: r.Axis, Homes: homes}, f)
	if err != nil {
		return err
	}
	for i := range cases {
		cases[i].Prices = e.Prices
	}
	cases[freest].Given = e.Power
	before, after := make([]float64, len(dayAhead)), make([]float64, len(dayAhead))
	for t := range after {
		before[t], after[t] = dayAhead[t], dayAhead[t]+p.FeedbackEURPerMWhPerGW*gwPerKW*e.MoreKW[t]
	}
	s := &r.Summary.Contracts[len(r.Summary.Contracts)-1]
	s.Feedback = &result.FeedbackSummary{
		Mode: f.Mode.String(), GainEUR: e.GainEUR,
		DailySpreadBeforeEURPerMWh: dailySpread(r.Axis, before), DailySpreadEURPerMWh: dailySpread(r.Axis, after),
	}
	return nil
}

func freedom(m dispatch.Mode) int {
	for i, o := range dispatch.Modes() {
		if o == m {
			return i
		}
	}
	return -1
}

// dailySpread is the highest less the lowest price of a day, mean over days.
func dailySpread(axis *series.Axis, prices []float64) float64 {
	sum, days, low, high := 0.0, 0, prices[0], prices[0]
	for t, p := range prices {
		if t > 0 && axis.Clock[t].YearDay != axis.Clock[t-1].YearDay {
			sum, days, low, high = sum+high-low, days+1, p, p
		}
		low, high = min(low, p), max(high, p)
	}
	return (sum + high - low) / float64(days+1)
}

// feedbackNotes say how far prices and cars agree.
func feedbackNotes(s *assume.Study, contracts []result.ContractSummary) (out []string) {
	for _, c := range contracts {
		f := c.Feedback
		if f == nil {
			continue
		}
		var gains []string
		n := len(f.GainEUR)
		for k := 1; k <= n; k *= 2 {
			gains = append(gains, fmt.Sprintf("%.2f", f.GainEUR[k-1]))
		}
		out = append(out, fmt.Sprintf("contract %s: prices follow %d charge points that charge as %s, by EUR %g per MWh and GW that they take more than with regular charging: the mean spread within a day falls from EUR %.0f to %.0f per MWh. "+
			"After %d rounds a home could gain EUR %.2f a year by charging otherwise at these prices (after 1, 2, 4 ... rounds EUR %s). The other ways to charge are those of a single home at these prices",
			c.Contract, s.Prices.FeedbackChargePoints, f.Mode, s.Prices.FeedbackEURPerMWhPerGW, f.DailySpreadBeforeEURPerMWh, f.DailySpreadEURPerMWh, n, f.GainEUR[n-1], strings.Join(gains, ", ")))
	}
	return out
}
