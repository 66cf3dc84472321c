package tied

import (
	"context"
	"fmt"
	"math"
)

// Tie is what the storages of a step share: the price of their power together, in EUR/kW,
// and how it rises.
type Tie struct {
	EURPerKW float64
	kW       float64 // of the storages
	Hinges   [3]Hinge

	Price  float64 // EUR/kW, when it is found
	dKW    float64
	dPrice float64
	second [3][2]float64 // corrections of the hinges
}

// Search is for storages, and the ties of the steps in which they are.
type Search struct {
	Storages []*Storage
	Ties     []Tie
	Row      []int // by step: tie, or NoTie
	// Chain says that the first of the storages is there in every step and that the others
	// come one after another.
	Chain   bool
	chain   *chain    // its equations
	matrix  *envelope // of all prices, without a chain
	limits  int       // of all storages and ties
	best    kept
	prices  []float64 // of the ties, the best so far
	open    float64   // EUR that these leave open
	mean    float64   // EUR: slack * price of a limit
	off     float64   // kWh, at most, that storages are off their own account
	Rounds  int
	right   []float64
	scratch [3][]float64
}

const (
	mostRounds = 120
	closer     = 0.995 // of the way to the next limit
	leastMean  = 1e-11 // EUR, of slack * price that is aimed at
	enoughMean = 1e-8  // EUR: some 1e-8 kW, at the price of excess
	enoughOff  = 1e-9  // kWh
	floorMean  = 1e-10 // EUR, below which rounding is all that moves
	floorOff   = 1e-8  // kWh, that is enough there
	startEUR   = 2     // slack * price of a limit where the search begins: some kW at the price of excess
	keepBelow  = 1e-6  // EUR and kWh, from where on the best state is kept
	mostStuck  = 4     // rounds that move by less than leastWay of the way, one after another
	leastWay   = 0.02
	unsettled  = 1e-6 // kWh that a plan's storages may be off their account at most
	pricesFrom = 100  // times the tolerance, from where on the best prices are kept
	// NoTie is the row of a step without one.
	NoTie = -1
)

// Run searches until the gap is below the tolerance, or until rounding lets nothing move
// any more: then the best that was found stands. It fails where it finds no plan that is
// one. Plan and prices need not be of the same round: rounding spoils the prices first.
func (p *Search) Run(ctx context.Context, tolerance float64, progress func()) error {
	defer p.reprice()
	stuck := 0
	for p.Rounds < mostRounds && stuck < mostStuck {
		if err := ctx.Err(); err != nil {
			return err
		}
		mean, off := p.mean, p.off
		if open := mean * float64(p.limits); open < pricesFrom*tolerance {
			p.keepPrices(open)
		}
		if mean*float64(p.limits) < tolerance && mean < enoughMean && (off < enoughOff || mean < floorMean && off < floorOff) {
			return nil
		}
		if mean+off < keepBelow && mean+off < p.best.merit {
			p.best.keep(p, mean+off)
		}
		p.Rounds++
		share := p.predict() / mean
		target := max(mean*share*share*share, leastMean)
		stuck++
		if p.move(target) > leastWay || p.best.storages == nil {
			stuck = 0
		}
		if progress != nil {
			progress()
		}
	}
	p.best.restore(p)
	if p.count(stay); p.off > unsettled {
		return fmt.Errorf("the search for a plan of %d storages did not settle in %d rounds: what is stored is off by %g kWh", len(p.Storages), p.Rounds, p.off)
	}
	return nil
}

// Start sets all storages and ties to where the search begins.
func (p *Search) Start() {
	const target = startEUR
	longest := 0
	for _, x := range p.Storages {
		x.begin(target)
		longest = max(longest, len(x.steps))
		for t := range x.steps {
			p.limits += x.steps[t].limits()
		}
	}
	p.count(stay)
	p.best.merit = math.Inf(1)
	for i := range p.Ties {
		t := &p.Ties[i]
		for k := range t.Hinges {
			if h := &t.Hinges[k]; h.Sign != 0 {
				h.start(t.kW, target)
				p.limits++
				if h.over.slack > 0 {
					p.limits++
				}
			}
		}
		t.reprice()
	}
	p.count(stay)
	for i := range p.scratch {
		p.scratch[i] = make([]float64, longest)
	}
	if p.Chain {
		p.chain = newChain(p.Storages, p.Row, p.Ties)
		return
	}
	first := make([]int, len(p.Ties))
	for i := range first {
		first[i] = i
	}
	for _, x := range p.Storages {
		lowest := -1
		for _, r := range p.rowsOf(x) {
			if r >= 0 {
				if lowest < 0 {
					lowest = r
				}
				first[r] = min(first[r], lowest)
			}
		}
	}
	p.matrix, p.right = newEnvelope(first), make([]float64, len(p.Ties))
}

func stay(*Storage, *node) {}

// Size is the number of steps of all storages.
func (p *Search) Size() (steps int) {
	for _, x := range p.Storages {
		steps += len(x.steps)
	}
	return steps
}

func (p *Search) rowsOf(x *Storage) []int { return p.Row[x.From : x.From+len(x.steps)] }

// reprice sets the price that follows from the hinges.
func (t *Tie) reprice() {
	t.Price = t.EURPerKW
	for k := range t.Hinges {
		t.Price += t.Hinges[k].Sign * t.Hinges[k].in.price
	}
}

func (t *Tie) stiffness() (sum float64) {
	for k := range t.Hinges {
		sum += t.Hinges[k].stiffness()
	}
	return sum
}

// rise is what the price would rise by, were power to stay.
func (t *Tie) rise(target float64) float64 {
	rise := t.EURPerKW - t.Price
	for k := range t.Hinges {
		rise += t.Hinges[k].aim(t.kW, target, &t.second[k])
	}
	return rise
}

// count moves every step, and counts what the search stands at: the power of each tie, the
// mean of slack * price over all limits, and by how much, in kWh, storages are off their
// own account.
func (p *Search) count(move func(*Storage, *node)) {
	for i := range p.Ties {
		p.Ties[i].kW = 0
	}
	sum := 0.0
	p.off = 0
	for _, x := range p.Storages {
		stored, rows := x.start, p.rowsOf(x)
		for t := range x.steps {
			n := &x.steps[t]
			move(x, n)
			sum += n.product()
			p.off = max(p.off, math.Abs(stored+x.perCharge*n.charge-x.perGive*n.give-n.stored))
			stored = n.stored
			if r := rows[t]; r >= 0 {
				p.Ties[r].kW += n.charge - n.give
			}
		}
	}
	for i := range p.Ties {
		for k := range p.Ties[i].Hinges {
			h := &p.Ties[i].Hinges[k]
			sum += h.in.product() + h.over.product()
		}
	}
	p.mean = sum / float64(p.limits)
}

// keepPrices keeps the prices if they leave less open than those of before: slack * price
// of all limits, and what storages could gain where their own prices do not add up.
func (p *Search) keepPrices(open float64) {
	for _, x := range p.Storages {
		open += x.gain(p.pricesOf(x, func(t *Tie) float64 { return t.Price }))
	}
	if p.prices != nil && open >= p.open {
		return
	}
	p.open, p.prices = open, p.prices[:0]
	for i := range p.Ties {
		p.prices = append(p.prices, p.Ties[i].Price)
	}
}

// reprice sets the prices to the best.
func (p *Search) reprice() {
	for i, price := range p.prices {
		p.Ties[i].Price = price
	}
}

func (p *Search) factor() {
	p.matrix.clear()
	for _, x := range p.Storages {
		x.factor()
		x.add(p.matrix, p.rowsOf(x))
	}
	for i := range p.Ties {
		p.matrix.add(i, i, 1/p.Ties[i].stiffness())
	}
	p.matrix.factor()
}

// pricesOf are the rows' by step of a storage.
func (p *Search) pricesOf(x *Storage, of func(*Tie) float64) []float64 {
	out := p.scratch[0][:len(x.steps)]
	for t, r := range p.rowsOf(x) {
		out[t] = 0
		if r >= 0 {
			out[t] = of(&p.Ties[r])
		}
	}
	return out
}

// step finds the steps of everything towards a target, and calls with each when it is
// found; factored says whether no state has changed since the last.
func (p *Search) step(target float64, factored bool, node func(*Storage, *node), tie func(*Tie)) {
	if p.Chain {
		if factored {
			p.chain.aim(target)
		} else {
			p.chain.factor(target)
		}
		p.chain.solve(node, tie)
		return
	}
	if !factored {
		p.factor()
	}
	p.aim(target)
	p.settle()
	for _, x := range p.Storages {
		for t := range x.steps {
			node(x, &x.steps[t])
		}
	}
	for i := range p.Ties {
		tie(&p.Ties[i])
	}
}

// aim finds what storages and ties would do at the prices as they are, and the prices'
// step that makes them meet.
func (p *Search) aim(target float64) {
	clear(p.right)
	for _, x := range p.Storages {
		for t, price := range p.pricesOf(x, func(t *Tie) float64 { return t.Price }) {
			x.aim(t, price, target)
		}
		net := p.scratch[1][:len(x.steps)]
		x.sweep(nil, net, p.scratch[2], false)
		for t, r := range p.rowsOf(x) {
			if r >= 0 {
				p.right[r] += net[t]
			}
		}
	}
	for i := range p.Ties {
		t := &p.Ties[i]
		p.right[i] += t.rise(target) / t.stiffness()
	}
	p.matrix.solve(p.right)
	for i := range p.Ties {
		p.Ties[i].dPrice = p.right[i]
	}
}

// settle sets the steps of all storages at the prices' step.
func (p *Search) settle() {
	moved := make([]float64, len(p.Ties))
	for _, x := range p.Storages {
		net := p.scratch[1][:len(x.steps)]
		x.sweep(p.pricesOf(x, func(t *Tie) float64 { return t.dPrice }), net, p.scratch[2], true)
		for t, r := range p.rowsOf(x) {
			if r >= 0 {
				moved[r] += net[t]
			}
		}
	}
	for i := range p.Ties {
		p.Ties[i].dKW = moved[i]
	}
}

// reach finds the steps towards a target and how far they can go.
func (p *Search) reach(target float64) (primal, dual float64) {
	primal, dual = 1/closer, 1/closer
	p.step(target, true, func(x *Storage, n *node) {
		d := x.bars(n, target)
		d.reach(n, &primal, &dual)
	}, func(t *Tie) {
		for k := range t.Hinges {
			h := &t.Hinges[k]
			in, over := h.step(t.kW, t.dKW, target, &t.second[k])
			h.in.reach(in, &primal, &dual)
			h.over.reach(over, &primal, &dual)
		}
	})
	return min(1, closer*primal), min(1, closer*dual)
}

// products are sums over limits of slack * price, and what steps of both add to them.
type products struct{ now, bySlack, byPrice, byBoth float64 }

func (p *products) add(b *bar, d bar) (both float64) {
	p.now += b.slack * b.price
	p.bySlack += d.slack * b.price
	p.byPrice += b.slack * d.price
	both = d.slack * d.price
	p.byBoth += both
	return both
}

// predict is the mean of slack * price after the steps towards no slack at all. What these
// miss of it becomes the corrections of the second order.
func (p *Search) predict() float64 {
	primal, dual := 1/closer, 1/closer
	var sum products
	p.step(0, false, func(x *Storage, n *node) {
		d := x.bars(n, 0)
		d.reach(n, &primal, &dual)
		n.second = d.correct(n, &sum)
	}, func(t *Tie) {
		for k := range t.Hinges {
			h := &t.Hinges[k]
			in, over := h.step(t.kW, t.dKW, 0, &t.second[k])
			h.in.reach(in, &primal, &dual)
			h.over.reach(over, &primal, &dual)
			t.second[k] = [2]float64{sum.add(&h.in, in), sum.add(&h.over, over)}
		}
	})
	primal, dual = min(1, closer*primal), min(1, closer*dual)
	return (sum.now + primal*sum.bySlack + dual*sum.byPrice + primal*dual*sum.byBoth) / float64(p.limits)
}

// move takes the steps towards a target as far as they go, and forgets the corrections.
func (p *Search) move(target float64) (way float64) {
	primal, dual := p.reach(target)
	for i := range p.Ties {
		t := &p.Ties[i]
		for k := range t.Hinges {
			h := &t.Hinges[k]
			in, over := h.step(t.kW, t.dKW, target, &t.second[k])
			h.in.move(in, primal, dual)
			h.over.move(over, primal, dual)
			t.second[k] = [2]float64{}
		}
		t.reprice()
	}
	p.count(func(x *Storage, n *node) {
		d := x.bars(n, target)
		d.move(n, primal, dual)
		n.second = corrections{}
	})
	return min(primal, dual)
}

// kept is the best state of a search so far, of those that are nearly plans.
type kept struct {
	merit    float64
	storages [][]node
	ties     []Tie
}

func (k *kept) keep(p *Search, merit float64) {
	k.merit = merit
	if k.storages == nil {
		k.storages = make([][]node, len(p.Storages))
	}
	for i, x := range p.Storages {
		k.storages[i] = append(k.storages[i][:0], x.steps...)
	}
	k.ties = append(k.ties[:0], p.Ties...)
}

func (k *kept) restore(p *Search) {
	if k.storages == nil {
		return
	}
	for i, x := range p.Storages {
		copy(x.steps, k.storages[i])
	}
	copy(p.Ties, k.ties)
}
