package coordinate

import (
	"context"
	"math"
)

// tie is what the storages of a step share: the price of their power together, in EUR/kW,
// and how it rises.
type tie struct {
	eurPerKW float64
	kW       float64 // of the storages
	hinges   [3]hinge

	price  float64 // EUR/kW
	dKW    float64
	dPrice float64
	second [3][2]float64 // corrections of the hinges
}

// part is a part of the search that shares nothing with the others: storages, and the ties
// of the steps in which they are.
type part struct {
	storages []*storage
	ties     []tie
	steps    []int // of the ties
	row      []int // by step: tie, or noTie
	matrix   *envelope
	limits   int // of all storages and ties
	rounds   int
	right    []float64
	scratch  [3][]float64
}

const (
	mostRounds = 120
	closer     = 0.995 // of the way to the next limit
	leastMean  = 1e-11 // EUR, of slack * price that is aimed at
	enoughMean = 1e-8  // EUR: some 1e-8 kW, at the price of excess
	enoughOff  = 1e-9  // kWh
	noTie      = -1
)

// run searches until the gap is below the tolerance.
func (p *part) run(ctx context.Context, tolerance float64, progress func()) error {
	for p.rounds < mostRounds {
		if err := ctx.Err(); err != nil {
			return err
		}
		mean := p.mean()
		if mean*float64(p.limits) < tolerance && mean < enoughMean && p.off() < enoughOff {
			return nil
		}
		p.rounds++
		p.factor()
		p.aim(0)
		p.settle()
		share := p.predict() / mean
		target := max(mean*share*share*share, leastMean)
		p.aim(target)
		p.settle()
		p.move(target)
		progress()
	}
	return nil
}

// start sets all storages and ties to where the search begins.
func (p *part) start(target float64) {
	longest := 0
	for _, x := range p.storages {
		x.begin(target)
		longest = max(longest, len(x.steps))
		for t := range x.steps {
			p.limits += x.steps[t].limits()
		}
	}
	for i := range p.scratch {
		p.scratch[i] = make([]float64, longest)
	}
	p.sum()
	first := make([]int, len(p.ties))
	for i := range first {
		first[i] = i
		t := &p.ties[i]
		for k := range t.hinges {
			if h := &t.hinges[k]; h.sign != 0 {
				h.start(t.kW, target)
				p.limits++
				if h.over.slack > 0 {
					p.limits++
				}
			}
		}
		t.reprice()
	}
	for _, x := range p.storages {
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
	p.matrix, p.right = newEnvelope(first), make([]float64, len(p.ties))
}

// size is the number of steps of all storages.
func (p *part) size() (steps int) {
	for _, x := range p.storages {
		steps += len(x.steps)
	}
	return steps
}

func (p *part) rowsOf(x *storage) []int { return p.row[x.from : x.from+len(x.steps)] }

// reprice sets the price that follows from the hinges.
func (t *tie) reprice() {
	t.price = t.eurPerKW
	for k := range t.hinges {
		t.price += t.hinges[k].sign * t.hinges[k].in.price
	}
}

func (t *tie) stiffness() (sum float64) {
	for k := range t.hinges {
		sum += t.hinges[k].stiffness()
	}
	return sum
}

// sum adds up the power of the storages.
func (p *part) sum() {
	for i := range p.ties {
		p.ties[i].kW = 0
	}
	for _, x := range p.storages {
		for t, r := range p.rowsOf(x) {
			if r >= 0 {
				p.ties[r].kW += x.steps[t].charge - x.steps[t].give
			}
		}
	}
}

// mean is that of slack * price over all limits.
func (p *part) mean() float64 {
	sum := 0.0
	for _, x := range p.storages {
		for t := range x.steps {
			sum += x.steps[t].product()
		}
	}
	for i := range p.ties {
		for k := range p.ties[i].hinges {
			h := &p.ties[i].hinges[k]
			sum += h.in.slack*h.in.price + h.over.slack*h.over.price
		}
	}
	return sum / float64(p.limits)
}

// off is by how much, in kWh, storages are off their own account.
func (p *part) off() (most float64) {
	for _, x := range p.storages {
		stored := x.start
		for t := range x.steps {
			n := &x.steps[t]
			most = max(most, math.Abs(stored+x.perCharge*n.charge-x.perGive*n.give-n.stored))
			stored = n.stored
		}
	}
	return most
}

func (p *part) factor() {
	p.matrix.clear()
	for _, x := range p.storages {
		x.factor()
		x.add(p.matrix, p.rowsOf(x))
	}
	for i := range p.ties {
		p.matrix.add(i, i, 1/p.ties[i].stiffness())
	}
	p.matrix.factor()
}

// prices are the rows' by step of a storage.
func (p *part) prices(x *storage, of func(*tie) float64) []float64 {
	out := p.scratch[0][:len(x.steps)]
	for t, r := range p.rowsOf(x) {
		out[t] = 0
		if r >= 0 {
			out[t] = of(&p.ties[r])
		}
	}
	return out
}

// aim finds what storages and ties would do at the prices as they are, and the prices'
// step that makes them meet.
func (p *part) aim(target float64) {
	clear(p.right)
	for _, x := range p.storages {
		x.aim(p.prices(x, func(t *tie) float64 { return t.price }), target)
		net := p.scratch[1][:len(x.steps)]
		x.sweep(nil, net, p.scratch[2], false)
		for t, r := range p.rowsOf(x) {
			if r >= 0 {
				p.right[r] += net[t]
			}
		}
	}
	for i := range p.ties {
		t := &p.ties[i]
		rise := t.eurPerKW - t.price
		for k := range t.hinges {
			rise += t.hinges[k].aim(t.kW, target, &t.second[k])
		}
		p.right[i] += rise / t.stiffness()
	}
	p.matrix.solve(p.right)
	for i := range p.ties {
		p.ties[i].dPrice = p.right[i]
	}
}

// settle sets the steps of all storages at the prices' step.
func (p *part) settle() {
	moved := make([]float64, len(p.ties))
	for _, x := range p.storages {
		net := p.scratch[1][:len(x.steps)]
		x.sweep(p.prices(x, func(t *tie) float64 { return t.dPrice }), net, p.scratch[2], true)
		for t, r := range p.rowsOf(x) {
			if r >= 0 {
				moved[r] += net[t]
			}
		}
	}
	for i := range p.ties {
		p.ties[i].dKW = moved[i]
	}
}

// reach is how far the steps can go.
func (p *part) reach(target float64) (primal, dual float64) {
	primal, dual = 1/closer, 1/closer
	for _, x := range p.storages {
		for t := range x.steps {
			n := &x.steps[t]
			d := x.bars(n, target)
			d.reach(n, &primal, &dual)
		}
	}
	for i := range p.ties {
		t := &p.ties[i]
		for k := range t.hinges {
			h := &t.hinges[k]
			in, over := h.step(t.kW, t.dKW, target, &t.second[k])
			h.in.reach(in, &primal, &dual)
			h.over.reach(over, &primal, &dual)
		}
	}
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
func (p *part) predict() float64 {
	primal, dual := 1/closer, 1/closer
	var sum products
	for _, x := range p.storages {
		for t := range x.steps {
			n := &x.steps[t]
			d := x.bars(n, 0)
			d.reach(n, &primal, &dual)
			n.second = d.correct(n, &sum)
		}
	}
	for i := range p.ties {
		t := &p.ties[i]
		for k := range t.hinges {
			h := &t.hinges[k]
			in, over := h.step(t.kW, t.dKW, 0, &t.second[k])
			h.in.reach(in, &primal, &dual)
			h.over.reach(over, &primal, &dual)
			t.second[k] = [2]float64{sum.add(&h.in, in), sum.add(&h.over, over)}
		}
	}
	primal, dual = min(1, closer*primal), min(1, closer*dual)
	return (sum.now + primal*sum.bySlack + dual*sum.byPrice + primal*dual*sum.byBoth) / float64(p.limits)
}

// move takes the steps, and forgets the corrections.
func (p *part) move(target float64) {
	primal, dual := p.reach(target)
	for _, x := range p.storages {
		for t := range x.steps {
			n := &x.steps[t]
			d := x.bars(n, target)
			d.move(n, primal, dual)
			n.second = corrections{}
		}
	}
	for i := range p.ties {
		t := &p.ties[i]
		for k := range t.hinges {
			h := &t.hinges[k]
			in, over := h.step(t.kW, t.dKW, target, &t.second[k])
			h.in.move(in, primal, dual)
			h.over.move(over, primal, dual)
			t.second[k] = [2]float64{}
		}
		t.reprice()
	}
	p.sum()
}
