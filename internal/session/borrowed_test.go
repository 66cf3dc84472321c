package session

import (
	"encoding/csv"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
	"time"

	made "github.com/getij/getij/internal/sample"
	"github.com/getij/getij/internal/series"
)

// privateUsers are the sessions of the private users in a file.
func privateUsers(t *testing.T, data made.Data) (out []Record) {
	t.Helper()
	f, err := os.Open(data.File(t, "sessions/trondheim_home_sessions.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for i, row := range rows[1:] { // session_id, user_id, user_type, arrival_local, departure_local, energy_kwh
		if row[2] != "Private" {
			continue
		}
		rec := Record{User: row[1], Row: i + 2}
		for k, to := range []*time.Time{&rec.Arrive, &rec.Depart} {
			if *to, err = time.ParseInLocation("2006-01-02T15:04:05", row[3+k], series.Amsterdam()); err != nil {
				t.Fatal(err)
			}
		}
		if rec.EnergyKWh, err = strconv.ParseFloat(row[5], 64); err != nil {
			t.Fatal(err)
		}
		out = append(out, rec)
	}
	return out
}

// How much a user borrows from others is chosen by what foretells best: half of
// each user's arrivals, mixed with those of all others, against the other half.
func TestBorrowingForetellsUnseenSessionsBest(t *testing.T) {
	made.OnBoth(t, borrowingForetells)
}

func borrowingForetells(t *testing.T, data made.Data) {
	type half struct {
		seen, all *pool
		unseen    []observed
	}
	users := byUser(privateUsers(t, data))
	var halves []half
	for i, list := range users {
		if len(list) < 2*FewestSessions {
			continue
		}
		r := rand.New(rand.NewPCG(1, uint64(i)))
		var seen, others []observed
		var h half
		for _, o := range observe(list) {
			if r.IntN(2) == 0 {
				seen = append(seen, o)
			} else {
				h.unseen = append(h.unseen, o)
			}
		}
		for k, other := range users {
			if k != i {
				others = append(others, observe(other)...)
			}
		}
		h.seen, h.all = newPool(seen), newPool(others)
		halves = append(halves, h)
	}
	foretells := func(borrowed float64) float64 {
		sum, n := 0.0, 0
		for _, h := range halves {
			own := float64(len(h.seen.sessions))
			w := own / (own + borrowed)
			for _, o := range h.unseen {
				sum += math.Log(w*h.seen.arrivals[o.quarter] + (1-w)*h.all.arrivals[o.quarter] + 1e-9)
				n++
			}
		}
		return sum / float64(n)
	}
	said := ""
	for _, b := range []float64{1, 5, 10, borrowed, 40, 80, 1e6} {
		said += fmt.Sprintf(" %g: %.3f;", b, foretells(b))
	}
	t.Logf("mean log probability of unseen arrivals by sessions borrowed:%s", said)
	at := foretells(borrowed)
	for _, other := range []float64{1, 5, 1e6} { // hardly anything, little, everything
		if v := foretells(other); v > at {
			t.Errorf("borrowing %g sessions foretells better (%.3f) than %g (%.3f)", other, v, borrowed, at)
		}
	}
}

// The sampler fitted to real users: sessions as near as chance allows, and users
// that it has not seen no further than users are from each other.
func TestTheFitToPrivateUsers(t *testing.T) {
	made.OnBoth(t, fitIsNear)
}

func fitIsNear(t *testing.T, data made.Data) {
	users, left := 53, 3 // of the real file
	if data.Made {
		users, left = made.PrivateUsers, 0
	}
	records := privateUsers(t, data)
	f, err := Fit(records)
	if err != nil {
		t.Fatal(err)
	}
	c, err := f.Compare(records, series.NewYear(2024))
	if err != nil {
		t.Fatal(err)
	}
	if c.Users != users || c.Left != left {
		t.Errorf("%d users, %d of whom too little is known", c.Users, c.Left)
	}
	if d := c.DataCorrelation - c.DrawnCorrelation; math.Abs(d) > 0.03 {
		t.Errorf("energy and connection time correlate by %.2f, drawn %.2f", c.DataCorrelation, c.DrawnCorrelation)
	}
	for _, m := range c.Measures {
		most := 0.02
		if m.PerUser {
			most = 0.15
		}
		if m.Distance > most || m.HeldOut > m.Halves+0.03 {
			t.Errorf("%s: distance %.3f, from unseen users %.3f, between halves %.3f", m.Name, m.Distance, m.HeldOut, m.Halves)
		}
		t.Logf("%-32s mean %.2f, drawn %.2f; distance %.3f, unseen %.3f, halves %.3f", m.Name, m.DataMean, m.DrawnMean, m.Distance, m.HeldOut, m.Halves)
	}
}
