package study

import (
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/getij/getij/dispatch"
	"github.com/getij/getij/internal/assume"
	"github.com/getij/getij/internal/band"
	"github.com/getij/getij/internal/cohort"
	"github.com/getij/getij/internal/dataset"
	"github.com/getij/getij/internal/home"
	"github.com/getij/getij/internal/inputs"
	"github.com/getij/getij/internal/outlook"
	"github.com/getij/getij/internal/potential"
	"github.com/getij/getij/internal/profiles"
	"github.com/getij/getij/internal/result"
	"github.com/getij/getij/internal/session"
)

// regional is what a study says of regions.
type regional struct {
	*Regions
	forecast  *outlook.Forecast
	profile   *potential.Profile
	model     *potential.Model
	contract  string            // whose profiles are used
	homes     []potential.Homes // in the set's order
	uncertain *band.Uncertainty
}

// readRegional reads regions and forecast: everything that a user can get wrong
// before the homes are computed.
func (r *workbench) readRegional(ctx context.Context) error {
	regions, f, err := r.readForecast(ctx)
	if err != nil {
		return err
	}
	contract, err := r.Study.PotentialContract()
	if err != nil {
		return err
	}
	r.regional = &regional{Regions: regions, forecast: f, contract: contract, homes: make([]potential.Homes, regions.Set.Len())}
	for i := range r.regional.homes {
		h := &f.Base.Homes[i]
		r.regional.homes[i] = potential.Homes{Dwellings: h.Dwellings, Equivalents: h.Equivalents}
	}
	return nil
}

// readForecast reads the study's regions, and makes the outlook of them.
func (r *workbench) readForecast(ctx context.Context) (*Regions, *outlook.Forecast, error) {
	regions, err := r.readRegions(ctx)
	if err != nil {
		return nil, nil, err
	}
	a := outlookAssumptions(r.Study)
	n, err := national(a)
	if err != nil {
		return nil, nil, err
	}
	own, err := r.readOwnForecast(ctx)
	if err != nil {
		return nil, nil, err
	}
	if own != nil {
		if err := own.Check(regions.Set); err != nil {
			return nil, nil, fmt.Errorf("outlook.charge_points: %s: %w", r.Study.Outlook.ChargePoints, err)
		}
	}
	f, err := outlook.New(regions.Set, regions.Figures, n, a, own)
	if err != nil {
		return nil, nil, fmt.Errorf("data.regions: %s: %w", r.Study.Data.Regions, err)
	}
	return regions, f, nil
}

func outlookAssumptions(s *assume.Study) *outlook.Assumptions {
	o, h := &s.Outlook, &s.Home
	return &outlook.Assumptions{
		DrivewayDetached: o.DrivewayShareDetached, DrivewaySemiDetached: o.DrivewayShareSemiDetached,
		DrivewayTerraced: o.DrivewayShareTerraced, DrivewayApartment: o.DrivewayShareApartment,
		HomeShareCars: o.HomeShareCars, HomeShareVans: o.HomeShareVans, HomeChargingShare: o.HomeChargingShare,
		DriversAtHome2024: o.DriversAtHome2024, HybridsPerElectricCar: o.HybridsPerElectricCar, SecondPointShare: o.SecondPointShare,
		UseDetached: h.UseDetached, UseSemiDetached: h.UseSemiDetached, UseTerraced: h.UseTerraced, UseApartment: h.UseApartment,
	}
}

// readOwnForecast reads outlook.charge_points, nil for the model.
func (r *workbench) readOwnForecast(ctx context.Context) (*outlook.Own, error) {
	file := r.Study.Outlook.ChargePoints
	if file == assume.Model {
		return nil, nil
	}
	points, rep, err := dataset.ReadChargePoints(ctx, r.Study.Path(file))
	if err != nil {
		return nil, fmt.Errorf("outlook.charge_points: %w", err)
	}
	rep.File = file
	r.Manifest.Inputs = append(r.Manifest.Inputs, result.Input{Source: "file of the study", Report: *rep})
	return &outlook.Own{Points: points}, nil
}

// addRegions makes the model of MW from what the cohort found, and the summary.
func (r *workbench) addRegions(results []*cohort.Result) error {
	g, p := r.regional, &r.Study.Potential
	g.profile = r.Profile(g.contract)
	g.profile.Steps = r.Steps(g.contract)
	for i, c := range r.Cases {
		if c.Contract == g.contract && c.Mode == dispatch.V2G {
			g.profile.AtPeakKW = results[i].AtPeakKW
		}
	}
	var err error
	if g.model, err = potential.New(g.profile, potential.Settings{Rule: p.KWPerChargePoint.Rule, KW: p.KWPerChargePoint.KW, Season: p.InSeason(), Adoption: p.Adoption}); err != nil {
		return err
	}
	kw := g.model.Region(potential.Homes{}, 0, math.NaN(), potential.Band{}).KWPerPoint
	g.uncertain.Prepare(g.contract, kw)
	r.Regions = g.result()
	s := &result.PotentialSummary{Year: p.Year, Scenario: r.Study.Outlook.Scenario, Adoption: p.Adoption, Contract: g.contract, SeasonName: p.Season, KWRule: p.KWPerChargePoint.Name(), SpreadKW: known(g.model.SpreadKW())}
	if p.KWPerChargePoint.Rule != potential.Coincidence {
		s.KWPerChargePoint = known(kw)
	}
	r.Summary.Potential = s
	if err := s.Fill(r.Regions); err != nil {
		return err
	}
	if err := s.AddSeasons(&r.Result); err != nil {
		return err
	}
	g.uncertain.Add(s)
	return nil
}

// bandHomes is how many of the study's homes are computed anew at each end of an
// assumption's range. With as many as the study has, the ends are those of whole runs; a
// larger study adds the difference that its first homes make. With a battery a home takes
// hundreds of times as long, and a fifth of them are computed (docs/home-battery.md).
func bandHomes(s *assume.Study) int {
	most := 100
	if s.Home.BatteryKWh > 0 {
		most = 20
	}
	return min(most, s.Homes)
}

// BatterySeconds is about how much processor time the homes of a study take that have a
// battery: each year of home, battery and car is a search of its own. A run has the ends of
// its ranges besides, some twelve under each contract.
func BatterySeconds(s *assume.Study, isRun bool) float64 {
	const each, ends = 0.35, 12
	if s.Home.BatteryKWh == 0 {
		return 0
	}
	years := 0
	for _, mode := range s.Modes {
		if mode != dispatch.Regular.String() {
			years += s.Homes
		}
		if mode == dispatch.V2G.String() && isRun {
			years += ends * bandHomes(s)
		}
	}
	return each * float64(years*len(s.Contracts))
}

// vary computes how far the study's figures move over the ranges of its assumptions.
func (r *workbench) vary(ctx context.Context, progress Progress, homes []*home.Home, cases []cohort.Case, results []*cohort.Result) (*band.Uncertainty, error) {
	homes = homes[:bandHomes(r.Study)]
	cases = ofV2G(cases)
	var run, runs int
	in := band.Input{Study: r.Study, Forecast: r.regional.forecast, Outlook: outlookAssumptions(r.Study), Progress: func(_ string, done, total int) { run, runs = done, total }}
	if len(cases) > 0 {
		in.Run = func(ctx context.Context, s *assume.Study) (band.Tables, error) {
			return r.tables(ctx, homes, s, cases, func(done, total int) { progress("varying assumptions", run*total+done, runs*total) })
		}
		if len(homes) == r.Study.Homes {
			in.Base = r.byMonth(results)
		}
	}
	return band.New(ctx, in)
}

func ofV2G(cases []cohort.Case) []cohort.Case {
	return slices.DeleteFunc(slices.Clone(cases), func(c cohort.Case) bool { return c.Mode != dispatch.V2G })
}

// byMonth are the tables of V2G.
func (r *workbench) byMonth(results []*cohort.Result) band.Tables {
	out := band.Tables{}
	for _, res := range results {
		if res.Mode == dispatch.V2G {
			out[res.Contract] = r.Axis.ByMonth(res.MeanKW)
		}
	}
	return out
}

// tables computes some homes with the car, charger and behaviour of another study.
func (r *workbench) tables(ctx context.Context, homes []*home.Home, s *assume.Study, cases []cohort.Case, progress func(done, total int)) (band.Tables, error) {
	sessions := r.Drawn
	if s.Data.Sessions == assume.Reference {
		sampler, err := inputs.NewSampler(s)
		if err != nil {
			return nil, err
		}
		sessions = func(i int) []session.Session { return sampler.Home(r.Axis, s.Seed, i) }
	}
	know, err := r.Knowledge(s)
	if err != nil {
		return nil, err
	}
	other := make([]*home.Home, len(homes))
	for i, h := range homes {
		other[i] = inputs.NewHome(s, h.NetKW, sessions(i), know(s.Seed, i))
		other[i].Fit()
	}
	results, err := cohort.Run(ctx, &cohort.Input{Axis: r.Axis, Homes: other, Cases: cases, Seed: s.Seed, Progress: progress})
	if err != nil {
		return nil, profiles.OfInput(err)
	}
	return r.byMonth(results), nil
}

// known is a pointer to v, nil for NaN.
func known(v float64) *float64 {
	if math.IsNaN(v) {
		return nil
	}
	return &v
}
