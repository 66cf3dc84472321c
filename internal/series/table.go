package series

import "math"

// The tables below are means over the values that are known; NaN stands for one that
// is not, and for a mean of none.

// MonthTable is a mean per month and quarter of the day, by wall clock. The
// quarters that daylight saving doubles or drops are means over the steps that
// exist.
type MonthTable [12][QuartersPerDay]float64

// WeekTable is a mean per quarter of the week, Monday 00:00 first.
type WeekTable [QuartersPerWeek]float64

// ByMonth averages values per month and quarter of the day.
func (a *Axis) ByMonth(values []float64) *MonthTable {
	var sum MonthTable
	var n [12][QuartersPerDay]int
	for i, c := range a.Clock {
		if !math.IsNaN(values[i]) {
			sum[c.Month-1][c.QuarterOfDay] += values[i]
			n[c.Month-1][c.QuarterOfDay]++
		}
	}
	for m := range sum {
		for q := range sum[m] {
			sum[m][q] /= float64(n[m][q])
		}
	}
	return &sum
}

// ByWeek averages values per quarter of the week.
func (a *Axis) ByWeek(values []float64) *WeekTable {
	var sum WeekTable
	var n [QuartersPerWeek]int
	for i, c := range a.Clock {
		if !math.IsNaN(values[i]) {
			sum[c.QuarterOfWeek()] += values[i]
			n[c.QuarterOfWeek()]++
		}
	}
	for q := range sum {
		sum[q] /= float64(n[q])
	}
	return &sum
}

// ByDay averages values per quarter of the day over the whole year.
func (a *Axis) ByDay(values []float64) [QuartersPerDay]float64 {
	var sum [QuartersPerDay]float64
	var n [QuartersPerDay]int
	for i, c := range a.Clock {
		if !math.IsNaN(values[i]) {
			sum[c.QuarterOfDay] += values[i]
			n[c.QuarterOfDay]++
		}
	}
	for q := range sum {
		sum[q] /= float64(n[q])
	}
	return sum
}

// EveningFrom and EveningTo bound the evening peak of the report, 17:00 to
// 21:00 local, as quarters of the day.
const (
	EveningFrom = 17 * 4
	EveningTo   = 21 * 4
)

// EveningMean averages values over 17:00-21:00 local on all days.
func (a *Axis) EveningMean(values []float64) float64 {
	sum, n := 0.0, 0
	for i, c := range a.Clock {
		if c.QuarterOfDay >= EveningFrom && c.QuarterOfDay < EveningTo {
			sum += values[i]
			n++
		}
	}
	return sum / float64(n)
}

// Lowest is the place of the smallest cell, the first of them.
func (t *MonthTable) Lowest() (month, quarter int) {
	for m := range t {
		for q, v := range t[m] {
			if v < t[month][quarter] {
				month, quarter = m, q
			}
		}
	}
	return month, quarter
}

// Extremes are the smallest and largest cell.
func (t *MonthTable) Extremes() (lowest, highest float64) {
	lowest, highest = t[0][0], t[0][0]
	for m := range t {
		for _, v := range t[m] {
			lowest, highest = min(lowest, v), max(highest, v)
		}
	}
	return lowest, highest
}
