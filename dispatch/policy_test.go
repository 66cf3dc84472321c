package dispatch_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"math"
	"math/rand/v2"
	"os/exec"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"github.com/getij/getij/dispatch"
	"github.com/getij/getij/dispatch/dispatchjson"
	"github.com/getij/getij/internal/witness"
)

// randomDeparture draws hazards of many shapes and up to three kinks of a penalty.
func randomDeparture(r *rand.Rand, p *dispatch.Problem) *dispatch.Departure {
	d := &dispatch.Departure{Hazard: make([]float64, len(p.NetLoadKW))}
	kind := r.IntN(5)
	for t := range d.Hazard {
		switch kind {
		case 0: // a night, then a morning
			if t > len(d.Hazard)/2 {
				d.Hazard[t] = 0.4 * r.Float64()
			}
		case 1:
			d.Hazard[t] = 0.1
		case 2:
			d.Hazard[t] = r.Float64()
		case 3: // some moments only, and at one of them for certain
			switch r.IntN(12) {
			case 0:
				d.Hazard[t] = 0.5
			case 1:
				d.Hazard[t] = float64(r.IntN(2))
			}
		}
	}
	top := p.Battery.MaxKWh * 1.1
	for range r.IntN(4) {
		k := dispatch.Kink{StoredKWh: min(top, 1000) * r.Float64(), EURPerKWh: []float64{0.2, 0.5, 1, 10}[r.IntN(4)] * r.Float64()}
		if r.IntN(4) == 0 {
			k.StoredKWh = p.Battery.MaxKWh
		}
		d.Penalty = append(d.Penalty, k)
	}
	return d
}

func built(t testing.TB, p *dispatch.Problem, d *dispatch.Departure) *dispatch.Policy {
	t.Helper()
	q := new(dispatch.Policy)
	if err := q.Build(t.Context(), p, d); err != nil {
		t.Fatal(err)
	}
	return q
}

// overDepartures plays a policy for every departure that has a chance, and adds up cost
// and penalty by chance, the home's own exchange after the departure included.
func overDepartures(t testing.TB, q *dispatch.Policy, p *dispatch.Problem, d *dispatch.Departure) (costEUR float64) {
	t.Helper()
	n := len(p.NetLoadKW)
	alone := make([]float64, n+1) // cost from a step on
	for k := n - 1; k >= 0; k-- {
		price := p.ImportEURPerKWh[k]
		if p.NetLoadKW[k] < 0 {
			price = p.ExportEURPerKWh[k]
		}
		alone[k] = alone[k+1] + price*p.NetLoadKW[k]*p.StepHours
	}
	var s dispatch.Schedule
	left := 1.0
	for leaves := range n + 1 {
		chance := left
		if leaves < n {
			chance *= d.Hazard[leaves]
		}
		left -= chance
		if chance == 0 || leaves > q.Steps() {
			continue
		}
		penalty, err := q.Play(leaves, &s)
		if err != nil {
			t.Fatal(err)
		}
		costEUR += chance * (s.CostEUR + penalty + alone[leaves])
	}
	return costEUR
}

// What is played over all departures costs what was expected: the recursion and the
// policy that follows from it are one.
func TestAPolicyCostsWhatItExpects(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for i := range drawn(1000) {
		p := dispatch.LimitSteps(dispatch.RandomProblem(r), r, 4)
		d := randomDeparture(r, p)
		q := built(t, p, d)
		want := q.ExpectedCostEUR(p.Battery.StartKWh)
		if got := overDepartures(t, q, p, d); math.Abs(got-want) > 1e-9*(1+math.Abs(want)) {
			t.Fatalf("problem %d (%s, %d steps): %d departures cost %.12g EUR on average, %.12g was expected", i, p.Mode, len(p.NetLoadKW), q.Steps()+1, got, want)
		}
	}
}

// A departure that is known is an ordinary problem.
func TestAKnownDepartureIsTheOrdinaryProblem(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	var solver dispatch.Solver
	var s dispatch.Schedule
	solved := 0
	for i := range 4000 {
		p := dispatch.RandomProblem(r)
		p.Battery.EndKWh = max(p.Battery.EndKWh, p.Battery.StartKWh)
		p.Battery.MaxKWh = p.Battery.EndKWh // more than wanted cannot be taken along
		if solver.Solve(p, &s) != nil {
			continue
		}
		solved++
		// The same steps, and more after a departure that is certain.
		n := len(p.NetLoadKW)
		d := &dispatch.Departure{Hazard: make([]float64, n), Penalty: []dispatch.Kink{{p.Battery.EndKWh, 20}}}
		longer, after := *p, 0.0
		for k := range r.IntN(3) {
			longer.ImportEURPerKWh = append(longer.ImportEURPerKWh, 0.3)
			longer.ExportEURPerKWh = append(longer.ExportEURPerKWh, 0.1)
			longer.NetLoadKW = append(longer.NetLoadKW, 1)
			d.Hazard = append(d.Hazard, float64(1-k)) // what comes after a departure does not matter
			after += 0.3 * p.StepHours
		}
		q := built(t, &longer, d)
		want := s.CostEUR + after
		if got := q.ExpectedCostEUR(p.Battery.StartKWh); math.Abs(got-want) > 1e-9 {
			t.Fatalf("problem %d (%s, %d steps): %.12g EUR, ordinary %.12g", i, p.Mode, n, got, want)
		}
		if penalty, err := q.Play(n, &s); err != nil || math.Abs(s.CostEUR+penalty+after-want) > 1e-9 {
			t.Fatalf("problem %d (%s, %d steps): played it costs %.12g + %.3g EUR, ordinary %.12g (%v)", i, p.Mode, n, s.CostEUR+after, penalty, want, err)
		}
	}
	if solved < 2500 {
		t.Errorf("only %d of 4000 problems have an optimum: the test lost its strength", solved)
	}
}

// On a grid on which an optimum must lie, every way to charge is tried against every
// departure.
func TestNoWayToChargeIsCheaperOnAverage(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	for i := range 400 {
		n := 1 + r.IntN(5)
		p := &dispatch.Problem{
			StepHours:       1,
			ImportEURPerKWh: make([]float64, n), ExportEURPerKWh: make([]float64, n), NetLoadKW: make([]float64, n),
			Battery: dispatch.Battery{MinKWh: 1, MaxKWh: float64(3 + r.IntN(4)), StartKWh: float64(1 + r.IntN(3)), EndKWh: 1},
			Charger: dispatch.Charger{ChargeKW: 2, DischargeKW: 2, ChargeEfficiency: 1, DischargeEfficiency: 1},
			Mode:    []dispatch.Mode{dispatch.V2G, dispatch.V2H, dispatch.Smart}[r.IntN(3)],
		}
		for t := range n {
			p.ImportEURPerKWh[t] = math.Round(50*r.Float64()) / 100 // ties, and none below 0
			p.ExportEURPerKWh[t] = p.ImportEURPerKWh[t] * float64(r.IntN(3)) / 2
			p.NetLoadKW[t] = float64(r.IntN(4) - 1)
		}
		d := randomDeparture(r, p)
		for k := range d.Penalty {
			d.Penalty[k].StoredKWh = math.Round(min(d.Penalty[k].StoredKWh, 6))
		}
		best := math.Inf(1)
		var try func(t int, stored, left, cost float64)
		try = func(t int, stored, left, cost float64) {
			chance := left
			if t < n {
				chance *= d.Hazard[t]
			}
			cost += chance * dispatch.PenaltyEUR(d.Penalty, stored)
			if t == n {
				best = min(best, cost)
				return
			}
			exchange := func(kw float64) float64 {
				if kw > 0 {
					return p.ImportEURPerKWh[t] * kw
				}
				return p.ExportEURPerKWh[t] * kw
			}
			net := p.NetLoadKW[t]
			cost += chance * exchangeFrom(p, t) // gone: the home alone, to the end
			for x := -2.0; x <= 2; x++ {
				if s := stored + x; s < p.Battery.MinKWh || s > p.Battery.MaxKWh ||
					p.Mode == dispatch.Smart && x < 0 || p.Mode == dispatch.V2H && x < 0 && -x > max(0, net) {
					continue
				}
				try(t+1, stored+x, left-chance, cost+(left-chance)*exchange(net+x))
			}
		}
		try(0, p.Battery.StartKWh, 1, 0)
		q := built(t, p, d)
		if got := q.ExpectedCostEUR(p.Battery.StartKWh); math.Abs(got-best) > 1e-12*(1+math.Abs(best)) {
			t.Fatalf("problem %d (%s, %d steps): %.12g EUR expected, the best of all ways %.12g\n%+v\n%+v", i, p.Mode, n, got, best, p, d)
		}
	}
}

func exchangeFrom(p *dispatch.Problem, t int) (eur float64) {
	for ; t < len(p.NetLoadKW); t++ {
		price := p.ImportEURPerKWh[t]
		if p.NetLoadKW[t] < 0 {
			price = p.ExportEURPerKWh[t]
		}
		eur += price * p.NetLoadKW[t] * p.StepHours
	}
	return eur
}

// A stochastic LP on the tree of departures, solved by HiGHS, has the same optimum.
func TestPoliciesEqualHiGHS(t *testing.T) {
	python := witness.Python(t, "scipy.optimize", "python3-scipy")
	r := rand.New(rand.NewPCG(11, 12))
	corners := rapid.Custom(dispatch.PlainCorner)
	var in bytes.Buffer
	var want []float64
	var problems []*dispatch.Problem
	for len(want) < drawn(500) {
		p := dispatch.RandomProblem(r)
		if len(want)%3 == 0 {
			p = corners.Example(len(want))
			p.Threshold, p.Battery.WearEURPerKWh = dispatch.Threshold{}, 0 // departures.py has neither
		}
		if n := min(len(p.NetLoadKW), 1+r.IntN(14)); n < len(p.NetLoadKW) {
			p.ImportEURPerKWh, p.ExportEURPerKWh, p.NetLoadKW = p.ImportEURPerKWh[:n], p.ExportEURPerKWh[:n], p.NetLoadKW[:n]
		}
		d := randomDeparture(r, p)
		named := map[string]any{}
		if err := json.Unmarshal(dispatchjson.Append(nil, &dispatchjson.Named{ID: strconv.Itoa(len(want)), Problem: *p}), &named); err != nil {
			t.Fatal(err)
		}
		penalty := [][2]float64{}
		for _, k := range d.Penalty {
			penalty = append(penalty, [2]float64{k.StoredKWh, k.EURPerKWh})
		}
		named["hazard"], named["penalty"], named["net_load_kw"] = d.Hazard, penalty, p.NetLoadKW
		if err := json.NewEncoder(&in).Encode(named); err != nil {
			t.Fatal(err)
		}
		want, problems = append(want, built(t, p, d).ExpectedCostEUR(p.Battery.StartKWh)), append(problems, p)
	}
	cmd := exec.CommandContext(t.Context(), python, "../bench/departures.py")
	cmd.Stdin, cmd.Stderr = &in, t.Output()
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	worst, answers := 0.0, 0
	for lines := bufio.NewScanner(bytes.NewReader(out)); lines.Scan(); answers++ {
		var a struct {
			Cost float64 `json:"cost_eur"`
		}
		if err := json.Unmarshal(lines.Bytes(), &a); err != nil {
			t.Fatal(err)
		}
		p := problems[answers]
		diff := math.Abs(a.Cost-want[answers]) / largestPrice(p)
		worst = max(worst, diff)
		if diff > 1e-6 {
			t.Errorf("problem %d (%s, %d steps): ours %.9f EUR, HiGHS %.9f", answers, p.Mode, len(p.NetLoadKW), want[answers], a.Cost)
		}
	}
	if answers != len(want) {
		t.Fatalf("%d answers to %d problems", answers, len(want))
	}
	t.Logf("%d trees, largest difference %.2g EUR at prices up to 1", answers, worst)
}

// Knowing the departure is never dearer: neither for the departure that comes, nor on
// average.
func TestKnowingTheDepartureIsNeverDearer(t *testing.T) {
	r := rand.New(rand.NewPCG(13, 14))
	var s dispatch.Schedule
	for i := range drawn(300) {
		p := dispatch.RandomProblem(r)
		if n := min(len(p.NetLoadKW), 60); n < len(p.NetLoadKW) {
			p.ImportEURPerKWh, p.ExportEURPerKWh, p.NetLoadKW = p.ImportEURPerKWh[:n], p.ExportEURPerKWh[:n], p.NetLoadKW[:n]
		}
		d := randomDeparture(r, p)
		q := built(t, p, d)
		for range 5 {
			leaves := r.IntN(q.Steps() + 1)
			penalty, err := q.Play(leaves, &s)
			if err != nil {
				t.Fatal(err)
			}
			known := 0.0
			if leaves == 0 {
				known = dispatch.PenaltyEUR(d.Penalty, p.Battery.StartKWh)
			} else {
				until := *p
				until.ImportEURPerKWh, until.ExportEURPerKWh, until.NetLoadKW = p.ImportEURPerKWh[:leaves], p.ExportEURPerKWh[:leaves], p.NetLoadKW[:leaves]
				known = built(t, &until, &dispatch.Departure{Hazard: make([]float64, leaves), Penalty: d.Penalty}).ExpectedCostEUR(p.Battery.StartKWh)
			}
			if got := s.CostEUR + penalty; got < known-1e-9*(1+math.Abs(known)) {
				t.Fatalf("problem %d, leaving at step %d: %.12g EUR without knowing, %.12g knowing", i, leaves, got, known)
			}
		}
	}
}

// The dearer a missing kWh, the less is missing on average; and what is expected rises
// with the price, ever more slowly.
func TestADearerMissingKWhIsMissingLess(t *testing.T) {
	r := rand.New(rand.NewPCG(15, 16))
	var s dispatch.Schedule
	for i := range drawn(300) {
		p := dispatch.RandomProblem(r)
		d := randomDeparture(r, p)
		before, costBefore := math.Inf(1), math.Inf(-1)
		for _, price := range []float64{0.01, 0.1, 0.3, 1, 10} {
			d.Penalty = []dispatch.Kink{{0.9 * p.Battery.MaxKWh, price}}
			q := built(t, p, d)
			missing, left := 0.0, 1.0
			for leaves := range q.Steps() + 1 {
				chance := left
				if leaves < len(d.Hazard) {
					chance *= d.Hazard[leaves]
				}
				left -= chance
				if chance == 0 {
					continue
				}
				penalty, err := q.Play(leaves, &s)
				if err != nil {
					t.Fatal(err)
				}
				missing += chance * penalty / price
			}
			cost := q.ExpectedCostEUR(p.Battery.StartKWh)
			if missing > before+1e-6 {
				t.Fatalf("problem %d: %g kWh missing at %g EUR/kWh, %g at less", i, missing, price, before)
			}
			if cost < costBefore-1e-9*(1+math.Abs(cost)) {
				t.Fatalf("problem %d: %g EUR expected at %g EUR/kWh, %g at less", i, cost, price, costBefore)
			}
			before, costBefore = missing, cost
		}
	}
}

// A step that turns out other than was expected is met at once: with the load that was
// planned for, a move is the plan's.
func TestAMoveMeetsTheLoadThatComes(t *testing.T) {
	p := &dispatch.Problem{
		StepHours:       1,
		ImportEURPerKWh: []float64{0.40, 0.20}, ExportEURPerKWh: []float64{0.05, 0.05},
		NetLoadKW: []float64{1, 1},
		Battery:   dispatch.Battery{MaxKWh: 10, StartKWh: 5, EndKWh: 5},
		Charger:   dispatch.Charger{ChargeKW: 11, DischargeKW: 11, ChargeEfficiency: 1, DischargeEfficiency: 1},
	}
	q := built(t, p, &dispatch.Departure{Hazard: []float64{0, 0}, Penalty: []dispatch.Kink{{5, 1}}})
	for _, x := range []struct{ net, want float64 }{{1, -1}, {3, -3}, {-2, 2}} {
		if m := q.Move(0, 5, x.net); math.Abs(m.ChargeKW-m.DischargeKW-x.want) > 1e-12 {
			t.Errorf("at a net load of %g kW the car takes %g kW, want %g: the home's own load first, own solar before the grid", x.net, m.ChargeKW-m.DischargeKW, x.want)
		}
	}
	if worth := q.WorthEURPerKWh(0, 4); math.Abs(worth-0.20) > 1e-12 {
		t.Errorf("a stored kWh is worth %g EUR, want the 0.20 that it costs to buy later", worth)
	}
}

func TestDeparturesThatAreNoneAreRefused(t *testing.T) {
	p := &dispatch.Problem{
		StepHours:       1,
		ImportEURPerKWh: []float64{0.4}, ExportEURPerKWh: []float64{0.4}, NetLoadKW: []float64{0},
		Battery: dispatch.Battery{MaxKWh: 10, StartKWh: 5, EndKWh: 5},
		Charger: dispatch.Charger{ChargeKW: 11, DischargeKW: 11, ChargeEfficiency: 1, DischargeEfficiency: 1},
	}
	regular := *p
	regular.Mode = dispatch.Regular
	nan := math.NaN()
	for _, x := range []struct {
		p    *dispatch.Problem
		d    dispatch.Departure
		want string
	}{
		{p, dispatch.Departure{}, "Hazard is 0: this many values, but ImportEURPerKWh has 1; give one value per step"},
		{p, dispatch.Departure{Hazard: []float64{1.5}}, "Hazard[0] is 1.5: a chance from 0 to 1 was expected"},
		{p, dispatch.Departure{Hazard: []float64{nan}}, "Hazard[0] is NaN: a chance from 0 to 1 was expected"},
		{p, dispatch.Departure{Hazard: []float64{0}, Penalty: []dispatch.Kink{{5, -1}}}, "Penalty[0].EURPerKWh is -1: from 0 to 1e+06 was expected"},
		{p, dispatch.Departure{Hazard: []float64{0}, Penalty: []dispatch.Kink{{nan, 1}}}, "Penalty[0].StoredKWh is NaN: from 0 to 1e+06 was expected"},
		{&regular, dispatch.Departure{Hazard: []float64{0}}, "Mode is 3: smart, v2h or v2g was expected: regular charging depends on no departure"},
	} {
		err := new(dispatch.Policy).Build(t.Context(), x.p, &x.d)
		if err == nil || err.Error() != x.want {
			t.Errorf("error %v\nwant  %s", err, x.want)
		}
	}
	var s dispatch.Schedule
	if _, err := built(t, p, &dispatch.Departure{Hazard: []float64{0}}).Play(2, &s); err == nil {
		t.Error("a policy of one step was played for two")
	}
}

// Chances far below any of interest end the plan; no number is lost before.
func TestALongWaitKeepsItsDigits(t *testing.T) {
	const n = 3000
	p := &dispatch.Problem{
		StepHours:       0.25,
		ImportEURPerKWh: make([]float64, n), ExportEURPerKWh: make([]float64, n), NetLoadKW: make([]float64, n),
		Battery: dispatch.Battery{MinKWh: 7, MaxKWh: 70, StartKWh: 30, EndKWh: 63},
		Charger: dispatch.Charger{ChargeKW: 11, DischargeKW: 11, ChargeEfficiency: 0.92, DischargeEfficiency: 0.92},
	}
	d := &dispatch.Departure{Hazard: make([]float64, n), Penalty: []dispatch.Kink{{63, 1}, {20, 5}}}
	r := rand.New(rand.NewPCG(17, 18))
	for t := range n {
		p.ImportEURPerKWh[t] = 0.1 + 0.3*r.Float64()
		p.ExportEURPerKWh[t] = p.ImportEURPerKWh[t]
		d.Hazard[t] = 0.3
	}
	q := built(t, p, d)
	if q.Steps() < 1000 || q.Steps() == n {
		t.Fatalf("the plan has %d steps", q.Steps())
	}
	want := q.ExpectedCostEUR(30)
	if got := overDepartures(t, q, p, d); math.Abs(got-want) > 1e-9 {
		t.Errorf("departures cost %.12g EUR on average, %.12g was expected", got, want)
	}
	// From any step on it is what it would be if the wait began there.
	for _, from := range []int{100, q.Steps() - 100} {
		rest := *p
		rest.ImportEURPerKWh, rest.ExportEURPerKWh, rest.NetLoadKW = p.ImportEURPerKWh[from:], p.ExportEURPerKWh[from:], p.NetLoadKW[from:]
		later := built(t, &rest, &dispatch.Departure{Hazard: d.Hazard[from:], Penalty: d.Penalty})
		for _, stored := range []float64{7, 15, 20, 33, 63, 70} {
			a, b := q.Move(from, stored, 0), later.Move(0, stored, 0)
			if math.Abs(a.StoredKWh-b.StoredKWh) > 1e-6 {
				t.Errorf("step %d, from %g kWh: to %g kWh, to %g where the wait begins there", from, stored, a.StoredKWh, b.StoredKWh)
			}
		}
	}
}

// A battery that takes thousands of steps to fill needs more than one block of pieces.
func TestALargeBatteryCostsWhatItExpects(t *testing.T) {
	const n = 900
	p := &dispatch.Problem{
		StepHours:       0.25,
		ImportEURPerKWh: make([]float64, n), ExportEURPerKWh: make([]float64, n), NetLoadKW: make([]float64, n),
		Battery: dispatch.Battery{MaxKWh: 5000, StartKWh: 2500, EndKWh: 3000},
		Charger: dispatch.Charger{ChargeKW: 11, DischargeKW: 11, ChargeEfficiency: 0.92, DischargeEfficiency: 0.92},
	}
	d := &dispatch.Departure{Hazard: make([]float64, n), Penalty: []dispatch.Kink{{3000, 0.3}, {2600, 0.2}}}
	r := rand.New(rand.NewPCG(19, 20))
	for t := range n {
		p.ImportEURPerKWh[t] = 0.1 + 0.3*r.Float64()
		p.ExportEURPerKWh[t] = p.ImportEURPerKWh[t] - 0.05*r.Float64()
		d.Hazard[t] = 0.002 * r.Float64()
	}
	q := built(t, p, d)
	want := q.ExpectedCostEUR(p.Battery.StartKWh)
	if got := overDepartures(t, q, p, d); math.Abs(got-want) > 1e-9*math.Abs(want) {
		t.Errorf("departures cost %.12g EUR on average, %.12g was expected", got, want)
	}
}

func BenchmarkPolicy(b *testing.B) {
	const n = 64 // an evening to a morning
	p := &dispatch.Problem{
		StepHours:       0.25,
		ImportEURPerKWh: make([]float64, n), ExportEURPerKWh: make([]float64, n), NetLoadKW: make([]float64, n),
		Battery: dispatch.Battery{MinKWh: 7, MaxKWh: 70, StartKWh: 30, EndKWh: 63},
		Charger: dispatch.Charger{ChargeKW: 11, DischargeKW: 11, ChargeEfficiency: math.Sqrt(0.85), DischargeEfficiency: math.Sqrt(0.85)},
	}
	d := &dispatch.Departure{Hazard: make([]float64, n), Penalty: []dispatch.Kink{{63, 0.6}}}
	r := rand.New(rand.NewPCG(1, 1))
	for t := range n {
		if t%4 == 0 {
			p.ImportEURPerKWh[t] = 0.1 + 0.3*r.Float64()
		} else {
			p.ImportEURPerKWh[t] = p.ImportEURPerKWh[t-1]
		}
		p.ExportEURPerKWh[t] = p.ImportEURPerKWh[t]
		p.NetLoadKW[t] = 0.5 * r.Float64()
		if t > 40 {
			d.Hazard[t] = 0.1
		}
	}
	var q dispatch.Policy
	var s dispatch.Schedule
	for b.Loop() {
		if err := q.Build(b.Context(), p, d); err != nil {
			b.Fatal(err)
		}
		if _, err := q.Play(n, &s); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n), "ns/step")
}
