package server

import (
	"context"
	"math"
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"github.com/getij/getij/internal/answer"
	"github.com/getij/getij/internal/chart"
)

func (s *Server) registerFigures(api huma.API) {
	s.registerLabFigures(api)
	s.registerStreetFigures(api)
	register(s, api, huma.Operation{
		OperationID: "figure", Method: http.MethodGet, Path: "/figures/{name}",
		Summary:     "A figure of the study as SVG, for a width and a language, with what can be read in it",
		Middlewares: finite(api, "width", "adoption"),
	}, func(ctx context.Context, in *answer.FigureQuestion) (*struct{ Body *answer.FigureAnswer }, error) {
		a, err := answer.Figure(of(ctx).folder, of(ctx).regionMap, in)
		return &struct{ Body *answer.FigureAnswer }{a}, err
	})
}

func (s *Server) registerLabFigures(api huma.API) {
	for _, name := range answer.LabFigureNames() {
		register(s, api, huma.Operation{
			OperationID: name, Method: http.MethodPost, Path: "/figures/" + name,
			Summary: "A figure of a laboratory run, as figure", MaxBodyBytes: mostBody,
			Middlewares: finite(api, "width"),
		}, func(ctx context.Context, in *answer.LabFigure) (*struct{ Body *answer.FigureAnswer }, error) {
			a, err := answer.DrawLab(of(ctx).folder, name, in)
			return &struct{ Body *answer.FigureAnswer }{a}, err
		})
	}
}

// finite refuses NaN and infinity in a query: a bound lets NaN through, and JSON has
// no word for either.
func finite(api huma.API, names ...string) huma.Middlewares {
	return huma.Middlewares{func(ctx huma.Context, next func(huma.Context)) {
		for _, name := range names {
			text := ctx.Query(name)
			if v, err := strconv.ParseFloat(text, 64); err == nil && (math.IsNaN(v) || math.IsInf(v, 0)) {
				detail := &huma.ErrorDetail{Location: "query." + name, Message: "a number was expected", Value: text}
				_ = huma.WriteErr(api, ctx, http.StatusBadRequest, name+" is "+text+": a number was expected", detail)
				return
			}
		}
		next(ctx)
	}}
}

// OfChart is a region as figures of it are drawn.
func (m *mapData) OfChart(code, location string) (chart.Region, error) {
	i, ok := m.number[code]
	if !ok {
		return chart.Region{}, answer.NoRegion(location, code)
	}
	r := chart.Region{Name: m.regions.Name[i], Homes: m.homes(i), CapacityKW: m.index.CapacityKW[i], Years: m.regions.Years, Points: map[string][]float64{}}
	for scenario, columns := range m.chain {
		for y := range r.Years {
			r.Points[scenario] = append(r.Points[scenario], columns["home_charge_points"][y*m.regions.Len()+i])
		}
	}
	return r, nil
}
