// Package clock reads the times of files of others.
//
// What enters: the text of a cell, the name of its column, and what a person says
// of zone and order of day and month. What leaves: seconds since 1970, of the
// instant where the text has an offset, else of the wall clock as if that were UTC;
// and, by [Zone.Instants] or [Clock], the instants that a wall clock means.
//
// Europe/Amsterdam skips an hour in spring and repeats one in autumn: what becomes
// of times in them is for the caller, who knows the rows before, and is to be
// counted. Nothing here guesses: a text in no known layout is an error that says
// what was expected.
package clock

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/getij/getij/internal/series"
)

// Zone is how times without an offset are read.
type Zone int

// The zones.
const (
	Unsaid Zone = iota
	Local       // Europe/Amsterdam wall clock
	UTC
	Winter // fixed UTC+1
	// WinterOrLocal is fixed UTC+1, or wall clock when the times skip the hour
	// that spring skips; see [Zone.Settled].
	WinterOrLocal
)

// ZoneNamed is the zone of a word that people use: local, utc, utc+1, or nothing.
func ZoneNamed(name string) (Zone, error) {
	switch strings.ToLower(name) {
	case "":
		return Unsaid, nil
	case "local":
		return Local, nil
	case "utc":
		return UTC, nil
	case "utc+1":
		return Winter, nil
	}
	return 0, fmt.Errorf("zone %q is not known: local, utc or utc+1 was expected", name)
}

func (z Zone) String() string {
	return [...]string{"unsaid", "Europe/Amsterdam wall clock", "UTC", "fixed UTC+1", "fixed UTC+1 or wall clock"}[z]
}

// ZoneIn is the zone that the name of a column tells.
func ZoneIn(header string) Zone {
	h := strings.ToLower(header)
	switch {
	case strings.Contains(h, "cet/cest"), strings.Contains(h, "local"), strings.Contains(h, "lokaal"), strings.HasSuffix(h, "_nl"), strings.Contains(h, "amsterdam"):
		return Local
	case strings.Contains(h, "utc+1"), strings.Contains(h, "utc_plus_1"), strings.Contains(h, "utc+01"):
		return Winter
	case strings.Contains(h, "utc"), strings.Contains(h, "gmt"):
		return UTC
	}
	return Unsaid
}

// Instants are the instants that a wall clock shows a time at: one, given twice; the
// two of the hour that autumn repeats; or none, not ok, in the hour that spring skips.
func (z Zone) Instants(wall int64) (first, second int64, ok bool) {
	switch z {
	case UTC:
		return wall, wall, true
	case Winter:
		return wall - 3600, wall - 3600, true
	}
	summer, standard := hasOffset(wall-7200, 7200), hasOffset(wall-3600, 3600)
	switch {
	case summer && standard:
		return wall - 7200, wall - 3600, true
	case summer:
		return wall - 7200, wall - 7200, true
	}
	return wall - 3600, wall - 3600, standard
}

func hasOffset(unix int64, offset int) bool {
	_, o := time.Unix(unix, 0).In(series.Amsterdam()).Zone()
	return o == offset
}

// Settled decides WinterOrLocal by wall-clock times in order.
func (z Zone) Settled(wall []int64) Zone {
	if z != WinterOrLocal {
		return z
	}
	for i, w := range wall {
		if i > 0 && w-wall[i-1] == 3600+900 && skips(w-3600) && skips(w-900) {
			return Local
		}
	}
	return Winter
}

func skips(wall int64) bool {
	_, _, ok := Local.Instants(wall)
	return !ok
}

// Clock turns wall-clock times, in the order of a file, into instants.
type Clock struct {
	zone Zone
	last int64         // the instant before; 0 for none
	seen map[int64]int // how often the doubled hour of autumn came, by day
}

// New returns a clock of a settled zone.
func New(z Zone) *Clock { return &Clock{zone: z, seen: map[int64]int{}} }

// Instant is the instant of a wall-clock time; ok is false in the hour that the
// clock skips in spring. Of the hour that comes twice in autumn the first comes
// first.
func (c *Clock) Instant(wall int64) (unix int64, ok bool) {
	unix, second, ok := c.zone.Instants(wall)
	if !ok {
		return 0, false
	}
	if unix != second {
		day := wall / 86400
		if c.last >= unix && c.last <= second {
			unix, c.seen[day] = second, 2
		} else {
			c.seen[day] = max(c.seen[day], 1)
		}
	}
	c.last = unix
	return unix, true
}

// Saw tells of a time in the file that says its offset.
func (c *Clock) Saw(unix int64) { c.last = unix }

// Once lists the days of which the file holds the doubled hour only once.
func (c *Clock) Once() []string {
	var days []string
	for day, n := range c.seen {
		if n == 1 {
			days = append(days, time.Unix(day*86400, 0).UTC().Format(time.DateOnly))
		}
	}
	slices.Sort(days)
	return days
}

// Stamp writes an instant for a report.
func Stamp(unix int64) string { return time.Unix(unix, 0).UTC().Format("2006-01-02T15:04Z") }

// Known is an error for an instant that no file of ours is of.
func Known(unix int64) error {
	if y := time.Unix(unix, 0).UTC().Year(); y < 1990 || y > 2100 {
		return errors.New("a time between 1990 and 2100 was expected")
	}
	return nil
}

var timeOfDay = regexp.MustCompile(`(?i)^\d{1,2}:\d{2}(:\d{2})?( ?[ap]\.?m\.?)?$`)

var clockIn = regexp.MustCompile(`(?i)(?:^|[ T:])([01]?\d|2[0-4]):([0-5]\d)(?::\d{2})?(?: ?([ap])\.?m)?`)

// TimeOfDay is the time that a clock shows in a text, in seconds since midnight;
// an hour of 24 is 0. It is -1 when there is none.
func TimeOfDay(text string) int64 {
	m := clockIn.FindStringSubmatch(text)
	if m == nil {
		return -1
	}
	h, _ := strconv.ParseInt(m[1], 10, 64)
	min, _ := strconv.ParseInt(m[2], 10, 64)
	if m[3] != "" {
		h %= 12
		if strings.EqualFold(m[3], "p") {
			h += 12
		}
	}
	return h%24*3600 + min*60
}

// IsTimeOfDay tells a time without its day.
func IsTimeOfDay(text string) bool { return timeOfDay.MatchString(text) }

var inWords = regexp.MustCompile(`(?i)^(?:(\d{1,5}) ?(?:h|hrs?|hours?|u|uur|uren|std)\.?)?(?:,? ?(\d{1,6}) ?(?:m|mins?|minutes?|minuten|minuut)\.?)?(?:,? ?(\d{1,7}) ?(?:s|secs?|seconds?|seconden)\.?)?$`)

// Duration reads h:mm, h:mm:ss, or 7h 30m and the like, in seconds.
func Duration(text string) (seconds float64, err error) {
	if m := inWords.FindStringSubmatch(text); m != nil && text != "" {
		for i, unit := range []float64{3600, 60, 1} {
			n, _ := strconv.ParseFloat("0"+m[i+1], 64)
			seconds += unit * n
		}
		return seconds, nil
	}
	unit := 3600.0
	for i, p := range strings.Split(text, ":") {
		v, err := strconv.ParseFloat(p, 64)
		if err != nil || !(v >= 0) || i > 2 || i > 0 && v >= 60 || v > 1e5 {
			return 0, errors.New("a duration such as 7:30 or 7:30:00 was expected")
		}
		seconds += v * unit
		unit /= 60
	}
	return seconds, nil
}
