// Package chart says which figures a study has: from which of its numbers each is
// drawn, and which words stand round it, in Dutch and in English. The report and the
// dashboard take them from here, so that both show the same pictures.
//
// What enters: a [result.Result], mean power in kW per home (positive is charging),
// energy in kWh and money in EUR per home and year. What leaves: a [Chart], which
// draws itself for a width.
package chart

import (
	"fmt"
	"strings"

	"github.com/getij/getij/internal/figure"
)

// A Chart is a figure with the words round it.
type Chart struct {
	Name     string   // of the figure's kind: heatmap
	File     []string // words of a file's name
	Title    string
	Subtitle string
	Note     string // what a reader must know, always shown
	Source   string // of the numbers, for pictures that leave the page
	language figure.Language
	scene    func(figure.Frame) (*figure.Scene, error)
}

// Scene draws the chart for a frame of a width: bare, or with its words. The frame's
// ID is put before the chart's own.
func (c *Chart) Scene(f figure.Frame) (*figure.Scene, error) {
	f.Language = c.language
	if !f.Bare {
		f.ID += c.Name
		f.Title, f.Subtitle = c.Title, c.Subtitle
		f.Note = strings.TrimSpace(c.Note + " " + c.Source)
	}
	return c.scene(f)
}

// Choice is what a reader chooses. What is left empty is the study's own choice.
type Choice struct {
	Language figure.Language
	Contract string
	Mode     string
	Months   []int  // 0 is January; none: the mean day of the year
	Date     string // 2024-01-15
}

// A ChoiceError is a choice that the study does not have.
type ChoiceError struct{ Field, Value, Want string }

func (e *ChoiceError) Error() string {
	return fmt.Sprintf("%s is %q: %s was expected", e.Field, e.Value, e.Want)
}

// text picks the words of a language.
func (c Choice) text(en, nl string) string {
	if c.Language == figure.Dutch {
		return nl
	}
	return en
}

// modeName is a way to charge as a reader knows it.
func (c Choice) modeName(mode string) string {
	switch mode {
	case figure.Regular:
		return c.text("Regular", "Gewoon laden")
	case figure.Smart:
		return c.text("Smart", "Slim laden")
	case figure.V2H, figure.V2G:
		return strings.ToUpper(mode)
	}
	return mode
}

// contractName is a contract as a reader knows it; a study's own names stay.
func (c Choice) contractName(name string) string {
	switch name {
	case "single":
		return c.text("Single tariff", "Enkeltarief")
	case "dual":
		return c.text("Dual tariff", "Dubbeltarief")
	case "dynamic":
		return c.text("Dynamic", "Dynamisch")
	case "dynamic_2027":
		return c.text("Dynamic, rules from 2027", "Dynamisch, regels vanaf 2027")
	}
	return name
}

// netted says so of what is fed in, after the name of a contract.
func (c Choice) netted(is bool) string {
	if is {
		return c.text(", with net metering", ", met salderen")
	}
	return c.text(", without net metering", ", zonder salderen")
}

// contractLine names the chosen contract within a line.
func (c Choice) contractLine() string {
	name := c.contractName(c.Contract)
	if name != c.Contract {
		name = strings.ToLower(name)
	}
	return "Contract: " + name
}
