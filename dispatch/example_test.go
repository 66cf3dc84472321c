package dispatch_test

import (
	"fmt"

	"github.com/getij/getij/dispatch"
)

// A car that is plugged in for two hours, half full, and must leave as it came:
// it sells in the dear hour and buys back in the cheap one.
func ExampleSolver_Solve() {
	dear, cheap := 0.40, 0.20
	prices := []float64{dear, dear, dear, dear, cheap, cheap, cheap, cheap}
	p := dispatch.Problem{
		StepHours:       0.25,
		ImportEURPerKWh: prices,
		ExportEURPerKWh: prices,
		NetLoadKW:       make([]float64, len(prices)),
		Battery:         dispatch.Battery{MinKWh: 7, MaxKWh: 70, StartKWh: 35, EndKWh: 35},
		Charger:         dispatch.Charger{ChargeKW: 11, DischargeKW: 11, ChargeEfficiency: 0.92, DischargeEfficiency: 0.92},
		Grid:            dispatch.Grid{ImportLimit: dispatch.LimitKW(17.25), ExportLimit: dispatch.LimitKW(17.25)},
		Mode:            dispatch.V2G,
	}
	var solver dispatch.Solver // keep it: it reuses its memory
	var schedule dispatch.Schedule
	if err := solver.Solve(&p, &schedule); err != nil {
		fmt.Println(err)
		return
	}
	for t := range prices {
		fmt.Printf("%5.2f kW, %5.2f kWh, worth %.3f EUR/kWh\n",
			schedule.ChargeKW[t]-schedule.DischargeKW[t], schedule.StoredKWh[t], schedule.MarginalEURPerKWh[t])
	}
	gap, err := dispatch.Certify(&p, &schedule)
	fmt.Printf("cost %.3f EUR, proven optimal: %t\n", schedule.CostEUR, err == nil && gap < 1e-9)
	// Output:
	// -11.00 kW, 32.01 kWh, worth 0.368 EUR/kWh
	// -11.00 kW, 29.02 kWh, worth 0.368 EUR/kWh
	// -11.00 kW, 26.03 kWh, worth 0.368 EUR/kWh
	// -4.24 kW, 24.88 kWh, worth 0.368 EUR/kWh
	// 11.00 kW, 27.41 kWh, worth 0.368 EUR/kWh
	// 11.00 kW, 29.94 kWh, worth 0.368 EUR/kWh
	// 11.00 kW, 32.47 kWh, worth 0.368 EUR/kWh
	// 11.00 kW, 35.00 kWh, worth 0.368 EUR/kWh
	// cost -1.524 EUR, proven optimal: true
}
