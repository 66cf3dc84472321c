package seriesfile

import (
	"fmt"
	"math"
	"slices"

	"github.com/getij/getij/internal/dataset"
)

const (
	outlierRanges = 10    // times the middle half's range from the median
	connectionKW  = 17.25 // 3 x 25 A, the largest usual connection of a home
)

// limit is what the values of a unit are held against.
type limit struct {
	rule   string // of what breaks it
	broken func(v float64) bool
}

// judge holds the series that were read against what such series are in the world:
// the one place for it. What breaks a limit is counted, never changed.
func (r *reading) judge(imp *Import) {
	l, n := limitOf(imp), 0
	for _, s := range imp.Series {
		for _, v := range s.Series.Values {
			if l.broken(v) {
				n++
			}
		}
	}
	r.rep.Facts = append(r.rep.Facts, dataset.Fact{Name: "outliers: " + l.rule, Value: float64(n), Unit: "values"})
}

func limitOf(imp *Import) limit {
	switch {
	case imp.Unit == kWh && imp.Kind == dataset.Load:
		most := connectionKW * imp.Series[0].Series.Every.Hours()
		return limit{fmt.Sprintf("over %g kW", connectionKW), func(v float64) bool { return v > most }}
	case imp.Unit == capacityFactor:
		return limit{"outside 0 to 1", func(v float64) bool { return v < 0 || v > 1 }}
	case imp.Unit == kWh, imp.Unit == eurPerMWh, imp.Unit == fraction:
		var all []float64
		for _, s := range imp.Series {
			all = append(all, s.Series.Values...)
		}
		slices.Sort(all)
		at := func(q float64) float64 { return all[int(q*float64(len(all)-1))] }
		median, width := at(0.5), at(0.75)-at(0.25)
		return limit{
			fmt.Sprintf("over %d times the middle half's range from the median", outlierRanges),
			func(v float64) bool { return math.Abs(v-median) > outlierRanges*width },
		}
	}
	return limit{"below 0", func(v float64) bool { return v < 0 }}
}
