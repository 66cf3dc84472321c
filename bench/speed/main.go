//go:build linux

// Command speed times what a reader waits for: ten variants of the reference study against
// one run of it, and changes in the laboratory that tie a year's sessions together. It
// prints the processor time of the user, which other programs on the machine do not change
// much, and the time on the clock. It ends with status 1 where a row misses its goal: ten
// variants without ties under ten times one run's, and a change in the laboratory of no tie,
// one cap or one price of power under two seconds of this machine's processors. The other
// rows have no goal.
//
//	go run ./bench/speed [-homes 100] [-only NAME] [-profile FILE]
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"runtime"
	"runtime/pprof"
	"strings"
	"syscall"
	"time"

	"github.com/getij/getij/internal/assume"
	"github.com/getij/getij/internal/study"
)

func main() {
	homes := flag.Int("homes", 100, "homes of the study")
	only := flag.String("only", "", "of the changes in the laboratory those whose names hold this, and no variants")
	profile := flag.String("profile", "", "write a processor profile to this file")
	flag.Parse()
	if err := run(*homes, *only, *profile); err != nil {
		fmt.Fprintln(os.Stderr, "speed:", err)
		os.Exit(1)
	}
}

// plain are ten questions that a reader may ask; tied are ten of which the last four tie a
// year's sessions together.
var (
	plain = append([]string{
		`supplier's fee: {contracts.dynamic_2027.supplier_fee_eur_per_kwh: 0.02}`,
		`feed-in cost: {contracts.dynamic_2027.feed_in_cost_eur_per_kwh: 0.02}`,
		`network price on export: {contracts.dynamic_2027.preset: network_price_by_time, contracts.dynamic_2027.grid_tariff_on_export: true}`,
		`prices nearer: {prices.spread_factor: 0.5}`,
	}, both...)
	tied = append([]string{
		`cap: {car.discharge_cap_kwh_per_year: 500}`,
		`month's highest power: {contracts.dynamic_2027.power_tariff_eur_per_kw_month: 3.37}`,
		`bands of power: {contracts.dynamic_2027.preset: network_price_by_power}`,
		`tiers of feed-in: {contracts.dynamic_2027.preset: feed_in_tiers}`,
	}, both...)
	both = []string{
		`net metering: {contracts.dynamic_2027.rules: 2026-12-31}`,
		`tax refund: {contracts.dynamic_2027.energy_tax_refund_on_storage: true}`,
		`network price by time: {contracts.dynamic_2027.preset: network_price_by_time}`,
		`wear: {car.wear_eur_per_kwh: 0.03}`,
		`prices further apart: {prices.spread_factor: 1.5}`,
		`small charger: {charger: {charge_kw: 7.4, discharge_kw: 7.4}}`,
	}
)

// changes are settings of the laboratory under the contract that it opens with from 2027.
var changes = []struct {
	name     string
	goal     bool // under two seconds
	settings map[string]any
}{
	{"no tie", true, map[string]any{"charger.charge_kw": 7.4}},
	{"a cap of 500 kWh", true, map[string]any{"car.discharge_cap_kwh_per_year": 500}},
	{"a cap of 50 hours", true, map[string]any{"car.discharge_cap_hours_per_year": 50}},
	{"a month's highest power at EUR 3.37", true, map[string]any{"contracts.dynamic_2027.power_tariff_eur_per_kw_month": 3.37}},
	{"the same, and a cap of 300 kWh", false, map[string]any{"contracts.dynamic_2027.power_tariff_eur_per_kw_month": 3.37, "car.discharge_cap_kwh_per_year": 300}},
	{"the same power, and net metering", false, map[string]any{"contracts.dynamic_2027.power_tariff_eur_per_kw_month": 3.37, "contracts.dynamic_2027.net_metering": true}},
	{"bands of power", false, map[string]any{"contracts.dynamic_2027.preset": "network_price_by_power"}},
	{"tiers of feed-in", false, map[string]any{"contracts.dynamic_2027.preset": "feed_in_tiers"}},
}

func run(homes int, only, profile string) (err error) {
	if profile != "" {
		f, err := os.Create(profile)
		if err != nil {
			return err
		}
		if err := pprof.StartCPUProfile(f); err != nil {
			return err
		}
		defer func() {
			pprof.StopCPUProfile()
			err = errors.Join(err, f.Close())
		}()
	}
	fmt.Printf("%d homes, %s, %d processors\n", homes, runtime.Version(), runtime.NumCPU())
	slow := []string{}
	if only == "" {
		ratio, err := timeVariants(homes)
		if err != nil {
			return err
		}
		if ratio >= 10 {
			slow = append(slow, fmt.Sprintf("ten variants take %.1f times one run", ratio))
		}
	}
	fmt.Println("\n| change in the laboratory | goal, s of clock | processor, s | clock, s |\n|---|--:|--:|--:|")
	for _, c := range changes {
		if !strings.Contains(c.name, only) {
			continue
		}
		user, clock, err := timeChange(homes, c.settings)
		if err != nil {
			return fmt.Errorf("%s: %w", c.name, err)
		}
		goal := "none"
		if c.goal {
			goal = "2"
		}
		fmt.Printf("| %s | %s | %.2f | %.2f |\n", c.name, goal, user, clock)
		if c.goal && user/float64(runtime.GOMAXPROCS(0)) > 2 {
			slow = append(slow, c.name)
		}
	}
	if len(slow) > 0 {
		return fmt.Errorf("too slow: %s", strings.Join(slow, "; "))
	}
	return nil
}

// timeVariants times one run's homes and years, then ten variants without ties and ten of
// which four have one. It returns how many times one run the first take.
func timeVariants(homes int) (ratio float64, err error) {
	s, err := withVariants(homes, plain)
	if err != nil {
		return 0, err
	}
	one, oneClock, err := timed(func() error {
		_, err := study.RunProfiles(context.Background(), s, nil)
		return err
	})
	if err != nil {
		return 0, err
	}
	fmt.Printf("\n| reference study | processor, s | clock, s | times one run |\n|---|--:|--:|--:|\n| one run: homes and their years | %.2f | %.2f | 1 |\n", one, oneClock)
	for i, list := range [][]string{plain, tied} {
		if s, err = withVariants(homes, list); err != nil {
			return 0, err
		}
		user, clock, err := timed(func() error {
			_, err := study.Compare(context.Background(), s.Variants(), nil)
			return err
		})
		if err != nil {
			return 0, err
		}
		fmt.Printf("| %s | %.2f | %.2f | %.1f |\n", []string{"ten variants without ties", "ten, four of them with a tie"}[i], user, clock, user/one)
		if i == 0 {
			ratio = user / one
		}
	}
	return ratio, nil
}

// withVariants is the reference study with variants.
func withVariants(homes int, list []string) (s *assume.Study, err error) {
	file, err := os.CreateTemp("", "getij-speed-*.yaml")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.Remove(file.Name())) }()
	_, err = fmt.Fprintf(file, "homes: %d\nvariants:\n  %s\n", homes, strings.Join(list, "\n  "))
	if err := errors.Join(err, file.Close()); err != nil {
		return nil, err
	}
	return assume.Load(file.Name(), nil)
}

// timeChange does what the laboratory does with settings.
func timeChange(homes int, settings map[string]any) (user, clock float64, err error) {
	raw := map[string]json.RawMessage{"homes": fmt.Append(nil, homes)}
	for key, v := range settings {
		if raw[key], err = json.Marshal(v); err != nil {
			return 0, 0, err
		}
	}
	return timed(func() error {
		s, err := assume.Default().With(raw)
		if err != nil {
			return err
		}
		for i := range s.Contracts {
			if s.Contracts[i].Name == "dynamic_2027" {
				s.Contracts = s.Contracts[i : i+1]
				break
			}
		}
		_, err = study.RunProfiles(context.Background(), s, nil)
		return err
	})
}

// timed are the processor time of the user and the time on the clock, in seconds.
func timed(work func() error) (user, clock float64, err error) {
	runtime.GC()
	var before, after syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &before); err != nil {
		return 0, 0, err
	}
	start := time.Now()
	if err := work(); err != nil {
		return 0, 0, err
	}
	clock = time.Since(start).Seconds()
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &after); err != nil {
		return 0, 0, err
	}
	return time.Duration(after.Utime.Nano() - before.Utime.Nano()).Seconds(), clock, nil
}
