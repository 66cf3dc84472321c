package household

import (
	"math"
	"slices"
	"testing"

	"github.com/getij/getij/internal/series"
)

// Drawn weather is De Bilt's: per year 2,884 degree days below 18 degrees and 8 days of ice
// in 1981-2010 (KNMI, in CBS StatLine 80182ned), when it was 0.4 degrees colder than in the
// normals that years are drawn around. A day of ice, never above 0, has a mean below some
// -2.2, as a winter day's highest is that far above its mean.
func TestDrawnWeatherIsOfDeBilt(t *testing.T) {
	const years, colder, highestAboveMean = 300, 0.4, 2.2
	axis := series.NewYear(2023)
	degreeDays, iceDays, mean := 0.0, 0.0, 0.0
	for seed := range uint64(years) {
		for _, c := range NewHeat(axis, seed).Celsius {
			mean += c / 365 / years
			c -= colder
			degreeDays += max(0, 18-c) / years
			if c < -highestAboveMean {
				iceDays += 1.0 / years
			}
		}
	}
	t.Logf("mean %.2f, degree days %.0f, days of ice %.1f", mean, degreeDays, iceDays)
	if math.Abs(mean-10.5) > 0.15 || math.Abs(degreeDays/2884-1) > 0.05 || iceDays < 5 || iceDays > 11 {
		t.Errorf("drawn years have a mean of %.2f, %.0f degree days and %.1f days of ice; 10.5, 2,884 and 8 were expected", mean, degreeDays, iceDays)
	}
}

// Pumps take what they are asked to, and as those of 700 metered British homes (Love and
// others, Applied Energy 204, 2017) on cold days twice a day the most, first in the morning,
// and at night some 40 % of that; per pump 1.7 kW at most, within a quarter at 3,000 kWh a
// year.
func TestDrawnHeatPumpsPeakAsMeteredOnesDo(t *testing.T) {
	axis := series.NewYear(2024)
	const pumps, kWh = 300, 3000.0
	var highest []float64
	years := 10
	if testing.Short() {
		years = 3
	}
	for seed := range uint64(years) {
		h := NewHeat(axis, seed)
		sum, total := make([]float64, axis.Len()), 0.0
		for i := range pumps {
			for s, kW := range h.Draw(kWh, seed, i) {
				sum[s] += kW / pumps
				total += kW * series.StepHours / pumps
			}
		}
		if math.Abs(total/kWh-1) > 3*0.36/math.Sqrt(pumps) {
			t.Errorf("seed %d: pumps take %.0f kWh a year, %.0f were expected", seed, total, kWh)
		}
		highest = append(highest, slices.Max(sum))
		coldest := slices.Index(h.Celsius, slices.Min(h.Celsius))
		var day []float64
		for s, c := range axis.Clock {
			if int(c.YearDay) == coldest {
				day = append(day, sum[s])
			}
		}
		morning, evening, noon, night := slices.Max(day[20:40]), slices.Max(day[64:84]), slices.Min(day[44:60]), slices.Min(day[:16])
		t.Logf("seed %d: coldest day %.1f degrees, per pump %.2f kW in the morning, %.2f in the evening, %.2f at noon and %.2f at night", seed, h.Celsius[coldest], morning, evening, noon, night)
		if !(morning > evening && evening > noon && noon > night) || night/morning < 0.35 || night/morning > 0.6 {
			t.Errorf("seed %d: on the coldest day pumps take %.2f kW in the morning, %.2f in the evening, %.2f at noon and %.2f at night", seed, morning, evening, noon, night)
		}
	}
	got := median(highest)
	t.Logf("highest of the year per pump: %.2f kW, 1.7 metered", got)
	if math.Abs(got/1.7-1) > 0.25 {
		t.Errorf("%d pumps take %.2f kW each in the year's highest quarter-hour, 1.7 was metered", pumps, got)
	}
}

// Alone a pump of a mild day goes on and off; many together are the mean one.
func TestPumpsGoOnAndOffByThemselves(t *testing.T) {
	axis := series.NewYear(2024)
	h := NewHeat(axis, 1)
	mean := h.MeanKW(3000)
	mild := 120 * 96 // at the end of April
	one, other := h.Draw(3000, 1, 1), h.Draw(3000, 1, 2)
	off := 0
	for s := mild; s < mild+96; s++ {
		if one[s] == 0 {
			off++
		}
	}
	if off < 20 || off > 90 {
		t.Errorf("a pump is off in %d quarter-hours of a mild day", off)
	}
	if slices.Equal(one, other) || !slices.Equal(one, h.Draw(3000, 1, 1)) {
		t.Error("the same number must give the same pump, and another another")
	}
	r := correlation(one, other)
	t.Logf("two pumps correlate by %.2f over the year, with a mean of %.2f kW", r, mean[mild])
	if r < 0.3 || r > 0.98 {
		t.Errorf("two pumps correlate by %.2f: the weather is the same and their hours are not", r)
	}
}
