package seriesfile

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/getij/getij/internal/dataset"
	"github.com/getij/getij/internal/foreign/clock"
	"github.com/getij/getij/internal/foreign/table"
)

// layout is where the times of a table stand.
type layout struct {
	header []string
	time   int // column of the time, or of the date
	clock  int // column of the time of day, -1 when it stands with the date
	zone   clock.Zone
	end    bool // the time is the end of what the value covers
	ranges bool // the time is "start - end"
	order  clock.Order
	unix   bool  // the time is in seconds or milliseconds since 1970
	serial bool  // the time is in days since 1900, as in Excel
	packed bool  // the day is 20240131, the time of day perhaps 1805
	also   []int // columns that tell rows of one home at one time apart
	ymd    []int // columns of year, month and day, where each has its own; time is the first
	// parts are those that a day has, where the time of day is the number of one, from 0
	// or fromOne; minute is a column of minutes beside hours, or of parts of minutes each.
	parts                        int
	fromOne                      bool
	minute, minutes, minutesFrom int
	// swapped is a column that is named for times but holds numbers, beside one of
	// times that is named for something else.
	swapped string
}

var (
	startWords = regexp.MustCompile(`start|begin|\bvan\b|from|mtu`)
	endWords   = regexp.MustCompile(`end|eind|\btot\b|validto|\bto\b|until|update|created|gewijzigd`)
	timeNames  = regexp.MustCompile(`^(utc_start|local_start|start|time|datetime|timestamp|datum|date|tijd|tijdstip)($|_|\b)`)
)

// layoutOf finds the times of a table.
func (r *reading) layoutOf(s *table.File) (layout, error) {
	l := layout{header: s.Header(), time: -1, clock: -1}
	if r.opt.Start != "" {
		timed := *r
		timed.opt.Start = ""
		if own, err := timed.layoutOf(s); err == nil {
			return l, fmt.Errorf("%s has times of its own (column %q): a start is for rows without times", s.Name, table.Redact(l.header[own.time]))
		}
		return l, nil
	}
	if name := r.opt.Map[mapTime]; name != "" {
		return r.namedTime(s, l, name)
	}
	header := l.header
	best := lastResort
	for c := range header {
		cell := s.First(c)
		if cell == "" {
			continue
		}
		start, _, isRange := clock.CutRange(cell)
		order := r.orderIn(s, c)
		_, offset, err := (&clock.Reader{Order: order}).Read(start)
		if err != nil {
			continue
		}
		h := strings.ToLower(header[c])
		rank := 3
		switch {
		case clock.ZoneIn(h) == clock.UTC:
			rank = 5
		case endWords.MatchString(h) && !startWords.MatchString(h):
			rank = 1
		case startWords.MatchString(h) || offset:
			rank = 4
		}
		ends := rank == 1
		if constant(s, c) && (strings.Contains(cell, ":") || !hasClock(s)) {
			rank += lastResort // such as the day of the export
		}
		if rank > best {
			best = rank
			l.time, l.ranges, l.end = c, isRange, ends
			l.zone, l.order = clock.ZoneIn(h), order
		}
	}
	if l.time < 0 {
		l.unixTime(s)
	}
	if l.time < 0 {
		l.numberedDays(s)
	}
	if l.time < 0 {
		l.dateColumns(s)
	}
	if l.time < 0 {
		return l, noTimes(s)
	}
	l.timesOfDay(s)
	if h := strings.ToLower(header[l.time]); h != "" && !timeNames.MatchString(h) && !startWords.MatchString(h) && !endWords.MatchString(h) {
		for c, other := range header {
			if _, err := table.Number(s.First(c), s.MayComma()); c != l.time && err == nil && s.First(c) != "" && timeNames.MatchString(strings.ToLower(other)) {
				l.swapped = other
			}
		}
	}
	if l.zone = cmp.Or(r.zone, l.zone); l.zone == clock.Unsaid {
		l.zone = clock.Local
	}
	return l, nil
}

// lastResort is the rank of a column of times that is taken where there is no other.
const lastResort = -10

// hasClock tells that some column holds times of day: a day may then be the same in
// all rows.
func hasClock(s *table.File) bool {
	for c := range s.Header() {
		if clock.IsTimeOfDay(clockStart(s.First(c))) {
			return true
		}
	}
	return false
}

// constant tells that the first rows of a column all hold the same.
func constant(s *table.File, c int) bool {
	n := 0
	for _, rec := range s.Below() {
		if c < len(rec) && rec[c] != s.First(c) {
			return false
		}
		n++
	}
	return n > 1
}

// unixTime takes a column of seconds or milliseconds since 1970 for the time, where
// there is no other.
func (l *layout) unixTime(s *table.File) {
	for c := range l.header {
		if _, _, err := (&clock.Reader{Moments: true}).Read(s.First(c)); err == nil && len(s.Below()) > 1 && epochs(s, c) {
			l.time, l.zone, l.unix = c, clock.UTC, true
			return
		}
	}
}

// isTime tells whether a column is one of times or of days.
func (l *layout) isTime(s *table.File, c int) bool {
	if c == l.time || c == l.clock || slices.Contains(l.ymd, c) || l.minutes > 0 && c == l.minute {
		return true
	}
	cell := s.First(c)
	start, _, _ := clock.CutRange(cell)
	_, _, err := (&clock.Reader{Order: l.order}).Read(start)
	return err == nil || clock.IsTimeOfDay(clockStart(cell))
}

// numeric are the columns that hold numbers, other than times and row numbers
// without a name.
func (l *layout) numeric(s *table.File) []int {
	var cols []int
	for c, h := range l.header {
		if h == "" || l.isTime(s, c) {
			continue
		}
		cell := s.First(c)
		if cell == "" {
			cols = append(cols, c) // all empty so far
			continue
		}
		if epochs(s, c) {
			continue
		}
		// A column that names energy counts, so that text in it is an error.
		cell, _ = table.CutUnit(table.CutMoney(cell))
		if _, err := table.Number(cell, s.MayComma()); err == nil || energyUnitIn(h) != "" {
			cols = append(cols, c)
		}
	}
	return cols
}

// epochs tells a column of Unix time, in seconds or in milliseconds, whole or not:
// every number lies between 2000 and 2100, and none is as another.
func epochs(s *table.File, c int) bool {
	last, n := 0.0, 0
	for _, rec := range s.Below() {
		if c >= len(rec) || rec[c] == "" {
			continue
		}
		v, err := strconv.ParseFloat(strings.Replace(rec[c], ",", ".", 1), 64)
		for range 3 { // in thousandths, millionths or billionths of a second
			if v > 1e11 {
				v /= 1000
			}
		}
		if err != nil || v < 946684800 || v > 4102444800 || v == last {
			return false
		}
		last = v
		n++
	}
	return n > 0
}

// column finds the column that the user names.
func (r *reading) column(s *table.File) (int, error) {
	if c := s.Column(r.opt.Column); c >= 0 {
		if epochs(s, c) {
			return 0, fmt.Errorf("%s has Unix time in column %q: a column of values was expected", s.Name, table.Redact(r.opt.Column))
		}
		return c, nil
	}
	return 0, fmt.Errorf("%s has no column %q: its columns are %s", s.Name, r.opt.Column, table.List(s.Header()))
}

// rowsOf reads the rows below the header; see body.
func (r *reading) rowsOf(s *table.File, l layout, cols []int, id int, keep func(*table.Table, []string) (bool, error)) ([]*rows, error) {
	t := s.Table()
	if err := t.SkipHeader(); err != nil {
		return nil, err
	}
	return r.body(t, l, cols, id, keep)
}

// body reads the rows of a table: the values of some columns; of all homes
// together, or by the home in column id when that is not -1. keep, when given,
// says which rows count.
func (r *reading) body(t *table.Table, l layout, cols []int, id int, keep func(*table.Table, []string) (bool, error)) ([]*rows, error) {
	var parts []*rows
	byID := map[string]int{}
	var key []byte
	for _, c := range cols {
		if timeNames.MatchString(strings.ToLower(l.header[c])) && r.opt.Column == "" && l.time >= 0 {
			l.swapped = l.header[c]
		}
	}
	if l.swapped != "" {
		return nil, fmt.Errorf("%s has numbers in column %q and times in column %q: are the names swapped?", t.Name, table.Redact(l.swapped), table.Redact(l.header[l.time]))
	}
	names := r.fieldNames(l, cols)
	values := make([]float64, len(cols))
	total, bytes := 0, 0 // bytes of the first rows
	reader := clock.Reader{Order: l.order, Moments: l.unix, Serial: l.serial, Packed: l.packed}
	aside := newAsides(r, t, l, cols)
	var header []string
	for _, c := range cols {
		header = append(header, l.header[c])
	}
	thousand := newThousands(r, t, names, header)
	for {
		rec, err := t.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
		if left, err := aside.leaves(rec); err != nil {
			return nil, err
		} else if left {
			continue
		}
		r.rowsIn++
		if len(parts) == 0 || len(parts[0].at) < measuredRows {
			for _, cell := range rec {
				bytes += len(cell) + 1
			}
		}
		if keep != nil {
			ok, err := keep(t, rec)
			if err != nil {
				return nil, err
			}
			if !ok {
				continue
			}
		}
		at, step, number, wall, err := r.timeOf(t, &reader, l, rec)
		if err != nil {
			return nil, err
		}
		for i, c := range cols {
			text, err := r.cutUnit(t, names[i], rec[c])
			if err != nil {
				return nil, err
			}
			if values[i], err = t.Number(names[i], text); err != nil {
				return nil, err
			}
		}
		part := 0
		if id >= 0 || l.also != nil {
			key = key[:0]
			for _, c := range append([]int{id}, l.also...) {
				if c >= 0 {
					key = append(key, rec[c]...)
				}
				key = append(key, 0)
			}
			var ok bool
			if part, ok = byID[string(key)]; !ok {
				if part = len(byID); part == dataset.MostHomes {
					return nil, fmt.Errorf("%s has over %d homes, the most that a study takes: import some of them", t.Name, dataset.MostHomes)
				}
				byID[string(key)] = part
			}
		}
		if part == len(parts) {
			p := newRows(t.Name, len(cols))
			if id >= 0 {
				p.ids = []string{strings.Clone(rec[id])}
			}
			for _, c := range l.also {
				p.sub = append(p.sub, strings.Clone(rec[c]))
			}
			if len(parts) > 0 && !l.ranges {
				p.follow(parts[0], t.Line)
			}
			parts = append(parts, p)
		}
		if total += len(cols); total > r.room() {
			return nil, tooMany(r.kind, t.Name, r.total)
		}
		p := parts[part]
		for i, c := range cols {
			if math.IsNaN(values[i]) {
				continue
			}
			if err := thousand.see(i, rec[c], place{int32(part), int32(len(p.values[0]))}); err != nil {
				return nil, err
			}
		}
		aside.count(rec, values)
		if err := p.read(at, t.Line, wall, l.parts > 0, number, values); err != nil {
			return nil, err
		}
		p.lastText = l.text(rec)
		if len(p.values[0]) == 1 {
			p.firstText = strings.Clone(p.lastText)
		}
		if len(p.at) == measuredRows && len(parts) == 1 && id < 0 && l.also == nil {
			p.reserve(r.path, bytes)
		}
		if step > 0 && len(p.step) == len(p.at)-1 {
			p.step = append(p.step, step)
		}
	}
	if len(parts) == 0 {
		return nil, fmt.Errorf("%s has a header but no rows of values", t.Name)
	}
	if err := thousand.settle(r, parts); err != nil {
		return nil, err
	}
	lead := parts[0].times()
	for i, p := range parts {
		if p.lead != nil && p.likeFirst(parts[0], lead) {
			continue
		}
		if p.lead != nil {
			p.lead = lead
			p.leave()
		}
		if len(p.step) != len(p.at) {
			p.step = nil
		}
		p.dayEnds = reader.DayEnds
		if p.at[0] > p.at[len(p.at)-1] {
			p.firstText, p.lastText = p.lastText, p.firstText
		}
		p.countedOn(r, l)
		if err := p.sort(r); err != nil {
			return nil, err
		}
		p.settle(r, l.zone)
		p.onTheGrid(r)
		if l.end {
			if err := p.shiftEnds(r); err != nil {
				return nil, err
			}
		}
		if i > 0 {
			p.shareWith(parts[i-1])
		}
	}
	return parts, nil
}

// cutUnit takes the unit of energy off a cell such as 0,25 kWh: a file has one.
func (r *reading) cutUnit(t *table.Table, name, cell string) (string, error) {
	if r.kind == dataset.Prices {
		return table.CutMoney(cell), nil
	}
	if r.kind != dataset.Load || cell == "" || cell[len(cell)-1] != 'h' && cell[len(cell)-1] != 'H' {
		return cell, nil
	}
	text, unit := table.CutUnit(cell)
	if unit != "" && r.cellUnit != "" && unit != r.cellUnit {
		return "", t.RowError(name, cell, fmt.Sprintf("the rows above are in %s: one unit was expected", r.cellUnit))
	}
	if unit != "" {
		r.cellUnit = unit
	}
	return text, nil
}

// fieldNames are the names of columns in errors: homes are numbered.
func (r *reading) fieldNames(l layout, cols []int) []string {
	names := make([]string, len(cols))
	for i, c := range cols {
		names[i] = table.Redact(l.header[c])
		if len(cols) > 2 {
			names[i] = fmt.Sprintf("column %d", c+1)
		}
	}
	return names
}

// timeOf reads the time of a row: wall tells that it has no offset, step is how
// many seconds it covers, 0 when the row does not say, and part the number of its part
// of the day, where the row has one.
func (r *reading) timeOf(t *table.Table, reader *clock.Reader, l layout, rec []string) (at int64, step, part int32, wall bool, err error) {
	if l.time < 0 {
		at, wall = r.counted()
		return at, int32(r.step / time.Second), 0, wall, nil
	}
	if l.parts > 0 {
		n, seconds, err := l.partOf(rec)
		if err != nil {
			return 0, 0, 0, false, t.RowError(l.header[l.clock], rec[l.clock], l.wantParts())
		}
		day, offset, err := reader.Read(l.day(rec))
		if err != nil {
			return 0, 0, 0, false, t.RowError(l.header[l.time], l.day(rec), err.Error())
		}
		return day + seconds, 0, int32(n), !offset, nil
	}
	text := l.text(rec)
	start, end := text, ""
	if l.ranges {
		start, end, _ = clock.CutRange(text)
	}
	at, offset, err := reader.Read(start)
	if err != nil {
		return 0, 0, 0, false, t.RowError(l.header[l.time], text, err.Error())
	}
	if end != "" {
		if to, o, err := reader.Read(end); err == nil {
			step = stepOf(l.zone, at, offset, to, o)
		}
	}
	return at, step, 0, !offset, nil
}

// stepOf is how many seconds lie between start and end of an interval: a quarter, half
// or whole hour, or 0 when none fits. Where the clock jumps, wall-clock times have two
// meanings, or one of the two says its offset.
func stepOf(zone clock.Zone, from int64, fromOffset bool, to int64, toOffset bool) int32 {
	meanings := func(at int64, offset bool) []int64 {
		if offset {
			return []int64{at}
		}
		first, second, _ := zone.Instants(at)
		return []int64{first, second}
	}
	if d := to - from; fromOffset == toOffset && (d == 900 || d == 1800 || d == 3600) {
		return int32(d)
	}
	for _, a := range meanings(from, fromOffset) {
		for _, b := range meanings(to, toOffset) {
			if d := b - a; d == 900 || d == 1800 || d == 3600 {
				return int32(d)
			}
		}
	}
	return 0
}
