package dispatch

import "testing"

// What still counts as reached is the same for every way to charge, at its edge too.
func TestTheEdgeOfReachIsOneForAllModes(t *testing.T) {
	for _, start := range []float64{0, 0.1, 20, 50.3} {
		for n := 1; n <= 40; n++ {
			p := flat(make([]float64, n)...)
			p.Battery.MaxKWh, p.Battery.StartKWh, p.Charger.ChargeEfficiency = 1000, start, 0.9
			high := start
			for range n {
				high += 0.25 * 11 * 0.9
			}
			for _, beyond := range []float64{0, 0.999, 1, 1.001} {
				p.Battery.EndKWh = high + beyond*EndToleranceKWh
				reached := map[bool]bool{}
				for _, p.Mode = range []Mode{Regular, Smart, V2H, V2G} {
					reached[new(Solver).Solve(p, new(Schedule)) == nil] = true
				}
				if len(reached) > 1 {
					t.Errorf("from %g kWh in %d steps, %g of the tolerance out of reach: some modes reach it and others do not", start, n, beyond)
				}
			}
		}
	}
}
