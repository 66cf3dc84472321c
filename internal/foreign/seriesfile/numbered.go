package seriesfile

import (
	"cmp"
	"regexp"
	"strconv"
	"strings"

	"github.com/getij/getij/internal/foreign/clock"
	"github.com/getij/getij/internal/foreign/table"
)

var (
	packedDay   = regexp.MustCompile(`^(19|20)\d{2}(0[1-9]|1[0-2])([0-2]\d|3[01])$`)
	packedClock = regexp.MustCompile(`^([01]?\d|2[0-4])?[0-5]?\d$`)
	// spokenClock is a time of day such as 18.05, 18u05 or 18u.
	spokenClock = regexp.MustCompile(`(?i)^([01]?\d|2[0-4])(?:[.uh]([0-5]\d)|[uh])?(?: ?uur| ?uhr)?$`)
	clockNames  = regexp.MustCompile(`^(tijd|tijdstip|time|zeit|start ?tijd|start ?time)$`)
)

// numberedDays takes a column of days that are numbers, where there is no other time:
// 20240131, or the days since 1900 that Excel counts.
func (l *layout) numberedDays(s *table.File) {
	for c := range l.header {
		switch {
		case allBelow(s, c, packedDay.MatchString):
			l.time, l.packed = c, true
			return
		case serials(s, c):
			l.time, l.serial = c, true
			return
		}
	}
}

// allBelow tells that the first cells of a column, two or more, are of a kind.
func allBelow(s *table.File, c int, is func(string) bool) bool {
	n := 0
	for _, rec := range s.Below() {
		if c >= len(rec) || rec[c] == "" {
			continue
		}
		if !is(rec[c]) {
			return false
		}
		n++
	}
	return n > 1
}

// serials tells a column of Excel's days: from 2000 to 2100, rising by quarter-hours to
// a day, on the minute.
func serials(s *table.File, c int) bool {
	last, first, ups := 0.0, 0.0, 0
	ok := allBelow(s, c, func(cell string) bool {
		v, err := strconv.ParseFloat(strings.Replace(cell, ",", ".", 1), 64)
		if err != nil || v < 36526 || v > 73051 {
			return false
		}
		sec, _, err := (&clock.Reader{Serial: true}).Read(cell)
		if err != nil || sec%300 != 0 {
			return false
		}
		if last > 0 && (v < last || v-last > 1.01) {
			return false
		}
		if v > last && last > 0 {
			ups++
		}
		if last == 0 {
			first = v
		}
		last = v
		return true
	})
	return ok && ups > 0 && last > first
}

// packedTime writes a time of day such as 30, 815, 1805, 18.05 or 18u05 with its colon.
func packedTime(text string) string {
	if m := spokenClock.FindStringSubmatch(text); m != nil && strings.ContainsAny(text, ".uhUH") {
		return m[1] + ":" + cmp.Or(m[2], "00")
	}
	if !packedClock.MatchString(text) {
		return text
	}
	text = strings.Repeat("0", max(0, 4-len(text))) + text
	return text[:2] + ":" + text[2:]
}
