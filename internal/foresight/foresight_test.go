package foresight

import (
	"math"
	"testing"

	"github.com/getij/getij/internal/series"
	"github.com/getij/getij/internal/session"
	"github.com/getij/getij/internal/tariff"
)

var axis = series.NewYear(2024) // 1 January is a Monday

// at is the step of a day of the year and an hour, local time; days before the clocks
// change.
func at(day int, hour float64) int { return day*96 + int(hour*4) }

// weekdays is a session a day from 18:00 to the next morning, on working days.
func weekdays(days int, leaveHour float64) (out []session.Session) {
	for d := range days {
		if d%7 < 4 {
			out = append(out, session.Session{Arrive: at(d, 18), Depart: at(d+1, leaveHour)})
		}
	}
	return out
}

// A car that always leaves at 8:00 is expected to leave about then, the more surely the
// longer it has done so, and not on mornings of a weekend.
func TestAHabitIsLearned(t *testing.T) {
	var even Chances
	for k := range even {
		for q := range even[k] {
			even[k][q] = 0.01
		}
	}
	still := func(sessions []session.Session, from, to int) float64 {
		var h Habit
		for _, s := range sessions {
			h.Add(axis, s)
		}
		left := 1.0
		for _, c := range h.Chances(&even).Hazard(axis, from, nil)[:to-from] {
			left *= 1 - c
		}
		return left
	}
	evening := at(56, 18) // a Monday
	before := 0.0
	for _, weeks := range []int{0, 1, 2, 4, 8} {
		known := weekdays(7*weeks, 8)
		gone := 1 - still(known, evening, at(57, 9.25))/still(known, evening, at(57, 6.75))
		if gone <= before {
			t.Errorf("after %d weeks %.2f leave between 6:45 and 9:15, after fewer %.2f", weeks, gone, before)
		}
		before = gone
	}
	if before < 0.8 {
		t.Errorf("after 8 weeks of leaving at 8:00 only %.2f are expected to leave about then", before)
	}
	saturday := at(60, 18) // Friday evening
	if s := still(weekdays(56, 8), saturday, at(61, 9.25)); s < 0.5 {
		t.Errorf("on a Saturday morning only %.2f are expected to stay, of a car that was never seen then", s)
	}
}

// A session that is cut off at the end of the year tells of no departure.
func TestTheEndOfTheYearIsNoDeparture(t *testing.T) {
	var h Habit
	h.Add(axis, session.Session{Arrive: axis.Len() - 40, Depart: axis.Len()})
	for k := range h.left {
		for q, n := range h.left[k] {
			if n != 0 {
				t.Errorf("a departure at quarter %d of kind %d", q, k)
			}
		}
	}
}

// What a driver states is off by what was said, on average, and the chances that follow
// are those of departures about it.
func TestStatementsAreOffAsStated(t *testing.T) {
	const hours, n = 1.5, 2000
	depart := at(10, 8)
	var mean, square float64
	for i := range n {
		s := State(depart, hours, (float64(i)+0.5)/n)
		off := (s.about - float64(depart)) / 4
		mean += off / n
		square += off * off / n
	}
	if math.Abs(mean) > 1e-9 {
		t.Errorf("statements are off by %g h on average", mean)
	}
	if sd := math.Sqrt(square); sd < 0.95*hours*0.95 || sd > hours { // without the tails
		t.Errorf("their standard deviation is %g h, want about %g less the tails", sd, hours)
	}
	s := State(depart, hours, 0.5)
	arrive := at(9, 20)
	left, expected := 1.0, 0.0
	hazard := s.Hazard(axis, arrive, nil)
	for i, h := range hazard {
		expected += left * h * float64(arrive+i)
		left *= 1 - h
	}
	expected += left * float64(arrive+len(hazard))
	if math.Abs(expected-float64(depart)) > 0.1 {
		t.Errorf("the departure is expected at step %.2f, stated was %d", expected, depart)
	}
}

// A statement without error is the departure, and the true departure is always among
// those that are thought possible.
func TestTheTrueDepartureIsThoughtPossible(t *testing.T) {
	arrive, depart := at(9, 20), at(10, 8)
	if h := State(depart, 0, 0.3).Hazard(axis, arrive, nil); len(h) != depart-arrive {
		t.Errorf("a sure statement makes a plan of %d steps, want the %d until the departure", len(h), depart-arrive)
	}
	for _, hours := range []float64{0, 0.1, 1, 5, 24} {
		for i := range 101 {
			s := State(depart, hours, float64(i)/100)
			for from := arrive; from < depart; from += 7 {
				if n := len(s.Hazard(axis, from, nil)); from+n < depart {
					t.Fatalf("error %g h, draw %d: at step %d the plan ends at %d, before the departure at %d", hours, i, from, from+n, depart)
				}
			}
		}
	}
}

func market(prices []float64) *Market {
	return NewMarket(axis, &tariff.Prices{ImportEURPerKWh: prices, ExportEURPerKWh: prices, StorageExportEURPerKWh: prices, DayAhead: true})
}

// Prices are known until the end of today, and from 13:00 until the end of tomorrow;
// beyond, each quarter of the day is the mean of the last seven days that are known.
func TestPricesAreKnownWhenPublished(t *testing.T) {
	prices := make([]float64, axis.Len())
	for i := range prices {
		prices[i] = float64(axis.Clock[i].YearDay) + float64(axis.Clock[i].QuarterOfDay)/100
	}
	m := market(prices)
	for _, x := range []struct {
		now   int
		until int // known
		day   float64
	}{
		{at(20, 0), at(21, 0), 17},     // days 14 to 20
		{at(20, 12.75), at(21, 0), 17}, //
		{at(20, 13), at(22, 0), 18},    // days 15 to 21
		{at(2, 10), at(3, 0), 1},       // days 0 to 2 are all there are
	} {
		imp, _, _ := m.Expect(x.now, 300, nil, nil, nil)
		for i, p := range imp {
			want := prices[x.now+i]
			if x.now+i >= x.until {
				want = x.day + float64(axis.Clock[x.now+i].QuarterOfDay)/100
			}
			if math.Abs(p-want) > 1e-9 {
				t.Fatalf("at step %d, step %d is expected at %g, want %g", x.now, x.now+i, p, want)
			}
		}
	}
	if next := m.NextPublication(at(20, 12.75)); next != at(20, 13) {
		t.Errorf("the next publication is at step %d, want %d", next, at(20, 13))
	}
	if next := m.NextPublication(at(20, 13)); next != at(21, 13) {
		t.Errorf("the next publication is at step %d, want %d", next, at(21, 13))
	}
}

// On the day that the clocks go forward there is no 02:15, and on the one that they go
// back there are two: no price is missing, and none is of the future.
func TestPricesAreExpectedAcrossDaylightSaving(t *testing.T) {
	prices := make([]float64, axis.Len())
	for i := range prices {
		prices[i] = 0.1 + 0.001*float64(axis.Clock[i].QuarterOfDay)
	}
	m := market(prices)
	for _, day := range []int{88, 89, 90, 91, 299, 300, 301} { // about 31 March and 27 October 2024
		now := m.dayEnd[day] - 40
		imp, _, _ := m.Expect(now, 400, nil, nil, nil)
		for i, p := range imp {
			if math.Abs(p-prices[now+i]) > 0.005 {
				t.Errorf("day %d: step %d is expected at %g, and is %g", day, now+i, p, prices[now+i])
			}
		}
	}
}

func TestPricesOfAFixedContractAreKnown(t *testing.T) {
	prices := make([]float64, axis.Len())
	for i := range prices {
		prices[i] = float64(i)
	}
	m := market(prices)
	m.prices.DayAhead = false
	imp, _, _ := m.Expect(1000, 500, nil, nil, nil)
	for i, p := range imp {
		if p != float64(1000+i) {
			t.Fatalf("step %d is expected at %g", 1000+i, p)
		}
	}
}

func TestLoadIsExpectedAsTheDayBefore(t *testing.T) {
	net := make([]float64, 1000)
	for i := range net {
		net[i] = float64(i)
	}
	got := Persist(net, 500, 200, nil)
	for i, want := range map[int]float64{0: 500, 1: 405, 95: 499, 96: 500, 97: 405, 192: 500, 193: 405} {
		if got[i] != want {
			t.Errorf("%d steps on the load of step %g is expected, want that of %g", i, got[i], want)
		}
	}
	if got := Persist(net, 10, 3, nil); got[2] != 10 {
		t.Errorf("on the first day the load of step %g is expected, want that of now", got[2])
	}
}
