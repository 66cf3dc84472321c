package coordinate_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"testing"

	"github.com/getij/getij/dispatch"
	"github.com/getij/getij/dispatch/dispatchjson"
	"github.com/getij/getij/internal/coordinate"
	"github.com/getij/getij/internal/witness"
)

// randomGroup draws homes with cars of all sizes behind a limit that binds, in either
// direction, now and then so tight that the homes' own loads or the cars' needs break it.
func randomGroup(r *rand.Rand, homes, steps int, mode dispatch.Mode) *coordinate.Group {
	between := func(low, high float64) float64 { return low + (high-low)*r.Float64() }
	g := &coordinate.Group{StepHours: 0.25, BaseKW: make([]float64, steps)}
	imp, tax := 0.0, between(0.05, 0.2)
	netting := r.IntN(2) == 0
	for t := range steps {
		if t%4 == 0 {
			imp = between(-0.05, 0.3) + tax
		}
		exp := imp
		if !netting {
			exp -= tax
		}
		g.ImportEURPerKWh, g.ExportEURPerKWh = append(g.ImportEURPerKWh, imp), append(g.ExportEURPerKWh, exp)
	}
	wear := between(0, 0.05) * float64(r.IntN(2))
	for range homes {
		load, solar := between(0, 1.5), between(0, 4)*float64(r.IntN(2))
		net := make([]float64, steps)
		for t := range net {
			net[t] = load*between(0, 2)*float64(r.IntN(2)) - solar*max(0, -math.Cos(2*math.Pi*float64(t)/96))
			g.BaseKW[t] += net[t]
		}
		p := dispatch.Problem{
			StepHours: 0.25, Mode: mode,
			Battery: dispatch.Battery{MaxKWh: between(20, 80), WearEURPerKWh: wear},
			Charger: dispatch.Charger{ChargeKW: between(3, 12), DischargeKW: between(2, 12), ChargeEfficiency: between(0.85, 1), DischargeEfficiency: between(0.85, 1)},
			Grid:    dispatch.Grid{ImportLimit: dispatch.LimitKW(17), ExportLimit: dispatch.LimitKW(17)},
		}
		own := r.IntN(4) == 0 // a price of its own
		for from := r.IntN(40); ; {
			n := 4 + r.IntN(70)
			if from+n > steps {
				break
			}
			p.NetLoadKW = net[from : from+n]
			p.Battery.EndKWh = p.Battery.MaxKWh * between(0.6, 1)
			need := min(p.Battery.EndKWh, 0.9*between(0, 1)*0.25*float64(n)*p.Charger.ChargeKW*p.Charger.ChargeEfficiency, between(0, 40))
			p.Battery.StartKWh = p.Battery.EndKWh - need
			p.Battery.MinKWh = min(0.2*p.Battery.MaxKWh, p.Battery.StartKWh)
			s := coordinate.Session{From: from, Problem: p}
			if own {
				for t := range n {
					s.Problem.ImportEURPerKWh = append(s.Problem.ImportEURPerKWh, g.ImportEURPerKWh[from+t]+0.02)
					s.Problem.ExportEURPerKWh = append(s.Problem.ExportEURPerKWh, g.ExportEURPerKWh[from+t]+0.01)
				}
			}
			g.Sessions = append(g.Sessions, s)
			from += n + r.IntN(20)
		}
	}
	g.MostKW = float64(homes) * between(0.8, 3)
	g.MostFeedInKW = float64(homes) * between(0.5, 3)
	return g
}

// asked is a group as bench/group.py takes it.
func asked(t *testing.T, g *coordinate.Group, plan *coordinate.Plan) []byte {
	t.Helper()
	sessions := []json.RawMessage{}
	for i := range g.Sessions {
		s := &g.Sessions[i]
		p := s.Problem
		if p.ImportEURPerKWh == nil {
			p.ImportEURPerKWh, p.ExportEURPerKWh = g.ImportEURPerKWh[s.From:s.From+len(p.NetLoadKW)], g.ExportEURPerKWh[s.From:s.From+len(p.NetLoadKW)]
		}
		var fields map[string]json.RawMessage
		if err := json.Unmarshal(dispatchjson.Append(nil, &dispatchjson.Named{ID: fmt.Sprint(i), Problem: p}), &fields); err != nil {
			t.Fatal(err)
		}
		fields["from"] = json.RawMessage(fmt.Sprint(s.From))
		b, err := json.Marshal(fields)
		if err != nil {
			t.Fatal(err)
		}
		sessions = append(sessions, b)
	}
	line, err := json.Marshal(map[string]any{
		"base_kw": g.BaseKW, "most_kw": g.MostKW, "most_feed_in_kw": g.MostFeedInKW, "excess_eur_per_kwh": plan.ExcessEURPerKWh, "sessions": sessions,
	})
	if err != nil {
		t.Fatal(err)
	}
	return append(line, '\n')
}

// groups is how many groups are computed: GETIJ_GROUPS asks for more.
func groups(t *testing.T) int {
	if n, err := strconv.Atoi(os.Getenv("GETIJ_GROUPS")); err == nil {
		return n
	}
	if testing.Short() {
		return 20
	}
	return 40
}

// A group costs what one linear programme of all its homes costs, within the gap that is
// stated; the bound is never above that, and every schedule is one that its car can do.
func TestGroupsEqualHiGHS(t *testing.T) {
	python := witness.Python(t, "scipy.optimize", "python3-scipy")
	r := rand.New(rand.NewPCG(7, 13))
	n := groups(t)
	var in []byte
	var plans []*coordinate.Plan
	binding, own := 0, 0
	var rounds []int
	var gaps []float64
	for i := range n {
		mode := []dispatch.Mode{dispatch.V2G, dispatch.V2G, dispatch.V2H, dispatch.Smart}[i%4]
		homes, steps := 2+r.IntN(7), 96+r.IntN(96)
		if i%50 == 0 { // twenty homes, a week
			homes, steps = 20, 7*96
		}
		g := randomGroup(r, homes, steps, mode)
		g.ToleranceEUR = 0.01 * float64(len(g.Sessions))
		p, err := coordinate.Solve(t.Context(), g)
		if err != nil {
			t.Fatalf("group %d: %v", i, err)
		}
		excess := p.ExcessEURPerKWh * p.ExcessKWh
		if gap := p.GapEUR(); !(gap <= g.ToleranceEUR) {
			t.Errorf("group %d, %s: the gap is %.6f EUR after %d rounds, %.6f was asked for, with an excess of EUR %.2f", i, mode, gap, p.Rounds, g.ToleranceEUR, excess)
		}
		rounds, gaps = append(rounds, p.Rounds), append(gaps, p.GapEUR()/max(1, math.Abs(p.CostEUR-p.FreeEUR)+excess))
		if p.Rounds > 0 {
			binding++
		}
		if p.ExcessKWh > 0 {
			own++
		}
		keeps(t, fmt.Sprintf("group %d, %s", i, mode), g, p)
		in, plans = append(in, asked(t, g, p)...), append(plans, p)
	}
	cmd := exec.CommandContext(t.Context(), python, "../../bench/group.py")
	cmd.Stdin, cmd.Stderr = bytes.NewReader(in), t.Output()
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	compared, worst, widest := 0, 0.0, 0.0
	for dec := json.NewDecoder(bytes.NewReader(out)); dec.More(); compared++ {
		var answer struct {
			Cost   float64 `json:"cost_eur"`
			Excess float64 `json:"excess_kwh"`
			Reason string
		}
		if err := dec.Decode(&answer); err != nil {
			t.Fatal(err)
		}
		if answer.Reason != "" {
			t.Fatalf("group %d: the oracle failed: %s", compared, answer.Reason)
		}
		p := plans[compared]
		total := p.CostEUR + p.ExcessEURPerKWh*p.ExcessKWh
		worst, widest = max(worst, p.BoundEUR-answer.Cost, answer.Cost-total), max(widest, p.GapEUR())
		if p.BoundEUR > answer.Cost+1e-6 || total < answer.Cost-1e-6 {
			t.Errorf("group %d: cost %.7f and bound %.7f EUR, HiGHS finds %.7f", compared, total, p.BoundEUR, answer.Cost)
		}
		if answer.Excess == 0 && p.ExcessKWh != 0 {
			t.Errorf("group %d: %g kWh are beyond the limits, and HiGHS keeps them", compared, p.ExcessKWh)
		}
	}
	slices.Sort(rounds)
	slices.Sort(gaps)
	t.Logf("rounds: half of the groups %d, 9 of 10 %d; gap of what the limits cost: half %.2g, 9 of 10 %.2g", rounds[n/2], rounds[n*9/10], gaps[n/2], gaps[n*9/10])
	t.Logf("%d groups, %d of them limited, %d beyond any plan; widest gap %.2g EUR, bound or cost on the wrong side of the optimum by %.2g EUR at most", compared, binding, own, widest, worst)
	if compared != n || 2*binding < n || own == 0 || 2*own > n {
		t.Errorf("of %d groups %d were compared, %d limited and %d beyond any plan: the test lost its strength", n, compared, binding, own)
	}
}

// oddGroup draws one with cars that have hardly a choice, chargers without losses, full and
// empty batteries and homes that may take nothing.
func oddGroup(r *rand.Rand, mode dispatch.Mode) *coordinate.Group {
	g := randomGroup(r, 2+r.IntN(5), 96+r.IntN(40), mode)
	for k := range g.Sessions {
		p := &g.Sessions[k].Problem
		b := &p.Battery
		switch r.IntN(9) {
		case 0:
			p.Charger.ChargeEfficiency, p.Charger.DischargeEfficiency = 1, 1
		case 1: // as much as it can
			b.EndKWh = min(b.MaxKWh, b.StartKWh+0.25*float64(len(p.NetLoadKW))*p.Charger.ChargeKW*p.Charger.ChargeEfficiency)
			if slices.Max(p.NetLoadKW)+p.Charger.ChargeKW > 17 {
				b.EndKWh = b.StartKWh
			}
		case 2:
			b.MinKWh = b.StartKWh
		case 3:
			b.StartKWh = b.EndKWh
		case 4:
			p.Charger.DischargeKW = 0.001
		case 5:
			b.MaxKWh = b.EndKWh
		case 6:
			p.Charger.ChargeEfficiency, b.EndKWh = 0.5, b.StartKWh
		case 7:
			b.MinKWh, b.MaxKWh = b.StartKWh, b.EndKWh+0.001
		}
	}
	switch r.IntN(8) {
	case 0:
		g.MostKW, g.MostFeedInKW = 0, 0
	case 1:
		g.MostFeedInKW = 0
	}
	g.ToleranceEUR = 0.001 * float64(len(g.Sessions))
	return g
}

// Cars that have hardly a choice, chargers without losses, full and empty batteries and
// homes that may take nothing: every group settles, and its bound is its plan's cost.
func TestGroupsAtTheEdgesSettle(t *testing.T) {
	r := rand.New(rand.NewPCG(70, 130))
	most := 0
	const spoilt = 2149 // by rounding, in the last rounds: its prices are of one before
	for i := range 4000 {
		mode := []dispatch.Mode{dispatch.V2G, dispatch.V2G, dispatch.V2H, dispatch.Smart}[i%4]
		g := oddGroup(r, mode)
		if i >= 20*groups(t) && i != spoilt {
			continue
		}
		p, err := coordinate.Solve(t.Context(), g)
		if err != nil {
			t.Fatalf("group %d: %v", i, err)
		}
		if gap := p.GapEUR(); !(math.Abs(gap) <= g.ToleranceEUR) {
			t.Errorf("group %d, %s: the gap is EUR %g after %d rounds", i, mode, gap, p.Rounds)
		}
		keeps(t, fmt.Sprintf("group %d, %s", i, mode), g, p)
		most = max(most, p.Rounds)
	}
	t.Logf("%d rounds at the most", most)
}

// keeps checks a plan without trusting how it was found.
func keeps(t *testing.T, where string, g *coordinate.Group, p *coordinate.Plan) {
	t.Helper()
	load := append([]float64(nil), g.BaseKW...)
	for i := range g.Sessions {
		s, x := &g.Sessions[i], &p.Schedules[i]
		q := &s.Problem
		stored := q.Battery.StartKWh
		for k, net := range q.NetLoadKW {
			c, d := x.ChargeKW[k], x.DischargeKW[k]
			stored += 0.25 * (c*q.Charger.ChargeEfficiency - d/q.Charger.DischargeEfficiency)
			gives := q.Charger.DischargeKW
			switch q.Mode {
			case dispatch.V2H:
				gives = min(gives, max(0, net))
			case dispatch.Smart:
				gives = 0
			}
			const most = 17 // kW of the connection
			if c < -1e-9 || d < -1e-9 || c/q.Charger.ChargeKW+d/q.Charger.DischargeKW > 1+1e-9 || d > gives+1e-9 ||
				c-d > max(0, most-net)+1e-9 || d-c > max(0, most+net)+1e-9 ||
				stored < q.Battery.MinKWh-1e-6 || stored > q.Battery.MaxKWh+1e-6 {
				t.Fatalf("%s: session %d cannot charge %g and discharge %g kW in its step %d, %g kWh stored", where, i, c, d, k, stored)
			}
			load[s.From+k] += c - d
		}
		if math.Abs(stored-q.Battery.EndKWh) > 1e-6 {
			t.Fatalf("%s: session %d ends with %g kWh, %g was wanted", where, i, stored, q.Battery.EndKWh)
		}
	}
	for k, kW := range load {
		if over := max(kW-g.MostKW, -g.MostFeedInKW-kW, 0); math.Abs(over-p.ExcessKW[k]) > 1e-5 || math.Abs(kW-p.LoadKW[k]) > 1e-6 {
			t.Fatalf("%s: %g kW in step %d, outside %g to %g by more than the stated %g", where, kW, k, -g.MostFeedInKW, g.MostKW, p.ExcessKW[k])
		}
	}
}
