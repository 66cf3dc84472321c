package tied

import "math"

// bar is what is left to a limit, and what that limit is worth: slack * price goes to 0.
// Without slack there is no limit.
type bar struct{ slack, price float64 }

// start puts a bar at what is left, or near the limit where that is nothing.
func (b *bar) start(left, target float64) {
	b.slack = max(left, leastSlack)
	b.price = target / b.slack
}

func (b *bar) product() float64 { return b.slack * b.price }

// stiffness is how fast the price rises with what is used.
func (b *bar) stiffness() float64 {
	if b.slack == 0 {
		return 0
	}
	return b.price / b.slack
}

// aim is the price that a step without a move would lead to: slack * price shall be target
// less correction, and the slack what is left.
func (b *bar) aim(left, target, correction float64) float64 {
	if b.slack == 0 {
		return 0
	}
	return (target - correction - b.price*(left-b.slack)) / b.slack
}

// step is the bar's own step where what is left moves by dLeft.
func (b *bar) step(left, dLeft, target, correction float64) bar {
	if b.slack == 0 {
		return bar{}
	}
	dSlack := left - b.slack + dLeft
	return bar{dSlack, (target-correction-b.price*dSlack)/b.slack - b.price}
}

// reach shortens the longest steps so that neither slack nor price falls below 0.
func (b *bar) reach(d bar, primal, dual *float64) {
	if b.slack+d.slack**primal < 0 {
		*primal = -b.slack / d.slack
	}
	if b.price+d.price**dual < 0 {
		*dual = -b.price / d.price
	}
}

func (b *bar) move(d bar, primal, dual float64) {
	b.slack += primal * d.slack
	b.price += dual * d.price
}

// Hinge makes dearer what sign * power is above a limit, by most EUR/kW: in is the bar of
// the limit, over that of what is beyond it, slack - beyond = limit - sign*power, and
// their prices add up to most. Without most, nothing may be beyond.
type Hinge struct {
	Sign, LimitKW, Most float64
	in, over            bar
}

// start puts a hinge at a power, with both products at the target.
func (g *Hinge) start(kW, target float64) {
	left := g.LimitKW - g.Sign*kW
	if math.IsInf(g.Most, 1) {
		g.in.start(left, target)
		return
	}
	least := target / g.Most
	root := math.Hypot(left, 2*least)
	if left > 0 {
		g.over.slack = least + 2*least*least/(root+left)
		g.in.slack = left + g.over.slack
	} else {
		g.in.slack = least + 2*least*least/(root-left)
		g.over.slack = g.in.slack - left
	}
	g.in.price, g.over.price = target/g.in.slack, target/g.over.slack
}

// none says whether there is no hinge.
func (g *Hinge) none() bool { return g.in.slack == 0 }

// stiffness is how fast the price rises with sign * power.
func (g *Hinge) stiffness() float64 {
	if g.none() {
		return 0
	}
	soft := g.in.slack / g.in.price
	if g.over.slack > 0 {
		soft += g.over.slack / g.over.price
	}
	return 1 / soft
}

// left is what is left to the limit, what is beyond it counted.
func (g *Hinge) left(kW float64) float64 { return g.LimitKW - g.Sign*kW + g.over.slack }

// aim is the price, times sign, that a step without a move would lead to.
func (g *Hinge) aim(kW, target float64, correction *[2]float64) float64 {
	if g.none() {
		return 0
	}
	return g.Sign * (g.in.price + g.stiffness()*g.offset(kW, target, correction))
}

func (g *Hinge) offset(kW, target float64, correction *[2]float64) float64 {
	x := (target-correction[0])/g.in.price - g.left(kW)
	if g.over.slack > 0 {
		x -= (target-correction[1])/g.over.price - g.over.slack
	}
	return x
}

// step is the step of both bars where the power moves by dKW.
func (g *Hinge) step(kW, dKW, target float64, correction *[2]float64) (in, over bar) {
	if g.none() {
		return
	}
	in.price = g.stiffness() * (g.offset(kW, target, correction) + g.Sign*dKW)
	in.slack = g.left(kW) - g.in.slack - g.Sign*dKW
	if g.over.slack > 0 {
		over.price = -in.price
		over.slack = (target-correction[1]-g.over.slack*over.price)/g.over.price - g.over.slack
		in.slack += over.slack
	}
	return in, over
}
