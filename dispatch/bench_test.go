package dispatch

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// eveningSession is a typical plug-in period: 14 hours from 18:00, prices with the
// day's shape that hold for some quarters, quarter-hourly load, and what feeding in
// pays less.
func eveningSession(r *rand.Rand, mode Mode, quarters int, lessEURPerKWh float64) *Problem {
	const n = 56
	eta := math.Sqrt(0.85)
	p := &Problem{
		StepHours: 0.25, Grid: Grid{LimitKW(17.25), LimitKW(17.25)}, Mode: mode,
		Battery: Battery{MinKWh: 7, MaxKWh: 70, StartKWh: 40, EndKWh: 63},
		Charger: Charger{11, 11, eta, eta},
	}
	price := 0.0
	for t := range n {
		if t%quarters == 0 {
			price = 0.25 + 0.1*math.Cos(float64(t)*math.Pi/28) + 0.03*r.NormFloat64()
		}
		p.ImportEURPerKWh = append(p.ImportEURPerKWh, price)
		p.ExportEURPerKWh = append(p.ExportEURPerKWh, price-lessEURPerKWh)
		p.NetLoadKW = append(p.NetLoadKW, 0.5+0.3*r.Float64())
	}
	return p
}

func BenchmarkSolve(b *testing.B) {
	for _, mode := range Modes() {
		b.Run(mode.String(), func(b *testing.B) { solveEvenings(b, mode, 4, 0) })
	}
	b.Run("v2g-quarter-prices", func(b *testing.B) { solveEvenings(b, V2G, 1, 0) })
	b.Run("v2g-less-for-export", func(b *testing.B) { solveEvenings(b, V2G, 4, 0.12) })
	b.Run("v2g-quarter-prices-less-for-export", func(b *testing.B) { solveEvenings(b, V2G, 1, 0.12) })
}

// The same in a year whose prices are ranked.
func BenchmarkSolveIn(b *testing.B) {
	b.Run("v2g", func(b *testing.B) { solveEveningsIn(b, 4, 0) })
	b.Run("v2g-quarter-prices", func(b *testing.B) { solveEveningsIn(b, 1, 0) })
	b.Run("v2g-less-for-export", func(b *testing.B) { solveEveningsIn(b, 4, 0.12) })
	b.Run("v2g-quarter-prices-less-for-export", func(b *testing.B) { solveEveningsIn(b, 1, 0.12) })
}

// What ranking a year's prices costs, which is done once for all homes.
func BenchmarkNewYear(b *testing.B) {
	c := Charger{11, 11, math.Sqrt(0.85), math.Sqrt(0.85)}
	for _, quarters := range []int{4, 1} {
		b.Run(fmt.Sprintf("prices-for-%d-quarters", quarters), func(b *testing.B) {
			r := rand.New(rand.NewPCG(5, 6))
			prices := make([]float64, 366*96)
			for t := range prices {
				if prices[t] = r.Float64(); t%quarters != 0 {
					prices[t] = prices[t-1]
				}
			}
			for b.Loop() {
				if _, err := NewYear(prices, prices, &c); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func solveEveningsIn(b *testing.B, quarters int, lessEURPerKWh float64) {
	r := rand.New(rand.NewPCG(5, 6))
	var imports, exports []float64
	problems := make([]*Problem, 365)
	for i := range problems {
		p := eveningSession(r, V2G, quarters, lessEURPerKWh)
		imports, exports = append(imports, p.ImportEURPerKWh...), append(exports, p.ExportEURPerKWh...)
		problems[i] = p
	}
	y, err := NewYear(imports, exports, &problems[0].Charger)
	if err != nil {
		b.Fatal(err)
	}
	var s Solver
	var out Schedule
	steps := 0
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		p := problems[i%len(problems)]
		if err := s.SolveIn(y, i%len(problems)*len(p.NetLoadKW), p, &out); err != nil {
			b.Fatal(err)
		}
		steps += len(p.NetLoadKW)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(steps), "ns/step")
}

func solveEvenings(b *testing.B, mode Mode, quarters int, lessEURPerKWh float64) {
	r := rand.New(rand.NewPCG(5, 6))
	problems := make([]*Problem, 200)
	steps := 0
	for i := range problems {
		problems[i] = eveningSession(r, mode, quarters, lessEURPerKWh)
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
