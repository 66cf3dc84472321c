package dispatch

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"
)

// Every optimum carries its proof: a feasible schedule whose cost equals a
// lower bound on the cost of all schedules.
func TestOptimaAreCertified(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	var solver Solver
	var out Schedule
	solved, infeasible := 0, 0
	for i := range 20000 {
		p := RandomProblem(r)
		err := solver.Solve(p, &out)
		if e := (*InfeasibleError)(nil); errors.As(err, &e) {
			infeasible++
			continue
		}
		if err != nil {
			t.Fatalf("problem %d: %v", i, err)
		}
		solved++
		gap, err := Certify(p, &out)
		if err != nil {
			t.Fatalf("problem %d (%s, %d steps): %v", i, p.Mode, len(p.NetLoadKW), err)
		}
		if math.Abs(gap) > 1e-9*(1+math.Abs(out.CostEUR)) {
			t.Fatalf("problem %d (%s, %d steps): duality gap %g EUR at cost %g", i, p.Mode, len(p.NetLoadKW), gap, out.CostEUR)
		}
	}
	t.Logf("%d solved, %d infeasible", solved, infeasible)
	if solved < 15000 {
		t.Errorf("only %d of 20000 random problems are feasible: the test lost its strength", solved)
	}
}

// flat is a problem of n quarter-hours at 11 kW without losses or limits.
func flat(importEUR ...float64) *Problem {
	return &Problem{
		StepHours:       0.25,
		ImportEURPerKWh: importEUR,
		ExportEURPerKWh: importEUR,
		NetLoadKW:       make([]float64, len(importEUR)),
		Battery:         Battery{MinKWh: 0, MaxKWh: 10, StartKWh: 5, EndKWh: 5},
		Charger:         Charger{ChargeKW: 11, DischargeKW: 11, ChargeEfficiency: 1, DischargeEfficiency: 1},
		Grid:            NoLimit(),
	}
}

func solve(t *testing.T, p *Problem) *Schedule {
	t.Helper()
	var solver Solver
	out := new(Schedule)
	if err := solver.Solve(p, out); err != nil {
		t.Fatal(err)
	}
	if p.Mode != Regular {
		if gap, err := Certify(p, out); err != nil || math.Abs(gap) > 1e-9 {
			t.Fatalf("not certified: gap %g, %v", gap, err)
		}
	}
	return out
}

func wantPowers(t *testing.T, s *Schedule, want ...float64) {
	t.Helper()
	for i, w := range want {
		if got := s.ChargeKW[i] - s.DischargeKW[i]; math.Abs(got-w) > 1e-9 {
			t.Fatalf("power at step %d is %g kW, want %g (charge %v, discharge %v)", i, got, w, s.ChargeKW, s.DischargeKW)
		}
	}
}

func TestSellsDearAndBuysCheap(t *testing.T) {
	s := solve(t, flat(0.10, 0.40, 0.20, 0.30))
	wantPowers(t, s, 11, -11, 11, -11)
	if want := 2.75 * (0.10 - 0.40 + 0.20 - 0.30); math.Abs(s.CostEUR-want) > 1e-12 {
		t.Errorf("cost %g, want %g", s.CostEUR, want)
	}
}

func TestLossesKeepASmallSpreadUnused(t *testing.T) {
	p := flat(0.28, 0.32) // dual tariff: 0.28/0.32 is above a round trip of 0.85
	p.Charger.ChargeEfficiency, p.Charger.DischargeEfficiency = math.Sqrt(0.85), math.Sqrt(0.85)
	wantPowers(t, solve(t, p), 0, 0)
}

func TestDischargesIntoTheHomeFirst(t *testing.T) {
	p := flat(0.30, 0.10)
	p.ExportEURPerKWh = []float64{0.05, 0.05}
	p.NetLoadKW = []float64{2, 1}
	wantPowers(t, solve(t, p), -2, 2)
}

func TestTakesOwnSolarBeforeTheGrid(t *testing.T) {
	p := flat(0.30, 0.30)
	p.ExportEURPerKWh = []float64{0.05, 0.05}
	p.NetLoadKW = []float64{0, -4}
	p.Battery.EndKWh = 6
	wantPowers(t, solve(t, p), 0, 4)
}

func TestNegativePricesBurnWithinOneInverter(t *testing.T) {
	p := flat(-1)
	p.Charger.ChargeEfficiency, p.Charger.DischargeEfficiency = 0.9, 0.9
	s := solve(t, p)
	c, d := s.ChargeKW[0], s.DischargeKW[0]
	if math.Abs(c/11+d/11-1) > 1e-9 || math.Abs(0.9*c-d/0.9) > 1e-9 {
		t.Errorf("charge %g and discharge %g kW: want the whole quarter used and no change in stored energy", c, d)
	}
	if s.CostEUR >= 0 {
		t.Errorf("cost %g EUR: taking energy at a negative price must earn", s.CostEUR)
	}
}

func TestEqualCostChargesAsEarlyAsPossible(t *testing.T) {
	p := flat(0.30, 0.30, 0.30)
	p.Battery.EndKWh = 8
	wantPowers(t, solve(t, p), 11, 1, 0)
	p.Battery.EndKWh = 2
	wantPowers(t, solve(t, p), -11, -1, 0)
}

func TestRegularChargesAtOnce(t *testing.T) {
	p := flat(0.90, 0.10, 0.10)
	p.Mode, p.Battery.EndKWh = Regular, 8
	wantPowers(t, solve(t, p), 11, 1, 0)
}

// The marginal value is what one more stored kWh on arrival saves.
func TestMarginalValueIsTheSlopeOfTheCost(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 9))
	checked := 0
	for range 2000 {
		p := RandomProblem(r)
		const dE = 1e-5
		p.Battery.MaxKWh += 1 // room for the change
		var solver Solver
		var base, more, less Schedule
		if solver.Solve(p, &base) != nil {
			continue
		}
		start := p.Battery.StartKWh
		p.Battery.StartKWh = start + dE
		if solver.Solve(p, &more) != nil {
			continue
		}
		p.Battery.StartKWh = start - dE
		if solver.Solve(p, &less) != nil {
			continue
		}
		checked++
		// The cost is convex in the start: its slopes on either side bracket the value.
		low, high := (base.CostEUR-less.CostEUR)/dE, (more.CostEUR-base.CostEUR)/dE
		if v := -base.MarginalEURPerKWh[0]; v < low-1e-5 || v > high+1e-5 {
			t.Fatalf("marginal value %g is outside the slopes of the cost [%g, %g]", -v, -high, -low)
		}
	}
	if checked < 1000 {
		t.Errorf("only %d problems checked", checked)
	}
}

func TestMoreFreedomNeverCostsMore(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	var solver Solver
	var s Schedule
	compared := 0
	for i := range 3000 {
		p := RandomProblem(r)
		last := math.Inf(1)
		for _, mode := range Modes() {
			p.Mode = mode
			if err := solver.Solve(p, &s); err != nil {
				if !math.IsInf(last, 1) {
					t.Fatalf("problem %d: %s is infeasible where a mode with less freedom is not: %v", i, mode, err)
				}
				continue
			}
			if s.CostEUR > last+1e-9 {
				t.Fatalf("problem %d: %s costs %g, a mode with less freedom %g", i, mode, s.CostEUR, last)
			}
			if !math.IsInf(last, 1) {
				compared++
			}
			last = s.CostEUR
		}
	}
	if compared < 3000 {
		t.Errorf("only %d comparisons: the test lost its strength", compared)
	}
}

func TestCostScalesWithPricesAndIgnoresAShiftOfTheBattery(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	var solver Solver
	var base, s Schedule
	for i := range 2000 {
		p := RandomProblem(r)
		if solver.Solve(p, &base) != nil {
			continue
		}
		b := p.Battery
		p.Battery = Battery{b.MinKWh + 3, b.MaxKWh + 3, b.StartKWh + 3, b.EndKWh + 3}
		if err := solver.Solve(p, &s); err != nil || math.Abs(s.CostEUR-base.CostEUR) > 1e-8 {
			t.Fatalf("problem %d: cost %g, shifted by 3 kWh %g, %v", i, base.CostEUR, s.CostEUR, err)
		}
		p.Battery = b
		for t := range p.ImportEURPerKWh {
			p.ImportEURPerKWh[t] *= 4
			p.ExportEURPerKWh[t] *= 4
		}
		if err := solver.Solve(p, &s); err != nil || math.Abs(s.CostEUR-4*base.CostEUR) > 1e-8 {
			t.Fatalf("problem %d: cost %g, at four times the price %g, %v", i, base.CostEUR, s.CostEUR, err)
		}
	}
}

func TestUnreachableEndIsInfeasible(t *testing.T) {
	for name, change := range map[string]func(*Problem){
		"too far up":       func(p *Problem) { p.Battery.EndKWh = 8 },
		"too far down":     func(p *Problem) { p.Battery.EndKWh = 2 },
		"above the top":    func(p *Problem) { p.Battery.EndKWh = 11 },
		"smart going down": func(p *Problem) { p.Mode, p.Battery.EndKWh = Smart, 4 },
		"regular too far":  func(p *Problem) { p.Mode, p.Battery.EndKWh = Regular, 8 },
		"regular down":     func(p *Problem) { p.Mode, p.Battery.EndKWh = Regular, 4 },
	} {
		p := flat(0.3)
		change(p)
		err := new(Solver).Solve(p, new(Schedule))
		if e := (*InfeasibleError)(nil); !errors.As(err, &e) {
			t.Errorf("%s: got %v, want an InfeasibleError", name, err)
		}
	}
}

func TestInputThatIsNotAProblemIsNamed(t *testing.T) {
	for _, c := range []struct {
		field  string
		change func(*Problem)
	}{
		{"import_eur_per_kwh", func(p *Problem) { p.ImportEURPerKWh = nil }},
		{"import_eur_per_kwh", func(p *Problem) { p.ImportEURPerKWh = []float64{0.1, math.NaN()} }},
		{"export_eur_per_kwh", func(p *Problem) { p.ExportEURPerKWh = []float64{0.1} }},
		{"export_eur_per_kwh", func(p *Problem) { p.ExportEURPerKWh = []float64{0.1, 0.2001} }},
		{"export_eur_per_kwh", func(p *Problem) { p.ExportEURPerKWh = []float64{0.1, math.Inf(-1)} }},
		{"net_load_kw", func(p *Problem) { p.NetLoadKW = []float64{math.Inf(1), 0} }},
		{"net_load_kw", func(p *Problem) { p.NetLoadKW = nil }},
		{"step_minutes", func(p *Problem) { p.StepHours = 0 }},
		{"battery.min_kwh", func(p *Problem) { p.Battery.MinKWh = 11 }},
		{"battery.max_kwh", func(p *Problem) { p.Battery.MaxKWh = math.NaN() }},
		{"battery.start_kwh", func(p *Problem) { p.Battery.StartKWh = 10.5 }},
		{"charger.charge_kw", func(p *Problem) { p.Charger.ChargeKW = -1 }},
		{"charger.charge_efficiency", func(p *Problem) { p.Charger.ChargeEfficiency = 1.01 }},
		{"charger.discharge_efficiency", func(p *Problem) { p.Charger.DischargeEfficiency = 0 }},
		{"grid.import_limit_kw", func(p *Problem) { p.Grid.ImportLimitKW = -1 }},
		{"grid.export_limit_kw", func(p *Problem) { p.Grid.ExportLimitKW = math.NaN() }},
		{"mode", func(p *Problem) { p.Mode = 9 }},
	} {
		p := flat(0.1, 0.2)
		c.change(p)
		err := new(Solver).Solve(p, new(Schedule))
		if e := (*InputError)(nil); !errors.As(err, &e) || e.Field != c.field {
			t.Errorf("got %v, want an InputError on %s", err, c.field)
		}
	}
}

func TestHomeBeyondItsConnectionBendsTheLimitAndIsCounted(t *testing.T) {
	p := flat(0.30, 0.10)
	p.Grid = Grid{ImportLimitKW: 5, ExportLimitKW: 5}
	p.NetLoadKW = []float64{8, -9}
	s := solve(t, p)
	if s.BentSteps != 2 {
		t.Errorf("%d steps counted as bent, want 2", s.BentSteps)
	}
	if y := p.NetLoadKW[1] + s.ChargeKW[1] - s.DischargeKW[1]; y < -9-1e-9 {
		t.Errorf("the car raised the feed-in of a home beyond its limit to %g kW", y)
	}
}

func TestSolvingAllocatesNothingAfterWarmUp(t *testing.T) {
	r := rand.New(rand.NewPCG(13, 14))
	var problems []*Problem
	for range 200 {
		problems = append(problems, RandomProblem(r))
	}
	var solver Solver
	var s Schedule
	solveAll := func() {
		for _, p := range problems {
			// Infeasible problems pay for their error value; they are not counted.
			if err := solver.Solve(p, &s); err != nil {
				p.Battery.EndKWh = p.Battery.StartKWh
			}
		}
	}
	solveAll()
	solveAll()
	if allocs := testing.AllocsPerRun(5, solveAll); allocs > 0 {
		t.Errorf("%g allocations for 200 problems", allocs)
	}
}

// A certificate must not accept what is not optimal or not allowed.
func TestCertifyRefusesWhatIsWrong(t *testing.T) {
	p := flat(0.10, 0.40, 0.20, 0.30)
	good := func() *Schedule { return solve(t, p) }
	lazy := &Schedule{
		ChargeKW: make([]float64, 4), DischargeKW: make([]float64, 4),
		StoredKWh: []float64{5, 5, 5, 5}, MarginalEURPerKWh: []float64{0.25, 0.25, 0.25, 0.25},
	}
	if gap, err := Certify(p, lazy); err != nil || gap < 0.1 {
		t.Errorf("doing nothing is allowed but not optimal: gap %g, %v", gap, err)
	}
	for name, spoil := range map[string]func(*Schedule){
		"a cost that is not its own": func(s *Schedule) { s.CostEUR -= 0.01 },
		"too much power":             func(s *Schedule) { s.ChargeKW[0] = 12 },
		"energy from nowhere":        func(s *Schedule) { s.StoredKWh[2] += 0.1 },
		"a missing step":             func(s *Schedule) { s.ChargeKW = s.ChargeKW[:3] },
	} {
		s := good()
		spoil(s)
		if _, err := Certify(p, s); err == nil {
			t.Errorf("%s was certified", name)
		}
	}
}
