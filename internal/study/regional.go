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
	uncertain *uncertainty
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
	g.profile = r.Profile(g.contract)
	for i, c := range r.Cases {
		if c.Contract == g.contract && c.Mode == dispatch.V2G {
			g.profile.AtPeakKW = results[i].AtPeakKW
		}
	}
	var err error
	if g.model, err = potential.New(g.profile, potential.Settings{Rule: p.KWPerChargePoint.Rule, KW: p.KWPerChargePoint.KW, Season: p.InSeason(), Adoption: p.Adoption}); err != nil {
		return err
	}
	kw := g.model.Region(0, 0, math.NaN(), potential.Band{}).KWPerPoint
	g.uncertain.prepare(g.contract, kw)
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
	g.uncertain.add(s)
	return nil
}

// known is a pointer to v, nil for NaN.
func known(v float64) *float64 {
	if math.IsNaN(v) {
		return nil
	}
	return &v
}
