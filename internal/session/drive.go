package session

import "math"

// drive gives a year's sessions the energy that is driven. The published energies
// come from many cars, up to 100 kWh: each session's is drawn from the part of the
// distribution that its car and its time can take, then all are scaled to the
// year's driving.
func (s *Sampler) drive(year []drawn, yearKWh float64) []Session {
	out := make([]Session, len(year))
	published, most := make([]float64, len(year)), make([]float64, len(year))
	for i, d := range year {
		out[i] = d.Session
		most[i] = s.driving.most(d.Steps())
		published[i] = s.published(&d, most[i])
	}
	sum := func(factor float64) (sum float64) {
		for i := range published {
			sum += scaled(published[i], most[i], factor*year[i].scale)
		}
		return sum
	}
	low, high := 0.0, 1.0
	for high < 1e9 && sum(high) < yearKWh {
		low, high = high, 2*high
	}
	below, above := bracket(low, yearKWh, len(year), sum, func(factor float64) (slope float64) {
		for i := range published {
			slope += year[i].scale * slopeOfScaled(published[i], most[i], factor*year[i].scale)
		}
		return slope
	})
	for range 60 {
		mid := (low + high) / 2
		if mid == low || mid == high { // no number lies between them
			break
		}
		if mid <= below || mid < above && sum(mid) < yearKWh {
			low = mid
		} else {
			high = mid
		}
	}
	if yearKWh == 0 {
		high = 0
	}
	for i := range out {
		out[i].EnergyKWh = scaled(published[i], most[i], high*year[i].scale)
	}
	return out
}

// published is a session's energy from the published distribution below what it can take.
func (s *Sampler) published(d *drawn, mostKWh float64) float64 {
	return s.tables.Energy.quantile(d.rank * (1 - s.tables.Energy.above(mostKWh)))
}

// bracket finds factors so near the answer, on either side, that rounding cannot have
// put the answer beyond them: a bisection, which ends at the answer as doubles have it, need
// not ask outside them. sum rises with the factor, ever less steeply: its tangents lead up to
// the answer from below.
func bracket(from, goal float64, terms int, sum, slope func(float64) float64) (below, above float64) {
	x := from
	for range 30 {
		step := (goal - sum(x)) / slope(x)
		if !(step > 1e-14*x) { // found, or no number
			break
		}
		x += step
	}
	rounding := float64(terms+10) * 0x1p-52
	below, above = x*(1-1e-12), x*(1+1e-12)
	if !(sum(below) < goal*(1-rounding)) {
		below = 0
	}
	if !(sum(above) > goal*(1+rounding)) {
		above = math.Inf(1)
	}
	return below, above
}

// scaled is an energy times a factor; above 1, bent so that it stays below the most
// that fits and keeps its order.
func scaled(energy, most, factor float64) float64 {
	if factor <= 1 || most == 0 {
		return factor * energy
	}
	return factor * energy / (1 + (factor-1)*energy/most)
}

// slopeOfScaled is how scaled rises with the factor.
func slopeOfScaled(energy, most, factor float64) float64 {
	if factor <= 1 || most == 0 {
		return energy
	}
	bent := 1 + (factor-1)*energy/most
	return energy * (1 - energy/most) / (bent * bent)
}
