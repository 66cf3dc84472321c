// Command bench times getij's dispatch solver, HiGHS and CBC side by side, in one
// run, on the same problems: the sessions of one reference home's year with V2G, by the
// resolution of prices and with net metering and without. It prints nanoseconds per
// quarter-hour step of each, their ratio, and how far the costs differ; getij as a study
// solves them, in a year whose prices are ranked, and beside it without.
//
//	go run ./bench              (needs python3 with scipy: Debian's python3-scipy)
//	go run ./bench -cbc         (and cbc: Debian's coinor-cbc)
//
// HiGHS is called through scipy (bench/highs.py) and told in processor time, which other
// programs hardly change. Its matrices are built before the clock starts, and what a call
// costs before HiGHS does anything, measured on a problem of one variable, is taken off.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"time"

	"github.com/getij/getij/dispatch"
	"github.com/getij/getij/dispatch/dispatchjson"
	"github.com/getij/getij/internal/reference"
	"github.com/getij/getij/internal/series"
	"github.com/getij/getij/internal/session"
	"github.com/getij/getij/internal/tariff"
)

func main() {
	homeNumber := flag.Int("home", 0, "number of the reference home")
	rounds := flag.Int("rounds", 5, "rounds of both solvers, in turn")
	oursOnly := flag.Bool("ours", false, "time getij's solver alone")
	withCBC := flag.Bool("cbc", false, "time CBC too")
	flag.Parse()
	peers := []*peer{{name: "HiGHS", script: "highs.py", overhead: true}}
	if *withCBC {
		peers = append(peers, &peer{name: "CBC", script: "cbc.py"})
	}
	if *oursOnly {
		peers = nil
	}
	if err := run(*homeNumber, *rounds, peers); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// kind is what prices are like.
type kind struct {
	quarterly, netting bool
	goalNS             float64 // of getij, ranked
}

func (k kind) String() string {
	prices, netting := "by the hour", "net metering"
	if k.quarterly {
		prices = "by the quarter-hour"
	}
	if !k.netting {
		netting = "feeding in pays less"
	}
	return prices + ", " + netting
}

var kinds = []kind{{false, true, 25}, {true, true, 80}, {false, false, 60}, {true, false, 120}}

// peer is another solver, behind a script that takes and answers lines of JSON.
type peer struct {
	name, script string
	overhead     bool // the script can tell what a call costs before the solver does anything

	ns, ratios []float64 // of rounds
}

func run(homeNumber, rounds int, peers []*peer) error {
	fmt.Printf("home %d, V2G; %s, %d processors; medians of %d rounds, nanoseconds a quarter-hour; fastest of all passes in brackets\n\n", homeNumber, runtime.Version(), runtime.NumCPU(), rounds)
	head, line := "| prices of a dynamic contract | sessions | quarter-hours | getij | goal | not ranked |", "|---|--:|--:|--:|--:|--:|"
	for _, p := range peers {
		head, line = head+fmt.Sprintf(" %s | %s / getij | largest difference, EUR |", p.name, p.name), line+"--:|--:|--:|"
	}
	fmt.Println(head + "\n" + line)
	for _, k := range kinds {
		if err := row(k, homeNumber, rounds, peers); err != nil {
			return err
		}
	}
	return nil
}

// row times one kind of prices.
func row(k kind, homeNumber, rounds int, peers []*peer) error {
	problems, in, err := yearOfSessions(homeNumber, k)
	if err != nil {
		return err
	}
	steps := 0
	for _, p := range problems {
		steps += len(p.NetLoadKW)
	}
	ns := func(seconds float64) float64 { return seconds / float64(steps) * 1e9 }
	var ours, plain []float64
	worst, fastest := make([]float64, len(peers)), math.Inf(1)
	for _, p := range peers {
		p.ns, p.ratios = nil, nil
	}
	for range rounds {
		unranked, _, _, err := timeOurs(problems, nil)
		if err != nil {
			return err
		}
		seconds, least, costs, err := timeOurs(problems, in)
		if err != nil {
			return err
		}
		ours, plain, fastest = append(ours, ns(seconds)), append(plain, ns(unranked)), min(fastest, ns(least))
		for i, p := range peers {
			theirs, theirCosts, err := p.time(problems)
			if err != nil {
				return err
			}
			for k := range costs {
				worst[i] = max(worst[i], math.Abs(costs[k]-theirCosts[k]))
			}
			p.ns, p.ratios = append(p.ns, ns(theirs)), append(p.ratios, theirs/seconds)
		}
	}
	fmt.Printf("| %s | %d | %d | %.1f (%.1f) | %.0f | %.0f |", k, len(problems), steps, median(ours), fastest, k.goalNS, median(plain))
	for i, p := range peers {
		fmt.Printf(" %.0f | %.0f | %.1g |", median(p.ns), median(p.ratios), worst[i])
	}
	fmt.Println()
	return nil
}

func median(v []float64) float64 {
	slices.Sort(v)
	if n := len(v); n%2 == 0 {
		return (v[n/2-1] + v[n/2]) / 2
	}
	return v[len(v)/2]
}

// ranked is a year whose prices are ranked, and where in it each session begins.
type ranked struct {
	year *dispatch.Year
	from []int
}

// yearOfSessions makes the problems of one home of the reference study.
func yearOfSessions(homeNumber int, k kind) ([]*dispatchjson.Named, *ranked, error) {
	axis := series.NewYear(2024)
	year := reference.NewYear(axis)
	load, err := series.ToKW(reference.Load(axis), 3500)
	if err != nil {
		return nil, nil, err
	}
	solar, err := series.ToKW(year.SolarFraction, 2500)
	if err != nil {
		return nil, nil, err
	}
	dayAhead := year.DayAheadEURPerMWh
	if k.quarterly { // each quarter-hour's own price, around that of the hour
		r := rand.New(rand.NewPCG(5, 6))
		for t := range dayAhead {
			dayAhead[t] += 10 * r.NormFloat64()
		}
	}
	contract := tariff.Contract{Name: "dynamic", Kind: tariff.Dynamic, EnergyTaxEURPerKWh: 0.1228, VAT: 0.21, NetMetering: k.netting}
	prices, err := contract.Prices(axis, dayAhead)
	if err != nil {
		return nil, nil, err
	}
	eta := math.Sqrt(0.85)
	driving := session.Driving{YearKWh: 18142 * 0.19 * 0.892444 / eta, MostKWh: 63 / eta, ChargeKW: 11}
	sampler, err := session.NewSampler(reference.Sessions(), session.WhenNeeded, 3.5, driving)
	if err != nil {
		return nil, nil, err
	}
	year2024, err := dispatch.NewYear(prices.ImportEURPerKWh, prices.ExportEURPerKWh, &dispatch.Charger{ChargeKW: 11, DischargeKW: 11, ChargeEfficiency: eta, DischargeEfficiency: eta})
	if err != nil {
		return nil, nil, err
	}
	in := &ranked{year: year2024}
	var out []*dispatchjson.Named
	for i, s := range sampler.Home(axis, 1, homeNumber) {
		net := make([]float64, s.Steps())
		for t := range net {
			net[t] = load[s.Arrive+t] - solar[s.Arrive+t]
		}
		in.from = append(in.from, s.Arrive)
		arrival := max(0, 63-eta*s.EnergyKWh)
		out = append(out, &dispatchjson.Named{ID: strconv.Itoa(i), Problem: dispatch.Problem{
			StepHours:       series.StepHours,
			ImportEURPerKWh: prices.ImportEURPerKWh[s.Arrive:s.Depart],
			ExportEURPerKWh: prices.ExportEURPerKWh[s.Arrive:s.Depart],
			NetLoadKW:       net,
			Battery:         dispatch.Battery{MinKWh: min(7, arrival), MaxKWh: 70, StartKWh: arrival, EndKWh: 63},
			Charger:         dispatch.Charger{ChargeKW: 11, DischargeKW: 11, ChargeEfficiency: eta, DischargeEfficiency: eta},
			Grid:            dispatch.Grid{ImportLimit: dispatch.LimitKW(17.25), ExportLimit: dispatch.LimitKW(17.25)},
			Mode:            dispatch.V2G,
		}})
	}
	return out, in, nil
}

// timeOurs solves all problems, in a ranked year if there is one, often enough to be
// measured, and returns the seconds of one pass, of the fastest, and the costs.
func timeOurs(problems []*dispatchjson.Named, in *ranked) (seconds, fastest float64, costs []float64, err error) {
	var solver dispatch.Solver
	var s dispatch.Schedule
	costs = make([]float64, len(problems))
	pass := func() error {
		for i, p := range problems {
			var err error
			if in != nil {
				err = solver.SolveIn(in.year, in.from[i], &p.Problem, &s)
			} else {
				err = solver.Solve(&p.Problem, &s)
			}
			if err != nil {
				return fmt.Errorf("session %s: %w", p.ID, err)
			}
			costs[i] = s.CostEUR
		}
		return nil
	}
	if err := pass(); err != nil { // warm-up
		return 0, 0, nil, err
	}
	const passes = 200
	var times []float64
	for range passes {
		start := time.Now()
		if err := pass(); err != nil {
			return 0, 0, nil, err
		}
		times = append(times, time.Since(start).Seconds())
	}
	return median(times), slices.Min(times), costs, nil
}

// time is the processor time that a peer takes for all problems, and what it finds.
func (p *peer) time(problems []*dispatchjson.Named) (seconds float64, costs []float64, err error) {
	python, script, err := oracle(p.script)
	if err != nil {
		return 0, nil, err
	}
	var overhead struct {
		Seconds float64 `json:"overhead_seconds"`
	}
	if p.overhead {
		out, err := exec.Command(python, script, "--overhead").Output()
		if err != nil {
			return 0, nil, fmt.Errorf("%s %s: %w", python, script, err)
		}
		if err := json.Unmarshal(out, &overhead); err != nil {
			return 0, nil, err
		}
	}
	var in []byte
	for _, x := range problems {
		in = dispatchjson.Append(in, x)
	}
	cmd := exec.Command(python, script)
	cmd.Stdin, cmd.Stderr = bytes.NewReader(in), os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return 0, nil, fmt.Errorf("%s %s: %w", python, script, err)
	}
	lines := bufio.NewScanner(bytes.NewReader(out))
	for lines.Scan() {
		var a struct {
			ID, Status string
			Cost       float64 `json:"cost_eur"`
			Seconds    float64
		}
		if err := json.Unmarshal(lines.Bytes(), &a); err != nil {
			return 0, nil, err
		}
		if a.Status != "optimal" {
			return 0, nil, fmt.Errorf("%s calls session %s %s", p.name, a.ID, a.Status)
		}
		costs = append(costs, a.Cost)
		seconds += a.Seconds - overhead.Seconds
	}
	if len(costs) != len(problems) {
		return 0, nil, fmt.Errorf("%s answered %d of %d sessions", p.name, len(costs), len(problems))
	}
	return seconds, costs, nil
}

// oracle finds a Python with scipy, and a script beside this file or below the working
// directory.
func oracle(name string) (python, script string, err error) {
	for _, script = range []string{filepath.Join("bench", name), name} {
		if _, err = os.Stat(script); err == nil {
			break
		}
	}
	if err != nil {
		return "", "", fmt.Errorf("%s was not found: run this from the project's root", name)
	}
	for _, python = range []string{"python3", "/usr/bin/python3"} {
		if exec.Command(python, "-c", "import scipy.optimize").Run() == nil {
			return python, script, nil
		}
	}
	return "", "", fmt.Errorf("no python3 with scipy was found: install Debian's python3-scipy, or time getij alone with -ours")
}
