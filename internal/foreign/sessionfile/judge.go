package sessionfile

import (
	"fmt"
	"strings"
)

// longestDays is how long a session can last; a car stands at home for weeks, but
// one that is never unplugged is one whose end was lost.
const longestDays = 90

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
	files := strings.Join(r.files, ", ")
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
	if mean := f.kwh / float64(f.count); r.opt.Unit == "" && mean > 150 {
		return fmt.Errorf("%s: a session takes %.0f kWh on average, more than cars hold: is the energy in Wh? Say --unit wh", files, mean)
	}
	return nil
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
