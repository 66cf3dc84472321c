package reference

import (
	"math"
	"slices"
	"testing"

	"github.com/getij/getij/internal/series"
)

func TestSyntheticYearHasTheStatisticsOf2024(t *testing.T) {
	axis := series.NewYear(2024)
	y := NewYear(axis)
	mean, negative := 0.0, 0
	for _, p := range y.DayAheadEURPerMWh {
		mean += p / float64(axis.Len())
		if p < 0 {
			negative++
		}
	}
	t.Logf("mean %.2f EUR/MWh, %d negative hours, %.0f to %.0f", mean, negative/4, slices.Min(y.DayAheadEURPerMWh), slices.Max(y.DayAheadEURPerMWh))
	if math.Abs(mean-77.29) > 4 {
		t.Errorf("the mean price is %.2f EUR/MWh; in 2024 it was 77.29", mean)
	}
	if h := negative / 4; h < 250 || h > 550 {
		t.Errorf("%d hours have a negative price; in 2024 there were 458", h)
	}
	// The mean of each hour of the month stays near its table.
	byMonth := axis.ByMonth(y.DayAheadEURPerMWh)
	if july := byMonth[6]; july[13*4] > july[19*4]-40 {
		t.Errorf("July at 13:00 costs %.0f, at 19:00 %.0f EUR/MWh: the midday dip is missing", july[13*4], july[19*4])
	}
	solar := 0.0
	for _, f := range y.SolarFraction {
		solar += f * series.StepHours
	}
	if math.Abs(solar-1126.6) > 5 { // the months of the table add up to 1,126.6
		t.Errorf("the year yields %.0f kWh per kWp, 2024 had 1,127", solar)
	}
}

func TestPricesHoldForAnHour(t *testing.T) {
	for _, year := range []int{2024, 2025, 2030} {
		axis := series.NewYear(year)
		y := NewYear(axis)
		for i := range axis.Len() {
			if axis.Clock[i].Hour() == axis.Clock[i&^3].Hour() && y.DayAheadEURPerMWh[i] != y.DayAheadEURPerMWh[i&^3] {
				t.Fatalf("%d: step %d differs from its hour's first quarter", year, i)
			}
		}
	}
}

func TestSunnyDaysAreCheapAtMidday(t *testing.T) {
	axis := series.NewYear(2024)
	y := NewYear(axis)
	var x, p []float64 // daily solar and the midday price less the evening's, May to August
	for i, c := range axis.Clock {
		if c.QuarterOfDay == 13*4 && c.Month >= 5 && c.Month <= 8 {
			x = append(x, y.SolarFraction[i])
			p = append(p, y.DayAheadEURPerMWh[i]-y.DayAheadEURPerMWh[i+6*4])
		}
	}
	if c := correlation(x, p); c > -0.3 {
		t.Errorf("solar output and the midday price spread correlate at %.2f: want clearly negative", c)
	}
}

func correlation(x, y []float64) float64 {
	var sx, sy, sxx, syy, sxy float64
	n := float64(len(x))
	for i := range x {
		sx, sy = sx+x[i], sy+y[i]
		sxx, syy, sxy = sxx+x[i]*x[i], syy+y[i]*y[i], sxy+x[i]*y[i]
	}
	return (sxy - sx*sy/n) / math.Sqrt((sxx-sx*sx/n)*(syy-sy*sy/n))
}

func TestLoadIs3500KWhAYear(t *testing.T) {
	axis := series.NewYear(2024)
	kwh := 0.0
	for _, kw := range Load(axis) {
		kwh += kw * series.StepHours
	}
	if math.Abs(kwh-3500) > 20 {
		t.Errorf("the load table gives %.0f kWh a year", kwh)
	}
}

func TestReferenceIsTheSameForEverybody(t *testing.T) {
	axis := series.NewYear(2024)
	a, b := NewYear(axis), NewYear(axis)
	if !slices.Equal(a.DayAheadEURPerMWh, b.DayAheadEURPerMWh) || !slices.Equal(a.SolarFraction, b.SolarFraction) {
		t.Error("two draws of the reference year differ")
	}
}
