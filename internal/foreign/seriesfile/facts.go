package seriesfile

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"time"

	"github.com/getij/getij/internal/dataset"
	"github.com/getij/getij/internal/series"
)

// unitsSaid are the units of the plain files as people write them.
var unitsSaid = map[string]string{eurPerMWh: "EUR/MWh", kWh: "kWh", fraction: "", capacityFactor: "", megawatt: "MW", shape: ""}

// facts fills the report with what is worth knowing of the values, and of the
// rows of the first home.
func (r *reading) facts(imp *Import, parts []*rows) {
	unit := unitsSaid[imp.Unit]
	add := func(name string, v float64, unit string) {
		r.rep.Facts = append(r.rep.Facts, dataset.Fact{Name: name, Value: v, Unit: unit})
	}
	first := imp.Series[0].Series
	hours := first.Every.Hours()
	lowest, highest, negative := math.Inf(1), math.Inf(-1), 0
	var sums []float64
	values := 0
	for _, n := range imp.Series {
		sum := 0.0
		for _, v := range n.Series.Values {
			lowest, highest, sum = min(lowest, v), max(highest, v), sum+v
			if v < 0 {
				negative++
			}
		}
		sums = append(sums, sum)
		values += len(n.Series.Values)
	}
	total := 0.0
	for _, s := range sums {
		total += s
	}
	add("minutes per value", first.Every.Minutes(), "min")
	add("values per series", float64(len(first.Values)), "")
	add("mean", total/float64(values), unit)
	add("smallest", lowest, unit)
	add("largest", highest, unit)
	if imp.Kind == dataset.Prices {
		add("negative prices", float64(negative), "values")
	} else {
		add("negative values", float64(negative), "values")
	}
	switch imp.Unit {
	case kWh:
		add("total", total, "kWh")
	case megawatt:
		add("total", total*hours, "MWh")
	case fraction:
		add("sum of the fractions", total, "")
	case capacityFactor:
		add("full-load hours", total*hours, "h")
	}
	if len(sums) > 1 {
		add("homes", float64(len(sums)), "")
		add("smallest total of a home", slices.Min(sums), unit)
		add("largest total of a home", slices.Max(sums), unit)
	}
	add("share of empty values", float64(r.empty)/float64(max(r.total, 1)), "")
	clockDays(parts, add)
}

// clockDays tells how many rows the files hold on the days on which the clock
// jumps; of several homes, those of the first.
func clockDays(parts []*rows, add func(string, float64, string)) {
	loc := series.Amsterdam()
	days := map[int64]int{} // local days, as if in UTC
	for _, p := range parts {
		for _, at := range p.at {
			_, offset := time.Unix(at, 0).In(loc).Zone()
			days[(at+int64(offset))/86400]++
		}
		for _, wall := range p.skipped {
			days[wall/86400]++
		}
	}
	for _, d := range slices.Sorted(maps.Keys(days)) {
		day := time.Unix(d*86400, 0).UTC()
		from := time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, loc)
		if h := from.AddDate(0, 0, 1).Sub(from).Hours(); h != 24 {
			add(fmt.Sprintf("rows with a value on %s, a day of %g hours", day.Format("2006-01-02"), h), float64(days[d]), "")
		}
	}
}
