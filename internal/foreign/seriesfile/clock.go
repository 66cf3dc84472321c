package seriesfile

import (
	"errors"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/getij/getij/internal/series"
)

// zone is how times without an offset are read.
type zone int

const (
	unsaid zone = iota
	local       // Europe/Amsterdam wall clock
	utc
	winter // fixed UTC+1
	// winterOrLocal is fixed UTC+1, or wall clock when the times skip the hour
	// that spring skips.
	winterOrLocal
)

func zoneOf(name string) (zone, error) {
	switch strings.ToLower(name) {
	case "":
		return unsaid, nil
	case "local":
		return local, nil
	case "utc":
		return utc, nil
	case "utc+1":
		return winter, nil
	}
	return 0, fmt.Errorf("zone %q is not known: local, utc or utc+1 was expected", name)
}

func (z zone) String() string {
	return [...]string{"unsaid", "Europe/Amsterdam wall clock", "UTC", "fixed UTC+1"}[z]
}

// zoneIn is the zone that the name of a column tells.
func zoneIn(header string) zone {
	h := strings.ToLower(header)
	switch {
	case strings.Contains(h, "cet/cest"), strings.Contains(h, "local"), strings.Contains(h, "lokaal"), strings.HasSuffix(h, "_nl"), strings.Contains(h, "amsterdam"):
		return local
	case strings.Contains(h, "utc+1"), strings.Contains(h, "utc_plus_1"), strings.Contains(h, "utc+01"):
		return winter
	case strings.Contains(h, "utc"), strings.Contains(h, "gmt"):
		return utc
	}
	return unsaid
}

// reader of times: it keeps the layout that fitted last.
type timeReader struct {
	layout string
	offset bool // the layout has an offset
}

var (
	withOffset = []string{
		"2006-01-02T15:04:05Z07:00", "2006-01-02 15:04:05Z07:00", "2006-01-02T15:04Z07:00", "2006-01-02 15:04Z07:00",
		"2006-01-02T15:04:05Z0700", "2006-01-02 15:04:05 Z07:00", "2006-01-02 15:04:05 Z0700", "2006-01-02 15:04:05Z07",
		"2-1-2006 15:04Z07:00", "2-1-2006 15:04:05Z07:00", "2/1/2006 15:04Z07:00", "2/1/2006 15:04:05Z07:00", "2.1.2006 15:04Z07:00", "2.1.2006 15:04:05Z07:00",
	}
	withoutOffset = []string{
		"2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02T15:04", "2006-01-02 15:04",
		"2-1-2006 15:04", "2-1-2006 15:04:05", "2/1/2006 15:04:05", "2/1/2006 15:04", "2.1.2006 15:04", "2.1.2006 15:04:05",
		"2006/1/2 15:04", "2006/1/2 15:04:05", "20060102:1504", "2006-01-02", "2-1-2006", "2/1/2006", "2.1.2006",
	}
	dayEnd = regexp.MustCompile(`^(.*[ T])24(:00(?::00)?)$`)
)

var (
	errNoTime   = errors.New("a time such as 2024-01-01T00:00:00Z or 2024-01-01 00:00 was expected (day before month; are the columns swapped?)")
	errFarYears = errors.New("a time between 1980 and 2200 was expected")
)

// read gives seconds since 1970: of the instant when the time has an offset, as
// if in UTC when it has not.
func (t *timeReader) read(text string) (sec int64, offset bool, err error) {
	text = strings.TrimSpace(text)
	plus := int64(0)
	if m := dayEnd.FindStringSubmatch(text); m != nil {
		text, plus = m[1]+"00"+m[2], 24*3600
	}
	if t.layout != "" {
		if v, err := time.Parse(t.layout, text); err == nil {
			return t.bounded(v, plus)
		}
	}
	for i, list := range [][]string{withOffset, withoutOffset} {
		for _, l := range list {
			if v, err := time.Parse(l, text); err == nil {
				t.layout, t.offset = l, i == 0
				return t.bounded(v, plus)
			}
		}
	}
	return 0, false, errNoTime
}

func (t *timeReader) bounded(v time.Time, plus int64) (int64, bool, error) {
	if v.Year() < 1980 || v.Year() > 2200 {
		return 0, false, errFarYears
	}
	return v.Unix() + plus, t.offset, nil
}

// clock turns wall-clock times, in the order of a file, into instants.
type clock struct {
	zone zone
	loc  *time.Location
	last int64         // the instant before; 0 for none
	seen map[int64]int // how often the doubled hour of autumn came, by day
}

func newClock(z zone) *clock {
	return &clock{zone: z, loc: series.Amsterdam(), seen: map[int64]int{}}
}

// instant is the instant of a wall-clock time; ok is false in the hour that the
// clock skips in spring. Of the hour that comes twice in autumn the first comes
// first.
func (c *clock) instant(wall int64) (unix int64, ok bool) {
	switch c.zone {
	case utc:
		return wall, true
	case winter:
		return wall - 3600, true
	}
	summer, standard := c.hasOffset(wall-7200, 7200), c.hasOffset(wall-3600, 3600)
	switch day := wall / 86400; {
	case summer && standard && c.last >= wall-7200 && c.last <= wall-3600:
		unix, c.seen[day] = wall-3600, 2
	case summer && standard:
		unix, c.seen[day] = wall-7200, max(c.seen[day], 1)
	case summer:
		unix = wall - 7200
	case standard:
		unix = wall - 3600
	default:
		return 0, false
	}
	c.last = unix
	return unix, true
}

func (c *clock) hasOffset(unix int64, offset int) bool {
	_, o := time.Unix(unix, 0).In(c.loc).Zone()
	return o == offset
}

// which settles winterOrLocal for some wall-clock times.
func (z zone) which(wall []int64) zone {
	if z != winterOrLocal {
		return z
	}
	c := newClock(local)
	for i, w := range wall {
		if i > 0 && w-wall[i-1] == 3600+900 && c.skips(w-3600) && c.skips(w-900) {
			return local
		}
	}
	return winter
}

// skips tells whether a wall-clock time is in the hour that spring skips.
func (c *clock) skips(wall int64) bool {
	return !c.hasOffset(wall-7200, 7200) && !c.hasOffset(wall-3600, 3600)
}

// once lists the days of which the file holds the doubled hour only once.
func (c *clock) once() []string {
	var days []string
	for day, n := range c.seen {
		if n == 1 {
			days = append(days, time.Unix(day*86400, 0).UTC().Format("2006-01-02"))
		}
	}
	slices.Sort(days)
	return days
}

// settle turns the times of rows into instants: those that naive marks are wall
// clock. Rows that run backwards are turned round first; rows in the hour that
// the clock skips in spring are dropped and counted.
func (p *rows) settle(r *reading, z zone, naive []bool) {
	if backwards(p.at) {
		slices.Reverse(p.at)
		slices.Reverse(p.line)
		slices.Reverse(p.step)
		slices.Reverse(naive)
		for _, c := range p.values {
			slices.Reverse(c)
		}
		r.note("the rows of %s run backwards in time: read from the end", p.file)
	}
	z = z.which(p.at)
	c, n, said := newClock(z), 0, false
	for i, at := range p.at {
		if naive[i] {
			said = true
			wall := at
			var ok bool
			if at, ok = c.instant(wall); !ok {
				p.skipped = append(p.skipped, wall)
				if p.has(i) {
					r.rep.Mend("row dropped in the hour that the clock skips", r.where(p, i, time.Unix(wall, 0).UTC().Format("2006-01-02 15:04")))
				}
				continue
			}
		} else {
			c.last = at
		}
		p.at[n], p.line[n] = at, p.line[i]
		if p.step != nil {
			p.step[n] = p.step[i]
		}
		for _, v := range p.values {
			v[n] = v[i]
		}
		n++
	}
	p.cut(n)
	if said {
		r.note("times of %s without an offset are read as %s", p.file, z)
	}
	for _, day := range c.once() {
		r.note("the clock goes back on %s, but %s holds the doubled hour once: it is taken as the first of the two", day, p.file)
	}
}

func (p *rows) has(i int) bool {
	return slices.ContainsFunc(p.values, func(c []float64) bool { return !math.IsNaN(c[i]) })
}

func backwards(at []int64) bool {
	for i := 1; i < len(at); i++ {
		if at[i] > at[i-1] {
			return false
		}
	}
	return len(at) > 1 && at[0] != at[len(at)-1]
}
