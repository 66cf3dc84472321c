package home_test

import (
	"testing"

	"github.com/getij/getij/dispatch"
	"github.com/getij/getij/internal/home"
)

// What stored energy is worth says why a car does what it does: it charges at a cost
// below that, discharges for more, and does neither in between; netted taxes count as
// the home bears them.
func TestTheValueOfStoredEnergyExplainsTheSchedule(t *testing.T) {
	const hair = 1e-9
	var solver home.Solver
	charging, discharging, netted := 0, 0, 0
	for i := range uint64(6) {
		h := randomHome(i)
		if i%2 == 1 { // a home that feeds in more than it takes
			for k := range h.NetKW {
				h.NetKW[k] -= 1.5
			}
		}
		h.Fit()
		eta := h.Charger.OneWayEfficiency()
		for _, contract := range contracts {
			p := pricesOf(t, contract)
			power, y, err := solver.Year(h, axis, p, dispatch.V2G, nil)
			if err != nil {
				t.Fatal(err)
			}
			if len(solver.StoredEURPerKWh) != len(power) {
				t.Fatalf("%d values for %d steps", len(solver.StoredEURPerKWh), len(power))
			}
			by := y.NettedEURPerKWh - p.NettedEURPerKWh
			if by != 0 {
				netted++
			}
			k := 0
			for _, s := range h.Sessions {
				for step := s.Arrive; step < s.Depart; step++ {
					kw, value, net := power[k], solver.StoredEURPerKWh[k], h.NetKW[step]
					k++
					imp, exp := p.ImportEURPerKWh[step]+by, p.ExportEURPerKWh[step]+by
					if by == 0 && net >= 0 {
						exp = p.StorageExportEURPerKWh[step]
					}
					if exp < 0 {
						continue // burning energy can pay: no slope is the last kWh's alone
					}
					cost, gain := imp/eta, imp*eta
					if net+kw <= hair { // all of it own solar power
						cost = exp / eta
					}
					if net+kw < -hair { // the last of it goes to the grid
						gain = exp * eta
					}
					switch {
					case kw > hair:
						charging++
						if cost > value+hair {
							t.Fatalf("home %d, %s, step %d: a kWh is stored at %.4f EUR and worth %.4f", i, contract.Name, step, cost, value)
						}
					case kw < -hair:
						discharging++
						if gain < value-hair {
							t.Fatalf("home %d, %s, step %d: a stored kWh worth %.4f EUR is given for %.4f", i, contract.Name, step, value, gain)
						}
					}
				}
			}
		}
	}
	if charging < 1000 || discharging < 100 || netted == 0 {
		t.Errorf("%d steps of charging, %d of discharging, %d homes that feed in more than they take", charging, discharging, netted)
	}
	h := randomHome(0)
	h.Fit()
	if _, _, err := solver.Year(h, axis, pricesOf(t, contracts[0]), dispatch.Regular, nil); err != nil || len(solver.StoredEURPerKWh) != 0 {
		t.Errorf("regular charging has %d values, %v", len(solver.StoredEURPerKWh), err)
	}
}
