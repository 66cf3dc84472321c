package seriesfile

import (
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/getij/getij/internal/dataset"
	"github.com/getij/getij/internal/foreign/clock"
	"github.com/getij/getij/internal/foreign/table"
)

const (
	// hoursAcross are the columns, named by hours, that make rows days.
	hoursAcross = 20
	// daysAcross are the columns, named by days, that make rows times of day, and
	// timesAcross those, named by times, that make rows series.
	daysAcross  = 2
	timesAcross = 4
	// mostAbove is how far down columns may be named.
	mostAbove = 20
	// mostLabels are the columns beside those of parts of the day, or of times.
	mostLabels = 12
	// mostTurned bounds the cells of a table that is turned, which is held in memory.
	mostTurned = 2_000_000
)

// headings is a table in which days or times are no cells of its rows: they stand in rows
// of their own with the times of day below, or name the columns.
type headings struct {
	kind  headingKind
	top   int // of Records, the row with the names of the columns; -1: none
	day   int // the column of days, where parts of them are columns
	parts partNames
}

type headingKind string

// The kinds, in the words of the report.
const (
	daysBetween headingKind = "days in rows of their own"
	daysAbove   headingKind = "a column for each day"
	partsAbove  headingKind = "a row for each day and a column for each part of it"
	timesAbove  headingKind = "a row for each series and a column for each time"
)

// longForm turns a table with days or times as headings into one with a row per time.
func (r *reading) longForm(s *table.File) error {
	h, ok := headingsIn(s.Records)
	if !ok {
		return nil
	}
	r.note("%s has %s: read as a row for each time", s.Name, h.kind)
	if h.kind == partsAbove {
		return r.partsBelow(s, h)
	}
	all, places, err := allRows(s)
	if err != nil {
		return err
	}
	var rows [][]string
	var at []int
	if h.kind == timesAbove {
		rows, at, err = r.turned(s, h, all, places)
	} else {
		rows, at = h.rows(all, places, r.valueName(s, all[max(h.top, 0)]))
	}
	if err != nil {
		return err
	}
	return s.Replace(rows, at)
}

// allRows are the rows of a table, and their places.
func allRows(s *table.File) (all [][]string, places []int, err error) {
	t, cells := s.Table(), 0
	t.CSV.LazyQuotes = true
	for {
		rec, err := t.Next()
		if err == io.EOF {
			return all, places, nil
		}
		if err != nil {
			return nil, nil, err
		}
		if cells += len(rec); cells > mostTurned {
			return nil, nil, fmt.Errorf("%s has over %d million cells under headings of days or times: split the file", s.Name, mostTurned/1_000_000)
		}
		row := slices.Clone(rec)
		for i := range row {
			row[i] = strings.Clone(row[i])
		}
		all, places = append(all, row), append(places, t.Line)
	}
}

// valueName is the name of the column of values that a table gets: with their unit, where
// the rows above them tell it.
func (r *reading) valueName(s *table.File, above []string) string {
	said := strings.Join(above, " ")
	if r.kind == dataset.Prices {
		return "price" + unitIn(said)
	}
	if m := energyUnits.FindStringSubmatch(strings.ToLower(said + " " + s.Name)); m != nil {
		return "value (" + m[1] + ")"
	}
	return "value"
}

// headingsIn tells whether days or times are headings, by the first rows.
func headingsIn(records [][]string) (headings, bool) {
	under, top := 0, -1
	for i, rec := range records {
		days, times, filled := 0, 0, 0
		for _, cell := range rec[min(1, len(rec)):] {
			switch {
			case cell == "":
				continue
			case isDay(cell):
				days++
			case isMoment(cell):
				times++
			}
			filled++
		}
		if i+1 < len(records) && len(records[i+1]) > 0 {
			next := records[i+1]
			if days >= daysAcross && days >= filled-1 && isHour(next[0]) {
				return headings{kind: daysAbove, top: i}, true
			}
			if i < mostAbove && times >= timesAcross && times >= filled-mostLabels && !isMoment(rec[0]) && !isMoment(next[0]) && !slices.ContainsFunc(next, isMoment) {
				return headings{kind: timesAbove, top: i}, true
			}
			if i < mostAbove {
				if p, ok := partsAcross(rec); ok && filled-len(p.cols) <= mostLabels {
					if day := dayBeside(rec, next, p.cols); day >= 0 {
						return headings{kind: partsAbove, top: i, day: day, parts: p}, true
					}
				}
			}
			if _, ok := dayAlone(rec); ok {
				if under == 0 {
					top = i - 1
				}
				if isClock(next[0]) {
					under++
				}
			}
		}
	}
	return headings{kind: daysBetween, top: top}, under > 0
}

// dayBeside is the column that holds a day, beside those of its parts, or -1: where a time
// of day stands there too, the columns are homes.
func dayBeside(names, rec []string, parts []int) int {
	day := -1
	for c, cell := range rec {
		name := ""
		if c < len(names) {
			name = strings.ToLower(strings.TrimSpace(names[c]))
		}
		switch {
		case slices.Contains(parts, c):
		case isClock(cell), slices.Contains(hourNames, name), quarterNames.MatchString(name), clockNames.MatchString(name) && !isDay(cell):
			return -1
		case day < 0 && isDay(cell):
			day = c
		}
	}
	return day
}

// isMoment tells a day with a time of day.
func isMoment(cell string) bool {
	if len(cell) < len("1-1-24 0:00") || !strings.Contains(cell, ":") {
		return false
	}
	_, _, err := (&clock.Reader{}).Read(cell)
	return err == nil
}

var dayCell = regexp.MustCompile(`^(?:\pL+[.,]? )?(\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{4})(?: 00:00(?::00)?)?(?: \(\pL+\))?$`)

func isDay(cell string) bool {
	if dayCell.MatchString(cell) || packedDay.MatchString(cell) {
		return true
	}
	if strings.Contains(cell, ":") || len(strings.FieldsFunc(cell, func(r rune) bool { return strings.ContainsRune("-/. ", r) })) < 3 {
		return false
	}
	_, _, err := (&clock.Reader{}).Read(cell)
	return err == nil
}

func isHour(cell string) bool { _, ok := hourOf(cell); return ok }

// isClock tells a time of day, or a span of them.
func isClock(cell string) bool { return clockCell.MatchString(cell) }

var (
	clockCell = regexp.MustCompile(`^(\d{1,2}:\d{2})(?::\d{2})?( \((?:CET|CEST)\))?(?: ?[-–] ?\d{1,2}:\d{2}(?::\d{2})?(?: \((?:CET|CEST)\))?)?$`)
	hourCell  = regexp.MustCompile(`(?i)^(?:h|hour|uur|hr|stunde|he)?[ _]?(\d{1,2})([ab])?$`)
)

// hourOf reads the name of an hour: a time of day, or a number with or without a word.
func hourOf(cell string) (text string, ok bool) {
	if m := clockCell.FindStringSubmatch(cell); m != nil {
		return m[1] + m[2], true
	}
	if m := hourCell.FindStringSubmatch(cell); m != nil {
		if n, err := strconv.Atoi(m[1]); err == nil && n <= 25 {
			return m[1], true
		}
	}
	return "", false
}

// startOf writes an hour as the time at which it starts: numbers from 1 on are those of
// hours, from 0 on their starts.
func startOf(cell string, fromOne bool) string {
	text, _ := hourOf(cell)
	if strings.Contains(text, ":") {
		return text
	}
	n, _ := strconv.Atoi(text)
	if fromOne {
		n--
	}
	return fmt.Sprintf("%02d:00", n)
}

// dayAlone is the day of a row that holds nothing else.
func dayAlone(rec []string) (day string, ok bool) {
	for _, cell := range rec {
		switch {
		case cell == "":
		case isDay(cell) && day == "":
			day = cell
		default:
			return "", false
		}
	}
	return day, day != ""
}

// rows are the table in long form, its header first, and their places in the file.
func (h headings) rows(all [][]string, places []int, value string) (rows [][]string, at []int) {
	var above []string                                         // what stands above, in words
	for _, rec := range all[:min(len(all), max(h.top, 0)+4)] { // and the first rows: their zone
		above = append(above, rec...)
	}
	rows = [][]string{{timeName(strings.Join(above, " ")), value}}
	at = []int{places[max(h.top, 0)]}
	add := func(place int, day, start string, cells ...string) {
		if m := dayCell.FindStringSubmatch(day); m != nil {
			day = m[1]
		}
		rows = append(rows, append([]string{day + " " + start}, cells...))
		at = append(at, place)
	}
	if h.kind == daysBetween {
		h.underDays(all, places, &rows, add)
		return rows, at
	}
	names := all[h.top]
	one := slices.ContainsFunc(all[h.top+1:], func(rec []string) bool { return len(rec) > 0 && strings.HasPrefix(rec[0], "24") })
	for c, day := range names {
		for i, rec := range all[h.top+1:] {
			if isDay(day) && c < len(rec) && isHour(rec[0]) && rec[c] != "" {
				add(places[h.top+1+i], day, startOf(rec[0], one), rec[c])
			}
		}
	}
	return rows, at
}

// underDays takes the rows below each day.
func (h headings) underDays(all [][]string, places []int, rows *[][]string, add func(place int, day, start string, cells ...string)) {
	width := 0
	for _, rec := range all {
		width = max(width, len(rec))
	}
	if h.top >= 0 {
		names := slices.Clone(all[h.top])
		for len(names) < width {
			names = append(names, "")
		}
		if len(names) > 1 && names[1] != "" {
			names[0] = (*rows)[0][0]
			(*rows)[0] = names
		}
	}
	day := ""
	for i, rec := range all {
		if d, ok := dayAlone(rec); ok {
			day = d
			continue
		}
		if day == "" || len(rec) == 0 || !isClock(rec[0]) {
			continue
		}
		cells := rec[1:]
		for len(cells) < len((*rows)[0])-1 {
			cells = append(cells, "")
		}
		add(places[i], day, startOf(rec[0], false), cells[:len((*rows)[0])-1]...)
	}
}

// timeName names a column of times with the zone that a text tells.
func timeName(said string) string {
	switch {
	case strings.Contains(said, "CEST"):
		return "time (CET/CEST)"
	case clock.ZoneIn(said) == clock.UTC:
		return "time (UTC)"
	}
	return "time"
}

// unitIn is the unit of prices that a text tells, or empty.
func unitIn(said string) string {
	said = strings.ReplaceAll(strings.ToLower(said), " / ", "/")
	if m := otherMoney.FindString(said); m != "" {
		return " " + strings.TrimSpace(m)
	}
	for _, u := range priceUnits {
		if u.re.MatchString(said) {
			return " " + u.unit
		}
	}
	return ""
}
