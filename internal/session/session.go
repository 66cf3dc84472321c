// Package session deals with plug-in periods: when a home's car is connected
// and how much energy it takes when charging is not controlled.
//
// Sessions come from a seeded [Sampler] that follows published distributions,
// or from a file of real sessions ([FromRecords]). Times are steps of a
// [series.Axis]; energy is in kWh at the meter, in the regular (uncontrolled)
// case. The sessions of one home are in order and never overlap.
package session

import (
	"fmt"
	"sort"
	"time"

	"github.com/getij/getij/internal/series"
)

// Session is one plug-in period, connected during steps Arrive to Depart-1.
type Session struct {
	Arrive, Depart int
	EnergyKWh      float64
}

// Steps is the number of steps connected.
func (s Session) Steps() int { return s.Depart - s.Arrive }

// Record is a real session as a file has it.
type Record struct {
	User           string
	Arrive, Depart time.Time
	EnergyKWh      float64
	Row            int // of the file, for messages
}

// Real is a file's sessions, a sequence per user.
type Real struct {
	Users    [][]Session // in order of the users' first appearance
	WeeksMap int         // whole weeks by which the file was moved to the year
	// Seen is the mean share of the year between a user's first arrival and last
	// departure: outside it nothing is known of him, and his home has no sessions.
	Seen   float64
	Mended Mended
}

// Mended counts what was changed to make a file's sessions fit the model.
type Mended struct {
	OutsideYear int   // left out: not (wholly) in the year after moving
	Overlaps    int   // the earlier session was ended where the later begins
	Merged      int   // joined with the one before: no quarter-hour was left between
	TooShort    int   // lengthened to one quarter-hour
	OverlapRows []int // rows of the file that overlap the session before
}

// FromRecords places real sessions on the axis. Sessions of other years are
// moved by a whole number of weeks, so that season and weekday stay; the year
// that brings most sessions into the axis is taken. Times are rounded to the
// quarter-hour.
func FromRecords(records []Record, axis *series.Axis) (*Real, error) {
	if len(records) == 0 {
		return nil, fmt.Errorf("there are no sessions")
	}
	r := &Real{WeeksMap: weeksTo(records, axis)}
	byUser := map[string][]Record{}
	var users []string
	for _, rec := range records {
		if _, ok := byUser[rec.User]; !ok {
			users = append(users, rec.User)
		}
		byUser[rec.User] = append(byUser[rec.User], rec)
	}
	for _, u := range users {
		if s := r.place(byUser[u], axis); len(s) > 0 {
			r.Users = append(r.Users, s)
			r.Seen += float64(s[len(s)-1].Depart-s[0].Arrive) / float64(axis.Len())
		}
	}
	r.Seen /= float64(max(len(r.Users), 1))
	if len(r.Users) == 0 {
		return nil, fmt.Errorf("none of the %d sessions falls in %d, even moved by whole weeks", len(records), axis.Year)
	}
	return r, nil
}

// weeksTo finds the whole weeks that bring most sessions into the axis; the
// least move wins a tie.
func weeksTo(records []Record, axis *series.Axis) int {
	perYear := map[int]int{}
	for _, rec := range records {
		perYear[rec.Arrive.In(series.Amsterdam()).Year()]++
	}
	years := make([]int, 0, len(perYear))
	for y := range perYear {
		years = append(years, y)
	}
	sort.Slice(years, func(i, j int) bool {
		a, b := years[i], years[j]
		if perYear[a] != perYear[b] {
			return perYear[a] > perYear[b]
		}
		return abs(a-axis.Year) < abs(b-axis.Year) || abs(a-axis.Year) == abs(b-axis.Year) && a < b
	})
	days := axis.Start.Sub(series.NewYear(years[0]).Start).Hours() / 24
	weeks := int(days / 7)
	if rest := days - float64(weeks)*7; rest > 3.5 {
		weeks++
	} else if rest < -3.5 {
		weeks--
	}
	return weeks
}

func abs(i int) int {
	if i < 0 {
		return -i
	}
	return i
}

// place puts one user's records on the axis.
func (r *Real) place(records []Record, axis *series.Axis) []Session {
	sort.SliceStable(records, func(i, j int) bool { return records[i].Arrive.Before(records[j].Arrive) })
	loc := series.Amsterdam()
	step := func(t time.Time) int {
		if r.WeeksMap != 0 {
			// Whole weeks by the calendar keep the wall clock across daylight saving.
			t = t.In(loc).AddDate(0, 0, 7*r.WeeksMap)
		}
		return axis.Index(t.Add(series.Step / 2).UTC())
	}
	var out []Session
	for _, rec := range records {
		s := Session{Arrive: step(rec.Arrive), Depart: step(rec.Depart), EnergyKWh: rec.EnergyKWh}
		short := s.Depart <= s.Arrive
		if short {
			s.Depart = s.Arrive + 1
		}
		if s.Arrive < 0 || s.Depart > axis.Len() {
			r.Mended.OutsideYear++
			continue
		}
		if short {
			r.Mended.TooShort++
		}
		if n := len(out); n > 0 && s.Arrive < out[n-1].Depart {
			r.Mended.Overlaps++
			r.Mended.OverlapRows = append(r.Mended.OverlapRows, rec.Row)
			before := &out[n-1]
			if s.Arrive > before.Arrive {
				before.Depart = s.Arrive
			} else {
				before.Depart = max(before.Depart, s.Depart)
				before.EnergyKWh += s.EnergyKWh
				r.Mended.Merged++
				continue
			}
		}
		out = append(out, s)
	}
	return out
}
