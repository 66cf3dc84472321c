package dispatch

import (
	"context"
	"fmt"
	"slices"
)

// Year holds the prices of the many sessions that share them, with the slopes that they
// can give a session's cost ranked once: then no session has to sort, and
// [Solver.SolveIn] is faster than [Solver.Solve], most of all where prices change at
// every step. It may be used by many solvers at once.
//
// Slopes are ranked among those of windows, that each begin half a window after the one
// before: so few that they stay near the processor. A session that fits in none is solved
// without ranks.
type Year struct {
	importEURPerKWh, exportEURPerKWh      []float64
	chargeEfficiency, dischargeEfficiency float64
	windows                               []window
}

// windowSteps is the length of a window: eight days of quarters, with four slopes each.
const windowSteps = mostRanks / 4 * 3 / 4

type window struct {
	slope    []float64   // EUR per stored kWh, rising, each once
	ranks    []stepRanks // by step of the window
	ends     []int16     // by step: where the prices are next others
	negative []int16     // by step: how many before it have a negative export price
}

// stepRanks are the places among a window's slopes of what a step's four ways to move
// energy cost per stored kWh.
type stepRanks struct{ toGrid, intoHome, fromSolar, fromGrid int16 }

var unranked = stepRanks{noRank, noRank, noRank, noRank}

// NewYear ranks prices, one value per step, for a charger's efficiencies. It keeps the
// slices, which must not be changed after. The error is an [*InputError].
func NewYear(importEURPerKWh, exportEURPerKWh []float64, c *Charger) (*Year, error) {
	n := len(importEURPerKWh)
	check := Problem{
		StepHours: 1, ImportEURPerKWh: importEURPerKWh, ExportEURPerKWh: exportEURPerKWh,
		NetLoadKW: make([]float64, n), Charger: *c,
	}
	if err := check.check(); err != nil {
		return nil, err
	}
	y := &Year{
		importEURPerKWh: importEURPerKWh, exportEURPerKWh: exportEURPerKWh,
		chargeEfficiency: c.ChargeEfficiency, dischargeEfficiency: c.DischargeEfficiency,
	}
	for from := 0; from == 0 || from+windowSteps/2 < n; from += windowSteps / 2 {
		to := min(from+windowSteps, n)
		y.windows = append(y.windows, rank(importEURPerKWh[from:to], exportEURPerKWh[from:to], c))
	}
	return y, nil
}

// rank ranks the slopes of a window. Those of steps with the prices of the step before
// are the same, and a step with one price for both directions has two.
func rank(imp, exp []float64, c *Charger) (w window) {
	w.ranks = make([]stepRanks, len(imp))
	type slope struct {
		eurPerKWh float64
		step      int16
		way       way
	}
	all := make([]slope, 0, 4*len(imp))
	for t := range imp {
		if t > 0 && imp[t] == imp[t-1] && exp[t] == exp[t-1] {
			continue
		}
		all = append(all, slope{exp[t] * c.DischargeEfficiency, int16(t), toGrid}, slope{imp[t] / c.ChargeEfficiency, int16(t), fromGrid})
		if imp[t] != exp[t] {
			all = append(all, slope{imp[t] * c.DischargeEfficiency, int16(t), intoHome}, slope{exp[t] / c.ChargeEfficiency, int16(t), fromSolar})
		}
	}
	slices.SortFunc(all, func(a, b slope) int {
		switch {
		case a.eurPerKWh < b.eurPerKWh:
			return -1
		case a.eurPerKWh > b.eurPerKWh:
			return 1
		}
		return 0
	})
	for i, s := range all {
		if i == 0 || s.eurPerKWh != all[i-1].eurPerKWh {
			w.slope = append(w.slope, s.eurPerKWh)
		}
		place, r := int16(len(w.slope)-1), &w.ranks[s.step]
		switch s.way {
		case toGrid:
			r.toGrid = place
		case intoHome:
			r.intoHome = place
		case fromSolar:
			r.fromSolar = place
		case fromGrid:
			r.fromGrid = place
		}
	}
	w.ends, w.negative = make([]int16, len(imp)), make([]int16, len(imp)+1)
	for t := range imp {
		if t > 0 && imp[t] == imp[t-1] && exp[t] == exp[t-1] {
			w.ranks[t] = w.ranks[t-1]
		}
		w.negative[t+1] = w.negative[t]
		if exp[t] < 0 {
			w.negative[t+1]++
		}
	}
	for t := len(imp) - 1; t >= 0; t-- {
		if w.ends[t] = int16(t + 1); t+1 < len(imp) && imp[t] == imp[t+1] && exp[t] == exp[t+1] {
			w.ends[t] = w.ends[t+1]
		}
	}
	return w
}

// window finds a window that holds steps, and how far from its start they are; nil
// where none does.
func (y *Year) window(from, steps int) (w *window, at int) {
	i := min(from/(windowSteps/2), len(y.windows)-1)
	at = from - i*(windowSteps/2)
	if w = &y.windows[i]; at+steps > len(w.ranks) {
		return nil, 0
	}
	return w, at
}

// SolveIn is [Solver.Solve] for a session whose first step is a year's step from. It
// sets p's prices to those of the year. With wear or a threshold slopes are others, and
// it is Solve.
func (s *Solver) SolveIn(y *Year, from int, p *Problem, out *Schedule) error {
	n := len(p.NetLoadKW)
	if from < 0 || n > len(y.importEURPerKWh)-from {
		return &InputError{"NetLoadKW", -1, float64(n), fmt.Sprintf("this many values from step %d on, but the year has %d steps", from, len(y.importEURPerKWh))}
	}
	if c := &p.Charger; c.ChargeEfficiency != y.chargeEfficiency || c.DischargeEfficiency != y.dischargeEfficiency {
		return &InputError{"Charger.ChargeEfficiency", -1, c.ChargeEfficiency, fmt.Sprintf("the year is ranked for %g, and %g for discharging (this charger's: %g)", y.chargeEfficiency, y.dischargeEfficiency, c.DischargeEfficiency)}
	}
	p.ImportEURPerKWh, p.ExportEURPerKWh = y.importEURPerKWh[from:from+n], y.exportEURPerKWh[from:from+n]
	if p.Battery.WearEURPerKWh != 0 || len(p.Threshold.ImportKW) > 0 {
		return s.Solve(p, out)
	}
	if err := p.checkFields(); err != nil {
		return err
	}
	if err := p.checkStepLimits(); err != nil {
		return err
	}
	lowest, highest := 0.0, 0.0
	for t, net := range p.NetLoadKW {
		if !(net <= MaxKW && net >= -MaxKW) {
			return outOfBounds("NetLoadKW", t, net, MaxKW)
		}
		if net < lowest {
			lowest = net
		}
		if net > highest {
			highest = net
		}
	}
	w, at := y.window(from, n)
	if w != nil && p.plain(w, at, lowest, highest) {
		out.resize(n)
		return s.solvePlain(p, w, at, out)
	}
	return s.solve(context.Background(), p, w, at, out)
}
