package study

import (
	"context"
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
	"github.com/getij/getij/internal/dataset"
	"github.com/getij/getij/internal/outlook"
	"github.com/getij/getij/internal/potential"
)

// Regional is what a study says of regions.
type Regional struct {
	*Regions
	Forecast  *outlook.Forecast
	Model     *potential.Model
	Contract  string    // whose profiles are used
	Dwellings []float64 // in the set's order
}

// RegionalYear is the chain and the potential of one year and scenario, in the
// set's order.
type RegionalYear struct {
	*outlook.Year
	Potential []potential.Region
}

// readRegional reads regions and forecast: everything that a user can get wrong
// before the homes are computed.
func (r *Result) readRegional() error {
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
	r.Regional = &Regional{Regions: regions, Forecast: f, Contract: contract, Dwellings: make([]float64, regions.Set.Len())}
	for i := range r.Regional.Dwellings {
		r.Regional.Dwellings[i] = f.Base.Homes[i].Dwellings
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
func (r *Result) readOwnForecast() (*outlook.Own, error) {
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
	r.Inputs = append(r.Inputs, Input{Source: "file of the study", Report: dataset.Report{
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

// profile is what the study found for one home, as the potential takes it.
func (r *Result) profile(contract string) *potential.Profile {
	net := make([]float64, r.Axis.Len())
	for t := range net {
		net[t] = r.LoadKW[t] - r.SolarKW[t]
	}
	p := &potential.Profile{Base: r.Axis.ByMonth(net)}
	if c := r.Case(contract, dispatch.Regular); c != nil {
		p.Regular = c.ByMonth
	}
	if c := r.Case(contract, dispatch.Smart); c != nil {
		p.Smart = c.ByMonth
	}
	if c := r.Case(contract, dispatch.V2G); c != nil {
		p.V2G, p.AtPeakKW = c.ByMonth, c.AtPeakKW
		for _, g := range c.Coincidence {
			p.Coincidence = append(p.Coincidence, potential.Group{
				Homes: float64(g.Homes), P5KW: g.PeakDischargeKW.P5, P50KW: g.PeakDischargeKW.P50, P95KW: g.PeakDischargeKW.P95,
			})
		}
	}
	return p
}

// PotentialModel makes the model of MW for the study's contract with other
// settings than its own.
func (r *Result) PotentialModel(s potential.Settings) (*potential.Model, error) {
	return potential.New(r.profile(r.Regional.Contract), s)
}

// Year computes one year and scenario.
func (g *Regional) Year(year int, scenario string) (*RegionalYear, error) {
	y, err := g.Forecast.Year(year, scenario)
	if err != nil {
		return nil, err
	}
	return &RegionalYear{y, g.Model.Year(make([]potential.Region, 0, g.Set.Len()), y, g.Dwellings, g.CapacityKW)}, nil
}

// FileYears are the years of the CSV and GeoPackage files.
func FileYears() (out []int) {
	for y := outlook.FirstYear; y <= outlook.LastYear; y += 5 {
		out = append(out, y)
	}
	return out
}

// EachYear computes every year and scenario, in order.
func (g *Regional) EachYear(ctx context.Context, visit func(*RegionalYear) error) error {
	for _, scenario := range outlook.Scenarios() {
		for year := outlook.FirstYear; year <= outlook.LastYear; year++ {
			if err := ctx.Err(); err != nil {
				return err
			}
			y, err := g.Year(year, scenario)
			if err != nil {
				return err
			}
			if err := visit(y); err != nil {
				return err
			}
		}
	}
	return nil
}

// PotentialSummary is the potential in summary.json: the whole of the regions in
// the study's year and scenario.
type PotentialSummary struct {
	Year             int        `json:"year"`
	Scenario         string     `json:"scenario"`
	Adoption         float64    `json:"adoption"`
	HomeChargePoints float64    `json:"home_charge_points"`
	KWPerChargePoint *float64   `json:"kw_per_charge_point"`    // null with coincidence: it differs by region
	SpreadKW         *float64   `json:"sd_kw_per_charge_point"` // over homes, of the power of one
	FlexiblePowerGW  float64    `json:"flexible_power_gw"`
	FlexiblePowerP5  *float64   `json:"flexible_power_gw_p5"`
	FlexiblePowerP95 *float64   `json:"flexible_power_gw_p95"`
	Contract         string     `json:"contract"`
	Dwellings        float64    `json:"dwellings"`
	Regions          int        `json:"regions"`
	Schematic        bool       `json:"schematic_map"`
	TopGemeenten     []TopEntry `json:"top_gemeenten"`
}

// TopEntry is a region with its potential.
type TopEntry struct {
	Code string  `json:"code"`
	Name string  `json:"name"`
	MW   float64 `json:"potential_mw"`
}

// known is a pointer to v, nil for NaN.
func known(v float64) *float64 {
	if math.IsNaN(v) {
		return nil
	}
	return &v
}
