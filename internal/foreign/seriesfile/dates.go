package seriesfile

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/getij/getij/internal/foreign/clock"
	"github.com/getij/getij/internal/foreign/table"
)

// clockStart is the begin of a time of day such as 00:15 - 00:30.
func clockStart(text string) string {
	for _, until := range []string{"-", "–", " tot ", " t/m ", " to ", " bis "} {
		if start, _, ok := strings.Cut(text, until); ok {
			return strings.TrimSpace(start)
		}
	}
	return text
}

// timesOfDay finds the column of the time of day, where the times have none: a clock,
// the begin of an interval, or the number of a part of the day.
func (l *layout) timesOfDay(s *table.File) {
	if l.ymd == nil && strings.Contains(s.First(l.time), ":") && !isMidnight(s, l.time) || l.unix || l.serial && strings.ContainsAny(s.First(l.time), ".,") {
		return
	}
	for c := range l.header {
		if c != l.time && !slices.Contains(l.ymd, c) && clock.IsTimeOfDay(clockStart(s.First(c))) {
			l.clock = c
			return
		}
	}
	for c, h := range l.header {
		if clockNames.MatchString(strings.ToLower(h)) && c != l.time && allBelow(s, c, packedClock.MatchString) && !allBelow(s, c, isHour) {
			l.clock, l.packed = c, true
			return
		}
	}
	for c := range l.header {
		if c != l.time && allBelow(s, c, isHourSpan) {
			l.clock = c
			l.countParts(s)
			return
		}
	}
	for c, h := range l.header {
		h = strings.ToLower(strings.TrimSpace(h))
		if (clockNames.MatchString(h) || slices.Contains(hourNames, h)) && c != l.time && allBelow(s, c, spokenClock.MatchString) && !allBelow(s, c, packedClock.MatchString) {
			l.clock, l.packed = c, true
			return
		}
	}
	for _, is := range []func(string) bool{
		func(h string) bool { return slices.Contains(hourNames, h) },
		quarterNames.MatchString, // of the hour, where there is a column of hours
	} {
		for c, h := range l.header {
			if c != l.time && is(strings.ToLower(strings.TrimSpace(h))) {
				l.clock = c
				l.countParts(s)
				return
			}
		}
	}
}

// isHourSpan tells an hour by its begin and end, such as 00-01 or 23-24.
func isHourSpan(cell string) bool {
	m := spanCell.FindStringSubmatch(cell)
	if m == nil {
		return false
	}
	from, err1 := strconv.Atoi(m[1])
	to, err2 := strconv.Atoi(m[2])
	return err1 == nil && err2 == nil && (to == from+1 || from == 23 && to == 0)
}

// isMidnight tells a column of days that are written with a clock at midnight.
func isMidnight(s *table.File, c int) bool {
	return allBelow(s, c, func(cell string) bool { return midnight.MatchString(cell) })
}

var midnight = regexp.MustCompile(`[ T]0?0:00(:00)?$`)

// text is the time of a row, as written.
func (l *layout) text(rec []string) string {
	switch {
	case l.time < 0:
		return ""
	case l.parts > 0:
		_, seconds, err := l.partOf(rec)
		if err != nil {
			return l.day(rec) + " part " + rec[l.clock]
		}
		return fmt.Sprintf("%s %02d:%02d", l.day(rec), seconds/3600%24, seconds/60%60)
	case l.clock >= 0 && l.packed && !strings.Contains(rec[l.clock], ":"):
		return l.day(rec) + " " + packedTime(rec[l.clock])
	case l.clock >= 0:
		return l.day(rec) + " " + clockStart(rec[l.clock])
	}
	return l.day(rec)
}

// day is the day of a row, or its time where that has a column of its own.
func (l *layout) day(rec []string) string {
	switch {
	case l.ymd == nil && l.clock >= 0 && strings.HasSuffix(rec[l.time], "0:00"):
		return midnight.ReplaceAllString(rec[l.time], "")
	case l.ymd == nil:
		return rec[l.time]
	}
	year, month, day := rec[l.ymd[0]], rec[l.ymd[1]], rec[l.ymd[2]]
	m, err1 := strconv.Atoi(month)
	d, err2 := strconv.Atoi(day)
	if err1 == nil && err2 == nil {
		return fmt.Sprintf("%s-%02d-%02d", year, m, d)
	}
	return day + " " + month + " " + year // a month with a name
}

// dateNames are the columns of year, month and day, where each has its own.
var dateNames = [3]*regexp.Regexp{
	regexp.MustCompile(`^(year|jaar|jahr|yyyy|année|año|yr)$`),
	regexp.MustCompile(`^(month|maand|monat|mm|mo|mois|mes)$`),
	regexp.MustCompile(`^(day|dag|tag|dd|dy|jour|día|dia)$`),
}

// dateColumns takes columns of year, month and day, each of its own, for the day.
func (l *layout) dateColumns(s *table.File) {
	var ymd []int
	for _, names := range dateNames {
		c := slices.IndexFunc(l.header, func(h string) bool { return names.MatchString(strings.ToLower(strings.TrimSpace(h))) })
		if c < 0 || s.First(c) == "" {
			return
		}
		ymd = append(ymd, c)
	}
	l.ymd, l.time = ymd, ymd[0]
	first := make([]string, len(l.header))
	for c := range first {
		first[c] = s.First(c)
	}
	if _, _, err := (&clock.Reader{}).Read(l.day(first)); err != nil {
		l.ymd, l.time = nil, -1
	}
}
