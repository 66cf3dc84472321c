package dispatch_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"math/rand/v2"
	"os/exec"
	"slices"
	"testing"

	"github.com/getij/getij/dispatch"
	"github.com/getij/getij/dispatch/dispatchjson"
	"github.com/getij/getij/internal/witness"
)

// idleProblem is a random problem of at most 24 steps, and an idle loss that fits it.
func idleProblem(r *rand.Rand) (*dispatch.Problem, float64) {
	for {
		p := dispatch.RandomProblem(r)
		c := &p.Charger
		if len(p.NetLoadKW) > 24 || c.ChargeKW > 0 && c.ChargeKW < 1 || c.DischargeKW > 0 && c.DischargeKW < 1 {
			continue
		}
		if r.IntN(3) == 0 {
			p.Battery.WearEURPerKWh = 0.1 * r.Float64()
		}
		most := 0.5
		if c.ChargeKW > 0 {
			most = min(most, (1-c.ChargeEfficiency)*c.ChargeKW)
		}
		if c.DischargeKW > 0 {
			most = min(most, (1/c.DischargeEfficiency-1)*c.DischargeKW)
		}
		return p, most * r.Float64()
	}
}

// Of small sessions HiGHS knows the bound, and the best of all schedules of one power a
// step, which lies between the bound and what the schedule costs.
func TestIdleLossIsBoundedAsHiGHSSays(t *testing.T) {
	python := witness.Python(t, "scipy.optimize", "python3-scipy")
	r := rand.New(rand.NewPCG(11, 12))
	n := 400
	if testing.Short() {
		n = 80
	}
	var in []byte
	var problems []*dispatch.Problem
	var losses []float64
	for range n {
		p, loss := idleProblem(r)
		problems, losses = append(problems, p), append(losses, loss)
		line := bytes.TrimSuffix(dispatchjson.Append(nil, &dispatchjson.Named{Problem: *p}), []byte("}\n"))
		idle, err := json.Marshal(loss)
		if err != nil {
			t.Fatal(err)
		}
		in = append(append(append(append(in, line...), `,"idle_kw":`...), idle...), "}\n"...)
	}
	cmd := exec.CommandContext(t.Context(), python, "testdata/idle.py")
	cmd.Stdin, cmd.Stderr = bytes.NewReader(in), t.Output()
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var solver dispatch.Solver
	var s dispatch.Schedule
	lines := bufio.NewScanner(bytes.NewReader(out))
	worst, open, solved := 0.0, 0.0, 0
	for i, p := range problems {
		if !lines.Scan() {
			t.Fatal("the oracle stopped early")
		}
		var want struct{ Bound, Best *float64 }
		if err := json.Unmarshal(lines.Bytes(), &want); err != nil {
			t.Fatal(err)
		}
		bound, err := solver.SolveIdle(p, losses[i], &s)
		if (err == nil) != (want.Bound != nil) {
			t.Errorf("problem %d: ours %v, HiGHS %s", i, err, lines.Text())
			continue
		}
		if err != nil {
			continue
		}
		solved++
		tol := 1e-6 * largestPrice(p)
		worst = max(worst, math.Abs(bound-*want.Bound))
		open += s.CostEUR - bound
		if math.Abs(bound-*want.Bound) > tol {
			t.Errorf("problem %d: the bound is EUR %.9f, HiGHS has %.9f", i, bound, *want.Bound)
		}
		if want.Best != nil && (*want.Best < bound-tol || *want.Best > s.CostEUR+tol) {
			t.Errorf("problem %d: the best schedule costs EUR %.9f, not between %.9f and %.9f", i, *want.Best, bound, s.CostEUR)
		}
	}
	t.Logf("%d solved, bounds EUR %.2g apart at most, EUR %.3g left open on average", solved, worst, open/float64(solved))
	if 2*solved < n {
		t.Errorf("only %d of %d problems have an answer: the test lost its strength", solved, n)
	}
}

func TestAScheduleWithIdleLossKeepsItsEnergyAndItsLimits(t *testing.T) {
	r := rand.New(rand.NewPCG(13, 14))
	var solver dispatch.Solver
	var s dispatch.Schedule
	for range 2000 {
		p, loss := idleProblem(r)
		if _, err := solver.SolveIdle(p, loss, &s); err != nil {
			continue
		}
		stored := p.Battery.StartKWh
		for i, c := range s.ChargeKW {
			d := s.DischargeKW[i]
			if c < 0 || d < 0 || c > 0 && d > 0 || c > p.Charger.ChargeKW+1e-9 || d > p.Charger.DischargeKW+1e-9 {
				t.Fatalf("step %d charges %g and discharges %g kW", i, c, d)
			}
			switch x := s.StoredKWh[i] - stored; {
			case c > 0: // at a negative price less than the loss
				per := p.Charger.ChargeEfficiency + loss/p.Charger.ChargeKW
				if math.Abs(p.StepHours*(per*c-loss)-x) > 1e-8 {
					t.Fatalf("step %d stores %g kWh of %g kW", i, x, c)
				}
			case d > 0:
				per := 1/p.Charger.DischargeEfficiency - loss/p.Charger.DischargeKW
				if math.Abs(p.StepHours*(per*d+loss)+x) > 1e-8 {
					t.Fatalf("step %d takes %g kWh out for %g kW", i, -x, d)
				}
			case x > 1e-8 || x < -p.StepHours*loss-1e-8: // the loss alone may be all
				t.Fatalf("step %d rests and changes %g kWh", i, x)
			}
			if s.StoredKWh[i] < p.Battery.MinKWh-1e-8 || s.StoredKWh[i] > p.Battery.MaxKWh+1e-8 {
				t.Fatalf("step %d ends with %g kWh", i, s.StoredKWh[i])
			}
			stored = s.StoredKWh[i]
		}
	}
}

// Without the loss it is the flat efficiency, and a loss is never cheaper.
func TestIdleLossIsNeverCheaper(t *testing.T) {
	r := rand.New(rand.NewPCG(15, 16))
	var solver dispatch.Solver
	var s dispatch.Schedule
	for range 2000 {
		p, loss := idleProblem(r)
		p.Battery.WearEURPerKWh = 0
		if solver.Solve(p, &s) != nil {
			continue
		}
		flat, tol := s.CostEUR, 1e-9*largestPrice(p)*float64(len(p.NetLoadKW))
		if slices.Min(p.ExportEURPerKWh) < 0 || p.Grid.ExportLimit.KW() < 100 {
			continue // losing energy may pay
		}
		none, err := solver.SolveIdle(p, 0, &s)
		if err != nil {
			t.Fatal(err)
		}
		if s.CostEUR < none-tol || none < flat-tol || math.Abs(s.CostEUR-flat) > tol {
			t.Fatalf("without loss it costs EUR %.12f, at least %.12f, and %.12f at flat efficiency", s.CostEUR, none, flat)
		}
		bound, err := solver.SolveIdle(p, loss, &s)
		if err != nil {
			continue
		}
		if bound < none-tol || s.CostEUR < bound-tol {
			t.Fatalf("%g kW lost: EUR %.12f, at least %.12f; without %.12f", loss, s.CostEUR, bound, none)
		}
	}
}

func TestAnIdleLossThatTheEfficiencyHasNoRoomForIsRefused(t *testing.T) {
	p := &dispatch.Problem{
		StepHours: 1, ImportEURPerKWh: []float64{1}, ExportEURPerKWh: []float64{1}, NetLoadKW: []float64{0},
		Battery: dispatch.Battery{MaxKWh: 10}, Charger: dispatch.Charger{ChargeKW: 10, DischargeKW: 10, ChargeEfficiency: 0.9, DischargeEfficiency: 0.9},
	}
	var solver dispatch.Solver
	var s dispatch.Schedule
	if _, err := solver.SolveIdle(p, 1, &s); err != nil {
		t.Errorf("a loss of 1 kW: %v", err)
	}
	for _, loss := range []float64{1.01, -0.1, math.NaN()} {
		if _, err := solver.SolveIdle(p, loss, &s); err == nil {
			t.Errorf("a loss of %g kW was accepted", loss)
		}
	}
}

// More than the battery holds cannot be charged, at any loss.
func TestRegularChargingBeyondTheBatteryHasNoAnswer(t *testing.T) {
	p := &dispatch.Problem{
		StepHours: 1, ImportEURPerKWh: make([]float64, 4), ExportEURPerKWh: make([]float64, 4), NetLoadKW: make([]float64, 4),
		Mode: dispatch.Regular, Battery: dispatch.Battery{MaxKWh: 20, StartKWh: 10, EndKWh: 25},
		Charger: dispatch.Charger{ChargeKW: 10, ChargeEfficiency: 0.9, DischargeEfficiency: 0.9},
	}
	var solver dispatch.Solver
	var s dispatch.Schedule
	for _, loss := range []float64{0, 0.1} {
		var no *dispatch.InfeasibleError
		if _, err := solver.SolveIdle(p, loss, &s); !errors.As(err, &no) || no.HighestKWh != 20 {
			t.Errorf("with %g kW lost: %v", loss, err)
		}
	}
}
