// Package series holds the time axis of a study and moves series onto it.
//
// One step is a quarter of an hour, named by the UTC instant at which it
// starts. What people see is Europe/Amsterdam wall clock, so a day has 92, 96
// or 100 steps. A year runs from 1 January 00:00 to 31 December 24:00 local
// time; 2024 has 35,136 steps.
//
// Power is in kW, positive when taken from the grid; energy in kWh; one kW
// during one step is a quarter of a kWh.
package series

import (
	_ "embed"
	"fmt"
	"sync"
	"time"
)

const (
	// StepHours is the length of a step.
	StepHours = 0.25
	// Step is the length of a step.
	Step = 15 * time.Minute
	// QuartersPerDay is the number of wall-clock quarters in a day.
	QuartersPerDay = 96
	// QuartersPerWeek is the number of wall-clock quarters in a week.
	QuartersPerWeek = 7 * QuartersPerDay
)

// Amsterdam is the time zone of everything that people see.
func Amsterdam() *time.Location { return amsterdam() }

// amsterdamData is of the IANA time zone database, as Go 1.26 has it: the program must not
// depend on the machine's time zones, and needs no other.
//
//go:embed amsterdam.tzif
var amsterdamData []byte

var amsterdam = sync.OnceValue(func() *time.Location {
	loc, err := time.LoadLocationFromTZData("Europe/Amsterdam", amsterdamData)
	if err != nil {
		panic(err) // embedded: cannot be missing
	}
	return loc
})

// Clock is the local wall clock of a step.
type Clock struct {
	Month        uint8  // 1 to 12
	Weekday      uint8  // 0 Monday to 6 Sunday
	QuarterOfDay uint8  // 0 to 95
	YearDay      uint16 // 0 for 1 January
}

// QuarterOfWeek counts from Monday 00:00.
func (c Clock) QuarterOfWeek() int { return int(c.Weekday)*QuartersPerDay + int(c.QuarterOfDay) }

// Weekend is Saturday or Sunday.
func (c Clock) Weekend() bool { return c.Weekday >= 5 }

// Hour is the local hour, 0 to 23.
func (c Clock) Hour() int { return int(c.QuarterOfDay) / 4 }

// Axis is the quarter-hours of one local year.
type Axis struct {
	Year  int
	Start time.Time // UTC
	Clock []Clock   // one per step
}

// NewYear makes the axis of a year.
func NewYear(year int) *Axis {
	loc := Amsterdam()
	start := time.Date(year, 1, 1, 0, 0, 0, 0, loc).UTC()
	end := time.Date(year+1, 1, 1, 0, 0, 0, 0, loc).UTC()
	a := &Axis{Year: year, Start: start, Clock: make([]Clock, end.Sub(start)/Step)}
	for i := range a.Clock {
		t := start.Add(time.Duration(i) * Step)
		_, offset := t.In(loc).Zone() // looked up once a step: what a clock in UTC shows then needs no more
		t = t.Add(time.Duration(offset) * time.Second)
		a.Clock[i] = Clock{
			Month:        uint8(t.Month()),
			Weekday:      uint8((t.Weekday() + 6) % 7),
			QuarterOfDay: uint8(t.Hour()*4 + t.Minute()/15),
			YearDay:      uint16(t.YearDay() - 1),
		}
	}
	return a
}

// Len is the number of steps.
func (a *Axis) Len() int { return len(a.Clock) }

// Time is the UTC instant at which step i starts; Time(Len()) ends the year.
func (a *Axis) Time(i int) time.Time { return a.Start.Add(time.Duration(i) * Step) }

// End is the UTC instant at which the year ends.
func (a *Axis) End() time.Time { return a.Time(a.Len()) }

// Index is the step that holds an instant; it may be below 0 or beyond Len()-1
// for an instant outside the year.
func (a *Axis) Index(t time.Time) int {
	d := t.Sub(a.Start)
	i := int(d / Step)
	if d < 0 && d%Step != 0 {
		i--
	}
	return i
}

// Days is the number of local days in the year.
func (a *Axis) Days() int { return int(a.Clock[len(a.Clock)-1].YearDay) + 1 }

// QuarterName is the wall-clock start of a quarter of the day, "17:15".
func QuarterName(quarterOfDay int) string {
	return fmt.Sprintf("%02d:%02d", quarterOfDay/4, quarterOfDay%4*15)
}
