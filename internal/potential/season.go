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

// SeasonNamed finds a season.
func SeasonNamed(name string) (Season, bool) {
	for _, s := range Seasons() {
		if s.Name == name {
			return s, true
		}
	}
	return Season{}, false
}

// has says whether a month, 0 for January, is in the season; without months all are.
func (s Season) has(month int) bool {
	return len(s.Months) == 0 || slices.Contains(s.Months, time.Month(month+1))
}

// within are the season's cells whose quarter of the day is in a window.
func (s Season) within(window func(quarter int) bool) func(month, quarter int) bool {
	return func(month, quarter int) bool { return s.has(month) && window(quarter) }
}

// Power is the mean of 17:00-21:00, negative when feeding in, and the largest cell of
// discharging, both in kW.
func (s Season) Power(year int, of *series.MonthTable) (eveningMeanKW, largestDischargeKW float64) {
	for m := range of {
		for _, kw := range of[m] {
			if s.has(m) {
				largestDischargeKW = max(largestDischargeKW, -kw)
			}
		}
	}
	return s.eveningMean(year, of), largestDischargeKW
}

// eveningMean is the mean of 17:00-21:00 over the season's days in a year.
func (s Season) eveningMean(year int, of *series.MonthTable) float64 {
	sum, days := 0.0, 0.0
	for m := range of {
		if !s.has(m) {
			continue
		}
		inMonth := float64(time.Date(year, time.Month(m+2), 0, 0, 0, 0, 0, time.UTC).Day())
		days += inMonth
		for q := series.EveningFrom; q < series.EveningTo; q++ {
			sum += inMonth * of[m][q]
		}
	}
	return sum / days / (series.EveningTo - series.EveningFrom)
}

// Way is a contract's way to charge in a season, made ready for many regions.
type Way struct {
	season                           Season
	adoption                         float64
	eveningMeanKW, largestKW         float64
	groups                           []Group
	without, regular, thisWay, night *envelope
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
	// Of the region, MW: the highest that a group of so many cars feeds in at once in a
	// quarter-hour of the year, over groups. NaN without a curve of coincidence.
	AtOnceMW, AtOnceMWP5, AtOnceMWP95 float64
	// Of the region, MW, dwellings included: the evening peak without electric cars,
	// with all of them charging as regular, and this way; and the night peak this way.
	EveningPeakWithoutMW, EveningPeakRegularMW, EveningPeakMW, NightPeakMW float64
}

// Way makes a season ready. mode is the way to charge of the share of points that
// takes part, the others charge as regular; groups are how such cars coincide.
func (p *Profile) Way(s Season, mode *series.MonthTable, groups []Group, adoption float64) *Way {
	w := &Way{season: s, adoption: adoption, groups: groups}
	w.eveningMeanKW, w.largestKW = s.Power(p.Year, mode)
	evening := s.within(InEvening)
	w.without = newEnvelope(p, new(series.MonthTable), evening, 1)
	if p.Regular != nil {
		w.regular = newEnvelope(p, p.Regular, evening, 1)
	}
	if mixed := mix(mode, p.Regular, adoption); mixed != nil {
		w.thisWay, w.night = newEnvelope(p, mixed, evening, 1), newEnvelope(p, mixed, s.within(InNight), 1)
	}
	return w
}

// Of computes the season for a region of such homes and so many points. NaN means
// unknown: the study lacks the regular mode.
func (w *Way) Of(homes Homes, points float64) Seasonal {
	n := points * w.adoption
	out := Seasonal{
		Season: w.season.Name, EveningMeanKW: w.eveningMeanKW, LargestDischargeKW: w.largestKW,
		EveningMW: n * max(0, -w.eveningMeanKW) / 1000, LargestMW: n * w.largestKW / 1000,
		AtOnceMW: math.NaN(), AtOnceMWP5: math.NaN(), AtOnceMWP95: math.NaN(),
		EveningPeakWithoutMW: w.without.at(homes, points) / 1000, EveningPeakRegularMW: w.regular.at(homes, points) / 1000,
		EveningPeakMW: w.thisWay.at(homes, points) / 1000, NightPeakMW: w.night.at(homes, points) / 1000,
	}
	if len(w.groups) > 0 {
		p5, p50, p95 := GroupOf(w.groups, n)
		out.AtOnceMWP5, out.AtOnceMW, out.AtOnceMWP95 = n*p5/1000, n*p50/1000, n*p95/1000
	}
	return out
}

// LargestGroup is the number of cars beyond which more of them coincide no less.
func (w *Way) LargestGroup() float64 {
	if len(w.groups) == 0 {
		return 0
	}
	return w.groups[len(w.groups)-1].Homes
}
