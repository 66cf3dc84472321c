package street

import (
	"math"
	"testing"

	"github.com/getij/getij/dispatch"
)

// The powers of a street's homes add up to the street's.
func TestPowersOfHomesAreTheStreets(t *testing.T) {
	in := flatStreet(6)
	in.Homes, in.ChargePoints = 4, 2
	sum, cars := make([]float64, in.Axis.Len()), 0
	in.Powers = &Powers{Contract: "night", Mode: dispatch.Smart, Draw: -1, Take: func(net, car [][]float64) error {
		for i := range net {
			if car[i] != nil {
				cars++
			}
			for t := range sum {
				if sum[t] += net[i][t]; car[i] != nil {
					sum[t] += car[i][t]
				}
			}
		}
		return nil
	}}
	r, err := Run(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	for step, kW := range r.Cases[1].KW {
		if math.Abs(kW-sum[step]) > 1e-9 {
			t.Fatalf("in step %d the street takes %g kW and its homes %g", step, kW, sum[step])
		}
	}
	if cars != 2 {
		t.Errorf("%d homes have a car, 2 were expected", cars)
	}
}
