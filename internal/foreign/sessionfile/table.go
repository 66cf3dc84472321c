package sessionfile

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"regexp"
	"slices"
	"strings"

	"github.com/getij/getij/internal/foreign/clock"
	"github.com/getij/getij/internal/foreign/table"
	"github.com/getij/getij/internal/userfile"
)

// sessionTable is a table of sessions and what its columns are.
type sessionTable struct {
	*table.Table
	at    map[string]int // column by field
	only  map[int]string // value by column
	wh    bool           // energy is in Wh
	sized bool           // its size says so, and nothing else
	few   []string       // rows of energies that as Wh are hardly any, the first of them
	small int            // how many
	place int            // column of charge points, -1 for none
	zone  clock.Zone
	times [2]clock.Reader // arrival and departure
	// sameDay: departures are times of day, of the day of the arrival or the next.
	sameDay bool
	serial  bool // times are days since 1900, as Excel counts them
	// meter is the column of readings at the begin, where that of energy has those at
	// the end; -1 otherwise.
	meter int
	// points: in the first rows points stand before decimals.
	points bool
	// thousands counts energies in Wh whose points stand before thousands.
	thousands int
}

// readTable reads a row per session and returns what was recognised.
func (r *reading) readTable(ctx context.Context, f *table.File) (title string, err error) {
	if f.IsJSON() {
		if _, err := f.FlattenJSON(); err != nil {
			return "", err
		}
	}
	t := &sessionTable{Table: f.Table()}
	if len(t.Records) == 0 {
		return "", fmt.Errorf("%s has no columns separated by commas, semicolons or tabs: a table with a row per session was expected", t.Name)
	}
	if err := t.FindHeader(func() error { return r.findColumns(t) }); err != nil {
		return "", err
	}
	if err := t.SkipHeader(); err != nil {
		return "", err
	}
	title = "table of sessions"
	if strings.Contains(string(f.Head), "Start_plugin") {
		title = "Trondheim charging reports"
	}
	r.columns.Add("%s", t.said(len(r.opt.Locations) > 0))
	if err := r.settleTimes(ctx, t); err != nil {
		return "", err
	}
	if err := r.settleUnit(t); err != nil {
		return "", err
	}
	t.points = slices.ContainsFunc(t.Below(), func(row []string) bool {
		return t.at["energy"] < len(row) && decimalPoint.MatchString(row[t.at["energy"]])
	})
	if len(r.opt.Locations) > 0 && !has(t.at, "location") {
		return "", fmt.Errorf("%s has no column that is recognised as the place: name it with --map location=COLUMN (its columns are %s)", f.Name, table.List(t.Header()))
	}
	if at, ok := t.at["user"]; ok && at == t.place {
		r.placeUsers = table.Redact(t.Header()[at])
	}
	other, away, users, nameless, sessions, naive := 0, 0, 0, 0, 0, false
	header := t.Header()
	for {
		row, err := t.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return "", err
		}
		if !slices.ContainsFunc(row, func(cell string) bool { return cell != "" }) {
			continue // an empty row
		}
		if slices.Equal(row, header) {
			r.rep.Mend("header inside the file left out", fmt.Sprintf("%s, row %d", f.Name, t.Line))
			continue
		}
		if when := row[t.at["arrival"]]; table.IsTotal(row) && (table.Missing(when) || table.IsTotal([]string{when})) {
			r.rep.Mend("row of totals left out", fmt.Sprintf("%s, row %d", f.Name, t.Line))
			continue
		}
		if err := r.tick(ctx, f); err != nil {
			return "", err
		}
		if !t.wanted(row) {
			other++
			continue
		}
		if at, ok := t.at["location"]; ok && !r.isPlace(row[at]) {
			away++
			continue
		}
		rec := record{row: uint32(t.Line), file: uint16(len(r.files) - 1)}
		wall, err := t.setTimes(r, &rec, row)
		if err != nil {
			return "", err
		}
		naive = naive || wall
		if err := t.setEnergy(&rec, row); err != nil {
			return "", err
		}
		user := ""
		if at, ok := t.at["user"]; ok {
			users++
			if user = row[at]; table.Missing(user) && t.place >= 0 && t.place != at && row[t.place] != "" {
				user = "place " + row[t.place]
				nameless++
			}
			if user == "" && r.opt.Users != "file" {
				return "", t.RowError(t.Header()[at], "", "a user was expected: any text that is the same for the sessions of one car")
			}
		}
		sessions++
		if err := r.add(user, rec); err != nil {
			return "", err
		}
	}
	if err := t.isMixed(sessions); err != nil {
		return "", err
	}
	if t.thousands > 0 {
		r.note("energies of %s whose points stand before three digits, read as thousands: %d", f.Name, t.thousands)
	}
	if naive {
		r.note("times of %s without an offset are read as %s", f.Name, t.zone)
	}
	if nameless > 0 {
		r.note("sessions of %s without a user, taken for those of their charge point (%s): %d", f.Name, table.Redact(t.Header()[t.place]), nameless)
		r.placeUsers, r.someUsers = table.Redact(t.Header()[t.place]), nameless < users
	}
	if other > 0 {
		r.note("left out of %s, as they are not %s: %d rows", f.Name, pairs(r.opt.Only), other)
	}
	if away > 0 {
		r.note("left out of %s, as they are of other places: %d rows", f.Name, away)
	}
	return title, nil
}

// decimalPoint has a point that is not before thousands.
var decimalPoint = regexp.MustCompile(`^-?(?:0|\d{4,})\.\d+$|^-?\d+\.(?:\d{1,2}|\d{4,})$`)

func has(m map[string]int, key string) bool { _, ok := m[key]; return ok }

func pairs(m map[string]string) string {
	var out []string
	for _, k := range slices.Sorted(maps.Keys(m)) {
		out = append(out, k+"="+m[k])
	}
	return strings.Join(out, ", ")
}

func (t *sessionTable) wanted(row []string) bool {
	for at, value := range t.only {
		if row[at] != value {
			return false
		}
	}
	return true
}

// setTimes reads arrival and departure; wall tells that one had no offset.
func (t *sessionTable) setTimes(r *reading, rec *record, row []string) (wall bool, err error) {
	arrive, ok, err := t.moment(0, "arrival", row)
	if err != nil {
		return false, err
	}
	if !ok {
		rec.problem = noTime
		return false, nil
	}
	depart := arrive
	if has(t.at, "departure") {
		if depart, ok, err = t.moment(1, "departure", row); err != nil {
			return false, err
		} else if !ok {
			rec.problem = noTime
		}
		if t.sameDay && depart.sec < arrive.sec {
			depart.sec += 86400 // after midnight
		}
	}
	a, skipA, twiceA := t.instant(arrive, 0)
	d, skipD, twiceD := t.instant(depart, a)
	if !has(t.at, "departure") {
		seconds, field, err := t.duration(row)
		if err != nil {
			return false, t.RowError(t.Header()[t.at[field]], row[t.at[field]], err.Error())
		}
		if math.IsNaN(seconds) {
			rec.problem = noTime
		} else {
			d = a + int64(math.Round(seconds))
		}
	}
	rec.arrive, rec.depart = a, d
	if rec.problem != none {
		rec.depart = rec.arrive
	} else if skipA || skipD {
		rec.skipped = true
	} else if twiceA || twiceD {
		r.notes.add("sessions with a time in the hour that comes twice in autumn, of which the first was taken")
	}
	return !arrive.offset || !depart.offset, nil
}

// moment is a time as a file has it.
type moment struct {
	sec    int64 // since 1970: of the instant, or of the wall clock as if in UTC
	offset bool  // sec is of the instant
}

// instant is the instant of a moment. Of the hour that autumn repeats the first is
// taken, for a departure the first after the arrival; a time in the hour that spring
// skips is taken an hour later.
func (t *sessionTable) instant(m moment, after int64) (unix int64, skipped, doubled bool) {
	if m.offset {
		return m.sec, false, false
	}
	first, second, ok := t.zone.Instants(m.sec)
	if after > first {
		return second, !ok, first != second
	}
	return first, !ok, first != second
}

// moment reads a time, of which the day may stand in a column of its own; ok is
// false for an empty cell.
func (t *sessionTable) moment(i int, field string, row []string) (m moment, ok bool, err error) {
	at := t.at[field]
	text := row[at]
	if day, apart := t.at[field+"_date"]; apart && text != "" {
		date, _, _ := strings.Cut(row[day], " ")
		text = date + " " + text
	} else if t.sameDay && field == "departure" && text != "" {
		date, _, _ := strings.Cut(row[t.at["arrival_date"]], " ")
		text = date + " " + text
	}
	if table.Missing(text) {
		return m, false, nil
	}
	if m.sec, m.offset, err = t.times[i].Read(text); err != nil {
		return m, false, t.RowError(t.Header()[at], text, err.Error())
	}
	return m, true, nil
}

type durationUnit struct {
	field   string
	seconds float64
}

// durationSeconds is the length of the units that a column of durations can have.
var durationSeconds = []durationUnit{{"duration_hours", 3600}, {"duration_minutes", 60}, {"duration_seconds", 1}}

// duration reads how long a session lasted; NaN for an empty cell. field is the
// column's.
func (t *sessionTable) duration(row []string) (seconds float64, field string, err error) {
	for _, u := range durationSeconds {
		at, ok := t.at[u.field]
		if !ok {
			continue
		}
		text := row[at]
		if strings.ContainsAny(text, ":hmsuHMSU") {
			s, err := clock.Duration(text)
			return s, u.field, err
		}
		v, err := table.Number(text, t.MayComma())
		if err == nil && math.Abs(v*u.seconds) > 10*366*86400 {
			err = errors.New("a duration of less than ten years was expected")
		}
		return v * u.seconds, u.field, err
	}
	return 0, "", errors.New("no duration")
}

// settleTimes tells zone and order of day and month from header and first rows.
func (r *reading) settleTimes(ctx context.Context, t *sessionTable) error {
	t.zone = cmp.Or(r.zone, clock.Local)
	var dates clock.Dates // of arrivals and departures: they have one order
	var columns []int
	for _, field := range []string{"arrival", "departure"} {
		at, ok := t.at[field]
		if !ok {
			continue
		}
		day, apart := t.at[field+"_date"]
		if !apart {
			day = at
		}
		if t.timesOfDay(field) && !apart {
			if field == "arrival" || !has(t.at, "arrival_date") {
				return fmt.Errorf("%s: the column %s holds times without a day: name the column of the day with --map %s_date=COLUMN (the columns are %s)", t.Name, table.Redact(t.Header()[at]), field, table.List(t.Header()))
			}
			t.sameDay = true
			day = t.at["arrival_date"]
		}
		if said := clock.ZoneIn(t.Header()[at]); r.zone == clock.Unsaid && said != clock.Unsaid {
			t.zone = said
		}
		for _, rec := range t.Below() {
			if day < len(rec) {
				dates.See(rec[day])
			}
		}
		t.serial = t.serial || day == at && excelDays(t, at)
		columns = append(columns, day)
	}
	order, said := map[string]clock.Order{"dmy": clock.DayFirst, "mdy": clock.MonthFirst}[r.opt.DateOrder]
	if !said {
		var err error
		order, err = dates.Order()
		if errors.Is(err, clock.ErrEither) && r.path != "" {
			if order, err = r.orderOfAll(ctx, t, columns); err == nil {
				r.note("whether the day or the month comes first in %s is told by a row further down", t.Name)
			}
		}
		if err != nil {
			day := t.at["arrival"]
			if at, apart := t.at["arrival_date"]; apart {
				day = at
			}
			return fmt.Errorf("%s, column %s: %w", t.Name, table.Redact(t.Header()[day]), err)
		}
		if order == clock.MonthFirst {
			r.note("times of %s have the month before the day", t.Name)
		}
	}
	for i := range t.times {
		t.times[i] = clock.Reader{Order: order, Moments: true, Serial: t.serial}
	}
	return nil
}

// orderOfAll is the order of day and month by all rows of the file, which is read once
// more, where the first do not tell it.
func (r *reading) orderOfAll(ctx context.Context, t *sessionTable, columns []int) (order clock.Order, err error) {
	f, err := table.Open(ctx, r.path, userfile.MostStreamed)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	if f.IsJSON() {
		if _, err := f.FlattenJSON(); err != nil {
			return 0, err
		}
	}
	f.Top = t.Top
	rows := f.Table()
	if err := rows.SkipHeader(); err != nil {
		return 0, err
	}
	var dates clock.Dates
	for {
		row, err := rows.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return 0, err
		}
		for _, c := range columns {
			dates.See(row[c])
		}
	}
	return dates.Order()
}
