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
	matrix   *envelope
	limits   int // of all storages and ties
	Rounds   int
	right    []float64
	scratch  [3][]float64
}

const (
	mostRounds = 120
	closer     = 0.995 // of the way to the next limit
	leastMean  = 1e-11 // EUR, of slack * price that is aimed at
	enoughMean = 1e-8  // EUR: some 1e-8 kW, at the price of excess
	enoughOff  = 1e-9  // kWh
	startEUR   = 2     // slack * price of a limit where the search begins: some kW at the price of excess
	unsettled  = 1e-6  // kWh that a plan's storages may be off their account at most
	// NoTie is the row of a step without one.
	NoTie = -1
)

// Run searches until the gap is below the tolerance. It fails where it finds no plan that
// is one.
func (p *Search) Run(ctx context.Context, tolerance float64, progress func()) error {
	for p.Rounds < mostRounds {
		if err := ctx.Err(); err != nil {
			return err
		}
		mean := p.mean()
		if mean*float64(p.limits) < tolerance && mean < enoughMean && p.off() < enoughOff {
			return nil
		}
		p.Rounds++
		p.factor()
		p.aim(0)
		p.settle()
		share := p.predict() / mean
		target := max(mean*share*share*share, leastMean)
		p.aim(target)
		p.settle()
		p.move(target)
		if progress != nil {
			progress()
		}
	}
	if off := p.off(); off > unsettled {
		return fmt.Errorf("the search for a plan of %d storages did not settle in %d rounds: what is stored is off by %g kWh", len(p.Storages), p.Rounds, off)
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
	for i := range p.scratch {
		p.scratch[i] = make([]float64, longest)
	}
	p.sum()
	first := make([]int, len(p.Ties))
	for i := range first {
		first[i] = i
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

// sum adds up the power of the storages.
func (p *Search) sum() {
	for i := range p.Ties {
		p.Ties[i].kW = 0
	}
	for _, x := range p.Storages {
		for t, r := range p.rowsOf(x) {
			if r >= 0 {
				p.Ties[r].kW += x.steps[t].charge - x.steps[t].give
			}
		}
	}
}

// mean is that of slack * price over all limits.
func (p *Search) mean() float64 {
	sum := 0.0
	for _, x := range p.Storages {
		for t := range x.steps {
			sum += x.steps[t].product()
		}
	}
	for i := range p.Ties {
		for k := range p.Ties[i].Hinges {
			h := &p.Ties[i].Hinges[k]
			sum += h.in.slack*h.in.price + h.over.slack*h.over.price
		}
	}
	return sum / float64(p.limits)
}

// off is by how much, in kWh, storages are off their own account.
func (p *Search) off() (most float64) {
	for _, x := range p.Storages {
		stored := x.start
		for t := range x.steps {
			n := &x.steps[t]
			most = max(most, math.Abs(stored+x.perCharge*n.charge-x.perGive*n.give-n.stored))
			stored = n.stored
		}
	}
	return most
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

// prices are the rows' by step of a storage.
func (p *Search) prices(x *Storage, of func(*Tie) float64) []float64 {
	out := p.scratch[0][:len(x.steps)]
	for t, r := range p.rowsOf(x) {
		out[t] = 0
		if r >= 0 {
			out[t] = of(&p.Ties[r])
		}
	}
	return out
}

// aim finds what storages and ties would do at the prices as they are, and the prices'
// step that makes them meet.
func (p *Search) aim(target float64) {
	clear(p.right)
	for _, x := range p.Storages {
		x.aim(p.prices(x, func(t *Tie) float64 { return t.Price }), target)
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
		rise := t.EURPerKW - t.Price
		for k := range t.Hinges {
			rise += t.Hinges[k].aim(t.kW, target, &t.second[k])
		}
		p.right[i] += rise / t.stiffness()
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
		x.sweep(p.prices(x, func(t *Tie) float64 { return t.dPrice }), net, p.scratch[2], true)
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

// reach is how far the steps can go.
func (p *Search) reach(target float64) (primal, dual float64) {
	primal, dual = 1/closer, 1/closer
	for _, x := range p.Storages {
		for t := range x.steps {
			n := &x.steps[t]
			d := x.bars(n, target)
			d.reach(n, &primal, &dual)
		}
	}
	for i := range p.Ties {
		t := &p.Ties[i]
		for k := range t.Hinges {
			h := &t.Hinges[k]
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
func (p *Search) predict() float64 {
	primal, dual := 1/closer, 1/closer
	var sum products
	for _, x := range p.Storages {
		for t := range x.steps {
			n := &x.steps[t]
			d := x.bars(n, 0)
			d.reach(n, &primal, &dual)
			n.second = d.correct(n, &sum)
		}
	}
	for i := range p.Ties {
		t := &p.Ties[i]
		for k := range t.Hinges {
			h := &t.Hinges[k]
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
func (p *Search) move(target float64) {
	primal, dual := p.reach(target)
	for _, x := range p.Storages {
		for t := range x.steps {
			n := &x.steps[t]
			d := x.bars(n, target)
			d.move(n, primal, dual)
			n.second = corrections{}
		}
	}
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
	p.sum()
}
