package sessionfile

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/getij/getij/internal/series"
)

// zone is how times without an offset are read.
type zone int

const (
	local  zone = iota // Europe/Amsterdam wall clock
	utc                //
	winter             // fixed UTC+1
)

func zoneNamed(name string) zone {
	return map[string]zone{"utc": utc, "utc+1": winter}[name]
}

func (z zone) String() string {
	return [...]string{"Europe/Amsterdam wall clock", "UTC", "fixed UTC+1"}[z]
}

// clockTime is a time as a file has it.
type clockTime struct {
	sec    int64 // since 1970: of the instant, or of the wall clock as if in UTC
	offset bool  // sec is of the instant
}

// timeReader reads times of one column: it keeps the layout that fitted last.
type timeReader struct {
	order  string // dmy, mdy or empty: not known
	layout string
}

var (
	withOffset = []string{
		"2006-01-02T15:04:05Z07:00", "2006-01-02 15:04:05Z07:00", "2006-01-02T15:04Z07:00", "2006-01-02 15:04Z07:00",
		"2006-01-02T15:04:05Z0700", "2006-01-02 15:04:05 Z07:00", "2006-01-02 15:04:05 Z0700", "2006-01-02 15:04:05Z07",
		"2006-01-02 15:04:05 UTC", "Mon, 02 Jan 2006 15:04:05 GMT",
	}
	withoutOffset = []string{
		"2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02T15:04", "2006-01-02 15:04", "2006/1/2 15:04:05", "2006/1/2 15:04",
	}
	// With D and M for the two orders of day and month.
	inEitherOrder = []string{
		"D-M-2006 15:04:05", "D-M-2006 15:04", "D/M/2006 15:04:05", "D/M/2006 15:04", "D.M.2006 15:04:05", "D.M.2006 15:04",
		"D/M/2006 3:04:05 PM", "D/M/2006 3:04 PM", "D-M-2006 3:04:05 PM", "D-M-2006 3:04 PM", "D/M/06 15:04", "D-M-06 15:04", "D.M.06 15:04",
	}
	layoutsOf = map[string][]string{"dmy": ordered("2", "1"), "mdy": ordered("1", "2")}
)

func ordered(first, second string) (out []string) {
	for _, l := range inEitherOrder {
		out = append(out, strings.Replace(strings.Replace(l, "D", first, 1), "M", second, 1))
	}
	return out
}

var (
	errNoTime   = errors.New("a time such as 2024-01-31T18:05:00, 2024-01-31 18:05 or 31-01-2024 18:05 was expected (are the columns swapped?)")
	errFarYears = errors.New("a time between 1990 and 2100 was expected")
)

// read reads a time; ok is false for an empty cell.
func (t *timeReader) read(text string) (c clockTime, ok bool, err error) {
	text = strings.TrimSpace(text)
	switch strings.ToLower(text) {
	case "", "na", "nan", "null", "none", "-", "nat":
		return c, false, nil
	}
	if sec, ok := epoch(text); ok {
		return clockTime{sec, true}, true, bounded(sec)
	}
	if t.layout != "" {
		if v, err := time.Parse(t.layout, text); err == nil {
			return clockTime{v.Unix(), hasOffset(t.layout)}, true, bounded(v.Unix())
		}
	}
	for _, list := range [][]string{withOffset, withoutOffset, layoutsOf[t.order]} {
		for _, l := range list {
			if v, err := time.Parse(l, text); err == nil {
				t.layout = l
				return clockTime{v.Unix(), hasOffset(l)}, true, bounded(v.Unix())
			}
		}
	}
	if t.order == "mdy" {
		return c, false, errors.New("a time such as 01/31/2024 18:05, month before day, was expected")
	}
	return c, false, errNoTime
}

func hasOffset(layout string) bool {
	return strings.Contains(layout, "Z0") || strings.HasSuffix(layout, "UTC") || strings.HasSuffix(layout, "GMT")
}

// epoch reads seconds or milliseconds since 1970.
func epoch(text string) (int64, bool) {
	if len(text) != 10 && len(text) != 13 {
		return 0, false
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 {
		return 0, false
	}
	if len(text) == 13 {
		n /= 1000
	}
	return n, true
}

func bounded(sec int64) error {
	if y := time.Unix(sec, 0).UTC().Year(); y < 1990 || y > 2100 {
		return errFarYears
	}
	return nil
}

// orderIn finds the order of day and month from some cells: dmy, mdy, or empty
// when none has the year last. Both fits is an error: a person must say.
func orderIn(cells []string) (string, error) {
	dmy, mdy, seen := true, true, false
	var slashed string
	for _, c := range cells {
		c = strings.TrimSpace(c)
		parts := strings.FieldsFunc(c, func(r rune) bool { return r == '/' || r == '-' || r == '.' || r == ' ' || r == 'T' })
		if len(parts) < 3 || len(parts[0]) > 2 || len(parts[1]) > 2 {
			continue
		}
		a, err1 := strconv.Atoi(parts[0])
		b, err2 := strconv.Atoi(parts[1])
		if err1 != nil || err2 != nil {
			continue
		}
		seen = true
		dmy, mdy = dmy && b <= 12, mdy && a <= 12
		if strings.Contains(c, "/") {
			slashed = c
		}
	}
	switch {
	case !seen:
		return "", nil
	case !dmy && !mdy:
		return "", errors.New("some of its times have the day before the month and others after it: one order was expected")
	case !mdy:
		return "dmy", nil
	case !dmy:
		return "mdy", nil
	case slashed != "":
		return "", fmt.Errorf("its times, such as %s, can be read with the day or the month first: say --date-order dmy or mdy", slashed)
	}
	return "dmy", nil // dashes and dots are European
}

// instants turns a session's times into instants. Of the hour that autumn repeats
// the first is taken, for a departure the first after the arrival; a time in the
// hour that spring skips is taken an hour later, and counted.
func (z zone) instants(arrive, depart clockTime) (a, d int64, skipped, doubled bool) {
	a, skipA, twiceA := z.instant(arrive, 0)
	d, skipD, twiceD := z.instant(depart, a)
	return a, d, skipA || skipD, twiceA || twiceD
}

func (z zone) instant(c clockTime, after int64) (unix int64, skipped, doubled bool) {
	switch {
	case c.offset || z == utc:
		return c.sec, false, false
	case z == winter:
		return c.sec - 3600, false, false
	}
	summer, standard := offsetIs(c.sec-7200, 7200), offsetIs(c.sec-3600, 3600)
	switch {
	case summer && standard && after > c.sec-7200:
		return c.sec - 3600, false, true
	case summer && standard:
		return c.sec - 7200, false, true
	case summer:
		return c.sec - 7200, false, false
	case standard:
		return c.sec - 3600, false, false
	}
	return c.sec - 3600, true, false // 02:30 becomes 03:30 summer time
}

func offsetIs(unix int64, offset int) bool {
	_, o := time.Unix(unix, 0).In(series.Amsterdam()).Zone()
	return o == offset
}
