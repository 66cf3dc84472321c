// Package result is what a study found, and its form on disk: the tables, each
// declared once (tables.go), one codec for each format, and the folder that holds
// them.
//
// What enters: a [Result], from a run or with [Open] from a folder that anyone
// made. What leaves: the same, or a folder. Power is in kW per home, positive when
// charging; energy in kWh per home and year; money in EUR per home and year.
package result

import (
	"slices"

	"github.com/getij/getij/dispatch"
	"github.com/getij/getij/internal/assume"
	"github.com/getij/getij/internal/cohort"
	"github.com/getij/getij/internal/home"
	"github.com/getij/getij/internal/potential"
	"github.com/getij/getij/internal/series"
	"github.com/getij/getij/internal/session"
	"github.com/getij/getij/internal/tariff"
)

// Result is everything that a study found.
type Result struct {
	Dir      string // of the folder that it was read from; "" for a run
	Study    *assume.Study
	Axis     *series.Axis
	Manifest *Manifest
	Summary  *Summary
	LoadKW   []float64 // of one home, per step, without the car
	SolarKW  []float64
	Prices   []*Prices // a contract each
	Cases    []*Case
	// Sessions of each home, as computed; only a run has them.
	Sessions [][]session.Session
	// SessionsFit shows the sampler that homes were drawn with against the sessions
	// it was fitted to; nil for other studies, and where only profiles were asked
	// for.
	SessionsFit *session.Comparison
	Findings    *Findings
	// Regions is nil where only profiles were asked for.
	Regions *Regions
	// Population is nil where none was put into the folder.
	Population *Population
}

// Case is a contract and a way to charge.
type Case struct {
	Contract string
	Mode     dispatch.Mode
	Summary  CaseSummary
	KW       []float64 // the cars' mean power per home, per step
	// StoredEURPerKWh is what one more kWh in the battery is worth, per step: the mean
	// over the homes whose car is plugged in, NaN where none is. nil for regular
	// charging, and where only profiles were asked for.
	StoredEURPerKWh []float64
	ByMonth         *series.MonthTable
	ByWeek          *series.WeekTable
	ByDay           [series.QuartersPerDay]float64
	Homes           []Home
	Coincidence     []cohort.Coincidence

	steps *potential.Steps // see PickSteps
}

// Prices are a contract's prices per step, taxes included.
type Prices struct {
	Contract string
	*tariff.Prices
}

// Home is one home's year in a case. Savings are NaN without regular charging.
type Home struct {
	ChargedKWh, DischargedKWh, FedInKWh, OwnSolarKWh float64
	CostEUR, SavingEUR                               float64
	EveningKW                                        float64
	Sessions                                         int
	PluggedInShare                                   float64
	// NetKWh is what the home takes less what it feeds in. NettedEURPerKWh is what of
	// the netted taxes and fees a kWh more bears: all of the contract's where NetKWh
	// is above 0, none below, between them at 0.
	NetKWh, NettedEURPerKWh float64
	// WearEUR is not in CostEUR; savings are after it. NaN in folders of before it.
	WearEUR, FullCycles float64
	// PowerTariffEUR is part of CostEUR, for the months' highest import, whose mean is
	// MonthPeakKW. CapEURPerKWh is what one more kWh in a cap is worth. NaN as above.
	PowerTariffEUR, MonthPeakKW, DischargingHours, CapEURPerKWh, GapEUR float64
	// PowerBandEUR and FeedInFeeEUR are part of CostEUR: of the subscription by power, and
	// on all that the home feeds in. NaN as above.
	PowerBandKW, PowerBandEUR, HomeFedInKWh, FeedInFeeEUR float64
	Departures                                            home.Departures
}

// TotalEUR is the home's [CaseSummary.TotalEUR].
func (h *Home) TotalEUR() float64 { return h.CostEUR + h.WearEUR + h.Departures.PenaltyEUR }

// Tabulate computes the means of KW by month, week and day.
func (c *Case) Tabulate(axis *series.Axis) {
	c.ByMonth, c.ByWeek, c.ByDay = axis.ByMonth(c.KW), axis.ByWeek(c.KW), axis.ByDay(c.KW)
}

// Name names the case in columns: dynamic_v2g.
func (c *Case) Name() string { return c.Contract + "_" + c.Mode.String() }

// SpreadOverHomes is the distribution of a figure over the homes of a case.
func (c *Case) SpreadOverHomes(figure func(*Home) float64) cohort.Spread {
	values := make([]float64, len(c.Homes))
	for i := range values {
		values[i] = figure(&c.Homes[i])
	}
	return cohort.SpreadOf(values)
}

// contracts are those of the cases, in their order.
func (r *Result) contracts() (out []string) {
	for _, c := range r.Cases {
		if !slices.Contains(out, c.Contract) {
			out = append(out, c.Contract)
		}
	}
	return out
}

// Case finds a case of the result, or nil.
func (r *Result) Case(contract string, mode dispatch.Mode) *Case {
	for _, c := range r.Cases {
		if c.Contract == contract && c.Mode == mode {
			return c
		}
	}
	return nil
}
