package dispatch

import "math"

// piece is a straight part of a step's cost f_t(x): widthKWh of stored energy
// at slope EUR per stored kWh.
type piece struct {
	slope, width float64
}

// step is what one step allows, limits and mode applied.
type step struct {
	imp, exp, net float64 // EUR/kWh, EUR/kWh, kW
	chargeMax     float64 // kW, when not discharging
	dischargeMax  float64 // kW, when not charging
	bent          bool    // the home alone is beyond a connection limit
}

// set fills in step t. It compares instead of using min and max, whose care for
// NaN costs a tenth of a solve: check has refused NaN.
func (s *step) set(p *Problem, t int) {
	net := p.NetLoadKW[t]
	s.imp, s.exp, s.net = p.ImportEURPerKWh[t], p.ExportEURPerKWh[t], net
	s.chargeMax, s.dischargeMax, s.bent = p.Charger.ChargeKW, p.modeDischargeKW(net), false
	if room := p.Grid.ImportLimitKW - net; room < s.chargeMax { // for more import
		if room < 0 {
			room, s.bent = 0, true
		}
		s.chargeMax = room
	}
	if room := p.Grid.ExportLimitKW + net; room < s.dischargeMax || room < 0 { // for more export
		if room < 0 {
			room, s.bent = 0, true
		}
		s.dischargeMax = room
	}
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
func (s *step) burningMatters(p *Problem) bool {
	return s.dischargeMax > 0 && s.exp < 0 ||
		p.Mode == V2G && s.dischargeMax < p.Charger.DischargeKW
}

// appendPieces appends f_t's pieces in order of rising slope, from the largest
// discharge to the largest charge, and returns the end points of its domain,
// in stored kWh.
func (p *Problem) appendPieces(buf []piece, s *step) (_ []piece, xMin, xMax float64) {
	if s.burningMatters(p) {
		var v vertices
		v.of(p, s)
		for i := 1; i < v.n; i++ {
			dx := v.at[i].x - v.at[i-1].x
			buf = append(buf, piece{(v.at[i].cost - v.at[i-1].cost) / dx, dx})
		}
		return buf, v.at[0].x, v.at[v.n-1].x
	}
	// No burning: charging and discharging exclude each other, and the kink of
	// the meter at net + c - d = 0 splits one of the two sides in two.
	kWhPerChargeKW := p.StepHours * p.Charger.ChargeEfficiency
	kWhPerDischargeKW := p.StepHours / p.Charger.DischargeEfficiency
	if s.dischargeMax > 0 {
		intoHome := s.dischargeMax
		if s.net < intoHome {
			intoHome = s.net
			if intoHome < 0 {
				intoHome = 0
			}
			buf = append(buf, piece{s.exp * p.Charger.DischargeEfficiency, (s.dischargeMax - intoHome) * kWhPerDischargeKW})
		}
		if intoHome > 0 {
			buf = append(buf, piece{s.imp * p.Charger.DischargeEfficiency, intoHome * kWhPerDischargeKW})
		}
	}
	if s.chargeMax > 0 {
		fromGrid := s.chargeMax
		if s.net < 0 {
			fromSolar := -s.net
			if fromSolar > s.chargeMax {
				fromSolar = s.chargeMax
			}
			fromGrid -= fromSolar
			buf = append(buf, piece{s.exp / p.Charger.ChargeEfficiency, fromSolar * kWhPerChargeKW})
		}
		if fromGrid > 0 {
			buf = append(buf, piece{s.imp / p.Charger.ChargeEfficiency, fromGrid * kWhPerChargeKW})
		}
	}
	return buf, -s.dischargeMax * kWhPerDischargeKW, s.chargeMax * kWhPerChargeKW
}

// power splits a change in stored energy x (kWh) into the cheapest charge and
// discharge power.
func (p *Problem) power(s *step, x float64) (chargeKW, dischargeKW float64) {
	if s.burningMatters(p) {
		var v vertices
		v.of(p, s)
		return v.power(x)
	}
	if x >= 0 {
		return min(x/(p.StepHours*p.Charger.ChargeEfficiency), s.chargeMax), 0
	}
	return 0, min(-x*p.Charger.DischargeEfficiency/p.StepHours, s.dischargeMax)
}

// exchangeCost is the cost in EUR of a step's exchange with the grid.
func (p *Problem) exchangeCost(s *step, chargeKW, dischargeKW float64) float64 {
	if y := s.net + chargeKW - dischargeKW; y > 0 {
		return s.imp * y * p.StepHours
	} else {
		return s.exp * y * p.StepHours
	}
}

// vertex is a corner of the allowed (charge, discharge) powers, with its change
// in stored energy and its cost.
type vertex struct {
	charge, discharge float64 // kW
	x                 float64 // kWh
	cost              float64 // EUR
}

// vertices holds the corners that carry f_t where burning matters.
//
// The allowed powers are a polygon: the triangle c, d >= 0, c/P_c + d/P_d <= 1
// cut by d <= dischargeMax (mode) and by the connection limits on c - d. The
// cost is linear on either side of the line net + c - d = 0, so its graph over
// the polygon is a convex polyhedral surface whose corners are those of the
// polygon and its crossings with that line. f_t minimises over the polygon at
// fixed x: a projection, hence f_t is the lower convex hull of the projected
// corners.
type vertices struct {
	at [16]vertex
	n  int
}

func (v *vertices) of(p *Problem, s *step) {
	v.corners(p, s)
	v.hull()
}

// corners lists the polygon's corners and its crossings with the meter's kink.
func (v *vertices) corners(p *Problem, s *step) {
	pc, pd := p.Charger.ChargeKW, p.Charger.DischargeKW
	var a, b [12]vertex
	poly := append(a[:0], vertex{}, vertex{charge: pc}, vertex{discharge: pd})
	if pc == 0 {
		poly = append(a[:0], vertex{}, vertex{discharge: pd})
	}
	// Limits bend to the home's own net load, so that idle is always allowed.
	up := max(0, p.Grid.ImportLimitKW-s.net)
	down := max(0, p.Grid.ExportLimitKW+s.net)
	poly = clip(b[:0], poly, 0, 1, p.modeDischargeKW(s.net))
	poly = clip(a[:0], poly, 1, -1, up)
	poly = clip(b[:0], poly, -1, 1, down)

	v.n = 0
	add := func(c, d float64) {
		v.at[v.n] = vertex{
			charge: c, discharge: d,
			x:    p.StepHours * (p.Charger.ChargeEfficiency*c - d/p.Charger.DischargeEfficiency),
			cost: p.exchangeCost(s, c, d),
		}
		v.n++
	}
	for i, q := range poly {
		add(q.charge, q.discharge)
		r := poly[(i+1)%len(poly)]
		yq, yr := s.net+q.charge-q.discharge, s.net+r.charge-r.discharge
		if (yq < 0 && yr > 0) || (yq > 0 && yr < 0) {
			w := yq / (yq - yr)
			add(q.charge+w*(r.charge-q.charge), q.discharge+w*(r.discharge-q.discharge))
		}
	}
}

// clip keeps the part of a convex polygon with ac*c + ad*d <= limit.
func clip(out, poly []vertex, ac, ad, limit float64) []vertex {
	if math.IsInf(limit, 1) {
		return append(out, poly...)
	}
	for i, q := range poly {
		r := poly[(i+1)%len(poly)]
		fq := ac*q.charge + ad*q.discharge - limit
		fr := ac*r.charge + ad*r.discharge - limit
		if fq <= 0 {
			out = append(out, q)
		}
		if (fq < 0 && fr > 0) || (fq > 0 && fr < 0) {
			w := fq / (fq - fr)
			out = append(out, vertex{
				charge:    q.charge + w*(r.charge-q.charge),
				discharge: q.discharge + w*(r.discharge-q.discharge),
			})
		}
	}
	return out
}

// sameKWh: corners closer than this in stored energy are one.
const sameKWh = 1e-10

// hull reduces the vertices to the lower convex hull of (x, cost), by rising x.
func (v *vertices) hull() {
	pts := v.at[:v.n]
	for i := 1; i < len(pts); i++ { // insertion sort: a dozen points at most
		for j := i; j > 0 && (pts[j].x < pts[j-1].x || (pts[j].x == pts[j-1].x && pts[j].cost < pts[j-1].cost)); j-- {
			pts[j], pts[j-1] = pts[j-1], pts[j]
		}
	}
	m := 0
	for _, q := range pts {
		if m > 0 && q.x-pts[m-1].x <= sameKWh {
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
