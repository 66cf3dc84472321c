package study

import (
	"math"

	"github.com/getij/getij/dispatch"
	"github.com/getij/getij/internal/cohort"
	"github.com/getij/getij/internal/result"
)

// addCases takes up what the cohort found.
func (r *workbench) addCases(results []*cohort.Result) {
	for _, res := range results {
		r.Cases = append(r.Cases, r.newCase(res))
	}
	for _, c := range r.Cases {
		regular := r.Case(c.Contract, dispatch.Regular)
		for i := range c.Homes {
			c.Homes[i].SavingEUR = math.NaN()
			if regular != nil {
				c.Homes[i].SavingEUR = regular.Homes[i].CostEUR - (c.Homes[i].CostEUR + c.Homes[i].WearEUR)
			}
		}
		if regular != nil {
			saving := regular.Summary.EnergyCostEUR - (c.Summary.EnergyCostEUR + c.Summary.WearEUR)
			c.Summary.SavingVsRegularEUR = &saving
		}
		r.Summary.Cases = append(r.Summary.Cases, c.Summary)
	}
	for _, h := range results[0].Homes {
		r.Manifest.Changes.StepsBeyondConnection += h.BeyondLimit
	}
}

func (r *workbench) newCase(res *cohort.Result) *result.Case {
	c := &result.Case{Contract: res.Contract, Mode: res.Mode, KW: res.MeanKW, StoredEURPerKWh: res.StoredEURPerKWh, Coincidence: res.Coincidence}
	c.Tabulate(r.Axis)
	s := &c.Summary
	s.Contract, s.Mode = res.Contract, res.Mode.String()
	s.EveningMeanKW = r.Axis.EveningMean(res.MeanKW)
	lowest, highest := c.ByMonth.Extremes()
	s.PeakChargeKW, s.PeakDischargeKW = max(0, highest), max(0, -lowest)
	n := float64(len(res.Homes))
	for _, h := range res.Homes {
		s.ChargedKWh += h.ChargedKWh
		s.DischargedKWh += h.DischargedKWh
		s.FedInKWh += h.FedInKWh
		s.OwnSolarKWh += h.OwnSolarKWh
		s.EnergyCostEUR += h.CostEUR
		s.WearEUR += h.WearEUR
		s.FullCycles += h.FullCycles
		s.PowerTariffEUR += h.PowerTariffEUR
		s.MonthPeakKW += h.MonthPeakKW
		s.LargestGapEUR = max(s.LargestGapEUR, math.Abs(h.GapEUR))
		s.Sessions += float64(h.Sessions)
		s.PluggedInShare += float64(h.PluggedSteps)
		c.Homes = append(c.Homes, result.Home{
			ChargedKWh: h.ChargedKWh, DischargedKWh: h.DischargedKWh, FedInKWh: h.FedInKWh, OwnSolarKWh: h.OwnSolarKWh,
			CostEUR: h.CostEUR, EveningKW: h.EveningKW, Sessions: h.Sessions, PluggedInShare: float64(h.PluggedSteps) / float64(r.Axis.Len()),
			NetKWh: h.NetKWh, NettedEURPerKWh: h.NettedEURPerKWh,
			WearEUR: h.WearEUR, FullCycles: h.FullCycles, DischargingHours: h.DischargingHours, CapEURPerKWh: h.CapEURPerKWh,
			PowerTariffEUR: h.PowerTariffEUR, MonthPeakKW: h.MonthPeakKW, GapEUR: h.GapEUR,
		})
	}
	for _, v := range []*float64{&s.ChargedKWh, &s.DischargedKWh, &s.FedInKWh, &s.OwnSolarKWh, &s.EnergyCostEUR, &s.WearEUR, &s.FullCycles, &s.PowerTariffEUR, &s.MonthPeakKW, &s.Sessions, &s.PluggedInShare} {
		*v /= n
	}
	s.PluggedInShare /= float64(r.Axis.Len())
	return c
}
