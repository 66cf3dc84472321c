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
	// daysAcross are the columns, named by days, that make rows times of day.
	daysAcross = 2
)

// headings is a table in which days are no cells of its rows: they stand in rows of
// their own with the times of day below, or name the columns, or have a row each
// whose columns are the hours.
type headings struct {
	kind headingKind
	top  int // of Records, the row with the names of the columns; -1: none
}

type headingKind string

// The kinds, in the words of the report.
const (
	daysBetween headingKind = "days in rows of their own"
	daysAbove   headingKind = "a column for each day"
	hoursAbove  headingKind = "a row for each day and a column for each hour"
)

// longForm turns a table with days as headings into one with a row per time.
func (r *reading) longForm(s *table.File) error {
	h, ok := headingsIn(s.Records)
	if !ok || r.kind == dataset.Load && !h.ofLoad(s.Records) {
		return nil
	}
	var all [][]string
	var places []int
	t := s.Table()
	for {
		t.CSV.LazyQuotes = true
		rec, err := t.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		if len(all)*max(len(rec), 1) > mostValues {
			return fmt.Errorf("%s has over %d million values: split the file", s.Name, mostValues/1_000_000)
		}
		all, places = append(all, slices.Clone(rec)), append(places, t.Line)
	}
	for _, rec := range all {
		for i := range rec {
			rec[i] = strings.Clone(rec[i])
		}
	}
	rows, at := h.rows(all, places)
	if r.kind == dataset.Load {
		rows[0][1] = "value"
		if m := energyUnits.FindStringSubmatch(strings.ToLower(strings.Join(all[max(h.top, 0)], " ") + " " + s.Name)); m != nil {
			rows[0][1] += " (" + m[1] + ")"
		}
	}
	r.note("%s has %s: read as a row for each time", s.Name, h.kind)
	return s.Replace(rows, at)
}

// ofLoad tells that the columns are hours of a day: numbers alone may be those of homes.
func (h headings) ofLoad(records [][]string) bool {
	return h.kind == hoursAbove && slices.ContainsFunc(records[h.top][1:], func(c string) bool {
		return isHour(c) && strings.ContainsAny(c, ":hHuU")
	})
}

// headingsIn tells whether days are headings, by the first rows.
func headingsIn(records [][]string) (headings, bool) {
	under, top := 0, -1
	for i, rec := range records {
		days, hours, filled := 0, 0, 0
		for _, cell := range rec[min(1, len(rec)):] {
			if cell != "" {
				filled++
			}
			if isDay(cell) {
				days++
			} else if _, ok := hourOf(cell); ok {
				hours++
			}
		}
		next := func(is func(string) bool) bool {
			return i+1 < len(records) && len(records[i+1]) > 0 && is(records[i+1][0])
		}
		switch {
		case days >= daysAcross && days >= filled-1 && next(isHour):
			return headings{daysAbove, i}, true
		case hours >= hoursAcross && hours >= filled-2 && next(isDay):
			return headings{hoursAbove, i}, true
		}
		if _, ok := dayAlone(rec); ok {
			if under == 0 {
				top = i - 1
			}
			if next(isClock) {
				under++
			}
		}
	}
	return headings{daysBetween, top}, under > 0
}

var dayCell = regexp.MustCompile(`^(?:\pL+[.,]? )?(\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{4})(?: 00:00(?::00)?)?(?: \(\pL+\))?$`)

func isDay(cell string) bool { return dayCell.MatchString(cell) }

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
func (h headings) rows(all [][]string, places []int) (rows [][]string, at []int) {
	var above []string                                         // what stands above, in words
	for _, rec := range all[:min(len(all), max(h.top, 0)+4)] { // and the first rows: their unit
		above = append(above, rec...)
	}
	said := strings.Join(above, " ")
	rows = [][]string{{timeName(said), "price" + unitIn(said)}}
	at = []int{places[max(h.top, 0)]}
	add := func(place int, day, start string, cells ...string) {
		day = dayCell.FindStringSubmatch(day)[1]
		rows = append(rows, append([]string{day + " " + start}, cells...))
		at = append(at, place)
	}
	switch {
	case h.kind == daysBetween:
		h.underDays(all, places, &rows, add)
	case h.kind == daysAbove:
		names := all[h.top]
		one := slices.ContainsFunc(all[h.top+1:], func(rec []string) bool { return len(rec) > 0 && strings.HasPrefix(rec[0], "24") })
		for c, day := range names {
			for i, rec := range all[h.top+1:] {
				if isDay(day) && c < len(rec) && isHour(rec[0]) && rec[c] != "" {
					add(places[h.top+1+i], day, startOf(rec[0], one), rec[c])
				}
			}
		}
	default:
		names := all[h.top]
		one := slices.ContainsFunc(names, func(n string) bool { t, ok := hourOf(n); return ok && (t == "24" || t == "25") })
		for i, rec := range all[h.top+1:] {
			for c := 1; c < min(len(rec), len(names)); c++ {
				if isHour(names[c]) && isDay(rec[0]) && rec[c] != "" {
					add(places[h.top+1+i], rec[0], startOf(names[c], one), rec[c])
				}
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
