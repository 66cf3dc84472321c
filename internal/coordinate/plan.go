package coordinate

import (
	"cmp"
	"context"
	"math"
	"slices"
	"sync"

	"github.com/getij/getij/internal/cohort"
	"github.com/getij/getij/internal/tied"
)

// leastSignal in EUR/kWh is what the search cannot tell from 0.
const leastSignal = 1e-6

// coordinate finds the schedules within the limits, the signal and the bound there.
func (s *search) coordinate(ctx context.Context, plan *Plan) error {
	parts, steps := s.divide(plan)
	fixed := s.fixed(plan, parts)
	signal, row := make([]float64, len(s.BaseKW)), make([]int, len(s.BaseKW))
	for t := range row {
		row[t] = tied.NoTie
	}
	var progress sync.Mutex
	err := cohort.Parallel(ctx, len(s.workers), len(parts), func(_, i int) error {
		p := s.part(parts[i], row, fixed)
		err := p.Run(ctx, s.ToleranceEUR/20*float64(p.Size())/float64(steps), func() {
			progress.Lock()
			defer progress.Unlock()
			if plan.Rounds < p.Rounds {
				plan.Rounds = p.Rounds
				if s.Progress != nil {
					s.Progress(p.Rounds)
				}
			}
		})
		for k, t := range p.steps {
			if eur := p.Ties[k].Price / s.StepHours; math.Abs(eur) > leastSignal {
				signal[t] = min(max(eur, -s.excessEURPerKWh), s.excessEURPerKWh)
			}
		}
		for _, x := range p.Storages {
			plan.Schedules[x.Index] = s.schedule(x)
		}
		return err
	})
	if err != nil {
		return err
	}
	for t, kW := range fixed { // where no car has a choice, excess is what it is
		if row[t] == tied.NoTie && kW > s.up[t]+tied.RoundingKW {
			signal[t] = s.excessEURPerKWh
		} else if row[t] == tied.NoTie && kW < -s.down[t]-tied.RoundingKW {
			signal[t] = -s.excessEURPerKWh
		}
	}
	bound, err := s.evaluate(ctx, signal, nil)
	plan.Solved += len(s.Sessions)
	if bound > plan.BoundEUR {
		plan.BoundEUR, plan.SignalEURPerKWh = bound, signal
	}
	return err
}

// divide divides the sessions that have a choice and that a limit can concern into parts
// that share no step in which one can bind, and counts their steps.
func (s *search) divide(plan *Plan) (parts [][]int, steps int) {
	most, least := make([]float64, len(s.BaseKW)), make([]float64, len(s.BaseKW)) // kW that all cars can take together
	var moving []int
	for i := range s.Sessions {
		x := &s.Sessions[i]
		m, l := tied.Of(most, x), tied.Of(least, x)
		k := s.storage(i)
		free := k.Free()
		if free {
			moving = append(moving, i)
		}
		for t := range m {
			kW := plan.Schedules[i].ChargeKW[t] - plan.Schedules[i].DischargeKW[t]
			low, high := kW, kW
			if free {
				low, high = k.Range(t)
			}
			m[t], l[t] = m[t]+high, l[t]+low
		}
	}
	s.binds = make([]bool, len(s.BaseKW))
	for t := range s.binds {
		s.binds[t] = most[t] > s.up[t] || least[t] < -s.down[t]
	}
	slices.SortStableFunc(moving, func(a, b int) int { return cmp.Compare(s.Sessions[a].From, s.Sessions[b].From) })
	end := 0 // of the part, in steps
	for _, i := range moving {
		x := &s.Sessions[i]
		binds := tied.Of(s.binds, x)
		first := slices.Index(binds, true)
		if first < 0 {
			continue
		}
		if len(parts) == 0 || x.From+first >= end {
			parts = append(parts, nil)
		}
		parts[len(parts)-1] = append(parts[len(parts)-1], i)
		for t, b := range binds {
			if b {
				end = max(end, x.From+t+1)
			}
		}
		steps += len(binds)
	}
	return parts, steps
}

// fixed is the load of the cars that do not move.
func (s *search) fixed(plan *Plan, parts [][]int) []float64 {
	out := slices.Clone(plan.LoadKW)
	for t, base := range s.BaseKW {
		out[t] -= base
	}
	for _, part := range parts {
		for _, i := range part {
			load := tied.Of(out, &s.Sessions[i])
			for t, kW := range plan.Schedules[i].ChargeKW {
				load[t] -= kW - plan.Schedules[i].DischargeKW[t]
			}
		}
	}
	return out
}

// part is a search, and the steps of its ties.
type part struct {
	tied.Search
	steps []int
}

// part makes a part of sessions, and sets its rows.
func (s *search) part(sessions []int, row []int, fixed []float64) *part {
	p := &part{Search: tied.Search{Row: row}}
	from, to := len(row), 0
	for _, i := range sessions {
		x := s.storage(i)
		p.Storages = append(p.Storages, x)
		from, to = min(from, x.From), max(to, x.From+len(s.Sessions[i].Problem.NetLoadKW))
	}
	touched := make([]bool, to-from)
	for _, i := range sessions {
		x := &s.Sessions[i]
		for t := range x.Problem.NetLoadKW {
			touched[x.From+t-from] = true
		}
	}
	excess := s.excessEURPerKWh * s.StepHours
	for t := from; t < to; t++ {
		if !s.binds[t] || !touched[t-from] {
			continue
		}
		row[t] = len(p.Ties)
		p.steps = append(p.steps, t)
		p.Ties = append(p.Ties, tied.Tie{Hinges: [3]tied.Hinge{
			{Sign: 1, LimitKW: s.up[t] - fixed[t], Most: excess}, {Sign: -1, LimitKW: s.down[t] + fixed[t], Most: excess},
		}})
	}
	p.Start()
	return p
}

// schedule is a storage's.
func (s *search) schedule(x *tied.Storage) (out Schedule) {
	p := &s.Sessions[x.Index].Problem
	out.ChargeKW, out.DischargeKW = x.Powers()
	imp, exp := s.prices(&s.Sessions[x.Index])
	for t := range imp {
		kW, price := p.NetLoadKW[t]+out.ChargeKW[t]-out.DischargeKW[t], imp[t]
		if kW < 0 {
			price = exp[t]
		}
		out.CostEUR += s.StepHours * (kW*price + p.Battery.WearEURPerKWh*out.DischargeKW[t])
	}
	return out
}

// load adds up the group's load.
func (s *search) load(p *Plan) {
	copy(p.LoadKW, s.BaseKW)
	for i := range s.Sessions {
		load := tied.Of(p.LoadKW, &s.Sessions[i])
		for t, kW := range p.Schedules[i].ChargeKW {
			load[t] += kW - p.Schedules[i].DischargeKW[t]
		}
	}
}

// excess is how far the group is beyond its limits at most.
func (s *search) excess(p *Plan) (mostKW float64) {
	for t, kW := range p.LoadKW {
		mostKW = max(mostKW, s.over(t, kW-s.BaseKW[t]))
	}
	return mostKW
}

// count counts what a plan costs and what is beyond the limits, if it is more than rounding
// anywhere.
func (s *search) count(p *Plan) {
	for i := range p.Schedules {
		p.CostEUR += p.Schedules[i].CostEUR
	}
	if s.excess(p) <= tied.RoundingKW {
		return
	}
	for t, kW := range p.LoadKW {
		p.ExcessKW[t] = s.over(t, kW-s.BaseKW[t])
		p.ExcessKWh += p.ExcessKW[t] * s.StepHours
	}
}
