package seriesfile

import (
	"fmt"
	"math"
	"strings"
	"time"

	"gonum.org/v1/gonum/stat"

	"github.com/getij/getij/internal/reference"
	"github.com/getij/getij/internal/series"
)

const (
	// daysOfMonth are enough days of a month to see its daily shape: in the day-ahead
	// prices of the Netherlands of 2024 and of southern Norway (NO1) of 2025, each
	// month fits best, of all shifts, where it stands.
	daysOfMonth = 20
	// mostShift is how many hours a clock may be wrong by; those between the times of
	// the file and of the market are 1 or 2.
	mostShift = 4
	// fits is the least correlation with the shape of the same month that shows what
	// a shape is; in NO1, whose power is of water, months have 0.60 to 0.98.
	fits = 0.7
	// shifted is how much better a month correlates when it is moved: a month of 2024
	// that is moved by one hour loses 0.09 to 0.19, by two 0.29 to 0.60; in NO1 no
	// month gains by being moved.
	shifted     = 0.2
	shiftedHour = 0.05
	// lowestMean and highestMean bound the mean of four weeks, EUR/MWh. Years of the
	// Dutch market had 32 (2020) to 242 (2022), the lowest months half that, and the
	// highest twice.
	lowestMean, highestMean = 5, 600
	// stepBetweenFiles is how many times the mean of two weeks may change from one
	// file to the next; a mistaken unit is 10 or 1000 times.
	stepBetweenFiles = 8
)

// monthShape are the means by local hour of a month of a series.
type monthShape struct {
	year  int
	month time.Month
	sum   [24]float64
	n     [24]int
}

// monthShapes are the months of which the series has enough days.
func monthShapes(s *series.Series) []monthShape {
	var all []monthShape
	loc := series.Amsterdam()
	for i, v := range s.Values {
		at := s.Start.Add(time.Duration(i) * s.Every).In(loc)
		if len(all) == 0 || all[len(all)-1].month != at.Month() || all[len(all)-1].year != at.Year() {
			all = append(all, monthShape{year: at.Year(), month: at.Month()})
		}
		m := &all[len(all)-1]
		m.sum[at.Hour()] += v
		m.n[at.Hour()]++
	}
	least := int(daysOfMonth * time.Hour / s.Every)
	var whole []monthShape
next:
	for _, m := range all {
		for _, n := range m.n {
			if n < least {
				continue next
			}
		}
		whole = append(whole, m)
	}
	return whole
}

// fit are the correlations of a month with the known shape of that month, when it is
// moved by -mostShift to mostShift hours; nil where every hour is alike.
func (m *monthShape) fit(known [24]float64) []float64 {
	var mean [24]float64
	for h := range mean {
		mean[h] = m.sum[h] / float64(m.n[h])
	}
	if sd := stat.StdDev(mean[:], nil); !(sd > 0) {
		return nil
	}
	var out []float64
	for shift := -mostShift; shift <= mostShift; shift++ {
		moved := make([]float64, 24)
		for h := range moved {
			moved[h] = mean[(h+shift+24)%24]
		}
		out = append(out, stat.Correlation(moved, known[:], nil))
	}
	return out
}

func (m *monthShape) String() string { return fmt.Sprintf("%s %d", m.month, m.year) }

// shape holds the daily shape of prices against that of 2024, month by month: what is
// wrong with it is refused, what is doubtful noted.
func (r *reading) shape(s *series.Series) (refused string) {
	known, _ := reference.MonthHours()
	var told []string
	gain := make([]float64, 2*mostShift+1) // of each shift, over all months that fit
	months, early, late, strange := 0, 0, 0, 0
	for _, m := range monthShapes(s) {
		c := m.fit(known[m.month-1])
		if c == nil {
			continue
		}
		best := 0
		for i := range c {
			if c[i] > c[best] {
				best = i
			}
		}
		if c[best] < fits {
			strange++
			continue
		}
		months++
		for i := range c {
			gain[i] += c[i] - c[mostShift]
		}
		if hours := best - mostShift; c[best]-c[mostShift] > shifted {
			told = append(told, m.String()+" "+lateBy(hours))
			if hours > 0 {
				late++
			} else {
				early++
			}
		}
	}
	by := 0
	for i := range gain {
		if gain[i] > gain[by+mostShift] {
			by = i - mostShift
		}
	}
	const cause = "are they in another time zone than was read (say which with --zone), or does the file itself shift where the clock changes?"
	switch {
	case max(early, late) > 1: // one month may be odd
		return fmt.Sprintf("does not have the daily shape of day-ahead prices: against 2024 the times are wrong in %d of %d months (%s): %s", early+late, months, some(told), cause)
	case early+late > 0:
		r.note("the daily shape of the prices is that of 2024 but for %s: %s", some(told), cause)
	case months > 0 && by != 0 && gain[by+mostShift] > shiftedHour*float64(months):
		r.note("the daily shape of the prices fits 2024 better if its times are %s: %s", lateBy(by), cause)
	case strange > months:
		r.note("the daily shape of the prices is unlike that of Dutch day-ahead prices in 2024 in %d of %d months: check the area, the column and the times", strange, strange+months)
	}
	return ""
}

func lateBy(hours int) string {
	if hours < 0 {
		return fmt.Sprintf("%d h early", -hours)
	}
	return fmt.Sprintf("%d h late", hours)
}

// some are the first of a few things.
func some(list []string) string {
	const most = 6
	if len(list) > most {
		return strings.Join(list[:most], ", ") + ", ..."
	}
	return strings.Join(list, ", ")
}

// market says what no day-ahead market has: a mean far off, prices that hardly change, a leap
// from one file to the next.
func (r *reading) market(imp *Import, s *series.Series) string {
	if imp.Unit != eurPerMWh {
		return ""
	}
	if why := r.leapBetweenFiles(); why != "" {
		return why
	}
	if s.Every*time.Duration(len(s.Values)) < leastJudged {
		return ""
	}
	mean := stat.Mean(s.Values, nil)
	perHour, same := int(time.Hour/s.Every), 0
	for i := perHour; i < len(s.Values); i++ {
		if s.Values[i] == s.Values[i-perHour] {
			same++
		}
	}
	switch {
	case mean < lowestMean || mean > highestMean:
		return fmt.Sprintf("has a mean of %.4g EUR/MWh, and months of the market one of %d to %d: is the unit another than was read (--unit)?", mean, lowestMean, highestMean)
	case same*10 > 9*len(s.Values):
		return fmt.Sprintf("has the price of the hour before in %d of %d values: prices of the day-ahead market were expected, not means of days or a supplier's fixed tariff", same, len(s.Values))
	}
	if why := r.wrongYear(s); why != "" {
		return why
	}
	return r.shape(s)
}

// leapBetweenFiles says where the level of prices changes from one file to the next
// as it does not change in a market.
func (r *reading) leapBetweenFiles() string {
	const around = 14 * 24 * 3600
	for _, a := range r.parts {
		for _, b := range r.parts {
			if a.days() < 7 || b.days() < 7 || b.at[0] <= a.at[len(a.at)-1] || b.at[0] > a.at[len(a.at)-1]+3*3600 {
				continue
			}
			end, begin := a.at[len(a.at)-1], b.at[0]
			before := meanBetween(a, end-around, end)
			after := meanBetween(b, begin, begin+around)
			if low, high := min(before, after), max(before, after); low > 0 && high/low > stepBetweenFiles {
				return fmt.Sprintf("ends with a mean of %.4g EUR/MWh, and %s goes on with %.4g: are both in the same unit (say which with --unit)?", before, b.file, after)
			}
		}
	}
	return ""
}

// days is how many days lie between the first row and the last.
func (p *rows) days() int64 {
	if len(p.at) == 0 {
		return 0
	}
	return (p.at[len(p.at)-1] - p.at[0]) / (24 * 3600)
}

// meanBetween is the mean of a file's values from one instant to another.
func meanBetween(p *rows, from, to int64) float64 {
	sum, n := 0.0, 0
	for i, at := range p.at {
		if v := p.values[0][i]; at >= from && at <= to && !math.IsNaN(v) {
			sum, n = sum+math.Abs(v), n+1
		}
	}
	return sum / float64(max(n, 1))
}
