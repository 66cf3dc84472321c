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

	"github.com/getij/getij/dispatch"
	"github.com/getij/getij/dispatch/dispatchjson"
	"github.com/getij/getij/internal/witness"
)

// An independent LP solver, given the formula and nothing of our code, finds
// the same lowest cost and calls the same problems infeasible.
func TestOptimaEqualHiGHS(t *testing.T) {
	python := witness.Python(t, "scipy.optimize", "python3-scipy")
	r := rand.New(rand.NewPCG(3, 4))
	var in []byte
	var problems []*dispatchjson.Named
	for i := range 1500 {
		p := &dispatchjson.Named{ID: strconv.Itoa(i), Problem: *dispatch.RandomProblem(r)}
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
			if diff > 1e-6 {
				t.Errorf("problem %s (%s): ours costs %.9f EUR, HiGHS %.9f", p.ID, p.Mode, s.CostEUR, answer.Cost)
			}
		}
	}
	t.Logf("%d optimal, largest difference %.2g EUR", optimal, worst)
	if optimal < 1000 {
		t.Errorf("only %d of %d problems have an optimum: the test lost its strength", optimal, len(problems))
	}
}
