package series

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestYear2024Has35136Quarters(t *testing.T) {
	a := NewYear(2024)
	if a.Len() != 35136 || a.Days() != 366 {
		t.Fatalf("2024 has %d steps and %d days", a.Len(), a.Days())
	}
	if got := a.Start.Format(time.RFC3339); got != "2023-12-31T23:00:00Z" {
		t.Errorf("starts at %s", got)
	}
	if NewYear(2023).Len() != 35040 {
		t.Error("2023 has not 35,040 steps")
	}
}

// 31 March 2024 lacks 02:00-03:00, 27 October has it twice.
func TestDaylightSavingDays(t *testing.T) {
	a := NewYear(2024)
	for _, c := range []struct {
		month, day, quarters, atTwo int
	}{
		{3, 30, 96, 4}, {3, 31, 92, 0}, {10, 27, 100, 8}, {10, 28, 96, 4},
	} {
		yd := time.Date(2024, time.Month(c.month), c.day, 0, 0, 0, 0, time.UTC).YearDay() - 1
		n, atTwo := 0, 0
		for _, k := range a.Clock {
			if int(k.YearDay) == yd {
				n++
				if k.Hour() == 2 {
					atTwo++
				}
			}
		}
		if n != c.quarters || atTwo != c.atTwo {
			t.Errorf("%d-%d has %d quarters, %d of them from 02:00 to 03:00; want %d and %d", c.day, c.month, n, atTwo, c.quarters, c.atTwo)
		}
	}
}

func TestStepsAndInstantsAgree(t *testing.T) {
	a := NewYear(2024)
	for _, i := range []int{0, 1, 8640, 35135, -1, 35136} {
		if got := a.Index(a.Time(i)); got != i {
			t.Errorf("step %d starts at an instant of step %d", i, got)
		}
		if got := a.Index(a.Time(i).Add(14 * time.Minute)); got != i {
			t.Errorf("14 minutes into step %d is step %d", i, got)
		}
	}
	if c := a.Clock[0]; c.Weekday != 0 || c.Month != 1 || c.QuarterOfDay != 0 {
		t.Errorf("2024 starts on a Monday at 00:00, got %+v", c)
	}
}

// counting is 1, 2, 3 ... from a start.
func counting(start string, every time.Duration, n int) *Series {
	s, err := time.Parse(time.RFC3339, start)
	if err != nil {
		panic(err)
	}
	v := make([]float64, n)
	for i := range v {
		v[i] = float64(i + 1)
	}
	return &Series{Start: s.UTC(), Every: every, Values: v}
}

func TestAnHourHoldsForFourQuarters(t *testing.T) {
	a := NewYear(2024)
	v, err := a.OnAxis(counting("2023-12-31T23:00:00Z", time.Hour, 8784))
	if err != nil {
		t.Fatal(err)
	}
	if v[0] != 1 || v[3] != 1 || v[4] != 2 || v[35135] != 8784 {
		t.Errorf("got %g %g %g ... %g", v[0], v[3], v[4], v[35135])
	}
}

func TestSeriesOfAnotherYearIsAnErrorThatNamesBoth(t *testing.T) {
	_, err := NewYear(2024).OnAxis(counting("2022-12-31T23:00:00Z", time.Hour, 8760))
	if err == nil || !strings.Contains(err.Error(), "2022-12-31") || !strings.Contains(err.Error(), "2024") {
		t.Errorf("got %v", err)
	}
	_, err = NewYear(2024).OnAxis(counting("2023-12-31T23:00:00Z", time.Hour, 8000))
	var e *CoverageError
	if !errors.As(err, &e) || e.To != NewYear(2024).End() {
		t.Errorf("a year that stops early: got %v", err)
	}
}

// A weekly pattern of another year lands on the same weekdays and clock.
func TestLoadIsMovedByWeekdayAndClock(t *testing.T) {
	src := NewYear(2015) // starts on a Thursday
	s := &Series{Start: src.Start, Every: Step, Values: make([]float64, src.Len())}
	for i, c := range src.Clock {
		s.Values[i] = float64(c.QuarterOfWeek())
	}
	a := NewYear(2024)
	v, err := a.ByWeekday(s)
	if err != nil {
		t.Fatal(err)
	}
	for i, c := range a.Clock {
		if v[i] != float64(c.QuarterOfWeek()) {
			t.Fatalf("step %d (%+v) got quarter %g of the source's week, want %d", i, c, v[i], c.QuarterOfWeek())
		}
	}
}

func TestLoadKeepsTheSeason(t *testing.T) {
	src := NewYear(2015)
	s := &Series{Start: src.Start, Every: Step, Values: make([]float64, src.Len())}
	for i, c := range src.Clock {
		s.Values[i] = float64(c.YearDay)
	}
	a := NewYear(2024)
	v, err := a.ByWeekday(s)
	if err != nil {
		t.Fatal(err)
	}
	for i, c := range a.Clock {
		if d := math.Abs(v[i] - float64(c.YearDay)); d > 7 {
			t.Fatalf("day %d of 2024 took day %g of 2015", c.YearDay, v[i])
		}
	}
}

func TestSolarIsMovedByDate(t *testing.T) {
	a := NewYear(2024)
	// A UTC year: it lacks the first local hour of 2024 and has one too many.
	v, err := a.ByDate(counting("2024-01-01T00:00:00Z", time.Hour, 8784))
	if err != nil {
		t.Fatal(err)
	}
	if v[0] != 8784 || v[4] != 1 {
		t.Errorf("the first hours are %g and %g, want the year's last and first", v[0], v[4])
	}
	// A common year has no 29 February: the 28th stands in.
	v, err = a.ByDate(counting("2023-01-01T00:00:00Z", time.Hour, 8760))
	if err != nil {
		t.Fatal(err)
	}
	feb28 := a.Index(time.Date(2024, 2, 28, 12, 0, 0, 0, time.UTC))
	if v[feb28] != v[feb28+96] {
		t.Errorf("28 and 29 February at noon are %g and %g", v[feb28], v[feb28+96])
	}
	if _, err := a.ByDate(counting("2024-01-01T00:00:00Z", time.Hour, 100)); err == nil {
		t.Error("four days passed for a year")
	}
}

func TestTablesAreMeansByWallClock(t *testing.T) {
	a := NewYear(2024)
	v := make([]float64, a.Len())
	for i, c := range a.Clock {
		v[i] = float64(c.Month)*1000 + float64(c.QuarterOfDay)
	}
	m := a.ByMonth(v)
	for month := range 12 {
		for q := range QuartersPerDay {
			if want := float64((month+1)*1000 + q); m[month][q] != want {
				t.Fatalf("month %d quarter %d is %g, want %g", month+1, q, m[month][q], want)
			}
		}
	}
	if low, high := m.Extremes(); low != 1000 || high != 12095 {
		t.Errorf("extremes %g and %g", low, high)
	}
}

func TestShapeIsScaledToTheYearsEnergy(t *testing.T) {
	kw, err := ToKW([]float64{1, 3}, 10)
	if err != nil || (kw[0]+kw[1])*StepHours != 10 || kw[1] != 3*kw[0] {
		t.Errorf("got %v, %v", kw, err)
	}
	if _, err := ToKW([]float64{0, 0}, 10); err == nil {
		t.Error("an empty shape was scaled")
	}
	if kw, err := ToKW([]float64{0, 0}, 0); err != nil || kw[0] != 0 {
		t.Errorf("no solar is a valid wish: got %v, %v", kw, err)
	}
}

func TestSpreadMovesValuesFromTheirMeanAndAdds(t *testing.T) {
	prices := []float64{-10, 50, 110, 50} // mean 50
	for _, c := range []struct {
		factor, add float64
		want        []float64
	}{
		{1, 0, prices},
		{2, 0, []float64{-70, 50, 170, 50}},
		{0.5, 40, []float64{60, 90, 120, 90}},
		{0, 0, []float64{50, 50, 50, 50}},
	} {
		if got := Spread(prices, c.factor, c.add); !slices.Equal(got, c.want) {
			t.Errorf("times %g and %g more: %v, want %v", c.factor, c.add, got, c.want)
		}
	}
}
