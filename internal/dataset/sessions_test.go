package dataset

import (
	"crypto/sha256"
	"encoding/hex"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/getij/getij/internal/foreign/table"
	"github.com/getij/getij/internal/series"
	"github.com/getij/getij/internal/userfile"
)

const sessionHeader = "user_id,arrival_local,departure_local,energy_kwh\n"

func TestSessionsFilesThatAreRead(t *testing.T) {
	content := "session_id,energy_kwh,user_id,departure_local,arrival_local\n" +
		"1,20.5,anna,2024-07-02T07:00:00,2024-07-01T18:05:00\n" +
		"2,0,ben,2024-01-01 08:00,2024-01-01 08:00\n" + // no time and no energy
		"3,5,anna,2024-07-03T07:00:00+01:00,2024-07-02T18:00Z\n"
	path := file(t, content)
	records, rep, err := ReadSessions(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	loc := series.Amsterdam()
	for i, want := range []struct {
		user           string
		arrive, depart time.Time
		kWh            float64
		row            int
	}{
		{"anna", time.Date(2024, 7, 1, 18, 5, 0, 0, loc), time.Date(2024, 7, 2, 7, 0, 0, 0, loc), 20.5, 2},
		{"ben", time.Date(2024, 1, 1, 8, 0, 0, 0, loc), time.Date(2024, 1, 1, 8, 0, 0, 0, loc), 0, 3},
		{"anna", time.Date(2024, 7, 2, 18, 0, 0, 0, time.UTC), time.Date(2024, 7, 3, 6, 0, 0, 0, time.UTC), 5, 4},
	} {
		got := records[i]
		if got.User != want.user || !got.Arrive.Equal(want.arrive) || !got.Depart.Equal(want.depart) || got.EnergyKWh != want.kWh || got.Row != want.row {
			t.Errorf("session %d is %+v, want %+v", i+1, got, want)
		}
	}
	if rep.Rows != 3 || rep.From != "2024-01-01T07:00Z" || rep.To != "2024-07-03T06:00Z" || rep.Kind != "sessions" || rep.Column != "energy_kwh" || rep.File != path {
		t.Errorf("reported %+v", rep)
	}
	if sum := sha256.Sum256([]byte(content)); rep.SHA256 != hex.EncodeToString(sum[:]) {
		t.Errorf("sha256 %s is not that of the file", rep.SHA256)
	}
}

func TestSessionsFilesThatAreRefused(t *testing.T) {
	for _, c := range []struct{ name, content, want string }{
		{"ends before it starts", sessionHeader + "a,2024-01-01T18:00:00,2024-01-01T17:00:00,5\n", `file.csv, row 2, departure_local is "2024-01-01T17:00:00": a time after the arrival, 2024-01-01T18:00:00, was expected`},
		{"negative energy", sessionHeader + "a,2024-01-01T18:00:00,2024-01-01T19:00:00,-5\n", `file.csv, row 2, energy_kwh is "-5": an energy in kWh of 0 or more was expected`},
		{"no energy", sessionHeader + "a,2024-01-01T18:00:00,2024-01-01T19:00:00,\n", `file.csv, row 2, energy_kwh is "": an energy in kWh of 0 or more was expected`},
		{"NaN", sessionHeader + "a,2024-01-01T18:00:00,2024-01-01T19:00:00,NaN\n", `file.csv, row 2, energy_kwh is "NaN": an energy in kWh of 0 or more was expected`},
		{"infinity", sessionHeader + "a,2024-01-01T18:00:00,2024-01-01T19:00:00,Inf\n", `file.csv, row 2, energy_kwh is "Inf": an energy in kWh of 0 or more was expected`},
		{"more than any battery", sessionHeader + "a,2024-01-01T18:00:00,2024-01-01T19:00:00,1e300\n", `file.csv, row 2, energy_kwh is "1e300": an energy in kWh of 0 or more was expected`},
		{"a decimal comma", sessionHeader + `a,2024-01-01T18:00:00,2024-01-01T19:00:00,"5,3"` + "\n", `file.csv, row 2, energy_kwh is "5,3": an energy in kWh of 0 or more was expected`},
		{"a time that is none", sessionHeader + "a,18:00,2024-01-01T19:00:00,5\n", `file.csv, row 2, arrival_local is "18:00": a local time such as 2024-01-01T18:05:00 was expected`},
		{"no user", sessionHeader + " ,2024-01-01T18:00:00,2024-01-01T19:00:00,5\n", `file.csv, row 2, user_id is "": a user was expected: any text that is the same for the sessions of one car`},
		{"a missing column", "user_id,arrival_local,energy_kwh\n", "file.csv has no column departure_local (its columns are user_id, arrival_local, energy_kwh): the columns user_id, arrival_local, departure_local, energy_kwh were expected"},
		{"header only", sessionHeader, "file.csv has a header but no sessions"},
		{"empty", "", "file.csv is empty: a file with values was expected"},
		{"cut in the middle of a row", sessionHeader + "a,2024-01-01T18:00:00,2024", "file.csv, row 2 has 3 of the header's 4 columns (is the file cut off?): complete or remove the row"},
		{"semicolons", strings.ReplaceAll(sessionHeader, ",", ";"), `file.csv has no comma in its header "user_id;arrival_local;departure_local;energy_kwh": columns separated by commas, with a decimal point, were expected. Is the file as another program wrote it? Then make a plain one of it: getij import sessions file.csv --out sessions.csv`},
	} {
		t.Run(c.name, func(t *testing.T) {
			records, _, err := ReadSessions(t.Context(), file(t, c.content))
			if err == nil {
				t.Fatalf("accepted as %+v", records)
			}
			if got := err.Error(); got != c.want {
				t.Errorf("\n got %s\nwant %s", got, c.want)
			}
		})
	}
}

// Whatever bytes come in, the reader ends with an error or with sessions that
// have a user, an end not before their start, and a finite energy.
func FuzzReadSessions(f *testing.F) {
	for _, seed := range []string{
		sessionHeader + "a,2024-01-01T18:00:00,2024-01-02T07:00:00,5\n",
		sessionHeader + "a,0001-01-01 00:00,9999-12-31 23:59,1e308\nb,2024-03-31T02:30,2024-10-27T02:30Z,0x1p3\n",
		"\xEF\xBB\xBF" + sessionHeader + "\"\na\",,,\r\n", "",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, content string) {
		file, err := table.New(t.Context(), "file.csv", strings.NewReader(content), userfile.MostData)
		if err != nil {
			return
		}
		c, err := openPlain(file)
		if err != nil {
			return
		}
		records, rep, err := readSessions(c)
		if err != nil {
			return
		}
		if rep.Rows != len(records) || len(records) == 0 {
			t.Fatalf("%d rows reported, %d sessions", rep.Rows, len(records))
		}
		row := 1
		for _, r := range records {
			if r.User == "" || r.Depart.Before(r.Arrive) || !(r.EnergyKWh >= 0) || math.IsInf(r.EnergyKWh, 0) || r.Row <= row {
				t.Fatalf("accepted %+v after row %d", r, row)
			}
			row = r.Row
		}
	})
}
