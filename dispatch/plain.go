package dispatch

import "math"

// Most sessions of a Year are plain: no limit of the connection binds, burning never pays,
// and the mode lets every step do the same. Then a run of one price is a number of steps
// times a power, without a look at each of them; its pieces are ranks, and so are the slopes
// at the cuts and the marginal value, which are compared as whole numbers; and where a run is
// used in full nothing has to be spread.

// plainRun is a run of a plain session.
type plainRun struct {
	from, to                           int
	imp, exp                           float64 // EUR/kWh
	toGrid, intoHome, solar, grid      float64 // what it can move each way, in stored kWh
	ranks                              stepRanks
	atMin, atMax, marginal             int16 // ranks; see run
	may, must                          way
	low, high, xLow, xHigh, settledKWh float64 // kWh; see run
}

// Beyond all ranks: W was not cut.
const (
	belowRanks = math.MinInt16
	aboveRanks = math.MaxInt16
)

// plain says whether a session is, given the lowest and the highest of its net loads. Its
// first step is step at of a window.
func (p *Problem) plain(w *window, at int, lowestKW, highestKW float64) bool {
	if p.Mode != V2G && p.Mode != Smart || p.hasStepLimits() {
		return false
	}
	importKW, exportKW := p.Grid.limits()
	discharge := p.modeDischargeKW(0)
	return highestKW+p.Charger.ChargeKW <= importKW && discharge-lowestKW <= exportKW &&
		(discharge == 0 || w.negative[at] == w.negative[at+len(p.NetLoadKW)])
}

// solvePlain solves a plain session of a window.
func (s *Solver) solvePlain(p *Problem, w *window, at int, out *Schedule) error {
	n := len(p.NetLoadKW)
	if cap(s.plain) < n {
		s.plain = make([]plainRun, n)
	}
	if cap(s.most) < n {
		s.most = make([]mostKW, n)
	}
	s.most = s.most[:n]
	low, high := s.forwardPlain(p, w, at)
	end, err := p.reachable(low, high)
	if err != nil {
		return err
	}
	s.backwardPlain(p, end, s.value.ranked.rankAt(end-low))
	return s.fillPlain(p, w, out)
}

// forwardPlain builds W after every run, as forward does, and returns the ends of its domain.
func (s *Solver) forwardPlain(p *Problem, w *window, at int) (low, high float64) {
	perCharge, perDischarge := p.kWhPerChargeKW(), p.kWhPerDischargeKW()
	chargeKW, dischargeKW := p.Charger.ChargeKW, p.modeDischargeKW(0)
	chargeKWh, dischargeKWh := chargeKW*perCharge, dischargeKW*perDischarge // of a step
	sMin, sMax := p.Battery.MinKWh, p.Battery.MaxKWh
	low, high = p.Battery.StartKWh, p.Battery.StartKWh
	v := &s.value.ranked
	v.reset(w.slope)
	n := len(p.NetLoadKW)
	imports, exports, ranks, ends := p.ImportEURPerKWh[:n], p.ExportEURPerKWh[:n], w.ranks[at:at+n], w.ends[at:at+n]
	runs := s.plain[:cap(s.plain)]
	count := 0
	for t := 0; t < n; count++ {
		r := &runs[count]
		r.from, r.imp, r.exp, r.ranks = t, imports[t], exports[t], ranks[t]
		r.atMin, r.atMax = belowRanks, aboveRanks
		t = min(int(ends[t])-at, n)
		if r.imp == r.exp {
			steps := float64(t - r.from)
			r.toGrid, r.grid = steps*dischargeKWh, steps*chargeKWh
			r.intoHome, r.solar = 0, 0
		} else {
			t = r.sameSign(p.NetLoadKW[:t], chargeKW, dischargeKW, perCharge, perDischarge)
			if r.intoHome > 0 {
				v.add(int(r.ranks.intoHome), r.intoHome)
			}
			if r.solar > 0 {
				v.add(int(r.ranks.fromSolar), r.solar)
			}
		}
		r.to = t
		if r.toGrid > 0 {
			v.add(int(r.ranks.toGrid), r.toGrid)
		}
		if r.grid > 0 {
			v.add(int(r.ranks.fromGrid), r.grid)
		}
		low -= r.toGrid + r.intoHome
		high += r.solar + r.grid
		if t == n {
			break // the last cut is at the end itself
		}
		if high > sMax {
			r.atMax = v.rankAtHighCut(high - sMax)
			high = sMax
		}
		if low < sMin {
			r.atMin = v.rankAtLowCut(sMin - low)
			low = sMin
		}
	}
	s.plain = runs[:count+1]
	return low, high
}

// sameSign finds how far the home's net load keeps its sign from a run's first step on, and
// what these steps can move.
func (r *plainRun) sameSign(netKW []float64, chargeKW, dischargeKW, perCharge, perDischarge float64) (to int) {
	own, other := 0.0, 0.0 // of what depends on the net load
	t := r.from
	if netKW[t] >= 0 {
		for ; t < len(netKW); t++ {
			net := netKW[t]
			if !(net >= 0) {
				break
			}
			if net < dischargeKW {
				own += net
				other += dischargeKW - net
			} else {
				own += dischargeKW
			}
		}
		r.intoHome, r.toGrid = own*perDischarge, other*perDischarge
		r.solar, r.grid = 0, float64(t-r.from)*chargeKW*perCharge
		return t
	}
	for ; t < len(netKW); t++ {
		net := -netKW[t]
		if !(net > 0) {
			break
		}
		if net < chargeKW {
			own += net
			other += chargeKW - net
		} else {
			own += chargeKW
		}
	}
	r.solar, r.grid = own*perCharge, other*perCharge
	r.intoHome, r.toGrid = 0, float64(t-r.from)*dischargeKW*perDischarge
	return t
}

// backwardPlain finds the marginal values, as backward does, by their ranks.
func (s *Solver) backwardPlain(p *Problem, end float64, marginal int16) {
	sMin, sMax := p.Battery.MinKWh, p.Battery.MaxKWh
	low, high, settled := end, end, end
	runs := s.plain
	for i := len(runs) - 1; ; i-- {
		r := &runs[i]
		r.marginal, r.low, r.high, r.settledKWh = marginal, low, high, settled
		r.free()
		if i == 0 {
			return
		}
		low, high = max(low-r.xHigh, sMin), min(high-r.xLow, sMax)
		switch before := &runs[i-1]; {
		case marginal > before.atMax:
			marginal = before.atMax
			low, high, settled = sMax, sMax, sMax
		case marginal < before.atMin:
			marginal = before.atMin
			low, high, settled = sMin, sMin, sMin
		}
	}
}

// free finds the changes in stored energy that are optimal at the marginal value.
func (r *plainRun) free() {
	m := r.marginal
	var may, must way
	low, high := 0.0, 0.0
	if r.toGrid > 0 && r.ranks.toGrid >= m {
		may |= toGrid
		low -= r.toGrid
		if r.ranks.toGrid > m {
			must |= toGrid
			high -= r.toGrid
		}
	}
	if r.grid > 0 && r.ranks.fromGrid <= m {
		may |= fromGrid
		high += r.grid
		if r.ranks.fromGrid < m {
			must |= fromGrid
			low += r.grid
		}
	}
	if r.intoHome > 0 && r.ranks.intoHome >= m {
		may |= intoHome
		low -= r.intoHome
		if r.ranks.intoHome > m {
			must |= intoHome
			high -= r.intoHome
		}
	}
	if r.solar > 0 && r.ranks.fromSolar <= m {
		may |= fromSolar
		high += r.solar
		if r.ranks.fromSolar < m {
			must |= fromSolar
			low += r.solar
		}
	}
	r.xLow, r.xHigh, r.may, r.must = low, high, may, must
}

// fillPlain walks forward, as fill does.
func (s *Solver) fillPlain(p *Problem, w *window, out *Schedule) error {
	n := len(p.NetLoadKW)
	net, charge, discharge := p.NetLoadKW, out.ChargeKW[:n], out.DischargeKW[:n]
	storedKWh, worth := out.StoredKWh[:n], out.MarginalEURPerKWh[:n]
	h, chargeKW, dischargeKW := p.StepHours, p.Charger.ChargeKW, p.Charger.DischargeKW
	chargeKWh, dischargeKWh := chargeKW*p.kWhPerChargeKW(), dischargeKW*p.kWhPerDischargeKW()
	sMin, sMax := p.Battery.MinKWh, p.Battery.MaxKWh
	bit := 1e-15 * sMax
	stored, cost, zero := p.Battery.StartKWh, 0.0, 0.0
	for i := range s.plain {
		r := &s.plain[i]
		from, to := r.from, r.to
		impEUR, expEUR, mu := r.imp*h, r.exp*h, 0.0
		if r.marginal >= 0 {
			mu = w.slope[r.marginal]
		}
		zero += 0 * (mu + r.imp + r.exp)
		if r.may == 0 { // nothing is worth it
			stored = min(max(stored, r.low), r.high)
			for t := from; t < to; t++ {
				charge[t], discharge[t], storedKWh[t], worth[t] = 0, 0, stored, mu
				cost += exchangeEUR(net[t], impEUR, expEUR)
			}
			continue
		}
		steps := float64(to - from)
		if lowest, highest := max(r.low, sMin), min(r.high, sMax); r.xLow >= 0 && r.may&fromGrid != 0 {
			if next := stored + steps*chargeKWh; next <= highest+steps*bit && next >= lowest-steps*bit {
				for t := from; t < to; t++ {
					stored += chargeKWh
					charge[t], discharge[t], storedKWh[t], worth[t] = chargeKW, 0, stored, mu
					cost += exchangeEUR(net[t]+chargeKW, impEUR, expEUR)
				}
				stored = min(max(next, lowest), highest)
				storedKWh[to-1] = stored
				continue
			}
		} else if r.xHigh <= 0 && r.may&toGrid != 0 {
			if next := stored - steps*dischargeKWh; next <= highest+steps*bit && next >= lowest-steps*bit {
				for t := from; t < to; t++ {
					stored -= dischargeKWh
					charge[t], discharge[t], storedKWh[t], worth[t] = 0, dischargeKW, stored, mu
					cost += exchangeEUR(net[t]-dischargeKW, impEUR, expEUR)
				}
				stored = min(max(next, lowest), highest)
				storedKWh[to-1] = stored
				continue
			}
		}
		out.CostEUR = 0
		stored = s.spread(p, r, stored, out)
		cost += out.CostEUR
		for t := from; t < to; t++ {
			worth[t] = mu
		}
	}
	out.CostEUR = cost
	return checkFinite(zero + 0*(cost+stored))
}

// exchangeEUR is what a power costs, by the prices of a kW in a step.
func exchangeEUR(kW, impEUR, expEUR float64) float64 {
	if kW > 0 {
		return kW * impEUR
	}
	return kW * expEUR
}

// spread fills a run that is not used in full.
func (s *Solver) spread(p *Problem, r *plainRun, stored float64, out *Schedule) float64 {
	most := s.most[r.from:r.to]
	for i := range most {
		most[i] = mostKW{p.Charger.ChargeKW, p.modeDischargeKW(0)}
	}
	return s.fillRun(p, &run{
		from: r.from, to: r.to, imp: r.imp, exp: r.exp, low: r.low, high: r.high,
		xLow: r.xLow, xHigh: r.xHigh, may: r.may, must: r.must, next: r.settledKWh,
	}, stored, out)
}
