package dispatch_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
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

// An independent LP solver, given the formula and nothing of our code, finds
// the same lowest cost and calls the same problems infeasible.
func TestOptimaEqualHiGHS(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	compareWithHiGHS(t, drawn(1500), func(int) *dispatch.Problem { return dispatch.RandomTiedProblem(r) })
}

func TestCornersEqualHiGHS(t *testing.T) {
	corners := rapid.Custom(dispatch.PlainCorner)
	compareWithHiGHS(t, drawn(1500), func(i int) *dispatch.Problem { return corners.Example(i) })
}

// largestPrice is at least 1 EUR/kWh.
func largestPrice(p *dispatch.Problem) float64 {
	most := 1.0
	for t := range p.ImportEURPerKWh {
		most = max(most, math.Abs(p.ImportEURPerKWh[t]), math.Abs(p.ExportEURPerKWh[t]))
	}
	return most
}

// drawn is how many random problems are drawn of n: a tenth of them under -short.
func drawn(n int) int {
	if testing.Short() {
		return n / 10
	}
	return n
}

func compareWithHiGHS(t *testing.T, n int, problem func(i int) *dispatch.Problem) {
	t.Helper()
	python := witness.Python(t, "scipy.optimize", "python3-scipy")
	var in []byte
	var problems []*dispatchjson.Named
	for i := range n {
		p := &dispatchjson.Named{ID: strconv.Itoa(i), Problem: *problem(i)}
		problems = append(problems, p)
		in = dispatchjson.Append(in, p)
	}
	cmd := exec.Command(python, "../bench/highs.py")
	cmd.Stdin = bytes.NewReader(in)
	cmd.Stderr = t.Output()
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var solver dispatch.Solver
	var s dispatch.Schedule
	lines := bufio.NewScanner(bytes.NewReader(out))
	worst, optimal := 0.0, 0
	for _, p := range problems {
		if !lines.Scan() {
			t.Fatal("the oracle stopped early")
		}
		var answer struct {
			ID, Status, Reason string
			Cost               float64 `json:"cost_eur"`
		}
		if err := json.Unmarshal(lines.Bytes(), &answer); err != nil {
			t.Fatal(err)
		}
		err := solver.Solve(&p.Problem, &s)
		infeasible := errors.As(err, new(*dispatch.InfeasibleError))
		switch {
		case err != nil && !infeasible:
			t.Fatalf("problem %s: %v", p.ID, err)
		case answer.Status == "failed":
			t.Errorf("problem %s: the oracle failed: %s", p.ID, answer.Reason)
		case infeasible != (answer.Status == "infeasible"):
			t.Errorf("problem %s: ours %v, HiGHS %s", p.ID, err, answer.Status)
		case !infeasible:
			optimal++
			diff := math.Abs(s.CostEUR - answer.Cost)
			worst = max(worst, diff)
			if diff > 1e-6*largestPrice(&p.Problem) {
				t.Logf("%s", dispatchjson.Append(nil, p))
				t.Errorf("problem %s (%s): ours costs %.9f EUR, HiGHS %.9f", p.ID, p.Mode, s.CostEUR, answer.Cost)
			}
		}
	}
	t.Logf("%d optimal, largest difference %.2g EUR", optimal, worst)
	if 3*optimal < 2*len(problems) {
		t.Errorf("only %d of %d problems have an optimum: the test lost its strength", optimal, len(problems))
	}
}
