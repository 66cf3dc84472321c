package result

import (
	"fmt"
	"math"
	"time"

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

// StepsOf are the quarter-hours of the year that may be the highest of a region whose cars
// charge as in a case.
func (r *Result) StepsOf(c *Case) *potential.Steps {
	if c.steps != nil {
		return c.steps
	}
	var regular []float64
	if k := r.Case(c.Contract, dispatch.Regular); k != nil {
		regular = k.KW
	}
	return potential.HighestSteps(r.LoadKW, r.dwellingSolarKW(), c.KW, regular)
}

// PickSteps picks them for every case, as they are asked for again and again.
func (r *Result) PickSteps() {
	for _, c := range r.Cases {
		c.steps = r.StepsOf(c)
	}
}

// Steps are those of a contract by way to charge, as the potential of regions takes them.
func (r *Result) Steps(contract string) map[string]*potential.Steps {
	none := make([]float64, r.Axis.Len())
	out := map[string]*potential.Steps{potential.WithoutEV: potential.HighestSteps(r.LoadKW, r.dwellingSolarKW(), none, none)}
	for _, c := range r.Cases {
		if c.Contract == contract {
			out[c.Mode.String()] = r.StepsOf(c)
		}
	}
	return out
}

// Highest is what an area's homes and cars take in the highest quarter-hour of the year,
// each like the study's mean, and its instant; NaN if that cannot be known.
func (r *Result) Highest(h potential.Homes, points, adoption float64, contract string, mode dispatch.Mode) (kw float64, at time.Time) {
	c := r.Case(contract, mode)
	if c == nil {
		return math.NaN(), time.Time{}
	}
	kw, step := r.StepsOf(c).Highest(h, points, adoption)
	if step < 0 {
		return kw, time.Time{}
	}
	return kw, r.Axis.Time(step)
}

// Instant writes a quarter-hour's start, "" where there is none.
func Instant(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.UTC().Format(table.TimeFormat)
}

// Groups are how the discharging of the case's cars coincides.
func (c *Case) Groups() (out []potential.Group) {
	for _, g := range c.Coincidence {
		out = append(out, potential.Group{Homes: float64(g.Homes), P5KW: g.PeakDischargeKW.P5, P50KW: g.PeakDischargeKW.P50, P95KW: g.PeakDischargeKW.P95})
	}
	return out
}

// takenAtOnceKW is what a group of so many cars takes in its busiest quarter-hour of the
// year, the median over groups; 0 without a curve of coincidence.
func (c *Case) takenAtOnceKW(n float64) float64 {
	var curve []potential.Group
	for _, g := range c.Coincidence {
		curve = append(curve, potential.Group{Homes: float64(g.Homes), P50KW: g.PeakChargeKW.P50})
	}
	if len(curve) == 0 {
		return 0
	}
	_, p50, _ := potential.GroupOf(curve, n)
	return n * p50
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
			highest, at := r.Highest(s.Whole().Homes, s.HomeChargePoints, s.Adoption, c.Contract, c.Mode)
			s.Seasons = append(s.Seasons, SeasonSummary{
				Contract: c.Contract, Mode: c.Mode.String(), Season: x.Season,
				EveningMeanKW: x.EveningMeanKW, LargestDischargeKW: x.LargestDischargeKW, EveningGW: GW(x.EveningMW), LargestGW: GW(x.LargestMW),
				EveningPeakWithoutGW: GW(x.EveningPeakWithoutMW), EveningPeakRegularGW: known(GW(x.EveningPeakRegularMW)),
				EveningPeakGW: known(GW(x.EveningPeakMW)), NightPeakGW: known(GW(x.NightPeakMW)),
				YearHighestGW: known(GW(highest / 1000)), YearHighestUTC: Instant(at),
			})
		}
	}
	return nil
}

// BySeason is potential_seasons.
func BySeason() *table.Table { return potentialSeasons() }

// SeasonalRows are the rows of [BySeason] in a year, of some regions by place.
func (r *Result) SeasonalRows(y *RegionYear, list []int) (table.Rows, error) {
	s, g := r.Summary.Potential, r.Regions
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
			for _, i := range list {
				x := w.Of(homes[i], points[i])
				for k, v := range []string{g.Code[i], g.Name[i], g.Level[i], g.Parent[i]} {
					text(k, v)
				}
				rows[4].Integer = append(rows[4].Integer, y.Year)
				for k, v := range []string{y.Scenario, c.Contract, c.Mode.String(), season.Name} {
					text(5+k, v)
				}
				for k, v := range []float64{
					s.Adoption, points[i], x.EveningMeanKW, x.LargestDischargeKW, x.EveningMW, x.LargestMW, x.AtOnceMWP5, x.AtOnceMW, x.AtOnceMWP95,
					1000 * x.EveningPeakWithoutMW, 1000 * x.EveningPeakRegularMW, 1000 * x.EveningPeakMW, 1000 * x.NightPeakMW,
				} {
					rows[9+k].Real = append(rows[9+k].Real, v)
				}
				last := len(rows) - 4
				for k, mode := range []dispatch.Mode{dispatch.Regular, c.Mode} {
					kw, at := r.Highest(homes[i], points[i], s.Adoption, c.Contract, mode)
					rows[last+2*k].Real = append(rows[last+2*k].Real, kw)
					rows[last+2*k+1].Time = append(rows[last+2*k+1].Time, at)
				}
			}
		}
	}
	return rows, nil
}
