package server

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/getij/getij/internal/chart"
	"github.com/getij/getij/internal/figure"
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
}

func (s *Server) registerFigures(api huma.API) {
	register(s, api, huma.Operation{
		OperationID: "figure", Method: http.MethodGet, Path: "/api/v1/figures/{name}",
		Summary: "A figure of the study as SVG, for a width and a language, with what can be read in it",
		Errors:  []int{http.StatusNotFound, http.StatusUnprocessableEntity},
	}, func(ctx context.Context, in *figureChoice) (*struct{ Body *FigureAnswer }, error) {
		c := chart.Choice{Language: figure.Language(in.Lang), Contract: in.Contract, Mode: in.Mode, Date: in.Date}
		for _, m := range in.Months {
			c.Months = append(c.Months, m-1)
		}
		made, err := chart.Of(of(ctx).folder, in.Name, c)
		if err != nil {
			return nil, choiceError(err)
		}
		return in.draw(made)
	})
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
	return huma.Error422UnprocessableEntity(choice.Error(), detail)
}
