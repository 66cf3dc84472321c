package dispatch

// solveRegular charges at full power until the end energy is in; l is nil without idle loss.
func (p *Problem) solveRegular(l *idle, out *Schedule) error {
	stored, end := p.Battery.StartKWh, p.Battery.EndKWh
	kWhPerKW := p.kWhPerChargeKW()
	importKW, exportKW := p.Grid.limits()
	n := len(p.NetLoadKW)
	charge, discharge, storedKWh := out.ChargeKW[:n], out.DischargeKW[:n], out.StoredKWh[:n]
	clear(discharge)
	cost, t := 0.0, 0
	for ; t < n && end > stored; t++ {
		var st step
		st.set(p, t, importKW, exportKW)
		if st.bent {
			out.BentSteps++
		}
		c := min(max(0, (end-stored)/kWhPerKW), st.chargeMax)
		kWh := c * kWhPerKW
		if l != nil {
			c, kWh = l.charge(&st, end-stored)
		}
		stored += kWh
		charge[t], storedKWh[t] = c, stored
		cost += p.exchangeCost(&st, c, 0)
	}
	// The home alone, while the car is full.
	clear(charge[t:])
	above, byStep := p.Threshold.ImportKW, p.hasStepLimits()
	up, down := importKW, exportKW
	for ; t < n; t++ {
		net := p.NetLoadKW[t]
		if byStep {
			up, down = p.stepLimits(t, importKW, exportKW)
		}
		if net > up || -net > down {
			out.BentSteps++
		}
		storedKWh[t] = stored
		switch {
		case net <= 0:
			cost += p.ExportEURPerKWh[t] * net * p.StepHours
		case len(above) > 0 && net > above[t]:
			cost += p.ImportEURPerKWh[t]*net*p.StepHours + p.Threshold.EURPerKWh*(net-above[t])*p.StepHours
		default:
			cost += p.ImportEURPerKWh[t] * net * p.StepHours
		}
	}
	out.CostEUR = cost
	out.MarginalEURPerKWh = out.MarginalEURPerKWh[:0]
	// All that can be infinite or no number is in the sums.
	if err := checkFinite(0 * (out.CostEUR + stored)); err != nil {
		return err
	}
	_, err := p.reachable(p.Battery.StartKWh, stored)
	return err
}
