//go:build linux

// Command cost tells what a home's year costs to compute, by contract and way to charge, and
// what a session costs by how long the car is plugged in and how often prices change:
// processor time of one processor, which other programs hardly change.
//
//	go run ./bench/cost [-homes N]
package main

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"syscall"
	"time"

	"github.com/getij/getij/dispatch"
	"github.com/getij/getij/internal/assume"
	"github.com/getij/getij/internal/cohort"
	"github.com/getij/getij/internal/home"
	"github.com/getij/getij/internal/inputs"
	"github.com/getij/getij/internal/profiles"
	"github.com/getij/getij/internal/series"
	"github.com/getij/getij/internal/tariff"
)

func main() {
	n := flag.Int("homes", 100, "homes of the reference study")
	flag.Parse()
	if err := run(context.Background(), *n); err != nil {
		fmt.Fprintln(os.Stderr, "cost:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, n int) error {
	study, err := assume.Load("", []string{fmt.Sprintf("homes=%d", n)})
	if err != nil {
		return err
	}
	bench := inputs.New(study, nil)
	homes, cases, err := profiles.Inputs(ctx, bench, false)
	if err != nil {
		return err
	}
	fmt.Printf("%s, %d homes of the reference study, one processor, medians of %d\n\n", runtime.Version(), n, rounds)
	fmt.Println("| contract | way to charge | processor, ms a home-year |\n|---|---|--:|")
	for _, c := range cases {
		ms, err := homeYear(homes, bench.Axis, c)
		if err != nil {
			return fmt.Errorf("%s, %s: %w", c.Contract, c.Mode, err)
		}
		fmt.Printf("| %s | %s | %.3f |\n", c.Contract, c.Mode, ms)
	}
	fmt.Println("\nProcessor time of a session, and of a quarter-hour of it:\n\n| V2G, plugged in for | sessions | by the hour, net metering | by the quarter-hour | by the hour, feeding in pays less | by the quarter-hour |\n|---|--:|--:|--:|--:|--:|")
	var at []*tariff.Prices
	for _, name := range []string{"dynamic", "dynamic_2027"} {
		i := slices.IndexFunc(cases, func(c cohort.Case) bool { return c.Contract == name && c.Mode == dispatch.V2G })
		if i < 0 {
			return fmt.Errorf("the reference study has no contract %s with V2G", name)
		}
		at = append(at, cases[i].Prices, quarterly(cases[i].Prices))
	}
	for i, from := range lengths {
		to := bench.Axis.Len()
		if i+1 < len(lengths) {
			to = lengths[i+1]
		}
		if err := sessions(homes, at, from, to); err != nil {
			return err
		}
	}
	return nil
}

const rounds = 5

// lengths are where rows of sessions begin, in steps.
var lengths = []int{0, 12 * 4, 24 * 4, 48 * 4, 96 * 4}

// homeYear is the processor time of a home's year.
func homeYear(homes []*home.Home, axis *series.Axis, c cohort.Case) (ms float64, err error) {
	solver := home.Solver{}
	if c.Mode != dispatch.Regular {
		if solver.Ranked, err = home.Rank(c.Prices, homes[0].Charger); err != nil {
			return 0, err
		}
	}
	var power []float64
	seconds, err := timed(func() error {
		for _, h := range homes {
			var err error
			if power, _, err = solver.Year(h, axis, c.Prices, c.Mode, power[:0]); err != nil {
				return err
			}
		}
		return nil
	})
	return 1000 * seconds / float64(len(homes)), err
}

// sessions prints what those of a length cost.
func sessions(homes []*home.Home, at []*tariff.Prices, from, to int) error {
	type session struct {
		arrive  int
		problem dispatch.Problem
	}
	var list []session
	steps := 0
	for _, h := range homes {
		for i, s := range h.Sessions {
			if n := s.Steps(); n >= from && n < to {
				list, steps = append(list, session{s.Arrive, h.Problem(dispatch.V2G, i)}), steps+n
			}
		}
	}
	if len(list) == 0 {
		return nil
	}
	if to > lengths[len(lengths)-1] {
		fmt.Printf("| %d h or longer | %d |", from/4, len(list))
	} else {
		fmt.Printf("| %d to %d h | %d |", from/4, to/4, len(list))
	}
	k := list[0].problem.Charger
	for _, p := range at {
		year, err := dispatch.NewYear(p.ImportEURPerKWh, p.ExportEURPerKWh, &k)
		if err != nil {
			return err
		}
		var solver dispatch.Solver
		var out dispatch.Schedule
		seconds, err := timed(func() error {
			for i := range list {
				if err := solver.SolveIn(year, list[i].arrive, &list[i].problem, &out); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		fmt.Printf(" %.1f µs, %.0f ns |", 1e6*seconds/float64(len(list)), 1e9*seconds/float64(steps))
	}
	fmt.Println()
	return nil
}

// quarterly are prices that differ by the quarter-hour, around those of the hour.
func quarterly(p *tariff.Prices) *tariff.Prices {
	r := rand.New(rand.NewPCG(5, 6))
	out := &tariff.Prices{}
	for t, imp := range p.ImportEURPerKWh {
		by := 0.012 * r.NormFloat64()
		out.ImportEURPerKWh, out.ExportEURPerKWh = append(out.ImportEURPerKWh, imp+by), append(out.ExportEURPerKWh, p.ExportEURPerKWh[t]+by)
	}
	return out
}

// timed is the median processor time of some work, as often as can be measured.
func timed(work func() error) (seconds float64, err error) {
	if err := work(); err != nil { // memory is there afterwards
		return 0, err
	}
	var all []float64
	for range rounds {
		begin, times := used(), 0
		for used()-begin < 100*time.Millisecond {
			if err := work(); err != nil {
				return 0, err
			}
			times++
		}
		all = append(all, (used()-begin).Seconds()/float64(times))
	}
	slices.Sort(all)
	return all[rounds/2], nil
}

// used is the processor time of this program.
func used() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err) // it is there on Linux
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
