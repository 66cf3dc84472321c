package session

import (
	"fmt"
	"math"
	"math/rand/v2"
	"sort"

	"github.com/getij/getij/internal/series"
)

// Tables are published distributions of home charging sessions, by local clock.
type Tables struct {
	ArrivalWeekday [96]float64 // share of sessions by quarter of arrival; any scale
	ArrivalWeekend [96]float64
	MeanEnergyKWh  [48]float64 // by half hour of arrival
	MeanConnection [48]float64 // hours, by half hour of arrival
	// Exceedance of the connection time: share of sessions longer than, hours.
	Connection Exceedance
	// Exceedance of the energy: share of sessions above, kWh.
	Energy Exceedance
}

// Exceedance is a distribution as points of falling share by rising value.
type Exceedance struct {
	Value []float64
	Share []float64 // 1 to 0
}

// above is the share of sessions above a value.
func (e *Exceedance) above(v float64) float64 {
	i := sort.SearchFloat64s(e.Value, v)
	switch {
	case i == 0:
		return e.Share[0]
	case i == len(e.Value):
		return e.Share[i-1]
	}
	w := (v - e.Value[i-1]) / (e.Value[i] - e.Value[i-1])
	return (1-w)*e.Share[i-1] + w*e.Share[i]
}

// quantile is the value that a share u of the sessions stays below.
func (e *Exceedance) quantile(u float64) float64 {
	share := 1 - u
	i := sort.Search(len(e.Share), func(i int) bool { return e.Share[i] <= share })
	switch {
	case i == 0:
		return e.Value[0]
	case i == len(e.Share):
		return e.Value[i-1]
	}
	if e.Share[i-1] == e.Share[i] {
		return e.Value[i]
	}
	w := (e.Share[i-1] - share) / (e.Share[i-1] - e.Share[i])
	return (1-w)*e.Value[i-1] + w*e.Value[i]
}

// Mean is the area under the exceedance.
func (e *Exceedance) Mean() float64 {
	sum := e.Value[0]
	for i := 1; i < len(e.Value); i++ {
		sum += (e.Value[i] - e.Value[i-1]) * (e.Share[i] + e.Share[i-1]) / 2
	}
	return sum
}

// What the tables do not say is filled with these assumptions. The mornings and
// the shares that stay on were fitted to the connection exceedance and to the
// mean connection by arrival (largest distance between the curves 0.05); a test
// holds them to it.
const (
	weekdayMorningHour   = 8.0  // mean departure of overnight sessions
	weekdayMorningSD     = 1.6  // hours
	weekendMorningHour   = 11.0 //
	weekendMorningSD     = 2.5  //
	staysOnFirstMorning  = 0.08 // share of overnight sessions that stay another day
	staysOnLaterMornings = 0.27 //
	longestShortStayH    = 8.8  // stays within the day follow the exceedance below this
	nightEndsHour        = 5    // arrivals before this hour leave the same morning
	maxQuarters          = 72 * 4

	// energyRankCorrelation ties a session's energy to its connection time at a
	// given hour of arrival: normal-score correlation of Trondheim's private
	// users (Sorensen et al. 2021), evening arrivals.
	energyRankCorrelation = 0.36
	// rateSpread is the coefficient of variation between homes of sessions per week,
	// and of the energy driven with it: who drives more plugs in more. Trondheim's
	// private users have 0.6, sampling noise included.
	rateSpread = 0.5
)

// PlugIn is when a car is plugged in.
type PlugIn string

// The behaviours of the model.
const (
	WhenNeeded PlugIn = "when_needed" // as observed: now and then
	Always     PlugIn = "always"      // whenever it is at home: a session a day
)

// Driving is what a car needs from its own charge point, and what a session can
// bring. Energies in kWh at the meter.
type Driving struct {
	YearKWh  float64 // mean over homes
	MostKWh  float64 // of a session: from empty to the charge at departure
	ChargeKW float64
}

// most is what a session of so many quarter-hours can bring.
func (d Driving) most(steps int) float64 {
	return min(d.MostKWh, float64(steps)*series.StepHours*d.ChargeKW)
}

// Sampler draws the sessions of homes. It is read-only after New and safe for
// any number of goroutines.
type Sampler struct {
	tables          Tables
	plugIn          PlugIn
	sessionsPerWeek float64
	driving         Driving
	moved           float64 // share of the homes that plug in always for a reward

	arrivals [series.QuartersPerWeek]float64              // a week's arrivals, sum 1
	plugged  [series.QuartersPerWeek]float64              // chance to be plugged in already, at one session a week
	duration [series.QuartersPerWeek][maxQuarters]float64 // cumulative, by arrival
	morning  [2][96]float64                               // cumulative departure clock, weekday and weekend
	maxRate  float64                                      // sessions a week that fit without overlap
	meanKWh  float64
}

// NewSampler prepares a sampler. sessionsPerWeek is the mean over homes; with
// Always, a car has a session a day. How much a car drives depends on neither.
func NewSampler(t Tables, plugIn PlugIn, sessionsPerWeek float64, driving Driving) (*Sampler, error) {
	s := &Sampler{tables: t, plugIn: plugIn, sessionsPerWeek: sessionsPerWeek, driving: driving, meanKWh: t.Energy.Mean()}
	if !(driving.YearKWh >= 0 && driving.MostKWh > 0 && driving.ChargeKW > 0) {
		return nil, fmt.Errorf("driving is %+v: energies of 0 or more and powers above 0 were expected", driving)
	}
	if plugIn != WhenNeeded && plugIn != Always {
		return nil, fmt.Errorf("plug_in %q is unknown: use when_needed or always", plugIn)
	}
	s.fillMornings()
	s.fillDurations()
	s.fillPlugged()
	if !(sessionsPerWeek > 0 && sessionsPerWeek <= s.maxRate) {
		return nil, fmt.Errorf("sessions_per_week is %g: above 0 and at most %.1f was expected, as sessions of %.1f h on average must not overlap", sessionsPerWeek, s.maxRate, t.Connection.Mean())
	}
	return s, nil
}

func (s *Sampler) share(weekday, quarter int) float64 {
	if weekday >= 5 {
		return s.tables.ArrivalWeekend[quarter]
	}
	return s.tables.ArrivalWeekday[quarter]
}

func (s *Sampler) fillMornings() {
	for i, m := range [2]struct{ mean, sd float64 }{{weekdayMorningHour, weekdayMorningSD}, {weekendMorningHour, weekendMorningSD}} {
		sum := 0.0
		for q := range s.morning[i] {
			if h := float64(q) / 4; h >= nightEndsHour && h <= 18 {
				z := (h - m.mean) / m.sd
				sum += math.Exp(-z * z / 2)
			}
			s.morning[i][q] = sum
		}
		for q := range s.morning[i] {
			s.morning[i][q] /= sum
		}
	}
}

// morningShare is the chance to depart in a quarter, for a departure on weekday.
func (s *Sampler) morningShare(weekday, quarter int) float64 {
	m := &s.morning[0]
	if weekday >= 5 {
		m = &s.morning[1]
	}
	if quarter == 0 {
		return m[0]
	}
	return m[quarter] - m[quarter-1]
}

// overnight is the distribution, in quarters, of sessions that last until a
// morning.
func (s *Sampler) overnight(weekday, quarter int) (p [maxQuarters + 1]float64) {
	night := 1
	if quarter < nightEndsHour*4 {
		night = 0
	}
	left, total := 1.0, 0.0
	for k := range 4 {
		stays := staysOnLaterMornings
		if k == 0 {
			stays = staysOnFirstMorning
		} else if k == 3 {
			stays = 0
		}
		day := (weekday + night + k) % 7
		for q := range 96 {
			if d := (night+k)*96 + q - quarter; d >= 1 && d <= maxQuarters {
				w := left * (1 - stays) * s.morningShare(day, q)
				p[d] += w
				total += w
			}
		}
		left *= stays
	}
	for d := range p {
		p[d] /= total
	}
	return p
}

// fillDurations mixes, for every quarter of arrival, stays within the day and
// stays until a morning, in the share that gives the table's mean connection.
func (s *Sampler) fillDurations() {
	var short [maxQuarters + 1]float64
	conn := &s.tables.Connection
	whole := conn.above(0) - conn.above(longestShortStayH)
	meanShort := 0.0
	for d := 1; d <= maxQuarters; d++ {
		from, to := math.Min(float64(d-1)/4, longestShortStayH), math.Min(float64(d)/4, longestShortStayH)
		short[d] = (conn.above(from) - conn.above(to)) / whole
		meanShort += short[d] * float64(d) / 4
	}
	for q := range 96 {
		var nights [7][maxQuarters + 1]float64
		meanNight, weight := 0.0, 0.0
		for day := range 7 {
			nights[day] = s.overnight(day, q)
			w := s.share(day, q)
			weight += w
			for d, p := range nights[day] {
				meanNight += w * p * float64(d) / 4
			}
		}
		meanNight /= weight
		w := (s.tables.MeanConnection[q/2] - meanShort) / (meanNight - meanShort)
		w = min(max(w, 0), 1)
		for day := range 7 {
			sum := 0.0
			for d := 1; d <= maxQuarters; d++ {
				sum += w*nights[day][d] + (1-w)*short[d]
				s.duration[day*96+q][d-1] = sum
			}
			s.duration[day*96+q][maxQuarters-1] = 1
		}
	}
}

// fillPlugged computes how likely a car is to be plugged in already at each
// quarter of the week. Drawing arrivals of an unplugged car with the chance
// arrivals/(1 - plugged) then gives exactly the table's arrivals on average,
// although no session starts during another.
func (s *Sampler) fillPlugged() {
	total := 0.0
	for day := range 7 {
		for q := range 96 {
			s.arrivals[day*96+q] = s.share(day, q)
			total += s.share(day, q)
		}
	}
	for i := range s.arrivals {
		s.arrivals[i] /= total
	}
	worst := 0.0
	for i := range s.plugged {
		for k := 1; k < maxQuarters; k++ {
			a := (i - k + 2*series.QuartersPerWeek) % series.QuartersPerWeek
			s.plugged[i] += s.arrivals[a] * (1 - s.duration[a][k-1])
		}
		worst = max(worst, s.plugged[i]+s.arrivals[i])
	}
	s.maxRate = 0.95 / worst
}

// start is the chance of a home, and its share of the mean, in sessions and in driving: mean
// 1 and the stated spread, as the x of a uniform point in a disc (no tails that could not fit
// in a week).
func (s *Sampler) start(seed uint64, home int) (c *chances, share float64) {
	c = newChances(seed, 0x9e3779b97f4a7c15*uint64(home+1))
	half := min(2*rateSpread, s.maxRate/s.sessionsPerWeek-1)
	return c, 1 + half*math.Sqrt(c.Float64())*math.Cos(2*math.Pi*c.Float64())
}

// AskedKWh is what a home's car needs from its sessions in the year: as much as they have,
// where that fits.
func (s *Sampler) AskedKWh(seed uint64, home int) float64 {
	_, share := s.start(seed, home)
	return s.driving.YearKWh * share
}

// Home draws the year of home number `home` under a seed: the same whatever the
// number of homes or the order in which they are drawn. What the sessions cannot
// bring of the energy driven is missing from them.
func (s *Sampler) Home(axis *series.Axis, seed uint64, home int) []Session {
	c, share := s.start(seed, home)
	var out []drawn
	if s.plugsAlways(seed, home) {
		out = s.always(axis, c.Rand)
	} else {
		out = s.whenNeeded(axis, c, s.sessionsPerWeek*share)
	}
	return s.drive(out, s.driving.YearKWh*share)
}

// drawn is a session whose energy is known as a rank among the sessions that
// arrive then.
type drawn struct {
	Session
	rank  float64 // 0 to 1
	scale float64 // mean energy of its hour of arrival, of the mean of all
}

// whenNeeded draws a year of sessions at a rate a week.
func (s *Sampler) whenNeeded(axis *series.Axis, c *chances, rate float64) (out []drawn) {
	var below [series.QuartersPerWeek]uint64 // chance to arrive, while the car is away
	for k := range below {
		below[k] = least(rate * s.arrivals[k] / (1 - rate*s.plugged[k]))
	}
	out = make([]drawn, 0, 64+axis.Len()*int(math.Ceil(rate))/series.QuartersPerWeek)
	first := axis.Clock[0].QuarterOfWeek()
	// A week before the year lets the first day find cars plugged in.
	for i := -series.QuartersPerWeek; i < axis.Len(); i++ {
		k := first + i + series.QuartersPerWeek
		if i >= 0 {
			k = axis.Clock[i].QuarterOfWeek()
		} else if k >= series.QuartersPerWeek {
			k -= series.QuartersPerWeek
		}
		if c.bits() >= below[k] {
			continue
		}
		u := c.Float64()
		d := 1 + sort.SearchFloat64s(s.duration[k][:], u)
		if rank := s.rank(c.Rand, u); i >= 0 {
			out = append(out, s.draw(i, min(i+d, axis.Len()), k%96, rank))
		}
		i += d - 1
	}
	return out
}

func (s *Sampler) draw(arrive, depart, quarter int, rank float64) drawn {
	return drawn{Session{Arrive: arrive, Depart: depart}, rank, s.tables.MeanEnergyKWh[quarter/2] / s.meanKWh}
}

// rank draws the rank of a session's energy, given the rank u of its connection
// time among those arrivals.
func (s *Sampler) rank(r *rand.Rand, u float64) float64 {
	return normalCDF(energyRankCorrelation*normalQuantile(u) + math.Sqrt(1-energyRankCorrelation*energyRankCorrelation)*r.NormFloat64())
}

func normalCDF(z float64) float64 { return math.Erfc(-z/math.Sqrt2) / 2 }

func normalQuantile(u float64) float64 {
	return math.Sqrt2 * math.Erfinv(2*min(max(u, 1e-12), 1-1e-12)-1)
}

// always draws a year in which the car leaves once a day and is plugged in when
// it comes back.
func (s *Sampler) always(axis *series.Axis, r *rand.Rand) (out []drawn) {
	dayStart := make([]int, axis.Days()+1) // step of local midnight
	for i := axis.Len() - 1; i >= 0; i-- {
		dayStart[axis.Clock[i].YearDay] = i
	}
	dayStart[axis.Days()] = axis.Len()
	plugged, rank, quarter := 0, 0.0, 0 // step of the last arrival; the year starts plugged in
	for day := range axis.Days() {
		weekday := int(axis.Clock[dayStart[day]].Weekday)
		weekend := 0
		if weekday >= 5 {
			weekend = 1
		}
		leaves := sort.SearchFloat64s(s.morning[weekend][:], r.Float64())
		back := s.backAt(weekday, leaves, r)
		depart := min(dayStart[day]+leaves, axis.Len())
		if depart > plugged {
			out = append(out, s.draw(plugged, depart, quarter, rank))
		}
		plugged = dayStart[day] + back
		quarter, rank = back%96, s.rank(r, r.Float64())
		if plugged >= axis.Len() {
			return out
		}
	}
	return append(out, s.draw(plugged, axis.Len(), quarter, rank))
}
