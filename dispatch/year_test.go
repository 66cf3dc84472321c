package dispatch

import (
	"errors"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// inYear puts a problem's prices somewhere in a year of others and returns where.
func inYear(r *rand.Rand, p *Problem) (imports, exports []float64, from int) {
	from = r.IntN(2 * windowSteps)
	n := from + len(p.NetLoadKW) + r.IntN(windowSteps)
	for t := range n {
		if t >= from && t < from+len(p.NetLoadKW) {
			imports = append(imports, p.ImportEURPerKWh[t-from])
			exports = append(exports, p.ExportEURPerKWh[t-from])
			continue
		}
		imports = append(imports, 0.4*r.Float64())
		exports = append(exports, imports[t]-0.2*r.Float64())
	}
	return imports, exports, from
}

// That prices are ranked changes nothing but rounding: widths are added up in another order,
// and the powers of a run's steps at once.
func TestAYearsRanksChangeNothing(t *testing.T) {
	var plain, ranked Solver // one of each, so that nothing may be left of the session before
	mixed, even, solved := 0, 0, 0
	one := func(t *rapid.T, r *rand.Rand, p *Problem) {
		imports, exports, from := inYear(r, p)
		y, err := NewYear(imports, exports, &p.Charger)
		if err != nil {
			t.Fatal(err)
		}
		var want, got Schedule
		err = plain.Solve(p, &want)
		in := *p
		in.ImportEURPerKWh, in.ExportEURPerKWh = nil, nil
		ranked.plain = ranked.plain[:0]
		gotErr := ranked.SolveIn(y, from, &in, &got)
		if (err == nil) != (gotErr == nil) || err != nil && err.Error() != gotErr.Error() {
			t.Fatalf("Solve says %v, SolveIn %v", err, gotErr)
		}
		if err != nil {
			return
		}
		solved++
		burning := 0
		for _, r := range ranked.runs {
			if r.alone {
				burning++
			}
		}
		if len(ranked.plain) > 0 {
			even, burning = even+1, 0
		}
		if burning > 0 && burning < len(ranked.runs) {
			mixed++
		}
		if gap, err := Certify(&in, &got); err != nil || math.Abs(gap) > in.costTolerance(&got) {
			t.Fatalf("gap %g, %v; problem %+v", gap, err, p)
		}
		if math.Abs(got.CostEUR-want.CostEUR) > in.costTolerance(&want) {
			t.Fatalf("cost %.17g, want %.17g; problem %+v", got.CostEUR, want.CostEUR, p)
		}
		if burning > 0 { // of equal schedules, rounding may choose
			return
		}
		tolerance := 10 * in.toleranceKWh()
		for i := range in.NetLoadKW {
			if math.Abs(got.StoredKWh[i]-want.StoredKWh[i]) > tolerance || math.Abs(got.ChargeKW[i]-want.ChargeKW[i])*in.StepHours > tolerance ||
				math.Abs(got.DischargeKW[i]-want.DischargeKW[i])*in.StepHours > tolerance {
				t.Fatalf("step %d: %g kWh, %g and %g kW, want %g, %g and %g; problem %+v", i, got.StoredKWh[i], got.ChargeKW[i], got.DischargeKW[i],
					want.StoredKWh[i], want.ChargeKW[i], want.DischargeKW[i], p)
			}
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		for range 50 {
			one(t, r, LimitSteps(RandomProblem(r), r, 8))
		}
	})
	if !t.Failed() && (mixed < 50 || even < 200 || solved < 500) {
		t.Errorf("%d problems were solved, %d of them with ranked and other steps and %d plain: the test lost its strength", solved, mixed, even)
	}
}

// A value of ranked pieces is what a list of them is, however far apart they lie.
func TestRankedIsAList(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := window{slope: make([]float64, rapid.SampledFrom([]int{1, 64, 65, mostRanks}).Draw(t, "ranks"))}
		for i := range in.slope {
			in.slope[i] = float64(i)
		}
		var got, want value
		for range rapid.IntRange(1, 3).Draw(t, "sessions") {
			got.reset(&in)
			want.reset(nil)
			for range rapid.IntRange(1, 30).Draw(t, "rounds") {
				for range rapid.IntRange(0, 20).Draw(t, "pieces") {
					rank, width := rapid.IntRange(0, len(in.slope)-1).Draw(t, "rank"), float64(rapid.IntRange(1, 3).Draw(t, "width"))
					got.insert(piece{slope: in.slope[rank], width: width, rank: int16(rank)}, 0)
					want.insert(piece{slope: in.slope[rank], width: width, rank: noRank}, 0)
				}
				cut := float64(rapid.IntRange(0, 40).Draw(t, "cut")) + 0.5
				if rapid.Bool().Draw(t, "low end") {
					same(t, "cut low", got.cutLow(cut), want.cutLow(cut))
				} else {
					same(t, "cut high", got.cutHigh(cut), want.cutHigh(cut))
				}
			}
			at := float64(rapid.IntRange(0, 60).Draw(t, "at"))
			same(t, "slope", got.slopeAt(at), want.slopeAt(at))
		}
	})
}

func same(t *rapid.T, what string, got, want float64) {
	t.Helper()
	if got != want {
		t.Fatalf("%s: %g, want %g", what, got, want)
	}
}

func TestAYearRefusesWhatItDoesNotHold(t *testing.T) {
	c := Charger{ChargeKW: 11, DischargeKW: 11, ChargeEfficiency: 0.9, DischargeEfficiency: 0.9}
	y, err := NewYear([]float64{0.3, 0.2}, []float64{0.1, 0.1}, &c)
	if err != nil {
		t.Fatal(err)
	}
	p := Problem{StepHours: 1, NetLoadKW: []float64{1, 1}, Charger: c, Battery: Battery{MaxKWh: 10, StartKWh: 5, EndKWh: 5}}
	for name, c := range map[string]struct {
		from  int
		spoil func(*Problem)
		want  string
	}{
		"a session beyond its end": {1, func(*Problem) {}, "the year has 2 steps"},
		"before its start":         {-1, func(*Problem) {}, "the year has 2 steps"},
		"another charger":          {0, func(p *Problem) { p.Charger.ChargeEfficiency = 0.8 }, "ranked for 0.9"},
		"a load that is no power":  {0, func(p *Problem) { p.NetLoadKW = []float64{1, 2e6} }, "NetLoadKW[1]"},
		"no steps":                 {0, func(p *Problem) { p.NetLoadKW = nil }, "at least one step"},
	} {
		q := p
		c.spoil(&q)
		err := new(Solver).SolveIn(y, c.from, &q, new(Schedule))
		if !errors.As(err, new(*InputError)) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := NewYear([]float64{0.1}, []float64{0.2}, &c); !errors.As(err, new(*InputError)) {
		t.Errorf("feeding in pays more than taking costs: %v", err)
	}
}
