package study_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/getij/getij/internal/dataset"
	"github.com/getij/getij/internal/result"
	"github.com/getij/getij/internal/series"
	"github.com/getij/getij/internal/study"
)

// hourly is a file of a value an hour for a local year, a row each, without
// header.
func hourly(year int) (rows []string) {
	axis := series.NewYear(year)
	for t := axis.Start; t.Before(axis.End()); t = t.Add(time.Hour) {
		rows = append(rows, fmt.Sprintf("%s,%d", t.Format("2006-01-02T15:04:05Z"), 50+t.Hour()))
	}
	return rows
}

// without are the rows but for those from one on.
func without(rows []string, from, n int) []string {
	return slices.Delete(slices.Clone(rows), from, from+n)
}

// runWith runs one home on one file of data.
func runWith(t testing.TB, key, content string, settings ...string) (*result.Result, error) {
	t.Helper()
	path := studyFile(t, "homes: 1\nmodes: [regular]\ncontracts: [{kind: dynamic}]\ndata: {"+key+": file.csv}\n")
	if err := os.WriteFile(filepath.Join(filepath.Dir(path), "file.csv"), []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
	return study.RunProfiles(t.Context(), loadStudy(t, path, settings...), nil)
}

const (
	pricesHeader   = "utc_start,eur_per_mwh\n"
	sessionsHeader = "user_id,arrival_local,departure_local,energy_kwh\n"
)

// The words that a user gets to see, with the key of the study that names the
// file.
func TestInputsThatAreRefused(t *testing.T) {
	year := hourly(2024)
	lines := func(rows []string) string { return strings.Join(rows, "\n") + "\n" }
	for _, c := range []struct{ name, key, content, want string }{
		{
			"prices of another year", "prices", pricesHeader + lines(hourly(2023)),
			"data.prices: file.csv: the values run from 2022-12-31T23:00Z to 2023-12-31T23:00Z, but the study's year is 2024: set `year` to that of the file, or take a file of 2024",
		},
		{
			"prices of half a year", "prices", pricesHeader + lines(year[:4000]),
			"data.prices: file.csv: the values run from 2023-12-31T23:00Z to 2024-06-15T15:00Z, but 2024-06-15T15:00Z to 2024-12-31T23:00Z of the study's year 2024 is missing",
		},
		{
			"the last hour of the year is missing", "prices", pricesHeader + lines(year[:8783]),
			"data.prices: file.csv: the values run from 2023-12-31T23:00Z to 2024-12-31T22:00Z, but 2024-12-31T22:00Z to 2024-12-31T23:00Z of the study's year 2024 is missing",
		},
		{
			"three missing hours", "prices", pricesHeader + lines(without(year, 10, 3)),
			"data.prices: file.csv has no values from 2024-01-01T09:00Z to 2024-01-01T12:00Z (between rows 11 and 12): gaps of up to 2 hours are interpolated, fill longer ones",
		},
		{
			"a repeated hour with another value", "prices", pricesHeader + lines(slices.Insert(slices.Clone(year), 11, "2024-01-01T09:00:00Z,-1")),
			"data.prices: file.csv, row 13 repeats the time 2024-01-01T09:00Z of row 12 with another value (-1, not 59): keep one of the two",
		},
		{
			"prices in words", "prices", pricesHeader + "2024-01-01T00:00Z,low\n",
			`data.prices: file.csv, row 2, eur_per_mwh is "low": a number with a decimal point was expected`,
		},
		{
			"half a year of load", "load", "utc_start,kwh\n" + lines(year[:4000]),
			"data.load: file.csv: the values cover 166.7 days, from 2023-12-31T23:00:00Z to 2024-06-15T15:00:00Z: a whole year was expected",
		},
		{
			"load of nothing", "load", "utc_start,kwh\n" + zeros(year),
			"data.load: the values of the year sum to 0: a shape with a positive sum was expected",
		},
		{
			"half a year of solar", "solar", "utc_start,mw\n" + lines(year[4000:]),
			"data.solar: file.csv: the values cover 199.3 days, from 2024-06-15T15:00:00Z to 2024-12-31T23:00:00Z: a whole year was expected",
		},
		{
			"a session that ends before it starts", "sessions", sessionsHeader + "anna,2024-03-01T18:00:00,2024-03-01T17:00:00,5\n",
			`data.sessions: file.csv, row 2, departure_local is "2024-03-01T17:00:00": a time after the arrival, 2024-03-01T18:00:00, was expected`,
		},
		{
			"sessions of no known year", "sessions", sessionsHeader + "anna,2024-12-31T18:00:00,2025-01-02T07:00:00,5\n",
			"data.sessions: file.csv: none of the 1 sessions falls in 2024, even moved by whole weeks",
		},
	} {
		_, err := runWith(t, c.key, c.content)
		wantError(t, c.name, err, c.want)
	}
	path := studyFile(t, "data: {solar: none.csv}\n")
	_, err := study.RunProfiles(t.Context(), loadStudy(t, path), nil)
	wantError(t, "a file that is not there", err, "data.solar: open "+filepath.Join(filepath.Dir(path), "none.csv")+": no such file or directory")
}

// zeros are the rows with 0 for every value.
func zeros(rows []string) string {
	var b strings.Builder
	for _, r := range rows {
		b.WriteString(r[:strings.IndexByte(r, ',')] + ",0\n")
	}
	return b.String()
}

// What is mended is among the inputs, counted and with its place, and in the
// notes for the reader of the results.
func TestInputsThatAreMended(t *testing.T) {
	year := hourly(2024)
	rows := slices.Insert(without(year, 10, 1), 20, year[20])
	content := pricesHeader + strings.Join(rows, "\n") + "\n"
	r, err := runWith(t, "prices", content)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256([]byte(content))
	want := result.Input{Source: "file of the study", Report: dataset.Report{
		Kind: "prices", File: "file.csv", SHA256: hex.EncodeToString(sum[:]), Column: "eur_per_mwh", Rows: 8784,
		From: "2023-12-31T23:00Z", To: "2024-12-31T23:00Z",
		Mends: []dataset.Mend{
			{What: "gap interpolated", Count: 1, Where: []string{"2024-01-01T09:00Z to 2024-01-01T10:00Z"}},
			{What: "repeated row dropped", Count: 1, Where: []string{"row 22, 2024-01-01T19:00Z"}},
		},
	}}
	if !reflect.DeepEqual(r.Manifest.Inputs[0], want) {
		t.Errorf("got\n%+v\nwant\n%+v", r.Manifest.Inputs[0], want)
	}
	for _, note := range []string{
		"file.csv: gap interpolated, 1 times (2024-01-01T09:00Z to 2024-01-01T10:00Z)",
		"file.csv: repeated row dropped, 1 times (row 22, 2024-01-01T19:00Z)",
	} {
		if !slices.Contains(r.Manifest.Notes, note) {
			t.Errorf("%q is not among the notes\n%s", note, strings.Join(r.Manifest.Notes, "\n"))
		}
	}
	whole, err := runWith(t, "prices", pricesHeader+strings.Join(year, "\n")+"\n")
	if err != nil {
		t.Fatal(err)
	}
	if a, b := r.Cases[0].Summary, whole.Cases[0].Summary; !reflect.DeepEqual(a, b) {
		t.Errorf("prices on a straight line, mended, give %+v and whole %+v", a, b)
	}
}

// Sessions are moved, cut and joined in the open.
func TestSessionsThatAreMended(t *testing.T) {
	r, err := runWith(t, "sessions", sessionsHeader+
		"anna,2023-03-01T18:00:00,2023-03-02T08:00:00,20\n"+ // fits
		"anna,2023-03-02T07:00:00,2023-03-02T09:00:00,5\n"+ // before the car has left
		"anna,2023-04-01T18:00:00,2023-04-02T08:00:00,90\n"+ // more than the battery
		"anna,2023-05-01T18:00:00,2023-05-01T19:00:00,30\n"+ // more than an hour brings
		"anna,2023-06-01T18:00:00,2023-06-01T18:02:00,1\n"+ // no quarter-hour
		"anna,2022-06-01T18:00:00,2022-06-02T08:00:00,20\n", // of another year than most
		"homes=2", "behaviour.plug_in=when_needed")
	if err != nil {
		t.Fatal(err)
	}
	c := r.Manifest.Changes
	if c.SessionsTotal != 10 || c.SessionsMovedWeeks != 52 || c.SessionsOverlap != 1 || c.SessionsMerged != 0 || c.SessionsTooShort != 1 ||
		c.SessionsOutside != 1 || c.SessionsCutBattery != 2 || c.SessionsCutTime != 2 || c.Users != 1 || c.HomesSharingUser != 1 {
		t.Errorf("got %+v", c)
	}
	notes := strings.Join(r.Manifest.Notes, "\n")
	for _, want := range []string{
		"file.csv: session overlaps the one before: the earlier was ended, or both joined, 1 times (row 3)",
		"sessions took more than the battery holds from empty to its charge at departure and were cut to it: 2 of 10 sessions, ",
		"sessions took more than the charger brings in their time and were cut to it: 2 of 10 sessions, ",
		"real sessions were moved by 52 weeks to 2024, keeping season and weekday",
		"1 sessions fall outside 2024 after that and were left out",
		"1 sessions of less than a quarter-hour were lengthened to one",
		"there are 1 users for 2 homes: 1 homes repeat a user",
	} {
		if !strings.Contains(notes, want) {
			t.Errorf("%q is not among the notes\n%s", want, notes)
		}
	}
	// Energies as they are, but for the cuts.
	charged := 2 * r.Cases[0].Summary.ChargedKWh
	near(t, "charged, kWh", charged, c.SessionsTotalKWh-c.SessionsCutBatteryKWh-c.SessionsCutTimeKWh, 1e-6)
	near(t, "kWh before cutting", c.SessionsTotalKWh, 2*(20+5+90+30+1), 1e-9)
}

// A car that cannot be brought what it drives is told, and one that can is not.
func TestDrivingThatSessionsCannotBringIsTold(t *testing.T) {
	for setting, want := range map[string]string{
		"home.connection_kw=17.25": "",
		"home.connection_kw=1":     "cars need 3644 kWh a year of their own charge points on average, and their sessions bring ",
	} {
		r, err := runProfiles("homes=10", "modes=[regular]", setting)
		if err != nil {
			t.Fatal(err)
		}
		notes := strings.Join(r.Manifest.Notes, "; ")
		if told := strings.Contains(notes, "is missing from this study"); told != (want != "") || !strings.Contains(notes, want) {
			t.Errorf("%s: %s", setting, notes)
		}
	}
}
