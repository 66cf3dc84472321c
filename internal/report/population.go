package report

import (
	"fmt"
	"math"
	"slices"

	"github.com/getij/getij/dispatch"
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
	c := freestOf(r.Population.Of(s.Contract, s.Year))
	y, err := r.Regions.Year(s.Year, s.Scenario)
	if err != nil {
		return nil, err
	}
	out := &ownHomes{Year: c.Year, Contract: r.ContractName(c.Contract), Mode: wayLabel(c.Mode), Evening: evening(s.SeasonName)}
	own, average := result.EveningColumn(s.SeasonName)
	row := func(i int) ownRow {
		of := func(name string) float64 { return c.Column(name)[i] }
		return ownRow{
			Name: r.Regions.Name[i], Points: of("home_charge_points"), Homes: c.Homes[i],
			EveningMW: -of(own) / 1000, AverageEvening: -of(average) / 1000, HighestMW: of("highest_kw") / 1000, AverageHighest: of("average_highest_kw") / 1000,
			Saving: of("saving_eur_per_home"), P5: of("saving_eur_per_home_p5"), P95: of("saving_eur_per_home_p95"), Average: of("average_saving_eur_per_home"),
		}
	}
	isWhole := r.Regions.Parent[0] == "" && len(r.Regions.OfLevel(r.Regions.Level[0])) == 1
	if isWhole {
		out.Rows = append(out.Rows, row(0))
	}
	for _, i := range r.Regions.Top(y, 10) {
		if i > 0 || !isWhole {
			out.Rows = append(out.Rows, row(i))
		}
	}
	out.Said = said(r, c, isWhole, out)
	return out, nil
}

// said tells what own homes change.
func said(r *result.Result, c *result.PopulationCase, isWhole bool, o *ownHomes) string {
	p := r.Population
	text := fmt.Sprintf("The figures above are those of %d homes times a count of charge points. For this chapter every region has homes of its own", r.Study.Homes)
	if p.Share < 1 {
		text += fmt.Sprintf(" (%s in all, %.3g %% of those that take part)", whole(float64(p.Homes)), 100*p.Share)
	} else {
		text += fmt.Sprintf(" (%s in all)", whole(float64(p.Homes)))
	}
	text += ", each with its dwelling, its use and its sessions."
	if x := o.Rows[0]; isWhole && !math.IsNaN(x.AverageEvening) {
		text += fmt.Sprintf(" Together the cars %s on the %s of %d with %s, where the average says that they %s; the year’s highest quarter-hour is %.2f GW, where it says %.2f GW.",
			given(x.EveningMW), o.Evening, c.Year, o.Mode, given(x.AverageEvening), x.HighestMW/1000, x.AverageHighest/1000)
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
