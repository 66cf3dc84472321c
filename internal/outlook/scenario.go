package outlook

import (
	_ "embed"
	"encoding/csv"
	"fmt"
	"math"
	"strconv"
	"strings"
)

//go:embed scenarios.csv
var scenariosCSV string

// Setting is one row of the table of scenarios.
type Setting struct {
	Scenario, Quantity string
	Year               int
	Value              float64
	Source             string
}

// Settings is the table of scenarios, for people.
func Settings() ([]Setting, error) {
	rows, err := csv.NewReader(strings.NewReader(scenariosCSV)).ReadAll()
	if err != nil {
		return nil, err
	}
	var out []Setting
	for _, r := range rows[1:] {
		year, err := strconv.Atoi(r[2])
		if err != nil {
			return nil, err
		}
		v, err := strconv.ParseFloat(r[3], 64)
		if err != nil {
			return nil, err
		}
		out = append(out, Setting{r[0], r[1], year, v, r[4]})
	}
	return out, nil
}

// scenario is a set of national developments.
type scenario struct {
	electricCars, electricVans sCurve
	cars2050, vans2050         float64
}

func readScenarios() (map[string]*scenario, error) {
	settings, err := Settings()
	if err != nil {
		return nil, err
	}
	out := map[string]*scenario{}
	points := map[string][]point{}
	for _, s := range settings {
		if out[s.Scenario] == nil {
			out[s.Scenario] = &scenario{}
		}
		switch s.Quantity {
		case "cars":
			out[s.Scenario].cars2050 = s.Value
		case "vans":
			out[s.Scenario].vans2050 = s.Value
		default:
			key := s.Scenario + " " + s.Quantity
			points[key] = append(points[key], point{s.Year, s.Value})
		}
	}
	for name, s := range out {
		for _, c := range []struct {
			quantity string
			to       *sCurve
		}{{"electric_share_cars", &s.electricCars}, {"electric_share_vans", &s.electricVans}} {
			if *c.to, err = newSCurve(points[name+" "+c.quantity]); err != nil {
				return nil, fmt.Errorf("scenario %s, %s: %w", name, c.quantity, err)
			}
		}
	}
	return out, nil
}

type point struct {
	year  int
	share float64
}

// sCurve is the logistic curve top / (1 + exp(-rate (year - middle))), kept
// within 0 and 1.
type sCurve struct{ top, rate, middle float64 }

// newSCurve finds the curve through three points of rising share.
func newSCurve(p []point) (sCurve, error) {
	if len(p) != 3 || !(p[0].share < p[1].share && p[1].share < p[2].share) {
		return sCurve{}, fmt.Errorf("three rising shares are needed, got %v", p)
	}
	logit := func(share, top float64) float64 { return math.Log(share / (top - share)) }
	// Between its points the curve is steeper early on when top is low, later on
	// when it is high: a bisection on top.
	bend := func(top float64) float64 {
		early := (logit(p[1].share, top) - logit(p[0].share, top)) / float64(p[1].year-p[0].year)
		late := (logit(p[2].share, top) - logit(p[1].share, top)) / float64(p[2].year-p[1].year)
		return late - early
	}
	low, high := p[2].share*(1+1e-9), p[2].share*100
	if bend(low) < 0 || bend(high) > 0 {
		return sCurve{}, fmt.Errorf("no S-curve goes through %v", p)
	}
	for range 200 {
		if m := (low + high) / 2; bend(m) > 0 {
			low = m
		} else {
			high = m
		}
	}
	c := sCurve{top: (low + high) / 2}
	c.rate = (logit(p[2].share, c.top) - logit(p[0].share, c.top)) / float64(p[2].year-p[0].year)
	c.middle = float64(p[0].year) - logit(p[0].share, c.top)/c.rate
	return c, nil
}

func (c sCurve) at(year float64) float64 {
	return min(1, c.top/(1+math.Exp(-c.rate*(year-c.middle))))
}
