package assume_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/getij/getij/internal/assume"
	"github.com/getij/getij/internal/docs"
)

func TestEveryEventHasADateAStatusAndASource(t *testing.T) {
	seen := map[string]bool{}
	var last time.Time
	for _, e := range assume.Timeline() {
		if seen[e.Key] || e.Date.Before(last) {
			t.Errorf("%s stands twice or out of order", e.Key)
		}
		seen[e.Key], last = true, e.Date
		if e.What == "" || e.WhatNL == "" || e.What == e.WhatNL || e.Source == "" || !slices.Contains([]string{"law", "published", "expected", "proposal"}, e.Status) {
			t.Errorf("%+v lacks words, a source or a status", e)
		}
		if !e.OnDay && e.Date.YearDay() != 1 {
			t.Errorf("%s has a day, %s, and says that only its year is known", e.Key, e.Date)
		}
	}
}

// The timeline and the rules that fill contracts tell the same dates.
func TestTheTimelineAgreesWithTheRules(t *testing.T) {
	begins := map[string]time.Time{}
	for _, e := range assume.Timeline() {
		begins[e.Key] = e.Date
	}
	for _, r := range assume.AllRules() {
		for _, c := range []struct {
			key, value, event string
			date              time.Time
		}{
			{"net_metering", "no", "net_metering_ends", r.From},
			{"least_feed_in_pay", "0.50", "net_metering_ends", r.From},
			{"least_feed_in_pay", "0.50", "least_feed_in_pay_ends", r.To.AddDate(0, 0, 1)},
			{"network_tariff_by_time", "yes", "network_tariff_by_time", r.From},
		} {
			if r.Key == c.key && r.Value == c.value && !c.date.Equal(begins[c.event]) {
				t.Errorf("%s is on %s, by the rules on %s", c.event, begins[c.event], c.date)
			}
		}
	}
}

func TestDocsHaveTheTimeline(t *testing.T) {
	var b strings.Builder
	b.WriteString("| from | status | what | source |\n|---|---|---|---|\n")
	for _, e := range assume.Timeline() {
		date := e.Date.Format("2006")
		if e.OnDay {
			date = e.Date.Format("2 January 2006")
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", date, e.Status, e.What, e.Source)
	}
	docs.Hold(t, "timeline.md", "from internal/assume/timeline_nl.csv", b.String())
}
