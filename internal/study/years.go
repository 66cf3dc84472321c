package study

import (
	"math"
	"slices"
	"sync"

	"github.com/getij/getij/internal/outlook"
	"github.com/getij/getij/internal/potential"
	"github.com/getij/getij/internal/region"
	"github.com/getij/getij/internal/result"
)

// result gives the regions in the form that is written; its years are computed when
// they are asked for.
func (g *regional) result() *result.Regions {
	out := &result.Regions{Schematic: g.Schematic, Figures: g.asRead(), Source: &computed{g, sync.OnceValue(g.Set.Dissolved)}}
	for year := outlook.FirstYear; year <= outlook.LastYear; year++ {
		out.Years = append(out.Years, year)
	}
	for i := range g.Set.Len() {
		at := g.Set.At(i)
		out.Code, out.Name = append(out.Code, at.Code), append(out.Name, at.Name)
		out.Level, out.Parent = append(out.Level, string(at.Level)), append(out.Parent, at.Parent)
	}
	return out
}

// asRead are the figures that the study read, under the names that a study reads:
// the GeoPackage can be the regions of another study.
func (g *regional) asRead() (out []result.Figures) {
	for _, c := range []struct {
		name  string
		value func(*outlook.Figures) float64
	}{
		{"households", func(f *outlook.Figures) float64 { return f.Households }},
		{"dwellings", func(f *outlook.Figures) float64 { return f.Dwellings }},
		{"dwellings_detached", func(f *outlook.Figures) float64 { return f.Detached }},
		{"dwellings_semi_detached", func(f *outlook.Figures) float64 { return f.SemiDetached }},
		{"dwellings_terraced", func(f *outlook.Figures) float64 { return f.Terraced }},
		{"dwellings_apartment", func(f *outlook.Figures) float64 { return f.Apartment }},
		{"dwellings_with_driveway", func(f *outlook.Figures) float64 { return f.WithDriveway }},
		{"cars", func(f *outlook.Figures) float64 { return f.Cars }},
		{"vans", func(f *outlook.Figures) float64 { return f.Vans }},
	} {
		f := result.Figures{Name: c.name}
		known := false
		for i := range g.Figures {
			v := c.value(&g.Figures[i])
			f.Values, known = append(f.Values, v), known || !math.IsNaN(v)
		}
		if known {
			out = append(out, f)
		}
	}
	if g.Schematic {
		out = append(out, result.Figures{Name: "schematic", Values: slices.Repeat([]float64{1}, g.Set.Len())})
	}
	if g.CapacityKW != nil {
		out = append(out, result.Figures{Name: "capacity_kw", Values: g.CapacityKW})
	}
	return out
}

// computed is the source of a run's regions.
type computed struct {
	*regional
	dissolved func() *region.Set // with borders where all parts have one
}

// year computes one year and scenario, its potential when it is asked for.
func (g *regional) year(year int, scenario string) (*outlook.Year, func() []potential.Region, error) {
	y, err := g.forecast.Year(year, scenario)
	return y, sync.OnceValue(func() []potential.Region {
		return g.model.Year(make([]potential.Region, 0, g.Set.Len()), y, g.homes, g.CapacityKW, g.uncertain.Of(year, scenario), g.uncertain.Spread)
	}), err
}

// Year computes the columns of one year and scenario.
func (c *computed) Year(year int, scenario string) (*result.RegionYear, error) {
	y, potentials, err := c.year(year, scenario)
	if err != nil {
		return nil, err
	}
	n := c.Set.Len()
	known := func(values []float64) func() []float64 { return func() []float64 { return values } }
	same := func(v float64) func() []float64 {
		return sync.OnceValue(func() []float64 { return slices.Repeat([]float64{v}, n) })
	}
	each := func(value func(*potential.Region) float64) func() []float64 {
		return sync.OnceValue(func() []float64 {
			out, p := make([]float64, n), potentials()
			for i := range p {
				out[i] = value(&p[i])
			}
			return out
		})
	}
	homes := func(value func(*outlook.Home) float64) func() []float64 {
		return sync.OnceValue(func() []float64 {
			out := make([]float64, n)
			for i := range out {
				out[i] = value(&c.forecast.Base.Homes[i])
			}
			return out
		})
	}
	return &result.RegionYear{Year: year, Scenario: scenario, Values: map[string]func() []float64{
		"dwellings": homes(func(h *outlook.Home) float64 { return h.Dwellings }), "dwellings_with_driveway": homes(func(h *outlook.Home) float64 { return h.WithDriveway }),
		"home_equivalents": homes(func(h *outlook.Home) float64 { return h.Equivalents }),
		"cars":             known(y.CarsByRegion), "vans": known(y.VansByRegion),
		"electric_share_cars": same(y.ElectricShareCars), "electric_share_vans": same(y.ElectricShareVans),
		"cars_to_usual":          homes(func(h *outlook.Home) float64 { return orUnknown(h.CarsToUsual) }),
		"vans_to_usual":          homes(func(h *outlook.Home) float64 { return orUnknown(h.VansToUsual) }),
		"usual_point_share_cars": same(y.UsualShareCars), "usual_point_share_vans": same(y.UsualShareVans),
		"home_charge_points_cars": known(y.PointsCarsByRegion), "home_charge_points_vans": known(y.PointsVansByRegion), "home_charge_points": known(y.PointsByRegion),

		"adoption":                   same(c.model.Settings().Adoption),
		"kw_per_charge_point":        each(func(r *potential.Region) float64 { return r.KWPerPoint }),
		"potential_mw":               each(func(r *potential.Region) float64 { return r.MW }),
		"driveway_spread":            known(c.uncertain.Spread),
		"potential_mw_p5":            each(func(r *potential.Region) float64 { return r.MWP5 }),
		"potential_mw_p95":           each(func(r *potential.Region) float64 { return r.MWP95 }),
		"evening_peak_kw_without_ev": each(func(r *potential.Region) float64 { return r.EveningPeakWithout }),
		"evening_peak_kw_regular":    each(func(r *potential.Region) float64 { return r.EveningPeakRegular }),
		"evening_peak_kw_smart":      each(func(r *potential.Region) float64 { return r.EveningPeakSmart }),
		"evening_peak_kw_v2g":        each(func(r *potential.Region) float64 { return r.EveningPeakV2G }),
		"night_peak_kw_v2g":          each(func(r *potential.Region) float64 { return r.NightPeakV2G }),
		"evening_peak_relief_kw":     each(func(r *potential.Region) float64 { return r.ReliefKW }),
		"highest_kw_v2g":             each(func(r *potential.Region) float64 { return r.HighestV2G }),
		"feed_in_peak_kw_v2g":        each(func(r *potential.Region) float64 { return r.FeedIn }),
		"year_highest_kw_without_ev": each(func(r *potential.Region) float64 { return r.YearWithout }),
		"year_highest_kw_regular":    each(func(r *potential.Region) float64 { return r.YearRegular }),
		"year_highest_kw_smart":      each(func(r *potential.Region) float64 { return r.YearSmart }),
		"year_highest_kw_v2g":        each(func(r *potential.Region) float64 { return r.YearV2G }),
		"capacity_kw":                each(func(r *potential.Region) float64 { return r.CapacityKW }),
		"capacity_share_import":      each(func(r *potential.Region) float64 { return r.CapacityShareImport }),
		"capacity_share_feed_in":     each(func(r *potential.Region) float64 { return r.CapacityShareFeedIn }),
	}}, nil
}

// orUnknown is a ratio, or NaN where there are no driveways.
func orUnknown(ratio float64) float64 {
	if ratio == 0 {
		return math.NaN()
	}
	return ratio
}

// Outlines are a level's borders in RD New.
func (c *computed) Outlines(level string) (out []region.Region, err error) {
	set := c.dissolved()
	for _, i := range set.OfLevel(region.Level(level)) {
		out = append(out, c.InRD(set, i))
	}
	return out, nil
}

// Chain computes columns of charge_points of every year and scenario.
func (c *computed) Chain(first, count int, columns ...string) (map[string]map[string][]float64, error) {
	out := map[string]map[string][]float64{}
	for _, scenario := range outlook.Scenarios() {
		out[scenario] = map[string][]float64{}
		for year := outlook.FirstYear; year <= outlook.LastYear; year++ {
			y, err := c.Year(year, scenario)
			if err != nil {
				return nil, err
			}
			for _, name := range columns {
				out[scenario][name] = append(out[scenario][name], y.Column(name)[first:first+count]...)
			}
		}
	}
	return out, nil
}
