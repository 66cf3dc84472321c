package study

import (
	"context"
	"fmt"
	"slices"

	"github.com/getij/getij/internal/assume"
	"github.com/getij/getij/internal/cohort"
	"github.com/getij/getij/internal/dataset"
	"github.com/getij/getij/internal/foresight"
	"github.com/getij/getij/internal/home"
	"github.com/getij/getij/internal/inputs"
	"github.com/getij/getij/internal/outlook"
	"github.com/getij/getij/internal/population"
	"github.com/getij/getij/internal/reference"
	"github.com/getij/getij/internal/region"
	"github.com/getij/getij/internal/result"
	"github.com/getij/getij/internal/session"
)

// PopulationOptions is what is asked of a population beside the study.
type PopulationOptions struct {
	Share float64  // of the homes, above 0 to 1
	Years []int    // of the forecast; none: the study's potential.year
	Cases []string // CONTRACT/MODE; none: V2G under the contracts that stand for the years, as the map begins with; "all"
}

// Population prepares a study's regions with homes of their own, and the plan to
// compute them by.
func Population(ctx context.Context, s *assume.Study, o *PopulationOptions, v result.Version) (*population.Input, *population.Plan, error) {
	in, plan, err := preparePopulation(ctx, s, o, v)
	if err != nil && ctx.Err() == nil {
		err = &assume.InputError{Err: err}
	}
	return in, plan, err
}

func preparePopulation(ctx context.Context, s *assume.Study, o *PopulationOptions, v result.Version) (*population.Input, *population.Plan, error) {
	if err := s.RefuseBattery("a population"); err != nil {
		return nil, nil, err
	}
	if err := refuseFeedback(s, "a population, whose number of cars differs by region"); err != nil {
		return nil, nil, err
	}
	if m := s.Data.Meters; m != assume.None && m != assume.Drawn {
		return nil, nil, &assume.ValueError{Key: "data.meters", Value: m, Want: "none or drawn was expected for a population: meters of some homes are not those of a country's"}
	}
	if share := s.Home.HeatPumpShare; share > 0 {
		return nil, nil, &assume.ValueError{Key: "home.heat_pump_share", Value: fmt.Sprint(share), Want: "0 was expected for a population, whose homes have none yet"}
	}
	r := &workbench{Workbench: inputs.New(s, dataset.Files{})}
	year := reference.NewYear(r.Axis)
	dayAhead, err := r.ReadPrices(ctx, year)
	if err != nil {
		return nil, nil, err
	}
	if err := r.ReadHousehold(ctx, year); err != nil {
		return nil, nil, err
	}
	sessions, err := r.DrawSessions(ctx, false)
	if err != nil {
		return nil, nil, err
	}
	know, err := r.Knowledge(s)
	if err != nil {
		return nil, nil, &assume.SettingError{Key: "behaviour", Err: fmt.Errorf("behaviour: %w", err)}
	}
	cases, err := r.MakeCases(ctx, dayAhead, nil)
	if err != nil {
		return nil, nil, err
	}
	if err := r.readRegional(ctx); err != nil {
		return nil, nil, err
	}
	years := slices.Sorted(slices.Values(o.Years))
	if len(years) == 0 {
		years = []int{s.Potential.Year}
	}
	years = slices.Compact(years)
	contracts := make([]string, len(years))
	for i, y := range years {
		if contracts[i], err = s.ContractIn(y); err != nil {
			return nil, nil, err
		}
	}
	if cases, err = population.Choose(cases, contracts, o.Cases); err != nil {
		return nil, nil, err
	}
	in := &population.Input{
		Axis: r.Axis, Seed: s.Seed, Set: r.regional.Set, Base: r.regional.forecast.Base, UseByType: r.regional.forecast.UseByType(),
		Adoption: s.Potential.Adoption, Share: o.Share, Cases: cases, InDegrees: r.regional.CRS == region.WGS84,
		LoadKW: r.LoadKW, SolarKW: r.SolarKW, Drawn: s.Data.Meters == assume.Drawn,
		SolarShare: s.Population.SolarShare, DwellingsWithSolar: s.Potential.WithSolar,
		Sessions: sessions, Knowledge: know,
		Home: func(netKW []float64, own []session.Session, k *foresight.Knowledge) *home.Home {
			return inputs.NewHome(s, netKW, own, k)
		},
	}
	for _, y := range years {
		if y < outlook.FirstYear || y > outlook.LastYear {
			return nil, nil, fmt.Errorf("--years has %d: %d to %d was expected", y, outlook.FirstYear, outlook.LastYear)
		}
		of, err := r.regional.forecast.Year(y, s.Outlook.Scenario)
		if err != nil {
			return nil, nil, err
		}
		in.Years = append(in.Years, of)
	}
	r.AskedKWh = 0 // counts the study's own homes, which are not computed
	settings, err := s.Settings()
	if err != nil {
		return nil, nil, err
	}
	notes := append(r.Notes(), nettingNotes(s, cases)...)
	plan, err := population.NewPlan(in, &population.About{Version: v, Study: s.Name, Settings: settings, Inputs: r.Manifest.Inputs, Notes: notes})
	return in, plan, err
}

// nettingNotes say of the contracts that are computed whether feeding in is netted.
func nettingNotes(s *assume.Study, cases []cohort.Case) (notes []string) {
	for _, k := range s.Contracts {
		if slices.ContainsFunc(cases, func(c cohort.Case) bool { return c.Contract == k.Name }) {
			with := map[bool]string{true: "with", false: "without"}[k.NetMetering]
			notes = append(notes, fmt.Sprintf("contract %s: %s net metering", k.Name, with))
		}
	}
	return notes
}
