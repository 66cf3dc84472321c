package dispatch

import "math"

// Most sessions of a Year are plain: no limit of the connection binds, burning never pays,
// and the mode lets every step do the same. Then a run of one price is a number of steps
// times a power, without a look at each of them, its pieces are places in the value, and where
// they are used in full nothing has to be spread.

// plain says whether a session is, given the lowest and the highest of its net loads. Its
// first step is step at of a window.
func (p *Problem) plain(w *window, at int, lowestKW, highestKW float64) bool {
	if p.Mode != V2G && p.Mode != Smart {
		return false
	}
	importKW, exportKW := p.Grid.limits()
	discharge := p.modeDischargeKW(0)
	return highestKW+p.Charger.ChargeKW <= importKW && discharge-lowestKW <= exportKW &&
		(discharge == 0 || w.negative[at] == w.negative[at+len(p.NetLoadKW)])
}

// solvePlain solves a plain session of a window.
func (s *Solver) solvePlain(p *Problem, w *window, at int, out *Schedule) error {
	s.room(len(p.NetLoadKW))
	end, marginal, err := s.forwardPlain(p, w, at)
	if err != nil {
		return err
	}
	s.backward(p, end, marginal)
	return s.fill(p, out)
}

// forwardPlain is forward for a plain session.
func (s *Solver) forwardPlain(p *Problem, w *window, at int) (end, marginal float64, err error) {
	perCharge, perDischarge := p.kWhPerChargeKW(), p.kWhPerDischargeKW()
	chargeKW, dischargeKW := p.Charger.ChargeKW, p.modeDischargeKW(0)
	sMin, sMax, low, high := p.Battery.MinKWh, p.Battery.MaxKWh, p.Battery.StartKWh, p.Battery.StartKWh
	s.value.reset(w)
	v := &s.value.ranked
	runs, n := s.runs[:0], len(p.NetLoadKW)
	for t := 0; t < n; {
		runs = runs[:len(runs)+1]
		r := &runs[len(runs)-1]
		r.even, r.alone, r.firstPiece = true, false, 0
		r.from, r.imp, r.exp = t, p.ImportEURPerKWh[t], p.ExportEURPerKWh[t]
		r.atMin, r.atMax = math.Inf(-1), math.Inf(1)
		r.xLow, r.xHigh, r.may, r.must = 0, 0, 0, 0
		ranks := &w.ranks[at+t]
		t = min(int(w.ends[at+t])-at, n)
		if r.imp == r.exp {
			steps := float64(t - r.from)
			r.kWh = powers{toGrid: steps * dischargeKW * perDischarge, fromGrid: steps * chargeKW * perCharge}
		} else {
			t = r.sameSign(p.NetLoadKW[:t], chargeKW, dischargeKW, perCharge, perDischarge)
			if r.kWh.intoHome > 0 {
				v.add(int(ranks.intoHome), r.kWh.intoHome)
			}
			if r.kWh.fromSolar > 0 {
				v.add(int(ranks.fromSolar), r.kWh.fromSolar)
			}
		}
		if r.kWh.toGrid > 0 {
			v.add(int(ranks.toGrid), r.kWh.toGrid)
		}
		if r.kWh.fromGrid > 0 {
			v.add(int(ranks.fromGrid), r.kWh.fromGrid)
		}
		r.to = t
		low -= r.kWh.toGrid + r.kWh.intoHome
		high += r.kWh.fromSolar + r.kWh.fromGrid
		if t == n {
			break // the last cut is at the end itself
		}
		if high > sMax {
			r.atMax = v.cutHigh(high - sMax)
			high = sMax
		}
		if low < sMin {
			r.atMin = v.cutLow(sMin - low)
			low = sMin
		}
	}
	s.runs = runs
	if end, err = p.reachable(low, high); err != nil {
		return 0, 0, err
	}
	return end, s.value.slopeAt(end - low), nil
}

// sameSign finds how far the home's net load keeps its sign from a run's first step on, and
// what these steps can move.
func (r *run) sameSign(netKW []float64, chargeKW, dischargeKW, perCharge, perDischarge float64) (to int) {
	own, grid := 0.0, 0.0 // of what depends on the sign
	t := r.from
	if netKW[t] >= 0 {
		for ; t < len(netKW) && netKW[t] >= 0; t++ {
			if net := netKW[t]; net < dischargeKW {
				own += net
				grid += dischargeKW - net
			} else {
				own += dischargeKW
			}
		}
		r.kWh = powers{intoHome: own * perDischarge, toGrid: grid * perDischarge, fromGrid: float64(t-r.from) * chargeKW * perCharge}
		return t
	}
	for ; t < len(netKW) && netKW[t] < 0; t++ {
		if net := -netKW[t]; net < chargeKW {
			own += net
			grid += chargeKW - net
		} else {
			own += chargeKW
		}
	}
	r.kWh = powers{fromSolar: own * perCharge, fromGrid: grid * perCharge, toGrid: float64(t-r.from) * dischargeKW * perDischarge}
	return t
}

// freeEven is free for a run of a plain session.
func (r *run) freeEven(c *Charger) {
	r.gives(toGrid, r.exp*c.DischargeEfficiency, r.kWh.toGrid)
	r.takes(fromGrid, r.imp/c.ChargeEfficiency, r.kWh.fromGrid)
	if r.imp != r.exp {
		r.gives(intoHome, r.imp*c.DischargeEfficiency, r.kWh.intoHome)
		r.takes(fromSolar, r.exp/c.ChargeEfficiency, r.kWh.fromSolar)
	}
}

// gives counts a way to discharge in where it is worth it.
func (r *run) gives(w way, slope, kWh float64) {
	if kWh == 0 || slope < r.marginal {
		return
	}
	r.may |= w
	r.xLow -= kWh
	if slope > r.marginal {
		r.must |= w
		r.xHigh -= kWh
	}
}

// takes does so for a way to charge.
func (r *run) takes(w way, slope, kWh float64) {
	if kWh == 0 || slope > r.marginal {
		return
	}
	r.may |= w
	r.xHigh += kWh
	if slope < r.marginal {
		r.must |= w
		r.xLow += kWh
	}
}

// fully fills a run of a plain session at full power, up or down; false where the battery
// or what comes after does not leave that much, but for rounding.
func (r *run) fully(p *Problem, kW, kWh, stored float64, out *Schedule) (next float64, ok bool) {
	steps := float64(r.to - r.from)
	next = stored + steps*kWh
	rounding := 1e-15 * p.Battery.MaxKWh * steps
	lowest, highest := max(r.low, p.Battery.MinKWh), min(r.high, p.Battery.MaxKWh)
	if !(next <= highest+rounding && next >= lowest-rounding) {
		return stored, false
	}
	next = min(max(next, lowest), highest)
	chargeKW, dischargeKW := kW, 0.0
	if kW < 0 {
		chargeKW, dischargeKW = 0, -kW
	}
	impEUR, expEUR, cost := r.imp*p.StepHours, r.exp*p.StepHours, out.CostEUR
	net, storedKWh := p.NetLoadKW[r.from:r.to], out.StoredKWh[r.from:r.to]
	charge, discharge := out.ChargeKW[r.from:r.to], out.DischargeKW[r.from:r.to]
	for i := range net {
		stored += kWh
		charge[i], discharge[i], storedKWh[i] = chargeKW, dischargeKW, stored
		if y := net[i] + kW; y > 0 {
			cost += y * impEUR
		} else {
			cost += y * expEUR
		}
	}
	storedKWh[len(storedKWh)-1] = next
	out.CostEUR = cost
	return next, true
}

// mostOf are the most powers of a run's steps.
func (s *Solver) mostOf(p *Problem, r *run) []mostKW {
	most := s.most[r.from:r.to]
	if r.even {
		for i := range most {
			most[i] = mostKW{p.Charger.ChargeKW, p.modeDischargeKW(0)}
		}
	}
	return most
}
