package report

import (
	"fmt"
	"math"
	"slices"

	"github.com/getij/getij/dispatch"
	"github.com/getij/getij/internal/assume"
	"github.com/getij/getij/internal/result"
)

// ownHomes is what the page says of regions with homes of their own.
type ownHomes struct {
	Year              int
	Contract, Evening string // in words
	Mode              string
	Said              string
	Rows              []ownRow
}

// ownRow is a region by its own homes, and by the average.
type ownRow struct {
	Name                      string
	Points                    float64
	Homes                     int
	EveningMW, AverageEvening float64 // given by the cars, to homes and grid
	HighestMW, AverageHighest float64
	Saving, P5, P95, Average  float64 // EUR of a home
}

// newOwnHomes is nil where the result has no population.
func newOwnHomes(r *result.Result) (*ownHomes, error) {
	if r.Population == nil {
		return nil, nil
	}
	s := r.Summary.Potential
	c := freestOf(r.Population.Of(r.ContractIn(s.Year), s.Year))
	y, err := r.Regions.Year(s.Year, s.Scenario)
	if err != nil {
		return nil, err
	}
	out := &ownHomes{Year: c.Year, Contract: r.ContractName(c.Contract), Mode: wayLabel(c.Mode), Evening: evening(s.SeasonName)}
	own, average := result.EveningColumn(s.SeasonName)
	row := func(c *result.PopulationCase, i int) ownRow {
		of := func(name string) float64 { return c.Column(name)[i] }
		return ownRow{
			Name: r.Regions.Name[i], Points: of("home_charge_points"), Homes: c.Homes[i],
			EveningMW: -of(own) / 1000, AverageEvening: -of(average) / 1000, HighestMW: of("highest_kw") / 1000, AverageHighest: of("average_highest_kw") / 1000,
			Saving: of("saving_eur_per_home"), P5: of("saving_eur_per_home_p5"), P95: of("saving_eur_per_home_p95"), Average: of("average_saving_eur_per_home"),
		}
	}
	isWhole := r.Regions.Parent[0] == "" && len(r.Regions.OfLevel(r.Regions.Level[0])) == 1
	if isWhole {
		out.Rows = append(out.Rows, row(c, 0))
	}
	for _, i := range r.Regions.Top(y, 10) {
		if i > 0 || !isWhole {
			out.Rows = append(out.Rows, row(c, i))
		}
	}
	var together []ownRow
	if isWhole {
		together = append(together, out.Rows[0])
		for _, other := range besides(r, c) {
			x := row(other, 0)
			x.Name = r.ContractName(other.Contract)
			together = append(together, x)
		}
	}
	out.Said = said(r, out, together)
	return out, nil
}

// besides are the cases of the contracts that differ from that of c by their rules, in the same
// way to charge and year: whether net metering holds decides what cars give.
func besides(r *result.Result, c *result.PopulationCase) (out []*result.PopulationCase) {
	contract := func(name string) *assume.Contract {
		return &r.Study.Contracts[slices.IndexFunc(r.Study.Contracts, func(x assume.Contract) bool { return x.Name == name })]
	}
	for _, x := range r.Population.Cases {
		if x.Contract != c.Contract && x.Mode == c.Mode && x.Year == c.Year && contract(x.Contract).Kind == contract(c.Contract).Kind {
			out = append(out, x)
		}
	}
	return out
}

// said tells what own homes change, in all regions together where these are one country: under the
// contract of the chapter, and under those beside it, which its rows name.
func said(r *result.Result, o *ownHomes, together []ownRow) string {
	p := r.Population
	text := fmt.Sprintf("The figures above are those of %d homes times a count of charge points. For this chapter every region has homes of its own", r.Study.Homes)
	if p.Share < 1 {
		text += fmt.Sprintf(" (%s in all, %.3g %% of those that take part)", whole(float64(p.Homes)), 100*p.Share)
	} else {
		text += fmt.Sprintf(" (%s in all)", whole(float64(p.Homes)))
	}
	text += ", each with its dwelling, its use and its sessions."
	for i, x := range together {
		if math.IsNaN(x.AverageEvening) {
			continue
		}
		who := fmt.Sprintf("Together the cars %s on the %s of %d with %s and %s", given(x.EveningMW), o.Evening, o.Year, o.Mode, o.Contract)
		if i > 0 {
			who = fmt.Sprintf("With %s they %s", x.Name, given(x.EveningMW))
		}
		text += fmt.Sprintf(" %s, where the average says that they %s; the year’s highest quarter-hour is %.2f GW, where it says %.2f GW.", who, given(x.AverageEvening), x.HighestMW/1000, x.AverageHighest/1000)
	}
	if p.Share < 1 {
		text += " Of a share of the homes part of what differs between small regions is chance."
	}
	return text
}

// given tells a power that cars give to their homes and the grid, or take.
func given(mw float64) string {
	if mw < 0 {
		return fmt.Sprintf("take %.2f GW", -mw/1000)
	}
	return fmt.Sprintf("give %.2f GW to their homes and the grid", mw/1000)
}

// freestOf is the case whose way to charge leaves a car most freedom.
func freestOf(cases []*result.PopulationCase) *result.PopulationCase {
	for _, m := range slices.Backward(dispatch.Modes()) {
		for _, c := range cases {
			if c.Mode == m.String() {
				return c
			}
		}
	}
	return cases[len(cases)-1]
}

func wayLabel(mode string) string {
	if m, err := dispatch.ParseMode(mode); err == nil {
		return modeLabels[m]
	}
	return mode
}

// evening names the mean evening of a season.
func evening(season string) string {
	if season == result.WholeYear {
		return "mean evening"
	}
	return "mean " + season + " evening"
}
