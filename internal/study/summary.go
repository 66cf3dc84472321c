package study

import (
	"github.com/getij/getij/internal/cohort"
)

// Summary is summary.json.
type Summary struct {
	Study string        `json:"study"`
	Year  int           `json:"year"`
	Homes int           `json:"homes"`
	Seed  uint64        `json:"seed"`
	Steps int           `json:"steps"`
	Cases []CaseSummary `json:"cases"`
	// Potential is null where only profiles were computed.
	Potential *PotentialSummary `json:"potential"`
}

// CaseSummary has the figures of one case, per home and year. Peaks are cells of
// the month x quarter-of-day table, both as positive numbers.
type CaseSummary struct {
	Contract           string   `json:"contract"`
	Mode               string   `json:"mode"`
	EveningMeanKW      float64  `json:"evening_mean_kw"`
	PeakChargeKW       float64  `json:"peak_charge_kw"`
	PeakDischargeKW    float64  `json:"peak_discharge_kw"`
	ChargedKWh         float64  `json:"charged_kwh"`
	DischargedKWh      float64  `json:"discharged_kwh"`
	FedInKWh           float64  `json:"fed_in_kwh"`
	OwnSolarKWh        float64  `json:"own_solar_kwh"`
	EnergyCostEUR      float64  `json:"energy_cost_eur"`
	SavingVsRegularEUR *float64 `json:"saving_vs_regular_eur"` // null without the mode regular
	Sessions           float64  `json:"sessions"`
	PluggedInShare     float64  `json:"plugged_in_share"`
}

// Summary collects the figures of all cases.
func (r *Result) Summary() (*Summary, error) {
	s := &Summary{Study: r.Study.Name, Year: r.Study.Year, Homes: r.Study.Homes, Seed: r.Study.Seed, Steps: r.Axis.Len()}
	for _, c := range r.Cases {
		s.Cases = append(s.Cases, c.Summary)
	}
	if r.Regional == nil {
		return s, nil
	}
	var err error
	s.Potential, err = r.PotentialSummary()
	return s, err
}

func (r *Result) newCase(res *cohort.Result) *Case {
	c := &Case{
		Result:  res,
		ByMonth: r.Axis.ByMonth(res.MeanKW), ByWeek: r.Axis.ByWeek(res.MeanKW), ByDay: r.Axis.ByDay(res.MeanKW),
	}
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
		s.Sessions += float64(h.Sessions)
		s.PluggedInShare += float64(h.PluggedSteps)
	}
	for _, v := range []*float64{&s.ChargedKWh, &s.DischargedKWh, &s.FedInKWh, &s.OwnSolarKWh, &s.EnergyCostEUR, &s.Sessions, &s.PluggedInShare} {
		*v /= n
	}
	s.PluggedInShare /= float64(r.Axis.Len())
	return c
}

// SpreadOverHomes is the distribution of a figure over the homes of a case.
func (c *Case) SpreadOverHomes(figure func(home int) float64) cohort.Spread {
	values := make([]float64, len(c.Homes))
	for i := range values {
		values[i] = figure(i)
	}
	return cohort.SpreadOf(values)
}
