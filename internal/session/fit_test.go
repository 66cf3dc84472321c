package session_test

import (
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/getij/getij/internal/series"
	"github.com/getij/getij/internal/session"
)

// recorded are the sessions of n sampled homes as a file would have them.
func recorded(t *testing.T, n int) []session.Record {
	t.Helper()
	var out []session.Record
	for i, h := range homes(t, session.WhenNeeded, n) {
		for _, s := range h {
			if s.Depart < axis.Len() {
				out = append(out, session.Record{User: fmt.Sprint("user ", i), Arrive: axis.Time(s.Arrive), Depart: axis.Time(s.Depart), EnergyKWh: s.EnergyKWh})
			}
		}
	}
	return out
}

func fitted(t *testing.T, records []session.Record) *session.Fitted {
	t.Helper()
	f, err := session.Fit(records)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// Of users whose distribution is known, a year of the homes that are drawn after
// them has the same distributions.
func TestFittedHomesAreLikeTheUsers(t *testing.T) {
	records := recorded(t, 60)
	c, err := fitted(t, records).Compare(records, axis)
	if err != nil {
		t.Fatal(err)
	}
	if c.Users != 60 || c.Left != 0 || c.Homes < 300 {
		t.Errorf("%d users, %d left out, %d homes", c.Users, c.Left, c.Homes)
	}
	if math.Abs(c.DataCorrelation-c.DrawnCorrelation) > 0.03 || c.DataCorrelation < 0.2 {
		t.Errorf("energy and connection time correlate by %.2f in the data and %.2f as drawn", c.DataCorrelation, c.DrawnCorrelation)
	}
	for _, m := range c.Measures {
		most := 0.025
		if m.PerUser {
			most = 0.1
		}
		if m.Name == "Mean connection time of a user" || m.Name == "Energy a week of a user" {
			// What is mixed in from others draws homes together, and a year of a
			// home has less chance in it than the data of a user.
			most = 0.2
		}
		if m.Distance > most {
			t.Errorf("%s: distance %.3f", m.Name, m.Distance)
		}
		if math.Abs(m.DrawnMean/m.DataMean-1) > 0.04 {
			t.Errorf("%s: mean %.2f, drawn %.2f", m.Name, m.DataMean, m.DrawnMean)
		}
		if !(m.HeldOut <= m.Halves+0.1) {
			t.Errorf("%s: %.3f from users that were not fitted to, the halves lie %.3f apart", m.Name, m.HeldOut, m.Halves)
		}
		if len(m.X) != len(m.Data) || len(m.X) != len(m.Drawn) || !slices.IsSorted(m.Data) || !slices.IsSorted(m.Drawn) || m.Drawn[len(m.Drawn)-1] < 0.95 {
			t.Errorf("%s: no cumulative shares", m.Name)
		}
	}
}

// Somebody who plugs in on working days only, and a night worker, stay so: their
// homes do not become the mean of the two.
func TestHomesDifferAsUsersDo(t *testing.T) {
	var records []session.Record
	monday := time.Date(2024, 1, 1, 0, 0, 0, 0, series.Amsterdam())
	for day := range 700 {
		at := monday.AddDate(0, 0, day)
		if day%7 < 5 {
			records = append(records, session.Record{User: "evening", Arrive: at.Add(18 * time.Hour), Depart: at.Add(31 * time.Hour), EnergyKWh: 5})
		}
		if day%7 == 5 {
			records = append(records, session.Record{User: "morning", Arrive: at.Add(6 * time.Hour), Depart: at.Add(10 * time.Hour), EnergyKWh: 30})
		}
	}
	f := fitted(t, records)
	perWeek := map[bool][]float64{}
	for i := range 20 {
		evening, n := 0, 0
		for _, s := range f.Home(axis, 3, i) {
			clock := axis.Clock[s.Arrive]
			n++
			switch {
			case s.EnergyKWh == 5 && (s.Steps() == 52 || s.Depart == axis.Len()) && !clock.Weekend() && clock.Hour() >= 17 && clock.Hour() <= 18:
				evening++
			case s.EnergyKWh == 30 && s.Steps() == 16 && clock.Weekend() && clock.Hour() >= 5 && clock.Hour() <= 6:
			default:
				t.Fatalf("home %d: session %+v at %+v is nobody's", i, s, clock)
			}
		}
		share := float64(evening) / float64(n)
		if share > 0.3 && share < 0.7 {
			t.Errorf("home %d plugs in %.0f %% of the time in the evening: it is neither user", i, 100*share)
		}
		perWeek[share > 0.5] = append(perWeek[share > 0.5], float64(n)/(366./7))
	}
	if len(perWeek[true]) != 10 || len(perWeek[false]) != 10 {
		t.Fatalf("%d homes after the one, %d after the other", len(perWeek[true]), len(perWeek[false]))
	}
	for of, want := range map[bool]float64{true: 5, false: 1} {
		for _, v := range perWeek[of] {
			// Rates lie between those of the users that are next in order.
			if v < 0.5 || v > 6 {
				t.Errorf("%.1f sessions a week", v)
			}
		}
		if mean, _ := meanSD(perWeek[of]); math.Abs(mean-want) > 1.2 {
			t.Errorf("%.1f sessions a week on average, the user has %.0f", mean, want)
		}
	}
}

func TestAFittedHomeDependsOnSeedAndNumberOnly(t *testing.T) {
	f := fitted(t, recorded(t, 7))
	a := f.Home(axis, 7, 3)
	f.Home(axis, 7, 4)
	if !slices.Equal(a, f.Home(axis, 7, 3)) {
		t.Error("home 3 changed after home 4 was drawn")
	}
	for _, other := range []struct{ seed, home int }{{8, 3}, {7, 4}, {7, 10}, {7, 1003}} {
		if slices.Equal(a, f.Home(axis, uint64(other.seed), other.home)) {
			t.Errorf("seed %d home %d has the same sessions as seed 7 home 3", other.seed, other.home)
		}
	}
}

func TestUsersOfWhomTooLittleIsKnownLeadNoHome(t *testing.T) {
	at := time.Date(2024, 3, 1, 18, 0, 0, 0, time.UTC)
	few := func(user string, n int, every time.Duration) (out []session.Record) {
		for i := range n {
			start := at.Add(time.Duration(i) * every)
			out = append(out, session.Record{User: user, Arrive: start, Depart: start.Add(2 * time.Hour), EnergyKWh: 3})
		}
		return out
	}
	week := 7 * 24 * time.Hour
	if _, err := session.Fit(append(few("a", 4, week), few("b", 9, 24*time.Hour)...)); err == nil {
		t.Error("4 sessions of one user and 8 days of another were enough")
	}
	f := fitted(t, append(few("a", 4, week), few("c", 5, week)...))
	if used, left := f.Users(); used != 1 || left != 1 {
		t.Errorf("%d users lead homes, %d not", used, left)
	}
	if _, err := session.Fit(nil); err == nil {
		t.Error("a sampler was fitted to nothing")
	}
}

// Whatever the records, homes have sessions that fit the year and never overlap.
func TestFittedHomesAreValidWhateverTheRecords(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var records []session.Record
		for u := range rapid.IntRange(1, 4).Draw(t, "users") {
			at := time.Date(2023, 1, 1, 0, 0, 0, 0, time.UTC)
			for range rapid.IntRange(5, 40).Draw(t, "sessions") {
				at = at.Add(time.Duration(rapid.IntRange(0, 200).Draw(t, "hours until")) * time.Hour)
				records = append(records, session.Record{
					User: fmt.Sprint(u), Arrive: at, EnergyKWh: rapid.Float64Range(0, 80).Draw(t, "kWh"),
					Depart: at.Add(time.Duration(rapid.IntRange(0, 60*24*20).Draw(t, "minutes")) * time.Minute),
				})
			}
		}
		f, err := session.Fit(records)
		if err != nil {
			return // too short a time
		}
		for i := range 5 {
			if err := inOrder(f.Home(axis, 1, i), axis); err != nil {
				t.Fatalf("home %d: %v", i, err)
			}
		}
	})
}
