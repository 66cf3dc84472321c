package assume

import (
	_ "embed"
	"encoding/csv"
	"strings"
	"time"
)

//go:embed timeline_nl.csv
var timelineCSV string

// Event is a row of the timeline of standards and rules: from when something holds.
type Event struct {
	Key    string
	Date   time.Time // the first of January where no day is known
	OnDay  bool      // the day is known, not the year alone
	Status string    // law, published, expected or proposal
	What   string
	WhatNL string
	Source string
}

// Timeline is the whole table, by date.
func Timeline() []Event {
	r := csv.NewReader(strings.NewReader(timelineCSV))
	r.Comment = '#'
	rows, err := r.ReadAll()
	if err != nil {
		panic(err) // embedded
	}
	var out []Event
	for _, row := range rows[1:] {
		date, err := time.Parse(time.DateOnly, row[1])
		if err != nil {
			panic(err) // embedded
		}
		out = append(out, Event{row[0], date, row[2] == "day", row[3], row[4], row[5], row[6]})
	}
	return out
}

// The events that decide from when home charge points can discharge: what new ones
// must have, and the codes by which cars may feed in.
const (
	NewPointsSupport = "afir_iso_15118_20"
	FeedInAllowed    = "rfg_nc_dc"
)

// YearOf is the year of an event.
func YearOf(key string) int {
	for _, e := range Timeline() {
		if e.Key == key {
			return e.Date.Year()
		}
	}
	panic("assume: the timeline has no " + key) // embedded
}
