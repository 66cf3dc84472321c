package tied

import (
	"context"
	"fmt"
	"math"
	"runtime"
	"slices"

	"github.com/getij/getij/dispatch"
)

// Meter is a home whose battery and car share one meter: only what all of it takes or
// feeds in is paid for. All slices are per step, and cars come one after another.
type Meter struct {
	StepHours                        float64
	ImportEURPerKWh, ExportEURPerKWh []float64
	NetKW                            []float64 // of the home without its storages
	ConnectionKW                     float64   // limit both ways
	Battery                          dispatch.Battery
	Charger                          dispatch.Charger // of the battery, which may charge from the grid and feed in
	Cars                             []Session        // without prices, net load and connection, which are the home's
	ToleranceEUR                     float64          // the gap at which the search of a window ends
}

// MeterPlan is what both do, and the proof of how good that is.
type MeterPlan struct {
	Battery Schedule
	Cars    []Schedule // their costs are nothing by themselves
	// CostEUR is what the home pays with wear, and BoundEUR what it pays at least.
	CostEUR, BoundEUR float64
	// PriceEURPerKWh is what a kWh more is worth behind the meter: between the export and the
	// import price where the connection leaves room.
	PriceEURPerKWh []float64
	WorthEURPerKWh []float64 // of what the cars have stored, per step of their sessions in order
	ExcessKWh      float64   // beyond the connection
}

// GapEUR is how much cheaper a plan could be at most.
func (p *MeterPlan) GapEUR() float64 { return p.CostEUR - p.BoundEUR }

// SolveMeter finds the cheapest schedules of a battery and cars behind one meter.
func SolveMeter(m *Meter) (*MeterPlan, error) {
	if err := m.check(); err != nil {
		return nil, err
	}
	n := len(m.NetKW)
	s := &meter{Meter: m, plugged: make([]int, n), excess: ExcessEURPerKWh(m.ImportEURPerKWh, m.ExportEURPerKWh, m.Cars), plan: &MeterPlan{
		Battery: Schedule{ChargeKW: make([]float64, n), DischargeKW: make([]float64, n)}, Cars: make([]Schedule, len(m.Cars)), PriceEURPerKWh: make([]float64, n),
	}}
	for t := range s.plugged {
		s.plugged[t] = -1
	}
	for i := range m.Cars {
		x := &m.Cars[i]
		for t := range x.Problem.NetLoadKW {
			s.plugged[x.From+t] = i
		}
	}
	plan := s.together
	if len(m.Cars) == 0 {
		plan = s.alone
	}
	if err := plan(); err != nil {
		return nil, err
	}
	s.count()
	return s.plan, nil
}

// meter is what is known of a home.
type meter struct {
	*Meter
	plugged []int // by step: the car, or -1
	plan    *MeterPlan
	excess  float64 // EUR per kWh beyond the connection
	solver  dispatch.Solver
	found   dispatch.Schedule
}

func (m *Meter) check() error {
	n := len(m.NetKW)
	if len(m.ImportEURPerKWh) != n || len(m.ExportEURPerKWh) != n || n == 0 {
		return fmt.Errorf("the home has %d import and %d export prices for the %d steps of its load", len(m.ImportEURPerKWh), len(m.ExportEURPerKWh), n)
	}
	end := 0
	for i := range m.Cars {
		x := &m.Cars[i]
		p := &x.Problem
		switch k := len(p.NetLoadKW); {
		case x.From < end || k == 0 || x.From+k > n:
			return fmt.Errorf("car session %d has steps %d to %d of the home's %d: after the one before was expected", i+1, x.From, x.From+k, n)
		case p.Mode == dispatch.Regular:
			return fmt.Errorf("car session %d charges regularly: its power is part of the home's load", i+1)
		case p.StepHours != m.StepHours || p.ImportEURPerKWh != nil || len(p.Threshold.ImportKW)+len(p.StepLimits.ImportKW)+len(p.StepLimits.ExportKW) > 0 || p.Grid != dispatch.Grid{}:
			return fmt.Errorf("car session %d has prices, a threshold, a connection or steps of its own: those of the home were expected", i+1)
		default:
			end = x.From + k
		}
	}
	return nil
}

// alone plans a battery without cars: the solver needs no search for that.
func (s *meter) alone() error {
	p := s.battery(nil)
	limit := dispatch.LimitKW(s.ConnectionKW)
	p.Grid = dispatch.Grid{ImportLimit: limit, ExportLimit: limit}
	if err := s.solver.Solve(&p, &s.found); err != nil {
		return fmt.Errorf("the battery: %w", err)
	}
	s.keep(theBattery, s.found.ChargeKW, s.found.DischargeKW)
	s.plan.BoundEUR = s.found.CostEUR
	return nil
}

// tied says whether a step's storages are tied: a car is there too, or the battery alone
// can be beyond the connection.
func (s *meter) tied(t int) bool {
	return s.plugged[t] >= 0 || s.NetKW[t]+s.Charger.ChargeKW > s.ConnectionKW || s.Charger.DischargeKW-s.NetKW[t] > s.ConnectionKW
}

// battery is the battery's problem, at a price, if there is one, where it is tied.
func (s *meter) battery(price func(t int) float64) dispatch.Problem {
	p := dispatch.Problem{StepHours: s.StepHours, NetLoadKW: s.NetKW, Battery: s.Battery, Charger: s.Charger, Mode: dispatch.V2G}
	if price == nil {
		p.ImportEURPerKWh, p.ExportEURPerKWh = s.ImportEURPerKWh, s.ExportEURPerKWh
		return p
	}
	p.ImportEURPerKWh, p.ExportEURPerKWh = slices.Clone(s.ImportEURPerKWh), slices.Clone(s.ExportEURPerKWh)
	for t := range p.NetLoadKW {
		if s.tied(t) {
			p.ImportEURPerKWh[t] = price(t)
			p.ExportEURPerKWh[t] = p.ImportEURPerKWh[t]
		}
	}
	return p
}

// car is a car's problem at a price.
func (s *meter) car(i int, price func(t int) float64) dispatch.Problem {
	x := &s.Cars[i]
	p := x.Problem
	p.NetLoadKW = Of(s.NetKW, x)
	for t := range p.NetLoadKW {
		p.ImportEURPerKWh = append(p.ImportEURPerKWh, price(x.From+t))
	}
	p.ExportEURPerKWh = p.ImportEURPerKWh
	return p
}

func free(int) float64 { return 0 }

// together plans battery and cars in one search.
func (s *meter) together() error {
	n := len(s.NetKW)
	p := &Search{Row: make([]int, n), Chain: true}
	fixed := make([]float64, n) // kW of what has no choice
	take := func(index, from int, problem dispatch.Problem) error {
		x := NewStorage(index, &Session{From: from, Problem: problem}, problem.ImportEURPerKWh, problem.ExportEURPerKWh)
		if x.Free() {
			p.Storages = append(p.Storages, x)
			return nil
		}
		if err := s.solver.Solve(&problem, &s.found); err != nil {
			return err
		}
		for t, kW := range s.found.ChargeKW {
			fixed[from+t] += kW - s.found.DischargeKW[t]
		}
		s.keep(index, s.found.ChargeKW, s.found.DischargeKW)
		return nil
	}
	if err := take(theBattery, 0, s.battery(free)); err != nil {
		return fmt.Errorf("the battery: %w", err)
	}
	for i := range s.Cars {
		if err := take(i, s.Cars[i].From, s.car(i, free)); err != nil {
			return fmt.Errorf("car session %d: %w", i+1, err)
		}
	}
	for t := range s.NetKW {
		p.Row[t] = NoTie
		if s.tied(t) {
			p.Row[t] = len(p.Ties)
			p.Ties = append(p.Ties, s.tie(t, fixed[t]))
		}
	}
	p.Start()
	if err := p.Run(context.Background(), s.ToleranceEUR, runtime.Gosched); err != nil { // a server's pages come between rounds
		return err
	}
	for t, k := range p.Row {
		if k != NoTie {
			s.plan.PriceEURPerKWh[t] = p.Ties[k].Price / s.StepHours
		}
	}
	for _, x := range p.Storages {
		charge, give := x.Powers()
		s.keep(x.Index, charge, give)
	}
	return s.bound()
}

// theBattery is the index of the battery among cars.
const theBattery = -1

// keep keeps what a storage does.
func (s *meter) keep(index int, charge, give []float64) {
	x := Schedule{ChargeKW: slices.Clone(charge), DischargeKW: slices.Clone(give)}
	if index == theBattery {
		s.plan.Battery = x
	} else {
		s.plan.Cars[index] = x
	}
}

// tie is the meter in a step: what all storages take is paid for with the home's own load,
// by the price of the side on which that lies, and the connection lets so much through.
func (s *meter) tie(t int, fixedKW float64) Tie {
	net := s.NetKW[t] + fixedKW
	imp, exp := s.StepHours*s.ImportEURPerKWh[t], s.StepHours*s.ExportEURPerKWh[t]
	up, down := s.room(t)
	excess := s.excess * s.StepHours
	k := Tie{EURPerKW: exp, Hinges: [3]Hinge{{Sign: 1, LimitKW: up - fixedKW, Most: excess}, {Sign: -1, LimitKW: down + fixedKW, Most: excess}}}
	if imp > exp {
		k.Hinges[2] = Hinge{Sign: 1, LimitKW: -net, Most: imp - exp}
	}
	return k
}

// room is what all storages together may take and give in a step.
func (s *meter) room(t int) (up, down float64) {
	return max(0, s.ConnectionKW-s.NetKW[t]), max(0, s.ConnectionKW+s.NetKW[t])
}

// power is what all storages take in a step, kW.
func (s *meter) power(t int) float64 {
	kW := s.plan.Battery.ChargeKW[t] - s.plan.Battery.DischargeKW[t]
	if i := s.plugged[t]; i >= 0 {
		at := t - s.Cars[i].From
		kW += s.plan.Cars[i].ChargeKW[at] - s.plan.Cars[i].DischargeKW[at]
	}
	return kW
}

// eachPower calls with every step and what all storages take in it.
func (s *meter) eachPower(do func(t int, kW float64)) {
	for t := range s.NetKW {
		do(t, s.power(t))
	}
}

// count counts what a plan costs.
func (s *meter) count() {
	p := s.plan
	s.eachPower(func(t int, kW float64) {
		y := s.NetKW[t] + kW
		price := s.ImportEURPerKWh[t]
		if y < 0 {
			price = s.ExportEURPerKWh[t]
		}
		if !s.tied(t) || len(s.Cars) == 0 {
			p.PriceEURPerKWh[t] = price
		}
		p.CostEUR += s.StepHours * (y*price + s.Battery.WearEURPerKWh*p.Battery.DischargeKW[t])
		up, down := s.room(t)
		if over := max(kW-up, -kW-down); over > RoundingKW {
			p.ExcessKWh += s.StepHours * over
		}
	})
	for i := range p.Cars {
		for _, kW := range p.Cars[i].DischargeKW {
			p.CostEUR += s.StepHours * s.Cars[i].Problem.Battery.WearEURPerKWh * kW
		}
	}
}

// bound finds the highest of the bounds at the plan's price, and at it with less beyond the
// tariff: where a car needs all that the connection leaves, the price of the last of it is
// one of many, up to that of excess, and rounding weighs more the higher it is.
func (s *meter) bound() error {
	found := slices.Clone(s.plan.PriceEURPerKWh)
	best := *s.plan
	best.BoundEUR = math.Inf(-1)
	for _, most := range [...]float64{math.Inf(1), 1, 0.3, 0.1, 0} {
		s.plan.BoundEUR, s.plan.WorthEURPerKWh, s.plan.PriceEURPerKWh = 0, nil, slices.Clone(found)
		same := !math.IsInf(most, 1)
		for t, p := range found {
			if capped := min(max(p, s.ExportEURPerKWh[t]-most), s.ImportEURPerKWh[t]+most); s.tied(t) && capped != p {
				s.plan.PriceEURPerKWh[t], same = capped, false
			}
		}
		if same {
			continue
		}
		if err := s.boundAt(); err != nil {
			return err
		}
		if s.plan.BoundEUR > best.BoundEUR {
			best = *s.plan
		}
	}
	*s.plan = best
	return nil
}

// boundAt solves each storage by itself at the plan's price, and the meter at that.
func (s *meter) boundAt() error {
	price := func(t int) float64 { return s.plan.PriceEURPerKWh[t] }
	add := func(p dispatch.Problem, from int) error {
		if err := s.solver.Solve(&p, &s.found); err != nil {
			return err
		}
		s.plan.BoundEUR += s.found.CostEUR
		for t, net := range p.NetLoadKW { // the home's own load is the meter's
			if s.tied(from + t) {
				s.plan.BoundEUR -= s.StepHours * net * price(from+t)
			}
		}
		return nil
	}
	if err := add(s.battery(price), 0); err != nil {
		return fmt.Errorf("the battery: %w", err)
	}
	for i := range s.Cars {
		if err := add(s.car(i, price), s.Cars[i].From); err != nil {
			return fmt.Errorf("car session %d: %w", i+1, err)
		}
		s.plan.WorthEURPerKWh = append(s.plan.WorthEURPerKWh, s.found.MarginalEURPerKWh...)
	}
	for t, net := range s.NetKW {
		if !s.tied(t) {
			continue
		}
		up, down := s.room(t)
		least := math.Inf(1)
		for _, kW := range [...]float64{up, -down, min(max(-net, -down), up)} {
			y := net + kW
			pays := s.ImportEURPerKWh[t]
			if y < 0 {
				pays = s.ExportEURPerKWh[t]
			}
			least = min(least, pays*y-price(t)*kW)
		}
		s.plan.BoundEUR += s.StepHours * least
	}
	return nil
}
