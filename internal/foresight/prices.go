package foresight

import (
	"github.com/getij/getij/internal/series"
	"github.com/getij/getij/internal/tariff"
)

const (
	// publishedFrom is the quarter of the day from which tomorrow's prices are known: the
	// day-ahead auction closes at 12:00 and is out before 13:00.
	publishedFrom = 13 * 4
	// meanOfDays is over how many of the last known days a price is expected to be the
	// mean, quarter by quarter of the day.
	meanOfDays = 7
)

// Market knows a contract's prices as they become known.
type Market struct {
	axis     *series.Axis
	prices   *tariff.Prices
	dayEnd   []int // step after the last of each day
	expected [3][][series.QuartersPerDay]float64
}

// NewMarket prepares the prices of a contract. Those of a fixed contract are known.
func NewMarket(axis *series.Axis, prices *tariff.Prices) *Market {
	m := &Market{axis: axis, prices: prices, dayEnd: make([]int, axis.Days())}
	for t, c := range axis.Clock {
		m.dayEnd[c.YearDay] = t + 1
	}
	for i, p := range m.kinds() {
		if i == 2 && &p[0] == &prices.ExportEURPerKWh[0] {
			m.expected[i] = m.expected[1]
			continue
		}
		m.expected[i] = m.means(p)
	}
	return m
}

func (m *Market) kinds() [3][]float64 {
	return [...][]float64{m.prices.ImportEURPerKWh, m.prices.ExportEURPerKWh, m.prices.StorageExportEURPerKWh}
}

// means are, for every day that may be the last known, the means by quarter of the day
// over it and the days before. A quarter that those days do not have, as daylight saving
// takes it out, is like the one before.
func (m *Market) means(prices []float64) [][series.QuartersPerDay]float64 {
	out := make([][series.QuartersPerDay]float64, len(m.dayEnd))
	for last := range out {
		first := max(0, last-meanOfDays+1)
		begin := 0
		if first > 0 {
			begin = m.dayEnd[first-1]
		}
		var n [series.QuartersPerDay]float64
		for t := begin; t < m.dayEnd[last]; t++ {
			q := m.axis.Clock[t].QuarterOfDay
			out[last][q] += prices[t]
			n[q]++
		}
		for q := range n {
			if n[q] > 0 {
				out[last][q] /= n[q]
			} else if q > 0 {
				out[last][q] = out[last][q-1]
			}
		}
	}
	return out
}

// lastKnown is the last day of which a step knows the prices.
func (m *Market) lastKnown(now int) int {
	c := m.axis.Clock[now]
	day := int(c.YearDay)
	if c.QuarterOfDay >= publishedFrom {
		day++
	}
	return min(day, len(m.dayEnd)-1)
}

// Expect appends what is known, or expected, at a step of the prices of the n steps from
// it on: import, export, and export of storage.
func (m *Market) Expect(now, n int, imp, exp, storage []float64) (_, _, _ []float64) {
	last := m.lastKnown(now)
	for t := now; t < now+n; t++ {
		if t < m.dayEnd[last] || !m.prices.DayAhead {
			imp, exp, storage = append(imp, m.prices.ImportEURPerKWh[t]), append(exp, m.prices.ExportEURPerKWh[t]), append(storage, m.prices.StorageExportEURPerKWh[t])
			continue
		}
		q := m.axis.Clock[t].QuarterOfDay
		imp, exp, storage = append(imp, m.expected[0][last][q]), append(exp, m.expected[1][last][q]), append(storage, m.expected[2][last][q])
	}
	return imp, exp, storage
}

// NextPublication is the first step after now at which prices become known.
func (m *Market) NextPublication(now int) int {
	for t := now + 1; t < m.axis.Len(); t++ {
		if m.axis.Clock[t].QuarterOfDay == publishedFrom {
			return t
		}
	}
	return m.axis.Len()
}

// Persist appends the net loads that are expected at a step of the n steps from it on:
// that of now, and then those of a day before, as last seen.
func Persist(netKW []float64, now, n int, out []float64) []float64 {
	for t := now; t < now+n; t++ {
		seen := t
		for seen > now {
			seen -= series.QuartersPerDay
		}
		if seen < 0 {
			seen = now // the first day of the year has none before it
		}
		out = append(out, netKW[seen])
	}
	return out
}
