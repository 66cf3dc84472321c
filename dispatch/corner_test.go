package dispatch

import (
	"errors"
	"flag"
	"math"
	"strconv"
	"testing"

	"pgregory.net/rapid"
)

// Corner draws a session from the corners of what a problem may be: ties, limits
// of zero or hardly above it, prices of 1e-9 and of 1e6, efficiencies of 1 and of
// 0.01, a battery without room, one step, tiny and huge steps, import equal to
// export, negative prices together with limits. Any of them may meet any other.
func Corner(t *rapid.T) *Problem { return corner(t, 1e-9, 1e6) }

// PlainCorner leaves out what is so small or large that the tolerances of a
// general LP solver do not see it; prices may still be anything.
func PlainCorner(t *rapid.T) *Problem { return corner(t, 0.05, 100) }

// corner draws only sizes between least and most, and 0.
func corner(t *rapid.T, least, most float64) *Problem {
	var (
		oneOf = func(label string, values ...float64) float64 {
			return rapid.SampledFrom(values).Filter(func(v float64) bool {
				size := math.Abs(v)
				return v == 0 || math.IsInf(v, 0) || size >= least && size <= most
			}).Draw(t, label)
		}
		power = func(label string) float64 {
			return oneOf(label, 0, 0, 3.7, 11, 22, 1, 7.4, 1e-9, 0.1+0.2, 1e6)
		}
		p = &Problem{
			StepHours: oneOf("hours", 0.25, 0.25, 1, 1.0/12, 1e-6, 1e4),
			Mode:      rapid.SampledFrom([]Mode{V2G, V2G, V2G, V2H, Smart}).Draw(t, "mode"),
		}
		n     = rapid.SampledFrom([]int{1, 1, 2, 3, 5, 8, 24}).Draw(t, "steps")
		scale = rapid.SampledFrom([]float64{1, 1, 1, 1e-9, 1e6}).Draw(t, "price scale")
		level = func(label string) float64 {
			return scale * oneOf(label, -1, -0.3, -0.1, 0, 0, 0.1, 0.3, 0.3, 1)
		}
		below   = rapid.SampledFrom([]string{"equal", "equal", "any", "zero", "hardly"}).Draw(t, "export")
		netKind = rapid.SampledFrom([]string{"zero", "zero", "small", "limit", "any"}).Draw(t, "net")
	)
	p.Charger = Charger{
		ChargeKW: power("charge"), DischargeKW: power("discharge"),
		ChargeEfficiency:    oneOf("charge efficiency", 1, 1, math.Sqrt(0.85), 0.5, 0.9, 0.01),
		DischargeEfficiency: oneOf("discharge efficiency", 1, 1, math.Sqrt(0.85), 0.5, 0.9, 0.01),
	}
	limit := func(label string) Limit {
		return rapid.SampledFrom([]Limit{
			{}, LimitKW(oneOf(label, 0, 0, 1e-9, 1, 3, 11, 17.25)),
		}).Draw(t, label+"?")
	}
	if rapid.IntRange(0, 3).Draw(t, "limits") > 0 {
		p.Grid = Grid{limit("import limit"), limit("export limit")}
	}
	for range n {
		imp := level("import")
		exp := imp
		switch below {
		case "any":
			exp = min(imp, level("export price"))
		case "zero":
			exp = min(imp, 0)
		case "hardly":
			exp = max(imp-1e-12*scale, -scale)
		}
		net := 0.0
		switch netKind {
		case "small":
			net = oneOf("net load", -1, -1e-9, 0, 1e-9, 1)
		case "limit": // the home alone is at its limit, or beyond
			net = oneOf("net load", -20, -p.Grid.ExportLimit.KW(), 0, p.Grid.ImportLimit.KW(), 20)
			if math.IsInf(net, 0) {
				net = 0
			}
		case "any":
			net = rapid.Float64Range(-5, 5).Draw(t, "net load")
		}
		p.ImportEURPerKWh = append(p.ImportEURPerKWh, imp)
		p.ExportEURPerKWh = append(p.ExportEURPerKWh, exp)
		p.NetLoadKW = append(p.NetLoadKW, net)
	}
	if rapid.IntRange(0, 2).Draw(t, "threshold") == 0 {
		p.Battery.WearEURPerKWh = scale * oneOf("wear", 0, 0.1, 1)
		p.Threshold.EURPerKWh = min(scale*oneOf("above the threshold", 0, 0.1, 1, 50), MaxEURPerKWh)
		for _, net := range p.NetLoadKW {
			p.Threshold.ImportKW = append(p.Threshold.ImportKW, oneOf("threshold", 0, 1e-9, 1, 3, 11, max(0, net)))
		}
	}
	b := &p.Battery
	b.MinKWh = oneOf("lowest", 0, 0, 7, 0.1)
	b.MaxKWh = b.MinKWh + oneOf("room", 0, 1e-9, 1, 10, 63, 63, 1e5)
	part := func(label string) float64 {
		return b.MinKWh + (b.MaxKWh-b.MinKWh)*oneOf(label, 0, 0, 1, 0.5, 1.0/3, 0.9)
	}
	b.StartKWh = part("start")
	// Ends that can hardly be reached matter most.
	low, high := p.reach()
	switch rapid.SampledFrom([]string{"start", "part", "low", "high", "between"}).Draw(t, "end") {
	case "start":
		b.EndKWh = b.StartKWh
	case "part":
		b.EndKWh = part("end")
	case "low":
		b.EndKWh = low
	case "high":
		b.EndKWh = high
	case "between":
		b.EndKWh = low + (high-low)*rapid.Float64Range(0, 1).Draw(t, "end")
	}
	return p
}

// reach is the lowest and the highest energy at which the battery can end,
// found from the corners of each step alone.
func (p *Problem) reach() (low, high float64) {
	low, high = p.Battery.StartKWh, p.Battery.StartKWh
	importKW, exportKW := p.Grid.limits()
	var s step
	for t := range p.NetLoadKW {
		s.set(p, t, importKW, exportKW)
		xMin, xMax := math.Inf(1), math.Inf(-1)
		for _, c := range p.appendCorners(nil, &s) {
			xMin, xMax = min(xMin, c.x), max(xMax, c.x)
		}
		low, high = max(low+xMin, p.Battery.MinKWh), min(high+xMax, p.Battery.MaxKWh)
	}
	return low, high
}

// atLeast raises rapid's number of checks for one test, unless more are asked for.
func atLeast(t *testing.T, checks int) {
	t.Helper()
	f := flag.Lookup("rapid.checks")
	was := f.Value.String()
	if n, err := strconv.Atoi(was); err != nil {
		t.Fatal(err)
	} else if n >= checks {
		return
	}
	if err := f.Value.Set(strconv.Itoa(checks)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := f.Value.Set(was); err != nil {
			t.Error(err)
		}
	})
}

// In the corners too an optimum carries its proof, and an end is called out of
// reach only where it is.
func TestCornersAreSolved(t *testing.T) {
	atLeast(t, 20000)
	var solver Solver
	var out Schedule
	solved, infeasible := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		p := Corner(t)
		low, high := p.reach()
		end := p.Battery.EndKWh
		err := solver.Solve(p, &out)
		if e := (*InfeasibleError)(nil); errors.As(err, &e) {
			if end >= low && end <= high {
				t.Fatalf("%v: it can end between %g and %g", err, low, high)
			}
			infeasible++
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		if tol := 2 * p.toleranceKWh(); end < low-tol || end > high+tol {
			t.Fatalf("solved, but it can only end between %g and %g, not at %g", low, high, end)
		}
		solved++
		gap, err := Certify(p, &out)
		if err != nil {
			t.Fatal(err)
		}
		if tol := p.costTolerance(&out); math.Abs(gap) > tol {
			t.Fatalf("duality gap %g EUR at cost %g", gap, out.CostEUR)
		}
	})
	t.Logf("%d solved, %d out of reach", solved, infeasible)
	if !t.Failed() && solved < infeasible {
		t.Errorf("only %d problems were solved, %d were out of reach: the test lost its strength", solved, infeasible)
	}
}

// A car may get rid of energy within the inverter, even where nothing can go in
// or out of the home: at 22 and 3.7 kW it can do so at 3.17 kW in and out.
func TestAHomeWithoutAConnectionCanStillBurnEnergy(t *testing.T) {
	p := flat(0.30)
	p.Grid = Grid{LimitKW(0), LimitKW(0)}
	p.Charger = Charger{ChargeKW: 22, DischargeKW: 3.7, ChargeEfficiency: 0.9, DischargeEfficiency: 0.9}
	both := 22 * 3.7 / (22 + 3.7) // c = d, c/22 + d/3.7 = 1
	p.Battery.EndKWh = p.Battery.StartKWh - 0.25*both*(1/0.9-0.9)
	s := solve(t, p)
	if math.Abs(s.ChargeKW[0]-both) > 1e-9 || math.Abs(s.DischargeKW[0]-both) > 1e-9 || math.Abs(s.CostEUR) > 1e-12 {
		t.Errorf("charge %g and discharge %g kW at %g EUR: want %g both ways for nothing", s.ChargeKW[0], s.DischargeKW[0], s.CostEUR, both)
	}
}

// Beside a charger of a million kW an export limit of 1e-9 kW is what rounding leaves:
// it may not make the lowest end that can be reached one that cannot.
func TestALimitFarBelowTheChargerIsNoFalseAlarm(t *testing.T) {
	p := &Problem{
		StepHours: 0.25,
		Battery:   Battery{MaxKWh: 1, StartKWh: 1},
		Charger:   Charger{1e6, 1e6, 1, 1},
		Grid:      Grid{LimitKW(0), LimitKW(1e-9)},
	}
	for range 24 {
		p.ImportEURPerKWh = append(p.ImportEURPerKWh, 0)
		p.ExportEURPerKWh = append(p.ExportEURPerKWh, 0)
		p.NetLoadKW = append(p.NetLoadKW, 0)
	}
	p.Battery.EndKWh, _ = p.reach()
	solve(t, p)
}

// Whatever numbers a problem holds, none that is not finite comes out.
func TestAnswersAreFinite(t *testing.T) {
	atLeast(t, 20000)
	tried, solved := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		tried++
		between := func(label string, low, high float64) float64 {
			return rapid.OneOf(rapid.Float64Range(low, high), rapid.SampledFrom([]float64{low, high, min(max(low, math.SmallestNonzeroFloat64), high)})).Draw(t, label)
		}
		n := rapid.IntRange(1, 5).Draw(t, "steps")
		p := &Problem{
			StepHours: between("hours", MinStepHours, MaxStepHours),
			Mode:      rapid.SampledFrom(Modes()).Draw(t, "mode"),
			Charger: Charger{
				between("charge", 0, MaxKW), between("discharge", 0, MaxKW),
				between("charge efficiency", MinEfficiency, 1), between("discharge efficiency", MinEfficiency, 1),
			},
			Grid: Grid{LimitKW(between("import limit", 0, math.MaxFloat64)), LimitKW(between("export limit", 0, math.MaxFloat64))},
		}
		for range n {
			imp := between("import", -MaxEURPerKWh, MaxEURPerKWh)
			p.ImportEURPerKWh = append(p.ImportEURPerKWh, imp)
			p.ExportEURPerKWh = append(p.ExportEURPerKWh, min(imp, between("export", -MaxEURPerKWh, MaxEURPerKWh)))
			p.NetLoadKW = append(p.NetLoadKW, between("net load", -MaxKW, MaxKW))
		}
		b := &p.Battery
		b.MinKWh = between("lowest", 0, MaxKWh)
		b.MaxKWh = between("highest", b.MinKWh, MaxKWh)
		b.StartKWh = between("start", b.MinKWh, b.MaxKWh)
		low, high := p.reach()
		if p.Mode == Regular {
			low = b.StartKWh
		}
		b.EndKWh = between("end", low, high)
		var out Schedule
		err := new(Solver).Solve(p, &out)
		if errors.As(err, new(*InfeasibleError)) { // by rounding, or Regular
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		solved++
		for _, all := range [][]float64{{out.CostEUR}, out.ChargeKW, out.DischargeKW, out.StoredKWh, out.MarginalEURPerKWh} {
			for _, v := range all {
				if math.IsNaN(v) || math.IsInf(v, 0) {
					t.Fatalf("%g in %+v", v, out)
				}
			}
		}
	})
	if !t.Failed() && 2*solved < tried {
		t.Errorf("only %d of %d problems were solved: the test lost its strength", solved, tried)
	}
}

// costTolerance is what rounding may do to a cost: a share of all the money that
// moves, for wear and above a threshold too; energies that are met to the tolerance only, at their value; and a bit of the
// battery's size for each step that is added up, at what it costs to store that.
func (p *Problem) costTolerance(s *Schedule) float64 {
	money, price, value := 0.0, 0.0, 0.0
	for t, imp := range p.ImportEURPerKWh {
		most := max(math.Abs(imp)+p.Threshold.EURPerKWh, math.Abs(p.ExportEURPerKWh[t])) + p.Battery.WearEURPerKWh
		money += most * p.StepHours * (math.Abs(p.NetLoadKW[t]) + p.Charger.ChargeKW + p.Charger.DischargeKW)
		price, value = max(price, most), max(value, most, math.Abs(s.MarginalEURPerKWh[t]))
	}
	bits := 0x1p-52 * float64(len(p.ImportEURPerKWh)) * p.Battery.MaxKWh
	return 1e-12*money + value*p.toleranceKWh() + price/p.Charger.ChargeEfficiency*bits
}
