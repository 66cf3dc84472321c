package seriesfile

import (
	"strings"
	"testing"
	"time"

	"github.com/getij/getij/internal/dataset"
)

// A study reads a million values of a series: more are no file for it, and an import of
// them would only take memory.
func TestMorePricesThanAStudyReadsAreRefused(t *testing.T) {
	if testing.Short() {
		t.Skip("a million rows")
	}
	var b strings.Builder
	b.WriteString("utc_start,eur_per_mwh\n")
	at := time.Date(1990, 1, 1, 0, 0, 0, 0, time.UTC)
	var row []byte
	for range 1_000_001 {
		row = append(at.AppendFormat(row[:0], "2006-01-02T15:04:05Z"), ",50\n"...)
		b.Write(row)
		at = at.Add(15 * time.Minute)
	}
	wantError(t, dataset.Prices, b.String(), Options{Implausible: true}, "over 1000000 prices, 28 years of quarter-hours")
}

func TestTheRoomForValuesIsThatOfAllFiles(t *testing.T) {
	r := &reading{kind: dataset.Load}
	r.total = mostValues - 10
	if got := r.room(); got != 10 {
		t.Errorf("room for %d values, want 10", got)
	}
	if err := tooMany(dataset.Load, "a.csv", r.total); !strings.Contains(err.Error(), "a.csv has, with the 17567990 of the files before, over 17568000 values, a year of quarter-hours of 500 homes") {
		t.Error(err)
	}
}
