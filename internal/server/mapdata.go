package server

import (
	"cmp"
	"context"
	"math"
	"path/filepath"
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"github.com/getij/getij/internal/answer"
	"github.com/getij/getij/internal/foreign/regionfile"
	"github.com/getij/getij/internal/outlook"
	"github.com/getij/getij/internal/potential"
	"github.com/getij/getij/internal/region"
	"github.com/getij/getij/internal/result"
)

// mapData is everything about regions, by number: their place in the folder's
// tables.
type mapData struct {
	regions  *result.Regions
	chain    map[string]map[string][]float64 // by scenario and column, year after year
	index    *RegionsAnswer
	number   map[string]int
	children []int
	levelOf  []string
	// as outlook.Home has them, NaN without driveways
	carsToUsual, vansToUsual []float64
	spread                   []float64 // of the band, against the country
	byLevel                  map[string][]int
	downTo                   map[string]int // by level: so many regions from 0 on hold it and all coarser ones
	outlines                 map[string]bool
	borders                  []orb.MultiPolygon   // RD New, nil without
	extent                   orb.Bound            // WGS84
	boxes                    answer.NumbersOrNull // of the label points in a region: west, south, east, north
	layers                   *layerCache
	recount                  *recount
	population               *result.Population // nil without
}

func newMapData(f *result.Result) (*mapData, error) {
	r := f.Regions
	n := r.Len()
	first, err := r.Year(f.Summary.Potential.Year, f.Summary.Potential.Scenario)
	if err != nil {
		return nil, err
	}
	m := &mapData{
		regions: r, population: f.Population, number: make(map[string]int, n), children: make([]int, n), levelOf: r.Level,
		carsToUsual: first.Column("cars_to_usual"), vansToUsual: first.Column("vans_to_usual"), spread: first.Column("driveway_spread"),
		byLevel: map[string][]int{}, outlines: map[string]bool{}, borders: make([]orb.MultiPolygon, n),
		index: &RegionsAnswer{
			Code: r.Code, Name: r.Name, Level: make([]int, n), Levels: []string{}, Parent: make([]int, n),
			Lon: make(answer.NumbersOrNull, n), Lat: make(answer.NumbersOrNull, n), Dwellings: first.Column("dwellings"), Equivalents: first.Column("home_equivalents"), WithDriveway: first.Column("dwellings_with_driveway"), CapacityKW: first.Column("capacity_kw"),
		},
	}
	if m.chain, err = r.Chain(0, n, "cars", "vans", "electric_share_cars", "electric_share_vans",
		"usual_point_share_cars", "usual_point_share_vans", "home_charge_points_cars", "home_charge_points_vans", "home_charge_points"); err != nil {
		return nil, err
	}
	for i, code := range r.Code {
		m.number[code] = i
	}
	m.downTo = map[string]int{}
	for i := range n {
		level := r.Level[i]
		if !slices.Contains(m.index.Levels, level) {
			m.index.Levels = append(m.index.Levels, level)
		}
		m.index.Level[i] = slices.Index(m.index.Levels, level)
		m.byLevel[level] = append(m.byLevel[level], i)
		m.index.Parent[i] = -1
		if p, ok := m.number[r.Parent[i]]; ok && r.Parent[i] != "" {
			m.index.Parent[i] = p
			m.children[p]++
		}
		m.index.Lon[i], m.index.Lat[i] = math.NaN(), math.NaN()
	}
	most := 0
	for _, level := range m.index.Levels {
		most = max(most, m.byLevel[level][len(m.byLevel[level])-1]+1)
		m.downTo[level] = most
	}
	data, err := regionfile.Read(context.Background(), filepath.Join(f.Dir, "potential.gpkg"), regionfile.Options{KeepWater: true})
	if err != nil {
		return nil, err
	}
	m.extent = orb.Bound{Min: orb.Point{math.Inf(1), math.Inf(1)}, Max: orb.Point{math.Inf(-1), math.Inf(-1)}}
	for _, reg := range data.Regions() {
		i, ok := m.number[reg.Code]
		if !ok || reg.Geometry == nil {
			continue
		}
		m.borders[i] = reg.Geometry
		m.outlines[m.levelOf[i]] = true
		if at, ok := region.LabelPoint(reg.Geometry); ok {
			lonLat := region.RDToWGS84(at)
			m.index.Lon[i], m.index.Lat[i] = lonLat[0], lonLat[1]
		}
		b := reg.Geometry.Bound()
		for _, corner := range []orb.Point{b.Min, {b.Max[0], b.Min[1]}, b.Max, {b.Min[0], b.Max[1]}} {
			m.extent = m.extent.Extend(region.RDToWGS84(corner))
		}
	}
	m.layers = newLayerCache(m)
	m.recount = newRecount(m, data, f.Study)
	m.boxes = m.labelBoxes()
	return m, nil
}

func (m *mapData) levels() (out []LevelEntry) {
	for _, l := range m.index.Levels {
		out = append(out, LevelEntry{l, len(m.byLevel[l]), m.outlines[l]})
	}
	return out
}

// labelBoxes hold the label points of regions and of all that lies in them, from fine levels
// to coarse ones.
func (m *mapData) labelBoxes() answer.NumbersOrNull {
	out := make(answer.NumbersOrNull, 0, 4*len(m.levelOf))
	for i := range m.levelOf {
		out = append(out, m.index.Lon[i], m.index.Lat[i], m.index.Lon[i], m.index.Lat[i])
	}
	for _, level := range slices.Backward(m.index.Levels) {
		for _, i := range m.byLevel[level] {
			p := m.index.Parent[i]
			if p < 0 || math.IsNaN(out[4*i]) {
				continue
			}
			own, around := out[4*i:][:4], out[4*p:][:4]
			if math.IsNaN(around[0]) {
				copy(around, own)
				continue
			}
			around[0], around[1] = min(around[0], own[0]), min(around[1], own[1])
			around[2], around[3] = max(around[2], own[2]), max(around[3], own[3])
		}
	}
	return out
}

func (m *mapData) noLevel(level string) string {
	return "no regions are of the level " + level + ": " + strings.Join(m.index.Levels, ", ") + " were expected"
}

// bounds are west, south, east, north; empty without outlines.
func (m *mapData) bounds() []float64 {
	if len(m.outlines) == 0 {
		return []float64{}
	}
	return []float64{m.extent.Min[0], m.extent.Min[1], m.extent.Max[0], m.extent.Max[1]}
}

// homes are a region's dwellings and home equivalents.
func (m *mapData) homes(i int) potential.Homes {
	return potential.Homes{Dwellings: m.index.Dwellings[i], Equivalents: m.index.Equivalents[i]}
}

func (m *mapData) name(i int) RegionName {
	return RegionName{i, m.regions.Code[i], m.regions.Name[i], m.levelOf[i]}
}

func (m *mapData) region(code string) (*RegionAnswer, bool) {
	i, ok := m.number[code]
	if !ok {
		return nil, false
	}
	r := m.regions
	a := &RegionAnswer{
		Number: i, Code: code, Name: r.Name[i], Level: m.levelOf[i], Parents: []RegionName{}, Children: m.children[i], Near: m.near(i),
		Dwellings: answer.Number(m.index.Dwellings[i]), Equivalents: answer.Number(m.index.Equivalents[i]), WithDriveway: answer.Number(m.index.WithDriveway[i]), CarsToUsual: answer.Number(m.carsToUsual[i]), VansToUsual: answer.Number(m.vansToUsual[i]), CapacityKW: answer.Number(m.index.CapacityKW[i]), Spread: answer.Number(m.spread[i]), Chain: map[string]Chain{}, OwnHomes: ownHomes(m.population, i),
	}
	for p := m.index.Parent[i]; p >= 0; p = m.index.Parent[p] {
		a.Parents = append(a.Parents, m.name(p))
	}
	for year := outlook.FirstYear; year <= outlook.LastYear; year++ {
		a.Years = append(a.Years, year)
	}
	for _, scenario := range outlook.Scenarios() {
		pick := func(column string) answer.Numbers {
			out := answer.Numbers{}
			for y := range a.Years {
				out = append(out, m.chain[scenario][column][y*r.Len()+i])
			}
			return out
		}
		a.Chain[scenario] = Chain{
			Cars: pick("cars"), Vans: pick("vans"), ElectricShareCars: pick("electric_share_cars"), ElectricShareVans: pick("electric_share_vans"),
			UsualShareCars: pick("usual_point_share_cars"), UsualShareVans: pick("usual_point_share_vans"),
			PointsCars: pick("home_charge_points_cars"), PointsVans: pick("home_charge_points_vans"), Points: pick("home_charge_points"),
		}
	}
	return a, true
}

const nearCount = 5

// near are the nearest regions of the same level, by their label points.
func (m *mapData) near(i int) []RegionName {
	out := []RegionName{}
	lon, lat := m.index.Lon[i], m.index.Lat[i]
	if math.IsNaN(lon) {
		return out
	}
	type at struct {
		number   int
		distance float64
	}
	var all []at
	squeeze := math.Cos(lat * math.Pi / 180)
	for _, k := range m.byLevel[m.levelOf[i]] {
		if k == i || math.IsNaN(m.index.Lon[k]) {
			continue
		}
		all = append(all, at{k, math.Hypot((m.index.Lon[k]-lon)*squeeze, m.index.Lat[k]-lat)})
	}
	slices.SortFunc(all, func(a, b at) int { return cmp.Compare(a.distance, b.distance) })
	for _, a := range all[:min(nearCount, len(all))] {
		out = append(out, m.name(a.number))
	}
	return out
}
