package seriesfile

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/getij/getij/internal/foreign/clock"
	"github.com/getij/getij/internal/foreign/table"
	"github.com/getij/getij/internal/series"
)

// Parts of a day have numbers: hours 0 to 23 or 1 to 24, half-hours, or quarter-hours such
// as the programme time units (PTE) of the Dutch market, 1 to 96. On the days on which the
// clock jumps they are either counted on, to 92 and 100, or are those of the clock.

// hoursIn, halvesIn and quartersIn are the parts of a day of 24 hours.
const (
	hoursIn    = 24
	halvesIn   = 48
	quartersIn = 96
)

// partsIn are the parts of a day whose numbers go up to most; 0 where none has so many.
func partsIn(most int) int {
	for _, n := range []int{hoursIn, halvesIn, quartersIn} {
		if most <= n+n/hoursIn {
			return n
		}
	}
	return 0
}

var (
	hourNames    = []string{"uur", "hour", "hr", "hh", "uurvak", "uurnummer", "hour of day", "uur van de dag", "stunde", "heure", "hora", "ora", "godzina", "hodina", "hours", "uren", "stunden", "halfuur", "half uur", "half hour", "settlement period"}
	quarterNames = regexp.MustCompile(`^(pte|ptu|isp|qh|kwartier ?(nr|nummer|uur)?|kwart|programma ?tijds?eenheid|quarter( ?hour)?( ?(nr|number))?|viertelstunde)\.?$`)
	minuteNames  = regexp.MustCompile(`^(min|minuut|minuten|minute|minutes)\.?$`)
)

// numbers are the first cells of a column, where they are whole numbers, of which the
// least and the most are given.
func numbers(s *table.File, c int) (least, most int, ok bool) {
	least, most = 1000, -1
	ok = allBelow(s, c, func(cell string) bool {
		n, err := strconv.Atoi(clockStart(cell)) // 00 - 01 is the first hour
		least, most = min(least, n), max(most, n)
		return err == nil
	})
	return least, most, ok
}

// countParts takes the column of the time of day for numbers of the parts of a day.
func (l *layout) countParts(s *table.File) {
	least, most, ok := numbers(s, l.clock)
	l.parts, l.fromOne = hoursIn, false
	if !ok {
		return // the first row that has none will say it
	}
	isQuarter := quarterNames.MatchString(strings.ToLower(strings.TrimSpace(l.header[l.clock])))
	if l.parts = partsIn(most); isQuarter {
		l.parts = quartersIn
	}
	l.fromOne = least > 0 && (isQuarter || most >= l.parts)
	if l.parts != hoursIn {
		return
	}
	for c, h := range l.header {
		name := strings.ToLower(strings.TrimSpace(h))
		if c == l.clock || !minuteNames.MatchString(name) && !quarterNames.MatchString(name) {
			continue
		}
		switch least, most, ok := numbers(s, c); {
		case !ok:
		case minuteNames.MatchString(name) && most < 60:
			l.minute, l.minutes = c, 1
		case quarterNames.MatchString(name) && most <= 4:
			l.minute, l.minutes, l.minutesFrom = c, 15, min(least, 1)
		}
	}
}

// partOf is the number of the part of the day of a row, from 0 on, and the seconds from the
// begin of its day by the clock.
func (l *layout) partOf(rec []string) (n int, seconds int64, err error) {
	if n, err = strconv.Atoi(clockStart(rec[l.clock])); err != nil {
		return 0, 0, err
	}
	if l.fromOne {
		n--
	}
	if n < 0 || n >= l.parts+l.parts/hoursIn {
		return 0, 0, strconv.ErrRange
	}
	seconds = int64(n) * int64(24*3600/l.parts)
	if l.minutes > 0 {
		m, err := strconv.Atoi(rec[l.minute])
		if err != nil || m < l.minutesFrom || m*l.minutes > 60 {
			return 0, 0, strconv.ErrRange
		}
		seconds += int64(m-l.minutesFrom) * int64(l.minutes) * 60
	}
	return n, seconds, nil
}

// wantParts says what numbers were expected.
func (l *layout) wantParts() string {
	first := map[bool]int{true: 1}[l.fromOne]
	return fmt.Sprintf("the number of a part of the day, %d to %d (to %d where the clock goes back), was expected", first, first+l.parts-1, first+l.parts+l.parts/hoursIn-1)
}

// countedOn turns the times of rows into instants where the numbers of the parts of a day
// are counted on over a change of the clock: 23 hours in spring, 25 in autumn.
func (p *rows) countedOn(r *reading, l layout) {
	parts, naive := p.parts, p.naive
	p.parts = nil
	if l.parts == 0 || l.zone != clock.Local || slices.Contains(naive, false) {
		return
	}
	begin := func(i int) int64 { return p.at[i] - int64(parts[i])*int64(24*3600/l.parts) }
	most := map[int64]int32{} // by day
	for i := range p.at {
		day := begin(i) / 86400
		most[day] = max(most[day], parts[i]+1)
	}
	hours := func(day int64) int {
		u := time.Unix(day*86400, 0).UTC()
		from := time.Date(u.Year(), u.Month(), u.Day(), 0, 0, 0, 0, series.Amsterdam())
		return int(from.AddDate(0, 0, 1).Sub(from).Hours())
	}
	on := false
	for day, n := range most {
		long := int32(hours(day) * l.parts / hoursIn)
		on = on || long > int32(l.parts) && n == long || long < int32(l.parts) && n == long
	}
	if !on {
		return
	}
	r.note("the numbers of the parts of a day in %s are counted on where the clock jumps", p.file)
	for i, at := range p.at {
		first, _, _ := clock.Local.Instants(begin(i) - begin(i)%86400)
		p.at[i], naive[i] = first+at-(begin(i)-begin(i)%86400), false
	}
}

var (
	partCell  = regexp.MustCompile(`(?i)^(h|hour|uur|u|hr|stunde|std|he|q|qh|kw|kwartier|pte|ptu|isp|hh|v|value|waarde)?[ _.]?(\d{1,3}) ?(u|uur|h|hr|hours?)?$`)
	spanCell  = regexp.MustCompile(`(?i)^(\d{1,2})(?:u|uur|h)? ?[-–] ?(\d{1,2})(?:u|uur|h)?$`)
	halvesDay = regexp.MustCompile(`(?i)^(?:h|hour|uur|hr|stunde|he)[ _]?(\d{1,2})[ab]$`)
)

// partNames are the columns of a table with a row for each day that are parts of it.
type partNames struct {
	cols  []int
	texts []string // the time of day or the number at which each starts
	clock bool     // they are times of day
}

// partsAcross finds the columns that are named for all parts of a day: times of day, or
// numbers from 0 or 1 on.
func partsAcross(names []string) (p partNames, ok bool) {
	word, n, twice := "", 0, false
	for c, name := range names {
		switch clockText, number := clockCell.FindStringSubmatch(name), partCell.FindStringSubmatch(name); {
		case clockText != nil:
			p.cols, p.texts, p.clock = append(p.cols, c), append(p.texts, clockText[1]+clockText[2]), true
		case halvesDay.MatchString(name): // the hour that comes twice, as 3A and 3B
			p.cols, p.texts, twice = append(p.cols, c), append(p.texts, halvesDay.FindStringSubmatch(name)[1]), true
		case spanCell.MatchString(name):
			m := spanCell.FindStringSubmatch(name)
			p.cols, p.texts, n = append(p.cols, c), append(p.texts, m[1]), n+1
		case number != nil && (n == 0 || word == number[1]+number[3]):
			p.cols, p.texts, word, n = append(p.cols, c), append(p.texts, number[2]), number[1]+number[3], n+1
		}
	}
	if p.clock {
		if n > 0 || twice {
			return p, false
		}
		return p, len(p.cols) >= hoursAcross
	}
	last, first := -1, -1
	for i, text := range p.texts {
		v, err := strconv.Atoi(text)
		if err != nil || i == 0 && v > 1 || i > 0 && v != last+1 && !(twice && v == last) {
			return p, false
		}
		if last = v; i == 0 {
			first = v
		}
	}
	count := last - first + 1
	if twice { // the clock's own hours
		for i := range p.texts {
			v, _ := strconv.Atoi(p.texts[i])
			p.texts[i] = fmt.Sprintf("%02d:00", v-first)
		}
		p.clock = true
		return p, count == hoursIn
	}
	return p, slices.ContainsFunc([]int{hoursIn, halvesIn, quartersIn}, func(n int) bool { return count >= n-n/hoursIn && count <= n+n/hoursIn })
}
