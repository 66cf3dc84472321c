package seriesfile

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/getij/getij/internal/dataset"
	"github.com/getij/getij/internal/foreign/clock"
	"github.com/getij/getij/internal/series"
)

const (
	outlierRanges = 10    // times the middle half's range from the median
	connectionKW  = 17.25 // 3 x 25 A, the largest usual connection of a home

	// smallKW is the largest connection of a small consumer, 3 x 80 A. Meters do err: a
	// home may break it in a few values.
	smallKW     = 55.2
	fewOutliers = 3
	// A home with two cars on a larger connection was over 17.25 kW in 0.4 % of its
	// quarter-hours of 2024.
	shareOfOutliers  = 0.01
	mostOutliersTold = 3
	// Of the ten homes of Zonnedael the least takes 7 % of its energy from 23:00 to 4:00;
	// panels make nothing then.
	shareAtNight = 0.001
	farOut       = 10 // times the usual connection: not one value

	// The mean of the 72 homes of Liander's Zonnedael data of 2013 is 3,606 kWh a
	// year, 95 % of them below 1.8 times that. Ten times it, or a hundredth, over at
	// least four weeks, is not a home.
	meanKWhPerYear = 3606
	mostKWhPerYear = 10 * meanKWhPerYear
	leastPerYear   = meanKWhPerYear / 100.0
	leastJudged    = 28 * 24 * time.Hour
	hoursPerYear   = 8766

	// The day-ahead market takes no bids below -500 EUR/MWh, nor above 3,000 to
	// 5,000, as the years went.
	leastEURPerMWh = -500
	mostEURPerMWh  = 5000
)

// iKnow is how a person overrules judge.
const iKnow = "If the values are right, say so with --accept-implausible"

// limit is what the values of a unit are held against.
type limit struct {
	rule   string // of what breaks it
	broken func(v float64) bool
}

// judge holds the series that were read against what such series are in the world:
// the one place for it. Outliers are counted, never changed; what cannot be a home,
// or a price, is an error unless a person says that it is right.
func (r *reading) judge(imp *Import) error {
	l, n := limitOf(imp), 0
	var wrong []string
	for _, s := range imp.Series {
		n += l.breaks(s.Series.Values)
		if r.opt.Implausible {
			continue
		}
		why := r.refused(imp, s)
		if why == "" {
			why = leap(imp, s.Series)
		}
		if why == "" {
			why = net(imp, s.Series)
		}
		if why == "" {
			why = r.perYear(imp, s.Series)
		}
		if why == "" {
			why = r.daylight(imp, s.Series)
		}
		if why == "" {
			why = r.market(imp, s.Series)
		}
		if why == "" {
			why = r.sun(imp, s.Series)
		}
		if why != "" {
			if !strings.HasSuffix(why, "?") {
				why += "."
			}
			wrong = append(wrong, nameOf(imp, s)+" "+why)
		}
	}
	if len(wrong) == 1 {
		return fmt.Errorf("%s: %s %s", r.parts[0].file, wrong[0], iKnow)
	}
	if len(wrong) > 1 {
		return fmt.Errorf("%s: %d of %d homes are not plausible: %s %s, or leave the homes out (--leave-out)", r.parts[0].file, len(wrong), len(imp.Series), fewOf(wrong), iKnow)
	}
	r.rep.Facts = append(r.rep.Facts, dataset.Fact{Name: "outliers: " + l.rule, Value: float64(n), Unit: "values"})
	return nil
}

func (l limit) breaks(values []float64) (n int) {
	for _, v := range values {
		if l.broken(v) {
			n++
		}
	}
	return n
}

// refused says which values no home or market has.
func (r *reading) refused(imp *Import, s Named) string {
	values := s.Series.Values
	l, few := limitOf(imp), max(fewOutliers, int(shareOfOutliers*float64(len(values))))
	never := func(float64) bool { return false }
	far, large := limit{"", never}, limit{"", never}
	switch {
	case imp.Unit == eurPerMWh:
		l, few = limit{
			fmt.Sprintf("outside %d to %d EUR/MWh, the limits of the market", leastEURPerMWh, mostEURPerMWh),
			func(v float64) bool { return v < leastEURPerMWh || v > mostEURPerMWh },
		}, 0
	case imp.Unit == kWh && imp.Kind == dataset.Load:
		hours := s.Series.Every.Hours()
		far.broken = func(v float64) bool { return v > farOut*connectionKW*hours }
		large.broken = func(v float64) bool { return v > smallKW*hours }
	default:
		return ""
	}
	n := l.breaks(values)
	if n <= few && far.breaks(values) == 0 && large.breaks(values) <= fewOutliers {
		return ""
	}
	return fmt.Sprintf("has %d of %d values %s, such as %s: %s", n, len(values), l.rule, worst(s.Series, imp.Unit, l), r.cause(imp, s.Series))
}

// nameOf is how a series is called in an error.
func nameOf(imp *Import, s Named) string {
	switch {
	case len(imp.Series) > 1:
		return s.Name
	case imp.Kind == dataset.Load:
		return "the home"
	}
	return "the series"
}

// worst are the values that break a limit the most, with their times.
func worst(s *series.Series, unit string, l limit) string {
	var at []int
	for i, v := range s.Values {
		if l.broken(v) {
			at = append(at, i)
		}
	}
	slices.SortStableFunc(at, func(a, b int) int { return cmp.Compare(math.Abs(s.Values[b]), math.Abs(s.Values[a])) })
	var told []string
	for _, i := range at[:min(len(at), mostOutliersTold)] {
		told = append(told, fmt.Sprintf("%.8g %s at %s", s.Values[i], unitsSaid[unit], clock.Stamp(s.Start.Add(time.Duration(i)*s.Every).Unix())))
	}
	return strings.Join(told, ", ")
}

// cause is what implausible values most likely are, and the way out.
func (r *reading) cause(imp *Import, s *series.Series) string {
	middle := slices.Clone(s.Values)
	slices.Sort(middle)
	median := middle[len(middle)/2]
	most := connectionKW * s.Every.Hours()
	switch {
	case imp.Kind == dataset.Prices:
		return "is the unit another than was read (say which with --unit), or the column not one of day-ahead prices (--column)?"
	case readings(s.Values, shortFile):
		return "these look like meter readings: use --format registers"
	case median > most && median/1000 <= most && (r.opt.Unit == "" || r.opt.Unit == "kwh"):
		return "are they Wh (use --unit wh), or of more homes than one?"
	}
	return "is the unit another than was read (--unit), the column another than energy (--column), or are they of more homes than one?"
}

// leap says where one interval has more energy than all others of a week or more.
func leap(imp *Import, s *series.Series) string {
	if imp.Unit != kWh || imp.Kind != dataset.Load || s.Every*time.Duration(len(s.Values)) < 7*24*time.Hour {
		return ""
	}
	total, at := 0.0, 0
	for i, v := range s.Values {
		total += v
		if v > s.Values[at] {
			at = i
		}
	}
	if s.Values[at] <= 0 || s.Values[at] <= total-s.Values[at] || slices.Min(s.Values) < 0 { // of those below 0, net tells
		return ""
	}
	return fmt.Sprintf("has more energy in the interval at %s (%.6g kWh) than in all others: is that a false or another meter's reading? Take its rows out", clock.Stamp(s.Start.Add(time.Duration(at)*s.Every).Unix()), s.Values[at])
}

// shareFedIn is the share of the energy that may be negative, as of meters that err
// around 0.
const shareFedIn = 0.005

// net says where feed-in was taken off what a home takes.
func net(imp *Import, s *series.Series) string {
	if imp.Unit != kWh || imp.Kind != dataset.Load {
		return ""
	}
	taken, fed, n, at, mark := 0.0, 0.0, 0, 0, true
	for i, v := range s.Values {
		if v >= 0 {
			taken += v
			continue
		}
		mark = mark && v == math.Trunc(v) && (n == 0 || v == s.Values[at]) // such as -1 or -9999, where nothing was measured
		if fed, n = fed-v, n+1; v < s.Values[at] {
			at = i
		}
	}
	if mark = mark && n > 0; fed <= shareFedIn*taken && !mark {
		return ""
	}
	if mark {
		return fmt.Sprintf("has %d negative values, such as %.6g kWh at %s: does it stand for a missing value, or for feed-in? Leave such cells empty", n, s.Values[at], clock.Stamp(s.Start.Add(time.Duration(at)*s.Every).Unix()))
	}
	return fmt.Sprintf("has %d negative values, such as %.6g kWh at %s: is it net use, of which feed-in was taken off? What it takes was expected, in a column of its own (--column)", n, s.Values[at], clock.Stamp(s.Start.Add(time.Duration(at)*s.Every).Unix()))
}

// perYear says what is wrong with the energy of a home, scaled to a year.
func (r *reading) perYear(imp *Import, s *series.Series) string {
	length := s.Every * time.Duration(len(s.Values))
	if imp.Unit != kWh || imp.Kind != dataset.Load || length < leastJudged {
		return ""
	}
	total := 0.0
	for _, v := range s.Values {
		total += v
	}
	year := total * hoursPerYear / length.Hours()
	switch {
	case year > mostKWhPerYear:
		return fmt.Sprintf("takes %.6g kWh a year, a home at most %d: is the unit another than was read (--unit), or are they more homes than one?", year, mostKWhPerYear)
	case year < leastPerYear && !r.opt.FeedIn:
		return fmt.Sprintf("takes %.3g kWh a year, a home at least %.0f: is the unit another than was read (--unit), or the column not what the home takes (--column)?", year, leastPerYear)
	}
	return ""
}

// daylight says where load is taken by day alone, as what panels make.
func (r *reading) daylight(imp *Import, s *series.Series) string {
	if imp.Unit != kWh || imp.Kind != dataset.Load || r.opt.FeedIn || s.Every*time.Duration(len(s.Values)) < 7*24*time.Hour {
		return ""
	}
	night, total := 0.0, 0.0
	for i, v := range s.Values {
		total += v
		if h := s.Start.Add(time.Duration(i) * s.Every).In(series.Amsterdam()).Hour(); h >= 23 || h < 4 {
			night += v
		}
	}
	if total <= 0 || night > shareAtNight*total {
		return ""
	}
	return fmt.Sprintf("takes %.2g of its %.6g kWh from 23:00 to 4:00: is it what panels make (import solar), or what is fed in (--feed-in)?", night, total)
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
