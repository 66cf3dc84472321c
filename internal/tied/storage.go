package tied

import (
	"math"

	"github.com/getij/getij/dispatch"
)

// Storage is a session in the search.
type Storage struct {
	Index              int // of the session
	From               int // step
	steps              []node
	perCharge, perGive float64 // stored kWh per kW of a step
	giveShare          float64 // of the inverter's time per kW given, in kW charged
	chargeKW           float64
	minKWh, maxKWh     float64
	start, end         float64 // kWh
}

// node is a step of a storage.
type node struct {
	eurPerKW, wear float64 // EUR per kW of net power, and per kW given
	mostKW         float64 // that may be given
	upKW, downKW   float64 // that net power may be
	still          bool    // no power is possible
	gives          bool    // power can be given

	charge, give float64 // kW
	stored       float64 // kWh after the step
	worth        float64 // EUR per stored kWh

	charging, giving, inverter, notEmpty, notFull, most, up, down bar
	kink                                                          Hinge

	dCharge, dGive, dStored, dWorth float64
	second                          corrections

	inverse    [3]float64 // of the step's Hessian: charge, both, give
	pull       float64    // of the battery's bounds on what is stored
	slack      float64    // of what is stored, towards the start: kWh per EUR/kWh
	own, cross float64    // net power's own response to its price, and to what storage is worth
	response   float64    // of what is stored to its worth
	twist      float64    // own * response - cross^2
}

const (
	leastSlack = 0.01 // kW or kWh, of limits at the start
	leastRoom  = 1e-7 // kW or kWh, below which nothing can be done
)

// NewStorage takes up a session, with its prices.
func NewStorage(index int, s *Session, imp, exp []float64) *Storage {
	p := &s.Problem
	x := &Storage{
		Index: index, From: s.From, steps: make([]node, len(p.NetLoadKW)),
		perCharge: p.StepHours * p.Charger.ChargeEfficiency, perGive: p.StepHours / p.Charger.DischargeEfficiency,
		chargeKW: p.Charger.ChargeKW, minKWh: p.Battery.MinKWh, maxKWh: p.Battery.MaxKWh, start: p.Battery.StartKWh, end: p.Battery.EndKWh,
	}
	if p.Charger.DischargeKW > 0 {
		x.giveShare = p.Charger.ChargeKW / p.Charger.DischargeKW
	}
	for t := range x.steps {
		n, net := &x.steps[t], p.NetLoadKW[t]
		importKW, exportKW := p.LimitsKW(t)
		n.upKW, n.downKW = max(0, importKW-net), max(0, exportKW+net)
		switch {
		case p.Mode == dispatch.V2G:
			n.mostKW = p.Charger.DischargeKW
		case p.Mode == dispatch.V2H:
			n.mostKW = min(p.Charger.DischargeKW, max(0, net))
		}
		n.gives = min(n.mostKW, n.downKW) > leastRoom
		n.still = n.upKW <= leastRoom && !n.gives
		n.wear = p.StepHours * p.Battery.WearEURPerKWh
		n.eurPerKW = p.StepHours * imp[t]
		if extra := p.StepHours * (imp[t] - exp[t]); net < 0 && extra > 0 {
			n.eurPerKW = p.StepHours * exp[t]
			if -net < p.Charger.ChargeKW {
				n.kink = Hinge{Sign: 1, LimitKW: -net, Most: extra}
			}
		} else if extra > 0 && n.gives && net < n.mostKW {
			n.eurPerKW = p.StepHours * exp[t]
			n.kink = Hinge{Sign: 1, LimitKW: -net, Most: extra}
		}
	}
	return x
}

// Free says whether more than one schedule is possible: whether what is stored can differ
// after any step, coming from the start and going to the end.
func (x *Storage) Free() bool {
	low, high := x.start, x.start
	for t := range x.steps {
		n := &x.steps[t]
		up, down := x.most(n)
		low, high = max(x.minKWh, low-down), min(x.maxKWh, high+up)
		n.stored, n.dStored = low, high
	}
	low, high = x.end, x.end
	for t := len(x.steps) - 1; t > 0; t-- {
		up, down := x.most(&x.steps[t])
		low, high = max(x.minKWh, low-up), min(x.maxKWh, high+down)
		if before := &x.steps[t-1]; min(high, before.dStored)-max(low, before.stored) > leastRoom {
			return true
		}
	}
	return false
}

// Powers are what the plan charges and gives, by step.
func (x *Storage) Powers() (charge, give []float64) {
	for t := range x.steps {
		charge, give = append(charge, x.steps[t].charge), append(give, x.steps[t].give)
	}
	return charge, give
}

// Range is the least and the most net power of a step.
func (x *Storage) Range(t int) (low, high float64) { return x.powers(&x.steps[t]) }

// powers are the least and the most net power of a step.
func (x *Storage) powers(n *node) (low, high float64) {
	if n.gives {
		low = -min(n.mostKW, n.downKW)
	}
	return low, min(x.chargeKW, n.upKW)
}

// most is what a step can add to what is stored, and take from it.
func (x *Storage) most(n *node) (up, down float64) {
	low, high := x.powers(n)
	return x.perCharge * high, -x.perGive * low
}

// begin puts a storage in the middle of what it can do.
func (x *Storage) begin(target float64) {
	worth := 0.0
	for t := range x.steps {
		worth += max(0, x.steps[t].eurPerKW) / x.perCharge / float64(len(x.steps))
	}
	low, high := 0.9*x.minKWh+0.1*x.maxKWh, 0.1*x.minKWh+0.9*x.maxKWh
	last := len(x.steps) - 1
	for t := range x.steps {
		n := &x.steps[t]
		n.worth = worth
		if t == last {
			n.stored = x.end
		} else {
			share := float64(t+1) / float64(len(x.steps))
			n.stored = min(max(x.start+share*(x.end-x.start), low), high)
			n.notEmpty.start(n.stored-x.minKWh, target)
			n.notFull.start(x.maxKWh-n.stored, target)
		}
		if n.still {
			continue
		}
		n.charge = 0.4 * min(x.chargeKW, max(n.upKW, leastSlack))
		if n.gives {
			n.give = 0.3 * min(n.mostKW, n.downKW)
			n.giving.start(n.give, target)
			if n.mostKW*x.giveShare < x.chargeKW {
				n.most.start(n.mostKW-n.give, target)
			}
			if n.downKW < n.mostKW {
				n.down.start(n.downKW-n.give+n.charge, target)
			}
		}
		n.charging.start(n.charge, target)
		n.inverter.start(x.inverterLeft(n), target)
		if n.upKW < x.chargeKW {
			n.up.start(n.upKW-n.charge+n.give, target)
		}
		if n.kink.Sign != 0 {
			n.kink.start(n.charge-n.give, target)
		}
	}
}

func (x *Storage) inverterLeft(n *node) float64 { return x.chargeKW - n.charge - x.giveShare*n.give }

// respond finds how a step by itself responds to prices.
func (x *Storage) respond(n *node) {
	n.pull = n.notEmpty.stiffness() + n.notFull.stiffness()
	switch {
	case n.still:
		n.own, n.cross, n.response, n.twist = 0, 0, 0, 0
	case !n.gives:
		q := n.charging.stiffness() + n.inverter.stiffness() + n.up.stiffness() + n.kink.stiffness()
		n.inverse = [3]float64{1 / q, 0, 0}
		n.own, n.cross, n.response, n.twist = 1/q, x.perCharge/q, x.perCharge*x.perCharge/q, 0
	default:
		c, d := n.charging.stiffness(), n.giving.stiffness()+n.most.stiffness()
		net, share, k := n.up.stiffness()+n.down.stiffness()+n.kink.stiffness(), n.inverter.stiffness(), x.giveShare
		b, g := x.perCharge, x.perGive
		det := 1 / (c*d + c*(net+k*k*share) + d*(net+share) + net*share*(k+1)*(k+1))
		n.inverse = [3]float64{(d + net + k*k*share) * det, (net - k*share) * det, (c + net + share) * det}
		n.own = (c + d + share*(k+1)*(k+1)) * det
		n.cross = (c*g + d*b + share*(k+1)*(g+k*b)) * det
		n.response = (c*g*g + d*b*b + net*(b-g)*(b-g) + share*(g+k*b)*(g+k*b)) * det
		n.twist = (b - g) * (b - g) * det
	}
}

// factor finds how what is stored responds to prices.
func (x *Storage) factor() {
	before := 0.0 // slack of the step before, its bounds counted
	for t := range x.steps {
		n := &x.steps[t]
		x.respond(n)
		n.slack = before + n.response
		before = n.slack / (1 + n.pull*n.slack)
	}
}

// corrections are what the second order adds to slack * price of a step's limits: the
// product of their steps.
type corrections struct {
	charging, giving, inverter, notEmpty, notFull, most, up, down float64
	kink                                                          [2]float64
}

// moves are the steps of a step's bars.
type moves struct {
	charging, giving, inverter, notEmpty, notFull, most, up, down, kink, over bar
}

// bars finds the steps of the bars that follow from that of the powers.
func (x *Storage) bars(n *node, target float64) (d moves) {
	c := &n.second
	net := n.dCharge - n.dGive
	d.charging = n.charging.step(n.charge, n.dCharge, target, c.charging)
	d.giving = n.giving.step(n.give, n.dGive, target, c.giving)
	d.inverter = n.inverter.step(x.inverterLeft(n), -n.dCharge-x.giveShare*n.dGive, target, c.inverter)
	d.notEmpty = n.notEmpty.step(n.stored-x.minKWh, n.dStored, target, c.notEmpty)
	d.notFull = n.notFull.step(x.maxKWh-n.stored, -n.dStored, target, c.notFull)
	d.most = n.most.step(n.mostKW-n.give, -n.dGive, target, c.most)
	d.up = n.up.step(n.upKW-n.charge+n.give, -net, target, c.up)
	d.down = n.down.step(n.downKW+n.charge-n.give, net, target, c.down)
	d.kink, d.over = n.kink.step(n.charge-n.give, net, target, &c.kink)
	return d
}

// aim sets what a step would do at its price as it is, were storage worth the same after
// it: the powers' steps in dCharge and dGive, and in dStored what pulls at the worth.
func (x *Storage) aim(t int, price, target float64) {
	n := &x.steps[t]
	c := &n.second
	pull := 0.0
	if t < len(x.steps)-1 {
		pull = x.steps[t+1].worth - n.worth + n.notEmpty.aim(n.stored-x.minKWh, target, c.notEmpty) - n.notFull.aim(x.maxKWh-n.stored, target, c.notFull)
	}
	n.dStored, n.dCharge, n.dGive = pull, 0, 0
	if n.still {
		return
	}
	used := n.inverter.aim(x.inverterLeft(n), target, c.inverter)
	net := n.eurPerKW + price + n.up.aim(n.upKW-n.charge+n.give, target, c.up) - n.down.aim(n.downKW+n.charge-n.give, target, c.down) + n.kink.aim(n.charge-n.give, target, &c.kink)
	byCharge := net + used - n.charging.aim(n.charge, target, c.charging) - x.perCharge*n.worth
	if !n.gives {
		n.dCharge = -n.inverse[0] * byCharge
		return
	}
	byGive := n.wear - net + x.giveShare*used + n.most.aim(n.mostKW-n.give, target, c.most) - n.giving.aim(n.give, target, c.giving) + x.perGive*n.worth
	n.dCharge = -n.inverse[0]*byCharge - n.inverse[1]*byGive
	n.dGive = -n.inverse[1]*byCharge - n.inverse[2]*byGive
}

// sweep finds the steps of what is stored and of its worth, where the row prices move by
// dPrices (nil: they do not). It fills net with the steps of net power; if settle, it sets
// the storage's own steps.
func (x *Storage) sweep(dPrices, net, forward []float64, settle bool) {
	stored, kept := x.start, 0.0
	for t := range x.steps {
		n := &x.steps[t]
		move := x.more(n, stored)
		if dPrices != nil {
			move -= n.cross * dPrices[t]
		}
		forward[t] = kept + move
		kept = (n.slack*n.dStored + forward[t]) / (1 + n.pull*n.slack)
		stored = n.stored
	}
	last := len(x.steps) - 1
	worth := -forward[last] / x.steps[last].slack
	for t := last; t >= 0; t-- {
		n := &x.steps[t]
		dStored := 0.0
		if t < last {
			share := 1 / (1 + n.pull*n.slack)
			dStored = share * (n.slack*(worth+n.dStored) + forward[t])
			worth = share * (worth + n.dStored - n.pull*forward[t])
		}
		net[t] = n.dCharge - n.dGive + n.cross*worth
		dPrice := 0.0
		if dPrices != nil {
			dPrice = dPrices[t]
			net[t] -= n.own * dPrice
		}
		if !settle {
			continue
		}
		x.settle(n, dPrice, dStored, worth)
	}
}

// more is what a step would have stored more than it has, after what was stored before.
func (x *Storage) more(n *node, stored float64) float64 {
	return stored + x.perCharge*(n.charge+n.dCharge) - x.perGive*(n.give+n.dGive) - n.stored
}

// settle sets a step's steps at those of its price, of what is stored and of its worth.
func (x *Storage) settle(n *node, dPrice, dStored, dWorth float64) {
	n.dStored, n.dWorth = dStored, dWorth
	if n.still {
		return
	}
	byCharge, byGive := dPrice-x.perCharge*dWorth, -dPrice+x.perGive*dWorth
	if !n.gives {
		byGive = 0
	}
	n.dCharge -= n.inverse[0]*byCharge + n.inverse[1]*byGive
	n.dGive -= n.inverse[1]*byCharge + n.inverse[2]*byGive
}

// gain is what the storage could gain at most, in EUR, at row prices at which those of its
// own limits do not add up.
func (x *Storage) gain(prices []float64) (eur float64) {
	last := len(x.steps) - 1
	for t := range x.steps {
		n := &x.steps[t]
		if t < last {
			eur += (x.maxKWh - x.minKWh) * math.Abs(x.steps[t+1].worth-n.worth+n.notEmpty.price-n.notFull.price)
		}
		if n.still {
			continue
		}
		net := n.eurPerKW + prices[t] + n.up.price - n.down.price + n.kink.in.price
		eur += x.chargeKW * math.Abs(net+n.inverter.price-n.charging.price-x.perCharge*n.worth)
		if n.gives {
			eur += n.mostKW * math.Abs(n.wear-net+x.giveShare*n.inverter.price+n.most.price-n.giving.price+x.perGive*n.worth)
		}
	}
	return eur
}

// add adds to a matrix how net power falls as row prices rise; row are the matrix's rows
// by step, -1 where there is none.
func (x *Storage) add(m *envelope, row []int) {
	last := len(x.steps) - 1
	inverse := 1 / x.steps[last].slack // of the worth's response to what is stored
	for t := last; t >= 0; t-- {
		n := &x.steps[t]
		if t < last {
			share := 1 / (1 + n.pull*n.slack)
			inverse = share * (share*inverse + n.pull)
		}
		if row[t] < 0 || n.cross == 0 {
			continue
		}
		m.add(row[t], row[t], n.own-n.cross*n.cross*inverse)
		to := m.row(row[t])
		reach := n.cross * inverse
		for i := t - 1; i >= 0 && reach != 0; i-- {
			k := &x.steps[i]
			reach /= 1 + k.pull*k.slack
			if row[i] >= 0 {
				to.add(row[i], -k.cross*reach)
			}
		}
	}
}

// reach shortens the longest steps that keep all slacks and prices above 0.
func (d *moves) reach(n *node, primal, dual *float64) {
	n.charging.reach(d.charging, primal, dual)
	n.giving.reach(d.giving, primal, dual)
	n.inverter.reach(d.inverter, primal, dual)
	n.notEmpty.reach(d.notEmpty, primal, dual)
	n.notFull.reach(d.notFull, primal, dual)
	n.most.reach(d.most, primal, dual)
	n.up.reach(d.up, primal, dual)
	n.down.reach(d.down, primal, dual)
	n.kink.in.reach(d.kink, primal, dual)
	n.kink.over.reach(d.over, primal, dual)
}

// correct finds the corrections that the steps call for, and counts the products.
func (d *moves) correct(n *node, sum *products) corrections {
	return corrections{
		charging: sum.add(&n.charging, d.charging), giving: sum.add(&n.giving, d.giving), inverter: sum.add(&n.inverter, d.inverter),
		notEmpty: sum.add(&n.notEmpty, d.notEmpty), notFull: sum.add(&n.notFull, d.notFull),
		most: sum.add(&n.most, d.most), up: sum.add(&n.up, d.up), down: sum.add(&n.down, d.down),
		kink: [2]float64{sum.add(&n.kink.in, d.kink), sum.add(&n.kink.over, d.over)},
	}
}

func (d *moves) move(n *node, primal, dual float64) {
	n.charging.move(d.charging, primal, dual)
	n.giving.move(d.giving, primal, dual)
	n.inverter.move(d.inverter, primal, dual)
	n.notEmpty.move(d.notEmpty, primal, dual)
	n.notFull.move(d.notFull, primal, dual)
	n.most.move(d.most, primal, dual)
	n.up.move(d.up, primal, dual)
	n.down.move(d.down, primal, dual)
	n.kink.in.move(d.kink, primal, dual)
	n.kink.over.move(d.over, primal, dual)
	n.charge += primal * n.dCharge
	n.give += primal * n.dGive
	n.stored += primal * n.dStored
	n.worth += dual * n.dWorth
}

// bars are all of a step.
func (n *node) bars() [10]*bar {
	return [...]*bar{&n.charging, &n.giving, &n.inverter, &n.notEmpty, &n.notFull, &n.most, &n.up, &n.down, &n.kink.in, &n.kink.over}
}

// limits counts a step's.
func (n *node) limits() (count int) {
	for _, b := range n.bars() {
		if b.slack > 0 {
			count++
		}
	}
	return count
}

// product is the sum of slack * price.
func (n *node) product() float64 {
	return n.charging.product() + n.giving.product() + n.inverter.product() + n.notEmpty.product() + n.notFull.product() +
		n.most.product() + n.up.product() + n.down.product() + n.kink.in.product() + n.kink.over.product()
}
