package study

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"

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
func (r *workbench) readRegional() error {
	regions, err := r.readRegions()
	if err != nil {
		return err
	}
	a := outlookAssumptions(&r.Study.Outlook)
	n, err := national(a)
	if err != nil {
		return err
	}
	own, err := r.readOwnForecast()
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
		HomeShareCars: o.HomeShareCars, HomeShareCars2024: o.HomeShareCars2024, HomeShareVans: o.HomeShareVans,
		VanResidentialShare: o.VanResidentialShare, HomeChargingShare: o.HomeChargingShare,
	}
}

// readOwnForecast reads outlook.charge_points, nil for the model.
func (r *workbench) readOwnForecast() (*outlook.Own, error) {
	file := r.Study.Outlook.ChargePoints
	if file == assume.Model {
		return nil, nil
	}
	path := r.Study.Path(file)
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("outlook.charge_points: %w", err)
	}
	defer f.Close()
	own, rows, err := parseOwnForecast(file, f)
	if err != nil {
		return nil, fmt.Errorf("outlook.charge_points: %w", err)
	}
	sum, err := fileSHA256(path)
	if err != nil {
		return nil, err
	}
	r.Manifest.Inputs = append(r.Manifest.Inputs, result.Input{Source: "file of the study", Report: dataset.Report{
		Kind: "charge points", File: file, SHA256: sum, Rows: rows, Mends: []dataset.Mend{},
	}})
	return own, nil
}

func parseOwnForecast(name string, in io.Reader) (*outlook.Own, int, error) {
	want := []string{"code", "year", "home_charge_points"}
	c := csv.NewReader(in)
	header, err := c.Read()
	if err != nil {
		return nil, 0, fmt.Errorf("%s: a CSV file with the columns %s was expected: %w", name, strings.Join(want, ","), err)
	}
	at := make([]int, len(want))
	for k, w := range want {
		if at[k] = slices.IndexFunc(header, func(h string) bool { return strings.TrimPrefix(strings.TrimSpace(h), "\ufeff") == w }); at[k] < 0 {
			return nil, 0, fmt.Errorf("%s has no column %s (its columns are %s)", name, w, strings.Join(header, ", "))
		}
	}
	own := &outlook.Own{Points: map[string]map[int]float64{}}
	for row := 2; ; row++ {
		record, err := c.Read()
		if errors.Is(err, io.EOF) {
			if row == 2 {
				return nil, 0, fmt.Errorf("%s has a header but no rows", name)
			}
			return own, row - 2, nil
		}
		if err != nil {
			return nil, 0, fmt.Errorf("%s, row %d: %w", name, row, err)
		}
		code := strings.TrimSpace(record[at[0]])
		year, err := strconv.Atoi(strings.TrimSpace(record[at[1]]))
		if err != nil || year < 2000 || year > 2100 {
			return nil, 0, &dataset.RowError{File: name, Row: row, Field: want[1], Value: record[at[1]], Want: "a year such as 2035 was expected"}
		}
		points, err := strconv.ParseFloat(strings.TrimSpace(record[at[2]]), 64)
		if err != nil || !(points >= 0 && points < 1e9) {
			return nil, 0, &dataset.RowError{File: name, Row: row, Field: want[2], Value: record[at[2]], Want: "a number of charge points, 0 or more, was expected"}
		}
		if own.Points[code] == nil {
			own.Points[code] = map[int]float64{}
		}
		if _, twice := own.Points[code][year]; twice {
			return nil, 0, fmt.Errorf("%s, row %d gives %s in %d again: one row per region and year was expected", name, row, code, year)
		}
		own.Points[code][year] = points
	}
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
	return s.Fill(r.Regions)
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
