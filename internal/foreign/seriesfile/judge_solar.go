package seriesfile

import (
	"fmt"
	"math"
	"time"

	"github.com/getij/getij/internal/dataset"
	"github.com/getij/getij/internal/reference"
	"github.com/getij/getij/internal/series"
)

const (
	// The middle of the Netherlands; the sun rises up to a quarter of an hour earlier
	// or later elsewhere in the country.
	latitude, longitude = 52.2, 5.3
	// nightBelow is how far below the horizon the sun is, in degrees, where no panel in
	// the country gives power: half an hour before its rise.
	nightBelow = -4
	// ofPeak is the least share of the largest value that is output; inverters and
	// meters show some of nothing.
	ofPeak = 0.01
	// mostNegative is the share of all output that inverters may draw at night.
	mostNegative = 0.02
	// A year of the Dutch panels of 2024 has 1,127 full-load hours (NED), a roof to the
	// north half that, one in southern Europe up to twice (PVGIS): between these shares
	// of what they gave in the same months and hours is a year, and within wider ones
	// some weeks.
	leastOfYear, mostOfYear   = 0.3, 2.0
	leastOfWeeks, mostOfWeeks = 0.1, 4
	// A year of the largest value would be 8,766 full-load hours: Dutch panels have
	// 1,253 of their largest of 2024; one roof about 900.
	leastPeakHours, mostPeakHours = 300, 2600
	// mostShareOfCapacity is more than panels give of their capacity.
	mostShareOfCapacity = 1.2
	// noonOff is how far the middle of the output may be from noon of the sun, in
	// hours: that of a roof to the east or west is 1 to 1.5.
	noonOff, noonDoubt = 2.0, 0.75
)

// sun says what no panel gives: output at night, or more or less than panels can.
func (r *reading) sun(imp *Import, s *series.Series) string {
	if imp.Kind != dataset.Solar {
		return ""
	}
	total, negative, peak := 0.0, 0.0, 0.0
	for _, v := range s.Values {
		total += max(v, 0)
		negative += max(-v, 0)
		peak = max(peak, v)
	}
	hours := s.Every.Hours()
	const column = "is the column another than output (--column)?"
	switch {
	case peak <= 0:
		return "has no value above 0: " + column
	case negative > mostNegative*total:
		return fmt.Sprintf("is negative by %.3g %% of what it gives: is feeding in negative in it, or is it what a home takes (--column)?", 100*negative/total)
	}
	east, north := 0.0, 0.0 // of the output as hands of a clock of 24 hours
	night := make([]bool, len(s.Values))
	n := 0
	for i, v := range s.Values {
		at := s.Start.Add(time.Duration(i) * s.Every)
		middle := at.Add(s.Every / 2)
		angle := hoursFromNoon(middle) * math.Pi / 12
		east += max(v, 0) * math.Sin(angle)
		north += max(v, 0) * math.Cos(angle)
		night[i] = elevation(at) < nightBelow && elevation(middle) < nightBelow && elevation(at.Add(s.Every)) < nightBelow
		if night[i] && v > ofPeak*peak {
			n++
		}
	}
	noon := math.Atan2(east, north) * 12 / math.Pi
	dark := limit{"while the sun is below the horizon", func(v float64) bool { return v > ofPeak*peak }}
	if n > max(fewOutliers, int(shareOfOutliers*float64(len(s.Values)))) {
		atNight := *s
		atNight.Values = make([]float64, len(s.Values))
		for i, v := range s.Values {
			if night[i] {
				atNight.Values[i] = v
			}
		}
		return fmt.Sprintf("has %d of %d values %s, such as %s: %s", n, len(s.Values), dark.rule, worst(&atNight, imp.Unit, dark), r.causeOfNight(s, noon))
	}
	if s.Every*time.Duration(len(s.Values)) < 7*24*time.Hour {
		return ""
	}
	if math.Abs(noon) > noonOff {
		return fmt.Sprintf("has the middle of its output %.1f h %s the sun's noon: are the times of another zone than was read (--zone), or of another part of the world?", math.Abs(noon), side(noon))
	}
	if math.Abs(noon) > noonDoubt {
		r.note("the middle of the output is %.1f h %s the sun's noon, as of a roof to the %s: if it is not, the times are of another zone than was read (--zone)", math.Abs(noon), side(noon), map[bool]string{true: "east", false: "west"}[noon < 0])
	}
	return r.yield(imp, s, total*hours, peak)
}

func side(hours float64) string {
	if hours < 0 {
		return "before"
	}
	return "after"
}

// causeOfNight is what output at night most likely is.
func (r *reading) causeOfNight(s *series.Series, noon float64) string {
	switch {
	case readings(s.Values, longFile):
		return "these look like the readings of a counter, not the output of each interval: take the differences"
	case math.Abs(noon) > noonDoubt:
		return fmt.Sprintf("the middle of the output is %.1f h %s the sun's noon: are the times of another zone than was read (--zone)?", math.Abs(noon), side(noon))
	}
	return "is the column another than output, such as what a home takes (--column)?"
}

// yield holds the output against that of Dutch panels in the same months and hours.
func (r *reading) yield(imp *Import, s *series.Series, total, peak float64) string {
	length := s.Every * time.Duration(len(s.Values))
	if length < leastJudged {
		return ""
	}
	if imp.Unit == capacityFactor {
		over := limit{fmt.Sprintf("over %g times the capacity", mostShareOfCapacity), func(v float64) bool { return v > mostShareOfCapacity }}
		if n := over.breaks(s.Values); n > fewOutliers {
			return fmt.Sprintf("has %d of %d values %s, such as %s: is the unit another than was read (--unit), or the capacity that of other panels?", n, len(s.Values), over.rule, worst(s, imp.Unit, over))
		}
		_, known := reference.MonthHours()
		loc, expected := series.Amsterdam(), 0.0
		for i := range s.Values {
			at := s.Start.Add(time.Duration(i) * s.Every).In(loc)
			expected += known[at.Month()-1][at.Hour()] * s.Every.Hours()
		}
		least, most := leastOfWeeks, float64(mostOfWeeks)
		if length > 300*24*time.Hour {
			least, most = leastOfYear, mostOfYear
		}
		if total < least*expected || total > most*expected {
			return fmt.Sprintf("has %.4g full-load hours, where Dutch panels had %.4g in the same months of 2024: is the unit another than was read (--unit), or the capacity that of other panels?", total, expected)
		}
		return ""
	}
	if length < 300*24*time.Hour {
		return ""
	}
	year := total / peak * hoursPerYear / length.Hours()
	if year < leastPeakHours || year > mostPeakHours {
		return fmt.Sprintf("gives in a year %.4g times what it gives in its best hour, and panels give %d to %d times: is the column one of output per interval (--column)?", year, leastPeakHours, mostPeakHours)
	}
	return ""
}

// orbit are the sun's declination in radians and the equation of time in hours, by the
// Fourier series of Spencer (1971), which NOAA's solar calculator has too.
func orbit(at time.Time) (declination, equation float64) {
	at = at.UTC()
	g := 2 * math.Pi / 365 * (float64(at.YearDay()-1) + (float64(at.Hour())-12)/24)
	declination = 0.006918 - 0.399912*math.Cos(g) + 0.070257*math.Sin(g) - 0.006758*math.Cos(2*g) + 0.000907*math.Sin(2*g) - 0.002697*math.Cos(3*g) + 0.00148*math.Sin(3*g)
	equation = 229.18 / 60 * (0.000075 + 0.001868*math.Cos(g) - 0.032077*math.Sin(g) - 0.014615*math.Cos(2*g) - 0.040849*math.Sin(2*g))
	return declination, equation
}

// hoursFromNoon is how long ago the sun's noon of the day was, from -12 to 12.
func hoursFromNoon(at time.Time) float64 {
	_, equation := orbit(at)
	at = at.UTC()
	h := float64(at.Hour()) + float64(at.Minute())/60 + longitude/15 + equation - 12
	return math.Mod(h+36, 24) - 12
}

// elevation is how high the sun stands, in degrees.
func elevation(at time.Time) float64 {
	declination, _ := orbit(at)
	const rad = math.Pi / 180
	sine := math.Sin(latitude*rad)*math.Sin(declination) + math.Cos(latitude*rad)*math.Cos(declination)*math.Cos(hoursFromNoon(at)*15*rad)
	return math.Asin(sine) / rad
}
