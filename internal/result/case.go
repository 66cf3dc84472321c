package result

import (
	"fmt"
	"math"
	"path/filepath"
	"slices"

	"github.com/getij/getij/dispatch"
	"github.com/getij/getij/internal/cohort"
	"github.com/getij/getij/internal/foresight"
	"github.com/getij/getij/internal/home"
	"github.com/getij/getij/internal/series"
	"github.com/getij/getij/internal/table"
)

// NewCase takes up what a cohort found, in homes that know everything or not.
func NewCase(axis *series.Axis, res *cohort.Result, know *foresight.Knowledge) *Case {
	c := &Case{Contract: res.Contract, Mode: res.Mode, KW: res.MeanKW, StoredEURPerKWh: res.StoredEURPerKWh, Coincidence: res.Coincidence}
	c.Tabulate(axis)
	s := &c.Summary
	s.Contract, s.Mode = res.Contract, res.Mode.String()
	s.EveningMeanKW = axis.EveningMean(res.MeanKW)
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
		s.PowerBandEUR += h.BandEUR
		s.HomeFedInKWh += h.HomeFedInKWh
		s.FeedInFeeEUR += h.FeedInFeeEUR
		s.GapEUR += h.GapEUR / n
		s.LargestGapEUR = max(s.LargestGapEUR, math.Abs(h.GapEUR))
		s.Sessions += float64(h.Sessions)
		s.PluggedInShare += float64(h.PluggedSteps)
		c.Homes = append(c.Homes, Home{
			ChargedKWh: h.ChargedKWh, DischargedKWh: h.DischargedKWh, FedInKWh: h.FedInKWh, OwnSolarKWh: h.OwnSolarKWh,
			CostEUR: h.CostEUR, EveningKW: h.EveningKW, Sessions: h.Sessions, PluggedInShare: float64(h.PluggedSteps) / float64(axis.Len()),
			NetKWh: h.NetKWh, NettedEURPerKWh: h.NettedEURPerKWh,
			WearEUR: h.WearEUR, FullCycles: h.FullCycles, DischargingHours: h.DischargingHours, CapEURPerKWh: h.CapEURPerKWh,
			PowerTariffEUR: h.PowerTariffEUR, MonthPeakKW: h.MonthPeakKW, GapEUR: h.GapEUR,
			PowerBandKW: h.BandKW, PowerBandEUR: h.BandEUR, HomeFedInKWh: h.HomeFedInKWh, FeedInFeeEUR: h.FeedInFeeEUR,
			Departures: h.Departures,
		})
	}
	for _, v := range []*float64{&s.ChargedKWh, &s.DischargedKWh, &s.FedInKWh, &s.OwnSolarKWh, &s.EnergyCostEUR, &s.WearEUR, &s.FullCycles, &s.PowerTariffEUR, &s.MonthPeakKW, &s.PowerBandEUR, &s.HomeFedInKWh, &s.FeedInFeeEUR, &s.Sessions, &s.PluggedInShare} {
		*v /= n
	}
	s.PluggedInShare /= float64(axis.Len())
	if res.Mode != dispatch.Regular && !know.Everything() {
		s.Departures = departuresOf(res.Homes)
	}
	return c
}

// Against says what a case saves against regular charging; nil where that is not known.
func (c *Case) Against(regular *Case) {
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
}

// departuresOf are means per home, and shares of all sessions.
func departuresOf(homes []home.Year) *DeparturesSummary {
	var d DeparturesSummary
	sessions, n := 0, float64(len(homes))
	for _, h := range homes {
		sessions += h.Sessions
		d.ShortShare += float64(h.Departures.Short)
		d.Short5Share += float64(h.Departures.Short5)
		d.MissingKWh += h.Departures.MissingKWh / n
		d.LargestKWh = max(d.LargestKWh, h.Departures.LargestKWh)
		d.AboveKWh += h.Departures.AboveKWh / n
		d.PenaltyEUR += h.Departures.PenaltyEUR / n
	}
	if sessions > 0 {
		d.ShortShare /= float64(sessions)
		d.Short5Share /= float64(sessions)
	}
	return &d
}

func departuresTable() *table.Table {
	kwh := func(name, en, nl string) table.Column {
		return table.Column{Name: name, Unit: "kWh", Decimals: kwhDecimals, EN: en, NL: nl}
	}
	return &table.Table{
		Name: "departures", Formats: csvOnly,
		EN: "Only where prices or departures are not known (foresight, departure.knowledge): how every home's car left in a year, against its charge at departure; energies are those in the battery",
		NL: "Alleen waar prijzen of vertrek niet bekend zijn (foresight, departure.knowledge): hoe de auto van elke woning in een jaar vertrok, tegenover de lading bij vertrek; energie is die in de accu",
		Columns: append([]table.Column{
			{Name: "home", Type: table.Integer, EN: "number of the home, from 1", NL: "nummer van de woning, vanaf 1"},
		}, contractAndMode(
			table.Column{Name: "sessions", Type: table.Integer, EN: "plug-in sessions in the year", NL: "laadsessies in het jaar"},
			table.Column{Name: "short_sessions", Type: table.Integer, EN: "that ended with more than 0.1 kWh missing", NL: "waarvan geëindigd met meer dan 0,1 kWh te weinig"},
			table.Column{Name: "short_5kwh_sessions", Type: table.Integer, EN: "that ended with more than 5 kWh missing", NL: "waarvan geëindigd met meer dan 5 kWh te weinig"},
			kwh("missing_kwh", "missing in all", "te weinig, in totaal"),
			kwh("largest_missing_kwh", "missing in one session, at most", "te weinig in een sessie, hooguit"),
			kwh("above_kwh", "taken along beyond the charge at departure, which saves nothing", "meegenomen boven de lading bij vertrek, wat niets bespaart"),
			table.Column{Name: "penalty_eur", Unit: "EUR", Decimals: eurDecimals, EN: "on what is missing, by departure.penalty_eur_per_kwh; savings are less that", NL: "over wat ontbreekt, volgens departure.penalty_eur_per_kwh; gaat van de besparing af"},
		)...),
	}
}

func (r *Result) departureRows() table.Rows {
	out := departuresTable().NewRows(0)
	for _, c := range r.Cases {
		if c.Summary.Departures == nil {
			continue
		}
		for i := range c.Homes {
			d := &c.Homes[i].Departures
			out.Add(i+1, c.Contract, c.Mode.String(), c.Homes[i].Sessions, d.Short, d.Short5, d.MissingKWh, d.LargestKWh, d.AboveKWh, d.PenaltyEUR)
		}
	}
	return out
}

// knowsAll says whether no case has departures of its own.
func (r *Result) knowsAll() bool {
	return !slices.ContainsFunc(r.Cases, func(c *Case) bool { return c.Summary.Departures != nil })
}

// readDepartures reads how cars left, where that was not known.
func (r *Result) readDepartures(dir string) error {
	if r.knowsAll() {
		return nil
	}
	t := departuresTable()
	path := filepath.Join(dir, t.Name+".csv")
	if err := r.Manifest.hold(dir, t.Name+".csv"); err != nil {
		return err
	}
	rows, err := t.ReadCSV(path)
	if err != nil {
		return err
	}
	for i, number := range rows[0].Integer {
		c, err := r.ofCase(path, rows[1].Text[i], rows[2].Text[i])
		if err != nil {
			return err
		}
		if number < 1 || number > len(c.Homes) {
			return fmt.Errorf("%s: row %d is of home %d, and %s has %d", path, i+1, number, c.Name(), len(c.Homes))
		}
		c.Homes[number-1].Departures = home.Departures{
			Short: rows[4].Integer[i], Short5: rows[5].Integer[i], MissingKWh: rows[6].Real[i],
			LargestKWh: rows[7].Real[i], AboveKWh: rows[8].Real[i], PenaltyEUR: rows[9].Real[i],
		}
	}
	return nil
}
