package dispatch

import (
	"context"
	"fmt"
	"math"
	"slices"
	"sort"
)

// Kink is a bend in what it costs to leave with too little: below StoredKWh each
// kWh that is missing costs EURPerKWh more.
type Kink struct {
	StoredKWh float64
	EURPerKWh float64
}

// PenaltyEUR is what it costs to leave with a stored energy: the sum over kinks of
// price times what is missing. It is convex, falls, and is 0 from the highest kink on.
func PenaltyEUR(kinks []Kink, storedKWh float64) (eur float64) {
	for _, k := range kinks {
		eur += k.EURPerKWh * max(0, k.StoredKWh-storedKWh)
	}
	return eur
}

// Departure is when a car may leave, and what it costs if it then has too little.
type Departure struct {
	// Hazard is, per step, the chance that a car that is still there at the start of
	// the step leaves then. At the end of the last step it leaves for certain.
	Hazard  []float64
	Penalty []Kink
}

// Policy is the best way to charge a car that may leave at any step (see "Not
// knowing when the car leaves" in the package comment): what to do in every step
// from every stored energy. Build makes one, and reuses its memory; the zero value
// is ready for it. Not for two goroutines at once while it is built.
type Policy struct {
	problem Problem
	kinks   []Kink
	steps   int
	least   float64 // expected cost with Battery.MinKWh at the start
	first   []int   // of step t: where its values start; of step `steps`: those of the start
	values  []worth
	spans   []span
	stays   []float64 // per step, the chance that the car is there during it
	pieces  []piece
}

// worth is a stretch of stored energy up to upTo that is worth eurPerKWh per kWh.
type worth struct {
	eurPerKWh float64
	upTo      float64 // kWh
}

// span is the cost to go between two kinks of the penalty. What the penalty adds to
// its slopes, the same to all, stands in offset.
type span struct {
	list
	width   float64 // kWh
	penalty float64 // EUR per missing kWh
	offset  float64 // of its slopes
	added   float64 // kWh, by the step in hand
}

// gone is the chance to be there below which nothing is planned: far below any that
// is of interest, far above where numbers lose digits.
const gone = 1e-200

// Build finds the policy of lowest expected cost. Battery.EndKWh is not used: the
// penalty says what is wanted. The error is an [*InputError], or ctx's.
func (q *Policy) Build(ctx context.Context, p *Problem, d *Departure) error {
	if err := d.check(p); err != nil {
		return err
	}
	q.problem = *p
	q.kinks = append(q.kinks[:0], d.Penalty...)
	q.values, q.first = q.values[:0], q.first[:0]
	n := q.survive(d.Hazard)
	q.steps = n
	last := 1.0
	if n > 0 {
		last = q.stays[n-1]
	}
	q.start(last)
	q.first = append(q.first, make([]int, n+1)...)
	importKW, exportKW := p.Grid.limits()
	var s step
	for t := n - 1; t >= 0; t-- {
		if t%stepsBetweenLooks == stepsBetweenLooks-1 {
			if err := ctx.Err(); err != nil {
				return err
			}
		}
		stays := q.stays[t]
		q.remember(t+1, stays)
		s.set(p, t, importKW, exportKW)
		var xMin, xMax float64
		q.pieces, xMin, xMax = p.stepPieces(q.pieces[:0], &s)
		for i, f := range q.pieces {
			q.insert(piece{slope: -stays * f.slope, width: f.width}, i)
		}
		c, e := p.power(&s, xMax)
		q.least += stays * (p.exchangeCost(&s, c, e) - p.exchangeCost(&s, 0, 0))
		q.shift(-xMin, xMax)
		q.leave(q.before(t) - stays)
	}
	q.remember(0, 1)
	for t := range p.ImportEURPerKWh { // the home's own exchange, whether the car is there or not
		s.set(p, t, importKW, exportKW)
		q.least += p.exchangeCost(&s, 0, 0)
	}
	return checkFinite(0 * q.least)
}

func (d *Departure) check(p *Problem) error {
	if err := p.check(); err != nil {
		return err
	}
	if p.Mode == Regular {
		return &InputError{"Mode", -1, float64(Regular), "smart, v2h or v2g was expected: regular charging depends on no departure"}
	}
	if n := len(p.ImportEURPerKWh); len(d.Hazard) != n {
		return &InputError{"Hazard", -1, float64(len(d.Hazard)), fmt.Sprintf("this many values, but ImportEURPerKWh has %d; give one value per step", n)}
	}
	for t, h := range d.Hazard {
		if !(h >= 0 && h <= 1) {
			return &InputError{"Hazard", t, h, "a chance from 0 to 1 was expected"}
		}
	}
	for i, k := range d.Penalty {
		if !(k.StoredKWh >= 0 && k.StoredKWh <= MaxKWh) {
			return &InputError{fmt.Sprintf("Penalty[%d].StoredKWh", i), -1, k.StoredKWh, fmt.Sprintf("from 0 to %g was expected", MaxKWh)}
		}
		if !(k.EURPerKWh >= 0 && k.EURPerKWh <= MaxEURPerKWh) {
			return &InputError{fmt.Sprintf("Penalty[%d].EURPerKWh", i), -1, k.EURPerKWh, fmt.Sprintf("from 0 to %g was expected", MaxEURPerKWh)}
		}
	}
	return nil
}

// survive fills in the chances that the car is there, and returns for how many steps
// there is any.
func (q *Policy) survive(hazard []float64) (steps int) {
	q.stays = q.stays[:0]
	left := 1.0
	for _, h := range hazard {
		if left *= 1 - h; left < gone {
			break
		}
		q.stays = append(q.stays, left)
	}
	return len(q.stays)
}

// before is the chance that the car is there until step t.
func (q *Policy) before(t int) float64 {
	if t == 0 {
		return 1
	}
	return q.stays[t-1]
}

// start makes the cost to go that of leaving, at a chance: a span between any two
// kinks inside the battery.
func (q *Policy) start(chance float64) {
	low, high := q.problem.Battery.MinKWh, q.problem.Battery.MaxKWh
	var bends []float64
	for _, k := range q.kinks {
		if k.StoredKWh > low && k.StoredKWh < high && k.EURPerKWh > 0 {
			bends = append(bends, k.StoredKWh)
		}
	}
	slices.Sort(bends)
	bends = append(slices.Compact(bends), high)
	for len(q.spans) < len(bends) {
		q.spans = append(q.spans, span{})
	}
	q.spans = q.spans[:len(bends)]
	for i, end := range bends {
		s := &q.spans[i]
		s.reset()
		s.width, s.penalty, s.offset = end-low, 0, 0
		for _, k := range q.kinks {
			if k.StoredKWh >= end {
				s.penalty += k.EURPerKWh
			}
		}
		if s.width > 0 {
			s.list.insert(piece{width: s.width}, 0)
		}
		low = end
	}
	q.least = 0
	q.leave(chance)
}

// leave adds the penalty of leaving now, at a chance.
func (q *Policy) leave(chance float64) {
	for i := range q.spans {
		q.spans[i].offset -= chance * q.spans[i].penalty
	}
	q.least += chance * PenaltyEUR(q.kinks, q.problem.Battery.MinKWh)
}

// insert adds a piece in the span where its slope belongs.
func (q *Policy) insert(f piece, n int) {
	i := 0
	for ; i < len(q.spans)-1; i++ {
		if s := &q.spans[i]; !s.empty() && f.slope <= s.highest()+s.offset {
			break
		}
	}
	s := &q.spans[i]
	f.slope -= s.offset
	s.list.insert(f, n)
	s.added += f.width
}

// shift brings the spans back to their widths after the pieces of a step came in, and
// cuts what lies outside the battery: low kWh below and high above. Of the flows
// across the spans' bounds, those down are all below those up.
func (q *Policy) shift(high, low float64) {
	last := len(q.spans) - 1
	up := -low // across the lower bound of a span
	for i := range q.spans {
		s := &q.spans[i]
		next := up + s.added
		if s.added = 0; i == last {
			next = high // the same but for rounding
		}
		s.added, up = next, next // what goes up across its upper bound
	}
	for i := last; i >= 0; i-- {
		down := low
		if i > 0 {
			down = -q.spans[i-1].added
		}
		for s := &q.spans[i]; down > 0; {
			f, ok := s.popLow(down)
			if !ok {
				break
			}
			down -= f.width
			f.slope += s.offset
			if i == 0 {
				q.least += f.slope * f.width
			} else {
				q.move(f, i-1)
			}
		}
	}
	for i := range q.spans {
		s := &q.spans[i]
		for up := s.added; up > 0; {
			f, ok := s.popHigh(up)
			if !ok {
				break
			}
			up -= f.width
			if i < last {
				f.slope += s.offset
				q.move(f, i+1)
			}
		}
		s.added = 0
	}
}

func (q *Policy) move(f piece, to int) {
	s := &q.spans[to]
	s.list.insert(piece{slope: f.slope - s.offset, width: f.width}, len(s.place)-1)
}

// remember keeps what stored energy is worth at the end of the step before t, to a
// car that is there during it at a chance.
func (q *Policy) remember(t int, chance float64) {
	q.first[t] = len(q.values)
	at := q.problem.Battery.MinKWh
	end := at
	for i := range q.spans {
		s := &q.spans[i]
		end += s.width
		for _, b := range s.blocks {
			for k := b.head; k < b.tail; k++ {
				at += b.width[k]
				q.values = append(q.values, worth{-(b.slope[k] + s.offset) / chance, at})
			}
		}
		if n := len(q.values); n > q.first[t] { // rounding does not add up over spans
			q.values[n-1].upTo = end
		}
		at = end
	}
}

// after is what stored energy is worth after step t, from low to high.
func (q *Policy) after(t int) []worth {
	if t == 0 {
		return q.values[q.first[0]:]
	}
	end := len(q.values)
	if t > 0 {
		end = q.first[t-1]
	}
	return q.values[q.first[t]:end]
}

// Steps is for how many steps the policy knows what to do: those that a car has any
// chance to be there for.
func (q *Policy) Steps() int { return q.steps }

// ExpectedCostEUR is the lowest expected cost from the start with a stored energy, of
// the home's whole exchange over all steps, the car there or not, and the penalty.
func (q *Policy) ExpectedCostEUR(storedKWh float64) float64 {
	cost, at := q.least, q.problem.Battery.MinKWh
	for _, w := range q.after(0) {
		if storedKWh <= at {
			break
		}
		to := max(at, min(w.upTo, storedKWh)) // rounding leaves stretches without width
		cost -= w.eurPerKWh * (to - at)
		at = to
	}
	return cost
}

// WorthEURPerKWh is what one kWh more is worth in the battery at the end of step t, of
// a car that was there during it.
func (q *Policy) WorthEURPerKWh(t int, storedKWh float64) float64 {
	w := q.after(t + 1)
	if len(w) == 0 {
		return 0
	}
	return w[min(sort.Search(len(w), func(i int) bool { return w[i].upTo > storedKWh }), len(w)-1)].eurPerKWh
}

// Move is what the car does in one step.
type Move struct {
	ChargeKW    float64 // >= 0, at the meter side
	DischargeKW float64 // >= 0, at the meter side
	StoredKWh   float64 // at the end of the step
	CostEUR     float64 // of the home's whole exchange in the step
	Bent        bool    // the home alone is beyond a connection limit
}

// sameWorth: values that differ by less, in EUR/kWh at prices up to 1, are one, as
// chances leave rounding in them.
const sameWorth = 1e-12

// Move is the best that a car with a stored energy, within the battery's bounds, can do
// in step t, of those that [Policy.Steps] counts, at the net load that the home really
// has then. Where several do as well it charges, and discharges, the most.
func (q *Policy) Move(t int, storedKWh, netLoadKW float64) (m Move) {
	p, net := q.problem, [1]float64{netLoadKW}
	p.ImportEURPerKWh, p.ExportEURPerKWh, p.NetLoadKW = p.ImportEURPerKWh[t:t+1], p.ExportEURPerKWh[t:t+1], net[:]
	if len(p.Threshold.ImportKW) > 0 {
		p.Threshold.ImportKW = p.Threshold.ImportKW[t : t+1]
	}
	for _, kW := range [...]*[]float64{&p.StepLimits.ImportKW, &p.StepLimits.ExportKW} {
		if len(*kW) > 0 {
			*kW = (*kW)[t : t+1]
		}
	}
	importKW, exportKW := p.Grid.limits()
	var s step
	s.set(&p, 0, importKW, exportKW)
	var memory [12]piece
	pieces, x, _ := p.stepPieces(memory[:0], &s)
	w := q.after(t + 1)
	for _, f := range pieces {
		// More of this piece is of use while stored energy is worth more than it costs.
		tie := sameWorth * max(1, math.Abs(f.slope))
		least, most := q.until(w, f.slope+tie), q.until(w, f.slope-tie)
		goal := most
		if x+f.width <= 0 {
			goal = least
		} else if x < 0 {
			goal = min(max(storedKWh, least), most)
		}
		x += min(max(goal-storedKWh-x, 0), f.width)
	}
	m.Bent = s.bent
	m.ChargeKW, m.DischargeKW = p.power(&s, x)
	m.StoredKWh = min(max(storedKWh+x, p.Battery.MinKWh), p.Battery.MaxKWh)
	m.CostEUR = p.exchangeCost(&s, m.ChargeKW, m.DischargeKW)
	return m
}

// until is the stored energy up to which a kWh is worth more than a price.
func (q *Policy) until(w []worth, eurPerKWh float64) float64 {
	if i := sort.Search(len(w), func(i int) bool { return w[i].eurPerKWh <= eurPerKWh }); i > 0 {
		return w[i-1].upTo
	}
	return q.problem.Battery.MinKWh
}

// Play follows the policy from the problem's start until the car leaves, at the start of
// step `depart`, and writes what it did into out, with the cost of those steps. It
// returns the penalty. Marginal values are those of [Policy.WorthEURPerKWh].
func (q *Policy) Play(depart int, out *Schedule) (penaltyEUR float64, err error) {
	if depart < 0 || depart > q.steps {
		return 0, &InputError{"depart", -1, float64(depart), fmt.Sprintf("from 0 to %d was expected, the steps for which the policy has a chance that the car is there", q.steps)}
	}
	out.resize(depart)
	stored := q.problem.Battery.StartKWh
	for t := range depart {
		m := q.Move(t, stored, q.problem.NetLoadKW[t])
		stored = m.StoredKWh
		out.ChargeKW[t], out.DischargeKW[t], out.StoredKWh[t] = m.ChargeKW, m.DischargeKW, stored
		out.MarginalEURPerKWh[t] = q.WorthEURPerKWh(t, stored)
		out.CostEUR += m.CostEUR
		if m.Bent {
			out.BentSteps++
		}
	}
	return PenaltyEUR(q.kinks, stored), checkFinite(0 * (out.CostEUR + stored))
}
