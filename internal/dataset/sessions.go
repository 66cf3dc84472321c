package dataset

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/getij/getij/internal/foreign/table"
	"github.com/getij/getij/internal/series"
	"github.com/getij/getij/internal/session"
)

// ReadSessions reads a sessions file: user_id, arrival_local, departure_local
// and energy_kwh, other columns ignored. Times are Europe/Amsterdam wall clock
// unless they carry an offset.
func ReadSessions(ctx context.Context, path string) ([]session.Record, *Report, error) {
	return read(ctx, path, "sessions", "user_id", readSessions)
}

// MostSessions bounds the memory, about 0.1 kB a session: those of a year of 25,000
// home chargers.
const MostSessions = 5_000_000

func readSessions(c *plainFile) ([]session.Record, *Report, error) {
	columns := []string{"user_id", "arrival_local", "departure_local", "energy_kwh"}
	at, err := c.columns(columns)
	if err != nil {
		return nil, nil, err
	}
	loc := series.Amsterdam()
	rep := &Report{Kind: "sessions", Mends: []Mend{}}
	var records []session.Record
	users := map[string]string{} // one text each
	var first, last time.Time
	for {
		row, err := c.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, nil, err
		}
		if len(records) == MostSessions {
			return nil, nil, fmt.Errorf("%s has over %d sessions, the most that a study reads: take some of the users, or a year", c.Name, MostSessions)
		}
		user, known := users[row[at[0]]]
		if !known {
			user = strings.Clone(row[at[0]])
			users[user] = user
		}
		rec := session.Record{User: user, Row: c.Line}
		if rec.User == "" {
			return nil, nil, c.RowError(columns[0], "", "a user was expected: any text that is the same for the sessions of one car")
		}
		for i, to := range []*time.Time{&rec.Arrive, &rec.Depart} {
			text := row[at[1+i]]
			t, err := instant(text, false)
			if err != nil {
				t, err = localTime(text, loc)
			}
			if err != nil {
				return nil, nil, c.RowError(columns[1+i], text, "a local time such as 2024-01-01T18:05:00 was expected")
			}
			*to = t
		}
		if rec.Depart.Before(rec.Arrive) {
			return nil, nil, c.RowError(columns[2], row[at[2]], fmt.Sprintf("a time after the arrival, %s, was expected", row[at[1]]))
		}
		v, err := strconv.ParseFloat(row[at[3]], 64)
		if err != nil || !(v >= 0 && v <= table.Largest) {
			return nil, nil, c.RowError(columns[3], row[at[3]], "an energy in kWh of 0 or more was expected")
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
		return nil, nil, fmt.Errorf("%s has a header but no sessions", c.Name)
	}
	rep.Rows, rep.Column = len(records), columns[3]
	rep.From, rep.To = stamp(first), stamp(last)
	return records, rep, nil
}
