package dataset

import (
	"context"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/getij/getij/internal/foreign/table"
	"github.com/getij/getij/internal/series"
)

// Kind is what a series file holds.
type Kind string

// The kinds of series file.
const (
	Prices Kind = "prices" // utc_start,eur_per_mwh
	Load   Kind = "load"   // utc_start,<any value column>; shape only
	Solar  Kind = "solar"  // as load
)

// mostValues bounds a series in memory: 28 years of quarter-hours.
const mostValues = 1_000_000

// LongestGap is the longest gap that is interpolated.
const LongestGap = 2 * time.Hour

// ReadSeries reads a series file. Times are UTC in a column utc_start, or carry
// their offset. Prices are read from eur_per_mwh; load and solar from the first
// other named column that holds a number. Rows that repeat the one before are dropped
// and gaps of up to 2 hours interpolated, both counted; longer gaps, repeats
// with another value and rows out of order are errors.
func ReadSeries(ctx context.Context, path string, kind Kind) (*series.Series, *Report, error) {
	return read(ctx, path, string(kind), "utc_start", func(c *plainFile) (*series.Series, *Report, error) { return readSeries(c, kind) })
}

func readSeries(c *plainFile, kind Kind) (*series.Series, *Report, error) {
	rep := &Report{Kind: string(kind), Mends: []Mend{}}
	timeCol := c.column("utc_start")
	inUTC := timeCol >= 0
	if !inUTC {
		timeCol = 0
	}
	valueCol := -1
	if kind == Prices {
		if valueCol = c.column("eur_per_mwh"); valueCol < 0 {
			return nil, nil, fmt.Errorf("%s has no column eur_per_mwh (its columns are %s): name the price column eur_per_mwh, in EUR/MWh", c.Name, table.List(c.header))
		}
	}
	b := builder{file: c.Name, report: rep}
	for {
		row, err := c.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, nil, err
		}
		t, err := instant(row[timeCol], inUTC)
		if err != nil {
			return nil, nil, c.RowError(c.header[timeCol], row[timeCol], err.Error())
		}
		if valueCol < 0 {
			if valueCol = c.firstNumber(row, timeCol); valueCol < 0 {
				return nil, nil, fmt.Errorf("%s, row %d: none of the columns %s holds a number besides the time", c.Name, c.Line, table.List(c.header))
			}
		}
		text := row[valueCol]
		if text == "" {
			continue // a gap, which the next row finds
		}
		v, err := strconv.ParseFloat(text, 64)
		if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
			return nil, nil, c.RowError(c.header[valueCol], text, "a number with a decimal point was expected")
		}
		if math.Abs(v) > table.Largest {
			return nil, nil, c.RowError(c.header[valueCol], text, fmt.Sprintf("a number between %g and %g was expected", -table.Largest, table.Largest))
		}
		if err := b.add(t, v, c.Line); err != nil {
			return nil, nil, err
		}
	}
	s, err := b.series()
	if err != nil {
		return nil, nil, err
	}
	rep.Column = c.header[valueCol]
	rep.noteSpread(rep.Column)
	rep.Rows = c.rows
	rep.From, rep.To = stamp(s.Start), stamp(s.End())
	return s, rep, nil
}

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04Z") }

// firstNumber is the first column besides the time that parses as a number. A
// column without a name is a row number, as some programs write it.
func (c *plainFile) firstNumber(row []string, timeCol int) int {
	for i, v := range row {
		if i == timeCol || c.header[i] == "" {
			continue
		}
		if _, err := strconv.ParseFloat(v, 64); err == nil {
			return i
		}
	}
	return -1
}

var layouts = []string{
	"2006-01-02T15:04:05Z07:00", "2006-01-02 15:04:05Z07:00", "2006-01-02T15:04Z07:00", "2006-01-02 15:04Z07:00",
}

// instant reads a time with its offset, or one without in a column that is UTC
// by name.
func instant(text string, inUTC bool) (time.Time, error) {
	text = strings.TrimSpace(text)
	for _, l := range layouts {
		if t, err := time.Parse(l, text); err == nil {
			return t.UTC(), nil
		}
	}
	if _, err := localTime(text, time.UTC); err == nil {
		if inUTC {
			return localTime(text, time.UTC)
		}
		return time.Time{}, fmt.Errorf("the time has no offset from UTC: name the column utc_start when it is UTC, or write offsets such as 2024-01-01T00:00:00+01:00")
	}
	return time.Time{}, fmt.Errorf("a time such as 2024-01-01T00:00:00Z was expected")
}

func localTime(text string, loc *time.Location) (time.Time, error) {
	var err error
	for _, l := range []string{"2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02T15:04", "2006-01-02 15:04"} {
		var t time.Time
		if t, err = time.ParseInLocation(l, text, loc); err == nil {
			return t, nil
		}
	}
	return time.Time{}, err
}

// builder turns rows in order of time into an evenly spaced series.
type builder struct {
	file   string
	report *Report
	start  time.Time
	every  time.Duration // 0 until two rows are known
	last   time.Time
	row    int // of last
	values []float64
}

func (b *builder) add(t time.Time, v float64, row int) error {
	if len(b.values) >= mostValues {
		return fmt.Errorf("%s has over %d values: a year of quarter-hours has 35,136, cut it to the year that is needed", b.file, mostValues)
	}
	if len(b.values) == 0 {
		b.start, b.last, b.row = t, t, row
		b.values = append(b.values, v)
		return nil
	}
	step := t.Sub(b.last)
	switch {
	case step == 0 && v == b.values[len(b.values)-1]:
		b.report.Mend("repeated row dropped", fmt.Sprintf("row %d, %s", row, stamp(t)))
		return nil
	case step == 0:
		return fmt.Errorf("%s, row %d repeats the time %s of row %d with another value (%g, not %g): keep one of the two", b.file, row, stamp(t), b.row, v, b.values[len(b.values)-1])
	case step < 0:
		return fmt.Errorf("%s, row %d is at %s, before row %d at %s: sort the rows by time (is it local time without its offset?)", b.file, row, stamp(t), b.row, stamp(b.last))
	}
	if b.every == 0 {
		if step != 15*time.Minute && step != 30*time.Minute && step != time.Hour {
			return fmt.Errorf("%s, rows %d and %d are %s apart: quarter-hourly or hourly values were expected", b.file, b.row, row, step)
		}
		b.every = step
	}
	if step%b.every != 0 {
		return fmt.Errorf("%s, row %d is %s after row %d, but the rows before are %s apart: evenly spaced rows were expected", b.file, row, step, b.row, b.every)
	}
	if missing := step - b.every; missing > LongestGap {
		return fmt.Errorf("%s has no values from %s to %s (between rows %d and %d): gaps of up to 2 hours are interpolated, fill longer ones", b.file, stamp(b.last.Add(b.every)), stamp(t), b.row, row)
	} else if missing > 0 {
		b.report.Mend("gap interpolated", fmt.Sprintf("%s to %s", stamp(b.last.Add(b.every)), stamp(t)))
		from, n := b.values[len(b.values)-1], int(step/b.every)
		for k := 1; k < n; k++ {
			b.values = append(b.values, from+(v-from)*float64(k)/float64(n))
		}
	}
	b.values = append(b.values, v)
	b.last, b.row = t, row
	return nil
}

func (b *builder) series() (*series.Series, error) {
	if len(b.values) < 2 {
		return nil, fmt.Errorf("%s has %d rows with a value: a year was expected", b.file, len(b.values))
	}
	return &series.Series{Start: b.start, Every: b.every, Values: b.values}, nil
}
