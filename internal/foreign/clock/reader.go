package clock

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Order is that of day and month in times with the year last.
type Order int

// The orders.
const (
	DayFirst Order = iota
	MonthFirst
	Unknown // no time has the year last: one that has is an error
)

// Reader reads the times of one column. It keeps the layout that fitted last.
type Reader struct {
	Order Order
	// Moments are times of day on a day: a day alone is none, but the seconds or
	// milliseconds since 1970 are. Elsewhere such numbers may be values.
	Moments bool
	// Serial times are days since 1900, as Excel counts them; Packed days are 20240131.
	Serial, Packed bool
	// DayEnds tells that an hour of 24 was read: such times are ends.
	DayEnds bool

	layout string
	offset bool // the layout has one
	loose  bool // words stand around the numbers
}

var (
	withOffset = []string{
		"2006-01-02T15:04:05Z07:00", "2006-01-02 15:04:05Z07:00", "2006-01-02T15:04Z07:00", "2006-01-02 15:04Z07:00",
		"2006-01-02T15:04:05Z0700", "2006-01-02 15:04:05 Z07:00", "2006-01-02 15:04:05 Z0700", "2006-01-02 15:04:05Z07",
		"2006-01-02 15:04:05 UTC", "Mon, 02 Jan 2006 15:04:05 GMT", "2 Jan 2006 15:04:05 Z0700",
	}
	withoutOffset = []string{
		"2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02T15:04", "2006-01-02 15:04",
		"2006/1/2 15:04:05", "2006/1/2 15:04", "20060102:1504", "20060102 15:04", "20060102 1504",
		"2 Jan 2006 15:04:05", "2 Jan 2006 15:04", "2 January 2006 15:04:05", "2 January 2006 15:04", "2 Jan 06 15:04:05", "2 Jan 06 15:04",
		"2006-01-02 3:04:05 PM", "2006-01-02 3:04 PM", "2006/1/2 3:04:05 PM", "2006/1/2 3:04 PM", "2 Jan 2006 3:04:05 PM", "2 Jan 2006 3:04 PM",
		"200601021504", "20060102150405", "20060102T1504", "20060102T150405", "20060102 150405",
	}
	yearFirstDays = []string{"2006-01-02", "2006/1/2", "2 Jan 2006", "2 January 2006", "2 Jan 06"}
	// With D and M for the two orders of day and month.
	yearLastOffset = []string{
		"D-M-2006 15:04:05 Z0700", "D-M-2006 15:04 Z0700", "D/M/2006 15:04:05 Z0700", "D/M/2006 15:04 Z0700", "D-M-2006 15:04:05 Z07:00", "D-M-2006 15:04 Z07:00",
		"D-M-2006T15:04:05Z07:00", "D-M-2006 15:04Z07:00", "D-M-2006 15:04:05Z07:00", "D/M/2006 15:04Z07:00", "D/M/2006 15:04:05Z07:00", "D.M.2006 15:04Z07:00", "D.M.2006 15:04:05Z07:00",
	}
	yearLast = []string{
		"D-M-2006 15:04:05", "D-M-2006 15:04", "D/M/2006 15:04:05", "D/M/2006 15:04", "D.M.2006 15:04:05", "D.M.2006 15:04",
		"D/M/2006 3:04:05 PM", "D/M/2006 3:04 PM", "D-M-2006 3:04:05 PM", "D-M-2006 3:04 PM", "D/M/06 15:04", "D-M-06 15:04", "D.M.06 15:04",
	}
	yearLastDays = []string{"D-M-2006", "D/M/2006", "D.M.2006"}

	dayEnd = regexp.MustCompile(`^(.*[ T])24(:00(?::00)?)$`)
)

// layouts are those that are tried, in order, and whether they have an offset.
type layouts []struct {
	list   []string
	offset bool
	days   bool
}

var layoutsOf = map[Order]layouts{
	DayFirst: ordered("2", "1"), MonthFirst: ordered("1", "2"),
	Unknown: {{withOffset, true, false}, {withoutOffset, false, false}, {yearFirstDays, false, true}},
}

func ordered(first, second string) layouts {
	in := func(list []string) (out []string) {
		for _, l := range list {
			out = append(out, strings.Replace(strings.Replace(l, "D", first, 1), "M", second, 1))
		}
		return out
	}
	return layouts{
		{withOffset, true, false},
		{in(yearLastOffset), true, false},
		{withoutOffset, false, false},
		{in(yearLast), false, false},
		{yearFirstDays, false, true},
		{in(yearLastDays), false, true},
	}
}

// Read gives seconds since 1970: of the instant when the time has an offset, as if
// in UTC when it has not. An hour of 24 is the end of its day.
func (t *Reader) Read(text string) (sec int64, offset bool, err error) {
	asWritten := strings.TrimSpace(text)
	if t.loose {
		asWritten = loosened(asWritten)
	}
	text = marked(asWritten)
	if t.Serial {
		return serial(text)
	}
	if t.Packed && len(text) == len("20060102") {
		text = text[:4] + "-" + text[4:6] + "-" + text[6:]
	}
	if sec, ok := epoch(text); ok && t.Moments {
		return sec, true, Known(sec)
	}
	if t.layout != "" {
		if v, err := time.Parse(t.layout, text); err == nil {
			return v.Unix(), t.offset, Known(v.Unix())
		}
	}
	plus := int64(0)
	if m := dayEnd.FindStringSubmatch(text); m != nil {
		text, plus = m[1]+"00"+m[2], 24*3600
	}
	for _, set := range layoutsOf[t.Order] {
		if set.days && t.Moments {
			continue
		}
		for _, l := range set.list {
			if v, err := time.Parse(l, text); err == nil {
				t.layout, t.offset = l, set.offset
				t.DayEnds = t.DayEnds || plus > 0
				return v.Unix() + plus, t.offset, Known(v.Unix())
			}
		}
	}
	if bare := loosened(asWritten); !t.loose && bare != asWritten {
		l := *t
		l.loose = true
		if sec, offset, err := l.Read(bare); err == nil {
			*t = l
			return sec, offset, nil
		}
	}
	if t.Order == MonthFirst {
		return 0, false, errors.New("a time such as 01/31/2024 18:05, month before day, was expected")
	}
	return 0, false, errors.New("a time such as 2024-01-31T18:05:00Z, 2024-01-31 18:05 or 31-01-2024 18:05 was expected (day before month; are the columns swapped?)")
}

var (
	// namedOffset is as SolarEdge writes it: CEST+0200.
	namedOffset = regexp.MustCompile(` (?:CET|CEST|GMT|UTC)([-+]\d{2}:?\d{2})$`)
	// Days with the name of their month, after the name of the weekday: 1-jan-24,
	// 1. Januar 2024, ma 1 jan. 2024 00:00; or before the day: Jan 1, 2024.
	monthNames = regexp.MustCompile(`^(?:(?:ma|di|wo|do|vr|za|zo|\pL{2,3}\.?|\pL+(?:dag|day|tag|woch)),? )?(\d{1,2})\.?[ -](\pL{3,9})\.?[ -](\d{4}|\d{2})((?:[ T,].*)?)$`)
	monthFirst = regexp.MustCompile(`^(?:\pL+,? )?(\pL{3,9})\.? (\d{1,2}),? (\d{4})((?:[ T,].*)?)$`)
	halfDays   = regexp.MustCompile(`(?i)^(.*\d) ?([ap])\.?m\.?$`)
	months     = map[string]string{}
)

var (
	weekday = regexp.MustCompile(`(?i)^(?:ma|di|wo|do|vr|za|zo|mo|mi|fr|sa|so|mon|tue|wed|thu|fri|sat|sun|\pL+dag|\pL+day|\pL+tag|mittwoch)[.,]? +(\d.*)$`)
	// clockWord stands between a day and its time: op 1 januari 2024 om 18:05 uur.
	clockWord = regexp.MustCompile(`(?i)^(.*\d) +(?:om|at|um|à) +(\d.*)$`)
	hourWord  = regexp.MustCompile(`(?i)^(.*\d) *(?:uur|uhr)$`)
	// plainClock is a time of day behind a day: 18.05, 18u05, 18h.
	plainClock = regexp.MustCompile(`(?i)^(.*\d{2}) (\d{1,2})(?:[.uh](\d{2})|[uh])$`)
	// script is as JavaScript writes a time.
	script = regexp.MustCompile(`^\pL{3} (\pL{3}) (\d{1,2}) (\d{4}) (\d{2}:\d{2}:\d{2}) GMT([-+]\d{4})(?: \(.*\))?$`)
	// summerWord tells the offset of a Dutch time in words.
	summerWord = regexp.MustCompile(`(?i)^(.*\d) *\(?(zomer|winter)tijd\)?$`)
)

// loosened is a time without the words around its numbers.
func loosened(text string) string {
	if m := script.FindStringSubmatch(text); m != nil {
		return m[2] + " " + m[1] + " " + m[3] + " " + m[4] + " " + m[5]
	}
	if m := weekday.FindStringSubmatch(text); m != nil {
		text = m[1]
	}
	if m := clockWord.FindStringSubmatch(text); m != nil {
		text = m[1] + " " + m[2]
	}
	mark := ""
	if m := summerWord.FindStringSubmatch(text); m != nil {
		text, mark = m[1], map[bool]string{true: " (CEST)", false: " (CET)"}[strings.EqualFold(m[2], "zomer")]
	}
	if m := hourWord.FindStringSubmatch(text); m != nil {
		text = m[1]
	}
	if m := plainClock.FindStringSubmatch(text); m != nil {
		text = m[1] + " " + m[2] + ":" + cmp.Or(m[3], "00")
	}
	return text + mark
}

// In Dutch, English and German.
func init() {
	for name, all := range map[string]string{
		"Jan": "jan januari january januar", "Feb": "feb februari february februar", "Mar": "mar mrt mär maart march märz maerz",
		"Apr": "apr april", "May": "may mei mai", "Jun": "jun juni june", "Jul": "jul juli july", "Aug": "aug augustus august",
		"Sep": "sep sept september", "Oct": "oct okt oktober october", "Nov": "nov november", "Dec": "dec dez december dezember",
	} {
		for _, word := range strings.Fields(all) {
			months[word] = name
		}
	}
}

// marked writes the names of offsets, as ENTSO-E puts them behind the times of
// the days on which the clock jumps, as numbers, and Dutch months in English.
func marked(text string) string {
	if text == "" || text[len(text)-1] >= '0' && text[len(text)-1] <= '9' && !strings.ContainsAny(text, "abcdefghijklmnopqrstuvwxyzGUC") {
		return text
	}
	if m := namedOffset.FindStringSubmatchIndex(text); m != nil {
		return text[:m[0]] + " " + text[m[2]:m[3]]
	}
	if m := halfDays.FindStringSubmatch(text); m != nil {
		text = m[1] + " " + strings.ToUpper(m[2]) + "M"
	}
	lower := strings.ToLower(text)
	if m := monthNames.FindStringSubmatch(lower); !strings.HasSuffix(text, " GMT") && m != nil && months[m[2]] != "" {
		return m[1] + " " + months[m[2]] + " " + m[3] + rest(m[4])
	}
	if m := monthFirst.FindStringSubmatch(lower); m != nil && months[m[1]] != "" {
		return m[2] + " " + months[m[1]] + " " + m[3] + rest(m[4])
	}
	for _, m := range []struct{ mark, offset string }{{" CEST", "+02:00"}, {" CET", "+01:00"}} {
		if rest, ok := strings.CutSuffix(text, m.mark); ok {
			return rest + m.offset
		}
	}
	if !strings.HasSuffix(text, ")") {
		return text
	}
	for _, m := range []struct{ mark, offset string }{{" (CEST)", "+02:00"}, {" (CET)", "+01:00"}, {" (UTC)", "Z"}, {" (CET/CEST)", ""}} {
		if rest, ok := strings.CutSuffix(text, m.mark); ok {
			return rest + m.offset
		}
	}
	return text
}

// rest is what stands behind a day, without a comma between.
func rest(text string) string {
	if text = strings.ToUpper(strings.TrimLeft(text, ", ")); text != "" && text[0] != 'T' {
		return " " + text
	}
	return text
}

// CutRange takes "start - end" apart, or "start tot end".
func CutRange(text string) (start, end string, ok bool) {
	for _, until := range []string{" - ", " – ", " tot ", " t/m ", " bis "} {
		if start, end, ok = strings.Cut(text, until); ok {
			return strings.TrimSpace(start), strings.TrimSpace(end), true
		}
	}
	return strings.TrimSpace(text), "", false
}

// epoch reads seconds since 1970, whole or not, or thousandths, millionths or
// billionths of them.
func epoch(text string) (int64, bool) {
	if len(text) < 10 || text[0] < '0' || text[0] > '9' || text[4] < '0' || text[4] > '9' {
		return 0, false // as nearly all times
	}
	whole, part, _ := strings.Cut(text, ".")
	if strings.Trim(part, "0123456789") != "" || part != "" && len(whole) != 10 {
		return 0, false
	}
	n, err := strconv.ParseInt(whole, 10, 64)
	if err != nil || n < 0 {
		return 0, false
	}
	switch len(whole) {
	case 10:
		return n, true
	case 13, 16, 19:
		for range (len(whole) - 10) / 3 {
			n /= 1000
		}
		return n, true
	}
	return 0, false
}

// serial reads days since 1900, as Excel counts them, with or without a part of a day;
// to the nearest second.
func serial(text string) (sec int64, offset bool, err error) {
	days, err := strconv.ParseFloat(strings.Replace(text, ",", ".", 1), 64)
	if err != nil || !(days > 0 && days < 80_000) {
		return 0, false, errors.New("days since 1900, as Excel counts them, were expected")
	}
	const between = 25569 // days from then to 1970
	sec = int64(math.Round((days - between) * 86400))
	if rest := sec % 60; rest == 59 || rest == 1 { // of cells with few decimals
		sec += map[int64]int64{59: 1, 1: -1}[rest]
	}
	return sec, false, Known(sec)
}

// Dates finds the order of day and month from cells, one by one.
type Dates struct {
	seen, notDayFirst, notMonthFirst bool
	slashed                          string
}

// See takes note of a cell.
func (d *Dates) See(cell string) {
	cell = strings.TrimSpace(cell)
	if m := weekday.FindStringSubmatch(cell); m != nil {
		cell = m[1]
	}
	parts := strings.FieldsFunc(cell, func(r rune) bool { return r == '/' || r == '-' || r == '.' || r == ' ' || r == 'T' })
	if len(parts) < 3 || len(parts[0]) > 2 || len(parts[1]) > 2 {
		return
	}
	a, err1 := strconv.Atoi(parts[0])
	b, err2 := strconv.Atoi(parts[1])
	if err1 != nil || err2 != nil {
		return
	}
	d.seen = true
	d.notDayFirst, d.notMonthFirst = d.notDayFirst || b > 12, d.notMonthFirst || a > 12
	if d.slashed == "" && strings.Contains(cell, "/") {
		d.slashed = strings.Clone(cell)
	}
}

// ErrEither is of dates that fit both orders.
var ErrEither = errors.New("can be read with the day or the month first: say --date-order dmy or mdy")

// Order is Unknown when no cell has the year last. Where either fits, a person must
// say: [ErrEither].
func (d *Dates) Order() (Order, error) {
	switch {
	case !d.seen:
		return Unknown, nil
	case d.notDayFirst && d.notMonthFirst:
		return Unknown, errors.New("some of its times have the day before the month and others after it: one order was expected")
	case d.notMonthFirst:
		return DayFirst, nil
	case d.notDayFirst:
		return MonthFirst, nil
	case d.slashed != "":
		return Unknown, fmt.Errorf("its times, such as %s, %w", d.slashed, ErrEither)
	}
	return DayFirst, nil // dashes and dots are European
}

// OrderIn is the order of day and month in some cells.
func OrderIn(cells []string) (Order, error) {
	var d Dates
	for _, c := range cells {
		d.See(c)
	}
	return d.Order()
}
