package sessionfile

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// longestDays is how long a session can last; a car stands at home for weeks, but
// one that is never unplugged is one whose end was lost.
const longestDays = 90

// mostKWh is more than the battery of a car holds: the largest, of pick-ups, have 200
// kWh, and some energy is lost.
const mostKWh = 250

// problem is why a session cannot be used.
type problem uint8

const (
	none problem = iota
	zeroLength
	backwards
	negative
	tooMuch
	noTime
	noEnergy
	tooLong
	tooLarge
)

func (p problem) String() string {
	return [...]string{
		"",
		"session left out: it has no length",
		"session left out: its departure lies before its arrival",
		"session left out: its energy is negative",
		"session left out: its energy does not fit its time",
		"session left out: a time is missing",
		"session left out: its energy is missing",
		"session left out: it lasts over 90 days, as one without an end would",
		"session left out: its energy is more than a battery holds",
	}[p]
}

// judge finds what is impossible about a session by itself.
func (r *reading) judge(rec *record) problem {
	seconds := rec.depart - rec.arrive
	switch {
	case seconds == 0:
		return zeroLength
	case seconds < 0:
		return backwards
	case rec.kwh < 0 && rec.fedIn == 0:
		return negative
	case seconds > longestDays*86400:
		return tooLong
	case !r.fits(rec.kwh, seconds) || !r.fits(rec.fedIn, seconds):
		return tooMuch
	case rec.kwh > mostKWh || rec.fedIn > mostKWh:
		return tooLarge
	}
	return none
}

// fits tells whether an energy can be taken in a time. Clocks of a minute's
// precision lengthen or shorten by a minute.
func (r *reading) fits(kwh float64, seconds int64) bool {
	return kwh <= r.opt.MaxKW*float64(seconds+60)/3600
}

// judgeAll refuses files whose sessions, taken together, are not what they are read
// as.
func (r *reading) judgeAll(f *found) error {
	files := strings.Join(r.files[:min(len(r.files), worstTold)], ", ")
	if n := len(r.files) - worstTold; n > 0 {
		files += fmt.Sprintf(" and %d other files", n)
	}
	if r.opt.Home == "only" && !r.home {
		return fmt.Errorf("%s has no CDR with home_charging_compensation: true: choose the home chargers with --locations, or leave --home out", files)
	}
	if f.backwards*2 > f.count+f.problems {
		return fmt.Errorf("%s: in %d of %d sessions the departure lies before the arrival: are the two columns swapped? Name them, such as --map arrival=StartTime,departure=EndTime", files, f.backwards, f.count+f.problems)
	}
	if r.rows == 0 {
		return fmt.Errorf("%s: no CDR or Session is in it: an array of them, an answer with them in \"data\", or one a line was expected", files)
	}
	if f.count == 0 {
		r.addNotes(f)
		return fmt.Errorf("%s: none of %d sessions can be used%s", files, r.rows, f.why())
	}
	if why := r.tooMany(f); why != "" && !r.opt.Implausible {
		return fmt.Errorf("%s: %s. If the values are right, say so with --accept-implausible", files, why)
	}
	if mean := f.kwh / float64(f.count); mean < leastMeanKWh && !r.opt.Implausible {
		return fmt.Errorf("%s: a session takes %.3g kWh on average, too little for a car: is the energy in MWh, or another column (--map energy=COLUMN)? If the values are right, say so with --accept-implausible", files, mean)
	}
	if mean := f.kwh / float64(f.count); r.opt.Unit == "" && mean > 150 {
		return fmt.Errorf("%s: a session takes %.0f kWh on average, more than cars hold: is the energy in Wh? Say --unit wh", files, mean)
	}
	return nil
}

const (
	// leastMeanKWh is little for the mean of many sessions: at homes they take 24
	// (ElaadNL open data 2020).
	leastMeanKWh = 0.5
	// mostImpossible is the share of sessions of more power or energy than a home and a
	// car have, above which something is read wrongly, and fewImpossible how many are
	// never refused.
	mostImpossible = 0.05
	fewImpossible  = 5
	worstTold      = 3
	// A home's car plugs in 3.5 times a week, and up to 14 times where it comes and goes;
	// at home it stands for 12 hours on average (ElaadNL open data 2020).
	mostPerWeek        = 14
	leastMeanHours     = 4.0
	leastEveningShare  = 0.25
	mostOverlapsAtHome = 0.1
)

// tooMany says which sessions no home and car have, where they are many.
func (r *reading) tooMany(f *found) string {
	n := f.impossible
	if n <= fewImpossible || float64(n) <= mostImpossible*float64(f.count+n) {
		return ""
	}
	var told []string
	for _, w := range f.worst {
		hours := float64(w.depart-w.arrive) / 3600
		told = append(told, fmt.Sprintf("%s with %.4g kWh in %.3g h (%.4g kW)", r.where(&w), w.kwh, hours, w.kwh/hours))
	}
	return fmt.Sprintf("%d of %d sessions have more power than %g kW, or more energy than %d kWh, such as %s: are they of public fast chargers (--locations or --only choose others, --max-kw sets the limit), is the energy in Wh (--unit wh), or the end not when the car left (--map departure=COLUMN)?",
		n, f.count+n, r.opt.MaxKW, mostKWh, strings.Join(told, ", "))
}

// addWorst keeps the sessions of the most power.
func (f *found) addWorst(rec *record) {
	f.impossible++
	power := func(w record) float64 { return w.kwh / float64(w.depart-w.arrive) }
	f.worst = append(f.worst, *rec)
	slices.SortStableFunc(f.worst, func(a, b record) int { return cmp.Compare(power(b), power(a)) })
	f.worst = f.worst[:min(len(f.worst), worstTold)]
}

// notHomes says that sessions are not of homes: of public points, whose users are many.
func (r *reading) notHomes(f *found) {
	if f.lanes > 0 {
		r.note("%d sessions overlap another of the same %s by more than %d minutes: they are of several cars, kept apart as %d users more", r.overlapping, r.userWord(), r.slack()/60, f.lanes)
	}
	n := float64(f.count)
	var signs []string
	score := 0
	sign := func(is bool, weight int, format string, args ...any) {
		if is {
			score += weight
			signs = append(signs, fmt.Sprintf(format, args...))
		}
	}
	who := "no column names users"
	if r.someUsers {
		who = "some rows name no user"
	}
	sign(r.placeUsers != "", 1, "%s, and charge points (%s) were taken for them", who, r.placeUsers)
	sign(float64(r.overlapping) > mostOverlapsAtHome*n, 2, "%d of %d sessions overlap", r.overlapping, f.count)
	if len(f.perWeek) > 0 {
		median := f.perWeek[len(f.perWeek)/2]
		sign(median > mostPerWeek, 2, "half of the users have over %.3g sessions a week", median)
	}
	sign(f.hours < leastMeanHours*n, 1, "they last %.2g h on average, and at homes 12", f.hours/n)
	sign(float64(f.evening) < leastEveningShare*n, 1, "only %.2g %% arrive between 16:00 and 22:00", 100*float64(f.evening)/n)
	if score >= 3 {
		r.note("these do not look like sessions at homes, but like those of public points: %s. A study takes each user for a home", strings.Join(signs, "; "))
	} else if r.placeUsers != "" {
		r.note("%s: each is taken for a home with one car", signs[0])
	}
}

func (r *reading) userWord() string {
	if r.placeUsers != "" {
		return "charge point"
	}
	return "user"
}

// why says what became of sessions of which none is left.
func (f *found) why() string {
	var parts []string
	for _, m := range f.rep.Mends {
		what := m.What
		if what == tooMuch.String() {
			what += " (in Wh? Say --unit wh)"
		}
		parts = append(parts, fmt.Sprintf("%d x %s: %s", m.Count, what, m.Where[0]))
	}
	parts = append(parts, f.rep.Notes...)
	if len(parts) == 0 {
		return ""
	}
	return ": " + strings.Join(parts, ", ")
}
