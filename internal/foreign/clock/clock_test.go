package clock_test

import (
	"testing"
	"time"

	"github.com/getij/getij/internal/foreign/clock"
)

func read(t *testing.T, r *clock.Reader, text string) (string, bool) {
	t.Helper()
	sec, offset, err := r.Read(text)
	if err != nil {
		t.Errorf("%s: %v", text, err)
	}
	return clock.Stamp(sec), offset
}

func TestTimesInTheLayoutsOfOthers(t *testing.T) {
	for text, want := range map[string]struct {
		stamp  string
		offset bool
	}{
		"2024-01-31T18:05:00Z":             {"2024-01-31T18:05Z", true},
		"2024-01-31 18:05:00+01:00":        {"2024-01-31T17:05Z", true},
		"2024-01-31 18:05:00 UTC":          {"2024-01-31T18:05Z", true},
		"Wed, 31 Jan 2024 18:05:00 GMT":    {"2024-01-31T18:05Z", true},
		"27.10.2024 02:15 (CEST)":          {"2024-10-27T00:15Z", true},
		"27.10.2024 02:15 (CET)":           {"2024-10-27T01:15Z", true},
		"31-1-2024 18:05":                  {"2024-01-31T18:05Z", false},
		"3/4/2024 6:05 PM":                 {"2024-04-03T18:05Z", false},
		"20240131:1805":                    {"2024-01-31T18:05Z", false},
		"31-01-2024 24:00":                 {"2024-02-01T00:00Z", false},
		"2024-01-31":                       {"2024-01-31T00:00Z", false},
		"31-jan-24 18:05":                  {"2024-01-31T18:05Z", false},
		"31. März 2024 18:05":              {"2024-03-31T18:05Z", false},
		"wo 1 mei 2024 18:05":              {"2024-05-01T18:05Z", false},
		"May 1, 2024, 6:05 pm":             {"2024-05-01T18:05Z", false},
		"2024-01-31 6:05 p.m.":             {"2024-01-31T18:05Z", false},
		"1/5/2024 12:05am":                 {"2024-05-01T00:05Z", false},
		"202401311805":                     {"2024-01-31T18:05Z", false},
		"20240131T180500":                  {"2024-01-31T18:05Z", false},
		"  01.01.2020 00:00:00 (CET/CEST)": {"2020-01-01T00:00Z", false},
		"wo 31-01-2024 18:05":              {"2024-01-31T18:05Z", false},
		"Wednesday, 31.01.2024 18:05":      {"2024-01-31T18:05Z", false},
		"31 jan. 2024 om 18:05 uur":        {"2024-01-31T18:05Z", false},
		"31-01-2024 18.05":                 {"2024-01-31T18:05Z", false},
		"31-01-2024 18u05":                 {"2024-01-31T18:05Z", false},
		"31-01-2024 18u":                   {"2024-01-31T18:00Z", false},
		"27-10-2024 02:15 (zomertijd)":     {"2024-10-27T00:15Z", true},
		"27-10-2024 02:15 wintertijd":      {"2024-10-27T01:15Z", true},
		"Wed Jan 31 2024 18:05:00 GMT+0100 (Central European Standard Time)": {"2024-01-31T17:05Z", true},
	} {
		if got, offset := read(t, new(clock.Reader), text); got != want.stamp || offset != want.offset {
			t.Errorf("%q: got %s, offset %t, want %+v", text, got, offset, want)
		}
	}
	if got, _ := read(t, &clock.Reader{Order: clock.MonthFirst}, "3/4/2024 18:05"); got != "2024-03-04T18:05Z" {
		t.Errorf("month before day: %s", got)
	}
}

// A number may be a value; a day is no moment at which a car arrives.
func TestSecondsSince1970AreTimesOnlyWhereMomentsAreExpected(t *testing.T) {
	if got, offset := read(t, &clock.Reader{Moments: true}, "1706724300000"); got != "2024-01-31T18:05Z" || !offset {
		t.Errorf("milliseconds: %s, offset %t", got, offset)
	}
	for text, r := range map[string]clock.Reader{
		"1706724300": {}, "2024-01-31": {Moments: true}, "31-01-2024": {Moments: true},
		"31-01-2024 18:05": {Order: clock.Unknown}, "1706724": {Moments: true}, "1889-01-01T00:00:00Z": {}, "24:00": {},
		"Totaal 31-01-2024": {}, "t/m 31-01-2024": {}, "31-01-2024 18.75": {}, "ma 18.05": {},
	} {
		if sec, _, err := r.Read(text); err == nil {
			t.Errorf("%q with %+v is read as %s", text, r, clock.Stamp(sec))
		}
	}
}

func wall(text string) int64 {
	at, err := time.Parse("2006-01-02 15:04", text)
	if err != nil {
		panic(err)
	}
	return at.Unix()
}

func TestTheClockOfAmsterdamSkipsAnHourAndRepeatsOne(t *testing.T) {
	for text, want := range map[string][2]string{
		"2024-01-15 12:00": {"2024-01-15T11:00Z", "2024-01-15T11:00Z"},
		"2024-07-15 12:00": {"2024-07-15T10:00Z", "2024-07-15T10:00Z"},
		"2024-10-27 02:30": {"2024-10-27T00:30Z", "2024-10-27T01:30Z"},
		"2024-10-27 03:00": {"2024-10-27T02:00Z", "2024-10-27T02:00Z"},
	} {
		first, second, ok := clock.Local.Instants(wall(text))
		if got := [2]string{clock.Stamp(first), clock.Stamp(second)}; got != want || !ok {
			t.Errorf("%s: got %v, %t, want %v", text, got, ok, want)
		}
	}
	for text, want := range map[string]bool{"2024-03-31 01:45": true, "2024-03-31 02:00": false, "2024-03-31 02:45": false, "2024-03-31 03:00": true} {
		if _, _, ok := clock.Local.Instants(wall(text)); ok != want {
			t.Errorf("%s exists: %t, want %t", text, ok, want)
		}
	}
}

func TestTheDoubledHourIsTakenInTheOrderOfTheRows(t *testing.T) {
	c := clock.New(clock.Local)
	for i, text := range []string{"2024-10-27 01:00", "2024-10-27 02:00", "2024-10-27 02:00", "2024-10-27 03:00"} {
		want := wall("2024-10-26 23:00") + int64(i)*3600
		if got, ok := c.Instant(wall(text)); got != want || !ok {
			t.Errorf("row %d, %s: got %s, want %s", i, text, clock.Stamp(got), clock.Stamp(want))
		}
	}
	if once := c.Once(); len(once) != 0 {
		t.Errorf("the hour stands twice in the file, and Once says %v", once)
	}
	c.Instant(wall("2023-10-29 02:00"))
	if once := c.Once(); len(once) != 1 || once[0] != "2023-10-29" {
		t.Errorf("Once: %v", once)
	}
}

func TestTheOrderOfDayAndMonthIsFoundOrAsked(t *testing.T) {
	for _, c := range []struct {
		cells []string
		want  clock.Order
		fails bool
	}{
		{[]string{"2024-01-31 18:05"}, clock.Unknown, false},
		{[]string{"3/4/2024", "31/4/2024"}, clock.DayFirst, false},
		{[]string{"3/4/2024", "4/31/2024"}, clock.MonthFirst, false},
		{[]string{"3-4-2024"}, clock.DayFirst, false},
		{[]string{"3/4/2024"}, clock.Unknown, true},
		{[]string{"31/4/2024", "4/31/2024"}, clock.Unknown, true},
	} {
		if got, err := clock.OrderIn(c.cells); got != c.want || (err != nil) != c.fails {
			t.Errorf("%v: got %v, %v", c.cells, got, err)
		}
	}
}

func TestAColumnsNameTellsItsZone(t *testing.T) {
	for name, want := range map[string]clock.Zone{
		"utc_start": clock.UTC, "MTU (CET/CEST)": clock.Local, "start_nl": clock.Local, "time (UTC+1)": clock.Winter, "datum": clock.Unsaid,
	} {
		if got := clock.ZoneIn(name); got != want {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
}

func TestDurationsOfHoursAndMinutes(t *testing.T) {
	for text, want := range map[string]float64{"7:30": 27000, "7h 30m": 27000, "7 uur 30 min": 27000, "45m": 2700, "1h": 3600, "90 sec": 90, "0:00:05": 5, "100:00": 360000} {
		if got, err := clock.Duration(text); got != want || err != nil {
			t.Errorf("%s: %g, %v", text, got, err)
		}
	}
	for _, text := range []string{"7:60", "a:b", "1:2:3:4", "-1:00", "", "h", "30m 7h"} {
		if got, err := clock.Duration(text); err == nil {
			t.Errorf("%s is read as %g s", text, got)
		}
	}
}
