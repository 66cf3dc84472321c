package dispatch

import (
	"context"
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
	draws := 20000
	if testing.Short() {
		draws = 2000
	}
	for i := range draws {
		p := RandomTiedProblem(r)
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
	if 4*solved < 3*draws {
		t.Errorf("only %d of %d random problems are feasible: the test lost its strength", solved, draws)
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
	for range 2200 {
		p := RandomTiedProblem(r)
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

// What the threshold's values add up to is a subgradient of the cost in the height of
// the threshold: the cost at any other height lies on or above that line.
func TestThresholdValueIsTheSlopeOfTheCost(t *testing.T) {
	r := rand.New(rand.NewPCG(10, 9))
	var solver Solver
	var base, other Schedule
	checked, sloped := 0, 0
	for i := range 4000 {
		p := RandomTiedProblem(r)
		if len(p.Threshold.ImportKW) == 0 || solver.Solve(p, &base) != nil {
			continue
		}
		checked++
		if len(base.ThresholdEURPerKW) != len(p.NetLoadKW) {
			t.Fatalf("problem %d: %d values of the threshold in %d steps", i, len(base.ThresholdEURPerKW), len(p.NetLoadKW))
		}
		was := p.Threshold.ImportKW
		for _, by := range []float64{1e-3, 0.3, 5, -1e-3, -0.3, -5} {
			line := base.CostEUR
			p.Threshold.ImportKW = nil
			for t, kW := range was {
				p.Threshold.ImportKW = append(p.Threshold.ImportKW, max(0, kW+by))
				line -= base.ThresholdEURPerKW[t] * (p.Threshold.ImportKW[t] - kW)
			}
			if err := solver.Solve(p, &other); err != nil {
				t.Fatal(err)
			}
			if tol := 1e-9 * (1 + math.Abs(line)); other.CostEUR < line-tol {
				t.Fatalf("problem %d (%s): the cost at a threshold %g kW higher is %.12g, below the line %.12g", i, p.Mode, by, other.CostEUR, line)
			}
			if math.Abs(line-base.CostEUR) > 1e-6 {
				sloped++
			}
		}
	}
	if checked < 1000 || sloped < 2000 {
		t.Errorf("%d problems checked, %d lines with a slope: the test lost its strength", checked, sloped)
	}
}

func TestWearEndsCyclesThatEarnLess(t *testing.T) {
	p := flat(0.10, 0.30)
	p.Battery.WearEURPerKWh = 0.19
	wantPowers(t, solve(t, p), 11, -11)
	p.Battery.WearEURPerKWh = 0.21
	wantPowers(t, solve(t, p), 0, 0)
}

func TestAThresholdFlattensImport(t *testing.T) {
	p := flat(0.10, 0.10, 0.30, 0.30)
	p.Battery.StartKWh, p.Battery.EndKWh, p.Mode = 2, 4, Smart
	p.NetLoadKW = []float64{1, 1, 1, 1}
	p.Threshold = Threshold{ImportKW: []float64{3, 3, 3, 3}, EURPerKWh: 0.15}
	wantPowers(t, solve(t, p), 6, 2, 0, 0) // 0.10 + 0.15 is below 0.30
	p.Threshold.EURPerKWh = 0.25
	wantPowers(t, solve(t, p), 2, 2, 2, 2)
}

func TestMoreFreedomNeverCostsMore(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	var solver Solver
	var s Schedule
	compared := 0
	for i := range 3000 {
		p := RandomTiedProblem(r)
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
		p := RandomTiedProblem(r)
		if solver.Solve(p, &base) != nil {
			continue
		}
		b := p.Battery
		p.Battery = Battery{b.MinKWh + 3, b.MaxKWh + 3, b.StartKWh + 3, b.EndKWh + 3, b.WearEURPerKWh}
		if err := solver.Solve(p, &s); err != nil || math.Abs(s.CostEUR-base.CostEUR) > 1e-8 {
			t.Fatalf("problem %d: cost %g, shifted by 3 kWh %g, %v", i, base.CostEUR, s.CostEUR, err)
		}
		p.Battery = b
		for t := range p.ImportEURPerKWh {
			p.ImportEURPerKWh[t] *= 4
			p.ExportEURPerKWh[t] *= 4
		}
		p.Battery.WearEURPerKWh *= 4
		p.Threshold.EURPerKWh *= 4
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
		{"ImportEURPerKWh", func(p *Problem) { p.ImportEURPerKWh = nil }},
		{"ImportEURPerKWh", func(p *Problem) { p.ImportEURPerKWh = []float64{0.1, math.NaN()} }},
		{"ExportEURPerKWh", func(p *Problem) { p.ExportEURPerKWh = []float64{0.1} }},
		{"ExportEURPerKWh", func(p *Problem) { p.ExportEURPerKWh = []float64{0.1, 0.2001} }},
		{"ExportEURPerKWh", func(p *Problem) { p.ExportEURPerKWh = []float64{0.1, math.Inf(-1)} }},
		{"NetLoadKW", func(p *Problem) { p.NetLoadKW = []float64{math.Inf(1), 0} }},
		{"NetLoadKW", func(p *Problem) { p.NetLoadKW = nil }},
		{"StepHours", func(p *Problem) { p.StepHours = 0 }},
		{"StepHours", func(p *Problem) { p.StepHours = 1e308 / 60 }},
		{"ImportEURPerKWh", func(p *Problem) { p.ImportEURPerKWh[1] = 1.001e6 }},
		{"ExportEURPerKWh", func(p *Problem) { p.ExportEURPerKWh = []float64{0.1, -1.001e6} }},
		{"NetLoadKW", func(p *Problem) { p.NetLoadKW = []float64{0, -1.001e6} }},
		{"Battery.EndKWh", func(p *Problem) { p.Battery.EndKWh = 1.001e6 }},
		{"Charger.DischargeKW", func(p *Problem) { p.Charger.DischargeKW = 1.001e6 }},
		{"Charger.ChargeEfficiency", func(p *Problem) { p.Charger.ChargeEfficiency = 5e-324 }},
		{"Battery.MinKWh", func(p *Problem) { p.Battery.MinKWh = 11 }},
		{"Battery.MaxKWh", func(p *Problem) { p.Battery.MaxKWh = math.NaN() }},
		{"Battery.StartKWh", func(p *Problem) { p.Battery.StartKWh = 10.5 }},
		{"Charger.ChargeKW", func(p *Problem) { p.Charger.ChargeKW = -1 }},
		{"Charger.ChargeEfficiency", func(p *Problem) { p.Charger.ChargeEfficiency = 1.01 }},
		{"Charger.DischargeEfficiency", func(p *Problem) { p.Charger.DischargeEfficiency = 0 }},
		{"Grid.ImportLimit", func(p *Problem) { p.Grid.ImportLimit = LimitKW(-1) }},
		{"Grid.ExportLimit", func(p *Problem) { p.Grid.ExportLimit = LimitKW(math.NaN()) }},
		{"Battery.WearEURPerKWh", func(p *Problem) { p.Battery.WearEURPerKWh = -0.01 }},
		{"Threshold.ImportKW", func(p *Problem) { p.Threshold.ImportKW = []float64{1} }},
		{"Threshold.ImportKW", func(p *Problem) { p.Threshold.ImportKW = []float64{1, -1} }},
		{"Threshold.ImportKW", func(p *Problem) { p.Threshold.ImportKW = []float64{math.NaN(), 1} }},
		{"StepLimits.ImportKW", func(p *Problem) { p.StepLimits.ImportKW = []float64{1} }},
		{"StepLimits.ImportKW", func(p *Problem) { p.StepLimits.ImportKW = []float64{1, -1} }},
		{"StepLimits.ExportKW", func(p *Problem) { p.StepLimits.ExportKW = []float64{math.NaN(), 1} }},
		{"Threshold.EURPerKWh", func(p *Problem) { p.Threshold.EURPerKWh = math.Inf(1) }},
		{"Mode", func(p *Problem) { p.Mode = 9 }},
	} {
		p := flat(0.1, 0.2)
		c.change(p)
		err := new(Solver).Solve(p, new(Schedule))
		if e := (*InputError)(nil); !errors.As(err, &e) || e.Field != c.field {
			t.Errorf("got %v, want an InputError on %s", err, c.field)
		}
	}
}

func TestSolvingAllocatesNothingAfterWarmUp(t *testing.T) {
	r := rand.New(rand.NewPCG(13, 14))
	var problems []*Problem
	for range 200 {
		problems = append(problems, RandomTiedProblem(r))
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

// long is a problem of n quarter-hours in which no two prices are the same and
// the battery is never full or empty: every piece of every step is kept.
func long(n int) *Problem {
	r := rand.New(rand.NewPCG(15, 16))
	p := flat(make([]float64, n)...)
	p.ExportEURPerKWh = make([]float64, n)
	for t := range n {
		p.ImportEURPerKWh[t] = r.Float64()
		p.ExportEURPerKWh[t] = p.ImportEURPerKWh[t] - 0.1
		p.NetLoadKW[t] = 3 * r.NormFloat64()
	}
	p.Charger.ChargeEfficiency, p.Charger.DischargeEfficiency = 0.9, 0.9
	room := 11 * p.StepHours * float64(n)
	p.Battery = Battery{MaxKWh: 2 * room, StartKWh: room, EndKWh: room}
	return p
}

func TestLongProblemsAreCertified(t *testing.T) {
	p := long(20000)
	var out Schedule
	if err := new(Solver).Solve(p, &out); err != nil {
		t.Fatal(err)
	}
	if gap, err := Certify(p, &out); err != nil || math.Abs(gap) > p.costTolerance(&out) {
		t.Errorf("gap %g at cost %g, %v", gap, out.CostEUR, err)
	}
}

// impatient is a context that is cancelled when it is looked at a second time.
type impatient struct {
	context.Context
	looks int
}

func (c *impatient) Err() error {
	if c.looks++; c.looks == 2 {
		return context.Canceled
	}
	return nil
}

func TestALongProblemStopsWhenAsked(t *testing.T) {
	p := long(3 * stepsBetweenLooks)
	ctx := &impatient{Context: t.Context()}
	if err := new(Solver).SolveContext(ctx, p, new(Schedule)); err != context.Canceled || ctx.looks != 2 {
		t.Errorf("after %d looks: %v", ctx.looks, err)
	}
}

// The check of every answer sees each of its numbers.
func TestANumberThatIsNotFiniteIsNotAnAnswer(t *testing.T) {
	for name, spoil := range map[string]func(*run, *mostKW){
		"marginal value": func(r *run, _ *mostKW) { r.marginal = math.Inf(1) },
		"stored energy":  func(r *run, _ *mostKW) { r.high, r.low = math.NaN(), math.NaN() },
		"price":          func(r *run, _ *mostKW) { r.imp = math.NaN() },
		"power":          func(_ *run, most *mostKW) { most.charge = math.NaN() },
	} {
		p := flat(0.30, 0.20)
		p.Battery.EndKWh = 8
		var s Solver
		var out Schedule
		if err := s.Solve(p, &out); err != nil {
			t.Fatal(err)
		}
		spoil(&s.runs[1], &s.most[1])
		if err := s.fill(p, &out); err == nil {
			t.Errorf("%s: %+v is taken for an answer", name, out)
		}
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
