package dispatch

import "math"

// piece is a straight part of a step's cost f_t(x): widthKWh of stored energy
// at slope EUR per stored kWh.
type piece struct {
	slope, width float64
	rank         int16 // of the slope in a window of a Year, or noRank
	way          way   // 0 where burning matters
}

// way is a way to move energy, or several of them.
type way uint8

const (
	toGrid way = 1 << iota
	intoHome
	fromSolar
	fromGrid
)

const noRank = -1

// step is what one step allows, limits and mode applied.
type step struct {
	imp, exp, net float64 // EUR/kWh, EUR/kWh, kW
	chargeMax     float64 // kW, when not discharging
	dischargeMax  float64 // kW, when not charging
	bent          bool    // the home alone is beyond a connection limit
	burning       bool    // burningMatters
	wear          float64 // EUR per kWh discharged
	above         float64 // kW of import above which energy is dearer; +Inf: none
	extra         float64 // EUR/kWh, by so much
	// Limits of the connection, kW.
	importKW, exportKW float64
}

// set fills in step t, with the limits of the grid.
func (s *step) set(p *Problem, t int, importKW, exportKW float64) {
	s.imp, s.exp, s.net = p.ImportEURPerKWh[t], p.ExportEURPerKWh[t], p.NetLoadKW[t]
	s.importKW, s.exportKW = p.stepLimits(t, importKW, exportKW)
	s.chargeMax, s.dischargeMax, s.bent = p.mostKW(s.net, s.importKW, s.exportKW)
	s.burning = p.burningMatters(s.exp, s.dischargeMax)
	s.wear, s.above, s.extra = p.Battery.WearEURPerKWh, math.Inf(1), 0
	if len(p.Threshold.ImportKW) > 0 {
		s.above, s.extra = p.Threshold.ImportKW[t], p.Threshold.EURPerKWh
	}
}

// mostKW is the most power at a net load, and whether that is beyond the connection
// already. It compares instead of using min and max, whose care for NaN costs a tenth
// of a solve: check has refused NaN.
func (p *Problem) mostKW(netKW, importKW, exportKW float64) (charge, discharge float64, bent bool) {
	charge, discharge = p.Charger.ChargeKW, p.modeDischargeKW(netKW)
	if room := importKW - netKW; room < charge { // for more import
		if room < 0 {
			room, bent = 0, true
		}
		charge = room
	}
	if room := exportKW + netKW; room < discharge || room < 0 { // for more export
		if room < 0 {
			room, bent = 0, true
		}
		discharge = room
	}
	return charge, discharge, bent
}

// modeDischargeKW is the discharge power that the mode allows.
func (p *Problem) modeDischargeKW(netKW float64) float64 {
	switch {
	case p.Mode == V2G:
		return p.Charger.DischargeKW
	case p.Mode == V2H && netKW > 0:
		return min(p.Charger.DischargeKW, netKW)
	}
	return 0
}

// burningMatters says whether charging and discharging in the same step can be
// of use. Raising both at a fixed change in stored energy raises the exchange
// net + c - d by the losses, which pays where the price at the margin is
// negative. Raising both at a fixed exchange lowers the stored energy, which
// gets rid of energy faster than an export limit lets out.
func (p *Problem) burningMatters(exp, dischargeMax float64) bool {
	return dischargeMax > 0 && exp < 0 ||
		p.Mode == V2G && dischargeMax < p.Charger.DischargeKW
}

// powers are the ways to move energy, in kW, and sums of them over steps. Energy is
// dearer above the threshold, if any: then a step has six ways.
type powers struct{ toGrid, intoHome, intoHomeAbove, fromSolar, fromGrid, fromGridAbove float64 }

// add adds a step's: the kink of the meter at net + c - d = 0 splits what it can
// discharge or what it can charge in two.
func (w *powers) add(netKW, chargeMax, dischargeMax float64) {
	if netKW >= 0 {
		intoHome := dischargeMax
		if netKW < intoHome {
			intoHome = netKW
		}
		w.intoHome += intoHome
		w.toGrid += dischargeMax - intoHome
		w.fromGrid += chargeMax
		return
	}
	fromSolar := chargeMax
	if -netKW < fromSolar {
		fromSolar = -netKW
	}
	w.toGrid += dischargeMax
	w.fromSolar += fromSolar
	w.fromGrid += chargeMax - fromSolar
}

// split splits a step's ways once more, where it takes what the threshold is.
func (w *powers) split(s *step) {
	if kW := min(s.net-s.above, w.intoHome); kW > 0 {
		w.intoHome, w.intoHomeAbove = w.intoHome-kW, kW
	}
	if kW := min(s.net+s.chargeMax-s.above, w.fromGrid); kW > 0 {
		w.fromGrid, w.fromGridAbove = w.fromGrid-kW, kW
	}
}

// appendPieces appends the pieces of a run without burning by rising slope, from the
// largest discharge to the largest charge, and returns the end points of its domain, in
// stored kWh. Charging and discharging exclude each other.
func (p *Problem) appendPieces(buf []piece, imp, exp float64, w *powers, ranks *stepRanks) (_ []piece, xMin, xMax float64) {
	perCharge, perDischarge := p.kWhPerChargeKW(), p.kWhPerDischargeKW()
	wear, above := p.Battery.WearEURPerKWh, imp+p.Threshold.EURPerKWh
	if w.toGrid > 0 {
		buf = append(buf, piece{(exp - wear) * p.Charger.DischargeEfficiency, w.toGrid * perDischarge, ranks.toGrid, toGrid})
	}
	if w.intoHome > 0 {
		buf = append(buf, piece{(imp - wear) * p.Charger.DischargeEfficiency, w.intoHome * perDischarge, ranks.intoHome, intoHome})
	}
	if w.intoHomeAbove > 0 {
		buf = append(buf, piece{(above - wear) * p.Charger.DischargeEfficiency, w.intoHomeAbove * perDischarge, noRank, intoHome})
	}
	if w.fromSolar > 0 {
		buf = append(buf, piece{exp / p.Charger.ChargeEfficiency, w.fromSolar * perCharge, ranks.fromSolar, fromSolar})
	}
	if w.fromGrid > 0 {
		buf = append(buf, piece{imp / p.Charger.ChargeEfficiency, w.fromGrid * perCharge, ranks.fromGrid, fromGrid})
	}
	if w.fromGridAbove > 0 {
		buf = append(buf, piece{above / p.Charger.ChargeEfficiency, w.fromGridAbove * perCharge, noRank, fromGrid})
	}
	return buf, -(w.toGrid + w.intoHome + w.intoHomeAbove) * perDischarge, (w.fromSolar + w.fromGrid + w.fromGridAbove) * perCharge
}

func (p *Problem) kWhPerChargeKW() float64    { return p.StepHours * p.Charger.ChargeEfficiency }
func (p *Problem) kWhPerDischargeKW() float64 { return p.StepHours / p.Charger.DischargeEfficiency }

// stepPieces does so for one step, whether burning matters or not, and with its threshold.
func (p *Problem) stepPieces(buf []piece, s *step) (_ []piece, xMin, xMax float64) {
	if !s.burning {
		var w powers
		w.add(s.net, s.chargeMax, s.dischargeMax)
		w.split(s)
		return p.appendPieces(buf, s.imp, s.exp, &w, &unranked)
	}
	var v vertices
	v.of(p, s)
	for i := 1; i < v.n; i++ {
		dx := v.at[i].x - v.at[i-1].x
		buf = append(buf, piece{slope: (v.at[i].cost - v.at[i-1].cost) / dx, width: dx, rank: noRank})
	}
	return buf, v.at[0].x, v.at[v.n-1].x
}

// power splits a change in stored energy x (kWh) into the cheapest charge and
// discharge power.
func (p *Problem) power(s *step, x float64) (chargeKW, dischargeKW float64) {
	if s.burning {
		var v vertices
		v.of(p, s)
		return v.power(x)
	}
	if x >= 0 {
		return min(x/p.kWhPerChargeKW(), s.chargeMax), 0
	}
	return 0, min(-x/p.kWhPerDischargeKW(), s.dischargeMax)
}

// exchangeCost is the cost in EUR of a step's exchange with the grid, and of wear.
func (p *Problem) exchangeCost(s *step, chargeKW, dischargeKW float64) float64 {
	wear := s.wear * dischargeKW * p.StepHours
	switch y := s.net + chargeKW - dischargeKW; {
	case y > s.above:
		return s.imp*y*p.StepHours + s.extra*(y-s.above)*p.StepHours + wear
	case y > 0:
		return s.imp*y*p.StepHours + wear
	default:
		return s.exp*y*p.StepHours + wear
	}
}

// aboveShare is how much of the price above the threshold a step bears at the marginal
// value mu: 0 where its import is below the threshold, 1 where it is above, and
// between where it stays at the threshold. It is the multiplier of
// "what is above >= import - threshold".
func (p *Problem) aboveShare(s *step, mu float64) float64 {
	if s.extra == 0 || math.IsInf(s.above, 1) {
		return 0
	}
	if s.burning {
		return p.aboveShareOfCorners(s, mu)
	}
	switch u := s.above - s.net; { // the car's power at the threshold
	case u >= s.chargeMax:
		return 0
	case u <= -s.dischargeMax:
		return 1
	case u >= 0:
		return min(max((mu*p.Charger.ChargeEfficiency-s.imp)/s.extra, 0), 1)
	default:
		return min(max((mu/p.Charger.DischargeEfficiency-s.imp+s.wear)/s.extra, 0), 1)
	}
}

// aboveShareOfCorners maximises the dual over the share: at a share, the step costs
// the least of its corners without the threshold, each of which is a line in it.
func (p *Problem) aboveShareOfCorners(s *step, mu float64) float64 {
	plain := *s
	plain.above, plain.extra = math.Inf(1), 0
	var v vertices
	v.corners(p, &plain)
	var at, slope [len(v.at)]float64
	for i, q := range v.at[:v.n] {
		at[i] = q.cost - mu*q.x
		slope[i] = s.extra * (s.net + q.charge - q.discharge - s.above) * p.StepHours
	}
	least := func(share float64) float64 {
		value := math.Inf(1)
		for i := range v.n {
			value = min(value, at[i]+share*slope[i])
		}
		return value
	}
	best, value := 0.0, least(0)
	try := func(share float64) {
		if share > 0 && share <= 1 {
			if l := least(share); l > value {
				best, value = share, l
			}
		}
	}
	try(1)
	for i := range v.n {
		for j := range i {
			if slope[i] != slope[j] {
				try((at[j] - at[i]) / (slope[i] - slope[j]))
			}
		}
	}
	return best
}

// vertex is a corner of the allowed (charge, discharge) powers, with its change
// in stored energy and its cost.
type vertex struct {
	charge, discharge float64 // kW
	x                 float64 // kWh
	cost              float64 // EUR
}

func (p *Problem) vertex(s *step, charge, discharge float64) vertex {
	return vertex{
		charge: charge, discharge: discharge,
		x:    p.StepHours * (p.Charger.ChargeEfficiency*charge - discharge/p.Charger.DischargeEfficiency),
		cost: p.exchangeCost(s, charge, discharge),
	}
}

// vertices holds the corners that carry f_t where burning matters.
//
// The cost is linear on either side of the line net + c - d = 0, and of that of the
// threshold, so its graph over the polygon of allowed powers is a convex polyhedral
// surface, whose corners are those of the polygon and its crossings with those lines. f_t
// minimises over the polygon at fixed x: a projection, hence f_t is the lower
// convex hull of the projected corners.
type vertices struct {
	at [12]vertex
	n  int
}

func (v *vertices) of(p *Problem, s *step) {
	v.corners(p, s)
	v.hull(p)
}

// corners lists the polygon's corners and its crossings with the cost's kinks.
// At a net power u = c - d within the limits, discharging goes from what u needs,
// max(0, -u), to what one inverter's time and the mode leave,
//
//	min((P_c - u)*P_d/(P_c + P_d), most),
//
// and both ends are straight but for the u at which they have a kink. So the
// corners lie at those u, at the limits and at the cost's kinks, and none is
// lost where the polygon is a line or a point.
func (v *vertices) corners(p *Problem, s *step) {
	pc, pd := p.Charger.ChargeKW, p.Charger.DischargeKW
	most := p.modeDischargeKW(s.net)
	v.n = 0
	at := func(u float64) {
		least := max(0, -u)
		v.at[v.n] = p.vertex(s, max(0, u), least)
		v.n++
		c, d := (pd+u)*pc/(pc+pd), (pc-u)*pd/(pc+pd)
		if d > most {
			c, d = max(0, u+most), most
		}
		if d > least {
			v.at[v.n] = p.vertex(s, c, d)
			v.n++
		}
	}
	low, high := -s.dischargeMax, s.chargeMax
	at(low)
	if high > low {
		at(high)
	}
	for _, kink := range [...]float64{0, -s.net, s.above - s.net, pc - most*(pc+pd)/pd} {
		if kink > low && kink < high {
			at(kink)
		}
	}
}

// sameShare: corners are one where their stored energies differ by less than
// this share of what is charged and discharged to get there.
const sameShare = 1e-14

// same says whether two corners differ in stored energy by rounding alone.
func (p *Problem) same(a, b *vertex) bool {
	moved := p.Charger.ChargeEfficiency*(a.charge+b.charge) + (a.discharge+b.discharge)/p.Charger.DischargeEfficiency
	return b.x-a.x <= sameShare*p.StepHours*moved
}

// hull reduces the vertices to the lower convex hull of (x, cost), by rising x.
func (v *vertices) hull(p *Problem) {
	pts := v.at[:v.n]
	for i := 1; i < len(pts); i++ { // insertion sort: a dozen points at most
		for j := i; j > 0 && (pts[j].x < pts[j-1].x || (pts[j].x == pts[j-1].x && pts[j].cost < pts[j-1].cost)); j-- {
			pts[j], pts[j-1] = pts[j-1], pts[j]
		}
	}
	m := 0
	for _, q := range pts {
		if m > 0 && p.same(&pts[m-1], &q) {
			if q.cost < pts[m-1].cost {
				m--
			} else {
				continue
			}
		}
		for m >= 2 {
			a, b := pts[m-2], pts[m-1]
			if (b.cost-a.cost)*(q.x-b.x) < (q.cost-b.cost)*(b.x-a.x) {
				break
			}
			m--
		}
		pts[m] = q
		m++
	}
	v.n = m
	// Doing nothing is always allowed, whatever was rounded.
	pts[0].x = min(pts[0].x, 0)
	pts[m-1].x = max(pts[m-1].x, 0)
}

// power interpolates between the two corners around x.
func (v *vertices) power(x float64) (chargeKW, dischargeKW float64) {
	i := 1
	for i < v.n-1 && x > v.at[i].x {
		i++
	}
	if v.n == 1 {
		return v.at[0].charge, v.at[0].discharge
	}
	a, b := &v.at[i-1], &v.at[i]
	w := min(max((x-a.x)/(b.x-a.x), 0), 1)
	return a.charge + w*(b.charge-a.charge), a.discharge + w*(b.discharge-a.discharge)
}
