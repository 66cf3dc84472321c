package server

import (
	"context"
	"encoding/binary"
	"fmt"
	"math"
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-chi/chi/v5"

	"github.com/getij/getij/internal/answer"
	"github.com/getij/getij/internal/outlook"
)

// RegionsAnswer lists every region, column by column; a region's number is its
// place in these lists, in tiles and in the lists of points.
type RegionsAnswer struct {
	Code         []string             `json:"code"`
	Name         []string             `json:"name"`
	Level        []int                `json:"level" doc:"place in levels"`
	Levels       []string             `json:"levels" doc:"from coarse to fine"`
	Parent       []int                `json:"parent" doc:"number of the region around it, -1 for the whole"`
	Lon          answer.NumbersOrNull `json:"lon" doc:"of a point inside; null without outlines"`
	Lat          answer.NumbersOrNull `json:"lat"`
	Dwellings    answer.Numbers       `json:"dwellings"`
	Equivalents  answer.Numbers       `json:"home_equivalents" doc:"the dwellings counted by their household use: as many mean dwellings of the country use as much"`
	WithDriveway answer.Numbers       `json:"dwellings_with_driveway"`
	CapacityKW   answer.NumbersOrNull `json:"capacity_kw"`
	Box          answer.NumbersOrNull `json:"box,omitempty" doc:"where finer levels are left out: west, south, east and north of the points of what lies inside, of region after region"`
}

// RegionAnswer is one region with its chain in every year.
type RegionAnswer struct {
	Number       int              `json:"number"`
	Code         string           `json:"code"`
	Name         string           `json:"name"`
	Level        string           `json:"level"`
	Parents      []RegionName     `json:"parents" doc:"from the nearest to the whole"`
	Children     int              `json:"children"`
	Near         []RegionName     `json:"near" doc:"nearest regions of the same level"`
	Dwellings    answer.Number    `json:"dwellings"`
	Equivalents  answer.Number    `json:"home_equivalents" doc:"the dwellings counted by their household use: as many mean dwellings of the country use as much"`
	WithDriveway answer.Number    `json:"dwellings_with_driveway"`
	CarsToUsual  answer.Number    `json:"cars_to_usual" nullable:"true" doc:"cars per household against gemeenten that live alike; null without driveways"`
	VansToUsual  answer.Number    `json:"vans_to_usual" nullable:"true"`
	CapacityKW   answer.Number    `json:"capacity_kw" nullable:"true"`
	Spread       answer.Number    `json:"driveway_spread" doc:"how far the region may lie off the band of the country, as a share, either way"`
	Years        []int            `json:"years"`
	Chain        map[string]Chain `json:"chain" doc:"by scenario; a value per year"`
	OwnHomes     []OwnHomesEntry  `json:"own_homes" doc:"what the region does by homes of its own, where the result has a population; of its scenario and adoption"`
}

// RegionName names a region.
type RegionName struct {
	Number int    `json:"number"`
	Code   string `json:"code"`
	Name   string `json:"name"`
	Level  string `json:"level"`
}

// Chain is the way from dwellings with a driveway to charge points.
type Chain struct {
	Cars              answer.Numbers `json:"cars"`
	Vans              answer.Numbers `json:"vans"`
	ElectricShareCars answer.Numbers `json:"electric_share_cars"`
	ElectricShareVans answer.Numbers `json:"electric_share_vans"`
	UsualShareCars    answer.Numbers `json:"usual_point_share_cars" doc:"of the dwellings with a driveway that have a charge point for a car where cars_to_usual is 1"`
	UsualShareVans    answer.Numbers `json:"usual_point_share_vans"`
	PointsCars        answer.Numbers `json:"home_charge_points_cars"`
	PointsVans        answer.Numbers `json:"home_charge_points_vans"`
	Points            answer.Numbers `json:"home_charge_points"`
}

func (s *Server) registerRegions(api huma.API) {
	register(s, api, huma.Operation{
		OperationID: "regions", Method: http.MethodGet, Path: "/regions", Summary: "All regions, column by column",
	}, func(ctx context.Context, in *struct {
		DownTo string `query:"downTo" maxLength:"20" example:"gemeente" doc:"leave finer levels out; numbers stay the same"`
	},
	) (*struct{ Body *RegionsAnswer }, error) {
		m := of(ctx).regionMap
		if m == nil {
			return nil, huma.Error404NotFound(answer.NoRegions)
		}
		if in.DownTo == "" {
			keep(ctx)
			return &struct{ Body *RegionsAnswer }{m.index}, nil
		}
		n, ok := m.downTo[in.DownTo]
		if !ok {
			return nil, huma.Error400BadRequest(m.noLevel(in.DownTo), &huma.ErrorDetail{Location: "query.downTo", Message: "unknown level", Value: in.DownTo})
		}
		return &struct{ Body *RegionsAnswer }{m.first(n)}, nil
	})
	register(s, api, huma.Operation{
		OperationID: "region", Method: http.MethodGet, Path: "/regions/{code}", Summary: "One region: the chain from dwellings to charge points, every year and scenario",
	}, func(ctx context.Context, in *struct {
		Code string `path:"code" maxLength:"64" example:"GM0344"`
	},
	) (*struct{ Body *RegionAnswer }, error) {
		m := of(ctx).regionMap
		if m == nil {
			return nil, huma.Error404NotFound(answer.NoRegions)
		}
		keep(ctx)
		a, ok := m.region(in.Code)
		if !ok {
			return nil, huma.Error404NotFound("no region has the code "+in.Code+": /api/v1/regions lists them",
				&huma.ErrorDetail{Location: "path.code", Message: "unknown region", Value: in.Code})
		}
		return &struct{ Body *RegionAnswer }{a}, nil
	})
}

// first are the regions of the lowest numbers.
func (m *mapData) first(n int) *RegionsAnswer {
	a := m.index
	return &RegionsAnswer{
		Box:  m.boxes[:4*n],
		Code: a.Code[:n], Name: a.Name[:n], Level: a.Level[:n], Levels: a.Levels, Parent: a.Parent[:n], Lon: a.Lon[:n], Lat: a.Lat[:n],
		Dwellings: a.Dwellings[:n], Equivalents: a.Equivalents[:n], WithDriveway: a.WithDriveway[:n], CapacityKW: a.CapacityKW[:n],
	}
}

// points answers the charge points of every region and year of a scenario, or of one
// year, or that without finer levels, as 32-bit floats, little endian: year by year,
// regions by number.
func (s *Server) points(w http.ResponseWriter, r *http.Request) {
	scenario := chi.URLParam(r, "scenario")
	m := of(r.Context()).regionMap
	if m == nil {
		problem(w, http.StatusNotFound, answer.NoRegions)
		return
	}
	all := m.chain[scenario]["home_charge_points"]
	if all == nil {
		problem(w, http.StatusNotFound, "scenario "+scenario+" is unknown: use low, mid or high")
		return
	}
	if text := chi.URLParam(r, "year"); text != "" {
		year, err := strconv.Atoi(text)
		if err != nil || year < outlook.FirstYear || year > outlook.LastYear {
			problem(w, http.StatusNotFound, fmt.Sprintf("the outlook has no year %s: use %d to %d", text, outlook.FirstYear, outlook.LastYear))
			return
		}
		all = m.points(scenario, year)
		if level := chi.URLParam(r, "level"); level != "" {
			n, ok := m.downTo[level]
			if !ok {
				problem(w, http.StatusNotFound, m.noLevel(level))
				return
			}
			all = all[:n]
		}
	}
	b := make([]byte, 0, 4*len(all))
	for _, v := range all {
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(float32(v)))
	}
	keep(r.Context())
	w.Header().Set("Content-Type", "application/octet-stream")
	_, _ = w.Write(b)
}
