// Package home is one home for one year: load, solar, car, charger, contract
// and sessions become one dispatch problem per session, and its answers become
// a year of power, energy and cost.
//
// Power in kW at the meter, positive taken from the grid; energy in kWh; money
// in EUR. A home with net load net(t) and car power car(t) exchanges
// net(t) + car(t) with the grid, and pays for that exchange in every step of the
// year, plugged in or not.
package home

import (
	"errors"
	"fmt"
	"math"
	"runtime"
	"slices"

	"github.com/getij/getij/dispatch"
	"github.com/getij/getij/internal/foresight"
	"github.com/getij/getij/internal/series"
	"github.com/getij/getij/internal/session"
	"github.com/getij/getij/internal/tariff"
)

// Car is the battery and how full it must be.
type Car struct {
	BatteryKWh float64
	// MinSoC is the lowest state of charge, a share: discharging ends there. A car
	// may come home with less, and is then not discharged below that.
	MinSoC       float64
	DepartureSoC float64 // state of charge at departure, share
	// WearEURPerKWh is what each kWh costs that the charger gives, at its meter side.
	WearEURPerKWh float64
	// MostDischargedKWh and MostDischargedHours, if not nil, are what it may be discharged
	// in a year: at the meter side of the charger, and in hours at full power.
	MostDischargedKWh, MostDischargedHours *float64
}

// Charger has powers at its meter side.
type Charger struct {
	ChargeKW            float64
	DischargeKW         float64
	RoundTripEfficiency float64 // at full power, split evenly over charging and discharging
	IdleLossKW          float64 // lost at any power, not at rest
}

// OneWayEfficiency is the square root of the round trip.
func (c Charger) OneWayEfficiency() float64 { return math.Sqrt(c.RoundTripEfficiency) }

// Home is one home. NetKW may be shared between homes and is only read.
type Home struct {
	NetKW        []float64 // load less solar per step of the year, without the car
	ConnectionKW float64   // limit of the connection, both ways
	Car          Car
	Charger      Charger
	Sessions     []session.Session
	Battery      *Battery // of the home, beside the car; nil: none
	// Knowledge is what the home knows when it decides; nil is everything.
	Knowledge *foresight.Knowledge
}

// Cuts counts energies that did not fit and were cut to what fits.
type Cuts struct {
	Time       int     // sessions with more energy than the power can bring in the time
	Battery    int     // sessions with more energy than the battery holds at departure
	TimeKWh    float64 // energy cut, at the meter
	BatteryKWh float64
}

// Add adds another home's cuts.
func (c *Cuts) Add(o Cuts) {
	c.Time += o.Time
	c.Battery += o.Battery
	c.TimeKWh += o.TimeKWh
	c.BatteryKWh += o.BatteryKWh
}

// MostKWh is what a session can bring at most, from empty to the charge at
// departure, at the meter.
func (h *Home) MostKWh() float64 {
	return h.Car.DepartureSoC * h.Car.BatteryKWh / h.Charger.OneWayEfficiency()
}

// Fit cuts the energies of the home's sessions to what the battery holds and
// the charger can bring in the time, and says what it cut. A home must be fitted
// once before its year is computed.
func (h *Home) Fit() Cuts {
	var cuts Cuts
	battery := h.MostKWh()
	for i := range h.Sessions {
		s := &h.Sessions[i]
		if over := s.EnergyKWh - battery; over > 0 {
			cuts.Battery++
			cuts.BatteryKWh += over
			s.EnergyKWh = battery
		}
		inTime := 0.0
		for t := s.Arrive; t < s.Depart && inTime < s.EnergyKWh; t++ {
			inTime += series.StepHours * h.Charger.brings(max(0, min(h.Charger.ChargeKW, h.ConnectionKW-h.NetKW[t])))
		}
		if over := s.EnergyKWh - inTime; over > 0 {
			cuts.Time++
			cuts.TimeKWh += over
			s.EnergyKWh = inTime
		}
	}
	return cuts
}

// Year is what one home did in one year with one contract and one mode.
type Year struct {
	ChargedKWh    float64 // taken by the charger
	DischargedKWh float64 // delivered by the charger
	FedInKWh      float64 // part of DischargedKWh that reached the grid
	OwnSolarKWh   float64 // part of ChargedKWh that came from own solar power
	CostEUR       float64 // of the home's whole exchange, all year
	WearEUR       float64 // of the battery, by what is discharged; the year costs both
	FullCycles    float64 // how often that empties a full battery, losses included; without driving
	NetKWh        float64 // taken less fed in by the home, all year; below 0 it feeds in more
	// NettedEURPerKWh is what a kWh more, taken or fed in, is worth in netted taxes
	// and fees: the contract's for a home that takes more than it feeds in, 0 for
	// one that feeds in more, between them where both are equal.
	NettedEURPerKWh float64
	// CapEURPerKWh is what one more kWh is worth in a cap on discharging; 0 where that
	// does not bind.
	CapEURPerKWh float64
	// GapEUR is how far the year's cost is above a proven bound: rounding. 0 for Regular.
	GapEUR float64
	// PowerTariffEUR is the part of CostEUR for the months' highest import, and MonthPeakKW
	// the mean of these 12.
	PowerTariffEUR, MonthPeakKW float64
	// HighestKW is the highest import of the year, BandKW the subscription that carries it
	// and BandEUR its price; HomeFedInKWh is all that the home feeds in, and FeedInFeeEUR
	// the fee on it. Both prices are part of CostEUR.
	HighestKW, BandKW, BandEUR float64
	HomeFedInKWh, FeedInFeeEUR float64
	DischargingHours           float64 // in which the car gives power, however little
	EveningKW                  float64 // the car's mean power over 17:00-21:00 local
	Sessions                   int
	PluggedSteps               int
	BeyondLimit                int // steps of sessions at which the home alone exceeds its connection
	Departures                 Departures
}

// TotalEUR is what the year costs, wear included: what is lowest.
func (y *Year) TotalEUR() float64 { return y.CostEUR + y.WearEUR }

// wear counts what a year's discharging does to the battery.
func (y *Year) wear(h *Home) {
	y.WearEUR = y.DischargedKWh * h.Car.WearEURPerKWh
	y.FullCycles = y.DischargedKWh / h.Charger.OneWayEfficiency() / h.Car.BatteryKWh
}

// Solver computes years and keeps its scratch memory. One per goroutine.
type Solver struct {
	// StoredEURPerKWh is what one more kWh in the battery is worth during each step
	// of the sessions of the last Year, in order: what it saves later, in EUR per
	// stored kWh, netted taxes and fees at their NettedEURPerKWh. Empty for Regular.
	StoredEURPerKWh []float64

	// Ranked, if not nil, makes years with its prices faster.
	Ranked *Ranked
	// TotalsOnly makes years faster of which totals alone are needed: energies, euros and
	// power. Evenings, hours, highest powers, steps beyond a limit and the worth of what is
	// stored are then left out, unless the contract has a price on powers or on feeding in.
	// Net loads and prices that were given once stay as they are.
	TotalsOnly bool

	dispatch              dispatch.Solver
	schedule              dispatch.Schedule
	export                []float64
	above                 []float64 // kW, per step of a session
	openEUR               float64   // of the last solveYear: its schedules' cost above their bounds
	beyond                float64   // of the last solveYear: kWh above a limit that must hold
	moved                 *tariff.Prices
	feeExport, feeStorage []float64 // EUR/kWh, per step of the year
	kept, freeStored      []float64 // StoredEURPerKWh of the cheapest year of several, and of that without limits
	batteryKW             []float64 // of the last solveYear, by step of the year
	peak                  *peakSearch
	plan                  plan
	totals                bool    // of the year at hand, no more is needed
	known                 []alone // years without a car
	oldest                int     // of those
}

// Ranked is a contract's prices, ranked once for all homes with the same charger.
type Ranked struct {
	prices     *tariff.Prices
	efficiency float64
	year       *dispatch.Year
}

// Rank ranks prices, which must not be changed after.
func Rank(prices *tariff.Prices, c Charger) (*Ranked, error) {
	eta := c.OneWayEfficiency()
	year, err := dispatch.NewYear(prices.ImportEURPerKWh, prices.ExportEURPerKWh, &dispatch.Charger{
		ChargeKW: c.ChargeKW, DischargeKW: c.DischargeKW, ChargeEfficiency: eta, DischargeEfficiency: eta,
	})
	return &Ranked{prices, eta, year}, err
}

// yearOf is the ranked year of prices and an efficiency; nil where those are others, or
// where what feeding in earns depends on the home.
func (r *Ranked) yearOf(prices *tariff.Prices, efficiency float64) *dispatch.Year {
	if r == nil || &r.prices.ImportEURPerKWh[0] != &prices.ImportEURPerKWh[0] || &r.prices.ExportEURPerKWh[0] != &prices.ExportEURPerKWh[0] || r.efficiency != efficiency || &prices.ExportEURPerKWh[0] != &prices.StorageExportEURPerKWh[0] {
		return nil
	}
	return r.year
}

// Year solves all sessions and appends the car's power per step of each session
// (in order, kW) to power. Net metering, a cap on discharging and a price of the months'
// highest import are settled over the year.
func (s *Solver) Year(h *Home, axis *series.Axis, prices *tariff.Prices, mode dispatch.Mode, power []float64) ([]float64, Year, error) {
	if s.totals = false; mode != dispatch.Regular && !h.Knowledge.Everything() {
		return s.planned(h, axis, prices, mode, power)
	}
	first := len(power)
	s.totals = s.onlyTotals(prices) && h.Battery == nil
	q := search{Solver: s, h: h, axis: axis, prices: prices}
	if s.peak != nil {
		s.peak.of = nil // a year does not depend on those that were solved before
	}
	if h.Charger.IdleLossKW > 0 {
		return q.betterOfTwo(mode, power)
	}
	var c candidate
	var err error
	if len(prices.Bands)+len(prices.FeedInTiers) > 0 {
		c, err = s.chosen(h, axis, prices, mode)
	} else {
		c, err = q.tied(mode, power)
	}
	if err != nil {
		return power, c.year, err
	}
	c.year.NettedEURPerKWh, c.year.CapEURPerKWh = c.netted, c.discharged
	if mode != dispatch.Regular || h.Battery != nil {
		c.year.GapEUR = c.year.TotalEUR() - c.boundEUR
	}
	return append(power[:first], c.power...), c.year, nil
}

// tied finds the cheapest year with all that ties its sessions together at a price.
func (q *search) tied(mode Mode, power []float64) (candidate, error) {
	c, err := q.tiered(mode, 0, power)
	q.ceilingEUR = 0
	if err == nil && mode != dispatch.Regular {
		c, err = q.capped(mode, c)
	}
	return c, err
}

// year solves all sessions at a price of what is netted and one of what is discharged.
func (q *search) year(mode Mode, netted, perDischargedEUR float64, power []float64) (candidate, error) {
	first, prices := len(power), q.prices
	if netted != prices.NettedEURPerKWh {
		prices = q.shifted(prices, netted-prices.NettedEURPerKWh)
	}
	c := candidate{netted: netted, discharged: perDischargedEUR}
	var err error
	if prices.PowerEURPerKWMonth > 0 && mode != dispatch.Regular {
		power, c.year, c.boundEUR, err = q.withPeaks(mode, prices, perDischargedEUR, power)
	} else {
		power, c.year, err = q.solveYear(q.h, q.axis, prices, mode, perDischargedEUR, q.limit, power)
		c.beyond = q.beyond
		c.boundEUR = c.value() - q.openEUR
	}
	if q.h.Battery != nil {
		c.battery = slices.Clone(q.batteryKW)
	}
	c.power = power[first:]
	return c, err
}

// solveYear solves all sessions at given prices.
func (s *Solver) solveYear(h *Home, axis *series.Axis, prices *tariff.Prices, mode dispatch.Mode, perDischargedEUR float64, limit *threshold, power []float64) ([]float64, Year, error) {
	if h.Battery != nil {
		return s.batteryYear(h, axis, prices, mode, power)
	}
	var y Year
	first := len(power)
	s.StoredEURPerKWh, s.openEUR, s.beyond = s.StoredEURPerKWh[:0], 0, 0
	p := h.problem(mode, perDischargedEUR)
	for i, ses := range h.Sessions {
		if !s.totals {
			runtime.Gosched() // a server's pages come before the laboratory's next session
		}
		if err := s.session(&p, h, axis, prices, limit, i); err != nil {
			return power, y, err
		}
		y.BeyondLimit += s.schedule.BentSteps
		if !s.totals {
			s.StoredEURPerKWh = append(s.StoredEURPerKWh, s.schedule.MarginalEURPerKWh...)
		}
		for t := range s.schedule.ChargeKW {
			c, d := s.schedule.ChargeKW[t], s.schedule.DischargeKW[t]
			y.ChargedKWh += c
			y.DischargedKWh += d
			power = append(power, c-d)
			if limit != nil && limit.hard {
				s.beyond += series.StepHours * max(0, h.NetKW[ses.Arrive+t]+c-d-limit.kW[0])
			}
		}
		y.PluggedSteps += ses.Steps()
	}
	y.Sessions = len(h.Sessions)
	y.ChargedKWh *= series.StepHours
	y.DischargedKWh *= series.StepHours
	y.wear(h)
	s.settle(h, axis, prices, power[first:], &y)
	return power, y, nil
}

// Play is the year of a home whose car's power is given for each step of its sessions:
// what it comes to at the prices, what is netted settled. The power is a mean of schedules
// that the solver found; Sessions and the battery are not checked again.
func (s *Solver) Play(h *Home, axis *series.Axis, prices *tariff.Prices, power []float64) ([]float64, Year) {
	y := Year{Sessions: len(h.Sessions)}
	for _, kw := range power {
		y.ChargedKWh += max(0, kw) * series.StepHours
		y.DischargedKWh += max(0, -kw) * series.StepHours
	}
	for _, ses := range h.Sessions {
		y.PluggedSteps += ses.Steps()
	}
	y.wear(h)
	s.settle(h, axis, prices, power, &y)
	if y.NetKWh < 0 { // what is netted is due on nothing
		y.CostEUR -= prices.NettedEURPerKWh * y.NetKWh
	}
	return power, y
}

// problem is what a home's sessions have in common.
func (h *Home) problem(mode Mode, perDischargedEUR float64) dispatch.Problem {
	eta := h.Charger.OneWayEfficiency()
	return dispatch.Problem{
		StepHours: series.StepHours,
		Battery:   dispatch.Battery{WearEURPerKWh: h.Car.WearEURPerKWh + perDischargedEUR},
		Charger: dispatch.Charger{
			ChargeKW: h.Charger.ChargeKW, DischargeKW: h.Charger.DischargeKW,
			ChargeEfficiency: eta, DischargeEfficiency: eta,
		},
		Grid: dispatch.Grid{ImportLimit: dispatch.LimitKW(h.ConnectionKW), ExportLimit: dispatch.LimitKW(h.ConnectionKW)},
		Mode: mode,
	}
}

// Problem is one of a home's sessions, without prices.
func (h *Home) Problem(mode Mode, session int) dispatch.Problem {
	p := h.problem(mode, 0)
	h.setSession(&p, session)
	return p
}

// setSession makes a home's problem that of one of its sessions.
func (h *Home) setSession(p *dispatch.Problem, i int) {
	ses := h.Sessions[i]
	departure := h.Car.DepartureSoC * h.Car.BatteryKWh
	lowest := h.Car.MinSoC * h.Car.BatteryKWh
	// Rounding in the cut energies may leave the arrival a hair too low.
	arrival := max(0, departure-p.Charger.ChargeEfficiency*ses.EnergyKWh)
	p.NetLoadKW = h.NetKW[ses.Arrive:ses.Depart]
	b := &p.Battery
	b.MinKWh, b.MaxKWh, b.StartKWh, b.EndKWh = min(lowest, arrival), h.Car.BatteryKWh, arrival, departure
}

// session solves a home's session into s.schedule.
func (s *Solver) session(p *dispatch.Problem, h *Home, axis *series.Axis, prices *tariff.Prices, limit *threshold, i int) error {
	from, to := h.Sessions[i].Arrive, h.Sessions[i].Depart
	h.setSession(p, i)
	// A limit that must hold is one of the connection where the home alone keeps it.
	hard := limit != nil && limit.hard && slices.Max(p.NetLoadKW) <= limit.kW[0]
	p.Threshold, p.Grid.ImportLimit = dispatch.Threshold{}, dispatch.LimitKW(h.ConnectionKW)
	switch {
	case hard:
		p.Grid.ImportLimit = dispatch.LimitKW(min(h.ConnectionKW, limit.kW[0]))
	case limit != nil:
		p.Threshold = s.threshold(axis, limit, from, to)
	}
	err := s.solveIn(p, h, prices, from)
	if hard && errors.As(err, new(*dispatch.InfeasibleError)) { // it cannot hold: by how much?
		p.Threshold, p.Grid.ImportLimit = s.threshold(axis, limit, from, to), dispatch.LimitKW(h.ConnectionKW)
		err = s.solveIn(p, h, prices, from)
	}
	if err != nil {
		if errors.As(err, new(*dispatch.InfeasibleError)) {
			err = fmt.Errorf("%w (the home's energies were not fitted)", err)
		}
		return fmt.Errorf("session %d, from %s: %w", i+1, axis.Time(from).Format("2006-01-02T15:04Z"), err)
	}
	return nil
}

// threshold is a limit's in the steps of a session.
func (s *Solver) threshold(axis *series.Axis, limit *threshold, from, to int) dispatch.Threshold {
	s.above = s.above[:0]
	for _, c := range axis.Clock[from:to] {
		s.above = append(s.above, limit.kW[c.Month-1])
	}
	return dispatch.Threshold{ImportKW: s.above, EURPerKWh: limit.eurPerKWh}
}

// solveIn solves a session that begins at a step of the year.
func (s *Solver) solveIn(p *dispatch.Problem, h *Home, prices *tariff.Prices, from int) error {
	if ranked := s.Ranked.yearOf(prices, p.Charger.ChargeEfficiency); ranked != nil && h.Charger.IdleLossKW == 0 {
		return s.dispatch.SolveIn(ranked, from, p, &s.schedule)
	}
	to := from + len(p.NetLoadKW)
	p.ImportEURPerKWh = prices.ImportEURPerKWh[from:to]
	p.ExportEURPerKWh = s.exportPrices(h, prices, from, to)
	return s.solve(p, h)
}

// exportPrices are a session's export prices: those for storage where the home
// itself feeds nothing in.
func (s *Solver) exportPrices(h *Home, prices *tariff.Prices, from, to int) []float64 {
	plain, storage := prices.ExportEURPerKWh[from:to], prices.StorageExportEURPerKWh[from:to]
	if &plain[0] == &storage[0] {
		return plain
	}
	s.export = s.export[:0]
	for t := from; t < to; t++ {
		if h.NetKW[t] >= 0 {
			s.export = append(s.export, prices.StorageExportEURPerKWh[t])
		} else {
			s.export = append(s.export, prices.ExportEURPerKWh[t])
		}
	}
	return s.export
}
