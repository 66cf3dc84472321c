package server

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/getij/getij/dispatch"
	"github.com/getij/getij/internal/chart"
	"github.com/getij/getij/internal/figure"
	"github.com/getij/getij/internal/result"
	"github.com/getij/getij/internal/series"
)

// FigureAnswer is a figure for a page: the picture, the words round it, and what can
// be read in it.
type FigureAnswer struct {
	Title    string        `json:"title"`
	Subtitle string        `json:"subtitle"`
	Note     string        `json:"note"`
	Desc     string        `json:"description" doc:"what the picture shows, in words"`
	File     []string      `json:"file" doc:"words of a file's name"`
	Width    float64       `json:"width" doc:"px"`
	Height   float64       `json:"height" doc:"px"`
	SVG      string        `json:"svg"`
	Cursor   figure.Cursor `json:"cursor" enum:"cell,line,row" doc:"how the box that is read is shown"`
	Table    figure.Table  `json:"table" doc:"what is drawn, column by column"`
	Marks    []figure.Mark `json:"marks" doc:"places in the picture, with the rows and columns of the table that stand for them"`
}

// FigureSize is how a figure is asked for.
type FigureSize struct {
	Width  float64 `query:"width" minimum:"120" maximum:"2000" default:"960" doc:"px"`
	Lang   string  `query:"lang" enum:"en,nl" default:"en"`
	Framed bool    `query:"framed" doc:"title, subtitle and source in the picture, which then stands alone"`
}

// figureChoice is what a reader chooses of the study.
type figureChoice struct {
	Name string `path:"name" maxLength:"40" example:"heatmap"`
	FigureSize
	Contract string `query:"contract" maxLength:"100" doc:"default: the one that the potential uses"`
	Mode     string `query:"mode" maxLength:"20" doc:"default: the one with the most freedom"`
	Months   []int  `query:"months" maxItems:"2" example:"[1, 7]" doc:"1 is January; none: the mean day of the year"`
	Date     string `query:"date" maxLength:"10" example:"2024-01-15"`
	// Of a region.
	Region   string   `query:"region" maxLength:"64" example:"GM0344" doc:"of region-day and region-growth"`
	Regions  []string `query:"regions" maxItems:"100" example:"[\"GM0344\", \"GM0518\"]" doc:"of regions-day: those that stand below each other"`
	Scenario string   `query:"scenario" maxLength:"20" default:"mid"`
	Year     int      `query:"year" default:"2050"`
	Adoption float64  `query:"adoption" minimum:"0" maximum:"1" default:"1" doc:"share of charge points that take part"`
	Season   string   `query:"season" enum:"winter,summer,year," doc:"of region-growth; default: the study's"`
	KW       string   `query:"kw" enum:"computed,coincidence,report,fixed," doc:"of region-growth: what a charge point counts for; default: the study's rule"`
	Small    bool     `query:"small" doc:"one of several beside each other: without names at its lines"`
}

// labFigure is what a page tells of a laboratory run: kW per home.
type labFigure struct {
	FigureSize
	Body struct {
		Contract string               `json:"contract" maxLength:"100"`
		Mode     string               `json:"mode" maxLength:"20"`
		Month    int                  `json:"month,omitempty" minimum:"0" maximum:"12" doc:"of lab-days; 0: the whole year"`
		ByMonth  [][]*float64         `json:"kw_by_month,omitempty" maxItems:"12" doc:"of lab-heatmap: 12 months of 96 quarters; none: the study's own"`
		Days     map[string][]float64 `json:"days,omitempty" maxProperties:"10" doc:"of lab-days: 96 quarters by way to charge; none: the study's own"`
		KW       float64              `json:"kw,omitempty" doc:"of lab-effects: the evening's mean power now"`
		Homes    int                  `json:"homes,omitempty" doc:"of lab-effects"`
		Room     int                  `json:"room,omitempty" maximum:"100" doc:"of lab-effects: rows to leave room for"`
		Effects  []labEffect          `json:"effects,omitempty" maxItems:"100"`
		Saved    []labSaved           `json:"saved,omitempty" maxItems:"20" doc:"of lab-compare: cases beside each other"`
		Source   string               `json:"source,omitempty" maxLength:"8000" doc:"of the numbers, for a picture that leaves the page"`
	}
}

type labSaved struct {
	Name  string         `json:"name" maxLength:"100" minLength:"1"`
	Cases []labSavedCase `json:"cases" minItems:"1" maxItems:"4"`
}

type labSavedCase struct {
	Mode   string   `json:"mode" maxLength:"20"`
	Beside Beside   `json:"beside"`
	Saving *float64 `json:"saving_eur,omitempty" nullable:"true" doc:"against regular charging"`
}

type labEffect struct {
	Label string `json:"label" maxLength:"200"`
	Ends  []struct {
		Label string  `json:"label" maxLength:"200"`
		KW    float64 `json:"kw"`
	} `json:"ends" minItems:"1" maxItems:"2"`
}

func (s *Server) registerFigures(api huma.API) {
	s.registerLabFigures(api)
	s.registerStreetFigures(api)
	register(s, api, huma.Operation{
		OperationID: "figure", Method: http.MethodGet, Path: "/figures/{name}",
		Summary:     "A figure of the study as SVG, for a width and a language, with what can be read in it",
		Middlewares: finite(api, "width", "adoption"),
	}, func(ctx context.Context, in *figureChoice) (*struct{ Body *FigureAnswer }, error) {
		c := chart.Choice{Language: figure.Language(in.Lang), Contract: in.Contract, Mode: in.Mode, Date: in.Date}
		for _, m := range in.Months {
			c.Months = append(c.Months, m-1)
		}
		if strings.HasPrefix(in.Name, "region-") {
			return in.drawRegion(of(ctx), c)
		}
		if in.Name == "regions-day" {
			return in.drawRegions(of(ctx), c)
		}
		made, err := chart.Of(of(ctx).folder, in.Name, c)
		if err != nil {
			return nil, choiceError(err)
		}
		return in.draw(made)
	})
}

func (s *Server) registerLabFigures(api huma.API) {
	for name, make := range map[string]func(*snapshot, chart.Choice, *labFigure) (*chart.Chart, error){
		"lab-heatmap": func(sn *snapshot, c chart.Choice, in *labFigure) (*chart.Chart, error) {
			table, err := monthTable(in.Body.ByMonth)
			if err != nil {
				return nil, err
			}
			return chart.LabHeatmap(sn.folder, c, table, in.Body.Source)
		},
		"lab-days": func(sn *snapshot, c chart.Choice, in *labFigure) (*chart.Chart, error) {
			for mode, kw := range in.Body.Days {
				if len(kw) != series.QuartersPerDay {
					return nil, fieldProblem("days."+mode, "96 values were expected")
				}
				if err := drawable("days."+mode, kw...); err != nil {
					return nil, err
				}
			}
			return chart.LabDays(sn.folder, c, in.Body.Days, in.Body.Source)
		},
		"lab-effects": func(sn *snapshot, c chart.Choice, in *labFigure) (*chart.Chart, error) {
			t := figure.Tornado{KW: in.Body.KW, Room: in.Body.Room}
			if err := drawable("kw", in.Body.KW); err != nil {
				return nil, err
			}
			for _, e := range in.Body.Effects {
				row := figure.TornadoRow{Label: e.Label}
				for _, end := range e.Ends {
					if err := drawable("effects", end.KW); err != nil {
						return nil, err
					}
					row.Ends = append(row.Ends, figure.TornadoEnd{Label: end.Label, KW: end.KW})
				}
				t.Rows = append(t.Rows, row)
			}
			return chart.LabEffects(sn.folder, c, t, in.Body.Homes, in.Body.Source)
		},
		"lab-compare": func(sn *snapshot, c chart.Choice, in *labFigure) (*chart.Chart, error) {
			var cases []*result.VariantCase
			seen := map[string]bool{}
			for _, saved := range in.Body.Saved {
				if seen[saved.Name] {
					return nil, fieldProblem("saved", "each case needs a name of its own: "+saved.Name+" is there twice")
				}
				seen[saved.Name] = true
				for _, k := range saved.Cases {
					mode, err := dispatch.ParseMode(k.Mode)
					if err != nil {
						return nil, fieldProblem("saved", err.Error())
					}
					if err := drawable("saved", k.Beside.EveningKW, k.Beside.NightKW, k.Beside.YearKW, k.Beside.CostEUR); err != nil {
						return nil, err
					}
					v := &result.VariantCase{Variant: saved.Name, Mode: mode, CostEUR: k.Beside.CostEUR, EveningPeakKW: k.Beside.EveningKW, NightPeakKW: k.Beside.NightKW, YearPeakKW: k.Beside.YearKW, SavingEUR: math.NaN()}
					if k.Saving != nil {
						if err := drawable("saved", *k.Saving); err != nil {
							return nil, err
						}
						v.SavingEUR = *k.Saving
					}
					cases = append(cases, v)
				}
			}
			if len(cases) == 0 {
				return nil, fieldProblem("saved", "at least one case was expected")
			}
			return chart.LabCompare(c, cases, in.Body.Source)
		},
	} {
		register(s, api, huma.Operation{
			OperationID: name, Method: http.MethodPost, Path: "/figures/" + name,
			Summary: "A figure of a laboratory run, as figure", MaxBodyBytes: mostBody,
			Middlewares: finite(api, "width"),
		}, func(ctx context.Context, in *labFigure) (*struct{ Body *FigureAnswer }, error) {
			c := chart.Choice{Language: figure.Language(in.Lang), Contract: in.Body.Contract, Mode: in.Body.Mode}
			if in.Body.Month > 0 {
				c.Months = []int{in.Body.Month - 1}
			}
			made, err := make(of(ctx), c, in)
			if err != nil {
				return nil, choiceError(err)
			}
			return in.draw(made)
		})
	}
}

// monthTable reads 12 months of 96 quarters; nil of none.
func monthTable(rows [][]*float64) (*series.MonthTable, error) {
	if len(rows) == 0 {
		return nil, nil
	}
	out := new(series.MonthTable)
	for m := range out {
		if len(rows) != len(out) || len(rows[m]) != series.QuartersPerDay {
			return nil, fieldProblem("kw_by_month", "12 months of 96 quarters were expected")
		}
		for q, v := range rows[m] {
			out[m][q] = math.NaN()
			if v == nil {
				continue
			}
			if err := drawable("kw_by_month", *v); err != nil {
				return nil, err
			}
			out[m][q] = *v
		}
	}
	return out, nil
}

// mostDrawn is more kW or EUR than any home has; sums of numbers near the largest there is
// would be infinite.
const mostDrawn = 1e6

func drawable(field string, values ...float64) error {
	for _, v := range values {
		if math.Abs(v) > mostDrawn {
			return fieldProblem(field, fmt.Sprintf("-%[1]d to %[1]d kW or EUR was expected", int(mostDrawn)))
		}
	}
	return nil
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

func fieldProblem(field, message string) error {
	return huma.Error400BadRequest(field+": "+message, &huma.ErrorDetail{Location: "body." + field, Message: message})
}

// chartRegion is a region as charts show it.
func (in *figureChoice) chartRegion(sn *snapshot, field, code string) (r chart.Region, err error) {
	if sn.regionMap == nil {
		return r, huma.Error404NotFound(noRegions)
	}
	m := sn.regionMap
	i, ok := m.number[code]
	if !ok {
		return r, huma.Error404NotFound("no region has the code "+code+": /api/v1/regions lists them",
			&huma.ErrorDetail{Location: "query." + field, Message: "unknown region", Value: code})
	}
	r = chart.Region{
		Name: placeName(m.regions.Name[i], in.Lang == "nl"), Homes: m.homes(i), CapacityKW: m.index.CapacityKW[i], Years: m.regions.Years,
		Points: map[string][]float64{}, Scenario: in.Scenario, Year: in.Year, Adoption: in.Adoption, Season: in.Season, KWRule: in.KW, Small: in.Small,
	}
	for scenario, columns := range m.chain {
		for y := range r.Years {
			r.Points[scenario] = append(r.Points[scenario], columns["home_charge_points"][y*m.regions.Len()+i])
		}
	}
	return r, nil
}

// drawRegion draws a figure of one region.
func (in *figureChoice) drawRegion(sn *snapshot, c chart.Choice) (*struct{ Body *FigureAnswer }, error) {
	r, err := in.chartRegion(sn, "region", in.Region)
	if err != nil {
		return nil, err
	}
	made, err := chart.OfRegion(sn.folder, in.Name, c, r)
	if err != nil {
		return nil, choiceError(err)
	}
	return in.draw(made)
}

// drawRegions draws regions below each other.
func (in *figureChoice) drawRegions(sn *snapshot, c chart.Choice) (*struct{ Body *FigureAnswer }, error) {
	if len(in.Regions) == 0 {
		return nil, queryProblem("regions", "empty", "codes of regions were expected")
	}
	var list []chart.Region
	for _, code := range in.Regions {
		r, err := in.chartRegion(sn, "regions", code)
		if err != nil {
			return nil, err
		}
		list = append(list, r)
	}
	made, err := chart.OfRegions(sn.folder, c, list)
	if err != nil {
		return nil, choiceError(err)
	}
	return in.draw(made)
}

// draw draws a chart as asked.
func (f FigureSize) draw(c *chart.Chart) (*struct{ Body *FigureAnswer }, error) {
	scene, err := c.Scene(figure.Frame{Width: f.Width, Bare: !f.Framed})
	if err != nil {
		return nil, err
	}
	var svg strings.Builder
	if err := scene.SVG(&svg); err != nil {
		return nil, err
	}
	return &struct{ Body *FigureAnswer }{&FigureAnswer{
		Title: c.Title, Subtitle: c.Subtitle, Note: c.Note, Desc: scene.Desc, File: c.File,
		Width: scene.W, Height: scene.H, SVG: svg.String(), Cursor: scene.Cursor, Table: scene.Table, Marks: scene.Marks,
	}}, nil
}

// choiceError tells a reader which choice the study does not have.
func choiceError(err error) error {
	var choice *chart.ChoiceError
	if !errors.As(err, &choice) {
		return err
	}
	detail := &huma.ErrorDetail{Location: "query." + choice.Field, Message: choice.Want + " was expected", Value: choice.Value}
	if choice.Field == "name" {
		detail.Location = "path.name"
		return huma.Error404NotFound("there is no figure "+choice.Value, detail)
	}
	return huma.Error400BadRequest(choice.Error(), detail)
}
