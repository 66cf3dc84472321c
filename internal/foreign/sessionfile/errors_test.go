package sessionfile

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"
)

// of imports a file of this content.
func of(t *testing.T, opt Options, name, content string) (report, plain string, err error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
	return imported(t, opt, path)
}

func inUTF16(s string) string {
	b := []byte{0xFF, 0xFE}
	for _, u := range utf16.Encode([]rune(s)) {
		b = append(b, byte(u), byte(u>>8))
	}
	return string(b)
}

var small = map[string]Options{
	"ocpi_cdrs.json": {}, "ocpi_sessions.jsonl": {}, "ocpi_array.json": {}, "table_offsets.csv": {}, "trondheim_original.csv": {},
	"table_dutch.csv": {Map: map[string]string{"duration_minutes": "Verbonden"}},
}

// A byte order mark, other line ends and UTF-16 change nothing; a file that is cut is
// refused in words that help.
func TestEncodingsAndCutFiles(t *testing.T) {
	for name, opt := range small {
		t.Run(name, func(t *testing.T) {
			content := testdataOf(t, name)
			_, want, err := of(t, opt, name, content)
			if err != nil {
				t.Fatal(err)
			}
			for how, changed := range map[string]string{
				"BOM": "\xEF\xBB\xBF" + content, "CRLF": strings.ReplaceAll(content, "\n", "\r\n"), "UTF-16": inUTF16(content),
			} {
				if _, got, err := of(t, opt, name, changed); err != nil || got != want {
					t.Errorf("%s: %v, or other sessions", how, err)
				}
			}
			lines := strings.SplitAfter(content, "\n")
			last := lines[len(lines)-2]
			cut := strings.TrimSuffix(content, last) + last[:len(last)/3]
			if _, _, err := of(t, opt, name, cut); err == nil || !strings.Contains(err.Error(), "cut off") {
				t.Errorf("cut in the last line: %v", err)
			}
			half := content[:len(content)/2]
			if rep, _, err := of(t, opt, name, half); err == nil && !strings.Contains(rep, "last row has no line end, taken as whole (is the file cut off?)") {
				t.Errorf("cut in the middle: no word of it in\n%s", rep)
			}
		})
	}
}

func TestErrorsSayWhatToDo(t *testing.T) {
	const header = "user_id,arrival_local,departure_local,energy_kwh\n"
	for _, c := range []struct {
		name, file, content string
		opt                 Options
		want                []string
	}{
		{name: "empty", file: "a.csv", content: " \n", want: []string{"a.csv is empty"}},
		{name: "header only", file: "a.csv", content: header, want: []string{"header", "no sessions"}},
		{name: "prices", file: "a.csv", content: "utc_start,eur_per_mwh\n2024-01-01T00:00:00Z,12\n", want: []string{"series", "prices"}},
		{name: "regions", file: "a.csv", content: "gm_code,dwellings\nGM0001,12\n", want: []string{"kind regions"}},
		{name: "page", file: "a.html", content: "<!DOCTYPE html><html></html>", want: []string{"web page"}},
		{name: "other JSON", file: "a.json", content: `{"prices":[1,2]}`, want: []string{"start_date_time", "OCPI"}},
		{
			name: "columns not known", file: "a.csv", content: "who,from,to,how_much\nme,2024-01-01 10:00,2024-01-01 11:00,3\n",
			want: []string{"who, from, to, how_much", "--map", "user=CardID,arrival=StartTime", "--users file"},
		},
		{name: "map to no column", file: "a.csv", content: header + "1,2024-01-01 10:00,2024-01-01 11:00,3\n", opt: Options{Map: map[string]string{"arrival": "Start"}}, want: []string{`no column "Start" for arrival`, "user_id, arrival_local"}},
		{name: "map of no field", file: "a.csv", content: header, opt: Options{Map: map[string]string{"start": "x"}}, want: []string{`"start" is not a field`, "arrival, arrival_date, departure"}},
		{name: "swapped times", file: "a.csv", content: header + "1,2024-01-01 11:00,2024-01-01 10:00,3\n1,2024-01-02 11:00,2024-01-02 10:00,3\n", want: []string{"swapped", "--map arrival"}},
		{name: "swapped time and energy", file: "a.csv", content: header + "1,2024-01-01 10:00,3,2024-01-01 11:00\n", want: []string{"row 2", "departure_local", "swapped"}},
		{name: "no number", file: "a.csv", content: header + "1,2024-01-01 10:00,2024-01-01 11:00,2\n1,2024-01-02 10:00,2024-01-02 11:00,much\n", want: []string{"row 3", "energy_kwh", `"much"`, "number"}},
		{name: "no user", file: "a.csv", content: header + ",2024-01-01 10:00,2024-01-01 11:00,2\n", want: []string{"row 2", "user_id", "user was expected"}},
		{name: "either order", file: "a.csv", content: header + "1,3/4/2024 10:00,3/4/2024 11:00,2\n", want: []string{"3/4/2024", "--date-order dmy or mdy"}},
		{name: "both orders", file: "a.csv", content: header + "1,13/4/2024 10:00,13/4/2024 11:00,2\n1,4/13/2024 10:00,4/13/2024 11:00,2\n", want: []string{"one order was expected"}},
		{name: "order that does not fit", file: "a.csv", content: header + "1,13/4/2024 10:00,13/4/2024 11:00,2\n", opt: Options{DateOrder: "mdy"}, want: []string{"row 2", "month before day"}},
		{name: "too much for kWh", file: "a.csv", content: "card;start;stop;energy\n1;2024-01-01 10:00;2024-01-02 11:00;200\n", want: []string{"--unit kwh or wh"}},
		{name: "nothing left", file: "a.csv", content: header + "1,2024-01-01 10:00,2024-01-01 10:10,300\n", want: []string{"none of 1 sessions", "does not fit its time", "row 2"}},
		{name: "decimal commas between commas", file: "a.csv", content: header + "1,2024-01-01 10:00,2024-01-01 11:00,2\n1,2024-01-01 12:00,2024-01-01 13:00,2,5\n", want: []string{"row 3", "decimal commas"}},
		{name: "quote not closed", file: "a.csv", content: header + strings.Repeat("1,2024-01-01 10:00,2024-01-01 11:00,2\n", 2) + "\"1,2024-01-01 10:00" + strings.Repeat(",\n", 1<<20), want: []string{"quote not closed"}},
		{name: "times without a day", file: "a.csv", content: "Pas;Dag;Van;Tot;kWh\n1;13-7-2024;22:05;7:10;2,5\n", want: []string{"column Van holds times without a day", "--map arrival_date=COLUMN", "Pas, Dag, Van"}},
		{name: "a contract for an energy", file: "a.json", content: "[" + object("1", `,"total_energy":"NL-TST-C0000001-A"`) + "]", want: []string{"1. CDR", "(an identifier)"}},
		{name: "a token for a time", file: "a.csv", content: header + "1,04AA11BB22CC80,2024-01-01 11:00,2\n", want: []string{"row 2", "arrival_local", "(an identifier)"}},
		{name: "no header", file: "a.csv", content: "04AA11BB22CC80;1-1-2024 10:00;1-1-2024 11:00;2\n04AA11BB22CC80;2-1-2024 10:00;2-1-2024 11:00;2\n", want: []string{"its columns are (an identifier), 1-1-2024", "--map"}},
		{name: "no place column", file: "a.csv", content: header + "1,2024-01-01 10:00,2024-01-01 11:00,2\n", opt: Options{Locations: []string{"x"}}, want: []string{"--map location=COLUMN"}},
		{name: "no such place", file: "a.json", content: testdataOf(t, "ocpi_array.json"), opt: Options{Locations: []string{"AWAY"}}, want: []string{"none of 4", "AWAY", "pattern"}},
		{name: "no home", file: "a.json", content: strings.ReplaceAll(testdataOf(t, "ocpi_array.json"), `"home_charging_compensation": true`, `"home_charging_compensation": false`), opt: Options{Home: "only"}, want: []string{"home_charging_compensation", "--locations"}},
		{name: "refused request", file: "a.json", content: `{"data":null,"status_code":2001,"status_message":"start_date_time","cdr_token":""}`, want: []string{"failed request"}},
		{name: "no data", file: "a.json", content: `{"data":[],"x":"cdr_token"}`, opt: Options{Format: "ocpi"}, want: []string{"no CDR or Session"}},
		{name: "broken JSON", file: "a.json", content: strings.Replace(testdataOf(t, "ocpi_array.json"), `"total_energy": 14.25`, `"total_energy": 14.25 14`, 1), want: []string{"broken JSON at byte", "2. CDR"}},
		{name: "text for energy", file: "a.json", content: strings.Replace(testdataOf(t, "ocpi_array.json"), `"total_energy": 14.25`, `"total_energy": "much"`, 1), want: []string{"2. CDR", "number was expected"}},
		{name: "a list for a time", file: "a.json", content: strings.Replace(testdataOf(t, "ocpi_array.json"), `"start_date_time": "2024-04-02T16:00:00Z"`, `"start_date_time": []`, 1), want: []string{"3. CDR", "start_date_time: array was found where a string was expected"}},
		{name: "a bad time", file: "a.json", content: strings.Replace(testdataOf(t, "ocpi_array.json"), "2024-04-02T20:30:00Z", "2 April", 1), want: []string{"row 3", "end_date_time", `"2 April"`, "2024-01-31T18:05:00Z"}},
		{name: "an endless CDR", file: "a.json", content: `[{"cdr_token":{},"id":"` + strings.Repeat("x", mostObject+1<<20), want: []string{"over 16 MB", "bracket"}},
		{name: "unknown zone", file: "a.csv", content: header, opt: Options{Zone: "cet"}, want: []string{`zone "cet"`, "local, utc or utc+1"}},
		{name: "unknown format", file: "a.csv", content: header, opt: Options{Format: "xml"}, want: []string{"ocpi, table"}},
		{name: "no power", file: "a.csv", content: header, opt: Options{MaxKW: -1}, want: []string{"-1 kW"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, _, err := of(t, c.opt, c.file, c.content)
			if err == nil {
				t.Fatal("accepted")
			}
			for _, w := range c.want {
				if !strings.Contains(err.Error(), w) {
					t.Errorf("%q does not say %q", err, w)
				}
			}
			for _, id := range identifiers {
				if strings.Contains(err.Error(), id) {
					t.Errorf("%q tells an identifier", err)
				}
			}
		})
	}
	if _, _, err := imported(t, Options{}, "testdata/none.csv"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a file that is not there: %v", err)
	}
}

// The doubled hour of autumn comes before the rest of the night, and a departure
// after its arrival.
func TestNightsOnWhichTheClockJumps(t *testing.T) {
	const header = "user_id,arrival_local,departure_local,energy_kwh\n"
	for _, c := range []struct{ in, out string }{
		{"1,2024-10-27T02:50:00,2024-10-27T02:10:00,1", "1,2024-10-27T02:50:00+02:00,2024-10-27T02:10:00+01:00,1"},
		{"1,2024-10-27T01:50:00,2024-10-27T02:10:00,1", "1,2024-10-27T01:50:00,2024-10-27T02:10:00+02:00,1"},
		{"1,2024-10-27T02:50:00+01:00,2024-10-27T03:10:00,1", "1,2024-10-27T02:50:00+01:00,2024-10-27T03:10:00,1"},
		{"1,2024-03-31T02:30:00,2024-03-31T04:00:00,1", "1,2024-03-31T03:30:00,2024-03-31T04:00:00,1"},
		{"1,1711845000,1711853100,1", "1,2024-03-31T01:30:00,2024-03-31T04:45:00,1"},
		{"1,1711845000000,1711853100000,1", "1,2024-03-31T01:30:00,2024-03-31T04:45:00,1"},
	} {
		_, plain, err := of(t, Options{}, "a.csv", header+c.in+"\n")
		if err != nil || plain != header+c.out+"\n" {
			t.Errorf("%s becomes %q (%v), want %s", c.in, plain, err, c.out)
		}
		// What was written is read as the same.
		_, again, err := of(t, Options{}, "a.csv", plain)
		if err != nil || again != plain {
			t.Errorf("%q becomes %q (%v) when imported again", plain, again, err)
		}
	}
}

func TestOtherClocks(t *testing.T) {
	for _, c := range []struct {
		opt      Options
		in, want string
	}{
		{Options{Zone: "utc"}, "card,start,stop,kwh\n1,2024-07-01 10:00,2024-07-01 11:00,2\n", "2024-07-01T12:00:00"},
		{Options{Zone: "utc+1"}, "card,start,stop,kwh\n1,2024-07-01 10:00,2024-07-01 11:00,2\n", "2024-07-01T11:00:00"},
		{Options{}, "Card,UTCTransactionStart,UTCTransactionStop,TotalEnergy\n1,2024-07-01 10:00:00,2024-07-01 11:00:00,2\n", "2024-07-01T12:00:00"},
		{Options{}, "card,start,stop,kwh\n1,7/13/2024 10:05 PM,7/13/2024 11:05 PM,2\n", "2024-07-13T22:05:00"},
		{Options{DateOrder: "mdy"}, "card,start,stop,kwh\n1,7/3/2024 10:05,7/3/2024 11:05,2\n", "2024-07-03T10:05:00"},
		{Options{}, "card;start;stop;kwh\n1;3-7-2024 10:05;3-7-2024 11:05;2,5\n", "2024-07-03T10:05:00"},
		{Options{}, "Export van laadsessies\nPeriode: 2024\n\nPas;Startdatum;Starttijd;Einddatum;Eindtijd;kWh;\n1;3-7-2024;10:05;4-7-2024;7:10;2,5;\n", "2024-07-03T10:05:00,2024-07-04T07:10:00,2.5\n"},
		{Options{}, "Pas;Datum;Van;Tot;kWh\n1;13-7-2024;22:05;7:10;2,5\n", "2024-07-13T22:05:00,2024-07-14T07:10:00,2.5\n"},
		{Options{}, "Pas;Datum;Van;Tot;kWh\n1;13-7-2024 00:00;12:05;17:10;2,5\n", "2024-07-13T12:05:00,2024-07-13T17:10:00,2.5\n"},
		{Options{Map: map[string]string{"arrival_date": "Dag"}}, "Pas;Dag;Van;Tot;kWh\n1;13-7-2024;12:05;17:10;2,5\n", "2024-07-13T12:05:00,2024-07-13T17:10:00,2.5\n"},
		{Options{Users: "file"}, "start,duration_hours,energy\n2024-07-01 10:00,1.5,2000\n2024-07-02 10:00,1.5,2000\n", "2024-07-01T10:00:00,2024-07-01T11:30:00,2\n"},
	} {
		_, plain, err := of(t, c.opt, "a.csv", c.in)
		if err != nil || !strings.Contains(plain, "1,"+c.want) {
			t.Errorf("%q becomes %q (%v), want %s", c.in, plain, err, c.want)
		}
	}
}

// Sessions of a user never overlap in what is written.
func TestOverlapsAreEndedWhereTheNextBegins(t *testing.T) {
	rep, plain, err := of(t, Options{}, "a.csv", `user_id,arrival_local,departure_local,energy_kwh
b,2024-01-01T18:00:00,2024-01-02T08:00:00,10
a,2024-01-02T07:00:00,2024-01-02T09:00:00,2
a,2024-01-01T18:00:00,2024-01-02T08:00:00,10
b,2024-01-01T18:00:00,2024-01-02T09:30:00,1.5
b,2024-01-01T18:00:00,2024-01-02T09:30:00,1.5
a,2024-01-03T18:00:00,2024-01-03T18:00:00,0
`)
	want := `user_id,arrival_local,departure_local,energy_kwh
1,2024-01-01T18:00:00,2024-01-02T09:30:00,11.5
2,2024-01-01T18:00:00,2024-01-02T07:00:00,10
2,2024-01-02T07:00:00,2024-01-02T09:00:00,2
`
	if err != nil || plain != want {
		t.Errorf("got %v\n%s", err, plain)
	}
	for _, w := range []string{
		"1 x session overlaps the one before of its user, which is ended where it begins: row 3",
		"1 x session overlaps the one before of its user, whose energy needs the time: both are joined: row 5",
		"1 x repeated session dropped: row 6", "1 x session left out: it has no length: row 7",
	} {
		if !strings.Contains(rep, w) {
			t.Errorf("no %q in\n%s", w, rep)
		}
	}
}
