package result

import (
	"fmt"
	"math"

	"github.com/getij/getij/dispatch"
	"github.com/getij/getij/internal/potential"
	"github.com/getij/getij/internal/table"
)

// Profile is what the study found for one home under a contract, as the potential of
// regions takes it.
func (r *Result) Profile(contract string) *potential.Profile {
	p := &potential.Profile{Year: r.Axis.Time(r.Axis.Len() / 2).Year(), Load: r.Axis.ByMonth(r.LoadKW), Solar: r.Axis.ByMonth(r.dwellingSolarKW())}
	for _, c := range r.Cases {
		if c.Contract != contract {
			continue
		}
		switch c.Mode {
		case dispatch.Regular:
			p.Regular = c.ByMonth
		case dispatch.Smart:
			p.Smart = c.ByMonth
		case dispatch.V2G:
			p.V2G, p.Coincidence = c.ByMonth, c.Groups()
		}
	}
	return p
}

// dwellingSolarKW is the solar output of the mean dwelling, by step.
func (r *Result) dwellingSolarKW() []float64 {
	solar := make([]float64, r.Axis.Len())
	for t := range solar {
		solar[t] = r.Study.Potential.WithSolar * r.SolarKW[t]
	}
	return solar
}

// highestMW is what an area's homes and cars take in the highest quarter-hour of the
// year, each like the study's mean; NaN if the study lacks the way to charge or regular.
func (r *Result) highestMW(p Area, contract string, mode dispatch.Mode) float64 {
	c, regular := r.Case(contract, mode), r.Case(contract, dispatch.Regular)
	if c == nil || regular == nil {
		return math.NaN()
	}
	highest := math.Inf(-1)
	for t, solar := range r.dwellingSolarKW() {
		car := p.Adoption*c.KW[t] + (1-p.Adoption)*regular.KW[t]
		highest = max(highest, p.Equivalents*r.LoadKW[t]-p.Dwellings*solar+p.Points*car)
	}
	return highest / 1000
}

// Groups are how the discharging of the case's cars coincides.
func (c *Case) Groups() (out []potential.Group) {
	for _, g := range c.Coincidence {
		out = append(out, potential.Group{Homes: float64(g.Homes), P5KW: g.PeakDischargeKW.P5, P50KW: g.PeakDischargeKW.P50, P95KW: g.PeakDischargeKW.P95})
	}
	return out
}

// Way makes a case ready for a season and many regions, when a share of the charge
// points takes part and the others charge as regular.
func (r *Result) Way(contract string, mode dispatch.Mode, season string, adoption float64) (*potential.Way, error) {
	c := r.Case(contract, mode)
	if c == nil {
		return nil, fmt.Errorf("the study has no contract %s with %s", contract, mode)
	}
	s, ok := potential.SeasonNamed(season)
	if !ok {
		return nil, fmt.Errorf("season is %s: winter, summer or year was expected", season)
	}
	if !(adoption >= 0 && adoption <= 1) {
		return nil, fmt.Errorf("adoption is %g: a share from 0 to 1 was expected", adoption)
	}
	return r.Profile(contract).Way(s, c.ByMonth, c.Groups(), adoption), nil
}

// AddSeasons adds what each case does in each season for all regions.
func (s *PotentialSummary) AddSeasons(r *Result) error {
	for _, c := range r.Cases {
		for _, season := range potential.Seasons() {
			w, err := r.Way(c.Contract, c.Mode, season.Name, s.Adoption)
			if err != nil {
				return err
			}
			x := w.Of(s.Whole().Homes, s.HomeChargePoints)
			s.Seasons = append(s.Seasons, SeasonSummary{
				Contract: c.Contract, Mode: c.Mode.String(), Season: x.Season,
				EveningMeanKW: x.EveningMeanKW, LargestDischargeKW: x.LargestDischargeKW, EveningGW: GW(x.EveningMW), LargestGW: GW(x.LargestMW),
				EveningPeakWithoutGW: GW(x.EveningPeakWithoutMW), EveningPeakRegularGW: known(GW(x.EveningPeakRegularMW)),
				EveningPeakGW: known(GW(x.EveningPeakMW)), NightPeakGW: known(GW(x.NightPeakMW)),
			})
		}
	}
	return nil
}

// seasonalRows are the table potential_seasons: the study's year and scenario, down to
// the level that lists show.
func (r *Result) seasonalRows() (table.Rows, error) {
	s, g := r.Summary.Potential, r.Regions
	y, err := g.Year(s.Year, s.Scenario)
	if err != nil {
		return nil, err
	}
	rows := make(table.Rows, len(potentialSeasons().Columns))
	text := func(to int, v string) { rows[to].Text = append(rows[to].Text, v) }
	homes, points := y.Homes(), y.Column("home_charge_points")
	for _, c := range r.Cases {
		if c.Mode == dispatch.Regular {
			continue
		}
		for _, season := range potential.Seasons() {
			w, err := r.Way(c.Contract, c.Mode, season.Name, s.Adoption)
			if err != nil {
				return nil, err
			}
			for _, i := range g.downToListed() {
				x := w.Of(homes[i], points[i])
				for k, v := range []string{g.Code[i], g.Name[i], g.Level[i], g.Parent[i]} {
					text(k, v)
				}
				rows[4].Integer = append(rows[4].Integer, s.Year)
				for k, v := range []string{s.Scenario, c.Contract, c.Mode.String(), season.Name} {
					text(5+k, v)
				}
				for k, v := range []float64{
					s.Adoption, points[i], x.EveningMeanKW, x.LargestDischargeKW, x.EveningMW, x.LargestMW, x.AtOnceMWP5, x.AtOnceMW, x.AtOnceMWP95,
					1000 * x.EveningPeakWithoutMW, 1000 * x.EveningPeakRegularMW, 1000 * x.EveningPeakMW, 1000 * x.NightPeakMW,
				} {
					rows[9+k].Real = append(rows[9+k].Real, v)
				}
			}
		}
	}
	return rows, nil
}
