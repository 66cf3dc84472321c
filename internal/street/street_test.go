package street

import (
	"math"
	"runtime"
	"slices"
	"sync"
	"testing"

	"github.com/getij/getij/dispatch"
	"github.com/getij/getij/internal/cohort"
	"github.com/getij/getij/internal/home"
	"github.com/getij/getij/internal/series"
	"github.com/getij/getij/internal/session"
	"github.com/getij/getij/internal/tariff"
)

// flatStreet is a pool of homes that take 1, 2, ... kW all year, each with a car that comes
// at 18:00 on the first day for ten hours and needs 22 kWh at 11 kW, without losses.
func flatStreet(homes int) *Input {
	axis := series.NewYear(2025)
	in := &Input{Axis: axis, Seed: 1, Homes: homes, ChargePoints: homes, Draws: 3, CapacityKW: 1000}
	for i := range homes {
		h := &home.Home{
			NetKW: slices.Repeat([]float64{float64(i + 1)}, axis.Len()), ConnectionKW: 50,
			Car:      home.Car{BatteryKWh: 60, DepartureSoC: 0.9},
			Charger:  home.Charger{ChargeKW: 11, DischargeKW: 11, RoundTripEfficiency: 1},
			Sessions: []session.Session{{Arrive: 72, Depart: 112, EnergyKWh: 22}},
		}
		h.Fit()
		in.Pool = append(in.Pool, h)
	}
	prices := make([]float64, axis.Len())
	for t := range prices {
		prices[t] = 0.3
		if t >= 88 { // dear until 22:00
			prices[t] = 0.2
		}
	}
	p := &tariff.Prices{ImportEURPerKWh: prices, ExportEURPerKWh: prices, StorageExportEURPerKWh: prices}
	in.Cases = []cohort.Case{{Contract: "night", Mode: dispatch.Regular, Prices: p}, {Contract: "night", Mode: dispatch.Smart, Prices: p}}
	return in
}

// A street takes what its homes and cars take together, and is beyond its capacity for as
// long as that is more.
func TestAStreetIsTheSumOfItsHomes(t *testing.T) {
	in := flatStreet(4) // 10 kW without cars, 54 while all charge
	in.CapacityKW = 40
	r, err := Run(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range r.Cases {
		from := 72
		if c.Mode == dispatch.Smart {
			from = 88
		}
		for step, kW := range c.KW {
			want := 10.0
			if step >= from && step < from+8 {
				want = 54
			}
			if math.Abs(kW-want) > 1e-9 {
				t.Fatalf("%s takes %g kW in step %d, %g was expected", c.Mode, kW, step, want)
			}
		}
		row := c.At(4)
		if row.PeakKW.P50 != 54 || row.HoursBeyond.P50 != 2 || math.Abs(row.KWhBeyond.P50-28) > 1e-9 || row.Holding != 0 {
			t.Errorf("%s with 4 charge points: %+v", c.Mode, row)
		}
		if c.Fit != 2 { // 10 + 2*11 kW
			t.Errorf("%s: %d charge points fit, 2 were expected", c.Mode, c.Fit)
		}
		if d := c.Duration(); d[0] != 54 || d[DurationPoints] != 10 || !slices.IsSortedFunc(d, func(a, b float64) int { return int(math.Copysign(1, b-a)) }) {
			t.Errorf("%s: the duration curve goes from %g to %g", c.Mode, d[0], d[DurationPoints])
		}
	}
}

// Steering by the same price moves all cars to the same hours: the street's peak is no
// lower than with regular charging when all come at different times.
func TestPriceSteeringCanMakeThePeak(t *testing.T) {
	in := flatStreet(4)
	for i, h := range in.Pool {
		h.Sessions[0].Arrive += 4*i - 12 // 15:00 to 18:00
	}
	r, err := Run(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	regular, smart := r.Cases[0].At(4).PeakKW.P50, r.Cases[1].At(4).PeakKW.P50
	if regular != 32 || smart != 54 { // two charge at a time, or all four
		t.Errorf("the peak is %g kW with regular charging and %g with smart, 32 and 54 were expected", regular, smart)
	}
}

// Solar power and discharging load a street in the other direction.
func TestFeedingInHasItsOwnHours(t *testing.T) {
	in := flatStreet(2)
	for _, h := range in.Pool {
		for step := 48; step < 52; step++ {
			h.NetKW[step] = -9
		}
	}
	in.CapacityKW = 17.5
	r, err := Run(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	row := r.Cases[0].At(0)
	if row.FeedInKW.P50 != 18 || row.HoursBeyondFeedIn.P50 != 1 || row.KWhBeyondFeedIn.P50 != 0.5 || row.HoursBeyond.P50 != 0 {
		t.Errorf("without cars: %+v", row)
	}
	if r.Cases[0].Fit >= 0 {
		t.Errorf("%d charge points fit in a street that does not hold without any", r.Cases[0].Fit)
	}
}

// The middle street is that of regular charging, wherever a study lists it.
func TestTheOrderOfCasesDoesNotMoveTheMiddleStreet(t *testing.T) {
	middle := func(cases func([]cohort.Case) []cohort.Case) *Result {
		in := flatStreet(8)
		in.Homes, in.ChargePoints, in.Draws = 4, 4, 25
		for i, h := range in.Pool {
			h.Sessions[0].Arrive -= 5 * i // some overlap when all charge at once
		}
		in.Cases = cases(in.Cases)
		r, err := Run(t.Context(), in)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	listed := middle(func(c []cohort.Case) []cohort.Case { return c })
	turned := middle(func(c []cohort.Case) []cohort.Case { return []cohort.Case{c[1], c[0]} })
	without := middle(func(c []cohort.Case) []cohort.Case { return c[1:] })
	if listed.Middle != turned.Middle || turned.Cases[0].Mode != dispatch.Smart || !slices.Equal(listed.Cases[1].KW, turned.Cases[0].KW) {
		t.Errorf("street %d is the middle with regular charging first, %d with it last", listed.Middle, turned.Middle)
	}
	if without.Middle == listed.Middle {
		t.Error("smart charging has the same middle street: this test would not see which of them decides")
	}
}

func TestTheNumberOfProcessorsChangesNothing(t *testing.T) {
	in := flatStreet(7)
	in.Homes, in.ChargePoints, in.Draws = 5, 3, 20
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	one, err := Run(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	runtime.GOMAXPROCS(4)
	four, err := Run(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	for i, c := range one.Cases {
		if !slices.Equal(c.Growth, four.Cases[i].Growth) || !slices.Equal(c.KW, four.Cases[i].KW) {
			t.Errorf("%s differs on one processor and on four", c.Mode)
		}
	}
}

func TestLargeStreetsAreComputedInSomeSteps(t *testing.T) {
	in := &Input{Homes: 300, ChargePoints: 41}
	counts := in.counts()
	if len(counts) > mostRows+2 || counts[0] != 0 || counts[len(counts)-1] != 300 || !slices.Contains(counts, 41) {
		t.Errorf("300 homes are computed with %v charge points", counts)
	}
}

// Of a large street only some numbers of charge points are rows, but those that fit are
// counted one by one.
func TestChargePointsThatFitAreCountedOneByOne(t *testing.T) {
	in := flatStreet(80) // 3,240 kW without cars
	in.CapacityKW = 3240 + 33.5
	in.Cases = in.Cases[:1]
	r, err := Run(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	if c := r.Cases[0]; c.Fit != 3 || c.At(3) != nil {
		t.Errorf("%d charge points fit (row %+v), 3 without a row were expected", c.Fit, c.At(3))
	}
}

func TestStreetsThatCannotBeDrawnAreRefused(t *testing.T) {
	in := flatStreet(2)
	in.Homes = 3
	if _, err := Run(t.Context(), in); err == nil {
		t.Error("3 homes were drawn from 2")
	}
}

// What is done adds up to all there is to do, wherever regular charging stands.
func TestProgressEndsAtItsTotal(t *testing.T) {
	in := flatStreet(2)
	again := in.Cases[0]
	again.Contract = "another"
	in.Cases = append(in.Cases, again)
	var one sync.Mutex
	var last, most int
	in.Progress = func(done, total int) {
		one.Lock()
		defer one.Unlock()
		last, most = max(last, done), total
	}
	if _, err := Run(t.Context(), in); err != nil {
		t.Fatal(err)
	}
	if last != most {
		t.Errorf("progress ends at %d of %d", last, most)
	}
}
