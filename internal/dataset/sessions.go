package dataset

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/getij/getij/internal/series"
	"github.com/getij/getij/internal/session"
)

// ReadSessions reads a sessions file: user_id, arrival_local, departure_local
// and energy_kwh, other columns ignored. Times are Europe/Amsterdam wall clock
// unless they carry an offset.
func ReadSessions(ctx context.Context, path string) ([]session.Record, *Report, error) {
	c, err := openCSV(ctx, path)
	if err != nil {
		return nil, nil, err
	}
	defer c.file.Close()
	records, rep, err := readSessions(c)
	if err != nil {
		return nil, nil, err
	}
	rep.File = path
	rep.SHA256, err = c.file.SHA256()
	return records, rep, err
}

// MostSessions bounds the memory, about 0.1 kB a session: those of a year of 25,000
// home chargers.
const MostSessions = 5_000_000

func readSessions(c *csvFile) ([]session.Record, *Report, error) {
	columns := [4]string{"user_id", "arrival_local", "departure_local", "energy_kwh"}
	var at [4]int
	for i, name := range columns {
		if at[i] = c.column(name); at[i] < 0 {
			return nil, nil, fmt.Errorf("%s has no column %s (its columns are %s): a sessions file has the columns %s",
				c.name, name, strings.Join(c.header, ", "), strings.Join(columns[:], ", "))
		}
	}
	loc := series.Amsterdam()
	rep := &Report{Kind: "sessions", Mends: []Mend{}}
	var records []session.Record
	users := map[string]string{} // one text each
	var first, last time.Time
	for {
		row, err := c.next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, nil, err
		}
		if len(records) == MostSessions {
			return nil, nil, fmt.Errorf("%s has over %d sessions, the most that a study reads: take some of the users, or a year", c.name, MostSessions)
		}
		user, known := users[row[at[0]]]
		if !known {
			user = strings.Clone(row[at[0]])
			users[user] = user
		}
		rec := session.Record{User: user, Row: c.row}
		if rec.User == "" {
			return nil, nil, &RowError{c.name, c.row, columns[0], "", "a user was expected: any text that is the same for the sessions of one car"}
		}
		for i, to := range []*time.Time{&rec.Arrive, &rec.Depart} {
			text := strings.TrimSpace(row[at[1+i]])
			t, err := instant(text, false)
			if err != nil {
				t, err = localTime(text, loc)
			}
			if err != nil {
				return nil, nil, &RowError{c.name, c.row, columns[1+i], text, "a local time such as 2024-01-01T18:05:00 was expected"}
			}
			*to = t
		}
		if rec.Depart.Before(rec.Arrive) {
			return nil, nil, &RowError{c.name, c.row, columns[2], row[at[2]], fmt.Sprintf("a time after the arrival, %s, was expected", row[at[1]])}
		}
		v, err := strconv.ParseFloat(strings.TrimSpace(row[at[3]]), 64)
		if err != nil || !(v >= 0 && v <= Largest) {
			return nil, nil, &RowError{c.name, c.row, columns[3], row[at[3]], "an energy in kWh of 0 or more was expected"}
		}
		rec.EnergyKWh = v
		if first.IsZero() || rec.Arrive.Before(first) {
			first = rec.Arrive
		}
		if rec.Depart.After(last) {
			last = rec.Depart
		}
		records = append(records, rec)
	}
	if len(records) == 0 {
		return nil, nil, fmt.Errorf("%s has a header but no sessions", c.name)
	}
	rep.Rows, rep.Column = len(records), columns[3]
	rep.From, rep.To = stamp(first), stamp(last)
	return records, rep, nil
}
