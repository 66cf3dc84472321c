package coordinate_test

import (
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/getij/getij/dispatch"
	"github.com/getij/getij/internal/coordinate"
)

// pair is two cars for eight hours that need 11 kWh each, cheap in the third hour alone.
func pair() *coordinate.Group {
	g := &coordinate.Group{StepHours: 1, MostKW: 100, MostFeedInKW: 100, ToleranceEUR: 1e-4}
	for t := range 8 {
		price := 0.30 + 0.01*float64(t)
		if t == 2 {
			price = 0.10
		}
		g.BaseKW, g.ImportEURPerKWh = append(g.BaseKW, 2), append(g.ImportEURPerKWh, price)
	}
	g.ExportEURPerKWh = g.ImportEURPerKWh
	for range 2 {
		g.Sessions = append(g.Sessions, coordinate.Session{Problem: dispatch.Problem{
			StepHours: 1, NetLoadKW: slices.Repeat([]float64{1}, 8), Mode: dispatch.Smart,
			Battery: dispatch.Battery{MaxKWh: 50, StartKWh: 20, EndKWh: 31},
			Charger: dispatch.Charger{ChargeKW: 11, ChargeEfficiency: 1, DischargeEfficiency: 1},
		}})
	}
	return g
}

func solve(t *testing.T, g *coordinate.Group) *coordinate.Plan {
	t.Helper()
	p, err := coordinate.Solve(t.Context(), g)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// Where no limit binds, every car does what it would do alone, and nothing has a price.
func TestWithoutABindingLimitNothingHasAPrice(t *testing.T) {
	p := solve(t, pair())
	if p.Rounds != 0 || p.CostEUR != p.FreeEUR || p.GapEUR() > 1e-9 || p.LoadKW[2] != 24 {
		t.Errorf("%d rounds, EUR %g against %g alone, %g kW in the cheap hour", p.Rounds, p.CostEUR, p.FreeEUR, p.LoadKW[2])
	}
	if slices.ContainsFunc(p.SignalEURPerKWh, func(x float64) bool { return x != 0 }) {
		t.Errorf("the signal is %v", p.SignalEURPerKWh)
	}
}

// A limit that leaves 14 kW moves 8 kWh of 22 to the next cheapest hour, 0.30 instead of
// 0.10 EUR: that difference is the price of the cheap hour, and its cost.
func TestTheSignalIsWhatMovingTheLastKWhCosts(t *testing.T) {
	g := pair()
	g.MostKW = 16
	p := solve(t, g)
	if math.Abs(p.CostEUR-p.FreeEUR-8*0.20) > 1e-3 || p.GapEUR() > 1e-4 || p.ExcessKWh != 0 {
		t.Errorf("the limit costs EUR %g, with a gap of %g and %g kWh beyond it; 1.60 was expected", p.CostEUR-p.FreeEUR, p.GapEUR(), p.ExcessKWh)
	}
	for step, kW := range p.LoadKW {
		want := 2.0
		switch step {
		case 0:
			want = 10
		case 2:
			want = 16
		}
		if math.Abs(kW-want) > 1e-2 {
			t.Errorf("%g kW in hour %d, %g was expected", kW, step, want)
		}
	}
	if math.Abs(p.SignalEURPerKWh[2]-0.20) > 1e-3 {
		t.Errorf("the signal in the cheap hour is %g EUR/kWh, 0.20 was expected", p.SignalEURPerKWh[2])
	}
}

// Where the homes alone are beyond the limit, cars that cannot give add nothing to it, and
// what is beyond it is said.
func TestHomesBeyondTheLimitAreNotMadeWorse(t *testing.T) {
	g := pair()
	g.MostKW, g.BaseKW[2] = 20, 25
	p := solve(t, g)
	if math.Abs(p.LoadKW[2]-25) > 1e-5 || math.Abs(p.ExcessKWh-5) > 1e-5 || p.GapEUR() > 1e-4 {
		t.Errorf("%g kW where the homes take 25, %g kWh beyond the limit, gap EUR %g", p.LoadKW[2], p.ExcessKWh, p.GapEUR())
	}
}

// Cars that can give relieve homes that alone are beyond the limit, whatever they would
// earn with it elsewhere, and charge where too much is fed in.
func TestCarsRelieveHomesThatAreBeyondTheLimit(t *testing.T) {
	g := pair()
	g.MostKW, g.MostFeedInKW, g.BaseKW[2], g.BaseKW[5] = 20, 3, 25, -9
	for i := range g.Sessions {
		g.Sessions[i].Problem.Mode, g.Sessions[i].Problem.Charger.DischargeKW = dispatch.V2G, 11
	}
	p := solve(t, g)
	if math.Abs(p.LoadKW[2]-20) > 1e-5 || p.LoadKW[5] < -3-1e-5 || p.ExcessKWh > 1e-5 || p.GapEUR() > 1e-4 {
		t.Errorf("%g kW where the homes take 25, %g where they feed in 9, %g kWh beyond the limits, gap EUR %g", p.LoadKW[2], p.LoadKW[5], p.ExcessKWh, p.GapEUR())
	}
}

// The fewest kWh beyond the limits come first, however dear wear is: no more is beyond them
// than without wear.
func TestDearWearRelievesAsMuch(t *testing.T) {
	r := rand.New(rand.NewPCG(10, 4))
	beyond := 0
	for i := range 12 {
		g := randomGroup(r, 3, 96, dispatch.V2G)
		g.MostKW, g.MostFeedInKW, g.ToleranceEUR = g.MostKW/4, g.MostFeedInKW/4, 0.01
		var kWh [2]float64
		for k, wear := range []float64{0, 10} {
			for j := range g.Sessions {
				g.Sessions[j].Problem.Battery.WearEURPerKWh = wear
			}
			p := solve(t, g)
			if kWh[k] = p.ExcessKWh; p.GapEUR() > 0.01*float64(1+k) {
				t.Errorf("group %d, wear EUR %g: the gap is EUR %g", i, wear, p.GapEUR())
			}
		}
		if kWh[1] > kWh[0]+1e-3 {
			t.Errorf("group %d: %.4f kWh are beyond its limits, and %.4f where wear is EUR 10 per kWh", i, kWh[0], kWh[1])
		}
		if kWh[0] > 1e-3 {
			beyond++
		}
	}
	if beyond < 6 {
		t.Errorf("%d of 12 groups are beyond their limits: the test lost its strength", beyond)
	}
}

// What the cars cannot do without is beyond the limit by as little as can be, and it is
// said where: 22 kWh in eight hours with 1 kW left are 14 too many.
func TestNeedsBeyondTheLimitAreCounted(t *testing.T) {
	g := pair()
	g.MostKW = 3
	p := solve(t, g)
	if math.Abs(p.ExcessKWh-14) > 1e-3 {
		t.Errorf("%g kWh are beyond the limit, 14 were expected", p.ExcessKWh)
	}
	for step, kW := range p.ExcessKW {
		if math.Abs(max(0, p.LoadKW[step]-3)-kW) > 1e-5 {
			t.Errorf("hour %d: %g kW at a limit of 3, and %g are said to be beyond it", step, p.LoadKW[step], kW)
		}
	}
}

// Results do not depend on the number of processors.
func TestOneProcessorFindsTheSame(t *testing.T) {
	g := pair()
	g.MostKW = 16
	many := solve(t, g)
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	if one := solve(t, g); !slices.Equal(one.LoadKW, many.LoadKW) || one.BoundEUR != many.BoundEUR {
		t.Errorf("bound %v and load %v on one processor, %v and %v on many", one.BoundEUR, one.LoadKW, many.BoundEUR, many.LoadKW)
	}
}

func TestGroupsThatAreNoneAreRefused(t *testing.T) {
	for what, change := range map[string]func(*coordinate.Group){
		"0 or more was expected": func(g *coordinate.Group) { g.MostKW = math.NaN() },
		"charges regularly":      func(g *coordinate.Group) { g.Sessions[1].Problem.Mode = dispatch.Regular },
		"has steps 4 to 12":      func(g *coordinate.Group) { g.Sessions[0].From = 4 },
		"7 import and 8 export":  func(g *coordinate.Group) { g.ImportEURPerKWh = g.ImportEURPerKWh[:7] },
		"session 1: the end of 151 kWh": func(g *coordinate.Group) {
			g.Sessions[0].Problem.Battery.MaxKWh, g.Sessions[0].Problem.Battery.EndKWh = 200, 151
		},
	} {
		g := pair()
		change(g)
		if _, err := coordinate.Solve(t.Context(), g); err == nil || !strings.Contains(err.Error(), what) {
			t.Errorf("%q was expected in the error, it is %v", what, err)
		}
	}
}
