package home

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/getij/getij/internal/series"
	"github.com/getij/getij/internal/tariff"
)

// A price k of the month's highest import is a search for the powers P of the 12 months
// above which it does not pay to take more. With V_s(P) what session s costs where
// energy above P_m costs k more per step and kW (a threshold in the kernel),
//
//	minimise  k sum_m P_m + sum_s V_s(P)
//
// is the year's cost: in a step above P, k is what raising P itself would cost, so nobody
// is charged too much, and nothing is out of reach at any P. V_s is convex, and the
// kernel gives its slope. So each evaluation cuts off, from below, what cannot be; the
// cheapest P over the cuts (master.go) is where to look next, and its cost is a bound.
// Sessions that touch one month only are one block, those over the turn of a month blocks
// of their own. It ends where the bound is met, as there are finitely many slopes.

// mostRounds bounds the search; some dozen are usual.
const mostRounds = 1000

// peakToleranceEUR is the gap at which the search ends, peakToleranceShare that of a cost
// that is large for its rounding.
const peakToleranceEUR, peakToleranceShare = 1e-9, 1e-12

// peakSearch is its memory.
type peakSearch struct {
	master   master
	sessions []peakSession
	blocks   []peakBlock
	rounds   int // of the last search, and sessions that they solved
	solved   int
	of       *Home           // of the last search, and where it ended
	ended    [months]float64 // kW
}

// peakSession is what a session does without a threshold, and what was found with some.
type peakSession struct {
	block   int
	from    int // first month
	cost    float64
	highest []float64 // import by month, kW
	points  []peakPoint
}

// peakPoint is the cost of a session within a month at a threshold, and its slope.
type peakPoint struct{ kW, value, slope float64 }

// sameEUR is what values of a session may differ by for rounding.
const sameEUR = 1e-13

// known is the cost at a threshold that follows from points on both sides: where the
// line of one goes through the other, the cost, which is convex, is straight between them.
func (x *peakSession) known(kW float64) (peakPoint, bool) {
	i, found := slices.BinarySearchFunc(x.points, kW, func(p peakPoint, kW float64) int { return cmp.Compare(p.kW, kW) })
	if found {
		return x.points[i], true
	}
	if i == 0 || i == len(x.points) {
		return peakPoint{}, false
	}
	a, b := x.points[i-1], x.points[i]
	same := sameEUR * max(1, math.Abs(b.value))
	if a.value+a.slope*(b.kW-a.kW) < b.value-same && b.value-b.slope*(b.kW-a.kW) < a.value-same {
		return peakPoint{}, false
	}
	slope := (b.value - a.value) / (b.kW - a.kW)
	return peakPoint{kW, a.value + slope*(kW-a.kW), slope}, true
}

// add takes up a point.
func (x *peakSession) add(p peakPoint) {
	i, found := slices.BinarySearchFunc(x.points, p.kW, func(q peakPoint, kW float64) int { return cmp.Compare(q.kW, kW) })
	if !found {
		x.points = slices.Insert(x.points, i, p)
	}
}

// peakBlock adds up sessions of the same months.
type peakBlock struct {
	from   int
	value  float64
	slopes []float64
}

// threshold is a price of import above a power of each month. Where it is hard, the
// powers are one, and nothing above is bought.
type threshold struct {
	kW        [months]float64
	eurPerKWh float64
	hard      bool
}

// withPeaks finds the cheapest year at given prices and a price of the months' highest
// import.
func (q *search) withPeaks(mode Mode, prices *tariff.Prices, perDischargedEUR float64, power []float64) ([]float64, Year, float64, error) {
	if q.peak == nil {
		q.peak = &peakSearch{}
	}
	s, k := q.peak, prices.PowerEURPerKWMonth
	first := len(power)
	least := s.unplugged(q.h, q.axis)
	most := least
	power, free, err := q.solveYear(q.h, q.axis, prices, mode, perDischargedEUR, nil, power)
	if err != nil {
		return power, free, 0, err
	}
	if err := s.start(q, mode, prices, perDischargedEUR, &most); err != nil {
		return power, free, 0, err
	}
	flat := make([]float64, len(s.blocks))
	sessions := 0.0
	for b := range s.blocks {
		flat[b] = s.blocks[b].value
		sessions += flat[b]
	}
	// What is exchanged while the car is away.
	away := free.TotalEUR() - free.PowerTariffEUR + perDischargedEUR*free.DischargedKWh - sessions
	s.master.reset(k, &least, &most, flat)
	limit := threshold{eurPerKWh: k / series.StepHours}
	best, bestEUR := most, math.Inf(1)
	for s.rounds = 0; ; s.rounds++ {
		bound, p, err := s.master.solve()
		if err != nil {
			return power, free, 0, err
		}
		if s.rounds == 0 {
			p = s.guess(q.h, &least, &most)
		}
		if bestEUR-bound <= max(peakToleranceEUR, peakToleranceShare*math.Abs(bound)) {
			limit.kW, s.of, s.ended = best, q.h, best
			power, y, err := q.solveYear(q.h, q.axis, prices, mode, perDischargedEUR, &limit, power[:first])
			return power, y, bound + away, err
		}
		if s.rounds == mostRounds {
			return power, free, 0, fmt.Errorf("the months' highest powers were not settled in %d rounds", mostRounds)
		}
		limit.kW = p
		cost, err := s.evaluate(q, mode, prices, perDischargedEUR, &limit)
		if err != nil {
			return power, free, 0, err
		}
		for _, kW := range p {
			cost += k * kW
		}
		if cost < bestEUR {
			best, bestEUR = p, cost
		}
		for b := range s.blocks {
			block := &s.blocks[b]
			s.master.add(b, block.value, block.from, block.slopes, &p)
		}
	}
}

// guess is where to look first. Any will do; a good one spares rounds: where the home's
// search at another price of what is netted or discharged ended, or a third of the way from
// what it takes anyway to what it takes where power is free.
func (s *peakSearch) guess(h *Home, least, most *[months]float64) (p [months]float64) {
	if s.of == h {
		for m := range p {
			p[m] = min(max(s.ended[m], least[m]), most[m])
		}
		return p
	}
	p = *least
	for _, x := range s.sessions {
		for k, kW := range x.highest {
			m := x.from + k
			p[m] = max(p[m], least[m]+(kW-least[m])/3)
		}
	}
	return p
}

// unplugged is the highest import of each month while the car is away.
func (s *peakSearch) unplugged(h *Home, axis *series.Axis) (kW [months]float64) {
	next := 0
	for t, c := range axis.Clock {
		for next < len(h.Sessions) && t >= h.Sessions[next].Depart {
			next++
		}
		if next == len(h.Sessions) || t < h.Sessions[next].Arrive {
			kW[c.Month-1] = max(kW[c.Month-1], h.NetKW[t])
		}
	}
	return kW
}

// start solves the sessions without a threshold and puts them into blocks; most rises
// to the highest import of each month that charger and connection let happen: what one
// month is spared another may have to take.
func (s *peakSearch) start(q *search, mode Mode, prices *tariff.Prices, perDischargedEUR float64, most *[months]float64) error {
	s.sessions, s.blocks, s.solved = s.sessions[:0], s.blocks[:0], 0
	byMonths := map[[2]int]int{}
	p := q.h.problem(mode, perDischargedEUR)
	for i, ses := range q.h.Sessions {
		if err := q.session(&p, q.h, q.axis, prices, nil, i); err != nil {
			return err
		}
		from, to := int(q.axis.Clock[ses.Arrive].Month)-1, int(q.axis.Clock[ses.Depart-1].Month)-1
		b, ok := byMonths[[2]int{from, to}]
		if !ok {
			b = len(s.blocks)
			byMonths[[2]int{from, to}] = b
			s.blocks = append(s.blocks, peakBlock{from: from, slopes: make([]float64, to-from+1)})
		}
		x := peakSession{block: b, from: from, cost: q.schedule.CostEUR, highest: make([]float64, to-from+1)}
		for t := ses.Arrive; t < ses.Depart; t++ {
			m := int(q.axis.Clock[t].Month) - 1
			net := q.h.NetKW[t]
			kW := net + q.schedule.ChargeKW[t-ses.Arrive] - q.schedule.DischargeKW[t-ses.Arrive]
			x.highest[m-from] = max(x.highest[m-from], kW)
			most[m] = max(most[m], net+max(0, min(q.h.Charger.ChargeKW, q.h.ConnectionKW-net)))
		}
		if len(x.highest) == 1 {
			x.add(peakPoint{x.highest[0], x.cost, 0})
		}
		s.blocks[b].value += x.cost
		s.sessions = append(s.sessions, x)
	}
	return nil
}

// evaluate finds the cost of all sessions at a threshold, and of each block its slopes.
func (s *peakSearch) evaluate(q *search, mode Mode, prices *tariff.Prices, perDischargedEUR float64, limit *threshold) (cost float64, err error) {
	for b := range s.blocks {
		s.blocks[b].value = 0
		clear(s.blocks[b].slopes)
	}
	p := q.h.problem(mode, perDischargedEUR)
	for i := range s.sessions {
		x := &s.sessions[i]
		block := &s.blocks[x.block]
		below := true
		for k, kW := range x.highest {
			below = below && kW <= limit.kW[x.from+k]
		}
		if below { // the threshold changes nothing
			block.value += x.cost
			cost += x.cost
			continue
		}
		single := len(x.highest) == 1
		if single {
			if p, ok := x.known(limit.kW[x.from]); ok {
				block.value += p.value
				cost += p.value
				block.slopes[0] += p.slope
				continue
			}
		}
		if err := q.session(&p, q.h, q.axis, prices, limit, i); err != nil {
			return 0, err
		}
		s.solved++
		block.value += q.schedule.CostEUR
		cost += q.schedule.CostEUR
		found := peakPoint{kW: limit.kW[x.from], value: q.schedule.CostEUR}
		for t, eur := range q.schedule.ThresholdEURPerKW {
			block.slopes[int(q.axis.Clock[q.h.Sessions[i].Arrive+t].Month)-1-x.from] -= eur
			found.slope -= eur
		}
		if single {
			x.add(found)
		}
	}
	return cost, nil
}
