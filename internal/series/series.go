package series

import (
	"fmt"
	"math"
	"time"
)

// Series is an evenly spaced series of a file: Values[i] holds from
// Start + i*Every until the next.
type Series struct {
	Start  time.Time // UTC
	Every  time.Duration
	Values []float64
}

// End is the instant at which the last value ends.
func (s *Series) End() time.Time { return s.Start.Add(time.Duration(len(s.Values)) * s.Every) }

// at is the value that holds at an instant.
func (s *Series) at(t time.Time) (float64, bool) {
	d := t.Sub(s.Start)
	if d < 0 {
		return 0, false
	}
	i := int(d / s.Every)
	if i >= len(s.Values) {
		return 0, false
	}
	return s.Values[i], true
}

// CoverageError says that a series does not cover a year.
type CoverageError struct {
	Year       int
	Start, End time.Time // of the series, UTC
	From, To   time.Time // what is missing, UTC
}

func (e *CoverageError) Error() string {
	const layout = "2006-01-02T15:04Z"
	if !e.End.After(e.From) || !e.Start.Before(e.To) {
		if e.To.Sub(e.From) > 360*24*time.Hour {
			return fmt.Sprintf("the values run from %s to %s, but the study's year is %d: set `year` to that of the file, or take a file of %d",
				e.Start.Format(layout), e.End.Format(layout), e.Year, e.Year)
		}
	}
	return fmt.Sprintf("the values run from %s to %s, but %s to %s of the study's year %d is missing",
		e.Start.Format(layout), e.End.Format(layout), e.From.Format(layout), e.To.Format(layout), e.Year)
}

// OnAxis reads the series at the year's own instants, as prices must be. Values
// of an hour hold for its four quarters.
func (a *Axis) OnAxis(s *Series) ([]float64, error) {
	out := make([]float64, a.Len())
	for i := range out {
		v, ok := s.at(a.Time(i))
		if !ok {
			j := i
			for j < a.Len() {
				if _, ok := s.at(a.Time(j)); ok {
					break
				}
				j++
			}
			return nil, &CoverageError{Year: a.Year, Start: s.Start, End: s.End(), From: a.Time(i), To: a.Time(j)}
		}
		out[i] = v
	}
	return out, nil
}

// ByDate takes the shape of another (or the same) year by calendar date and
// UTC time, as suits solar output. 29 February takes the 28th's values where
// the series has none; the series must cover a year.
func (a *Axis) ByDate(s *Series) ([]float64, error) {
	if err := coversAYear(s); err != nil {
		return nil, err
	}
	out := make([]float64, a.Len())
	for i := range out {
		t := a.Time(i)
		v, ok := s.at(t)
		for year := s.Start.Year(); !ok && year <= s.End().Year(); year++ {
			d := time.Date(year, t.Month(), t.Day(), t.Hour(), t.Minute(), 0, 0, time.UTC)
			if d.Month() != t.Month() { // 29 February in a common year
				d = time.Date(year, 2, 28, t.Hour(), t.Minute(), 0, 0, time.UTC)
			}
			v, ok = s.at(d)
		}
		if !ok {
			return nil, &CoverageError{Year: a.Year, Start: s.Start, End: s.End(), From: t, To: t.Add(Step)}
		}
		out[i] = v
	}
	return out, nil
}

// ByWeekday takes the shape of another year by local wall clock, each day from
// the nearest day of the same weekday, as suits household load: people live by
// the clock and the week. Where daylight saving drops quarters of the source
// they are interpolated, where it doubles them they are averaged.
func (a *Axis) ByWeekday(s *Series) ([]float64, error) {
	if err := coversAYear(s); err != nil {
		return nil, err
	}
	days := localDays(s)
	if len(days) < 364 {
		return nil, fmt.Errorf("the values hold %d whole local days: a whole year was expected", len(days))
	}
	first := days[0].weekday
	out := make([]float64, a.Len())
	for i, c := range a.Clock {
		// The source's day of the same number, moved by at most three days.
		d := int(c.YearDay)
		d += shiftToWeekday(int(c.Weekday), (first+d)%7)
		for d < 0 {
			d += 7
		}
		for d >= len(days) {
			d -= 7
		}
		out[i] = days[d].value[c.QuarterOfDay]
	}
	return out, nil
}

// shiftToWeekday is the move of -3 to 3 days from weekday `have` to `want`.
func shiftToWeekday(want, have int) int {
	d := (want - have + 7) % 7
	if d > 3 {
		d -= 7
	}
	return d
}

func coversAYear(s *Series) error {
	if covered := s.End().Sub(s.Start); covered < 365*24*time.Hour {
		return fmt.Errorf("the values cover %.1f days, from %s to %s: a whole year was expected",
			covered.Hours()/24, s.Start.Format(time.RFC3339), s.End().Format(time.RFC3339))
	}
	return nil
}

type localDay struct {
	weekday int
	value   [QuartersPerDay]float64
}

// localDays cuts a series into local days from its first 1 January, at most
// one year of them. Days that the series holds only a part of are left out at
// both ends.
func localDays(s *Series) []localDay {
	loc := Amsterdam()
	start := s.Start.In(loc)
	day := time.Date(start.Year(), start.Month(), start.Day(), 0, 0, 0, 0, loc)
	if day.Before(start) {
		day = day.AddDate(0, 0, 1)
	}
	// The whole calendar year when it is there, so that day numbers agree.
	if jan := time.Date(day.Year(), 1, 1, 0, 0, 0, 0, loc); jan.Before(day) {
		if next := jan.AddDate(1, 0, 0); !next.AddDate(1, 0, 0).After(s.End()) {
			day = next
		}
	}
	var days []localDay
	for y := day.Year(); ; {
		next := day.AddDate(0, 0, 1)
		if next.After(s.End()) || (len(days) >= 365 && day.Year() != y && day.YearDay() == 1) || len(days) == 366 {
			return days
		}
		d := localDay{weekday: int(day.Weekday()+6) % 7}
		var n [QuartersPerDay]int
		for t := day; t.Before(next); t = t.Add(Step) {
			v, _ := s.at(t.UTC()) // inside the series by construction
			q := t.Hour()*4 + t.Minute()/15
			d.value[q] += v
			n[q]++
		}
		for q := range d.value {
			if n[q] > 0 {
				d.value[q] /= float64(n[q])
			} else {
				d.value[q] = math.NaN()
			}
		}
		interpolate(d.value[:])
		days = append(days, d)
		day = next
	}
}

// interpolate fills NaN values between neighbours, linearly.
func interpolate(v []float64) {
	for i := 0; i < len(v); i++ {
		if !math.IsNaN(v[i]) {
			continue
		}
		j := i
		for j < len(v) && math.IsNaN(v[j]) {
			j++
		}
		for k := i; k < j; k++ {
			switch {
			case i == 0 && j == len(v):
				return
			case i == 0:
				v[k] = v[j]
			case j == len(v):
				v[k] = v[i-1]
			default:
				w := float64(k-i+1) / float64(j-i+1)
				v[k] = (1-w)*v[i-1] + w*v[j]
			}
		}
		i = j
	}
}

// ToKW scales a shape to a year's energy and returns it in kW.
func ToKW(shape []float64, kWhPerYear float64) ([]float64, error) {
	sum := 0.0
	for i, v := range shape {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return nil, fmt.Errorf("value %d of the shape is %g: a finite number was expected", i+1, v)
		}
		sum += v
	}
	out := make([]float64, len(shape))
	if kWhPerYear == 0 {
		return out, nil
	}
	if !(sum > 0) {
		return nil, fmt.Errorf("the values of the year sum to %g: a shape with a positive sum was expected", sum)
	}
	f := kWhPerYear / (sum * StepHours)
	for i, v := range shape {
		out[i] = v * f
	}
	return out, nil
}

// Spread multiplies the differences of values from their mean by a factor, and adds
// to all: another year of the same shape. A factor of 1 and nothing to add change no bit.
func Spread(values []float64, factor, add float64) []float64 {
	if factor == 1 && add == 0 {
		return values
	}
	mean := 0.0
	for _, v := range values {
		mean += v / float64(len(values))
	}
	out := make([]float64, len(values))
	for i, v := range values {
		out[i] = mean + factor*(v-mean) + add
	}
	return out
}
