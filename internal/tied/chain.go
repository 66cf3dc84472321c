package tied

import "math"

// chain is the equations of storages of which one, the first, is there in every step and
// the others come one after another. Then a step ties two at most, its price is eliminated
// in the step itself, and what remains is one chain of two by two, first and second.
type chain struct {
	links  []link
	nobody node // does nothing, where one is not there
}

// link is a step of a chain.
type link struct {
	a, b   *node    // of the first and the second
	of, by *Storage // whose they are; nil: not there
	tie    *Tie     // nil: none
	ends   bool     // the second leaves after the step

	share, soft   float64    // of the tie: 1 / the fall of demand as the price rises, 1 / stiffness
	slack         [3]float64 // what is stored after the step, by its worth: kWh per EUR/kWh
	det           float64    // of slack
	kept          [4]float64 // of what is stored, past the step's bounds: (1 + slack pull)^-1
	forward, pull [2]float64 // moves towards the step, and what pulls at the worth there
	price         float64    // the tie's step at no step of the worths
}

// newChain lays storages out in a chain of steps; row and ties as in a search.
func newChain(storages []*Storage, row []int, ties []Tie) *chain {
	c := &chain{links: make([]link, len(row))}
	for t := range c.links {
		c.links[t].a, c.links[t].b = &c.nobody, &c.nobody
	}
	for _, x := range storages {
		first := len(x.steps) == len(row)
		for i := range x.steps {
			l := &c.links[x.From+i]
			if first {
				l.a, l.of = &x.steps[i], x
			} else {
				l.b, l.by, l.ends = &x.steps[i], x, i == len(x.steps)-1
			}
		}
	}
	for t, r := range row {
		if r != NoTie {
			c.links[t].tie = &ties[r]
		}
	}
	return c
}

// factor finds how what is stored after every step responds to its worth there:
//
//	slack_t = R_t + (slack_{t-1}^-1 + pull_{t-1})^-1
//
// with R_t the response of the step alone, its tie counted. Determinants are kept beside
// the matrices, as sums of what is not negative. It goes forward towards a target as well:
// a year is larger than a processor's memory nearby, and every pass over it waits.
func (c *chain) factor(target float64) {
	var k [3]float64 // slack of the step before, its bounds counted
	kDet := 0.0
	var to forward
	for t := range c.links {
		l := &c.links[t]
		a, b := l.a, l.b
		if l.of != nil {
			l.of.respond(a)
		}
		if l.by != nil {
			l.by.respond(b)
		}
		r := [3]float64{a.response, 0, b.response}
		det := a.response * b.response
		if l.tie != nil {
			l.soft = 1 / l.tie.stiffness()
			l.share = 1 / (l.soft + a.own + b.own)
			r[0] = (a.twist + a.response*(l.soft+b.own)) * l.share
			r[1] = -a.cross * b.cross * l.share
			r[2] = (b.twist + b.response*(l.soft+a.own)) * l.share
			det = (a.twist*b.twist*2 + a.cross*a.cross*b.twist + b.cross*b.cross*a.twist +
				a.twist*b.response*(a.own+l.soft) + b.twist*a.response*(b.own+l.soft) +
				a.response*b.response*l.soft*(a.own+b.own+l.soft)) * l.share * l.share
		}
		both := math.Sqrt(k[0] * k[2] * r[0] * r[2])
		if cross := k[1] * r[1]; both > 0 {
			apart := math.Sqrt(k[0]*r[2]) - math.Sqrt(k[2]*r[0])
			l.det = kDet + det + apart*apart + 2*(kDet*r[0]*r[2]+k[1]*k[1]*det)/(both+cross)
		} else {
			l.det = kDet + det + k[0]*r[2] + k[2]*r[0]
		}
		l.slack = [3]float64{k[0] + r[0], k[1] + r[1], k[2] + r[2]}
		s, p, q := &l.slack, a.pull, b.pull
		if l.ends {
			one := l.alone()
			k, kDet = [3]float64{one / (1 + p*one)}, 0
			to.step(l, t, target)
			continue
		}
		share := 1 / (1 + p*s[0] + q*s[2] + l.det*p*q)
		k = [3]float64{(s[0] + l.det*q) * share, s[1] * share, (s[2] + l.det*p) * share}
		kDet = l.det * share
		l.kept = [4]float64{(1 + s[2]*q) * share, -s[1] * q * share, -s[1] * p * share, (1 + s[0]*p) * share}
		to.step(l, t, target)
	}
}

// alone is the slack of the first where what the second has stored is given.
func (l *link) alone() float64 { return l.det / l.slack[2] }

// solve finds the steps of all powers, of what is stored, of worths and prices, from what
// the storages aim at, and calls with each when it is found.
func (c *chain) solve(node func(*Storage, *node), tie func(*Tie)) {
	var worth [2]float64 // the step of the worth after the step
	last := len(c.links) - 1
	for t := last; t >= 0; t-- {
		l := &c.links[t]
		a, b := l.a, l.b
		var stored [2]float64
		switch f, s := l.forward, &l.slack; {
		case t == last || l.ends:
			one, move := s[0], f[0]
			if l.ends {
				one, move = l.alone(), f[0]-s[1]/s[2]*f[1]
			}
			if t == last {
				if worth[0] = 0; one > 0 {
					worth[0] = -move / one
				}
			} else {
				pulled := worth[0] + l.pull[0]
				share := 1 / (1 + a.pull*one)
				stored[0], worth[0] = (one*pulled+move)*share, (pulled-a.pull*move)*share
			}
			if worth[1] = 0; l.ends {
				worth[1] = -(f[1] + s[1]*worth[0]) / s[2]
			}
		default:
			m := [2]float64{worth[0] + l.pull[0], 0}
			if l.by != nil {
				m[1] = worth[1] + l.pull[1]
			}
			to := [2]float64{s[0]*m[0] + s[1]*m[1] + f[0], s[1]*m[0] + s[2]*m[1] + f[1]}
			stored = [2]float64{l.kept[0]*to[0] + l.kept[1]*to[1], l.kept[2]*to[0] + l.kept[3]*to[1]}
			m[0], m[1] = m[0]-a.pull*f[0], m[1]-b.pull*f[1]
			worth = [2]float64{l.kept[0]*m[0] + l.kept[2]*m[1], l.kept[1]*m[0] + l.kept[3]*m[1]}
		}
		dPrice := 0.0
		if l.tie != nil {
			dPrice = l.price + (a.cross*worth[0]+b.cross*worth[1])*l.share
			l.tie.dPrice, l.tie.dKW = dPrice, 0
		}
		if l.of != nil {
			l.settle(l.of, a, dPrice, stored[0], worth[0])
			node(l.of, a)
		}
		if l.by != nil {
			l.settle(l.by, b, dPrice, stored[1], worth[1])
			node(l.by, b)
		}
		if l.tie != nil {
			tie(l.tie)
		}
	}
}

// settle sets the steps of a storage.
func (l *link) settle(x *Storage, n *node, dPrice, stored, worth float64) {
	if l.tie != nil {
		l.tie.dKW += n.dCharge - n.dGive + n.cross*worth - n.own*dPrice
	}
	x.settle(n, dPrice, stored, worth)
}

// aim goes forward towards another target.
func (c *chain) aim(target float64) {
	var to forward
	for t := range c.links {
		to.step(&c.links[t], t, target)
	}
}

// forward finds what is stored more after each step, were its worth to stay.
type forward struct{ kept, had [2]float64 } // what is stored more before the step, and what is

func (to *forward) step(l *link, t int, target float64) {
	a, b := l.a, l.b
	price := 0.0
	if l.tie != nil {
		price = l.tie.Price
	}
	if l.of != nil {
		l.of.aim(t, price, target)
	}
	if l.by != nil {
		l.by.aim(t-l.by.From, price, target)
	}
	l.price = 0
	if l.tie != nil {
		l.price = (a.dCharge - a.dGive + b.dCharge - b.dGive + l.tie.rise(target)*l.soft) * l.share
	}
	f := &l.forward
	*f, l.pull = to.kept, [2]float64{a.dStored, b.dStored}
	if l.of != nil {
		if t == 0 {
			to.had[0] = l.of.start
		}
		f[0] += l.of.more(a, to.had[0]) - a.cross*l.price
		to.had[0] = a.stored
	}
	if l.by != nil {
		if t == l.by.From {
			to.had[1] = l.by.start
		}
		f[1] += l.by.more(b, to.had[1]) - b.cross*l.price
		to.had[1] = b.stored
	}
	s := &l.slack
	if l.ends {
		one, p := l.alone(), a.pull
		to.kept = [2]float64{(one*l.pull[0] + f[0] - s[1]/s[2]*f[1]) / (1 + p*one), 0}
		return
	}
	m := [2]float64{s[0]*l.pull[0] + s[1]*l.pull[1] + f[0], s[1]*l.pull[0] + s[2]*l.pull[1] + f[1]}
	to.kept = [2]float64{l.kept[0]*m[0] + l.kept[1]*m[1], l.kept[2]*m[0] + l.kept[3]*m[1]}
}
