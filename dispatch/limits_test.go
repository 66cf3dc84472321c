package dispatch

import (
	"errors"
	"math"
	"testing"
)

func TestALimitOfZeroIsNotNoLimit(t *testing.T) {
	p := flat(0.30)
	p.Battery.EndKWh = 7
	p.Grid = Grid{}
	wantPowers(t, solve(t, p), 8)
	p.Grid.ExportLimit = LimitKW(0)
	wantPowers(t, solve(t, p), 8)
	p.Grid.ImportLimit = LimitKW(0)
	if err := new(Solver).Solve(p, new(Schedule)); !errors.As(err, new(*InfeasibleError)) {
		t.Errorf("charging without import: got %v, want an InfeasibleError", err)
	}
}

func TestHomeBeyondItsConnectionBendsTheLimitAndIsCounted(t *testing.T) {
	p := flat(0.30, 0.10)
	p.Grid = Grid{ImportLimit: LimitKW(5), ExportLimit: LimitKW(5)}
	p.NetLoadKW = []float64{8, -9}
	s := solve(t, p)
	if s.BentSteps != 2 {
		t.Errorf("%d steps counted as bent, want 2", s.BentSteps)
	}
	if y := p.NetLoadKW[1] + s.ChargeKW[1] - s.DischargeKW[1]; y < -9-1e-9 {
		t.Errorf("the car raised the feed-in of a home beyond its limit to %g kW", y)
	}
}

// A home that may not take more than 2 kW in the dear evening charges before and after it,
// although the evening is cheap for once; what it feeds in then is not limited by that.
func TestALimitOfSomeStepsHoldsInThose(t *testing.T) {
	none := math.Inf(1)
	p := flat(0.30, 0.10, 0.10, 0.30)
	p.NetLoadKW = []float64{1, 1, 1, 1}
	p.Mode, p.Battery.EndKWh = Smart, 8
	p.StepLimits.ImportKW = []float64{none, 2, 2, none}
	s := solve(t, p)
	for step := 1; step <= 2; step++ {
		if kW := s.ChargeKW[step]; math.Abs(kW-1) > 1e-9 {
			t.Errorf("step %d charges %g kW: 1 was expected, as the home takes 1 of the 2 kW", step, kW)
		}
	}
	if kWh := 0.25 * (s.ChargeKW[0] + s.ChargeKW[3]); math.Abs(kWh-2.5) > 1e-9 {
		t.Errorf("%g kWh is charged beside the evening: 2.5 was expected", kWh)
	}
	p.Grid.ImportLimit, p.Battery.EndKWh = LimitKW(1.5), 5.4 // the lower of both holds
	s = solve(t, p)
	if s.ChargeKW[1] > 0.5+1e-9 || s.ChargeKW[0] > 0.5+1e-9 {
		t.Errorf("%g and %g kW are charged: at most 0.5 was expected", s.ChargeKW[0], s.ChargeKW[1])
	}
}

// Regular charging is slower where a limit of its steps is lower.
func TestRegularChargingKeepsLimitsByStep(t *testing.T) {
	p := flat(0.30, 0.30, 0.30)
	p.Mode, p.Battery.EndKWh = Regular, 8.75
	p.StepLimits.ImportKW = []float64{4, 11, 11}
	p.NetLoadKW = []float64{0, 0, 12}
	s := solve(t, p)
	wantPowers(t, s, 4, 11, 0)
	if s.BentSteps != 1 {
		t.Errorf("%d steps counted as bent: the last was expected", s.BentSteps)
	}
}
