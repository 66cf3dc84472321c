package sessionfile

import (
	"context"

	"github.com/getij/getij/internal/dataset"
)

// lane is a user as written: one of the file, or one of those whose sessions stand
// under one name in the file, at the same time.
type lane struct {
	number int
	last   *written // not yet handed over
}

const (
	// mostLanes bounds how many sessions of one user go on at a time.
	mostLanes = 1000
	// mostApart bounds the sessions of a user that are sorted by lane, 32 MB.
	mostApart = 1_000_000
	// laneOverlaps and laneShare are the overlaps, and their share of a user's
	// sessions, from which they are of strangers. Below, they are of a household, or
	// mistakes of clocks: of Trondheim's users, one has 15.
	laneOverlaps = 20
	laneShare    = 0.25
	// clockSlack and placeSlack are overlaps that clocks make, in seconds: of one user's
	// charger and car, and of one charge point.
	clockSlack = 900
	placeSlack = 60
)

// findOverlaps finds the users whose sessions overlap so that they are of several cars.
func (r *reading) findOverlaps(ctx context.Context) error {
	r.apart = make([]bool, len(r.users))
	var before record
	sessions, overlaps, until, n := 0, 0, int64(0), 0
	end := func() {
		if r.placeUsers != "" || overlaps >= laneOverlaps && float64(overlaps) > laneShare*float64(sessions) {
			r.apart[before.user] = true
			r.overlapping += overlaps
		}
		sessions, overlaps, until = 0, 0, 0
	}
	err := r.spill.walk(func(rec *record) error {
		if n++; n%10_000 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		if !r.counts(&found{rep: &dataset.Report{}}, rec) {
			return nil
		}
		same := rec.user == before.user && before.depart != 0
		if !same && before.depart != 0 {
			end()
		}
		if same && (rec.arrive == before.arrive && rec.depart == before.depart && rec.kwh == before.kwh || rec.session != identity{} && rec.session == before.session) {
			return nil
		}
		sessions++
		if rec.arrive+r.slack() < until {
			overlaps++
		}
		until = max(until, rec.depart)
		before = *rec
		return nil
	})
	if before.depart != 0 {
		end()
	}
	return err
}

func (r *reading) slack() int64 {
	if r.placeUsers != "" {
		return placeSlack
	}
	return clockSlack
}

// laneOf is the lane that a session goes to: the only one, or where users are several
// cars, that which was last free; len(lanes) is a new one.
func (r *reading) laneOf(lanes []lane, rec *record) int {
	if !r.apart[rec.user] {
		return 0
	}
	best := len(lanes)
	for i, l := range lanes {
		slack := l.last.depart <= rec.arrive+r.slack() && l.last.arrive < rec.arrive && r.fits(l.last.kwh, rec.arrive-l.last.arrive)
		if (l.last.depart <= rec.arrive || slack) && (best == len(lanes) || l.last.depart > lanes[best].last.depart) {
			best = i
		}
	}
	return best
}
