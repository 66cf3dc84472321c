package answer

import (
	"math"
	"strings"

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

// FigureQuestion is what a reader chooses of the study.
type FigureQuestion struct {
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
}

// LabFigure is what a page tells of a laboratory run: kW per home.
type LabFigure struct {
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

// Figure draws a figure of a study, or of a region of it.
func Figure(r *result.Result, places Places, in *FigureQuestion) (*FigureAnswer, error) {
	c := chart.Choice{Language: figure.Language(in.Lang), Contract: in.Contract, Mode: in.Mode, Date: in.Date}
	for _, m := range in.Months {
		c.Months = append(c.Months, m-1)
	}
	var made *chart.Chart
	var err error
	switch {
	case strings.HasPrefix(in.Name, "region-"):
		made, err = in.ofRegion(r, places, c)
	case in.Name == "regions-day":
		made, err = in.ofRegions(r, places, c)
	default:
		made, err = chart.Of(r, in.Name, c)
	}
	if err != nil {
		return nil, choiceProblem(err)
	}
	return in.Draw(made)
}

// region is a region as the reader chose it.
func (in *FigureQuestion) region(r *result.Result, places Places, field, code string) (chart.Region, error) {
	if r.Summary.Potential == nil {
		return chart.Region{}, &Problem{Status: 404, Message: NoRegions}
	}
	of, err := places.OfChart(code, "query."+field)
	if err != nil {
		return chart.Region{}, err
	}
	of.Name = placeName(of.Name, in.Lang == "nl")
	of.Scenario, of.Year, of.Adoption, of.Season, of.KWRule = in.Scenario, in.Year, in.Adoption, in.Season, in.KW
	return of, nil
}

func (in *FigureQuestion) ofRegion(r *result.Result, places Places, c chart.Choice) (*chart.Chart, error) {
	of, err := in.region(r, places, "region", in.Region)
	if err != nil {
		return nil, err
	}
	return chart.OfRegion(r, in.Name, c, of)
}

// ofRegions draws regions below each other.
func (in *FigureQuestion) ofRegions(r *result.Result, places Places, c chart.Choice) (*chart.Chart, error) {
	if len(in.Regions) == 0 {
		return nil, QueryProblem("regions", "empty", "codes of regions were expected")
	}
	var list []chart.Region
	for _, code := range in.Regions {
		of, err := in.region(r, places, "regions", code)
		if err != nil {
			return nil, err
		}
		list = append(list, of)
	}
	return chart.OfRegions(r, c, list)
}

// Draw draws a chart as asked.
func (f FigureSize) Draw(c *chart.Chart) (*FigureAnswer, error) {
	scene, err := c.Scene(figure.Frame{Width: f.Width, Bare: !f.Framed})
	if err != nil {
		return nil, err
	}
	var svg strings.Builder
	if err := scene.SVG(&svg); err != nil {
		return nil, err
	}
	return &FigureAnswer{
		Title: c.Title, Subtitle: c.Subtitle, Note: c.Note, Desc: scene.Desc, File: c.File,
		Width: scene.W, Height: scene.H, SVG: svg.String(), Cursor: scene.Cursor, Table: scene.Table, Marks: scene.Marks,
	}, nil
}

// LabFigureNames are the figures of a laboratory run.
func LabFigureNames() []string {
	return []string{"lab-heatmap", "lab-days", "lab-effects", "lab-compare"}
}

// DrawLab draws one of them.
func DrawLab(r *result.Result, name string, in *LabFigure) (*FigureAnswer, error) {
	c := chart.Choice{Language: figure.Language(in.Lang), Contract: in.Body.Contract, Mode: in.Body.Mode}
	if in.Body.Month > 0 {
		c.Months = []int{in.Body.Month - 1}
	}
	draw := labFigures()[name]
	if draw == nil {
		return nil, choiceProblem(&chart.ChoiceError{Field: "name", Value: name, Want: "the name of a figure"})
	}
	made, err := draw(r, c, in)
	if err != nil {
		return nil, choiceProblem(err)
	}
	return in.Draw(made)
}

func labFigures() map[string]func(*result.Result, chart.Choice, *LabFigure) (*chart.Chart, error) {
	return map[string]func(*result.Result, chart.Choice, *LabFigure) (*chart.Chart, error){
		"lab-heatmap": func(r *result.Result, c chart.Choice, in *LabFigure) (*chart.Chart, error) {
			table, err := monthTable(in.Body.ByMonth)
			if err != nil {
				return nil, err
			}
			return chart.LabHeatmap(r, c, table, in.Body.Source)
		},
		"lab-days": func(r *result.Result, c chart.Choice, in *LabFigure) (*chart.Chart, error) {
			for mode, kw := range in.Body.Days {
				if len(kw) != series.QuartersPerDay {
					return nil, BodyProblem("days."+mode, "96 values were expected")
				}
				if err := Drawable("days."+mode, kw...); err != nil {
					return nil, err
				}
			}
			return chart.LabDays(r, c, in.Body.Days, in.Body.Source)
		},
		"lab-effects": func(r *result.Result, c chart.Choice, in *LabFigure) (*chart.Chart, error) {
			t := figure.Tornado{KW: in.Body.KW, Room: in.Body.Room}
			if err := Drawable("kw", in.Body.KW); err != nil {
				return nil, err
			}
			for _, e := range in.Body.Effects {
				row := figure.TornadoRow{Label: e.Label}
				for _, end := range e.Ends {
					if err := Drawable("effects", end.KW); err != nil {
						return nil, err
					}
					row.Ends = append(row.Ends, figure.TornadoEnd{Label: end.Label, KW: end.KW})
				}
				t.Rows = append(t.Rows, row)
			}
			return chart.LabEffects(r, c, t, in.Body.Homes, in.Body.Source)
		},
		"lab-compare": func(r *result.Result, c chart.Choice, in *LabFigure) (*chart.Chart, error) {
			var cases []*result.VariantCase
			seen := map[string]bool{}
			for _, saved := range in.Body.Saved {
				if seen[saved.Name] {
					return nil, BodyProblem("saved", "each case needs a name of its own: "+saved.Name+" is there twice")
				}
				seen[saved.Name] = true
				for _, k := range saved.Cases {
					mode, err := dispatch.ParseMode(k.Mode)
					if err != nil {
						return nil, BodyProblem("saved", err.Error())
					}
					if err := Drawable("saved", k.Beside.EveningKW, k.Beside.NightKW, k.Beside.YearKW, k.Beside.CostEUR); err != nil {
						return nil, err
					}
					v := &result.VariantCase{Variant: saved.Name, Mode: mode, CostEUR: k.Beside.CostEUR, EveningPeakKW: k.Beside.EveningKW, NightPeakKW: k.Beside.NightKW, YearPeakKW: k.Beside.YearKW, SavingEUR: math.NaN()}
					if k.Saving != nil {
						if err := Drawable("saved", *k.Saving); err != nil {
							return nil, err
						}
						v.SavingEUR = *k.Saving
					}
					cases = append(cases, v)
				}
			}
			if len(cases) == 0 {
				return nil, BodyProblem("saved", "at least one case was expected")
			}
			return chart.LabCompare(c, cases, in.Body.Source)
		},
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
			return nil, BodyProblem("kw_by_month", "12 months of 96 quarters were expected")
		}
		for q, v := range rows[m] {
			out[m][q] = math.NaN()
			if v == nil {
				continue
			}
			if err := Drawable("kw_by_month", *v); err != nil {
				return nil, err
			}
			out[m][q] = *v
		}
	}
	return out, nil
}
