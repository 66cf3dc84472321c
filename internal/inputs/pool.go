package inputs

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/getij/getij/internal/assume"
	"github.com/getij/getij/internal/home"
	"github.com/getij/getij/internal/series"
	"github.com/getij/getij/internal/street"
)

// poolStreets is how many streets of different homes the pool has room for at least.
const poolStreets = 3

// NewPool is a workbench for the homes that streets are drawn from, and what they have now:
// each has a load of its own, drawn where no meters are named.
func NewPool(s *assume.Study, files Files) (*Workbench, []street.State) {
	pool, k := *s, &s.Street
	pool.Homes = max(s.Homes, poolStreets*k.Homes)
	switch {
	case s.Fleet(): // behind one connection: a vehicle has none of its own
		pool.Data.Meters = assume.None
		pool.Home.ConnectionKW = slices.Max(append([]float64{s.Charger.ChargeKW, s.Charger.DischargeKW}, k.ChargerKW...))
	case pool.Data.Meters == assume.None:
		pool.Data.Meters = assume.Drawn
	}
	if k.Region == assume.Country && pool.Outlook.ChargePoints == assume.Model {
		pool.Data.Regions = assume.Reference // the whole country, whatever a file has of it
	}
	r, now := New(&pool, files), HasOf(s.Seed, pool.Homes, street.Shares{Solar: k.SolarShare, HeatPump: k.HeatPumpShare})
	r.Solar = func(home int) bool { return now[home]&street.Solar != 0 }
	r.HeatPump = func(home int) bool { return now[home]&street.HeatPump != 0 }
	r.Own = ownCars(&pool)
	return r, now
}

// PoolNote says what streets are drawn from, and what is not computed.
func PoolNote(s *assume.Study, pool int) string {
	if s.Fleet() {
		return fmt.Sprintf("vehicles are drawn from a pool of %d; they share one connection, and losses and voltages of the network are not computed", pool)
	}
	return fmt.Sprintf("streets are drawn from a pool of %d homes; every home has one connection, and losses and voltages of the network are not computed", pool)
}

// HasOf is what the homes of a pool have, by the shares that have it.
func HasOf(seed uint64, homes int, shares street.Shares) []street.State {
	out := make([]street.State, homes)
	for i := range out {
		if Has(seed, SolarPanels, i, shares.Solar) {
			out[i] |= street.Solar
		}
		if Has(seed, HeatPumps, i, shares.HeatPump) {
			out[i] |= street.HeatPump
		}
	}
	return out
}

// HomeWith makes homes of a pool that have something else than now.
func (r *Workbench) HomeWith(pool []*home.Home, now []street.State) func(number int, state street.State) *home.Home {
	return func(i int, state street.State) *home.Home {
		net := pool[i].NetKW
		change := func(what street.State, kW func() []float64, sign float64) {
			switch {
			case state&what == now[i]&what:
				return
			case state&what == 0:
				sign = -sign
			}
			net = Plus(net, kW(), sign)
		}
		change(street.Solar, func() []float64 { return r.SolarKW }, -1)
		change(street.HeatPump, func() []float64 { return r.HeatPumpKW(i) }, 1)
		h := NewHome(r.Of(i), net, r.Drawn(i), pool[i].Knowledge)
		h.Fit()
		return h
	}
}

// ownCars draws the charger and the car of each home of a street's pool; nil where all have
// the study's.
func ownCars(s *assume.Study) func(home int) *assume.Study {
	k := &s.Street
	if len(k.ChargerKW)+len(k.BatteryKWh) == 0 {
		return nil
	}
	kinds := make([][]*assume.Study, max(1, len(k.ChargerKW))) // one of each: homes of a kind share it
	for i := range kinds {
		for j := range max(1, len(k.BatteryKWh)) {
			kinds[i] = append(kinds[i], s.StreetHome(i, j))
		}
	}
	return func(home int) *assume.Study {
		r := rand.New(rand.NewPCG(s.Seed^0xca25, uint64(home)))
		charger, car := r.Float64(), r.Float64()
		return kinds[drawnPlace(charger, k.ChargerShares)][drawnPlace(car, k.BatteryShares)]
	}
}

// drawnPlace is the place in a list of shares that a number from 0 to 1 falls on.
func drawnPlace(x float64, shares []float64) int {
	last := 0
	for i, share := range shares {
		if share > 0 {
			last = i
		}
		if x -= share; x < 0 {
			return i
		}
	}
	return last // of rounding
}

// PluggedEvening is the share of 17:00-21:00, all days, that cars of the pool are plugged in.
func PluggedEvening(axis *series.Axis, pool []*home.Home) float64 {
	cars := make([]float64, axis.Len())
	for _, h := range pool {
		for _, x := range h.Sessions {
			for t := x.Arrive; t < x.Depart; t++ {
				cars[t] += 1 / float64(len(pool))
			}
		}
	}
	return axis.EveningMean(cars)
}
