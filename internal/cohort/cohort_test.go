package cohort_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/getij/getij/dispatch"
	"github.com/getij/getij/internal/cohort"
	"github.com/getij/getij/internal/home"
	"github.com/getij/getij/internal/reference"
	"github.com/getij/getij/internal/series"
	"github.com/getij/getij/internal/session"
	"github.com/getij/getij/internal/tariff"
)

var (
	axis = series.NewYear(2024)
	year = reference.NewYear(axis)
)

// reportHomes are n homes as in the reference study, fitted.
func reportHomes(t testing.TB, n int) []*home.Home {
	t.Helper()
	sampler, err := session.NewSampler(reference.Sessions(), session.WhenNeeded, 3.5,
		session.Driving{YearKWh: 3336, MostKWh: 68.33, ChargeKW: 11})
	if err != nil {
		t.Fatal(err)
	}
	solar, err := series.ToKW(year.SolarFraction, 2500)
	if err != nil {
		t.Fatal(err)
	}
	net := reference.Load(axis)
	for i := range net {
		net[i] -= solar[i]
	}
	homes := make([]*home.Home, n)
	for i := range homes {
		homes[i] = &home.Home{
			NetKW: net, ConnectionKW: 17.25,
			Car:      home.Car{BatteryKWh: 70, MinSoC: 0.1, DepartureSoC: 0.9},
			Charger:  home.Charger{ChargeKW: 11, DischargeKW: 11, RoundTripEfficiency: 0.85},
			Sessions: sampler.Home(axis, 1, i),
		}
		homes[i].Fit()
	}
	return homes
}

// cases are the modes under a dynamic contract.
func cases(t testing.TB, modes ...dispatch.Mode) []cohort.Case {
	t.Helper()
	c := tariff.Contract{Name: "dynamic", Kind: tariff.Dynamic, EnergyTaxEURPerKWh: 0.1228, VAT: 0.21, NetMetering: true}
	prices, err := c.Prices(axis, year.DayAheadEURPerMWh)
	if err != nil {
		t.Fatal(err)
	}
	var out []cohort.Case
	for _, m := range modes {
		out = append(out, cohort.Case{Contract: c.Name, Mode: m, Prices: prices})
	}
	return out
}

func run(t testing.TB, in *cohort.Input) []*cohort.Result {
	t.Helper()
	in.Axis, in.Seed = axis, 1
	r, err := cohort.Run(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// bits turns every number of a result into its bits, so that 0 and -0, or two
// sums in another order, are not equal.
func bits(v any) []uint64 {
	var out []uint64
	var walk func(reflect.Value)
	walk = func(v reflect.Value) {
		switch v.Kind() {
		case reflect.Float64:
			out = append(out, math.Float64bits(v.Float()))
		case reflect.Int:
			out = append(out, uint64(v.Int()))
		case reflect.Pointer:
			walk(v.Elem())
		case reflect.Slice, reflect.Array:
			for i := range v.Len() {
				walk(v.Index(i))
			}
		case reflect.Struct:
			for i := range v.NumField() {
				walk(v.Field(i))
			}
		}
	}
	walk(reflect.ValueOf(v))
	return out
}

// 21 homes are two whole blocks and a part of one.
func TestResultsAreTheSameOnAnyNumberOfWorkers(t *testing.T) {
	homes, modes := reportHomes(t, 21), cases(t, dispatch.Regular, dispatch.V2G)
	var want []uint64
	for _, workers := range []int{1, 2, 7, 16} {
		got := bits(run(t, &cohort.Input{Homes: homes, Cases: modes, Workers: workers, Groups: []int{1, 2, 20, 50}}))
		if want == nil {
			want = got
		}
		if !slices.Equal(got, want) {
			t.Errorf("%d workers give other results than 1", workers)
		}
	}
	if len(want) < 2*axis.Len() {
		t.Fatalf("only %d numbers were compared", len(want))
	}
}

func TestAHomeIsTheSameInACohortOf5Or50(t *testing.T) {
	modes := cases(t, dispatch.Smart, dispatch.V2G)
	few := run(t, &cohort.Input{Homes: reportHomes(t, 5), Cases: modes})
	many := run(t, &cohort.Input{Homes: reportHomes(t, 50), Cases: modes})
	for c := range few {
		for i, y := range few[c].Homes {
			if !slices.Equal(bits(y), bits(many[c].Homes[i])) {
				t.Errorf("%s: home %d is %+v among 5 and %+v among 50", few[c].Mode, i+1, y, many[c].Homes[i])
			}
		}
	}
}

func TestTheMeanIsTheMeanOfTheHomes(t *testing.T) {
	homes := reportHomes(t, 11)
	modes := cases(t, dispatch.V2G)
	r := run(t, &cohort.Input{Homes: homes, Cases: modes})[0]
	ranked, err := home.Rank(modes[0].Prices, homes[0].Charger)
	if err != nil {
		t.Fatal(err)
	}
	solver := home.Solver{Ranked: ranked}
	sum := make([]float64, axis.Len())
	var quarter [series.QuartersPerDay][]float64
	for i, h := range homes {
		power, y, err := solver.Year(h, axis, modes[0].Prices, dispatch.V2G, nil)
		if err != nil {
			t.Fatal(err)
		}
		if y != r.Homes[i] {
			t.Errorf("home %d by itself is %+v, in the cohort %+v", i+1, y, r.Homes[i])
		}
		var day [series.QuartersPerDay]float64
		for _, s := range h.Sessions {
			for k, kw := range power[:s.Steps()] {
				sum[s.Arrive+k] += kw
				day[axis.Clock[s.Arrive+k].QuarterOfDay] += kw / 366
			}
			power = power[s.Steps():]
		}
		for q, kw := range day {
			quarter[q] = append(quarter[q], kw)
		}
	}
	for i := range sum {
		if math.Abs(r.MeanKW[i]-sum[i]/11) > 1e-12 {
			t.Fatalf("step %d: mean %.15f kW, the 11 homes add up to %.15f", i, r.MeanKW[i], sum[i])
		}
	}
	evening := 0.0
	for _, y := range r.Homes {
		evening += y.EveningKW / 11
	}
	if got := axis.EveningMean(r.MeanKW); math.Abs(got-evening) > 1e-12 {
		t.Errorf("evening mean %.15f kW of the mean, %.15f over the homes", got, evening)
	}
	for q := range quarter {
		slices.Sort(quarter[q])
		if d := r.Day[q]; math.Abs(d.P50-quarter[q][5]) > 1e-12 || math.Abs(d.P5-(quarter[q][0]+quarter[q][1])/2) > 1e-12 || math.Abs(d.P95-(quarter[q][9]+quarter[q][10])/2) > 1e-12 {
			t.Fatalf("quarter %d of the day: %+v, the homes are %v", q, d, quarter[q])
		}
	}
}

// Stored energy is worth the mean over the homes whose car is plugged in.
func TestTheValueOfStoredEnergyIsTheMeanOfThePluggedInHomes(t *testing.T) {
	homes := reportHomes(t, 11)
	r := run(t, &cohort.Input{Homes: homes, Cases: cases(t, dispatch.Regular, dispatch.V2G), StoredValue: true})
	if r[0].StoredEURPerKWh != nil {
		t.Error("regular charging has a value of stored energy")
	}
	if without := run(t, &cohort.Input{Homes: homes, Cases: cases(t, dispatch.V2G)}); without[0].StoredEURPerKWh != nil {
		t.Error("there are values that were not asked for")
	}
	sum, plugged := make([]float64, axis.Len()), make([]float64, axis.Len())
	var solver home.Solver
	for _, h := range homes {
		if _, _, err := solver.Year(h, axis, cases(t, dispatch.V2G)[0].Prices, dispatch.V2G, nil); err != nil {
			t.Fatal(err)
		}
		values := solver.StoredEURPerKWh
		for _, s := range h.Sessions {
			for k := s.Arrive; k < s.Depart; k++ {
				sum[k], plugged[k], values = sum[k]+values[0], plugged[k]+1, values[1:]
			}
		}
	}
	empty := 0
	for k, got := range r[1].StoredEURPerKWh {
		if plugged[k] == 0 {
			empty++
		}
		if math.IsNaN(got) != (plugged[k] == 0) || plugged[k] > 0 && math.Abs(got-sum[k]/plugged[k]) > 1e-12 {
			t.Fatalf("step %d: %v, want %v of %v homes", k, got, sum[k]/plugged[k], plugged[k])
		}
	}
	if empty == 0 || empty == axis.Len() {
		t.Errorf("%d steps without a car plugged in", empty)
	}
}

func TestPercentilesAreInterpolated(t *testing.T) {
	for _, c := range []struct {
		values []float64
		want   cohort.Spread
	}{
		{[]float64{7}, cohort.Spread{P5: 7, P50: 7, P95: 7}},
		{[]float64{2, 1}, cohort.Spread{P5: 1.05, P50: 1.5, P95: 1.95}},
		{[]float64{21, 20, 19, 18, 17, 16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1}, cohort.Spread{P5: 2, P50: 11, P95: 20}},
	} {
		got := cohort.SpreadOf(slices.Clone(c.values))
		if math.Abs(got.P5-c.want.P5) > 1e-12 || math.Abs(got.P50-c.want.P50) > 1e-12 || math.Abs(got.P95-c.want.P95) > 1e-12 {
			t.Errorf("%v: %+v, want %+v", c.values, got, c.want)
		}
	}
}

// One home peaks at its charger's power; the more homes share a cable, the lower
// the peak of each counts.
func TestThePeakPerHomeFallsWithTheGroup(t *testing.T) {
	r := run(t, &cohort.Input{Homes: reportHomes(t, 30), Cases: cases(t, dispatch.Regular, dispatch.V2G), Groups: cohort.GroupSizes()})
	for _, c := range r {
		one := c.Coincidence[0]
		if one.Homes != 1 || math.Abs(one.PeakChargeKW.P50-11) > 1e-9 {
			t.Errorf("%s: %d home peaks at %+v kW, want its charger's 11", c.Mode, one.Homes, one.PeakChargeKW)
		}
		before := one
		for _, g := range c.Coincidence[1:] {
			// Large groups rest on the same 30 homes: their medians differ by chance alone.
			if most := 1.005; g.PeakChargeKW.P50 > most*before.PeakChargeKW.P50 || g.PeakDischargeKW.P50 > most*before.PeakDischargeKW.P50 {
				t.Errorf("%s: %d homes peak at %.2f kW charging and %.2f discharging each, %d homes at %.2f and %.2f", c.Mode,
					g.Homes, g.PeakChargeKW.P50, g.PeakDischargeKW.P50, before.Homes, before.PeakChargeKW.P50, before.PeakDischargeKW.P50)
			}
			for _, s := range []cohort.Spread{g.PeakChargeKW, g.PeakDischargeKW} {
				if s.P5 > s.P50 || s.P50 > s.P95 {
					t.Errorf("%s, %d homes: percentiles %+v are not in order", c.Mode, g.Homes, s)
				}
			}
			before = g
		}
		if before.Homes != 1000 || before.PeakChargeKW.P50 > 0.8*one.PeakChargeKW.P50 {
			t.Errorf("%s: %d homes still peak at %.2f kW each", c.Mode, before.Homes, before.PeakChargeKW.P50)
		}
	}
	if regular := r[0].Coincidence; regular[0].PeakDischargeKW != (cohort.Spread{}) {
		t.Errorf("regular charging discharges: %+v", regular[0])
	}
	if v2g := r[1].Coincidence; math.Abs(v2g[0].PeakDischargeKW.P50-11) > 0.5 {
		t.Errorf("one V2G home discharges at %.2f kW at most, its charger does 11", v2g[0].PeakDischargeKW.P50)
	}
}

// Groups of 1,000 out of 30 homes hold each home about equally: the peak per
// home is that of the mean.
func TestALargeGroupPeaksLikeTheMean(t *testing.T) {
	r := run(t, &cohort.Input{Homes: reportHomes(t, 30), Cases: cases(t, dispatch.V2G), Groups: []int{1000}})[0]
	if got, mean := r.Coincidence[0].PeakChargeKW.P50, slices.Max(r.MeanKW); math.Abs(got-mean) > 0.1*mean {
		t.Errorf("1,000 homes peak at %.2f kW each, the mean home at %.2f", got, mean)
	}
}

func TestRegularPeaksAreTheSameUnderEveryContract(t *testing.T) {
	two := append(cases(t, dispatch.Regular), cases(t, dispatch.Regular)...)
	two[1].Contract = "another"
	r := run(t, &cohort.Input{Homes: reportHomes(t, 5), Cases: two, Groups: []int{1, 5}})
	if !reflect.DeepEqual(r[0].Coincidence, r[1].Coincidence) || len(r[1].Coincidence) != 2 {
		t.Errorf("%+v and %+v", r[0].Coincidence, r[1].Coincidence)
	}
}

func TestNoGroupsNoCoincidence(t *testing.T) {
	r := run(t, &cohort.Input{Homes: reportHomes(t, 2), Cases: cases(t, dispatch.V2G)})
	if r[0].Coincidence != nil {
		t.Errorf("got %+v", r[0].Coincidence)
	}
}

func TestCancellingStopsTheRun(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	var done atomic.Int64
	_, err := cohort.Run(ctx, &cohort.Input{
		Axis: axis, Homes: reportHomes(t, 40), Cases: cases(t, dispatch.Modes()...), Workers: 2, Groups: []int{1000},
		Progress: func(int, int) {
			if done.Add(1) == 3 {
				cancel()
			}
		},
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want context.Canceled", err)
	}
	if n := done.Load(); n < 3 || n > 20 {
		t.Errorf("%d of 160 home-years were computed, want 3 and what was under way", n)
	}
}

// endsAfter is a context that ends when it has been asked a number of times.
type endsAfter struct {
	context.Context
	asked, last atomic.Int64
}

func (c *endsAfter) Err() error {
	if c.asked.Add(1) > c.last.Load() {
		return context.Canceled
	}
	return nil
}

// Two homes are computed after three questions; the tenth falls in the drawing
// of groups.
func TestCancellingStopsTheDrawingOfGroups(t *testing.T) {
	ctx := &endsAfter{Context: t.Context()}
	ctx.last.Store(10)
	homes := 0
	_, err := cohort.Run(ctx, &cohort.Input{
		Axis: axis, Homes: reportHomes(t, 2), Cases: cases(t, dispatch.V2G), Workers: 1, Groups: []int{1000},
		Progress: func(done, _ int) { homes = done },
	})
	if !errors.Is(err, context.Canceled) || homes != 2 {
		t.Errorf("got %v after %d homes, want context.Canceled after both", err, homes)
	}
	if asked := ctx.asked.Load(); asked > 12 {
		t.Errorf("the context was asked %d times: the drawing did not stop at the tenth", asked)
	}
}

func TestProgressCountsEveryHomeYearOnce(t *testing.T) {
	const total = 5 * 4
	var seen [total + 1]atomic.Int64
	run(t, &cohort.Input{
		Homes: reportHomes(t, 5), Cases: cases(t, dispatch.Modes()...), Workers: 3, Groups: []int{1, 2},
		Progress: func(done, of int) {
			if of != total || done < 1 || done > total {
				t.Errorf("%d of %d, want 1 to %d of %d", done, of, total, total)
				return
			}
			seen[done].Add(1)
		},
	})
	for done := 1; done <= total; done++ {
		if n := seen[done].Load(); n != 1 {
			t.Errorf("%d of %d was reported %d times", done, total, n)
		}
	}
}

// Two homes that cannot be solved, in different blocks: the first is named
// whatever the number of workers.
func TestAnErrorNamesHomeContractAndMode(t *testing.T) {
	homes := reportHomes(t, 20)
	for _, i := range []int{2, 13} {
		homes[i].Sessions = []session.Session{{Arrive: 0, Depart: 1, EnergyKWh: 40}}
	}
	for _, workers := range []int{1, 2, 7} {
		_, err := cohort.Run(t.Context(), &cohort.Input{Axis: axis, Homes: homes, Cases: cases(t, dispatch.Smart), Workers: workers})
		if err == nil || !strings.HasPrefix(err.Error(), "home 3, contract dynamic, smart: session 1, from 2023-12-31T23:00Z") {
			t.Errorf("%d workers: got %v", workers, err)
		}
	}
}

func TestACohortNeedsAHome(t *testing.T) {
	if _, err := cohort.Run(t.Context(), &cohort.Input{Axis: axis, Cases: cases(t, dispatch.V2G)}); err == nil {
		t.Error("a cohort without homes gave no error")
	}
}

// BenchmarkCohort is a whole reference study: 100 homes, three contracts, four
// modes.
func BenchmarkCohort(b *testing.B) {
	homes := reportHomes(b, 100)
	var all []cohort.Case
	for _, c := range []tariff.Contract{
		{Name: "single", Kind: tariff.Single, ImportEURPerKWh: 0.30, FeedInCostEURPerKWh: 0.13, NetMetering: true},
		{Name: "dual", Kind: tariff.Dual, HighEURPerKWh: 0.32, LowEURPerKWh: 0.28, LowFromHour: 23, LowToHour: 7, FeedInCostEURPerKWh: 0.13, NetMetering: true},
		{Name: "dynamic", Kind: tariff.Dynamic, EnergyTaxEURPerKWh: 0.1228, VAT: 0.21, NetMetering: true},
	} {
		prices, err := c.Prices(axis, year.DayAheadEURPerMWh)
		if err != nil {
			b.Fatal(err)
		}
		for _, m := range dispatch.Modes() {
			all = append(all, cohort.Case{Contract: c.Name, Mode: m, Prices: prices})
		}
	}
	for _, groups := range [][]int{nil, cohort.GroupSizes()} {
		b.Run(fmt.Sprintf("groups=%d", len(groups)), func(b *testing.B) {
			for b.Loop() {
				run(b, &cohort.Input{Homes: homes, Cases: all, Groups: groups})
			}
			b.ReportMetric(float64(b.Elapsed().Seconds())/float64(b.N)/float64(len(homes)*len(all))*1e3, "ms/home-year")
		})
	}
}
