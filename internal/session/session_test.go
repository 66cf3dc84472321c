package session_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/getij/getij/internal/series"
	"github.com/getij/getij/internal/session"
)

func record(user, arrive, depart string, kwh float64) session.Record {
	parse := func(s string) time.Time {
		v, err := time.ParseInLocation("2006-01-02 15:04", s, series.Amsterdam())
		if err != nil {
			panic(err)
		}
		return v
	}
	return session.Record{User: user, Arrive: parse(arrive), Depart: parse(depart), EnergyKWh: kwh}
}

func TestRealSessionsOfTheYearStayWhereTheyAre(t *testing.T) {
	r, err := session.FromRecords([]session.Record{record("a", "2024-07-01 18:07", "2024-07-02 07:08", 20)}, axis)
	if err != nil {
		t.Fatal(err)
	}
	s := r.Users[0][0]
	if got := axis.Time(s.Arrive).In(series.Amsterdam()).Format("01-02 15:04"); got != "07-01 18:00" || r.WeeksMap != 0 {
		t.Errorf("arrives %s, moved %d weeks", got, r.WeeksMap)
	}
	if s.Steps() != 53 || s.EnergyKWh != 20 {
		t.Errorf("got %+v", s)
	}
}

// Sessions of 2019 keep season, weekday and clock in 2024, also across the
// change to summer time.
func TestRealSessionsOfAnotherYearKeepWeekdayAndClock(t *testing.T) {
	r, err := session.FromRecords([]session.Record{
		record("a", "2019-04-02 18:00", "2019-04-03 07:00", 20), // a Tuesday
		record("a", "2019-03-28 18:00", "2019-03-29 07:00", 20), // a Thursday
	}, axis)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []struct {
		weekday uint8
		quarter uint8
	}{{3, 72}, {1, 72}} {
		c := axis.Clock[r.Users[0][i].Arrive]
		if c.Weekday != want.weekday || c.QuarterOfDay != want.quarter {
			t.Errorf("session %d arrives on weekday %d, quarter %d", i, c.Weekday, c.QuarterOfDay)
		}
	}
	if r.WeeksMap != 261 {
		t.Errorf("moved %d weeks, want 261", r.WeeksMap)
	}
}

func TestOverlapsAreMendedAndCounted(t *testing.T) {
	r, err := session.FromRecords([]session.Record{
		record("a", "2024-07-01 18:00", "2024-07-02 07:00", 20),
		record("a", "2024-07-01 22:00", "2024-07-02 08:00", 5),
		record("a", "2024-07-01 22:05", "2024-07-02 06:00", 2), // same quarter: joined
		record("b", "2024-07-01 18:00", "2024-07-01 18:02", 1),
		record("b", "2023-07-01 18:00", "2023-07-01 19:00", 1),
	}, axis)
	if err != nil {
		t.Fatal(err)
	}
	for _, u := range r.Users {
		if err := inOrder(u, axis); err != nil {
			t.Error(err)
		}
	}
	m := r.Mended
	if m.Overlaps != 2 || m.Merged != 1 || m.TooShort != 1 || m.OutsideYear != 1 {
		t.Errorf("got %+v", m)
	}
	total := 0.0
	for _, s := range r.Users[0] {
		total += s.EnergyKWh
	}
	if total != 27 {
		t.Errorf("user a's energies add up to %g kWh, want 27", total)
	}
}

// In the hour that comes twice, each of the two is a time of its own.
func TestSessionsInTheDoubledHourOfAutumnStayApart(t *testing.T) {
	at := func(text string) time.Time {
		v, err := time.Parse(time.RFC3339, text)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	recorded, err := session.FromRecords([]session.Record{
		{User: "a", Arrive: at("2024-10-27T02:00:00+02:00"), Depart: at("2024-10-27T02:45:00+02:00"), EnergyKWh: 1},
		{User: "a", Arrive: at("2024-10-27T02:00:00+01:00"), Depart: at("2024-10-27T02:45:00+01:00"), EnergyKWh: 2},
	}, axis)
	if err != nil {
		t.Fatal(err)
	}
	if s := recorded.Users[0]; len(s) != 2 || s[0].Steps() != 3 || s[1].Steps() != 3 || s[1].Arrive != s[0].Arrive+4 || recorded.Mended.Overlaps != 0 {
		t.Errorf("got %+v, %+v", s, recorded.Mended)
	}
}

// inOrder says what is wrong with a home's sessions, if anything.
func inOrder(sessions []session.Session, axis *series.Axis) error {
	end := 0
	for i, s := range sessions {
		switch {
		case s.Depart <= s.Arrive:
			return fmt.Errorf("session %d departs at step %d, not after its arrival at step %d", i+1, s.Depart, s.Arrive)
		case s.Arrive < end:
			return fmt.Errorf("session %d arrives at step %d, before step %d, when the one before departs (or the year starts)", i+1, s.Arrive, end)
		case s.Depart > axis.Len():
			return fmt.Errorf("session %d departs at step %d, after the year's end at %d", i+1, s.Depart, axis.Len())
		case !(s.EnergyKWh >= 0):
			return fmt.Errorf("session %d has an energy of %g kWh", i+1, s.EnergyKWh)
		}
		end = s.Depart
	}
	return nil
}
