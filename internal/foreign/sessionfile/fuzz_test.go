package sessionfile

import (
	"bytes"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/getij/getij/internal/dataset"
	"github.com/getij/getij/internal/foreign/table"
	"github.com/getij/getij/internal/series"
)

// fuzzFormat reads whatever bytes come in: the end is an error, or sessions that
// a study can read: of positive length, in order, without overlaps.
func fuzzFormat(f *testing.F, format string, options []Options, seeds ...string) {
	for _, s := range seeds {
		b := testdataOf(f, s)
		for i := range options {
			f.Add(b, uint8(i))
			f.Add(b[:len(b)/2], uint8(i))
		}
	}
	f.Fuzz(func(t *testing.T, content string, option uint8) {
		opt := options[int(option)%len(options)]
		opt.Format = format
		r, err := newReading(opt)
		if err != nil {
			t.Fatal(err)
		}
		file, err := table.New(t.Context(), "file", strings.NewReader(content), 1<<30)
		if err != nil {
			return
		}
		if _, err := r.read(t.Context(), file); err != nil {
			return
		}
		imp, err := r.finish(t.Context())
		if err != nil {
			return
		}
		for _, fact := range imp.Report.Facts {
			if math.IsNaN(fact.Value) || math.IsInf(fact.Value, 0) {
				t.Fatalf("fact %+v", fact)
			}
		}
		var out bytes.Buffer
		if err := imp.write(t.Context(), &out); err != nil {
			t.Fatal(err)
		}
		readable(t, out.String(), int(imp.Report.Facts[0].Value))
	})
}

// readable checks a plain file of n sessions.
func readable(t *testing.T, plain string, n int) {
	t.Helper()
	path := t.TempDir() + "/sessions.csv"
	writeFile(t, path, plain)
	records, _, err := dataset.ReadSessions(t.Context(), path)
	if err != nil {
		t.Fatalf("a study cannot read what was written: %v\n%s", err, plain)
	}
	if len(records) != n {
		t.Fatalf("%d sessions were written, the report says %d", len(records), n)
	}
	for i, rec := range records {
		if !rec.Depart.After(rec.Arrive) || !(rec.EnergyKWh >= 0) {
			t.Fatalf("session %+v", rec)
		}
		if i > 0 && rec.User == records[i-1].User && rec.Arrive.Before(records[i-1].Depart) {
			t.Fatalf("user %s arrives at %s, before the departure at %s", rec.User, rec.Arrive.In(series.Amsterdam()).Format(time.RFC3339), records[i-1].Depart.In(series.Amsterdam()).Format(time.RFC3339))
		}
	}
}

func FuzzOCPI(f *testing.F) {
	fuzzFormat(f, "ocpi", []Options{{}, {Home: "all", Users: "token"}, {Locations: []string{"HOME*"}, Users: "charger"}, {Users: "file", MaxKW: 5}},
		"ocpi_cdrs.json", "ocpi_sessions.jsonl", "ocpi_array.json")
}

func FuzzTables(f *testing.F) {
	fuzzFormat(f, "table", []Options{{}, {Users: "file", Zone: "utc"}, {DateOrder: "mdy", Unit: "wh"}, {Map: map[string]string{"duration_minutes": "Verbonden"}, Locations: []string{"Thuis"}}},
		"table_offsets.csv", "table_dutch.csv", "trondheim_original.csv", "evcc.json", "public_points.csv")
}
