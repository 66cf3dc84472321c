package session

import (
	"fmt"
	"math/rand/v2"
	"sort"
	"time"

	"github.com/getij/getij/internal/series"
)

// What it takes to know how often a user plugs in.
const (
	FewestSessions = 5
	FewestWeeks    = 2
)

const (
	// ownDay is the share of a session that stays on its own day of the week; the
	// rest is spread over the days of its kind (working days, weekend), as a few
	// dozen sessions do not tell Tuesdays from Wednesdays.
	ownDay = 0.25
	// borrowed is the number of sessions of others that a user's own are mixed
	// with: they are half of the mix for a user with 20 sessions, and a tenth for
	// one with 180.
	//
	// Both are chosen by how well half of each user's arrivals foretells the other
	// half, on Trondheim's private users (a test has the comparison). To borrow 40
	// or 80 foretells as well, but takes more of the users' variety.
	borrowed = 20.0
	// warmUp is how long before the year homes are drawn, so that its first days
	// find cars plugged in; the longest of 6,743 real sessions lasts 1.5 weeks.
	warmUp = 2 * series.QuartersPerWeek
)

// shifts are the quarters by which a session is moved, with their chance: half an
// hour either way at most.
var shifts = [...]struct {
	by    int
	share float64
}{{-2, 1. / 9}, {-1, 2. / 9}, {0, 3. / 9}, {1, 2. / 9}, {2, 1. / 9}}

// Fitted draws the sessions of homes after real users, any number of homes from a
// few hundred users. It is read-only after [Fit] and safe for any number of
// goroutines.
//
// A home takes after one user: it plugs in about as often, and its sessions are
// that user's, mixed with some of everybody's, each moved by up to half an hour
// and perhaps to another day of its kind. So arrival, duration and energy keep
// hanging together as observed, and homes differ as users do; no distribution is
// assumed. Season and holidays are not drawn after: homes are alike all year.
type Fitted struct {
	users []*user
	all   *pool
	rates []float64 // of the users, sorted
	kept  int       // sessions of the users
	left  int       // users of whom too little is known
}

// user is somebody of whom enough is known.
type user struct {
	sessions []observed // a pool is made of them for each home: it is large
	rate     float64    // sessions a week
	rank     int        // in the order of rates
}

// observed is a real session: when in the week, how long, how much.
type observed struct {
	quarter, steps int
	kWh            float64
}

// pool is a set of sessions by the quarter of the week of their arrival.
type pool struct {
	sessions []observed
	from     [series.QuartersPerWeek + 1]int // sessions[from[k]:from[k+1]] arrive at k
	arrivals [series.QuartersPerWeek]float64 // moved and spread, sum 1
	plugged  [series.QuartersPerWeek]float64 // chance to be plugged in already, at one session a week
}

// Fit makes a sampler after the users of some records. Users with fewer than
// [FewestSessions] sessions or [FewestWeeks] weeks lend their sessions to others,
// but no home takes after them.
func Fit(records []Record) (*Fitted, error) {
	f := &Fitted{}
	var everything []observed
	for _, list := range byUser(records) {
		sessions := observe(list)
		everything = append(everything, sessions...)
		rate, ok := PerWeek(len(list), list[0].Arrive, list[len(list)-1].Arrive)
		if !ok {
			f.left++
			continue
		}
		f.users = append(f.users, &user{sessions: sessions, rate: rate})
		f.kept += len(list)
	}
	if len(f.users) == 0 {
		return nil, fmt.Errorf("no user has %d sessions over %d weeks or more: a sampler cannot be fitted to %d sessions of %d users", FewestSessions, FewestWeeks, len(records), f.left)
	}
	f.all = newPool(everything)
	order := make([]*user, len(f.users))
	copy(order, f.users)
	sort.SliceStable(order, func(i, j int) bool { return order[i].rate < order[j].rate })
	for i, u := range order {
		u.rank = i
		f.rates = append(f.rates, u.rate)
	}
	return f, nil
}

// PerWeek is how often a user plugs in, by the number of sessions and the first
// and last arrival; ok is false when that is too little to know. The first session
// opens the count: n arrivals make n-1 waits.
func PerWeek(sessions int, first, last time.Time) (perWeek float64, ok bool) {
	weeks := last.Sub(first).Hours() / (7 * 24)
	if sessions < FewestSessions || weeks < FewestWeeks {
		return 0, false
	}
	return float64(sessions-1) / weeks, true
}

// Users is how many users homes take after, and how many are left out of that.
func (f *Fitted) Users() (used, left int) { return len(f.users), f.left }

// byUser are the records of each user in order of time, users in order of their
// first appearance.
func byUser(records []Record) [][]Record {
	at := map[string]int{}
	var out [][]Record
	for _, rec := range records {
		i, ok := at[rec.User]
		if !ok {
			i = len(out)
			at[rec.User] = i
			out = append(out, nil)
		}
		out[i] = append(out[i], rec)
	}
	for _, list := range out {
		sort.SliceStable(list, func(i, j int) bool { return list[i].Arrive.Before(list[j].Arrive) })
	}
	return out
}

// observe brings a user's records onto quarters; one that overlaps the next is
// ended where that begins.
func observe(list []Record) []observed {
	out := make([]observed, len(list))
	loc := series.Amsterdam()
	for i, rec := range list {
		depart := rec.Depart
		if i+1 < len(list) && list[i+1].Arrive.Before(depart) {
			depart = list[i+1].Arrive
		}
		t := rec.Arrive.Add(series.Step / 2).In(loc)
		out[i] = observed{
			quarter: (int(t.Weekday())+6)%7*series.QuartersPerDay + t.Hour()*4 + t.Minute()/15,
			steps:   max(1, int((depart.Sub(rec.Arrive)+series.Step/2)/series.Step)),
			kWh:     rec.EnergyKWh,
		}
	}
	return out
}

func newPool(sessions []observed) *pool {
	p := &pool{sessions: append([]observed(nil), sessions...)}
	sort.SliceStable(p.sessions, func(i, j int) bool { return p.sessions[i].quarter < p.sessions[j].quarter })
	for _, s := range p.sessions {
		p.from[s.quarter+1]++
	}
	for k := range series.QuartersPerWeek {
		p.from[k+1] += p.from[k]
	}
	// Differences of plugged, summed up at the end.
	var change [series.QuartersPerWeek]float64
	each := 1 / float64(len(p.sessions))
	for _, s := range p.sessions {
		spread(s.quarter, func(k int, share float64) {
			w := each * share
			p.arrivals[k] += w
			// Plugged in already at k+1 to k+steps-1, round the week.
			stays := s.steps - 1
			if laps := stays / series.QuartersPerWeek; laps > 0 {
				for q := range p.plugged {
					p.plugged[q] += w * float64(laps)
				}
				stays %= series.QuartersPerWeek
			}
			first, last := (k+1)%series.QuartersPerWeek, (k+1+stays)%series.QuartersPerWeek
			change[first] += w
			change[last] -= w
			if last < first {
				change[0] += w
			}
		})
	}
	sum := 0.0
	for k := range change {
		sum += change[k]
		p.plugged[k] += sum
	}
	return p
}

// spread hands over the quarters of the week that a session of one may be drawn
// at, with their shares.
func spread(quarter int, each func(k int, share float64)) {
	day := quarter / series.QuartersPerDay
	from, days := kind(day)
	for d := from; d < from+days; d++ {
		for _, s := range shifts {
			k := d*series.QuartersPerDay + quarter%series.QuartersPerDay + s.by
			each((k+series.QuartersPerWeek)%series.QuartersPerWeek, s.share*dayShare(day, d, days))
		}
	}
}

// kind is the run of days that a day belongs to: working days or the weekend.
func kind(day int) (from, days int) {
	if day >= 5 {
		return 5, 2
	}
	return 0, 5
}

func dayShare(day, other, days int) float64 {
	share := (1 - ownDay) / float64(days)
	if day == other {
		share += ownDay
	}
	return share
}

// draw picks a session for an arrival at quarter k, in proportion to its share of
// the arrivals there.
func (p *pool) draw(r *rand.Rand, k int) observed {
	u := r.Float64() * p.arrivals[k] * float64(len(p.sessions))
	var last observed
	for _, s := range shifts {
		at := (k - s.by + series.QuartersPerWeek) % series.QuartersPerWeek
		day := at / series.QuartersPerDay
		from, days := kind(day)
		for d := from; d < from+days; d++ {
			slot := d*series.QuartersPerDay + at%series.QuartersPerDay
			n := p.from[slot+1] - p.from[slot]
			if n == 0 {
				continue
			}
			w := s.share * dayShare(d, day, days)
			if i := int(u / w); i < n {
				return p.sessions[p.from[slot]+i]
			}
			last = p.sessions[p.from[slot+1]-1]
			u -= w * float64(n)
		}
	}
	return last // u was at the very end
}

// Home draws the year of home number `home` under a seed: the same whatever the
// number of homes or the order in which they are drawn.
func (f *Fitted) Home(axis *series.Axis, seed uint64, home int) []Session {
	n := len(f.users)
	// Each round of homes takes after every user once, in an order of its own.
	order := rand.New(rand.NewPCG(seed, 0xf177ed+uint64(home/n))).Perm(n)
	u := f.users[order[home%n]]
	r := rand.New(rand.NewPCG(seed, 0x9e3779b97f4a7c15*uint64(home+1)))
	rate := f.rateNear(float64(u.rank) + r.Float64() - 0.5)
	pool := newPool(u.sessions)
	own := float64(len(u.sessions)) / (float64(len(u.sessions)) + borrowed)

	var out []Session
	free := -warmUp
	for i := -warmUp; i < axis.Len(); i++ {
		if i < free {
			continue
		}
		k := (axis.Clock[0].QuarterOfWeek() + i + warmUp) % series.QuartersPerWeek
		if i >= 0 {
			k = axis.Clock[i].QuarterOfWeek()
		}
		// Arrivals of a car that is not plugged in: as often as observed, although
		// no session starts during another.
		mine, theirs := own*pool.arrivals[k], (1-own)*f.all.arrivals[k]
		away := 1 - rate*(own*pool.plugged[k]+(1-own)*f.all.plugged[k])
		if mine+theirs == 0 || r.Float64()*away >= rate*(mine+theirs) {
			continue
		}
		from := pool
		if r.Float64()*(mine+theirs) >= mine {
			from = f.all
		}
		s := from.draw(r, k)
		free = i + s.steps
		if i >= 0 {
			out = append(out, Session{Arrive: i, Depart: min(free, axis.Len()), EnergyKWh: s.kWh})
		}
	}
	return out
}

// rateNear is the sessions a week at a rank between those of the users.
func (f *Fitted) rateNear(rank float64) float64 {
	rank = min(max(rank, 0), float64(len(f.rates)-1))
	i := min(int(rank), len(f.rates)-2)
	if i < 0 {
		return f.rates[0]
	}
	w := rank - float64(i)
	return (1-w)*f.rates[i] + w*f.rates[i+1]
}
