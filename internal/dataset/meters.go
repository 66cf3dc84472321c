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

// Meter is what one home takes, in kWh per interval.
type Meter struct {
	Column string
	Series *series.Series
}

// SpreadColumn ends the name of a column whose days were spread over a profile by the
// import, as they held no hours.
const SpreadColumn = "_spread_over_e1a"

// noteSpread says that a column is one of days that were spread.
func (r *Report) noteSpread(column string) {
	if strings.HasSuffix(column, SpreadColumn) {
		r.Notes = append(r.Notes, fmt.Sprintf("%s: values per day, spread over the standard profile E1A: when in the day homes take it is the profile's, not theirs", column))
	}
}

// ReadMeters reads a file of many homes: a time column as in ReadSeries and one
// named column of kWh per interval for each home. Gaps and repeats are mended as
// there, per home.
func ReadMeters(ctx context.Context, path string) ([]Meter, *Report, error) {
	return read(ctx, path, "load", "utc_start", readMeters)
}

// MostHomes and mostMetered bound the memory: a year of quarter-hours of one home
// is 280 kB.
const (
	MostHomes   = 5000
	mostMetered = MostHomes * 366 * 96
)

func readMeters(c *plainFile) ([]Meter, *Report, error) {
	rep := &Report{Kind: "meters", Unit: "kWh per interval", Mends: []Mend{}}
	timeCol := c.column("utc_start")
	inUTC := timeCol >= 0
	if !inUTC {
		timeCol = 0
	}
	var at []int
	var builders []*builder
	for k, name := range c.header {
		if k == timeCol || name == "" {
			continue
		}
		at = append(at, k)
		builders = append(builders, &builder{file: c.Name + ", column " + name, report: rep})
	}
	if len(at) == 0 || len(at) > MostHomes {
		return nil, nil, fmt.Errorf("%s has %d columns besides the time: one per home, 1 to %d, were expected", c.Name, len(at), MostHomes)
	}
	var before time.Time
	for {
		if (c.rows+1)*len(at) > mostMetered {
			return nil, nil, fmt.Errorf("%s has over %d values of %d homes: %d homes of a year of quarter-hours are the most", c.Name, mostMetered, len(at), MostHomes)
		}
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
		// The first two rows say the spacing of every home, also of one with a gap
		// there.
		if step := t.Sub(before); !before.IsZero() && (step == 15*time.Minute || step == 30*time.Minute || step == time.Hour) {
			for _, b := range builders {
				if b.every == 0 {
					b.every = step
				}
			}
		}
		before = t
		for k, col := range at {
			text := row[col]
			if text == "" {
				continue // a gap, which the next row finds
			}
			v, err := strconv.ParseFloat(text, 64)
			if err != nil || !(math.Abs(v) <= table.Largest) {
				return nil, nil, c.RowError(c.header[col], text, "a number of kWh with a decimal point was expected")
			}
			if err := builders[k].add(t, v, c.Line); err != nil {
				return nil, nil, err
			}
		}
	}
	var meters []Meter
	for k, b := range builders {
		s, err := b.series()
		if err != nil {
			return nil, nil, err
		}
		meters = append(meters, Meter{c.header[at[k]], s})
	}
	first := meters[0].Series
	rep.Column = fmt.Sprintf("%d homes, %s to %s", len(meters), meters[0].Column, meters[len(meters)-1].Column)
	rep.Rows = c.rows
	rep.noteSpread(meters[0].Column)
	rep.From, rep.To = stamp(first.Start), stamp(first.End())
	return meters, rep, nil
}
