package sessionfile

import (
	"encoding/csv"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/getij/getij/internal/dataset"
	"github.com/getij/getij/internal/witness"
)

// rowsWritten reads a file and gives back what is written of it.
func rowsWritten(t *testing.T, opt Options, content string) (*dataset.Report, [][]string, error) {
	t.Helper()
	dir := t.TempDir()
	path := dir + "/a.csv"
	writeFile(t, path, content)
	imp, err := Read(t.Context(), []string{path}, opt)
	if err != nil {
		return nil, nil, err
	}
	defer imp.Close()
	out := dir + "/out.csv"
	if err := imp.WriteCSV(t.Context(), out); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(string(text))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return imp.Report, rows[1:], nil
}

func noted(rep *dataset.Report, words ...string) bool {
next:
	for _, n := range rep.Notes {
		for _, w := range words {
			if !strings.Contains(n, w) {
				continue next
			}
		}
		return true
	}
	return false
}

// public are sessions at 10 points with two sockets each, without users: cars of
// strangers, all day.
func public(n int) (text string, kWh float64) {
	rng := rand.New(rand.NewPCG(1, 2))
	var b strings.Builder
	b.WriteString("Station ID,Start Time,End Time,Energy (kWh)\n")
	for i := range n {
		at := time.Date(2024, 3, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(i) * 17 * time.Minute)
		energy := float64(2 + rng.IntN(9))
		kWh += energy
		fmt.Fprintf(&b, "P%d,%s,%s,%g\n", rng.IntN(10), at.Format(time.DateTime), at.Add(time.Duration(60+rng.IntN(180))*time.Minute).Format(time.DateTime), energy)
	}
	return b.String(), kWh
}

func TestStrangersAtPublicPointsAreNeverJoined(t *testing.T) {
	const n = 3000
	text, kWh := public(n)
	rep, rows, err := rowsWritten(t, Options{}, text)
	if err != nil {
		t.Fatal(err)
	}
	sum, lastOf := 0.0, map[string]string{}
	for _, row := range rows {
		v, err := strconv.ParseFloat(row[3], 64)
		if err != nil {
			t.Fatal(err)
		}
		sum += v
		if row[1] < lastOf[row[0]] {
			t.Fatalf("user %s arrives at %s, before it departs", row[0], row[1])
		}
		lastOf[row[0]] = row[2]
	}
	if len(rows) != n || sum != kWh {
		t.Errorf("%d sessions with %g kWh were written, want %d with %g", len(rows), sum, n, kWh)
	}
	if !noted(rep, "do not look like sessions at homes", "Station ID", "overlap", "on average, and at homes 12") || !noted(rep, "same charge point", "kept apart as") {
		t.Errorf("notes: %q", rep.Notes)
	}
	for _, m := range rep.Mends {
		if strings.Contains(m.What, "joined") {
			t.Errorf("%+v", m)
		}
	}
}

// The same rows with a column of users are of homes where each has a car.
func TestSessionsOfHomesAreNotCalledPublic(t *testing.T) {
	var b strings.Builder
	b.WriteString("user;start;end;kWh\n")
	for i := range 400 {
		at := time.Date(2024, 3, 1+i/4, 17+i%4, 0, 0, 0, time.UTC)
		fmt.Fprintf(&b, "u%d;%s;%s;12\n", i%4, at.Format(time.DateTime), at.Add(13*time.Hour).Format(time.DateTime))
	}
	rep, rows, err := rowsWritten(t, Options{}, b.String())
	if err != nil || len(rows) != 400 || noted(rep, "do not look like") || noted(rep, "charge point") {
		t.Errorf("%d rows, %v, %+v", len(rows), err, rep)
	}
}

func TestRealHomesAreNotCalledPublic(t *testing.T) {
	imp, err := Read(t.Context(), []string{witness.Real(t, "sessions/trondheim_home_sessions.csv")}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer imp.Close()
	if noted(imp.Report, "do not look like") || noted(imp.Report, "kept apart") {
		t.Errorf("%q", imp.Report.Notes)
	}
}

func TestSessionsBeyondWhatHomesAndCarsHaveAreRefused(t *testing.T) {
	table := func(row func(i int) (hours, kWh float64)) string {
		var b strings.Builder
		b.WriteString("user,start,end,energy_kwh\n")
		for i := range 100 {
			at := time.Date(2024, 3, 1+i, 18, 0, 0, 0, time.UTC)
			hours, kWh := row(i)
			fmt.Fprintf(&b, "a,%s,%s,%g\n", at.Format(time.DateTime), at.Add(time.Duration(hours*float64(time.Hour))).Format(time.DateTime), kWh)
		}
		return b.String()
	}
	for name, c := range map[string]struct {
		text  string
		words []string
	}{
		"fast": {table(func(i int) (float64, float64) {
			if i%10 == 3 {
				return 0.5, 40 + float64(i)
			}
			return 12, 20
		}), []string{"10 of 100 sessions", "row 95 with 133 kWh in 0.5 h (266 kW)", "fast chargers", "--max-kw", "--accept-implausible"}},
		"large": {table(func(i int) (float64, float64) {
			if i%10 == 3 {
				return 20, 300
			}
			return 12, 20
		}), []string{"10 of 100 sessions", "more energy than 250 kWh", "300 kWh"}},
		"tiny": {table(func(int) (float64, float64) { return 12, 0.02 }), []string{"0.02 kWh on average", "MWh"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := rowsWritten(t, Options{}, c.text)
			for _, w := range c.words {
				if err == nil || !strings.Contains(err.Error(), w) {
					t.Errorf("%q is not in: %v", w, err)
				}
			}
			if _, _, err := rowsWritten(t, Options{Implausible: true}, c.text); err != nil {
				t.Errorf("refused, though a person knows: %v", err)
			}
		})
	}
}

// What home energy managers and chargers' apps let one download: three sessions.
func TestSessionsOfApps(t *testing.T) {
	const want = "2024-03-01T18:00:00 2024-03-02T07:30:00 11.5; 2024-03-02T19:00:00 2024-03-03T08:00:00 7.25; 2024-03-04T17:45:00 2024-03-05T06:15:00 20"
	for name, text := range map[string]string{
		"evcc": "Created,Finished,Loadpoint,Identifier,Vehicle,Odometer (km),Meter Start (kWh),Meter Stop (kWh),Charged Energy (kWh),Charge Duration,Solar (%),Price,Price/kWh,CO2/kWh (gCO2eq)\n" +
			"2024-03-01 18:00:00,2024-03-02 07:30:00,Garage,,e-Golf,1000,100,111.5,11.5,1h3m0s,10,2.1,0.2,300\n" +
			"2024-03-02 19:00:00,2024-03-03 08:00:00,Garage,,,,111.5,118.75,7.25,50m0s,10,2.1,0.2,300\n" +
			"2024-03-04 17:45:00,2024-03-05 06:15:00,Garage,,e-Golf,1100,118.75,138.75,20,2h0m0s,10,2.1,0.2,300\n",
		"evcc in Dutch, without a car once": "Startmoment;Eindmoment;Laadpunt;Identificatie;Voertuig;Kilometerstand (km);Meterstand start (kWh);Meterstand stop (kWh);Geladen energie (kWh);Laadduur\n" +
			"2024-03-01 18:00:00;2024-03-02 07:30:00;Garage;;e-Golf;;100;111,5;11,5;1:03\n" +
			"2024-03-02 19:00:00;2024-03-03 08:00:00;Garage;;;;111,5;118,75;7,25;0:50\n" +
			"2024-03-04 17:45:00;2024-03-05 06:15:00;Garage;;e-Golf;;118,75;138,75;20;2:00\n",
		"evcc in German": "Startzeit;Endzeit;Ladepunkt;Kennung;Fahrzeug;Kilometerstand (km);Zählerstand Beginn (kWh);Zählerstand Ende (kWh);Energie (kWh);Ladedauer\n" +
			"2024-03-01 18:00:00;2024-03-02 07:30:00;Garage;;;;100;111,5;11,5;1h3m0s\n" +
			"2024-03-02 19:00:00;2024-03-03 08:00:00;Garage;;;;111,5;118,75;7,25;50m0s\n" +
			"2024-03-04 17:45:00;2024-03-05 06:15:00;Garage;;;;118,75;138,75;20;2h0m0s\n",
		"evcc, JSON": `{"result":[{"id":1,"created":"2024-03-01T18:00:00+01:00","finished":"2024-03-02T07:30:00+01:00","loadpoint":"Garage","identifier":"","vehicle":"e-Golf","odometer":1000,"chargedEnergy":11.5,"chargeDuration":3780000000000},` +
			`{"id":2,"created":"2024-03-02T19:00:00+01:00","finished":"2024-03-03T08:00:00+01:00","loadpoint":"Garage","vehicle":"","odometer":null,"chargedEnergy":7.25},` +
			`{"id":3,"created":"2024-03-04T17:45:00+01:00","finished":"2024-03-05T06:15:00+01:00","loadpoint":"Garage","vehicle":"e-Golf","chargedEnergy":20}]}`,
		"with lists inside": `{"Data":[{"UserUserName":"x","DeviceId":"Z1","StartDateTime":"2024-03-01T17:00:00Z","EndDateTime":"2024-03-02T06:30:00Z","Energy":11.5,"EnergyDetails":[{"Timestamp":"2024-03-01T18:00:00Z","Energy":5}]},` +
			`{"UserUserName":"x","DeviceId":"Z1","StartDateTime":"2024-03-02T18:00:00Z","EndDateTime":"2024-03-03T07:00:00Z","Energy":7.25},` +
			`{"UserUserName":"x","DeviceId":"Z1","StartDateTime":"2024-03-04T16:45:00Z","EndDateTime":"2024-03-05T05:15:00Z","Energy":20,"EnergyDetails":[]}]}`,
	} {
		t.Run(name, func(t *testing.T) {
			rep, rows, err := rowsWritten(t, Options{}, text)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, row := range rows {
				got = append(got, strings.Join(row[1:], " "))
			}
			if strings.Join(got, "; ") != want || len(rep.Mends) > 0 {
				t.Errorf("got %q, mended %+v", got, rep.Mends)
			}
		})
	}
}

// Here a column of users is there, but empty; day and time stand in columns of their own.
func TestRowsWithoutAUserAreOfTheirChargePoint(t *testing.T) {
	var b strings.Builder
	b.WriteString("User ID,CP ID,Connector,Start Date,Start Time,End Date,End Time,Total kWh\n")
	for i := range 200 {
		at := time.Date(2024, 3, 13, 0, 0, 0, 0, time.UTC).Add(time.Duration(i) * 40 * time.Minute)
		end := at.Add(2 * time.Hour)
		fmt.Fprintf(&b, ",%d,%d,%s,%s,%s,%s,9\n", i%2, 1+i/2%2, at.Format("02/01/2006"), at.Format("15:04"), end.Format("02/01/2006"), end.Format("15:04"))
	}
	rep, rows, err := rowsWritten(t, Options{}, b.String())
	if err != nil {
		t.Fatal(err)
	}
	// Points begin a session every 80 minutes that lasts 120: two at a time.
	users := map[string]int{}
	for _, row := range rows {
		users[row[0]]++
	}
	if len(rows) != 200 || len(users) != 4 || !noted(rep, "do not look like", "no column names users", "CP ID") {
		t.Errorf("%d sessions of %d users, %q", len(rows), len(users), rep.Notes)
	}
}
