package reference

import (
	"math"
	"math/rand/v2"

	"github.com/getij/getij/internal/series"
)

const (
	factors = 5 // four price factors and the solar day factor
	solarAt = 4 // index of the solar day factor

	// whiteNoiseEURPerMWh stands for the 9 % of the day-to-day deviation that
	// the four shapes do not carry.
	whiteNoiseEURPerMWh = 6
	// The day's solar yield stays within these shares of its month's mean.
	leastSolarDay, mostSolarDay = 0.05, 2.0

	// yearSeed fixes the synthetic year.
	yearSeed = 2024
)

// Year is a synthetic year of day-ahead prices and solar output on an axis.
type Year struct {
	DayAheadEURPerMWh []float64 // per step, equal within an hour
	SolarFraction     []float64 // of capacity, per step, equal within an hour
}

// MonthHours are the means of 2024 by month and local hour: prices in EUR/MWh, and
// solar output as a fraction of capacity.
func MonthHours() (eurPerMWh, solarFraction [12][24]float64) {
	for m, row := range table("price_2024_month_hour_eur_per_mwh.csv", 12, 25) {
		for h := range 24 {
			eurPerMWh[m][h] = number(row[1+h])
		}
	}
	for m, row := range table("pv_2024_month_hour_fraction_of_capacity.csv", 12, 25) {
		for h := range 24 {
			solarFraction[m][h] = number(row[1+h])
		}
	}
	return eurPerMWh, solarFraction
}

// NewYear draws the synthetic year: month-hour means, plus daily scores of the
// price shapes that follow a first-order vector autoregressive process with the
// tabulated correlations, spread by month and mean by day type, plus noise; the
// solar day factor is drawn with them.
func NewYear(axis *series.Axis) *Year {
	mean, solar := MonthHours()
	var loading [24][4]float64
	for h, row := range table("price_2024_factor_loadings.csv", 24, 5) {
		for f := range 4 {
			loading[h][f] = number(row[1+f])
		}
	}
	var sd [12][factors]float64
	for m, row := range table("price_pv_2024_month_spread.csv", 12, 7) {
		for f := range factors {
			sd[m][f] = number(row[1+f])
		}
	}
	scores := dailyScores(axis)
	days := axis.Days()

	// Solar day factors: within bounds, and 1 on average over each month.
	month := make([]int, days)
	for _, c := range axis.Clock {
		month[c.YearDay] = int(c.Month) - 1
	}
	yield := make([]float64, days)
	var sum, n [12]float64
	for d := range days {
		yield[d] = min(max(1+sd[month[d]][solarAt]*scores[d][solarAt], leastSolarDay), mostSolarDay)
		sum[month[d]] += yield[d]
		n[month[d]]++
	}
	for d := range days {
		yield[d] *= n[month[d]] / sum[month[d]]
	}

	noise := rand.New(rand.NewPCG(yearSeed, 2))
	y := &Year{make([]float64, axis.Len()), make([]float64, axis.Len())}
	for i, c := range axis.Clock {
		m, h, d := int(c.Month)-1, c.Hour(), int(c.YearDay)
		y.SolarFraction[i] = solar[m][h] * yield[d]
		if i%4 != 0 { // an hour's price holds for its four quarters
			y.DayAheadEURPerMWh[i] = y.DayAheadEURPerMWh[i-1]
			continue
		}
		p := mean[m][h] + whiteNoiseEURPerMWh*noise.NormFloat64()
		for f := range 4 {
			p += loading[h][f] * sd[m][f] * scores[d][f]
		}
		y.DayAheadEURPerMWh[i] = math.Round(p*100) / 100 // day-ahead prices have cents
	}
	return y
}

// dailyScores draws the five standardised series, a row per day: a first-order
// vector autoregressive process with the tabulated correlations within a day and
// with the day before. The latter matter where a night follows an evening: a
// cheap evening mostly comes before a cheap night.
func dailyScores(axis *series.Axis) [][factors]float64 {
	var within, before matrix
	var weekend, weekday [factors]float64
	for f, row := range table("price_pv_2024_factor_correlation.csv", factors, 9) {
		for g := range factors {
			within[f][g] = number(row[1+g])
		}
		weekend[f], weekday[f] = number(row[7]), number(row[8])
	}
	for f, row := range table("price_pv_2024_factor_lag1_correlation.csv", factors, factors+1) {
		for g := range factors {
			before[f][g] = number(row[1+g])
		}
	}
	// z_d = A z_{d-1} + e_d has these correlations with A = before * within^-1
	// and e's covariance within - A * before'.
	first := within.root()
	var a, rest matrix
	for f := range factors {
		a[f] = first.solve(before[f]) // within is symmetric
	}
	for f := range factors {
		for g := range factors {
			rest[f][g] = within[f][g] - dot(a[f], before[g])
		}
	}
	step := rest.root()

	r := rand.New(rand.NewPCG(yearSeed, 1))
	draw := func(root *matrix) [factors]float64 {
		var w [factors]float64
		for f := range w {
			w[f] = r.NormFloat64()
		}
		return root.times(w)
	}
	z := draw(&first)
	out := make([][factors]float64, axis.Days())
	for d := range out {
		if d > 0 {
			z = a.times(z)
			for f, e := range draw(&step) {
				z[f] += e
			}
		}
		isWeekend := (int(axis.Clock[0].Weekday)+d)%7 >= 5
		for f := range factors {
			// The tabulated spread includes the difference between day types.
			between := (5*weekday[f]*weekday[f] + 2*weekend[f]*weekend[f]) / 7
			out[d][f] = math.Sqrt(1-between) * z[f]
			if isWeekend {
				out[d][f] += weekend[f]
			} else {
				out[d][f] += weekday[f]
			}
		}
	}
	return out
}
