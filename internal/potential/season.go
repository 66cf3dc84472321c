package potential

import (
	"math"
	"slices"
	"time"

	"github.com/getij/getij/internal/series"
)

// Season is a part of the year that is judged by itself: a winter peak is relieved
// by what is fed in in winter.
type Season struct {
	Name   string
	Months []time.Month
}

// The names of the seasons.
const (
	WholeYear = "year"
	Winter    = "winter"
	Summer    = "summer"
)

// Seasons are the whole year, the dark months and the light ones.
func Seasons() []Season {
	all := make([]time.Month, 12)
	for i := range all {
		all[i] = time.Month(i + 1)
	}
	return []Season{
		{WholeYear, all},
		{Winter, []time.Month{time.November, time.December, time.January, time.February}},
		{Summer, []time.Month{time.May, time.June, time.July, time.August}},
	}
}

// Seasonal is what a way to charge does in a season, per home charge point and in a
// region. Peaks are largest cells of the season's months by quarter of the day.
type Seasonal struct {
	Season string
	// Per charge point that takes part, kW: the mean of 17:00-21:00 over the season's
	// days, negative when feeding in, and the largest cell of discharging.
	EveningMeanKW, LargestDischargeKW float64
	// Of the region, MW: what its points feed in in the mean evening, and in that cell.
	EveningMW, LargestMW float64
	// Of the region, MW, dwellings included: the evening peak without electric cars,
	// with all of them charging as regular, and this way; and the night peak this way.
	EveningPeakWithoutMW, EveningPeakRegularMW, EveningPeakMW, NightPeakMW float64
}

// Seasonal computes a season for a region of so many dwellings and points. mode is
// the way to charge of the share of points that takes part; the others charge as
// regular. NaN means unknown: the study lacks the regular mode.
func (p *Profile) Seasonal(year int, s Season, mode *series.MonthTable, dwellings, points, adoption float64) Seasonal {
	out := Seasonal{
		Season: s.Name, EveningPeakWithoutMW: math.Inf(-1),
		EveningPeakRegularMW: math.Inf(-1), EveningPeakMW: math.Inf(-1), NightPeakMW: math.Inf(-1),
	}
	mixed := mix(mode, p.Regular, adoption)
	highest := func(to *float64, car *series.MonthTable, month, q int) {
		if car == nil {
			*to = math.NaN()
			return
		}
		*to = max(*to, (dwellings*p.Base[month][q]+points*car[month][q])/1000)
	}
	none := new(series.MonthTable)
	sum, days := 0.0, 0.0
	for m := range 12 {
		if !slices.Contains(s.Months, time.Month(m+1)) {
			continue
		}
		inMonth := float64(time.Date(year, time.Month(m+2), 0, 0, 0, 0, 0, time.UTC).Day())
		days += inMonth
		for q := range series.QuartersPerDay {
			out.LargestDischargeKW = max(out.LargestDischargeKW, -mode[m][q])
			switch {
			case q >= series.EveningFrom && q < series.EveningTo:
				sum += inMonth * mode[m][q]
				highest(&out.EveningPeakWithoutMW, none, m, q)
				highest(&out.EveningPeakRegularMW, p.Regular, m, q)
				highest(&out.EveningPeakMW, mixed, m, q)
			case q >= series.EveningTo || q < nightTo:
				highest(&out.NightPeakMW, mixed, m, q)
			}
		}
	}
	out.EveningMeanKW = sum / days / (series.EveningTo - series.EveningFrom)
	out.EveningMW = points * adoption * max(0, -out.EveningMeanKW) / 1000
	out.LargestMW = points * adoption * out.LargestDischargeKW / 1000
	return out
}
