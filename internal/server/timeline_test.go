package server_test

import (
	"encoding/json"
	"testing"

	"github.com/getij/getij/internal/assume"
	"github.com/getij/getij/internal/server"
)

// The dashboard's year axis has every standard and rule, in both languages.
func TestTheStudyHasTheTimelineOfStandardsAndRules(t *testing.T) {
	var got server.StudyAnswer
	if err := json.Unmarshal(get(t, newServer(t, server.Options{}), "/api/v1/study").Body.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if want := assume.Timeline(); len(got.Timeline) != len(want) || len(want) == 0 {
		t.Fatalf("%d events, the table has %d", len(got.Timeline), len(want))
	}
	for _, e := range got.Standards {
		share := e.CanDischarge
		if len(share) != got.LastYear-got.FirstYear+1 || share[2028-got.FirstYear] != 0 || share[2029-got.FirstYear] <= 0 || share[2050-got.FirstYear] != 1 {
			t.Errorf("scenario %s lets discharge %v", e.Scenario, share)
		}
	}
	if len(got.Standards) != len(got.Scenarios) {
		t.Errorf("%d scenarios, and standards in %d", len(got.Scenarios), len(got.Standards))
	}
	for _, e := range got.Timeline {
		if e.Key == "net_metering_ends" && (e.Date != "2027-01-01" || !e.OnDay || e.Status != "law" || e.WhatNL == "" || e.Source == "") {
			t.Errorf("the end of net metering is told as %+v", e)
		}
	}
}
