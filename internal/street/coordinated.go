package street

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/getij/getij/dispatch"
	"github.com/getij/getij/internal/cohort"
	"github.com/getij/getij/internal/coordinate"
	"github.com/getij/getij/internal/home"
	"github.com/getij/getij/internal/series"
	"github.com/getij/getij/internal/tariff"
)

// Coordinated is the middle street under one contract with one way to charge: its homes
// coordinated within the capacity, and beside that what simple rules do.
type Coordinated struct {
	Contract string
	Mode     dispatch.Mode
	Ways     []Way // the first is the coordinated one
	// BoundEUR is what the homes with a charge point cost at least within the capacity, all
	// year, in EUR; SavedEUR what coordinated charging saves against regular charging.
	BoundEUR, SavedEUR float64
	Prices             *tariff.Prices // of the contract
	SignalEURPerKWh    []float64
	ExcessKWh          float64 // that no plan avoids, or that the plan has not avoided
	ExcessEURPerKWh    float64 // its price
	Rounds             int
}

// Way is a way to share the street's capacity, or not to.
type Way struct {
	Name    string
	CostEUR []float64 // per home with a charge point, all it exchanges in the year
	KW      []float64 // of the street per step
}

// Total is what the homes with a charge point cost together.
func (w *Way) Total() (eur float64) {
	for _, x := range w.CostEUR {
		eur += x
	}
	return eur
}

// Use is what a street does beyond its capacity in a year.
type Use struct{ PeakKW, FeedInKW, HoursBeyond, HoursBeyondFeedIn, KWhBeyond, KWhBeyondFeedIn float64 }

// Use counts a way's.
func (w *Way) Use(capacityKW float64) Use {
	y := yearOf(w.KW, capacityKW+withinKW)
	return Use{y.peak, y.feedIn, y.hours, y.hoursFeedIn, y.kWh, y.kWhFeedIn}
}

// GapEUR is how much cheaper a plan within the capacity could be at most, what is beyond it
// at its price.
func (c *Coordinated) GapEUR() float64 {
	return c.Ways[0].Total() + c.ExcessEURPerKWh*c.ExcessKWh - c.BoundEUR
}

// Of is a way by its name.
func (c *Coordinated) Of(name string) *Way {
	i := slices.IndexFunc(c.Ways, func(w Way) bool { return w.Name == name })
	return &c.Ways[i]
}

// The names of ways.
const (
	WayCoordinated  = "coordinated"
	WayAlone        = "alone"
	WayRegular      = "regular"
	WaySmart        = "smart"
	WayEvening      = "evening_pause"
	WaySubscription = "subscription"
	WayShare        = "equal_share"
	WayTariff       = "peak_tariff"
	WayDelay        = "random_delay"
)

const (
	withinKW       = 1e-5  // beyond the capacity, that counts as within
	toleranceShare = 0.001 // of what the case saves against regular charging: the gap at which the search ends
	// The rules' numbers are examples, by judgement; the delay is what British charge points
	// must be able to do (The Electric Vehicles (Smart Charge Points) Regulations 2021).
	subscriptionKW  = 4
	tariffEURPerKWh = 0.10
	mostDelaySteps  = 2
	noLimit         = math.MaxFloat64
	delaySeed       = 0xde1a7
)

// Coordinate coordinates the middle street of a result for one of its cases.
func Coordinate(ctx context.Context, in *Input, found *Result, c cohort.Case) (*Coordinated, error) {
	p := &behind{in: in, c: c, base: found.BareKW}
	for _, i := range in.Street(found.Middle)[:in.ChargePoints] {
		p.homes = append(p.homes, in.Pool[i])
	}
	if err := CanCoordinate(c, p.homes); err != nil {
		return nil, err
	}
	out := &Coordinated{Contract: c.Contract, Mode: c.Mode, Prices: c.Prices, Ways: make([]Way, 1)}
	for _, w := range []struct {
		name string
		mode dispatch.Mode
	}{{WayAlone, c.Mode}, {WayRegular, dispatch.Regular}, {WaySmart, dispatch.Smart}} {
		way, err := p.alone(w.name, w.mode)
		if err != nil {
			return nil, err
		}
		out.Ways = append(out.Ways, *way)
	}
	if err := p.coordinate(ctx, out); err != nil {
		return nil, err
	}
	for _, rule := range p.rules() {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		way, err := p.byRule(&rule, out.ExcessEURPerKWh)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", rule.name, err)
		}
		out.Ways = append(out.Ways, *way)
	}
	return out, nil
}

// behind is the middle street's homes with a charge point, and a case.
type behind struct {
	in     *Input
	c      cohort.Case
	homes  []*home.Home // with a charge point
	base   []float64    // kW of the street without cars
	solver home.Solver
	netted []float64 // by home, EUR/kWh that a netted kWh is worth
}

// CanCoordinate refuses what one price per step cannot steer, or what is not convex.
func CanCoordinate(c cohort.Case, homes []*home.Home) error {
	refuse := func(key, why string) error {
		return fmt.Errorf("a street cannot be coordinated under the contract %s with %s: %s (%s)", c.Contract, c.Mode, why, key)
	}
	if c.Mode == dispatch.Regular {
		return refuse("modes", "regular charging follows no price; smart, v2h or v2g was expected")
	}
	if c.Prices.PowerEURPerKWMonth > 0 {
		return refuse("contracts.power_tariff_eur_per_kw_month", "a price of each month's highest power ties a home's sessions; 0 was expected")
	}
	if len(c.Prices.Bands) > 0 {
		return refuse("contracts.power_bands_kw", "a subscription by power ties a home's sessions; none was expected")
	}
	if len(c.Prices.FeedInTiers) > 0 {
		return refuse("contracts.feed_in_tiers_from_kwh", "a fee by the year's feed-in ties a home's sessions; none was expected")
	}
	for _, h := range homes {
		switch {
		case h.Charger.IdleLossKW > 0:
			return refuse("charger.idle_loss_kw", "with a loss at any power the cost of charging is not convex, and the bound proves little; 0 was expected")
		case h.Car.MostDischargedKWh != nil || h.Car.MostDischargedHours != nil:
			return refuse("car.discharge_cap_kwh_per_year, car.discharge_cap_hours_per_year", "a year's cap on discharging ties a home's sessions; none was expected")
		case !h.Knowledge.Everything():
			return refuse("behaviour", "a plan needs prices and departures that are known")
		}
	}
	return nil
}

// alone is every home by itself.
func (p *behind) alone(name string, mode dispatch.Mode) (*Way, error) {
	w := &Way{Name: name, KW: slices.Clone(p.base)}
	for _, h := range p.homes {
		power, y, err := p.solver.Year(h, p.in.Axis, p.c.Prices, mode, nil)
		if err != nil {
			return nil, err
		}
		if name == WayAlone {
			p.netted = append(p.netted, y.NettedEURPerKWh)
		}
		w.add(h, power, y.TotalEUR())
	}
	return w, nil
}

// add adds a home's car.
func (w *Way) add(h *home.Home, power []float64, eur float64) {
	for _, s := range h.Sessions {
		for t := s.Arrive; t < s.Depart; t++ {
			w.KW[t] += power[t-s.Arrive]
		}
		power = power[s.Steps():]
	}
	w.CostEUR = append(w.CostEUR, eur)
}

// prices are those of a home's session: nil where they are the contract's own.
func (p *behind) prices(i int, from, to int) (imp, exp []float64) {
	c := p.c.Prices
	shift := p.netted[i] - c.NettedEURPerKWh
	if shift == 0 && &c.ExportEURPerKWh[0] == &c.StorageExportEURPerKWh[0] {
		return nil, nil
	}
	return p.shifted(i, from, to, shift)
}

func (p *behind) shifted(i, from, to int, shift float64) (imp, exp []float64) {
	c, h := p.c.Prices, p.homes[i]
	for t := from; t < to; t++ {
		e := c.ExportEURPerKWh[t]
		if h.NetKW[t] >= 0 {
			e = c.StorageExportEURPerKWh[t]
		}
		imp, exp = append(imp, c.ImportEURPerKWh[t]+shift), append(exp, e+shift)
	}
	return imp, exp
}

// coordinate fills in the coordinated way.
func (p *behind) coordinate(ctx context.Context, out *Coordinated) error {
	c := p.c.Prices
	g := &coordinate.Group{
		StepHours: series.StepHours, ImportEURPerKWh: c.ImportEURPerKWh, ExportEURPerKWh: c.ExportEURPerKWh,
		BaseKW: p.base, MostKW: p.in.CapacityKW, MostFeedInKW: p.in.CapacityKW,
		Progress:     p.in.Coordinating,
		ToleranceEUR: toleranceShare * max(1, out.Of(WayRegular).Total()-out.Of(WayAlone).Total()),
	}
	for i, h := range p.homes {
		for k, s := range h.Sessions {
			problem := h.Problem(p.c.Mode, k)
			problem.ImportEURPerKWh, problem.ExportEURPerKWh = p.prices(i, s.Arrive, s.Depart)
			g.Sessions = append(g.Sessions, coordinate.Session{From: s.Arrive, Problem: problem})
		}
	}
	plan, err := coordinate.Solve(ctx, g)
	if err != nil {
		return err
	}
	w := Way{Name: WayCoordinated, KW: slices.Clone(p.base)}
	out.BoundEUR = plan.BoundEUR
	schedules := plan.Schedules
	for i, h := range p.homes {
		power, eur := []float64(nil), 0.0
		for _, x := range schedules[:len(h.Sessions)] {
			for t, kW := range x.ChargeKW {
				power = append(power, kW-x.DischargeKW[t])
			}
			eur += x.CostEUR
		}
		schedules = schedules[len(h.Sessions):]
		w.add(h, power, p.settle(h, c, power))
		// The bound of the year is that of the sessions, and what the home exchanges without
		// its car at the same prices.
		out.BoundEUR += p.settle(h, p.at(p.netted[i]), power) - eur
	}
	out.Ways[0], out.SavedEUR = w, out.Of(WayRegular).Total()-w.Total()
	out.SignalEURPerKWh, out.ExcessKWh, out.ExcessEURPerKWh, out.Rounds = plan.SignalEURPerKWh, plan.ExcessKWh, plan.ExcessEURPerKWh, plan.Rounds
	return nil
}

// settle is what a home's year costs.
func (p *behind) settle(h *home.Home, prices *tariff.Prices, power []float64) float64 {
	_, y := p.solver.Play(h, p.in.Axis, prices, power)
	return y.TotalEUR()
}

// at are the contract's prices with what is netted at a price of its own and never due on
// nothing, as the sessions saw them.
func (p *behind) at(netted float64) *tariff.Prices {
	c := p.c.Prices
	shift := netted - c.NettedEURPerKWh
	move := func(list []float64) []float64 {
		out := slices.Clone(list)
		for t := range out {
			out[t] += shift
		}
		return out
	}
	return &tariff.Prices{ImportEURPerKWh: move(c.ImportEURPerKWh), ExportEURPerKWh: move(c.ExportEURPerKWh), StorageExportEURPerKWh: move(c.StorageExportEURPerKWh)}
}

// rule is a simple way to share: what a car sees instead of the tariff.
type rule struct {
	name string
	// most is the power that a home may take in a step, noLimit where it may take any.
	most func(h *home.Home, step int) float64
	// price is what taking costs more in a step, as a network tariff; feeding in earns no more.
	price func(step int) float64
	// delay is by how many steps a home sees prices late.
	delay func(home int) int
}

func (p *behind) rules() []rule {
	evening := func(step int) bool {
		q := p.in.Axis.Clock[step].QuarterOfDay
		return q >= series.EveningFrom && q < series.EveningTo
	}
	rules := []rule{
		{name: WayEvening, most: func(h *home.Home, step int) float64 {
			if evening(step) {
				return max(0, h.NetKW[step])
			}
			return noLimit
		}},
		{name: WaySubscription, most: func(*home.Home, int) float64 { return subscriptionKW }},
		{name: WayShare, most: func(h *home.Home, step int) float64 {
			return max(0, h.NetKW[step]+max(0, p.in.CapacityKW-p.base[step])/float64(len(p.homes)))
		}},
		{name: WayTariff, price: func(step int) float64 {
			if evening(step) {
				return tariffEURPerKWh
			}
			return 0
		}},
	}
	draw := rand.New(rand.NewPCG(p.in.Seed, delaySeed))
	late := make([]int, len(p.homes))
	for i := range late {
		late[i] = draw.IntN(mostDelaySteps + 1)
	}
	return append(rules, rule{name: WayDelay, delay: func(home int) int { return late[home] }})
}

// byRule is every home by itself under a rule. What a car cannot do without it takes
// against the rule at a price, and no more.
func (p *behind) byRule(r *rule, eurPerKWh float64) (*Way, error) {
	w := &Way{Name: r.name, KW: slices.Clone(p.base)}
	var solver dispatch.Solver
	var found dispatch.Schedule
	for i, h := range p.homes {
		var power []float64
		for k, s := range h.Sessions {
			problem := h.Problem(p.c.Mode, k)
			imp, exp := p.shifted(i, s.Arrive, s.Depart, p.netted[i]-p.c.Prices.NettedEURPerKWh)
			if r.delay != nil {
				imp, exp = late(imp, r.delay(i)), late(exp, r.delay(i))
			}
			for t := range imp {
				step := s.Arrive + t
				if r.price != nil {
					imp[t] += r.price(step)
				}
				if r.most != nil {
					problem.Threshold.EURPerKWh = eurPerKWh
					problem.Threshold.ImportKW = append(problem.Threshold.ImportKW, r.most(h, step))
				}
			}
			problem.ImportEURPerKWh, problem.ExportEURPerKWh = imp, exp
			if err := solver.Solve(&problem, &found); err != nil {
				return nil, fmt.Errorf("session %d: %w", k+1, err)
			}
			for t, kW := range found.ChargeKW {
				power = append(power, kW-found.DischargeKW[t])
			}
		}
		w.add(h, power, p.settle(h, p.c.Prices, power))
	}
	return w, nil
}

// late is a list seen some steps late: at first its first value.
func late(list []float64, steps int) []float64 {
	out := make([]float64, len(list))
	for t := range out {
		out[t] = list[max(0, t-steps)]
	}
	return out
}
