package study

import (
	"context"
	"fmt"
	"math"

	"github.com/getij/getij/dispatch"
	"github.com/getij/getij/internal/assume"
	"github.com/getij/getij/internal/cohort"
	"github.com/getij/getij/internal/dataset"
	"github.com/getij/getij/internal/outlook"
	"github.com/getij/getij/internal/potential"
	"github.com/getij/getij/internal/result"
)

// regional is what a study says of regions.
type regional struct {
	*Regions
	forecast  *outlook.Forecast
	profile   *potential.Profile
	model     *potential.Model
	contract  string    // whose profiles are used
	dwellings []float64 // in the set's order
}

// readRegional reads regions and forecast: everything that a user can get wrong
// before the homes are computed.
func (r *workbench) readRegional(ctx context.Context) error {
	regions, err := r.readRegions(ctx)
	if err != nil {
		return err
	}
	a := outlookAssumptions(&r.Study.Outlook)
	n, err := national(a)
	if err != nil {
		return err
	}
	own, err := r.readOwnForecast(ctx)
	if err != nil {
		return err
	}
	if own != nil {
		if err := own.Check(regions.Set); err != nil {
			return fmt.Errorf("outlook.charge_points: %s: %w", r.Study.Outlook.ChargePoints, err)
		}
	}
	f, err := outlook.New(regions.Set, regions.Figures, n, a, own)
	if err != nil {
		return fmt.Errorf("data.regions: %s: %w", r.Study.Data.Regions, err)
	}
	contract, err := r.Study.PotentialContract()
	if err != nil {
		return err
	}
	r.regional = &regional{Regions: regions, forecast: f, contract: contract, dwellings: make([]float64, regions.Set.Len())}
	for i := range r.regional.dwellings {
		r.regional.dwellings[i] = f.Base.Homes[i].Dwellings
	}
	return nil
}

func outlookAssumptions(o *assume.Outlook) *outlook.Assumptions {
	return &outlook.Assumptions{
		DrivewayDetached: o.DrivewayShareDetached, DrivewaySemiDetached: o.DrivewayShareSemiDetached,
		DrivewayTerraced: o.DrivewayShareTerraced, DrivewayApartment: o.DrivewayShareApartment,
		HomeShareCars: o.HomeShareCars, HomeShareVans: o.HomeShareVans, HomeChargingShare: o.HomeChargingShare,
		DriversAtHome2024: o.DriversAtHome2024, HybridsPerElectricCar: o.HybridsPerElectricCar, SecondPointShare: o.SecondPointShare,
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
	g.profile = r.profile(g.contract, results)
	var err error
	if g.model, err = potential.New(g.profile, potential.Settings{Rule: p.KWPerChargePoint.Rule, KW: p.KWPerChargePoint.KW, Adoption: p.Adoption}); err != nil {
		return err
	}
	r.Regions = g.result()
	s := &result.PotentialSummary{Year: p.Year, Scenario: r.Study.Outlook.Scenario, Adoption: p.Adoption, Contract: g.contract, SpreadKW: known(g.model.SpreadKW())}
	if p.KWPerChargePoint.Rule != potential.Coincidence {
		s.KWPerChargePoint = known(g.model.Region(0, 0, math.NaN()).KWPerPoint)
	}
	r.Summary.Potential = s
	if err := s.Fill(r.Regions); err != nil {
		return err
	}
	r.addSeasons(s, results)
	return nil
}

// addSeasons adds what each case does in each season to the potential of all
// regions.
func (r *workbench) addSeasons(s *result.PotentialSummary, results []*cohort.Result) {
	gw := result.GW
	for _, c := range r.Cases {
		p := r.profile(c.Contract, results)
		for _, season := range potential.Seasons() {
			x := p.Seasonal(r.Study.Year, season, c.ByMonth, s.Dwellings, s.HomeChargePoints, s.Adoption)
			s.Seasons = append(s.Seasons, result.SeasonSummary{
				Contract: c.Contract, Mode: c.Mode.String(), Season: x.Season,
				EveningMeanKW: x.EveningMeanKW, LargestDischargeKW: x.LargestDischargeKW, EveningGW: gw(x.EveningMW), LargestGW: gw(x.LargestMW),
				EveningPeakWithoutGW: gw(x.EveningPeakWithoutMW), EveningPeakRegularGW: known(gw(x.EveningPeakRegularMW)),
				EveningPeakGW: known(gw(x.EveningPeakMW)), NightPeakGW: known(gw(x.NightPeakMW)),
			})
		}
	}
}

// profile is what the study found for one home, as the potential takes it.
func (r *workbench) profile(contract string, results []*cohort.Result) *potential.Profile {
	net := make([]float64, r.Axis.Len())
	for t := range net {
		net[t] = r.LoadKW[t] - r.SolarKW[t]
	}
	p := &potential.Profile{Base: r.Axis.ByMonth(net)}
	for i, c := range r.Cases {
		if c.Contract != contract {
			continue
		}
		switch c.Mode {
		case dispatch.Regular:
			p.Regular = c.ByMonth
		case dispatch.Smart:
			p.Smart = c.ByMonth
		case dispatch.V2G:
			p.V2G, p.AtPeakKW = c.ByMonth, results[i].AtPeakKW
			for _, g := range c.Coincidence {
				p.Coincidence = append(p.Coincidence, potential.Group{
					Homes: float64(g.Homes), P5KW: g.PeakDischargeKW.P5, P50KW: g.PeakDischargeKW.P50, P95KW: g.PeakDischargeKW.P95,
				})
			}
		}
	}
	return p
}

// known is a pointer to v, nil for NaN.
func known(v float64) *float64 {
	if math.IsNaN(v) {
		return nil
	}
	return &v
}
