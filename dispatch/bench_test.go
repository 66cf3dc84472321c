package dispatch

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// eveningSession is a typical plug-in period: 14 hours from 18:00, hourly
// prices with the day's shape, quarter-hourly load.
func eveningSession(r *rand.Rand, mode Mode) *Problem {
	const n = 56
	eta := math.Sqrt(0.85)
	p := &Problem{
		StepHours: 0.25, Grid: Grid{LimitKW(17.25), LimitKW(17.25)}, Mode: mode,
		Battery: Battery{MinKWh: 7, MaxKWh: 70, StartKWh: 40, EndKWh: 63},
		Charger: Charger{11, 11, eta, eta},
	}
	price := 0.0
	for t := range n {
		if t%4 == 0 {
			price = 0.25 + 0.1*math.Cos(float64(t)*math.Pi/28) + 0.03*r.NormFloat64()
		}
		p.ImportEURPerKWh = append(p.ImportEURPerKWh, price)
		p.ExportEURPerKWh = append(p.ExportEURPerKWh, price)
		p.NetLoadKW = append(p.NetLoadKW, 0.5+0.3*r.Float64())
	}
	return p
}

func BenchmarkSolve(b *testing.B) {
	for _, mode := range Modes() {
		b.Run(mode.String(), func(b *testing.B) {
			r := rand.New(rand.NewPCG(5, 6))
			problems := make([]*Problem, 200)
			steps := 0
			for i := range problems {
				problems[i] = eveningSession(r, mode)
			}
			var s Solver
			var out Schedule
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				p := problems[i%len(problems)]
				if err := s.Solve(p, &out); err != nil {
					b.Fatal(err)
				}
				steps += len(p.NetLoadKW)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(steps), "ns/step")
		})
	}
}

// The time of a step grows with the logarithm of the steps, no faster.
func BenchmarkLong(b *testing.B) {
	for _, n := range []int{1000, 10000, 100000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			p := long(n)
			var s Solver
			var out Schedule
			for b.Loop() {
				if err := s.Solve(p, &out); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n), "ns/step")
		})
	}
}
